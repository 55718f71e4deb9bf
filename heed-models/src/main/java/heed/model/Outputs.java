package heed.model;

import heed.attention.Past;
import heed.family.EncoderDecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.Head;
import heed.family.Network;
import heed.family.Seq2SeqNetwork;
import heed.family.TokenBatch;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.stack.Memory;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that a model computes for one sequence, under the names that Hugging Face transformers gives its
/// outputs, with a batch axis of 1: `last_hidden_state` `[1, T, D]`, `pooler_output` `[1, D]`, `logits`,
/// `start_logits` `[1, T]`, `hidden_states.N` `[1, T, D]` (0 is what the embeddings give, the last one is
/// `last_hidden_state`, after the final norm), `attentions.N` `[1, H, T, T]`.
///
/// A model with both heads of BERT's pre-training has `seq_relationship_logits` `[1, 2]` as well, and its
/// `logits` also as `prediction_logits`.
///
/// A model with encoder and decoder has these of the decoder as `last_hidden_state`, `decoder_hidden_states.N`,
/// `decoder_attentions.N`, those of the encoder under `encoder_…`, and `cross_attentions.N` `[1, H, Tt, Ts]`.
public final class Outputs {
    private final Model model;
    private final boolean hiddenStates;
    private final boolean attentions;
    private final Recording recording;
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();

    private Outputs(Model model, boolean hiddenStates, boolean attentions) {
        this.model = model;
        this.hiddenStates = hiddenStates;
        this.attentions = attentions;
        List<Point> points = new ArrayList<>();
        if (hiddenStates) {
            points.add(Point.HIDDEN);
        }
        if (attentions) {
            points.add(Point.WEIGHTS);
        }
        this.recording = Recording.of(points.toArray(Point[]::new));
    }

    /// As [#of(Model, TokenBatch, TokenBatch, boolean, boolean)]; a decoder behind an encoder gets
    /// [EncoderDecoderNetwork#usualTarget].
    public static Map<String, Tensor> of(Model model, TokenBatch batch, boolean hiddenStates, boolean attentions) {
        return of(model, batch, null, hiddenStates, attentions);
    }

