"""A model that `heed train seq2seq` made, computed by PyTorch: whether both write the same, as probably.

usage: heed translate --model FOLDER LINES --format jsonl | check_seq2seq.py FOLDER

A Transformer's folder is opened by Hugging Face (MarianMTModel or MBartForConditionalGeneration), which translates with
the beams that the folder asks for; a recurrent one by the few lines below, which say how likely each translation is.
Prints the greatest difference of a score (log-probability over length to the power of the penalty) and fails above
1e-4, or where a translation differs. For recipes without `protect`, whose signs are Heed's own. Not needed by the build. torch 2.13, transformers 5.18.
"""
import json
import os
import sys

import torch
from safetensors.torch import load_file
from torch.nn.functional import linear
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, PreTrainedTokenizerFast

torch.set_num_threads(1)


class Recurrent:
    """The names in model.safetensors are those of nn.LSTM, nn.GRU and nn.RNN."""

    def __init__(self, folder, config):
        self.w, self.config = load_file(os.path.join(folder, "model.safetensors")), config
        width, layers = config["hidden_size"], config["num_layers"]
        self.lstm = config["cell"] == "lstm"
        kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(config["cell"], torch.nn.RNN)
        more = {} if config["cell"] in ("lstm", "gru") else {"nonlinearity": config["cell"]}
        seen = 2 * width if config["attention"] == "bahdanau" else width
        self.encoder = kind(width, width // 2, layers, bidirectional=True, batch_first=True, **more)
        self.decoder = kind(seen, width, layers, batch_first=True, **more)
        for name, net in (("encoder.", self.encoder), ("decoder.", self.decoder)):
            net.load_state_dict({k[len(name):]: v for k, v in self.w.items() if k.startswith(name)})

    def words(self, side):
        return self.w["embedding.weight"] if self.config["tie_word_embeddings"] else self.w[side + "_embedding.weight"]

    def both_halves(self, state):  # [2 · layers, 1, H/2] → [layers, 1, H]
        return torch.cat([state[0::2], state[1::2]], -1).contiguous()

    def log_probabilities(self, source, target):
        states, last = self.encoder(self.words("source")[source][None])
        state = tuple(map(self.both_halves, last)) if self.lstm else self.both_halves(last)
        outputs, looks, w = [], self.config["attention"], self.w
        for token in target:
            y = self.words("target")[token][None, None]
            if looks == "bahdanau":
                asks = linear((state[0] if self.lstm else state)[-1], w["attention.query.weight"])
                keys = linear(states, w["attention.key.weight"], w["attention.key.bias"])
                weights = (torch.tanh(asks[:, None] + keys) @ w["attention.score"]).softmax(-1)
                context = weights[:, None] @ states
                hidden, state = self.decoder(torch.cat([y, context], -1), state)
            else:
                hidden, state = self.decoder(y, state)
                if looks != "none":
                    asks = linear(hidden, w["attention.general.weight"]) if looks == "luong-general" else hidden
                    context = (asks @ states.transpose(1, 2)).softmax(-1) @ states
            if looks != "none":
                hidden = torch.tanh(
                    linear(torch.cat([context, hidden], -1), w["combine.weight"], w.get("combine.bias")))
            head = self.words("target") if self.config["tie_word_embeddings"] else w["head.weight"]
            outputs.append(linear(hidden[0, 0], head, w["head.bias"]).log_softmax(-1))
        return torch.stack(outputs)


def main():
    folder = sys.argv[1]
    config = json.load(open(os.path.join(folder, "config.json")))
    recurrent = config["model_type"] == "heed-recurrent"
    file = os.path.join(folder, "tokenizer.json")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=file) if recurrent else AutoTokenizer.from_pretrained(folder)
    decoding = json.load(open(os.path.join(folder, "generation_config.json")))
    longest, penalty = decoding["max_length"] - 1, decoding.get("length_penalty", 1.0)
    model = Recurrent(folder, config) if recurrent else AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    worst, texts, different = 0.0, 0, 0
    for line in map(json.loads, sys.stdin):
        source = tokenizer(line["source"])["input_ids"]
        with torch.no_grad():
            if recurrent:
                target = tokenizer(line["translation"])["input_ids"][:longest]  # one that was cut has no end
                found = model.log_probabilities(source, [config["decoder_start_token_id"]] + target[:-1])
                score = found[range(len(target)), target].sum().item() / len(target) ** penalty
            else:
                made = model.generate(torch.tensor([source]), return_dict_in_generate=True, output_scores=True)
                score = made.sequences_scores[0].item()
                text = tokenizer.decode(made.sequences[0], skip_special_tokens=True)
                different += text != line["translation"]
        worst, texts = max(worst, abs(score - line["score"])), texts + 1
    print(json.dumps({"texts": texts, "greatest_difference": worst, "other_translations": different}))
    if worst > 1e-4 or different or not texts:
        sys.exit(1)


if __name__ == "__main__":
    main()
