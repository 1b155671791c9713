#!/usr/bin/env python3
"""Makes tests/inputs/clip: tiny random-weight CLIP models and what transformers computes with them.

    python3 tools/golden/make_clip_goldens.py tests/inputs/clip

Needs torch, transformers and safetensors (made with transformers 5.23, torch 2.15). The same command gives the same
models; outputs may differ in the last bits between versions of torch. Each folder is a model in the transformers layout
and, beside it:

    texts.txt    one text per line
    ids.npy      [texts, context] token ids as transformers' tokenizer gives them, padded with -1
    text.npy     [texts, projection_dim] unit vectors
    pixels.npy   [pictures, side * side * 3] bytes as f2, RGB, row-major: what a resized and cropped picture holds
    image.npy    [pictures, projection_dim] unit vectors
    digests.txt  in one of them: what transformers' tokenizer, after the original one's cleaning of HTML, gives for 10,000 lines
                 (tokenizer_digests.py)
"""

import html
import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizer_digests import write_digests
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

TEXTS = [
    "a photo of a cat",
    "dog",
    "",
    "Two RED boats, and the sea!",
    "the cat sat on the mat while the dog ran over the hill and far away from the house of the old man in the sea",
]
MERGES = ["t h", "th e</w>", "a n", "i n", "d o", "do g</w>", "c a", "ca t</w>", "o f</w>", "p h", "an d</w>", "r e"]
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
PICTURES = 3


def tower(width, heads, mlp, layers, act, eps=1e-5):
    return dict(hidden_size=width, num_attention_heads=heads, intermediate_size=mlp, num_hidden_layers=layers,
                hidden_act=act, layer_norm_eps=eps)


# Between them: both activations; head dimensions 64, 16, 8, 40, 12; widths and projections that fill no panel; the three
# dtypes; weights that f16 cannot hold exactly; old and new end-token rule; one file and several.
MODELS = {
    "quick-gelu-f16": dict(dtype=torch.float16, dim=32, context=32, legacy_eos=False,
                           text=tower(64, 1, 256, 2, "quick_gelu"),
                           vision=dict(tower(64, 1, 256, 2, "quick_gelu"), image_size=32, patch_size=8)),
    "gelu-f32": dict(dtype=torch.float32, dim=24, context=24, legacy_eos=False,
                     text=tower(40, 5, 100, 2, "gelu", 1e-6),
                     vision=dict(tower(48, 3, 130, 3, "gelu", 1e-6), image_size=30, patch_size=10)),
    "legacy-eos-bf16": dict(dtype=torch.bfloat16, dim=20, context=77, legacy_eos=True,
                            text=tower(80, 2, 200, 3, "quick_gelu"),
                            vision=dict(tower(64, 4, 96, 2, "quick_gelu"), image_size=24, patch_size=6)),
    "sharded-f16": dict(dtype=torch.float16, dim=33, context=20, legacy_eos=True, shard="60KB",
                        text=tower(36, 3, 90, 2, "gelu"),
                        vision=dict(tower(72, 6, 150, 2, "quick_gelu"), image_size=28, patch_size=7)),
}


def bytes_to_unicode():
    """GPT-2's printable stand-in for each byte."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return [chr(b) for b in plain] + [chr(256 + i) for i in range(len(others))]


def write_tokenizer(folder):
    letters = bytes_to_unicode()
    words = letters + [c + "</w>" for c in letters] + [m.replace(" ", "") for m in MERGES]
    words += ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({w: i for i, w in enumerate(words)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    return len(words)


def randomize(model, seed):
    """Weights that keep activations of order one, so that every step of the network matters to the result."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if name.endswith("weight") and re.search(r"norm|layrnorm|\bln_|\bbn\d|downsample\.1", name):
                p.copy_(1 + 0.2 * noise)
            elif p.ndim >= 2 and "embedding" not in name:
                p.copy_(noise / p[0].numel() ** 0.5)
            elif "patch_embedding" in name:
                p.copy_(noise / p[0].numel() ** 0.5)
            elif p.ndim >= 1:
                p.copy_(0.3 * noise)


