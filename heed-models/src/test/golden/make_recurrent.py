"""Tiny recurrent networks in PyTorch: two layers, both directions, over sequences of different lengths, from a state
that is not zero. Parameters, outputs, last states, and the gradients of a weighted sum of all of these.

Writes recurrent/{rnn_tanh,rnn_relu,lstm,gru}.safetensors. Made with torch 2.13 (CPU, one thread).
"""
import os

import torch
from safetensors.torch import save_file
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)
LENGTHS, IN, WIDTH, LAYERS = [3, 7, 1, 5], 5, 11, 2
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrent")
os.makedirs(folder, exist_ok=True)


def flat(padded):
    return torch.cat([padded[b, :n] for b, n in enumerate(LENGTHS)])


def make(name, net, states):
    torch.manual_seed(5)
    for p in net.parameters():
        torch.nn.init.normal_(p, 0, 0.4)
    x = torch.randn(len(LENGTHS), max(LENGTHS), IN, requires_grad=True)
    start = [torch.randn(2 * LAYERS, len(LENGTHS), WIDTH, requires_grad=True) for _ in range(states)]
    packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    y, last = net(packed, tuple(start) if states == 2 else start[0])
    hidden = flat(pad_packed_sequence(y, batch_first=True)[0])
    last = list(last) if states == 2 else [last]
    weights = [torch.randn_like(hidden)] + [torch.randn_like(s) for s in last]
    sum((w * v).sum() for w, v in zip(weights, [hidden] + last)).backward()
    out = {"x": flat(x.detach()), "gradient.x": flat(x.grad), "hidden": hidden.detach(), "weights.hidden": weights[0]}
    for i, which in enumerate(["h", "c"][:states]):
        out["start." + which], out["gradient.start." + which] = start[i].detach(), start[i].grad
        out["last." + which], out["weights.last." + which] = last[i].detach(), weights[1 + i]
    for k, p in net.named_parameters():
        out[k], out["gradient." + k] = p.detach(), p.grad
    save_file({k: v.contiguous() for k, v in out.items()}, os.path.join(folder, name + ".safetensors"))


args = dict(num_layers=LAYERS, bidirectional=True, batch_first=True)
make("rnn_tanh", torch.nn.RNN(IN, WIDTH, **args), 1)
make("rnn_relu", torch.nn.RNN(IN, WIDTH, nonlinearity="relu", **args), 1)
make("lstm", torch.nn.LSTM(IN, WIDTH, **args), 2)
make("gru", torch.nn.GRU(IN, WIDTH, **args), 1)
