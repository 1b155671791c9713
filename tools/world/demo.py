#!/usr/bin/env python3
"""Make the demo folder: 300 pictures in folders by place, and captions.csv.

    python tools/world/demo.py --out demo        (needs python3-cairo and Pillow)

Most are JPEG; some are PNG, WebP, GIF and BMP, so that every codec has something to do.
A few scenes are wished for by name, the others come from the world with a fixed seed,
as many from every place."""
import argparse
import csv
import os
import random
import shutil
import sys

from PIL import Image

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from captions import facts, identifying  # noqa: E402
from draw import draw  # noqa: E402
from kinds import CATALOGUE  # noqa: E402
from scene import Group, Scene, random_scene  # noqa: E402
from where import PLACES, zones  # noqa: E402
from world import captions_of  # noqa: E402

# place, time, weather, first thing, relation, second thing; a thing is "count colour [pattern] kind"
WISHES = """
beach sunset clear 1 red car
beach day clear 2 yellow child | left | 1 striped red ball
beach sunset clear 1 red woman
city day rainbow 1 blue man | left | 1 white dog
snowfield day clear 3 red child
garden day clear 1 purple woman | right | 3 red tulip
beach day clear 1 striped yellow parasol | left | 1 spotted red ball
meadow day clear 2 orange cat | under | 1 green tree
garden day rainbow 2 white cat
sea sunset clear 1 white sailing boat
sea sunset cloudy 2 red sailing boat
sea night clear 1 blue rowing boat
lake night clear 1 red sailing boat
lake dawn fog 3 white duck
snowfield day snow 1 grey castle
snowfield night clear 1 white castle
snowfield day clear 1 red snowman | right | 3 black penguin
mountains sunset clear 1 striped red hot-air balloon | above | 1 white house
mountains dawn clear 3 checked blue hot-air balloon
desert sunset clear 3 yellow camel
desert night clear 1 white tent
desert day clear 1 green cactus | left | 1 turquoise bus
city night rain 1 yellow car
city day clear 1 red bus | left | 1 blue bicycle
city sunset clear 4 pink balloon
forest dawn fog 1 orange fox
forest night clear 1 brown owl
forest day clear 3 red mushroom | left | 1 brown bear
farm day clear 1 red tractor | left | 1 red barn
farm sunset clear 5 white sheep
farm day cloudy 3 yellow sunflower
meadow dawn clear 1 brown horse
meadow day rain 2 brown cow
meadow night storm 1 purple castle
road sunset clear 1 blue truck
road day clear 1 green train | front | 1 white church
garden sunset clear 3 purple tulip
sky day clear 2 red aeroplane
sky sunset clear 1 golden flying saucer
space - - 1 white astronaut | left | 1 orange planet
space - - 1 red rocket
underwater - - 3 striped orange fish
underwater - - 1 blue whale | above | 1 yellow submarine
underwater - - 1 red octopus
kitchen - - 3 red apple | left | 1 yellow banana
kitchen - - 1 white teapot | left | 2 blue cup
kitchen - - 1 pink cake
kitchen - - 1 black cat | right | 1 checked turquoise vase
studio - - 1 golden star
studio - - 3 red heart
studio - - 1 blue circle | left | 1 yellow square
""".strip().splitlines()


def thing(text, place):
    count, *adjectives = text.split()
    for n in range(len(adjectives), 0, -1):            # the longest tail that names a kind
        name = " ".join(adjectives[-n:])
        if name in CATALOGUE:
            break
    first = adjectives[:-n]
    zone = next(z for z, kinds in zones(place) if name in kinds)
    return Group(name, zone, first[-1], first[0] if len(first) > 1 else None, int(count))


def wish(line, i):
    place, time, weather, rest = line.split(" ", 3)
    parts = [p.strip() for p in rest.split("|")]
    groups = tuple(thing(p, place) for p in parts[::2])
    time, weather = (None if v == "-" else v for v in (time, weather))
    moon = ("full", "crescent")[i % 2] if time == "night" and weather == "clear" else None
    paper = ("dark blue", "cream", "pale green")[i % 3] if place == "studio" else None
    return Scene(place, groups, parts[1] if len(parts) > 1 else None, time, weather, moon, paper, f"wish {line}")


def scenes(count):
    out = [wish(line, i) for i, line in enumerate(WISHES)]
    seen = {frozenset(facts(s)) for s in out}
    left = {p: max(0, count // len(PLACES) - sum(s.place == p for s in out)) for p in PLACES}
    for p in list(PLACES)[:count - len(out) - sum(left.values())]:
        left[p] += 1
    i = 0
    while any(left.values()):
        i += 1
        s = random_scene(random.Random(f"demo/{i}"), f"demo/{i}")
        key = frozenset(facts(s))
        if left[s.place] and key not in seen and not any(g.count > 3 for g in s.groups if len(s.groups) > 1):
            left[s.place] -= 1
            seen.add(key)
            out.append(s)
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", default="demo")
    p.add_argument("--count", type=int, default=300)
    p.add_argument("--size", type=int, default=448)
    a = p.parse_args()
    shutil.rmtree(os.path.join(a.out, "pictures"), ignore_errors=True)
    rows, number = [], {}
    for i, scene in enumerate(scenes(a.count)):
        number[scene.place] = n = number.get(scene.place, 0) + 1
        kind = {7: "png", 17: "webp", 27: "gif", 37: "webp", 47: "png"}.get(i % 50, "jpg")
        if i in (120, 240):
            kind = "bmp"
        size = {"bmp": 256, "gif": 256, "png": 320}.get(kind, a.size)
        name = f"pictures/{scene.place}/{n:03d}.{kind}"
        os.makedirs(os.path.dirname(os.path.join(a.out, name)), exist_ok=True)
        surface = draw(scene, size)
        image = Image.frombuffer("RGB", (size, size), bytes(surface.get_data()), "raw", "BGRX", surface.get_stride(), 1)
        image.save(os.path.join(a.out, name), **({"quality": 88} if kind in ("jpg", "webp") else {}))
        other = identifying(random.Random(f"other words {scene.seed}"), scene, plain=False)[0]
        rows += [(name, c) for c in dict.fromkeys([*captions_of(scene), other])]
    with open(os.path.join(a.out, "captions.csv"), "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(("image", "caption"))
        out.writerows(sorted(rows, key=lambda r: r[0]))
    print(f"{a.count} pictures in {a.out}/pictures")


if __name__ == "__main__":
    main()
