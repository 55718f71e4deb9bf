package heed.tensor;

import heed.kernel.RecurrentCell;

/// What one layer of a recurrent network has learned: how the next state comes of the present one and an input.
///
/// @param input `[G·H, in]`, what the input is multiplied by; a gate has H neighbouring rows
/// @param hidden `[G·H, H]`, what the hidden state is multiplied by
/// @param inputBias `[G·H]`
/// @param hiddenBias `[G·H]`
public record Recurrence(RecurrentCell cell, Weight input, Weight hidden, Tensor inputBias, Tensor hiddenBias) {
    public Recurrence {
        int sums = cell.gates() * hidden.in();
        if (hidden.out() != sums || input.out() != sums) {
            throw new IllegalArgumentException("a " + cell + " of width " + hidden.in() + " has " + sums
                    + " sums, the weight of the hidden state gives " + hidden.out() + ", that of the input "
                    + input.out());
        }
        requireBias("input", inputBias, sums);
        requireBias("hidden", hiddenBias, sums);
    }

    private static void requireBias(String which, Tensor bias, int sums) {
        if (bias.shape().rank() != 1 || bias.size(0) != sums || bias.offset() != 0 || !bias.contiguous()) {
            throw new IllegalArgumentException(
                    "the " + which + " bias has shape " + bias.shape() + ", expected [" + sums + "] without offset");
        }
    }

    /// H, the width of the hidden state.
    public int width() {
        return hidden.in();
    }
}
