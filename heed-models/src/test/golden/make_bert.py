"""Makes the tiny BERT checkpoints and what Hugging Face transformers computes with them.

usage: python make_bert.py OUT_DIR

For every case, OUT_DIR/<case>/ is a Hugging Face folder (config.json, model.safetensors, usually a tokenizer) with
seeded random weights, and golden.safetensors beside them: inputs, and the float32 outputs of transformers with eager
attention in eval mode. The cases with text (TEXT_CASES) also have texts.json: texts and how they are tokenized.

The sizes are odd and all different, so that a swapped axis fails, and the weights are spread enough that attention is
far from uniform. Every parameter is drawn from a generator seeded by the case and the parameter's own name, so adding
a case or a parameter leaves the others as they were. After writing, every folder is loaded again and compared.
"""
import copy
import json
import os
import platform
import shutil
import sys
import zlib

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from safetensors.numpy import load_file, save_file
from transformers import (AutoModel, AutoTokenizer, BertConfig, BertForMaskedLM,
                          BertForNextSentencePrediction, BertForPreTraining,
                          BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification,
                          BertModel, BertTokenizerFast)

SEED = 20
MAX_DIFF = 1e-6

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNK, CLS, SEP, MASK = range(5)
PUNCTUATION = list(".,!?'-")
WORDS = ("the bank river lend money person refuse can to by cat sat on mat it capital of france is paris and in he she "
         "at read where cafe naive happy un").split()
ENDINGS = "##ing ##ed ##er ##ly ##ness ##able ##al".split()
OTHER_SCRIPTS = ["東", "京", "ο", "##δ", "##ο", "##σ", "ᄀ", "##ᅡ", "1", "##2"]
LETTERS = list("abcdefghiklmnoprstuvy")  # no j, q, w, x, z: words with those are unknown
VOCABULARY = (SPECIAL + PUNCTUATION + WORDS + ENDINGS + OTHER_SCRIPTS + LETTERS + ["##" + c for c in LETTERS])

POSITIONS = 23
SIZES = dict(vocab_size=101, hidden_size=35, num_attention_heads=5, intermediate_size=53, num_hidden_layers=2,
             max_position_embeddings=POSITIONS, type_vocab_size=2, pad_token_id=PAD)
THREE_LAYERS = dict(num_hidden_layers=3)
LENGTHS = (1, 7, 13)
ALL_LENGTHS = (1, 7, 13, POSITIONS)

# Standard deviations. Query and key are wider than the rest: they decide how far attention is from uniform.
STD = 0.15
STD_QUERY_KEY = 0.25
STD_HEAD = 0.3
STD_EMBEDDING = 0.1
STD_BIAS = 0.2
STD_NORM = 0.2  # around 1 for the weight

SENTIMENT = ["negative", "neutral", "positive"]
TOXICITY = ["toxic", "obscene", "threat", "insult"]
ENTITIES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def labels(names):
    return dict(id2label=dict(enumerate(names)), label2id={n: i for i, n in enumerate(names)})


# name -> (model class, changes to the config, lengths of the rows)
CASES = {
    "base": (BertModel, THREE_LAYERS, ALL_LENGTHS),
    "masked-lm": (BertForMaskedLM, {}, LENGTHS),
    "masked-lm-untied": (BertForMaskedLM, dict(num_hidden_layers=1, tie_word_embeddings=False), LENGTHS),
    "next-sentence": (BertForNextSentencePrediction, dict(num_hidden_layers=1), LENGTHS),
    "sequence-classification": (BertForSequenceClassification, labels(SENTIMENT), LENGTHS),
    "sequence-classification-multi": (BertForSequenceClassification,
                                      dict(problem_type="multi_label_classification", **labels(TOXICITY)), LENGTHS),
    "token-classification": (BertForTokenClassification, labels(ENTITIES), LENGTHS),
    "question-answering": (BertForQuestionAnswering, {}, LENGTHS),
    "no-pooler": (BertModel, dict(type_vocab_size=3), LENGTHS),
    "gelu-new": (BertModel, dict(THREE_LAYERS, hidden_act="gelu_new", hidden_size=33, num_attention_heads=3,
                                 layer_norm_eps=1e-5), ALL_LENGTHS),
    "relu": (BertModel, dict(hidden_act="relu"), LENGTHS),
    "half": (BertModel, {}, LENGTHS),
    "bfloat16": (BertModel, {}, LENGTHS),
    "sharded": (BertModel, {}, LENGTHS),
    "legacy-names": (BertForPreTraining, {}, LENGTHS),
    "vocab-txt": (BertModel, {}, LENGTHS),
    "no-tokenizer": (BertModel, {}, LENGTHS),
}
STORED_AS = {"half": torch.float16, "bfloat16": torch.bfloat16}  # outputs: from these weights, computed in float32
SHARD_SIZE = "40KB"
TEXT_CASES = ("base", "vocab-txt")
VOCAB_TXT_CASES = ("base", "vocab-txt", "legacy-names")
TOKENIZER_CONFIG_BY_HAND = {"do_lower_case": True, "model_max_length": POSITIONS}  # beside a lone vocab.txt

