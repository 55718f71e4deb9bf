package heed.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.kernel.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int VOCABULARY = 7;
    private static final int END = 6;

    /// Counts upwards, modulo the vocabulary.
    private static float[] counting(int[] ids) {
        float[] scores = new float[VOCABULARY];
        scores[(ids[ids.length - 1] + 1) % VOCABULARY] = 3;
        return scores;
    }

    private static Generator generator(Decoding decoding, List<Prefix> prompts, TokenListener listener) {
        int[] maxLengths = prompts.stream()
                .mapToInt(prompt -> decoding.length().mostTokens(Length.UNSAID, 20, "the prompt", prompt.length(), 50))
                .toArray();
        return new Generator(
                decoding, maxLengths, decoding.stoppingCriteria(), listener, new Cancellation(), WorkerPool.shared());
    }

    private static List<Hypothesis> best(Decoding decoding, List<Prefix> prompts, TableSteps steps) {
        return generator(decoding, prompts, TokenListener.NONE).run(prompts, steps).stream()
                .map(List::getFirst)
                .toList();
    }

    @Test
    void aSequenceThatEndsLeavesTheBatch() {
        List<Prefix> prompts = List.of(Prefix.of(4), Prefix.of(1), Prefix.of(3, 3));
        TableSteps steps = new TableSteps(GeneratorTest::counting, prompts);
        List<Hypothesis> best = best(Decoding.greedy().endTokens(END).maxNewTokens(4), prompts, steps);
        assertThat(best.get(0).ids()).containsExactly(5, END);
        assertThat(best.get(1).ids()).containsExactly(2, 3, 4, 5);
        assertThat(best.get(2).ids()).containsExactly(4, 5, END);
        assertThat(best.stream().map(Hypothesis::finish))
                .containsExactly(Finish.END_TOKEN, Finish.LENGTH, Finish.END_TOKEN);
        assertThat(steps.batches()).containsExactly(3, 3, 2, 1);
    }

    @Test
    void nothingIsComputedForTheLastToken() {
        List<Prefix> prompts = List.of(Prefix.of(1));
        TableSteps steps = new TableSteps(GeneratorTest::counting, prompts);
        best(Decoding.greedy().maxNewTokens(1), prompts, steps);
        assertThat(steps.batches()).containsExactly(1);
    }

    @Test
    void beamsStartFromOneRow() {
        List<Prefix> prompts = List.of(Prefix.of(1), Prefix.of(2));
        TableSteps steps = new TableSteps(GeneratorTest::counting, prompts);
        best(Decoding.beams(3).maxNewTokens(3), prompts, steps);
        assertThat(steps.batches()).containsExactly(2, 6, 6);
    }

    @Test
    void beamSearchFindsWhatGreedyDecodingMisses() {
        // 1 looks better than 2, but after 1 everything is equal, after 2 the end is certain
        List<Prefix> prompts = List.of(Prefix.of(0));
        TableSteps steps = new TableSteps(
                ids -> switch (ids[ids.length - 1]) {
                    case 0 -> new float[] {-9, 1.1f, 1, -9, -9, -9, -9};
                    case 1 -> new float[VOCABULARY];
                    default -> new float[] {-9, -9, -9, -9, -9, -9, 9};
                },
                prompts);
        assertThat(best(Decoding.greedy().endTokens(END).maxNewTokens(2), prompts, steps)
                        .getFirst()
                        .ids())
                .containsExactly(1, 0);
        steps = new TableSteps(
                ids -> switch (ids[ids.length - 1]) {
                    case 0 -> new float[] {-9, 1.1f, 1, -9, -9, -9, -9};
                    case 1 -> new float[VOCABULARY];
                    default -> new float[] {-9, -9, -9, -9, -9, -9, 9};
                },
                prompts);
        assertThat(best(Decoding.beams(2).endTokens(END).maxNewTokens(2), prompts, steps)
                        .getFirst()
                        .ids())
                .containsExactly(2, END);
    }

    @Test
    void theListenerHearsEveryTokenAsItIsChosen() {
        List<Prefix> prompts = List.of(Prefix.of(3), Prefix.of(0));
        List<String> heard = new ArrayList<>();
        generator(
                        Decoding.greedy().endTokens(END).maxNewTokens(3),
                        prompts,
                        (sequence, id) -> heard.add(sequence + ":" + id))
                .run(prompts, new TableSteps(GeneratorTest::counting, prompts));
        assertThat(heard).containsExactly("0:4", "1:1", "0:5", "1:2", "0:6", "1:3");
    }

    @Test
    void aCriterionEndsASequence() {
        List<Prefix> prompts = List.of(Prefix.of(1));
        Hypothesis stopped = best(
                        Decoding.greedy().maxNewTokens(9).stopWhen(prefix -> prefix.last() == 4),
                        prompts,
                        new TableSteps(GeneratorTest::counting, prompts))
                .getFirst();
        assertThat(stopped.ids()).containsExactly(2, 3, 4);
        assertThat(stopped.finish()).isEqualTo(Finish.STOP);
    }

    @Test
    void aCancelledGenerationKeepsWhatItHas() {
        List<Prefix> prompts = List.of(Prefix.of(1), Prefix.of(4));
        Cancellation cancellation = new Cancellation();
        TokenListener third = (sequence, id) -> {
            if (sequence == 0 && id == 4) {
                cancellation.cancel();
            }
        };
        for (Decoding decoding : List.of(Decoding.greedy(), Decoding.sampling(1).topK(1))) {
            List<Hypothesis> best = new Generator(
                            decoding.endTokens(END),
                            new int[] {30, 30},
                            List.of(),
                            third,
                            cancellation,
                            WorkerPool.shared())
                    .run(prompts, new TableSteps(GeneratorTest::counting, prompts)).stream()
                            .map(List::getFirst)
                            .toList();
            assertThat(best.get(1).finish()).isIn(Finish.END_TOKEN, Finish.CANCELLED);
            assertThat(best.get(0).finish()).isEqualTo(Finish.CANCELLED);
            assertThat(best.get(0).ids()).startsWith(2);
        }
    }

    @Test
    void interruptingTheThreadCancels() {
        List<Prefix> prompts = List.of(Prefix.of(1));
        Thread.currentThread().interrupt();
        Hypothesis best = best(
                        Decoding.beams(2).maxNewTokens(9), prompts, new TableSteps(GeneratorTest::counting, prompts))
                .getFirst();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(best.finish()).isEqualTo(Finish.CANCELLED);
        assertThat(best.ids()).containsExactly(2);
    }

    @Test
    void aDeadlineEndsGenerationAfterTheStepUnderWay() {
        List<Prefix> prompts = List.of(Prefix.of(1));
        Hypothesis best = best(
                        Decoding.greedy().maxNewTokens(9).deadline(Duration.ofNanos(1)),
                        prompts,
                        new TableSteps(GeneratorTest::counting, prompts))
                .getFirst();
        assertThat(best.finish()).isEqualTo(Finish.DEADLINE);
        assertThat(best.ids()).containsExactly(2);
    }

    @Test
    void aProcessorOfOnesOwnIsHeard() {
        List<Prefix> prompts = List.of(Prefix.of(1));
        Hypothesis best = best(
                        Decoding.greedy().maxNewTokens(2).processor((prefix, scores) -> scores[prefix.length()] = 99),
                        prompts,
                        new TableSteps(GeneratorTest::counting, prompts))
                .getFirst();
        assertThat(best.ids()).containsExactly(1, 2);
    }

    @Test
    void lengthsThatDoNotFitAreRefusedWithTheNumbers() {
        assertThatThrownBy(() ->
                        Decoding.greedy().maxNewTokens(40).length().mostTokens(Length.UNSAID, 20, "the prompt", 10, 30))
                .hasMessage("the prompt has 10 tokens and 40 new ones are wanted, the model takes at most 30 in all");
        assertThatThrownBy(() -> Length.UNSAID.mostTokens(Length.UNSAID, 20, "the prompt", 31, 30))
                .hasMessage("the prompt has 31 tokens, the model takes at most 30");
        assertThatThrownBy(() -> Length.UNSAID.mostTokens(new Length(null, null, null, 20), 20, "the prompt", 25, 30))
                .hasMessageContaining("the prompt has 25 tokens, and 20 is the greatest length");
        assertThat(Length.UNSAID.mostTokens(Length.UNSAID, 20, "the prompt", 25, 30))
                .isEqualTo(31);
        assertThat(Decoding.greedy().maxNewTokens(6).length().mostTokens(Length.UNSAID, 20, "the prompt", 25, 30))
                .isEqualTo(31);
    }

    @Test
    void optionsThatMakeNoSenseAreRefusedInOneLine() {
        assertThatThrownBy(() -> Decoding.beams(0)).hasMessageContaining("0 beams");
        assertThatThrownBy(() -> Decoding.beams(2).sequences(3)).hasMessageContaining("2 beams cannot give 3");
        assertThatThrownBy(() -> Decoding.greedy().sequences(2)).hasMessageContaining("greedy decoding gives one");
        assertThatThrownBy(() -> Decoding.greedy().temperature(2))
                .hasMessage("a temperature belongs to sampling, this is greedy decoding");
        assertThatThrownBy(() -> Decoding.sampling(1).lengthPenalty(2))
                .hasMessage("a length penalty belongs to beam search, this is sampling");
        assertThatThrownBy(() -> Decoding.sampling(1).temperature(0)).hasMessageContaining("temperature is 0.0");
        assertThatThrownBy(() -> Decoding.sampling(1).topP(1.5)).hasMessageContaining("top-p is 1.5");
        assertThatThrownBy(() -> Decoding.greedy().maxNewTokens(0)).hasMessageContaining("0 new tokens");
        assertThatThrownBy(() -> Decoding.greedy().maxNewTokens(3).minNewTokens(4))
                .hasMessage("at least 4 and at most 3 new tokens contradict each other");
        assertThatThrownBy(() -> Decoding.greedy().repetitionPenalty(0)).hasMessageContaining("penalty is 0.0");
        assertThatThrownBy(() -> Decoding.greedy().stopStrings("")).hasMessageContaining("empty stop string");
        assertThatThrownBy(() -> Prefix.of()).hasMessage("the prompt has no tokens");
    }

    @Test
    void whatTheCallerSaysGoesBeforeWhatTheModelSays() {
        GenerationConfig model = new GenerationConfig(
                new Length(null, null, 5, 30),
                Tokens.UNSAID.withEnd(List.of(2)),
                new Repetition(1.3, 3, null),
                new Strategy.Beams(4, 0.5, EarlyStopping.NEVER),
                new Strategy.Sampling(0, 0.7, 20, null, null),
                null);
        Decoding greedy = Decoding.greedy().maxNewTokens(7).repetitionPenalty(1).over(model);
        assertThat(greedy.strategy()).isEqualTo(new Strategy.Greedy());
        assertThat(greedy.length()).isEqualTo(new Length(null, 7, 5, null));
        assertThat(greedy.repetition()).isEqualTo(new Repetition(1.0, 3, null));
        assertThat(greedy.tokens().end()).containsExactly(2);
        assertThat(Decoding.beams(2).lengthPenalty(2).over(model).strategy())
                .isEqualTo(new Strategy.Beams(2, 2.0, EarlyStopping.NEVER));
        assertThat(Decoding.sampling(9).topK(0).over(model).strategy())
                .isEqualTo(new Strategy.Sampling(9, 0.7, 0, null, null));
        assertThat(Decoding.greedy().endTokens().over(model).tokens().end()).isEmpty();
    }
}
