package heed.lens.roles;

import heed.checkpoint.NamedTensor;
import heed.checkpoint.SafetensorsWriter;
import heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A BERT of two layers made by hand, whose heads do what their names say. A token's vector has a one for its
/// position, one for its word, and after the first layer one for the word before it, which the first head has
/// brought; a head's queries and keys pick from these, so a score is a sum over positions and words as [#plant]
/// says. The norms keep everything but scale and mean, and all tokens have as many ones, so both are known.
final class PlantedEncoder {
    static final int HEADS = 6;
    private static final int LAYERS = 2;
    private static final int POSITIONS = 40;
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final Set<String> NOUNS = Set.of(
            "dog", "teacher", "farmer", "child", "doctor", "bird", "horse", "king", "soldier", "artist", "car", "house",
            "letter", "garden", "table", "window", "boat", "song", "picture", "road");
    private static final Set<String> VERBS = Set.of(
            "saw", "found", "liked", "watched", "painted", "sold", "followed", "remembered", "visited", "described");
    private static final Set<String> ADJECTIVES = Set.of(
            "old",
            "young",
            "small",
            "large",
            "red",
            "happy",
            "quiet",
            "strange",
            "famous",
            "heavy",
            "beautiful",
            "poor");
    private static final Set<String> DETERMINERS = Set.of("the", "a", "this", "every");
    private static final Set<String> WOMEN = Set.of("mary", "anna", "susan", "julia", "emma", "sarah");
    private static final Set<String> MEN = Set.of("john", "mark", "peter", "david", "thomas", "paul");

    private final List<String> words;
    private final int headWidth;
    private final int width;
    private final List<NamedTensor> tensors = new ArrayList<>();

    /// How much a word looks at another.
    private interface Score {
        /// @param from the word that looks, `to` what stands at the place that is looked at: a word, or the
        /// word before that place
        double ofWords(String from, String to);
    }

    /// How much a place looks at another.
    private interface Distance {
        double of(int offset);
    }

    private PlantedEncoder(Corpus corpus) {
        Set<String> all = new LinkedHashSet<>(SPECIAL);
        for (LinkedSentence sentence : corpus.sentences()) {
            all.addAll(Arrays.asList(sentence.text().toLowerCase(Locale.ROOT).split(" ")));
        }
        this.words = List.copyOf(all);
        this.headWidth = POSITIONS + words.size();
        this.width = HEADS * headWidth;
    }

