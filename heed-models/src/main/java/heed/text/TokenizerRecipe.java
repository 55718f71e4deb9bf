package heed.text;

import java.util.HashSet;
import java.util.List;

/// What kind of tokenizer is learned.
///
/// @param vocabulary tokens, special ones included
/// @param minFrequency pairs that come less often are not merged; unigram models have no use for it
/// @param coverage the share of the text's characters that get tokens of their own; the rarest of the others
/// are unknown, or bytes. 1 for all; byte-level models need none
/// @param byteFallback whether what has no token is spelled in tokens for bytes instead of being unknown
/// @param specialTokens get the first ids
/// @param frame what is put around a text: special tokens and `A` for the text; empty for nothing
public record TokenizerRecipe(
        Kind kind,
        int vocabulary,
        int minFrequency,
        double coverage,
        Normalization normalization,
        boolean byteFallback,
        List<String> specialTokens,
        List<String> frame) {
    /// How words are cut.
    public enum Kind {
        /// Byte-pair encoding of UTF-8 bytes: spells any text exactly, spaces and line ends included (Radford
        /// et al. 2019, §2.2).
        BYTE_BPE,
        /// Byte-pair encoding of characters; words carry a `▁` where they begin.
        CHARACTER_BPE,
        /// The unigram model; words carry a `▁` where they begin.
        UNIGRAM
    }

    /// What is done to a text first. None of them touches ZWJ and ZWNJ, which scripts of India spell with.
    public enum Normalization {
        NONE,
        /// Canonical composition: one spelling for what looks the same.
        NFC,
        /// Compatibility composition: also one for wide, narrow, circled and joined forms.
        NFKC
    }

    /// @throws TokenizerException saying what does not fit
    public TokenizerRecipe {
        specialTokens = List.copyOf(specialTokens);
        frame = List.copyOf(frame);
        require(vocabulary > 0, "a vocabulary needs at least 1 token, got " + vocabulary);
        require(
                coverage > 0 && coverage <= 1,
                "the coverage of characters lies above 0 and is at most 1, got " + coverage);
        require(
                new HashSet<>(specialTokens).size() == specialTokens.size(),
                "a special token is there twice: " + String.join(" ", specialTokens));
        require(specialTokens.stream().noneMatch(String::isBlank), "a special token is blank");
        for (String token : frame) {
            require(
                    token.equals("A") || specialTokens.contains(token),
                    "the frame has '" + token + "', which is neither A nor one of the special tokens "
                            + String.join(" ", specialTokens));
        }
        require(
                frame.isEmpty() || frame.stream().filter("A"::equals).count() == 1,
                "a frame has the text once, as A, got " + String.join(" ", frame));
        require(
                kind == Kind.BYTE_BPE || byteFallback || specialTokens.contains(UNKNOWN),
                "characters without a token need " + UNKNOWN + " among the special tokens, or bytes to fall back on");
    }

    static final String UNKNOWN = "<unk>";

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new TokenizerException(otherwise);
        }
    }

    /// What is usual for a kind: `<|endoftext|>` for bytes, `<unk> <s> </s> <pad>` for characters, normalised
    /// by NFC.
    public static TokenizerRecipe of(Kind kind, int vocabulary) {
        boolean bytes = kind == Kind.BYTE_BPE;
        return new TokenizerRecipe(
                kind,
                vocabulary,
                2,
                1,
                bytes ? Normalization.NONE : Normalization.NFC,
                false,
                bytes ? List.of("<|endoftext|>") : List.of(UNKNOWN, "<s>", "</s>", "<pad>"),
                List.of());
    }

    public TokenizerRecipe withMinFrequency(int frequency) {
        return new TokenizerRecipe(
                kind, vocabulary, frequency, coverage, normalization, byteFallback, specialTokens, frame);
    }

    public TokenizerRecipe withCoverage(double share) {
        return new TokenizerRecipe(
                kind, vocabulary, minFrequency, share, normalization, byteFallback, specialTokens, frame);
    }

    public TokenizerRecipe withNormalization(Normalization other) {
        return new TokenizerRecipe(kind, vocabulary, minFrequency, coverage, other, byteFallback, specialTokens, frame);
    }

    public TokenizerRecipe withByteFallback(boolean fallback) {
        return new TokenizerRecipe(
                kind, vocabulary, minFrequency, coverage, normalization, fallback, specialTokens, frame);
    }

    public TokenizerRecipe withSpecialTokens(List<String> tokens) {
        return new TokenizerRecipe(
                kind, vocabulary, minFrequency, coverage, normalization, byteFallback, tokens, frame);
    }

    public TokenizerRecipe withFrame(List<String> tokens) {
        return new TokenizerRecipe(
                kind, vocabulary, minFrequency, coverage, normalization, byteFallback, specialTokens, tokens);
    }
}
