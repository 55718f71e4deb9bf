package heed.task;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.TokenListener;
import heed.model.Model;
import heed.pass.Watch;
import heed.text.StreamingDecoder;
import heed.text.Tokenizer;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// Writes on from a prompt, with a decoder such as GPT-2 or Llama; with an encoder–decoder such as T5 the
/// prompt is what it reads. Safe for any number of threads.
///
/// ```java
/// new TextGenerator(model, Decoding.greedy().maxNewTokens(40)).stream("Once upon", System.out::print);
/// ```
public final class TextGenerator {
    /// As many as Hugging Face generates when nobody says.
    private static final int NEW_TOKENS = 20;

    private final Writer writer;

    /// @throws IllegalArgumentException when the model does not write
    public TextGenerator(Model model, Decoding decoding) {
        this(new Writer(model, decoding, NEW_TOKENS, Watch.NONE));
    }

    TextGenerator(Writer writer) {
        this.writer = writer;
    }

    /// The same generator with somebody who watches every pass. The weights of a layer are at the prompt `[H,
    /// T, T]`, and then for each token a row `[H, 1, T]`; those that look at a source are the cross-attention.
    public TextGenerator watched(Watch watch) {
        return new TextGenerator(writer.watched(watch));
    }

    /// What is in force: what the caller said and, for the rest, what the model's files say.
    public Decoding decoding() {
        return writer.decoding();
    }

    /// What follows a prompt.
    ///
    /// @throws IllegalArgumentException when the prompt is empty, or does not fit the model with what is to
    /// follow
    public Continuation generate(String prompt) {
        return generate(List.of(prompt)).getFirst();
    }

    /// What follows each prompt; the same as one by one, only faster.
    public List<Continuation> generate(List<String> prompts) {
        return generateTokens(prompts.stream().map(this::encode).toList()).stream()
                .map(List::getFirst)
                .toList();
    }

    /// The best of the beams, or the samples, as many as [Decoding#sequences] says.
    public List<Continuation> alternatives(String prompt) {
        return generateTokens(List.of(encode(prompt))).getFirst();
    }

    /// What follows token ids, for models with or without a tokenizer.
    ///
    /// @param prompts the ids of each, special ones included
    /// @return for each prompt as many continuations as [Decoding#sequences] says, best first
    public List<List<Continuation>> generateTokens(List<int[]> prompts) {
        return writer.write(prompts);
    }

    /// What follows a prompt, its text handed out as it comes and never split within a character.
    ///
    /// @param text takes each piece; what it throws ends generation
    public Continuation stream(String prompt, Consumer<String> text) {
        return stream(prompt, text, new Cancellation());
    }

    /// As [#stream(String, Consumer)], until somebody cancels.
    public Continuation stream(String prompt, Consumer<String> text, Cancellation cancellation) {
        return streamTokens(encode(prompt), text, cancellation);
    }

    /// As [#stream(String, Consumer, Cancellation)], from token ids.
    public Continuation streamTokens(int[] prompt, Consumer<String> text, Cancellation cancellation) {
        StreamingDecoder decoder = writer.decoderAfter(prompt);
        if (decoder == null) {
            throw new IllegalArgumentException(
                    writer.model().name() + " has no tokenizer, so what it writes has ids but no text to stream");
        }
        TokenListener listener = (sequence, id) -> {
            String piece = sequence == 0 ? decoder.add(id) : "";
            if (!piece.isEmpty()) {
                text.accept(piece);
            }
        };
        Continuation written = writer.write(prompt, listener, cancellation).getFirst();
        String rest = decoder.finish();
        if (!rest.isEmpty()) {
            text.accept(rest);
        }
        return written;
    }

    /// What follows token ids, each told of as it is chosen, for models with or without a tokenizer.
    public Continuation streamTokens(int[] prompt, TokenListener listener, Cancellation cancellation) {
        return writer.write(prompt, listener, cancellation).getFirst();
    }

    /// The tokens of a prompt, with the special ones that the model needs. An empty prompt is the token that
    /// texts begin with, where the model has one.
    ///
    /// @throws IllegalArgumentException when the prompt is empty and the model has no such token
    public int[] encode(String prompt) {
        Tokenizer tokenizer = writer.model().tokenizer();
        int[] ids = tokenizer.encode(prompt).ids();
        OptionalInt beginning = tokenizer.bosId();
        if (ids.length > 0) {
            return ids;
        }
        if (beginning.isEmpty()) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        return new int[] {beginning.getAsInt()};
    }
}
