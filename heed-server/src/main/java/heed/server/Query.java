package heed.server;

import heed.lens.capture.Measure;
import heed.pass.Site;
import io.helidon.webserver.http.ServerRequest;
import java.util.Locale;
import java.util.Optional;

/// The parts of a request's address.
record Query(ServerRequest request) {
    /// A part of the path.
    String path(String name) {
        return request.path().pathParameters().get(name);
    }

    /// A number that is a part of the path.
    int pathNumber(String name) {
        return parse(name, path(name));
    }

    Optional<String> text(String name) {
        return request.query().first(name).asOptional();
    }

    /// @throws Refusal when it is missing or no whole number
    int number(String name) {
        return text(name)
                .map(value -> parse(name, value))
                .orElseThrow(() -> Refusal.malformed("'" + name + "' is missing"));
    }

    int number(String name, int usual) {
        return text(name).map(value -> parse(name, value)).orElse(usual);
    }

    double decimal(String name, double usual) {
        return text(name)
                .map(value -> {
                    try {
                        return Double.parseDouble(value);
                    } catch (NumberFormatException e) {
                        throw Refusal.malformed("'" + name + "' is a number, not '" + shortened(value) + "'");
                    }
                })
                .orElse(usual);
    }

    private static int parse(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw Refusal.malformed("'" + name + "' is a whole number, not '" + shortened(value) + "'");
        }
    }

    Site.Stack stream() {
        return stream(path("stream"));
    }

    static Site.Stack stream(String name) {
        return switch (name) {
            case "enc" -> Site.Stack.ENCODER;
            case "dec" -> Site.Stack.DECODER;
            case "cross" -> Site.Stack.CROSS;
            default -> throw Refusal.malformed("a stream is enc, dec or cross, not '" + shortened(name) + "'");
        };
    }

    static String name(Site.Stack stack) {
        return switch (stack) {
            case ENCODER -> "enc";
            case DECODER -> "dec";
            case CROSS -> "cross";
        };
    }

    Measure measure() {
        return switch (text("measure").orElse("weight").toLowerCase(Locale.ROOT)) {
            case "weight" -> Measure.WEIGHT;
            case "value" -> Measure.VALUE;
            default -> throw Refusal.malformed("a measure is weight or value");
        };
    }

    static String shortened(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "…";
    }
}
