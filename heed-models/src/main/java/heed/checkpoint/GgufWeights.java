package heed.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From llama.cpp's names and layouts of weights to those of Hugging Face.
final class GgufWeights {
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern OUTSIDE = Pattern.compile("([a-z_]+)\\.(weight|bias)");

    /// Llama and its kin, between `model.` and `.weight`.
    private static final Map<String, String> LLAMA = Map.ofEntries(
            Map.entry("token_embd", "model.embed_tokens"),
            Map.entry("output_norm", "model.norm"),
            Map.entry("output", "lm_head"),
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final Map<String, String> GPT2 = Map.ofEntries(
            Map.entry("token_embd", "transformer.wte"),
            Map.entry("position_embd", "transformer.wpe"),
            Map.entry("output_norm", "transformer.ln_f"),
            Map.entry("output", "lm_head"),
            Map.entry("attn_norm", "ln_1"),
            Map.entry("attn_qkv", "attn.c_attn"),
            Map.entry("attn_output", "attn.c_proj"),
            Map.entry("ffn_norm", "ln_2"),
            Map.entry("ffn_up", "mlp.c_fc"),
            Map.entry("ffn_down", "mlp.c_proj"));

    private final Gguf.Contents contents;
    private final String architecture;

    private GgufWeights(Gguf.Contents contents) {
        this.contents = contents;
        this.architecture = contents.metadata().architecture();
    }

    /// The weights under Hugging Face's names; what has no such name keeps its own.
    static Map<String, StoredTensor> named(Gguf.Contents contents) {
        return new GgufWeights(contents).named();
    }

    private Map<String, StoredTensor> named() {
        Map<String, String> names = switch (architecture) {
            case "llama", "qwen2" -> LLAMA;
            case "gpt2" -> GPT2;
            default -> Map.of();
        };
        var named = new LinkedHashMap<String, StoredTensor>();
        contents.weights().forEach((name, tensor) -> {
            // Frequencies of the rotary embedding: the configuration has them; and an output that repeats the input.
            boolean derived = name.equals("rope_freqs.weight") || (name.equals("output.weight") && isTied(contents));
            if (!derived || names.isEmpty()) {
                String other = name(names, name).orElse(name);
                named.put(other, layout(name, tensor, other));
            }
        });
        return named;
    }

    private Optional<String> name(Map<String, String> names, String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            String stack = architecture.equals("gpt2") ? "transformer.h." : "model.layers.";
            return Optional.ofNullable(names.get(layer.group(2)))
                    .map(part -> stack + layer.group(1) + "." + part + "." + layer.group(3));
        }
        Matcher outside = OUTSIDE.matcher(name);
        return outside.matches()
                ? Optional.ofNullable(names.get(outside.group(1))).map(part -> part + "." + outside.group(2))
                : Optional.empty();
    }

    /// Whether the model's output is its input embedding: it has none of its own, or a copy byte for byte, as
    /// llama.cpp's converter writes for GPT-2.
    static boolean isTied(Gguf.Contents contents) {
        StoredTensor output = contents.weights().get("output.weight");
        StoredTensor input = contents.weights().get("token_embd.weight");
        return output == null
                || (input != null
                        && input.info().shape().equals(output.info().shape())
                        && bytes(input).byteSize() == bytes(output).byteSize()
                        && bytes(input).mismatch(bytes(output)) == -1);
    }

    private static MemorySegment bytes(StoredTensor tensor) {
        return switch (tensor.values()) {
            case StoredValues.Plain plain -> plain.bytes();
            case GgmlBlocks blocks -> blocks.bytes();
            default -> throw new IllegalStateException("a GGUF file has no other values");
        };
    }

    private StoredTensor layout(String name, StoredTensor tensor, String other) {
        List<Integer> shape = tensor.info().shape();
        boolean matrix = shape.size() == 2 && name.startsWith("blk.") && name.endsWith(".weight");
        if (architecture.equals("gpt2") && matrix) {
            // GPT-2's checkpoints have [in, out], llama.cpp [out, in].
            var values = new StoredValues.Transposed(tensor.values(), shape.get(0), shape.get(1));
            return new StoredTensor(
                    new TensorInfo(other, tensor.info().dtype(), List.of(shape.get(1), shape.get(0))), values);
        }
        var info = new TensorInfo(other, tensor.info().dtype(), shape);
        if (architecture.equals("llama") && name.matches("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)")) {
            int heads = contents.metadata().requiredWhole("llama.attention.head_count");
            if (name.contains("attn_k")) {
                heads = contents.metadata()
                        .whole("llama.attention.head_count_kv")
                        .orElse(heads);
            }
            if (heads < 1 || shape.getFirst() % (2 * heads) != 0) {
                throw contents.metadata()
                        .refusal("tensor " + Quoted.of(name) + " has " + shape.getFirst() + " rows, which are not "
                                + heads + " heads of pairs");
            }
            return new StoredTensor(info, new RotaryPairs(tensor.values(), shape.getFirst(), heads));
        }
        return new StoredTensor(info, tensor.values());
    }

    /// Rows of queries or keys that llama.cpp has reordered. Rotary embedding turns pairs of rows: Hugging
    /// Face's Llama pairs row i of a head with row i + Dh/2, llama.cpp row 2i with row 2i + 1.
    ///
    /// @param rows of all heads, or values of a bias
    record RotaryPairs(StoredValues stored, int rows, int heads) implements StoredValues {
        @Override
        public float[] floats(int count) {
            float[] from = stored.floats(count);
            var to = new float[count];
            int columns = rows == 0 ? 0 : count / rows;
            int width = rows / heads;
            for (int head = 0; head < heads; head++) {
                for (int i = 0; i < width; i++) {
                    int source = i < width / 2 ? 2 * i : 2 * (i - width / 2) + 1;
                    System.arraycopy(
                            from, (head * width + source) * columns, to, (head * width + i) * columns, columns);
                }
            }
            return to;
        }

        @Override
        public long[] integers(int count) {
            throw new IllegalStateException("queries and keys are no integers");
        }
    }
}
