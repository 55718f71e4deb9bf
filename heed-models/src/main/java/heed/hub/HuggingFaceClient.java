package heed.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks the protocol of the Hugging Face hub: which files a revision has, what is known of one, and its
/// bytes. The token goes to the hub alone, never to the hosts that it sends us on to.
final class HuggingFaceClient {
    /// What a repository has under a revision.
    ///
    /// @param files their names; empty when the server does not list them
    record Listing(String commit, Optional<List<String>> files) {}

    /// What the hub says of a file.
    ///
    /// @param etag names the content
    /// @param size in bytes, where it is said
    record RemoteFile(String name, String commit, String etag, OptionalLong size) {}

    /// An answer that is no success.
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        RefusedException(int status, String code) {
            super("status " + status + (code.isEmpty() ? "" : " (" + code + ")"));
            this.status = status;
            this.code = code;
        }

        /// Whether there is nothing of the name that was asked for.
        boolean isUnknown() {
            return status == 404 || status == 405 || status == 501;
        }

        /// Whether the same question may be answered another time.
        boolean passing() {
            return status == 408 || status == 429 || (status >= 500 && status != 501);
        }
    }

    private static final int MOST_REDIRECTS = 8;
    private static final int LARGEST_LISTING = 64 << 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /// ETags become file names.
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");

    private final HuggingFaceSettings settings;
    private final HttpClient http;
    private final Duration patience;

    HuggingFaceClient(HuggingFaceSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER) // followed here, to know where the token goes
                .connectTimeout(patience)
                .proxy(EnvironmentProxies.of(System.getenv()))
                .build();
    }

    /// @throws RefusedException when the hub does not know the repository or the revision
    Listing listing(HuggingFaceReference reference) throws IOException {
        URI address = address("/api/models/" + reference.repository() + "/revision/" + quoted(reference.revision()));
        HttpResponse<InputStream> answer = follow("GET", address, 0);
        try (InputStream body = answer.body()) {
            JsonNode json = JsonMapper.shared().readTree(body.readNBytes(LARGEST_LISTING));
            String commit = json.path("sha").asString("");
            List<String> files = new ArrayList<>();
            for (JsonNode file : json.path("siblings")) {
                String name = file.path("rfilename").asString("");
                if (isPlain(name)) { // no other name is ever asked for
                    files.add(name);
                }
            }
            if (!HuggingFaceReference.isCommit(commit)) {
                throw new IOException("its description of the repository has no commit");
            }
            return new Listing(commit, json.has("siblings") ? Optional.of(files) : Optional.empty());
        } catch (JacksonException e) {
            throw new IOException("its description of the repository is no JSON", e);
        }
    }

    /// Whether a name is a path below a folder.
    static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
                && List.of(name.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /// @throws RefusedException when there is no such file
    RemoteFile describe(HuggingFaceReference reference, String revision, String name) throws IOException {
        URI address = file(reference, revision, name);
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> answer = send("HEAD", address, 0);
            answer.body().close();
            HttpHeaders headers = answer.headers();
            boolean redirect = REDIRECTS.contains(answer.statusCode());
            // A large file is a redirect to where its bytes lie, and the headers say what lies there. Another
            // redirect, on the hub itself, is a repository that was renamed.
            if (!redirect || headers.firstValue("x-linked-etag").isPresent()) {
                requireSuccess(answer, redirect);
                return described(name, revision, headers, redirect);
            }
            address = target(address, answer);
            if (!isHub(address)) {
                throw new IOException("it sends us to " + address.getHost() + " without a word on the file " + name);
            }
        }
        throw new IOException("it sends us in circles");
    }

    private static RemoteFile described(String name, String revision, HttpHeaders headers, boolean redirect)
            throws IOException {
        String commit =
                headers.firstValue("x-repo-commit").orElse(HuggingFaceReference.isCommit(revision) ? revision : "");
        if (!HuggingFaceReference.isCommit(commit)) {
            throw new IOException("it does not say which commit " + name + " is from");
        }
        String etag = headers.firstValue("x-linked-etag")
                .or(() -> headers.firstValue("etag"))
                .map(text -> text.replaceFirst("^W/", "").replace("\"", ""))
                .orElse("");
        if (!ETAG.matcher(etag).matches()) {
            throw new IOException("it does not name the content of " + name + " (no usable ETag)");
        }
        OptionalLong size = headers.firstValueAsLong("x-linked-size");
        if (size.isEmpty() && !redirect) {
            size = headers.firstValueAsLong("content-length");
        }
        return new RemoteFile(name, commit, etag, size);
    }

    /// The bytes of a file from the given one on. The answer's status is 206 when it begins there, 200 when it
    /// begins at the first one after all.
    HttpResponse<InputStream> open(HuggingFaceReference reference, RemoteFile file, long from) throws IOException {
        return follow("GET", file(reference, file.commit(), file.name()), from);
    }

    private HttpResponse<InputStream> follow(String method, URI first, long from) throws IOException {
        URI address = first;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> answer = send(method, address, from);
            if (!REDIRECTS.contains(answer.statusCode())) {
                requireSuccess(answer, false);
                return answer;
            }
            answer.body().close();
            address = target(address, answer);
        }
        throw new IOException("it sends us in circles");
    }

    private HttpResponse<InputStream> send(String method, URI address, long from) throws IOException {
        var request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience)
                .header("User-Agent", "heed")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (isHub(address)) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void requireSuccess(HttpResponse<InputStream> answer, boolean redirect) throws IOException {
        if (!redirect && answer.statusCode() / 100 != 2) {
            answer.body().close();
            String code = answer.headers().firstValue("x-error-code").orElse("");
            throw new RefusedException(answer.statusCode(), code);
        }
    }

    private static URI target(URI from, HttpResponse<?> answer) throws IOException {
        try {
            URI to = from.resolve(answer.headers().firstValue("location").orElse(""));
            boolean allowed = "https".equals(to.getScheme())
                    || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
            if (!allowed || to.getHost() == null) {
                throw new IOException("it sends us on to " + to + ", which is not followed");
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new IOException("it sends us on to what is no address", e);
        }
    }

    /// The same scheme, host and port, so that nobody else ever sees the token.
    private boolean isHub(URI address) {
        URI hub = settings.endpoint();
        return Objects.equals(address.getScheme(), hub.getScheme())
                && hub.getHost().equalsIgnoreCase(address.getHost())
                && port(address) == port(hub);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
    }

    private URI file(HuggingFaceReference reference, String revision, String name) {
        List<String> parts =
                List.of(name.split("/")).stream().map(HuggingFaceClient::quoted).toList();
        return address("/" + reference.repository() + "/resolve/" + quoted(revision) + "/" + String.join("/", parts));
    }

    private URI address(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// A failure in words, for the person who asked.
    HubException explain(HuggingFaceReference reference, IOException failure, @Nullable String besides) {
        String more = besides == null ? "" : "; " + besides;
        if (failure instanceof RefusedException refused) {
            return new HubException(words(reference, refused) + more, refused);
        }
        return new HubException(
                "the hub at %s cannot be used for %s (%s)%s"
                        .formatted(settings.endpoint(), reference, reason(failure), more),
                failure);
    }

    /// Java's exceptions for what cannot be reached have no message.
    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "there is no such host";
            }
        }
        if (failure instanceof ConnectException) {
            return "there is no connection";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private String words(HuggingFaceReference reference, RefusedException refused) {
        String page = settings.endpoint() + "/" + reference.repository();
        String giveToken = settings.token().isPresent()
                ? "the token that was given does not open it"
                : "give a token in HF_TOKEN or in the file " + settings.tokenFile();
        return switch (refused.status) {
            case 401, 403 ->
                refused.code.equals("GatedRepo")
                        ? "%s is gated: accept its terms at %s; %s".formatted(reference, page, giveToken)
                        : "%s does not exist, is private or is gated (the hub answers %d): %s"
                                .formatted(reference, refused.status, giveToken);
            case 404 ->
                refused.code.equals("RevisionNotFound")
                        ? "the repository %s has no revision '%s'"
                                .formatted(reference.repository(), reference.revision())
                        : "the hub at %s has no repository %s with a model in revision '%s'"
                                .formatted(settings.endpoint(), reference.repository(), reference.revision());
            default ->
                refused.passing()
                        ? "the hub at %s answers %d to all attempts for %s: try again later"
                                .formatted(settings.endpoint(), refused.status, reference)
                        : "the hub at %s answers %d for %s".formatted(settings.endpoint(), refused.status, reference);
        };
    }
}
