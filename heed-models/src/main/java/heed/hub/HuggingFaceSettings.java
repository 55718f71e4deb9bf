package heed.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the environment says of the Hugging Face hub, in the variables that Python's `huggingface_hub` reads,
/// so that both share a cache and a token.
///
/// @param endpoint where the hub is: `HF_ENDPOINT`
/// @param token who is asking: `HF_TOKEN`, or the file that a login wrote
/// @param tokenFile where a login writes the token
/// @param cache the folder of the repositories: `HF_HUB_CACHE`, or `hub` in `HF_HOME`
/// @param offline whether the network must not be used: `HF_HUB_OFFLINE`
record HuggingFaceSettings(URI endpoint, Optional<String> token, Path tokenFile, Path cache, boolean offline) {
    private static final String PUBLIC_ENDPOINT = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    static HuggingFaceSettings standard() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /// @throws HubException when a variable makes no sense
    static HuggingFaceSettings of(Map<String, String> environment, Path home) {
        Path caches = folder(environment, "XDG_CACHE_HOME", home).orElse(home.resolve(".cache"));
        Path huggingFace = folder(environment, "HF_HOME", home).orElse(caches.resolve("huggingface"));
        Path tokenFile = folder(environment, "HF_TOKEN_PATH", home).orElse(huggingFace.resolve("token"));
        Path cache = folder(environment, "HF_HUB_CACHE", home)
                .or(() -> folder(environment, "HUGGINGFACE_HUB_CACHE", home))
                .orElse(huggingFace.resolve("hub"));
        boolean offline = yes(environment, "HF_HUB_OFFLINE") || yes(environment, "TRANSFORMERS_OFFLINE");
        return new HuggingFaceSettings(
                endpoint(value(environment, "HF_ENDPOINT").orElse(PUBLIC_ENDPOINT)),
                token(environment, tokenFile),
                tokenFile,
                cache,
                offline);
    }

    private static URI endpoint(String text) {
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException notEvenAnAddress) {
            // said below
        }
        throw new HubException(
                "HF_ENDPOINT is '%s', an address such as %s was expected".formatted(text, PUBLIC_ENDPOINT));
    }

    private static Optional<String> token(Map<String, String> environment, Path file) {
        Optional<String> given = value(environment, "HF_TOKEN").or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"));
        if (given.isEmpty() && !yes(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN") && Files.isRegularFile(file)) {
            try {
                given = Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
            } catch (IOException e) {
                throw new HubException("the file with the token cannot be read: " + HubException.reason(e), e);
            }
        }
        if (given.isPresent() && !given.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new HubException(
                    "the token for the hub (HF_TOKEN, or %s) has characters that no token has".formatted(file));
        }
        return given;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Optional<Path> folder(Map<String, String> environment, String name, Path home) {
        return value(environment, name)
                .map(text -> text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text)
                .map(text -> Path.of(text).toAbsolutePath());
    }

    private static boolean yes(Map<String, String> environment, String name) {
        return value(environment, name)
                .map(value -> YES.contains(value.toUpperCase(Locale.ROOT)))
                .orElse(false);
    }
}
