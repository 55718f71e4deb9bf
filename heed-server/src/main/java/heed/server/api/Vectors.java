package heed.server.api;

import heed.serving.NotServed;
import heed.serving.ServedModel;
import heed.task.Embedder;
import heed.text.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Vectors as requests ask for them.
final class Vectors {
    private Vectors() {}

    /// The token ids of what is to be embedded: a text, several, the ids of one, or the ids of several.
    static List<int[]> inputs(ApiRequest request, String key, ServedModel model, boolean truncate) {
        Fields fields = request.fields();
        JsonNode node = fields.node(key);
        if (node.isArray() && !node.isEmpty() && node.get(0).isNumber()) {
            return List.of(fields.tokens(key, node));
        }
        if (node.isArray() && !node.isEmpty() && node.get(0).isArray()) {
            List<JsonNode> lists = new ArrayList<>();
            node.forEach(lists::add);
            return request.limited(lists).stream()
                    .map(list -> fields.tokens(key, list))
                    .toList();
        }
        return model.encode(request.limited(fields.texts(key)), truncate).stream()
                .map(Encoding::ids)
                .toList();
    }

    /// The first dimensions of vectors, scaled to length 1 again where they were: for models that were trained
    /// so that their first dimensions say most (Kusupati et al. 2022).
    static List<float[]> shortened(List<float[]> vectors, int dimensions, boolean normalize) {
        int width = vectors.getFirst().length;
        if (dimensions < 1 || dimensions > width) {
            throw NotServed.invalid("'dimensions' is 1 to " + width + ", not " + dimensions);
        }
        return vectors.stream()
                .map(vector -> Arrays.copyOf(vector, dimensions))
                .map(vector -> normalize ? Embedder.normalized(vector) : vector)
                .toList();
    }

    /// Floats in 32 bits, little-endian, in base64.
    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
