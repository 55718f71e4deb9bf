"""A tiny GPT-2 in PyTorch: its parameters, the loss and all gradients of one batch, and the losses of ten AdamW steps.

Writes training/gpt2.safetensors. Made with transformers 5.18, torch 2.13 (CPU, one thread).
"""
import os

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(3)
torch.set_num_threads(1)
config = GPT2Config(vocab_size=29, n_positions=13, n_embd=12, n_layer=2, n_head=3, resid_pdrop=0.0, embd_pdrop=0.0,
                    attn_pdrop=0.0, initializer_range=0.2)
model = GPT2LMHeadModel(config).train()
with torch.no_grad():
    for name, p in model.named_parameters():
        if p.dim() == 1:
            p.add_(torch.randn_like(p) * 0.1)
out = {"start." + k: v.detach().clone() for k, v in model.named_parameters()}
ids = torch.randint(0, 29, (5, 11))
next_ids = torch.randint(0, 29, (5, 11))
next_ids[1, 4] = -100
out["ids"], out["next"] = ids, next_ids
decay = [p for p in model.parameters() if p.dim() > 1]
rest = [p for p in model.parameters() if p.dim() <= 1]
optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}],
                              lr=3e-3, betas=(0.9, 0.99), eps=1e-8)
losses, norms = [], []
for step in range(10):
    logits = model(ids).logits
    loss = torch.nn.functional.cross_entropy(logits.view(-1, 29), next_ids.view(-1), label_smoothing=0.1)
    optimizer.zero_grad()
    loss.backward()
    if step == 0:
        out.update({"gradient." + k: v.grad.clone() for k, v in model.named_parameters()})
    norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
    optimizer.step()
    losses.append(loss.item())
out["losses"], out["norms"] = torch.tensor(losses, dtype=torch.float64), torch.tensor(norms, dtype=torch.float64)
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training")
os.makedirs(folder, exist_ok=True)
save_file({k: v.contiguous() for k, v in out.items()}, os.path.join(folder, "gpt2.safetensors"))
print(losses, norms)
