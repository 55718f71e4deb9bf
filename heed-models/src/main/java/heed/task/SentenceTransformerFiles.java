package heed.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a folder in the layout of Sentence Transformers says about embedding: `1_Pooling/config.json` and, when
/// the list of modules ends in a normalisation, vectors of length 1.
final class SentenceTransformerFiles {
    private SentenceTransformerFiles() {}

    static EmbedOptions options(Path folder) {
        EmbedOptions standard = new EmbedOptions(Pooling.MEAN, true, 0);
        Path pooling = folder.resolve("1_Pooling").resolve("config.json");
        if (!Files.isRegularFile(pooling)) {
            return standard;
        }
        JsonNode file = read(pooling);
        boolean cls = file.path("pooling_mode_cls_token").asBoolean(false);
        boolean mean = file.path("pooling_mode_mean_tokens").asBoolean(!cls);
        if (cls == mean) {
            throw new IllegalArgumentException(
                    pooling + " asks for a pooling that is not supported; supported: mean tokens, cls token");
        }
        Path modules = folder.resolve("modules.json");
        boolean normalize = !Files.isRegularFile(modules)
                || read(modules)
                        .valueStream()
                        .anyMatch(module -> module.path("type").asString("").endsWith(".Normalize"));
        return standard.pooling(cls ? Pooling.CLS : Pooling.MEAN).normalize(normalize);
    }

    private static JsonNode read(Path path) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(path));
        } catch (JacksonException | IOException e) {
            throw new IllegalArgumentException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
