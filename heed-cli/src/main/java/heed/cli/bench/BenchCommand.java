package heed.cli.bench;

import heed.family.ModelConfig;
import heed.kernel.WorkerPool;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `heed bench`, under which the measurements stand.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure speed on this machine, as JSON lines. Results are checked before they are timed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed bench embed --input comments.txt --batch 32 --order sorted",
            "  heed bench latency --tokens 16,64,256",
            "  heed bench generate --model ./gpt2 --prompt-tokens 512 --new-tokens 128",
            "  heed bench attention --n 512,2048 --causal",
            "  heed bench train --case nanogpt,babygpt,encdec",
            "  heed bench matmul --shapes \"512,1536,384;1,3072,768\"",
            "  heed bench load --model ./my-model --capacity",
            "  heed bench stream --model ./my-model --input comments.txt",
            "  heed bench --profile"
        },
        subcommands = {
            EmbedBench.class,
            LatencyBench.class,
            GenerateBench.class,
            TranslateBench.class,
            AttentionBench.class,
            TrainBench.class,
            MatmulBench.class,
            FirstBench.class,
            SoakBench.class,
            LoadBench.class,
            StreamBench.class,
            PeersBench.class
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int PROFILED_TEXTS = 32;
    private static final int PROFILED_TOKENS = 32;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ModelChoice model = new ModelChoice();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private WarmUpOption warmUp = new WarmUpOption();

    @Option(
            names = "--profile",
            description = "Show where the time of a forward pass goes: 32 texts of 32 tokens through the model."
                    + " `embed` and `latency` take the option too, for their own texts.")
    private boolean profile;

    @Override
    public Integer call() {
        if (!profile) {
            spec.commandLine().usage(spec.commandLine().getOut());
            return 0;
        }
        Console console = Console.of(spec);
        try (WorkerPool workers = threads.pool()) {
            ModelConfig config = model.config(console);
            int tokens = Math.min(PROFILED_TOKENS, config.maxTokens());
            new Profile(model, workers, warmUp.seconds(), console)
                    .run(SomeTokens.texts(PROFILED_TEXTS, tokens, config.vocabularySize()));
        }
        return 0;
    }
}
