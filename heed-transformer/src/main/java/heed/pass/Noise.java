package heed.pass;

import heed.kernel.Dropout;
import heed.tensor.Compute;
import heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What is dropped in one pass. Every use has bits of its own, numbered in the order of the pass; so the same
/// seed and the same model give the same bits, and going back to an earlier [#place] gives them again.
public final class Noise {
    private static final Noise NONE = new Noise(DropoutRates.NONE, 0);

    private final DropoutRates rates;
    private final long seed;
    private int place;

    /// @param seed a different one for every pass
    public Noise(DropoutRates rates, long seed) {
        this.rates = rates;
        this.seed = seed;
    }

    /// Nothing is dropped: a pass that does not train.
    public static Noise none() {
        return NONE;
    }

    /// How many uses there were.
    public int place() {
        return place;
    }

    /// Goes on as after that many uses.
    public void moveTo(int earlier) {
        if (place != earlier) { // never written where nothing is dropped: that one is shared
            place = earlier;
        }
    }

    /// What to drop from attention weights; null for nothing.
    public @Nullable Dropout attention() {
        return next(rates.attention());
    }

    public Tensor dropEmbedding(Tensor x, Compute compute) {
        return drop(rates.embedding(), x, compute);
    }

    public Tensor dropResidual(Tensor x, Compute compute) {
        return drop(rates.residual(), x, compute);
    }

    public Tensor dropActivation(Tensor x, Compute compute) {
        return drop(rates.activation(), x, compute);
    }

    /// What goes into an update beside a weight (Hu et al. 2021).
    public Tensor dropUpdate(Tensor x, Compute compute) {
        return drop(rates.update(), x, compute);
    }

    private Tensor drop(float rate, Tensor x, Compute compute) {
        Dropout dropout = next(rate);
        return dropout == null ? x : compute.dropped(x, dropout);
    }

    private @Nullable Dropout next(float rate) {
        return rate == 0 ? null : Dropout.of(rate, seed, place++);
    }
}
