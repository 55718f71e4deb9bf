"""Makes tiny T5, MarianMT, BART and mBART checkpoints and what transformers computes with them.

usage: python make_seq2seq.py OUT_DIR

OUT_DIR/<family>/<case>/ is a Hugging Face folder with seeded random weights, and golden.safetensors beside them: inputs,
the float32 outputs of transformers with eager attention in eval mode (of every layer for the cases in EVERY_LAYER), and,
for classes that generate, what `generate` continues each source with: `generated.greedy.N` and `generated.beams.N` (3
beams), the start token included.
OUT_DIR/t5/buckets.safetensors has T5's buckets of relative positions -700 … 700 for several settings. After writing,
every folder is loaded again and compared.
"""
import json
import os
import sys

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (BartConfig, BartForConditionalGeneration, BartForQuestionAnswering,
                          BartForSequenceClassification, BartModel, MarianConfig, MarianModel, MarianMTModel,
                          MBartConfig, MBartForConditionalGeneration, MBartForSequenceClassification, MT5Config,
                          MT5ForConditionalGeneration, PreTrainedTokenizerFast, T5Config,
                          T5EncoderModel, T5ForConditionalGeneration, T5ForQuestionAnswering,
                          T5ForSequenceClassification, T5ForTokenClassification, T5Model)
from transformers.models.t5.modeling_t5 import T5Attention

import tiny

SOURCES = (1, 6, 17)
TARGETS = (5, 9, 2)
VOCABULARY = 47
# without a cache: transformers 5.18 gives a T5 decoder with more layers than the encoder too small a one
GENERATE = dict(max_new_tokens=9, do_sample=False, use_cache=False)
BEAMS = 3

T5 = dict(vocab_size=VOCABULARY, d_model=21, d_kv=5, num_heads=3, d_ff=31, num_layers=2, num_decoder_layers=3,
          relative_attention_num_buckets=8, relative_attention_max_distance=11, decoder_start_token_id=0)
MARIAN = dict(vocab_size=VOCABULARY, d_model=20, encoder_layers=2, decoder_layers=3, encoder_attention_heads=5,
              decoder_attention_heads=2, encoder_ffn_dim=31, decoder_ffn_dim=23, max_position_embeddings=19,
              pad_token_id=46, decoder_start_token_id=46, eos_token_id=0, forced_eos_token_id=0)
BART = dict(vocab_size=VOCABULARY, d_model=21, encoder_layers=2, decoder_layers=3, encoder_attention_heads=3,
            decoder_attention_heads=7, encoder_ffn_dim=31, decoder_ffn_dim=23, max_position_embeddings=19)

