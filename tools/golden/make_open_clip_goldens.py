#!/usr/bin/env python3
"""Adds to tests/inputs/clip tiny random-weight models in the layout of open_clip, and what open_clip computes with them.

    python3 tools/golden/make_open_clip_goldens.py tests/inputs/clip

Needs torch, open_clip, transformers and safetensors (made with open_clip 3.3, torch 2.15). The files beside each model are
those of make_clip_goldens.py."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from make_clip_goldens import (MEAN, STD, TEXTS, normalized, random_pixels, randomize, randomize_batch_norms, unit,
                               write_goldens, write_tokenizer)
from open_clip.model import CLIP, CustomTextCLIP
from safetensors.torch import save_file
from transformers import CLIPTokenizer

# Between them: both activations and both resize modes, heads wider than their number suggests, an inner width that is no
# multiple, a tower apart from its text ("text."), f32 and f16.
MODELS = {
    "open-clip-f32": dict(
        dtype=torch.float32,
        model=dict(embed_dim=24, vision_cfg=dict(image_size=30, layers=3, width=48, head_width=16, patch_size=10, mlp_ratio=2.7),
                   text_cfg=dict(context_length=24, width=40, heads=5, layers=2)),
        preprocess=dict(mean=[0.5, 0.4, 0.3], std=[0.25, 0.3, 0.35], interpolation="bilinear", resize_mode="squash")),
    "open-clip-quick-gelu-f16": dict(
        dtype=torch.float16,
        model=dict(embed_dim=33, quick_gelu=True, custom_text=True,
                   vision_cfg=dict(image_size=32, layers=2, width=64, patch_size=8, timm_model_name=None),
                   text_cfg=dict(context_length=32, width=36, heads=3, layers=2, hf_tokenizer_name="")),
        preprocess=dict(mean=MEAN, std=STD, interpolation="bicubic", resize_mode="shortest")),
    "open-clip-bin-bf16": dict(
        dtype=torch.bfloat16, weights="open_clip_pytorch_model.bin",
        model=dict(embed_dim=16, vision_cfg=dict(image_size=24, layers=2, width=32, head_width=8, patch_size=6),
                   text_cfg=dict(context_length=20, width=24, heads=2, layers=2)),
        preprocess={}),
    # Traced to a script, as OpenAI published its models: no config, 64 values to a head, QuickGELU.
    "openai-vit-f16": dict(
        dtype=torch.float16, weights="openai-vit-f16.pt",
        model=dict(embed_dim=20, quick_gelu=True, vision_cfg=dict(image_size=28, layers=2, width=64, patch_size=7, mlp_ratio=1.5),
                   text_cfg=dict(context_length=32, width=64, heads=1, layers=2, mlp_ratio=2)),
        preprocess={}),
    # ModifiedResNet: several blocks to a stage, both layouts.
    "open-clip-resnet-f32": dict(
        dtype=torch.float32,
        model=dict(embed_dim=24, vision_cfg=dict(image_size=64, layers=[2, 1, 3, 1], width=6, head_width=16, patch_size=None),
                   text_cfg=dict(context_length=20, width=24, heads=2, layers=1)),
        preprocess={}),
    "openai-resnet-f16": dict(
        dtype=torch.float16, weights="openai-resnet-f16.pt",
        model=dict(embed_dim=20, quick_gelu=True, vision_cfg=dict(image_size=96, layers=[1, 2, 1, 1], width=4, patch_size=None),
                   text_cfg=dict(context_length=32, width=64, heads=1, layers=1, mlp_ratio=2)),
        preprocess={}),
}


def save(model, folder, spec, config):
    weights = spec.get("weights", "open_clip_model.safetensors")
    if weights.endswith(".pt"):
        side, context = config["vision_cfg"]["image_size"], config["text_cfg"]["context_length"]
        for name, number in [("input_resolution", side), ("context_length", context), ("vocab_size", config["text_cfg"]["vocab_size"])]:
            if name in model.__dict__:
                del model.__dict__[name]
            model.register_buffer(name, torch.tensor(number))
        inputs = dict(encode_image=torch.zeros(1, 3, side, side), encode_text=torch.zeros(1, context, dtype=torch.long))
        torch.jit.trace_module(model, inputs).to(spec["dtype"]).save(folder / weights)
        return
    if weights.endswith(".bin"):
        torch.save(model.to(spec["dtype"]).state_dict(), folder / weights)
    else:
        save_file(model.to(spec["dtype"]).state_dict(), folder / weights)
    (folder / "open_clip_config.json").write_text(
        json.dumps(dict(model_cfg=config, preprocess_cfg=spec["preprocess"]), indent=2) + "\n")


def make(folder, spec, seed):
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads(json.dumps(spec["model"]))
    config["text_cfg"]["vocab_size"] = write_tokenizer(folder)
    kind = CustomTextCLIP if config.get("custom_text") else CLIP
    model = kind(**{k: v for k, v in config.items() if k != "custom_text"}).eval()
    randomize(model, seed)
    randomize_batch_norms(model, seed)
    model = model.to(spec["dtype"]).float()
    save(model, folder, spec, config)
    model = model.float()

    context, side = config["text_cfg"]["context_length"], config["vision_cfg"]["image_size"]
    ids = CLIPTokenizer.from_pretrained(folder)(TEXTS, truncation=True, max_length=context)["input_ids"]
    padded = torch.tensor([row + [0] * (context - len(row)) for row in ids])
    pixels = random_pixels(side, seed)
    with torch.no_grad():
        text = unit(model.encode_text(padded))
        mean, std = spec["preprocess"].get("mean", MEAN), spec["preprocess"].get("std", STD)
        image = unit(model.encode_image(normalized(pixels, mean, std)))
    write_goldens(folder, ids, text, pixels, image)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for number, (name, spec) in enumerate(MODELS.items()):
        make(Path(sys.argv[1]) / name, spec, seed=number + 101)
