package heed.flink;

import static org.assertj.core.api.Assertions.assertThat;

import heed.model.Model;
import heed.model.Models;
import heed.moderation.LabelScorer;
import heed.moderation.stream.StreamSettings;
import heed.moderation.stream.StreamTally;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real broker, a real cluster of two task managers in processes of their own, and the job on both: one of
/// them is killed in the midst. Every wait is for something to happen; the deadline is for what never does.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the cluster is started by a shell script")
class StreamClusterIT {
    private static final Duration DEADLINE = Duration.ofMinutes(6);
    private static final int EACH = 1000;
    private static final Path SCRIPT =
            Path.of("..", "deploy", "flink-cluster").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final int rest;
    private final int rpc;

    StreamClusterIT() throws IOException {
        rest = KafkaBroker.freePort();
        rpc = KafkaBroker.freePort();
    }

    @Test
    void aTaskManagerThatIsKilledLosesNothingAndDoublesNothing() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
            String kafka = "kafka://" + broker.address() + "/";
            new KafkaPlace(broker.address(), "comments").makeTopic();
            new KafkaPlace(broker.address(), "decisions").makeTopic();
            new KafkaPlace(broker.address(), "decisions-dead-letters").makeTopic();
            try {
                cluster("start", "2");
                send(broker, 0);
                Path policy = Files.writeString(folder.resolve("policy.yaml"), TestStreams.POLICY);
                submit(policy, kafka);
                awaitIds(broker, EACH / 4); // both have work, and there is a checkpoint
                kill("taskmanager-1");
                send(broker, EACH);
                awaitIds(broker, 2 * EACH);
                assertThat(failures()).isNotEmpty();
            } finally {
                cluster("stop");
            }
            assertAllOnce(broker);
            assertTheSameHere(kafka);
        }
    }

    private void submit(Path policy, String kafka) throws IOException, InterruptedException {
        awaitTaskManagers();
        int status = cluster(
                "run",
                "--model",
                TestStreams.MODEL.toString(),
                "--policy",
                policy.toString(),
                "--in",
                kafka + "comments",
                "--out",
                kafka + "decisions",
                "--checkpoint-every",
                "0.5");
        assertThat(status).as(Files.readString(folder.resolve("run.log"))).isZero();
    }

    private void awaitTaskManagers() throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end && alive("jobmanager")) {
            try {
                if (get("overview").get("taskmanagers").intValue() == 2) {
                    return;
                }
            } catch (IOException e) { // it is starting
                TimeUnit.MILLISECONDS.sleep(100);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError("no cluster: " + Files.readString(folder.resolve("cluster/jobmanager.log"))
                + Files.readString(folder.resolve("cluster/taskmanager-1.log")));
    }

    /// Runs the script as a person would.
    private int cluster(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", SCRIPT.toString(), command));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command + ".log").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HEED_CLUSTER", folder.resolve("cluster").toString());
        environment.put("HEED_CLASSPATH", TestStreams.classPath());
        environment.put("HEED_JOB", jar().toString());
        environment.put("HEED_REST_PORT", String.valueOf(rest));
        environment.put("HEED_RPC_PORT", String.valueOf(rpc));
        environment.put("HEED_TASK_HEAP", "512m");
        environment.put("HEED_JAVA_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        return process.waitFor();
    }

    /// The job's jar; of a build that has none yet, its classes as one.
    private Path jar() throws IOException {
        Path classes;
        try {
            classes = Path.of(ModerationJob.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Path jar = folder.resolve("job.jar");
        if (!Files.isDirectory(classes)) {
            return classes;
        }
        if (!Files.exists(jar)) {
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream entries = new JarOutputStream(out);
                    Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    entries.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                    Files.copy(file, entries);
                }
            }
        }
        return jar;
    }

    private Optional<ProcessHandle> process(String name) throws IOException {
        return ProcessHandle.of(Long.parseLong(
                Files.readString(folder.resolve("cluster/" + name + ".pid")).strip()));
    }

    private boolean alive(String name) throws IOException {
        return process(name).filter(ProcessHandle::isAlive).isPresent();
    }

    private void kill(String name) throws IOException {
        assertThat(process(name).orElseThrow().destroyForcibly()).isTrue();
    }

    /// Why the job began anew, each time, by its own API.
    private JsonNode failures() throws IOException {
        String id = get("jobs/overview").get("jobs").get(0).get("jid").stringValue();
        return get("jobs/" + id + "/exceptions").get("exceptionHistory").get("entries");
    }

    private JsonNode get(String path) throws IOException {
        try (var in = java.net
                .URI
                .create("http://localhost:" + rest + "/" + path)
                .toURL()
                .openStream()) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    /// Comments with ids from `from` on, one of them a second time, and a message that is none.
    private static void send(KafkaBroker broker, int from) throws Exception {
        SplittableRandom random = new SplittableRandom(from);
        List<ProducerRecord<String, String>> messages = new ArrayList<>();
        for (int i = from; i < from + EACH; i++) {
            messages.add(message("c" + i, TestStreams.json("c" + i, TestStreams.text(random))));
        }
        messages.add(message("c3", TestStreams.json("c3", "again")));
        messages.add(message("broken", "{"));
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.address());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent =
                    messages.stream().map(producer::send).toList();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private static ProducerRecord<String, String> message(String key, String value) {
        return new ProducerRecord<>("comments", key, value);
    }

    /// All messages of a topic whose transactions were committed.
    private static List<ConsumerRecord<String, String>> read(KafkaBroker broker, String topic) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.address());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(one.topic(), one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
            return all;
        }
    }

    private void awaitIds(KafkaBroker broker, int count) throws InterruptedException, IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        int seen = 0;
        while (System.nanoTime() < end && alive("jobmanager")) {
            Set<String> ids = new HashSet<>();
            read(broker, "decisions").forEach(message -> ids.add(message.key()));
            seen = ids.size();
            if (seen >= count) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
        throw new AssertionError(seen + " of " + count + " comments were decided: "
                + Files.readString(folder.resolve("cluster/jobmanager.log"))
                        .lines()
                        .filter(line -> line.contains("SEVERE") || line.contains("WARN") || line.contains("xception"))
                        .limit(40)
                        .toList());
    }

    private static void assertAllOnce(KafkaBroker broker) {
        List<ConsumerRecord<String, String>> decisions = read(broker, "decisions");
        assertThat(decisions.stream().map(ConsumerRecord::key))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 2 * EACH).mapToObj(i -> "c" + i).toList());
        for (ConsumerRecord<String, String> message : decisions) {
            JsonNode line = JsonMapper.shared().readTree(message.value());
            assertThat(line.get("id").stringValue()).isEqualTo(message.key());
            assertThat(line.get("scores").size()).isEqualTo(4);
        }
        assertThat(read(broker, "decisions-dead-letters").stream()
                        .map(message -> JsonMapper.shared()
                                .readTree(message.value())
                                .get("record")
                                .stringValue()))
                .containsExactly("{", "{");
    }

    /// The same topic once more, in this process and into files.
    private void assertTheSameHere(String kafka) throws IOException {
        Path here = folder.resolve("here");
        StreamSettings settings = TestStreams.settings(kafka + "comments", here, false, 1);
        StreamTally tally;
        try (Model model = Models.open(TestStreams.MODEL)) {
            tally = LocalStream.run(settings, new LabelScorer(model, Map.of()), new TestStreams.Silent());
        }
        assertThat(tally.comments()).isEqualTo(2 * EACH);
        assertThat(tally.repeated()).isEqualTo(2);
        assertThat(tally.deadLetters()).isEqualTo(2);
        assertThat(TestStreams.ids(TestStreams.decisions(here)))
                .doesNotHaveDuplicates()
                .hasSize(2 * EACH);
    }
}
