package heed.text;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// The older layout of BERT checkpoints: a `vocab.txt` of one token a line, numbered from 0, and the rest
/// in `tokenizer_config.json`. Rewritten here as the `tokenizer.json` that Hugging Face would convert it
/// to.
final class VocabularyFile {
    /// The tokenizer classes that mean BERT's WordPiece; others share the file's name and not its meaning.
    private static final Set<String> WORD_PIECE = Set.of(
            "Bert",
            "ConvBert",
            "DistilBert",
            "DPRContextEncoder",
            "DPRQuestionEncoder",
            "DPRReader",
            "Electra",
            "LayoutLM",
            "Lxmert",
            "MobileBert",
            "RetriBert",
            "SqueezeBert");

    private final Path file;
    private final TokenizerSettings settings;
    private final Map<String, Integer> ids;

    private VocabularyFile(Path file, TokenizerSettings settings, Map<String, Integer> ids) {
        this.file = file;
        this.settings = settings;
        this.ids = ids;
    }

    /// The text of the `tokenizer.json` that is equal to a `vocab.txt` with these settings.
    ///
    /// @throws TokenizerException if the vocabulary has blank lines, doubles or no `[UNK]`, `[CLS]` or
    ///     `[SEP]`, or is not BERT's
    static String toJson(Path file, TokenizerSettings settings) {
        settings.string("tokenizer_class").ifPresent(name -> {
            String family = name.replaceFirst("Tokenizer(Fast)?$", "");
            if (!WORD_PIECE.contains(family)) {
                throw new TokenizerException(file + " belongs to a " + name
                        + ", which needs a tokenizer.json; only BERT's WordPiece can be read from a vocab.txt");
            }
        });
        return new VocabularyFile(file, settings, number(file)).toJson();
    }

    private static Map<String, Integer> number(Path file) {
        String text = TokenizerSettings.text(file);
        // A byte order mark that an editor left is not part of the first token.
        List<String> lines = new ArrayList<>(
                (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList());
        while (!lines.isEmpty() && blank(lines.getLast())) {
            lines.removeLast();
        }
        if (lines.isEmpty()) {
            throw new TokenizerException(file + " is empty");
        }
        Map<String, Integer> ids = HashMap.newHashMap(lines.size());
        for (int id = 0; id < lines.size(); id++) {
            String token = lines.get(id);
            if (blank(token)) {
                throw new TokenizerException(file + " has a blank line " + (id + 1) + " instead of a token");
            }
            Integer earlier = ids.putIfAbsent(token, id);
            if (earlier != null) {
                throw new TokenizerException(
                        file + " has the token " + token + " twice, in lines " + (earlier + 1) + " and " + (id + 1));
            }
        }
        return ids;
    }

    private static boolean blank(String line) { // other white space than this may be a token
        return line.chars().allMatch(c -> c == ' ' || c == '\t');
    }

    private String toJson() {
        String unknown = required(SpecialToken.UNKNOWN);
        String opening = required(SpecialToken.CLASSIFICATION);
        String separator = required(SpecialToken.SEPARATOR);
        StringWriter json = new StringWriter(ids.size() * 24);
        try (JsonGenerator to = new JsonFactory().createGenerator(ObjectWriteContext.empty(), json)) {
            to.writeStartObject();
            to.writeStringProperty("version", "1.0");
            writeAddedTokens(to);
            writeNormalizer(to);
            to.writeObjectPropertyStart("pre_tokenizer");
            to.writeStringProperty("type", "BertPreTokenizer");
            to.writeEndObject();
            writeFrame(to, opening, separator);
            to.writeObjectPropertyStart("decoder");
            to.writeStringProperty("type", "WordPiece");
            to.writeStringProperty("prefix", "##");
            to.writeBooleanProperty("cleanup", true);
            to.writeEndObject();
            to.writeObjectPropertyStart("model");
            to.writeStringProperty("type", "WordPiece");
            to.writeStringProperty("unk_token", unknown);
            to.writeStringProperty("continuing_subword_prefix", "##");
            to.writeNumberProperty("max_input_chars_per_word", 100);
            to.writeObjectPropertyStart("vocab");
            ids.forEach(to::writeNumberProperty);
            to.writeEndObject();
            to.writeEndObject();
            to.writeEndObject();
        }
        return json.toString();
    }

    private String name(SpecialToken part) {
        return settings.specialToken(part)
                .flatMap(TokenizerSettings::content)
                .orElse(part.customary().getFirst());
    }

    private String required(SpecialToken part) {
        String name = name(part);
        if (!ids.containsKey(name)) {
            throw new TokenizerException(file + " lacks the token " + name + ", which a BERT tokenizer needs as its "
                    + part.key() + "; tokenizer_config.json can name another");
        }
        return name;
    }

    /// The tokens that are found in a text before it is normalised and cut into words.
    private void writeAddedTokens(JsonGenerator to) {
        Map<Integer, SpecialToken> parts = new TreeMap<>();
        for (SpecialToken part : List.of(
                SpecialToken.PADDING,
                SpecialToken.UNKNOWN,
                SpecialToken.CLASSIFICATION,
                SpecialToken.SEPARATOR,
                SpecialToken.MASK)) {
            Integer id = ids.get(name(part));
            if (id != null) {
                parts.putIfAbsent(id, part);
            }
        }
        to.writeArrayPropertyStart("added_tokens");
        parts.forEach((id, part) -> {
            to.writeStartObject();
            to.writeNumberProperty("id", id);
            to.writeStringProperty("content", name(part));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                to.writeBooleanProperty(flag, flag(part, flag));
            }
            to.writeBooleanProperty("special", true);
            to.writeEndObject();
        });
        to.writeEndArray();
    }

