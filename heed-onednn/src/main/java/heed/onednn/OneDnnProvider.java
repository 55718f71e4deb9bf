package heed.onednn;

import heed.kernel.EngineUnavailableException;
import heed.kernel.Kernels;
import heed.kernel.LinearEngine;
import heed.kernel.LinearEngineProvider;
import heed.kernel.WeightType;
import java.util.Set;

/// Offers the engine `onednn` where its native library can be loaded.
public final class OneDnnProvider implements LinearEngineProvider {
    static final String NAME = "onednn";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public LinearEngine open(Kernels kernels) throws EngineUnavailableException {
        NativeLibrary.load();
        Set<WeightType> types = Dnnl.types();
        if (types.isEmpty()) {
            throw new EngineUnavailableException("this processor has no instructions that oneDNN would be faster with");
        }
        return new OneDnnEngine(kernels, types);
    }
}
