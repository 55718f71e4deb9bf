package heed.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Beam search: follows the best sequences at once, keeps the best complete ones, and stops when nothing better
/// is likely. The steps are those of Hugging Face: more candidates than beams, so that enough go on when some
/// end; a candidate that ends counts only when it is among the best `count`; complete sequences are compared by
/// `log-probability / length^penalty`, where the length is that of what was generated.
final class BeamSearch implements Search {
    private final Plan plan;
    private final Strategy.Beams beams;
    private final int wanted;
    private final int number;
    private final TokenListener listener;
    private final int promptLength;
    private final int candidates;
    private List<Beam> open;
    private List<Beam> continued = List.of();
    private List<Ended> ended = new ArrayList<>();
    private boolean improvable = true;
    private boolean over;

    /// A sequence that goes on.
    ///
    /// @param row of the batch of this search that it continues
    /// @param score the sum of its log-probabilities
    private record Beam(
            Prefix prefix, int row, float score, @Nullable Chain logProbabilities) {}

    /// Log-probabilities from the last token to the first; beams share their beginnings.
    private record Chain(float logProbability, @Nullable Chain before) {}

    private record Ended(Beam beam, float score, Finish finish) {}

    /// @param wanted how many of the best are returned
    BeamSearch(Plan plan, Strategy.Beams beams, Prefix prompt, int wanted, int number, TokenListener listener) {
        this.plan = plan;
        this.beams = beams;
        this.wanted = wanted;
        this.number = number;
        this.listener = listener;
        promptLength = prompt.length();
        candidates = Math.max(2, 1 + plan.endTokens().length) * beams.count();
        open = List.of(new Beam(prompt, 0, 0, null));
    }

    @Override
    public int rows() {
        return open.size();
    }

    @Override
    public void look(float[][] logits) {
        continued = continuations(logits);
    }

    @Override
    public void advance() {
        int length = open.getFirst().prefix.newTokens() + 1;
        List<Beam> going = new ArrayList<>();
        List<Ended> ending = new ArrayList<>();
        for (int rank = 0; rank < continued.size(); rank++) {
            Beam beam = continued.get(rank);
            Finish finish = plan.finish(beam.prefix);
            if (finish == null) {
                going.add(beam);
            } else if (rank < beams.count()) {
                ending.add(new Ended(beam, beam.score / penaltyOf(length), finish));
            }
        }
        keepBest(ending);
        open = List.copyOf(going.subList(0, Math.min(beams.count(), going.size())));
        improvable = improvable && improvementPossible(length);
        over = open.isEmpty() || !improvable || (full() && beams.stopping() == EarlyStopping.WHEN_FULL);
        if (over) {
            tell();
        }
    }

    /// The best candidates of all beams, best first.
    private List<Beam> continuations(float[][] logits) {
        Best best = new Best(candidates);
        int vocabulary = logits[0].length;
        for (int row = 0; row < open.size(); row++) {
            float[] scores = logits[row];
            Softmax.toLogProbabilities(scores);
            plan.process(open.get(row).prefix, scores);
            float before = open.get(row).score;
            for (int id = 0; id < vocabulary; id++) {
                if (scores[id] > Float.NEGATIVE_INFINITY) {
                    best.offer(scores[id] + before, row * vocabulary + id);
                }
            }
        }
        Require.that(best.size() > 0, "no token is left to choose: every one of " + vocabulary + " is ruled out");
        List<Beam> all = new ArrayList<>();
        for (int rank = 0; rank < best.size(); rank++) {
            int row = best.index(rank) / vocabulary;
            int id = best.index(rank) % vocabulary;
            Beam parent = open.get(row);
            Chain chain = new Chain(logits[row][id], parent.logProbabilities);
            all.add(new Beam(parent.prefix.with(id), row, best.score(rank), chain));
        }
        return all;
    }

    private float penaltyOf(int length) {
        return (float) Math.pow(length, beams.penalty());
    }

    private boolean full() {
        return ended.size() == beams.count();
    }

    /// The earlier of two equals stays.
    private void keepBest(List<Ended> ending) {
        List<Ended> all = new ArrayList<>(ended);
        all.addAll(ending);
        all.sort(Comparator.comparingDouble(Ended::score).reversed()); // stable
        ended = new ArrayList<>(all.subList(0, Math.min(beams.count(), all.size())));
    }

    private boolean improvementPossible(int length) {
        if (open.isEmpty() || !full()) {
            return true;
        }
        boolean longest = beams.stopping() == EarlyStopping.NEVER && beams.penalty() > 0;
        float best = open.getFirst().score / penaltyOf(longest ? plan.maxLength() - promptLength : length);
        return best > ended.getLast().score;
    }

    private void tell() {
        List<Hypothesis> results = results();
        for (int i = 0; i < results.size(); i++) {
            for (int id : results.get(i).ids()) {
                listener.token(number + i, id);
            }
        }
    }

    @Override
    public int[] parents() {
        return over ? new int[0] : open.stream().mapToInt(Beam::row).toArray();
    }

    @Override
    public int[] tokens() {
        return over
                ? new int[0]
                : open.stream().mapToInt(beam -> beam.prefix.last()).toArray();
    }

    /// Open beams count as they stand.
    @Override
    public void stop(Finish reason) {
        if (over) {
            return;
        }
        keepBest(open.stream()
                .filter(beam -> beam.prefix.newTokens() > 0)
                .map(beam -> new Ended(beam, beam.score / penaltyOf(beam.prefix.newTokens()), reason))
                .toList());
        if (ended.isEmpty()) {
            ended.add(new Ended(open.getFirst(), 0, reason));
        }
        over = true;
        tell();
    }

    @Override
    public List<Hypothesis> results() {
        return ended.stream().limit(wanted).map(BeamSearch::hypothesis).toList();
    }

    private static Hypothesis hypothesis(Ended ended) {
        float[] logProbabilities = new float[ended.beam.prefix.newTokens()];
        int at = logProbabilities.length;
        for (Chain chain = ended.beam.logProbabilities; chain != null; chain = chain.before) {
            logProbabilities[--at] = chain.logProbability;
        }
        return new Hypothesis(ended.beam.prefix.continuation(), logProbabilities, ended.score, ended.finish);
    }
}
