package heed.onednn;

import heed.cache.CacheFolder;
import heed.kernel.EngineUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads oneDNN, once: the library that the property `heed.onednn.library` names, or else the one that lies in
/// a jar of `org.bytedeco:dnnl` for this platform, unpacked to the cache folder first.
@SuppressWarnings("restricted") // calling native code is what this module is for
final class NativeLibrary {
    /// The system property with the path of a library to load instead of the one in the jar.
    static final String PROPERTY = "heed.onednn.library";

    /// Only this platform's jar has a library that was tried.
    private static final String PLATFORM = "linux-x86_64";

    private static final String RESOURCES = "org/bytedeco/dnnl/" + PLATFORM + "/";
    private static final String LIBRARY = "libdnnl.so.3";

    /// What the library needs beside itself; it looks in its own folder.
    private static final List<String> FILES = List.of("libgomp.so.1", LIBRARY);

    private static @Nullable SymbolLookup symbols;
    private static @Nullable String failure; // the reason

    private NativeLibrary() {}

    /// @throws EngineUnavailableException when there is no library, or it cannot be loaded; the same each time
    static synchronized SymbolLookup load() throws EngineUnavailableException {
        String known = failure;
        if (known != null) {
            throw new EngineUnavailableException(known);
        }
        SymbolLookup loaded = symbols;
        if (loaded == null) {
            try {
                loaded = SymbolLookup.libraryLookup(path(), Arena.global());
                symbols = loaded;
            } catch (EngineUnavailableException e) {
                failure = e.getMessage();
                throw e;
            } catch (IllegalArgumentException | IllegalCallerException | LinkageError e) {
                String reason = "its library cannot be loaded: " + firstLine(e);
                failure = reason;
                throw new EngineUnavailableException(reason, e);
            }
        }
        return loaded;
    }

    private static Path path() throws EngineUnavailableException {
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            Path path = Path.of(chosen).toAbsolutePath();
            if (!Files.isRegularFile(path)) {
                throw new EngineUnavailableException("there is no file " + chosen + ", which " + PROPERTY + " names");
            }
            return path;
        }
        URL library = resource(LIBRARY);
        if (!platform().equals(PLATFORM) || library == null) {
            throw new EngineUnavailableException("there is no oneDNN library for " + platform()
                    + " on the class path; the property " + PROPERTY + " can name one");
        }
        try {
            return unpacked(CacheFolder.standard().resolve("native"), library).resolve(LIBRARY);
        } catch (IOException e) {
            throw new EngineUnavailableException("its library cannot be unpacked: " + firstLine(e), e);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "");
        return (system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : system) + "-"
                + (processor.equals("amd64") ? "x86_64" : processor);
    }

    private static @Nullable URL resource(String file) {
        return NativeLibrary.class.getClassLoader().getResource(RESOURCES + file);
    }

    /// The folder with the files of this version. It appears as a whole, so that a process that is killed, or
    /// two that unpack at once, leave nothing half done.
    static Path unpacked(Path parent, URL library) throws IOException {
        Path folder = parent.resolve("dnnl-" + checksum(library));
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(parent);
            Path unfinished = Files.createTempDirectory(parent, "unpacking");
            try {
                for (String file : FILES) {
                    URL source = resource(file);
                    if (source != null) {
                        try (InputStream in = source.openStream()) {
                            Files.copy(in, unfinished.resolve(file));
                        }
                    }
                }
                move(unfinished, folder);
            } finally {
                deleteIfThere(unfinished);
            }
        }
        return folder;
    }

    private static void move(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // otherwise another process was first
                throw e;
            }
        }
    }

    /// What tells one version of the library from another, without reading it: its checksum in the jar.
    private static String checksum(URL library) throws IOException {
        URLConnection connection = library.openConnection();
        return connection instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toString(connection.getContentLengthLong());
    }

    private static void deleteIfThere(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
