#!/usr/bin/env python3
"""Many pictures out of a few: make_pictures.py FOLDER COUNT SOURCE… Each is another crop, mirrored or not, of another brightness, so
that no two files, and no two vectors, are the same. JPEGs of 640 x 480 or 480 x 640. Needs Pillow."""
import pathlib
import random
import sys

from PIL import Image

folder, count, sources = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
found = sorted(p for source in sources for p in pathlib.Path(source).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
made, number = 0, 0
for number in range(count):
    chance = random.Random(number)
    if number % 200 == 0:
        (folder / f"{number // 200:04}").mkdir(parents=True, exist_ok=True)
    target = folder / f"{number // 200:04}" / f"{number:06}.jpg"
    if target.exists():
        continue
    with Image.open(found[number % len(found)]) as source:
        picture = source.convert("RGB")
    size = (640, 480) if picture.width >= picture.height else (480, 640)
    share = chance.uniform(0.6, 1)
    width = min(picture.width, picture.height * size[0] / size[1]) * share
    height = width * size[1] / size[0]
    left, top = chance.uniform(0, picture.width - width), chance.uniform(0, picture.height - height)
    picture = picture.resize(size, Image.BILINEAR, (left, top, left + width, top + height))
    if chance.random() < 0.5:
        picture = picture.transpose(Image.FLIP_LEFT_RIGHT)
    light = chance.uniform(0.8, 1.2)
    picture.point(lambda value: int(min(255, value * light))).save(target, quality=85)
