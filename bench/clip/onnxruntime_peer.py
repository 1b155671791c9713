#!/usr/bin/env python3
"""ONNX Runtime fp32 on the same weights and inputs; the same commands on standard input as elanus.cc.

    onnxruntime_peer.py FOLDER THREADS
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import peer

MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def inputs_of(folder):
    """Pictures as the towers take them, the text's tokens, and the same padded to 77."""
    pixels = np.fromfile(folder / "pixels.u8", np.uint8).reshape(-1, 224, 224, 3)
    values = ((pixels / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32).transpose(0, 3, 1, 2)
    tokens = np.load(folder / "tokens.npy")
    padded = np.full((1, 77), tokens[0, -1])
    padded[0, :tokens.shape[1]] = tokens[0]
    return np.ascontiguousarray(values), tokens, padded


def main(folder, threads, variant=""):
    """`variant` stands before the .onnx of both files' names."""
    vision, text = (session(folder / f"{tower}{variant}.onnx", threads) for tower in ("vision", "text"))
    image, words = (lambda x, tower=tower: tower.run(None, {"x": x})[0] for tower in (vision, text))
    peer.serve(image, words, *inputs_of(folder))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]))
