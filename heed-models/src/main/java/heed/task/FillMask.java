package heed.task;

import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Predicts the words behind masks: "the capital of france is [MASK]." Safe for any number of threads.
public final class FillMask {
    private final Model model;
    private final Head.MaskedLanguageModel head;
    private final int maskId;

    /// @throws IllegalArgumentException when the model cannot predict masked words
    public FillMask(Model model) {
        if (!(model.network().head() instanceof Head.MaskedLanguageModel masked)) {
            throw new IllegalArgumentException(model.name() + " is a "
                    + model.config().architecture() + " and predicts no masked words; bert-base-uncased does");
        }
        OptionalInt mask = model.tokenizer().maskId();
        if (mask.isEmpty()) {
            throw new IllegalArgumentException("the tokenizer of " + model.name() + " has no mask token");
        }
        this.model = model;
        this.head = masked;
        this.maskId = mask.getAsInt();
    }

    /// A word that may stand behind a mask.
    ///
    /// @param token as in the vocabulary, `##` in front of a piece that continues a word; spelled out where the
    /// vocabulary writes bytes or a mark for the space before a word
    public record Candidate(String token, int id, double probability) {}

    /// For each mask of the text, in order, the most probable words.
    ///
    /// @param count how many words per mask
    /// @throws IllegalArgumentException when the text has no mask, is empty or too long
    public List<List<Candidate>> fill(String text, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("cannot give the best " + count + " words, ask for at least 1");
        }
        Encoding encoding = model.encode(text, null);
        TokenBatch batch = Model.batchOf(encoding);
        int[] masks = IntStream.range(0, encoding.ids().length)
                .filter(i -> encoding.ids()[i] == maskId)
                .toArray();
        if (masks.length == 0) {
            throw new IllegalArgumentException(
                    "the text has no " + model.tokenizer().maskToken().orElse("mask") + " to fill");
        }
        return model.run(pass -> {
            Tensor hidden = model.network().encode(batch, pass); // [T, D]
            Tensor logits = head.logits(pass.compute().gather(hidden, masks), pass); // [masks, V]
            List<List<Candidate>> filled = new ArrayList<>();
            for (int m = 0; m < masks.length; m++) {
                filled.add(
                        best(logits.part(m).reshape(1, logits.size(1)).softmax().toArray(), count));
            }
            return filled;
        });
    }

    private List<Candidate> best(float[] probabilities, int count) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                .limit(count)
                .map(id -> new Candidate(spelled(id), id, probabilities[id]))
                .toList();
    }

    private String spelled(int id) {
        String text = model.tokenizer().decode(new int[] {id}, false).strip();
        boolean readable =
                !text.isEmpty() && text.codePoints().noneMatch(c -> c == '\uFFFD' || Character.isISOControl(c));
        return readable ? text : model.tokenizer().token(id).orElse("#" + id);
    }
}
