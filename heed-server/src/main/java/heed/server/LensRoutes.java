package heed.server;

import heed.corpus.AmbiguousWord;
import heed.corpus.Occurrence;
import heed.corpus.WordForms;
import heed.lens.roles.Corpus;
import heed.lens.roles.LinkedSentence;
import heed.lens.roles.RoleReport;
import heed.lens.roles.Templates;
import heed.lens.senses.SenseData;
import heed.lens.senses.WordInContexts;
import heed.model.Model;
import heed.server.api.Fields;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What is seen over many sentences: the senses of a word, the roles of heads.
final class LensRoutes implements HttpService {
    private static final int MOST_SENTENCES = 200;
    private static final int NEIGHBOURS = 3;
    private static final int TEMPLATES = 60;
    private static final int EXAMPLES = 3;

    private final ModelShelf models;
    private final Jobs jobs;

    /// Studies at once: each uses all cores.
    private final Semaphore studies = new Semaphore(1, true);

    LensRoutes(ModelShelf models, Jobs jobs) {
        this.models = models;
        this.jobs = jobs;
    }

    @Override
    public void routing(HttpRules rules) {
        new Routes(rules).post("/senses", this::senses).post("/headroles", this::roles);
    }

    private void senses(ServerRequest request, ServerResponse response) throws InterruptedException {
        Fields body = Body.of(request);
        String word = body.text("word").strip();
        if (word.isEmpty()) {
            throw Refusal.malformed("'word' is empty");
        }
        Model model = models.require(body.textOrNull("model"));
        List<Occurrence> occurrences = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        if (body.has("sentences")) {
            WordForms forms = new WordForms(word);
            for (Fields sentence : body.objects("sentences")) {
                String label = sentence.textOrNull("label");
                for (Occurrence found : forms.all(sentence.text("text"))) {
                    occurrences.add(found);
                    labels.add(label == null ? "" : label);
                }
            }
        } else {
            own(word, occurrences, labels);
        }
        if (occurrences.size() > MOST_SENTENCES) {
            throw Refusal.impossible(
                    "'" + word + "' occurs " + occurrences.size() + " times, at most " + MOST_SENTENCES + " are shown");
        }
        studies.acquire();
        try {
            Answers.json(request, response, 200, view(WordInContexts.of(model, word, occurrences, labels, _ -> {})));
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        } finally {
            studies.release();
        }
    }

    /// Heed's own sentences.
    private static void own(String word, List<Occurrence> occurrences, List<String> labels) {
        List<AmbiguousWord> words = SenseData.homographs().words();
        AmbiguousWord known = words.stream()
                .filter(each -> each.lemma().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> Refusal.impossible("there are no sentences here for '" + word
                        + "': write some, one a line, or take one of "
                        + String.join(
                                ", ", words.stream().map(AmbiguousWord::lemma).toList())));
        for (AmbiguousWord.Sense sense : known.senses()) {
            for (Occurrence example : sense.examples()) {
                occurrences.add(example);
                labels.add(sense.name());
            }
        }
    }

    private static Map<String, Object> view(WordInContexts contexts) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("model", contexts.model());
        view.put("word", contexts.word());
        view.put("labels", contexts.distinctLabels());
        view.put(
                "sentences",
                IntStream.range(0, contexts.size())
                        .mapToObj(i -> sentence(contexts, i))
                        .toList());
        List<double[][]> points = contexts.points();
        view.put(
                "layers",
                IntStream.rangeClosed(0, contexts.layers())
                        .mapToObj(layer -> layer(contexts.layer(layer, NEIGHBOURS), points.get(layer)))
                        .toList());
        return view;
    }

    private static Map<String, Object> sentence(WordInContexts contexts, int i) {
        Occurrence occurrence = contexts.occurrence(i);
        return Map.of(
                "text", occurrence.text(),
                "start", occurrence.start(),
                "end", occurrence.end(),
                "label", contexts.labels().get(i));
    }

    private static Map<String, Object> layer(WordInContexts.Layer layer, double[][] points) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("points", points);
        view.put("meanCosine", layer.meanCosine());
        view.put("nearest", number(layer.nearest()));
        view.put("silhouette", number(layer.silhouette()));
        view.put(
                "neighbours",
                layer.neighbours().stream()
                        .map(of -> of.stream()
                                .map(one -> new double[] {one.number(), one.cosine()})
                                .toList())
                        .toList());
        return view;
    }

    private void roles(ServerRequest request, ServerResponse response) {
        Model model = models.require(Body.of(request).textOrNull("model"));
        Job job = jobs.startInSteps("looking for roles", running -> {
            studies.acquireUninterruptibly();
            try {
                Corpus corpus = Templates.corpus(TEMPLATES, 1);
                RoleReport report = RoleReport.of(model, corpus, new long[] {1}, done -> {
                    running.requireWanted();
                    running.begin(done, -1);
                });
                running.succeed(view(report, corpus));
            } finally {
                studies.release();
            }
        });
        Answers.json(request, response, 202, Map.of("job", job.id()));
    }

    private static Map<String, Object> view(RoleReport report, Corpus corpus) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("model", report.model());
        view.put("corpus", report.corpus());
        view.put("sentences", report.sentences());
        view.put("falseShare", number(report.falseShare()));
        view.put(
                "roles", report.roles().stream().map(role -> role(role, corpus)).toList());
        view.put("heads", report.heads().stream().map(LensRoutes::head).toList());
        return view;
    }

    private static Map<String, Object> role(RoleReport.OfRole role, Corpus corpus) {
        Map<String, Object> view = head(role.best());
        view.put("description", role.role().description());
        view.put("asked", role.asked());
        view.put("interval", List.of(role.interval().low(), role.interval().high()));
        view.put("offset", role.offset());
        view.put("offsetRate", number(role.offsetRate()));
        view.put("randomRate", number(role.randomRate()));
        view.put("found", role.found());
        view.put(
                "examples",
                corpus.sentences().stream()
                        .filter(sentence -> !role.role().links()
                                || sentence.links().stream().anyMatch(link -> link.role() == role.role()))
                        .limit(EXAMPLES)
                        .map(LinkedSentence::text)
                        .toList());
        return view;
    }

    private static Map<String, Object> head(RoleReport.HeadRole one) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("role", one.role().toString());
        view.put("layer", one.layer());
        view.put("head", one.head());
        view.put("rate", one.rate());
        view.put("q", number(one.q()));
        return view;
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
