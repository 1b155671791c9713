#!/usr/bin/env python3
"""ONNX Runtime int8 on the same weights and inputs, in one of the variants that its own tools make; commands as elanus.cc.

    onnxruntime_int8_peer.py FOLDER THREADS VARIANT

VARIANT: dynamic-s8 (weights signed, one scale each output), dynamic-s7 (reduced range), dynamic-u8 (one scale each matrix),
static (QDQ, calibrated on the pictures and the text themselves, which favours it). Made once, beside vision.onnx.
Needs onnx, onnxruntime.
"""

import sys
from pathlib import Path

import numpy as np
from onnxruntime import quantization
from onnxruntime.quantization import QuantType, shape_inference

import onnxruntime_peer
import peer

DYNAMIC = {
    "dynamic-s8": dict(weight_type=QuantType.QInt8, per_channel=True),
    "dynamic-s7": dict(weight_type=QuantType.QInt8, per_channel=True, reduce_range=True),
    "dynamic-u8": dict(weight_type=QuantType.QUInt8),
}
VARIANTS = [*DYNAMIC, "static"]


class Inputs(quantization.CalibrationDataReader):
    def __init__(self, batches):
        self.batches = iter(batches)

    def get_next(self):
        batch = next(self.batches, None)
        return None if batch is None else {"x": batch}


def make(folder, tower, variant):
    out = folder / f"{tower}.{variant}.onnx"
    if out.exists():
        return
    prepared = folder / f"{tower}.prepared.onnx"
    shape_inference.quant_pre_process(str(folder / f"{tower}.onnx"), str(prepared), skip_symbolic_shape=True)
    if variant in DYNAMIC:
        quantization.quantize_dynamic(str(prepared), str(out), **DYNAMIC[variant])
    else:
        values, tokens, _ = peer.inputs_of(folder)
        batches = [values[i:i + 8] for i in range(0, len(values), 8)] if tower == "vision" else [tokens]
        quantization.quantize_static(str(prepared), str(out), Inputs(batches), per_channel=True,
                                     activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    prepared.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in VARIANTS:
        sys.exit(__doc__)
    for tower in ("vision", "text"):
        make(Path(sys.argv[1]), tower, sys.argv[3])
    onnxruntime_peer.main(Path(sys.argv[1]), int(sys.argv[2]), "." + sys.argv[3])
