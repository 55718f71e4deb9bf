package heed.examples.tour;

import heed.attention.Heads;
import heed.attention.Past;
import heed.family.EncoderDecoderNetwork;
import heed.family.Head;
import heed.family.TextEmbedding;
import heed.family.TokenBatch;
import heed.family.TokenPositions;
import heed.generation.Best;
import heed.layer.LayerNorm;
import heed.model.Model;
import heed.model.Models;
import heed.model.Recording;
import heed.pass.Pass;
import heed.pass.Point;
import heed.pass.Site;
import heed.position.PositionalEncoding;
import heed.stack.EncoderLayer;
import heed.stack.Memory;
import heed.tensor.Tensor;
import heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Follows one sentence through a translator with sinusoidal positions and norms after its blocks, as in the paper
/// (Vaswani et al. 2017), and prints what is computed on the way.
///
/// usage: `Tour MODEL TEXT`
public final class Tour {
    /// The token that is followed where showing all of them would be too much, and the head that is looked into.
    private static final int TOKEN = 1;

    private static final int HEAD = 0;
    private static final int COLUMNS = 6;
    private static final int MOST_TOKENS = 40;

    private final Model model;
    private final EncoderDecoderNetwork network;
    private final Encoding source;
    private final TokenBatch batch;
    private final Map<String, String> figures = new LinkedHashMap<>();