TEXTS = [
    ("The bank can refuse to lend money to the person by the river bank.", None),
    ("", None),
    (" \t\n ", None),
    ("The  cat\tsat\non \r\n the   mat .", None),
    ("A CAT sat On the mAt!", None),
    ("unhappyness reading capitals refused", None),
    ("zebra quiz jam", None),                                   # letters that the vocabulary lacks
    ("Café naïve CAFÉ cafe\u0301 na\u00efve", None),            # composed and decomposed accents
    ("\u00c5 \u212b \u212a \u0130 \u0131 \ufb01 \uff21", None),  # angstrom, kelvin, Turkish i, ligature, full width
    ("stra\u00dfe STRASSE", None),
    ("\u039f\u0394\u039f\u03a3 \u03bf\u03b4\u03bf\u03c2", None),  # capital sigma becomes small sigma, never final sigma
    ("\uac00 \uac00cat", None),                                 # Hangul is decomposed with the accents
    ("\u6771\u4eac is the capital", None),
    ("cat\u6771\u4eacmat \U00020000 \u3053", None),             # CJK inside a word, beyond the BMP, hiragana
    ("he can't re-read it,and... (she) can?!", None),
    ("$cat^mat`sat~ a+b=c <s> a_b", None),                      # ASCII symbols count as punctuation
    ("\u201ccat\u201d \u2013 mat\u2026 \u20ac1 \u00a9", None),  # of the other symbols only Unicode punctuation
    ("cat \U0001f600 mat cat\U0001f600", None),
    ("\U0001f469\u200d\U0001f467 the \u2764\ufe0f cat", None),  # joined emoji, variation selector
    ("c\u200dat c\u00adat ca\u0000t ca\ufffdt ca\u0008t", None),  # format and control characters vanish
    ("cat\u00a0sat\u3000on\u2003the\u200bmat\u2028it", None),   # kinds of space
    ("\u0c95\u0ca8\u0ccd\u0ca8\u0ca1 cat", None),
    ("12 1 2.12", None),
    ("the [MASK] sat on the[SEP]mat [mask] [CLS", None),
    ("a" * 100 + " " + "a" * 101, None),                        # the longest word that is cut into pieces, and one more
    ("The cat sat.", "It can refuse!"),
    ("Where is the bank?", "The bank is by the river ."),
    ("cat", ""),
    ("", "cat"),
    ("the [MASK] \U0001f600", "Paris \u6771 caf\u00e9"),
]


def generator(case, name):
    return np.random.default_rng([SEED, zlib.crc32(f"{case}/{name}".encode())])


def initialise(model, case):
    for name, parameter in model.named_parameters():
        noise = generator(case, name).standard_normal(tuple(parameter.shape))
        if name.endswith("LayerNorm.weight"):
            value = 1 + STD_NORM * noise
        elif "embeddings." in name and parameter.dim() == 2:
            value = STD_EMBEDDING * noise
        elif parameter.dim() == 1:
            value = STD_BIAS * noise
        elif "query" in name or "key" in name:
            value = STD_QUERY_KEY * noise
        elif name.startswith(("classifier", "qa_outputs", "cls.seq_relationship")):
            value = STD_HEAD * noise
        else:
            value = STD * noise
        parameter.data.copy_(torch.from_numpy(value.astype(np.float32)))


