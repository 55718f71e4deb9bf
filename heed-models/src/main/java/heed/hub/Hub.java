package heed.hub;

import heed.hub.Catalogue.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Models by name. A reference becomes the path of a local folder in the layout of Hugging Face:
///
/// - a folder is itself;
/// - an alias of the catalogue, such as `minilm`, stands for an artifact;
/// - a name such as `en-kn` is a folder of that name beside the program, or where `HEED_MODELS` says;
/// - `maven:group:artifact:version` is fetched as Maven would fetch it, from the local repository or a remote
///   one as the user's `settings.xml` says, checked, and unpacked into the cache;
/// - `hf:org/name[@revision][:variant]` is a repository of the Hugging Face hub, in the cache that Python's
///   `huggingface_hub` keeps. Of several GGUF files, the variant is part of the name of the one that is meant.
///
/// A model in a single GGUF file is the path of that file instead.
///
/// What is in the cache is found there without the network and without Maven. Safe for use by several threads
/// and several processes at once.
public final class Hub {
    private final ModelCache cache;
    private final Catalogue catalogue;
    private final SettingsFiles settings;
    private final Supplier<HuggingFaceHub> huggingFace;
    private final ModelFolders beside;

    Hub(ModelCache cache, Catalogue catalogue, SettingsFiles settings) {
        this(cache, catalogue, settings, HuggingFaceHub::standard);
    }

    Hub(ModelCache cache, Catalogue catalogue, SettingsFiles settings, Supplier<HuggingFaceHub> huggingFace) {
        this(cache, catalogue, settings, huggingFace, ModelFolders.standard());
    }

    Hub(
            ModelCache cache,
            Catalogue catalogue,
            SettingsFiles settings,
            Supplier<HuggingFaceHub> huggingFace,
            ModelFolders beside) {
        this.cache = cache;
        this.catalogue = catalogue;
        this.settings = settings;
        this.huggingFace = huggingFace;
        this.beside = beside;
    }

    /// The user's cache and settings. The cache is the folder that the property `heed.cache` or the
    /// environment's `HEED_CACHE` names, else `$XDG_CACHE_HOME/heed`, else `~/.cache/heed`
    /// (`~/Library/Caches/heed` on macOS).
    public static Hub standard() {
        return new Hub(ModelCache.standard(), Catalogue.standard(), SettingsFiles.standard());
    }

    /// The user's settings, and a cache in the given folder.
    public static Hub in(Path cacheFolder) {
        return new Hub(new ModelCache(cacheFolder.toAbsolutePath()), Catalogue.standard(), SettingsFiles.standard());
    }

    /// The folder under which models are cached.
    public Path cacheFolder() {
        return cache.root();
    }

    /// The models that have a short name.
    public List<CatalogueEntry> catalogue() {
        return catalogue.entries();
    }

    /// The names of the models beside the program, and of those where `HEED_MODELS` says.
    public List<String> namedFolders() {
        return beside.names();
    }

    /// As [#fetch(String, Progress)], without telling anyone how far it is.
    public Path fetch(String reference) {
        return fetch(reference, Progress.none());
    }

    /// The folder of the model, fetched first if it is not here. A cached model whose files are missing or have
    /// other sizes than they should is unpacked anew.
    ///
    /// @throws HubException when there is no such model, or it cannot be had now
    public Path fetch(String reference, Progress progress) {
        return switch (resolve(reference)) {
            case Local(Path folder) -> folder;
            case Cached model -> cache.whole(model.coordinates()).orElseGet(() -> pull(model, progress));
            case Repository(HuggingFaceReference repository) ->
                huggingFace.get().fetch(repository, progress);
        };
    }

    /// As [#fetch], only that a repository of the Hugging Face hub is asked what its branch means now, even
    /// when an earlier state of it is here.
    ///
    /// @throws HubException when there is no such model, or it cannot be had now
    public Path pull(String reference, Progress progress) {
        return switch (resolve(reference)) {
            case Local _, Cached _ -> fetch(reference, progress);
            case Repository(HuggingFaceReference repository) ->
                huggingFace.get().pull(repository, progress);
        };
    }

    /// The folder of the model if it is here and, as far as a quick look tells, whole.
    ///
    /// @throws HubException when the reference means nothing
    public Optional<Path> cached(String reference) {
        return switch (resolve(reference)) {
            case Local(Path folder) -> Optional.of(folder);
            case Cached model -> cache.whole(model.coordinates());
            case Repository(HuggingFaceReference repository) ->
                huggingFace.get().cached(repository);
        };
    }

    /// The models of the Hugging Face hub that are in its cache and can be read here, whoever fetched them.
    public List<CachedRepository> repositories() {
        SnapshotCache snapshots = huggingFace.get().cache();
        return snapshots.models().stream()
                .map(model -> new CachedRepository(model.toString(), snapshots.size(model)))
                .toList();
    }

    /// Reads every byte of a cached model and compares the digests with those of the day it was unpacked.
    ///
    /// @return what is wrong, a line for each file; empty when nothing is
    /// @throws HubException when the model is not cached, or is a folder of the user's, which has no digests
    public List<String> verify(String reference, Progress progress) {
        switch (resolve(reference)) {
            case Local(Path folder) ->
                throw new HubException("%s is a folder of its own: there are no digests to compare".formatted(folder));
            case Repository(HuggingFaceReference repository) -> {
                return huggingFace.get().verify(repository);
            }
            case Cached model -> {
                if (!cache.has(model.coordinates())) {
                    throw new HubException("%s is not cached".formatted(model.name()));
                }
                Path folder = cache.folder(model.coordinates());
                try {
                    return Manifest.read(folder).misfitsOfContent(folder, progress);
                } catch (IOException e) {
                    return List.of(cache.damage(model.coordinates()).orElseGet(() -> HubException.reason(e)));
                }
            }
        }
    }

