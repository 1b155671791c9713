"""The demo model: an ordinary CLIP of the transformers library, small, plus the heads
that help it learn and are dropped afterwards."""
import json
import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPConfig, CLIPModel

SIDE, PATCH, LENGTH = 128, 16, 48
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
DENSE_LAYER = 4                                   # of 6: what lies where; the last two compose it


def config(vocab):
    n = len(vocab)
    ids = {"bos_token_id": n - 2, "eos_token_id": n - 1, "pad_token_id": n - 1}
    common = {"attention_dropout": 0.0, "dropout": 0.0, "hidden_act": "gelu", "initializer_factor": 1.0,
              "initializer_range": 0.02, "layer_norm_eps": 1e-05, "projection_dim": 256}
    text = {"model_type": "clip_text_model", "hidden_size": 192, "intermediate_size": 768, "num_hidden_layers": 4,
            "num_attention_heads": 6, "max_position_embeddings": LENGTH, "vocab_size": n, **ids, **common}
    vision = {"model_type": "clip_vision_model", "hidden_size": 192, "intermediate_size": 768, "num_hidden_layers": 6,
              "num_attention_heads": 6, "image_size": SIDE, "patch_size": PATCH, "num_channels": 3, **common}
    return {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": 256, "logit_scale_init_value": 2.6592,
            "initializer_factor": 1.0, "torch_dtype": "float16", "text_config": text, "vision_config": vision}


def positions(grid, width):
    """Sines of the row and the column of every patch: neighbours begin alike."""
    freq = torch.exp(-math.log(40.0) * torch.arange(width // 4) / (width // 4)) * 1.2
    rows, cols = torch.meshgrid(torch.arange(grid).float(), torch.arange(grid).float(), indexing="ij")
    waves = [f(v.reshape(-1, 1) * freq) for v in (rows, cols) for f in (torch.sin, torch.cos)]
    return torch.cat(waves, 1)


def start(model):
    """Weights at the start: unit scale, and queries equal to keys, so that each patch
    first looks at what is near and alike."""
    for tower in (model.vision_model, model.text_model):
        layers = tower.encoder.layers
        for layer in layers:
            for name, lin in layer.named_modules():
                if isinstance(lin, nn.Linear):
                    nn.init.normal_(lin.weight, std=lin.in_features ** -.5)
                    nn.init.zeros_(lin.bias)
            a = layer.self_attn
            nn.init.orthogonal_(a.q_proj.weight)
            a.k_proj.weight.data.copy_(a.q_proj.weight.data)
            for lin in (a.out_proj, layer.mlp.fc2):
                lin.weight.data.mul_((2 * len(layers)) ** -.5)
    e = model.vision_model.embeddings
    nn.init.normal_(e.patch_embedding.weight, std=e.patch_embedding.weight[0].numel() ** -.5)
    nn.init.normal_(e.class_embedding, std=.5)
    e.position_embedding.weight.data[1:] = .5 * positions(SIDE // PATCH, e.embed_dim)
    t = model.text_model.embeddings
    nn.init.normal_(t.token_embedding.weight, std=.5)
    nn.init.normal_(t.position_embedding.weight, std=.2)
    for p in (model.visual_projection, model.text_projection):
        nn.init.orthogonal_(p.weight)


class Net(nn.Module):
    def __init__(self, cfg, kinds, colours, facts):
        super().__init__()
        c = CLIPConfig(**cfg)
        c._attn_implementation = "sdpa"
        self.clip = CLIPModel(c)
        start(self.clip)
        w, d = c.vision_config.hidden_size, c.projection_dim
        self.kinds = kinds
        self.dense = nn.Sequential(nn.LayerNorm(w), nn.Linear(w, kinds + 1 + colours + 1))
        self.facts = nn.Linear(d, facts)           # shared by pictures and captions
        nn.init.constant_(self.facts.bias, -4.5)
        nn.init.normal_(self.facts.weight, std=.05)

    def image(self, pixels):
        """The embedding, and the patches as layer DENSE_LAYER knows them. The last layer
        is worked out for the class token alone, the only one that is used."""
        v = self.clip.vision_model
        x = v.pre_layrnorm(v.embeddings(pixels))
        for i, layer in enumerate(v.encoder.layers[:-1]):
            x = layer(x, attention_mask=None)
            if i + 1 == DENSE_LAYER:
                patches = x[:, 1:]
        last = v.encoder.layers[-1]
        a, y = last.self_attn, last.layer_norm1(x)
        q, k, val = (f(z).unflatten(-1, (a.num_heads, a.head_dim)).transpose(1, 2)
                     for f, z in ((a.q_proj, y[:, :1]), (a.k_proj, y), (a.v_proj, y)))
        y = F.scaled_dot_product_attention(q, k, val).transpose(1, 2).flatten(2)
        x = x[:, :1] + a.out_proj(y)
        x = x + last.mlp(last.layer_norm2(x))
        pooled = v.post_layernorm(x[:, 0])
        return F.normalize(self.clip.visual_projection(pooled), dim=-1), patches

    def text(self, ids):
        pooled = self.clip.text_model(input_ids=ids).pooler_output
        return F.normalize(self.clip.text_projection(pooled), dim=-1)


def pixels(pictures):
    """uint8 (n, h, w, 3) as the model wants it."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    return (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def export(state, cfg, out):
    """The folder that transformers, and Elanus, load. state: of the CLIPModel."""
    os.makedirs(out, exist_ok=True)
    half = {k: v.detach().to(torch.float16).contiguous() for k, v in state.items() if "position_ids" not in k}
    save_file(half, f"{out}/model.safetensors", metadata={"format": "pt"})
    with open(f"{out}/config.json", "w") as f:
        json.dump(cfg, f, indent=2)
    side = {"shortest_edge": SIDE}
    pre = {"image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True, "do_resize": True, "size": side, "resample": 3,
           "do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE}, "do_rescale": True,
           "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD}
    with open(f"{out}/preprocessor_config.json", "w") as f:
        json.dump(pre, f, indent=2)
