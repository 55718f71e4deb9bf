"""Makes the tiny checkpoints of decoders and what Hugging Face transformers computes with them.

usage: python make_decoders.py OUT_DIR

For every case, OUT_DIR/<case>/ is a Hugging Face folder (config.json, model.safetensors) with seeded random weights, and
golden.safetensors beside them. Every row of tokens is computed alone, by a model loaded afresh, for rotary positions of
type dynamic remember the longest text that they have seen: ids.R [T] (I64), R.hidden_states.N [1,T,D], R.attentions.N
[1,H,T,T], R.last_hidden_state, and what the class has of R.logits, R.start_logits, R.end_logits (F32, eager attention,
eval mode). Models that write have R.greedy (I64): the next tokens by generate() without sampling, the same with a cache
and without; where that differs, as it does for dynamic and longrope positions beyond the trained length, with a cache.

Sizes are odd where the family allows, and all different, so that a swapped axis fails.
"""
import json
import os
import sys

import numpy as np
import torch
import transformers
from safetensors.numpy import save_file

import tiny

ROWS = (5, 11)
NEW_TOKENS = 12
MAX_DIFF = 3e-6
LEAST_MARGIN = 2e-4  # between the best and the second best token
NO_SPECIAL = dict(bos_token_id=None, eos_token_id=None)

GPT2 = dict(NO_SPECIAL, vocab_size=53, n_embd=15, n_head=3, n_layer=3, n_positions=23)
NEOX = dict(NO_SPECIAL, vocab_size=53, hidden_size=30, num_attention_heads=3, num_hidden_layers=2, intermediate_size=37,
            max_position_embeddings=29)
LLAMA = dict(NO_SPECIAL, vocab_size=53, hidden_size=18, num_attention_heads=6, num_key_value_heads=2, num_hidden_layers=2,
             head_dim=10, intermediate_size=29, max_position_embeddings=31)
YARN = dict(rope_type="yarn", rope_theta=1000.0, factor=4.0, original_max_position_embeddings=8)
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
LONGROPE = dict(rope_type="longrope", rope_theta=1000.0, short_factor=[1.0, 1.1, 1.2, 1.4, 1.7],
                long_factor=[1.0, 1.5, 2.0, 3.0, 4.0], original_max_position_embeddings=8)
SENTIMENT = tiny.labels(["negative", "neutral", "positive"])
PAD = dict(pad_token_id=7)


def without(config, *keys):
    return {key: value for key, value in config.items() if key not in keys}


def old_rope_keys(config):
    """rope_parameters as they were written before transformers 5: a base of its own, and the rest as rope_scaling."""
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = None if rope["type"] == "default" else rope


def old_neox_keys(config):
    rope = config.pop("rope_parameters")
    config["rotary_emb_base"] = rope["rope_theta"]
    config["rotary_pct"] = rope["partial_rotary_factor"]


