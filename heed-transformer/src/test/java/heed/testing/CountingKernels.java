package heed.testing;

import heed.kernel.AttentionBlock;
import heed.kernel.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// Kernels that count how often their attention loop runs, to tell which implementation did the work.
public final class CountingKernels {
    private final Setting setting;
    private int attentionBlocks;

    public CountingKernels(Setting counted) {
        Kernels kernels = counted.kernels();
        Kernels counting = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof AttentionBlock) {
                        attentionBlocks++;
                    }
                    try {
                        return method.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        this.setting = new Setting(counting, 1);
    }

    public Setting setting() {
        return setting;
    }

    /// How many blocks of queries the fused attention has worked on.
    public int attentionBlocks() {
        return attentionBlocks;
    }
}
