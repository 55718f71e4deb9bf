"""Makes tiny RoBERTa, XLM-RoBERTa, DistilBERT and ELECTRA checkpoints and what transformers computes with them.

usage: python make_encoders.py OUT_DIR

OUT_DIR/<family>/<case>/ is a Hugging Face folder (config.json, model.safetensors, some with tokenizer.json) with seeded
random weights, and golden.safetensors beside them: inputs, and the float32 outputs of transformers with eager attention
in eval mode. After writing, every folder is loaded again and compared.
"""
import json
import os
import sys

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (BertTokenizerFast, DistilBertConfig, DistilBertForMaskedLM, DistilBertForQuestionAnswering,
                          DistilBertForSequenceClassification, DistilBertForTokenClassification, DistilBertModel,
                          ElectraConfig, ElectraForMaskedLM, ElectraForPreTraining, ElectraForQuestionAnswering,
                          ElectraForSequenceClassification, ElectraForTokenClassification, ElectraModel,
                          PreTrainedTokenizerFast, RobertaConfig, RobertaForMaskedLM, RobertaForQuestionAnswering,
                          RobertaForSequenceClassification, RobertaForTokenClassification, RobertaModel,
                          XLMRobertaConfig, XLMRobertaForMaskedLM, XLMRobertaForSequenceClassification)

import tiny

TOKENS = 17  # the longest row: all positions there are
LENGTHS = (1, 7, TOKENS)
VOCABULARY = 61
SIZES = dict(vocab_size=VOCABULARY, hidden_size=21, num_attention_heads=3, intermediate_size=31, num_hidden_layers=2)
ROBERTA = dict(SIZES, max_position_embeddings=TOKENS + 2, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1)
DISTIL = dict(vocab_size=VOCABULARY, dim=21, n_heads=3, hidden_dim=31, n_layers=2, max_position_embeddings=TOKENS)
ELECTRA = dict(SIZES, embedding_size=13, max_position_embeddings=TOKENS, type_vocab_size=2)

SENTIMENT = tiny.labels(["negative", "neutral", "positive"])
TOXICITY = dict(problem_type="multi_label_classification", **tiny.labels(["toxic", "obscene", "threat", "insult"]))
ENTITIES = tiny.labels(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])

# family -> config class, sizes, and by case: model class, changes to the config
FAMILIES = {
    "roberta": (RobertaConfig, ROBERTA, {
        "base": (RobertaModel, {}),
        "padding-idx": (RobertaModel, dict(pad_token_id=4, max_position_embeddings=TOKENS + 5)),  # and no pooler
        "masked-lm": (RobertaForMaskedLM, dict(hidden_act="gelu_new")),  # the head's own activation stays gelu
        "untied": (RobertaForMaskedLM, dict(tie_word_embeddings=False)),
        "sequence-classification": (RobertaForSequenceClassification, SENTIMENT),
        "token-classification": (RobertaForTokenClassification, ENTITIES),
        "question-answering": (RobertaForQuestionAnswering, {}),
    }),
    "xlm-roberta": (XLMRobertaConfig, ROBERTA, {
        "masked-lm": (XLMRobertaForMaskedLM, {}),
        "sequence-classification": (XLMRobertaForSequenceClassification, TOXICITY),
    }),
    "distilbert": (DistilBertConfig, DISTIL, {
        "base": (DistilBertModel, dict(activation="relu")),
        "sinusoidal": (DistilBertModel, dict(sinusoidal_pos_embds=True)),
        "masked-lm": (DistilBertForMaskedLM, dict(activation="gelu_new")),  # the head's activation follows
        "sequence-classification": (DistilBertForSequenceClassification, SENTIMENT),
        "token-classification": (DistilBertForTokenClassification, ENTITIES),
        "question-answering": (DistilBertForQuestionAnswering, {}),
    }),
    "electra": (ElectraConfig, ELECTRA, {
        "base": (ElectraModel, {}),
        "same-size": (ElectraModel, dict(embedding_size=21)),  # and so no projection
        "discriminator": (ElectraForPreTraining, dict(hidden_act="relu")),  # the head's activation follows
        "generator": (ElectraForMaskedLM, dict(hidden_act="relu")),  # the head's activation stays gelu
        "sequence-classification": (ElectraForSequenceClassification, dict(SENTIMENT, hidden_act="relu")),  # gelu
        "token-classification": (ElectraForTokenClassification, ENTITIES),
        "question-answering": (ElectraForQuestionAnswering, {}),
    }),
}
NO_POOLER = ("roberta/padding-idx",)
BYTE_LEVEL = ("roberta/masked-lm", "roberta/question-answering", "roberta/token-classification")
UNIGRAM = ("xlm-roberta/masked-lm",)
WORD_PIECE = ("distilbert/masked-lm", "distilbert/question-answering", "electra/generator")
TYPED = ("electra",)

