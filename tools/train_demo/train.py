#!/usr/bin/env python3
"""Train the demo model on the drawn world, on a CPU, in a given time.

    python tools/train_demo/train.py --data DIR --held-out DIR --out models/elanus-demo --minutes 75

--data: from data.py. --held-out: from world.py with another seed; only watched, never
learned from. vocab.json and merges.txt must be in --out (tokens.py). The learning rate
falls to nothing by the end of the time, so a busy machine only learns a little less."""
import argparse
import copy
import csv
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import CLIPTokenizer

from data import COLOUR_NAMES, KINDS
from lessons import Lessons
from net import SIDE, Net, config, export, pixels
from optim import optimizers


def held_out(folder):
    """Pictures scaled as the processor does, with their first captions."""
    first = {}
    with open(os.path.join(folder, "captions.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            first.setdefault(row["image"], row["caption"])
    images = [np.asarray(Image.open(os.path.join(folder, n)).convert("RGB").resize((SIDE, SIDE), Image.BICUBIC)) for n in first]
    return np.stack(images), list(first.values())


@torch.no_grad()
def recall(net, lessons, pictures, texts):
    net.eval()
    v = torch.cat([net.image(pixels(pictures[i:i + 100]))[0] for i in range(0, len(pictures), 100)])
    t = torch.cat([net.text(lessons.ids(texts[i:i + 100])) for i in range(0, len(texts), 100)])
    s = t @ v.T
    rank = (s > s.diagonal()[:, None]).sum(1)
    net.train()
    return [(rank < k).float().mean().item() for k in (1, 5, 10)]


def loss_of(net, batch):
    """Each picture and its captions find each other; what is in a picture can be told from
    its vector and from its captions' vectors alike; and the patches know what lies on them."""
    pictures, patches, true, full, brief, match = batch
    v, dense = net.image(pixels(pictures))
    t = torch.cat([net.text(full), net.text(brief)])
    n = len(v)
    sim = net.clip.logit_scale.exp().clamp(max=100) * v @ t.T
    m = match.float()
    to_text = -(F.log_softmax(sim[:, :n], 1) * m[:, :n]).sum(1) / m[:, :n].sum(1)
    to_image = -(F.log_softmax(sim, 0) * m).sum(0) / m.sum(0)
    contrast = to_text.mean() / 4 + to_image[:n].mean() / 4 + to_image[n:].mean()
    # A short caption is asked for the facts of its picture too: it learns how likely they are.
    fact = sum(F.binary_cross_entropy_with_logits(net.facts(e * 8), true, reduction="sum") / n * w
               for e, w in ((v, 1), (t[:n], 1), (t[n:2 * n], .5)))
    logits = net.dense(dense)
    weight = torch.where(patches[..., 0] > 0, 1.0, .15)
    per = sum(F.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="none")
              for z, y in zip(logits.split([net.kinds + 1, logits.shape[-1] - net.kinds - 1], -1), patches.unbind(-1)))
    patch = (per * weight.flatten()).sum() / weight.sum()
    return contrast + .1 * fact + patch, contrast, fact, patch


def rate(p):
    """Share of the full learning rate at progress p of the run."""
    return min(1, p / .015) * (1 if p < .3 else max(0.0, (1 - p) / .7))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "held-out", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--minutes", type=float, default=75)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--export-every", type=float, default=8, help="minutes")
    p.add_argument("--resume", help="a training state saved before (state.pt)")
    p.add_argument("--state", help="where to save the training state")
    p.add_argument("--lr", type=float, default=1.0, help="factor on the learning rates")
    a = p.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    tokenizer = CLIPTokenizer.from_pretrained(a.out)
    lessons = Lessons(a.data, tokenizer, a.seed)
    cfg = config(tokenizer.get_vocab())
    net = Net(cfg, len(KINDS), len(COLOUR_NAMES), len(lessons.facts))
    if a.resume:
        net.load_state_dict(torch.load(a.resume))
    print(f"{sum(p.numel() for p in net.clip.parameters()) / 1e6:.2f} M parameters, {len(lessons.facts)} facts", flush=True)
    mean = copy.deepcopy(net)
    opts = optimizers(net, 1.5e-3 * a.lr, .02 * a.lr)
    base = [[g["lr"] for g in o.param_groups] for o in opts]
    pictures, texts = held_out(a.held_out)
    log = open(os.path.join(a.out, "training_log.csv"), "a" if a.resume else "w", buffering=1)
    if not a.resume:
        log.write("minute,step,pictures,loss,contrast,facts,patches,r1,r5,r10\n")
    begin, exported, step, sums = time.time(), time.time(), 0, np.zeros(4)
    done = False
    while not done:
        progress = (time.time() - begin) / 60 / a.minutes
        done = progress >= 1
        for o, bases in zip(opts, base):
            for g, lr in zip(o.param_groups, bases):
                g["lr"] = lr * rate(progress)
        if not done:
            losses = loss_of(net, lessons.batch(a.batch))
            for o in opts:
                o.zero_grad()
            losses[0].backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 3.0)
            for o in opts:
                o.step()
            step += 1
            sums += [x.item() for x in losses]
            keep = min(.995, (step + 1) / (step + 10))
            with torch.no_grad():
                torch._foreach_lerp_(list(mean.parameters()), list(net.parameters()), 1 - keep)
        every = 25
        export_now = done or time.time() - exported > a.export_every * 60
        if step % every == 0 or done:
            k = max(1, step % every or every)
            r = recall(mean, lessons, pictures, texts) if step % 200 == 0 or export_now else []
            row = [f"{(time.time() - begin) / 60:.1f}", step, step * a.batch, *(f"{x:.3f}" for x in sums / k), *(f"{x:.3f}" for x in r)]
            log.write(",".join(map(str, row)) + "," * (3 - len(r)) + "\n")
            sums[:] = 0
            if export_now:
                exported = time.time()
                export(mean.clip.state_dict(), cfg, a.out)
                if a.state:
                    torch.save(net.state_dict(), a.state)


if __name__ == "__main__":
    main()
