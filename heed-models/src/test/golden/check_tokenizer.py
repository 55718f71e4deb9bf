"""Whether Hugging Face's libraries load a tokenizer that `heed tokenizer train` wrote, and texts come back.

python check_tokenizer.py FOLDER TEXTS
Prints how many tokens a word of the texts takes. Byte-level tokenizers must give every line back as it was, others but for
white space, normalisation and unknown characters, which are counted.
"""
import sys
import unicodedata

from tokenizers import Tokenizer
from transformers import AutoTokenizer

folder, texts = sys.argv[1:]
fast = Tokenizer.from_file(folder + "/tokenizer.json")
auto = AutoTokenizer.from_pretrained(folder)
exact = '"ByteLevel"' in open(folder + "/tokenizer.json", encoding="utf-8").read()
lines = open(texts, encoding="utf-8").read().splitlines()
tokens = words = unknown = different = 0
for line in lines:
    ids = fast.encode(line).ids
    assert ids == auto(line)["input_ids"], line
    back = fast.decode(ids)
    expected = line if exact else unicodedata.normalize("NFC", " ".join(line.split()))
    has_unknown = auto.unk_token_id in ids
    unknown += has_unknown
    if back != expected and not has_unknown:
        different += 1
        print(repr(expected), repr(back), sep="\n", file=sys.stderr)
    tokens, words = tokens + len(ids), words + len(line.split())
print(f"{fast.get_vocab_size()} tokens, specials {auto.special_tokens_map}, {len(lines)} lines, {tokens / max(1, words):.3f} "
      f"tokens a word, {unknown} lines with unknown characters, {different} not as they were")
sys.exit(different > 0)
