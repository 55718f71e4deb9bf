"""Trains tiny tokenizers and writes what Hugging Face makes of awkward texts.

usage: python make_tokenizers.py OUT_DIR

OUT_DIR/<case>/ has the files of a tokenizer that has no tokenizer.json (SentencePiece models, or vocab.json and
merges.txt), and texts.json: for each text the ids, the ids without special tokens, and the text decoded again.
"""
import io
import json
import os
import random
import sys

import sentencepiece
from tokenizers import ByteLevelBPETokenizer
from transformers import (GPT2Tokenizer, LlamaTokenizer, MarianTokenizer, Qwen2Tokenizer, RobertaTokenizer, T5Tokenizer,
                          XLMRobertaTokenizer)

WORDS = ("the bank of river can refuse to lend money and people sat on a mat while cats ran over hills it is not what we "
         "thought but naïve café owners don't mind paying 12 or 345 euros for tea; they'll say: why? because! (so it goes) "
         "Paris London Käse Straße fußball été où garçon ನಾನು ಕನ್ನಡ ಮಾತನಾಡುತ್ತೇನೆ ಬೆಂಗಳೂರು 東京 日本 привет мир").split()
TEXTS = [
    "the bank can refuse to lend money",
    "  two  leading and trailing spaces  ",
    "tabs\tand\nnew lines\r\n end",
    "naïve café, don't mind: 12345!",
    "cafe\u0301 décomposé",
    "ﬁne ligatures Ⅳ ½ ① ＦＵＬＬ width",
    "emoji 🙂 and 👩‍👩‍👧 family",
    "ಕನ್ನಡ ಬೆಂಗಳೂರು",
    "ಕ್\u200dಷ ರ\u200cಕ ಅರ್ಥ",
    "東京 日本 привет мир",
    "non\u00a0breaking\u2003em\u200bzero",
    "unknown: \U0001F9FF ꙮ ʘ",
    "</s> spelled <unk> out <pad>",
    "a",
    " ",
    "",
    "...!!!???",
    "UPPER lower MiXeD",
    "x" * 40,
]


def sentences():
    draw = random.Random(20)
    return [" ".join(draw.choices(WORDS, k=draw.randint(3, 12))) for _ in range(3000)]


def train(path, size, kind, rule, **more):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences()), model_writer=model, vocab_size=size, model_type=kind,
        normalization_rule_name=rule, num_threads=1, minloglevel=2, hard_vocab_limit=False, **more)
    with open(path, "wb") as file:
        file.write(model.getvalue())


def write_texts(folder, tokenizer, **facts):
    rows = []
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        rows.append({
            "text": text,
            "ids": ids,
            "bare": tokenizer(text, add_special_tokens=False)["input_ids"],
            "decoded": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False),
        })
    pair = tokenizer("the bank", "of river")["input_ids"]
    with open(os.path.join(folder, "texts.json"), "w", encoding="utf-8") as file:
        json.dump({"pair": pair, "texts": rows, **facts}, file, ensure_ascii=False, indent=0)


def settings(folder, **values):
    with open(os.path.join(folder, "tokenizer_config.json"), "w", encoding="utf-8") as file:
        json.dump(values, file)


def main():
    out = sys.argv[1]
    case = lambda name: (os.makedirs(os.path.join(out, name), exist_ok=True), os.path.join(out, name))[1]

    folder = case("t5")
    train(f"{folder}/spiece.model", 300, "unigram", "nmt_nfkc", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    settings(folder, tokenizer_class="T5Tokenizer", extra_ids=5)
    write_texts(folder, T5Tokenizer.from_pretrained(folder, extra_ids=5))

    folder = case("xlm-roberta")
    train(f"{folder}/sentencepiece.bpe.model", 300, "unigram", "nmt_nfkc", unk_id=0, bos_id=1, eos_id=2, pad_id=-1)
    settings(folder, tokenizer_class="XLMRobertaTokenizer")
    write_texts(folder, XLMRobertaTokenizer.from_pretrained(folder))

    for name, legacy in (("llama", None), ("llama-legacy", True)):
        folder = case(name)
        train(f"{folder}/tokenizer.model", 600, "bpe", "identity", byte_fallback=True, split_digits=True,
              remove_extra_whitespaces=False, allow_whitespace_only_pieces=True)
        more = {} if legacy is None else {"legacy": legacy, "add_bos_token": True, "add_eos_token": True}
        settings(folder, tokenizer_class="LlamaTokenizer", **more)
        write_texts(folder, LlamaTokenizer.from_pretrained(folder))

    folder = case("marian")
    train(f"{folder}/source.spm", 260, "unigram", "nmt_nfkc")
    draw = random.Random(7)
    shuffled = [" ".join(draw.sample(line.split(), len(line.split()))) for line in sentences()][:1500]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line.replace("the", "ze").replace("a", "ä") for line in shuffled), model_writer=model,
        vocab_size=200, model_type="unigram", normalization_rule_name="nmt_nfkc", num_threads=1, minloglevel=2,
        hard_vocab_limit=False)
    with open(f"{folder}/target.spm", "wb") as file:
        file.write(model.getvalue())
    pieces = []
    for name in ("target", "source"):
        spm = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/{name}.spm")
        pieces += [spm.id_to_piece(i) for i in range(3, len(spm))]
    missing = {"▁hills", "▁mat"}  # pieces that the vocabulary lacks
    vocab = ["</s>", "<unk>"] + [p for p in dict.fromkeys(pieces) if p not in missing] + [">>fra<<", "<pad>"]
    with open(f"{folder}/vocab.json", "w", encoding="utf-8") as file:
        json.dump({piece: i for i, piece in enumerate(vocab)}, file, ensure_ascii=False)
    settings(folder, tokenizer_class="MarianTokenizer", source_lang="en", target_lang="de")
    TEXTS.append(">>fra<< the bank over hills")
    write_texts(folder, MarianTokenizer.from_pretrained(folder))
    TEXTS.pop()
    os.remove(f"{folder}/target.spm")  # its pieces are in vocab.json

    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(sentences(), vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>",
                                                                         "<|endoftext|>"])
    for name, make, values in (
            ("gpt2", GPT2Tokenizer, dict(tokenizer_class="GPT2Tokenizer", bos_token="<|endoftext|>",
                                         eos_token="<|endoftext|>", unk_token="<|endoftext|>")),
            ("roberta", RobertaTokenizer, dict(tokenizer_class="RobertaTokenizer")),
            ("qwen2", Qwen2Tokenizer, dict(tokenizer_class="Qwen2Tokenizer", eos_token="<|endoftext|>",
                                           pad_token="<|endoftext|>", unk_token="<|endoftext|>"))):
        folder = case(name)
        bpe.save_model(folder)
        settings(folder, **values)
        write_texts(folder, make.from_pretrained(folder))


if __name__ == "__main__":
    main()
