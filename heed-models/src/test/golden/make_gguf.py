"""Makes GGUF files and what they mean, with the package `gguf` (0.17 or later) as the judge.

usage: python make_gguf.py OUT_DIR TOKENIZERS_DIR

OUT_DIR/blocks.gguf has one tensor of every kind of block, and blocks.safetensors their values as `gguf` unpacks them.
OUT_DIR/<family>/ has a tiny seeded model, as Hugging Face's folder (config.json, model.safetensors) and as
<family>.gguf, written the way llama.cpp's converter does: other names, queries and keys of Llama reordered, matrices of
GPT-2 transposed. The vocabularies are those of make_tokenizers.py (TOKENIZERS_DIR); texts.json has Hugging Face's ids.
"""
import json
import os
import sys

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as T
from safetensors.numpy import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, Qwen2Config

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def blocks(out):
    draw = np.random.default_rng(20)
    writer = gguf.GGUFWriter(os.path.join(out, "blocks.gguf"), "none")
    values = {}
    for kind in (T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0):
        stored = gguf.quants.quantize(draw.normal(size=(3, 64)).astype(np.float32), kind)
        values[kind.name] = gguf.quants.dequantize(stored, kind)
        writer.add_tensor(kind.name, stored, raw_dtype=kind)
    for kind, scales in ((T.Q4_K, (0, 2)), (T.Q5_K, (0, 2)), (T.Q6_K, (208,))):
        size = gguf.GGML_QUANT_SIZES[kind][1]
        stored = draw.integers(0, 256, size=(2, 3 * size), dtype=np.uint8)
        for row in stored.reshape(-1, size):
            for at in scales:  # a finite half
                row[at:at + 2] = np.frombuffer(draw.normal(scale=0.01, size=1).astype(np.float16).tobytes(), np.uint8)
        values[kind.name] = gguf.quants.dequantize(stored, kind)
        writer.add_tensor(kind.name, stored, raw_dtype=kind)
    finish(writer)
    save_file(values, os.path.join(out, "blocks.safetensors"))


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def pairs(matrix, heads):
    """Rows i and i + Dh/2 of a head become neighbours."""
    shape = matrix.shape
    return matrix.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "transformer.wte": "token_embd", "transformer.wpe": "position_embd", "transformer.ln_f": "output_norm",
    "ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm",
    "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
}


def other_name(name):
    stem, kind = name.rsplit(".", 1)
    parts = stem.split(".")
    if len(parts) > 2 and parts[2].isdigit():
        return f"blk.{parts[2]}.{NAMES['.'.join(parts[3:])]}.{kind}"
    return f"{NAMES[stem]}.{kind}"


def vocabulary(writer, folder):
    """The SentencePiece model or the two files of a folder, and how many tokens there are."""
    if os.path.exists(f"{folder}/tokenizer.model"):
        import sentencepiece
        spm = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/tokenizer.model")
        kind = lambda i: (gguf.TokenType.UNKNOWN if spm.is_unknown(i) else gguf.TokenType.CONTROL if spm.is_control(i)
                          else gguf.TokenType.BYTE if spm.is_byte(i) else gguf.TokenType.NORMAL)
        ids = range(len(spm))
        writer.add_tokenizer_model("llama")
        writer.add_tokenizer_pre("default")
        writer.add_token_list([spm.id_to_piece(i) for i in ids])
        writer.add_token_scores([spm.get_score(i) for i in ids])
        writer.add_token_types([kind(i) for i in ids])
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        writer.add_unk_token_id(0)
        writer.add_add_bos_token(True)
        writer.add_add_eos_token(True)
        return len(spm)
    with open(f"{folder}/vocab.json", encoding="utf-8") as file:
        ids = json.load(file)
    with open(f"{folder}/merges.txt", encoding="utf-8") as file:
        merges = [line for line in file.read().split("\n") if line and not line.startswith("#")]
    end = ids["<|endoftext|>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2" if folder.endswith("qwen2") else "gpt-2")
    writer.add_token_list(sorted(ids, key=ids.get))
    writer.add_token_types([gguf.TokenType.CONTROL if i == end else gguf.TokenType.NORMAL for i in range(len(ids))])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    return len(ids)


