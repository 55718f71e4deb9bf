package heed.text;

import static heed.text.TokenizerJson.byteLevel;
import static heed.text.TokenizerJson.metaspace;
import static heed.text.TokenizerJson.replace;
import static heed.text.TokenizerJson.split;
import static heed.text.TokenizerJson.step;

import heed.subword.BytePairEncoding;
import heed.subword.LearningProgress;
import heed.subword.UnigramModel;
import heed.subword.WordCounts;
import heed.text.TokenizerRecipe.Kind;
import heed.text.TokenizerRecipe.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Learns a tokenizer from texts: [#add] them, then [#learn]. The result depends on the texts and the recipe
/// alone.
///
/// ```java
/// TokenizerTrainer trainer = new TokenizerTrainer(TokenizerRecipe.of(Kind.UNIGRAM, 8000));
/// lines.forEach(trainer::add);
/// trainer.learn(LearningProgress.none()).write(folder);
/// ```
public final class TokenizerTrainer {
    private final TokenizerRecipe recipe;
    private final Words words;
    private final WordCounts counts = new WordCounts();

    public TokenizerTrainer(TokenizerRecipe recipe) {
        this.recipe = recipe;
        this.words = recipe.kind() == Kind.BYTE_BPE ? Words.BYTES : Words.PLAIN;
    }

    /// Counts the words of a text: a line, with its end where a byte-level tokenizer is to know line ends.
    public void add(String text) {
        words.cut(Words.normalized(text, recipe.normalization()), counts::add);
    }

    /// How many different words there are.
    public int words() {
        return counts.size();
    }

    /// @throws TokenizerException when there was no text, or the vocabulary is too small for its characters
    public TrainedTokenizer learn(LearningProgress progress) {
        if (counts.size() == 0) {
            throw new TokenizerException("there is no text to learn a tokenizer from");
        }
        WordCounts covered =
                recipe.coverage() < 1 && recipe.kind() != Kind.BYTE_BPE ? counts.covering(recipe.coverage()) : counts;
        List<String> first = first();
        List<String> alphabet = recipe.kind() == Kind.BYTE_BPE
                ? Words.alphabet().codePoints().mapToObj(Character::toString).toList()
                : covered.characters().stream()
                        .filter(character -> !first.contains(character))
                        .toList();
        if (recipe.vocabulary() < first.size() + alphabet.size()) {
            throw new TokenizerException("a vocabulary of " + recipe.vocabulary() + " is too small: "
                    + recipe.specialTokens().size() + " special tokens, "
                    + (first.size() - recipe.specialTokens().size()) + " bytes and " + alphabet.size()
                    + (recipe.kind() == Kind.BYTE_BPE ? " values of a byte" : " characters") + " need "
                    + (first.size() + alphabet.size()));
        }
        return switch (recipe.kind()) {
            case BYTE_BPE, CHARACTER_BPE -> {
                List<String> begin = new ArrayList<>(first);
                begin.addAll(alphabet);
                yield bytePairs(
                        BytePairEncoding.learn(covered, begin, recipe.vocabulary(), recipe.minFrequency(), progress));
            }
            case UNIGRAM -> unigram(first, UnigramModel.learn(covered, recipe.vocabulary() - first.size(), progress));
        };
    }

    /// Special tokens, and those for bytes.
    private List<String> first() {
        List<String> first = new ArrayList<>(recipe.specialTokens());
        if (recipe.byteFallback() && recipe.kind() != Kind.BYTE_BPE) {
            for (int b = 0; b < 256; b++) {
                first.add(String.format(Locale.ROOT, "<0x%02X>", b));
            }
        }
        return first;
    }

    private TrainedTokenizer bytePairs(BytePairEncoding.Learned learned) {
        ObjectNode model = step("BPE");
        if (recipe.kind() == Kind.CHARACTER_BPE && recipe.specialTokens().contains(TokenizerRecipe.UNKNOWN)) {
            model.put("unk_token", TokenizerRecipe.UNKNOWN);
        }
        model.put("fuse_unk", true).put("byte_fallback", fallsBack());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < learned.tokens().size(); id++) {
            vocabulary.put(learned.tokens().get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        learned.merges().forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
        return trained(model, learned.tokens().size());
    }

    private TrainedTokenizer unigram(List<String> first, List<UnigramModel.Piece> pieces) {
        ObjectNode model = step("Unigram");
        int unknown = recipe.specialTokens().indexOf(TokenizerRecipe.UNKNOWN);
        if (unknown >= 0) {
            model.put("unk_id", unknown);
        }
        ArrayNode vocabulary = model.putArray("vocab");
        double least = pieces.getLast().score();
        for (String token : first) {
            boolean special = recipe.specialTokens().contains(token);
            vocabulary.addArray().add(token).add(special ? 0.0 : least - 10); // "<0x41>" in a text is no byte
        }
        pieces.forEach(piece -> vocabulary.addArray().add(piece.text()).add(piece.score()));
        return trained(model.put("byte_fallback", fallsBack()), first.size() + pieces.size());
    }

    private boolean fallsBack() {
        return recipe.byteFallback() && recipe.kind() != Kind.BYTE_BPE;
    }

    private TrainedTokenizer trained(ObjectNode model, int size) {
        TokenizerJson json = new TokenizerJson().normalizer(normalizers()).model(model);
        if (recipe.kind() == Kind.BYTE_BPE) {
            json.preTokenizer(List.of(split(Words.PATTERN), byteLevel(false, true, false)))
                    .decoder(List.of(byteLevel(false, true, false)));
        } else {
            json.preTokenizer(List.of(metaspace("always", true)))
                    .decoder(
                            fallsBack()
                                    ? List.of(step("ByteFallback"), metaspace("always", true))
                                    : List.of(metaspace("always", true)));
        }
        List<String> special = recipe.specialTokens();
        for (int id = 0; id < special.size(); id++) {
            json.added(id, special.get(id), true);
        }
        if (!recipe.frame().isEmpty()) {
            ToIntFunction<String> id = special::indexOf;
            json.frame(recipe.frame(), pair(recipe.frame()), id);
        }
        return new TrainedTokenizer(json.text(), settings(special), size);
    }

    /// The frame around each of two texts, the second as type 1.
    private static List<String> pair(List<String> frame) {
        List<String> pair = new ArrayList<>(frame);
        pair.add("|");
        frame.forEach(token -> pair.add(token.equals("A") ? "B" : token));
        return pair;
    }

    private List<ObjectNode> normalizers() {
        List<ObjectNode> steps = new ArrayList<>();
        if (recipe.normalization() != Normalization.NONE) {
            steps.add(step(recipe.normalization().name()));
        }
        if (recipe.kind() != Kind.BYTE_BPE) {
            steps.add(replace("Regex", "\\s+", " "));
            steps.add(step("Strip").put("strip_left", true).put("strip_right", true));
        }
        return steps;
    }

    /// `tokenizer_config.json`: which special token plays which part, by its usual spelling.
    private static String settings(List<String> special) {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("tokenizer_class", "PreTrainedTokenizerFast").put("clean_up_tokenization_spaces", false);
        for (SpecialToken part : SpecialToken.values()) {
            List<String> spellings = switch (part) {
                case BEGINNING -> List.of("<s>", "<|endoftext|>");
                case END -> List.of("</s>", "<|endoftext|>");
                case PADDING, UNKNOWN, CLASSIFICATION, SEPARATOR, MASK -> part.customary();
            };
            special.stream()
                    .filter(spellings::contains)
                    .findFirst()
                    .ifPresent(token -> settings.put(part.key(), token));
        }
        return settings.toPrettyString();
    }
}
