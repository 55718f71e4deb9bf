package heed.score;

import heed.family.CausalNetwork;
import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.pass.Pass;
import heed.tensor.Targets;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import heed.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How surprised a language model is by a text: `e` to the mean of minus the log-probability of each token,
/// given those before it.
///
/// A text longer than the context is read in windows, each `stride` tokens further than the one before. In a
/// window only tokens that no earlier one has scored are scored, so every token counts once, and after the
/// first window with at least `context - stride` tokens before it. A smaller stride costs more and gives a
/// lower, truer number. The very first token has nothing before it: it is not scored, unless a beginning token
/// goes before it.
public final class Perplexity {
    /// Rows of scores that are computed at once: a row is as wide as the vocabulary.
    private static final int ROWS = 64;

    /// The usual context of models without a table of positions: those take any length, slowly.
    private static final int LONGEST = 2048;

    private final Model model;
    private final CausalNetwork network;
    private final Head.LanguageModel head;
    private final int context;
    private final int stride;

    /// @param tokens that were scored
    /// @param words of the text, between white space
    /// @param bytes of the text in UTF-8
    /// @param negativeLogLikelihood in nats, of all scored tokens
    public record Result(long tokens, long words, long bytes, double negativeLogLikelihood) {
        /// Per token, which depends on the tokenizer.
        public double perToken() {
            return Math.exp(negativeLogLikelihood / tokens);
        }

        /// Per word: models of different tokenizers can be compared.
        public double perWord() {
            return Math.exp(negativeLogLikelihood / words);
        }

        /// Per byte.
        public double perByte() {
            return Math.exp(negativeLogLikelihood / bytes);
        }

        /// How many bits a byte of the text costs.
        public double bitsPerByte() {
            return negativeLogLikelihood / bytes / Math.log(2);
        }

        public Result plus(Result other) {
            return new Result(
                    tokens + other.tokens,
                    words + other.words,
                    bytes + other.bytes,
                    negativeLogLikelihood + other.negativeLogLikelihood);
        }
    }

    /// @param context tokens of a window; 0 for as many as the model takes
    /// @param stride from one window to the next; 0 for half a window
    /// @throws ScoreException when the model predicts no next tokens, or the sizes do not fit
    public Perplexity(Model model, int context, int stride) {
        if (!(model.network() instanceof CausalNetwork decoder)
                || !(decoder.head() instanceof Head.LanguageModel languageModel)) {
            throw new ScoreException(model.name() + " is a " + model.config().architecture()
                    + ", perplexity needs a model that predicts the next token from those before it");
        }
        int most = model.config().maxTokens();
        int window = context == 0 ? Math.min(most, LONGEST) : context;
        int step = stride == 0 ? Math.max(1, window / 2) : stride;
        if (window < 2 || window > most) {
            throw new ScoreException("a context of 2 to " + most + " tokens fits " + model.name() + ", got " + window);
        }
        if (step < 1 || step >= window) {
            throw new ScoreException(
                    "a stride of 1 to " + (window - 1) + " fits a context of " + window + ", got " + step);
        }
        this.model = model;
        this.network = decoder;
        this.head = languageModel;
        this.context = window;
        this.stride = step;
    }

    public int context() {
        return context;
    }

    public int stride() {
        return stride;
    }

    /// @param beginning whether the model's beginning token goes first where the tokenizer does not put it
    /// there, so that the first token is scored too
    /// @throws ScoreException when there are fewer than two tokens, the model has no beginning token, or a
    /// probability is no number
    public Result of(String text, boolean beginning) {
        int[] ids = ids(text, beginning);
        if (ids.length < 2) {
            throw new ScoreException("the text has " + ids.length + " tokens, at least 2 are needed: one to begin with"
                    + " and one to predict");
        }
        double sum = 0;
        int scored = 1; // tokens from the start that are done with
        for (int from = 0; scored < ids.length; from += stride) {
            int to = Math.min(ids.length, from + context);
            sum += surprise(ids, from, to, scored);
            scored = to;
        }
        if (!Double.isFinite(sum)) {
            throw new ScoreException("the log-likelihood is " + -sum + ": the model's weights cannot be right");
        }
        return new Result(ids.length - 1, NGrams.words(text).size(), text.getBytes(StandardCharsets.UTF_8).length, sum);
    }

    private int[] ids(String text, boolean beginning) {
        Tokenizer tokenizer = model.tokenizer();
        Encoding encoding = tokenizer.encode(text, EncodeOptions.defaults());
        if (!beginning || (encoding.length() > 0 && encoding.special()[0] == 1)) {
            return encoding.ids();
        }
        int first = tokenizer
                .bosId()
                .orElseThrow(() -> new ScoreException(
                        "the tokenizer of " + model.name() + " names no beginning token (bos_token) to put first"));
        int[] ids = new int[encoding.length() + 1];
        ids[0] = first;
        System.arraycopy(encoding.ids(), 0, ids, 1, encoding.length());
        return ids;
    }

    /// Minus the log-likelihood of the tokens `scored` to `to`, of what lies between `from` and each of them.
    private double surprise(int[] ids, int from, int to, int scored) {
        int[] window = new int[to - 1 - from]; // the last token is predicted, and predicts nothing
        System.arraycopy(ids, from, window, 0, window.length);
        return model.run(pass -> {
            Tensor hidden = network.encode(TokenBatch.of(window), pass);
            double sum = 0;
            for (int token = scored; token < to; token += ROWS) {
                int last = Math.min(to, token + ROWS);
                sum += surprise(hidden.rows(token - 1 - from, last - 1 - from), ids, token, pass);
            }
            return sum;
        });
    }

    private double surprise(Tensor hidden, int[] ids, int token, Pass pass) {
        int[] next = Arrays.copyOfRange(ids, token, token + hidden.size(0));
        Tensor sum = pass.compute().keepOnly(() -> {
            Tensor logits = head.logits(hidden, pass); // [N, V]
            return pass.compute().crossEntropy(logits, Targets.of(next).dividedBy(1));
        });
        return sum.at(0);
    }
}
