package heed.task;

import heed.task.QuestionAnswerer.Answer;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Where in one window an answer may start and end. Only tokens of the context and the first token, which
/// stands for no answer, have a share in the probability.
///
/// @param starts `[T]`, the probability of each token to be the first of the answer
/// @param ends `[T]`, to be the last
record Spans(float[] starts, float[] ends, Encoding window) {
    /// @param logits `[T, 2]`
    static Spans of(Tensor logits, Encoding window) {
        Tensor masked = Tensor.zeros(2, window.length());
        for (int i = 0; i < window.length(); i++) {
            boolean allowed = i == 0 || window.sequences()[i] == 1;
            masked.set(allowed ? logits.at(i, 0) : Float.NEGATIVE_INFINITY, 0, i);
            masked.set(allowed ? logits.at(i, 1) : Float.NEGATIVE_INFINITY, 1, i);
        }
        Tensor probabilities = masked.softmax();
        return new Spans(probabilities.part(0).toArray(), probabilities.part(1).toArray(), window);
    }

    /// The probability that the window has no answer.
    double none() {
        return (double) starts[0] * ends[0];
    }

    /// The best spans of the context.
    ///
    /// @param maxTokens the longest span
    List<Answer> best(int count, int maxTokens, String context) {
        record Span(int first, int last, double score) {}
        PriorityQueue<Span> best = new PriorityQueue<>(Comparator.comparingDouble(Span::score));
        for (int first = 0; first < starts.length; first++) {
            for (int last = first; last < Math.min(starts.length, first + maxTokens); last++) {
                if (window.sequences()[first] == 1 && window.sequences()[last] == 1) {
                    best.add(new Span(first, last, (double) starts[first] * ends[last]));
                    if (best.size() > count) {
                        best.remove();
                    }
                }
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (Span span : best) {
            answers.add(answer(span.first, span.last, span.score, context));
        }
        return answers;
    }

    /// The stretch of whole words that the tokens are part of.
    private Answer answer(int first, int last, double score, String context) {
        int from = first;
        while (from > 0 && sameWord(from - 1, first)) {
            from--;
        }
        int to = last;
        while (to + 1 < window.length() && sameWord(to + 1, last)) {
            to++;
        }
        int start = window.starts()[from];
        int end = window.ends()[to];
        while (start < end && Character.isWhitespace(context.charAt(start))) {
            start++; // byte-level tokens may begin with the space before the word
        }
        return new Answer(context.substring(start, end), score, start, end);
    }

    private boolean sameWord(int i, int j) {
        return window.sequences()[i] == 1 && window.words()[i] >= 0 && window.words()[i] == window.words()[j];
    }
}
