"""Tiny BERT, BART and T5 in PyTorch as they are trained: the model, the loss and all gradients of one ragged batch, and the
losses and norms of ten AdamW steps.

usage: python make_training_families.py [OUT_DIR]

OUT_DIR/<case>/ (training/<case>/ beside this file by default) is a Hugging Face folder, and golden.safetensors in it has the
batch, one sequence after the other without padding, and what PyTorch computes on it padded and masked: `losses`, `norms`
and `gradient.<parameter>`. Made with transformers 5.18, torch 2.13 (CPU, one thread).
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy
from transformers import (BartConfig, BartForConditionalGeneration, BertConfig, BertForSequenceClassification, T5Config,
                          T5ForConditionalGeneration)

STEPS = 10
SMOOTHING = 0.1
VOCABULARY = 29
PAD = 1
SOURCES = (5, 11, 2, 7)
TARGETS = (3, 6, 9, 4)


def bert():
    return BertForSequenceClassification(BertConfig(
        vocab_size=VOCABULARY, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=17,
        max_position_embeddings=13, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=5,
        pad_token_id=PAD, initializer_range=0.2))


def bart():
    return BartForConditionalGeneration(BartConfig(
        vocab_size=VOCABULARY, d_model=12, encoder_layers=2, decoder_layers=2, encoder_attention_heads=3,
        decoder_attention_heads=2, encoder_ffn_dim=17, decoder_ffn_dim=19, max_position_embeddings=13, dropout=0.0,
        attention_dropout=0.0, activation_dropout=0.0, pad_token_id=PAD, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2, forced_eos_token_id=None, init_std=0.2))


def t5():
    return T5ForConditionalGeneration(T5Config(
        vocab_size=VOCABULARY, d_model=12, d_kv=5, num_heads=3, d_ff=17, num_layers=2, num_decoder_layers=2,
        relative_attention_num_buckets=8, relative_attention_max_distance=7, dropout_rate=0.0, pad_token_id=PAD,
        eos_token_id=2, decoder_start_token_id=0, feed_forward_proj="gated-gelu", tie_word_embeddings=True,
        initializer_factor=1.0))


def draw(lengths, least):
    """Ids that are never the padding, padded, and their mask."""
    ids = torch.full((len(lengths), max(lengths)), PAD)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(least, VOCABULARY, (length,))
        mask[row, :length] = 1
    return ids, mask


def make(case, make_model, out_dir):
    torch.manual_seed(7)
    model = make_model().train()
    with torch.no_grad():
        for p in model.parameters():
            if p.dim() == 1:
                p.add_(torch.randn_like(p) * 0.1)
    model.save_pretrained(out_dir)
    generation = os.path.join(out_dir, "generation_config.json")  # of no use here
    if os.path.exists(generation):
        os.remove(generation)
    ids, mask = draw(SOURCES, 3)
    golden = {"ids": ids[mask == 1], "lengths": torch.tensor(SOURCES)}
    if case == "bert":
        labels = torch.tensor([4, 0, 3, 3])
        golden["labels"] = labels

        def loss():
            return cross_entropy(model(input_ids=ids, attention_mask=mask).logits, labels)
    else:
        written, seen = draw(TARGETS, 3)
        following, _ = draw(TARGETS, 3)
        following = following.masked_fill(seen == 0, -100)
        following[1, 2] = -100
        golden.update({"target": written[seen == 1], "target_lengths": torch.tensor(TARGETS), "next": following[seen == 1]})

        def loss():
            logits = model(input_ids=ids, attention_mask=mask, decoder_input_ids=written, decoder_attention_mask=seen).logits
            return cross_entropy(logits.view(-1, VOCABULARY), following.view(-1), label_smoothing=SMOOTHING)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
                                  lr=3e-3, betas=(0.9, 0.99), eps=1e-8)
    losses, norms = [], []
    for step in range(STEPS):
        value = loss()
        optimizer.zero_grad()
        value.backward()
        if step == 0:
            golden.update({"gradient." + name: p.grad.clone().contiguous() for name, p in model.named_parameters()})
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        losses.append(value.item())
    golden["losses"] = torch.tensor(losses, dtype=torch.float64)
    golden["norms"] = torch.tensor(norms, dtype=torch.float64)
    save_file(golden, os.path.join(out_dir, "golden.safetensors"))
    print(case, losses[0], losses[-1], norms[0])


if __name__ == "__main__":
    torch.set_num_threads(1)
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "training")
    for name, maker in (("bert", bert), ("bart", bart), ("t5", t5)):
        make(name, maker, os.path.join(root, name))
