"""Batches: pictures, three captions for each, and which caption is true of which picture."""
import os
import pickle
import random

import numpy as np
import torch

from captions import facts, identifying, short
from data import KINDS
from kinds import CATALOGUE
from palette import COLOURS
from places import PAPER
from where import PLACES, TIMES, WEATHERS


def fact_list():
    """All facts that the model is asked about (not the relations: they are too many)."""
    out = []
    for k in CATALOGUE.values():
        out += [k.name] + [f"{k.name}:{x}" for x in [*k.colours, *k.patterns, *(f"n{n}" for n in range(1, 6)), "tiny", "huge"]]
    out += ["col:" + c for c in COLOURS] + ["at:" + p for p in PLACES] + ["paper:" + p for p in PAPER]
    out += ["time:" + t for t in TIMES] + ["weather:" + w for w in WEATHERS] + ["moon:full", "moon:crescent"]
    out += sorted({"is:" + f for k in CATALOGUE.values() for f in k.families})
    return out + [f"rel:{r}" for r in ("left", "above", "under", "front", "between")]


class Lessons:
    def __init__(self, folder, tokenizer, seed):
        self.pictures = np.load(os.path.join(folder, "pictures.npy"), mmap_mode="r")
        self.patches = np.load(os.path.join(folder, "patches.npy"))
        with open(os.path.join(folder, "scenes.pkl"), "rb") as f:
            self.scenes = pickle.load(f)
        self.tokenizer, self.rng = tokenizer, random.Random(f"lessons {seed}")
        self.facts = fact_list()
        self.index = {f: i for i, f in enumerate(self.facts)}
        self.cache, self.queue = {}, []
        assert len(KINDS) < 255

    def words(self, text):
        """Token ids; words repeat, so each is looked up once."""
        ids = []
        for w in text.replace(",", " ,").split():
            if w not in self.cache:
                self.cache[w] = self.tokenizer(w, add_special_tokens=False)["input_ids"]
            ids += self.cache[w]
        return ids

    def ids(self, texts):
        bos, eos = self.tokenizer.bos_token_id, self.tokenizer.eos_token_id
        rows = [[bos] + self.words(t)[:46] + [eos] for t in texts]
        n = max(map(len, rows))
        return torch.tensor([r + [eos] * (n - len(r)) for r in rows])

    def multi_hot(self, sets):
        out = torch.zeros(len(sets), len(self.facts))
        for i, s in enumerate(sets):
            for f in s:
                if f.startswith("rel:"):
                    f = "rel:" + next(r for r in ("left", "above", "under", "front", "between") if f" {r} " in f)
                out[i, self.index[f]] = 1
        return out

    def camera(self, batch):
        """A little shift, light and noise, different for every picture."""
        n, s = len(batch), batch.shape[1]
        padded = np.pad(batch, ((0, 0), (5, 5), (5, 5), (0, 0)), "edge")
        out = np.empty((n, s, s, 3), np.float32)
        for i in range(n):
            x, y = self.rng.randrange(11), self.rng.randrange(11)
            out[i] = padded[i, y:y + s, x:x + s]
        gain = np.array([[self.rng.uniform(.92, 1.08), self.rng.uniform(-8, 8)] for _ in range(n)], np.float32)
        out = out * gain[:, 0, None, None, None] + gain[:, 1, None, None, None]
        return np.clip(out, 0, 255)

    def batch(self, size):
        if len(self.queue) < size // 2:
            self.queue = list(range(len(self.scenes) // 2))
            self.rng.shuffle(self.queue)
        rows = [r for _ in range(size // 2) for i in [self.queue.pop()] for r in (2 * i, 2 * i + 1)]
        scenes = [self.scenes[r] for r in rows]
        true = [frozenset(facts(s)) for s in scenes]
        full = [identifying(self.rng, s, plain=self.rng.random() < .6) for s in scenes]
        brief = [short(self.rng, s) for s in scenes + scenes]
        said = [frozenset(f) for _, f in full + brief]
        match = torch.tensor([[c <= t for c in said] for t in true])
        order = sorted(rows)                       # the file is read in order
        place = {r: i for i, r in enumerate(order)}
        raw = np.stack([self.pictures[r] for r in order])[[place[r] for r in rows]]
        return (self.camera(raw), torch.from_numpy(self.patches[rows].astype(np.int64)), self.multi_hot(true),
                self.ids([t for t, _ in full]), self.ids([t for t, _ in brief]), match)
