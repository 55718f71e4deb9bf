package heed.family;

import static org.assertj.core.api.Assertions.assertThat;

import heed.checkpoint.Checkpoint;
import heed.checkpoint.Checkpoints;
import heed.kernel.KernelProvider;
import heed.kernel.Kernels;
import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A tiny checkpoint and what Hugging Face computes for a padded batch of it.
record GoldenFolder(Path folder, Map<String, Tensor> outputs, Map<String, int[]> integers, List<Row> rows) {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /// One sequence of the batch without its padding.
    ///
    /// @param target the ids of the decoder; null where there are none
    record Row(int[] ids, int[] typeIds, int @Nullable [] target) {}

    static GoldenFolder of(String family, String name) {
        Path folder = GOLDEN.resolve(family).resolve(name);
        Map<String, Tensor> outputs = new TreeMap<>();
        Map<String, int[]> integers = new TreeMap<>();
        Map<String, int[]> shapes = new TreeMap<>();
        try (Checkpoint golden = Checkpoints.open(folder.resolve("golden.safetensors"))) {
            golden.tensors().forEach((key, info) -> {
                int[] shape = info.shape().stream().mapToInt(Integer::intValue).toArray();
                shapes.put(key, shape);
                if (info.dtype().floating()) {
                    outputs.put(key, Tensor.of(Shape.of(shape), golden.read(key)));
                } else {
                    integers.put(
                            key,
                            Arrays.stream(golden.readIntegers(key))
                                    .mapToInt(Math::toIntExact)
                                    .toArray());
                }
            });
        }
        int[] length = lengths(integers, shapes, "attention_mask");
        List<Row> rows = new ArrayList<>();
        for (int b = 0; b < length.length; b++) {
            int[] ids = row(integers, shapes, "input_ids", b, length[b]);
            int[] types = integers.containsKey("token_type_ids")
                    ? row(integers, shapes, "token_type_ids", b, length[b])
                    : new int[length[b]];
            int[] target = integers.containsKey("decoder_input_ids")
                    ? row(
                            integers,
                            shapes,
                            "decoder_input_ids",
                            b,
                            lengths(integers, shapes, "decoder_attention_mask")[b])
                    : null;
            rows.add(new Row(ids, types, target));
        }
        return new GoldenFolder(folder, outputs, integers, rows);
    }

    private static <T> T known(Map<String, T> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    private static int[] lengths(Map<String, int[]> integers, Map<String, int[]> shapes, String mask) {
        int[] lengths = new int[known(shapes, mask)[0]];
        int width = known(shapes, mask)[1];
        for (int i = 0; i < known(integers, mask).length; i++) {
            lengths[i / width] += known(integers, mask)[i];
        }
        return lengths;
    }

    private static int[] row(Map<String, int[]> integers, Map<String, int[]> shapes, String key, int row, int length) {
        int start = row * known(shapes, key)[1];
        return Arrays.copyOfRange(known(integers, key), start, start + length);
    }

    /// Scalar and, where there are any, vector kernels.
    static List<Kernels> allKernels() {
        List<Kernels> all = new ArrayList<>(List.of(KernelProvider.scalar()));
        KernelProvider.vector().ifPresent(all::add);
        return all;
    }

    /// What Hugging Face has for one row, cut to what that row's own output has: the rest is padding.
    void assertRow(String name, int row, Tensor actual, float tolerance) {
        Tensor whole = known(outputs, name);
        Tensor expected = whole.slice(0, row, row + 1);
        for (int axis = 1; axis < actual.shape().rank(); axis++) {
            assertThat(actual.size(axis)).as("%s, axis %d", name, axis).isLessThanOrEqualTo(expected.size(axis));
            expected = expected.slice(axis, 0, actual.size(axis));
        }
        assertThat(actual.shape()).as("%s of row %d", name, row).isEqualTo(expected.shape());
        assertThat(actual.toArray())
                .as("%s of row %d", name, row)
                .usingComparatorWithPrecision(tolerance)
                .containsExactly(expected.toArray());
    }
}
