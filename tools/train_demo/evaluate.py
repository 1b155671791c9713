#!/usr/bin/env python3
"""Recall of the exported model on a folder from world.py, through the transformers library.

    python tools/train_demo/evaluate.py --model models/elanus-demo --pictures DIR

Reads the f16 weights, decodes and prepares the pictures with the model's own processor,
asks for each picture with its first caption and prints R@1, R@5, R@10 and the median rank."""
import argparse
import csv
import os

import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
try:                                               # the variant that scales with PIL
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil as Processor
except ImportError:
    from transformers import CLIPImageProcessor as Processor


@torch.no_grad()
def embed(folder, model_dir):
    model = CLIPModel.from_pretrained(model_dir, torch_dtype=torch.float32).eval()
    tokenizer, processor = CLIPTokenizer.from_pretrained(model_dir), Processor.from_pretrained(model_dir)
    first = {}
    with open(os.path.join(folder, "captions.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            first.setdefault(row["image"], row["caption"])
    names, texts, v, t = list(first), list(first.values()), [], []
    for i in range(0, len(names), 100):
        images = [Image.open(os.path.join(folder, n)).convert("RGB") for n in names[i:i + 100]]
        out = model.vision_model(**processor(images, return_tensors="pt")).pooler_output
        v.append(model.visual_projection(out))
        ids = tokenizer(texts[i:i + 100], padding=True, truncation=True, return_tensors="pt")["input_ids"]
        t.append(model.text_projection(model.text_model(input_ids=ids).pooler_output))
    v, t = (torch.nn.functional.normalize(torch.cat(x), dim=-1) for x in (v, t))
    return names, texts, v, t, model, tokenizer


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--pictures", required=True)
    p.add_argument("--queries", nargs="*", default=[], help="show the five best pictures for each")
    a = p.parse_args()
    names, texts, v, t, model, tokenizer = embed(a.pictures, a.model)
    caption = dict(zip(names, texts))
    for q in a.queries:
        with torch.no_grad():
            e = model.text_projection(model.text_model(input_ids=tokenizer(q, return_tensors="pt")["input_ids"]).pooler_output)
        best = (v @ torch.nn.functional.normalize(e, dim=-1)[0]).topk(5)
        print(q)
        for s, i in zip(best.values.tolist(), best.indices.tolist()):
            print(f"   {s:.3f} {names[i]}: {caption[names[i]]}")
    s = t @ v.T
    rank = (s > s.diagonal()[:, None]).sum(1)
    print(f"text->image over {len(names)} pictures: " + ", ".join(f"R@{k} {(rank < k).float().mean().item():.3f}" for k in (1, 5, 10))
          + f", median rank {int(rank.median()) + 1}")
    back = (s.T > s.diagonal()[:, None]).sum(1)
    print("image->text: " + ", ".join(f"R@{k} {(back < k).float().mean().item():.3f}" for k in (1, 5, 10)))


if __name__ == "__main__":
    main()