TEXT = "the bank can refuse to lend money to a person by the river bank. paris is the capital of france. who? where?"


def byte_level():
    """A byte-level BPE tokenizer in RoBERTa's layout: special tokens first, then bytes, then what a few merges make."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>"] + alphabet
    merges = []
    for word in ("Ġthe", "Ġbank", "Ġriver", "Ġparis", "Ġcapital", "Ġof", "Ġis"):
        left = word[0]
        for letter in word[1:]:
            if left + letter not in vocabulary:
                merges.append((left, letter))
                vocabulary.append(left + letter)
            left += letter
    vocabulary.append("<mask>")
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(vocabulary)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return framed(tokenizer, len(vocabulary))


def unigram():
    """A Unigram tokenizer in XLM-RoBERTa's layout."""
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    words = sorted(set(TEXT.replace(".", "").replace("?", "").split()))
    pieces += [("▁" + word, -3.0 - i / 16) for i, word in enumerate(words)]
    pieces += [(c, -6.0 - i / 16) for i, c in enumerate("▁.,?abcdefghijklmnopqrstuvwxyz")]
    pieces.append(("<mask>", 0.0))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return framed(tokenizer, len(pieces))


def framed(tokenizer, size):
    mask = size - 1
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>",
                                   sep_token="</s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>")
    assert len(fast) == size and fast.mask_token_id == mask, (len(fast), size)
    return fast


def word_piece():
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "?"] + sorted(
        set(TEXT.replace(".", "").replace("?", "").split()))
    vocabulary += ["##" + c for c in "aeinrst"] + list("abcdefhilmnorstu")
    return BertTokenizerFast(vocab={t: i for i, t in enumerate(vocabulary)}, do_lower_case=True)


def std_of(name, tensor):
    if "LayerNorm.weight" in name or "layer_norm.weight" in name:
        return 0.2, 1.0
    if "embeddings." in name and tensor.dim() == 2:
        return 0.1, 0.0
    if tensor.dim() == 1:
        return 0.2, 0.0
    if any(part in name for part in ("query", "key", "q_lin", "k_lin")):
        return 0.4, 0.0
    if name.startswith(("classifier.weight", "qa_outputs", "discriminator_predictions.dense_prediction")):
        return 0.4, 0.0
    return 0.2, 0.0


def tokenizer_of(name):
    if name in BYTE_LEVEL:
        return byte_level()
    if name in UNIGRAM:
        return unigram()
    return word_piece() if name in WORD_PIECE else None


def inputs(name, config):
    random = tiny.generator(name, "inputs")
    mask = tiny.mask_of(LENGTHS)
    ids = random.integers(7, min(config.vocab_size, VOCABULARY), mask.shape)
    if name == "roberta/base":
        ids[1, 3] = ids[2, 5] = ids[2, 6] = config.pad_token_id  # seen by attention, skipped by the count of positions
    given = {"input_ids": ids * mask + config.pad_token_id * (1 - mask), "attention_mask": mask}
    if name.startswith(TYPED):
        given["token_type_ids"] = random.integers(0, config.type_vocab_size, mask.shape) * mask
    return given


def outputs(model, given):
    seen = {}
    pooler = getattr(model.base_model, "pooler", None)
    if pooler is not None:
        pooler.register_forward_hook(lambda module, args, out: seen.__setitem__("pooler_output", out))
    with torch.no_grad():
        out = model(**tiny.as_torch(given), output_hidden_states=True, output_attentions=True)
    result = dict(seen, last_hidden_state=out.hidden_states[-1])
    result.update({f"hidden_states.{i}": h for i, h in enumerate(out.hidden_states)})
    result.update({f"attentions.{i}": a for i, a in enumerate(out.attentions)})
    result.update({field: out[field] for field in ("logits", "start_logits", "end_logits") if field in out})
    return {name: tiny.floats(value) for name, value in result.items()}


