package heed.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// LangChain4j's client of OpenAI's interface, as it comes from Maven Central.
@Timeout(120)
class LangChain4jTest {
    @Test
    void embedsAndTalksUnchanged(@TempDir Path folder) throws Exception {
        try (ClientModels models = ClientModels.start(folder);
                Model reader = Models.open(Path.of(models.reader()))) {
            String address = models.server().address().resolve("/v1").toString();
            OpenAiEmbeddingModel embedder = OpenAiEmbeddingModel.builder()
                    .baseUrl(address)
                    .apiKey(ClientModels.KEY)
                    .modelName(models.reader())
                    .build();
            assertThat(embedder.embedAll(List.of(TextSegment.from("the bank"), TextSegment.from("the river")))
                            .content()
                            .get(1)
                            .vector())
                    .containsExactly(new Embedder(reader).embed("the river"));
            OpenAiChatModel chat = OpenAiChatModel.builder()
                    .baseUrl(address)
                    .apiKey(ClientModels.KEY)
                    .modelName(models.writer())
                    .temperature(0.0)
                    .maxTokens(6)
                    .build();
            String said = chat.chat("the bank");
            assertThat(said).isNotEmpty();
            assertThat(streamed(models, address)).isEqualTo(said);
            OpenAiEmbeddingModel stranger = OpenAiEmbeddingModel.builder()
                    .baseUrl(address)
                    .apiKey("wrong")
                    .modelName(models.reader())
                    .maxRetries(0)
                    .build();
            assertThatThrownBy(() -> stranger.embed("the bank")).hasMessageContaining("asks for a key");
        }
    }

    private static String streamed(ClientModels models, String address) throws Exception {
        StringBuilder parts = new StringBuilder();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(address)
                .apiKey(ClientModels.KEY)
                .modelName(models.writer())
                .temperature(0.0)
                .maxTokens(6)
                .build()
                .chat("the bank", new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String part) {
                        parts.append(part);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        assertThat(whole.get(60, TimeUnit.SECONDS).aiMessage().text()).isEqualTo(parts.toString());
        return parts.toString();
    }
}
