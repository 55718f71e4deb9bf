package heed.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder in which Python's `huggingface_hub` keeps what it fetched, and Heed too. Of each repository it
/// has
///
/// - `blobs/`: contents, named by the hub's ETag for them;
/// - `snapshots/<commit>/`: the files of a commit, as links to contents, so that commits share what is the
/// same;
/// - `refs/<branch or tag>`: the commit that it meant when last asked for;
/// - `.no_exist/<commit>/`: empty files for those that the commit is known not to have.
///
/// Layout: <https://huggingface.co/docs/huggingface_hub/guides/manage-cache>.
record SnapshotCache(Path root) {
    private static final long LARGEST_INDEX = 64 << 20;

    Path storage(HuggingFaceReference reference) {
        return root.resolve(reference.folderName());
    }

    Path lockFile(HuggingFaceReference reference) {
        return root.resolve(".locks").resolve(reference.folderName()).resolve("heed.lock");
    }

    Path blob(HuggingFaceReference reference, String etag) {
        return storage(reference).resolve("blobs").resolve(etag);
    }

    Path snapshot(HuggingFaceReference reference, String commit) {
        return storage(reference).resolve("snapshots").resolve(commit);
    }

    /// The commit that a revision means as far as the cache knows.
    Optional<String> commit(HuggingFaceReference reference) {
        String commit = reference.revision();
        try {
            Path known = storage(reference).resolve("refs").resolve(reference.revision());
            if (Files.isRegularFile(known)) {
                commit = Files.readString(known).strip();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return HuggingFaceReference.isCommit(commit) && Files.isDirectory(snapshot(reference, commit))
                ? Optional.of(commit)
                : Optional.empty();
    }

    /// The model that is here and whole: the folder, or the GGUF file in it. Its tokenizer may be missing.
    ///
    /// @throws HubException when there are several GGUF files, and it is not clear which is meant
    Optional<Path> model(HuggingFaceReference reference) {
        return commit(reference).flatMap(commit -> model(reference, snapshot(reference, commit)));
    }

    private static Optional<Path> model(HuggingFaceReference reference, Path snapshot) {
        if (reference.variant().isEmpty() && isWhole(snapshot)) {
            return Optional.of(snapshot);
        }
        List<String> gguf = files(snapshot).stream()
                .filter(RepositoryFiles::isGguf)
                .filter(name -> reference.variant().isPresent() || !Files.exists(snapshot.resolve("config.json")))
                .toList();
        boolean has = reference
                .variant()
                .map(variant -> gguf.stream().anyMatch(name -> RepositoryFiles.isVariant(name, variant)))
                .orElse(!gguf.isEmpty());
        return has ? Optional.of(snapshot.resolve(RepositoryFiles.one(reference, gguf))) : Optional.empty();
    }

    private static boolean isWhole(Path snapshot) {
        return Files.isRegularFile(snapshot.resolve("config.json"))
                && (Files.isRegularFile(snapshot.resolve("model.safetensors"))
                        || hasAllShards(snapshot)
                        || Files.isRegularFile(snapshot.resolve("model.onnx"))
                        || Files.isRegularFile(snapshot.resolve("onnx/model.onnx")));
    }

    private static boolean hasAllShards(Path snapshot) {
        Path index = snapshot.resolve(RepositoryFiles.INDEX);
        try {
            return Files.isRegularFile(index)
                    && shards(index).stream().allMatch(shard -> Files.isRegularFile(snapshot.resolve(shard)));
        } catch (IOException e) {
            return false;
        }
    }

    /// The files among which an index spreads the weights.
    ///
    /// @throws IOException also when it is no such index
    static List<String> shards(Path index) throws IOException {
        if (Files.size(index) > LARGEST_INDEX) {
            throw new IOException(index + " has " + Files.size(index) + " bytes, which is no index of weights");
        }
        var shards = new TreeSet<String>();
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(index));
            for (JsonNode shard : json.path("weight_map")) {
                shards.add(shard.asString(""));
            }
        } catch (JacksonException e) {
            throw new IOException(index + " is no JSON", e);
        }
        if (shards.isEmpty() || !shards.stream().allMatch(HuggingFaceClient::isPlain)) {
            throw new IOException(index + " names no weights, or names them by what is no file name");
        }
        return List.copyOf(shards);
    }

