#!/usr/bin/env python3
"""Another model with the same answers, whose activations have outlier channels as those of large trained transformers do.

    make_outliers.py FOLDER OUT [FACTOR] [CHANNELS]

In each layer norm of the layers, CHANNELS channels (6) become FACTOR (32) times as large, and the weights that read them as
much smaller: in exact arithmetic nothing changes. OUT gets model, pixels.u8 and text.txt, for classes.py. Needs safetensors,
numpy.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

READERS = {"layer_norm1": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), "layer_norm2": ("mlp.fc1",)}


def main(folder, out, factor=32, channels=6):
    shutil.copytree(folder / "model", out / "model", dirs_exist_ok=True)
    for name in ("pixels.u8", "text.txt"):
        shutil.copy(folder / name, out)
    tensors = load_file(folder / "model/model.safetensors")
    random = np.random.default_rng(1)
    for name in sorted(tensors):
        layer, _, norm = name.removesuffix(".weight").rpartition(".")
        if norm not in READERS or not name.endswith(".weight"):
            continue
        chosen = random.choice(len(tensors[name]), channels, replace=False)
        for part in ("weight", "bias"):
            tensors[f"{layer}.{norm}.{part}"][chosen] *= factor
        for reader in READERS[norm]:
            tensors[f"{layer}.{reader}.weight"][:, chosen] /= factor
    save_file(tensors, out / "model/model.safetensors", {"format": "pt"})


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
