package heed.testing;

import heed.kernel.AttentionBlock;
import heed.kernel.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;

/// Kernels that tell how often their attention loop ran, and on which arrays all loops ran; on one thread.
public final class ObservedKernels {
    private final Setting setting;
    private final Set<Integer> arrays = new HashSet<>();
    private int attentionBlocks;

    public ObservedKernels(Setting observed) {
        Kernels kernels = observed.kernels();
        Kernels observing = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    for (Object argument : arguments == null ? new Object[0] : arguments) {
                        note(argument);
                    }
                    try {
                        return method.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        this.setting = new Setting(observing, 1);
    }

    private void note(Object argument) {
        switch (argument) {
            case float[] array -> arrays.add(System.identityHashCode(array));
            case AttentionBlock block -> {
                attentionBlocks++;
                note(block.query());
                note(block.key());
                note(block.value());
                note(block.context());
            }
            case null, default -> {}
        }
    }

    public Setting setting() {
        return setting;
    }

    /// How many blocks of queries the fused attention has worked on.
    public int attentionBlocks() {
        return attentionBlocks;
    }

    /// The identities of all arrays that the loops have read or written: buffers, scratch and learned vectors.
    public Set<Integer> arrays() {
        return Set.copyOf(arrays);
    }
}
