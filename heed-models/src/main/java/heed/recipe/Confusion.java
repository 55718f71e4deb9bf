package heed.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which classes were found in which examples.
///
/// @param right `[C]`, how often a class was found where it is
/// @param found `[C]`, how often it was found
/// @param there `[C]`, how often it is there
/// @param exact examples whose classes were all found, and no others
record Confusion(int[] right, int[] found, int[] there, int exact, int examples) {
    /// @param logits the scores of the classes of each example
    /// @param classes of each example
    /// @param several whether every class with a probability above one half is found; otherwise the one with
    /// the highest score
    static Confusion of(List<float[]> logits, List<int[]> classes, boolean several) {
        List<int[]> found = new ArrayList<>();
        for (float[] scores : logits) {
            int[] all = new int[scores.length];
            Arrays.setAll(all, i -> i);
            found.add(several ? Arrays.stream(all).filter(i -> scores[i] > 0).toArray() : new int[] {best(scores)});
        }
        return count(found, classes, logits.getFirst().length);
    }

    /// @param labels C
    static Confusion count(List<int[]> found, List<int[]> classes, int labels) {
        Confusion confusion = new Confusion(new int[labels], new int[labels], new int[labels], 0, found.size());
        int exact = 0;
        for (int i = 0; i < found.size(); i++) {
            for (int label : found.get(i)) {
                confusion.found[label]++;
                confusion.right[label] += Arrays.binarySearch(classes.get(i), label) >= 0 ? 1 : 0;
            }
            for (int label : classes.get(i)) {
                confusion.there[label]++;
            }
            exact += Arrays.equals(found.get(i), classes.get(i)) ? 1 : 0;
        }
        return new Confusion(confusion.right, confusion.found, confusion.there, exact, found.size());
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /// The mean over classes of `2 · right / (found + there)`.
    double macroF1() {
        double sum = 0;
        for (int label = 0; label < right.length; label++) {
            int both = found[label] + there[label];
            sum += both == 0 ? 0 : 2.0 * right[label] / both;
        }
        return sum / right.length;
    }

    Map<String, Double> measures() {
        Map<String, Double> measures = new LinkedHashMap<>();
        measures.put("accuracy", (double) exact / examples);
        measures.put("macro_f1", macroF1());
        return measures;
    }
}
