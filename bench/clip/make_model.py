#!/usr/bin/env python3
"""Makes what the benchmark runs on: a ViT-B/32 with random f16 weights, as a transformers folder and as ONNX, and inputs.

    python3 make_model.py FOLDER

Needs torch, transformers, onnx. FOLDER/model is for elanus; vision.onnx and text.onnx hold the same weights in f32;
pixels.u8 holds 32 pictures of 224 x 224 x 3 bytes; text.txt a text of 8 tokens and tokens.npy its ids.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

TOKENIZER = Path(__file__).resolve().parents[2] / "tests/inputs/clip/quick-gelu-f16"
TEXT = "the dog and the cat of"


class Features(torch.nn.Module):
    def __init__(self, tower, projection):
        super().__init__()
        self.tower, self.projection = tower, projection

    def forward(self, x):
        y = self.projection(self.tower(x).pooler_output)
        return y / y.norm(dim=-1, keepdim=True)


def export(module, example, path, axes):
    torch.onnx.export(module, (example,), str(path), input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": axes, "y": {0: "batch"}}, opset_version=17, dynamo=False)


def main(folder):
    model_folder = folder / "model"
    model_folder.mkdir(parents=True, exist_ok=True)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(TOKENIZER / name, model_folder)
    tokenizer = CLIPTokenizer.from_pretrained(model_folder)
    end = len(json.loads((model_folder / "vocab.json").read_text())) - 1
    torch.manual_seed(1)
    config = CLIPConfig(text_config=dict(eos_token_id=end, bos_token_id=end - 1, pad_token_id=end),
                        attn_implementation="eager")
    model = CLIPModel(config)
    with torch.no_grad():
        for p in model.parameters():  # the standard initialisation is so small that all answers are alike
            if p.ndim >= 2:
                p.normal_(0, p[0].numel() ** -0.5)
    model.half().save_pretrained(model_folder)
    model = model.float().eval()
    (model_folder / "preprocessor_config.json").write_text(json.dumps(
        dict(do_resize=True, size={"shortest_edge": 224}, resample=3, do_center_crop=True,
             crop_size={"height": 224, "width": 224}, do_rescale=True, rescale_factor=1 / 255, do_normalize=True)))

    pixels = np.random.default_rng(1).integers(0, 256, (32, 224, 224, 3)).astype(np.uint8)
    pixels.tofile(folder / "pixels.u8")
    ids = tokenizer([TEXT])["input_ids"]
    assert len(ids[0]) == 8, ids
    np.save(folder / "tokens.npy", np.array(ids, np.int64))
    (folder / "text.txt").write_text(TEXT)
    with torch.no_grad():
        export(Features(model.vision_model, model.visual_projection), torch.zeros(2, 3, 224, 224),
               folder / "vision.onnx", {0: "batch"})
        export(Features(model.text_model, model.text_projection), torch.tensor(ids * 2),
               folder / "text.onnx", {0: "batch", 1: "tokens"})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
