package heed.cli;

import heed.cli.options.ServingOptions;
import heed.cli.options.WeightOptions;
import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.ExplorerServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serve models: the explorer, a page that shows what attention does in them, and beside it what programs"
                    + " ask, as Heed, OpenAI, text-embeddings-inference and Perspective have it (docs/serving.md).",
            "",
            "SIGTERM or Ctrl-C: nothing new is taken on, what is under way is answered, status 0."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed serve",
            "  heed serve --model bert-base-uncased --model hf:openai-community/gpt2 --port 9000",
            "  curl -s localhost:8420/embed -H 'Content-Type: application/json' -d '{\"inputs\": \"the bank\"}'"
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "A model to open at once; more than one by repeating. The page can open others. Default: "
                    + ModelOption.DEFAULT)
    private List<String> models = List.of(ModelOption.DEFAULT);

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on. Default: 127.0.0.1, this machine alone")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8420",
            description = "0 for any that is free. Default: 8420")
    private int port = 8420;

    @Option(
            names = "--claims",
            paramLabel = "DIR",
            defaultValue = "claims",
            description = "Where `heed claims` has left its results, which the page shows. Default: claims")
    private Path claims = Path.of("claims");

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Mixin
    private ServingOptions serving = new ServingOptions();

    @Override
    public Integer call() throws InterruptedException, IOException {
        ModelOptions options = weights.applyTo(ModelOptions.defaults());
        String key = serving.key();
        ExplorerServer server = ExplorerServer.start(
                new ExplorerServer.Settings(
                        host, port, models, options, serving.settings(), key, serving.moderation(), claims),
                Hub.standard());
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        out.println(server.address());
        out.flush();
        ExplorerServer.missingPage().ifPresent(reason -> err.println("heed: " + reason));
        err.println("heed: open " + server.address() + " in a browser; Ctrl-C ends the server");
        boolean local = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
        if (!local && key == null) {
            err.println("heed: warning: others can reach this server, and it asks nobody for a key (--api-key-file)");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, err), "heed-end"));
        new CountDownLatch(1).await(); // until the machine ends
        return 0;
    }

    /// Answers what is under way, and ends with status 0 where the machine would say that it was told to.
    private static void end(ExplorerServer server, PrintWriter err) {
        try {
            if (!server.drain()) {
                err.println("heed: not everything under way was answered in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        err.flush();
        Runtime.getRuntime().halt(0);
    }
}
