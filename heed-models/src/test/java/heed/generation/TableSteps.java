package heed.generation;

import heed.tensor.Shape;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// A model that knows the scores of the next token by looking all tokens so far up in a table. It checks that
/// the rows it is asked for exist, and counts how many it computed.
final class TableSteps implements Steps {
    private final Function<int[], float[]> table;
    private List<int[]> rows;
    private final List<Integer> batches = new ArrayList<>();

    TableSteps(Function<int[], float[]> table, List<Prefix> prompts) {
        this.table = table;
        rows = prompts.stream().map(Prefix::ids).toList();
    }

    @Override
    public Tensor begin() {
        return scores();
    }

    @Override
    public Tensor step(int[] parents, int[] tokens) {
        List<int[]> next = new ArrayList<>();
        for (int i = 0; i < parents.length; i++) {
            int[] parent = rows.get(parents[i]);
            int[] more = Arrays.copyOf(parent, parent.length + 1);
            more[parent.length] = tokens[i];
            next.add(more);
        }
        rows = next;
        return scores();
    }

    /// How many rows each call computed.
    List<Integer> batches() {
        return batches;
    }

    private Tensor scores() {
        batches.add(rows.size());
        float[][] scores = rows.stream().map(table).toArray(float[][]::new);
        int vocabulary = scores[0].length;
        float[] all = new float[scores.length * vocabulary];
        for (int i = 0; i < scores.length; i++) {
            System.arraycopy(scores[i], 0, all, i * vocabulary, vocabulary);
        }
        return Tensor.of(Shape.of(scores.length, vocabulary), all);
    }
}
