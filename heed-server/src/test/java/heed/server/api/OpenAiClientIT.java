package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// OpenAI's own client for Node.js (`web/clients/openai.mjs`) as it comes from npm. Without it the test is
/// skipped.
class OpenAiClientIT {
    private static final Path WEB = Path.of("web");

    @Test
    void theOfficialClientWorksUnchanged(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(WEB.resolve("node_modules/openai")),
                "the page was not built (no npm, or -DskipFrontend)");
        try (ClientModels models = ClientModels.start(folder);
                Model reader = Models.open(Path.of(models.reader()))) {
            JsonNode got = run(models, folder.resolve("errors.txt"));
            float[] expected = new Embedder(reader).embed("the river bank");
            assertThat(floats(got.get("embedding"))).containsExactly(expected);
            assertThat(floats(got.get("floats"))).containsExactly(expected);
            assertThat(got.get("models").get(0).stringValue()).isEqualTo(models.reader());
            assertThat(got.get("completion").get("finish_reason").stringValue()).isIn("stop", "length");
            String said = got.get("chat").get("message").get("content").stringValue();
            assertThat(said).isNotEmpty();
            assertThat(got.get("streamed").stringValue()).isEqualTo(said);
            assertThat(got.get("usage").get("completion_tokens").intValue()).isBetween(1, 6);
            assertThat(got.get("scores").has("toxic")).isTrue();
            assertThat(got.get("unknown").stringValue()).contains("there is no model 'gpt-4' here");
            assertThat(got.get("unauthorized").stringValue()).contains("asks for a key");
        }
    }

    private static float[] floats(JsonNode node) {
        float[] values = new float[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).floatValue();
        }
        return values;
    }

    private static JsonNode run(ClientModels models, Path errors) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "node", "clients/openai.mjs", models.reader(), models.writer(), models.sorter())
                .directory(WEB.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("HEED_URL", models.server().address().toString());
        builder.environment().put("HEED_KEY", ClientModels.KEY);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return JsonMapper.shared().readTree(out);
    }
}
