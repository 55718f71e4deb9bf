package heed.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// How answers are written.
final class Answers {
    static final JsonMapper JSON = JsonMapper.shared();

    private Answers() {}

    static void json(ServerRequest request, ServerResponse response, int status, Object body) {
        response.status(status);
        response.header("Content-Type", "application/json; charset=utf-8");
        send(request, response, JSON.writeValueAsBytes(body));
    }

    /// The body, or for HEAD only how long it would be.
    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (asksForHeadersOnly(request)) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    static boolean asksForHeadersOnly(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }

    /// Numbers in the type that the request asks for by `dtype`: `f16`, or `f32` for all digits.
    static void numbers(ServerRequest request, ServerResponse response, float[] values, int... shape) {
        switch (new Query(request).text("dtype").orElse("f16")) {
            case "f16" -> halves(request, response, values, shape);
            case "f32" -> floats(request, response, values, shape);
            default -> throw Refusal.malformed("'dtype' is f16 or f32");
        }
    }

    /// Numbers in 16 bits, little-endian, in C order.
    private static void halves(ServerRequest request, ServerResponse response, float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        binary(request, response, bytes.array(), "f16", shape);
    }

    /// Numbers in 32 bits, little-endian, in C order.
    static void floats(ServerRequest request, ServerResponse response, float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        binary(request, response, bytes.array(), "f32", shape);
    }

    /// Shares in 8 bits, in C order: 255 is 1.
    static void shares(ServerRequest request, ServerResponse response, float[] values, int... shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(255 * Math.clamp(values[i], 0f, 1f));
        }
        binary(request, response, bytes, "u8", shape);
    }

    private static void binary(
            ServerRequest request, ServerResponse response, byte[] bytes, String dtype, int... shape) {
        response.header("Content-Type", "application/octet-stream");
        response.header("X-Dtype", dtype);
        response.header(
                "X-Shape", Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        send(request, response, bytes);
    }

    /// A value that never changes under its address. True when the asker has it already; then it is answered.
    static boolean unchanged(ServerRequest request, ServerResponse response, String tag) {
        String etag = '"' + tag + '"';
        response.header("ETag", etag);
        response.header("Cache-Control", "private, max-age=3600, immutable");
        boolean same = request.headers()
                .first(HeaderNames.IF_NONE_MATCH)
                .filter(etag::equals)
                .isPresent();
        if (same) {
            response.status(304);
            response.send();
        }
        return same;
    }
}
