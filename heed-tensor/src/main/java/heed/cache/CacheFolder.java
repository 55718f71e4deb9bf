package heed.cache;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Where Heed keeps what it fetched or unpacked and can get again.
public final class CacheFolder {
    private CacheFolder() {}

    /// The folder that the property `heed.cache` or the environment's `HEED_CACHE` names, else
    /// `$XDG_CACHE_HOME/heed`, else `~/.cache/heed` (`~/Library/Caches/heed` on macOS). It need not exist yet.
    public static Path standard() {
        String chosen = Optional.ofNullable(System.getProperty("heed.cache"))
                .orElseGet(
                        () -> Optional.ofNullable(System.getenv("HEED_CACHE")).orElse(""));
        if (!chosen.isBlank()) {
            return Path.of(chosen).toAbsolutePath();
        }
        String shared = System.getenv("XDG_CACHE_HOME");
        // The XDG base directory specification tells to ignore relative paths.
        if (shared != null && Path.of(shared).isAbsolute()) {
            return Path.of(shared, "heed");
        }
        Path home = Path.of(System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
        return mac ? home.resolve("Library/Caches/heed") : home.resolve(".cache/heed");
    }
}
