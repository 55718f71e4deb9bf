package heed.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A compiled catalogue of gettext (`.mo`): two tables of strings, in the byte order of the machine that made
/// it (GNU gettext manual, §10.3).
public final class MoFile {
    private static final int MAGIC = 0x950412de;
    private static final int HEADER_BYTES = 28;
    private static final Pattern CHARSET = Pattern.compile("charset=([\\w.:-]+)");

    private final String name;
    private final ByteBuffer bytes;
    private Charset charset = StandardCharsets.UTF_8;

    private MoFile(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /// The translated texts; of one with plural forms, the singular and the plural with their first and last
    /// forms.
    ///
    /// @param origin of the pairs
    /// @throws CorpusException when it is no such file, is cut off, or is not in the charset that it says
    public static List<TextPair> pairs(Path file, String origin) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return new MoFile(file.toString(), bytes).read(origin);
        } catch (IOException e) {
            throw new CorpusException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private List<TextPair> read(String origin) {
        if (bytes.limit() < HEADER_BYTES || !findOrder()) {
            throw new CorpusException(name + " is no compiled gettext catalogue: it does not begin as one");
        }
        int strings = at(8);
        int sources = at(12);
        int targets = at(16);
        if (strings < 0 || strings > bytes.limit() / 16) {
            throw new CorpusException(
                    name + " is cut off: " + bytes.limit() + " bytes cannot hold " + strings + " texts");
        }
        List<TextPair> pairs = new ArrayList<>();
        for (int i = 0; i < strings; i++) {
            byte[] source = string(sources + 8 * i);
            byte[] target = string(targets + 8 * i);
            if (source.length == 0) {
                readHeader(new String(target, StandardCharsets.ISO_8859_1));
            } else {
                add(pairs, text(source, i), text(target, i), origin);
            }
        }
        return pairs;
    }

    private boolean findOrder() {
        if (bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC) {
            return true;
        }
        return bytes.order(ByteOrder.BIG_ENDIAN).getInt(0) == MAGIC;
    }

    private int at(int offset) {
        if (offset < 0 || offset > bytes.limit() - 4) {
            throw new CorpusException(
                    name + " is cut off: it has " + bytes.limit() + " bytes, byte " + offset + " is needed");
        }
        return bytes.getInt(offset);
    }

    private byte[] string(int entry) {
        int length = at(entry);
        int offset = at(entry + 4);
        if (length < 0 || offset < 0 || offset > bytes.limit() - length) {
            throw new CorpusException(name + " is cut off: it has " + bytes.limit() + " bytes, a text of " + length
                    + " bytes is to begin at byte " + offset);
        }
        byte[] string = new byte[length];
        bytes.get(offset, string);
        return string;
    }

    private void readHeader(String header) {
        Matcher matcher = CHARSET.matcher(header);
        if (matcher.find() && !matcher.group(1).equals("CHARSET")) {
            charset = Charsets.named(matcher.group(1), name);
        }
    }

    private String text(byte[] string, int number) {
        return Charsets.decode(string, charset)
                .orElseThrow(() -> new CorpusException(name + ": text " + (number + 1) + " is not " + charset.name()));
    }

    private static void add(List<TextPair> pairs, String source, String target, String origin) {
        String withoutContext = source.substring(source.indexOf('\u0004') + 1);
        String[] forms = withoutContext.split("\0", -1);
        String[] translations = target.split("\0", -1);
        if (!translations[0].isEmpty()) {
            pairs.add(new TextPair(forms[0], translations[0], origin));
        }
        if (forms.length > 1 && translations.length > 1 && !translations[translations.length - 1].isEmpty()) {
            pairs.add(new TextPair(forms[1], translations[translations.length - 1], origin));
        }
    }
}
