package heed.checkpoint;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Settings of a Transformer that an export leaves only in its arithmetic.
///
/// @param layerNormEpsilon what is added to the variance before the root
/// @param headSize the size Dh of a head, by which scores are scaled: divided by √Dh
record OnnxSettings(OptionalDouble layerNormEpsilon, OptionalInt headSize) {
    static OnnxSettings of(OnnxGraph graph) {
        var epsilon = OptionalDouble.empty();
        var headSize = OptionalInt.empty();
        for (OnnxGraph.Node node : graph.nodes()) {
            if (epsilon.isEmpty()) {
                epsilon = epsilon(graph, node);
            }
            if (headSize.isEmpty() && node.operation().equals("Softmax")) {
                headSize = headSize(graph, node);
            }
        }
        return new OnnxSettings(epsilon, headSize);
    }

    private static OptionalDouble epsilon(OnnxGraph graph, OnnxGraph.Node node) {
        float number = Float.NaN;
        if (node.operation().equals("LayerNormalization")) {
            number = node.number();
        } else if (node.operation().equals("Sqrt")) {
            number = constantInput(graph, input(graph, node, "Add"));
        }
        // By way of text: 1e-12 as a float is 9.99999996e-13 as a double, and not what anybody wrote.
        return number > 0 ? OptionalDouble.of(Double.parseDouble(Float.toString(number))) : OptionalDouble.empty();
    }

    /// Follows a softmax back over the mask that is added to the scale and the product of queries and keys.
    private static OptionalInt headSize(OnnxGraph graph, OnnxGraph.Node softmax) {
        OnnxGraph.Node masked = input(graph, softmax, "Add");
        OnnxGraph.Node sum = masked == null ? softmax : masked;
        OnnxGraph.Node division = input(graph, sum, "Div");
        OnnxGraph.Node product = input(graph, sum, "Mul");
        OnnxGraph.Node scaled = division == null ? product : division;
        if (input(graph, scaled, "MatMul") == null) {
            return OptionalInt.empty();
        }
        double scale = constantInput(graph, scaled);
        double size = Math.rint(division == null ? 1 / (scale * scale) : scale * scale);
        return size >= 1 && size <= 1 << 16 ? OptionalInt.of((int) size) : OptionalInt.empty();
    }

    /// The node of a kind that makes one of the inputs.
    private static OnnxGraph.@Nullable Node input(OnnxGraph graph, OnnxGraph.@Nullable Node node, String operation) {
        for (String value : node == null ? List.<String>of() : node.inputs()) {
            OnnxGraph.Node producer = graph.producer(value);
            if (producer != null && producer.operation().equals(operation)) {
                return producer;
            }
        }
        return null;
    }

    /// The input that is a single number, NaN when there is none.
    private static float constantInput(OnnxGraph graph, OnnxGraph.@Nullable Node node) {
        for (String value : node == null ? List.<String>of() : node.inputs()) {
            OnnxGraph.Node producer = graph.producer(value);
            if (producer != null && producer.operation().equals("Constant") && !Float.isNaN(producer.number())) {
                return producer.number();
            }
            StoredTensor weight = graph.weight(value);
            if (weight != null && weight.info().size() == 1) {
                return weight.values().floats(1)[0];
            }
        }
        return Float.NaN;
    }
}