    /// Writes the model for the words of a corpus.
    static Path write(Path folder, Corpus corpus) throws IOException {
        PlantedEncoder encoder = new PlantedEncoder(corpus);
        encoder.embeddings();
        encoder.layer(0);
        encoder.layer(1);
        Files.writeString(folder.resolve("vocab.txt"), String.join("\n", encoder.words) + "\n");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "relu", "hidden_size": %d,
                "intermediate_size": 1, "layer_norm_eps": 1e-12, "max_position_embeddings": %d,
                "num_attention_heads": %d, "num_hidden_layers": %d, "type_vocab_size": 2, "vocab_size": %d}
                """.formatted(
                        encoder.width, POSITIONS, HEADS, LAYERS, encoder.words.size()));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), encoder.tensors);
        return folder;
    }

    /// Where the one of a word stands.
    private int word(int word) {
        return POSITIONS + word;
    }

    /// Where the one of the word before stands.
    private int before(int word) {
        return POSITIONS + words.size() + word;
    }

    private void embeddings() {
        Tensor table = Tensor.zeros(words.size(), width);
        for (int w = 0; w < words.size(); w++) {
            table.set(1, w, word(w));
        }
        Tensor positions = Tensor.zeros(POSITIONS, width);
        for (int p = 0; p < POSITIONS; p++) {
            positions.set(1, p, p);
        }
        add("embeddings.word_embeddings.weight", table);
        add("embeddings.position_embeddings.weight", positions);
        add("embeddings.token_type_embeddings.weight", Tensor.zeros(2, width));
        norm("embeddings.LayerNorm");
    }

    private void layer(int layer) {
        String name = "encoder.layer." + layer + ".";
        Tensor query = Tensor.zeros(width, width);
        Tensor key = Tensor.zeros(width, width);
        Tensor value = Tensor.zeros(width, width);
        Tensor output = Tensor.zeros(width, width);
        if (layer == 0) {
            plant(0, offset -> offset == -1 ? 1 : 0, (_, _) -> 0, false, query, key);
            plant(1, offset -> offset == 1 ? 1 : 0, (_, _) -> 0, false, query, key);
            plant(2, offset -> offset == 0 ? 1 : 0, (_, _) -> 0, false, query, key);
            plant(3, _ -> 0, (_, to) -> to.equals("[SEP]") ? 1 : 0, false, query, key);
            plant(5, offset -> offset == 0 ? -0.5 : 0, (from, to) -> from.equals(to) ? 1 : 0, false, query, key);
            for (int w = 0; w < words.size(); w++) { // the first head brings the word that it sees
                value.set(1, POSITIONS + w, word(w));
                output.set(1, before(w), POSITIONS + w);
            }
        } else {
            plant(0, offset -> offset > 0 ? -1 : 0, (from, to) -> from.equals(to) ? 1 : 0, true, query, key);
            plant(1, PlantedEncoder::ahead, (from, to) -> both(DETERMINERS, from, NOUNS, to), false, query, key);
            plant(2, PlantedEncoder::ahead, (from, to) -> both(ADJECTIVES, from, NOUNS, to), false, query, key);
            plant(3, offset -> ahead(-offset), (from, to) -> both(NOUNS, from, VERBS, to), false, query, key);
            plant(4, PlantedEncoder::ahead, (from, to) -> both(NOUNS, from, VERBS, to), false, query, key);
            plant(
                    5,
                    _ -> 0,
                    (from, to) -> both(Set.of("she"), from, WOMEN, to) + both(Set.of("he"), from, MEN, to),
                    false,
                    query,
                    key);
        }
        int ones = layer + 2;
        linear(name + "attention.self.query", query, ones);
        linear(name + "attention.self.key", key, ones);
        linear(name + "attention.self.value", value, ones);
        add(name + "attention.output.dense.weight", output);
        add(name + "attention.output.dense.bias", Tensor.zeros(width));
        norm(name + "attention.output.LayerNorm");
        add(name + "intermediate.dense.weight", Tensor.zeros(1, width));
        add(name + "intermediate.dense.bias", Tensor.zeros(1));
        add(name + "output.dense.weight", Tensor.zeros(width, 1));
        add(name + "output.dense.bias", Tensor.zeros(width));
        norm(name + "output.LayerNorm");
    }

    /// The nearer the better, and only what comes later.
    private static double ahead(int offset) {
        return offset > 0 ? 0.8 - 0.04 * offset : 0;
    }

    private static double both(Set<String> these, String from, Set<String> those, String to) {
        return these.contains(from) && those.contains(to) ? 1 : 0;
    }

    /// Gives a head its scores.
    ///
    /// @param previous whether the word before a place is looked at, not the one that stands there
    private void plant(int head, Distance distance, Score score, boolean previous, Tensor query, Tensor key) {
        int first = head * headWidth;
        for (int p = 0; p < POSITIONS; p++) {
            key.set(1, first + p, p);
            for (int own = 0; own < POSITIONS; own++) {
                query.set((float) distance.of(p - own), first + p, own);
            }
        }
        for (int w = 0; w < words.size(); w++) {
            key.set(1, first + POSITIONS + w, previous ? before(w) : word(w));
            for (int own = 0; own < words.size(); own++) {
                query.set((float) score.ofWords(words.get(own), words.get(w)), first + POSITIONS + w, word(own));
            }
        }
    }

    /// A map that sees the ones alone: its bias takes back what the norm has subtracted everywhere.
    private void linear(String name, Tensor weight, int ones) {
        double mean = (double) ones / width;
        double deviation = Math.sqrt(mean - mean * mean);
        Tensor bias = Tensor.zeros(width);
        for (int row = 0; row < width; row++) {
            double sum = 0;
            for (int column = 0; column < width; column++) {
                sum += weight.at(row, column);
            }
            bias.set((float) (sum * mean / deviation), row);
        }
        add(name + ".weight", weight);
        add(name + ".bias", bias);
    }

    private void norm(String name) {
        Tensor gain = Tensor.zeros(width);
        Arrays.fill(gain.values(), 1);
        add(name + ".weight", gain);
        add(name + ".bias", Tensor.zeros(width));
    }

    private void add(String name, Tensor tensor) {
        List<Integer> shape = Arrays.stream(tensor.shape().toArray()).boxed().toList();
        tensors.add(new NamedTensor.Floats(name, shape, tensor.toArray()));
    }

    /// What each head does, layer by layer.
    static List<Role> roles() {
        return List.of(
                Role.PREVIOUS,
                Role.NEXT,
                Role.ITSELF,
                Role.SPECIAL,
                Role.BROAD,
                Role.DUPLICATE,
                Role.INDUCTION,
                Role.DETERMINER,
                Role.ADJECTIVE,
                Role.OBJECT,
                Role.SUBJECT,
                Role.PRONOUN);
    }
}
