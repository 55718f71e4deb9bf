package heed.cli;

import heed.chat.ChatMessage;
import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.model.Model;
import heed.task.Chat;
import heed.task.Continuation;
import heed.task.TextGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Write on from a prompt, or take the next turn in a conversation.",
            "",
            "With an encoder–decoder such as T5 the prompt is what it reads. As JSON: \"prompt_ids\", \"ids\" and"
                    + " \"text\" of the continuation (null without a tokenizer), and why it ended in \"finish\"."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  heed generate --model ./gpt2 --prompt \"Once upon a time\" --max-new-tokens 40",
            "  heed generate --model ./gpt2 --prompt \"Once upon a time\" --temperature 0.8 --top-p 0.95 --seed 7",
            "  heed generate --model ./smollm2-instruct --chat \"What is attention?\" --system \"Be brief.\"",
            "  heed generate --model ./tiny-gpt2 --ids 5,17,3 --beams 4 --sequences 2 --format json"
        })
final class GenerateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RequiredModelOption model = new RequiredModelOption();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Input input;

    static final class Input {
        @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "The text to go on from.")
        @Nullable
        String prompt;

        @Option(
                names = "--ids",
                paramLabel = "1,2,3",
                required = true,
                split = ",",
                description = "Token ids to go on from, the special ones included.")
        int @Nullable [] ids;

        @Option(
                names = "--chat",
                paramLabel = "FILE|TEXT",
                required = true,
                description =
                        "A conversation, written as the model's chat template says: what the user says, or a file"
                                + " (- for standard input) of JSON: lists of messages with \"role\" and \"content\", a line each.")
        @Nullable
        String chat;
    }

    @Option(names = "--system", paramLabel = "TEXT", description = "With --chat: what the system says first.")
    private @Nullable String system;

    @Option(
            names = "--chat-variable",
            paramLabel = "NAME=VALUE",
            description = "With --chat: a variable that the template knows, such as enable_thinking=false; the value is"
                    + " JSON, or else a text. May be given more than once.")
    private Map<String, String> chatVariables = Map.of();

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Option(names = "--log-probabilities", description = "Also the log-probability of every token, in JSON.")
    private boolean logProbabilities;

    @Option(names = "--stream", description = "Show the text as it comes, also where no person watches.")
    private boolean stream;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            description = "text: the continuation as it comes; json: one object per continuation. Default: text for a"
                    + " prompt on a terminal, else json")
    private @Nullable Format format;

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws IOException {
        if (stream && format == Format.JSON) {
            throw new ParameterException(
                    spec.commandLine(), "--stream shows text as it comes, --format json comes at the end");
        }
        if (input.chat == null && (system != null || !chatVariables.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--system and --chat-variable go with --chat");
        }
        Decoding chosen = decoding.decoding(Decoding::greedy);
        chosen = logProbabilities ? chosen.withLogProbabilities() : chosen;
        List<List<ChatMessage>> conversations = input.chat == null ? List.of() : Conversations.read(input.chat, system);
        PrintWriter out = spec.commandLine().getOut();
        try (Model opened = model.open(spec.commandLine().getErr())) {
            if (input.chat == null) {
                TextGenerator generator = new TextGenerator(opened, chosen);
                write(generator, List.of(input.prompt == null ? ids() : generator.encode(input.prompt)), out);
            } else {
                Chat chat = new Chat(opened, chosen).with(variables());
                write(chat.generator(), conversations.stream().map(chat::encode).toList(), out);
            }
        }
        return 0;
    }

    private void write(TextGenerator generator, List<int[]> prompts, PrintWriter out) {
        if (asText() && prompts.size() == 1 && generator.decoding().sequences() == 1) {
            print(generator, prompts.getFirst(), out);
            return;
        }
        for (List<Continuation> some : generator.generateTokens(prompts)) {
            for (Continuation one : some) {
                out.println(asText() ? one.toString() : Json.line(json(one)));
            }
        }
    }

    private Map<String, Object> variables() {
        Map<String, Object> values = new LinkedHashMap<>();
        chatVariables.forEach((name, said) -> values.put(name, Json.valueOrText(said)));
        return values;
    }

    private boolean asText() {
        if (format == null) {
            return stream || (input.ids == null && Audience.watchesOutput());
        }
        return format == Format.TEXT;
    }

    private int[] ids() {
        return input.ids == null ? new int[0] : input.ids;
    }

    private static void print(TextGenerator generator, int[] prompt, PrintWriter out) {
        Cancellation cancellation = new Cancellation();
        generator.streamTokens(
                prompt,
                piece -> {
                    out.print(piece);
                    if (out.checkError()) { // flushes; the reader went away, as `| head` does
                        cancellation.cancel();
                    }
                },
                cancellation);
        out.println();
    }

    private Map<String, Object> json(Continuation one) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("prompt_ids", one.promptIds());
        line.put("ids", one.ids());
        line.put("text", one.text());
        line.put("finish", one.finish().name().toLowerCase(Locale.ROOT));
        if (!Double.isNaN(one.score())) {
            line.put("score", one.score());
        }
        if (logProbabilities) {
            line.put("log_probabilities", one.logProbabilities());
        }
        return line;
    }
}
