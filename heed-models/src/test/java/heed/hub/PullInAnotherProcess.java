package heed.hub;

import java.nio.file.Path;
import java.util.Optional;

/// What a test starts as a process of its own: pulls a model and prints where it lies.
public final class PullInAnotherProcess {
    private PullInAnotherProcess() {}

    /// @param arguments the cache folder, the settings file, the reference
    public static void main(String[] arguments) {
        var hub = new Hub(
                new ModelCache(Path.of(arguments[0])),
                Catalogue.standard(),
                new SettingsFiles(Path.of(arguments[1]), Optional.empty(), Optional.empty()));
        System.out.println(hub.fetch(arguments[2]));
    }
}
