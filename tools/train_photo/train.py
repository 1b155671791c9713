#!/usr/bin/env python3
"""Train the photo model, on a CPU, by a plan that counts steps and not seconds.

    python tools/train_photo/train.py --data ../shared/data --world WORLD --prepared DIR \\
        --plan models/elanus-photo/training.json --out models/elanus-photo --state STATE.pt

--world: pictures that tools/world/world.py has drawn; --prepared: from teacher.py. vocab.json and merges.txt must be in
--out (vocabulary.py). The state is saved every few minutes; the same command goes on from it, or ends at once when the plan
is done. Half of each picture's time goes to telling captions apart, half to seeing what the teacher sees."""
import argparse
import copy
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn.functional as F

from lessons import Lessons
from net import Net, config, export, pixels, ranks, recall

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "train_demo"))

from optim import Muon  # noqa: E402

COLUMNS = "step,side,loss,captions,guide,nearness,features,classes,r1,r5,r10,median,guide_r10"
WATCH, SAVE_SECONDS = 25, 150


def optimizers(net, lr, muon_lr):
    inner = [p for n, p in net.clip.named_parameters() if p.ndim > 1 and ("visual.layer" in n or "resblocks" in n)]
    chosen = {id(p) for p in inner}
    rest = [p for p in net.parameters() if id(p) not in chosen]
    groups = [{"params": [p for p in rest if p.ndim > 1], "weight_decay": .1},
              {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0}]
    return [Muon(inner, muon_lr, decay=.05, dtype=torch.bfloat16), torch.optim.AdamW(groups, lr=lr, betas=(.9, .98), eps=1e-8)]


def contrast(scale, pictures, texts, same):
    """Each picture and its captions find each other; equal captions are all right."""
    sim = scale.exp().clamp(max=100) * pictures @ texts.T
    m = same.float() / same.sum(1, keepdim=True)
    return -((F.log_softmax(sim, 1) * m).sum(1).mean() + (F.log_softmax(sim.T, 1) * m).sum(1).mean()) / 2


def losses(net, batch):
    pictures, features, classes, ids, same = batch
    v, averages = net.image(pixels(pictures))
    t, g = net.text(ids), F.normalize(net.guide(features), dim=-1)
    parts = (contrast(net.clip.logit_scale, v, t, same), contrast(net.guide_scale, g, t, same),
             1 - (v * g.detach()).sum(-1).mean(), F.mse_loss(net.features(averages), features),
             F.kl_div(F.log_softmax(net.classes(averages), -1), F.log_softmax(classes, -1), log_target=True, reduction="batchmean"))
    return torch.stack([sum(w * p for w, p in zip((1, 1, 4, 1, .3), parts)), *parts])


def side_at(plan, step):
    return next(side for begin, side in reversed(plan["sides"]) if step >= begin)


def rate(plan, step):
    """Share of the full learning rate: up, level, and down to nothing from decay_from on."""
    up = min(1, (step + 1) / plan["warmup"])
    return up * min(1, (plan["steps"] - step) / (plan["steps"] - plan["decay_from"]))


class Run:
    def __init__(self, a):
        with open(a.plan) as f:
            self.plan = json.load(f)
        torch.manual_seed(self.plan["seed"])
        self.lessons = Lessons(a.data, a.world, a.prepared, a.out, self.plan["seed"])
        self.cfg = config(len(self.lessons.tokenizer))
        self.net, self.step, self.out, self.state = Net(self.cfg), 0, a.out, a.state
        self.mean = copy.deepcopy(self.net)
        self.opts = optimizers(self.net, self.plan["lr"], self.plan["muon_lr"])
        self.base = [[g["lr"] for g in o.param_groups] for o in self.opts]
        self.log = os.path.join(a.out, "training_log.csv")
        if os.path.exists(a.state):
            saved = torch.load(a.state)
            self.net.load_state_dict(saved["net"])
            self.mean.load_state_dict(saved["mean"])
            for o, s in zip(self.opts, saved["opts"]):
                o.load_state_dict(s)
            self.step = saved["step"]
        self.keep_log()

    def keep_log(self):
        """The rows up to the saved step: what came after it is done again."""
        rows = []
        if self.step and os.path.exists(self.log):
            with open(self.log) as f:
                rows = [r for r in f.read().split()[1:] if int(r.split(",")[0]) <= self.step]
        with open(self.log, "w") as f:
            f.write("\n".join([COLUMNS, *rows]) + "\n")

    def save(self):
        state = {"net": self.net.state_dict(), "mean": self.mean.state_dict(), "opts": [o.state_dict() for o in self.opts], "step": self.step}
        torch.save(state, self.state + ".part")
        os.replace(self.state + ".part", self.state)

    def learn(self, batch):
        for o, bases in zip(self.opts, self.base):
            for g, lr in zip(o.param_groups, bases):
                g["lr"] = lr * rate(self.plan, self.step)
            o.zero_grad()
        torch.manual_seed(self.plan["seed"] * 1000003 + self.step)
        parts = losses(self.net, batch)
        parts[0].backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        for o in self.opts:
            o.step()
        self.step += 1
        keep = min(.997, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.mean.parameters()), list(self.net.parameters()), 1 - keep)
            for m, b in zip(self.mean.buffers(), self.net.buffers()):
                m.lerp_(b, 1 - keep) if m.is_floating_point() and m.ndim == 1 else m.copy_(b)
        return parts.detach().numpy()

    @torch.no_grad()
    def watch(self):
        pictures, ids, of, features = self.lessons.development(side_at(self.plan, self.step - 1))
        found = recall(self.mean, pictures, ids, of)
        self.mean.eval()
        g = F.normalize(self.mean.guide(features), dim=-1)
        t = torch.cat([self.mean.text(ids[i:i + 500]) for i in range(0, len(ids), 500)])
        self.mean.train()
        return [*found, ranks(t @ g.T, of)[2]]

    def write(self, sums, watched):
        row = [self.step, side_at(self.plan, self.step - 1), *(f"{x:.3f}" for x in sums), *(f"{x:.3f}" for x in watched)]
        with open(self.log, "a") as f:
            f.write(",".join(map(str, row)) + "," * (5 - len(watched)) + "\n")

    def run(self):
        batch_at = lambda s: self.lessons.batch(s, self.plan["batch"], side_at(self.plan, s))  # noqa: E731
        saved, sums = time.time(), []
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(batch_at, self.step)
            while self.step < self.plan["steps"]:
                batch = coming.result()
                coming = ahead.submit(batch_at, self.step + 1)
                sums.append(self.learn(batch))
                done = self.step == self.plan["steps"]
                if self.step % WATCH == 0 or done:
                    self.write(np.mean(sums, 0), self.watch() if self.step % (8 * WATCH) == 0 or done else [])
                    sums = []
                    if time.time() - saved > SAVE_SECONDS or done:
                        self.save()
                        export(self.mean, self.cfg, self.plan["sides"][-1][1], self.out)
                        saved = time.time()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "world", "prepared", "plan", "out", "state"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    Run(a).run()


if __name__ == "__main__":
    main()