# family -> config class, sizes, and by case: model class, changes to the config
FAMILIES = {
    "t5": (T5Config, T5, {
        "base": (T5Model, {}),
        "tied": (T5ForConditionalGeneration, {}),
        "flan": (T5ForConditionalGeneration, dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
        "untied": (T5ForConditionalGeneration, dict(feed_forward_proj="gated-silu", tie_word_embeddings=False)),
        "legacy-names": (T5ForConditionalGeneration, dict(feed_forward_proj="gelu", layer_norm_epsilon=1e-3)),
        "encoder": (T5EncoderModel, dict(feed_forward_proj="gated-gelu")),
        "sequence-classification": (T5ForSequenceClassification, tiny.labels(["no", "maybe", "yes"])),
        "token-classification": (T5ForTokenClassification, tiny.labels(["O", "B", "I"])),
        "question-answering": (T5ForQuestionAnswering, {}),
    }),
    "marian": (MarianConfig, MARIAN, {
        "shared": (MarianMTModel, dict(scale_embedding=True, activation_function="swish",
                                       static_position_embeddings=True)),
        "separate": (MarianMTModel, dict(share_encoder_decoder_embeddings=False, decoder_vocab_size=53,
                                         activation_function="relu")),
        "odd": (MarianModel, dict(d_model=21, encoder_attention_heads=3, decoder_attention_heads=7)),
        "legacy-names": (MarianMTModel, dict(scale_embedding=True)),
    }),
    "bart": (BartConfig, BART, {
        "base": (BartModel, dict(scale_embedding=True)),
        "conditional": (BartForConditionalGeneration, {}),
        "legacy-names": (BartForConditionalGeneration, dict(activation_function="relu")),
        "sequence-classification": (BartForSequenceClassification, tiny.labels(["contradiction", "neutral", "entailment"])),
        "question-answering": (BartForQuestionAnswering, {}),
    }),
    "mbart": (MBartConfig, BART, {
        "conditional": (MBartForConditionalGeneration, dict(scale_embedding=True, decoder_start_token_id=2)),
        "sequence-classification": (MBartForSequenceClassification, tiny.labels(["contradiction", "neutral", "entailment"])),
    }),
    "mt5": (MT5Config, dict(T5, feed_forward_proj="gated-gelu"), {
        "conditional": (MT5ForConditionalGeneration, {}),
    }),
}
SHIFTED = ("sequence-classification", "question-answering")  # the class itself makes the decoder's ids of the source
EVERY_LAYER = ("t5/base", "t5/flan", "t5/encoder", "marian/shared", "marian/odd", "bart/base", "mbart/conditional")
FORCED_FIRST = {"bart/conditional": 0}
UNIGRAM = ("t5/tied", "t5/encoder")


def std_of(name, tensor):
    if "norm" in name and name.endswith("weight"):
        return 0.2, 1.0
    if "embed_positions" in name:
        return (1.0, 0.0) if tensor.requires_grad else None  # Marian's are sines and cosines
    if "relative_attention_bias" in name:
        return 0.7, 0.0
    if "shared" in name or "embed_tokens" in name:
        return 0.3, 0.0
    if tensor.dim() == 1:
        return 0.1, 0.0
    if "encoder_attn.v_proj" in name or "encoder_attn.out_proj" in name:
        return 0.15, 0.0  # else what is common to all targets drowns the rest
    if "fc" in name or "v_proj" in name:
        return 0.6, 0.0
    if any(part in name for part in ("q_proj", "k_proj", ".q.", ".k.")):
        return 0.3, 0.0
    return 0.25, 0.0


def build(name, config_class, model_class, settings):
    config = config_class(**settings)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    if settings.get("tie_word_embeddings") is False:
        model.lm_head.weight = nn.Parameter(torch.empty_like(model.lm_head.weight))
    tiny.initialise(model, name, std_of)
    if hasattr(model, "final_logits_bias"):
        model.generation_config.forced_bos_token_id = FORCED_FIRST.get(name)
        tiny.fill(model.final_logits_bias, name, "final_logits_bias", 0.2)
    return model


def save(model, name, folder):
    if name.endswith("legacy-names"):
        model.config.architectures = [type(model).__name__]
        model.config.save_pretrained(folder)
        model.generation_config.save_pretrained(folder)
        state = {n: np.array(t.detach().numpy()) for n, t in model.state_dict().items()}
        save_file(state, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    else:
        model.save_pretrained(folder)
    if name == "t5/flan":  # as the hub's checkpoints say it; newer versions of transformers write it otherwise
        change(folder, scale_decoder_outputs=None, tie_word_embeddings=False)
    if name == "t5/tied":
        change(folder, scale_decoder_outputs=None)
    if name == "t5/legacy-names":
        change(folder, scale_decoder_outputs=None, tie_word_embeddings=None, num_decoder_layers=3)
    if name in UNIGRAM:
        unigram().save_pretrained(folder)


def change(folder, **values):
    path = os.path.join(folder, "config.json")
    with open(path) as f:
        config = json.load(f)
    for key, value in values.items():
        if value is None:
            config.pop(key, None)
        else:
            config[key] = value
    tiny.write(path, json.dumps(config, indent=2, sort_keys=True) + "\n")


def unigram():
    """A Unigram tokenizer in T5's layout."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [("▁" + word, -3.0 - i / 16) for i, word in enumerate("the cat sat on mat a dog ate".split())]
    pieces += [(c, -6.0 - i / 16) for i, c in enumerate("▁.,?abcdefghijklmnopqrstuvwxyz")]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>", pad_token="<pad>")


def inputs(name, config):
    random = tiny.generator(name, "inputs")
    mask = tiny.mask_of(SOURCES)
    ids = random.integers(4, VOCABULARY - 1, mask.shape)
    for row, length in enumerate(SOURCES):
        ids[row, length - 1] = config.eos_token_id
    given = {"input_ids": ids * mask + config.pad_token_id * (1 - mask), "attention_mask": mask}
    decodes = config.is_encoder_decoder and not name.endswith(("encoder", "token-classification"))
    if decodes and not name.endswith(SHIFTED):
        target_mask = tiny.mask_of(TARGETS)
        target = random.integers(4, VOCABULARY - 1, target_mask.shape)
        target[:, 0] = config.decoder_start_token_id
        given["decoder_input_ids"] = target * target_mask + config.pad_token_id * (1 - target_mask)
        given["decoder_attention_mask"] = target_mask
    return given


def outputs(model, given, every_layer):
    with torch.no_grad():
        out = model(**tiny.as_torch(given), output_hidden_states=True, output_attentions=True, use_cache=False)
        result = {}
        for field in ("last_hidden_state", "encoder_last_hidden_state", "logits", "start_logits", "end_logits"):
            if field in out:
                result[field] = tiny.floats(out[field])
        for field in ("hidden_states", "attentions", "encoder_hidden_states", "encoder_attentions",
                      "decoder_hidden_states", "decoder_attentions", "cross_attentions"):
            if every_layer and out.get(field) is not None:
                result.update({f"{field}.{i}": tiny.floats(t) for i, t in enumerate(out[field])})
        if model.can_generate():
            for row, length in enumerate(SOURCES):
                source = torch.from_numpy(given["input_ids"][row:row + 1, :length])
                for kind, beams in (("greedy", 1), ("beams", BEAMS)):
                    ids = model.generate(source, attention_mask=torch.ones_like(source), num_beams=beams, **GENERATE)
                    result[f"generated.{kind}.{row}"] = ids[0].numpy().copy()
    return result


def buckets():
    distances = torch.arange(-700, 701)
    tables = {}
    for count, furthest in ((32, 128), (8, 11), (6, 20), (64, 256), (32, 100), (12, 57)):
        for both in (True, False):
            found = T5Attention._relative_position_bucket(distances, both, count, furthest)
            tables[f"{count}.{furthest}.{'bidirectional' if both else 'causal'}"] = found.numpy().astype(np.int64)
    return tables


def main(out):
    tiny.quiet()
    for family, (config_class, sizes, cases) in FAMILIES.items():
        tiny.write_versions(os.path.join(out, family))
        for case, (model_class, changes) in cases.items():
            name = f"{family}/{case}"
            folder = os.path.join(out, family, case)
            tiny.fresh(folder)
            model = build(name, config_class, model_class, {**sizes, **changes})
            save(model, name, folder)
            given = inputs(name, model.config)

            def compute(model, given):
                return outputs(model, given, name in EVERY_LAYER)

            golden = compute(model, given)
            tiny.finish(folder, given, golden, compute)
            for kind in ("greedy", "beams"):
                print("   ", [golden[k].tolist() for k in golden if k.startswith(f"generated.{kind}")])
    save_file(buckets(), os.path.join(out, "t5", "buckets.safetensors"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
