"""The LSTM language models of `heed bench train --case lstm128,lstm256,lstm512` in PyTorch: embeddings, nn.LSTM, a linear
map, cross-entropy and AdamW. Prints a JSON line for each with Heed's keys. Not needed by the build. torch 2.13.

usage: lstm.py [--case lstm128,lstm256,lstm512] [--threads 2] [--seconds 6]
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn

CASES = {"lstm128": (12, 2, 128), "lstm256": (32, 1, 256), "lstm512": (32, 1, 512)}
VOCAB, WINDOW = 65, 64


class Model(nn.Module):
    def __init__(self, layers, width):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, width)
        self.rnn = nn.LSTM(width, width, layers, batch_first=True)
        self.head = nn.Linear(width, VOCAB)

    def forward(self, ids):
        return self.head(self.rnn(self.embedding(ids))[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", default=",".join(CASES))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    for case in a.case.split(","):
        batch, layers, width = CASES[case]
        torch.manual_seed(1)
        model = Model(layers, width)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
        ids, following = (torch.randint(0, VOCAB, (batch, WINDOW)) for _ in range(2))

        def step():
            loss = nn.functional.cross_entropy(model(ids).view(-1, VOCAB), following.view(-1))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        def run(seconds):
            times, end = [], time.perf_counter() + seconds
            while time.perf_counter() < end:
                start = time.perf_counter()
                step()
                times.append(time.perf_counter() - start)
            return times

        run(a.seconds / 3)
        median = statistics.median(run(a.seconds))
        print(json.dumps({
            "impl": "torch", "bench": "train", "case": case, "threads": a.threads,
            "parameters": sum(p.numel() for p in model.parameters()), "tokens": batch * WINDOW,
            "step_ms": round(median * 1e3, 2), "tokens_per_s": round(batch * WINDOW / median)}), flush=True)


if __name__ == "__main__":
    main()
