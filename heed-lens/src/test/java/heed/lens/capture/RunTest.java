package heed.lens.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import heed.model.AttentionMaps;
import heed.model.EncoderDecoderMaps;
import heed.model.Model;
import heed.pass.Site;
import heed.pass.Site.Stack;
import heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final String TEXT = "the bank can lend money to the person by the river bank";

    @Test
    void weightsThatAreComputedLaterAreThoseOfTheForwardPass() {
        try (Model encoder = TinyModels.encoder();
                Model decoder = TinyModels.decoder();
                Model both = TinyModels.encoderDecoder()) {
            assertSame(Run.of(encoder, RunInput.of(TEXT)), Stack.ENCODER, encoder.look(TEXT));
            assertSame(Run.of(decoder, RunInput.of(TEXT)), Stack.DECODER, decoder.look(TEXT));
            EncoderDecoderMaps maps = both.lookAcross(TEXT, "the river");
            Run run = Run.of(both, RunInput.of(TEXT, "the river"));
            assertSame(run, Stack.ENCODER, maps.encoder());
            assertSame(run, Stack.DECODER, maps.decoder());
            assertSame(run, Stack.CROSS, maps.cross());
        }
    }

    private static void assertSame(Run run, Stack stack, AttentionMaps maps) {
        AttentionStream stream = run.stream(stack);
        assertThat(stream.layers()).isEqualTo(maps.layers());
        assertThat(stream.heads()).isEqualTo(maps.heads());
        assertThat(run.queryTokens(stack)).extracting(RunToken::piece).isEqualTo(maps.tokens());
        assertThat(run.keyTokens(stack)).extracting(RunToken::piece).isEqualTo(maps.keyTokens());
        for (int layer = 0; layer < maps.layers(); layer++) {
            for (int head = 0; head < maps.heads(); head++) {
                for (int i = 0; i < stream.queries(); i++) {
                    // Scores of T5 reach 40, and are summed in another order: their rounding alone is 4e-6.
                    assertThat(stream.row(layer, head, i, Measure.WEIGHT))
                            .usingComparatorWithPrecision(2e-5f)
                            .containsExactly(maps.weights()[layer][head][i]);
                }
            }
        }
    }

    @Test
    void aTileOfAHigherLevelShowsTheGreatestWeightOfEachSquare() {
        try (Model model = TinyModels.decoder()) {
            AttentionStream stream = Run.of(model, RunInput.of(TEXT)).stream(Stack.DECODER);
            int n = stream.queries();
            Tile finest = Tile.of(stream, 1, 2, Measure.WEIGHT, 0, 0, 0);
            assertThat(finest.rows()).isEqualTo(n);
            for (int level : new int[] {1, 2, 3, 7}) {
                Tile tile = Tile.of(stream, 1, 2, Measure.WEIGHT, level, 0, 0);
                int cells = (n + (1 << level) - 1) >> level;
                assertThat(tile.rows()).isEqualTo(cells);
                float[] expected = new float[cells * cells];
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        int cell = (i >> level) * cells + (j >> level);
                        expected[cell] = Math.max(expected[cell], finest.values()[i * n + j]);
                    }
                }
                assertThat(tile.values()).containsExactly(expected);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tile.of(stream, 1, 2, Measure.WEIGHT, 0, 1, 0))
                    .withMessageContaining("there is no tile in row 1");
        }
    }

    @Test
    void aThumbnailShowsTheGreatestWeightOfEachCell() {
        try (Model model = TinyModels.encoder()) {
            AttentionStream stream = Run.of(model, RunInput.of(TEXT)).stream(Stack.ENCODER);
            int n = stream.queries();
            int h = 5;
            int w = 7;
            float[] pictures = stream.greatest(h, w, model.workers());
            float[] whole = stream.greatest(n, n, model.workers());
            for (int layer = 0; layer < stream.layers(); layer++) {
                for (int head = 0; head < stream.heads(); head++) {
                    float[] expected = new float[h * w];
                    int number = layer * stream.heads() + head;
                    for (int i = 0; i < n; i++) {
                        float[] row = stream.row(layer, head, i, Measure.WEIGHT);
                        assertThat(Arrays.copyOfRange(whole, (number * n + i) * n, (number * n + i + 1) * n))
                                .usingComparatorWithPrecision(1e-6f)
                                .containsExactly(row);
                        for (int j = 0; j < n; j++) {
                            int cell = i * h / n * w + j * w / n;
                            expected[cell] = Math.max(expected[cell], row[j]);
                        }
                    }
                    assertThat(Arrays.copyOfRange(pictures, number * h * w, (number + 1) * h * w))
                            .usingComparatorWithPrecision(1e-6f)
                            .containsExactly(expected);
                }
            }
        }
    }

    @Test
    void thumbnailsOfMoreQueriesThanAreMultipliedAtOnceAreTheSame() {
        try (Model model = TinyModels.encoderDecoder()) {
            String text = String.join(" ", List.of(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT));
            AttentionStream stream = Run.of(model, RunInput.of(text, "the river")).stream(Stack.ENCODER);
            int n = stream.queries();
            assertThat(n).isGreaterThan(64);
            float[] whole = stream.greatest(n, n, model.workers());
            for (int i = 0; i < n; i++) {
                int start = (stream.heads() + 2) * n * n + i * n;
                assertThat(Arrays.copyOfRange(whole, start, start + n))
                        .usingComparatorWithPrecision(2e-5f)
                        .containsExactly(stream.row(1, 2, i, Measure.WEIGHT));
            }
        }
    }

    @Test
    void theValueMeasureIsAShareOfTheRow() {
        try (Model model = TinyModels.encoderDecoder()) {
            AttentionStream stream = Run.of(model, RunInput.of(TEXT, "the river")).stream(Stack.CROSS);
            float[] weights = stream.row(1, 0, 2, Measure.WEIGHT);
            double sum = 0;
            double[] expected = new double[weights.length];
            for (int j = 0; j < weights.length; j++) {
                double squares = 0;
                for (float v : stream.value(1, 0, j)) {
                    squares += v * v;
                }
                expected[j] = weights[j] * Math.sqrt(squares);
                sum += expected[j];
            }
            float[] row = stream.row(1, 0, 2, Measure.VALUE);
            for (int j = 0; j < weights.length; j++) {
                assertThat(row[j]).isCloseTo((float) (expected[j] / sum), within(1e-6f));
            }
            assertThat(stream.weights(1, 0, 2, 3, 4, 6, Measure.VALUE)).containsExactly(row[4], row[5]);
        }
    }

    @Test
    void whatAHeadTakesIsTheSumOfTheValuesByTheirWeightsAndTheOutputsOfAllHeadsAddUp() {
        try (Model model = TinyModels.encoder()) {
            Run run = Run.of(model, RunInput.of(TEXT));
            Step step = Step.of(model, run, Stack.ENCODER, 1, 2, 3, 5);
            AttentionStream stream = run.stream(Stack.ENCODER);
            double denominator = 0;
            for (float score : step.scores()) {
                denominator += Math.exp(score);
            }
            double[] context = new double[stream.headWidth()];
            for (int j = 0; j < stream.keys(); j++) {
                assertThat(step.weights()[j])
                        .isCloseTo((float) (Math.exp(step.scores()[j]) / denominator), within(1e-6f));
                for (int c = 0; c < context.length; c++) {
                    context[c] += step.weights()[j] * stream.value(1, 2, j)[c];
                }
            }
            for (int c = 0; c < context.length; c++) {
                assertThat(step.context()[c]).isCloseTo((float) context[c], within(1e-6f));
            }
            assertThat(step.weights()[step.valueKeys()[0]]).isEqualTo(max(step.weights()));
            assertThat(step.scale()).isEqualTo((float) (1 / Math.sqrt(stream.headWidth())));
            assertThat(step.output()).hasSize(model.config().dModel());
        }
    }

    private static float max(float[] values) {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    @Test
    void withoutPositionsTheOrderOfTheWordsMakesNoDifferenceToAnEncoder() {
        try (Model model = TinyModels.encoder()) {
            Tensor one = last(model, RunInput.of("the bank river").withoutPositions());
            Tensor other = last(model, RunInput.of("the river bank").withoutPositions());
            assertThat(distance(one, 2, other, 3)).isLessThan(1e-5);
            assertThat(distance(one, 3, other, 2)).isLessThan(1e-5);
            Tensor placed = last(model, RunInput.of("the bank river"));
            Tensor otherPlaced = last(model, RunInput.of("the river bank"));
            assertThat(distance(placed, 2, otherPlaced, 3)).isGreaterThan(1e-2);
        }
    }

    private static Tensor last(Model model, RunInput input) {
        return Run.of(model, input).hidden(Site.encoder(model.config().layers() - 1));
    }

    private static double distance(Tensor a, int row, Tensor b, int other) {
        double most = 0;
        for (int d = 0; d < a.size(1); d++) {
            most = Math.max(most, Math.abs(a.at(row, d) - b.at(other, d)));
        }
        return most;
    }

    @Test
    void aMaskedTokenIsPredictedAndNotSeen() {
        try (Model model = TinyModels.encoder()) {
            Run run = Run.of(model, RunInput.of("the bank").masking(Set.of(2)));
            assertThat(run.source().get(2).piece()).isEqualTo("[MASK]");
            assertThat(run.predictions()).singleElement().satisfies(prediction -> {
                assertThat(prediction.token()).isEqualTo(2);
                assertThat(prediction.candidates())
                        .hasSize(5)
                        .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
            });
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(model, RunInput.of("the bank").masking(Set.of(99))))
                    .withMessage("there is no token 99 to mask, the text has 4 tokens");
        }
    }

    @Test
    void aModelThatWritesIsSeenWithWhatItWrote() {
        try (Model decoder = TinyModels.decoder();
                Model both = TinyModels.encoderDecoder()) {
            Run run = Run.of(decoder, RunInput.of("the bank").writing(4));
            int prompt = Run.of(decoder, RunInput.of("the bank")).source().size();
            assertThat(run.writtenFrom()).isEqualTo(prompt);
            assertThat(run.source()).hasSizeBetween(prompt + 1, prompt + 4);
            for (int i = prompt; i < run.source().size(); i++) { // greedy: each written token is the best one
                int next = run.source().get(i).id();
                int at = i - 1;
                assertThat(run.predictions().stream()
                                .filter(prediction -> prediction.token() == at)
                                .findFirst()
                                .orElseThrow()
                                .candidates()
                                .getFirst()
                                .id())
                        .isEqualTo(next);
            }
            assertThat(Run.of(both, RunInput.of("the bank").writing(3)).target())
                    .hasSizeBetween(1, 4);
        }
    }

    @Test
    void takingOutAHeadMovesPredictionsAndTakingOutNoneDoesNot() {
        try (Model model = TinyModels.decoder()) {
            RunInput input = RunInput.of(TEXT);
            Run run = Run.of(model, input);
            AblationEffect nothing = AblationEffect.of(model, input, run, Ablation.none());
            assertThat(nothing.kl()).isZero();
            assertThat(nothing.deltaLogProbability()).isZero();
            assertThat(nothing.cosine()).isCloseTo(1, within(1e-6));
            List<Integer> done = new ArrayList<>();
            AttentionStream stream = run.stream(Stack.DECODER);
            List<AblationEffect> each =
                    AblationEffect.ofEach(model, input, run, Stack.DECODER, Ablation.Filling.ZERO, done::add);
            assertThat(each).hasSize(stream.layers() * stream.heads()).allMatch(effect -> effect.kl() > 0);
            assertThat(done).hasSize(each.size()).endsWith(each.size());
            Ablation.HeadPlace second = new Ablation.HeadPlace(Stack.DECODER, 0, 1);
            assertThat(AblationEffect.of(model, input, run, Ablation.of(second, Ablation.Filling.ZERO)))
                    .isEqualTo(each.get(1));
            assertThat(AblationEffect.of(model, input, run, Ablation.of(second, Ablation.Filling.MEAN)))
                    .isNotEqualTo(each.get(1));
        }
    }

    @Test
    void whatAModelWroteStaysWhenHeadsAreTakenOut() {
        for (Model opened : List.of(TinyModels.decoder(), TinyModels.encoderDecoder())) {
            try (Model model = opened) {
                RunInput input = RunInput.of("the bank").writing(5);
                Run run = Run.of(model, input);
                Ablation.HeadPlace head = new Ablation.HeadPlace(Stack.DECODER, 1, 0);
                Ablation ablation = Ablation.of(head, Ablation.Filling.ZERO);
                Run after = run.again(model, input.without(ablation));
                assertThat(after.source()).isEqualTo(run.source());
                assertThat(after.target()).isEqualTo(run.target());
                assertThat(after.writtenFrom()).isEqualTo(run.writtenFrom());
                assertThat(after.predictions()).isNotEqualTo(run.predictions());
                assertThat(run.again(model, input).predictions()).isEqualTo(run.predictions());
                assertThat(AblationEffect.of(model, input, run, ablation).kl()).isPositive();
                assertThat(AblationEffect.of(model, input, run, Ablation.none()).kl())
                        .isZero();
            }
        }
    }

    @Test
    void withoutANumberAModelWritesAsManyTokensAsItHasPositionsFor() {
        try (Model decoder = TinyModels.decoder();
                Model translator = TinyModels.translator()) {
            int most = decoder.config().maxTokens();
            String text = "a";
            while (decoder.encode(text, null).length() < most - 3) {
                text += " a";
            }
            Run run = Run.of(decoder, RunInput.of(text).writing(RunInput.USUAL));
            assertThat(run.source()).hasSizeBetween(run.writtenFrom() + 1, most);
            assertThat(translator.config().maxTokens()).isLessThan(64);
            assertThat(Run.of(translator, RunInput.of("the bank")).target())
                    .hasSizeBetween(1, translator.config().maxTokens());
        }
    }

    @Test
    void everyHeadOfALayerTakenOutLeavesTheLayerItsFeedForwardNetworkAlone() {
        try (Model model = TinyModels.encoder()) {
            int heads = model.config().heads();
            Ablation all = new Ablation(
                    IntStream.range(0, heads)
                            .mapToObj(head -> new Ablation.HeadPlace(Stack.ENCODER, 0, head))
                            .toList(),
                    Ablation.Filling.ZERO);
            // Without attention a token of layer 0 depends on itself alone: an exchanged neighbour changes nothing.
            Tensor one = Run.of(model, RunInput.of("the bank").without(all)).hidden(Site.encoder(0));
            Tensor other = Run.of(model, RunInput.of("the river").without(all)).hidden(Site.encoder(0));
            assertThat(distance(one, 1, other, 1)).isZero();
            assertThat(distance(one, 2, other, 2)).isGreaterThan(1e-3);
        }
    }

    @Test
    void rolloutOfOneLayerIsHalfTheMeanOfItsHeadsAndHalfTheTokenItself() {
        try (Model model = TinyModels.encoder()) {
            AttentionStream stream = Run.of(model, RunInput.of(TEXT)).stream(Stack.ENCODER);
            Tensor first = Rollout.of(stream, 0, model);
            double mean = 0;
            for (int head = 0; head < stream.heads(); head++) {
                mean += stream.row(0, head, 2, Measure.WEIGHT)[4] / stream.heads();
            }
            assertThat(first.at(2, 4)).isCloseTo((float) mean / 2, within(1e-6f));
            Tensor last = Rollout.of(stream, stream.layers() - 1, model);
            for (int i = 0; i < last.size(0); i++) {
                double sum = 0;
                for (int j = 0; j < last.size(1); j++) {
                    sum += last.at(i, j);
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void theLinksOfAMassAreTheFewestThatReachIt() {
        try (Model model = TinyModels.encoder()) {
            AttentionStream stream = Run.of(model, RunInput.of(TEXT)).stream(Stack.ENCODER);
            Edges edges = Edges.of(stream, 0, 1, Measure.WEIGHT, 0.6, 10_000);
            for (int i = 0; i < stream.queries(); i++) {
                int query = i;
                List<Edges.Link> own = edges.links().stream()
                        .filter(link -> link.from() == query)
                        .toList();
                double reached = own.stream().mapToDouble(Edges.Link::weight).sum();
                assertThat(reached).isGreaterThanOrEqualTo(0.6 - 1e-6);
                assertThat(reached - own.getLast().weight()).isLessThan(0.6);
            }
            assertThat(edges.shown()).isBetween(0.6 - 1e-6, 1.0);
            for (int limit : new int[] {1, 2, 7, 31}) {
                Edges few = Edges.of(stream, 0, 1, Measure.WEIGHT, 0.6, limit);
                assertThat(few.links()).isEqualTo(edges.links().subList(0, limit));
            }
            int pairs = stream.queries() * stream.keys();
            assertThat(Edges.of(stream, 0, 1, Measure.WEIGHT, 1, pairs).links()).hasSize(pairs);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Edges.of(stream, 0, 1, Measure.WEIGHT, 0, 7))
                    .withMessageContaining("not 0.0");
        }
    }

    @Test
    void aRunComparedWithItselfChangesNothing() {
        try (Model model = TinyModels.encoder()) {
            Run run = Run.of(model, RunInput.of(TEXT));
            Comparison same = Comparison.of(run, run, Stack.ENCODER);
            assertThat(same.pairs()).allMatch(pair -> pair.a() == pair.b());
            assertThat(same.changes(model.workers())).allMatch(change -> change.change() == 0);
            Comparison other = Comparison.of(run, Run.of(model, RunInput.of("the river bank")), Stack.ENCODER);
            assertThat(other.pairs()).anyMatch(pair -> pair.b() < 0).noneMatch(pair -> pair.a() < 0);
            assertThat(other.changes(model.workers()))
                    .isSortedAccordingTo((a, b) -> Double.compare(b.change(), a.change()))
                    .allMatch(change -> change.change() >= 0 && change.change() <= 1);
        }
    }

    @Test
    void whatAHeadDoesOverAllIsSaidInMeans() {
        try (Model model = TinyModels.encoder()) {
            Run run = Run.of(model, RunInput.of(TEXT));
            AttentionStream stream = run.stream(Stack.ENCODER);
            HeadMeasures head =
                    HeadMeasures.of(run, Stack.ENCODER, model.workers()).get(stream.heads() + 1);
            double entropy = 0;
            double distance = 0;
            for (int i = 0; i < stream.queries(); i++) {
                float[] row = stream.row(1, 1, i, Measure.WEIGHT);
                for (int j = 0; j < row.length; j++) {
                    entropy -= row[j] * Math.log(row[j]) / Math.log(2) / stream.queries();
                    distance += row[j] * Math.abs(i - j) / (double) stream.queries();
                }
            }
            assertThat(head.entropy()).isCloseTo(entropy, within(1e-6));
            assertThat(head.distance()).isCloseTo(distance, within(1e-6));
            assertThat(head.profile().layer()).isEqualTo(1);
            assertThat(head.profile().head()).isEqualTo(1);
        }
    }

    @Test
    void whatAModelLacksIsRefusedInWords() {
        try (Model encoder = TinyModels.encoder();
                Model decoder = TinyModels.decoder()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(encoder, RunInput.of("the")).stream(Stack.CROSS))
                    .withMessage("this model has no cross-attention");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(encoder, RunInput.of("the").writing(3)))
                    .withMessageEndingWith("is an encoder: it reads, and writes nothing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(decoder, RunInput.of("the", "bank")))
                    .withMessageEndingWith("is a decoder: it takes one text and no pair");
            Ablation wrong = Ablation.of(new Ablation.HeadPlace(Stack.CROSS, 0, 0), Ablation.Filling.ZERO);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(decoder, RunInput.of("the").without(wrong)))
                    .withMessageContaining("no head 0 in layer 0 of its cross-attention");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Run.of(encoder, RunInput.of("the")).stream(Stack.ENCODER)
                            .row(0, 99, 0, Measure.WEIGHT))
                    .withMessageStartingWith("there is no head 99");
        }
    }
}
