package heed.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubTest {
    private static final String ONNX = "maven:org.example:tiny-onnx:1.0";
    private static final String SAVED_MODEL = "maven:org.example:tiny-tf:1.0";
    private static final String FOLDER = "maven:org.example:folder:1.0";

    private static final byte[] WEIGHTS = random(70_001);
    private static final byte[] TOKENIZER = "{\"version\": \"1.0\"}".getBytes(UTF_8);

    @TempDir
    Path scratch;

    private FakeRepository remote;

    @BeforeEach
    void publish() throws IOException {
        remote = new FakeRepository(scratch.resolve("remote"));
        remote.publish(ONNX, onnxJar());
        remote.publish(SAVED_MODEL, savedModelJar());
        useMirror(remote.fileUrl());
    }

    @AfterEach
    void stop() throws IOException {
        remote.close();
    }

    private static byte[] onnxJar() throws IOException {
        return FakeRepository.jar(Map.of(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\n".getBytes(UTF_8),
                "org/example/Tiny.class",
                random(50),
                "tiny-tokenizer.json",
                TOKENIZER,
                "tiny.onnx",
                WEIGHTS));
    }

    private static byte[] savedModelJar() throws IOException {
        byte[] inner = FakeRepository.stored(Map.of(
                "assets/vocab.txt", "[PAD]\n[UNK]\n".getBytes(UTF_8),
                "assets/model.json", "{}".getBytes(UTF_8),
                "saved_model.pb", random(300),
                "variables/variables.data-00000-of-00001", WEIGHTS,
                "variables/variables.index", random(90)));
        return FakeRepository.jar(Map.of("META-INF/MANIFEST.MF", new byte[0], "org/example/tiny-tf", inner));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private void useMirror(String url) throws IOException {
        writeSettings("""
                <mirrors><mirror><id>test</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>
                """.formatted(url));
    }

    private void writeSettings(String content) throws IOException {
        Files.writeString(
                settings(), "<settings><localRepository>%s</localRepository>%s</settings>".formatted(local(), content));
    }

    private Path settings() {
        return scratch.resolve("settings.xml");
    }

    private Path local() {
        return scratch.resolve("m2");
    }

    private Path models() {
        return scratch.resolve("cache/models");
    }

    private Hub hub() {
        return hub("");
    }

    /// @param pin what to add to the entry `tiny`
    private Hub hub(String pin) {
        String catalogue = """
            {"models": [
              {"alias": "tiny", "reference": "maven:org.example:tiny-onnx:1.0", "description": "a tiny model",
               "licence": "Apache-2.0", "downloadBytes": 70000, "parameters": 7,%s
               "embedding": {"pooling": "mean", "normalize": true, "maxTokens": 31, "prompts": {"query": "q: "}},
               "config": {"model_type": "bert", "hidden_size": 12}, "tokenizer": {"do_lower_case": true}},
              {"alias": "tiny-tf", "reference": "maven:org.example:tiny-tf:1.0", "description": "a tiny model",
               "licence": "Apache-2.0", "downloadBytes": 70000, "parameters": 7,
               "config": {"model_type": "bert", "hidden_size": 12}, "tokenizer": {"do_lower_case": false}},
              {"alias": "vast", "reference": "maven:org.example:vast:1.0", "description": "does not fit",
               "licence": "Apache-2.0", "downloadBytes": 4000000000000000000, "parameters": 7,
               "config": {}, "tokenizer": {}}
            ]}
            """.formatted(pin);
        return new Hub(
                new ModelCache(scratch.resolve("cache")),
                Catalogue.read(new ByteArrayInputStream(catalogue.getBytes(UTF_8))),
                new SettingsFiles(settings(), Optional.empty(), Optional.empty()));
    }

    private static AbstractStringAssert<?> assertRefused(ThrowingCallable call) {
        HubException refusal = catchThrowableOfType(HubException.class, call);
        assertThat(refusal).isNotNull();
        return assertThat(refusal.getMessage()).doesNotContain("\n");
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
                    .sorted()
                    .toList();
        }
    }

    /// The folders beside the models that are not finished.
    private List<String> unfinished() throws IOException {
        try (Stream<Path> all = Files.list(models())) {
            return all.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith(".partial"))
                    .toList();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void a_folder_with_a_config_is_itself() throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("mine"));
        assertRefused(() -> hub().fetch(folder.toString())).contains("has no config.json");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThat(hub().fetch(folder.toString())).isEqualTo(folder);
        assertThat(hub().cached(folder.toString())).contains(folder);
        assertRefused(() -> hub().fetch(folder.resolve("config.json").toString()))
                .contains("is a file");
        assertRefused(() -> hub().fetch(folder.resolve("gone").toString())).contains("there is no folder");
    }

    @Test
    void an_onnx_jar_becomes_a_folder_that_describes_itself() throws IOException {
        Path folder = hub().fetch("tiny");
        assertThat(folder).isEqualTo(models().resolve("org.example_tiny-onnx_1.0"));
        assertThat(files(folder))
                .containsExactly(
                        "1_Pooling/config.json",
                        "config.json",
                        "config_sentence_transformers.json",
                        "heed-model.json",
                        "model.onnx",
                        "modules.json",
                        "sentence_bert_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json");
        assertThat(folder.resolve("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(folder.resolve("tokenizer.json")).hasBinaryContent(TOKENIZER);
        assertThat(json(folder.resolve("config.json")).path("model_type").asString())
                .isEqualTo("bert");
        assertThat(json(folder.resolve("tokenizer_config.json"))
                        .path("do_lower_case")
                        .asBoolean())
                .isTrue();
        JsonNode pooling = json(folder.resolve("1_Pooling/config.json"));
        assertThat(pooling.path("pooling_mode_mean_tokens").asBoolean()).isTrue();
        assertThat(pooling.path("pooling_mode_cls_token").asBoolean()).isFalse();
        assertThat(pooling.path("word_embedding_dimension").asInt()).isEqualTo(12);
        assertThat(json(folder.resolve("sentence_bert_config.json"))
                        .path("max_seq_length")
                        .asInt())
                .isEqualTo(31);
        assertThat(json(folder.resolve("modules.json")).get(2).path("path").asString())
                .isEqualTo("2_Normalize");
        assertThat(json(folder.resolve("config_sentence_transformers.json"))
                        .path("prompts")
                        .path("query")
                        .asString())
                .isEqualTo("q: ");
    }

    @Test
    void a_saved_model_in_a_zip_in_a_jar_becomes_a_folder_of_variables() throws IOException {
        Path folder = hub().fetch("tiny-tf");
        assertThat(files(folder))
                .containsExactly(
                        "config.json",
                        "heed-model.json",
                        "tokenizer_config.json",
                        "variables/variables.data-00000-of-00001",
                        "variables/variables.index",
                        "vocab.txt");
        assertThat(folder.resolve("variables/variables.data-00000-of-00001")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void a_hugging_face_folder_is_taken_wherever_in_the_jar_it_lies() throws IOException {
        remote.publish(
                FOLDER,
                FakeRepository.jar(Map.of(
                        "META-INF/MANIFEST.MF", new byte[0],
                        "META-INF/models/tiny/config.json", "{}".getBytes(UTF_8),
                        "META-INF/models/tiny/model.safetensors", WEIGHTS,
                        "META-INF/models/tiny/1_Pooling/config.json", "{}".getBytes(UTF_8),
                        "META-INF/models/readme.txt", random(5))));
        Path folder = hub().fetch(FOLDER);
        assertThat(files(folder))
                .containsExactly("1_Pooling/config.json", "config.json", "heed-model.json", "model.safetensors");
    }

    @Test
    void a_jar_without_a_model_is_refused_and_the_message_says_what_was_looked_for() throws IOException {
        remote.publish(FOLDER, FakeRepository.jar(Map.of("org/example/Main.class", random(100))));
        assertRefused(() -> hub().fetch(FOLDER))
                .startsWith(FOLDER)
                .contains("config.json", "safetensors", ".onnx", "tokenizer.json", "SavedModel");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void a_zip_that_is_no_saved_model_is_refused() throws IOException {
        byte[] inner = FakeRepository.stored(Map.of("assets/vocab.txt", random(20)));
        remote.publish(SAVED_MODEL, FakeRepository.jar(Map.of("model", inner)));
        assertRefused(() -> hub().fetch("tiny-tf")).contains("variables/variables.index", "it holds assets/vocab.txt");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void weights_that_nobody_describes_are_refused() throws IOException {
        remote.publish(FOLDER, onnxJar());
        assertRefused(() -> hub().fetch(FOLDER)).contains("without a config.json", "org.example:folder");
    }

    @Test
    void another_version_of_a_known_model_is_described_like_the_known_one() throws IOException {
        remote.publish("maven:org.example:tiny-onnx:2.0", onnxJar());
        Path folder = hub(" \"sha256\": \"00\",").fetch("maven:org.example:tiny-onnx:2.0");
        assertThat(json(folder.resolve("config.json")).path("model_type").asString())
                .isEqualTo("bert");
    }

    @Test
    void an_artifact_with_the_pinned_digest_is_taken_and_another_is_refused() throws IOException {
        assertRefused(() -> hub(" \"sha256\": \"00\",").fetch("tiny"))
                .contains("corrupt download", "expected 00", local().toString());
        assertThat(hub().cached("tiny")).isEmpty();
        // Through the reference too, for it is the same artifact.
        String digest = FakeRepository.hex("SHA-256", Files.readAllBytes(jarIn(scratch.resolve("remote"))));
        assertThat(hub(" \"sha256\": \"%s\",".formatted(digest)).fetch(ONNX)).isDirectory();
    }

    private static Path jarIn(Path repository) {
        return repository.resolve("org/example/tiny-onnx/1.0/tiny-onnx-1.0.jar");
    }

    @Test
    void a_jar_without_its_published_checksum_is_a_corrupt_download() throws IOException {
        Path jar = jarIn(scratch.resolve("remote"));
        Files.writeString(jar.resolveSibling(jar.getFileName() + ".sha1"), FakeRepository.hex("SHA-1", random(1)));
        assertRefused(() -> hub().fetch("tiny")).contains("corrupt download", ONNX);
        assertThat(jarIn(local())).doesNotExist();
    }

    @Test
    void a_truncated_jar_in_the_local_repository_is_named() throws IOException {
        byte[] jar = onnxJar();
        Files.createDirectories(jarIn(local()).getParent());
        Files.write(jarIn(local()), Arrays.copyOf(jar, jar.length / 2));
        assertRefused(() -> hub().fetch("tiny"))
                .contains("corrupt download", jarIn(local()).toString(), "delete it");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void a_jar_with_a_flipped_byte_is_not_unpacked() throws IOException {
        byte[] jar = FakeRepository.stored(Map.of("a.onnx", WEIGHTS, "tokenizer.json", TOKENIZER));
        jar[jar.length / 2] ^= 1; // in the middle of the weights
        Files.createDirectories(jarIn(local()).getParent());
        Files.write(jarIn(local()), jar);
        assertRefused(() -> hub().fetch("tiny")).contains("corrupt download", "the checksum of a.onnx differs");
        assertThat(hub().cached("tiny")).isEmpty();
    }

    @Test
    void an_artifact_that_is_nowhere_is_said_not_to_be_there() throws IOException {
        String nothing = "maven:org.example:nothing:1.0";
        assertRefused(() -> hub().fetch(nothing)).contains("there is no " + nothing + " in test (file:");
        String url = remote.httpUrl();
        useMirror(url.replace("//", "//me:secret@"));
        assertRefused(() -> hub().fetch(nothing)).isEqualTo("there is no %s in test (%s)".formatted(nothing, url));
    }

    @Test
    void a_failed_pull_leaves_no_marks_in_the_local_repository() {
        assertRefused(() -> hub().fetch("maven:org.example:nothing:1.0"));
        assertThat(local().resolve("org/example/nothing/1.0/nothing-1.0.jar.lastUpdated"))
                .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil.txt", "sub/../../../evil.txt", "..\\evil.txt"})
    void a_file_that_would_lie_outside_of_the_folder_makes_the_jar_refused(String name) throws IOException {
        remote.publish(
                FOLDER,
                FakeRepository.jar(Map.of(
                        "m/config.json",
                        "{}".getBytes(UTF_8),
                        "m/model.safetensors",
                        WEIGHTS,
                        "m/" + name,
                        random(9))));
        assertRefused(() -> hub().fetch(FOLDER)).contains("must not be unpacked", name);
        assertThat(unfinished()).isEmpty();
        try (Stream<Path> all = Files.walk(scratch)) {
            assertThat(all.map(path -> path.getFileName().toString())).noneMatch(file -> file.contains("evil"));
        }
    }

    @Test
    void what_a_killed_pull_left_is_no_model_and_is_deleted_by_the_next_pull_of_that_model() throws IOException {
        Path left = leftover("org.example_tiny-onnx_1.0");
        assertThat(hub().cached("tiny")).isEmpty();
        assertThat(hub().fetch("tiny").resolve("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(left).doesNotExist();
    }

    @Test
    void what_looks_like_the_unfinished_pull_of_another_model_is_deleted_when_it_is_old() throws IOException {
        Path old = leftover("org.example_tiny-onnx_1.0-beta1");
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Files.setLastModifiedTime(old.resolve("model.onnx"), yesterday);
        Files.setLastModifiedTime(old, yesterday);
        Path young = leftover("org.example_tiny-onnx_1.0-beta2");
        hub().fetch("tiny");
        assertThat(old).doesNotExist();
        assertThat(young.resolve("model.onnx")).exists();
    }

    private Path leftover(String model) throws IOException {
        Path folder = Files.createDirectories(models().resolve(".partial-" + model + "-" + UUID.randomUUID()));
        Files.write(folder.resolve("model.onnx"), random(10));
        return folder;
    }

    @Test
    void a_folder_without_a_manifest_is_no_model() throws IOException {
        Path folder = Files.createDirectories(models().resolve("org.example_tiny-onnx_1.0"));
        Files.write(folder.resolve("model.onnx"), random(10));
        assertThat(hub().cached("tiny")).isEmpty();
        assertThat(hub().fetch("tiny").resolve("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void a_cached_model_needs_no_repository() throws IOException {
        Path folder = hub().fetch("tiny");
        writeSettings("<offline>true</offline>");
        ModelCache.delete(local());
        assertThat(hub().fetch("tiny")).isEqualTo(folder);
        assertThat(hub().fetch(ONNX)).isEqualTo(folder);
        assertThat(hub().cached("tiny")).contains(folder);
    }

    @Test
    void offline_a_model_that_is_not_cached_comes_from_the_local_repository_or_not_at_all() throws IOException {
        writeSettings("<offline>true</offline>");
        assertRefused(() -> hub().fetch("tiny"))
                .contains("tiny is not cached", "offline", jarIn(local()).toString());
        Files.createDirectories(jarIn(local()).getParent());
        Files.write(jarIn(local()), onnxJar());
        assertThat(hub().fetch("tiny")).isDirectory();
    }

    @Test
    void a_damaged_model_is_unpacked_anew() throws IOException {
        Path weights = hub().fetch("tiny").resolve("model.onnx");
        Files.write(weights, random(12));
        assertThat(hub().cached("tiny")).isEmpty();
        assertThat(hub().verify("tiny", Progress.none())).containsExactly("model.onnx has 12 bytes, not 70001");
        hub().fetch("tiny");
        assertThat(weights).hasBinaryContent(WEIGHTS);
        assertThat(unfinished()).isEmpty();

        Files.writeString(weights.resolveSibling("heed-model.json"), "{");
        assertThat(hub().verify("tiny", Progress.none()))
                .singleElement()
                .asString()
                .contains("is not a manifest");
        assertThat(hub().fetch("tiny").resolve("heed-model.json"))
                .isNotEmptyFile()
                .content()
                .contains(ONNX);
    }

    @Test
    void a_damaged_model_that_cannot_be_mended_now_is_named() throws IOException {
        Path folder = hub().fetch("tiny");
        Files.delete(folder.resolve("tokenizer.json"));
        ModelCache.delete(local());
        writeSettings("<offline>true</offline>");
        assertRefused(() -> hub().fetch("tiny"))
                .contains(folder.toString(), "damaged", "tokenizer.json is missing", "cannot be mended now", "offline");
    }

    @Test
    void verifying_reads_every_byte() throws IOException {
        assertRefused(() -> hub().verify("tiny", Progress.none())).isEqualTo("tiny is not cached");
        Path weights = hub().fetch("tiny").resolve("model.onnx");
        assertThat(hub().verify("tiny", Progress.none())).isEmpty();
        byte[] changed = WEIGHTS.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(weights, changed);
        assertThat(hub().cached("tiny")).isPresent(); // a quick look does not see it
        assertThat(hub().verify("tiny", Progress.none()))
                .containsExactly("model.onnx has changed since it was unpacked");
    }

    @Test
    void the_manifest_lists_every_file_with_its_digest() throws IOException {
        Path folder = hub().fetch("tiny");
        Manifest manifest = Manifest.read(folder);
        assertThat(manifest.reference()).isEqualTo(ONNX);
        assertThat(manifest.files())
                .contains(new Manifest.Entry("model.onnx", WEIGHTS.length, FakeRepository.hex("SHA-256", WEIGHTS)));
        List<String> listed =
                manifest.files().stream().map(Manifest.Entry::name).sorted().toList();
        assertThat(files(folder)).containsAll(listed).hasSize(listed.size() + 1);
    }

    @Test
    void a_disk_that_is_too_small_is_noticed_before_anything_is_written() throws IOException {
        remote.publish("maven:org.example:vast:1.0", onnxJar());
        assertRefused(() -> hub().fetch("vast"))
                .matches("no space: the model needs 4000000000000 MB in .*, [0-9.]+ MB are free");
        assertThat(local().resolve("org/example/vast")).doesNotExist();
    }

    @Test
    void a_cache_folder_that_cannot_be_made_is_named() throws IOException {
        Files.writeString(scratch.resolve("cache"), "a file is in the way");
        assertRefused(() -> hub().fetch("tiny"))
                .contains(scratch.resolve("cache").toString(), "HEED_CACHE");
    }

    @Test
    void settings_that_are_no_xml_are_named() throws IOException {
        Files.writeString(settings(), "<settings");
        assertRefused(() -> hub().fetch("tiny"))
                .contains("Maven's settings cannot be read", settings().toString());
    }

    @Test
    void repositories_of_active_profiles_are_asked_and_their_servers_get_the_credentials() throws IOException {
        remote.authorization = Optional.of("Basic bWU6c2VjcmV0"); // me:secret
        String profile =
                """
                <profiles><profile><id>mine</id><repositories><repository>
                  <id>private</id><url>%s</url></repository></repositories></profile></profiles>
                <activeProfiles><activeProfile>mine</activeProfile></activeProfiles>
                <mirrors><mirror><id>nowhere</id><mirrorOf>central</mirrorOf><url>%s</url></mirror></mirrors>
                """.formatted(remote.httpUrl(), scratch.resolve("empty").toUri());
        writeSettings(profile);
        assertRefused(() -> hub().fetch("tiny")).contains("status 401", "<servers>", "private");
        writeSettings(profile + """
                <servers><server><id>private</id><username>me</username><password>secret</password></server></servers>
                """);
        assertThat(hub().fetch("tiny")).isDirectory();
    }

    @Test
    void a_repository_that_is_not_reachable_or_fails_is_named_with_what_to_do() throws IOException {
        String url = remote.httpUrl();
        useMirror(url);
        remote.status = 503;
        assertRefused(() -> hub().fetch("tiny")).contains("tiny cannot be fetched", "status 503", url);
        remote.close();
        assertRefused(() -> hub().fetch("tiny"))
                .contains(
                        "tiny cannot be fetched",
                        "cannot be reached",
                        url,
                        "not cached",
                        jarIn(local()).toString());
    }

    @Test
    void a_blocked_mirror_is_not_asked() throws IOException {
        writeSettings("""
                <mirrors><mirror><id>test</id><mirrorOf>*</mirrorOf><url>%s</url><blocked>true</blocked></mirror></mirrors>
                """.formatted(remote.httpUrl()));
        assertRefused(() -> hub().fetch("tiny")).contains("tiny cannot be fetched", "locked");
        assertThat(remote.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "tiny-tf"})
    void progress_tells_each_step_and_as_many_bytes_as_announced(String alias) throws IOException {
        useMirror(remote.httpUrl());
        var steps = new ArrayList<String>();
        hub().fetch(alias, new Progress() {
            private long expected;
            private long seen;

            @Override
            public void start(String what, long bytes) {
                steps.add(what);
                expected = bytes;
                seen = 0;
            }

            @Override
            public void advance(long bytes) {
                seen += bytes;
            }

            @Override
            public void done() {
                assertThat(seen).as(steps.getLast()).isEqualTo(expected);
            }
        });
        assertThat(steps).containsExactly("downloading " + alias, "unpacking " + alias);
    }

    @Test
    void threads_that_pull_the_same_model_at_once_share_one_download() throws Exception {
        useMirror(remote.httpUrl());
        List<Callable<Path>> pulls = List.of(
                () -> hub().fetch("tiny"),
                () -> hub().fetch(ONNX),
                () -> hub().fetch("tiny"),
                () -> hub().fetch("tiny"));
        try (ExecutorService threads = Executors.newFixedThreadPool(pulls.size())) {
            for (Future<Path> pull : threads.invokeAll(pulls)) {
                assertThat(pull.get().resolve("model.onnx")).hasBinaryContent(WEIGHTS);
            }
        }
        assertThat(remote.requests()).filteredOn(path -> path.endsWith(".jar")).hasSize(1);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void processes_that_pull_the_same_model_at_once_share_one_download() throws Exception {
        useMirror(remote.httpUrl());
        remote.publish(
                FOLDER,
                FakeRepository.jar(
                        Map.of("config.json", "{}".getBytes(UTF_8), "model.safetensors", random(3_000_000))));
        Process first = pullInAnotherProcess();
        Process second = pullInAnotherProcess();
        Path folder = models().resolve("org.example_folder_1.0");
        assertThat(output(first)).isEqualTo(folder.toString());
        assertThat(output(second)).isEqualTo(folder.toString());
        assertThat(remote.requests()).filteredOn(path -> path.endsWith(".jar")).hasSize(1);
        assertThat(unfinished()).isEmpty();
        assertThat(hub().verify(FOLDER, Progress.none())).isEmpty();
    }

    @Test
    void for_a_cached_model_no_class_of_maven_is_loaded() throws Exception {
        remote.publish(
                FOLDER,
                FakeRepository.jar(Map.of("config.json", "{}".getBytes(UTF_8), "model.safetensors", random(30))));
        Path log = scratch.resolve("classes.log");
        assertThat(output(pullInAnotherProcess("-Xlog:class+load:file=" + log))).endsWith("org.example_folder_1.0");
        assertThat(Files.readString(log)).contains("org.eclipse.aether.", "org.apache.maven.");
        assertThat(output(pullInAnotherProcess("-Xlog:class+load:file=" + log))).endsWith("org.example_folder_1.0");
        assertThat(Files.readString(log)).doesNotContain("org.eclipse.aether.", "org.apache.maven.");
    }

    private Process pullInAnotherProcess(String... options) throws IOException {
        String path = Stream.of(
                        "target/test-classes",
                        "target/classes",
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path"))
                .filter(part -> !part.isEmpty())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", path));
        command.add(PullInAnotherProcess.class.getName());
        command.addAll(List.of(scratch.resolve("cache").toString(), settings().toString(), FOLDER));
        return new ProcessBuilder(command)
                .redirectError(
                        scratch.resolve("errors-" + Arrays.hashCode(options)).toFile())
                .start();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        "minlm, minilm",
        "MiniLM, minilm",
        "bert-base, bert-base-uncased",
        "bert-base-uncase, bert-base-uncased",
        "bge-small-en-v15, bge-small-en-v1.5"
    })
    void a_name_that_is_almost_right_is_answered_with_the_right_one(String wrong, String right) {
        assertRefused(() -> Hub.in(scratch).fetch(wrong))
                .startsWith("no model named '%s'; did you mean %s? Known: minilm, ".formatted(wrong, right));
    }

    @Test
    void a_name_like_no_other_is_answered_with_all_names() {
        assertRefused(() -> hub().fetch("gpt-9"))
                .isEqualTo("no model named 'gpt-9'; known: tiny, tiny-tf, vast; or give a folder, hf:org/name or"
                        + " maven:group:artifact:version");
        assertRefused(() -> hub().fetch("")).startsWith("no model named ''");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maven:a:b", "maven:a:b:c:d", "maven:a::1", "maven:", "maven:a/b:c:1", "maven:a:b:[1,2)"})
    void a_maven_reference_has_three_parts(String reference) {
        assertRefused(() -> hub().fetch(reference)).contains(reference, "maven:group:artifact:version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0-SNAPSHOT", "LATEST", "RELEASE"})
    void a_version_that_may_change_is_refused(String version) {
        assertRefused(() -> hub().fetch("maven:org.example:tiny-onnx:" + version))
                .contains("fixed version");
    }

    @Test
    void every_model_of_the_catalogue_is_described() {
        Catalogue catalogue = Catalogue.standard();
        assertThat(catalogue.entries())
                .extracting(CatalogueEntry::alias)
                .containsExactly(
                        "minilm",
                        "bert-base-uncased",
                        "bert-base-multilingual-cased",
                        "bge-small-en-v1.5",
                        "e5-small-v2");
        assertThat(catalogue.listings()).allSatisfy(listing -> {
            assertThat(listing.config().path("model_type").asString()).isEqualTo("bert");
            assertThat(listing.config().path("hidden_size").asInt()
                            % listing.config().path("num_attention_heads").asInt())
                    .isZero();
            assertThat(listing.config().path("layer_norm_eps").asDouble()).isEqualTo(1e-12);
            assertThat(listing.entry().parameters()).isEqualTo(parameters(listing));
            assertThat(listing.entry().downloadBytes()).isGreaterThan(1_000_000);
            assertThat(listing.sha256()).get().asString().matches("[0-9a-f]{64}");
        });
    }

    /// How many parameters a BERT of that shape has: those for embedding sentences come without pooler, the
    /// others with pooler and masked-LM head.
    private static long parameters(Catalogue.Listing listing) {
        JsonNode config = listing.config();
        long vocabulary = config.path("vocab_size").asLong();
        long d = config.path("hidden_size").asLong();
        long feedForward = config.path("intermediate_size").asLong();
        long norm = 2 * d;
        long embeddings = (vocabulary
                                + config.path("max_position_embeddings").asLong()
                                + config.path("type_vocab_size").asLong())
                        * d
                + norm;
        long layer = 4 * (d * d + d) + norm + 2 * d * feedForward + feedForward + d + norm;
        long encoder = embeddings + config.path("num_hidden_layers").asLong() * layer;
        long pooler = d * d + d;
        long head = d * d + d + norm + vocabulary;
        return listing.entry().embedding().isPresent() ? encoder : encoder + pooler + head;
    }
}
