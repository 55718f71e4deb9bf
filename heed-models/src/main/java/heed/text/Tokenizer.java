package heed.text;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Text to token ids and back, as one model was trained with. Implementations are thread-safe;
/// [Tokenizers#open] opens the one that lies in a model's folder.
///
/// Nothing is padded, and nothing is truncated unless [EncodeOptions#maxTokens] asks for it, whatever the
/// model's files say: Heed computes ragged batches, and a text that is too long for a model is the caller's
/// to know about.
///
/// Any string is taken. A half of a surrogate pair counts as U+FFFD, since it is no character. The text is
/// trusted to be text: where it spells a special token, such as `[SEP]`, it gets that token, as in Hugging
/// Face's library.
public interface Tokenizer extends AutoCloseable {

    /// The tokens of a text, in the model's frame.
    default Encoding encode(String text) {
        return encode(text, null, EncodeOptions.defaults());
    }

    /// The tokens of a pair of texts, such as a question and its context, in the model's frame.
    default Encoding encode(String text, @Nullable String pair) {
        return encode(text, pair, EncodeOptions.defaults());
    }

    default Encoding encode(String text, EncodeOptions options) {
        return encode(text, null, options);
    }

    /// The tokens of a text, or of a pair when `pair` is not null. An empty `pair` is none, as for
    /// Hugging Face's transformers.
    ///
    /// @throws IllegalArgumentException if the special tokens alone exceed [EncodeOptions#maxTokens]
    /// @throws TokenizerException if the tokenizer has no token, not even an unknown one, for a part of the
    ///     text
    /// @throws IllegalStateException if the tokenizer is closed
    Encoding encode(String text, @Nullable String pair, EncodeOptions options);

    /// The tokens of many texts, in the model's frame; faster than one by one.
    default List<Encoding> encode(List<String> texts) {
        return encode(texts, EncodeOptions.defaults());
    }

    /// The tokens of many texts; the same as encoding each, only faster.
    List<Encoding> encode(List<String> texts, EncodeOptions options);

    /// The text that tokens spell. What normalisation removed, such as case and accents, does not come
    /// back, and ids that the vocabulary lacks spell nothing.
    ///
    /// @param skipSpecialTokens leave out `[CLS]`, `<s>` and their like
    String decode(int[] ids, boolean skipSpecialTokens);

    /// The number of tokens, those added to the vocabulary included. A model's embedding may have more
    /// rows.
    int vocabularySize();

    /// The id of a token, spelled as in the vocabulary (`##ing`, `▁the`, `[MASK]`).
    OptionalInt id(String token);

    /// The token of an id.
    Optional<String> token(int id);

    /// The token that plays this part, where the model has one.
    Optional<String> specialToken(SpecialToken part);

    /// The id of the token that plays this part, where the model has one.
    default OptionalInt specialId(SpecialToken part) {
        return specialToken(part).map(this::id).orElse(OptionalInt.empty());
    }

    default Optional<String> maskToken() {
        return specialToken(SpecialToken.MASK);
    }

    default OptionalInt maskId() {
        return specialId(SpecialToken.MASK);
    }

    default OptionalInt padId() {
        return specialId(SpecialToken.PADDING);
    }

    default OptionalInt unknownId() {
        return specialId(SpecialToken.UNKNOWN);
    }

    default OptionalInt clsId() {
        return specialId(SpecialToken.CLASSIFICATION);
    }

    default OptionalInt sepId() {
        return specialId(SpecialToken.SEPARATOR);
    }

    default OptionalInt bosId() {
        return specialId(SpecialToken.BEGINNING);
    }

    default OptionalInt eosId() {
        return specialId(SpecialToken.END);
    }

    /// Frees what the tokenizer holds, waiting for calls under way; does nothing the second time.
    @Override
    void close();
}
