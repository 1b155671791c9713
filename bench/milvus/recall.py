"""Recall of captions among pictures by Milvus' index types, with real CLIP vectors, in Milvus Lite (whose indexes are FAISS').

    build/milvus_lite/bin/python bench/milvus/recall.py build/release/elanus ../shared/data/flickr8k-clip
"""
import pathlib
import subprocess
import sys

import numpy
from pymilvus import MilvusClient

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))
from milvus import Server  # noqa: E402

ELANUS, DATA = sys.argv[1], pathlib.Path(sys.argv[2])
KINDS = [("flat", "index=flat", [""]),
         ("ivf_flat, nlist=32", "index=ivf_flat&nlist=32", [f"nprobe={n}" for n in (1, 2, 4, 8, 16, 32)]),
         ("hnsw, M=16, efConstruction=200", "index=hnsw&M=16&efConstruction=200", [f"ef={n}" for n in (10, 20, 50, 100, 200)]),
         ("autoindex", "index=autoindex", [""])]


def main():
    pictures, texts = numpy.load(DATA / "image_vectors.npy"), numpy.load(DATA / "text_vectors.npy")
    unit = lambda v: v / numpy.linalg.norm(v, axis=1, keepdims=True)
    truth = numpy.argsort(-(unit(texts) @ unit(pictures).T), axis=1, kind="stable")[:, :10] + 1
    server = Server()
    try:
        for number, (name, build, searches) in enumerate(KINDS):
            collection = f"c{number}"
            subprocess.run([ELANUS, "import", "--vectors", DATA / "image_vectors.npy", "--names", DATA / "image_names.txt",
                            "--store", server.uri(collection, build)], check=True, capture_output=True)
            client = MilvusClient(f"http://127.0.0.1:{server.port}")
            client.flush(collection)  # an index is used for what is in segments
            client.release_collection(collection)
            client.load_collection(collection)
            for search in searches:
                found = []
                for row in texts:
                    parameters = dict(p.split("=") for p in search.split("&") if p)
                    hits = client.search(collection, [row.astype("float32")], limit=10, anns_field="vector",
                                         search_params={"params": {k: int(v) for k, v in parameters.items()}})[0]
                    found.append([h["id"] for h in hits])
                recall = numpy.mean([len(set(f) & set(t)) / 10 for f, t in zip(found, truth.tolist())])
                print(f"| {name} | {search or '–'} | {recall:.3f} |", flush=True)
    finally:
        server.close()


main()
