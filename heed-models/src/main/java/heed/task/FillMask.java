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
                float[] probabilities = logits.part(m).softmax().toArray();
                filled.add(Candidate.best(model.tokenizer(), probabilities, count));
            }
            return filled;
        });
    }
}
