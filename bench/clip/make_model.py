#!/usr/bin/env python3
"""Makes what the benchmark runs on: a CLIP with random f16 weights, in a published layout and as ONNX, and inputs.

    python3 make_model.py FOLDER [b32|b16|rn50]

Needs torch, transformers, onnx; open_clip for rn50. FOLDER/model is for elanus; vision.onnx and text.onnx hold the same weights in f32;
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
PATCH = {"b32": 32, "b16": 16}
TEXT = "the dog and the cat of"


class Features(torch.nn.Module):
    """A tower from its inputs to unit vectors; `features` says how the model computes them."""

    def __init__(self, model, features):
        super().__init__()
        self.model, self.features = model, features

    def forward(self, x):
        y = self.features(self.model, x)
        return y / y.norm(dim=-1, keepdim=True)


def export(module, example, path, axes):
    torch.onnx.export(module, (example,), str(path), input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": axes, "y": {0: "batch"}}, opset_version=17, dynamo=False)


def randomize(model):
    """The standard initialisation is so small that all answers are alike."""
    with torch.no_grad():
        for p in model.parameters():
            if p.ndim >= 2:
                p.normal_(0, p[0].numel() ** -0.5)


def transformer(folder, end, patch):
    config = CLIPConfig(text_config=dict(eos_token_id=end, bos_token_id=end - 1, pad_token_id=end),
                        vision_config=dict(patch_size=patch), attn_implementation="eager")
    model = CLIPModel(config)
    randomize(model)
    model.half().save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(
        dict(do_resize=True, size={"shortest_edge": 224}, resample=3, do_center_crop=True,
             crop_size={"height": 224, "width": 224}, do_rescale=True, rescale_factor=1 / 255, do_normalize=True)))
    return (model, lambda model, x: model.visual_projection(model.vision_model(x).pooler_output),
            lambda model, x: model.text_projection(model.text_model(x).pooler_output))


def resnet(folder):
    from open_clip.model import CLIP
    from safetensors.torch import save_file
    config = dict(embed_dim=1024, vision_cfg=dict(image_size=224, layers=[3, 4, 6, 3], width=64, patch_size=None),
                  text_cfg=dict(context_length=77, vocab_size=len(json.loads((folder / "vocab.json").read_text())), width=512,
                                heads=8, layers=12))
    model = CLIP(**config)
    randomize(model)
    tensors = {name: t.half().contiguous() if t.is_floating_point() else t for name, t in model.state_dict().items()}
    save_file(tensors, folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps(dict(model_cfg=config, preprocess_cfg={})))
    model.load_state_dict(tensors)
    # It takes whole contexts only, also of short texts.
    return (model, lambda model, x: model.encode_image(x),
            lambda model, x: model.encode_text(torch.nn.functional.pad(x, (0, 77 - x.shape[1]))))


def main(folder, kind):
    model_folder = folder / "model"
    model_folder.mkdir(parents=True, exist_ok=True)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(TOKENIZER / name, model_folder)
    tokenizer = CLIPTokenizer.from_pretrained(model_folder)
    end = len(json.loads((model_folder / "vocab.json").read_text())) - 1
    torch.manual_seed(1)
    model, image, text = resnet(model_folder) if kind == "rn50" else transformer(model_folder, end, PATCH[kind])

    pixels = np.random.default_rng(1).integers(0, 256, (32, 224, 224, 3)).astype(np.uint8)
    pixels.tofile(folder / "pixels.u8")
    ids = tokenizer([TEXT])["input_ids"]
    assert len(ids[0]) == 8, ids
    np.save(folder / "tokens.npy", np.array(ids, np.int64))
    (folder / "text.txt").write_text(TEXT)
    model = model.float().eval()
    with torch.no_grad():
        export(Features(model, image), torch.zeros(2, 3, 224, 224), folder / "vision.onnx", {0: "batch"})
        export(Features(model, text), torch.tensor(ids * 2), folder / "text.onnx", {0: "batch", 1: "tokens"})


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "b32")
