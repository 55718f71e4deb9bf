package heed.hub;

import heed.hub.HuggingFaceClient.Listing;
import heed.hub.HuggingFaceClient.RefusedException;
import heed.hub.HuggingFaceClient.RemoteFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Models of the Hugging Face hub, through the cache that Python's `huggingface_hub` uses.
final class HuggingFaceHub {
    private static final System.Logger LOG = System.getLogger(HuggingFaceHub.class.getName());

    private final HuggingFaceSettings settings;
    private final SnapshotCache cache;
    private final Retries retries;
    private final Duration patience;

    HuggingFaceHub(HuggingFaceSettings settings, Retries retries, Duration patience) {
        this.settings = settings;
        this.cache = new SnapshotCache(settings.cache());
        this.retries = retries;
        this.patience = patience;
    }

    static HuggingFaceHub standard() {
        return new HuggingFaceHub(HuggingFaceSettings.standard(), Retries.STANDARD, Duration.ofSeconds(30));
    }

    SnapshotCache cache() {
        return cache;
    }

    /// The model if it is here and whole: a folder or a GGUF file.
    Optional<Path> cached(HuggingFaceReference reference) {
        return cache.model(reference);
    }

    /// The model, from the network only where it, or its tokenizer, is not here.
    Path fetch(HuggingFaceReference reference, Progress progress) {
        Optional<Path> here = cache.model(reference);
        if (here.isPresent() && (settings.offline() || isComplete(reference, here.get()))) {
            return here.get();
        }
        try {
            return pull(reference, progress);
        } catch (HubException e) {
            if (here.isPresent()) { // without a tokenizer it still takes ids
                LOG.log(System.Logger.Level.DEBUG, "the tokenizer cannot be fetched: {0}", e.getMessage());
                return here.get();
            }
            throw e;
        }
    }

    private boolean isComplete(HuggingFaceReference reference, Path model) {
        return RepositoryFiles.isGguf(model.toString())
                || cache.commit(reference)
                        .map(commit -> cache.tokenizerIsSettled(reference, commit))
                        .orElse(false);
    }

    /// The model as the hub has it now: a branch may mean another commit than the one in the cache.
    Path pull(HuggingFaceReference reference, Progress progress) {
        Optional<Path> here = cache.model(reference);
        if (settings.offline() && here.isPresent()) {
            return here.get();
        }
        if (settings.offline()) {
            throw new HubException("%s is not in the cache %s, and HF_HUB_OFFLINE is set%s"
                    .formatted(reference, cache.root(), alternatives(reference)));
        }
        var client = new HuggingFaceClient(settings, patience);
        try {
            return FileLocks.locked(
                    cache.lockFile(reference),
                    reference.toString(),
                    progress,
                    _ -> new Pull(client, reference, progress).run());
        } catch (FileSystemException e) {
            throw new HubException(
                    "the cache folder %s cannot be used (%s); HF_HUB_CACHE names another one"
                            .formatted(cache.root(), HubException.reason(e)),
                    e);
        } catch (IOException e) {
            String besides = here.isPresent()
                    ? "what is cached stays as it is"
                    : "it is not in the cache either" + alternatives(reference);
            throw client.explain(reference, e, e instanceof RefusedException ? null : besides);
        }
    }

    /// For someone who cannot have a model now: other revisions of it that are here, or other models.
    private String alternatives(HuggingFaceReference reference) {
        List<HuggingFaceReference> here = cache.models();
        List<HuggingFaceReference> kin = here.stream()
                .filter(model -> model.repository().equals(reference.repository()))
                .toList();
        List<HuggingFaceReference> named = kin.isEmpty() ? here : kin;
        return named.isEmpty()
                ? "; nothing is cached there"
                : "; cached are "
                        + named.stream().limit(6).map(Object::toString).collect(Collectors.joining(", "));
    }

    /// Reads every byte of a cached model and compares with the digests that its contents are named by.
    List<String> verify(HuggingFaceReference reference) {
        String commit =
                cache.commit(reference).orElseThrow(() -> new HubException("%s is not cached".formatted(reference)));
        try {
            return cache.misfitsOfContent(reference, commit);
        } catch (IOException e) {
            return List.of(HubException.reason(e));
        }
    }

