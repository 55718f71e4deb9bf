package heed.task;

import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.pass.Pass;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.List;

/// Gives every token of a text a class: names and places, parts of speech, or whether the token is the original
/// one (Clark et al. 2020). Safe for any number of threads.
public final class TokenClassifier {
    private final Model model;
    private final Head head;
    private final List<String> labels;

    /// @throws IllegalArgumentException when the model does not classify tokens
    public TokenClassifier(Model model) {
        this.model = model;
        this.head = model.network().head();
        this.labels = switch (head) {
            case Head.TokenClassification _ -> model.config().labels();
            case Head.ReplacedTokenDetection _ -> List.of("original", "replaced");
            default ->
                throw new IllegalArgumentException(model.name() + " is a "
                        + model.config().architecture()
                        + ", which does not classify tokens; a model for token classification does");
        };
    }

    /// Whether a model classifies tokens.
    public static boolean fits(Model model) {
        return switch (model.network().head()) {
            case Head.TokenClassification _, Head.ReplacedTokenDetection _ -> true;
            default -> false;
        };
    }

    public List<String> labels() {
        return labels;
    }

    /// The class of one token.
    ///
    /// @param start where in the text the token starts, in UTF-16 units
    /// @param end where it ends, exclusive
    public record LabelledToken(String token, String label, double probability, int start, int end) {}

    /// Neighbouring tokens of one class, such as a name.
    ///
    /// @param label without the `B-` or `I-` in front
    /// @param probability the mean over its tokens
    public record Entity(String text, String label, double probability, int start, int end) {}

    /// A text, token by token, those of the frame left out.
    public record Labelled(String text, List<LabelledToken> tokens) {
        public Labelled {
            tokens = List.copyOf(tokens);
        }

        /// Neighbours that share a class, joined: a token whose label begins with `B-`, or has another class
        /// than the one before, begins a new entity. Tokens of class `O` belong to none.
        public List<Entity> entities() {
            List<Entity> entities = new ArrayList<>();
            int from = 0;
            while (from < tokens.size()) {
                String kind = kind(tokens.get(from));
                int to = from + 1;
                while (to < tokens.size()
                        && kind(tokens.get(to)).equals(kind)
                        && !tokens.get(to).label().startsWith("B-")) {
                    to++;
                }
                if (!kind.equals("O")) {
                    entities.add(entity(kind, tokens.subList(from, to)));
                }
                from = to;
            }
            return entities;
        }

        private Entity entity(String kind, List<LabelledToken> members) {
            int end = members.getLast().end();
            int start = members.getFirst().start();
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++; // byte-level tokens may begin with the space before the word
            }
            double mean = members.stream()
                    .mapToDouble(LabelledToken::probability)
                    .average()
                    .orElse(0);
            return new Entity(text.substring(start, end), kind, mean, start, end);
        }

        private static String kind(LabelledToken token) {
            String label = token.label();
            return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
        }
    }

    /// @throws IllegalArgumentException when the text is empty or too long
    public Labelled classify(String text) {
        return classify(List.of(text)).getFirst();
    }

    /// Many texts; the same as one by one, only faster.
    ///
    /// @throws IllegalArgumentException when a text is empty or too long, with its number
    public List<Labelled> classify(List<String> texts) {
        List<Encoding> encodings = model.encode(texts, EncodeOptions.defaults());
        List<Labelled> labelled = new ArrayList<>();
        for (TokenBatch batch : TokenBatch.batches(
                encodings.stream().map(Encoding::ids).toList(),
                encodings.stream().map(Encoding::typeIds).toList())) {
            Tensor probabilities =
                    model.run(pass -> probabilities(model.network().represent(batch, pass), pass)); // [N, C]
            for (int b = 0; b < batch.sequences().count(); b++) {
                int text = labelled.size();
                Tensor own = probabilities.rows(
                        batch.sequences().start(b), batch.sequences().end(b));
                labelled.add(new Labelled(texts.get(text), tokens(encodings.get(text), own)));
            }
        }
        return labelled;
    }

    private Tensor probabilities(Tensor hidden, Pass pass) {
        return switch (head) {
            case Head.TokenClassification tokens -> tokens.logits(hidden, pass).softmax();
            case Head.ReplacedTokenDetection detection -> {
                Tensor logits = detection.logits(hidden, pass); // [N, 1]
                Tensor both = Tensor.zeros(logits.size(0), 2);
                for (int n = 0; n < logits.size(0); n++) {
                    float replaced = (float) (1 / (1 + Math.exp(-logits.at(n, 0))));
                    both.set(1 - replaced, n, 0);
                    both.set(replaced, n, 1);
                }
                yield both;
            }
            default -> throw new IllegalStateException("refused when the classifier was made");
        };
    }

    private List<LabelledToken> tokens(Encoding encoding, Tensor probabilities) {
        List<LabelledToken> tokens = new ArrayList<>();
        for (int i = 0; i < encoding.length(); i++) {
            if (encoding.special()[i] == 1) {
                continue;
            }
            int best = 0;
            for (int c = 1; c < labels.size(); c++) {
                best = probabilities.at(i, c) > probabilities.at(i, best) ? c : best;
            }
            tokens.add(new LabelledToken(
                    encoding.tokens().get(i),
                    labels.get(best),
                    probabilities.at(i, best),
                    encoding.starts()[i],
                    encoding.ends()[i]));
        }
        return tokens;
    }
}
