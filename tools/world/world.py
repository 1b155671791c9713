#!/usr/bin/env python3
"""Draw a world of pictures with captions. Needs only python3 and python3-cairo.

    python3 tools/world/world.py --seed 7 --count 1000 --size 384 --out DIR

writes DIR/000001.png ... and DIR/captions.csv (image,caption). The first caption of
each picture says all that is in it and belongs to no other picture of the set; with
--captions N it is followed by N-1 shorter everyday ones. The same seed gives the same bytes."""
import argparse
import csv
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from captions import facts, identifying, short  # noqa: E402
from draw import draw  # noqa: E402
from scene import random_scene  # noqa: E402


def world(seed, count):
    """count scenes, no two of which have the same facts."""
    seen = set()
    for i in range(1, count + 1):
        again = 0
        while True:
            name = f"{seed}/{i}" if not again else f"{seed}/{i}/{again}"
            scene = random_scene(random.Random(name), name)
            key = frozenset(facts(scene))
            if key not in seen:
                break
            again += 1
        seen.add(key)
        yield i, scene


def captions_of(scene, n=1):
    rng = random.Random(f"words {scene.seed}")
    out = [identifying(rng, scene)[0]]
    while len(out) < n:
        out.append(short(rng, scene)[0])
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--size", type=int, default=384, help="pixels of each side")
    p.add_argument("--captions", type=int, default=1, help="captions for each picture")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    with open(os.path.join(a.out, "captions.csv"), "w", newline="", encoding="utf-8") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow(("image", "caption"))
        for i, scene in world(a.seed, a.count):
            name = f"{i:06d}.png"
            draw(scene, a.size).write_to_png(os.path.join(a.out, name))
            for text in captions_of(scene, a.captions):
                rows.writerow((name, text))
    print(f"{a.count} pictures in {a.out}")


if __name__ == "__main__":
    main()
