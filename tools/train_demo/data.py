#!/usr/bin/env python3
"""Draw the pictures that the demo model is trained on.

    python tools/train_demo/data.py --seed 1 --count 72000 --out DIR

writes pictures.npy (count x 128 x 128 x 3, uint8), patches.npy (what lies under each of
the 8 x 8 patches: its kind and colour) and scenes.pkl. Half of the scenes are followed
by a twin that differs in one thing, so that a batch holds pairs that are hard to tell apart."""
import argparse
import dataclasses
import io
import os
import pickle
import random
import sys
from multiprocessing import Pool

import numpy as np
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "world"))

from draw import boxes, draw  # noqa: E402
from kinds import CATALOGUE  # noqa: E402
from palette import COLOURS  # noqa: E402
from scene import random_scene, twin  # noqa: E402

SIDE, PATCH = 128, 16
GRID = SIDE // PATCH
KINDS, COLOUR_NAMES = list(CATALOGUE), list(COLOURS)


def scene_at(seed, i):
    """Scene i of the set: odd ones may be twins of the even one before."""
    name = f"train {seed}/{i - i % 2}"
    scene = random_scene(random.Random(name), name)
    if i % 2 == 0:
        return scene
    name = f"train {seed}/{i}"
    rng = random.Random(name)
    if rng.random() < .5:
        return dataclasses.replace(twin(scene, rng), seed=name)
    return random_scene(rng, name)


def to_image(surface):
    w, h = surface.get_width(), surface.get_height()
    a = np.frombuffer(surface.get_data(), np.uint8).reshape(h, surface.get_stride() // 4, 4)
    return Image.fromarray(np.ascontiguousarray(a[:, :w, 2::-1]))


def picture(scene, rng):
    """The model will see pictures of any size, often JPEGs, scaled to 128: so does it here."""
    size = rng.choice((SIDE, SIDE, 192, 256, 256, 384))
    image = to_image(draw(scene, size))
    if rng.random() < .3:
        f = io.BytesIO()
        image.save(f, "JPEG", quality=rng.randint(50, 95))
        image = Image.open(f).convert("RGB")
    if size != SIDE:
        image = image.resize((SIDE, SIDE), Image.BICUBIC)
    return np.asarray(image)


def patch_labels(scene):
    """(64, 2): kind and colour (both from 1; 0 is scenery) of the frontmost thing on each patch."""
    out = np.zeros((GRID, GRID, 2), np.uint8)
    for g, x0, y0, x1, y1 in boxes(scene):
        group = scene.groups[g]
        mx, my = (x1 - x0) * .1, (y1 - y0) * .06
        hit = False
        for j in range(GRID):
            for i in range(GRID):
                x, y = (i + .5) / GRID, (j + .5) / GRID
                if x0 + mx <= x <= x1 - mx and y0 + my <= y <= y1 - my:
                    out[j, i] = KINDS.index(group.kind) + 1, COLOUR_NAMES.index(group.colour) + 1
                    hit = True
        if not hit:                              # smaller than a patch: the one under its middle
            i, j = (min(GRID - 1, max(0, int(v / 2 * GRID))) for v in (x0 + x1, y0 + y1))
            out[j, i] = KINDS.index(group.kind) + 1, COLOUR_NAMES.index(group.colour) + 1
    return out.reshape(-1, 2)


def make(job):
    seed, i = job
    scene = scene_at(seed, i)
    return i, scene, picture(scene, random.Random(f"camera {seed}/{i}")), patch_labels(scene)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=72000)
    p.add_argument("--out", required=True)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    pictures = np.lib.format.open_memmap(f"{a.out}/pictures.npy", "w+", np.uint8, (a.count, SIDE, SIDE, 3))
    patches = np.zeros((a.count, GRID * GRID, 2), np.uint8)
    scenes = [None] * a.count
    with Pool(a.jobs) as pool:
        for i, scene, image, labels in pool.imap_unordered(make, ((a.seed, i) for i in range(a.count)), chunksize=64):
            pictures[i], patches[i], scenes[i] = image, labels, scene
    pictures.flush()
    np.save(f"{a.out}/patches.npy", patches)
    with open(f"{a.out}/scenes.pkl", "wb") as f:
        pickle.dump(scenes, f)
    print(f"{a.count} pictures in {a.out}")


if __name__ == "__main__":
    main()
