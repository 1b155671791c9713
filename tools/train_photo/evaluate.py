#!/usr/bin/env python3
"""Recall of the exported model through open_clip, and how near the program's vectors are to open_clip's.

    python tools/train_photo/evaluate.py --model models/elanus-photo --pictures DIR --captions FILE.csv [--elanus PROGRAM]

Reads the f16 weights, prepares the pictures with open_clip's own transform, asks every caption (columns image,caption) and
prints R@1, R@5, R@10 and the median rank; with --elanus the smallest cosine over the first 64 pictures and captions too."""
import argparse
import csv
import os
import subprocess
import tempfile

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import CLIPTokenizer

from net import ranks

SAMPLE = 64


@torch.no_grad()
def vectors(folder, paths, texts):
    model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}", precision="fp32")
    model.eval()
    length, tokenizer = model.context_length, CLIPTokenizer.from_pretrained(folder)
    v, t = [], []
    for i in range(0, len(paths), 100):
        v.append(model.encode_image(torch.stack([prepare(Image.open(p)) for p in paths[i:i + 100]])))
    for i in range(0, len(texts), 500):
        ids = tokenizer(texts[i:i + 500], truncation=True, max_length=length)["input_ids"]
        t.append(model.encode_text(torch.tensor([r + [0] * (length - len(r)) for r in ids])))
    return F.normalize(torch.cat(v), dim=-1), F.normalize(torch.cat(t), dim=-1)


def of_program(elanus, folder, paths, texts):
    arguments = [x for p in paths for x in ("--image", p)] + [x for t in texts for x in ("--text", t)]
    with tempfile.TemporaryDirectory() as temporary:
        out = os.path.join(temporary, "out.npy")
        subprocess.run([elanus, "embed", "--model", folder, "--exact", "--out", out, *arguments], check=True)
        both = torch.from_numpy(np.load(out))
    return both[:len(paths)], both[len(paths):]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "pictures", "captions"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--elanus", help="the program, to be compared with open_clip")
    a = p.parse_args()
    with open(a.captions, newline="", encoding="utf-8") as f:
        rows = [(r["image"], r["caption"]) for r in csv.DictReader(f)]
    names = list(dict.fromkeys(n for n, _ in rows))
    paths, texts = [os.path.join(a.pictures, n) for n in names], [c for _, c in rows]
    v, t = vectors(a.model, paths, texts)
    found = ranks(t @ v.T, [names.index(n) for n, _ in rows])
    print(f"{len(texts)} captions over {len(names)} pictures: R@1 {found[0]:.3f}, R@5 {found[1]:.3f}, R@10 {found[2]:.3f}, median rank {found[3]}")
    if a.elanus:
        pictures, captions = of_program(a.elanus, a.model, paths[:SAMPLE], texts[:SAMPLE])
        print(f"smallest cosine with the program: pictures {(pictures * v[:SAMPLE]).sum(1).min():.7f}, "
              f"captions {(captions * t[:SAMPLE]).sum(1).min():.7f}")


if __name__ == "__main__":
    main()
