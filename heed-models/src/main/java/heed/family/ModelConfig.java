package heed.family;

import java.nio.file.Path;
import java.util.List;

/// What a model's `config.json` says, by family.
public sealed interface ModelConfig
        permits BartConfig,
                BertConfig,
                DistilBertConfig,
                ElectraConfig,
                Gpt2Config,
                GptNeoXConfig,
                LlamaConfig,
                RecurrentConfig,
                RobertaConfig,
                T5Config {
    /// The value of `model_type`.
    String modelType();

    /// The class in Hugging Face transformers that the weights were saved from, such as `BertForMaskedLM`.
    String architecture();

    int vocabularySize();

    int layers();

    int heads();

    /// D, the width of a hidden state.
    int dModel();

    /// The most tokens that one sequence may have.
    int maxTokens();

    /// The names of the classes of a classification head, by index; empty without one.
    List<String> labels();

    /// Whether a text may belong to several classes at once.
    default boolean multiLabel() {
        return false;
    }

    /// Reads `config.json` of a model folder.
    ///
    /// @throws ConfigException when it is missing, is not readable, or describes a model that Heed does not
    /// compute
    static ModelConfig read(Path folder) {
        return of(ConfigFile.read(folder));
    }

    /// Understands the text of a `config.json`.
    ///
    /// @param place for messages
    /// @throws ConfigException as [#read]
    static ModelConfig parse(String json, String place) {
        return of(ConfigFile.of(json, place));
    }

    private static ModelConfig of(ConfigFile file) {
        file.requireEmpty("quantization_config", "weights that another library quantised are not read");
        file.requireEmpty("pruned_heads", "models with heads cut off are not supported");
        String type = file.text("model_type");
        return switch (type) {
            case "bart" -> BartConfig.of(file, BartConfig.Variant.BART);
            case "bert" -> BertConfig.of(file);
            case "distilbert" -> DistilBertConfig.of(file);
            case "electra" -> ElectraConfig.of(file);
            case "gpt2" -> Gpt2Config.of(file);
            case "gpt_neox" -> GptNeoXConfig.of(file);
            case RecurrentConfig.MODEL_TYPE -> RecurrentConfig.of(file);
            case "llama" -> LlamaConfig.llama(file);
            case "marian" -> BartConfig.of(file, BartConfig.Variant.MARIAN);
            case "mbart" -> BartConfig.of(file, BartConfig.Variant.MBART);
            case "mistral" -> LlamaConfig.mistral(file);
            case "mt5" -> T5Config.of(file, T5Config.Variant.MT5);
            case "qwen2" -> LlamaConfig.qwen2(file);
            case "qwen3" -> LlamaConfig.qwen3(file);
            case "roberta", "xlm-roberta" -> RobertaConfig.of(file);
            case "t5" -> T5Config.of(file, T5Config.Variant.T5);
            default ->
                throw file.refuse("model_type '" + type + "' is not supported; supported: bart, bert, distilbert,"
                        + " electra, gpt2, gpt_neox, heed-recurrent, llama, marian, mbart, mistral, mt5, qwen2, qwen3, roberta, t5,"
                        + " xlm-roberta");
        };
    }
}
