package heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.family.Head;
import heed.family.TokenBatch;
import heed.task.Candidate;
import heed.task.Embedder;
import heed.task.FillMask;
import heed.task.WordVectors;
import heed.task.WordVectors.WordVector;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real MiniLM (from ONNX) and BERT-base (from a TensorFlow bundle), fetched by name, against what Hugging
/// Face computes with the same weights: `src/test/golden/make_real.py` made the files.
@Tag("checkpoint")
class RealModelsIT {
    private static final float HIDDEN_TOLERANCE = 1e-4f;
    private static final float WEIGHT_TOLERANCE = 1e-5f;
    private static final Path GOLDEN = Path.of("src/test/resources/golden/real");

    @ParameterizedTest
    @ValueSource(strings = {"minilm", "bert-base-uncased"})
    void tokensHiddenStatesAndWeightsAreWhatHuggingFaceComputes(String name) throws Exception {
        JsonNode texts = JsonMapper.shared()
                .readTree(Files.readAllBytes(GOLDEN.resolve(name + ".json")))
                .get("texts");
        try (Model model = Models.open(name);
                Checkpoint golden = Checkpoints.open(GOLDEN.resolve(name + ".safetensors"))) {
            for (int i = 0; i < texts.size(); i++) {
                JsonNode text = texts.get(i);
                JsonNode pair = text.path("pair");
                Encoding encoding = model.encode(text.get("text").asString(), pair.isNull() ? null : pair.asString());
                assertThat(encoding.ids()).as("ids of text %d", i).containsExactly(integers(text.get("ids")));
                assertThat(encoding.typeIds())
                        .as("types of text %d", i)
                        .containsExactly(integers(text.get("type_ids")));

                Map<String, Tensor> outputs = Outputs.of(model, Model.batchOf(encoding), true, true);
                int compared = 0;
                for (String goldenName : golden.tensors().keySet()) {
                    if (goldenName.startsWith(i + ".") && !goldenName.equals(i + ".embedding")) {
                        compare(golden, goldenName, outputs);
                        compared++;
                    }
                }
                assertThat(compared).as("tensors of text %d", i).isPositive();
            }
        }
    }

    private static void compare(Checkpoint golden, String goldenName, Map<String, Tensor> outputs) {
        String name = goldenName.substring(goldenName.indexOf('.') + 1);
        float[] expected = golden.read(goldenName);
        boolean head = name.endsWith(".head");
        boolean tail = name.endsWith(".tail");
        String output = head || tail ? name.substring(0, name.length() - ".head".length()) : name;
        Tensor actual = Objects.requireNonNull(outputs.get(output), output);
        int rows = golden.tensor(goldenName).shape().size() > 1
                ? golden.tensor(goldenName).shape().get(1)
                : 0;
        Tensor part = head
                ? actual.slice(1, 0, rows)
                : tail ? actual.slice(1, actual.size(1) - rows, actual.size(1)) : actual;
        float tolerance = name.startsWith("attentions.") ? WEIGHT_TOLERANCE : HIDDEN_TOLERANCE;
        assertThat(part.toArray())
                .as(goldenName)
                .usingComparatorWithPrecision(tolerance)
                .containsExactly(expected);
    }

    private static int[] integers(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    @Test
    void embeddingsAreThoseOfSentenceTransformers() throws Exception {
        JsonNode texts = JsonMapper.shared()
                .readTree(Files.readAllBytes(GOLDEN.resolve("minilm.json")))
                .get("texts");
        try (Model model = Models.open("minilm");
                Checkpoint golden = Checkpoints.open(GOLDEN.resolve("minilm.safetensors"))) {
            Embedder embedder = new Embedder(model);
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).path("pair").isNull()) {
                    assertThat(embedder.embed(texts.get(i).get("text").asString()))
                            .as("text %d", i)
                            .usingComparatorWithPrecision(1e-5f)
                            .containsExactly(golden.read(i + ".embedding"));
                }
            }
        }
    }

    @Test
    void bertFillsTheCapitalOfFrance() {
        try (Model model = Models.open("bert-base-uncased")) {
            List<Candidate> words = new FillMask(model)
                    .fill("the capital of france is [MASK].", 5)
                    .getFirst();
            assertThat(words.getFirst().token()).isEqualTo("paris");
            assertThat(words.getFirst().probability()).isCloseTo(0.4168, within(0.0005));
        }
    }

    @Test
    void maskedWordLogitsAreWhatHuggingFaceComputes() throws Exception {
        JsonNode masked = JsonMapper.shared()
                .readTree(Files.readAllBytes(GOLDEN.resolve("bert-base-uncased.json")))
                .get("masked");
        try (Model model = Models.open("bert-base-uncased");
                Checkpoint golden = Checkpoints.open(GOLDEN.resolve("bert-base-uncased.safetensors"))) {
            assertThat(model.network().head()).isInstanceOf(Head.MaskedLanguageModel.class);
            for (int i = 0; i < masked.size(); i++) {
                TokenBatch batch = TokenBatch.of(integers(masked.get(i).get("ids")));
                Tensor logits = Objects.requireNonNull(
                        Outputs.of(model, batch, false, false).get("logits")); // [1, T, V]
                int position = masked.get(i).get("position").asInt();
                assertThat(logits.part(0).part(position).toArray())
                        .usingComparatorWithPrecision(HIDDEN_TOLERANCE)
                        .containsExactly(golden.read("masked." + i + ".logits"));
            }
        }
    }

    @Test
    void theTwoBanksHaveTwoVectors() {
        try (Model model = Models.open("bert-base-uncased")) {
            String text = "The bank can refuse to lend money to the person by the river bank.";
            List<WordVector> banks = new WordVectors(model)
                    .of(text).stream()
                            .filter(word -> word.word().equals("bank"))
                            .toList();
            assertThat(banks).hasSize(2);
            double last = Embedder.cosine(banks.get(0).vector(), banks.get(1).vector());
            assertThat(last).isLessThan(0.95);
            List<WordVector> embedded = new WordVectors(model)
                    .of(text, 0).stream()
                            .filter(word -> word.word().equals("bank"))
                            .toList();
            assertThat(last)
                    .as("contexts part what the embeddings, but for position, had in common")
                    .isLessThan(Embedder.cosine(
                            embedded.get(0).vector(), embedded.get(1).vector()));
        }
    }

    /// A pass of 1,024 tokens through MiniLM fills matrices of 65 MB.
    @Test
    void aPassThroughMiniLmAllocatesSmallObjectsAlone() {
        try (Model model = Models.open("minilm")) {
            for (int[] lengths : new int[][] {{16}, {256}, {512, 3, 300, 97, 112}}) {
                TokenBatch batch = PassAllocation.batch(model, lengths);
                assertThat(PassAllocation.afterWarmUp(model, batch, 120))
                        .isLessThanOrEqualTo(PassAllocation.bound(model, batch));
            }
        }
    }
}
