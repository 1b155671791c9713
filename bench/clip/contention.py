#!/usr/bin/env python3
"""What another process that takes a core does to both: medians alone, and while one process spins on CPU 1.

    contention.py BENCH_CLIP FOLDER

Two threads on two CPUs share them with one that never sleeps: half of one CPU is lost, so 1.33 times as long is the best
that a program can do which gives its work out as it goes; 2 times is what one gets that waits for the slower half.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from run import Peer

WORK = [("image 1", 10), ("image 8", 4), ("text", 40)]


def medians(program):
    result = []
    for command, repeats in WORK:
        program.ask(f"{command} 1")
        result.append(statistics.median(program.ask(f"{command} {repeats}")[::2]))
        time.sleep(0.05)
    return result


def main(bench, folder):
    text = (folder / "text.txt").read_text()
    programs = {"elanus": Peer(bench, folder / "model", folder / "pixels.u8", text, "2", "", "exact"),
                "ONNX Runtime": Peer(sys.executable, Path(__file__).with_name("onnxruntime_peer.py"), folder, "2")}
    alone = {name: medians(p) for name, p in programs.items()}
    spin = subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=lambda: os.sched_setaffinity(0, {1}))
    try:
        crowded = {name: medians(p) for name, p in programs.items()}
    finally:
        spin.kill()
        spin.wait()
    print("| work | " + " | ".join(f"{name} alone ms | crowded ms | times" for name in programs) + " |")
    print("| --- |" + " ---: |" * 3 * len(programs))
    for i, (command, _) in enumerate(WORK):
        cells = [f"{alone[n][i]:.2f} | {crowded[n][i]:.2f} | {crowded[n][i] / alone[n][i]:.2f}" for n in programs]
        print(f"| {command} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
