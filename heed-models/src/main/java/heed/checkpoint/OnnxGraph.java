package heed.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an ONNX file says that matters for its weights: the initialisers, and those nodes of the graph from
/// which names and settings can be told. Subgraphs (loops, branches) are not entered.
final class OnnxGraph {
    /// More than any model has; keeps a file of empty messages from becoming a heap of objects.
    private static final int MOST = 1_000_000;

    private static final Set<String> KEPT = Set.of(
            "MatMul", "Gemm", "Add", "Identity", "Constant", "Sqrt", "Div", "Mul", "Softmax", "LayerNormalization");

    /// One operation.
    ///
    /// @param output its first result, the only one of the operations that are kept
    /// @param transposesWeight `transB` of Gemm
    /// @param number the value of a Constant with one value, the epsilon of a LayerNormalization, NaN otherwise
    record Node(
            String operation,
            String name,
            List<String> inputs,
            String output,
            boolean transposesWeight,
            float number) {}

    private final Map<String, OnnxTensor> initialisers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final OnnxExternalData external;
    private int counted;

    private OnnxGraph(OnnxExternalData external) {
        this.external = external;
    }

    /// Reads a `ModelProto`.
    static OnnxGraph parse(MappedFile file, OnnxExternalData external) {
        var graph = new OnnxGraph(external);
        var model = new ProtobufMessage(file, 0, file.size());
        boolean found = false;
        while (model.next()) {
            if (model.field() == 7) {
                found = true;
                graph.graph(model.message());
            }
        }
        if (!found) {
            throw file.refusal("there is no graph in this ONNX file (is it one, and is the download complete?)");
        }
        return graph;
    }

    Map<String, OnnxTensor> initialisers() {
        return initialisers;
    }

    List<Node> nodes() {
        return nodes;
    }

    /// The node that makes a value, if it is of a kind that is kept.
    @Nullable
    Node producer(String value) {
        return producers.get(value);
    }

    /// The tensor of numbers that an initialiser holds.
    @Nullable
    StoredTensor weight(String value) {
        OnnxTensor tensor = initialisers.get(value);
        return tensor == null ? null : tensor.stored();
    }

    private void graph(ProtobufMessage graph) {
        MappedFile file = graph.file();
        while (graph.next()) {
            if ((graph.field() == 1 || graph.field() == 5) && ++counted > MOST) {
                throw file.refusal("the graph has more than " + MOST + " nodes and initialisers");
            }
            switch (graph.field()) {
                case 1 -> node(graph.message());
                case 5 -> {
                    OnnxTensor tensor = OnnxTensor.parse(graph.message(), external);
                    if (initialisers.put(tensor.name(), tensor) != null) {
                        throw file.tensorRefusal(tensor.name(), "occurs twice");
                    }
                }
                default -> {}
            }
        }
    }

    private void node(ProtobufMessage message) {
        String operation = "";
        ProtobufMessage fields = message.again();
        while (fields.next()) {
            if (fields.field() == 4) {
                operation = fields.text();
            }
        }
        if (!KEPT.contains(operation)) {
            return;
        }
        String name = "";
        var inputs = new ArrayList<String>(2);
        String output = "";
        boolean transposesWeight = false;
        // The default of ONNX for LayerNormalization.
        float number = operation.equals("LayerNormalization") ? 1e-5f : Float.NaN;
        fields = message.again();
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> {
                    // None of the operations takes more; a longer list is not worth its memory.
                    if (inputs.size() < 3) {
                        inputs.add(fields.text());
                    }
                }
                case 2 -> output = output.isEmpty() ? fields.text() : output;
                case 3 -> name = fields.text();
                case 5 -> {
                    var attribute = new Attribute(fields.message());
                    switch (attribute.name) {
                        case "transB" -> transposesWeight = attribute.integer != 0;
                        case "value" -> number = attribute.scalar();
                        case "value_float", "epsilon" -> number = attribute.number;
                        default -> {}
                    }
                }
                default -> {}
            }
        }
        var node = new Node(operation, name, List.copyOf(inputs), output, transposesWeight, number);
        nodes.add(node);
        producers.putIfAbsent(output, node);
    }

    /// An `AttributeProto`.
    private final class Attribute {
        String name = "";
        float number = Float.NaN;
        long integer;

        @Nullable
        ProtobufMessage tensor;

        Attribute(ProtobufMessage message) {
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> name = message.text();
                    case 2 -> number = message.float32();
                    case 3 -> integer = message.varint();
                    case 5 -> tensor = message.message();
                    default -> {}
                }
            }
        }

        /// The value of a tensor that has only one.
        float scalar() {
            if (tensor == null) {
                return Float.NaN;
            }
            StoredTensor stored = OnnxTensor.parse(tensor, external).stored();
            return stored != null && stored.info().size() == 1 ? stored.values().floats(1)[0] : Float.NaN;
        }
    }
}