def build(name, config_class, model_class, settings):
    config = config_class(**settings)
    config._attn_implementation = "eager"
    model = model_class(config, add_pooling_layer=False) if name in NO_POOLER else model_class(config)
    return model.eval()


def main(out):
    tiny.quiet()
    for family, (config_class, sizes, cases) in FAMILIES.items():
        tiny.write_versions(os.path.join(out, family))
        for case, (model_class, changes) in cases.items():
            name = f"{family}/{case}"
            folder = os.path.join(out, family, case)
            tiny.fresh(folder)
            tokenizer = tokenizer_of(name)
            size = {} if tokenizer is None else dict(vocab_size=max(VOCABULARY, len(tokenizer)))
            model = build(name, config_class, model_class, {**sizes, **changes, **size})
            keep = "position_embeddings" if case == "sinusoidal" else "nothing"
            tiny.initialise(model, name, lambda n, t: None if keep in n else std_of(n, t))
            model.save_pretrained(folder)
            if tokenizer is not None:
                tokenizer.save_pretrained(folder)
                if case == "question-answering":
                    tiny.write(os.path.join(folder, "answers.json"),
                               json.dumps(answers(model, tokenizer), indent=1) + "\n")
            given = inputs(name, model.config)
            compute = without_pooler if name in NO_POOLER else outputs
            tiny.finish(folder, given, compute(model, given), compute)


QUESTION = "the bank?"
CONTEXT = ("The bank by the river can lend money. A person can refuse to lend. Paris is the capital of france, and the "
           "river bank is by the bank of the capital.")
WINDOW, OVERLAP, LONGEST, BEST = 17, 4, 5, 3


def answers(model, tokenizer):
    """The best spans over all windows: probabilities over the context and the first token, spans widened to words."""
    whole = tokenizer(QUESTION, CONTEXT, return_offsets_mapping=True, verbose=False)
    at = [i for i, side in enumerate(whole.sequence_ids(0)) if side == 1]
    room = WINDOW - (len(whole["input_ids"]) - len(at))
    # cut by hand: with a truncation tokenizers 0.23 stops reading near the limit, and loses the windows behind it
    starts = [k for k in range(0, len(at), room - OVERLAP) if k == 0 or k + OVERLAP < len(at)]
    windows = [[*range(at[0]), *at[k:k + room], *range(at[-1] + 1, len(whole["input_ids"]))] for k in starts]
    found, none = [], 1.0
    for window in windows:
        ids, words, side, offsets = ([values[i] for i in window] for values in (
            whole["input_ids"], whole.word_ids(0), whole.sequence_ids(0), whole["offset_mapping"]))
        with torch.no_grad():
            out = model(input_ids=torch.tensor([ids]))
        allowed = np.array([i == 0 or side[i] == 1 for i in range(len(ids))])

        def softmax(logits):
            exponential = np.exp(np.where(allowed, logits[0].double().numpy(), -np.inf))
            return exponential / exponential.sum()

        start, end = softmax(out.start_logits), softmax(out.end_logits)
        none = min(none, start[0] * end[0])
        for i in range(len(ids)):
            for j in range(i, min(len(ids), i + LONGEST)):
                if side[i] == 1 and side[j] == 1:
                    first = min(k for k in range(len(ids)) if side[k] == 1 and words[k] == words[i])
                    last = max(k for k in range(len(ids)) if side[k] == 1 and words[k] == words[j])
                    a, b = offsets[first][0], offsets[last][1]
                    a += len(CONTEXT[a:b]) - len(CONTEXT[a:b].lstrip())
                    found.append((float(start[i] * end[j]), a, b))
    best = {}
    for score, a, b in sorted(found, reverse=True):
        best.setdefault((a, b), score)
    return {"question": QUESTION, "context": CONTEXT, "window": WINDOW, "overlap": OVERLAP, "longest": LONGEST,
            "windows": [[whole["input_ids"][i] for i in window] for window in windows], "none": float(none),
            "answers": [{"text": CONTEXT[a:b], "start": a, "end": b, "score": score}
                        for (a, b), score in list(best.items())[:BEST]]}


def without_pooler(model, given):
    """from_pretrained gives a model without pooler a new one."""
    result = outputs(model, given)
    result.pop("pooler_output", None)
    return result


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
