#!/usr/bin/env python3
"""The classes of precision beside each other: how near to exact, and how fast, in alternating order.

    classes.py BENCH_CLIP FOLDER [THREADS] [CPU]
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from run import Peer

CLASSES = ("exact", "fast", "turbo")
WORK = [("image 1", 5), ("image 8", 2), ("image 32", 1), ("text", 20)]
ROUNDS = 5


def main(bench, folder, threads="2", cpu=""):
    text = (folder / "text.txt").read_text()
    programs = {c: Peer(bench, folder / "model", folder / "pixels.u8", text, threads, cpu, c) for c in CLASSES}
    pictures = (folder / "pixels.u8").stat().st_size // (224 * 224 * 3)
    answers = {c: p.ask("answer").reshape(pictures + 1, -1) for c, p in programs.items()}
    for c in CLASSES[1:]:
        cosines = (answers["exact"] * answers[c]).sum(1)
        print(f"{c}: cosine to exact: pictures, least {cosines[:-1].min():.6f}, mean {cosines[:-1].mean():.6f}; "
              f"text {cosines[-1]:.6f}")
    print("| ms | " + " | ".join(CLASSES) + " |\n| --- | ---: | ---: | ---: |")
    for command, repeats in WORK:
        times = {c: [] for c in CLASSES}
        for round_number in range(ROUNDS + 1):
            for c, p in programs.items():
                took = p.ask(f"{command} {repeats}")
                time.sleep(0.02)
                if round_number:
                    times[c].extend(took[::2])
        print(f"| {command} | " + " | ".join(f"{statistics.median(times[c]):.2f}" for c in CLASSES) + " |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
