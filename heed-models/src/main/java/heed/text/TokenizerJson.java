package heed.text;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A `tokenizer.json` in the making, for vocabularies that come in other files: the pieces from which all of
/// them are put together.
final class TokenizerJson {
    static final String SPACE = "▁";

    private final ObjectNode root = JsonMapper.shared().createObjectNode();
    private final Map<Integer, ObjectNode> added = new TreeMap<>();

    TokenizerJson() {
        root.put("version", "1.0");
        root.putArray("added_tokens"); // filled at the end, in the order of ids
    }

    static ObjectNode step(String type) {
        return JsonMapper.shared().createObjectNode().put("type", type);
    }

    static ObjectNode replace(String kind, String pattern, String content) {
        ObjectNode step = step("Replace");
        step.putObject("pattern").put(kind, pattern);
        return step.put("content", content);
    }

    static ObjectNode metaspace(String prepend, boolean split) {
        return step("Metaspace")
                .put("replacement", SPACE)
                .put("prepend_scheme", prepend)
                .put("split", split);
    }

    static ObjectNode byteLevel(boolean prefixSpace, boolean trimOffsets, boolean regex) {
        return step("ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", trimOffsets)
                .put("use_regex", regex);
    }

    static ObjectNode split(String regex) {
        ObjectNode step = step("Split");
        step.putObject("pattern").put("Regex", regex);
        return step.put("behavior", "Isolated").put("invert", false);
    }

    TokenizerJson normalizer(List<ObjectNode> steps) {
        return sequence("normalizer", "normalizers", steps);
    }

    TokenizerJson preTokenizer(List<ObjectNode> steps) {
        return sequence("pre_tokenizer", "pretokenizers", steps);
    }

    TokenizerJson decoder(List<ObjectNode> steps) {
        return sequence("decoder", "decoders", steps);
    }

    private TokenizerJson sequence(String role, String list, List<ObjectNode> steps) {
        if (steps.size() == 1) {
            root.set(role, steps.getFirst());
        } else if (!steps.isEmpty()) {
            ObjectNode sequence = step("Sequence");
            ArrayNode all = sequence.putArray(list);
            steps.forEach(all::add);
            root.set(role, sequence);
        }
        return this;
    }

    TokenizerJson model(ObjectNode model) {
        root.set("model", model);
        return this;
    }

    /// A token that is found in a text before anything else.
    TokenizerJson added(int id, String content, boolean special) {
        ObjectNode token = JsonMapper.shared().createObjectNode();
        token.put("id", id).put("content", content);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.put(flag, false);
        }
        added.putIfAbsent(id, token.put("special", special));
        return this;
    }

    /// The same as `tokenizer_config.json` describes it, with flags.
    TokenizerJson added(int id, JsonNode description) {
        ObjectNode token = JsonMapper.shared().createObjectNode();
        token.put("id", id).put("content", description.path("content").asString(""));
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            token.put(flag, description.path(flag).asBoolean(false));
        }
        added.put(id, token);
        return this;
    }

    /// What is put around a text, and around a pair: `A` and `B` stand for the texts, all else is a token, and
    /// the type of what follows a `|` is 1.
    TokenizerJson frame(List<String> single, List<String> pair, ToIntFunction<String> id) {
        ObjectNode step = step("TemplateProcessing");
        template(step.putArray("single"), single);
        template(step.putArray("pair"), pair);
        ObjectNode tokens = step.putObject("special_tokens");
        for (String name : pair) {
            if (!name.equals("A") && !name.equals("B") && !name.equals("|") && !tokens.has(name)) {
                ObjectNode token = tokens.putObject(name).put("id", name);
                token.putArray("ids").add(id.applyAsInt(name));
                token.putArray("tokens").add(name);
            }
        }
        root.set("post_processor", step);
        return this;
    }

    private static void template(ArrayNode to, List<String> names) {
        int type = 0;
        for (String name : names) {
            if (name.equals("|")) {
                type = 1;
            } else {
                boolean text = name.equals("A") || name.equals("B");
                to.addObject()
                        .putObject(text ? "Sequence" : "SpecialToken")
                        .put("id", name)
                        .put("type_id", type);
            }
        }
    }

    TokenizerJson postProcessor(ObjectNode step) {
        root.set("post_processor", step);
        return this;
    }

    String text() {
        ArrayNode list = (ArrayNode) root.path("added_tokens");
        added.values().forEach(list::add);
        return root.toString();
    }
}
