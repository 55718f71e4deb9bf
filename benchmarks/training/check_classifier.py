"""A classifier that Heed trained, opened by Hugging Face: whether both find the same probabilities.

usage: check_classifier.py FOLDER LINES < heed classify --model FOLDER LINES

FOLDER is what `heed train classifier` wrote (with adapter_config.json it is opened through peft), LINES a file with a
text a line, standard input what Heed found in them. Prints the greatest difference and fails above 1e-4. Not needed
by the build. torch 2.13, transformers 5.18, peft 0.21.
"""
import json
import os
import sys

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer


def opened(folder):
    if not os.path.exists(os.path.join(folder, "adapter_config.json")):
        return AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32)
    from peft import PeftConfig, PeftModel

    base = PeftConfig.from_pretrained(folder).base_model_name_or_path
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(base, config=config, dtype=torch.float32)
    return PeftModel.from_pretrained(model, folder)


def main():
    folder, lines = sys.argv[1:]
    tokenizer, model = AutoTokenizer.from_pretrained(folder), opened(folder).eval()
    several = model.config.problem_type == "multi_label_classification"
    texts = [line.rstrip("\n") for line in open(lines, encoding="utf-8")]
    worst = 0.0
    for text, line in zip(texts, sys.stdin, strict=True):
        found = json.loads(line)
        assert found["text"] == text, (found["text"], text)
        with torch.no_grad():
            logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
        probabilities = logits.sigmoid() if several else logits.softmax(0)
        for index, probability in enumerate(probabilities.tolist()):
            worst = max(worst, abs(probability - found["labels"][model.config.id2label[index]]))
    print(json.dumps({"texts": len(texts), "greatest_difference": worst}))
    if worst > 1e-4:
        sys.exit(1)


if __name__ == "__main__":
    main()
