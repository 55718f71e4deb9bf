package heed.text;

import java.util.List;

/// The parts that tokens outside of ordinary text play. Which token plays a part, if any does, is the
/// model's choice: see [Tokenizer#specialToken(SpecialToken)].
public enum SpecialToken {
    /// Fills short rows of a rectangular batch; Heed's ragged batches never need it.
    PADDING("pad_token"),
    /// Stands for what the vocabulary cannot spell.
    UNKNOWN("unk_token"),
    /// Opens a text for models that classify, as `[CLS]` does in BERT.
    CLASSIFICATION("cls_token"),
    /// Ends a text and stands between the two of a pair, as `[SEP]` does in BERT.
    SEPARATOR("sep_token"),
    /// A hidden token that a masked language model guesses.
    MASK("mask_token"),
    /// Begins a generated text.
    BEGINNING("bos_token"),
    /// Ends a generated text.
    END("eos_token");

    private final String key;

    SpecialToken(String key) {
        this.key = key;
    }

    /// The name of this part in `tokenizer_config.json` and `special_tokens_map.json`.
    String key() {
        return key;
    }

    /// Spellings that mean this part wherever they occur in a vocabulary, for models whose files do not
    /// name it.
    List<String> customary() {
        return switch (this) {
            case PADDING -> List.of("[PAD]", "<pad>");
            case UNKNOWN -> List.of("[UNK]", "<unk>");
            case CLASSIFICATION -> List.of("[CLS]");
            case SEPARATOR -> List.of("[SEP]");
            case MASK -> List.of("[MASK]", "<mask>");
            case BEGINNING, END -> List.of(); // <s> and </s> mean different things to different models
        };
    }
}
