"""The training pictures and the views of them: crops, mirrored or not, the same in every run."""
import csv
import os
import random

import numpy as np
from PIL import Image

SIDE = 128                     # of the training pictures
VIEWS = 8                      # of each: the whole picture, its mirror image, then crops
DEVELOPMENT = 500              # photographs with captions that only choices are made by
FLICKR, IMAGENET = "flickr8k-train-128", "imagenet-2000-128"


def captioned(folder):
    """The captions of each picture that captions.csv (image,caption) names."""
    captions = {}
    with open(os.path.join(folder, "captions.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            captions.setdefault(row["image"], []).append(row["caption"])
    return captions


def photographs(data):
    """(names, captions): every photograph of Flickr8k that may be learned from, and what five people said of it."""
    captions = captioned(os.path.join(data, FLICKR))
    names = sorted(captions)
    random.Random("development").shuffle(names)
    return names, [captions[n] for n in names]


def class_pictures(data):
    """(names, class names) of the pictures whose file name tells the class."""
    names = sorted(n for n in os.listdir(os.path.join(data, IMAGENET)) if n.endswith(".jpg"))
    return names, [n.rsplit(".", 1)[0].split("_", 3 if n.startswith("imagen_") else 2)[-1].replace("_", " ") for n in names]


def drawn(world):
    """(paths, captions) of the pictures that tools/world/world.py has drawn."""
    captions = captioned(world)
    return [os.path.join(world, n) for n in captions], list(captions.values())


def asked_about(data):
    """Class pictures that are in imagenet-200 too, in full size: the contact sheet is made of them, so none is learned from."""
    shown = {n.split("_")[0] for n in os.listdir(os.path.join(data, "imagenet-200"))}
    return [i for i, n in enumerate(class_pictures(data)[0]) if n.startswith("imagenet_") and n.split("_")[1] in shown]


def pixels(data, world):
    """uint8 (n, 128, 128, 3): the photographs, then the class pictures, then the drawn ones."""
    paths = [os.path.join(data, FLICKR, "images", n) for n in photographs(data)[0]]
    paths += [os.path.join(data, IMAGENET, n) for n in class_pictures(data)[0]] + drawn(world)[0]
    out = np.empty((len(paths), SIDE, SIDE, 3), np.uint8)
    for i, path in enumerate(paths):
        image = Image.open(path).convert("RGB")
        out[i] = np.asarray(image if image.size == (SIDE, SIDE) else image.resize((SIDE, SIDE), Image.BICUBIC))
    return out


def boxes(count, seed=1):
    """f32 (count, VIEWS, 5): left, top, right, bottom in pixels, and 1 where the view is mirrored."""
    out = np.empty((count, VIEWS, 5), np.float32)
    for i in range(count):
        rng = random.Random(f"views {seed} {i}")
        out[i, 0], out[i, 1] = (0, 0, SIDE, SIDE, 0), (0, 0, SIDE, SIDE, 1)
        for j in range(2, VIEWS):
            area, shape = rng.uniform(.35, 1), rng.uniform(.8, 1.25)
            w, h = (min(1.0, (area * shape) ** .5), min(1.0, (area / shape) ** .5))
            x, y = rng.uniform(0, 1 - w), rng.uniform(0, 1 - h)
            out[i, j] = x * SIDE, y * SIDE, (x + w) * SIDE, (y + h) * SIDE, rng.random() < .5
    return out


def teacher_classes(data):
    """The names of the teacher's 1,001 classes, one word for each: "tench, Tinca tinca" is "tench"."""
    with open(os.path.join(data, "teacher", "imagenet_labels.txt"), encoding="utf-8") as f:
        return [line.split(",")[0].strip() for line in f if line.strip()]
