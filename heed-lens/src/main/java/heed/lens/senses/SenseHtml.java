package heed.lens.senses;

import static heed.chart.Markup.escaped;

import heed.corpus.Occurrence;
import heed.lens.senses.WordInContexts.Neighbour;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// A word in many sentences as a page that needs nothing else: choose a layer and a sentence, see its
/// neighbours.
///
/// @param layer that is shown first
/// @param neighbours how many of each occurrence
public record SenseHtml(WordInContexts contexts, int layer, int neighbours) {
    public String html() {
        Map<String, String> parts = Map.of(
                "title", escaped(contexts.word() + " in " + contexts.size() + " sentences"),
                "model", escaped(contexts.model()),
                "layers", String.valueOf(contexts.layers()),
                "layer", String.valueOf(layer),
                "data", JsonMapper.shared().writeValueAsString(data()).replace("<", "\\u003c"));
        return Pattern.compile("\\{\\{(\\w+)}}")
                .matcher(SenseData.resource("senses.html"))
                .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
    }

    private Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("colours", SenseSvg.COLOURS);
        data.put("labels", contexts.distinctLabels());
        data.put(
                "sentences",
                IntStream.range(0, contexts.size()).mapToObj(this::sentence).toList());
        List<PrincipalAxes> planes = contexts.planes();
        data.put(
                "layers",
                IntStream.rangeClosed(0, contexts.layers())
                        .mapToObj(each -> layer(each, planes.get(each)))
                        .toList());
        return data;
    }

    private Map<String, Object> sentence(int i) {
        Occurrence occurrence = contexts.occurrence(i);
        return Map.of(
                "text", occurrence.text(),
                "start", occurrence.start(),
                "end", occurrence.end(),
                "label", contexts.labels().get(i));
    }

    private Map<String, Object> layer(int each, PrincipalAxes plane) {
        WordInContexts.Layer layer = contexts.layer(each, neighbours);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("points", plane.points());
        data.put("shares", plane.shares());
        data.put("cosine", layer.meanCosine());
        data.put("nearest", Double.isNaN(layer.nearest()) ? null : layer.nearest());
        data.put(
                "neighbours",
                layer.neighbours().stream().map(SenseHtml::numbers).toList());
        return data;
    }

    private static List<double[]> numbers(List<Neighbour> neighbours) {
        return neighbours.stream()
                .map(neighbour -> new double[] {neighbour.number(), neighbour.cosine()})
                .toList();
    }
}
