package heed.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GgufTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    private GgufTest header(int version, long tensors, long keys) {
        bytes.put("GGUF".getBytes(UTF_8)).putInt(version).putLong(tensors).putLong(keys);
        return this;
    }

    private GgufTest text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        bytes.putLong(utf8.length).put(utf8);
        return this;
    }

    private GgufTest architecture(String name) {
        text("general.architecture");
        bytes.putInt(8);
        return text(name);
    }

    private GgufTest tensor(String name, int type, long offset, long... sizes) {
        text(name);
        bytes.putInt(sizes.length);
        for (long size : sizes) {
            bytes.putLong(size);
        }
        bytes.putInt(type).putLong(offset);
        return this;
    }

    private GgufTest align() {
        bytes.position(Math.ceilDiv(bytes.position(), 32) * 32);
        return this;
    }

    private Path write() {
        try {
            return Files.write(folder.resolve("x.gguf"), Arrays.copyOf(bytes.array(), bytes.position()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void refuses(String words) {
        Path file = write();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Gguf.open(file))
                .withMessageStartingWith("x.gguf: ")
                .withMessageContaining(words)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void valuesComeInRowsOfTheInnermostAxis() {
        header(3, 1, 1).architecture("other").tensor("a", F32, 0, 3, 2).align();
        for (int i = 0; i < 6; i++) {
            bytes.putFloat(i);
        }
        try (Checkpoint checkpoint = Gguf.open(write())) {
            assertThat(checkpoint.tensor("a").shape()).containsExactly(2, 3);
            assertThat(checkpoint.read("a")).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void aBlockOfBytesIsMultipliedWithItsScale() {
        header(2, 1, 1).architecture("other").tensor("a", Q8_0, 0, 32).align();
        bytes.putShort(Float.floatToFloat16(0.5f));
        for (int i = 0; i < 32; i++) {
            bytes.put((byte) (i - 16));
        }
        try (Checkpoint checkpoint = Gguf.open(write())) {
            assertThat(checkpoint.read("a")).startsWith(-8f, -7.5f).endsWith(7f, 7.5f);
        }
    }

    @Test
    void everyTypeOfValueIsRead() {
        header(3, 0, 3).architecture("other");
        text("numbers");
        bytes.putInt(9).putInt(5).putLong(2).putInt(7).putInt(-8);
        text("yes");
        bytes.putInt(7).put((byte) 1);
        GgufMetadata metadata = Gguf.metadata(write());
        assertThat(metadata.wholes("numbers")).containsExactly(7L, -8L);
        assertThat(metadata.flag("yes")).contains(true);
        assertThat(metadata.text("absent")).isEmpty();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> metadata.text("yes"))
                .withMessageContaining("yes is 'true', a text was expected");
    }

    @Test
    void whatIsNoGgufFileIsRefused() {
        bytes.put(new byte[40]);
        refuses("it does not begin with GGUF");
    }

    @Test
    void aShortFileIsRefused() {
        bytes.put("GGUF".getBytes(UTF_8));
        refuses("the file has 4 bytes");
    }

    @Test
    void anotherVersionIsRefused() {
        header(1, 0, 0);
        refuses("it is of GGUF version 1");
    }

    @Test
    void hugeCountsAreRefusedWithoutAllocating() {
        header(3, Long.MAX_VALUE, 0);
        refuses("it claims 9223372036854775807 tensors");
    }

    @Test
    void aHugeNumberOfKeysIsRefused() {
        header(3, 0, -1);
        refuses("it claims 18446744073709551615 keys");
    }

    @Test
    void aHugeListIsRefusedWithoutAllocating() {
        header(3, 0, 1).text("list");
        bytes.putInt(9).putInt(4).putLong(1L << 40);
        refuses("the key 'list' claims 1099511627776 values where 0 bytes are left");
    }

    @Test
    void aHugeTextIsRefusedWithoutAllocating() {
        header(3, 0, 1);
        bytes.putLong(1L << 40);
        refuses("begins a text of 1099511627776 bytes");
    }

    @Test
    void listsOfListsAreRefused() {
        header(3, 0, 1).text("deep");
        bytes.putInt(9).putInt(9).putLong(1);
        refuses("the key 'deep' has a list of lists");
    }

    @Test
    void anUnknownTypeOfValueIsRefused() {
        header(3, 0, 1).text("odd");
        bytes.putInt(13);
        refuses("the key 'odd' has the unknown type 13");
    }

    @Test
    void aFormatThatIsNotReadIsNamed() {
        header(3, 1, 1).architecture("llama").tensor("a", 16, 0, 256);
        refuses("tensor 'a' is stored as IQ2_XXS, which is not read here; read are F32, F16, Q4_0");
    }

    @Test
    void anUnknownFormatIsRefused() {
        header(3, 1, 1).architecture("llama").tensor("a", 99, 0, 256);
        refuses("tensor 'a' is stored as number 99");
    }

    @Test
    void aTensorOutsideTheFileIsRefused() {
        header(3, 1, 1).architecture("llama").tensor("a", F32, 1L << 50, 8).align();
        refuses("tensor 'a' has 32 bytes from byte 1125899906842624 on, the file has 0 bytes of data");
    }

    @Test
    void aTensorThatIsCutOffIsRefused() {
        header(3, 1, 1).architecture("llama").tensor("a", F32, 0, 9).align();
        bytes.put(new byte[35]);
        refuses("tensor 'a' has 36 bytes from byte 0 on, the file has 35 bytes of data");
    }

    @Test
    void aShapeThatNoArrayHoldsIsRefused() {
        header(3, 1, 1).architecture("llama").tensor("a", F32, 0, 1L << 31, 1L << 31);
        refuses("has more values than fit into one array");
    }

    @Test
    void rowsThatAreNoWholeBlocksAreRefused() {
        header(3, 1, 1).architecture("llama").tensor("a", Q8_0, 0, 33);
        refuses("tensor 'a' has rows of 33 values, Q8_0 has blocks of 32");
    }

    @Test
    void namesThatAreThereTwiceAreRefused() {
        header(3, 0, 2).architecture("llama").architecture("llama");
        refuses("the key 'general.architecture' is there twice");
    }

    @Test
    void aFileWithoutArchitectureIsRefused() {
        header(3, 0, 0);
        refuses("general.architecture is missing");
    }

    @Test
    void anArchitectureThatIsNotComputedIsNamed() {
        header(3, 0, 1).architecture("mamba");
        Path file = write();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Gguf.config(file))
                .withMessageContaining("the architecture 'mamba' is not read from GGUF here");
    }

    @Test
    void everyBeginningOfAFileIsRefusedInOneLine() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of("src/test/resources/golden/gguf/blocks.gguf"));
        for (int length = 0; length < whole.length - 32; length += 97) {
            Path file = Files.write(folder.resolve("x.gguf"), Arrays.copyOf(whole, length));
            assertThatExceptionOfType(CheckpointException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> Gguf.open(file).close())
                    .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void aFolderWithOneFileIsThatFile() throws IOException {
        header(3, 0, 1).architecture("llama");
        Path file = write();
        assertThat(Gguf.at(folder)).contains(file);
        assertThat(Gguf.at(file)).contains(file);
        Files.copy(file, folder.resolve("y.gguf"));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Gguf.at(folder))
                .withMessageContaining("has 2 GGUF files; give one of them: x.gguf");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThat(Gguf.at(folder)).isEmpty();
    }
}
