package heed.checkpoint;

import static heed.checkpoint.BundleBytes.FLOAT;
import static heed.checkpoint.BundleBytes.bundle;
import static heed.checkpoint.BundleBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFlowBundleTest {
    private static final byte[] DATA = SafetensorsBytes.floats(1, 2, 3, 4, 5, 6);

    @TempDir
    Path folder;

    @BeforeEach
    void writeData() throws IOException {
        Files.write(folder.resolve("variables.data-00000-of-00001"), DATA);
    }

    private Path write(byte[] index) {
        return SafetensorsBytes.write(folder.resolve("variables.index"), index);
    }

    private void refuses(BundleBytes bundle, String reason) {
        refuses(bundle.toBytes(), reason);
    }

    private void refuses(byte[] index, String reason) {
        Path file = write(index);
        assertThatThrownBy(() -> TensorFlowBundle.open(file).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("variables.index: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void readsTensorsFromSeveralBlocksWithSharedBeginningsOfNames() {
        write(bundle().entry("bert/layer_0/kernel", tensor(FLOAT, 0, 16, 2, 2))
                .entry("bert/layer_0/bias", tensor(FLOAT, 16, 4, 1))
                .entry("bert/layer_1/bias", tensor(FLOAT, 20, 4, 1))
                .entry("global_step", tensor(9, 0, 8))
                .toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tensors().keySet())
                    .containsExactly("bert/layer_0/bias", "bert/layer_0/kernel", "bert/layer_1/bias", "global_step");
            assertThat(checkpoint.tensor("bert/layer_0/kernel"))
                    .isEqualTo(new TensorInfo("bert/layer_0/kernel", DType.F32, List.of(2, 2)));
            assertThat(checkpoint.read("bert/layer_0/kernel")).containsExactly(1, 2, 3, 4);
            assertThat(checkpoint.read("bert/layer_0/bias")).containsExactly(5);
            assertThat(checkpoint.read("bert/layer_1/bias")).containsExactly(6);
            assertThat(checkpoint.readIntegers("global_step"))
                    .containsExactly(
                            ByteBuffer.wrap(DATA).order(ByteOrder.LITTLE_ENDIAN).getLong());
        }
    }

    @Test
    void readsEveryNumberFormat() throws IOException {
        Files.write(
                folder.resolve("variables.data-00000-of-00001"), new byte[] {0, 0x3c, 0x40, 0x40, -1, 1, 0, 0, 0, 0});
        write(bundle().entry("f16", tensor(19, 0, 2, 1))
                .entry("bf16", tensor(14, 2, 2))
                .entry("u8", tensor(4, 4, 1))
                .entry("i8", tensor(6, 4, 1))
                .entry("i16", tensor(5, 4, 2))
                .entry("i32", tensor(3, 4, 4))
                .entry("bool", tensor(10, 4, 2, 2))
                .entry("f64", tensor(2, 0, 8))
                .toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder.resolve("variables.index"))) {
            assertThat(checkpoint.read("f16")).containsExactly(1);
            assertThat(checkpoint.read("bf16")).containsExactly(3);
            assertThat(checkpoint.readIntegers("u8")).containsExactly(255);
            assertThat(checkpoint.readIntegers("i8")).containsExactly(-1);
            assertThat(checkpoint.readIntegers("i16")).containsExactly(511);
            assertThat(checkpoint.readIntegers("i32")).containsExactly(511);
            assertThat(checkpoint.readIntegers("bool")).containsExactly(1, 1);
            assertThat(checkpoint.tensor("f64").dtype()).isEqualTo(DType.F64);
        }
    }

    @Test
    void findsTheFolderOfASavedModel() throws IOException {
        Path variables = Files.createDirectory(folder.resolve("variables"));
        Files.move(folder.resolve("variables.data-00000-of-00001"), variables.resolve("variables.data-00000-of-00001"));
        Files.write(
                variables.resolve("variables.index"),
                bundle().entry("w", tensor(FLOAT, 0, 4)).toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.read("w")).containsExactly(1);
        }
    }

    @Test
    void readsSeveralDataFiles() throws IOException {
        Files.write(folder.resolve("variables.data-00000-of-00002"), SafetensorsBytes.floats(1));
        Files.write(folder.resolve("variables.data-00001-of-00002"), SafetensorsBytes.floats(2));
        write(BundleBytes.withoutHeader()
                .entry("", ProtobufBytes.message().varint(1, 2))
                .entry("a", tensor(FLOAT, 0, 4))
                .entry("b", tensor(FLOAT, 0, 4).varint(3, 1))
                .toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.read("a")).containsExactly(1);
            assertThat(checkpoint.read("b")).containsExactly(2);
        }
    }

    @Test
    void leavesTheObjectGraphOutAndSaysSoWhenAsked() {
        write(bundle().entry("_CHECKPOINTABLE_OBJECT_GRAPH", tensor(7, 0, 3))
                .entry("w", tensor(FLOAT, 0, 4))
                .toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("w");
            assertThatThrownBy(() -> checkpoint.read("_CHECKPOINTABLE_OBJECT_GRAPH"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("is text (DT_STRING), which is not read here");
        }
    }

    @Test
    void aTensorIsCheckedAgainstItsChecksumWhenItIsRead() {
        write(bundle().entry("good", tensor(FLOAT, 0, 24, 6).fixed32(6, BundleBytes.checksum(DATA)))
                .entry("bad", tensor(FLOAT, 0, 20, 5).fixed32(6, BundleBytes.checksum(DATA)))
                .toBytes());
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.read("good")).hasSize(6);
            assertThatThrownBy(() -> checkpoint.read("bad"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("variables.data-00000-of-00001: tensor 'bad' does not match its checksum:"
                            + " the file is damaged");
        }
    }

    @Test
    void refusesADamagedBlock() {
        byte[] index = bundle().entry("w", tensor(FLOAT, 0, 4)).toBytes();
        index[3] ^= 1;
        refuses(index, "the block at byte 0 does not match its checksum: the file is damaged");
    }

    @Test
    void refusesCompressedBlocksByName() {
        refuses(bundle().compression(1), "is compressed (Snappy), which is not read here");
        refuses(bundle().compression(2), "is compressed (kind 2), which is not read here");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 47, 48, 100})
    void refusesWhatIsNoIndex(int size) {
        refuses(new byte[size], size < 48 ? "the file has " + size + " bytes" : "the file ends with 0");
    }

    @Test
    void refusesATruncatedIndex() {
        byte[] index = bundle().entry("w", tensor(FLOAT, 0, 4)).toBytes();
        refuses(Arrays.copyOf(index, index.length - 1), "is the download complete?");
    }

    @Test
    void refusesABlockOutsideTheFile() {
        byte[] index = bundle().toBytes();
        // The handles of the meta index and of the index: four varints of one byte each.
        index[index.length - 48 + 2] = 127;
        refuses(index, "is said to begin at byte 127, the file has " + index.length + " bytes");
    }

    @Test
    void refusesAnIndexWithoutAHeader() {
        refuses(BundleBytes.withoutHeader(), "not even a header");
        refuses(BundleBytes.withoutHeader().entry("w", tensor(FLOAT, 0, 4)), "the index does not begin with a header");
    }

    @Test
    void refusesABigEndianBundle() {
        refuses(
                BundleBytes.withoutHeader()
                        .entry("", ProtobufBytes.message().varint(1, 1).varint(2, 1)),
                "big-endian");
    }

    @Test
    void refusesSlicesByName() {
        refuses(
                bundle().entry("w", tensor(FLOAT, 0, 0).message(7, ProtobufBytes.message())),
                "tensor 'w' is stored in slices");
    }

    @Test
    void refusesATensorBeyondItsDataFile() {
        refuses(
                bundle().entry("w", tensor(FLOAT, 8, 24, 6)),
                "tensor 'w' has 24 bytes from byte 8, variables.data-00000-of-00001 has 24 bytes");
        refuses(bundle().entry("w", tensor(FLOAT, -1, 4)), "from byte 18446744073709551615");
        refuses(bundle().entry("w", tensor(FLOAT, Long.MAX_VALUE, 4)), "from byte 9223372036854775807");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        refuses(bundle().entry("w", tensor(FLOAT, 0, 4, 2)), "tensor 'w' has 4 bytes, F32 of shape [2] needs 8");
        refuses(bundle().entry("w", tensor(FLOAT, 0, -4, 2)), "tensor 'w' has -4 bytes");
        refuses(bundle().entry("w", tensor(FLOAT, 0, 4, -1)), "tensor 'w' has an axis of size -1");
        refuses(bundle().entry("w", tensor(FLOAT, 0, 4, Integer.MAX_VALUE)), "more values than fit into one array");
        refuses(
                bundle().entry(
                                "w",
                                ProtobufBytes.message()
                                        .varint(1, 1)
                                        .message(2, ProtobufBytes.message().varint(3, 1))),
                "tensor 'w' has no shape");
    }

    @Test
    void refusesADataFileThatTheBundleDoesNotHave() {
        refuses(bundle().entry("w", tensor(FLOAT, 0, 4).varint(3, 1)), "tensor 'w' is in data file 1 of 1");
        refuses(bundle().entry("w", tensor(FLOAT, 0, 4).varint(3, -1)), "is in data file 18446744073709551615 of 1");
    }

    @Test
    void namesAMissingDataFile() throws IOException {
        Files.delete(folder.resolve("variables.data-00000-of-00001"));
        Path index = write(bundle().entry("w", tensor(FLOAT, 0, 4)).toBytes());
        assertThatThrownBy(() -> TensorFlowBundle.open(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("variables.data-00000-of-00001: there is no such file");
    }

    @Test
    void refusesKeysThatShareMoreThanThereIs() {
        refuses(
                bundle().damage(block -> {
                    block[0] = 5;
                    return block;
                }),
                "shares 5 of 0 bytes");
    }

    @Test
    void refusesKeysOutOfOrder() {
        refuses(
                bundle().entriesPerBlock(1)
                        .entry("a", tensor(FLOAT, 0, 4))
                        .entry("b", tensor(FLOAT, 0, 4))
                        .damage(block -> {
                            if (block[1] == 1 && block[3] == 'b') {
                                block[3] = 'a';
                            }
                            return block;
                        }),
                "the key 'a' is not after the one before it");
    }

    @Test
    void refusesAKeyWithoutEnd() {
        refuses(bundle().entry("x".repeat(5000), tensor(FLOAT, 0, 4)), "at most 4096 are allowed");
    }

    @Test
    void refusesMoreRestartsThanABlockHolds() {
        refuses(
                bundle().damage(block -> {
                    block[block.length - 1] = -1;
                    return block;
                }),
                "claims 4278190081 restarts");
    }
}
