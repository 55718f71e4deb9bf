package heed.checkpoint;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives anonymous matrices of linear layers their names back. `MatMul(x, W)` with `W [in, out]` is followed by
/// an `Add` of the bias, which kept its name: `P.bias` makes `W` the `P.weight`. Without a bias the node's own
/// name tells the module, in exports that have such names: `/encoder/layer.0/attention/self/query/MatMul`.
final class OnnxLinearNames {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final OnnxGraph graph;
    private final Map<String, StoredTensor> weights = new LinkedHashMap<>();
    private final Map<String, OnnxGraph.Node> additions = new HashMap<>();

    private OnnxLinearNames(OnnxGraph graph) {
        this.graph = graph;
    }

    /// A linear layer's matrix as it was before the export.
    private record Linear(String name, StoredTensor weight) {}

    /// All readable initialisers of a graph under their proper names, in the order of the file.
    static Map<String, StoredTensor> restore(OnnxGraph graph) {
        return new OnnxLinearNames(graph).restore();
    }

    private Map<String, StoredTensor> restore() {
        graph.initialisers().forEach((name, tensor) -> {
            if (tensor.stored() != null) {
                weights.put(name, tensor.stored());
            }
        });
        for (OnnxGraph.Node node : graph.nodes()) {
            switch (node.operation()) {
                // The exporter keeps one of several equal initialisers and names the others so.
                case "Identity" -> alias(node);
                case "Add" -> node.inputs().forEach(input -> additions.putIfAbsent(input, node));
                default -> {}
            }
        }
        var linears = new HashMap<String, Linear>();
        for (OnnxGraph.Node node : graph.nodes()) {
            if (node.operation().equals("MatMul") || node.operation().equals("Gemm")) {
                Linear linear = linear(node);
                // Layers that share a matrix (ALBERT's) share its first name.
                if (linear != null) {
                    linears.putIfAbsent(node.inputs().get(1), linear);
                }
            }
        }
        var named = new LinkedHashMap<String, StoredTensor>();
        weights.forEach((name, weight) -> {
            Linear linear = linears.get(name);
            if (linear == null || weights.containsKey(linear.name()) || named.containsKey(linear.name())) {
                named.put(name, weight);
            } else {
                named.put(linear.name(), linear.weight());
            }
        });
        return named;
    }

    private void alias(OnnxGraph.Node identity) {
        StoredTensor weight = identity.inputs().isEmpty()
                ? null
                : weights.get(identity.inputs().getFirst());
        // What begins with a slash is a value on its way through the graph, not a parameter.
        if (weight != null && !identity.output().isEmpty() && !identity.output().startsWith("/")) {
            var info = new TensorInfo(
                    identity.output(), weight.info().dtype(), weight.info().shape());
            weights.putIfAbsent(identity.output(), new StoredTensor(info, weight.values()));
        }
    }

    private @Nullable Linear linear(OnnxGraph.Node node) {
        if (node.inputs().size() < 2 || !isAnonymous(node.inputs().get(1))) {
            return null;
        }
        StoredTensor weight = weights.get(node.inputs().get(1));
        if (weight == null || weight.info().shape().size() != 2) {
            return null;
        }
        List<Integer> shape = weight.info().shape();
        int out = shape.get(node.transposesWeight() ? 0 : 1);
        String module = module(node, out);
        if (module == null) {
            return null;
        }
        String name = module + WEIGHT;
        if (node.transposesWeight()) {
            return new Linear(
                    name, new StoredTensor(new TensorInfo(name, weight.info().dtype(), shape), weight.values()));
        }
        var values = new StoredValues.Transposed(weight.values(), shape.get(0), shape.get(1));
        var info = new TensorInfo(name, weight.info().dtype(), List.of(shape.get(1), shape.get(0)));
        return new Linear(name, new StoredTensor(info, values));
    }

    /// What newer exporters call constants that they made (`onnx::MatMul_787`), and older ones (`1204`).
    private static boolean isAnonymous(String name) {
        return name.startsWith("onnx::") || (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    private @Nullable String module(OnnxGraph.Node node, int out) {
        String byBias = moduleByBias(node, out);
        String byNode = moduleByNode(node);
        // A bias may be borrowed from the module around: BERT's masked-LM decoder adds cls.predictions.bias.
        boolean inside = byBias != null && byNode != null && byNode.startsWith(byBias + ".");
        return byBias == null || inside ? byNode : byBias;
    }

    private @Nullable String moduleByBias(OnnxGraph.Node node, int out) {
        OnnxGraph.Node adds = node.operation().equals("Gemm") ? node : additions.get(node.output());
        for (String input : adds == null ? List.<String>of() : adds.inputs()) {
            StoredTensor bias = weights.get(input);
            if (bias != null && input.endsWith(BIAS) && bias.info().shape().equals(List.of(out))) {
                return input.substring(0, input.length() - BIAS.length());
            }
        }
        return null;
    }

    private static @Nullable String moduleByNode(OnnxGraph.Node node) {
        String path = node.name();
        int end = path.lastIndexOf('/');
        return path.startsWith("/") && end > 0 ? path.substring(1, end).replace('/', '.') : null;
    }
}