def model(out, family, tokenizer, make, kind):
    folder = os.path.join(out, family)
    os.makedirs(folder, exist_ok=True)
    writer = gguf.GGUFWriter(os.path.join(folder, f"{family}.gguf"), "llama" if family.startswith("llama") else family)
    size = vocabulary(writer, tokenizer)
    if family == "llama-3":  # a turn ends otherwise than a text
        writer.add_eot_token_id(7)
    config = make(size)
    torch.manual_seed(20)
    network = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.1)
    state = {name: value.numpy().copy() for name, value in network.state_dict().items()}
    if config.tie_word_embeddings:
        state.pop("lm_head.weight", None)
    gpt2 = family == "gpt2"
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.n_inner if gpt2 else config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    if gpt2:
        writer.add_layer_norm_eps(config.layer_norm_epsilon)
    else:
        writer.add_head_count_kv(config.num_key_value_heads)
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
        writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
        writer.add_rope_dimension_count(config.head_dim if family.startswith("llama")
                                        else config.hidden_size // config.num_attention_heads)
        if config.rope_parameters.get("rope_type") == "llama3":
            from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
            scaled, _ = ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")
            width = config.head_dim
            plain = 1 / config.rope_parameters["rope_theta"] ** (torch.arange(0, width, 2).float() / width)
            writer.add_tensor("rope_freqs.weight", (plain / scaled).numpy().astype(np.float32))
    meant = {}
    for name, value in state.items():
        stored = value
        if gpt2 and value.ndim == 2 and ".h." in name:
            stored = value.T
        if family.startswith("llama") and "q_proj" in name:
            stored = pairs(value, config.num_attention_heads)
        if family.startswith("llama") and "k_proj" in name:
            stored = pairs(value, config.num_key_value_heads)
        used = kind if stored.ndim == 2 else T.F32
        packed = gguf.quants.quantize(np.ascontiguousarray(stored), used)
        writer.add_tensor(other_name(name), packed, raw_dtype=used)
        # what the file means in Hugging Face's layout, after rounding: quantising commutes with moving rows
        back = gguf.quants.dequantize(packed, used) if used != T.F32 else stored
        if back is not stored:
            if gpt2 and value.ndim == 2 and ".h." in name:
                back = back.T
            for part, heads in (("q_proj", "num_attention_heads"), ("k_proj", "num_key_value_heads")):
                if family.startswith("llama") and part in name:
                    back = gguf.quants.dequantize(gguf.quants.quantize(value, used), used)
            meant[name] = np.ascontiguousarray(back)
        else:
            meant[name] = value
    if gpt2:  # the converter writes the tied output once more
        writer.add_tensor("output.weight", gguf.quants.quantize(state["transformer.wte.weight"], kind), raw_dtype=kind)
    finish(writer)
    config.architectures = [type(network).__name__]
    config.save_pretrained(folder)
    os.rename(os.path.join(folder, "config.json"), os.path.join(folder, "expected-config.json"))
    save_file(meant, os.path.join(folder, "expected.safetensors"), metadata={"format": "pt"})


def main():
    out, tokenizers = sys.argv[1:3]
    os.makedirs(out, exist_ok=True)
    blocks(out)
    model(out, "llama", os.path.join(tokenizers, "llama-legacy"), lambda size: LlamaConfig(
        vocab_size=size, hidden_size=30, intermediate_size=38, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, head_dim=10, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=5000.0,
        tie_word_embeddings=False, bos_token_id=1, eos_token_id=2), T.F16)
    model(out, "llama-3", os.path.join(tokenizers, "gpt2"), lambda size: LlamaConfig(
        vocab_size=size, hidden_size=64, intermediate_size=96, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, head_dim=32, max_position_embeddings=16384, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0,
                             high_freq_factor=4.0, original_max_position_embeddings=8192),
        bos_token_id=5, eos_token_id=[5, 7]), T.Q8_0)
    model(out, "qwen2", os.path.join(tokenizers, "qwen2"), lambda size: Qwen2Config(
        vocab_size=size, hidden_size=28, intermediate_size=44, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=64, tie_word_embeddings=True, bos_token_id=5, eos_token_id=5),
        T.BF16)
    model(out, "gpt2", os.path.join(tokenizers, "gpt2"), lambda size: GPT2Config(
        vocab_size=size, n_embd=32, n_layer=2, n_head=4, n_inner=96, n_positions=48, bos_token_id=5, eos_token_id=5),
        T.Q4_0)


if __name__ == "__main__":
    main()
