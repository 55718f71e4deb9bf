/// Optional: int8 and bf16 products by oneDNN, called through the foreign function interface.
module heed.onednn {
    requires heed.tensor;
    requires static org.jspecify;

    provides heed.kernel.LinearEngineProvider with
            heed.onednn.OneDnnProvider;
}
