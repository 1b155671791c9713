#!/usr/bin/env python3
"""A stand-in for the tutorial's data set, of the same shape: reverse_image_search.csv with the columns id, path and label, and
the pictures that it names, drawn by tools/world.

    python3 examples/codelab/make_data.py --out FOLDER [--count 1000]        (needs python3-cairo)"""
import argparse
import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/world"))

from draw import draw  # noqa: E402
from world import world  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--size", type=int, default=256, help="pixels of each side")
    asked = parser.parse_args()
    rows = []
    for number, scene in world("codelab", asked.count):
        group = scene.groups[0]
        label = f"{group.colour} {group.kind}".replace(" ", "_")
        path = pathlib.Path("train", label, f"{number:06d}.png")
        (asked.out / path).parent.mkdir(parents=True, exist_ok=True)
        draw(scene, asked.size).write_to_png(str(asked.out / path))
        rows.append((number - 1, f"./{path}", label))
    with open(asked.out / "reverse_image_search.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "path", "label"))
        writer.writerows(rows)
    print(f"{len(rows)} pictures in {asked.out}")


if __name__ == "__main__":
    main()
