package heed.flink;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/// A real broker in a process of its own, its own controller (KRaft).
final class KafkaBroker implements AutoCloseable {
    private static final String CLUSTER = "heedheedheedheedheedhQ";
    private static final int ATTEMPTS = 600;

    private final Process process;
    private final String address;

    private KafkaBroker(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /// A port that nobody listens at, and below those that connections get: one of those may be taken by the
    /// time that it is needed.
    static int freePort() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        }
    }

    /// Starts it and waits until it answers.
    static KafkaBroker start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String address = "localhost:" + freePort();
        String controller = "localhost:" + freePort();
        Path properties = Files.writeString(
                folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=%2$s
                listeners=PLAINTEXT://%1$s,CONTROLLER://%2$s
                advertised.listeners=PLAINTEXT://%1$s,CONTROLLER://%2$s
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                inter.broker.listener.name=PLAINTEXT
                log.dirs=%3$s
                num.partitions=2
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                """.formatted(address, controller, folder.resolve("log")));
        int formatted = java(
                        folder.resolve("format.log"),
                        "kafka.tools.StorageTool",
                        "format",
                        "--standalone",
                        "--cluster-id",
                        CLUSTER,
                        "--config",
                        properties.toString())
                .waitFor();
        if (formatted != 0) {
            throw new IllegalStateException("no storage: " + Files.readString(folder.resolve("format.log")));
        }
        Path log = folder.resolve("broker.log");
        KafkaBroker broker = new KafkaBroker(java(log, "kafka.Kafka", properties.toString()), address);
        try {
            broker.awaitAnswer(log);
        } catch (RuntimeException | IOException | InterruptedException e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    private static Process java(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.util.logging.config.file="
                        + Path.of("..", "deploy", "logging.properties").toAbsolutePath(),
                "-cp",
                TestStreams.classPath()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private void awaitAnswer(Path log) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                if (!admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty()) {
                    return;
                }
            } catch (ExecutionException | TimeoutException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("no broker: " + Files.readString(log));
    }

    /// `host:port`
    String address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
