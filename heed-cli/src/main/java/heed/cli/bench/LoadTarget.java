package heed.cli.bench;

import heed.timing.OpenLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A server on this machine that is asked about comments.
///
/// @param url its address
/// @param route which of its routes
/// @param words of a comment
record LoadTarget(URI url, Route route, int words, HttpClient client) implements OpenLoad.Sender, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// What is asked.
    enum Route {
        EMBED,
        PREDICT,
        MODERATE;

        String path() {
            return "/" + name().toLowerCase(Locale.ROOT);
        }

        Object body(int number, String comment) {
            return this == MODERATE
                    ? Map.of("comments", List.of(Map.of("id", "load-" + number, "text", comment)))
                    : Map.of("inputs", comment);
        }
    }

    /// @throws IllegalArgumentException when the address is not one of this machine: a load test is an attack
    /// anywhere else
    static LoadTarget of(URI url, Route route, int words) {
        try {
            if (url.getHost() == null
                    || !Arrays.stream(InetAddress.getAllByName(url.getHost()))
                            .allMatch(InetAddress::isLoopbackAddress)) {
                throw new IllegalArgumentException(
                        url + " is not on the loopback of this machine: load is made for such servers alone");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("there is no host " + url.getHost(), e);
        }
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new LoadTarget(url, route, words, client);
    }

    @Override
    public int send(int number) throws IOException, InterruptedException {
        String body = JsonMapper.shared().writeValueAsString(route.body(number, LoadComments.comment(number, words)));
        HttpRequest request = HttpRequest.newBuilder(url.resolve(route.path()))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /// The body of an answer; empty where there is none.
    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    /// Whether it says that it is.
    boolean ready() throws InterruptedException {
        try {
            return !get("/health/ready").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /// @throws IllegalArgumentException when it is not ready, or cannot do what is asked
    void requireReady() throws IOException, InterruptedException {
        if (!ready()) {
            throw new IllegalArgumentException(url + " is not ready");
        }
        int status = send(0);
        if (status != 200) {
            throw new IllegalArgumentException(
                    url.resolve(route.path()) + " answers with status " + status + " before there is any load");
        }
    }

    /// Megabytes of the server's heap in use, as its measures tell; NaN where they do not.
    double heapMegabytes() throws IOException, InterruptedException {
        double bytes = get("/metrics")
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        return bytes == 0 ? Double.NaN : bytes / 1e6;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
