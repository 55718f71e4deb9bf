package heed.stack;

import heed.attention.Heads;
import heed.attention.KeyValueCache;
import heed.attention.Past;
import heed.attention.ScoreBias;
import heed.layer.Norm;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.position.Rotary;
import heed.position.Rotation;
import heed.tensor.Sequences;
import heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decoder layers one on the other: a position sees itself and those before it, and the encoder's output where
/// there is an encoder.
///
/// @param rotary turns the queries and keys of all layers by their positions; null where positions come with
/// the embeddings or as a bias
/// @param finalNorm applied after the last layer when the layers normalise before; null for none
public record Decoder(
        List<DecoderLayer> layers,
        @Nullable Rotary rotary,
        @Nullable Norm finalNorm) {
    public Decoder {
        layers = List.copyOf(layers);
    }

    /// `[N, D] → [N, D]` for the new tokens of every sequence: all of them without a past, only those that the
    /// past does not have with one. The input is offered to the watch as the hidden state of layer `-1`, then
    /// each layer's output; the final norm comes after. The input's buffer is used again for later layers.
    ///
    /// @param rows the sequences of `embedded`
    /// @param keys the same with the positions before: what `past.keys(rows)` gave
    /// @param memory the encoder's output; null without an encoder
    public Tensor apply(
            Tensor embedded, Sequences rows, Sequences keys, @Nullable Memory memory, Past past, Pass pass) {
        Rotation rotation = rotary == null ? Rotation.none() : rotary.of(rows, keys);
        Tensor x = pass.at(Site.decoder(-1)).see(Point.HIDDEN, embedded);
        for (int i = 0; i < layers.size(); i++) {
            Pass here = pass.at(Site.decoder(i));
            Tensor input = x;
            x = here.see(Point.HIDDEN, layers.get(i).apply(input, rows, keys, rotation, memory, past, here));
            pass.compute().giveBack(input);
        }
        past.advance();
        return finalNorm == null ? x : finalNorm.apply(x, pass);
    }

    /// The same layers with nothing that tells where a token stands but their masks.
    public Decoder withoutPositions() {
        return new Decoder(
                layers.stream()
                        .map(layer -> layer.withRule(layer.rule().biased(ScoreBias.none())))
                        .toList(),
                null,
                finalNorm);
    }

    /// An empty cache for decoding with these layers.
    ///
    /// @param sequences B
    /// @param positions room for as many in each sequence; more is found when needed
    public KeyValueCache cache(int sequences, int positions) {
        Heads heads = layers.getFirst().attention().heads();
        return new KeyValueCache(layers.size(), heads.keyValueCount() * heads.width(), sequences, positions);
    }
}
