package heed.checkpoint;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One `TensorProto` of an ONNX file: a shape, a type, and the values in one of three places. `raw_data` and
/// external files are read like any other mapped values; the typed fields (`float_data`, …) are counted when
/// the file is opened and decoded when they are read.
///
/// @param stored the tensor, or null when it holds something else than numbers that can be read
/// @param type what it holds, for messages
///
/// Format: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
record OnnxTensor(String name, @Nullable StoredTensor stored, String type) {
    private static final int FLOAT_DATA = 4;
    private static final int INT32_DATA = 5;
    private static final int INT64_DATA = 7;
    private static final int DOUBLE_DATA = 10;

    /// What the message says, gathered in whatever order it says it.
    private static final class Claims {
        String name = "";
        long type;
        boolean inSegments;
        boolean isRaw;
        long rawBegin;
        long rawLength;
        boolean isExternal;
        final OnnxExternalData.Location location = new OnnxExternalData.Location();
    }

    /// Reads and checks a tensor's message.
    ///
    /// @param tensor a message that nothing has been read from
    static OnnxTensor parse(ProtobufMessage tensor, OnnxExternalData external) {
        MappedFile file = tensor.file();
        var message = tensor.again();
        var claims = new Claims();
        // The name may come after the shape, and refusals of the shape should say it.
        while (message.next()) {
            claim(claims, message);
        }
        var axes = new Axes(file, claims.name);
        message = tensor.again();
        while (message.next()) {
            if (message.field() == 1) {
                message.varints(axes::add);
            }
        }
        DType dtype = dtype(claims.type);
        if (dtype == null) {
            return new OnnxTensor(claims.name, null, "of ONNX's type " + claims.type);
        }
        if (claims.inSegments) {
            throw file.tensorRefusal(claims.name, "is stored in segments, which are not read here");
        }
        StoredValues values;
        if (claims.isExternal) {
            values = external.values(claims.name, claims.location, dtype, axes);
        } else if (claims.isRaw) {
            axes.requireBytes(dtype, claims.rawLength);
            values = new StoredValues.Plain(file.bytes().asSlice(claims.rawBegin, claims.rawLength), dtype);
        } else {
            var typed = new Typed(tensor, dtype);
            axes.requireValues(typed.count());
            values = typed;
        }
        var info = new TensorInfo(claims.name, dtype, axes.shape());
        return new OnnxTensor(claims.name, new StoredTensor(info, values), dtype.name());
    }

    private static void claim(Claims claims, ProtobufMessage message) {
        switch (message.field()) {
            case 2 -> claims.type = message.varint();
            case 3 -> claims.inSegments = true;
            case 8 -> claims.name = message.text();
            case 9 -> {
                claims.isRaw = true;
                claims.rawBegin = message.begin();
                claims.rawLength = message.length();
            }
            case 13 -> claims.location.add(message.message());
            case 14 -> claims.isExternal = message.varint() == 1;
            default -> {}
        }
    }

    /// The number formats of `TensorProto.DataType` that are read here.
    private static @Nullable DType dtype(long type) {
        return switch (Math.clamp(type, -1, Integer.MAX_VALUE)) {
            case 1 -> DType.F32;
            case 2 -> DType.U8;
            case 3 -> DType.I8;
            case 5 -> DType.I16;
            case 6 -> DType.I32;
            case 7 -> DType.I64;
            case 9 -> DType.BOOL;
            case 10 -> DType.F16;
            case 11 -> DType.F64;
            case 16 -> DType.BF16;
            default -> null;
        };
    }

    /// Values in the typed field that belongs to their format; the narrow formats share `int32_data`.
    private record Typed(ProtobufMessage tensor, DType dtype) implements StoredValues {
        long count() {
            var count = new long[1];
            forEach(_ -> count[0]++);
            return count[0];
        }

        @Override
        public float[] floats(int size) {
            var values = new float[size];
            var next = new int[1];
            forEach(bits -> values[next[0]++] = switch (dtype) {
                case F32 -> Float.intBitsToFloat((int) bits);
                case F64 -> (float) Double.longBitsToDouble(bits);
                case F16 -> Float.float16ToFloat((short) bits);
                case BF16 -> Float.intBitsToFloat((int) bits << 16);
                case I64, I32, I16, I8, U8, BOOL -> integer(bits);
            });
            return values;
        }

        @Override
        public long[] integers(int size) {
            var values = new long[size];
            var next = new int[1];
            forEach(bits -> values[next[0]++] = integer(bits));
            return values;
        }

        private long integer(long bits) {
            return switch (dtype) {
                case I64 -> bits;
                case I32 -> (int) bits;
                case I16 -> (short) bits;
                case I8 -> (byte) bits;
                case U8 -> bits & 0xff;
                case BOOL -> bits == 0 ? 0 : 1;
                case F64, F32, F16, BF16 -> throw new IllegalStateException(dtype + " holds no integers");
            };
        }

        private void forEach(LongConsumer bits) {
            ProtobufMessage message = tensor.again();
            while (message.next()) {
                switch (dtype) {
                    case F32 -> {
                        if (message.field() == FLOAT_DATA) {
                            message.fixed32s(bits);
                        }
                    }
                    case F64 -> {
                        if (message.field() == DOUBLE_DATA) {
                            message.fixed64s(bits);
                        }
                    }
                    case I64 -> {
                        if (message.field() == INT64_DATA) {
                            message.varints(bits);
                        }
                    }
                    case F16, BF16, I32, I16, I8, U8, BOOL -> {
                        if (message.field() == INT32_DATA) {
                            message.varints(bits);
                        }
                    }
                }
            }
        }
    }
}
