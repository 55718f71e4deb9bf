package heed.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Compiled vector loops keep vectors in registers. Where the compiler gives up on a method, because it has
/// inlined too much, every vector becomes an object: results stay right, but the loop is many times slower.
/// Nothing but the allocation shows it without a clock.
@NullMarked
class VectorAllocationTest {
    /// What one call may allocate: a few small objects, but not one for each vector.
    private static final long FEW_BYTES = 4096;

    @Test
    void compiledKernelsAllocateNextToNothing() {
        String printed = Jvm.run(
                List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmn400m", "-XX:-UseTLAB"),
                Calls.class);
        assertThat(printed).contains("all settled");
    }

    /// Calls all kernels in turn until the compiler has settled and none of them allocates.
    static final class Calls {
        private static final int MOST_ROUNDS = 20_000;

        public static void main(String[] arguments) {
            FirstCalls.end(); // what is compiled here are the vector loops themselves
            Kernels kernels = KernelProvider.vector().orElseThrow();
            Map<String, Runnable> calls = calls(kernels);
            for (int round = 0; round < MOST_ROUNDS; round++) {
                String allocating = allocating(calls);
                if (allocating.isEmpty()) {
                    System.out.println("all settled after " + round + " rounds");
                    return;
                }
                if (round == MOST_ROUNDS - 1) {
                    throw new AssertionError("bytes allocated in a call:" + allocating);
                }
            }
        }

        private static String allocating(Map<String, Runnable> calls) {
            StringBuilder allocating = new StringBuilder();
            calls.forEach((name, call) -> {
                long bytes = allocatedBy(call);
                if (bytes > FEW_BYTES) {
                    allocating.append(' ').append(name).append(' ').append(bytes);
                }
            });
            return allocating.toString();
        }

        private static long allocatedBy(Runnable call) {
            Runtime runtime = Runtime.getRuntime();
            long free = runtime.freeMemory();
            call.run();
            long bytes = free - runtime.freeMemory();
            return bytes < 0 ? Long.MAX_VALUE : bytes; // memory was collected meanwhile
        }

        private static Map<String, Runnable> calls(Kernels kernels) {
            SplittableRandom random = new SplittableRandom(21);
            int n = 1000;
            float[] x = Reference.random(random, 64 * n, -1, 1);
            float[] y = new float[64 * n];
            float[] gain = Reference.random(random, n, -1, 1);
            PackedMatrix b = PackedMatrix.of(x, 0, 100, 192, kernels.panelWidth());
            float[] scratch = new float[kernels.attentionScratch(40)];

            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("multiply", () -> kernels.multiply(x, 0, 100, 21, b, 0, b.panelCount(), gain, y, 0, 192));
            float[] panels = new float[192 * 100];
            float[] products = new float[kernels.multiplyScratch(21, 100)];
            MatrixView rows = new MatrixView(x, 0, 192, 1);
            MatrixView columns = new MatrixView(x, 0, 1, 192);
            calls.put("pack", () -> kernels.pack(rows, 100, 192, 0, 192 / kernels.panelWidth(), panels));
            calls.put("pack columns", () -> kernels.pack(columns, 100, 192, 0, 192 / kernels.panelWidth(), panels));
            calls.put(
                    "multiply views",
                    () -> kernels.multiply(
                            columns,
                            21,
                            100,
                            panels,
                            190,
                            0,
                            192 / kernels.panelWidth(),
                            gain,
                            0,
                            true,
                            y,
                            0,
                            192,
                            products));
            calls.put("dot", () -> y[0] = kernels.dot(x, 0, x, n, n));
            calls.put("add", () -> kernels.add(x, 0, y, 0, n));
            calls.put("addScaled", () -> kernels.addScaled(0.5f, x, 0, y, 0, n));
            calls.put("exp", () -> copyThen(x, y, n, () -> kernels.exp(y, 0, n)));
            calls.put("softmax", () -> copyThen(x, y, n, () -> kernels.softmax(y, 0, n)));
            calls.put("layerNorm", () -> kernels.layerNorm(x, 0, x, n, 2, n, gain, gain, 1e-5f, y, 0));
            for (Activation activation : Activation.values()) {
                calls.put(activation.name(), () -> copyThen(x, y, n, () -> kernels.activate(activation, y, 0, n)));
            }
            RecurrentKernels steps = kernels.recurrent();
            calls.put("lstm", () -> steps.lstm(240, y, 0, x, 0, x, n, y, 4000, y, 5000));
            calls.put("lstmBack", () -> steps.lstmBack(240, x, 0, x, n, x, 2 * n, x, 3 * n, y, 4000, y, 0));
            calls.put("gru", () -> steps.gru(240, y, 0, x, 0, x, n, y, 5000));
            calls.put("gruBack", () -> steps.gruBack(240, x, 0, x, n, x, 2 * n, y, 4000, y, 0, y, 5000));
            GradientKernels loops = kernels.gradients();
            for (Activation activation : Activation.values()) {
                calls.put("slope of " + activation, () -> loops.activate(activation, x, 0, y, 0, n));
            }
            calls.put("layerNorm back", () -> loops.layerNorm(x, 0, 2, n, gain, 1e-5f, x, n, y, 0, y, 2 * n, y, 3 * n));
            calls.put("rmsNorm back", () -> loops.rmsNorm(x, 0, 2, n, gain, 1e-5f, x, n, y, 0, y, 2 * n));
            calls.put("addColumnSums", () -> loops.addColumnSums(x, 0, n, 20, n, y, 0));
            calls.put("logSumExp", () -> y[0] = loops.logSumExp(x, 0, n));
            calls.put("addSoftmaxGradient", () -> loops.addSoftmaxGradient(x, 0, n, 1, 0.5f, 0, y, 0));
            calls.put("drop", () -> loops.drop(new Dropout(0.1f, 7), 3, x, 0, y, 0, n));
            float[] first = new float[n];
            float[] second = new float[n];
            calls.put("adam", () -> loops.adam(y, x, first, second, 0, n, 0.9f, 0.99f, 1, 0, 1, 1e-8f));
            for (int queries : new int[] {1, 20, 150}) {
                calls.put("attend " + queries, () -> kernels.attend(block(x, y, queries), scratch));
            }
            return calls;
        }

        private static void copyThen(float[] x, float[] y, int n, Runnable call) {
            System.arraycopy(x, 0, y, 0, n);
            call.run();
        }

        private static AttentionBlock block(float[] x, float[] y, int queries) {
            return new AttentionBlock(
                    x, 0, 40, queries, x, 9, 40, x, 99, 40, 130, 40, 1, null, null, null, 0, 0, y, 0, 40, null, 0);
        }
    }
}
