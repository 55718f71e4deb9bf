package heed.lens.roles;

import heed.chart.Axis;
import heed.chart.LineChart;
import heed.family.Head;
import heed.family.TokenBatch;
import heed.lens.capture.Ablation;
import heed.model.Model;
import heed.pass.Watch;
import heed.tensor.Tensor;
import heed.text.EncodeOptions;
import heed.text.Encoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// What a model loses when heads are taken out: first those that it loses least by, each alone; beside it heads
/// at random (Michel, Levy and Neubig 2019, §4). The order is found on other sentences than the losses.
///
/// @param whole the loss with all heads: the mean negative logarithm of the probability of masked words, in
/// nats
/// @param points ever more heads
public record HeadPruning(double whole, List<Loss> points) {
    private static final double MASKED = 0.15;
    private static final int STEPS = 8;

    /// @param heads how many are out
    /// @param least the loss without those that matter least
    /// @param random the loss without as many at random, mean over three orders
    public record Loss(int heads, double least, double random) {}

    public HeadPruning {
        points = List.copyOf(points);
    }

    /// @param texts every second one finds the order
    /// @param seed of masks and random orders
    /// @throws IllegalArgumentException when the model predicts no masked words, or fewer than two texts fit it
    public static HeadPruning of(Model model, List<String> texts, long seed, Consumer<String> progress) {
        Head.MaskedLanguageModel head = head(model);
        int mask = model.tokenizer().maskId().orElseThrow();
        List<Encoding> encodings = model.tokenizer().encode(texts, EncodeOptions.defaults()).stream()
                .filter(encoding -> encoding.length() <= model.config().maxTokens())
                .toList();
        if (encodings.size() < 2) {
            throw new IllegalArgumentException("a pruning curve needs at least 2 texts that fit " + model.name()
                    + ", there are " + encodings.size());
        }
        Random random = new Random(seed);
        Guessing choosing = Guessing.of(half(encodings, 0), mask, random);
        Guessing scoring = Guessing.of(half(encodings, 1), mask, random);
        List<Ablation.HeadPlace> order = byLoss(model, head, choosing, progress);
        double whole = scoring.loss(model, head, List.of());
        List<List<Ablation.HeadPlace>> shuffled = new ArrayList<>();
        for (int o = 0; o < 3; o++) {
            List<Ablation.HeadPlace> other = new ArrayList<>(order);
            Collections.shuffle(other, random);
            shuffled.add(other);
        }
        List<Loss> points = new ArrayList<>();
        points.add(new Loss(0, whole, whole));
        int last = 0;
        for (int step = 1; step <= STEPS; step++) {
            int out = order.size() * step / STEPS;
            if (out > last) {
                progress.accept("without " + out + " of " + order.size() + " heads");
                points.add(new Loss(
                        out,
                        scoring.loss(model, head, order.subList(0, out)),
                        shuffled.stream()
                                .mapToDouble(other -> scoring.loss(model, head, other.subList(0, out)))
                                .average()
                                .orElseThrow()));
                last = out;
            }
        }
        return new HeadPruning(whole, points);
    }

    /// The head that losses are taken from.
    ///
    /// @throws IllegalArgumentException when the model predicts no masked words
    public static Head.MaskedLanguageModel head(Model model) {
        if (model.network().head() instanceof Head.MaskedLanguageModel head
                && model.tokenizer().maskId().isPresent()) {
            return head;
        }
        throw new IllegalArgumentException(model.name() + " is a "
                + model.config().architecture() + " and predicts no masked words; bert-base-uncased does");
    }

    private static List<Encoding> half(List<Encoding> texts, int half) {
        return IntStream.range(0, texts.size())
                .filter(t -> t % 2 == half)
                .mapToObj(texts::get)
                .toList();
    }

    private static List<Ablation.HeadPlace> byLoss(
            Model model, Head.MaskedLanguageModel head, Guessing guessing, Consumer<String> progress) {
        record Ranked(Ablation.HeadPlace place, double loss) {}
        List<Ranked> ranked = new ArrayList<>();
        for (int layer = 0; layer < model.config().layers(); layer++) {
            progress.accept("without one head of layer " + layer);
            for (int h = 0; h < model.config().heads(); h++) {
                Ablation.HeadPlace place =
                        new Ablation.HeadPlace(model.network().reader(), layer, h);
                ranked.add(new Ranked(place, guessing.loss(model, head, List.of(place))));
            }
        }
        return ranked.stream()
                .sorted(Comparator.comparingDouble(Ranked::loss))
                .map(Ranked::place)
                .toList();
    }

    /// Texts with some tokens masked, and what stood there.
    private record Guessing(List<TokenBatch> batches, List<int[]> places, List<int[]> words) {
        static Guessing of(List<Encoding> texts, int mask, Random random) {
            List<int[]> ids = new ArrayList<>();
            List<int[]> typeIds = new ArrayList<>();
            List<int[]> originals = new ArrayList<>();
            for (Encoding encoding : texts) {
                int[] masked = encoding.ids().clone();
                List<Integer> usable = new ArrayList<>(IntStream.range(0, masked.length)
                        .filter(t -> encoding.special()[t] == 0)
                        .boxed()
                        .toList());
                Collections.shuffle(usable, random);
                int count = Math.max(1, (int) Math.round(MASKED * usable.size()));
                usable.stream().limit(count).forEach(t -> masked[t] = mask);
                ids.add(masked);
                typeIds.add(encoding.typeIds());
                originals.add(encoding.ids());
            }
            List<TokenBatch> batches = TokenBatch.batches(ids, typeIds);
            List<int[]> places = new ArrayList<>();
            List<int[]> words = new ArrayList<>();
            int from = 0;
            for (TokenBatch batch : batches) {
                int to = from + batch.sequences().count();
                int[] original = originals.subList(from, to).stream()
                        .flatMapToInt(IntStream::of)
                        .toArray();
                int[] here = IntStream.range(0, original.length)
                        .filter(t -> batch.ids()[t] == mask && original[t] != mask)
                        .toArray();
                places.add(here);
                words.add(IntStream.of(here).map(t -> original[t]).toArray());
                from = to;
            }
            return new Guessing(batches, places, words);
        }

        double loss(Model model, Head.MaskedLanguageModel head, List<Ablation.HeadPlace> out) {
            Watch watch = new Ablation(out, Ablation.Filling.ZERO).watch(model.network());
            double sum = 0;
            int count = 0;
            for (int b = 0; b < batches.size(); b++) {
                int batch = b;
                sum += model.run(watch, pass -> {
                    Tensor hidden = model.network().encode(batches.get(batch), pass);
                    Tensor rows = pass.compute().gather(hidden, places.get(batch));
                    Tensor logits = head.logits(rows, pass); // [masked, V]
                    Tensor all = logits.logSumExp();
                    double loss = 0;
                    for (int i = 0; i < words.get(batch).length; i++) {
                        loss += all.at(i) - logits.at(i, words.get(batch)[i]);
                    }
                    return loss;
                });
                count += words.get(b).length;
            }
            return sum / count;
        }
    }

    /// Losses over the number of heads that are out.
    public LineChart chart() {
        double[] x = points.stream().mapToDouble(Loss::heads).toArray();
        return new LineChart(
                "Loss without heads",
                Axis.linear("heads taken out"),
                Axis.linear("loss of masked words, nats"),
                List.of(
                        new LineChart.Line(
                                "least needed first",
                                x,
                                points.stream().mapToDouble(Loss::least).toArray()),
                        new LineChart.Line(
                                "at random",
                                x,
                                points.stream().mapToDouble(Loss::random).toArray())));
    }
}
