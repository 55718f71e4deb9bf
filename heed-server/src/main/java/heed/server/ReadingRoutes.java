package heed.server;

import heed.claims.SideBySide;
import heed.kernel.Kernels;
import heed.kernel.WorkerPool;
import heed.tensor.Compute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/// A text read by a recurrent network and by a Transformer, side by side.
record ReadingRoutes(Kernels kernels, WorkerPool workers) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        new Routes(rules).post("/side-by-side", this::read);
    }

    private void read(ServerRequest request, ServerResponse response) {
        String text = Body.of(request).text("text").strip();
        if (text.isEmpty()) {
            throw Refusal.malformed("the text is empty");
        }
        List<String> words = List.of(text.split("\\s+"));
        try {
            SideBySide found = SideBySide.of(words.size(), new Compute(kernels, workers));
            Answers.json(request, response, 200, Map.of("words", words, "readers", found.readers()));
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        }
    }
}
