package heed.hub;

import java.nio.file.Path;
import java.util.Map;

/// A process that pulls `hf:acme/tiny`, to be killed.
final class PullFromHubInAnotherProcess {
    private PullFromHubInAnotherProcess() {}

    /// @param arguments the endpoint and the cache folder
    public static void main(String[] arguments) {
        HuggingFaceHubTest.hub(Map.of("HF_ENDPOINT", arguments[0], "HF_HUB_CACHE", arguments[1]), Path.of(arguments[1]))
                .pull(HuggingFaceReference.parse("hf:acme/tiny"), Progress.none());
    }
}
