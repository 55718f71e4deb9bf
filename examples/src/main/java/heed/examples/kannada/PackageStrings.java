package heed.examples.kannada;

import heed.corpus.Accelerators;
import heed.corpus.CorpusException;
import heed.corpus.MoFile;
import heed.corpus.TextPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The strings in unpacked packages that are there in English and in another language. Where a package keeps
/// its languages in files of their own, strings belong together that have the same key.
final class PackageStrings {
    private final Path packages;
    private final String language;
    private final List<TextPair> pairs = new ArrayList<>();

    /// @param packages a folder with a folder for each package, as `fetch.sh` makes it
    /// @param language the other one, such as `kn`
    PackageStrings(Path packages, String language) {
        this.packages = packages;
        this.language = language;
    }

    /// Pairs whose origin is the name of their package.
    List<TextPair> read() throws IOException {
        try (Stream<Path> folders = Files.list(packages)) {
            for (Path folder : folders.sorted().toList()) {
                String name = folder.getFileName().toString();
                catalogues(folder, name);
                interfaceMessages(folder, name);
            }
        }
        chromium();
        firefox();
        localeNames("cldr-localenames-full");
        localeNames("cldr-annotations-full");
        mapFeatures("openstreetmap-id-tagging-schema");
        return pairs;
    }

    private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && wanted.test(folder.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    /// gettext, as nearly everything on Linux; LibreOffice keeps its catalogues in a place of its own.
    private void catalogues(Path folder, String name) throws IOException {
        for (Path file : files(folder, path -> path.toString().endsWith(".mo") && isOther(path))) {
            try {
                pairs.addAll(MoFile.pairs(file, name).stream()
                        .map(Accelerators::without)
                        .toList());
            } catch (CorpusException e) {
                System.err.println("left out: " + e.getMessage());
            }
        }
    }

    private boolean isOther(Path path) {
        for (Path part : path) {
            if (part.toString().matches(language + "(_[A-Z]{2})?")) {
                return true;
            }
        }
        return false;
    }

    /// MediaWiki and its like: `i18n/kn.json` beside `i18n/en.json`.
    private void interfaceMessages(Path folder, String name) throws IOException {
        for (Path file : files(folder, path -> path.getFileName().toString().equals(language + ".json"))) {
            Path english = file.resolveSibling("en.json");
            if (Files.exists(english)) {
                align(flat(Files.newInputStream(english)), flat(Files.newInputStream(file)), name);
            }
        }
    }

    private void align(Map<String, String> english, Map<String, String> other, String name) {
        other.forEach((key, text) -> {
            String source = english.get(key);
            if (source != null) {
                pairs.add(new TextPair(source, text, name));
            }
        });
    }

    private void chromium() throws IOException {
        Path english = packages.resolve("chromium-common/usr/lib/chromium/locales/en-US.pak");
        Path other = packages.resolve("chromium-l10n/usr/lib/chromium/locales/" + language + ".pak");
        if (Files.exists(english) && Files.exists(other)) {
            Map<Integer, String> sources = ResourcePak.read(english);
            ResourcePak.read(other).forEach((id, text) -> {
                if (sources.containsKey(id)) {
                    pairs.add(new TextPair(sources.get(id), text, "chromium-l10n"));
                }
            });
        }
    }

    private void firefox() throws IOException {
        String pack = "firefox-esr-l10n-" + language;
        align(extension(packages.resolve("firefox-esr-l10n-en-gb")), extension(packages.resolve(pack)), pack);
    }

    /// The strings of the language packs in a folder, by file and key.
    private Map<String, String> extension(Path folder) throws IOException {
        Map<String, String> strings = new HashMap<>();
        for (Path pack : files(folder, path -> path.toString().endsWith(".xpi"))) {
            try (FileSystem zip = FileSystems.newFileSystem(pack)) {
                for (Path file : files(zip.getPath("/"), StringFiles::isOne)) {
                    String place = file.toString().replaceAll("(^|/)(" + language + "|en-GB|en-US)(?=/|$)", "$1-");
                    StringFiles.read(file).forEach((key, text) -> strings.put(place + " " + key, text));
                }
            }
        }
        return strings;
    }

    /// Unicode's names of languages, countries, units and emoji.
    private void localeNames(String name) throws IOException {
        Path folder = packages.resolve(name);
        Map<String, String> english = new HashMap<>();
        Map<String, String> other = new HashMap<>();
        for (Path file : files(folder, path -> path.toString().endsWith(".json"))) {
            int names = file.getNameCount();
            String own = file.getName(names - 2).toString();
            if (own.equals("en") || own.equals(language)) {
                String place = file.subpath(0, names - 2) + "/" + file.getFileName();
                flat(Files.newInputStream(file))
                        .forEach((key, text) -> (own.equals("en") ? english : other)
                                .put(place + key.replace("/" + own + "/", "/-/"), text));
            }
        }
        other.keySet()
                .removeIf(key -> key.contains("/identity/")
                        || key.contains("_cldrVersion")
                        || key.contains("/default")); // lists of keywords do not correspond
        align(english, other, name);
    }

    private void mapFeatures(String name) throws IOException {
        Path folder = packages.resolve(name);
        for (Path file : files(folder, path -> path.endsWith("translations/" + language + ".json"))) {
            Map<String, String> english = shorn(flat(Files.newInputStream(file.resolveSibling("en.json"))));
            Map<String, String> other = shorn(flat(Files.newInputStream(file)));
            other.keySet().removeIf(key -> key.endsWith("/terms") || key.endsWith("/aliases"));
            align(english, other, "@openstreetmap/id-tagging-schema");
        }
    }

    /// Without the language at the beginning.
    private static Map<String, String> shorn(Map<String, String> strings) {
        Map<String, String> shorn = new HashMap<>();
        strings.forEach((key, text) -> shorn.put(key.replaceFirst("^/[^/]+", ""), text));
        return shorn;
    }

    /// The texts of a JSON file by their path.
    private static Map<String, String> flat(InputStream json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        try (json) {
            flatten(JsonMapper.shared().readTree(json), "", texts);
        } catch (JacksonException e) {
            System.err.println("left out: " + e.getOriginalMessage());
        }
        return texts;
    }

    private static void flatten(JsonNode node, String path, Map<String, String> to) {
        if (node.isString()) {
            to.put(path, node.asString());
        } else if (node.isArray() && node.size() == 1) {
            flatten(node.get(0), path, to);
        } else if (node.isObject()) {
            node.properties().forEach(entry -> flatten(entry.getValue(), path + "/" + entry.getKey(), to));
        }
    }
}
