package heed.cli;

import heed.claims.Claim;
import heed.claims.ClaimFolder;
import heed.claims.ClaimReport;
import heed.claims.ClaimResult;
import heed.claims.Claims;
import heed.claims.Effort;
import heed.claims.Trial;
import heed.kernel.KernelProvider;
import heed.kernel.WorkerPool;
import heed.serving.Moderation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "claims",
        mixinStandardHelpOptions = true,
        description = {
            "Measure what lectures claim of Transformers.",
            "",
            "Each claim has a rule that was written before any run; \"not confirmed\" is a result like any other."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed claims list",
            "  heed claims run order --quick",
            "  heed claims run patches                                the encoder reads handwritten digits",
            "  heed claims report                                     all of them, as one page"
        },
        subcommands = {
            ClaimsCommand.ListCommand.class,
            ClaimsCommand.RunCommand.class,
            ClaimsCommand.ReportCommand.class
        })
final class ClaimsCommand implements Runnable {
    private static final Claims CLAIMS = Moderation.withLectures();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    enum Format {
        TEXT,
        JSON
    }

    /// Where and how experiments run.
    static final class Runs {
        @Option(
                names = "--quick",
                description = "Seconds instead of minutes: to see that it works. The rules are for the full runs.")
        private boolean quick;

        @Option(names = "--out", paramLabel = "DIR", description = "Where results are kept. Default: claims")
        private Path out = Path.of("claims");

        ClaimResult measure(Claim claim, PrintWriter err) throws IOException {
            Trial trial = new Trial(
                    quick ? Effort.QUICK : Effort.FULL,
                    KernelProvider.active().kernels(),
                    WorkerPool.shared(),
                    what -> err.println("heed: " + claim.name() + ": " + what));
            ClaimResult result =
                    ClaimResult.measure(claim, trial.in(folder().notebook(claim, trial)), InstantSource.system());
            folder().write(result);
            return result;
        }

        ClaimFolder folder() {
            return new ClaimFolder(out);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "What is claimed, and when it holds.")
    static final class ListCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Option(names = "--format", paramLabel = "text|json", description = "Default: text")
        private Format format = Format.TEXT;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            for (Claim claim : CLAIMS.all()) {
                switch (format) {
                    case TEXT -> out.println(claim.name() + "\n  " + claim.statement() + "\n  Rule: " + claim.rule());
                    case JSON ->
                        out.println(Json.line(
                                Map.of("name", claim.name(), "statement", claim.statement(), "rule", claim.rule())));
                }
            }
            return 0;
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Run experiments, and keep their data as JSON, CSV and pictures.")
    static final class RunCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "Of `heed claims list`.")
        private List<String> names = new ArrayList<>();

        @Mixin
        private Runs runs = new Runs();

        @Option(names = "--format", paramLabel = "text|json", description = "Default: text")
        private Format format = Format.TEXT;

        @Override
        public Integer call() throws IOException {
            List<Claim> claims = names.stream().map(CLAIMS::named).toList();
            for (Claim claim : claims) {
                ClaimResult result = runs.measure(claim, spec.commandLine().getErr());
                print(result, spec.commandLine().getOut());
            }
            return 0;
        }

        private void print(ClaimResult result, PrintWriter out) {
            switch (format) {
                case TEXT -> out.println(result.name() + ": " + result.verdict() + "\n  " + result.summary());
                case JSON -> {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("name", result.name());
                    line.put("confirmed", result.confirmed());
                    line.put("summary", result.summary());
                    line.put("conditions", result.conditions());
                    out.println(Json.line(line));
                }
            }
            out.flush();
        }
    }

    @Command(
            name = "report",
            mixinStandardHelpOptions = true,
            description = {
                "Write a page with all claims, report.html. Claims that have no result in the folder are run first;"
                        + " delete a result, or `heed claims run` it, to have it anew. A claim whose data cannot be had is"
                        + " left out, and the exit status is then 1."
            })
    static final class ReportCommand implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        private Runs runs = new Runs();

        @Override
        public Integer call() throws IOException {
            PrintWriter err = spec.commandLine().getErr();
            List<ClaimResult> results = new ArrayList<>();
            int missing = 0;
            for (Claim claim : CLAIMS.all()) {
                try {
                    Optional<ClaimResult> kept = runs.folder().read(claim.name());
                    results.add(kept.isPresent() ? kept.get() : runs.measure(claim, err));
                } catch (IllegalArgumentException | IOException e) { // its data cannot be had: the others can
                    err.println("heed: " + claim.name() + " is left out: " + e.getMessage());
                    missing++;
                }
            }
            Files.createDirectories(runs.folder().folder());
            Path page = runs.folder().folder().resolve("report.html");
            Files.writeString(page, new ClaimReport(results, CLAIMS).html());
            err.println("heed: wrote " + page);
            return missing == 0 ? 0 : 1;
        }
    }
}
