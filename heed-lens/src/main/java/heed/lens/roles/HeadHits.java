package heed.lens.roles;

import heed.model.Model;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// How often each head did what a role asks for, sentence by sentence.
final class HeadHits {
    private static final double BROAD = 0.9;

    private final int layers;
    private final int heads;
    private final Map<Role, OfRole> roles = new EnumMap<>(Role.class);

    /// @param hits `[heads of all layers][sentences]`
    /// @param asked by sentence, how often the role could show
    @SuppressWarnings("ArrayRecordComponent") // grows here
    record OfRole(int[][] hits, int[] asked) {
        /// The share of the times that a head did it, over sentences of one half.
        double rate(int head, int half) {
            return rate(hits[head], asked, half);
        }

        static double rate(int[] hits, int[] asked, int half) {
            long good = 0;
            long all = 0;
            for (int s = half; s < asked.length; s += 2) {
                good += hits[s];
                all += asked[s];
            }
            return all == 0 ? Double.NaN : (double) good / all;
        }

        /// The head that does it most often in one half.
        int best(int half) {
            int best = 0;
            for (int head = 1; head < hits.length; head++) {
                best = rate(head, half) > rate(best, half) ? head : best;
            }
            return best;
        }
    }

    private HeadHits(int layers, int heads, int sentences) {
        this.layers = layers;
        this.heads = heads;
        for (Role role : Role.values()) {
            roles.put(role, new OfRole(new int[layers * heads][sentences], new int[sentences]));
        }
    }

    static HeadHits of(Model model, List<TokenizedSentence> sentences, Consumer<String> progress) {
        HeadHits hits = asked(model, sentences);
        int[] told = {0};
        WeightsOfSentences.read(model, sentences, hits::read, done -> {
            if (done == sentences.size() || done * 10L / sentences.size() > told[0]) {
                told[0] = (int) (done * 10L / sentences.size());
                progress.accept(model.name() + ": " + done + " of " + sentences.size() + " sentences");
            }
        });
        return hits;
    }

    /// Counts that [#counts] gave before.
    static HeadHits of(Model model, List<TokenizedSentence> sentences, double[] counts) {
        HeadHits hits = asked(model, sentences);
        int at = 0;
        for (Role role : Role.values()) {
            for (int[] ofHead : hits.of(role).hits) {
                for (int s = 0; s < ofHead.length; s++) {
                    ofHead[s] = (int) counts[at++];
                }
            }
        }
        return hits;
    }

    private static HeadHits asked(Model model, List<TokenizedSentence> sentences) {
        HeadHits hits = new HeadHits(model.config().layers(), model.config().heads(), sentences.size());
        for (int s = 0; s < sentences.size(); s++) {
            hits.ask(s, sentences.get(s));
        }
        return hits;
    }

    /// All counts: of each role, of each head, sentence by sentence.
    double[] counts() {
        return Arrays.stream(Role.values())
                .flatMap(role -> Arrays.stream(of(role).hits))
                .flatMapToInt(Arrays::stream)
                .asDoubleStream()
                .toArray();
    }

    OfRole of(Role role) {
        OfRole found = roles.get(role);
        if (found == null) {
            throw new IllegalStateException("nothing was counted of " + role);
        }
        return found;
    }

    int layers() {
        return layers;
    }

    int heads() {
        return heads;
    }

    private void ask(int number, TokenizedSentence sentence) {
        int words =
                (int) Arrays.stream(sentence.wordOf()).filter(word -> word >= 0).count();
        for (Role role : Role.values()) {
            of(role).asked[number] = role.links()
                    ? (int) sentence.sentence().links().stream()
                            .filter(link -> link.role() == role)
                            .count()
                    : words;
        }
    }

    private void read(int number, TokenizedSentence sentence, int layer, float[] weights) {
        int n = sentence.tokens();
        for (int h = 0; h < heads; h++) {
            int offset = h * n * n;
            int head = layer * heads + h;
            for (int i = 0; i < n; i++) {
                if (sentence.wordOf()[i] >= 0) {
                    readToken(number, sentence, head, weights, offset, i);
                }
            }
            for (LinkedSentence.Link link : sentence.sentence().links()) {
                double[] row = sentence.wordRow(weights, offset, link.from());
                row[link.from()] = -1; // a word is not linked to itself
                of(link.role()).hits[head][number] += link.to().contains(greatest(row)) ? 1 : 0;
            }
        }
    }

    private void readToken(int number, TokenizedSentence sentence, int head, float[] weights, int offset, int token) {
        int n = sentence.tokens();
        int greatest = 0;
        double special = 0;
        double entropy = 0;
        for (int j = 0; j < n; j++) {
            float weight = weights[offset + token * n + j];
            greatest = weight > weights[offset + token * n + greatest] ? j : greatest;
            special += sentence.wordOf()[j] < 0 ? weight : 0;
            entropy -= weight > 0 ? weight * Math.log(weight) : 0;
        }
        count(Role.PREVIOUS, greatest == token - 1, head, number);
        count(Role.NEXT, greatest == token + 1, head, number);
        count(Role.ITSELF, greatest == token, head, number);
        count(Role.SPECIAL, special > 0.5, head, number);
        count(Role.BROAD, entropy >= BROAD * Math.log(n), head, number);
    }

    private void count(Role role, boolean hit, int head, int number) {
        of(role).hits[head][number] += hit ? 1 : 0;
    }

    private static int greatest(double[] row) {
        int greatest = 0;
        for (int w = 1; w < row.length; w++) {
            greatest = row[w] > row[greatest] ? w : greatest;
        }
        return greatest;
    }
}
