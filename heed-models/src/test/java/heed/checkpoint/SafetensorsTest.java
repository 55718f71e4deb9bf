package heed.checkpoint;

import static heed.checkpoint.SafetensorsBytes.floats;
import static heed.checkpoint.SafetensorsBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file(String header, byte[] data) {
        return SafetensorsBytes.write(folder.resolve("model.safetensors"), SafetensorsBytes.of(header, data));
    }

    private void refuses(String header, int dataBytes, String reason) {
        Path file = file(header, new byte[dataBytes]);
        assertRefused(file, reason);
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> Safetensors.open(file).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model.safetensors: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void readsAMatrixOfFloats() {
        Path file = file("{" + tensor("w", "F32", "[2,3]", 0, 24) + "}", floats(1, 2, 3, 4, 5, 6));
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("w");
            assertThat(checkpoint.tensor("w")).isEqualTo(new TensorInfo("w", DType.F32, List.of(2, 3)));
            assertThat(checkpoint.read("w")).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(checkpoint.description()).isEqualTo(file.toString());
            assertThat(checkpoint.metadata()).isEmpty();
        }
    }

    @Test
    void keepsTheOrderOfTheHeaderWhereverTheValuesLie() {
        Path file =
                file("{" + tensor("b", "F32", "[1]", 4, 8) + "," + tensor("a", "F32", "[1]", 0, 4) + "}", floats(1, 2));
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("b", "a");
            assertThat(checkpoint.read("a")).containsExactly(1);
            assertThat(checkpoint.read("b")).containsExactly(2);
        }
    }

    @Test
    void readsEveryNumberFormatWithoutAlignment() {
        ByteBuffer data = ByteBuffer.allocate(53).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 1).put((byte) 0); // BOOL
        data.put((byte) -1); // U8: 255
        data.put((byte) -128); // I8
        data.put((byte) 7); // from here on nothing is aligned
        data.putShort((short) -32768);
        data.putInt(Integer.MIN_VALUE);
        data.putLong(1L << 40).putLong(-2);
        data.putDouble(0.5).putDouble(-1e300);
        data.putShort(Float.floatToFloat16(-1.5f));
        data.putShort((short) (Float.floatToRawIntBits(3.0f) >>> 16));
        data.putShort((short) (Float.floatToRawIntBits(Float.NaN) >>> 16));
        data.putShort(Float.floatToFloat16(65504f));
        data.putShort((short) 1); // the smallest F16 above zero
        Path file = file(
                "{" + tensor("bool", "BOOL", "[2]", 0, 2) + "," + tensor("u8", "U8", "[1]", 2, 3) + ","
                        + tensor("i8", "I8", "[2]", 3, 5) + "," + tensor("i16", "I16", "[1]", 5, 7) + ","
                        + tensor("i32", "I32", "[1]", 7, 11) + "," + tensor("i64", "I64", "[2]", 11, 27) + ","
                        + tensor("f64", "F64", "[2]", 27, 43) + "," + tensor("f16", "F16", "[1]", 43, 45) + ","
                        + tensor("bf16", "BF16", "[2]", 45, 49) + "," + tensor("f16b", "F16", "[2,1]", 49, 53) + "}",
                data.array());
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.readIntegers("bool")).containsExactly(1, 0);
            assertThat(checkpoint.readIntegers("u8")).containsExactly(255);
            assertThat(checkpoint.readIntegers("i8")).containsExactly(-128, 7);
            assertThat(checkpoint.readIntegers("i16")).containsExactly(-32768);
            assertThat(checkpoint.readIntegers("i32")).containsExactly(Integer.MIN_VALUE);
            assertThat(checkpoint.readIntegers("i64")).containsExactly(1L << 40, -2);
            assertThat(checkpoint.read("u8")).containsExactly(255f);
            assertThat(checkpoint.read("i64")).containsExactly(0x1p40f, -2f);
            assertThat(checkpoint.read("f64")).containsExactly(0.5f, Float.NEGATIVE_INFINITY);
            assertThat(checkpoint.read("f16")).containsExactly(-1.5f);
            assertThat(checkpoint.read("bf16")).containsExactly(3f, Float.NaN);
            assertThat(checkpoint.read("f16b")).containsExactly(65504f, 0x1p-24f);
        }
    }

    @Test
    void readsHalvesThatFillSeveralPieces() {
        int count = 3 * 4096 + 17;
        ByteBuffer data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putShort(2 * i, Float.floatToFloat16(i % 2048));
            data.putShort(2 * (count + i), (short) (Float.floatToRawIntBits(i % 256) >>> 16));
        }
        Path file = file(
                "{" + tensor("f16", "F16", "[" + count + "]", 0, 2L * count) + ","
                        + tensor("bf16", "BF16", "[" + count + "]", 2L * count, 4L * count) + "}",
                data.array());
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            float[] f16 = checkpoint.read("f16");
            float[] bf16 = checkpoint.read("bf16");
            for (int i = 0; i < count; i++) {
                assertThat(f16[i]).isEqualTo(i % 2048);
                assertThat(bf16[i]).isEqualTo(i % 256);
            }
        }
    }

    @Test
    void readsScalarsAndEmptyTensors() {
        Path file = file(
                "{" + tensor("scalar", "F32", "[]", 0, 4) + "," + tensor("empty", "F32", "[0,5]", 4, 4) + "}",
                floats(42));
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.read("scalar")).containsExactly(42);
            assertThat(checkpoint.read("empty")).isEmpty();
        }
    }

    @Test
    void acceptsAFileWithoutTensorsAndAPaddedHeader() {
        try (Checkpoint checkpoint = Safetensors.open(file("{}      ", new byte[0]))) {
            assertThat(checkpoint.tensors()).isEmpty();
        }
    }

    @Test
    void givesTheMetadata() {
        Path file = file("{\"__metadata__\":{\"format\":\"pt\",\"step\":\"7\"}}", new byte[0]);
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt", "step", "7"));
            assertThat(checkpoint.tensors()).isEmpty();
        }
    }

    @Test
    void passesOverPropertiesThatItDoesNotKnow() {
        Path file = file(
                "{\"x\":{\"comment\":{\"a\":[1,{}]},\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                floats(1));
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            assertThat(checkpoint.read("x")).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 'claims 18446744073709551615 bytes'",
        "-9223372036854775808, 'claims 9223372036854775808 bytes'",
        "9223372036854775807, 'at most 100000000'",
        "100000001, 'claims 100000001 bytes, at most 100000000'",
        "3, 'claims 3 bytes, the file has 2'",
        "1, 'not JSON'",
        "0, 'not a JSON object'"
    })
    void refusesAHeaderLengthThatCannotBe(long claimed, String reason) {
        Path file = SafetensorsBytes.write(
                folder.resolve("model.safetensors"), SafetensorsBytes.of(claimed, "{}", new byte[0]));
        assertRefused(file, reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void refusesAFileTooShortForALength(int size) {
        Path file = SafetensorsBytes.write(folder.resolve("model.safetensors"), new byte[size]);
        assertRefused(file, "the file has " + size + " bytes");
    }

    @Test
    void refusesAGitLfsPointerByThatName() {
        Path file = SafetensorsBytes.write(
                folder.resolve("model.safetensors"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(file, "Git LFS pointer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                   | not a JSON object
            "x"                                                  | not a JSON object
            {"x":                                                | not JSON
            {} {}                                                | goes on after
            {"__metadata__":[]}                                  | __metadata__ is not a JSON object
            {"__metadata__":{"format":1}}                        | __metadata__ 'format' is not a string
            {"x":1}                                              | tensor 'x' is not a JSON object
            {"x":{}}                                             | tensor 'x' lacks a dtype
            {"x":{"dtype":1}}                                    | tensor 'x': dtype is not a string
            {"x":{"dtype":"F32","shape":3}}                      | tensor 'x': shape is not an array
            {"x":{"dtype":"F32","shape":[1.5]}}                  | tensor 'x': shape holds something other than whole
            {"x":{"dtype":"F32","shape":[[1]]}}                  | tensor 'x': shape holds something other than whole
            {"x":{"dtype":"F32","shape":["1"]}}                  | tensor 'x': shape holds something other than whole
            {"x":{"dtype":"F32","shape":[-1]}}                   | tensor 'x' has an axis of size -1
            {"x":{"dtype":"F32","shape":[99999999999999999999]}} | tensor 'x': shape holds '99999999999999999999'
            {"x":{"dtype":"F32","shape":[9223372036854775807]}}  | more values than fit into one array
            {"x":{"dtype":"F32","shape":[65536,65536]}}          | more values than fit into one array: [65536] × 65536
            {"x":{"dtype":"F32","shape":[2147483647]}}           | more values than fit into one array
            {"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}} | tensor 'x' lacks
            {"x":{"data_offsets":[0,4,8]}}                       | tensor 'x' has more than two data_offsets
            {"x":{"shape":[1],"data_offsets":[0,4]}}             | tensor 'x' lacks
            {"x":{"dtype":"F32","data_offsets":[0,4]}}           | tensor 'x' lacks
            {"x":{"dtype":"F32","dtype":"F32"}}                  | Duplicate Object property "dtype"
            """)
    void refusesAHeaderThatSaysSomethingElse(String header, String reason) {
        refuses(header, 4, reason);
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() {
        byte[] bytes = SafetensorsBytes.of("{\"?\":1}", new byte[0]);
        bytes[10] = (byte) 0xff;
        assertRefused(SafetensorsBytes.write(folder.resolve("model.safetensors"), bytes), "not UTF-8");
    }

    @Test
    void refusesDeepNesting() {
        refuses("{\"x\":{\"y\":" + "[".repeat(100_000), 0, "not JSON");
    }

    @Test
    void refusesTooManyAxes() {
        refuses("{\"x\":{\"shape\":[" + "1,".repeat(64) + "1]}}", 0, "more than 64 axes");
    }

    @Test
    void refusesATensorNamedTwice() {
        refuses("{" + tensor("x", "F32", "[1]", 0, 4) + "," + tensor("x", "F32", "[1]", 4, 8) + "}", 8, "Duplicate");
    }

    @Test
    void refusesANumberFormatByItsName() {
        refuses("{" + tensor("x", "F8_E4M3", "[1]", 0, 1) + "}", 1, "tensor 'x' has the type 'F8_E4M3'");
    }

    @Test
    void refusesATensorBeyondTheEndOfTheFile() {
        refuses(
                "{" + tensor("x", "F32", "[228]", 0, 912) + "}",
                800,
                "tensor 'x' ends at byte 912, the file has 800 bytes of data (is the download complete?)");
    }

    @ParameterizedTest
    @CsvSource({"-4,0", "4,0", "-9223372036854775808,9223372036854775807"})
    void refusesOffsetsThatRunBackwards(long begin, long end) {
        refuses(
                "{" + tensor("x", "F32", "[1]", begin, end) + "}",
                4,
                "tensor 'x' begins at byte " + begin + " and ends at byte " + end);
    }

    @Test
    void refusesASizeThatDoesNotFitTheShape() {
        refuses(
                "{" + tensor("x", "F32", "[2,3]", 0, 20) + "}",
                20,
                "tensor 'x' has 20 bytes, F32 of shape [2, 3] needs 24");
    }

    @Test
    void refusesOverlappingTensors() {
        refuses(
                "{" + tensor("x", "F32", "[2]", 0, 8) + "," + tensor("y", "F32", "[2]", 4, 12) + "}",
                12,
                "tensor 'y' overlaps 'x': it begins at byte 4, byte 8 was expected");
    }

    @Test
    void refusesHoles() {
        refuses(
                "{" + tensor("x", "F32", "[1]", 0, 4) + "," + tensor("y", "F32", "[1]", 8, 12) + "}",
                12,
                "tensor 'y' leaves a hole after 'x'");
        refuses("{" + tensor("x", "F32", "[1]", 4, 8) + "}", 8, "tensor 'x' leaves a hole after the header");
    }

    @Test
    void refusesBytesBehindTheLastTensor() {
        refuses("{" + tensor("x", "F32", "[1]", 0, 4) + "}", 5, "the tensors end at byte 4, the file has 5 bytes");
    }

    @Test
    void keepsMessagesOnOneLineWhateverTheNameHolds() {
        refuses("{\"a\\nb\\u2028\\u0007\":1}", 0, "tensor 'a\\u000ab\\u2028\\u0007' is not");
        refuses("{\"" + "x".repeat(10_000) + "\":1}", 0, "xxx…'");
    }

    @Test
    void readingAnUnknownTensorNamesItAndAnExample() {
        try (Checkpoint checkpoint = Safetensors.open(file("{" + tensor("x", "F32", "[1]", 0, 4) + "}", floats(1)))) {
            assertThatThrownBy(() -> checkpoint.read("y"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageEndingWith("no tensor 'y' among its 1 tensors, the first is 'x'");
            assertThatThrownBy(() -> checkpoint.tensor("y")).isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    void readingFloatsAsIntegersIsRefused() {
        try (Checkpoint checkpoint = Safetensors.open(file("{" + tensor("x", "F32", "[1]", 0, 4) + "}", floats(1)))) {
            assertThatThrownBy(() -> checkpoint.readIntegers("x"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageEndingWith("tensor 'x' is F32, integers were asked for");
        }
    }

    @Test
    void readingAfterCloseSaysSoAndClosingTwiceIsFine() {
        Checkpoint checkpoint = Safetensors.open(file("{" + tensor("x", "F32", "[1]", 0, 4) + "}", floats(1)));
        float[] before = checkpoint.read("x");
        checkpoint.close();
        checkpoint.close();
        assertThat(before).containsExactly(1);
        assertThat(checkpoint.tensors()).containsKey("x");
        assertThatThrownBy(() -> checkpoint.read("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed, its tensors can no longer be read");
    }

    @Test
    void refusesAFolderAndAMissingFile() {
        assertThatThrownBy(() -> Safetensors.open(folder)).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none.safetensors")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("none.safetensors: there is no such file in " + folder.toAbsolutePath());
    }
}
