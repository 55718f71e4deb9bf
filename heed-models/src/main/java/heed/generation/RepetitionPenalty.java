package heed.generation;

import java.util.BitSet;

/// Makes tokens that are already there less probable: their score is divided by the penalty where it is above 0
/// and multiplied by it where it is below (Keskar et al. 2019, §4.1, with the sign mended as Hugging Face
/// does). The prompt counts; a penalty below 1 rewards repetition.
public record RepetitionPenalty(double penalty) implements LogitsProcessor {
    @Override
    public void process(Prefix prefix, float[] scores) {
        BitSet seen = new BitSet();
        float factor = (float) penalty;
        for (int i = 0; i < prefix.length(); i++) {
            int id = prefix.at(i);
            if (id < scores.length && !seen.get(id)) {
                seen.set(id);
                scores[id] = scores[id] < 0 ? scores[id] * factor : scores[id] / factor;
            }
        }
    }
}
