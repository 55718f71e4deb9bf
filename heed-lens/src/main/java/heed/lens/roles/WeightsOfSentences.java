package heed.lens.roles;

import heed.family.TokenBatch;
import heed.model.Model;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// Shows the weights of all heads over sentences, layer by layer and sentence by sentence; none are kept.
final class WeightsOfSentences {
    /// Sees what one layer looked at in one sentence.
    interface Reader {
        /// @param number of the sentence
        /// @param weights `[H, T, T]`, row by row; good until the call returns
        void read(int number, TokenizedSentence sentence, int layer, float[] weights);
    }

    private WeightsOfSentences() {}

    /// The sentences that a model can take whole, with their tokens.
    static List<TokenizedSentence> tokenized(Model model, List<LinkedSentence> sentences) {
        List<Encoding> encodings = sentences.isEmpty()
                ? List.of()
                : model.tokenizer()
                        .encode(sentences.stream().map(LinkedSentence::text).toList(), EncodeOptions.defaults());
        List<TokenizedSentence> tokenized = new ArrayList<>();
        for (int s = 0; s < sentences.size(); s++) {
            if (encodings.get(s).length() <= model.config().maxTokens()) {
                tokenized.add(TokenizedSentence.of(sentences.get(s), encodings.get(s)));
            }
        }
        return tokenized;
    }

    /// @param progress is told how many sentences are done
    static void read(Model model, List<TokenizedSentence> sentences, Reader reader, IntConsumer progress) {
        int from = 0;
        for (TokenBatch batch : TokenBatch.batches(
                sentences.stream().map(sentence -> sentence.encoding().ids()).toList(),
                sentences.stream()
                        .map(sentence -> sentence.encoding().typeIds())
                        .toList())) {
            int first = from;
            Site.Stack stack = model.network().reader();
            Watch watch = new Watch() {
                @Override
                public boolean wants(Site site, Point point) {
                    return point == Point.WEIGHTS && site.stack() == stack;
                }

                @Override
                public Tensor see(Site site, Point point, int sequence, Tensor value) {
                    float[] weights = value.contiguous() && value.offset() == 0 ? value.values() : value.toArray();
                    reader.read(first + sequence, sentences.get(first + sequence), site.layer(), weights);
                    return value;
                }
            };
            model.run(watch, pass -> model.network().encode(batch, pass).size(0));
            from += batch.sequences().count();
            progress.accept(from);
        }
    }
}
