package heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.family.TokenBatch;
import heed.generation.Cancellation;
import heed.generation.Decoding;
import heed.generation.Finish;
import heed.model.Model;
import heed.model.Models;
import heed.model.Recording;
import heed.pass.Point;
import heed.pass.Site;
import heed.pass.Watch;
import heed.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The tasks that write, on tiny checkpoints; [GenerationGoldenTest] holds them to Hugging Face.
class TextGeneratorTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/generation");

    private static Model open(String name) {
        return Models.open(GOLDEN.resolve(name));
    }

    @Test
    void textStreamsInPiecesThatTogetherAreTheContinuation() {
        try (Model model = open("gpt2")) {
            TextGenerator generator = new TextGenerator(model, Decoding.greedy().maxNewTokens(20));
            StringBuilder pieces = new StringBuilder();
            Continuation streamed = generator.stream("Once upon", pieces::append);
            assertThat(streamed).isEqualTo(generator.generate("Once upon"));
            assertThat(pieces).isNotEmpty().hasToString(streamed.text());
            assertThat(streamed.promptIds()).isEqualTo(generator.encode("Once upon"));
        }
    }

    @Test
    void samplesDoNotDependOnTheirBatchMates() {
        try (Model model = open("llama")) {
            Decoding sampling =
                    Decoding.sampling(3).temperature(1.5).maxNewTokens(15).sequences(2);
            TextGenerator generator = new TextGenerator(model, sampling.withLogProbabilities());
            List<int[]> prompts = List.of(new int[] {4}, new int[] {7, 7, 9, 30, 2}, new int[] {4, 5});
            List<List<Continuation>> together = generator.generateTokens(prompts);
            for (int p = 0; p < prompts.size(); p++) {
                List<Continuation> alone =
                        generator.generateTokens(List.of(prompts.get(p))).getFirst();
                assertThat(together.get(p).stream().map(Continuation::ids))
                        .containsExactlyElementsOf(
                                alone.stream().map(Continuation::ids).toList());
            }
            assertThat(together.getFirst().get(0).ids())
                    .isNotEqualTo(together.getFirst().get(1).ids());
        }
    }

    @Test
    void manyPromptsComeBackInTheirOrder() {
        try (Model model = open("llama")) {
            TextGenerator generator = new TextGenerator(model, Decoding.greedy().maxNewTokens(3));
            List<int[]> prompts = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                int[] prompt = new int[1 + i % 5];
                Arrays.fill(prompt, 3 + i % 50);
                prompts.add(prompt);
            }
            List<List<Continuation>> together = generator.generateTokens(prompts);
            for (int i : new int[] {0, 4, 33, 69}) {
                assertThat(together.get(i).getFirst().ids())
                        .isEqualTo(generator
                                .generateTokens(List.of(prompts.get(i)))
                                .getFirst()
                                .getFirst()
                                .ids());
            }
        }
    }

    /// What is remembered step by step gives what one pass over the whole gives.
    @Test
    void logProbabilitiesAreThoseOfOnePassOverEverything() {
        try (Model model = open("gpt2")) {
            int[] prompt = {11, 4, 30};
            Continuation written = new TextGenerator(
                            model, Decoding.greedy().maxNewTokens(12).withLogProbabilities())
                    .generateTokens(List.of(prompt))
                    .getFirst()
                    .getFirst();
            for (int i = 0; i < written.ids().length; i++) {
                int[] before = Arrays.copyOf(prompt, prompt.length + i);
                System.arraycopy(written.ids(), 0, before, prompt.length, i);
                Tensor probabilities = model.decode().prefill(List.of(before)).softmax();
                assertThat(Math.log(probabilities.at(0, written.ids()[i])))
                        .isCloseTo(written.logProbabilities()[i], within(1e-5));
            }
        }
    }

    @Test
    void aWatchSeesOneRowOfAttentionForEveryNewToken() {
        try (Model model = open("gpt2")) {
            int[] prompt = {11, 4, 30};
            List<float[]> rows = new ArrayList<>();
            Site site = new Site(Site.Stack.DECODER, 1);
            Watch watch = new Watch() {
                @Override
                public boolean wants(Site place, Point point) {
                    return place.equals(site) && point == Point.WEIGHTS;
                }

                @Override
                public Tensor see(Site place, Point point, int sequence, Tensor value) {
                    for (int i = 0; i < value.size(1); i++) {
                        rows.add(value.part(2).part(i).toArray());
                    }
                    return value;
                }
            };
            Continuation written = new TextGenerator(model, Decoding.greedy().maxNewTokens(5))
                    .watched(watch)
                    .generateTokens(List.of(prompt))
                    .getFirst()
                    .getFirst();
            int[] all = Arrays.copyOf(prompt, prompt.length + 4); // the last token is never read
            System.arraycopy(written.ids(), 0, all, prompt.length, 4);
            Recording whole = Recording.of(Point.WEIGHTS);
            model.run(whole, pass -> model.network().encode(TokenBatch.of(all), pass));
            Tensor expected = whole.at(site, Point.WEIGHTS, 0).part(2); // [T, T]
            assertThat(rows).hasSize(all.length);
            for (int i = 0; i < all.length; i++) {
                float[] row = expected.part(i).toArray();
                int seen = rows.get(i).length;
                assertThat(rows.get(i)).containsExactly(Arrays.copyOf(row, seen), within(1e-5f));
                assertThat(seen).isEqualTo(i < prompt.length ? prompt.length : i + 1);
            }
        }
    }

    @Test
    void aStopStringEndsTheTextThatContainsIt() {
        try (Model model = open("gpt2")) {
            Decoding decoding = Decoding.greedy().maxNewTokens(20);
            String text = String.valueOf(
                    new TextGenerator(model, decoding).generate("Once upon").text());
            String stop = text.replaceAll("[^a-zA-Z]", "").substring(0, 1);
            Continuation stopped =
                    new TextGenerator(model, decoding.stopStrings("never there", stop)).generate("Once upon");
            assertThat(stopped.finish()).isEqualTo(Finish.STOP);
            assertThat(stopped.text()).contains(stop);
            assertThat(stopped.text()).isEqualTo(text.substring(0, text.indexOf(stop) + 1));
            assertThat(stopped.ids().length).isLessThan(20);
        }
    }

    @Test
    void streamingStopsWhenItIsCancelledOrTheTimeIsUp() {
        try (Model model = open("gpt2")) {
            Decoding decoding = Decoding.greedy().maxNewTokens(30).minNewTokens(30);
            Cancellation cancellation = new Cancellation();
            Continuation cancelled =
                    new TextGenerator(model, decoding).stream("Once upon", _ -> cancellation.cancel(), cancellation);
            assertThat(cancelled.finish()).isEqualTo(Finish.CANCELLED);
            assertThat(cancelled.ids()).hasSizeBetween(1, 4);
            Continuation late = new TextGenerator(model, decoding.deadline(Duration.ofNanos(1))).generate("Once upon");
            assertThat(late.finish()).isEqualTo(Finish.DEADLINE);
            assertThat(late.ids()).hasSize(1);
        }
    }

    @Test
    void anEmptyPromptIsTheTokenThatTextsBeginWith() {
        try (Model model = open("gpt2")) {
            assertThat(new TextGenerator(model, Decoding.greedy()).encode("")).containsExactly(261);
        }
    }

    @Test
    void aModelWithoutTokenizerWritesIds() {
        try (Model model = open("llama")) {
            TextGenerator generator = new TextGenerator(model, Decoding.greedy().maxNewTokens(4));
            Continuation written =
                    generator.generateTokens(List.of(new int[] {5})).getFirst().getFirst();
            assertThat(written.text()).isNull();
            assertThat(written.ids()).isNotEmpty();
            assertThatThrownBy(() -> generator.streamTokens(new int[] {5}, _ -> {}, new Cancellation()))
                    .hasMessageContaining("llama has no tokenizer");
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsComputed() {
        try (Model model = open("gpt2")) {
            TextGenerator generator = new TextGenerator(model, Decoding.greedy().maxNewTokens(50));
            assertThatThrownBy(() -> generator.generateTokens(List.of(new int[12])))
                    .hasMessage("the prompt has 12 tokens and 50 new ones are wanted, the model takes at most 60 in"
                            + " all");
            assertThat(generator
                            .generateTokens(List.of(new int[11]))
                            .getFirst()
                            .getFirst()
                            .ids())
                    .hasSize(50);
            assertThatThrownBy(() -> generator.generateTokens(List.of(new int[] {1}, new int[61])))
                    .hasMessage("prompt 2 has 61 tokens, the model takes at most 60");
            assertThatThrownBy(() -> generator.generateTokens(List.of(new int[] {262})))
                    .hasMessageContaining("262");
            assertThatThrownBy(() -> generator.generateTokens(List.of(new int[0])))
                    .hasMessage("the prompt has no tokens");
        }
    }

    @Test
    void modelsThatDoNotWriteSaySo() {
        try (Model bert = Models.open(Path.of("src/test/resources/golden/bert/base"));
                Model decoder = open("gpt2")) {
            assertThatThrownBy(() -> new TextGenerator(bert, Decoding.greedy()))
                    .hasMessageContaining("base is a BertModel, which writes no text");
            assertThatThrownBy(() -> new Translator(decoder))
                    .hasMessageContaining("gpt2 is a GPT2LMHeadModel, which reads no source to translate");
            assertThatThrownBy(() -> new Summarizer(decoder)).hasMessageContaining("no source to summarise");
        }
    }
}
