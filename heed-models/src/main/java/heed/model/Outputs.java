package heed.model;

import heed.family.Bert;
import heed.family.Head;
import heed.family.TokenBatch;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that a model computes for one sequence, under the names that Hugging Face transformers gives its
/// outputs, with a batch axis of 1: `last_hidden_state` `[1, T, D]`, `pooler_output` `[1, D]`, `logits`,
/// `start_logits` `[1, T]`, `hidden_states.N` `[1, T, D]` (0 is what the embeddings give), `attentions.N` `[1,
/// H, T, T]`.
public final class Outputs {
    private Outputs() {}

    /// @param hiddenStates whether the hidden states after every layer are wanted
    /// @param attentions whether the attention weights of every layer are wanted
    /// @return tensors by name, with arrays of their own
    /// @throws IllegalArgumentException when the batch is not one sequence, is too long, or an id is out of
    /// range
    public static Map<String, Tensor> of(Model model, TokenBatch batch, boolean hiddenStates, boolean attentions) {
        if (batch.sequences().count() != 1) {
            throw new IllegalArgumentException("outputs are for one sequence, the batch has " + batch.sequences());
        }
        model.requireLength(batch.ids().length, "the sequence");
        List<Point> points = new ArrayList<>();
        if (hiddenStates) {
            points.add(Point.HIDDEN);
        }
        if (attentions) {
            points.add(Point.WEIGHTS);
        }
        Recording recording = Recording.of(points.toArray(Point[]::new));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        model.run(recording, pass -> {
            Tensor hidden = model.network().encode(batch, pass);
            outputs.put("last_hidden_state", batched(hidden));
            addHeads(outputs, model.network(), hidden, batch, pass);
            return outputs;
        });
        for (int layer = -1; hiddenStates && layer < model.config().layers(); layer++) {
            outputs.put("hidden_states." + (layer + 1), batched(recording.at(Site.encoder(layer), Point.HIDDEN)));
        }
        for (int layer = 0; attentions && layer < model.config().layers(); layer++) {
            outputs.put("attentions." + layer, batched(recording.at(Site.encoder(layer), Point.WEIGHTS, 0)));
        }
        return outputs;
    }

    private static void addHeads(Map<String, Tensor> outputs, Bert bert, Tensor hidden, TokenBatch batch, Pass pass) {
        if (bert.pooler() != null) {
            Tensor pooled = bert.pool(hidden, batch, pass);
            outputs.put("pooler_output", pooled.copy());
            if (bert.nextSentence() != null) {
                outputs.put(
                        "seq_relationship_logits",
                        bert.nextSentence().apply(pooled, pass).copy());
            }
            if (bert.head() instanceof Head.SequenceClassification head) {
                outputs.put("logits", head.logits(pooled, pass).copy());
            }
        }
        switch (bert.head()) {
            case Head.MaskedLanguageModel head -> outputs.put("logits", batched(head.logits(hidden, pass)));
            case Head.TokenClassification head -> outputs.put("logits", batched(head.logits(hidden, pass)));
            case Head.SpanClassification head -> {
                Tensor logits = head.logits(hidden, pass); // [T, 2]
                outputs.put("start_logits", column(logits, 0));
                outputs.put("end_logits", column(logits, 1));
            }
            case Head.SequenceClassification _, Head.None _ -> {} // done above; nothing to do
        }
    }

    private static Tensor column(Tensor matrix, int column) {
        return matrix.columns(column, column + 1).copy().reshape(1, matrix.size(0));
    }

    /// A copy with a batch axis of 1 in front.
    private static Tensor batched(Tensor tensor) {
        int[] sizes = tensor.shape().toArray();
        int[] batched = new int[sizes.length + 1];
        batched[0] = 1;
        System.arraycopy(sizes, 0, batched, 1, sizes.length);
        return tensor.copy().reshape(batched);
    }
}
