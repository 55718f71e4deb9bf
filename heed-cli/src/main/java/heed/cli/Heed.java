package heed.cli;

import heed.cli.bench.BenchCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `heed` and its subcommands.
@Command(
        name = "heed",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Attention for the JVM: run Transformers and look inside them.",
        synopsisHeading = "%nUsage: ",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nTry:%n",
        footer = {
            "  heed attend \"The bank can refuse to lend money to the person by the river bank.\"",
            "  heed fill --model bert-base-uncased \"the capital of france is [MASK].\"",
            "  echo \"A man is eating food.\" | heed embed",
            "",
            "A model is a folder in Hugging Face layout, a GGUF file, hf:org/name[@revision],",
            "maven:group:artifact:version, or one of the names that `heed models list` shows."
        },
        subcommands = CommandLine.HelpCommand.class)
final class Heed implements Runnable {
    /// In the order of the help.
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            AttendCommand.class,
            SensesCommand.class,
            HeadsCommand.class,
            RunCommand.class,
            EmbedCommand.class,
            FillCommand.class,
            ClassifyCommand.class,
            AnswerCommand.class,
            GenerateCommand.class,
            TranslateCommand.class,
            SummarizeCommand.class,
            ModerateCommand.class,
            ModelsCommand.class,
            TrainCommand.class,
            ScoreCommand.class,
            TokenizerCommand.class,
            ClaimsCommand.class,
            BenchCommand.class,
            DoctorCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    public static void main(String[] arguments) {
        Logging.toStandardError();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        int status = run(
                new PrintWriter(out, false, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8),
                arguments);
        out.flush();
        System.exit(status);
    }

    /// Runs a command line as the process would.
    ///
    /// @return the exit status: 0 done, 1 the input or the model is wrong, 2 usage
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Heed heed = new Heed();
        CommandLine commandLine = new CommandLine(heed);
        commands(arguments).forEach(commandLine::addSubcommand);
        commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((exception, _, _) -> Failure.report(exception, err, heed.debug));
        int status;
        try {
            status = commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            status = Failure.report(e, err, heed.debug);
        }
        out.flush();
        err.flush();
        if (out.checkError() && status == 0) {
            return 1; // the reader went away, as `| head` does
        }
        return status;
    }

    /// The command that the first argument names, alone: to look at all the others takes a tenth of a second.
    /// All where it names none, for help and for suggestions.
    private static List<Class<?>> commands(String... arguments) {
        for (Class<?> command : COMMANDS) {
            if (arguments.length > 0
                    && command.getAnnotation(Command.class).name().equals(arguments[0])) {
                return List.of(command);
            }
        }
        return COMMANDS;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
