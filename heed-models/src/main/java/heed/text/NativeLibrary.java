package heed.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import heed.cache.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads the native `tokenizers` library, once, when the first tokenizer is opened.
///
/// The binding's own front, `HuggingFaceTokenizer`, is left aside: it reports its use to a server and sets
/// a limit of 512 tokens. The functions below it do neither. Where the binding's jar has no library for
/// this platform, it would look for one on the network: it is told to be offline. It unpacks the library to
/// the folder that its DJL_CACHE_DIR names; unless the user has set that, to Heed's cache folder.
final class NativeLibrary {
    private static volatile boolean loaded;

    private NativeLibrary() {}

    /// Begins to load the library on a thread of its own. What goes wrong is told to whoever needs the
    /// functions.
    static void loadAside() {
        if (!loaded) {
            Thread.ofPlatform().daemon().name("heed-tokenizers").start(() -> {
                try {
                    functions();
                } catch (TokenizerException ignored) {
                    // tried again, and told, when a tokenizer is opened
                }
            });
        }
    }

    /// The library's functions.
    ///
    /// @throws TokenizerException if there is no library for this platform, or it cannot be loaded
    static synchronized TokenizersLibrary functions() {
        if (!loaded) {
            load();
            loaded = true;
        }
        return TokenizersLibrary.LIB;
    }

    private static void load() {
        Path unpackTo = null;
        boolean temporary = false;
        if (!configured("DJL_CACHE_DIR") && !configured("ENGINE_CACHE_DIR")) {
            unpackTo = writableCache();
            if (unpackTo == null) {
                unpackTo = temporaryFolder();
                temporary = true;
            }
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ai.djl.offline", "true");
        if (unpackTo != null) {
            settings.put("DJL_CACHE_DIR", unpackTo.toString());
        }
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // The binding looks for the packed library through this loader, which in a server may be somebody else's.
        thread.setContextClassLoader(TokenizersLibrary.class.getClassLoader());
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError failure) {
            throw new TokenizerException(
                    "the tokenizer library cannot be loaded on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + " (" + reason(failure)
                            + "); token ids can still be given instead of text",
                    failure);
        } finally {
            thread.setContextClassLoader(context);
            before.forEach(NativeLibrary::restore);
            if (temporary && unpackTo != null) {
                deleteQuietly(unpackTo); // a loaded library stays loaded; only Windows keeps its file
            }
        }
    }

    private static boolean configured(String name) {
        return given(System.getenv(name)) || given(System.getProperty(name));
    }

    private static boolean given(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    private static void restore(String name, @Nullable String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    /// Heed's cache folder: the property `heed.cache`, the variable HEED_CACHE, or `~/.cache/heed`; null if
    /// it cannot be written to.
    private static @Nullable Path writableCache() {
        try {
            Path folder = CacheFolder.standard();
            Files.createDirectories(folder);
            return Files.isWritable(folder) ? folder.toAbsolutePath() : null;
        } catch (IOException | RuntimeException unusable) {
            return null;
        }
    }

    /// A folder of this process alone: in a shared one, anybody could leave a library for us to load.
    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("heed");
        } catch (IOException failure) {
            throw new TokenizerException(
                    "the tokenizer library cannot be unpacked: neither the cache folder nor the temporary folder can be"
                            + " written to",
                    failure);
        }
    }

    private static void deleteQuietly(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList()) {
                if (!file.toFile().delete()) {
                    file.toFile().deleteOnExit();
                }
            }
        } catch (IOException left) {
            folder.toFile().deleteOnExit();
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }
}
