"""A CLIP checkpoint of a published shape with random weights, in the transformers layout, made at test time."""
import json
import struct

import numpy

VIT_B_32 = {
    "text": dict(hidden_size=512, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=8,
                 max_position_embeddings=77, vocab_size=49408),
    "vision": dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
                   image_size=224, patch_size=32),
    "projection_dim": 512,
}


def tensors(shape, random):
    """(name, values) one after the other, in the order of the file."""
    def normal(*size, scale):
        return (random.standard_normal(size, dtype="float32") * scale).astype("float16")

    def linear(name, rows, columns):
        yield name + ".weight", normal(rows, columns, scale=columns ** -0.5)
        yield name + ".bias", normal(rows, scale=0.02)

    def norm(name, width):
        yield name + ".weight", numpy.ones(width, "float16")
        yield name + ".bias", normal(width, scale=0.02)

    def encoder(prefix, config):
        width, inner = config["hidden_size"], config["intermediate_size"]
        for i in range(config["num_hidden_layers"]):
            layer = f"{prefix}.encoder.layers.{i}"
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                yield from linear(f"{layer}.self_attn.{part}", width, width)
            yield from norm(f"{layer}.layer_norm1", width)
            yield from norm(f"{layer}.layer_norm2", width)
            yield from linear(f"{layer}.mlp.fc1", inner, width)
            yield from linear(f"{layer}.mlp.fc2", width, inner)

    text, vision, dim = shape["text"], shape["vision"], shape["projection_dim"]
    yield "logit_scale", numpy.array(4.6, "float16")
    yield "text_model.embeddings.token_embedding.weight", normal(text["vocab_size"], text["hidden_size"], scale=0.5)
    yield "text_model.embeddings.position_embedding.weight", normal(
        text["max_position_embeddings"], text["hidden_size"], scale=0.1)
    yield from encoder("text_model", text)
    yield from norm("text_model.final_layer_norm", text["hidden_size"])
    width, side = vision["hidden_size"], vision["patch_size"]
    yield "vision_model.embeddings.class_embedding", normal(width, scale=0.5)
    yield "vision_model.embeddings.patch_embedding.weight", normal(width, 3, side, side, scale=(3 * side * side) ** -0.5)
    yield "vision_model.embeddings.position_embedding.weight", normal(
        (vision["image_size"] // side) ** 2 + 1, width, scale=0.5)
    yield from norm("vision_model.pre_layrnorm", width)
    yield from encoder("vision_model", vision)
    yield from norm("vision_model.post_layernorm", width)
    yield "text_projection.weight", normal(dim, text["hidden_size"], scale=text["hidden_size"] ** -0.5)
    yield "visual_projection.weight", normal(dim, width, scale=width ** -0.5)


def write(folder, merges, shape=VIT_B_32, seed=1):
    """`merges` are the lines of a CLIP BPE file; the vocabulary follows from them."""
    folder.mkdir(parents=True)
    header, offset, values = {}, 0, []
    for name, value in tensors(shape, numpy.random.default_rng(seed)):
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
        values.append(value)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for value in values:
            file.write(value.tobytes())
    common = {"hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "projection_dim": shape["projection_dim"]}
    (folder / "config.json").write_text(json.dumps({
        "model_type": "clip", "projection_dim": shape["projection_dim"],
        "text_config": {**common, **shape["text"], "bos_token_id": 49406, "eos_token_id": 49407},
        "vision_config": {**common, **shape["vision"]}}))
    size = shape["vision"]["image_size"]
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "crop_size": size, "size": size, "do_center_crop": True, "do_normalize": True, "do_resize": True, "resample": 3,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}))
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = [chr(b) for b in printable] + [chr(256 + n) for n in range(256 - len(printable))]
    words = characters + [c + "</w>" for c in characters] + [m.replace(" ", "") for m in merges]
    vocabulary = {word: i for i, word in enumerate(words + ["<|startoftext|>", "<|endoftext|>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
