"""The character model of examples/moby-dick/train.yaml in PyTorch, for comparison: same architecture, initialisation,
batches of random windows, AdamW without decay on vectors, schedule, clipping, and validation over all windows.

usage: character_model.py TEXT [--steps 2000] [--seed 1337] [--threads 2]

TEXT is the concatenation that Heed trains on (files of the package in the order of their numbers, joined by a line
break). Prints one JSON line with the validation loss. Not needed by the build. torch 2.13, transformers 5.18.
"""
import argparse
import json
import math
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1337)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    text = open(a.text, encoding="utf-8", newline="").read()
    ids = {c: i for i, c in enumerate(sorted(set(text)))}
    data = torch.tensor([ids[c] for c in text])
    split = round(len(data) * 0.9)
    train, rest = data[:split], data[split:]
    block, batch, vocab = 64, 12, len(ids)
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=vocab, n_positions=block, n_embd=128, n_layer=4, n_head=4, resid_pdrop=0.0, embd_pdrop=0.0,
        attn_pdrop=0.0, bos_token_id=None, eos_token_id=None))
    for name, p in model.named_parameters():
        if p.dim() > 1:
            torch.nn.init.normal_(p, 0.0, 0.02 / math.sqrt(8) if name.endswith("c_proj.weight") else 0.02)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
                                  lr=1e-3, betas=(0.9, 0.99))

    def rate(step):
        if step <= 100:
            return 1e-3 * step / 100
        return 1e-4 + 9e-4 * (1 + math.cos(math.pi * (step - 100) / (a.steps - 100))) / 2

    def loss(x, y):
        return torch.nn.functional.cross_entropy(model(x).logits.view(-1, vocab), y.reshape(-1))

    start = time.time()
    for step in range(1, a.steps + 1):
        at = torch.randint(len(train) - block, (batch,))
        x = torch.stack([train[i:i + block] for i in at])
        y = torch.stack([train[i + 1:i + block + 1] for i in at])
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        optimizer.zero_grad(set_to_none=True)
        loss(x, y).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    seconds = time.time() - start
    windows = (len(rest) - 1) // block
    x, y = rest[:windows * block].view(windows, block), rest[1:windows * block + 1].view(windows, block)
    with torch.no_grad():
        total = sum(loss(x[i:i + 64], y[i:i + 64]).item() * len(x[i:i + 64]) for i in range(0, windows, 64))
    print(json.dumps({"impl": "torch", "seed": a.seed, "steps": a.steps, "validation_loss": round(total / windows, 4),
                      "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main()
