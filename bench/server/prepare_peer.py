"""Exports the text tower of a model folder to ONNX, and its tokenizer: prepare_peer.py MODEL FOLDER. Needs torch, transformers, onnx."""
import pathlib
import sys

import torch
from transformers import AutoTokenizer, CLIPModel

model_folder, folder = map(pathlib.Path, sys.argv[1:])
model = CLIPModel.from_pretrained(model_folder, attn_implementation="eager").float().eval()


class Text(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.tower, self.projection = model.text_model, model.text_projection

    def forward(self, x):
        y = self.projection(self.tower(x).pooler_output)
        return y / y.norm(dim=-1, keepdim=True)


with torch.no_grad():
    torch.onnx.export(Text(), (torch.tensor([[1, 5, 6, 2], [1, 7, 8, 2]]),), str(folder / "text.onnx"), input_names=["x"],
                      output_names=["y"], dynamic_axes={"x": {0: "batch", 1: "tokens"}, "y": {0: "batch"}}, opset_version=17,
                      dynamo=False)
tokenizer = AutoTokenizer.from_pretrained(model_folder)
tokenizer.backend_tokenizer.enable_truncation(model.config.text_config.max_position_embeddings)
tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
