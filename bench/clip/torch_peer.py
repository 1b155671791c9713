#!/usr/bin/env python3
"""PyTorch on the same weights and inputs (transformers' CLIPModel in f32); the same commands as elanus.cc.

    torch_peer.py FOLDER THREADS
"""

import os
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = sys.argv[2] if len(sys.argv) > 2 else "1"

import torch  # noqa: E402
from transformers import CLIPModel  # noqa: E402

import peer  # noqa: E402


def main(folder, threads):
    torch.set_num_threads(threads)
    values, tokens, padded = (torch.from_numpy(x) for x in peer.inputs_of(folder))
    attention = "sdpa" if hasattr(torch.nn.functional, "scaled_dot_product_attention") else "eager"  # torch before 2.0
    model = CLIPModel.from_pretrained(folder / "model", attn_implementation=attention).float().eval()

    def image(pixels):
        return model.visual_projection(model.vision_model(pixels).pooler_output)

    def text(ids):
        return model.text_projection(model.text_model(ids).pooler_output)

    with torch.inference_mode():
        peer.serve(image, text, values, tokens, padded)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]))