    /// @param target the tokens of the decoder of a model that has an encoder as well; null for
    /// [EncoderDecoderNetwork#usualTarget]
    /// @param hiddenStates whether the hidden states after every layer are wanted
    /// @param attentions whether the attention weights of every layer are wanted
    /// @return tensors by name, with arrays of their own
    /// @throws IllegalArgumentException when a batch is not one sequence, is too long, an id is out of range,
    /// or the model has no use for a target
    public static Map<String, Tensor> of(
            Model model, TokenBatch batch, @Nullable TokenBatch target, boolean hiddenStates, boolean attentions) {
        requireSequence(model, batch, "the sequence");
        Outputs outputs = new Outputs(model, hiddenStates, attentions);
        if (model.network() instanceof EncoderDecoderNetwork network) {
            TokenBatch written = target == null ? network.usualTarget(batch) : target;
            requireSequence(model, written, "the decoder's sequence");
            outputs.write(network, batch, written);
        } else if (model.network() instanceof Seq2SeqNetwork) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture()
                            + ", which goes through its target position by position: translate with it");
        } else if (target != null) {
            throw new IllegalArgumentException(
                    model.name() + " has no decoder beside an encoder, so it takes no ids for one");
        } else {
            outputs.read(batch);
        }
        return outputs.outputs;
    }

    private static void requireSequence(Model model, TokenBatch batch, String what) {
        if (batch.sequences().count() != 1) {
            throw new IllegalArgumentException("outputs are for one sequence, the batch has " + batch.sequences());
        }
        model.requireLength(batch.ids().length, what);
    }

    private void read(TokenBatch batch) {
        Tensor last = model.run(recording, pass -> {
            Tensor hidden = model.network().encode(batch, pass);
            addHeads(hidden, batch, pass);
            return hidden.copy();
        });
        put("last_hidden_state", last);
        addLayers("", model.network().reader(), model.config().layers(), last);
    }

    private void write(EncoderDecoderNetwork network, TokenBatch source, TokenBatch target) {
        List<Tensor> last = model.run(recording, pass -> {
            Tensor encoded = network.encode(source, pass);
            Tensor hidden = network.decode(target, new Memory(encoded, source.sequences()), Past.none(), pass);
            requireSameLength(network, source, target);
            addHeads(hidden, source, pass);
            return List.of(encoded.copy(), hidden.copy());
        });
        put("last_hidden_state", last.getLast());
        put("encoder_last_hidden_state", last.getFirst());
        addLayers("encoder_", Site.Stack.ENCODER, network.encoder().layers().size(), last.getFirst());
        int layers = network.decoder().layers().size();
        addLayers("decoder_", Site.Stack.DECODER, layers, last.getLast());
        for (int layer = 0; attentions && layer < layers; layer++) {
            put("cross_attentions." + layer, recording.at(Site.cross(layer), Point.WEIGHTS, 0));
        }
    }

    private static void requireSameLength(Network network, TokenBatch source, TokenBatch target) {
        boolean classifies = network.head() instanceof Head.SequenceClassification;
        if (classifies && source.ids().length != target.ids().length) {
            throw new IllegalArgumentException(network.config().architecture()
                    + " classifies its source: with " + source.ids().length
                    + " tokens there, its decoder needs as many, not "
                    + target.ids().length);
        }
    }

    /// @param last the hidden states after the last layer and the final norm
    private void addLayers(String prefix, Site.Stack stack, int layers, Tensor last) {
        for (int layer = -1; hiddenStates && layer < layers; layer++) {
            Tensor hidden = layer + 1 < layers ? recording.at(new Site(stack, layer), Point.HIDDEN) : last;
            put(prefix + "hidden_states." + (layer + 1), hidden);
        }
        for (int layer = 0; attentions && model.config().heads() > 0 && layer < layers; layer++) {
            put(prefix + "attentions." + layer, recording.at(new Site(stack, layer), Point.WEIGHTS, 0));
        }
    }

    private void addHeads(Tensor hidden, TokenBatch batch, Pass pass) {
        Network network = model.network();
        if (network instanceof EncoderNetwork encoder && encoder.pooler() != null) {
            Tensor pooled = encoder.pool(hidden, batch, pass);
            outputs.put("pooler_output", pooled.copy());
            if (encoder.nextSentence() != null) {
                outputs.put(
                        "seq_relationship_logits",
                        encoder.nextSentence().apply(pooled, pass).copy());
            }
        }
        switch (network.head()) {
            case Head.MaskedLanguageModel head -> {
                put("logits", head.logits(hidden, pass));
                if (outputs.containsKey("seq_relationship_logits")) {
                    outputs.put("prediction_logits", outputs.get("logits"));
                }
            }
            case Head.LanguageModel head -> put("logits", head.logits(hidden, pass));
            case Head.TokenClassification head -> put("logits", head.logits(hidden, pass));
            case Head.ReplacedTokenDetection head -> outputs.put("logits", column(head.logits(hidden, pass), 0));
            case Head.OfSequence head ->
                outputs.put("logits", head.logits(hidden, batch, pass).copy());
            case Head.SpanClassification head -> {
                Tensor logits = head.logits(hidden, pass); // [T, 2]
                outputs.put("start_logits", column(logits, 0));
                outputs.put("end_logits", column(logits, 1));
            }
            case Head.None _ -> {}
        }
    }

    /// The scores of the classes of every sequence: `[N, D] → [B, C]`.
    ///
    /// @param hidden the hidden states that the head stands on, [Network#represent]
    /// @param batch the texts that are classified
    /// @throws IllegalArgumentException when the model does not classify sequences
    public static Tensor classLogits(Network network, Tensor hidden, TokenBatch batch, Pass pass) {
        if (network.head() instanceof Head.OfSequence head) {
            return head.logits(hidden, batch, pass);
        }
        throw new IllegalArgumentException(network.config().architecture() + " does not classify sequences");
    }

    private static Tensor column(Tensor matrix, int column) {
        return matrix.columns(column, column + 1).copy().reshape(1, matrix.size(0));
    }

    /// Keeps a copy with a batch axis of 1 in front.
    private void put(String name, Tensor tensor) {
        int[] sizes = tensor.shape().toArray();
        int[] batched = new int[sizes.length + 1];
        batched[0] = 1;
        System.arraycopy(sizes, 0, batched, 1, sizes.length);
        outputs.put(name, tensor.copy().reshape(batched));
    }
}
