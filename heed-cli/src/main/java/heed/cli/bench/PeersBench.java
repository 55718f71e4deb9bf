package heed.cli.bench;

import heed.cli.bench.Match.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description = "The table of ratios: the same work by Heed and by other programs, by turns, each in processes of"
                + " its own. A peer that is not there is said so in its line.",
        footerHeading = "%nExample:%n",
        footer = {
            "  heed bench peers --scripts ./peers --rounds 3 --format markdown",
            "",
            "The scripts are attention_bench.py and embed_bench.py, which print JSON lines. PEERS_PYTHON",
            "names the Python that runs them, PEERS_WORK the folder with minilm/ and corpus.txt."
        })
final class PeersBench implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--scripts", required = true, paramLabel = "FOLDER", description = "Where the peers' scripts are.")
    @SuppressWarnings("NullAway.Init")
    private Path scripts;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            defaultValue = "${env:PEERS_PYTHON:-python3}",
            description = "What runs them. Default: $$PEERS_PYTHON, else python3")
    private String python = "python3";

    @Option(
            names = "--work",
            paramLabel = "FOLDER",
            defaultValue = "${env:PEERS_WORK:-.}",
            description = "Their models and corpus. Default: $$PEERS_WORK, else this folder")
    private Path work = Path.of(".");

    @Option(names = "--threads", paramLabel = "N", defaultValue = "2", description = "Of each. Default: 2")
    private int threads;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Default: 3")
    private int rounds;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these: product, sorted, arrival, latency, int8, bf16, attention-512, attention-512-causal,"
                            + " … 2048, 8192, 16384, start. Default: all")
    private @Nullable List<String> names;

    @Option(
            names = "--format",
            paramLabel = "text|markdown|jsonl",
            defaultValue = "text",
            description = "Default: text")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        MARKDOWN,
        JSONL
    }

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        if (rounds < 1) {
            throw new IllegalArgumentException(rounds + " rounds are none, use at least 1");
        }
        if (!Files.isDirectory(scripts)) {
            throw new IllegalArgumentException("there is no folder " + scripts);
        }
        List<Match> matches = chosen(new Matches(scripts, python, work, threads).all());
        if (format != Format.JSONL) {
            RatioTable.header(format == Format.MARKDOWN, rounds).forEach(console.out()::println);
        }
        for (Match match : matches) {
            for (Ratios ratios : play(match, console)) {
                switch (format) {
                    case TEXT, MARKDOWN ->
                        console.out().println(RatioTable.line(ratios, format == Format.MARKDOWN, rounds));
                    case JSONL -> console.print(ratios.json());
                }
                console.out().flush();
            }
        }
        return 0;
    }

    private List<Match> chosen(List<Match> all) {
        List<String> names = this.names;
        if (names == null) {
            return all;
        }
        List<String> known = all.stream().map(Match::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no row " + name + ", only " + String.join(", ", known));
            }
        }
        return all.stream().filter(match -> names.contains(match.name())).collect(Collectors.toList());
    }

    /// The figures of one row, round by round.
    private record Tally(Row row, List<Double> ours, List<Double> theirs) {
        static Tally of(Row row) {
            return new Tally(row, new ArrayList<>(), new ArrayList<>());
        }

        /// @param failures where to write who has no figure, and why
        void add(Program.Result our, Program.Result their, List<String> failures) {
            row.ours().in(our.lines()).ifPresentOrElse(ours::add, () -> failures.add("heed: " + why(our)));
            Match.Figure figure = row.theirs();
            if (figure != null) {
                figure.in(their.lines()).ifPresentOrElse(theirs::add, () -> failures.add("peer: " + why(their)));
            }
        }
    }

    /// Ours and theirs by turns, so that a machine that slows down slows both.
    private List<Ratios> play(Match match, Console console) {
        List<Tally> tallies = match.rows().stream().map(Tally::of).toList();
        List<String> failures = new ArrayList<>();
        Program peer = match.peer();
        for (int round = 1; round <= rounds && failures.isEmpty(); round++) {
            console.note("heed: " + match.name() + ", round " + round + " of " + rounds);
            Program.Result our = match.ours().run();
            Program.Result their = peer == null ? new Program.Result(List.of(), 0, "") : peer.run();
            tallies.forEach(tally -> tally.add(our, their, failures));
        }
        String failure = failures.isEmpty() ? "" : failures.getFirst();
        return tallies.stream()
                .map(tally -> Ratios.of(tally.row, tally.ours, tally.theirs, failure))
                .toList();
    }

    private static String why(Program.Result result) {
        return result.failure().isEmpty() ? "no such figure" : result.failure();
    }
}
