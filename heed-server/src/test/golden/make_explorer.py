"""Makes the attention that the explorer's API is held to: what Hugging Face transformers computes in float64.

usage: python make_explorer.py ../../../../heed-models/src/test/resources/golden ../resources/golden/explorer.json

The checkpoints are the tiny seeded ones of heed-models. Weights are widened to float64 and all arithmetic is done there,
so that what remains of a difference is the rounding of the 32 bits that Heed computes in.
"""
import json
import sys

import torch
from transformers import AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoTokenizer

TEXT = "the bank by the river"
TARGET = "the river"


def rows(attentions):
    """[layers, heads, queries, keys] of a single text, with more digits than 1e-5 needs."""
    return [[[[round(weight, 8) for weight in row] for row in head] for head in layer[0].tolist()] for layer in attentions]


def encoder(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager").double().eval()
    ids = tokenizer(TEXT, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        out = model(input_ids=ids, output_attentions=True)
    return {"text": TEXT, "source": ids[0].tolist(), "enc": rows(out.attentions)}


def both(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager").double().eval()
    ids = tokenizer(TEXT, return_tensors="pt")["input_ids"]
    target = tokenizer(TARGET, return_tensors="pt")["input_ids"][:, :-1]
    target = torch.cat([torch.tensor([[model.config.decoder_start_token_id]]), target], dim=1)
    with torch.no_grad():
        out = model(input_ids=ids, decoder_input_ids=target, output_attentions=True)
    return {"text": TEXT, "pair": TARGET, "source": ids[0].tolist(), "target": target[0].tolist(),
            "enc": rows(out.encoder_attentions), "dec": rows(out.decoder_attentions), "cross": rows(out.cross_attentions)}


def main(golden, out):
    cases = {"bert/masked-lm": encoder(golden + "/bert/masked-lm"), "generation/t5": both(golden + "/generation/t5")}
    with open(out, "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
