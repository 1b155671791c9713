#!/usr/bin/env python3
"""Adds to tests/inputs/clip tiny random-weight Chinese-CLIP models, and what transformers computes with them.

    python3 tools/golden/make_chinese_clip_goldens.py tests/inputs/clip

Needs torch, transformers and tokenizers (made with transformers 5.23, torch 2.15, tokenizers 0.23). The files beside each model
are those of make_clip_goldens.py, and digests.txt, what the tokenizer gives for 10,000 lines (tokenizer_digests.py). text.npy is
computed from texts padded to the context, with the mask of the tokenizer."""
import json
import sys
from pathlib import Path

import torch
from make_clip_goldens import MEAN, STD, normalized, random_pixels, randomize, tower, unit, write_goldens
from tokenizer_digests import write_digests
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertTokenizer, ChineseCLIPConfig, ChineseCLIPModel

from lines import lines  # isort: skip

TEXTS = ["一只白色的狗", "dog", "", "Two RED boats, and the sea!", "在海边奔跑的猫和狗，日落时的城市" * 5]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CONTEXT = 52

MODELS = {
    "chinese-clip-f16": dict(dtype=torch.float16, dim=24, form="vocab.txt", positions=64, config=dict(),
                             text=tower(32, 2, 72, 2, "gelu", 1e-12),
                             vision=dict(tower(48, 3, 96, 2, "quick_gelu"), image_size=32, patch_size=8)),
    "chinese-clip-f32": dict(dtype=torch.float32, dim=20, form="tokenizer.json", positions=52,
                             config=dict(do_lower_case=False, strip_accents=True),
                             text=tower(20, 5, 50, 3, "gelu", 1e-12),
                             vision=dict(tower(24, 1, 60, 2, "quick_gelu"), image_size=30, patch_size=10)),
}


def write_tokenizer(folder, form, config):
    """A vocabulary trained on the lines, as vocab.txt or as a whole tokenizer.json; gives the tokenizer that transformers makes."""
    folder.mkdir(parents=True, exist_ok=True)
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer = normalizers.BertNormalizer(strip_accents=False)
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    learner.train_from_iterator(lines(3000), trainers.WordPieceTrainer(vocab_size=800, special_tokens=SPECIAL, limit_alphabet=400,
                                                                       continuing_subword_prefix="##", show_progress=False))
    vocabulary = [token for token, _ in sorted(learner.get_vocab().items(), key=lambda item: item[1])]
    if not (folder / "vocab.txt").exists():
        (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    tokenizer = BertTokenizer.from_pretrained(folder, model_max_length=CONTEXT, **config)
    if form == "tokenizer.json":
        tokenizer._tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        (folder / "vocab.txt").unlink()
    return tokenizer, len(vocabulary)


def make(folder, spec, seed):
    tokenizer, vocab_size = write_tokenizer(folder, spec["form"], spec["config"])
    text = dict(spec["text"], vocab_size=vocab_size, max_position_embeddings=spec["positions"])
    model = ChineseCLIPModel(ChineseCLIPConfig(text_config=text, vision_config=spec["vision"], projection_dim=spec["dim"]))
    randomize(model, seed)
    model = model.to(spec["dtype"])
    model.save_pretrained(folder)
    model = model.float().eval()
    side = spec["vision"]["image_size"]
    (folder / "preprocessor_config.json").write_text(json.dumps(
        dict(do_resize=True, size={"height": side, "width": side}, resample=3, do_center_crop=False, do_rescale=True,
             rescale_factor=1 / 255, do_normalize=True, image_mean=MEAN, image_std=STD,
             image_processor_type="ChineseCLIPImageProcessor"), indent=2) + "\n")
    ids = tokenizer(TEXTS, truncation=True, max_length=CONTEXT)["input_ids"]
    padded = tokenizer(TEXTS, truncation=True, max_length=CONTEXT, padding="max_length", return_tensors="pt")
    pixels = random_pixels(side, seed)
    with torch.no_grad():
        text_vectors = unit(model.get_text_features(**padded))
        image_vectors = unit(model.get_image_features(pixel_values=normalized(pixels, MEAN, STD)))
    write_goldens(folder, ids, text_vectors, pixels, image_vectors, TEXTS)
    tokenizer._tokenizer.no_truncation()
    tokenizer._tokenizer.no_padding()
    write_digests(folder, lambda line: tokenizer._tokenizer.encode(line, add_special_tokens=False).ids)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for number, (name, spec) in enumerate(MODELS.items()):
        make(Path(sys.argv[1]) / name, spec, seed=number + 301)
