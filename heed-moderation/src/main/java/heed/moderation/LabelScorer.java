package heed.moderation;

import heed.model.Model;
import heed.task.Classifier;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How likely a comment has each of a model's labels. The text is scored as it was written and as [Normalizer]
/// makes it plain; a long one in windows that overlap. The highest score counts, and where it comes from is
/// told.
///
/// Safe for any number of threads.
public final class LabelScorer implements Scorer {
    /// Tokens that a window shares with the one before.
    private static final int OVERLAP = 32;

    private static final int LEAST_WINDOW = 8;

    private final Model model;
    private final Classifier classifier;
    private final Map<String, Calibration> calibrations;
    private final Function<List<Encoding>, List<float[]>> logits;
    private final boolean normalizes;
    private final int window;

    /// @param calibrations by label; labels that have none are as the model says
    /// @throws IllegalArgumentException when the model does not classify texts, or has no such label
    public LabelScorer(Model model, Map<String, Calibration> calibrations) {
        this(
                model,
                calibrations,
                new Classifier(model)::logits,
                true,
                model.config().maxTokens());
    }

    private LabelScorer(
            Model model,
            Map<String, Calibration> calibrations,
            Function<List<Encoding>, List<float[]>> logits,
            boolean normalizes,
            int window) {
        this.model = model;
        this.classifier = new Classifier(model);
        this.calibrations = Map.copyOf(calibrations);
        this.logits = logits;
        this.normalizes = normalizes;
        this.window = window;
        calibrations.keySet().forEach(label -> {
            if (!classifier.labels().contains(label)) {
                throw new ModerationException("a calibration for the label '" + label + "', the model has "
                        + String.join(", ", classifier.labels()));
            }
        });
    }

    /// The same whose scores somebody else computes: a server that gathers batches, say.
    ///
    /// @param other as [Classifier#logits]
    public LabelScorer computedBy(Function<List<Encoding>, List<float[]>> other) {
        return new LabelScorer(model, calibrations, other, normalizes, window);
    }

    @Override
    public LabelScorer withoutNormalizer() {
        return new LabelScorer(model, calibrations, logits, false, window);
    }

    @Override
    public LabelScorer calibrated(Map<String, Calibration> others) {
        return new LabelScorer(model, others, logits, normalizes, window);
    }

    /// The same with windows of at most so many tokens: a model that learned from short texts is surest of
    /// such.
    ///
    /// @param tokens with the special ones; 0 for as many as the model takes
    /// @throws ModerationException when it takes fewer, or so few hold nothing
    public LabelScorer withWindow(int tokens) {
        int most = model.config().maxTokens();
        if (tokens != 0 && (tokens < LEAST_WINDOW || tokens > most)) {
            throw new ModerationException(
                    "a window of " + tokens + " tokens: " + model.name() + " takes " + LEAST_WINDOW + " to " + most);
        }
        return new LabelScorer(model, calibrations, logits, normalizes, tokens == 0 ? most : tokens);
    }

    public Model model() {
        return model;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<String> labels() {
        return classifier.labels();
    }

    /// The score of one label.
    ///
    /// @param probability calibrated
    /// @param logit the model's, before calibration
    /// @param normalized whether it was found in the text made plain
    /// @param start where in the original the window begins in which it was found
    /// @param end where that ends, exclusive
    public record Score(double probability, double logit, boolean normalized, int start, int end) {}

    /// A stretch of a text that is scored at once.
    ///
    /// @param plain the text made plain that it is of; null for the one that was written
    /// @param from where it begins in that
    /// @param start where it begins in the original
    private record Window(@Nullable PlainText plain, int from, int start, int end, Encoding encoding) {
        boolean normalized() {
            return plain != null;
        }

        /// Where in the original a token stands.
        PlainText.Span span(int token) {
            int first = from + encoding.starts()[token];
            int last = from + encoding.ends()[token];
            return plain == null ? new PlainText.Span(first, last) : plain.original(first, last);
        }
    }

    /// A comment that was made plain, cut into windows and tokenised: what is left to do is the model's.
    public static final class Prepared {
        private final List<Window> windows;

        private Prepared(List<Window> windows) {
            this.windows = List.copyOf(windows);
        }

        /// Of all windows together: what the comment will cost.
        public int tokens() {
            return windows.stream().mapToInt(window -> window.encoding.length()).sum();
        }
    }

    /// What a label's score comes from.
    ///
    /// @param encoding of the window
    /// @param spans where in the original each of its tokens stands
    record Origin(Encoding encoding, List<PlainText.Span> spans) {}

    /// The window with the highest score of a label.
    ///
    /// @throws ModerationException when the model has no such label
    Origin origin(String text, String label) {
        int index = labels().indexOf(label);
        if (index < 0) {
            throw new ModerationException(
                    "there is no label '" + label + "', the model has " + String.join(", ", labels()));
        }
        List<Window> windows = new ArrayList<>();
        addWindows(windows, text);
        List<float[]> computed =
                logits.apply(windows.stream().map(Window::encoding).toList());
        int best = 0;
        for (int w = 1; w < windows.size(); w++) {
            best = logit(computed.get(w), index) > logit(computed.get(best), index) ? w : best;
        }
        Window window = windows.get(best);
        return new Origin(
                window.encoding,
                IntStream.range(0, window.encoding.length())
                        .mapToObj(window::span)
                        .toList());
    }

    /// The scores of one comment, by label in the model's order.
    ///
    /// @throws IllegalArgumentException when it is empty
    public SequencedMap<String, Score> score(String text) {
        return score(List.of(text)).getFirst();
    }

    @Override
    public List<SequencedMap<String, Score>> score(List<String> texts) {
        List<Prepared> prepared = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            prepared.add(prepare(texts.get(i), texts.size() == 1 ? "the text" : "text " + (i + 1)));
        }
        return scoreAll(prepared);
    }

