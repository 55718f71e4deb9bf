package heed.claims;

import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import heed.corpus.WordForms;
import heed.hub.Progress;
import heed.lens.senses.ContextVectors;
import heed.lens.senses.Rule;
import heed.lens.senses.SenseData;
import heed.lens.senses.SenseReport;
import heed.lens.senses.Tally;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import heed.task.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// A word has another vector in another context, and the vector tells its sense.
///
/// @param quick the model of quick runs
/// @param full the model of full runs
/// @param wordNet words with their senses; fetched when the experiment runs
record Senses(String quick, String full, Supplier<SenseData> wordNet) implements Claim {
    private static final int QUICK_WORDS = 60;
    private static final double RIGHT = 0.9;
    private static final double MOVED = 0.9;
    private static final double CHANGED_SIDES = 0.75;

    /// Sentences that become others when one word is exchanged; `%s` is "river" or "savings".
    private static final List<String> SWAPPED = List.of(
            "We met at the %s bank.",
            "She walked along the street to the %s bank.",
            "The old %s bank was damaged by the storm.",
            "There is a %s bank near the village.",
            "They built a house beside the %s bank.",
            "He has known this %s bank for many years.",
            "Nobody was seen at the %s bank that morning.",
            "The %s bank is higher than it used to be.",
            "A photograph of the %s bank hung on the wall.",
            "Visitors come to the %s bank every summer.",
            "The map shows where the %s bank is.",
            "The town owes much to its %s bank.");

    /// With BERT-base on WordNet's examples, quickly with MiniLM.
    Senses() {
        this("minilm", "bert-base-uncased", () -> SenseData.wordNet(Progress.none()));
    }

    @Override
    public String name() {
        return "senses";
    }

    @Override
    public String statement() {
        return "Context separates one \"bank\" from the other: the vector that a word has in its sentence tells its"
                + " sense.";
    }

