package heed.checkpoint;

import static heed.checkpoint.OnnxBytes.attribute;
import static heed.checkpoint.OnnxBytes.floats;
import static heed.checkpoint.OnnxBytes.model;
import static heed.checkpoint.OnnxBytes.operation;
import static heed.checkpoint.OnnxBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxInitializersTest {
    @TempDir
    Path folder;

    private OnnxInitializers open(OnnxBytes model) {
        return OnnxInitializers.open(SafetensorsBytes.write(folder.resolve("model.onnx"), model.toBytes()));
    }

    private void refuses(byte[] bytes, String reason) {
        Path file = SafetensorsBytes.write(folder.resolve("model.onnx"), bytes);
        assertThatThrownBy(() -> OnnxInitializers.open(file).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model.onnx: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private void refuses(ProtobufBytes initialiser, String reason) {
        refuses(model().initialiser(initialiser).toBytes(), reason);
    }

    @Test
    void readsInitialisersOfEveryNumberFormatFromRawData() {
        try (var checkpoint = open(model().initialiser("f32", List.of(2, 1), 1, 2)
                .initialiser(tensor("f16", OnnxBytes.FLOAT16, 1).bytes(9, new byte[] {0, 0x3c}))
                .initialiser(tensor("bf16", OnnxBytes.BFLOAT16, 1).bytes(9, new byte[] {0x40, 0x40}))
                .initialiser(tensor("i64", OnnxBytes.INT64).bytes(9, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                .initialiser(tensor("i32", OnnxBytes.INT32, 1).bytes(9, new byte[] {1, 1, 0, 0}))
                .initialiser(tensor("u8", OnnxBytes.UINT8, 2).bytes(9, new byte[] {-1, 1}))
                .initialiser(tensor("none", OnnxBytes.FLOAT, 0, 3)))) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("f32", "f16", "bf16", "i64", "i32", "u8", "none");
            assertThat(checkpoint.tensor("f32")).isEqualTo(new TensorInfo("f32", DType.F32, List.of(2, 1)));
            assertThat(checkpoint.read("f32")).containsExactly(1, 2);
            assertThat(checkpoint.read("f16")).containsExactly(1);
            assertThat(checkpoint.read("bf16")).containsExactly(3);
            assertThat(checkpoint.readIntegers("i64")).containsExactly(-1);
            assertThat(checkpoint.readIntegers("i32")).containsExactly(257);
            assertThat(checkpoint.readIntegers("u8")).containsExactly(255, 1);
            assertThat(checkpoint.read("none")).isEmpty();
        }
    }

    @Test
    void readsTypedFieldsPackedAndUnpacked() {
        try (var checkpoint = open(model().initialiser(
                        tensor("packed floats", OnnxBytes.FLOAT, 2).bytes(4, SafetensorsBytes.floats(1, -2)))
                .initialiser(tensor("floats", OnnxBytes.FLOAT, 2)
                        .fixed32(4, Float.floatToRawIntBits(3))
                        .fixed32(4, Float.floatToRawIntBits(4)))
                .initialiser(tensor("packed integers", OnnxBytes.INT64, 3).packedVarints(7, 1, -1, Long.MIN_VALUE))
                .initialiser(tensor("integers", OnnxBytes.INT64, 2).varint(7, 5).packedVarints(7, 6))
                .initialiser(tensor("i32", OnnxBytes.INT32, 2).packedVarints(5, -1, Integer.MAX_VALUE))
                .initialiser(tensor("i16", OnnxBytes.INT16, 1).packedVarints(5, -300))
                .initialiser(tensor("i8", OnnxBytes.INT8, 1).packedVarints(5, -3))
                .initialiser(tensor("u8", OnnxBytes.UINT8, 1).packedVarints(5, 200))
                .initialiser(tensor("bool", OnnxBytes.BOOL, 2).packedVarints(5, 0, 1))
                .initialiser(tensor("f16", OnnxBytes.FLOAT16, 1).packedVarints(5, 0x3c00))
                .initialiser(tensor("bf16", OnnxBytes.BFLOAT16, 1).packedVarints(5, 0x4040))
                .initialiser(tensor("f64", OnnxBytes.DOUBLE, 1).fixed64(10, Double.doubleToRawLongBits(0.5))))) {
            assertThat(checkpoint.read("packed floats")).containsExactly(1, -2);
            assertThat(checkpoint.read("floats")).containsExactly(3, 4);
            assertThat(checkpoint.readIntegers("packed integers")).containsExactly(1, -1, Long.MIN_VALUE);
            assertThat(checkpoint.readIntegers("integers")).containsExactly(5, 6);
            assertThat(checkpoint.readIntegers("i32")).containsExactly(-1, Integer.MAX_VALUE);
            assertThat(checkpoint.readIntegers("i16")).containsExactly(-300);
            assertThat(checkpoint.readIntegers("i8")).containsExactly(-3);
            assertThat(checkpoint.readIntegers("u8")).containsExactly(200);
            assertThat(checkpoint.readIntegers("bool")).containsExactly(0, 1);
            assertThat(checkpoint.read("i32")).containsExactly(-1f, Integer.MAX_VALUE);
            assertThat(checkpoint.read("f16")).containsExactly(1);
            assertThat(checkpoint.read("bf16")).containsExactly(3);
            assertThat(checkpoint.read("f64")).containsExactly(0.5f);
        }
    }

    @Test
    void leavesTextOutAndSaysSoWhenAsked() {
        try (var checkpoint =
                open(model().initialiser(tensor("words", OnnxBytes.STRING, 1).text(6, "x"))
                        .initialiser("w", List.of(1), 1))) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("w");
            assertThatThrownBy(() -> checkpoint.read("words"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageEndingWith("tensor 'words' is of ONNX's type 8, which is not read here");
        }
    }

    @Test
    void anAnonymousMatrixIsNamedAfterTheBiasThatIsAddedAndTurned() {
        try (var checkpoint = open(model().initialiser("encoder.query.bias", List.of(3), 0, 0, 0)
                .initialiser("onnx::MatMul_787", List.of(2, 3), 1, 2, 3, 4, 5, 6)
                .node("MatMul", "MatMul_7", List.of("x", "onnx::MatMul_787"), "y")
                .node("Add", "Add_8", List.of("encoder.query.bias", "y"), "z"))) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("encoder.query.bias", "encoder.query.weight");
            assertThat(checkpoint.tensor("encoder.query.weight"))
                    .isEqualTo(new TensorInfo("encoder.query.weight", DType.F32, List.of(3, 2)));
            assertThat(checkpoint.read("encoder.query.weight")).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void turningLeavesNoValueOutWhateverTheShape() {
        int rows = 67;
        int columns = 41;
        var values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        try (var checkpoint = open(model().initialiser("12", List.of(rows, columns), values)
                .node("MatMul", "/a/MatMul", List.of("x", "12"), "y"))) {
            float[] turned = checkpoint.read("a.weight");
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    assertThat(turned[column * rows + row]).isEqualTo(row * columns + column);
                }
            }
        }
    }

    @Test
    void withoutABiasTheNodesNameTells() {
        try (var checkpoint = open(model().initialiser("onnx::MatMul_1", List.of(1, 2), 1, 2)
                .initialiser("onnx::MatMul_2", List.of(1, 2), 1, 2)
                .node("MatMul", "/encoder/layer.0/attention/self/query/MatMul", List.of("x", "onnx::MatMul_1"), "y")
                .node("MatMul", "MatMul_17", List.of("x", "onnx::MatMul_2"), "z"))) {
            assertThat(checkpoint.tensors().keySet())
                    .containsExactly("encoder.layer.0.attention.self.query.weight", "onnx::MatMul_2");
            assertThat(checkpoint.tensor("onnx::MatMul_2").shape()).containsExactly(1, 2);
        }
    }

    @Test
    void aBiasBorrowedFromTheModuleAroundDoesNotTakeTheName() {
        try (var checkpoint = open(model().initialiser("cls.predictions.bias", List.of(2), 0, 0)
                .initialiser("onnx::MatMul_1", List.of(1, 2), 1, 2)
                .node("MatMul", "/cls/predictions/decoder/MatMul", List.of("x", "onnx::MatMul_1"), "y")
                .node("Add", "", List.of("y", "cls.predictions.bias"), "z"))) {
            assertThat(checkpoint.tensors()).containsKey("cls.predictions.decoder.weight");
        }
    }

    @Test
    void anAdditionOfSomethingElseIsNoBias() {
        try (var checkpoint = open(model().initialiser("position.bias", List.of(3), 0, 0, 0)
                .initialiser("onnx::MatMul_1", List.of(1, 2), 1, 2)
                .node("MatMul", "", List.of("x", "onnx::MatMul_1"), "y")
                .node("Add", "", List.of("y", "position.bias"), "z"))) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("position.bias", "onnx::MatMul_1");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 3", "1, 3, 2"})
    void gemmSaysWhetherItsMatrixIsTurnedAlready(int transB, int rows, int columns) {
        ProtobufBytes gemm = operation("Gemm", "", List.of("x", "7", "head.bias"), "y")
                .message(5, attribute("transB").varint(3, transB));
        try (var checkpoint = open(model().initialiser("head.bias", List.of(3), 0, 0, 0)
                .initialiser("7", List.of(rows, columns), 1, 2, 3, 4, 5, 6)
                .node(gemm))) {
            assertThat(checkpoint.tensor("head.weight").shape()).containsExactly(3, 2);
            assertThat(checkpoint.read("head.weight"))
                    .containsExactly(transB == 1 ? new float[] {1, 2, 3, 4, 5, 6} : new float[] {1, 4, 2, 5, 3, 6});
        }
    }

    @Test
    void aMatrixThatKeptItsNameStaysAsItIs() {
        try (var checkpoint = open(model().initialiser("h.0.attn.c_attn.bias", List.of(3), 0, 0, 0)
                .initialiser("h.0.attn.c_attn.weight", List.of(2, 3), 1, 2, 3, 4, 5, 6)
                .node("Gemm", "", List.of("x", "h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias"), "y"))) {
            assertThat(checkpoint.tensor("h.0.attn.c_attn.weight").shape()).containsExactly(2, 3);
        }
    }

    @Test
    void sharedTensorsAppearUnderAllTheirNames() {
        try (var checkpoint = open(model().initialiser("layer.0.bias", List.of(2), 7, 8)
                .initialiser("onnx::MatMul_1", List.of(1, 2), 1, 2)
                .node("Identity", "Identity_0", List.of("layer.0.bias"), "layer.1.bias")
                .node("Identity", "Identity_1", List.of("onnx::MatMul_1"), "onnx::MatMul_2")
                .node("Identity", "Identity_2", List.of("layer.0.bias"), "/Identity_output_0")
                .node("MatMul", "", List.of("x", "onnx::MatMul_1"), "y")
                .node("Add", "", List.of("y", "layer.0.bias"), "z")
                .node("MatMul", "", List.of("x", "onnx::MatMul_2"), "v")
                .node("Add", "", List.of("v", "layer.1.bias"), "w"))) {
            assertThat(checkpoint.tensors())
                    .containsOnlyKeys("layer.0.bias", "layer.0.weight", "layer.1.bias", "layer.1.weight");
            assertThat(checkpoint.read("layer.1.bias")).containsExactly(7, 8);
            assertThat(checkpoint.read("layer.1.weight")).containsExactly(1, 2);
        }
    }

    @Test
    void aMatrixUsedTwiceKeepsItsFirstNameAndANameIsGivenOnce() {
        try (var checkpoint = open(model().initialiser("1", List.of(1, 1), 1)
                .initialiser("2", List.of(1, 1), 2)
                .initialiser("taken.weight", List.of(1), 3)
                .initialiser("3", List.of(1, 1), 4)
                .node("MatMul", "/layers.0/MatMul", List.of("x", "1"), "a")
                .node("MatMul", "/layers.1/MatMul", List.of("a", "1"), "b")
                .node("MatMul", "/layers.0/MatMul_1", List.of("b", "2"), "c")
                .node("MatMul", "/taken/MatMul", List.of("c", "3"), "d"))) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("layers.0.weight", "2", "taken.weight", "3");
            assertThat(checkpoint.read("layers.0.weight")).containsExactly(1);
        }
    }

    @Test
    void tellsTheEpsilonAndTheHeadSizeFromTheArithmetic() {
        try (var checkpoint = open(model().constant("epsilon", 1e-12f)
                .node("Add", "", List.of("variance", "epsilon"), "shifted")
                .node("Sqrt", "", List.of("shifted"), "deviation")
                .node("MatMul", "", List.of("q", "k"), "product")
                .constant("root", (float) Math.sqrt(32))
                .node("Div", "", List.of("product", "root"), "scores")
                .node("Add", "", List.of("scores", "mask"), "masked")
                .node("Softmax", "", List.of("masked"), "weights"))) {
            assertThat(checkpoint.layerNormEpsilon()).hasValue(1e-12);
            assertThat(checkpoint.headSize()).hasValue(32);
        }
    }

    @Test
    void tellsThemFromTheOperationsOfLaterExportsToo() {
        try (var checkpoint = open(model().initialiser("scale", List.of(), 0.125f)
                .node(operation("LayerNormalization", "", List.of("x", "w", "b"), "n")
                        .message(5, attribute("epsilon").fixed32(2, Float.floatToRawIntBits(1e-6f))))
                .node("MatMul", "", List.of("q", "k"), "product")
                .node("Mul", "", List.of("product", "scale"), "scores")
                .node("Softmax", "", List.of("scores"), "weights"))) {
            assertThat(checkpoint.layerNormEpsilon()).hasValue(1e-6);
            assertThat(checkpoint.headSize()).hasValue(64);
        }
    }

    @Test
    void staysSilentAboutWhatTheGraphDoesNotShow() {
        try (var checkpoint = open(model().constant("zero", 0)
                .node("Add", "", List.of("variance", "zero"), "shifted")
                .node("Sqrt", "", List.of("shifted"), "deviation")
                .node("MatMul", "", List.of("q", "k"), "product")
                .node("Div", "", List.of("product", "zero"), "scores")
                .node("Softmax", "", List.of("scores"), "weights")
                .node("Softmax", "", List.of(), "other"))) {
            assertThat(checkpoint.layerNormEpsilon()).isEmpty();
            assertThat(checkpoint.headSize()).isEmpty();
        }
    }

    private static ProtobufBytes external(String location, String... pairs) {
        ProtobufBytes tensor = tensor("w", OnnxBytes.FLOAT, 2)
                .varint(14, 1)
                .message(13, ProtobufBytes.message().text(1, "location").text(2, location));
        for (int i = 0; i < pairs.length; i += 2) {
            tensor.message(13, ProtobufBytes.message().text(1, pairs[i]).text(2, pairs[i + 1]));
        }
        return tensor;
    }

    @Test
    void readsValuesFromAFileBesideTheModel() throws IOException {
        Files.write(folder.resolve("model.onnx_data"), SafetensorsBytes.floats(1, 2, 3));
        try (var checkpoint = open(model().initialiser(external("model.onnx_data", "offset", "4", "length", "8")))) {
            assertThat(checkpoint.read("w")).containsExactly(2, 3);
        }
        try (var checkpoint = open(model().initialiser(external("model.onnx_data")))) {
            assertThat(checkpoint.read("w")).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "a/b", "..", ""})
    void refusesValuesOutsideTheFolder(String location) {
        refuses(external(location), "which is not the plain name of a file in the same folder");
    }

    @Test
    void refusesExternalValuesThatAreNotThere() throws IOException {
        Files.write(folder.resolve("data"), new byte[8]);
        refuses(external("data", "offset", "4"), "tensor 'w' has 8 bytes from byte 4, data has 8 bytes");
        refuses(external("data", "offset", "9223372036854775807"), "tensor 'w' has 8 bytes from byte 92");
        refuses(external("data", "offset", "-1"), "external data at '-1', which is no position");
        refuses(external("data", "offset", "x"), "external data at 'x', which is no position");
        refuses(external("data", "length", "4"), "tensor 'w' has 4 bytes, F32 of shape [2] needs 8");
    }

    @Test
    void namesTheMissingFileOfExternalValues() {
        Path file = SafetensorsBytes.write(
                folder.resolve("model.onnx"),
                model().initialiser(external("gone")).toBytes());
        assertThatThrownBy(() -> OnnxInitializers.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("gone: there is no such file");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        refuses(tensor("x", OnnxBytes.FLOAT, 2).bytes(9, new byte[4]), "tensor 'x' has 4 bytes, F32 of shape [2]");
        refuses(tensor("x", OnnxBytes.FLOAT, 2), "tensor 'x' has 0 values, shape [2] needs 2");
        refuses(tensor("x", OnnxBytes.FLOAT, -1), "tensor 'x' has an axis of size -1");
        refuses(tensor("x", OnnxBytes.FLOAT, Integer.MAX_VALUE), "tensor 'x' has more values than fit into one array");
        refuses(tensor("x", OnnxBytes.FLOAT, 1 << 20, 1 << 20), "tensor 'x' has more values than fit into one array");
        refuses(
                tensor("x", OnnxBytes.INT64, 2).packedVarints(7, 1, 2, 3),
                "tensor 'x' has 3 values, shape [2] needs 2");
        refuses(ProtobufBytes.message().packedVarints(1, new long[65]), "more than 64 axes");
    }

    @Test
    void refusesSegmentsAndTensorsNamedTwice() {
        refuses(
                tensor("x", OnnxBytes.FLOAT, 0).message(3, ProtobufBytes.message()),
                "tensor 'x' is stored in segments");
        refuses(
                model().initialiser("x", List.of(1), 1)
                        .initialiser("x", List.of(1), 1)
                        .toBytes(),
                "tensor 'x' occurs twice");
    }

    @Test
    void refusesWhatIsNoProtobuf() {
        refuses(new byte[0], "there is no graph in this ONNX file");
        refuses("not an onnx file".getBytes(StandardCharsets.UTF_8), "model.onnx: ");
        refuses(new byte[] {0}, "byte 0 is not the beginning of a protobuf field");
        refuses(new byte[] {0x3b}, "wire type 3");
        refuses(new byte[] {0x3a, 5, 1}, "announces 5 more bytes where 1 are left (is the download complete?)");
        refuses(new byte[] {0x38, 1}, "protobuf field 7 before byte 2 has wire type 0, 2 was expected");
        refuses(new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "more than 64 bits");
        refuses(new byte[] {8, -1}, "announces 1 more bytes where 0 are left");
    }

    @Test
    void refusesATruncatedModel() {
        byte[] whole = model().initialiser("x", List.of(2), 1, 2).toBytes();
        refuses(Arrays.copyOf(whole, whole.length - 3), "is the download complete?");
    }

    @Test
    void refusesANameWithoutEnd() {
        refuses(floats("x".repeat(70_000), List.of()), "begins a text of 70000 bytes, at most 65536 are allowed");
    }

    @Test
    void subgraphsAreNotEntered() {
        ProtobufBytes nested = ProtobufBytes.message();
        for (int depth = 0; depth < 10_000; depth++) {
            nested = ProtobufBytes.message().message(6, nested);
        }
        try (var checkpoint = open(model().initialiser("x", List.of(1), 1)
                .node(operation("Constant", "", List.of(), "y").message(5, nested)))) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("x");
        }
    }
}
