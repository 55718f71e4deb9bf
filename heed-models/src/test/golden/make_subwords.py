"""Tokenizers that Hugging Face's tokenizers learns from texts made up here, for ours to be held to.

python make_subwords.py subwords
tokenizers 0.23.2. The corpus repeats words of sentences written for this file by Zipf's law, so that pairs tie often.
"""
import json
import os
import random
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
SENTENCES = """
The bank can refuse to lend money to the person by the river bank, and nobody asked the river.
A cat sat on the mat; the dog that had chased it lay beside them and slept until noon.
She opened 3 files, closed 12, and wrote 2,048 lines (most of them blank) before the kettle boiled.
Its attention wandered: heads, layers, queries, keys and values went round and round like a carousel.
Nothing is lost when a tokenizer is lossless — not a tab, not a ‘quote’, not an emoji 😀👍🏽!
ನನ್ನ ಹೆಸರು ಅಜ್. ನಾನು ಬೆಂಗಳೂರಿನಲ್ಲಿ ವಾಸಿಸುತ್ತೇನೆ, ನನ್ನ ಸ್ನೇಹಿತರು ಮೈಸೂರಿನಲ್ಲಿ ಇದ್ದಾರೆ.
ಕಡತವನ್ನು ತೆರೆಯಲು ಸಾಧ್ಯವಿಲ್ಲ; ದಯವಿಟ್ಟು ಮತ್ತೊಮ್ಮೆ ಪ್ರಯತ್ನಿಸಿ. ರಾಜ್\u200cಕುಮಾರ್ ಮತ್ತು ಕ್\u200dಷೇತ್ರ.
बैंक ने नदी के किनारे रहने वाले व्यक्ति को पैसे उधार देने से मना कर दिया।
Die Straße zur Bank führt über den Fluß; größere Kähne fahren dort nicht mehr.
銀行は川のそばにあります。私の名前はアジです。
aaaa aaa aaaaaaa banana bananas bananabanana ababab abab cabcabcab
""".strip().split("\n")


def corpus():
    r = random.Random(23)
    words = sorted({w for s in SENTENCES for w in s.split()})
    r.shuffle(words)
    weights = [1 / (i + 1) for i in range(len(words))]
    lines = list(SENTENCES)
    for _ in range(260):
        lines.append(" ".join(r.choices(words, weights, k=r.randint(2, 11))))
    return lines


LINES = corpus()
TEXTS = SENTENCES + ["  two  spaces\tand a tab\n\nand lines ", "ಅಪರಿಚಿತ Ωmega ﬁ Ⅷ", "", " ", "naïve café", "a▁b ▁ c"]
PATTERN = (r" ?[\p{L}\p{M}\x{200C}\x{200D}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}\x{200C}\x{200D}]+|\s+(?!\S)|\s+")
NAMES = ["<unk>", "<s>", "</s>", "<pad>"]


def byte_level():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(PATTERN), "isolated"),
                                               pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator([line + "\n" for line in LINES], trainers.BpeTrainer(
        vocab_size=700, min_frequency=2, show_progress=False, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return t


def plain(model):
    t = Tokenizer(model)
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    return t


def characters(size, frequency):
    t = plain(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=size, min_frequency=frequency, show_progress=False,
                                                     special_tokens=NAMES))
    return t


def unigram():
    t = plain(models.Unigram())
    t.train_from_iterator(LINES, trainers.UnigramTrainer(vocab_size=400, show_progress=False, special_tokens=NAMES,
                                                         unk_token="<unk>"))
    return t


def bpe(t):
    model = json.loads(t.to_str())["model"]
    vocab = sorted(model["vocab"], key=model["vocab"].get)
    texts = [dict(text=x, ids=t.encode(x).ids, decoded=t.decode(t.encode(x).ids)) for x in TEXTS]
    return dict(vocab=vocab, merges=model["merges"], texts=texts)


cases = dict(lines=LINES, byte=bpe(byte_level()), characters=bpe(characters(500, 2)), many=bpe(characters(2000, 0)),
             unigram=json.loads(unigram().to_str())["model"]["vocab"])
with open(os.path.join(OUT, "learned.json"), "w", encoding="utf-8", newline="\n") as f:
    json.dump(cases, f, ensure_ascii=False, separators=(",", ":"))
    f.write("\n")
