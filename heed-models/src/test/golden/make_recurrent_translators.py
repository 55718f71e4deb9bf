"""Tiny recurrent translators as folders that Heed opens, and what PyTorch makes of them: the log-probability of every
next token of a target.

Writes recurrent/translators/NAME/{config.json,model.safetensors,golden.safetensors}. The computation is that of
benchmarks/training/check_seq2seq.py, by nn.LSTM, nn.GRU and nn.RNN. Made with torch 2.13 (CPU, one thread).
"""
import json
import os
import sys

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "..", "..", "..", "benchmarks", "training"))
from check_seq2seq import Recurrent  # noqa: E402

V, WIDTH = 11, 6
SOURCE, TARGET = [3, 7, 2, 9, 1], [0, 5, 10, 4]


def make(name, cell, attention, layers, tied):
    torch.manual_seed(7)
    folder = os.path.join(HERE, "recurrent", "translators", name)
    os.makedirs(folder, exist_ok=True)
    config = dict(model_type="heed-recurrent", architectures=["RecurrentTranslator"], cell=cell, vocab_size=V,
                  embedding_size=WIDTH, hidden_size=WIDTH, num_layers=layers, dropout=0.1, dtype="float32",
                  attention=attention, tie_word_embeddings=tied, pad_token_id=0, eos_token_id=1,
                  decoder_start_token_id=0)
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(cell, torch.nn.RNN)
    seen = 2 * WIDTH if attention == "bahdanau" else WIDTH
    tensors = {"encoder." + k: v for k, v in kind(WIDTH, WIDTH // 2, layers, bidirectional=True).state_dict().items()}
    tensors |= {"decoder." + k: v for k, v in kind(seen, WIDTH, layers).state_dict().items()}
    for k in ["embedding.weight"] if tied else ["source_embedding.weight", "target_embedding.weight", "head.weight"]:
        tensors[k] = torch.empty(V, WIDTH)
    tensors["head.bias"] = torch.empty(V)
    if attention == "bahdanau":
        tensors |= {"attention.query.weight": torch.empty(WIDTH, WIDTH), "attention.key.weight": torch.empty(WIDTH, WIDTH),
                    "attention.key.bias": torch.empty(WIDTH), "attention.score": torch.empty(WIDTH),
                    "combine.bias": torch.empty(WIDTH)}
    if attention == "luong-general":
        tensors["attention.general.weight"] = torch.empty(WIDTH, WIDTH)
    if attention != "none":
        tensors["combine.weight"] = torch.empty(WIDTH, 2 * WIDTH)
    tensors = {k: torch.randn(v.shape) * 0.6 for k, v in sorted(tensors.items())}
    save_file(tensors, os.path.join(folder, "model.safetensors"))
    json.dump(config, open(os.path.join(folder, "config.json"), "w"), indent=1)
    with torch.no_grad():
        found = Recurrent(folder, config).log_probabilities(SOURCE, TARGET)
    save_file({"source": torch.tensor(SOURCE), "target": torch.tensor(TARGET), "log_probabilities": found},
              os.path.join(folder, "golden.safetensors"))


make("lstm-bahdanau", "lstm", "bahdanau", 2, True)
make("gru-luong-general", "gru", "luong-general", 2, False)
make("lstm-luong-dot", "lstm", "luong-dot", 1, True)
make("rnn-none", "tanh", "none", 2, False)