    /// What a reference stands for.
    private sealed interface Model {}

    /// A folder that the user has.
    private record Local(Path folder) implements Model {}

    /// A repository of the Hugging Face hub.
    private record Repository(HuggingFaceReference reference) implements Model {}

    /// An artifact, in the cache or yet to be fetched.
    ///
    /// @param name what the user calls it
    private record Cached(String name, MavenCoordinates coordinates, Optional<Listing> listing) implements Model {}

    private Model resolve(String reference) {
        if (reference.startsWith(MavenCoordinates.SCHEME)) {
            MavenCoordinates coordinates = MavenCoordinates.parse(reference);
            return new Cached(reference, coordinates, catalogue.byArtifact(coordinates));
        }
        if (reference.startsWith(HuggingFaceReference.SCHEME)) {
            return new Repository(HuggingFaceReference.parse(reference));
        }
        Optional<Path> path = path(reference);
        if (path.isPresent() && Files.isRegularFile(path.get().resolve("config.json"))) {
            return new Local(path.get());
        }
        Optional<Path> gguf = path.flatMap(Hub::gguf);
        if (gguf.isPresent()) {
            return new Local(gguf.get());
        }
        Optional<Listing> listing = catalogue.byAlias(reference);
        if (listing.isPresent()) {
            return new Cached(reference, listing.get().coordinates(), listing);
        }
        Optional<Path> named = beside.named(reference);
        if (named.isPresent()) {
            return new Local(named.get());
        }
        if (path.isPresent() && Files.isDirectory(path.get())) {
            throw new HubException("the folder %s has no config.json and no GGUF file".formatted(reference));
        }
        if (path.isPresent() && Files.exists(path.get())) {
            throw new HubException(
                    "%s is a file; a model is the folder around its files, or a GGUF file".formatted(reference));
        }
        if (reference.contains("/") || reference.contains("\\")) {
            throw new HubException("there is no folder %s".formatted(reference));
        }
        throw catalogue.unknown(reference, beside.names());
    }

    /// The path itself if it is a GGUF file, or the only one in the folder that it is.
    private static Optional<Path> gguf(Path path) {
        if (Files.isRegularFile(path)) {
            return Optional.of(path).filter(file -> RepositoryFiles.isGguf(file.toString()));
        }
        if (!Files.isDirectory(path)) {
            return Optional.empty();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(file -> RepositoryFiles.isGguf(file.toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new HubException("the folder %s cannot be read (%s)".formatted(path, HubException.reason(e)), e);
        }
        if (files.size() > 1) {
            throw new HubException("the folder %s has %d GGUF files; give one of them: %s"
                    .formatted(path, files.size(), files.getFirst()));
        }
        return files.stream().findFirst();
    }

    private static Optional<Path> path(String reference) {
        try {
            return reference.isBlank() ? Optional.empty() : Optional.of(Path.of(reference));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Path pull(Cached model, Progress progress) {
        MavenCoordinates coordinates = model.coordinates();
        return cache.locked(coordinates, progress, () -> {
            Path folder = cache.folder(coordinates);
            Optional<String> damage = cache.has(coordinates) ? cache.damage(coordinates) : Optional.empty();
            if (cache.has(coordinates) && damage.isEmpty()) {
                return folder; // somebody else has fetched it while this one waited
            }
            Path jar;
            try {
                jar = download(model, progress);
            } catch (HubException e) {
                throw damage.map(what -> new HubException(
                                "the cached copy of %s in %s is damaged (%s), and it cannot be mended now: %s"
                                        .formatted(model.name(), folder, what, e.getMessage()),
                                e))
                        .orElse(e);
            }
            Path partial = cache.partial(coordinates);
            try {
                new ModelArchive(jar, coordinates, model.listing()).unpack(cache, partial, progress);
                return cache.publish(partial, coordinates);
            } finally {
                if (Files.exists(partial)) {
                    ModelCache.delete(partial);
                }
            }
        });
    }

    /// The artifact in the local Maven repository, of which the pinned digest, if there is one, has been
    /// checked.
    private Path download(Cached model, Progress progress) throws IOException {
        MavenCoordinates coordinates = model.coordinates();
        var artifacts = new MavenArtifacts(MavenSettings.read(settings));
        Path local = artifacts.localPath(coordinates);
        if (!Files.exists(local) && model.listing().isPresent()) {
            ModelCache.requireSpace(
                    artifacts.localRepository(), model.listing().get().entry().downloadBytes());
        }
        Path jar = artifacts.resolve(coordinates, model.name(), progress);
        Optional<String> pinned = model.listing()
                .filter(listing -> listing.coordinates().equals(coordinates))
                .flatMap(Listing::sha256);
        if (pinned.isPresent()) {
            progress.start("checking " + model.name(), Files.size(jar));
            String actual;
            try {
                actual = Manifest.sha256(jar, progress);
            } finally {
                progress.done();
            }
            if (!actual.equals(pinned.get())) {
                throw new HubException("a corrupt download: %s has SHA-256 %s, expected %s; delete it and pull again"
                        .formatted(jar, actual, pinned.get()));
            }
        }
        return jar;
    }
}
