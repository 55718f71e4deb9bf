package heed.cli.bench;

import heed.cli.bench.Match.Figure;
import heed.cli.bench.Match.Kind;
import heed.cli.bench.Match.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What is compared, with whom, and what is to be reached.
///
/// @param scripts the folder of the peers' scripts, each of which prints JSON lines
/// @param python what runs them
/// @param work the folder with their models and the corpus
record Matches(Path scripts, String python, Path work, int threads) {
    private static final int[] ATTENTION = {512, 2048, 8192, 16_384};

    List<Match> all() {
        List<Match> matches = new ArrayList<>(
                List.of(product(), sorted(), arrival(), latency(), lowPrecision("int8"), lowPrecision("bf16")));
        for (int n : ATTENTION) {
            matches.add(attention(n, false));
            matches.add(attention(n, true));
        }
        matches.add(start());
        return matches;
    }

    private Match product() {
        List<Row> rows = Stream.of("512,1536,384", "512,3072,768", "2048,3072,768", "128,384,384")
                .map(shape -> {
                    String[] sizes = shape.split(",");
                    Map<String, String> where = Map.of("m", sizes[0], "n", sizes[1], "k", sizes[2]);
                    return new Row(
                            "f32 product " + shape + ", share of the registers' peak",
                            Kind.SHARE,
                            0.85,
                            Figure.most("share_of_peak", where),
                            null);
                })
                .toList();
        return new Match("product", heed("matmul"), null, rows);
    }

    private Match sorted() {
        return new Match(
                "sorted",
                embed("sorted", 512, "f32"),
                script("embed_bench.py", embedding("ort_f32", "32", "sorted", 512)),
                List.of(tokensPerSecond("MiniLM f32, sorted by length, ÷ ONNX Runtime f32", 1.2)));
    }

    private Match arrival() {
        return new Match(
                "arrival",
                embed("arrival", 256, "f32"),
                script("embed_bench.py", embedding("ort_f32", "1,4,32", "unsorted", 256)),
                List.of(tokensPerSecond(
                        "MiniLM f32, order of arrival, ÷ ONNX Runtime f32 at its best batch size there", 2.5)));
    }

    private Match lowPrecision(String type) {
        return new Match(
                type,
                embed("sorted", 512, type),
                script("embed_bench.py", embedding("ort_int8_pc", "32", "sorted", 512)),
                List.of(tokensPerSecond(
                        "MiniLM " + type + ", sorted by length, ÷ ONNX Runtime int8 per channel", 1.5)));
    }

    private static Row tokensPerSecond(String work, double goal) {
        Figure figure = Figure.most("tokens_per_s", Map.of("bench", "embed"));
        return new Row(work, Kind.RATE, goal, figure, figure);
    }

    private Match latency() {
        List<Row> rows = Stream.of("16", "64", "256")
                .map(tokens -> new Row(
                        "latency of " + tokens + " tokens, MiniLM f32, ÷ ONNX Runtime f32",
                        Kind.TIME,
                        1,
                        Figure.least("median_ms", Map.of("bench", "latency", "tokens", tokens)),
                        Figure.least("median_ms", Map.of("bench", "embed_latency", "tokens", tokens))))
                .toList();
        Program peer = script(
                "embed_bench.py",
                "--model",
                work.resolve("minilm").toString(),
                "--corpus",
                work.resolve("corpus.txt").toString(),
                "--impl",
                "ort_f32",
                "--mode",
                "latency",
                "--seconds",
                "1");
        return new Match("latency", heed("latency", "--calls", "200"), peer, rows);
    }

    private Match attention(int n, boolean causal) {
        Figure ms = Figure.least(
                "ms", Map.of("bench", "attention", "n", "" + n, "causal", "" + causal, "backward", "false"));
        String name = "attention-" + n + (causal ? "-causal" : "");
        Program ours = causal
                ? heed("attention", "--n", "" + n, "--causal", "--seconds", "1")
                : heed("attention", "--n", "" + n, "--seconds", "1");
        return new Match(
                name,
                ours,
                script("attention_bench.py", "--n", "" + n),
                List.of(new Row(
                        "attention, n = " + n + (causal ? ", causal" : "") + ", ÷ PyTorch SDPA",
                        Kind.TIME,
                        1.8,
                        ms,
                        ms)));
    }

    /// The first sentence of a process, whose result needs no check here: tests hold it.
    private static Match start() {
        return new Match(
                "start",
                Program.heed(List.of("bench", "first")),
                null,
                List.of(new Row(
                        "process start to first embedding, s",
                        Kind.SECONDS,
                        1.2,
                        Figure.least("seconds", Map.of("bench", "first")),
                        null)));
    }

    private Program embed(String order, int sentences, String type) {
        List<String> arguments = new ArrayList<>(List.of(
                "embed",
                "--input",
                work.resolve("corpus.txt").toString(),
                "--order",
                order,
                "--sentences",
                "" + sentences));
        if (!type.equals("f32")) {
            arguments.addAll(List.of("--dtype", type));
        }
        return heed(arguments.toArray(String[]::new));
    }

    private String[] embedding(String variant, String batch, String order, int sentences) {
        return new String[] {
            "--model",
            work.resolve("minilm").toString(),
            "--corpus",
            work.resolve("corpus.txt").toString(),
            "--impl",
            variant,
            "--batch",
            batch,
            "--order",
            order,
            "--sentences",
            "" + sentences
        };
    }

    private Program heed(String... arguments) {
        List<String> command = new ArrayList<>(List.of("bench"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--threads", "" + threads));
        return Program.heed(command);
    }

    private Program script(String name, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(python, scripts.resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--threads", "" + threads));
        return new Program(command, Map.of("PYTHONDONTWRITEBYTECODE", "1", "HF_HUB_OFFLINE", "1"));
    }
}