# case -> (class, configuration, change to the written config.json)
CASES = {
    "gpt2": ("GPT2LMHeadModel", GPT2, None),
    "gpt2-inverse-layer": ("GPT2LMHeadModel", dict(
        GPT2, n_inner=29, activation_function="relu", scale_attn_by_inverse_layer_idx=True, reorder_and_upcast_attn=True,
        tie_word_embeddings=False), None),
    "gpt2-model": ("GPT2Model", dict(GPT2, n_layer=2, activation_function="gelu", scale_attn_weights=False), None),
    "gpt2-sequence-classification": ("GPT2ForSequenceClassification", dict(GPT2, n_layer=1, **PAD, **SENTIMENT), None),
    "gpt2-token-classification": ("GPT2ForTokenClassification", dict(GPT2, n_layer=1, activation_function="silu",
                                                                     **SENTIMENT), None),
    "gpt2-question-answering": ("GPT2ForQuestionAnswering", dict(GPT2, n_layer=1, activation_function="tanh"), None),
    "gpt-neox": ("GPTNeoXForCausalLM", NEOX, None),
    "gpt-neox-sequential": ("GPTNeoXForCausalLM", dict(
        NEOX, use_parallel_residual=False, attention_bias=False, hidden_act="gelu_new",
        rope_parameters=dict(rope_type="default", rope_theta=1000.0, partial_rotary_factor=1.0)), old_neox_keys),
    "gpt-neox-odd-rotary": ("GPTNeoXForCausalLM", dict(
        NEOX, tie_word_embeddings=True, num_hidden_layers=1,
        rope_parameters=dict(rope_type="default", rope_theta=100.0, partial_rotary_factor=0.3)), None),
    "llama": ("LlamaForCausalLM", LLAMA, None),
    "llama-tied-biases": ("LlamaForCausalLM", dict(
        LLAMA, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, num_key_value_heads=1, rms_norm_eps=1e-3), None),
    "llama-model": ("LlamaModel", dict(without(LLAMA, "head_dim", "num_key_value_heads"), hidden_size=24), None),
    "llama-linear": ("LlamaForCausalLM", dict(
        LLAMA, num_hidden_layers=1, rope_parameters=dict(rope_type="linear", rope_theta=100.0, factor=3.0)), old_rope_keys),
    "llama-dynamic": ("LlamaForCausalLM", dict(
        LLAMA, num_hidden_layers=1, max_position_embeddings=8,
        rope_parameters=dict(rope_type="dynamic", rope_theta=100.0, factor=2.0)), None),
    "llama-llama3": ("LlamaForCausalLM", dict(LLAMA, num_hidden_layers=1, rope_parameters=LLAMA3), None),
    "llama-llama3-old": ("LlamaForCausalLM", dict(LLAMA, num_hidden_layers=1, rope_parameters=LLAMA3), old_rope_keys),
    "llama-yarn": ("LlamaForCausalLM", dict(LLAMA, num_hidden_layers=1, rope_parameters=YARN), None),
    "llama-yarn-betas": ("LlamaForCausalLM", dict(LLAMA, num_hidden_layers=1, rope_parameters=dict(
        YARN, beta_fast=16.0, beta_slow=2.0, mscale=1.2, mscale_all_dim=0.7, truncate=False)), None),
    "llama-longrope": ("LlamaForCausalLM", dict(LLAMA, num_hidden_layers=1, rope_parameters=LONGROPE), None),
    "llama-sequence-classification": ("LlamaForSequenceClassification",
                                      dict(LLAMA, num_hidden_layers=1, **PAD, **SENTIMENT), None),
    "llama-token-classification": ("LlamaForTokenClassification", dict(LLAMA, num_hidden_layers=1, **SENTIMENT), None),
    "llama-question-answering": ("LlamaForQuestionAnswering", dict(LLAMA, num_hidden_layers=1), None),
    "mistral": ("MistralForCausalLM", dict(LLAMA, sliding_window=4), None),
    "mistral-no-window": ("MistralForCausalLM", dict(without(LLAMA, "head_dim"), hidden_size=24, num_hidden_layers=1,
                                                     sliding_window=None), old_rope_keys),
    "qwen2": ("Qwen2ForCausalLM", dict(without(LLAMA, "head_dim"), hidden_size=24, tie_word_embeddings=True,
                                       sliding_window=3), None),
    "qwen2-window": ("Qwen2ForCausalLM", dict(without(LLAMA, "head_dim"), hidden_size=24, num_hidden_layers=3,
                                              use_sliding_window=True, sliding_window=3, max_window_layers=1), None),
    "qwen3": ("Qwen3ForCausalLM", LLAMA, None),
}


def std_of(name, parameter):
    if name.endswith("bias"):
        return 0.2, 0.0
    if parameter.ndim == 1:
        return 0.2, 1.0  # the gain of a norm
    if any(part in name for part in ("c_attn", "q_proj", "k_proj", "query_key_value")):
        return 0.5, 0.0
    if any(part in name for part in ("wte", "embed", "lm_head")):
        return 0.6, 0.0
    return 0.3, 0.0


