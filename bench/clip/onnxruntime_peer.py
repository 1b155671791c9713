#!/usr/bin/env python3
"""ONNX Runtime fp32 on the same weights and inputs; the same commands on standard input as elanus.cc.

    onnxruntime_peer.py FOLDER THREADS
"""

import sys
from pathlib import Path

import onnxruntime
import peer


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main(folder, threads, variant=""):
    """`variant` stands before the .onnx of both files' names."""
    vision, text = (session(folder / f"{tower}{variant}.onnx", threads) for tower in ("vision", "text"))
    image, words = (lambda x, tower=tower: tower.run(None, {"x": x})[0] for tower in (vision, text))
    peer.serve(image, words, *peer.inputs_of(folder))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]))
