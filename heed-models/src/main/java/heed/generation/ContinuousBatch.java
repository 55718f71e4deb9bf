package heed.generation;

import heed.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Continuations of prompts that come at any time: each step feeds one token to every sequence that goes on,
/// and the whole prompt of every one that joins. Nobody waits for a batch to end, and who is done leaves at
/// once (scheduling by iteration; Yu et al. 2022, "Orca", section 3.1).
///
/// Searches know nothing of each other, so a result does not depend on who else is there. For one thread.
public final class ContinuousBatch {
    private final Steps steps;
    private final ArrayDeque<Job> joining = new ArrayDeque<>();
    private List<Placed> live = new ArrayList<>();
    private int cautious;

    /// What a batch needs of a model.
    public interface Steps {
        /// Lets rows go on: new row `i` continues present row `parents[i]`.
        void keep(int[] parents);

        /// Feeds one token to each row, and the first tokens of rows that join behind them. When this fails the
        /// rows are as before.
        ///
        /// @return the scores of the next token of each row, `[tokens.length + joining.size(), V]`, valid until
        /// the next call
        Tensor feed(int[] tokens, List<int[]> joining);
    }

    /// What is wanted.
    ///
    /// @param decoding with nothing left unsaid that matters: after [Decoding#over]
    /// @param maxLength the most tokens that it may come to have, the prompt included
    /// @param criteria what ends a sequence besides end tokens and length
    public record Request(
            Prefix prompt,
            Decoding decoding,
            int maxLength,
            List<StoppingCriterion> criteria,
            TokenListener listener,
            Cancellation cancellation) {}

    /// One request and its searches: several where several samples are wanted.
    private record Job(Request request, List<Search> searches, CompletableFuture<List<Hypothesis>> result) {
        /// Tells the result once every search is over.
        void end() {
            if (searches.stream().allMatch(search -> search.tokens().length == 0)) {
                result.complete(searches.stream()
                        .flatMap(search -> search.results().stream())
                        .toList());
            }
        }

        void stop() {
            searches.forEach(search -> search.stop(Finish.CANCELLED));
            result.complete(searches.stream()
                    .flatMap(search -> search.results().stream())
                    .toList());
        }
    }

    /// A search and the row of the batch that its first row is.
    private record Placed(Job job, Search search, int firstRow) {}

    public ContinuousBatch(Steps steps) {
        this.steps = steps;
    }

    /// Wants the continuations of one more prompt, from the next step on.
    ///
    /// @return the continuations, best first; samples in their order. It fails when the model computes no
    /// numbers for it, or rules leave no token to choose
    public CompletableFuture<List<Hypothesis>> add(Request request) {
        Decoding decoding = request.decoding();
        Plan plan = Plan.of(decoding, request.prompt().length(), request.maxLength(), request.criteria());
        List<Search> searches = switch (decoding.strategy()) {
            case Strategy.Beams beams ->
                List.of(new BeamSearch(plan, beams, request.prompt(), decoding.sequences(), 0, request.listener()));
            case Strategy.Greedy _, Strategy.Sampling _ ->
                IntStream.range(0, decoding.sequences())
                        .<Search>mapToObj(i -> new OneSequence(plan, request.prompt(), i, i, request.listener()))
                        .toList();
        };
        Job job = new Job(request, searches, new CompletableFuture<>());
        joining.add(job);
        return job.result;
    }

    /// Whether nothing is under way.
    public boolean idle() {
        return live.isEmpty() && joining.isEmpty();
    }

    /// The sequences under way, with one for each prompt that joins.
    public int rows() {
        return live.stream().mapToInt(one -> one.search.tokens().length).sum() + joining.size();
    }

    /// One more token for everybody. A pass that fails fails the one who joined with it; without any,
    /// everybody.
    public void step() {
        joining.removeIf(ContinuousBatch::cancelled);
        live.stream().map(Placed::job).distinct().forEach(ContinuousBatch::cancelled);
        letGo(one -> IntStream.range(0, one.search.tokens().length));
        List<Job> guests = guests();
        if (live.isEmpty() && guests.isEmpty()) {
            return;
        }
        try {
            int[] tokens = live.stream()
                    .flatMapToInt(one -> IntStream.of(one.search.tokens()))
                    .toArray();
            Tensor logits = steps.feed(
                    tokens,
                    guests.stream().map(job -> job.request.prompt().ids()).toList());
            join(guests);
            live.forEach(one -> advance(one, logits));
            live.stream().map(Placed::job).distinct().forEach(Job::end);
            letGo(one -> IntStream.of(one.search.parents()));
        } catch (Throwable e) { // an error too: whoever waits must hear of it
            failed(guests, e);
        }
    }

    private static boolean cancelled(Job job) {
        if (job.request.cancellation().cancelled()) {
            job.stop();
        }
        return job.result.isDone();
    }

    /// Lets those who are done go, and makes the rows of the batch those that go on.
    ///
    /// @param rows of a search, from its first on, that its next rows continue
    private void letGo(Function<Placed, IntStream> rows) {
        live.removeIf(one -> one.job.result.isDone() || one.search.tokens().length == 0);
        steps.keep(live.stream()
                .flatMapToInt(one -> rows.apply(one).map(row -> one.firstRow + row))
                .toArray());
        List<Placed> placed = new ArrayList<>();
        int row = 0;
        for (Placed one : live) {
            placed.add(new Placed(one.job, one.search, row));
            row += one.search.tokens().length;
        }
        live = placed;
    }

    /// Who joins now: everybody, but one at a time after a failure, so that it strikes the one who causes it.
    private List<Job> guests() {
        List<Job> guests = new ArrayList<>();
        int most = cautious > 0 ? 1 : joining.size();
        cautious = Math.max(0, cautious - 1);
        while (guests.size() < most && !joining.isEmpty()) {
            guests.add(joining.removeFirst());
        }
        return guests;
    }

    private void failed(List<Job> guests, Throwable reason) {
        boolean joined = live.stream().map(Placed::job).anyMatch(guests::contains);
        if (guests.size() > 1 && !joined) {
            guests.reversed().forEach(joining::addFirst);
            cautious = guests.size();
            return;
        }
        List<Job> struck = guests.isEmpty() || joined
                ? live.stream().map(Placed::job).distinct().toList()
                : guests;
        struck.forEach(job -> job.result.completeExceptionally(reason));
        live.removeIf(one -> one.job.result.isDone());
        if (live.isEmpty()) {
            steps.keep(new int[0]);
        }
    }

    private void join(List<Job> guests) {
        int row = live.stream().mapToInt(one -> one.search.tokens().length).sum();
        for (Job job : guests) {
            for (Search search : job.searches) {
                live.add(new Placed(job, search, row));
            }
            row++;
        }
    }

    private static void advance(Placed one, Tensor logits) {
        if (one.job.result.isDone()) {
            return;
        }
        try {
            one.search.look(logits, one.firstRow);
            one.search.advance();
        } catch (RuntimeException e) {
            one.job.result.completeExceptionally(e);
        }
    }
}
