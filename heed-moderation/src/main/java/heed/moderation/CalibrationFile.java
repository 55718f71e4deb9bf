package heed.moderation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calibrations by label, in a file of JSON beside a policy: `{"toxic": {"temperature": 1.7}}`, or `{"logits":
/// […], "probabilities": […]}` for a staircase.
public final class CalibrationFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private CalibrationFile() {}

    /// @throws ModerationException when it cannot be read, or a calibration makes no sense
    public static Map<String, Calibration> read(Path file) {
        try {
            return parse(Files.readString(file), String.valueOf(file));
        } catch (IOException e) {
            throw new ModerationException("cannot read the calibrations " + file + ": " + e.getMessage(), e);
        }
    }

    /// @param place names the text in messages
    /// @throws ModerationException when a calibration makes no sense
    public static Map<String, Calibration> parse(String json, String place) {
        try {
            JsonNode root = JSON.readTree(json);
            Map<String, Calibration> calibrations = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> entry : root.properties()) {
                calibrations.put(entry.getKey(), calibration(entry.getValue(), place, entry.getKey()));
            }
            return calibrations;
        } catch (JacksonException e) {
            throw new ModerationException(place + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Calibration calibration(JsonNode node, String place, String label) {
        if (node.path("temperature").isNumber()) {
            return new Calibration.Temperature(node.path("temperature").doubleValue());
        }
        if (node.path("logits").isArray() && node.path("probabilities").isArray()) {
            return new Calibration.Isotonic(numbers(node.path("logits")), numbers(node.path("probabilities")));
        }
        throw new ModerationException(
                place + ": '" + label + "' has neither a temperature nor logits and probabilities");
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble(Double.NaN);
        }
        return numbers;
    }

    /// @throws ModerationException when it cannot be written
    public static void write(Path file, Map<String, Calibration> calibrations) {
        SequencedMap<String, Object> root = new LinkedHashMap<>();
        calibrations.forEach((label, calibration) -> {
            switch (calibration) {
                case Calibration.None _ -> {}
                case Calibration.Temperature one -> root.put(label, Map.of("temperature", one.temperature()));
                case Calibration.Isotonic one -> {
                    SequencedMap<String, Object> view = new LinkedHashMap<>();
                    view.put("logits", one.logits());
                    view.put("probabilities", one.probabilities());
                    root.put(label, view);
                }
            }
        });
        try {
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new ModerationException("cannot write the calibrations " + file + ": " + e.getMessage(), e);
        }
    }
}
