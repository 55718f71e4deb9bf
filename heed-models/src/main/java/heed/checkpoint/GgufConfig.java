package heed.checkpoint;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a GGUF file says about its model, in the words of Hugging Face's `config.json`.
final class GgufConfig {
    /// What Llama 3.1 and later are trained with; the file has only the frequencies that follow from it.
    private static final int LLAMA_3_POSITIONS = 8192;

    private static final double LLAMA_3_LOW = 1;
    private static final double LLAMA_3_HIGH = 4;

    private final Gguf.Contents contents;
    private final GgufMetadata metadata;
    private final String architecture;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private GgufConfig(Gguf.Contents contents) {
        this.contents = contents;
        this.metadata = contents.metadata();
        this.architecture = metadata.architecture();
    }

    static String json(Gguf.Contents contents) {
        return new GgufConfig(contents).json();
    }

    private String json() {
        switch (architecture) {
            case "llama", "qwen2" -> llama();
            case "gpt2" -> gpt2();
            default ->
                throw metadata.refusal("the architecture " + Quoted.of(architecture)
                        + " is not read from GGUF here; read are gpt2, llama, qwen2");
        }
        json.put("tie_word_embeddings", GgufWeights.isTied(contents));
        json.put("vocab_size", vocabulary());
        token("bos_token_id", "tokenizer.ggml.bos_token_id");
        ends();
        token("pad_token_id", "tokenizer.ggml.padding_token_id");
        return json.toString();
    }

    private void gpt2() {
        json.put("model_type", "gpt2");
        json.putArray("architectures").add("GPT2LMHeadModel");
        json.put("n_embd", required("embedding_length"));
        json.put("n_layer", required("block_count"));
        json.put("n_head", required("attention.head_count"));
        json.put("n_inner", required("feed_forward_length"));
        json.put("n_positions", required("context_length"));
        json.put("layer_norm_epsilon", real("attention.layer_norm_epsilon", 1e-5));
        json.put("activation_function", "gelu_new");
    }

    private void llama() {
        if (metadata.whole(key("expert_count")).orElse(0) > 0) {
            throw metadata.refusal(key("expert_count") + " is not 0: mixtures of experts are not computed here");
        }
        boolean llama = architecture.equals("llama");
        int width = required("embedding_length");
        int heads = required("attention.head_count");
        json.put("model_type", architecture);
        json.putArray("architectures").add(llama ? "LlamaForCausalLM" : "Qwen2ForCausalLM");
        json.put("hidden_size", width);
        json.put("intermediate_size", required("feed_forward_length"));
        json.put("num_hidden_layers", required("block_count"));
        json.put("num_attention_heads", heads);
        json.put(
                "num_key_value_heads",
                metadata.whole(key("attention.head_count_kv")).orElse(heads));
        int headWidth = metadata.whole(key("attention.key_length"))
                .or(() -> metadata.whole(key("rope.dimension_count")))
                .orElse(heads == 0 ? 0 : width / heads);
        json.put("head_dim", headWidth);
        json.put("max_position_embeddings", required("context_length"));
        json.put("rms_norm_eps", real("attention.layer_norm_rms_epsilon", 1e-6));
        double theta = real("rope.freq_base", 10000);
        json.put("rope_theta", theta);
        json.put("hidden_act", "silu");
        json.put("attention_bias", contents.weights().containsKey("blk.0.attn_q.bias"));
        json.put("mlp_bias", contents.weights().containsKey("blk.0.ffn_up.bias"));
        metadata.whole(key("attention.sliding_window"))
                .filter(window -> window > 0)
                .ifPresent(window -> {
                    json.put("sliding_window", window);
                    json.put("use_sliding_window", true);
                });
        scaling(theta, headWidth);
    }

    private void scaling(double theta, int headWidth) {
        StoredTensor factors = contents.weights().get("rope_freqs.weight");
        String type = metadata.text(key("rope.scaling.type")).orElse("none");
        if (factors != null) {
            llama3(factors.values().floats(factors.info().size()), theta, headWidth);
        } else if (!type.equals("none")) {
            ObjectNode scaling = json.putObject("rope_scaling");
            scaling.put("rope_type", type);
            scaling.put("factor", real("rope.scaling.factor", 1));
            metadata.whole(key("rope.scaling.original_context_length"))
                    .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
        }
    }

    /// The file has, for each pair of rows, by what its frequency is divided: 1 for the fast ones, the factor
    /// for the slow ones, and something between for those between. The rule that made them is looked for in
    /// reverse.
    private void llama3(float[] divisors, double theta, int headWidth) {
        double factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        boolean follows = divisors.length * 2 == headWidth;
        for (int i = 0; i < divisors.length && follows; i++) {
            double wave = 2 * Math.PI * Math.pow(theta, 2.0 * i / headWidth);
            follows = Math.abs(divisors[i] - divisor(wave, factor)) <= 1e-3 * divisors[i];
        }
        if (!follows) {
            throw metadata.refusal(
                    "tensor 'rope_freqs.weight' scales rotary frequencies by a rule that is not known here");
        }
        ObjectNode scaling = json.putObject("rope_scaling");
        scaling.put("rope_type", "llama3");
        scaling.put("factor", factor);
        scaling.put("low_freq_factor", LLAMA_3_LOW);
        scaling.put("high_freq_factor", LLAMA_3_HIGH);
        scaling.put("original_max_position_embeddings", LLAMA_3_POSITIONS);
    }

    private static double divisor(double wave, double factor) {
        if (wave < LLAMA_3_POSITIONS / LLAMA_3_HIGH) {
            return 1;
        }
        if (wave > LLAMA_3_POSITIONS / LLAMA_3_LOW) {
            return factor;
        }
        double smooth = (LLAMA_3_POSITIONS / wave - LLAMA_3_LOW) / (LLAMA_3_HIGH - LLAMA_3_LOW);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    /// The rows of the embedding: a file's own count may leave out rows that pad it.
    private int vocabulary() {
        StoredTensor embedding = contents.weights().get("token_embd.weight");
        List<Integer> shape = embedding == null ? List.of() : embedding.info().shape();
        if (shape.size() != 2) {
            throw metadata.refusal("there is no matrix 'token_embd.weight'");
        }
        return Objects.requireNonNull(shape.getFirst());
    }

    /// The tokens that end a text, a turn or a message: at each of them llama.cpp stops.
    private void ends() {
        List<Integer> ids = Stream.of("eos", "eot", "eom")
                .flatMap(name -> metadata.whole("tokenizer.ggml." + name + "_token_id").stream())
                .distinct()
                .toList();
        if (ids.size() == 1) {
            json.put("eos_token_id", ids.getFirst());
        } else if (!ids.isEmpty()) {
            ids.forEach(json.putArray("eos_token_id")::add);
        }
    }

    private void token(String name, String key) {
        metadata.whole(key).ifPresent(id -> json.put(name, id));
    }

    private String key(String name) {
        return architecture + "." + name;
    }

    private int required(String name) {
        return metadata.requiredWhole(key(name));
    }

    /// A constant that the file stores as float: the shortest decimal that means it, 1e-5 and not
    /// 9.99999974e-6.
    private double real(String name, double otherwise) {
        return metadata.real(key(name))
                .map(value -> Double.parseDouble(Float.toString(value.floatValue())))
                .orElse(otherwise);
    }
}
