package heed.recipe;

import heed.subword.SubwordSampler;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Other cuts of words than those of the tokenizer in a folder.
final class SubwordCuts {
    /// Tokens that stand for no characters.
    private static final Pattern SPECIAL = Pattern.compile("<0x[0-9A-F]{2}>|<pad>|</?s>|<unk>");

    /// How even the chances of the cuts of a word are (Kudo 2018, α in §3.1).
    private static final double SMOOTHING = 0.2;

    private SubwordCuts() {}

    /// @param share of the words that are cut anew; 0 for none
    /// @throws RecipeException when the tokenizer is not one of the unigram model, which knows what is likely
    static Optional<SubwordSampler> sampler(Path folder, double share) {
        if (share == 0) {
            return Optional.empty();
        }
        JsonNode model = JsonMapper.shared()
                .readTree(folder.resolve("tokenizer.json").toFile())
                .path("model");
        String type = model.path("type").asString("another");
        if (!type.equals("Unigram")) {
            throw new RecipeException("subword_sampling needs a tokenizer of the unigram model, not of " + type);
        }
        List<JsonNode> pieces =
                StreamSupport.stream(model.path("vocab").spliterator(), false).toList();
        List<String> tokens =
                pieces.stream().map(piece -> piece.get(0).asString()).toList();
        double[] scores = pieces.stream()
                .mapToDouble(piece -> SPECIAL.matcher(piece.get(0).asString()).matches()
                        ? Double.NaN
                        : piece.get(1).asDouble())
                .toArray();
        return Optional.of(new SubwordSampler(tokens, scores, share, SMOOTHING));
    }
}
