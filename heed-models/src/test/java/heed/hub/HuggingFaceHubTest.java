package heed.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HuggingFaceHubTest {
    private static final HuggingFaceReference TINY = HuggingFaceReference.parse("hf:acme/tiny");
    private static final byte[] WEIGHTS = random(300_007);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    private final FakeHub remote = new FakeHub();

    @BeforeEach
    void publish() {
        remote.files.put("config.json", "{}".getBytes(UTF_8));
        remote.files.put("tokenizer.json", "{\"a\": 1}".getBytes(UTF_8));
        remote.files.put("model.safetensors", WEIGHTS);
        remote.files.put("pytorch_model.bin", random(2000));
        remote.files.put("README.md", "tiny".getBytes(UTF_8));
    }

    @AfterEach
    void stop() {
        remote.close();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    static HuggingFaceHub hub(Map<String, String> environment, Path home) {
        Retries retries = new Retries(List.of(Duration.ofMillis(1), Duration.ofMillis(1)));
        return new HuggingFaceHub(HuggingFaceSettings.of(environment, home), retries, Duration.ofSeconds(20));
    }

    private HuggingFaceHub hub(String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", remote.endpoint());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return hub(environment, scratch);
    }

    private Path storage() {
        return scratch.resolve(".cache/huggingface/hub/models--acme--tiny");
    }

    private Path fetch() {
        return hub().fetch(TINY, Progress.none());
    }

    private static AbstractStringAssert<?> assertRefused(Callable<?> fetching) {
        HubException refusal = catchThrowableOfType(HubException.class, fetching::call);
        assertThat(refusal).isNotNull();
        return assertThat(refusal.getMessage()).doesNotContain("\n");
    }

    @Test
    void onlyTheFilesOfOneModelAreFetched() {
        Path folder = fetch();
        assertThat(folder).isEqualTo(storage().resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void contentsAreNamedByTheirDigestsAndLinkedRelatively() throws IOException {
        Path weights = fetch().resolve("model.safetensors");
        String etag = FakeHub.etag(WEIGHTS);
        assertThat(etag).hasSize(64);
        assertThat(Files.readSymbolicLink(weights)).isEqualTo(Path.of("../../blobs", etag));
        assertThat(storage().resolve("blobs").toFile().list())
                .containsExactlyInAnyOrder(
                        etag,
                        FakeHub.etag(remote.content("config.json")),
                        FakeHub.etag(remote.content("tokenizer.json")));
        assertThat(storage().resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(storage().resolve(".no_exist").resolve(FakeHub.COMMIT).resolve("vocab.txt"))
                .isEmptyFile();
    }

    @Test
    void whatIsHereNeedsNoNetwork() {
        Path folder = fetch();
        int requests = remote.seen.size();
        assertThat(fetch()).isEqualTo(folder);
        assertThat(hub().cached(TINY)).contains(folder);
        assertThat(remote.seen).hasSize(requests);
    }

    @Test
    void aSnapshotThatPythonLeftIsFound() throws IOException {
        String commit = "f".repeat(40);
        Path snapshot = Files.createDirectories(storage().resolve("snapshots").resolve(commit));
        Path blobs = Files.createDirectories(storage().resolve("blobs"));
        for (String name : List.of("config.json", "model.safetensors", "vocab.txt")) {
            Files.writeString(blobs.resolve("etag-" + name), name);
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/etag-" + name));
        }
        Files.createDirectories(storage().resolve("refs/pr"));
        Files.writeString(storage().resolve("refs/pr/1"), commit);
        assertThat(hub().fetch(HuggingFaceReference.parse("hf:acme/tiny@pr/1"), Progress.none()))
                .isEqualTo(snapshot);
        assertThat(hub().fetch(HuggingFaceReference.parse("hf:acme/tiny@" + commit), Progress.none()))
                .isEqualTo(snapshot);
        assertThat(remote.seen).isEmpty();
        assertThat(hub().cache().models()).hasToString("[hf:acme/tiny@pr/1]");
    }

    @Test
    void aSnapshotWithoutWeightsIsCompleted() throws IOException {
        Path folder = fetch();
        Files.delete(folder.resolve("model.safetensors"));
        assertThat(hub().cached(TINY)).isEmpty();
        remote.seen.clear();
        fetch();
        assertThat(remote.downloads()).isEmpty(); // the content is still here
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aMissingTokenizerIsFetchedWhenThereIsANetwork() throws IOException {
        Path folder = fetch();
        Files.delete(folder.resolve("tokenizer.json"));
        assertThat(hub("HF_HUB_OFFLINE", "1").fetch(TINY, Progress.none())).isEqualTo(folder);
        assertThat(folder.resolve("tokenizer.json")).doesNotExist();
        fetch();
        assertThat(folder.resolve("tokenizer.json")).exists();
    }

    @Test
    void aModelWithoutTokenizerIsAskedForOnce() {
        remote.files.remove("tokenizer.json");
        fetch();
        remote.seen.clear();
        fetch();
        assertThat(remote.seen).isEmpty();
    }

    @Test
    void aPullAsksWhatTheBranchMeansNow() {
        fetch();
        remote.seen.clear();
        hub().pull(TINY, Progress.none());
        assertThat(remote.seen).hasSize(1); // one question, nothing new
    }

    @Test
    void theTokenGoesToTheHubAlone() {
        remote.token = "hf_secret";
        hub("HF_TOKEN", "hf_secret").fetch(TINY, Progress.none());
        assertThat(remote.seen).anyMatch(request -> request.server().equals("store"));
        assertThat(remote.seen)
                .allSatisfy(request -> assertThat(request.authorization())
                        .isEqualTo(request.server().equals("hub") ? "Bearer hf_secret" : "null"));
    }

    @Test
    void theTokenOfALoginIsUsed() throws IOException {
        remote.token = "hf_secret";
        Path home = Files.createDirectories(scratch.resolve(".cache/huggingface"));
        Files.writeString(home.resolve("token"), "hf_secret\n");
        assertThat(fetch()).isDirectory();
    }

    @Test
    void aConnectionThatBreaksOffIsTakenUpAgain() {
        remote.breakOffAfter = 100_003;
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(remote.seen)
                .filteredOn(request -> request.server().equals("store"))
                .extracting(FakeHub.Seen::range)
                .containsExactly("null", "bytes=100003-");
    }

    @Test
    void aServerThatKnowsNoRangesIsAskedForAll() {
        remote.breakOffAfter = 100_003;
        remote.ranges = false;
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aKilledPullIsTakenUpAgain() throws Exception {
        remote.silentAfter = 150_001;
        Path cache = scratch.resolve(".cache/huggingface/hub");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        PullFromHubInAnotherProcess.class.getName(),
                        remote.endpoint(),
                        cache.toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("log").toFile())
                .start();
        File partial = storage()
                .resolve("blobs/" + FakeHub.etag(WEIGHTS) + ".incomplete")
                .toFile();
        for (int i = 0; i < 1200 && process.isAlive() && partial.length() < 150_001; i++) {
            Thread.sleep(50);
        }
        process.destroyForcibly().waitFor();
        assertThat(partial).as(Files.readString(scratch.resolve("log"))).hasSize(150_001);
        assertThat(hub().cached(TINY)).isEmpty();

        remote.silentAfter = -1;
        remote.seen.clear();
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(remote.downloads()).containsExactly("model.safetensors");
        assertThat(remote.seen).extracting(FakeHub.Seen::range).contains("bytes=150001-");
        assertThat(partial).doesNotExist();
    }

    private static String classPath() {
        return System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
    }

    @Test
    void whatAnotherProgramLeftUnfinishedDoesNoHarm() throws IOException {
        Path blobs = Files.createDirectories(storage().resolve("blobs"));
        Files.write(blobs.resolve(FakeHub.etag(WEIGHTS) + ".incomplete"), random(1000));
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json"})
    void anotherContentThanAnnouncedIsRefusedAndNotKept(String name) {
        byte[] tampered = remote.content(name).clone();
        tampered[1] ^= 1;
        remote.instead.put(name, tampered);
        assertRefused(this::fetch).contains("a corrupt download: the checksum of " + name);
        assertThat(hub().cached(TINY)).isEmpty();
        assertThat(List.of(storage().resolve("blobs").toFile().list()))
                .noneMatch(blob -> blob.endsWith(".incomplete"))
                .noneMatch(blob -> blob.endsWith(FakeHub.etag(remote.content(name))));
    }

    @Test
    void aLongerContentThanAnnouncedIsRefused() {
        remote.instead.put("model.safetensors", random(WEIGHTS.length + 1));
        assertRefused(this::fetch).contains("is longer than the 300007 bytes announced");
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() {
        remote.silentAfter = 10;
        var settings = HuggingFaceSettings.of(Map.of("HF_ENDPOINT", remote.endpoint()), scratch);
        var impatient = new HuggingFaceHub(settings, new Retries(List.of()), Duration.ofMillis(400));
        assertRefused(() -> impatient.fetch(TINY, Progress.none())).contains("nothing came for");
    }

    @ParameterizedTest
    @CsvSource({
        "401, GatedRepo, 'is gated: accept its terms at ENDPOINT/acme/tiny; give a token in HF_TOKEN'",
        "403, GatedRepo, 'is gated: accept its terms'",
        "401, RepoNotFound, 'does not exist, is private or is gated (the hub answers 401): give a token in HF_TOKEN'",
        "404, RepoNotFound, 'has no repository acme/tiny'",
        "404, RevisionNotFound, 'has no revision ''main'''",
        "503, '', 'answers 503 to all attempts for hf:acme/tiny: try again later'",
        "418, '', 'answers 418 for hf:acme/tiny'"
    })
    void aRefusalIsExplained(int status, String code, String words) {
        remote.status = status;
        remote.code = code;
        assertRefused(this::fetch).contains(words.replace("ENDPOINT", remote.endpoint()));
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() {
        remote.status = 503;
        remote.times.set(2);
        assertThat(fetch()).isDirectory();
    }

    @Test
    void aTokenThatDoesNotHelpIsSaid() {
        remote.token = "another";
        assertRefused(() -> hub("HF_TOKEN", "hf_secret").fetch(TINY, Progress.none()))
                .contains("the token that was given does not open it")
                .doesNotContain("hf_secret");
    }

    @Test
    void withoutANetworkTheCachedModelsAreNamed() {
        fetch();
        remote.close();
        assertRefused(() -> hub().fetch(HuggingFaceReference.parse("hf:acme/other"), Progress.none()))
                .contains(
                        remote.endpoint(),
                        "there is no connection",
                        "not in the cache either",
                        "cached are hf:acme/tiny");
        assertRefused(() -> hub("HF_HUB_OFFLINE", "1")
                        .fetch(HuggingFaceReference.parse("hf:acme/tiny@v1.0"), Progress.none()))
                .contains("HF_HUB_OFFLINE is set", "cached are hf:acme/tiny");
    }

    @Test
    void aServerThatListsNothingIsAskedForTheUsualFiles() {
        remote.listed = false;
        assertThat(fetch().toFile().list())
                .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
    }

    @Test
    void partsOfWeightsAreFetchedAsTheIndexNamesThem() {
        remote.files.remove("model.safetensors");
        remote.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\", \"c\": \"one.safetensors\"}}"
                        .getBytes(UTF_8));
        remote.files.put("one.safetensors", random(1001));
        remote.files.put("two.safetensors", random(1002));
        remote.files.put("three.safetensors", random(1003));
        assertThat(fetch().toFile().list())
                .containsExactlyInAnyOrder(
                        "config.json",
                        "tokenizer.json",
                        "model.safetensors.index.json",
                        "one.safetensors",
                        "two.safetensors");
        assertThat(hub().cached(TINY)).isPresent();
        storage()
                .resolve("snapshots/" + FakeHub.COMMIT + "/two.safetensors")
                .toFile()
                .delete();
        assertThat(hub().cached(TINY)).isEmpty();
    }

    @Test
    void anIndexThatLeadsOutOfTheFolderIsRefused() {
        remote.files.remove("model.safetensors");
        remote.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"../../../../../.bashrc\"}}".getBytes(UTF_8));
        assertRefused(this::fetch).contains("by what is no file name");
    }

    @Test
    void aRepositoryOfOneGgufFileIsThatFile() {
        remote.files.clear();
        remote.files.put("tiny-Q8_0.gguf", WEIGHTS);
        Path file = fetch();
        assertThat(file).hasFileName("tiny-Q8_0.gguf").hasBinaryContent(WEIGHTS);
        assertThat(hub().cached(TINY)).contains(file);
    }

    @Test
    void ofSeveralGgufFilesOneIsNamed() {
        remote.files.put("tiny-Q8_0.gguf", WEIGHTS);
        remote.files.put("tiny-Q4_0.gguf", random(2001));
        assertThat(fetch()).isDirectory(); // config.json and safetensors come first
        assertThat(hub().fetch(HuggingFaceReference.parse("hf:acme/tiny:q4_0"), Progress.none()))
                .hasFileName("tiny-Q4_0.gguf");
        assertRefused(() -> hub().fetch(HuggingFaceReference.parse("hf:acme/tiny:Q5"), Progress.none()))
                .contains("no GGUF file with 'Q5' in its name", "tiny-Q4_0.gguf, tiny-Q8_0.gguf");
        remote.files.keySet().removeIf(name -> !name.endsWith(".gguf"));
        assertRefused(() -> hub().pull(TINY, Progress.none())).contains("has 2 GGUF files", "as in hf:acme/tiny:Q8_0");
    }

    @Test
    void aRepositoryOfPicklesIsRefusedBeforeAnythingIsFetched() {
        remote.files.remove("model.safetensors");
        assertRefused(this::fetch).contains("Python pickles, which can run code when they are loaded");
        assertThat(remote.downloads()).isEmpty();
        remote.files.remove("pytorch_model.bin");
        assertRefused(this::fetch).contains("has no model that can be read here", "it has README.md, config.json");
    }

    @Test
    void namesThatLeadElsewhereAreNotAskedFor() {
        remote.files.clear();
        remote.files.put("../../evil.gguf", WEIGHTS);
        assertRefused(this::fetch).contains("it is empty");
    }

    @Test
    void twoPullsAtOnceFetchOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Path>> pulls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                pulls.add(this::fetch);
            }
            for (Future<Path> pull : threads.invokeAll(pulls)) {
                assertThat(pull.get()).isDirectory();
            }
        }
        assertThat(remote.downloads()).doesNotHaveDuplicates();
    }

    @Test
    void progressCountsEveryByteOnce() {
        remote.breakOffAfter = 100_003;
        remote.ranges = false;
        var told = new long[2];
        hub().fetch(TINY, new Progress() {
            @Override
            public void start(String what, long bytes) {
                told[0] += bytes;
            }

            @Override
            public void advance(long bytes) {
                told[1] += bytes;
            }

            @Override
            public void done() {}
        });
        assertThat(told).containsExactly(WEIGHTS.length + 2 + 8, WEIGHTS.length + 2 + 8);
    }

    @Test
    void aChangedContentIsFoundByReadingIt() throws IOException {
        fetch();
        assertThat(hub().verify(TINY)).isEmpty();
        Files.write(storage().resolve("blobs").resolve(FakeHub.etag(WEIGHTS)), random(WEIGHTS.length - 1));
        assertThat(hub().verify(TINY)).containsExactly("model.safetensors has changed since it was fetched");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:",
                "hf:a/b/c",
                "hf:../x",
                "hf:a/..",
                "hf:a--b/c",
                "hf:a/b@../../x",
                "hf:a/b@",
                "hf:a/b@/etc",
                "hf:a/b@x//y",
                "hf:a/b@a b",
                "hf:a/b:",
                "hf:a/b:../x",
                "hf:/b",
                "hf:a/b.git",
                "hf:a\\b"
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertRefused(() -> HuggingFaceReference.parse(text)).contains("is no reference to a repository");
    }

    @Test
    void aReferenceNamesRepositoryRevisionAndVariant() {
        assertThat(HuggingFaceReference.parse("hf:gpt2").folderName()).isEqualTo("models--gpt2");
        HuggingFaceReference reference = HuggingFaceReference.parse("hf:org/na.me_1@refs/pr/7:Q4_K_M");
        assertThat(reference.repository()).isEqualTo("org/na.me_1");
        assertThat(reference.revision()).isEqualTo("refs/pr/7");
        assertThat(reference.variant()).contains("Q4_K_M");
        assertThat(reference).hasToString("hf:org/na.me_1@refs/pr/7:Q4_K_M");
    }

    @Test
    void theEnvironmentIsReadAsPythonReadsIt() {
        Path home = Path.of("/home/ada");
        assertThat(HuggingFaceSettings.of(Map.of(), home).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(HuggingFaceSettings.of(Map.of("XDG_CACHE_HOME", "/c"), home).cache())
                .isEqualTo(Path.of("/c/huggingface/hub"));
        assertThat(HuggingFaceSettings.of(Map.of("HF_HOME", "~/hf", "XDG_CACHE_HOME", "/c"), home)
                        .cache())
                .isEqualTo(home.resolve("hf/hub"));
        assertThat(HuggingFaceSettings.of(Map.of("HF_HOME", "/hf", "HF_HUB_CACHE", "/m"), home)
                        .cache())
                .isEqualTo(Path.of("/m"));
        assertThat(HuggingFaceSettings.of(Map.of("HF_HUB_OFFLINE", "true"), home)
                        .offline())
                .isTrue();
        assertRefused(() -> HuggingFaceSettings.of(Map.of("HF_ENDPOINT", "nowhere"), home))
                .contains("HF_ENDPOINT is 'nowhere'");
        assertRefused(() -> HuggingFaceSettings.of(Map.of("HF_TOKEN", "a\nb"), home))
                .contains("characters that no token has");
    }
}
