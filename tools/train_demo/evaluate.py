#!/usr/bin/env python3
"""Recall of the exported model on a folder from world.py, through the transformers library.

    python tools/train_demo/evaluate.py --model models/elanus-demo --pictures DIR [--seed 7]

Reads the f16 weights, decodes and prepares the pictures with the model's own processor,
asks for each picture with its first caption and prints R@1, R@5, R@10 and the median rank.
With the seed that DIR was drawn with, it also asks everyday questions ("two cats") that
are true of five pictures at least, and prints how many of the first answers are right."""
import argparse
import csv
import os
import random
import sys

import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
try:                                               # the variant that scales with PIL
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil as Processor
except ImportError:
    from transformers import CLIPImageProcessor as Processor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "world"))


@torch.no_grad()
def ask(model, tokenizer, texts):
    out = []
    for i in range(0, len(texts), 100):
        ids = tokenizer(texts[i:i + 100], padding=True, truncation=True, return_tensors="pt")["input_ids"]
        out.append(model.text_projection(model.text_model(input_ids=ids).pooler_output))
    return torch.nn.functional.normalize(torch.cat(out), dim=-1)


def everyday(model, tokenizer, v, seed):
    """(questions, share of right first answers, share of right ones among the first five)"""
    from captions import facts, short
    from world import world
    scenes = [s for _, s in world(seed, len(v))]
    true = [frozenset(facts(s)) for s in scenes]
    asked = {}
    for i, s in enumerate(scenes):
        text, said = short(random.Random(f"everyday {i}"), s)
        right = [frozenset(said) <= t for t in true]
        if sum(right) >= 5:
            asked[text] = right
    best = (ask(model, tokenizer, list(asked)) @ v.T).topk(5).indices
    hit = torch.tensor(list(asked.values())).gather(1, best).float()
    return len(asked), hit[:, 0].mean().item(), hit.mean().item()


@torch.no_grad()
def embed(folder, model_dir):
    model = CLIPModel.from_pretrained(model_dir, torch_dtype=torch.float32).eval()
    tokenizer, processor = CLIPTokenizer.from_pretrained(model_dir), Processor.from_pretrained(model_dir)
    first = {}
    with open(os.path.join(folder, "captions.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            first.setdefault(row["image"], row["caption"])
    names, texts, v = list(first), list(first.values()), []
    for i in range(0, len(names), 100):
        images = [Image.open(os.path.join(folder, n)).convert("RGB") for n in names[i:i + 100]]
        out = model.vision_model(**processor(images, return_tensors="pt")).pooler_output
        v.append(model.visual_projection(out))
    v, t = torch.nn.functional.normalize(torch.cat(v), dim=-1), ask(model, tokenizer, texts)
    return names, texts, v, t, model, tokenizer


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--pictures", required=True)
    p.add_argument("--queries", nargs="*", default=[], help="show the five best pictures for each")
    p.add_argument("--seed", type=int, help="the seed that the pictures were drawn with")
    a = p.parse_args()
    names, texts, v, t, model, tokenizer = embed(a.pictures, a.model)
    caption = dict(zip(names, texts))
    for q in a.queries:
        best = (v @ ask(model, tokenizer, [q])[0]).topk(5)
        print(q)
        for s, i in zip(best.values.tolist(), best.indices.tolist()):
            print(f"   {s:.3f} {names[i]}: {caption[names[i]]}")
    s = t @ v.T
    rank = (s > s.diagonal()[:, None]).sum(1)
    print(f"text->image over {len(names)} pictures: " + ", ".join(f"R@{k} {(rank < k).float().mean().item():.3f}" for k in (1, 5, 10))
          + f", median rank {int(rank.median()) + 1}")
    back = (s.T > s.diagonal()[:, None]).sum(1)
    print("image->text: " + ", ".join(f"R@{k} {(back < k).float().mean().item():.3f}" for k in (1, 5, 10)))
    if a.seed is not None:
        print("everyday questions: {}, first answer right {:.3f}, of the first five {:.3f}".format(*everyday(model, tokenizer, v, a.seed)))


if __name__ == "__main__":
    main()
