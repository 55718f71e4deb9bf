package heed.lens.roles;

import heed.lens.roles.LinkedSentence.Link;
import java.util.List;

/// Which word is always so many words away: what a link between words is worth without any model.
///
/// @param offset in words; -2 for the last word but one before
/// @param hits by sentence
@SuppressWarnings("ArrayRecordComponent") // never handed on
record FixedOffset(int offset, int[] hits) {
    private static final int FARTHEST = 10;

    /// The offset that is right most often in the sentences of a half.
    static FixedOffset best(Role role, List<TokenizedSentence> sentences, int[] asked, int half) {
        FixedOffset best = at(role, sentences, -1);
        for (int offset = -FARTHEST; offset <= FARTHEST; offset++) {
            FixedOffset other = at(role, sentences, offset);
            if (HeadHits.OfRole.rate(other.hits, asked, half) > HeadHits.OfRole.rate(best.hits, asked, half)) {
                best = other;
            }
        }
        return best;
    }

    private static FixedOffset at(Role role, List<TokenizedSentence> sentences, int offset) {
        int[] hits = new int[sentences.size()];
        for (int s = 0; s < hits.length; s++) {
            for (Link link : sentences.get(s).sentence().links()) {
                hits[s] += link.role() == role && link.to().contains(link.from() + offset) ? 1 : 0;
            }
        }
        return new FixedOffset(offset, hits);
    }
}
