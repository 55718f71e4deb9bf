package heed.lens.roles;

import heed.model.Model;
import heed.model.Models;
import heed.score.Bootstrap;
import heed.score.Measure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which heads of a model have which roles. Heads, offsets and heads of networks with random weights are chosen
/// on every second sentence and scored on the others, so that nothing is scored by what it was chosen for.
///
/// @param model its name
/// @param corpus where the sentences are from
/// @param sentences how many
/// @param roles one line for each role that could show
/// @param heads every head with every role that it has; roles that are told and not tested come last
/// @param falseShare the share of heads and roles that networks with random weights come out to have; NaN
/// without any
public record RoleReport(
        String model,
        String corpus,
        int sentences,
        int layers,
        int headsOfLayer,
        List<OfRole> roles,
        List<HeadRole> heads,
        double falseShare) {
    /// The rate of false discoveries that is put up with.
    public static final double FALSE_DISCOVERIES = 0.05;

    private static final int CHOOSE = 0;
    private static final int SCORE = 1;
    private static final Bootstrap DRAWS = new Bootstrap(Bootstrap.USUAL_SAMPLES, 1);

    public RoleReport {
        roles = List.copyOf(roles);
        heads = List.copyOf(heads);
    }

    /// A head with a role.
    ///
    /// @param rate how often it does it, in the half that scores
    /// @param q the least rate of false discoveries at which it has the role; NaN for a role that is not tested
    public record HeadRole(Role role, int layer, int head, double rate, double q) {}

    /// The best head of a role.
    ///
    /// @param asked how often the role could show in the half that scores
    /// @param best the head that was best in the other half
    /// @param interval of its rate, 95 %, over sentences
    /// @param offset the fixed offset that was best in the other half; null for roles that are no links
    /// @param offsetRate how often it is right; NaN as above
    /// @param aboveOffset the 95 % interval of the difference of the two; null as above
    /// @param randomRate how often the best head of a network with random weights does it, the mean over
    /// networks; NaN without any
    /// @param greatestRandomRate of these networks the one that does it most often
    /// @param found how many heads have the role
    public record OfRole(
            Role role,
            int asked,
            HeadRole best,
            Bootstrap.Interval interval,
            @Nullable Integer offset,
            double offsetRate,
            Bootstrap.@Nullable Interval aboveOffset,
            double randomRate,
            double greatestRandomRate,
            int found) {}

    /// @param seeds of networks with random weights
    /// @param progress is told what is being done
    /// @throws IllegalArgumentException when the model has no heads, or the corpus fewer than four sentences
    /// that fit
    public static RoleReport of(Model model, Corpus corpus, long[] seeds, Consumer<String> progress) {
        return of(model, corpus, seeds, progress, (_, counting) -> counting.get());
    }

    /// As [#of(Model, Corpus, long[], Consumer)], keeping what was counted of a network for whoever is
    /// interrupted.
    ///
    /// @param kept gives the counts of a network by its name, those that were kept or else what is counted now
    public static RoleReport of(
            Model model,
            Corpus corpus,
            long[] seeds,
            Consumer<String> progress,
            BiFunction<String, Supplier<double[]>, double[]> kept) {
        if (model.config().heads() == 0) {
            throw new IllegalArgumentException(
                    model.name() + " is a " + model.config().architecture() + ", which has no heads");
        }
        List<TokenizedSentence> sentences = WeightsOfSentences.tokenized(model, corpus.sentences());
        if (sentences.size() < 4) {
            throw new IllegalArgumentException("of " + corpus.name() + " " + sentences.size() + " sentences fit "
                    + model.name() + ", at least 4 are needed");
        }
        String name = corpus.name() + ", " + sentences.size() + " sentences, " + model.name();
        double[] counts =
                kept.apply(name, () -> HeadHits.of(model, sentences, progress).counts());
        Judged judged = Judged.of(HeadHits.of(model, sentences, counts), sentences);
        List<Judged> random = new ArrayList<>();
        for (long seed : seeds) {
            double[] counted = kept.apply(name + ", random weights, seed " + seed, () -> {
                try (Model untrained = Models.untrained(model, seed)) {
                    return HeadHits.of(untrained, sentences, progress).counts();
                }
            });
            random.add(Judged.of(HeadHits.of(model, sentences, counted), sentences));
        }
        List<OfRole> roles = judged.roles.stream()
                .map(role -> judged.ofRole(role, sentences, random))
                .toList();
        return new RoleReport(
                model.name(),
                corpus.name(),
                sentences.size(),
                judged.hits.layers(),
                judged.hits.heads(),
                roles,
                Stream.concat(judged.found.stream(), judged.told.stream()).toList(),
                random.stream().mapToDouble(Judged::share).average().orElse(Double.NaN));
    }

    /// A head and a role, and how likely chance makes it look so.
    private record Candidate(Role role, int layer, int head, double rate, double p) {}

    /// All heads of one network, judged.
    ///
    /// @param roles those that could show in both halves
    /// @param tested every head with every role that is tested
    /// @param found those that have it
    /// @param told heads that show a role that is not tested more often than not
    private record Judged(
            HeadHits hits, List<Role> roles, List<HeadRole> tested, List<HeadRole> found, List<HeadRole> told) {
        static Judged of(HeadHits hits, List<TokenizedSentence> sentences) {
            List<Role> roles = new ArrayList<>();
            List<Candidate> tested = new ArrayList<>();
            List<HeadRole> told = new ArrayList<>();
            for (Role role : Role.values()) {
                HeadHits.OfRole counted = hits.of(role);
                if (Double.isNaN(counted.rate(0, CHOOSE)) || Double.isNaN(counted.rate(0, SCORE))) {
                    continue;
                }
                roles.add(role);
                FixedOffset offset = role.links() ? FixedOffset.best(role, sentences, counted.asked(), CHOOSE) : null;
                for (int head = 0; head < counted.hits().length; head++) {
                    int layer = head / hits.heads();
                    int number = head % hits.heads();
                    double rate = counted.rate(head, SCORE);
                    if (role.tested()) {
                        double p = Significance.signTest(better(counted, head, offset), SCORE);
                        tested.add(new Candidate(role, layer, number, rate, p));
                    } else if (rate > 0.5) {
                        told.add(new HeadRole(role, layer, number, rate, Double.NaN));
                    }
                }
            }
            List<HeadRole> all = judged(tested);
            return new Judged(hits, roles, all, found(all), told);
        }

        /// By sentence, by how much a head does a role more often than the offset, or than every other time.
        private static double[] better(HeadHits.OfRole counted, int head, @Nullable FixedOffset offset) {
            return IntStream.range(0, counted.asked().length)
                    .mapToDouble(s ->
                            counted.hits()[head][s] - (offset == null ? counted.asked()[s] / 2.0 : offset.hits()[s]))
                    .toArray();
        }

        /// Every head with every role, with the rate of false discoveries that all of them together allow.
        private static List<HeadRole> judged(List<Candidate> tested) {
            double[] q = Significance.qValues(
                    tested.stream().mapToDouble(Candidate::p).toArray());
            return IntStream.range(0, q.length)
                    .mapToObj(i -> new HeadRole(
                            tested.get(i).role, tested.get(i).layer, tested.get(i).head, tested.get(i).rate, q[i]))
                    .toList();
        }

        private static List<HeadRole> found(List<HeadRole> tested) {
            return tested.stream()
                    .filter(one -> one.q <= FALSE_DISCOVERIES)
                    .sorted(Comparator.comparing(HeadRole::role)
                            .thenComparing(
                                    Comparator.comparingDouble(HeadRole::rate).reversed()))
                    .toList();
        }

        double share() {
            return (double) found.size() / tested.size();
        }

        OfRole ofRole(Role role, List<TokenizedSentence> sentences, List<Judged> random) {
            HeadHits.OfRole counted = hits.of(role);
            int head = counted.best(CHOOSE);
            int[] scored = IntStream.range(0, counted.asked().length)
                    .filter(s -> s % 2 == SCORE && counted.asked()[s] > 0)
                    .toArray();
            Measure own = rate(counted.hits()[head], counted.asked(), scored);
            FixedOffset offset = role.links() ? FixedOffset.best(role, sentences, counted.asked(), CHOOSE) : null;
            int asked = IntStream.of(scored).map(s -> counted.asked()[s]).sum();
            return new OfRole(
                    role,
                    asked,
                    best(role, head, counted.rate(head, SCORE)),
                    DRAWS.interval(own),
                    offset == null ? null : offset.offset(),
                    offset == null ? Double.NaN : HeadHits.OfRole.rate(offset.hits(), counted.asked(), SCORE),
                    offset == null
                            ? null
                            : DRAWS.compare(own, rate(offset.hits(), counted.asked(), scored))
                                    .difference(),
                    random.stream()
                            .mapToDouble(other -> other.bestRate(role))
                            .average()
                            .orElse(Double.NaN),
                    random.stream()
                            .mapToDouble(other -> other.bestRate(role))
                            .max()
                            .orElse(Double.NaN),
                    (int) Stream.concat(found.stream(), told.stream())
                            .filter(one -> one.role == role)
                            .count());
        }

        private HeadRole best(Role role, int head, double rate) {
            int layer = head / hits.heads();
            int number = head % hits.heads();
            return tested.stream()
                    .filter(one -> one.role == role && one.layer == layer && one.head == number)
                    .findFirst()
                    .orElse(new HeadRole(role, layer, number, rate, Double.NaN));
        }

        private double bestRate(Role role) {
            HeadHits.OfRole counted = hits.of(role);
            return counted.rate(counted.best(CHOOSE), SCORE);
        }

        private static Measure rate(int[] hits, int[] asked, int[] scored) {
            return Measure.of(scored.length, drawn -> {
                long good = 0;
                long all = 0;
                for (int d : drawn) {
                    good += hits[scored[d]];
                    all += asked[scored[d]];
                }
                return (double) good / all;
            });
        }
    }

    /// The line of a role; null when it could not show.
    public @Nullable OfRole of(Role role) {
        return roles.stream().filter(one -> one.role == role).findFirst().orElse(null);
    }
}