def randomize_batch_norms(model, seed):
    """The statistics that training would have gathered."""
    for name, buffer in model.named_buffers():
        if "running_" in name:
            noise = torch.randn(buffer.shape, generator=torch.Generator().manual_seed(seed))
            buffer.copy_(1 + 0.5 * noise.abs() if name.endswith("var") else 0.3 * noise)


def unit(features):
    features = getattr(features, "pooler_output", features)
    return (features / features.norm(dim=-1, keepdim=True)).numpy().astype(np.float32)


def random_pixels(side, seed):
    """Bytes of pictures ready for the tower: white, a pattern, noise."""
    pixels = np.random.default_rng(seed).integers(0, 256, (PICTURES, side, side, 3)).astype(np.uint8)
    pixels[0] = 255
    pixels[1] = (np.arange(side)[:, None, None] * 7 + np.arange(side)[None, :, None] * 3 + np.array([0, 40, 90])) % 256
    return pixels


def normalized(pixels, mean, std):
    values = ((pixels / 255 - np.array(mean)) / np.array(std)).astype(np.float32).transpose(0, 3, 1, 2)
    return torch.tensor(np.ascontiguousarray(values))


def write_goldens(folder, ids, text_vectors, pixels, image_vectors, texts=TEXTS):
    table = np.full((len(ids), max(map(len, ids))), -1, np.float32)
    for i, row in enumerate(ids):
        table[i, :len(row)] = row
    (folder / "texts.txt").write_text("\n".join(texts) + "\n")
    np.save(folder / "ids.npy", table)
    np.save(folder / "text.npy", text_vectors)
    np.save(folder / "pixels.npy", pixels.reshape(PICTURES, -1).astype(np.float16))
    np.save(folder / "image.npy", image_vectors)
    print(folder.name, "text", text_vectors.shape, "image", image_vectors.shape)


def make(folder, spec, seed):
    folder.mkdir(parents=True, exist_ok=True)
    vocab = write_tokenizer(folder)
    text = dict(spec["text"], vocab_size=vocab, max_position_embeddings=spec["context"], bos_token_id=vocab - 2,
                eos_token_id=2 if spec["legacy_eos"] else vocab - 1, pad_token_id=vocab - 1)
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=spec["vision"], projection_dim=spec["dim"]))
    randomize(model, seed)
    model = model.to(spec["dtype"])
    model.save_pretrained(folder, max_shard_size=spec.get("shard", "1GB"))
    model = model.float().eval()

    side = spec["vision"]["image_size"]
    (folder / "preprocessor_config.json").write_text(json.dumps(
        dict(do_resize=True, size={"shortest_edge": side}, resample=3, do_center_crop=True,
             crop_size={"height": side, "width": side}, do_rescale=True, rescale_factor=1 / 255, do_normalize=True,
             image_mean=MEAN, image_std=STD, do_convert_rgb=True), indent=2) + "\n")

    tokenizer = CLIPTokenizer.from_pretrained(folder)
    ids = tokenizer(TEXTS, truncation=True, max_length=spec["context"])["input_ids"]
    padded = tokenizer(TEXTS, truncation=True, max_length=spec["context"], padding="max_length", return_tensors="pt")
    pixels = random_pixels(side, seed)
    with torch.no_grad():
        text_vectors = unit(model.get_text_features(**padded))
        image_vectors = unit(model.get_image_features(pixel_values=normalized(pixels, MEAN, STD)))

    write_goldens(folder, ids, text_vectors, pixels, image_vectors)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for number, (name, spec) in enumerate(MODELS.items()):
        make(Path(sys.argv[1]) / name, spec, seed=number + 1)
    folder = Path(sys.argv[1]) / "gelu-f32"
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    write_digests(folder, lambda line: tokenizer(html.unescape(html.unescape(line)), add_special_tokens=False)["input_ids"])
