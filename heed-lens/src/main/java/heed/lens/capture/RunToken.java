package heed.lens.capture;

import heed.lens.TokenLabels;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One token of a run.
///
/// @param text as a reader should see it, see [TokenLabels]
/// @param piece as in the vocabulary
/// @param word tokens of one word share a number; -1 for special tokens
/// @param start where in its text it begins, in UTF-16 units; -1 for special and written tokens
/// @param end where it ends
public record RunToken(String text, String piece, int id, boolean special, int word, int start, int end) {
    /// @param encoding where the first tokens stand in their text; null when none of them come from one
    static List<RunToken> of(List<String> pieces, int[] ids, @Nullable Encoding encoding) {
        TokenLabels labels = TokenLabels.of(pieces);
        List<RunToken> tokens = new ArrayList<>(ids.length);
        int word = -1;
        for (int i = 0; i < ids.length; i++) {
            boolean special = labels.special().get(i);
            boolean continues = labels.get(i).startsWith("##") && word >= 0;
            if (!special && !continues) {
                word++;
            }
            int start = -1;
            int end = -1;
            if (encoding != null && i < encoding.length() && encoding.sequences()[i] >= 0) {
                start = encoding.starts()[i];
                end = encoding.ends()[i];
            }
            tokens.add(new RunToken(labels.get(i), pieces.get(i), ids[i], special, special ? -1 : word, start, end));
        }
        return List.copyOf(tokens);
    }
}
