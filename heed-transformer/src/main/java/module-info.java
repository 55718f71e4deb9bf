/// The Transformer: attention, layers, positions and stacks.
module heed.transformer {
    requires transitive heed.tensor;
}
