package heed.recipe;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The characters of a text as tokens, in the order of their code points.
///
/// @param characters by id
public record CharacterVocabulary(List<String> characters) implements Vocabulary {
    public CharacterVocabulary {
        characters = List.copyOf(characters);
    }

    static CharacterVocabulary of(String text) {
        return new CharacterVocabulary(text.codePoints()
                .distinct()
                .sorted()
                .mapToObj(Character::toString)
                .toList());
    }

    @Override
    public int size() {
        return characters.size();
    }

    @Override
    public String unit() {
        return "different characters";
    }

    /// @throws RecipeException when a character is not in the vocabulary
    @Override
    public int[] ids(String text) {
        Map<Integer, Integer> ids = new HashMap<>();
        for (int id = 0; id < characters.size(); id++) {
            ids.put(characters.get(id).codePointAt(0), id);
        }
        return text.codePoints()
                .map(character -> {
                    Integer id = ids.get(character);
                    if (id == null) {
                        throw new RecipeException(
                                "the character '" + Character.toString(character) + "' is not in the training text");
                    }
                    return id;
                })
                .toArray();
    }

    @Override
    public String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(characters.get(id));
        }
        return text.toString();
    }

    /// A `tokenizer.json` that Hugging Face's tokenizers reads: byte-pair encoding without a single merge.
    @Override
    public String tokenizerJson() {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (int id = 0; id < characters.size(); id++) {
            vocabulary.put(characters.get(id), id);
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", null);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        model.put("vocab", vocabulary);
        model.put("merges", List.of());
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("truncation", null);
        file.put("padding", null);
        file.put("added_tokens", List.of());
        file.put("normalizer", null);
        file.put("pre_tokenizer", null);
        file.put("post_processor", null);
        file.put("decoder", Map.of("type", "Fuse"));
        file.put("model", model);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(file);
    }

    @Override
    public Optional<String> settings() {
        return Optional.empty();
    }
}
