package heed.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// The weights of an ONNX file, under the names that the model had before it was exported. The exporter of
/// PyTorch folds the transpose of linear layers into matrices that it calls `onnx::MatMul_787`; they are given
/// their names and their layout (`[out, in]`) back by [OnnxLinearNames]. Tensors with several names (an
/// `Identity` of an initialiser) appear under each.
///
/// Quantised exports open, but hold integers where a model needs weights. Text is left out of [#tensors].
public final class OnnxInitializers implements Checkpoint {
    private final Checkpoint checkpoint;
    private final OptionalDouble layerNormEpsilon;
    private final OptionalInt headSize;

    private OnnxInitializers(Checkpoint checkpoint, OnnxSettings settings) {
        this.checkpoint = checkpoint;
        this.layerNormEpsilon = settings.layerNormEpsilon();
        this.headSize = settings.headSize();
    }

    /// Opens a model; weights may lie in other files of its folder.
    ///
    /// @throws CheckpointException when a file is missing or damaged, or is not what the format says
    public static OnnxInitializers open(Path path) {
        var settings = new OnnxSettings[1];
        Checkpoint checkpoint = MappedCheckpoint.open(path.toString(), files -> {
            MappedFile file = files.map(path);
            var graph = OnnxGraph.parse(file, new OnnxExternalData(path, file, files));
            settings[0] = OnnxSettings.of(graph);
            return contents(graph);
        });
        return new OnnxInitializers(checkpoint, settings[0]);
    }

    private static MappedCheckpoint.Contents contents(OnnxGraph graph) {
        Map<String, StoredTensor> tensors = OnnxLinearNames.restore(graph);
        var unreadable = new LinkedHashMap<String, String>();
        graph.initialisers().forEach((name, tensor) -> {
            if (tensor.stored() == null) {
                unreadable.put(name, tensor.type());
            }
        });
        return new MappedCheckpoint.Contents(tensors, Map.of(), unreadable);
    }

    /// The epsilon of the model's layer norms, where the graph shows it.
    public OptionalDouble layerNormEpsilon() {
        return layerNormEpsilon;
    }

    /// The size of an attention head, where the graph shows it.
    public OptionalInt headSize() {
        return headSize;
    }

    @Override
    public String description() {
        return checkpoint.description();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return checkpoint.tensors();
    }

    @Override
    public TensorInfo tensor(String name) {
        return checkpoint.tensor(name);
    }

    @Override
    public float[] read(String name) {
        return checkpoint.read(name);
    }

    @Override
    public long[] readIntegers(String name) {
        return checkpoint.readIntegers(name);
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
