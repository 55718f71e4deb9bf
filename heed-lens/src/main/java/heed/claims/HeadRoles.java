package heed.claims;

import heed.chart.LineChart;
import heed.family.Head;
import heed.hub.Progress;
import heed.lens.roles.Corpus;
import heed.lens.roles.HeadDiversity;
import heed.lens.roles.HeadPruning;
import heed.lens.roles.LinkedSentence;
import heed.lens.roles.Role;
import heed.lens.roles.RoleReport;
import heed.lens.roles.Templates;
import heed.model.Model;
import heed.model.ModelOptions;
import heed.model.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Heads specialise: some look from a determiner to its noun, some from an object to its verb.
///
/// @param quick the model of quick runs
/// @param full the model of full runs
/// @param corpus so many sentences whose words are linked
record HeadRoles(String quick, String full, Function<Integer, Corpus> corpus) implements Claim {
    private static final List<Role> PLACES = List.of(Role.PREVIOUS, Role.NEXT);
    private static final List<Role> RELATIONS = List.of(Role.DETERMINER, Role.OBJECT);
    private static final double MOSTLY = 0.5;
    private static final int DIVERSITY_SENTENCES = 40;

    /// With BERT-base, quickly with MiniLM, on sentences of the Brown corpus and templates.
    HeadRoles() {
        this(
                "minilm",
                "bert-base-uncased",
                count -> Corpus.brown(count, Progress.none()).and(Templates.corpus(count / 4, 1)));
    }

    @Override
    public String name() {
        return "heads";
    }

    @Override
    public String statement() {
        return "Heads specialise: each learns another way of looking, some of them the relations of grammar.";
    }

    @Override
    public String rule() {
        return "Heads are chosen on every second sentence of the Brown corpus and of templates and scored on the others."
                + " The best heads for the previous and for the next word look there more often than not; those from a"
                + " determiner to its noun and from an object to its verb are right more often than the best fixed"
                + " offset, the 95 % intervals of the differences above 0, and more often than the best head of each of"
                + " three networks with random weights. Of those at most 5 % of heads and roles pass as found.";
    }

    @Override
    public Lesson lesson() {
        return new Lesson(
                "Why many heads and not one large one?",
                "One head gives each word one distribution over the others, a mean of all that it might look for. Several"
                        + " can each look for something else, and they do: at the word before, at the end of the"
                        + " sentence, from a determiner to its noun. Nobody told them, not all have a role that we can"
                        + " name, and many can be taken out with little loss.");
    }

    @Override
    public Finding measure(Trial trial) {
        boolean isQuick = trial.effort() == Effort.QUICK;
        ModelOptions options =
                ModelOptions.defaults().withKernels(trial.kernels()).withWorkers(trial.workers());
        Corpus sentences = corpus.apply(isQuick ? 60 : 400);
        try (Model model = Models.open(isQuick ? quick : full, options)) {
            RoleReport report = RoleReport.of(
                    model, sentences, isQuick ? new long[] {1} : trial.seeds(), trial::say, trial.notebook()::cell);
            HeadDiversity diversity = HeadDiversity.of(model, sentences, DIVERSITY_SENTENCES);
            List<Table> tables = new ArrayList<>(List.of(roles(report), heads(report), diversity(diversity)));
            List<LineChart> charts = new ArrayList<>();
            if (model.network().head() instanceof Head.MaskedLanguageModel) {
                HeadPruning pruning = pruning(model, sentences, isQuick ? 8 : 64, trial);
                tables.add(pruning(pruning));
                charts.add(pruning.chart());
            }
            return new Finding(confirmed(report), summary(report, diversity), tables, charts);
        }
    }

    private static HeadPruning pruning(Model model, Corpus sentences, int texts, Trial trial) {
        List<String> some = sentences.sentences().stream()
                .map(LinkedSentence::text)
                .limit(texts)
                .toList();
        return HeadPruning.of(model, some, 1, trial::say);
    }

    private static boolean confirmed(RoleReport report) {
        boolean places = PLACES.stream()
                .map(report::of)
                .allMatch(role -> role != null && role.best().rate() > MOSTLY);
        boolean relations = RELATIONS.stream().map(report::of).allMatch(HeadRoles::specialised);
        return places && relations && report.falseShare() <= RoleReport.FALSE_DISCOVERIES;
    }

    private static boolean specialised(RoleReport.@Nullable OfRole role) {
        return role != null
                && role.aboveOffset() != null
                && role.aboveOffset().low() > 0
                && role.best().rate() > role.greatestRandomRate();
    }

    private static String summary(RoleReport report, HeadDiversity diversity) {
        StringBuilder text = new StringBuilder(report.model()).append(": ");
        for (Role role : RELATIONS) {
            RoleReport.OfRole found = report.of(role);
            text.append(
                    found == null
                            ? role + " did not occur; "
                            : String.format(
                                    Locale.ROOT,
                                    "%s %.1f %% (layer %d, head %d; best offset %.1f %%, random weights %.1f %%); ",
                                    role,
                                    100 * found.best().rate(),
                                    found.best().layer(),
                                    found.best().head(),
                                    100 * found.offsetRate(),
                                    100 * found.randomRate()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "with random weights %.1f %% of heads and roles pass; heads differ by %.2f bits.",
                        100 * report.falseShare(),
                        diversity.mean()))
                .toString();
    }

    private static Table roles(RoleReport report) {
        Table.Builder table = Table.of(
                "roles",
                "role",
                "layer",
                "head",
                "right",
                "95 % from",
                "to",
                "offset",
                "offset right",
                "better from",
                "better to",
                "random weights",
                "heads found",
                "asked");
        for (RoleReport.OfRole role : report.roles()) {
            boolean links = role.aboveOffset() != null;
            table.row(
                    role.role().toString(),
                    role.best().layer(),
                    role.best().head(),
                    role.best().rate(),
                    role.interval().low(),
                    role.interval().high(),
                    links ? String.valueOf(role.offset()) : "",
                    links ? role.offsetRate() : "",
                    role.aboveOffset() != null ? role.aboveOffset().low() : "",
                    role.aboveOffset() != null ? role.aboveOffset().high() : "",
                    role.randomRate(),
                    role.found(),
                    role.asked());
        }
        return table.table();
    }

    private static Table heads(RoleReport report) {
        Table.Builder table = Table.of("found", "role", "layer", "head", "right", "q");
        report.heads().stream()
                .filter(one -> one.role().tested())
                .forEach(one -> table.row(one.role().toString(), one.layer(), one.head(), one.rate(), one.q()));
        return table.table();
    }

    private static Table diversity(HeadDiversity diversity) {
        Table.Builder table = Table.of("diversity", "layer", "divergence of its heads, bits");
        double[] within = diversity.within();
        IntStream.range(0, within.length).forEach(layer -> table.row(layer, within[layer]));
        return table.table();
    }

    private static Table pruning(HeadPruning pruning) {
        Table.Builder table = Table.of("pruning", "heads out", "loss, least needed first", "loss, at random");
        pruning.points().forEach(point -> table.row(point.heads(), point.least(), point.random()));
        return table.table();
    }
}
