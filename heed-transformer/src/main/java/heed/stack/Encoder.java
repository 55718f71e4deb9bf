package heed.stack;

import heed.attention.Scoring;
import heed.layer.Norm;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encoder layers one on the other: every position sees its whole sequence in every layer.
///
/// @param finalNorm applied after the last layer when the layers normalise before; null for none
public record Encoder(List<EncoderLayer> layers, @Nullable Norm finalNorm) {
    public Encoder {
        layers = List.copyOf(layers);
    }

    /// `[N, D] → [N, D]`. The input is offered to the watch as the hidden state of layer `-1`, then each
    /// layer's output. The input's buffer is used again for later layers.
    public Tensor apply(Tensor embedded, Scoring scoring, Pass pass) {
        Tensor x = pass.at(Site.encoder(-1)).see(Point.HIDDEN, embedded);
        for (int i = 0; i < layers.size(); i++) {
            Pass here = pass.at(Site.encoder(i));
            EncoderLayer layer = layers.get(i);
            Tensor input = x;
            x = here.see(Point.HIDDEN, layer.apply(input, scoring, here));
            pass.compute().giveBack(input);
        }
        return finalNorm == null ? x : finalNorm.apply(x, pass);
    }
}
