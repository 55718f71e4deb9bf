package heed.score;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/// How precision, recall and F1 of several labels become one number.
public enum Average {
    /// The mean over labels: rare ones count as much as common ones.
    MACRO {
        @Override
        double of(Collection<LabelCounts> labels, ToDoubleFunction<LabelCounts> measure) {
            return labels.stream().mapToDouble(measure).average().orElse(0);
        }
    },
    /// Of all labels' counts together: every decision counts the same.
    MICRO {
        @Override
        double of(Collection<LabelCounts> labels, ToDoubleFunction<LabelCounts> measure) {
            return measure.applyAsDouble(labels.stream().reduce(LabelCounts.NOTHING, LabelCounts::plus));
        }
    },
    /// The mean over labels, each as often as it is right.
    WEIGHTED {
        @Override
        double of(Collection<LabelCounts> labels, ToDoubleFunction<LabelCounts> measure) {
            double sum = labels.stream()
                    .mapToDouble(label -> label.support() * measure.applyAsDouble(label))
                    .sum();
            return LabelCounts.share(
                    sum, labels.stream().mapToDouble(LabelCounts::support).sum());
        }
    };

    abstract double of(Collection<LabelCounts> labels, ToDoubleFunction<LabelCounts> measure);
}
