package heed.lens.roles;

import heed.text.Encoding;

/// A linked sentence and the tokens that its words became.
///
/// @param wordOf by token, the word that it is part of; -1 for special tokens
/// @param tokensOf by word, how many tokens it has
@SuppressWarnings("ArrayRecordComponent") // never handed on
record TokenizedSentence(LinkedSentence sentence, Encoding encoding, int[] wordOf, int[] tokensOf) {
    static TokenizedSentence of(LinkedSentence sentence, Encoding encoding) {
        int[] wordOf = new int[encoding.length()];
        int[] tokensOf = new int[sentence.words()];
        int word = 0;
        for (int t = 0; t < wordOf.length; t++) {
            wordOf[t] = -1;
            if (encoding.special()[t] == 0) {
                while (word + 1 < tokensOf.length && encoding.ends()[t] > sentence.starts()[word + 1]) {
                    word++;
                }
                wordOf[t] = word;
                tokensOf[word]++;
            }
        }
        return new TokenizedSentence(sentence, encoding, wordOf, tokensOf);
    }

    int tokens() {
        return wordOf.length;
    }

    /// How much one word looks at each word: the mean over its tokens of the sum over theirs (Clark et al.
    /// 2019, §4.1).
    ///
    /// @param weights `[T, T]` of one head, from an offset on
    double[] wordRow(float[] weights, int offset, int word) {
        double[] row = new double[tokensOf.length];
        int n = tokens();
        for (int i = 0; i < n; i++) {
            if (wordOf[i] == word) {
                for (int j = 0; j < n; j++) {
                    if (wordOf[j] >= 0) {
                        row[wordOf[j]] += weights[offset + i * n + j] / tokensOf[word];
                    }
                }
            }
        }
        return row;
    }
}
