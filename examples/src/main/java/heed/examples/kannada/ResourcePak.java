package heed.examples.kannada;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The strings of Chromium (`.pak`), by number: a table of numbers and offsets, one after the end, then the
/// texts.
final class ResourcePak {
    private static final int ENTRY_BYTES = 6;
    private static final int UTF_16 = 2;

    private ResourcePak() {}

    static Map<Integer, String> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int version = bytes.getInt(0);
        if (version != 4 && version != 5) {
            throw new IllegalArgumentException(file + " is of version " + version + ", 4 or 5 can be read");
        }
        boolean five = version == 5;
        int encoding = bytes.get(five ? 4 : 8);
        int count = five ? Short.toUnsignedInt(bytes.getShort(8)) : bytes.getInt(4);
        int table = five ? 12 : 9;
        Charset charset = encoding == UTF_16 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        Map<Integer, String> strings = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int entry = table + ENTRY_BYTES * i;
            int start = bytes.getInt(entry + 2);
            int end = bytes.getInt(entry + ENTRY_BYTES + 2);
            byte[] text = new byte[end - start];
            bytes.get(start, text);
            strings.put(Short.toUnsignedInt(bytes.getShort(entry)), new String(text, charset));
        }
        return strings;
    }
}