    /// One pull under way.
    private final class Pull {
        private final HuggingFaceClient client;
        private final HuggingFaceReference reference;
        private final Progress progress;

        /// What the hub said of files that it was asked about one by one.
        private final Map<String, RemoteFile> described = new LinkedHashMap<>();

        Pull(HuggingFaceClient client, HuggingFaceReference reference, Progress progress) {
            this.client = client;
            this.reference = reference;
            this.progress = progress;
        }

        Path run() throws IOException {
            Listing listing = listing();
            String commit = listing.commit();
            List<String> available = listing.files().orElseGet(() -> List.copyOf(described.keySet()));
            RepositoryFiles files = RepositoryFiles.choose(reference, available);
            download(commit, files.small());
            download(commit, files.weights());
            Path snapshot = cache.snapshot(reference, commit);
            if (files.weights().contains(RepositoryFiles.INDEX)) {
                download(commit, SnapshotCache.shards(snapshot.resolve(RepositoryFiles.INDEX)));
            }
            for (String tokenizer : RepositoryFiles.TOKENIZERS) {
                if (!available.contains(tokenizer)) {
                    cache.rememberAbsent(reference, commit, tokenizer);
                }
            }
            cache.remember(reference, commit); // last: from here on it counts as here
            String weights = files.weights().getFirst();
            return RepositoryFiles.isGguf(weights) ? snapshot.resolve(weights) : snapshot;
        }

        private Listing listing() throws IOException {
            try {
                Listing listing = retries.ask(() -> client.listing(reference));
                return listing.files().isPresent() ? listing : new Listing(probe(), Optional.empty());
            } catch (RefusedException e) {
                if (!e.isUnknown()) {
                    throw e;
                }
                // A mirror may serve files and no descriptions of repositories.
                try {
                    return new Listing(probe(), Optional.empty());
                } catch (RefusedException alsoRefused) {
                    throw alsoRefused.isUnknown() ? e : alsoRefused;
                }
            }
        }

        /// Asks for the usual files one by one.
        ///
        /// @return their commit
        private String probe() throws IOException {
            RemoteFile config = describe(reference.revision(), "config.json"); // without it, nothing else counts
            for (String name : RepositoryFiles.usual()) {
                try {
                    RemoteFile file = name.equals(config.name()) ? config : describe(config.commit(), name);
                    described.put(name, file);
                } catch (RefusedException e) {
                    if (!e.isUnknown()) {
                        throw e;
                    }
                }
            }
            return config.commit();
        }

        private RemoteFile describe(String revision, String name) throws IOException {
            return retries.ask(() -> client.describe(reference, revision, name));
        }

        private void download(String commit, List<String> names) throws IOException {
            List<RemoteFile> missing = new ArrayList<>();
            for (String name : names) {
                if (!Files.isRegularFile(cache.snapshot(reference, commit).resolve(name))) {
                    RemoteFile known = described.get(name);
                    missing.add(known != null ? known : describe(commit, name));
                }
            }
            List<RemoteFile> absent =
                    missing.stream().filter(file -> !isHere(file)).toList();
            if (!absent.isEmpty()) {
                download(absent);
            }
            for (RemoteFile file : missing) {
                cache.link(reference, commit, file.name(), file.etag());
            }
        }

        private boolean isHere(RemoteFile file) {
            Path blob = cache.blob(reference, file.etag());
            return Files.isRegularFile(blob)
                    && (file.size().isEmpty()
                            || file.size().getAsLong() == blob.toFile().length());
        }

        private void download(List<RemoteFile> files) throws IOException {
            boolean known = files.stream().allMatch(file -> file.size().isPresent());
            long total = files.stream().mapToLong(file -> file.size().orElse(0)).sum();
            long begun = files.stream()
                    .mapToLong(file -> cache.blob(reference, file.etag() + ".incomplete")
                            .toFile()
                            .length())
                    .sum();
            ModelCache.requireSpace(cache.root(), total - Math.min(begun, total));
            progress.start("downloading " + reference, known ? total : -1);
            try {
                for (RemoteFile file : files) {
                    Path blob = cache.blob(reference, file.etag());
                    if (!isHere(file)) { // two files of the same content are fetched once
                        new BlobDownload(client, reference, file, blob, patience, progress::advance).run(retries);
                    }
                }
            } finally {
                progress.done();
            }
        }
    }
}
