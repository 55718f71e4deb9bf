package heed.checkpoint;

import java.util.List;

/// ONNX files made by hand: the fields of `onnx.proto` that the reader knows.
final class OnnxBytes {
    static final int FLOAT = 1;
    static final int UINT8 = 2;
    static final int INT8 = 3;
    static final int INT16 = 5;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int STRING = 8;
    static final int BOOL = 9;
    static final int FLOAT16 = 10;
    static final int DOUBLE = 11;
    static final int BFLOAT16 = 16;

    private final ProtobufBytes graph = ProtobufBytes.message();

    static OnnxBytes model() {
        return new OnnxBytes();
    }

    /// The head of a `TensorProto`; the values are for the caller to add.
    static ProtobufBytes tensor(String name, int type, long... dims) {
        ProtobufBytes tensor = ProtobufBytes.message();
        for (long dim : dims) {
            tensor.varint(1, dim);
        }
        return tensor.varint(2, type).text(8, name);
    }

    static ProtobufBytes floats(String name, List<Integer> shape, float... values) {
        return tensor(name, FLOAT, shape.stream().mapToLong(i -> i).toArray())
                .bytes(9, SafetensorsBytes.floats(values));
    }

    /// A `NodeProto`.
    static ProtobufBytes operation(String operation, String name, List<String> inputs, String output) {
        ProtobufBytes node = ProtobufBytes.message();
        inputs.forEach(input -> node.text(1, input));
        return node.text(2, output).text(3, name).text(4, operation);
    }

    /// The head of an `AttributeProto`.
    static ProtobufBytes attribute(String name) {
        return ProtobufBytes.message().text(1, name);
    }

    OnnxBytes initialiser(ProtobufBytes tensor) {
        graph.message(5, tensor);
        return this;
    }

    OnnxBytes initialiser(String name, List<Integer> shape, float... values) {
        return initialiser(floats(name, shape, values));
    }

    OnnxBytes node(ProtobufBytes node) {
        graph.message(1, node);
        return this;
    }

    OnnxBytes node(String operation, String name, List<String> inputs, String output) {
        return node(operation(operation, name, inputs, output));
    }

    OnnxBytes constant(String output, float value) {
        return node(operation("Constant", "", List.of(), output)
                .message(5, attribute("value").message(5, floats("", List.of(), value))));
    }

    byte[] toBytes() {
        return ProtobufBytes.message()
                .varint(1, 8)
                .text(2, "test")
                .message(7, graph)
                .toBytes();
    }
}
