package heed.chat;

import heed.checkpoint.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How one model wants a conversation written: a template in Jinja, rendered as Hugging Face's
/// `apply_chat_template` renders it. Immutable and safe for any number of threads.
///
/// The tokens that the template writes, such as `<|im_start|>`, are in its text: encode it without adding
/// special tokens once more.
public final class ChatTemplate {
    private static final int LARGEST_FILE = 16 << 20;

    /// What transformers offers to templates of the special tokens.
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final List<Statement> template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(List<Statement> template, Map<String, String> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    /// A template from its text.
    ///
    /// @param specialTokens what `bos_token`, `eos_token` and their like are in the template
    /// @throws ChatException when it is no template, or uses what is not known here
    public static ChatTemplate of(String template, Map<String, String> specialTokens) {
        return of(template, specialTokens, Clock.system(ZoneId.systemDefault()));
    }

    /// The same with the clock that `strftime_now` looks at.
    static ChatTemplate of(String template, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate(TemplateParser.parse(template), specialTokens, clock);
    }

    /// The template of a model's folder or GGUF file: `chat_template.jinja`, else `chat_template.json`, else
    /// what `tokenizer_config.json` says; of several there, the one called `default`. Empty when there is none.
    ///
    /// @throws ChatException when a file cannot be read, or its template is broken
    public static Optional<ChatTemplate> read(Path model) {
        Optional<Path> gguf = Gguf.at(model);
        if (gguf.isPresent()) {
            return ofGguf(gguf.get());
        }
        JsonNode config = json(model.resolve("tokenizer_config.json"));
        Map<String, String> special = new HashMap<>();
        JsonNode map = json(model.resolve("special_tokens_map.json"));
        for (String name : SPECIAL) {
            content(config.path(name)).or(() -> content(map.path(name))).ifPresent(token -> special.put(name, token));
        }
        Path file = model.resolve("chat_template.jinja");
        Optional<String> text = Files.isRegularFile(file)
                ? Optional.of(text(file))
                : chosen(json(model.resolve("chat_template.json")).path("chat_template"))
                        .or(() -> chosen(config.path("chat_template")));
        return text.map(template -> of(template, special));
    }

    private static Optional<ChatTemplate> ofGguf(Path file) {
        var metadata = Gguf.metadata(file);
        List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
        Map<String, String> special = new HashMap<>();
        Map.of("bos_token", "bos_token_id", "eos_token", "eos_token_id")
                .forEach((name, key) -> metadata.whole("tokenizer.ggml." + key)
                        .filter(id -> id < tokens.size())
                        .ifPresent(id -> special.put(name, tokens.get(id))));
        return metadata.text("tokenizer.chat_template").map(template -> of(template, special));
    }

    private static Optional<String> chosen(JsonNode template) {
        for (JsonNode named :
                template.isArray() ? template : JsonMapper.shared().createArrayNode()) {
            if (named.path("name").asString("").equals("default")) {
                return named.path("template").stringValueOpt();
            }
        }
        return template.stringValueOpt();
    }

    private static Optional<String> content(JsonNode token) {
        return token.isObject() ? token.path("content").stringValueOpt() : token.stringValueOpt();
    }

    private static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return JsonMapper.shared().createObjectNode();
        }
        try {
            return JsonMapper.shared().readTree(text(file));
        } catch (JacksonException e) {
            throw new ChatException(file + " is no JSON", e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new ChatException(file + " has " + Files.size(file) + " bytes, which is too many");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ChatException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// The text of a conversation.
    ///
    /// @param addGenerationPrompt whether the beginning of the assistant's next turn follows
    /// @throws ChatException when the template refuses the conversation, with its own words, or fails on it
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, Map.of());
    }

    /// As [#render(List, boolean)], with more variables that the template knows, such as `enable_thinking`:
    /// texts, numbers, yes or no, and lists and maps of these.
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, ?> more) {
        List<Object> turns = new ArrayList<>();
        for (ChatMessage message : messages) {
            Map<String, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        Map<String, Object> variables = new HashMap<>(specialTokens);
        more.forEach((name, value) -> variables.put(name, simple(value)));
        variables.put("messages", turns);
        variables.putIfAbsent("tools", Python.None.NONE);
        variables.putIfAbsent("documents", Python.None.NONE);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.put("raise_exception", (Python.Function) (arguments, _) -> {
            String reason = arguments.isEmpty() ? "" : Python.text(arguments.getFirst());
            throw new ChatException("the chat template refuses the conversation: "
                    + reason.lines().findFirst().orElse("no reason given"));
        });
        variables.put("strftime_now", (Python.Function)
                (arguments, _) -> now(arguments.isEmpty() ? "" : Python.text(arguments.getFirst())));
        return Renderer.render(template, variables);
    }

    private static Object simple(@Nullable Object value) {
        return switch (value) {
            case null -> Python.None.NONE;
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> (long) number;
            case Long number -> number;
            case Float number -> (double) number;
            case Double number -> number;
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                list.forEach(item -> items.add(simple(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> items = new LinkedHashMap<>();
                map.forEach((key, item) -> items.put(String.valueOf(key), simple(item)));
                yield items;
            }
            default ->
                throw new IllegalArgumentException(
                        "a " + value.getClass().getSimpleName() + " is no value for a template");
        };
    }

    /// The time of day in the words of C's `strftime`.
    private String now(String format) {
        LocalDateTime now = LocalDateTime.now(clock);
        var text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            String pattern = switch (format.charAt(++i)) {
                case 'd' -> "dd";
                case 'b' -> "MMM";
                case 'B' -> "MMMM";
                case 'm' -> "MM";
                case 'Y' -> "yyyy";
                case 'y' -> "yy";
                case 'H' -> "HH";
                case 'I' -> "hh";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'p' -> "a";
                case 'a' -> "EEE";
                case 'A' -> "EEEE";
                case 'j' -> "DDD";
                case '%' -> "'%'";
                default -> throw Python.error("strftime_now does not know %" + format.charAt(i));
            };
            text.append(now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
        }
        return text.toString();
    }
}
