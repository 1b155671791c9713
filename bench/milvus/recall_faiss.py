"""The table of recall.py by FAISS itself: captions among pictures, real CLIP vectors, the same indexes and parameters; and the
bytes that each index keeps for a picture.

    build/milvus_lite/bin/python bench/milvus/recall_faiss.py ../shared/data/flickr8k-clip
"""
import pathlib
import sys

import faiss
import numpy

DATA = pathlib.Path(sys.argv[1])


def unit(vectors):
    vectors = vectors.astype("float32")
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def main():
    pictures, texts = (unit(numpy.load(DATA / f"{kind}_vectors.npy")) for kind in ("image", "text"))
    truth = numpy.argsort(-(texts @ pictures.T), axis=1, kind="stable")[:, :10]

    def recall(index):
        found = index.search(texts, 10)[1]
        return numpy.mean([len(set(f) & set(t)) / 10 for f, t in zip(found.tolist(), truth.tolist())])

    def size(index):
        return f"{(len(faiss.serialize_index(index)) - len(faiss.serialize_index(empty(index)))) / len(pictures):.0f} bytes a picture"

    def empty(index):
        index = faiss.clone_index(index)
        index.reset()
        return index

    dim = pictures.shape[1]
    flat = faiss.IndexFlatIP(dim)
    flat.add(pictures)
    print(f"| flat | – | {recall(flat):.3f} | {size(flat)} |")
    ivf = faiss.IndexIVFFlat(faiss.IndexFlatIP(dim), dim, 32, faiss.METRIC_INNER_PRODUCT)
    ivf.train(pictures)
    ivf.add(pictures)
    for ivf.nprobe in (1, 2, 4, 8, 16, 32):
        print(f"| ivf_flat, nlist=32 | nprobe={ivf.nprobe} | {recall(ivf):.3f} | {size(ivf)} |")
    for links in (16, 30):
        hnsw = faiss.IndexHNSWFlat(dim, links, faiss.METRIC_INNER_PRODUCT)
        hnsw.hnsw.efConstruction = 200
        hnsw.add(pictures)
        for hnsw.hnsw.efSearch in (10, 20, 50, 100, 200):
            print(f"| hnsw, M={links}, efConstruction=200 | ef={hnsw.hnsw.efSearch} | {recall(hnsw):.3f} | {size(hnsw)} |")


main()