    private Tour(Model model, String text) {
        this.model = model;
        if (!(model.network() instanceof EncoderDecoderNetwork both)) {
            throw new IllegalArgumentException(model.name() + " has no encoder and a decoder to be followed through");
        }
        this.network = both;
        this.source = model.encode(text, null);
        this.batch = Model.batchOf(source);
        figures.put("characters", characters(text));
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: Tour MODEL TEXT, such as models/en-kn \"my name is aj\"");
            System.exit(2);
        }
        try (Model model = Models.open(Path.of(arguments[0]))) {
            of(model, arguments[1]).forEach((stop, figure) -> System.out.printf("## %s%n%n%s%n%n", stop, figure));
        }
    }

    /// What is computed at each stop, by the stop's name, in order.
    ///
    /// @throws IllegalArgumentException when the model has no encoder and a decoder, or the text is empty or
    /// too long
    public static Map<String, String> of(Model model, String text) {
        Tour tour = new Tour(model, text);
        tour.embed();
        tour.write(tour.encode());
        return tour.figures;
    }

    private static String characters(String text) {
        return text.codePoints()
                .mapToObj(point -> point == ' ' ? "␣" : Character.toString(point))
                .collect(Collectors.joining(" "));
    }

    /// Tokens, their rows of the embedding table, and the wave that says where they stand.
    private void embed() {
        figures.put("tokens", table(source.tokens(), token -> String.format(Locale.ROOT, "%5d", source.ids()[token])));
        TextEmbedding embedding = network.source();
        PositionalEncoding.Sinusoidal waves = (PositionalEncoding.Sinusoidal)
                ((TokenPositions.Counted) Objects.requireNonNull(embedding.positions())).encoding();
        model.run(pass -> {
            Tensor words = pass.compute().scaled(embedding.words().apply(source.ids(), pass), embedding.scale());
            figures.put("embedding", rows(words));
            figures.put("position", rows(waves.table().rows(0, source.length())));
            figures.put("sum", rows(embedding.apply(batch, batch.sequences(), pass)));
            return words.size(0);
        });
    }

    /// The first layer of the encoder step by step, then what is left after the last one.
    private Memory encode() {
        Recording recording = Recording.of(
                Point.HIDDEN, Point.QUERY, Point.KEY, Point.VALUE, Point.SCORES, Point.WEIGHTS, Point.CONTEXT);
        Tensor states = model.run(recording, pass -> network.encode(batch, pass).copy());
        Site first = Site.encoder(0);
        Heads heads = network.encoder().layers().getFirst().attention().heads();
        Tensor query = head(recording.at(first, Point.QUERY), heads);
        Tensor key = head(recording.at(first, Point.KEY), heads);
        figures.put("query", rows(query));
        figures.put("key", rows(key));
        figures.put("products", square(source.tokens(), query.matmul(key.transpose())));
        figures.put(
                "scores",
                square(source.tokens(), recording.at(first, Point.SCORES, 0).part(HEAD)));
        figures.put(
                "weights",
                square(source.tokens(), recording.at(first, Point.WEIGHTS, 0).part(HEAD)));
        figures.put("value", rows(head(recording.at(first, Point.VALUE), heads)));
        figures.put("context", rows(head(recording.at(first, Point.CONTEXT), heads)));
        figures.put("heads", looks(recording.at(first, Point.WEIGHTS, 0)));
        model.run(pass -> finish(recording, pass));
        figures.put("memory", rows(states));
        return new Memory(states, batch.sequences());
    }

    /// What the first layer does with what its heads heard.
    private boolean finish(Recording recording, Pass pass) {
        EncoderLayer layer = network.encoder().layers().getFirst();
        Tensor x = recording.at(Site.encoder(-1), Point.HIDDEN);
        Tensor mixed = layer.attention().wO().apply(recording.at(Site.encoder(0), Point.CONTEXT), pass);
        figures.put("mixed", rows(mixed));
        Tensor attended = layer.attentionNorm().applyToSum(mixed, x, pass);
        figures.put("attended", rows(attended) + "\n" + moments(attended, (LayerNorm) layer.attentionNorm()));
        Tensor inner =
                layer.feedForward().inner().apply(attended, layer.feedForward().activation(), pass);
        figures.put(
                "inner",
                table(
                        source.tokens(),
                        token -> String.format(
                                Locale.ROOT, "%d of %d are not 0", count(inner.part(token)), inner.size(1))));
        Tensor fed = layer.feedForward().apply(attended, pass);
        figures.put("layer", rows(layer.feedForwardNorm().applyToSum(fed, attended, pass)));
        return true;
    }

    /// The decoder, token by token, each time with the likeliest one.
    private void write(Memory memory) {
        List<Integer> ids = new ArrayList<>(List.of(network.startId()));
        List<String> steps = new ArrayList<>();
        Recording recording = Recording.of(Point.SCORES, Point.WEIGHTS);
        int end = source.ids()[source.length() - 1];
        while (ids.size() < MOST_TOKENS && (ids.size() == 1 || ids.getLast() != end)) {
            float[] chances = model.run(recording, pass -> next(ids, memory, pass));
            Best best = new Best(3).offerAll(chances);
            steps.add(IntStream.range(0, best.size())
                    .mapToObj(rank -> String.format(Locale.ROOT, "%s %.3f", token(best.index(rank)), best.score(rank)))
                    .collect(Collectors.joining("   ")));
            ids.add(best.index(0));
        }
        List<Integer> read = ids.subList(0, ids.size() - 1);
        List<String> targets = read.stream().map(this::token).toList();
        Tensor scores = recording.at(Site.decoder(0), Point.SCORES, 0).part(HEAD);
        figures.put("masked", square(targets, scores));
        figures.put(
                "causal",
                square(targets, recording.at(Site.decoder(0), Point.WEIGHTS, 0).part(HEAD)));
        int last = network.decoder().layers().size() - 1;
        figures.put("cross", grid(targets, source.tokens(), mean(recording.at(Site.cross(last), Point.WEIGHTS, 0))));
        figures.put("next", table(targets, steps::get));
        figures.put(
                "text",
                model.tokenizer()
                        .decode(
                                read.stream()
                                        .skip(1)
                                        .mapToInt(Integer::intValue)
                                        .toArray(),
                                true));
    }

    /// How likely each token of the vocabulary is to come next: `[V]`.
    private float[] next(List<Integer> ids, Memory memory, Pass pass) {
        TokenBatch written =
                TokenBatch.of(ids.stream().mapToInt(Integer::intValue).toArray());
        Tensor hidden = network.decode(written, memory, Past.none(), pass);
        Tensor last = hidden.rows(ids.size() - 1, ids.size());
        Tensor logits = ((Head.LanguageModel) network.head()).logits(last.copy(), pass);
        return logits.softmax().toArray();
    }

    private String token(int id) {
        return model.tokenizer().token(id).orElse("#" + id);
    }

    private static Tensor head(Tensor all, Heads heads) {
        return all.columns(heads.queryColumn(HEAD), heads.queryColumn(HEAD) + heads.width())
                .copy();
    }

    /// The mean over heads of `[H, Tq, Tk]`.
    private static Tensor mean(Tensor weights) {
        Tensor sum = weights.part(0).copy();
        for (int h = 1; h < weights.size(0); h++) {
            sum = sum.plus(weights.part(h));
        }
        return sum.times(1f / weights.size(0));
    }

    private static int count(Tensor row) {
        int count = 0;
        for (float value : row.toArray()) {
            count += value != 0 ? 1 : 0;
        }
        return count;
    }

    /// What the norm left before its gain and shift: mean 0 and variance 1.
    private static String moments(Tensor normed, LayerNorm norm) {
        double sum = 0;
        double squares = 0;
        int width = normed.size(1);
        for (int column = 0; column < width; column++) {
            double plain = (normed.at(TOKEN, column) - norm.bias().at(column))
                    / norm.gain().at(column);
            sum += plain;
            squares += plain * plain;
        }
        return String.format(Locale.ROOT, "mean %.3f, variance %.3f", Math.abs(sum / width), squares / width);
    }

    /// The token that each head looks at most, from the token that is followed.
    private String looks(Tensor weights) {
        return IntStream.range(0, weights.size(0))
                .mapToObj(h -> {
                    Best most = new Best(1).offerAll(weights.part(h).part(TOKEN).toArray());
                    return String.format(
                            Locale.ROOT, "head %d  %s %.3f", h, source.tokens().get(most.index(0)), most.score(0));
                })
                .collect(Collectors.joining("\n"));
    }

    private String rows(Tensor tensor) {
        return table(source.tokens(), token -> numbers(tensor.part(token).toArray(), COLUMNS));
    }

    private static String square(List<String> tokens, Tensor tensor) {
        return grid(tokens, tokens, tensor);
    }

    private static String grid(List<String> rows, List<String> columns, Tensor tensor) {
        String header = " ".repeat(width(rows))
                + columns.stream()
                        .map(token -> String.format(Locale.ROOT, "%8s", token))
                        .collect(Collectors.joining());
        return header + "\n" + table(rows, row -> numbers(tensor.part(row).toArray(), columns.size()));
    }

    private static String numbers(float[] values, int most) {
        String shown = IntStream.range(0, Math.min(most, values.length))
                .mapToObj(i -> values[i] == Float.NEGATIVE_INFINITY
                        ? "      −∞"
                        : String.format(Locale.ROOT, "%8.3f", values[i]))
                .collect(Collectors.joining());
        return shown + (values.length > most ? "  … " + values.length : "");
    }

    private static String table(List<String> tokens, IntFunction<String> line) {
        int width = width(tokens);
        return IntStream.range(0, tokens.size())
                .mapToObj(i -> tokens.get(i) + " ".repeat(width - tokens.get(i).length()) + "  " + line.apply(i))
                .collect(Collectors.joining("\n"));
    }

    private static int width(List<String> tokens) {
        return tokens.stream().mapToInt(String::length).max().orElse(0);
    }
}
