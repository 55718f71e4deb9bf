package heed.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.CheckpointException;
import heed.checkpoint.Checkpoints;
import heed.checkpoint.NamedTensor;
import heed.checkpoint.SafetensorsWriter;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.kernel.WeightFormat;
import heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ParameterSourceTest {
    private static final Kernels KERNELS = KernelProvider.scalar();
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static Stream<Path> checkpoints() {
        return Stream.of(
                        "bart/conditional",
                        "bart/sequence-classification",
                        "bert/base",
                        "bert/masked-lm",
                        "bert/sequence-classification",
                        "decoders/gpt2",
                        "decoders/gpt-neox",
                        "decoders/llama-sequence-classification",
                        "distilbert/sequence-classification",
                        "electra/sequence-classification",
                        "marian/separate",
                        "marian/shared",
                        "mbart/conditional",
                        "roberta/masked-lm",
                        "roberta/sequence-classification",
                        "t5/sequence-classification",
                        "t5/tied",
                        "t5/untied")
                .map(GOLDEN::resolve);
    }

    /// Query, key and value in one matrix, matrices stored the other way round, tied words: all of it comes
    /// back.
    @ParameterizedTest
    @MethodSource("checkpoints")
    void whatIsLearnedIsWrittenAsItWasRead(Path golden) throws IOException {
        ModelConfig config = ModelConfig.read(golden);
        try (Checkpoint checkpoint = Checkpoints.open(golden)) {
            var source = new ParameterSource.Learned(checkpoint, (_, _) -> Optional.empty());
            assertThat(Network.load(config, source).config()).isEqualTo(config);
            Map<String, NamedTensor> written =
                    source.tensors().stream().collect(Collectors.toMap(NamedTensor::name, tensor -> tensor));
            assertThat(written).hasSizeGreaterThan(10);
            checkpoint.tensors().forEach((name, info) -> {
                NamedTensor tensor = written.get(name);
                if (tensor != null) {
                    assertThat(tensor.shape()).as(name).isEqualTo(info.shape());
                    assertThat(((NamedTensor.Floats) tensor).values()).as(name).isEqualTo(checkpoint.read(name));
                }
            });
            assertThat(checkpoint.tensors().keySet()).containsAll(written.keySet());
            Path file = folder.resolve("model.safetensors");
            SafetensorsWriter.write(file, source.tensors());
            try (Checkpoint again = Checkpoints.open(file)) {
                Network.load(config, new ParameterSource.Frozen(again, WeightFormat.f32(KERNELS)));
            }
        }
    }

    @Test
    void whatACheckpointLacksIsDrawnAndTiedRowsAreDrawnOnce() {
        BartConfig config = (BartConfig) ModelConfig.read(GOLDEN.resolve("marian/shared"));
        var source = new ParameterSource.Learned(
                Checkpoint.empty(), (_, shape) -> Optional.of(Tensor.zeros(shape.toArray())));
        EncoderDecoderNetwork network = (EncoderDecoderNetwork) Network.load(config, source);
        assertThat(network.target().words().table())
                .isSameAs(network.source().words().table());
        assertThat(((Head.LanguageModel) network.head()).decoder().weight().matrix())
                .isSameAs(network.source().words().table());
        network.source().words().table().set(7, 1, 2);
        NamedTensor words = source.tensors().stream()
                .filter(tensor -> tensor.name().equals("model.shared.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(((NamedTensor.Floats) words).values()[config.dModel() + 2]).isEqualTo(7);
    }

    @Test
    void whatMayNotBeDrawnIsMissing() {
        ModelConfig config = ModelConfig.read(GOLDEN.resolve("marian/shared"));
        var source = new ParameterSource.Learned(Checkpoint.empty(), (_, _) -> Optional.empty());
        assertThatThrownBy(() -> Network.load(config, source))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("missing 'encoder.embed_tokens.weight'");
    }
}
