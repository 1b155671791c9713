"""The photo model: an ordinary CLIP of open_clip, small, with a ModifiedResNet; and the heads by which it learns from the
teacher, dropped afterwards."""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from open_clip.model import CLIP
from safetensors.torch import save_file
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

SIDE, LENGTH, DIM = 128, 48, 256
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
FEATURES, CLASSES = 1280, 1001


def config(vocabulary):
    return {"embed_dim": DIM,
            "vision_cfg": {"image_size": SIDE, "layers": [2, 2, 2, 2], "width": 32, "head_width": 64, "patch_size": None},
            "text_cfg": {"context_length": LENGTH, "vocab_size": vocabulary, "width": 256, "heads": 4, "layers": 2}}


def pixels(pictures):
    """uint8 (n, side, side, 3) as the model wants it."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2)             # channels last already
    return (x.float() / 255 - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def positions(at, side):
    """The attention pool's positions, of (SIDE / 32) squared places and the whole, for side squared places."""
    if side == SIDE // 32:
        return at
    grid = at[1:].T.reshape(1, -1, SIDE // 32, SIDE // 32)
    grid = F.interpolate(grid, size=(side, side), mode="bilinear", antialias=True)
    return torch.cat([at[:1], grid.flatten(2)[0].T])


class Net(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.clip = CLIP(**json.loads(json.dumps(cfg)))
        self.clip.visual = self.clip.visual.to(memory_format=torch.channels_last)
        wide = cfg["vision_cfg"]["width"] * 32
        self.features = nn.Linear(wide, FEATURES)
        self.classes = nn.Linear(wide, CLASSES)
        # The teacher's way into the space that pictures and captions share.
        self.guide = nn.Sequential(nn.Linear(FEATURES, 512), nn.GELU(), nn.Dropout(.2), nn.Linear(512, DIM))
        self.guide_scale = nn.Parameter(torch.tensor(2.6592))

    def pool(self, x):
        """The attention pool, for smaller pictures with positions in between; only its first row is worked out."""
        p = self.clip.visual.attnpool
        at = positions(p.positional_embedding, x.shape[-1])
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + at
        q, k, v = (f(z).unflatten(-1, (p.num_heads, -1)).transpose(1, 2)
                   for f, z in ((p.q_proj, x[:, :1]), (p.k_proj, x), (p.v_proj, x)))
        return p.c_proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))[:, 0]

    def image(self, x, half=True):
        """(embeddings of length 1, the last map's averages)"""
        v = self.clip.visual
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            x = v.layer4(v.layer3(v.layer2(v.layer1(v.stem(x)))))
            with sdpa_kernel(SDPBackend.MATH):
                e = self.pool(x)
        return F.normalize(e.float(), dim=-1), x.float().mean((2, 3))

    def text(self, ids, half=True):
        c, n = self.clip, ids.shape[1]
        # On a CPU, plain products are twice as fast as the fused attention for a dozen tokens.
        with torch.autocast("cpu", torch.bfloat16, enabled=half), sdpa_kernel(SDPBackend.MATH):
            x = c.token_embedding(ids) + c.positional_embedding[:n]
            x = c.transformer(x, attn_mask=c.attn_mask[:n, :n])
        x = c.ln_final(x.float()[torch.arange(len(ids)), ids.argmax(-1)])
        return F.normalize(x @ c.text_projection, dim=-1)


def export(net, cfg, side, out):
    """The folder that open_clip, and Elanus, load, for pictures of side x side."""
    os.makedirs(out, exist_ok=True)
    cfg = {**cfg, "vision_cfg": {**cfg["vision_cfg"], "image_size": side}}
    state = {k: v.detach().to(torch.float16 if v.is_floating_point() else v.dtype).contiguous(memory_format=torch.contiguous_format)
             for k, v in net.clip.state_dict().items()}
    name = "visual.attnpool.positional_embedding"
    state[name] = positions(state[name].float(), side // 32).to(torch.float16).contiguous()
    save_file(state, f"{out}/open_clip_model.safetensors", metadata={"format": "pt"})
    preprocess = {"size": [side, side], "mode": "RGB", "mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest"}
    with open(f"{out}/open_clip_config.json", "w") as f:
        json.dump({"model_cfg": cfg, "preprocess_cfg": preprocess}, f, indent=2)
        f.write("\n")


@torch.no_grad()
def recall(net, pictures, ids, of):
    """R@1, R@5, R@10 and the median rank of captions (ids, of: the picture that each describes) over the pictures."""
    net.eval()
    v = torch.cat([net.image(pixels(pictures[i:i + 100]))[0] for i in range(0, len(pictures), 100)])
    t = torch.cat([net.text(ids[i:i + 500]) for i in range(0, len(ids), 500)])
    net.train()
    return ranks(t @ v.T, of)


def ranks(scores, of):
    rank = (scores > scores.gather(1, torch.as_tensor(np.asarray(of))[:, None])).sum(1)
    return [(rank < k).float().mean().item() for k in (1, 5, 10)] + [int(rank.median()) + 1]
