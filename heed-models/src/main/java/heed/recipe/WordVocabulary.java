package heed.recipe;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// The words or characters of texts as tokens, after padding, end and unknown.
///
/// @param tokens by id
/// @param words whether tokens are words, between spaces; otherwise they are characters
record WordVocabulary(List<String> tokens, boolean words) {
    static final String PADDING = "<pad>";
    static final String END = "</s>";
    static final String UNKNOWN = "<unk>";
    private static final List<String> SPECIAL = List.of(PADDING, END, UNKNOWN);

    /// The most frequent first.
    ///
    /// @param least how often a token must be there to be known
    static WordVocabulary of(List<String> texts, boolean words, int least) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String text : texts) {
            split(text, words).forEach(token -> counts.merge(token, 1, Integer::sum));
        }
        Stream<String> found = counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= least && !SPECIAL.contains(entry.getKey()))
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
        return new WordVocabulary(Stream.concat(SPECIAL.stream(), found).toList(), words);
    }

    private static Stream<String> split(String text, boolean words) {
        return words
                ? Arrays.stream(text.strip().split("\\s+"))
                : text.codePoints().mapToObj(Character::toString);
    }

    /// A `tokenizer.json` that Hugging Face's tokenizers reads, which puts [#END] after every text.
    String tokenizerJson() {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", words ? "WordLevel" : "BPE");
        model.put("unk_token", UNKNOWN);
        model.put("vocab", vocabulary);
        if (!words) { // byte-pair encoding without a single merge
            model.put("dropout", null);
            model.put("continuing_subword_prefix", null);
            model.put("end_of_word_suffix", null);
            model.put("fuse_unk", false);
            model.put("byte_fallback", false);
            model.put("ignore_merges", false);
            model.put("merges", List.of());
        }
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("truncation", null);
        file.put("padding", null);
        file.put("added_tokens", SPECIAL.stream().map(this::added).toList());
        file.put("normalizer", null);
        file.put("pre_tokenizer", words ? Map.of("type", "WhitespaceSplit") : null);
        file.put("post_processor", endAfterText());
        file.put("decoder", words ? null : Map.of("type", "Fuse"));
        file.put("model", model);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(file);
    }

    private Map<String, Object> added(String token) {
        Map<String, Object> added = new LinkedHashMap<>();
        added.put("id", tokens.indexOf(token));
        added.put("content", token);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            added.put(flag, false);
        }
        added.put("special", true);
        return added;
    }

    private Map<String, Object> endAfterText() {
        Map<String, Object> text = Map.of("Sequence", Map.of("id", "A", "type_id", 0));
        Map<String, Object> pair = Map.of("Sequence", Map.of("id", "B", "type_id", 0));
        Map<String, Object> end = Map.of("SpecialToken", Map.of("id", END, "type_id", 0));
        Map<String, Object> processor = new LinkedHashMap<>();
        processor.put("type", "TemplateProcessing");
        processor.put("single", List.of(text, end));
        processor.put("pair", List.of(text, pair, end));
        processor.put(
                "special_tokens",
                Map.of(END, Map.of("id", END, "ids", List.of(tokens.indexOf(END)), "tokens", List.of(END))));
        return processor;
    }

    static String tokenizerConfigJson(int maxTokens) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("pad_token", PADDING);
        config.put("eos_token", END);
        config.put("unk_token", UNKNOWN);
        config.put("model_max_length", maxTokens);
        config.put("clean_up_tokenization_spaces", false);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }
}
