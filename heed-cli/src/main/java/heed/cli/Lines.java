package heed.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts of a file or of standard input, one a line.
final class Lines {
    private static final int LINES_PER_CHUNK = 512;

    private static final Pattern TEXT_NUMBER = Pattern.compile("^(?:the text|text (\\d+)) ");

    private Lines() {}

    /// Takes lines as they come, many at a time.
    interface Consumer {
        /// @param firstLine the number of the first of these lines, from 1
        void accept(List<String> lines, int firstLine) throws IOException;
    }

    /// @param file a path, or `-` for standard input
    /// @return how many lines there were
    /// @throws IllegalArgumentException when the file is not there, is not UTF-8, or has an empty line
    static int forEachChunk(String file, Consumer consumer) throws IOException {
        return forEachChunk(file, false, consumer);
    }

    /// As [#forEachChunk] with empty lines too; a file may have no line at all.
    static int forEachChunkWithEmpty(String file, Consumer consumer) throws IOException {
        return forEachChunk(file, true, consumer);
    }

    private static int forEachChunk(String file, boolean empty, Consumer consumer) throws IOException {
        int number = 0;
        try (BufferedReader reader = open(file)) {
            List<String> chunk = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank() && !empty) {
                    throw new IllegalArgumentException(named(file) + ", line " + number + " is empty");
                }
                chunk.add(line);
                if (chunk.size() == LINES_PER_CHUNK) {
                    consumer.accept(chunk, number - chunk.size() + 1);
                    chunk = new ArrayList<>();
                }
            }
            if (!chunk.isEmpty()) {
                consumer.accept(chunk, number - chunk.size() + 1);
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(named(file) + " is not UTF-8 after line " + number, e);
        }
        if (number == 0 && !empty) {
            throw new IllegalArgumentException(named(file) + " is empty");
        }
        return number;
    }

    /// Takes lines one by one, empty ones too.
    ///
    /// @throws IllegalArgumentException when the file is not there or is not UTF-8
    static void forEach(String file, java.util.function.Consumer<String> to) throws IOException {
        int number = 0;
        try (BufferedReader reader = open(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                to.accept(line);
                number++;
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(named(file) + " is not UTF-8 after line " + number, e);
        }
    }

    /// How many lines a file has, in one quick pass; nothing for standard input, which can be read only once.
    static OptionalLong count(String file) throws IOException {
        if (file.equals("-") || !Files.isRegularFile(Path.of(file))) {
            return OptionalLong.empty();
        }
        long lines = 0;
        try (InputStream bytes = Files.newInputStream(Path.of(file))) {
            byte[] buffer = new byte[1 << 16];
            byte last = '\n';
            for (int n = bytes.read(buffer); n > 0; n = bytes.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = buffer[n - 1];
            }
            return OptionalLong.of(last == '\n' ? lines : lines + 1);
        }
    }

    /// The whole text of a file, or of standard input for `-`.
    ///
    /// @throws IllegalArgumentException when it is not UTF-8
    static String all(String file) throws IOException {
        try (BufferedReader reader = open(file)) {
            return reader.readAllAsString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(named(file) + " is not UTF-8", e);
        }
    }

    /// Runs work on a chunk of lines; a refusal that speaks of "text 3" comes out speaking of the line in the
    /// file.
    static <T> T numbered(String file, int firstLine, Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            Matcher text = TEXT_NUMBER.matcher(String.valueOf(e.getMessage()));
            if (!text.find()) {
                throw e;
            }
            int line = text.group(1) != null ? firstLine + Integer.parseInt(text.group(1)) - 1 : firstLine;
            throw new IllegalArgumentException(
                    named(file) + ", line " + line + ": the text " + text.replaceFirst(""), e);
        }
    }

    private static BufferedReader open(String file) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        if (file.equals("-")) {
            return new BufferedReader(new InputStreamReader(System.in, decoder));
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(file + " is a folder, a file of texts is needed");
        }
        return new BufferedReader(new InputStreamReader(Files.newInputStream(path), decoder));
    }

    static String named(String file) {
        return file.equals("-") ? "standard input" : file;
    }
}
