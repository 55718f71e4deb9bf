package heed.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `make_score.py` wrote.
final class ScoreGolden {
    private static final Path FOLDER = Path.of("src/test/resources/golden/score");

    private ScoreGolden() {}

    static JsonNode read(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(FOLDER.resolve(name)));
    }

    static List<String> strings(JsonNode values) {
        return values.valueStream().map(JsonNode::asString).toList();
    }

    static double[] numbers(JsonNode values) {
        return values.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }
}
