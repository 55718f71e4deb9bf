package heed.moderation.baseline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The features that at least two of some texts have. A text is the vector of their `(1 + log count) · log(n /
/// texts)`, of length 1 (Salton and Buckley 1988).
final class Vocabulary {
    private final Features kind;
    private final Map<String, Integer> columns = new HashMap<>();
    private final double[] rarity;

    Vocabulary(Features kind, List<String> texts) {
        this.kind = kind;
        Map<String, Integer> counts = new HashMap<>();
        for (String text : texts) {
            new HashSet<>(kind.of(text)).forEach(feature -> counts.merge(feature, 1, Integer::sum));
        }
        Map<String, Integer> common = new TreeMap<>(); // so that columns do not depend on a hash
        counts.forEach((feature, count) -> {
            if (count > 1) {
                common.put(feature, count);
            }
        });
        this.rarity = new double[common.size()];
        common.forEach((feature, count) -> {
            rarity[columns.size()] = Math.log((double) texts.size() / count);
            columns.put(feature, columns.size());
        });
    }

    int size() {
        return rarity.length;
    }

    SparseRow row(String text) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (String feature : kind.of(text)) {
            Integer column = columns.get(feature);
            if (column != null) {
                counts.merge(column, 1, Integer::sum);
            }
        }
        int[] found = new int[counts.size()];
        float[] values = new float[found.length];
        double squares = 0;
        int at = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            double value = (1 + Math.log(entry.getValue())) * rarity[entry.getKey()];
            found[at] = entry.getKey();
            values[at++] = (float) value;
            squares += value * value;
        }
        float length = squares > 0 ? (float) Math.sqrt(squares) : 1;
        for (int i = 0; i < values.length; i++) {
            values[i] /= length;
        }
        return new SparseRow(found, values);
    }
}
