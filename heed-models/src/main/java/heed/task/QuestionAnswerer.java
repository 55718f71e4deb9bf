package heed.task;

import heed.family.Head;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the answer to a question in a text: the span that a model for extractive question answering holds for
/// the most probable (Devlin et al. 2019, §4.2 and §4.3). Safe for any number of threads.
public final class QuestionAnswerer {
    private final Model model;
    private final Head.SpanClassification head;
    private final AnswerOptions options;

    /// @throws IllegalArgumentException when the model does not answer questions
    public QuestionAnswerer(Model model) {
        this(model, AnswerOptions.defaults());
    }

    /// @throws IllegalArgumentException when the model does not answer questions
    public QuestionAnswerer(Model model, AnswerOptions options) {
        if (!(model.network().head() instanceof Head.SpanClassification spans)) {
            throw new IllegalArgumentException(model.name() + " is a "
                    + model.config().architecture() + ", which finds no answers; a model for question answering does");
        }
        this.model = model;
        this.head = spans;
        this.options = options;
    }

    /// A stretch of the context that may be the answer.
    ///
    /// @param text as the context has it; empty for no answer
    /// @param score the probability that the answer starts here, times that it ends here
    /// @param start where in the context it starts, in UTF-16 units; 0 for no answer
    /// @param end where it ends, exclusive; 0 for no answer
    public record Answer(String text, double score, int start, int end) {
        /// Whether this is the answer that there is none.
        public boolean none() {
            return end == 0;
        }
    }

    /// The best answer.
    ///
    /// @throws IllegalArgumentException when question or context is empty, or the question leaves no room for
    /// the context
    public Answer answer(String question, String context) {
        return answers(question, context, 1).getFirst();
    }

    /// The best answers, best first, no two of the same stretch.
    public List<Answer> answers(String question, String context, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("cannot give the best " + count + " answers, ask for at least 1");
        }
        if (question.isBlank() || context.isBlank()) {
            throw new IllegalArgumentException("the " + (question.isBlank() ? "question" : "context") + " is empty");
        }
        Encoding whole = model.tokenizer().encode(question, context, EncodeOptions.defaults());
        int longest = Math.min(options.maxTokens(), model.config().maxTokens());
        int room = longest
                - (int) IntStream.of(whole.sequences()).filter(s -> s != 1).count();
        int overlap = Math.min(options.overlap(), Math.max(room / 2, 0)); // else small models never get on
        List<Encoding> windows = whole.windows(longest, overlap);
        List<Answer> found = new ArrayList<>();
        double none = 1;
        int window = 0;
        for (TokenBatch batch : TokenBatch.batches(
                windows.stream().map(Encoding::ids).toList(),
                windows.stream().map(Encoding::typeIds).toList())) {
            Tensor logits = model.run(pass ->
                    head.logits(model.network().represent(batch, pass), pass).copy()); // [N, 2]
            for (int b = 0; b < batch.sequences().count(); b++) {
                Spans spans = Spans.of(
                        logits.rows(
                                batch.sequences().start(b), batch.sequences().end(b)),
                        windows.get(window++));
                found.addAll(spans.best(count, options.maxAnswerTokens(), context));
                none = Math.min(none, spans.none());
            }
        }
        if (options.orNone()) {
            found.add(new Answer("", none, 0, 0));
        }
        return distinct(found, count);
    }

    private static List<Answer> distinct(List<Answer> found, int count) {
        List<Answer> best = new ArrayList<>();
        for (Answer answer : found.stream()
                .sorted(Comparator.comparingDouble(Answer::score).reversed())
                .toList()) {
            boolean known =
                    best.stream().anyMatch(other -> other.start() == answer.start() && other.end() == answer.end());
            if (!known && best.size() < count) {
                best.add(answer);
            }
        }
        return List.copyOf(best);
    }
}