    /// The first half of [#score(String)], for those who gather comments until they make a batch.
    ///
    /// @throws IllegalArgumentException when the text is empty
    public Prepared prepare(String text) {
        return prepare(text, "the text");
    }

    private Prepared prepare(String text, String name) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " is empty");
        }
        List<Window> windows = new ArrayList<>();
        addWindows(windows, text);
        return new Prepared(windows);
    }

    /// The second half of [#score(List)].
    public List<SequencedMap<String, Score>> scoreAll(List<Prepared> comments) {
        List<float[]> computed = logits.apply(comments.stream()
                .flatMap(comment -> comment.windows.stream())
                .map(Window::encoding)
                .toList());
        List<SequencedMap<String, Score>> scores = new ArrayList<>();
        int next = 0;
        for (Prepared comment : comments) {
            SequencedMap<String, Score> one = new LinkedHashMap<>();
            for (Window window : comment.windows) {
                addScores(one, window, computed.get(next++));
            }
            scores.add(one);
        }
        return scores;
    }

    private void addWindows(List<Window> windows, String text) {
        addWindows(windows, text, null);
        PlainText plain = normalizes ? Normalizer.normalize(text) : null;
        if (plain != null && !plain.text().equals(text) && !plain.text().isBlank()) {
            addWindows(windows, plain.text(), plain);
        }
    }

    /// @param plain where the text comes from; null for the one that was written
    private void addWindows(List<Window> windows, String text, @Nullable PlainText plain) {
        Encoding whole = model.tokenizer().encode(text);
        if (whole.length() <= window) {
            windows.add(window(plain, 0, text.length(), whole));
            return;
        }
        for (int[] part : parts(text, whole)) {
            // tokens at the edges of a window may come out otherwise than in the whole text
            Encoding encoding = model.tokenizer().encode(text.substring(part[0], part[1]));
            windows.add(window(plain, part[0], part[1], encoding.truncated(window)));
        }
    }

    private static Window window(@Nullable PlainText plain, int from, int to, Encoding encoding) {
        PlainText.Span span = plain == null ? new PlainText.Span(from, to) : plain.original(from, to);
        return new Window(plain, from, span.start(), span.end(), encoding);
    }

    /// Where a text is cut so that each part fits.
    private List<int[]> parts(String text, Encoding whole) {
        int[] tokens = IntStream.range(0, whole.length())
                .filter(i -> whole.special()[i] == 0)
                .toArray();
        int room = Math.max(1, window - (whole.length() - tokens.length));
        int overlap = Math.min(OVERLAP, room / 4);
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        while (true) {
            int to = Math.min(tokens.length, from + room);
            int start = from == 0 ? 0 : whole.starts()[tokens[from]];
            int end = to == tokens.length ? text.length() : whole.ends()[tokens[to - 1]];
            parts.add(new int[] {start, Math.max(start, end)});
            if (to == tokens.length) {
                return parts;
            }
            from = to - overlap;
        }
    }

    private void addScores(SequencedMap<String, Score> scores, Window window, float[] logits) {
        for (int c = 0; c < logits.length; c++) {
            String label = labels().get(c);
            double logit = logit(logits, c);
            double probability =
                    calibrations.getOrDefault(label, new Calibration.None()).probability(logit);
            Score score = new Score(probability, logit, window.normalized(), window.start, window.end);
            scores.merge(label, score, (old, one) -> one.probability > old.probability ? one : old);
        }
    }

    /// For labels that exclude each other, by how much one outweighs all others.
    private double logit(float[] logits, int c) {
        if (model.config().multiLabel() || logits.length == 1) {
            return logits[c];
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            most = i == c ? most : Math.max(most, logits[i]);
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += i == c ? 0 : Math.exp(logits[i] - most);
        }
        return logits[c] - most - Math.log(sum);
    }
}
