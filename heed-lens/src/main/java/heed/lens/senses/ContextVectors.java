package heed.lens.senses;

import heed.corpus.Occurrence;
import heed.family.DecoderNetwork;
import heed.family.EncoderNetwork;
import heed.family.Network;
import heed.family.TextEmbedding;
import heed.family.TokenBatch;
import heed.model.Model;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.task.Embedder;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// The vectors that a word has in each of many sentences, after every layer of a model: the mean over its word
/// pieces, scaled to length 1. Sentences go through the model once, many at a time.
public final class ContextVectors {
    private final List<Occurrence> occurrences;

    /// By layer, from the embeddings on, and by occurrence.
    private final float[][][] layers;

    /// By occurrence: the embedding of the word alone, before positions are added.
    private final float[][] statics;

    /// By occurrence: the mean of the embeddings of all words beside it.
    private final float[][] neighbourhoods;

    private ContextVectors(List<Occurrence> occurrences, int layers) {
        this.occurrences = List.copyOf(occurrences);
        this.layers = new float[layers + 1][occurrences.size()][];
        this.statics = new float[occurrences.size()][];
        this.neighbourhoods = new float[occurrences.size()][];
    }

    /// @param progress is told how many sentences are done
    /// @throws IllegalArgumentException when a text is too long for the model, with its number, or the model is
    /// neither an encoder nor a decoder
    public static ContextVectors of(Model model, List<Occurrence> occurrences, IntConsumer progress) {
        TextEmbedding embedding = embedding(model);
        ContextVectors vectors = new ContextVectors(occurrences, model.config().layers());
        List<Sentence> sentences = sentences(model, occurrences);
        int from = 0;
        for (TokenBatch batch : TokenBatch.batches(
                sentences.stream().map(sentence -> sentence.encoding.ids()).toList(),
                sentences.stream().map(sentence -> sentence.encoding.typeIds()).toList())) {
            int to = from + batch.sequences().count();
            vectors.take(model, embedding, batch, sentences.subList(from, to));
            from = to;
            progress.accept(to);
        }
        return vectors;
    }

    private static TextEmbedding embedding(Model model) {
        Network bare = model.network().withoutPositions();
        return switch (bare) {
            case EncoderNetwork encoder -> encoder.embedding();
            case DecoderNetwork decoder -> decoder.embedding();
            default ->
                throw new IllegalArgumentException(model.name() + " is a "
                        + model.config().architecture()
                        + "; the vectors of words are taken from an encoder or a decoder, such as bert-base-uncased");
        };
    }

    /// @param numbers of the occurrences that are in it
    private record Sentence(Encoding encoding, List<Integer> numbers) {}

    private static List<Sentence> sentences(Model model, List<Occurrence> occurrences) {
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        for (int i = 0; i < occurrences.size(); i++) {
            numbers.computeIfAbsent(occurrences.get(i).text(), _ -> new ArrayList<>())
                    .add(i);
        }
        List<String> texts = List.copyOf(numbers.keySet());
        List<Encoding> encodings = texts.isEmpty() ? List.of() : model.encode(texts, EncodeOptions.defaults());
        List<Sentence> sentences = new ArrayList<>();
        for (int t = 0; t < texts.size(); t++) {
            sentences.add(new Sentence(encodings.get(t), numbers.getOrDefault(texts.get(t), List.of())));
        }
        return sentences;
    }

    private void take(Model model, TextEmbedding embedding, TokenBatch batch, List<Sentence> sentences) {
        model.run(
                new Taking(batch, sentences, model.network().reader()),
                pass -> model.network().encode(batch, pass).size(0));
        model.run(pass -> {
            Tensor words = embedding.apply(batch, batch.sequences(), pass); // [N, D]
            for (int s = 0; s < sentences.size(); s++) {
                Sentence sentence = sentences.get(s);
                Tensor rows =
                        words.rows(batch.sequences().start(s), batch.sequences().end(s));
                for (int number : sentence.numbers) {
                    boolean[] word = tokens(sentence.encoding, occurrences.get(number));
                    boolean[] others = new boolean[word.length];
                    for (int t = 0; t < word.length; t++) {
                        others[t] = !word[t] && sentence.encoding.special()[t] == 0;
                    }
                    statics[number] = mean(rows, word);
                    neighbourhoods[number] = mean(rows, others);
                }
            }
            return words.size(0);
        });
    }

    /// Takes the rows of words from the hidden states as they pass by.
    private final class Taking implements Watch {
        private final TokenBatch batch;
        private final List<Sentence> sentences;
        private final Site.Stack stack;

        Taking(TokenBatch batch, List<Sentence> sentences, Site.Stack stack) {
            this.batch = batch;
            this.sentences = sentences;
            this.stack = stack;
        }

        @Override
        public boolean wants(Site site, Point point) {
            return point == Point.HIDDEN && site.stack() == stack;
        }

        @Override
        public Tensor see(Site site, Point point, int sequence, Tensor value) {
            for (int s = 0; s < sentences.size(); s++) {
                Sentence sentence = sentences.get(s);
                Tensor rows =
                        value.rows(batch.sequences().start(s), batch.sequences().end(s));
                for (int number : sentence.numbers) {
                    layers[site.layer() + 1][number] = mean(rows, tokens(sentence.encoding, occurrences.get(number)));
                }
            }
            return value;
        }
    }

    /// Which tokens have a part of the word.
    private static boolean[] tokens(Encoding encoding, Occurrence word) {
        boolean[] of = new boolean[encoding.length()];
        boolean any = false;
        for (int t = 0; t < of.length; t++) {
            of[t] = encoding.special()[t] == 0
                    && encoding.starts()[t] < word.end()
                    && encoding.ends()[t] > word.start();
            any |= of[t];
        }
        if (!any) {
            throw new IllegalArgumentException(
                    "the tokenizer has no token for '" + word.form() + "' in: " + word.text());
        }
        return of;
    }

    /// The mean of some rows of `[T, D]`, scaled to length 1; zeros when there are none.
    private static float[] mean(Tensor rows, boolean[] chosen) {
        float[] mean = new float[rows.size(1)];
        for (int t = 0; t < chosen.length; t++) {
            int row = rows.offset() + t * rows.stride(0);
            for (int d = 0; chosen[t] && d < mean.length; d++) {
                mean[d] += rows.values()[row + d * rows.stride(1)];
            }
        }
        return Embedder.normalized(mean);
    }

    public List<Occurrence> occurrences() {
        return occurrences;
    }

    /// How many layers there are, the embeddings not counted.
    public int layers() {
        return layers.length - 1;
    }

    /// The vectors after a layer, by occurrence: `[n][D]`.
    ///
    /// @param layer 0 for the embeddings, before anything was attended to
    /// @throws IllegalArgumentException when there is no such layer
    public float[][] layer(int layer) {
        if (layer < 0 || layer >= layers.length) {
            throw new IllegalArgumentException(
                    "layer " + layer + " does not exist, there are 0 (the embeddings) to " + layers());
        }
        return layers[layer];
    }

    /// The embedding of the word without its position, by occurrence: the same in all sentences that have it in
    /// the same form.
    public float[][] statics() {
        return statics;
    }

    /// The mean of the embeddings of the words around, by occurrence; what static vectors can say of a context.
    public float[][] neighbourhoods() {
        return neighbourhoods;
    }
}