    private boolean flag(SpecialToken part, String name) {
        return settings.specialToken(part)
                .map((JsonNode token) -> token.path(name).booleanValue(false))
                .orElse(false);
    }

    private void writeNormalizer(JsonGenerator to) {
        to.writeObjectPropertyStart("normalizer");
        to.writeStringProperty("type", "BertNormalizer");
        to.writeBooleanProperty("clean_text", true);
        to.writeBooleanProperty(
                "handle_chinese_chars", settings.flag("tokenize_chinese_chars").orElse(true));
        settings.flag("strip_accents")
                .ifPresentOrElse(
                        strip -> to.writeBooleanProperty("strip_accents", strip),
                        () -> to.writeNullProperty("strip_accents")); // as lower-casing does
        to.writeBooleanProperty("lowercase", settings.flag("do_lower_case").orElseGet(() -> !hasUpperCase()));
        to.writeEndObject();
    }

    /// Whether the vocabulary tells upper case from lower: a word of it, names in brackets aside, has a
    /// capital.
    private boolean hasUpperCase() {
        return ids.keySet().stream()
                .filter(token -> !(token.startsWith("[") && token.endsWith("]")))
                .anyMatch(token -> !token.equals(token.toLowerCase(Locale.ROOT)));
    }

    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, the latter with type 1 from B on.
    private void writeFrame(JsonGenerator to, String opening, String separator) {
        to.writeObjectPropertyStart("post_processor");
        to.writeStringProperty("type", "TemplateProcessing");
        to.writeArrayPropertyStart("single");
        writePiece(to, "SpecialToken", opening, 0);
        writePiece(to, "Sequence", "A", 0);
        writePiece(to, "SpecialToken", separator, 0);
        to.writeEndArray();
        to.writeArrayPropertyStart("pair");
        writePiece(to, "SpecialToken", opening, 0);
        writePiece(to, "Sequence", "A", 0);
        writePiece(to, "SpecialToken", separator, 0);
        writePiece(to, "Sequence", "B", 1);
        writePiece(to, "SpecialToken", separator, 1);
        to.writeEndArray();
        to.writeObjectPropertyStart("special_tokens");
        for (String token : opening.equals(separator) ? List.of(opening) : List.of(opening, separator)) {
            to.writeObjectPropertyStart(token);
            to.writeStringProperty("id", token);
            to.writeArrayPropertyStart("ids");
            to.writeNumber(ids.getOrDefault(token, 0));
            to.writeEndArray();
            to.writeArrayPropertyStart("tokens");
            to.writeString(token);
            to.writeEndArray();
            to.writeEndObject();
        }
        to.writeEndObject();
        to.writeEndObject();
    }

    private static void writePiece(JsonGenerator to, String kind, String id, int type) {
        to.writeStartObject();
        to.writeObjectPropertyStart(kind);
        to.writeStringProperty("id", id);
        to.writeNumberProperty("type_id", type);
        to.writeEndObject();
        to.writeEndObject();
    }
}
