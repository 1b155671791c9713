#!/usr/bin/env python3
"""What the teacher, an ImageNet MobileNetV2, sees in every view of every training picture.

    python tools/train_photo/teacher.py --data ../shared/data --world WORLD --out DIR

Needs ai-edge-litert. Writes pixels.npy, boxes.npy, features.npy (n, views, 1280; f16) and classes.npy (logits of the
1,001 classes; f16). The teacher's weights stay where they are."""
import argparse
import os
from multiprocessing import Pool

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from views import boxes, pixels

TEACHER, SIDE = "teacher/tf2_mobilenet_v2_1.0_224_ptq.tflite", 224
POOLED, LOGITS = "GlobalPool/Mean", "SpatialSqueeze"


def with_inner_outputs(path):
    """The network, whose results are now the pooled features and the logits."""
    with open(path, "rb") as f:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(f.read(), 0))
    graph = model.subgraphs[0]
    produced = [op.outputs[0] for op in graph.operators]
    graph.outputs = [next(t for t in produced if part in graph.tensors[t].name.decode()) for part in (POOLED, LOGITS)]
    builder = flatbuffers.Builder(1 << 23)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def start(path, pixels_path, boxes_path):
    global network, images, views
    network = Interpreter(model_content=with_inner_outputs(path), num_threads=1)
    network.allocate_tensors()
    images, views = np.load(pixels_path, mmap_mode="r"), np.load(boxes_path)


def look(i):
    picture = Image.fromarray(images[i])
    details, given = network.get_output_details(), network.get_input_details()[0]["index"]
    found = []
    for *box, mirrored in views[i]:
        view = np.asarray(picture.resize((SIDE, SIDE), Image.BILINEAR, box=tuple(map(float, box))))
        network.set_tensor(given, np.ascontiguousarray(view[None, :, ::-1] if mirrored else view[None]))
        network.invoke()
        values = []
        for d in details:
            scale, zero = d["quantization"]
            values.append(((network.get_tensor(d["index"]).astype(np.float32) - zero) * scale).reshape(-1))
        found.append(values)
    return i, [np.stack(v).astype(np.float16) for v in zip(*found)]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "world", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    images = pixels(a.data, a.world)
    views = boxes(len(images))
    np.save(f"{a.out}/pixels.npy", images)
    np.save(f"{a.out}/boxes.npy", views)
    shape = len(images), views.shape[1]
    features, classes = np.empty((*shape, 1280), np.float16), np.empty((*shape, 1001), np.float16)
    known = os.path.join(a.data, TEACHER), f"{a.out}/pixels.npy", f"{a.out}/boxes.npy"
    with Pool(a.jobs, start, known) as pool:
        for done, (i, (f, c)) in enumerate(pool.imap_unordered(look, range(len(images)), chunksize=16)):
            features[i], classes[i] = f, c
            if done % 500 == 0:
                print(f"{done} of {len(images)}", flush=True)
    np.save(f"{a.out}/features.npy", features)
    np.save(f"{a.out}/classes.npy", classes)


if __name__ == "__main__":
    main()
