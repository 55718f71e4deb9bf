package heed.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Bytes as text, and nothing silently replaced.
final class Charsets {
    private Charsets() {}

    /// @param file for the message
    /// @throws CorpusException when there is no such charset
    static Charset named(String name, String file) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new CorpusException(file + " says its charset is '" + name + "', which is none that Java knows", e);
        }
    }

    /// Nothing when the bytes are not in this charset.
    static Optional<String> decode(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// @throws CorpusException when the file is not there or cannot be read
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CorpusException(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "there is no such file"), e);
        }
    }

    /// @param name of the file, for the message
    /// @throws CorpusException naming the first line that is not in this charset
    static String text(byte[] bytes, Charset charset, String name) {
        return decode(bytes, charset)
                .orElseThrow(() -> new CorpusException(
                        name + ", line " + lineOfError(bytes, charset) + " is not " + charset.name()));
    }

    /// The line of the first byte that does not belong, from 1.
    private static int lineOfError(byte[] bytes, Charset charset) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        java.nio.CharBuffer out = java.nio.CharBuffer.allocate(bytes.length + 1);
        charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
