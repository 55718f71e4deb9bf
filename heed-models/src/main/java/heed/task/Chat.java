package heed.task;

import heed.chat.ChatException;
import heed.chat.ChatMessage;
import heed.chat.ChatTemplate;
import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.model.Model;
import heed.pass.Watch;
import heed.text.EncodeOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Takes the next turn in a conversation, with a decoder that was trained on conversations: its template says
/// how one is written. Safe for any number of threads; what was said before is an argument.
///
/// ```java
/// Chat chat = new Chat(model, Decoding.greedy().maxNewTokens(200));
/// chat.stream(List.of(ChatMessage.user("What is attention?")), System.out::print);
/// ```
public final class Chat {
    /// A turn where neither caller nor model says how long.
    private static final int NEW_TOKENS = 256;

    private final TextGenerator generator;
    private final Model model;
    private final ChatTemplate template;
    private final Map<String, ?> variables;

    /// @throws IllegalArgumentException when the model does not write, or has no template
    public Chat(Model model, Decoding decoding) {
        this(
                new TextGenerator(new Writer(model, decoding, NEW_TOKENS, Watch.NONE)),
                model,
                ChatTemplate.read(model.folder())
                        .orElseThrow(() -> new ChatException(model.name()
                                + " has no chat template, so nothing says how a conversation is written for it; a"
                                + " prompt can be continued as text")),
                Map.of());
    }

    private Chat(TextGenerator generator, Model model, ChatTemplate template, Map<String, ?> variables) {
        this.generator = generator;
        this.model = model;
        this.template = template;
        this.variables = Map.copyOf(variables);
    }

    /// The same with variables that the template knows, such as `enable_thinking`: texts, numbers, yes or no,
    /// and lists and maps of these.
    public Chat with(Map<String, ?> variables) {
        return new Chat(generator, model, template, variables);
    }

    /// What takes the tokens of conversations further: for several answers, or for somebody who watches.
    public TextGenerator generator() {
        return generator;
    }

    /// The tokens of a conversation, up to where the model's turn begins.
    ///
    /// @throws ChatException when the template refuses the conversation
    public int[] encode(List<ChatMessage> conversation) {
        String text = template.render(conversation, true, variables);
        // special tokens stand in the text already
        return model.tokenizer()
                .encode(text, EncodeOptions.defaults().withoutSpecialTokens())
                .ids();
    }

    /// The model's turn.
    ///
    /// @throws IllegalArgumentException when the template refuses the conversation, or it does not fit the
    /// model
    public Continuation answer(List<ChatMessage> conversation) {
        return generator
                .generateTokens(List.of(encode(conversation)))
                .getFirst()
                .getFirst();
    }

    /// The model's turn, its text handed out as it comes.
    public Continuation stream(List<ChatMessage> conversation, Consumer<String> text) {
        return generator.streamTokens(encode(conversation), text, new Cancellation());
    }
}
