package heed.kernel;

import org.jspecify.annotations.Nullable;

/// The way back through an [AttentionBlock]: what [GradientKernels#attend] computes in one call. Gradients are
/// laid out as what they belong to: with the offsets and strides of the block.
///
/// @param block the forward block, with the context and the row log-sum-exp that it gave
/// @param contextGradient laid out as the context
/// @param queryGradient laid out as the query; added to
/// @param keyGradient laid out as the key; added to
/// @param valueGradient laid out as the value; added to
/// @param scoreGradient where the gradient of each score goes, `[Tq, Tk]` without gaps, 0 where a pair is
/// hidden; null when nobody needs it
public record AttentionGradient(
        AttentionBlock block,
        float[] contextGradient,
        float[] queryGradient,
        float[] keyGradient,
        float[] valueGradient,
        float @Nullable [] scoreGradient) {}
