package heed.server;

import heed.claims.Claim;
import heed.claims.ClaimFolder;
import heed.claims.ClaimResult;
import heed.claims.Claims;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What lectures claim, as lessons, with what `heed claims` has found of it.
///
/// @param folder of the results, which may come while the server runs
record ClaimRoutes(Claims claims, ClaimFolder folder) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        new Routes(rules).get("/claims", this::all).get("/claims/{name}/{picture}", this::picture);
    }

    private void all(ServerRequest request, ServerResponse response) {
        Answers.json(
                request,
                response,
                200,
                Map.of("claims", claims.all().stream().map(this::view).toList()));
    }

    private Map<String, Object> view(Claim claim) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", claim.name());
        view.put("statement", claim.statement());
        view.put("rule", claim.rule());
        view.put("question", claim.lesson().question());
        view.put("answer", claim.lesson().answer());
        try {
            folder.read(claim.name()).ifPresent(result -> view.put("result", view(result)));
        } catch (IOException e) {
            view.put("error", String.valueOf(e.getMessage()));
        }
        return view;
    }

    private static Map<String, Object> view(ClaimResult result) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("confirmed", result.confirmed());
        view.put("summary", result.summary());
        view.put("conditions", result.conditions());
        view.put("tables", result.tables());
        view.put("pictures", result.pictures().size());
        return view;
    }

    private void picture(ServerRequest request, ServerResponse response) {
        Query query = new Query(request);
        String name = query.path("name");
        int number = query.pathNumber("picture");
        Optional<ClaimResult> result;
        try {
            result = folder.read(claims.named(name).name());
        } catch (IllegalArgumentException | IOException e) {
            throw Refusal.unknown(String.valueOf(e.getMessage()));
        }
        if (result.isEmpty() || number < 1 || number > result.get().pictures().size()) {
            throw Refusal.unknown("there is no picture " + number + " of the claim " + name);
        }
        response.header("Content-Type", "image/svg+xml");
        Answers.send(request, response, result.get().pictures().get(number - 1).getBytes(StandardCharsets.UTF_8));
    }
}
