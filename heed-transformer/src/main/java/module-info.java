/// The Transformer: attention, layers, positions and stacks.
module heed.transformer {
    requires transitive heed.tensor;
    requires static transitive org.jspecify;

    exports heed.attention;
    exports heed.layer;
    exports heed.pass;
    exports heed.position;
    exports heed.recurrent;
    exports heed.stack;
    exports heed.training;
}
