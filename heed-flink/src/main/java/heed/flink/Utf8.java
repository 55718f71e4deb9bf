package heed.flink;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Bytes made texts, without the silent question marks of [String#String(byte[])].
final class Utf8 {
    private Utf8() {}

    /// @param length how many of the bytes count
    static Arrival arrival(String place, boolean json, byte[] bytes, int length) {
        try {
            // a new decoder reports what is malformed
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
            return new Arrival(place, json, text, "");
        } catch (CharacterCodingException e) {
            String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
            return new Arrival(place, json, text, "it is not UTF-8");
        }
    }
}
