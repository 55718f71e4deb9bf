/// Arrays with a shape, and the loops over them: readable ones, and the same on vector registers.
module heed.tensor {
    requires static jdk.incubator.vector;
    requires static transitive org.jspecify;

    uses heed.kernel.LinearEngineProvider;

    exports heed.autograd;
    exports heed.cache;
    exports heed.kernel;
    exports heed.tensor;
}