def inputs(case, config, lengths):
    random = generator(case, "inputs")
    shape = (len(lengths), max(lengths))
    mask = (np.arange(shape[1])[None, :] < np.array(lengths)[:, None]).astype(np.int64)
    ids = random.integers(len(SPECIAL), config.vocab_size, shape)
    types = random.integers(0, config.type_vocab_size, shape)
    for row, length in enumerate(lengths):
        ids[row, length - 1] = SEP
        ids[row, length // 2] = MASK
    ids[:, 0] = CLS
    return {"input_ids": ids * mask + PAD * (1 - mask), "token_type_ids": types * mask, "attention_mask": mask}


def outputs(model, given):
    """What the model computes, by the names that golden.safetensors has."""
    encoder = model.base_model
    seen = {}

    def keep(name):
        return lambda module, args, out=None: seen.__setitem__(name, args[0] if out is None else out)

    attention = encoder.encoder.layer[0].attention
    hooks = [attention.self.query.register_forward_hook(keep("layer0.query")),
             attention.self.key.register_forward_hook(keep("layer0.key")),
             attention.self.value.register_forward_hook(keep("layer0.value")),
             attention.output.dense.register_forward_pre_hook(keep("layer0.context"))]
    if encoder.pooler is not None:
        hooks.append(encoder.pooler.register_forward_hook(keep("pooler_output")))
    with torch.no_grad():
        out = model(**{k: torch.from_numpy(v) for k, v in given.items()},
                    output_hidden_states=True, output_attentions=True)
    for hook in hooks:
        hook.remove()
    result = dict(seen, last_hidden_state=out.hidden_states[-1])
    result.update({f"hidden_states.{i}": h for i, h in enumerate(out.hidden_states)})
    result.update({f"attentions.{i}": a for i, a in enumerate(out.attentions)})
    for name, field in {"logits": "logits", "start_logits": "start_logits", "end_logits": "end_logits",
                        "prediction_logits": "logits", "seq_relationship_logits": "seq_relationship_logits"}.items():
        if name in out:
            result[field] = out[name]
    if "last_hidden_state" in out:
        assert torch.equal(out.last_hidden_state, out.hidden_states[-1])
    return {name: np.array(value.numpy(), np.float32, order="C") for name, value in result.items()}


def build(case):
    model_class, changes, lengths = CASES[case]
    config = BertConfig(**{**SIZES, **changes})
    config._attn_implementation = "eager"
    model = (model_class(config, add_pooling_layer=False) if case == "no-pooler" else model_class(config)).eval()
    initialise(model, case)
    if case in STORED_AS:
        model.to(STORED_AS[case]).to(torch.float32)
    return model, lengths


def save_model(model, case, folder):
    if case in STORED_AS:
        model = copy.deepcopy(model).to(STORED_AS[case])
    if case == "sharded":
        model.save_pretrained(folder, max_shard_size=SHARD_SIZE)
    elif case == "legacy-names":
        model.config.architectures = ["BertForMaskedLM"]
        model.config.save_pretrained(folder)
        save_file(legacy(model), os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    else:
        model.save_pretrained(folder)


def legacy(model):
    """The tensors by the names of the first BERT checkpoints, which also kept what is tied and a position buffer."""
    tensors = {}
    for name, tensor in model.state_dict().items():
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        tensors[name] = np.array(tensor.numpy())
    tensors["bert.embeddings.position_ids"] = np.arange(POSITIONS, dtype=np.int64)[None, :]
    assert {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias", "cls.predictions.bias"} <= set(tensors)
    return tensors


def save_tokenizer(tokenizer, case, folder):
    if case in VOCAB_TXT_CASES:
        write(os.path.join(folder, "vocab.txt"), "".join(token + "\n" for token in VOCABULARY))
        write(os.path.join(folder, "tokenizer_config.json"), json.dumps(TOKENIZER_CONFIG_BY_HAND, indent=2) + "\n")
    if case not in ("vocab-txt", "legacy-names", "no-tokenizer", "masked-lm-untied", "next-sentence"):
        tokenizer.save_pretrained(folder)


def tokenized(tokenizer):
    rows = []
    for text, pair in TEXTS:
        e = tokenizer(text, text_pair=pair, return_offsets_mapping=True, verbose=False)
        rows.append({"text": text, "pair": pair, "ids": e["input_ids"], "type_ids": e["token_type_ids"],
                     "tokens": tokenizer.convert_ids_to_tokens(e["input_ids"]), "offsets": e["offset_mapping"]})
    return rows


def lines(rows):
    """A JSON list, one element to a line, in ASCII so that invisible characters can be seen."""
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def difference(golden, computed):
    return max(float(np.abs(golden[name] - computed[name]).max()) for name in computed if name in golden)


def verify(case, folder):
    """Loads the folder as anyone would and compares; returns the greatest difference."""
    golden = load_file(os.path.join(folder, "golden.safetensors"))
    given = {name: golden.pop(name) for name in ("input_ids", "token_type_ids", "attention_mask")}
    with open(os.path.join(folder, "config.json")) as f:
        own_class = getattr(transformers, json.load(f)["architectures"][0])
    worst, seen = 0.0, set()
    for loader in {AutoModel, own_class, CASES[case][0]}:
        model = loader.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
        computed = outputs(model, given)
        if case == "no-pooler":
            computed.pop("pooler_output", None)  # AutoModel makes a pooler with new weights
        if loader is AutoModel and case in ("masked-lm", "masked-lm-untied", "token-classification", "question-answering"):
            computed.pop("pooler_output")
        assert set(computed) <= set(golden), set(computed) - set(golden)
        seen |= set(computed)
        worst = max(worst, difference(golden, computed))
    assert seen == set(golden), set(golden) - seen
    assert worst < MAX_DIFF, (case, worst)
    return worst


def statistics(golden):
    """How far attention is from uniform, over the queries that are no padding in rows of more than one token."""
    rows = golden["attention_mask"].sum(1)
    peaks = [a[b, :, :n].max(-1).ravel() for name, a in golden.items() if name.startswith("attentions.")
             for b, n in enumerate(rows) if n > 1]
    peaks = np.concatenate(peaks)
    text = (f"peak attention mean {peaks.mean():.2f}, over 0.5: {100 * (peaks > 0.5).mean():.0f} %, "
            f"max {peaks.max():.3f}")
    for name in ("pooler_output", "logits", "start_logits", "seq_relationship_logits"):
        if name in golden:
            text += f"; {name} std {golden[name].std():.2f}"
    return text


def main(out):
    assert len(VOCABULARY) == len(set(VOCABULARY)) == SIZES["vocab_size"], (len(VOCABULARY), len(set(VOCABULARY)))
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    os.makedirs(out, exist_ok=True)
    versions = "".join(f"{name} {version}\n" for name, version in [
        ("python", platform.python_version()), ("torch", torch.__version__),
        ("transformers", transformers.__version__), ("tokenizers", tokenizers.__version__),
        ("safetensors", safetensors.__version__), ("numpy", np.__version__)])
    write(os.path.join(out, "versions.txt"), versions)
    print(versions)

    tokenizer = BertTokenizerFast(vocab={t: i for i, t in enumerate(VOCABULARY)}, do_lower_case=True,
                                  model_max_length=POSITIONS)
    for case in CASES:
        folder = os.path.join(out, case)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        model, lengths = build(case)
        save_model(model, case, folder)
        save_tokenizer(tokenizer, case, folder)
        given = inputs(case, model.config, lengths)
        golden = {**given, **outputs(model, given)}
        save_file(golden, os.path.join(folder, "golden.safetensors"))
        if case in TEXT_CASES:
            rows = tokenized(tokenizer)
            write(os.path.join(folder, "texts.json"), lines(rows))
            assert tokenized(AutoTokenizer.from_pretrained(folder)) == rows, case
        for name in os.listdir(folder):
            os.chmod(os.path.join(folder, name), 0o644)
        size = sum(os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder))
        print(f"{case}: {size:,} bytes, greatest difference {verify(case, folder):.1e}; {statistics(golden)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
