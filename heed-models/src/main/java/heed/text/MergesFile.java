package heed.text;

import static heed.text.TokenizerJson.byteLevel;
import static heed.text.TokenizerJson.split;
import static heed.text.TokenizerJson.step;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Byte-level BPE in two files, `vocab.json` and `merges.txt`, as GPT-2 came, or out of a GGUF file: the
/// `tokenizer.json` that Hugging Face converts it to.
final class MergesFile {
    /// How a text is cut before pairs are merged.
    enum Cut {
        GPT_2,
        LLAMA_3,
        QWEN_2,
        SMOL_LM
    }

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private MergesFile() {}

    /// The text of the `tokenizer.json` that is equal to the two files with these settings.
    static String toJson(Path vocabulary, Path merges, TokenizerSettings settings, String family) {
        Map<String, Integer> ids = settings.vocabulary(vocabulary);
        List<String> lines = TokenizerSettings.text(merges)
                .lines()
                .filter(line -> !line.startsWith("#version") && !line.isBlank())
                .toList();
        boolean prefixSpace = settings.flag("add_prefix_space").orElse(false);
        TokenizerJson json = switch (family) {
            case "GPT2" -> json(ids, lines, Cut.GPT_2, false, prefixSpace);
            case "Roberta", "Bart", "Longformer", "LED" -> roberta(ids, lines, prefixSpace, settings);
            case "Qwen2" -> json(ids, lines, Cut.QWEN_2, false, prefixSpace);
            default ->
                throw new TokenizerException(vocabulary + " belongs to a " + family
                        + "Tokenizer, which needs a tokenizer.json; from vocab.json and merges.txt the"
                        + " tokenizers of GPT2, Roberta, Bart and Qwen2 can be read");
        };
        if (family.equals("GPT2") && settings.flag("add_bos_token").orElse(false)) {
            String beginning = settings.name(SpecialToken.BEGINNING, "<|endoftext|>");
            json.frame(List.of(beginning, "A"), List.of(beginning, "A", "|", beginning, "B"), name -> id(ids, name));
        }
        for (SpecialToken part : SpecialToken.values()) {
            Optional<String> name = settings.specialToken(part).flatMap(TokenizerSettings::content);
            name.filter(ids::containsKey).ifPresent(token -> json.added(id(ids, token), token, true));
        }
        settings.addTokens(json);
        return json.text();
    }

    private static TokenizerJson roberta(
            Map<String, Integer> ids, List<String> merges, boolean prefixSpace, TokenizerSettings settings) {
        TokenizerJson json = json(ids, merges, Cut.GPT_2, false, prefixSpace);
        String opening = settings.name(SpecialToken.CLASSIFICATION, "<s>");
        String separator = settings.name(SpecialToken.SEPARATOR, "</s>");
        ObjectNode frame = step("RobertaProcessing");
        frame.putArray("sep").add(separator).add(id(ids, separator));
        frame.putArray("cls").add(opening).add(id(ids, opening));
        json.postProcessor(frame.put("trim_offsets", true).put("add_prefix_space", prefixSpace));
        for (String name : List.of("<s>", "<pad>", "</s>", "<unk>")) {
            if (ids.containsKey(name)) {
                json.added(id(ids, name), name, true);
            }
        }
        String mask = settings.name(SpecialToken.MASK, "<mask>");
        if (ids.containsKey(mask)) {
            ObjectNode token = step("").put("content", mask).put("lstrip", true).put("special", true);
            json.added(id(ids, mask), token);
        }
        return json;
    }

    static int id(Map<String, Integer> ids, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new TokenizerException("the vocabulary lacks the token " + token + ", which texts are framed with");
        }
        return id;
    }

    /// @param wholeWords whether a word that is in the vocabulary is taken before any merge is looked at
    static TokenizerJson json(
            Map<String, Integer> ids, List<String> merges, Cut cut, boolean wholeWords, boolean prefixSpace) {
        ObjectNode bpe =
                step("BPE").put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", wholeWords);
        ObjectNode vocab = bpe.putObject("vocab");
        ids.forEach(vocab::put);
        ArrayNode list = bpe.putArray("merges");
        merges.forEach(list::add);
        var json = new TokenizerJson();
        if (cut == Cut.QWEN_2) {
            json.normalizer(List.of(step("NFC")));
        }
        return json.preTokenizer(preTokenizer(cut, prefixSpace))
                .decoder(List.of(byteLevel(prefixSpace, false, true)))
                .postProcessor(byteLevel(prefixSpace, false, true))
                .model(bpe);
    }

    private static List<ObjectNode> preTokenizer(Cut cut, boolean prefixSpace) {
        return switch (cut) {
            case GPT_2 -> List.of(byteLevel(prefixSpace, true, true));
            case LLAMA_3 ->
                List.of(
                        split(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + REST),
                        byteLevel(prefixSpace, true, false));
            case QWEN_2 ->
                List.of(
                        split(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + REST),
                        byteLevel(prefixSpace, false, false));
            case SMOL_LM -> List.of(step("Digits").put("individual_digits", true), byteLevel(prefixSpace, true, true));
        };
    }
}