def ids_of(case, row, length, vocabulary):
    return tiny.generator(case, f"ids.{row}").integers(8, vocabulary, length)  # the first are kept for special tokens


def fresh(folder, name):
    return getattr(transformers, name).from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()


def compute(folder, name, row, ids):
    given = torch.from_numpy(ids[None])
    with torch.no_grad():
        out = fresh(folder, name)(given, output_hidden_states=True, output_attentions=True)
    golden = {f"{row}.hidden_states.{n}": tiny.floats(h) for n, h in enumerate(out.hidden_states)}
    golden.update({f"{row}.attentions.{n}": tiny.floats(a) for n, a in enumerate(out.attentions)})
    golden[f"{row}.last_hidden_state"] = tiny.floats(out.hidden_states[-1])
    for output in ("last_hidden_state", "logits", "start_logits", "end_logits"):
        if getattr(out, output, None) is not None:
            golden[f"{row}.{output}"] = tiny.floats(getattr(out, output))
    return golden


def greedy(folder, name, case, ids):
    def run(cached):
        return fresh(folder, name).generate(
            torch.from_numpy(ids[None]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), do_sample=False,
            max_new_tokens=NEW_TOKENS, use_cache=cached, pad_token_id=0, output_scores=True, return_dict_in_generate=True)
    with torch.no_grad():
        out = run(True)
        again = run(False)
    if "dynamic" not in case and "longrope" not in case:
        assert torch.equal(out.sequences, again.sequences), case
    best = torch.stack(out.scores)[:, 0].topk(2).values
    margin = float((best[:, 0] - best[:, 1]).min())
    assert margin > LEAST_MARGIN, (case, margin)
    return out.sequences[0, len(ids):].numpy().astype(np.int64), margin


def make(case, out):
    name, sizes, change = CASES[case]
    folder = os.path.join(out, case)
    tiny.fresh(folder)
    model_class = getattr(transformers, name)
    model = model_class(model_class.config_class(**sizes)).eval()
    model.set_attn_implementation("eager")
    tiny.initialise(model, case, std_of)
    model.save_pretrained(folder)
    path = os.path.join(folder, "config.json")
    with open(path) as f:
        config = json.load(f)
    if change:
        change(config)
    tiny.write(path, json.dumps(config, indent=2, sort_keys=True) + "\n")
    for extra in ("generation_config.json",):
        if os.path.exists(os.path.join(folder, extra)):
            os.remove(os.path.join(folder, extra))
    golden, margins = {}, []
    for row, length in enumerate(ROWS):
        ids = ids_of(case, row, length, sizes["vocab_size"])
        if row == 1 and "pad_token_id" in sizes:
            ids[-2:] = sizes["pad_token_id"]
        golden[f"ids.{row}"] = ids.astype(np.int64)
        golden.update(compute(folder, name, row, ids))
        if row == 0:  # what was written is what was computed in memory
            with torch.no_grad():
                memory = model(torch.from_numpy(ids[None]), output_hidden_states=True).hidden_states[-1]
            difference = float((memory - torch.from_numpy(golden["0.last_hidden_state"])).abs().max())
            assert difference < MAX_DIFF, (case, difference)
        if model.can_generate():
            golden[f"{row}.greedy"], margin = greedy(folder, name, case, ids)
            margins.append(margin)
    save_file(golden, os.path.join(folder, "golden.safetensors"))
    for file in os.listdir(folder):
        os.chmod(os.path.join(folder, file), 0o644)
    size = sum(os.path.getsize(os.path.join(folder, file)) for file in os.listdir(folder))
    distinct = [len(set(golden[f"{row}.greedy"])) for row in range(len(ROWS)) if f"{row}.greedy" in golden]
    print(f"{case}: {size:,} bytes; {tiny.statistics(without(golden, 'none'))}; margin {min(margins, default=0):.1e}, "
          f"distinct tokens {distinct}")


def main():
    out = sys.argv[1]
    tiny.quiet()
    tiny.write_versions(out)
    for case in sys.argv[2:] or CASES:
        make(case, out)


if __name__ == "__main__":
    main()
