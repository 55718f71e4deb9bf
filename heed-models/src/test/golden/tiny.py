"""What the scripts that make tiny checkpoints share: seeded weights, ragged inputs, folders that are checked again.

Every parameter is drawn from a generator seeded by the case and the parameter's own name, so adding a case or a
parameter leaves the others as they were.
"""
import json
import os
import platform
import shutil
import zlib

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from safetensors.numpy import load_file, save_file

SEED = 20
MAX_DIFF = 1e-6


def generator(case, name):
    return np.random.default_rng([SEED, zlib.crc32(f"{case}/{name}".encode())])


def fill(tensor, case, name, std, mean=0.0):
    noise = generator(case, name).standard_normal(tuple(tensor.shape))
    tensor.data.copy_(torch.from_numpy((mean + std * noise).astype(np.float32)))


def initialise(model, case, std_of):
    """std_of(name, tensor) gives (std, mean), or None to leave the tensor as it is."""
    for name, parameter in model.named_parameters():
        spread = std_of(name, parameter)
        if spread is not None:
            fill(parameter, case, name, *spread)


def mask_of(lengths):
    return (np.arange(max(lengths))[None, :] < np.array(lengths)[:, None]).astype(np.int64)


def as_torch(given):
    return {name: torch.from_numpy(value) for name, value in given.items()}


def floats(tensor):
    return np.array(tensor.detach().numpy(), np.float32, order="C")


def labels(names):
    return dict(id2label=dict(enumerate(names)), label2id={n: i for i, n in enumerate(names)})


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)


def quiet():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()


def write_versions(out):
    os.makedirs(out, exist_ok=True)
    write(os.path.join(out, "versions.txt"), "".join(f"{name} {version}\n" for name, version in [
        ("python", platform.python_version()), ("torch", torch.__version__),
        ("transformers", transformers.__version__), ("tokenizers", tokenizers.__version__),
        ("safetensors", safetensors.__version__), ("numpy", np.__version__)]))


def finish(folder, given, golden, compute):
    """Writes golden.safetensors, loads the folder as anyone would, computes again and compares."""
    save_file({**given, **golden}, os.path.join(folder, "golden.safetensors"))
    with open(os.path.join(folder, "config.json")) as f:
        own_class = getattr(transformers, json.load(f)["architectures"][0])
    model = own_class.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    again = compute(model, given)
    assert set(again) == set(golden), set(again) ^ set(golden)
    worst = max(float(np.abs(golden[name].astype(np.float64) - again[name]).max()) for name in golden)
    assert worst < MAX_DIFF, (folder, worst)
    for name in os.listdir(folder):
        os.chmod(os.path.join(folder, name), 0o644)
    size = sum(os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder))
    print(f"{folder}: {size:,} bytes, greatest difference {worst:.1e}; {statistics(golden)}")


def statistics(golden):
    """How far attention is from uniform, and how far hidden states spread."""
    peaks = [a.max(-1).ravel() for name, a in golden.items() if "attentions." in name and a.shape[-1] > 1]
    text = f"peak attention mean {np.concatenate(peaks).mean():.2f}" if peaks else "no attentions"
    for name in ("last_hidden_state", "logits", "start_logits"):
        if name in golden:
            text += f"; {name} std {golden[name].std():.2f}"
    return text


def load(folder):
    return load_file(os.path.join(folder, "golden.safetensors"))
