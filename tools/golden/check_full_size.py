#!/usr/bin/env python3
"""Full-size models with random weights: what the program computes beside what the reference framework computes.

    python3 tools/golden/check_full_size.py build/release/elanus ViT-B-32 ViT-H-14-quickgelu:f16 ...

A name is a model of open_clip; "siglip-base" or "siglip2-base" for the shapes of google/siglip-base-patch16-224 and
google/siglip2-base-patch16-224, "chinese-clip-base" for those of OFA-Sys/chinese-clip-vit-base-patch16, each with a small tokenizer.
":f16" stores the weights in half precision, as published ones often are. Needs torch, open_clip, transformers, sentencepiece,
safetensors and Pillow. Prints a line of a table: the smallest cosine and the largest difference of text and picture vectors.
Fails when a cosine is below 0.999999. ELANUS_PICTURES=1 is enough for a slow machine."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import make_chinese_clip_goldens
import make_siglip1_goldens
import make_siglip_goldens
import numpy as np
import open_clip
import torch
from make_clip_goldens import MEAN, STD, normalized, random_pixels, randomize, randomize_batch_norms, unit
from PIL import Image
from safetensors.torch import save_file
from transformers import ChineseCLIPConfig, ChineseCLIPModel, SiglipConfig, SiglipModel
from transformers.models.siglip2.tokenization_siglip2 import Siglip2Tokenizer

PICTURES = int(os.environ.get("ELANUS_PICTURES", "3"))
TEXTS = ["a photo of a cat", "Two RED boats, and the sea!", "день у моря"]


def write_open_clip(folder, name, half):
    model = open_clip.create_model(name, pretrained=None).eval()
    randomize(model, 7)
    randomize_batch_norms(model, 7)
    if half:
        model = model.half().float()
    tensors = {k: v.half() if half else v for k, v in model.state_dict().items()}
    save_file(tensors, folder / "open_clip_model.safetensors")
    config = dict(model_cfg=open_clip.get_model_config(name), preprocess_cfg=model.visual.preprocess_cfg)
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    vocabulary = Path(open_clip.__file__).parent / "bpe_simple_vocab_16e6.txt.gz"
    (folder / vocabulary.name).write_bytes(vocabulary.read_bytes())
    side = open_clip.get_model_config(name)["vision_cfg"]["image_size"]
    pixels = random_pixels(side, 1)[:PICTURES]
    preprocess = model.visual.preprocess_cfg
    with torch.no_grad():
        text = unit(model.encode_text(open_clip.get_tokenizer(name)(TEXTS)))
        image = unit(model.encode_image(normalized(pixels, preprocess["mean"], preprocess["std"])))
    return text, pixels, image


def compute(folder, model, half, ids, mean, std, **more):
    """Saves the model with random weights, gives what it computes."""
    randomize(model.eval(), 7)
    model = model.half() if half else model
    model.save_pretrained(folder)
    model = model.float()
    pixels = random_pixels(224, 1)[:PICTURES]
    with torch.no_grad():
        text = unit(model.get_text_features(input_ids=torch.tensor(ids), **more))
        image = unit(model.get_image_features(pixel_values=normalized(pixels, mean, std)))
    return text, pixels, image


BASE = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)
HALVES = [0.5] * 3


def write_siglip(folder, half, vocab_size, pad, ids):
    config = SiglipConfig(text_config=dict(BASE, vocab_size=vocab_size, max_position_embeddings=64, projection_size=768, pad_token_id=pad,
                                           bos_token_id=2, eos_token_id=1),
                          vision_config=dict(BASE, image_size=224, patch_size=16))
    (folder / "preprocessor_config.json").write_text(json.dumps(dict(image_processor_type="SiglipImageProcessor")))
    return compute(folder, SiglipModel(config), half, ids, HALVES, HALVES)


def write_siglip1(folder, half):
    encode, _ = make_siglip1_goldens.write_tokenizer(folder, "spiece.model")
    return write_siglip(folder, half, 32000, 1, [(encode(text)[:63] + [1] * 64)[:64] for text in TEXTS])


def write_siglip2(folder, half):
    make_siglip_goldens.write_tokenizer(folder)
    ids = Siglip2Tokenizer.from_pretrained(folder)(TEXTS, padding="max_length", max_length=64, truncation=True)["input_ids"]
    return write_siglip(folder, half, 256000, 0, ids)


def write_chinese_clip(folder, half):
    tokenizer, _ = make_chinese_clip_goldens.write_tokenizer(folder, "vocab.txt", {})
    config = ChineseCLIPConfig(text_config=dict(BASE, vocab_size=21128), vision_config=dict(BASE, image_size=224, patch_size=16))
    (folder / "preprocessor_config.json").write_text(json.dumps(dict(image_processor_type="ChineseCLIPImageProcessor")))
    padded = tokenizer(TEXTS, padding="max_length", max_length=52, truncation=True)
    return compute(folder, ChineseCLIPModel(config), half, padded["input_ids"], MEAN, STD,
                   attention_mask=torch.tensor(padded["attention_mask"]))


FAMILIES = {"siglip-base": write_siglip1, "siglip2-base": write_siglip2, "chinese-clip-base": write_chinese_clip}


def embed(elanus, folder, pixels):
    arguments = []
    for i, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{i}.png")
        arguments += ["--image", folder / f"{i}.png"]
    for text in TEXTS:
        arguments += ["--text", text]
    subprocess.run([elanus, "embed", "--model", folder, "--out", folder / "out.npy", *arguments], check=True)
    vectors = np.load(folder / "out.npy")
    return vectors[len(pixels):], vectors[:len(pixels)]


def compare(name, what, ours, reference):
    cosine = float((ours.astype(np.float64) * reference).sum(axis=1).min())
    print(f"| {name} | {what} | {cosine:.8f} | {np.abs(ours - reference).max():.1e} |", flush=True)
    return cosine >= 0.999999


def main():
    elanus, names = sys.argv[1], sys.argv[2:]
    good = True
    for name in names:
        model, _, kind = name.partition(":")
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            half = kind == "f16"
            text, pixels, image = (FAMILIES[model](folder, half) if model in FAMILIES
                                  else write_open_clip(folder, model, half))
            ours_text, ours_image = embed(elanus, folder, pixels)
        good &= compare(name, "text", ours_text, text)
        good &= compare(name, "image", ours_image, image)
    sys.exit(not good)


if __name__ == "__main__":
    main()
