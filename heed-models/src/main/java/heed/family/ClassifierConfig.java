package heed.family;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The `config.json` of a model that classifies texts, on top of another model.
public final class ClassifierConfig {
    private ClassifierConfig() {}

    /// What a model's `config.json` says, with the class that has a head for texts, and the names of its
    /// classes.
    ///
    /// @param folder of the model below
    /// @param labels the classes, by index
    /// @param several whether a text may belong to several of them
    /// @throws ConfigException when it cannot be read
    public static String json(Path folder, List<String> labels, boolean several) {
        ModelConfig below = ModelConfig.read(folder);
        Map<String, Object> values = ConfigFile.read(folder).values();
        values.remove("num_labels"); // id2label says it
        values.put("architectures", List.of(HeadKind.SEQUENCE_CLASSIFICATION.sibling(below.architecture())));
        values.putAll(labels(labels, several));
        values.put("dtype", "float32");
        values.remove("torch_dtype");
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(values);
    }

    /// The keys that name classes.
    ///
    /// @param labels the classes, by index
    /// @param several whether a text may belong to several of them
    public static Map<String, Object> labels(List<String> labels, boolean several) {
        Map<String, Object> ids = new LinkedHashMap<>();
        Map<String, Object> names = new LinkedHashMap<>();
        for (int id = 0; id < labels.size(); id++) {
            names.put(String.valueOf(id), labels.get(id));
            ids.put(labels.get(id), id);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("problem_type", several ? "multi_label_classification" : "single_label_classification");
        values.put("id2label", names);
        values.put("label2id", ids);
        return values;
    }
}
