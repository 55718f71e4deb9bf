package heed.cli;

import heed.cli.options.WeightOptions;
import heed.hub.Hub;
import heed.model.ModelOptions;
import heed.server.ExplorerServer;
import java.io.PrintWriter;
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
        description = "Open the explorer: a page that shows what attention does in a model.",
        footerHeading = "%nExamples:%n",
        footer = {"  heed serve", "  heed serve --model bert-base-uncased --model hf:openai-community/gpt2 --port 9000"
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

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Override
    public Integer call() throws InterruptedException {
        ModelOptions options = weights.applyTo(ModelOptions.defaults());
        ExplorerServer server =
                ExplorerServer.start(new ExplorerServer.Settings(host, port, models, options), Hub.standard());
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        out.println(server.address());
        out.flush();
        err.println("heed: open " + server.address() + " in a browser; Ctrl-C ends the server");
        if (!host.equals("127.0.0.1") && !host.equals("localhost") && !host.equals("::1")) {
            err.println("heed: warning: others can reach this server, and it asks nobody for a password");
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            ended.countDown();
        }));
        ended.await();
        return 0;
    }
}
