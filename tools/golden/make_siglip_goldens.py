#!/usr/bin/env python3
"""Adds to tests/inputs/clip tiny random-weight SigLIP models, and what transformers computes with them.

    python3 tools/golden/make_siglip_goldens.py tests/inputs/clip

Needs torch, transformers and tokenizers (made with transformers 5.23, torch 2.15). The files beside each model are those of
make_clip_goldens.py; ids.npy holds the padding too, to which every token attends: no attention mask is given, as the models
were trained. digests.txt, in one of them, is what the tokenizer gives for 10,000 lines (tokenizer_digests.py)."""

import json
import sys
from pathlib import Path

import torch
from make_clip_goldens import TEXTS, normalized, random_pixels, randomize, unit, write_goldens
from tokenizer_digests import write_digests
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import SiglipConfig, SiglipModel
from transformers.models.siglip2.tokenization_siglip2 import Siglip2Tokenizer

MERGES = ["▁ a", "t h", "th e", "▁ the", "▁ ▁", "o t", "ot o", "p h", "ph oto", "▁ photo", "▁a n", "▁an d", "c a", "ca t", "▁ cat"]
HALF = [0.5, 0.5, 0.5]


def tower(width, heads, mlp, layers):
    return dict(hidden_size=width, num_attention_heads=heads, intermediate_size=mlp, num_hidden_layers=layers)


MODELS = {
    "siglip2-f32": dict(dtype=torch.float32, text=dict(tower(48, 3, 100, 2), max_position_embeddings=24),
                        vision=dict(tower(48, 4, 90, 3), image_size=30, patch_size=10)),
    "siglip2-bf16": dict(dtype=torch.bfloat16,
                         text=dict(tower(40, 5, 96, 2), max_position_embeddings=64, projection_size=64),
                         vision=dict(tower(64, 2, 128, 2), image_size=32, patch_size=8)),
}


def write_tokenizer(folder):
    """Gemma's kind: characters and their merges, bytes for all others, spaces as a mark, tokens to be found in the text."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    words = special + [f"<0x{byte:02X}>" for byte in range(256)] + list("▁abcdefghijklmnoprstuvwyzé,!猫") + [
        m.replace(" ", "") for m in MERGES]
    tokenizer = Tokenizer(models.BPE(vocab={w: i for i, w in enumerate(words)}, merges=[tuple(m.split()) for m in MERGES],
                                     unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(
        add_bos_token=False, add_eos_token=True, padding_side="right", bos_token="<bos>", eos_token="<eos>", pad_token="<pad>",
        unk_token="<unk>")) + "\n")

    def encode(texts, context):
        tokenizer = Siglip2Tokenizer.from_pretrained(folder)
        return tokenizer(texts, padding="max_length", max_length=context, truncation=True)["input_ids"]

    return dict(vocab_size=len(words), pad_token_id=0, bos_token_id=2, eos_token_id=1), encode


def make(folder, spec, seed, write_tokenizer):
    """write_tokenizer(folder) writes the tokenizer's files, and returns what the text tower must know of it and a function that
    turns texts into rows of `context` ids."""
    folder.mkdir(parents=True, exist_ok=True)
    known, encode = write_tokenizer(folder)
    text = dict(spec["text"], **known)
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=spec["vision"]))
    randomize(model, seed)
    with torch.no_grad():
        model.vision_model.head.probe.copy_(torch.randn(model.vision_model.head.probe.shape, generator=torch.Generator().manual_seed(seed)))
    model = model.to(spec["dtype"])
    model.save_pretrained(folder)
    model = model.float().eval()
    side = spec["vision"]["image_size"]
    (folder / "preprocessor_config.json").write_text(json.dumps(
        dict(do_resize=True, size={"height": side, "width": side}, resample=3, do_rescale=True, rescale_factor=1 / 255,
             do_normalize=True, image_mean=HALF, image_std=HALF, image_processor_type="SiglipImageProcessor"), indent=2) + "\n")
    ids = encode(TEXTS, text["max_position_embeddings"])
    pixels = random_pixels(side, seed)
    with torch.no_grad():
        text_vectors = unit(model.get_text_features(input_ids=torch.tensor(ids)))
        image_vectors = unit(model.get_image_features(pixel_values=normalized(pixels, HALF, HALF)))
    write_goldens(folder, ids, text_vectors, pixels, image_vectors)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for number, (name, spec) in enumerate(MODELS.items()):
        make(Path(sys.argv[1]) / name, spec, seed=number + 201, write_tokenizer=write_tokenizer)
    folder = Path(sys.argv[1]) / "siglip2-f32"
    tokenizer = Siglip2Tokenizer.from_pretrained(folder)
    write_digests(folder, lambda line: tokenizer(line, add_special_tokens=False)["input_ids"])
