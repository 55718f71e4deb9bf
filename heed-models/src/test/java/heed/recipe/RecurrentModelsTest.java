package heed.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import heed.checkpoint.SafetensorsWriter;
import heed.family.Head;
import heed.family.ParameterSource;
import heed.family.RecurrentConfig;
import heed.family.Seq2SeqNetwork;
import heed.family.TokenBatch;
import heed.generation.Decoding;
import heed.kernel.RecurrentCell;
import heed.model.DecodingSession;
import heed.model.Model;
import heed.model.Models;
import heed.model.Outputs;
import heed.pass.Watch;
import heed.recurrent.RecurrentLanguageModel;
import heed.recurrent.RecurrentTranslator.Looking;
import heed.task.Continuation;
import heed.task.TextGenerator;
import heed.task.Translator;
import heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Recurrent models are opened from their folders, and write through the same sessions as Transformers.
@NullMarked
class RecurrentModelsTest {
    private static final int VOCABULARY = 11;
    private static final int START = 0;
    private static final int END = 1;
    private static final List<int[]> SOURCES = List.of(new int[] {5, 2}, new int[] {3, 4, 2, 6}, new int[] {9});
    private static final List<int[]> TARGETS =
            List.of(new int[] {START, 7, 3, 8}, new int[] {START, 2, 2, 5}, new int[] {START, 10, 4, 6});

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Model translator(RecurrentCell cell, Looking looking, boolean tied) throws IOException {
        Seq2SeqArchitecture kind = new Seq2SeqArchitecture.Recurrent(cell, looking, 2, 12, tied);
        return opened(kind.configJson(VOCABULARY, START, END, 32, 0), kind.beginning(VOCABULARY, 11));
    }

    private Model writer(RecurrentCell cell) throws IOException {
        String config = RecurrentFiles.json(
                RecurrentFiles.config(RecurrentConfig.Kind.LANGUAGE_MODEL, cell, VOCABULARY, 12, 2, 0));
        return opened(config, RecurrentFiles.asIn(RecurrentLanguageModel.fresh(cell, VOCABULARY, 2, 12, 3)));
    }

