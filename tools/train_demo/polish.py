#!/usr/bin/env python3
"""Second stage: teach the text tower alone, against pictures that stay where they are.

    python tools/train_demo/polish.py --data DIR --model models/elanus-demo --minutes 8

The picture tower is the costly one. Once it is trained, a few thousand pictures are embedded
once, and then each step costs only text: every caption is asked of all these pictures, and
all of those of which it is true are right. This is what makes short questions work."""
import argparse
import json
import os
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from transformers import CLIPModel, CLIPTokenizer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "world"))

from captions import facts, identifying, short  # noqa: E402
from lessons import Lessons  # noqa: E402
from net import export, pixels  # noqa: E402
from optim import Muon  # noqa: E402


class Bank:
    """Embedded pictures, and for each fact the pictures that have it."""

    def __init__(self, model, lessons, count):
        self.scenes = lessons.scenes[:count]
        with torch.no_grad():
            v = [model.visual_projection(model.vision_model(pixel_values=pixels(lessons.pictures[i:i + 100])).pooler_output)
                 for i in range(0, count, 100)]
        self.v = F.normalize(torch.cat(v), dim=-1)
        self.having = {}
        for i, s in enumerate(self.scenes):
            for f in facts(s):
                self.having.setdefault(f, np.zeros(count, bool))[i] = True

    def right(self, said):
        return np.logical_and.reduce([self.having[f] for f in said])


def batch(bank, lessons, rng, size):
    texts, right = [], []
    for _ in range(size):
        s = bank.scenes[rng.randrange(len(bank.scenes))]
        for text, said in [identifying(rng, s, plain=rng.random() < .6)] + [short(rng, s) for _ in range(3)]:
            texts.append(text)
            right.append(bank.right(said))
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))          # alike lengths together
    return [([texts[i] for i in part], torch.from_numpy(np.stack([right[i] for i in part])).float())
            for k in range(4) for part in [order[k * size:(k + 1) * size]]]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--model", required=True)
    p.add_argument("--out", help="default: the model itself")
    p.add_argument("--minutes", type=float, default=8)
    p.add_argument("--bank", type=int, default=6000)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    a = p.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(a.threads)
    tokenizer = CLIPTokenizer.from_pretrained(a.model)
    lessons, rng = Lessons(a.data, tokenizer, 2), random.Random("polish")
    model = CLIPModel.from_pretrained(a.model, torch_dtype=torch.float32)
    begin = time.time()
    bank = Bank(model, lessons, a.bank)
    print(f"{a.bank} pictures embedded in {time.time() - begin:.0f} s", flush=True)
    scale = model.logit_scale.detach().exp().clamp(max=100)
    text = [*model.text_model.named_parameters(), *model.text_projection.named_parameters()]
    inner = [q for n, q in text if ".layers." in n and q.ndim == 2]
    chosen = {id(q) for q in inner}
    opts = [Muon(inner, .004), torch.optim.AdamW([q for _, q in text if id(q) not in chosen], lr=5e-4, weight_decay=0)]
    base, begin, step, seen = [.004, 5e-4], time.time(), 0, []
    while (progress := (time.time() - begin) / 60 / a.minutes) < 1:
        for o, lr in zip(opts, base):
            o.zero_grad()
            for g in o.param_groups:
                g["lr"] = lr * min(1, step / 10 + .1) * (1 - progress)
        total = 0.0
        for texts, right in batch(bank, lessons, rng, a.batch):
            t = F.normalize(model.text_projection(model.text_model(input_ids=lessons.ids(texts)).pooler_output), dim=-1)
            loss = -(F.log_softmax(scale * t @ bank.v.T, 1) * right).sum(1).div(right.sum(1)) + right.sum(1).log().neg()
            (loss.mean() / 4).backward()       # less its floor: 0 when all right pictures share it all
            total += loss.mean().item() / 4
        for o in opts:
            o.step()
        step += 1
        seen.append(total)
        if step % 10 == 0:
            print(f"{(time.time() - begin) / 60:.1f} min, step {step}, loss {np.mean(seen[-10:]):.3f}", flush=True)
    with open(os.path.join(a.model, "config.json")) as f:
        export(model.state_dict(), json.load(f), a.out or a.model)


if __name__ == "__main__":
    main()
