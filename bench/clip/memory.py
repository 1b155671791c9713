#!/usr/bin/env python3
"""Resident memory of elanus and of ONNX Runtime, each with both towers loaded and after a batch of 8 pictures and a text.

    memory.py BENCH_CLIP FOLDER [--precision exact]

The peer's is less what Python, numpy and an ONNX Runtime without a model take. Pages of a mapped file count as resident.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from run import LEAST_COSINE, Peer


def resident(process):
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench_clip")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--precision", default="exact", choices=LEAST_COSINE)
    a = parser.parse_args()
    text = (a.folder / "text.txt").read_text()
    peers = {"elanus": Peer(a.bench_clip, a.folder / "model", a.folder / "pixels.u8", text, "2", "", a.precision),
             "ONNX Runtime": Peer(sys.executable, Path(__file__).with_name("onnxruntime_peer.py"), a.folder, "2")}
    empty = subprocess.Popen([sys.executable, "-c", "import numpy, onnxruntime; print(flush=True); __import__('sys').stdin.read()"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    empty.stdout.readline()
    nothing = resident(empty)
    empty.communicate()
    for name, peer in peers.items():
        peer.ask("image 8 1")
        peer.ask("text 1")
        inputs = (a.folder / "pixels.u8").stat().st_size / 2**20
        peers[name] = resident(peer.process) - (inputs if name == "elanus" else nothing + 5 * inputs)
        print(f"{name}: {peers[name]:.0f} MiB")
    print(f"ratio {peers['elanus'] / peers['ONNX Runtime']:.2f}")


if __name__ == "__main__":
    main()
