"""Lines per second of Hugging Face's `generate`, beside `heed bench translate`.

usage: peer_translate.py FOLDER FILE [BATCH…]

Opens the folder as MarianMTModel, translates the lines in batches (16, 32 and 64 unless told), in their order and sorted by
length, with the beams and the length penalty of the folder, and prints JSON lines. PyTorch takes OMP_NUM_THREADS
threads. Not needed by the build. torch 2.13, transformers 5.18.
"""
import json
import sys
import time

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer


def main():
    folder, file = sys.argv[1:3]
    batches = [int(size) for size in sys.argv[3:]] or [16, 32, 64]
    lines = open(file, encoding="utf-8").read().splitlines()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        for order in ("arrival", "sorted"):
            texts = lines if order == "arrival" else sorted(lines, key=lambda line: len(tokenizer(line)["input_ids"]))
            for size in batches:
                model.generate(**tokenizer(texts[:size], return_tensors="pt", padding=True))
                start = time.perf_counter()
                for i in range(0, len(texts), size):
                    model.generate(**tokenizer(texts[i:i + size], return_tensors="pt", padding=True))
                seconds = time.perf_counter() - start
                print(json.dumps({"bench": "translate", "program": "transformers", "order": order, "batch": size,
                                  "threads": torch.get_num_threads(), "texts_per_s": round(len(texts) / seconds, 2)}),
                      flush=True)


if __name__ == "__main__":
    main()
