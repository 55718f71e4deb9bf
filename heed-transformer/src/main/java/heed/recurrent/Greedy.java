package heed.recurrent;

import heed.pass.Pass;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Greedy decoding of a batch.
final class Greedy {
    private Greedy() {}

    static List<int[]> write(
            RecurrentTranslator model, RecurrentTranslator.Read read, int startId, int endId, int most, Pass pass) {
        int count = read.memory().sequences().count();
        List<List<Integer>> written = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            written.add(new ArrayList<>());
        }
        boolean[] ended = new boolean[count];
        int[] last = new int[count];
        Arrays.fill(last, startId);
        RecurrentState state = null;
        for (int t = 0; t < most; t++) {
            RecurrentTranslator.Step step = model.step(last, read, state, pass);
            state = step.after();
            boolean all = true;
            for (int b = 0; b < count; b++) {
                last[b] = best(step.logits(), b);
                ended[b] |= last[b] == endId;
                all &= ended[b];
                if (!ended[b]) {
                    written.get(b).add(last[b]);
                }
            }
            if (all) {
                break;
            }
        }
        return written.stream()
                .map(ids -> ids.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private static int best(Tensor logits, int row) {
        int best = 0;
        for (int id = 1; id < logits.size(1); id++) {
            if (logits.at(row, id) > logits.at(row, best)) {
                best = id;
            }
        }
        return best;
    }
}
