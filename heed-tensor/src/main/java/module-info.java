/// Arrays with a shape, and the loops over them: readable ones, and the same on vector registers.
module heed.tensor {
    requires static jdk.incubator.vector;
    requires static transitive org.jspecify;

    exports heed.kernel;
    exports heed.tensor;
}