    private Model opened(String config, ParameterSource.Beginning beginning) throws IOException {
        ParameterSource.Learned parameters = RecurrentFiles.fresh(beginning);
        RecurrentFiles.begin(config, parameters);
        Files.writeString(folder.resolve("config.json"), config);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), parameters.tensors());
        return Models.open(folder);
    }

    /// By a whole pass, `[V]`: the scores of what follows a target.
    private static float[] whole(Model model, int[] source, int[] target) {
        Seq2SeqNetwork network = (Seq2SeqNetwork) model.network();
        return model.run(pass -> {
            Tensor hidden = network.read(TokenBatch.of(source), pass).write(TokenBatch.of(target), pass);
            return ((Head.LanguageModel) network.head())
                    .logits(hidden, pass)
                    .part(target.length - 1)
                    .toArray();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "LSTM, NONE, true",
        "GRU, NONE, false",
        "TANH, LUONG_DOT, false",
        "LSTM, LUONG_GENERAL, true",
        "LSTM, BAHDANAU, true",
        "GRU, BAHDANAU, false"
    })
    void aSessionComputesWhatWholePassesDo(RecurrentCell cell, Looking looking, boolean tied) throws IOException {
        try (Model model = translator(cell, looking, tied)) {
            DecodingSession session = model.decode(SOURCES, Watch.NONE);
            // Targets of different lengths: the first tokens of each as a prompt.
            int[] given = {2, 1, 3};
            Tensor logits = session.prefill(List.of(cut(0, 2), cut(1, 1), cut(2, 3)));
            for (int b = 0; b < 3; b++) {
                assertThat(logits.part(b).toArray())
                        .containsExactly(whole(model, SOURCES.get(b), cut(b, given[b])), within(1e-5f));
            }
            session.reorder(2, 0, 0, 1);
            assertThat(session.length(0)).isEqualTo(3);
            logits = session.step(6, 3, 9, 4);
            int[][] written = {{START, 10, 4, 6}, {START, 7, 3}, {START, 7, 9}, {START, 4}};
            int[] source = {2, 0, 0, 1};
            for (int b = 0; b < 4; b++) {
                assertThat(logits.part(b).toArray())
                        .containsExactly(whole(model, SOURCES.get(source[b]), written[b]), within(1e-5f));
            }
        }
    }

    private static int[] cut(int target, int tokens) {
        return Arrays.copyOf(TARGETS.get(target), tokens);
    }

    @ParameterizedTest
    @EnumSource
    void aBeamIsNoLessProbableThanGreedyDecoding(Looking looking) throws IOException {
        try (Model model = translator(RecurrentCell.LSTM, looking, true)) {
            List<Continuation> greedy = written(model, Decoding.greedy());
            List<Continuation> beams = written(model, Decoding.beams(6));
            for (int b = 0; b < SOURCES.size(); b++) {
                assertThat(beams.get(b).score())
                        .isGreaterThanOrEqualTo(greedy.get(b).score() - 1e-5);
            }
        }
    }

    private static List<Continuation> written(Model model, Decoding decoding) {
        return new TextGenerator(model, decoding.endTokens(END).maxNewTokens(6).withLogProbabilities())
                .generateTokens(SOURCES).stream().map(List::getFirst).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aLanguageModelGoesOnFromItsState(RecurrentCell cell) throws IOException {
        try (Model model = writer(cell)) {
            int[] prompt = {3, 8, 1};
            int[] ids = new TextGenerator(model, Decoding.greedy().maxNewTokens(7))
                    .generateTokens(List.of(prompt))
                    .getFirst()
                    .getFirst()
                    .ids();
            int[] all = prompt;
            for (int id : ids) { // reading everything again before each token
                int[] read = all;
                float[] scores =
                        model.run(pass -> ((Head.LanguageModel) model.network().head())
                                .logits(model.network().encode(TokenBatch.of(read), pass), pass)
                                .part(read.length - 1)
                                .toArray());
                assertThat(id).isEqualTo(highest(scores));
                all = Arrays.copyOf(all, all.length + 1);
                all[all.length - 1] = id;
            }
            assertThat(ids).hasSize(7);
        }
    }

    /// Sequences that join begin with a state of zeros, wherever the others are.
    @ParameterizedTest
    @EnumSource
    void sequencesJoinASession(RecurrentCell cell) throws IOException {
        try (Model model = writer(cell)) {
            DecodingSession session = model.decode();
            session.feed(List.of(), List.of(new int[] {3, 8, 1}, new int[] {5}));
            Tensor logits = session.feed(List.of(new int[] {2}, new int[] {7}), List.of(new int[] {4, 4}));
            int[][] read = {{3, 8, 1, 2}, {5, 7}, {4, 4}};
            for (int b = 0; b < read.length; b++) {
                Tensor alone = model.decode().prefill(List.of(read[b]));
                assertThat(logits.part(b).toArray())
                        .containsExactly(alone.part(0).toArray(), within(1e-6f));
            }
            assertThatThrownBy(() -> session.feed(
                            List.of(new int[] {2}, new int[] {7}, new int[] {1}), List.of(new int[] {VOCABULARY})))
                    .hasMessageContaining("token id 11 is outside the table");
            assertThat(session.sequences()).isEqualTo(3);
        }
    }

    private static int highest(float[] scores) {
        int best = 0;
        for (int id = 1; id < scores.length; id++) {
            best = scores[id] > scores[best] ? id : best;
        }
        return best;
    }

    @Test
    void theOutputsOfALanguageModelAreItsStates() throws IOException {
        try (Model model = writer(RecurrentCell.GRU)) {
            var outputs = Outputs.of(model, TokenBatch.of(3, 8, 1), true, true);
            assertThat(outputs.keySet())
                    .containsExactlyInAnyOrder(
                            "last_hidden_state", "logits", "hidden_states.0", "hidden_states.1", "hidden_states.2");
            assertThat(Objects.requireNonNull(outputs.get("hidden_states.1"))
                            .shape()
                            .toArray())
                    .containsExactly(1, 3, 12);
        }
    }

    @Test
    void whatARecurrentModelCannotDoIsSaid() throws IOException {
        try (Model model = writer(RecurrentCell.LSTM)) {
            assertThatThrownBy(() -> model.look("a"))
                    .hasMessageContaining("is a RecurrentLanguageModel, which has no heads to look at");
            assertThatThrownBy(() -> new Translator(model)).hasMessageContaining("which reads no source to translate");
            DecodingSession session = model.decode();
            session.prefill(List.of(new int[] {2}, new int[] {3, 4}));
            assertThatThrownBy(() -> session.reorder(0, 2))
                    .hasMessage("there is no sequence 2 to continue, the draft has 2");
            assertThatThrownBy(() -> session.step(1)).hasMessage("tokens of 1 sequences, the session has 2");
        }
        Path config = folder.resolve("config.json");
        String said = Files.readString(config);
        Files.writeString(config, said.replace("\"lstm\"", "\"qrnn\""));
        assertThatThrownBy(() -> Models.open(folder))
                .hasMessageContaining("cell 'qrnn' is not supported; supported: tanh, relu, lstm, gru");
        Files.writeString(config, said.replace("LanguageModel", "Tagger"));
        assertThatThrownBy(() -> Models.open(folder))
                .hasMessageContaining("architecture RecurrentTagger is not supported");
        Files.writeString(config, said.replace("\"num_layers\" : 2", "\"num_layers\" : 1"));
        assertThatThrownBy(() -> Models.open(folder)).hasMessageContaining("unexpected 'rnn.weight_ih_l1'");
    }
}
