"""Batches: views of pictures, what the teacher saw in them, and one caption for each. A batch depends on the seed and the
step alone, so that a run can be stopped and go on."""
import random

import numpy as np
import torch
from PIL import Image
from transformers import CLIPTokenizer

from net import LENGTH
from views import DEVELOPMENT, SIDE, asked_about, class_pictures, drawn, photographs, teacher_classes

FRAMES = ("{}", "a {}", "a photo of a {}", "a picture of a {}", "this is a {}", "the {}")


class Lessons:
    def __init__(self, data, world, prepared, vocabulary, seed):
        self.seed = seed
        self.captions = photographs(data)[1]
        self.named = class_pictures(data)[1]
        self.drawn = drawn(world)[1]
        self.known = teacher_classes(data)
        self.pixels = np.load(f"{prepared}/pixels.npy")
        self.boxes = np.load(f"{prepared}/boxes.npy")
        self.features = np.load(f"{prepared}/features.npy", mmap_mode="r")
        self.classes = np.load(f"{prepared}/classes.npy", mmap_mode="r")
        self.tokenizer = CLIPTokenizer.from_pretrained(vocabulary)
        self.cache = {}
        self.rows = np.setdiff1d(np.arange(DEVELOPMENT, len(self.pixels)), len(self.captions) + np.array(asked_about(data)))
        whole = self.squeezed(self.features[self.rows, 0])
        self.mean, self.std = whole.mean(0), whole.std(0) + .02
        self.sure = self.likely_classes()

    @staticmethod
    def squeezed(features):
        """Square roots: the few strong activations would outweigh the many weak ones."""
        return np.sqrt(np.maximum(features.astype(np.float32), 0))

    def likely_classes(self):
        """For each picture the class that the teacher is sure of in the whole picture, or none."""
        logits = torch.from_numpy(self.classes[:, :2].astype(np.float32).mean(1))
        p, best = logits.softmax(-1).max(-1)
        return [int(b) if q > .5 and b > 0 else None for q, b in zip(p.tolist(), best.tolist())]

    def words(self, text):
        out = []
        for w in text.replace(",", " ,").replace(".", " .").split():
            if w not in self.cache:
                self.cache[w] = self.tokenizer(w, add_special_tokens=False)["input_ids"]
            out += self.cache[w]
        return out

    def ids(self, texts):
        bos, eos = self.tokenizer.bos_token_id, self.tokenizer.eos_token_id
        rows = [[bos] + self.words(t)[:LENGTH - 2] + [eos] for t in texts]
        n = max(map(len, rows))
        return torch.tensor([r + [0] * (n - len(r)) for r in rows])

    def caption(self, rng, i):
        of_class = i - len(self.captions)
        if of_class >= len(self.named):
            return rng.choice(self.drawn[of_class - len(self.named)])
        if of_class >= 0:
            return rng.choice(FRAMES).format(self.named[of_class])
        if self.sure[i] is not None and rng.random() < .1:
            return rng.choice(FRAMES).format(self.known[self.sure[i]])
        text = rng.choice(self.captions[i]).strip()
        return text.rstrip(" .") if rng.random() < .6 else text      # people do not end a query with a full stop

    def view(self, rng, i, j, side):
        """View j a little shifted, since the teacher would see much the same."""
        left, top, right, bottom, mirrored = self.boxes[i, j]
        dx, dy = rng.uniform(-6, 6), rng.uniform(-6, 6)
        dx, dy = min(max(dx, -left), SIDE - right), min(max(dy, -top), SIDE - bottom)
        if right - left == SIDE:
            zoom = rng.uniform(0, 10)
            left, top = rng.uniform(0, zoom), rng.uniform(0, zoom)
            right, bottom, dx, dy = left + SIDE - zoom, top + SIDE - zoom, 0, 0
        box = tuple(map(float, (left + dx, top + dy, right + dx, bottom + dy)))
        out = np.asarray(Image.fromarray(self.pixels[i]).resize((side, side), Image.BICUBIC, box=box))
        return out[:, ::-1] if mirrored else out

    def batch(self, step, size, side):
        per_epoch = len(self.rows) // size
        order = np.random.default_rng([self.seed, step // per_epoch]).permutation(self.rows)
        chosen = order[step % per_epoch * size:][:size]
        rng = random.Random(f"{self.seed} {step}")
        views = [rng.randrange(self.boxes.shape[1]) for _ in chosen]
        pictures = np.stack([self.view(rng, i, j, side) for i, j in zip(chosen, views)])
        features = (self.squeezed(self.features[chosen, views]) - self.mean) / self.std
        texts = [self.caption(rng, i) for i in chosen]
        same = torch.tensor([[a == b for a in texts] for b in texts])
        return (pictures, torch.from_numpy(features), torch.from_numpy(self.classes[chosen, views].astype(np.float32)),
                self.ids(texts), same)

    def development(self, side):
        """(pictures, captions' ids, the picture that each describes, the teacher's features)"""
        n = DEVELOPMENT
        texts = [(t, i) for i in range(n) for t in self.captions[i]]
        guide = torch.from_numpy((self.squeezed(self.features[:n, 0]) - self.mean) / self.std)
        pictures = [np.asarray(Image.fromarray(p).resize((side, side), Image.BICUBIC)) for p in self.pixels[:n]]
        return np.stack(pictures), self.ids([t for t, _ in texts]), [i for _, i in texts], guide