    @Override
    public String rule() {
        return "Each example is held out in turn and gets the sense of the nearest others. On WordNet's examples, with"
                + " layer and rule chosen on the other half of the words, more are right than with the most frequent"
                + " sense, bags of words, static vectors and networks with random weights, each at its best, and the"
                + " 95 % intervals of all four differences lie above 0. Of Heed's own sentences with twelve homographs"
                + " at least 90 % are right by the nearest mean, and more than by each of the four. In twelve sentences"
                + " \"savings\" in the place of \"river\" moves the vector of \"bank\" towards its vectors in sentences"
                + " about money in at least 90 %, and to their side in at least 75 %, while its embedding stays the"
                + " same.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Does the model know that a river bank is no bank for money?",
                "In the table of embeddings there is one row for \"bank\". From layer to layer attention adds to it what"
                        + " stands around it, so that after some layers sentences about rivers and about money lie in"
                        + " different places. A count of the words around a word tells senses too, but less often,"
                        + " because it takes no two different words as alike.");
    }

    @Override
    public Finding measure(Trial trial) {
        String reference = trial.effort() == Effort.QUICK ? quick : full;
        SenseData all = wordNet.get();
        SenseData some = trial.effort() == Effort.QUICK ? all.thinned(QUICK_WORDS) : all;
        long[] seeds = trial.effort() == Effort.QUICK ? new long[] {1} : trial.seeds();
        ModelOptions options =
                ModelOptions.defaults().withKernels(trial.kernels()).withWorkers(trial.workers());
        try (Model model = Models.open(reference, options)) {
            SenseReport examples = SenseReport.of(model, some, seeds, trial::say, trial.notebook()::cell);
            SenseReport homographs =
                    SenseReport.of(model, SenseData.homographs(), seeds, trial::say, trial.notebook()::cell);
            Tally centroid = homographs.best(Rule.CENTROID);
            Swap swap = Swap.of(model, centroid.layer());
            boolean beatsAll = examples.comparisons().stream().allMatch(SenseReport.Compared::beaten);
            boolean beatsAllAgain = homographs.comparisons().stream()
                    .allMatch(compared ->
                            centroid.accuracy() > compared.baseline().accuracy());
            return new Finding(
                    beatsAll && beatsAllAgain && centroid.accuracy() >= RIGHT && swap.holds(),
                    summary(examples, centroid, swap),
                    List.of(
                            table("wordnet", examples),
                            table("homographs", homographs),
                            comparisons(examples, homographs),
                            swap.table()),
                    List.of(examples.chart(), homographs.chart()));
        }
    }

    private static String summary(SenseReport examples, Tally centroid, Swap swap) {
        StringBuilder text = new StringBuilder(
                examples.model() + " tells " + percent(examples.chosen().accuracy()) + " of WordNet's examples right");
        for (SenseReport.Compared compared : examples.comparisons()) {
            text.append(", ").append(compared.baseline().method()).append(' ');
            text.append(percent(compared.baseline().accuracy()));
        }
        return text.append("; of its own sentences with homographs ")
                .append(percent(centroid.accuracy()))
                .append(" by the nearest mean after layer ")
                .append(centroid.layer())
                .append(". \"Savings\" for \"river\" moved \"bank\" towards money in ")
                .append(swap.moved())
                .append(" of ")
                .append(SWAPPED.size())
                .append(" sentences.")
                .toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static Table table(String name, SenseReport report) {
        Table.Builder table = Table.of(name, "method", "rule", "layer", "right", "95 % from", "to");
        table.row("guessing", "", "", report.chance(), "", "");
        report.tallies().forEach(tally -> row(tally, table));
        row(report.chosen(), table);
        return table.table();
    }

    private static void row(Tally tally, Table.Builder table) {
        table.row(
                tally.method(),
                tally.detail(),
                tally.layer() < 0 ? "" : tally.layer(),
                tally.accuracy(),
                tally.interval().low(),
                tally.interval().high());
    }

    private static Table comparisons(SenseReport... reports) {
        Table.Builder table = Table.of("comparisons", "data", "beside", "rule", "better by", "95 % from", "to");
        for (SenseReport report : reports) {
            for (SenseReport.Compared compared : report.comparisons()) {
                table.row(
                        report.data().name(),
                        compared.baseline().method(),
                        compared.baseline().detail(),
                        report.chosen().accuracy() - compared.baseline().accuracy(),
                        compared.comparison().difference().low(),
                        compared.comparison().difference().high());
            }
        }
        return table.table();
    }

    /// What one other word does to "bank".
    ///
    /// @param river by sentence, how much nearer the vector is to money than to rivers
    /// @param savings the same with the other word
    /// @param staticCosine the least cosine between the embeddings of the two
    private record Swap(int layer, double[] river, double[] savings, double staticCosine) {
        /// @param layer after which vectors are looked at
        static Swap of(Model model, int layer) {
            AmbiguousWord bank = SenseData.homographs().words().stream()
                    .filter(word -> word.lemma().equals("bank"))
                    .findFirst()
                    .orElseThrow();
            List<Occurrence> sentences = new ArrayList<>(bank.examples());
            int known = sentences.size();
            for (String word : List.of("river", "savings")) {
                SWAPPED.forEach(sentence -> sentences.add(
                        new WordForms("bank").all(sentence.formatted(word)).getFirst()));
            }
            ContextVectors vectors = ContextVectors.of(model, sentences, _ -> {});
            float[][] after = vectors.layer(layer);
            int rivers = bank.senses().getFirst().examples().size();
            float[] water = mean(Arrays.copyOfRange(after, 0, rivers));
            float[] money = mean(Arrays.copyOfRange(after, rivers, known));
            int n = SWAPPED.size();
            double[][] nearer = new double[2][n];
            double cosine = 1;
            for (int i = 0; i < n; i++) {
                for (int word = 0; word < 2; word++) {
                    float[] vector = after[known + word * n + i];
                    nearer[word][i] = Embedder.cosine(vector, money) - Embedder.cosine(vector, water);
                }
                cosine = Math.min(
                        cosine, Embedder.cosine(vectors.statics()[known + i], vectors.statics()[known + n + i]));
            }
            return new Swap(layer, nearer[0], nearer[1], cosine);
        }

        private static float[] mean(float[][] vectors) {
            float[] mean = new float[vectors[0].length];
            for (float[] vector : vectors) {
                for (int d = 0; d < mean.length; d++) {
                    mean[d] += vector[d] / vectors.length;
                }
            }
            return mean;
        }

        int moved() {
            int moved = 0;
            for (int i = 0; i < river.length; i++) {
                moved += savings[i] > river[i] ? 1 : 0;
            }
            return moved;
        }

        int changedSides() {
            int changed = 0;
            for (int i = 0; i < river.length; i++) {
                changed += river[i] < 0 && savings[i] > 0 ? 1 : 0;
            }
            return changed;
        }

        boolean holds() {
            return moved() >= MOVED * river.length
                    && changedSides() >= CHANGED_SIDES * river.length
                    && staticCosine > 1 - 1e-6;
        }

        Table table() {
            Table.Builder table =
                    Table.of("swap", "sentence", "layer", "nearer to money with river", "with savings", "moved by");
            for (int i = 0; i < river.length; i++) {
                table.row(SWAPPED.get(i).formatted("…"), layer, river[i], savings[i], savings[i] - river[i]);
            }
            return table.table();
        }
    }
}