    /// Whether there is a tokenizer, or it is known that there is none.
    boolean tokenizerIsSettled(HuggingFaceReference reference, String commit) {
        Path snapshot = snapshot(reference, commit);
        return RepositoryFiles.TOKENIZERS.stream().anyMatch(name -> Files.isRegularFile(snapshot.resolve(name)))
                || Files.exists(storage(reference)
                        .resolve(".no_exist")
                        .resolve(commit)
                        .resolve(RepositoryFiles.TOKENIZERS.getFirst()));
    }

    /// Puts a file into a snapshot, as a link to a content that is here.
    void link(HuggingFaceReference reference, String commit, String name, String etag) throws IOException {
        Path blob = blob(reference, etag);
        Path link = snapshot(reference, commit).resolve(name);
        Path beside = link.resolveSibling("." + UUID.randomUUID());
        Path folder = Files.createDirectories(Objects.requireNonNull(link.getParent()));
        try {
            Files.createSymbolicLink(beside, folder.relativize(blob));
        } catch (UnsupportedOperationException | FileSystemException noLinks) { // Windows, for most people
            Files.copy(blob, beside);
        }
        move(beside, link);
    }

    /// Notes what a branch or tag means now.
    void remember(HuggingFaceReference reference, String commit) throws IOException {
        if (!reference.revision().equals(commit)) {
            Path file = storage(reference).resolve("refs").resolve(reference.revision());
            Files.createDirectories(file.getParent());
            Path beside = file.resolveSibling("." + UUID.randomUUID());
            Files.writeString(beside, commit, StandardCharsets.US_ASCII);
            move(beside, file);
        }
    }

    /// Notes that a commit has no file of this name.
    void rememberAbsent(HuggingFaceReference reference, String commit, String name) throws IOException {
        Path file = storage(reference).resolve(".no_exist").resolve(commit).resolve(name);
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.write(file, new byte[0]);
        }
    }

    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// All models here that can be read, by repository and branch, tag or, where no other name is known,
    /// commit.
    List<HuggingFaceReference> models() {
        List<HuggingFaceReference> models = new ArrayList<>();
        for (Path storage : list(root)) {
            String folder = storage.getFileName().toString();
            if (folder.startsWith("models--")) {
                String repository = folder.substring("models--".length()).replace("--", "/");
                revisions(storage).stream()
                        .map(revision -> HuggingFaceReference.of(repository, revision))
                        .filter(this::isReadable)
                        .forEach(models::add);
            }
        }
        return List.copyOf(models);
    }

    private static List<String> revisions(Path storage) {
        Path refs = storage.resolve("refs");
        List<String> names = files(refs);
        var named = new TreeSet<String>();
        for (String name : names) {
            try {
                named.add(Files.readString(refs.resolve(name)).strip());
            } catch (IOException unreadable) {
                // then its commit counts as one without a name
            }
        }
        List<String> all = new ArrayList<>(names);
        for (Path snapshot : list(storage.resolve("snapshots"))) {
            String commit = snapshot.getFileName().toString();
            if (!named.contains(commit)) {
                all.add(commit);
            }
        }
        return all;
    }

    private boolean isReadable(HuggingFaceReference reference) {
        try {
            return model(reference).isPresent();
        } catch (HubException severalFiles) {
            return true;
        }
    }

    /// The bytes that the files of a snapshot hold, links followed.
    long size(HuggingFaceReference reference) {
        return commit(reference)
                .map(commit -> {
                    Path snapshot = snapshot(reference, commit);
                    return files(snapshot).stream()
                            .mapToLong(name -> snapshot.resolve(name).toFile().length())
                            .sum();
                })
                .orElse(0L);
    }

    /// What is wrong with the contents of a snapshot, file by file: their names say what they should be.
    List<String> misfitsOfContent(HuggingFaceReference reference, String commit) throws IOException {
        List<String> misfits = new ArrayList<>();
        Path snapshot = snapshot(reference, commit);
        for (String name : files(snapshot)) {
            Path file = snapshot.resolve(name);
            if (Files.isSymbolicLink(file)) {
                String etag = Files.readSymbolicLink(file).getFileName().toString();
                if (!Files.isRegularFile(file)) {
                    misfits.add(name + " is missing");
                } else if (!BlobDigest.matches(file, etag)) {
                    misfits.add(name + " has changed since it was fetched");
                }
            }
        }
        return misfits;
    }

    /// The names of all files below a folder, with `/` between folders; none when there is no folder.
    private static List<String> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException nothingToSee) {
            return List.of();
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException nothingToSee) {
            return List.of();
        }
    }
}
