#!/usr/bin/env python3
"""Elanus beside a peer, in alternating order; answers compared before the clock starts.

    run.py BENCH_CLIP FOLDER [--peer onnxruntime] [--precision exact] [--threads 2] [--rounds 15] [--cpu avx512]

Prints medians and ratios of medians (above 1: elanus is faster), by the clock and of processor time. On a busy machine
the second, with --threads 1, is the one to read: threads that wait for each other spin, and that counts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

# Name, command to elanus, command to the peer, repeats per round.
WORKLOADS = [
    ("picture, batch 1", "image 1", "image 1", 5),
    ("pictures, batch 8", "image 8", "image 8", 2),
    ("pictures, batch 32", "image 32", "image 32", 1),
    ("text of 8 tokens", "text", "text", 20),
    ("the same, peer padded to 77", "text", "padded", 10),
]
INT8 = ("dynamic-s8", "dynamic-s7", "dynamic-u8", "static")
# Peer: its name in the table, its script, and what that gets after the folder and the threads.
PEERS = {"onnxruntime": ("ONNX Runtime", "onnxruntime_peer.py", []), "torch": ("PyTorch", "torch_peer.py", []),
         **{v: (f"ONNX Runtime {v}", "onnxruntime_int8_peer.py", [v]) for v in INT8}}
# Below this the two do not compute the same. An int8 peer is as far from the f32 answer as it is.
LEAST_COSINE = {"exact": 0.999999, "fast": 0.999, "turbo": 0.99}


class Peer:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return np.array(self.process.stdout.readline().split(), float)


def foreign_load():
    return os.getloadavg()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench_clip")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cpu", default="")
    parser.add_argument("--peer", default="onnxruntime", choices=[*PEERS, "clip.cpp"])
    parser.add_argument("--clip-cpp", nargs=2, metavar=("PROGRAM", "GGUF"), help="what README.md makes for --peer clip.cpp")
    parser.add_argument("--precision", default="exact", choices=LEAST_COSINE)
    parser.add_argument("--only", default="", help="workloads whose name has this in it")
    a = parser.parse_args()
    text = (a.folder / "text.txt").read_text()
    elanus = Peer(a.bench_clip, a.folder / "model", a.folder / "pixels.u8", text, a.threads, a.cpu, a.precision)
    if a.peer == "clip.cpp":
        shown, tokens = "clip.cpp", np.load(a.folder / "tokens.npy").ravel()
        peer = Peer(*a.clip_cpp, a.folder / "pixels.u8", a.threads, *map(str, tokens))
    else:
        shown, script, more = PEERS[a.peer]
        peer = Peer(sys.executable, Path(__file__).with_name(script), a.folder, a.threads, *more)

    mine, theirs = (p.ask("answer") for p in (elanus, peer))
    pictures = (a.folder / "pixels.u8").stat().st_size // (224 * 224 * 3)
    mine, theirs = (x.reshape(pictures + 1, -1) for x in (mine, theirs))
    cosines = (mine * theirs).sum(1) / np.linalg.norm(mine, axis=1) / np.linalg.norm(theirs, axis=1)
    print(f"smallest cosine between the answers: pictures {cosines[:-1].min():.7f}, text {cosines[-1]:.7f}")
    if a.peer not in (*INT8, "clip.cpp") and cosines.min() < LEAST_COSINE[a.precision]:
        sys.exit("the answers differ: nothing to compare")
    print(f"load average before: {foreign_load():.2f}")
    print(f"| work | {a.precision} ms | {shown} ms | ratio | processor: elanus ms | {shown} ms | ratio | of minima |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, command, peer_command, repeats in (w for w in WORKLOADS if a.only in w[0]):
        times = ([], [])
        for round_number in range(a.rounds + 1):
            pairs = [(0, elanus, command), (1, peer, peer_command)]
            for which, process, order in pairs if round_number % 2 else reversed(pairs):
                took = process.ask(f"{order} {repeats}")
                time.sleep(0.05)  # the other's workers go to sleep
                if round_number:  # the first round warms up
                    times[which].extend(took)
        cells = [name]
        for kind in (0, 1):
            m, t = (statistics.median(x[kind::2]) for x in times)
            cells += [f"{m:.2f}", f"{t:.2f}", f"{t / m:.2f}"]
        cells.append(f"{min(times[1][1::2]) / min(times[0][1::2]):.2f}")
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"load average after: {foreign_load():.2f}")
    for p in (elanus, peer):
        p.process.stdin.close()
        p.process.wait()


if __name__ == "__main__":
    main()
