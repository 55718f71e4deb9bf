package heed.lens.roles;

import heed.family.Head;
import heed.lens.roles.LinkedSentence.Link;
import heed.model.Model;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// "Mark told Sam that he was leaving": who leaves? The sentence does not say, so what a model makes of it is a
/// distribution, over a set of sentences in which every two names stand in both orders.
///
/// @param byVerb what the pronoun looks at, the mean over sentences and all heads
/// @param ofHead the same of one head
/// @param written how probable the model finds each of the two names in the place of the pronoun, by verb, as
/// shares of the two: the first name's; empty for a model that predicts no masked words
public record Antecedents(Map<String, Looks> byVerb, Looks ofHead, Map<String, Double> written) {
    private static final List<String> NAMES = List.of("Mark", "Sam", "John", "Peter", "David", "Tom");
    private static final List<String> VERBS = List.of("told", "warned", "promised", "reminded", "assured");

    /// Shares of the attention of a pronoun.
    ///
    /// @param first on the name that speaks
    /// @param second on the name that listens
    /// @param itself on the pronoun
    /// @param others on other words
    /// @param special on special tokens
    public record Looks(double first, double second, double itself, double others, double special) {
        static Looks none() {
            return new Looks(0, 0, 0, 0, 0);
        }

        Looks plus(Looks other, double factor) {
            return new Looks(
                    first + factor * other.first,
                    second + factor * other.second,
                    itself + factor * other.itself,
                    others + factor * other.others,
                    special + factor * other.special);
        }
    }

    private static final int FIRST = 0;
    private static final int SECOND = 2;
    private static final int PRONOUN = 4;

    /// @param layer of the head that is looked at by itself
    /// @param head of that layer
    public static Antecedents of(Model model, int layer, int head) {
        Map<String, Looks> byVerb = new LinkedHashMap<>();
        Map<String, Double> written = new LinkedHashMap<>();
        Looks[] single = {Looks.none()};
        for (String verb : VERBS) {
            List<TokenizedSentence> sentences = WeightsOfSentences.tokenized(model, sentences(verb));
            if (sentences.isEmpty()) {
                throw new IllegalArgumentException("sentences such as \"Mark told Sam that he was leaving .\" are too"
                        + " long for " + model.name());
            }
            Looks[] all = {Looks.none()};
            int heads = model.config().heads();
            double one = 1.0 / sentences.size();
            WeightsOfSentences.read(
                    model,
                    sentences,
                    (_, sentence, at, weights) -> {
                        for (int h = 0; h < heads; h++) {
                            Looks looks = looks(sentence, weights, h);
                            all[0] = all[0].plus(
                                    looks, one / heads / model.config().layers());
                            if (at == layer && h == head) {
                                single[0] = single[0].plus(looks, one / VERBS.size());
                            }
                        }
                    },
                    _ -> {});
            byVerb.put(verb, all[0]);
            if (model.network().head() instanceof Head.MaskedLanguageModel masked
                    && model.tokenizer().maskId().isPresent()) {
                written.put(verb, written(model, masked, verb));
            }
        }
        return new Antecedents(byVerb, single[0], written);
    }

    private static List<LinkedSentence> sentences(String verb) {
        List<LinkedSentence> sentences = new ArrayList<>();
        for (String first : NAMES) {
            for (String second : NAMES) {
                if (!first.equals(second)) {
                    sentences.add(LinkedSentence.of(
                            List.of(first, verb, second, "that", "he", "was", "leaving", "."),
                            List.of(new Link(Role.PRONOUN, PRONOUN, List.of(FIRST, SECOND)))));
                }
            }
        }
        return sentences;
    }

    private static Looks looks(TokenizedSentence sentence, float[] weights, int head) {
        int n = sentence.tokens();
        double[] row = sentence.wordRow(weights, head * n * n, PRONOUN);
        double words = 0;
        for (double weight : row) {
            words += weight;
        }
        double others = words - row[FIRST] - row[SECOND] - row[PRONOUN];
        return new Looks(row[FIRST], row[SECOND], row[PRONOUN], others, Math.max(0, 1 - words));
    }

    /// The first name's part of the probability that the two have together, with the pronoun masked; the mean
    /// over pairs of names that are one token each.
    private static double written(Model model, Head.MaskedLanguageModel head, String verb) {
        double sum = 0;
        int count = 0;
        String mask = model.tokenizer().maskToken().orElseThrow();
        for (String first : NAMES) {
            for (String second : NAMES) {
                OptionalInt firstId = id(model, first);
                OptionalInt secondId = id(model, second);
                if (!first.equals(second) && firstId.isPresent() && secondId.isPresent()) {
                    Encoding encoding =
                            model.encode(first + " " + verb + " " + second + " that " + mask + " was leaving .", null);
                    int place = place(encoding, model.tokenizer().maskId().orElseThrow());
                    double log = model.run(pass -> {
                        Tensor hidden = model.network().encode(Model.batchOf(encoding), pass);
                        Tensor logits = head.logits(pass.compute().gather(hidden, new int[] {place}), pass);
                        return (double) logits.at(0, firstId.getAsInt()) - logits.at(0, secondId.getAsInt());
                    });
                    sum += 1 / (1 + Math.exp(-log));
                    count++;
                }
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private static OptionalInt id(Model model, String name) {
        int[] ids = model.tokenizer()
                .encode(name, EncodeOptions.defaults().withoutSpecialTokens())
                .ids();
        return ids.length == 1 ? OptionalInt.of(ids[0]) : OptionalInt.empty();
    }

    private static int place(Encoding encoding, int id) {
        for (int t = 0; t < encoding.length(); t++) {
            if (encoding.ids()[t] == id) {
                return t;
            }
        }
        throw new IllegalStateException("the mask is gone");
    }
}
