package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.Finish;
import heed.generation.TokenListener;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.model.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuousGeneratorTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "generation");

    private static int[] prompt(Model model, SplittableRandom random) {
        return random.ints(1 + random.nextInt(17), 0, model.config().vocabularySize())
                .toArray();
    }

    private static Decoding decoding(SplittableRandom random) {
        int newTokens = 1 + random.nextInt(23);
        Decoding decoding = switch (random.nextInt(4)) {
            case 0 -> Decoding.beams(3).sequences(2);
            case 1 -> Decoding.sampling(random.nextLong()).sequences(3);
            default -> Decoding.greedy();
        };
        return decoding.maxNewTokens(newTokens).withLogProbabilities();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void whatFollowsAPromptIsToTheLastBitWhatFollowsItAlone(String name) {
        try (Model model = Models.open(GOLDEN.resolve(name))) {
            SplittableRandom random = new SplittableRandom(5);
            ContinuousGenerator generator = new ContinuousGenerator(model);
            List<int[]> prompts = new ArrayList<>();
            List<Decoding> decodings = new ArrayList<>();
            List<CompletableFuture<List<Continuation>>> results = new ArrayList<>();
            while (prompts.size() < 31 || !generator.idle()) {
                for (int some = random.nextInt(3); some > 0 && prompts.size() < 31; some--) {
                    prompts.add(prompt(model, random));
                    decodings.add(decoding(random));
                    results.add(generator.add(
                            generator.prompt(prompts.getLast(), decodings.getLast()),
                            TokenListener.NONE,
                            new Cancellation()));
                }
                generator.step();
            }
            for (int i = 0; i < prompts.size(); i++) {
                List<Continuation> alone = new TextGenerator(model, decodings.get(i))
                        .generateTokens(List.of(prompts.get(i)))
                        .getFirst();
                assertThat(results.get(i).join()).isEqualTo(alone);
            }
        }
    }

    @Test
    void tokensAreToldAsTheyAreChosen() {
        try (Model model = Models.open(GOLDEN.resolve("gpt2"))) {
            ContinuousGenerator generator = new ContinuousGenerator(model);
            List<Integer> told = new ArrayList<>();
            CompletableFuture<List<Continuation>> result = generator.add(
                    generator.prompt(new int[] {5, 7}, Decoding.greedy().maxNewTokens(3)),
                    (_, id) -> told.add(id),
                    new Cancellation());
            generator.step();
            assertThat(told).hasSize(1);
            generator.step();
            generator.step();
            assertThat(result.join().getFirst().ids())
                    .containsExactly(told.stream().mapToInt(id -> id).toArray());
            assertThat(generator.idle()).isTrue();
        }
    }

    @Test
    void whoCancelsLeavesTheOthersAlone() {
        try (Model model = Models.open(GOLDEN.resolve("gpt2"))) {
            ContinuousGenerator generator = new ContinuousGenerator(model);
            Decoding decoding = Decoding.greedy().maxNewTokens(12);
            Cancellation cancellation = new Cancellation();
            var first = generator.add(generator.prompt(new int[] {5, 7}, decoding), TokenListener.NONE, cancellation);
            var second = generator.add(
                    generator.prompt(new int[] {9, 11, 13}, decoding), TokenListener.NONE, new Cancellation());
            generator.step();
            generator.step();
            cancellation.cancel();
            while (!generator.idle()) {
                generator.step();
            }
            assertThat(first.join().getFirst().finish()).isEqualTo(Finish.CANCELLED);
            assertThat(first.join().getFirst().ids()).hasSize(2);
            assertThat(second.join().getFirst())
                    .isEqualTo(new TextGenerator(model, decoding)
                            .generateTokens(List.of(new int[] {9, 11, 13}))
                            .getFirst()
                            .getFirst());
        }
    }

    @Test
    void aPromptThatFailsStrikesNobodyElse() {
        try (Model model = Models.open(GOLDEN.resolve("gpt2"))) {
            ContinuousGenerator generator = new ContinuousGenerator(model);
            Decoding decoding = Decoding.greedy().maxNewTokens(9);
            var running =
                    generator.add(generator.prompt(new int[] {3}, decoding), TokenListener.NONE, new Cancellation());
            generator.step();
            var good =
                    generator.add(generator.prompt(new int[] {5, 7}, decoding), TokenListener.NONE, new Cancellation());
            var poison = generator.add(
                    generator.prompt(new int[] {1_000_000}, decoding), TokenListener.NONE, new Cancellation());
            var last = generator.add(generator.prompt(new int[] {8}, decoding), TokenListener.NONE, new Cancellation());
            var deaf = generator.add(
                    generator.prompt(new int[] {8, 9}, decoding),
                    (_, _) -> {
                        throw new IllegalStateException("nobody listens");
                    },
                    new Cancellation());
            while (!generator.idle()) {
                generator.step();
            }
            assertThatThrownBy(poison::join).isInstanceOf(CompletionException.class);
            assertThatThrownBy(deaf::join).hasRootCauseMessage("nobody listens");
            TextGenerator alone = new TextGenerator(model, decoding);
            assertThat(running.join())
                    .isEqualTo(alone.generateTokens(List.of(new int[] {3})).getFirst());
            assertThat(good.join())
                    .isEqualTo(alone.generateTokens(List.of(new int[] {5, 7})).getFirst());
            assertThat(last.join())
                    .isEqualTo(alone.generateTokens(List.of(new int[] {8})).getFirst());
        }
    }

    @Test
    void thereIsRoomForSoManyRowsAndAlwaysForTheFirst() {
        try (Model model = Models.open(GOLDEN.resolve("gpt2"))) {
            ContinuousGenerator generator = new ContinuousGenerator(model);
            Decoding decoding = Decoding.sampling(1).sequences(20).maxNewTokens(2);
            assertThat(generator.hasRoom(generator.prompt(new int[] {1}, decoding)))
                    .isTrue();
            var begun =
                    generator.add(generator.prompt(new int[] {1}, decoding), TokenListener.NONE, new Cancellation());
            generator.step();
            assertThat(begun).isNotDone();
            assertThat(generator.rows()).isEqualTo(20);
            assertThat(generator.hasRoom(generator.prompt(new int[] {1}, decoding)))
                    .isFalse();
            assertThat(generator.hasRoom(generator.prompt(new int[] {1}, decoding.sequences(12))))
                    .isTrue();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> generator.hasRoom(generator.prompt(new int[61], decoding)))
                    .withMessageContaining("61 tokens");
        }
    }

    @Test
    void sequencesThatJoinASessionAreAsIfTheyHadBegunIt() {
        try (Model model = Models.open(GOLDEN.resolve("llama"))) {
            DecodingSession session = model.decode();
            int[] first = {3, 5, 7, 11};
            int[] second = {13, 17};
            float[] begun = session.feed(List.of(), List.of(first)).toArray();
            assertThat(begun)
                    .containsExactly(model.decode().prefill(List.of(first)).toArray());
            float[] both =
                    session.feed(List.of(new int[] {19}), List.of(second)).toArray();
            DecodingSession alone = model.decode();
            alone.prefill(List.of(first));
            float[] stepped = alone.step(19).toArray();
            float[] joined = model.decode().prefill(List.of(second)).toArray();
            assertThat(both).startsWith(stepped).endsWith(joined);
            assertThatThrownBy(() -> session.feed(List.of(new int[] {1}, new int[] {1}), List.of(new int[0])))
                    .hasMessageContaining("has no tokens");
            assertThat(session.sequences()).isEqualTo(2);
            try (Model translator = Models.open(GOLDEN.resolve("marian"))) {
                assertThatIllegalArgumentException().isThrownBy(() -> new ContinuousGenerator(translator));
            }
        }
    }
}
