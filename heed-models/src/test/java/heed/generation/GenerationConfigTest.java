package heed.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aGgufFileSaysWhereTextsAndTurnsEnd() {
        Path golden = Path.of("src/test/resources/golden/gguf");
        assertThat(GenerationConfig.read(golden.resolve("llama")).tokens().end())
                .containsExactly(2);
        assertThat(GenerationConfig.read(golden.resolve("llama-3/llama-3.gguf"))
                        .tokens()
                        .end())
                .containsExactly(5, 7);
    }

    private GenerationConfig read(String file, String json) throws IOException {
        Files.writeString(folder.resolve(file), json);
        return GenerationConfig.read(folder);
    }

    @Test
    void aFolderThatSaysNothingLeavesEverythingUnsaid() {
        assertThat(GenerationConfig.read(folder)).isEqualTo(GenerationConfig.UNSAID);
    }

    @Test
    void everythingThatATranslationModelSaysIsRead() throws IOException {
        GenerationConfig config = read("generation_config.json", """
                {"_from_model_config": true, "bad_words_ids": [[58100], [7, 8]], "bos_token_id": 0,
                 "decoder_start_token_id": 58100, "eos_token_id": 0, "forced_eos_token_id": 0, "max_length": 512,
                 "num_beams": 6, "pad_token_id": 58100, "length_penalty": 0.6, "early_stopping": true,
                 "no_repeat_ngram_size": 3, "min_length": 5, "forced_bos_token_id": null, "transformers_version": "4"}
                """);
        assertThat(config)
                .isEqualTo(new GenerationConfig(
                        new Length(null, null, 5, 512),
                        new Tokens(List.of(0), null, List.of(0), null, null, List.of(List.of(58100), List.of(7, 8))),
                        new Repetition(null, 3, null),
                        new Strategy.Beams(6, 0.6, EarlyStopping.WHEN_FULL),
                        new Strategy.Sampling(0, null, null, null, null),
                        58100));
    }

    @Test
    void everythingThatAChatModelSaysIsRead() throws IOException {
        GenerationConfig config = read("generation_config.json", """
                {"do_sample": true, "eos_token_id": [151645, 151643], "max_new_tokens": 2048, "min_p": 0.05,
                 "repetition_penalty": 1.1, "temperature": 0.7, "top_k": 20, "top_p": 0.8, "early_stopping": "never"}
                """);
        assertThat(config.tokens().end()).containsExactly(151645, 151643);
        assertThat(config.sampling()).isEqualTo(new Strategy.Sampling(0, 0.7, 20, 0.8, 0.05));
        assertThat(config.repetition()).isEqualTo(new Repetition(1.1, null, null));
        assertThat(config.length()).isEqualTo(new Length(null, 2048, null, null));
        assertThat(config.beams()).isEqualTo(new Strategy.Beams(1, null, EarlyStopping.NEVER));
    }

    @Test
    void theModelsConfigCountsWhereThereIsNoOther() throws IOException {
        assertThat(read("config.json", "{\"model_type\": \"gpt2\", \"eos_token_id\": 50256}")
                        .tokens()
                        .end())
                .containsExactly(50256);
        assertThat(read("generation_config.json", "{}").tokens().end()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"guidance_scale\": 1.5} | generation_config.json: guidance_scale 1.5 is not supported",
                "{\"num_beam_groups\": 2} | num_beam_groups 2 is not supported",
                "{\"eos_token_id\": \"</s>\"} | eos_token_id should be a whole number, it is \"</s>\"",
                "{\"bad_words_ids\": 3} | bad_words_ids should be a list of lists, it is 3",
                "{\"bad_words_ids\": [[]]} | generation_config.json: a bad word without tokens bans nothing",
                "{\"early_stopping\": \"soon\"} | early_stopping should be true, false or \"never\"",
                "{\"num_beams\": 0} | generation_config.json: beam search with 0 beams",
                "{\"repetition_penalty\": -1} | the repetition penalty is -1.0, it should be above 0",
                "{\"temperature\": \"warm\"} | temperature should be a number, it is \"warm\"",
                "{\"max_length\": 2.5} | max_length should be a whole number, it is 2.5",
                "[1] | generation_config.json holds no JSON object",
                "{\"eos | generation_config.json is not valid JSON",
            })
    void whatMakesNoSenseOrIsNotSupportedIsRefusedByName(String json, String reason) {
        assertThatThrownBy(() -> read("generation_config.json", json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageStartingWith(folder.toString());
    }
}
