package heed.generation;

import heed.kernel.WorkerPool;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs the searches of several prompts in one batch: each step feeds one token to every sequence that still
/// goes on. Searches know nothing of each other, so a prompt's result does not depend on the prompts beside it,
/// and a sequence that ends leaves the batch at once.
///
/// @param decoding with nothing left unsaid that matters: after [Decoding#over]
/// @param maxLengths for each prompt the most tokens that it may come to have, itself included
/// @param criteria what ends a sequence besides end tokens and length
/// @param listener hears of tokens as they are chosen
/// @param cancellation ends generation early
/// @param workers look at the scores of different searches side by side
public record Generator(
        Decoding decoding,
        int[] maxLengths,
        List<StoppingCriterion> criteria,
        TokenListener listener,
        Cancellation cancellation,
        WorkerPool workers) {

    /// A search and the row of the batch that its first row is.
    private record Placed(Search search, int firstRow) {}

    /// @param prompts what [Steps#begin] reads, in the same order
    /// @return for each prompt its continuations, best first; samples in their order
    /// @throws IllegalArgumentException when the model computes no numbers, or rules leave no token to choose
    public List<List<Hypothesis>> run(List<Prefix> prompts, Steps steps) {
        Supplier<@Nullable Finish> interruption = interruption();
        List<List<Search>> byPrompt = searches(prompts);
        List<Placed> live = new ArrayList<>();
        for (int p = 0; p < byPrompt.size(); p++) {
            for (Search search : byPrompt.get(p)) {
                live.add(new Placed(search, p));
            }
        }
        Tensor logits = steps.begin(); // [prompts, V]
        while (true) {
            advance(live, logits);
            live = live.stream().filter(one -> one.search.tokens().length > 0).toList();
            Finish interrupted = interruption.get();
            if (interrupted != null) {
                live.forEach(one -> one.search.stop(interrupted));
                break;
            }
            if (live.isEmpty()) {
                break;
            }
            int[] tokens = live.stream()
                    .flatMapToInt(one -> IntStream.of(one.search.tokens()))
                    .toArray();
            logits = steps.step(parents(live), tokens); // [rows, V]
            live = placed(live);
        }
        return byPrompt.stream()
                .map(searches -> searches.stream()
                        .flatMap(search -> search.results().stream())
                        .toList())
                .toList();
    }

    private List<List<Search>> searches(List<Prefix> prompts) {
        List<List<Search>> searches = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            Prefix prompt = prompts.get(p);
            Plan plan = Plan.of(decoding, prompt.length(), maxLengths[p], criteria);
            int first = p * decoding.sequences();
            searches.add(
                    switch (decoding.strategy()) {
                        case Strategy.Beams beams ->
                            List.of(new BeamSearch(plan, beams, prompt, decoding.sequences(), first, listener));
                        case Strategy.Greedy _, Strategy.Sampling _ ->
                            IntStream.range(0, decoding.sequences())
                                    .<Search>mapToObj(i -> new OneSequence(plan, prompt, first + i, i, listener))
                                    .toList();
                    });
        }
        return searches;
    }

    private void advance(List<Placed> live, Tensor logits) {
        workers.run(live.size(), i -> live.get(i).search.look(logits, live.get(i).firstRow));
        live.forEach(one -> one.search.advance()); // in order: a listener knows of one thread
    }

    private static int[] parents(List<Placed> live) {
        return live.stream()
                .flatMapToInt(one -> IntStream.of(one.search.parents()).map(row -> one.firstRow + row))
                .toArray();
    }

    /// The same searches where their rows are after a step.
    private static List<Placed> placed(List<Placed> live) {
        List<Placed> placed = new ArrayList<>();
        int row = 0;
        for (Placed one : live) {
            placed.add(new Placed(one.search, row));
            row += one.search.tokens().length;
        }
        return placed;
    }

    /// Whether somebody or the clock wants an end, asked after every step.
    private Supplier<@Nullable Finish> interruption() {
        long start = System.nanoTime();
        long limit = decoding.deadline() == null ? Long.MAX_VALUE : nanos(decoding.deadline());
        return () -> {
            if (cancellation.cancelled() || Thread.currentThread().isInterrupted()) {
                return Finish.CANCELLED;
            }
            return System.nanoTime() - start >= limit ? Finish.DEADLINE : null;
        };
    }

    private static long nanos(java.time.Duration limit) {
        return limit.compareTo(java.time.Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : limit.toNanos();
    }
}
