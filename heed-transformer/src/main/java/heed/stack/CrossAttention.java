package heed.stack;

import heed.attention.MultiHeadAttention;
import heed.attention.ScoringRule;
import heed.layer.Norm;

/// The part of a decoder's layer that looks at the encoder's output.
public record CrossAttention(MultiHeadAttention attention, ScoringRule rule, Norm norm) {}
