package heed.family;

import heed.layer.Linear;
import heed.tensor.Tensor;
import java.util.List;
import java.util.regex.Pattern;

/// What stands on top of a decoder: the rows of its weight table and the head made of them. All decoders have
/// the same kinds; they differ in a few names.
///
/// @param kind decided by the architecture
/// @param tied whether next tokens are predicted by the word embeddings themselves
/// @param padId a token that does not count as the last of a sequence; -1 for none
/// @param labels the names of the classes, by index
/// @param multiLabel whether a sequence may belong to several classes at once
public record DecoderHead(
        HeadKind kind, String architecture, boolean tied, int padId, List<String> labels, boolean multiLabel) {
    /// Reads which head a configuration asks for.
    ///
    /// @param family the name of the family's classes, such as `Llama`
    /// @param languageModel the kind of its class that predicts next tokens
    static DecoderHead of(ConfigFile file, String family, HeadKind languageModel, boolean tiedByDefault) {
        List<HeadKind> kinds = List.of(
                HeadKind.NONE,
                languageModel,
                HeadKind.SEQUENCE_CLASSIFICATION,
                HeadKind.TOKEN_CLASSIFICATION,
                HeadKind.QUESTION_ANSWERING);
        String architecture = HeadKind.architecture(file, family, kinds);
        return new DecoderHead(
                HeadKind.of(architecture, family),
                architecture,
                file.flag("tie_word_embeddings", tiedByDefault),
                file.whole("pad_token_id", -1),
                file.labels(),
                file.multiLabel());
    }

    /// Declares the rows of the word embeddings and of the head.
    ///
    /// @param words the name of the word embeddings
    /// @param decoder the name of the matrix that predicts next tokens
    /// @param tokens the name of the map that classifies tokens
    /// @param v V
    /// @param d D
    void declare(WeightTable table, String words, String decoder, String tokens, int v, int d) {
        boolean predicts = kind == HeadKind.CAUSAL_LM || kind == HeadKind.LM_HEAD;
        if (predicts && tied) {
            table.tied("words", List.of(words, decoder), v, d);
            table.tied("head.weight", List.of(decoder, words), v, d);
        } else {
            table.row("words", words, v, d);
        }
        switch (kind) {
            case SEQUENCE_CLASSIFICATION -> table.row("head.weight", "score.weight", labels.size(), d);
            case TOKEN_CLASSIFICATION -> table.linear("head", tokens, labels.size(), d);
            case QUESTION_ANSWERING -> table.linear("head", "qa_outputs", 2, d);
            default -> {
                if (!predicts) {
                    table.ignore(Pattern.quote(decoder), "a head that the architecture leaves aside");
                } else if (!tied) {
                    table.row("head.weight", decoder, v, d);
                }
            }
        }
    }

    /// @param words the word embeddings `[V, D]`
    Head assemble(Parameters parameters, Tensor words) {
        return switch (kind) {
            case CAUSAL_LM, LM_HEAD ->
                new Head.LanguageModel(1, new Linear(parameters.weight(parameters.tied("head.weight", words)), null));
            case SEQUENCE_CLASSIFICATION -> new Head.LastTokenClassification(parameters.linear("head"), padId);
            case TOKEN_CLASSIFICATION -> new Head.TokenClassification(parameters.linear("head"));
            case QUESTION_ANSWERING -> new Head.SpanClassification(parameters.linear("head"));
            default -> new Head.None();
        };
    }
}
