package heed.server.api;

import heed.serving.NotServed.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How those whose interface a route speaks tell that something went wrong.
enum Dialect {
    /// `{"error": …, "error_type": …}`, as text-embeddings-inference has it.
    HEED {
        @Override
        Map<String, Object> problem(int status, Reason reason, String message) {
            String type = switch (reason) {
                case OVERLOADED -> "Overloaded";
                case UNREADY, LATE -> "Unhealthy";
                case UNABLE -> "Backend";
                default -> "Validation";
            };
            return ordered("error", message, "error_type", status == 500 ? "Backend" : type);
        }
    },
    OPENAI {
        @Override
        Map<String, Object> problem(int status, Reason reason, String message) {
            String type = switch (status) {
                case 401 -> "authentication_error";
                case 429 -> "rate_limit_error";
                default -> status >= 500 ? "server_error" : "invalid_request_error";
            };
            Map<String, Object> error = ordered("message", message, "type", type);
            error.put("param", null);
            error.put("code", reason == Reason.UNKNOWN ? "model_not_found" : null);
            return ordered("error", error);
        }
    },
    /// What Perspective answers, as all of Google's services do.
    GOOGLE {
        @Override
        Map<String, Object> problem(int status, Reason reason, String message) {
            String name = switch (status) {
                case 401 -> "UNAUTHENTICATED";
                case 404 -> "NOT_FOUND";
                case 408, 504 -> "DEADLINE_EXCEEDED";
                case 429 -> "RESOURCE_EXHAUSTED";
                case 500 -> "INTERNAL";
                case 501 -> "UNIMPLEMENTED";
                case 503 -> "UNAVAILABLE";
                default -> "INVALID_ARGUMENT";
            };
            return ordered("error", ordered("code", status, "message", message, "status", name));
        }
    };

    static Dialect of(String path) {
        return path.startsWith("/v1alpha1/") ? GOOGLE : path.startsWith("/v1/") ? OPENAI : HEED;
    }

    abstract Map<String, Object> problem(int status, Reason reason, String message);

    int status(Reason reason) {
        return switch (reason) {
            case INVALID -> 400;
            case FORBIDDEN -> 401;
            case UNKNOWN -> 404;
            case UNABLE -> this == HEED ? 422 : 400;
            case TOO_LARGE -> 413;
            case SLOW -> 408;
            case OVERLOADED -> 429;
            case LATE -> 504;
            case UNREADY -> 503;
        };
    }

    /// A map in the order of its keys and values.
    static Map<String, Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
