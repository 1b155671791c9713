#!/usr/bin/env python3
"""FAISS, hnswlib and usearch over the pictures that bench_index generated: recall beside time, one query at a time.

    peers.py FOLDER ROWS ENGINE...      engines: flat ivf512 ivf4096 hnsw32 pq256fs rabitqfs hnswlib usearch

With ENGINE build:NAME the index is only built and kept in FOLDER, to be measured by a later run: building takes minutes and
needs no quiet machine. Each engine is given the vectors bench_index searches (half floats, widened), one thread for a query and two to build.
The truth is FAISS' exact search. Needs numpy, faiss-cpu, hnswlib and usearch from PyPI.
"""

import sys
import time
from pathlib import Path

import faiss
import numpy as np

DIM, K = 512, 10


def read(path, rows=None):
    halves = np.fromfile(path, np.float16, -1 if rows is None else rows * DIM)
    return halves.reshape(-1, DIM).astype(np.float32)


def report(name, build, truth, queries, search, settings):
    for setting, value in settings:
        for kind in queries:
            times, hits = [], 0
            for query, right in zip(queries[kind], truth[kind]):
                begin = time.perf_counter()
                found = search(query[None], value)
                times.append(time.perf_counter() - begin)
                hits += len(set(found) & set(right))
            times = np.array(times) * 1e3
            print(f"{name:10s} {setting:14s} {kind:6s} recall@10 {hits / K / len(times):.4f}, p50 {np.median(times):.3f} ms, "
                  f"build {build:.1f} s", flush=True)


def faiss_index(factory, base, kept):
    """The index and the seconds it took to build, from `kept` when it is there."""
    note = kept.with_suffix(".seconds")
    if kept.exists():
        return faiss.read_index(str(kept)), float(note.read_text())
    faiss.omp_set_num_threads(2)
    begin = time.perf_counter()
    index = faiss.index_factory(DIM, factory, faiss.METRIC_INNER_PRODUCT)
    if hasattr(index, "cp"):
        index.cp.max_points_per_centroid = 64
    index.train(base)
    index.add(base)
    build = time.perf_counter() - begin
    faiss.write_index(index, str(kept))
    note.write_text(str(build))
    return index, build


def measure_faiss(name, index, build, truth, queries, knob, values):
    faiss.omp_set_num_threads(1)
    space = faiss.ParameterSpace()
    for value in values:
        space.set_index_parameter(index, knob, value)
        report(name, build, truth, queries, lambda query, _: index.search(query, K)[1][0], [(f"{knob} {value}", value)])


def main():
    folder, rows, engines = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    base = read(folder / "pictures.f16", rows)
    queries = {kind: read(folder / f"{kind}.f16") for kind in ("texts", "others")}
    exact = faiss.IndexFlatIP(DIM)
    exact.add(base)
    faiss.omp_set_num_threads(2)
    truth = {kind: exact.search(vectors, K)[1] for kind, vectors in queries.items()}
    print(f"faiss {faiss.__version__}, {faiss.get_compile_options().strip()}; {rows} rows")
    if "flat" in engines:
        faiss.omp_set_num_threads(1)
        few = {kind: vectors[:20] for kind, vectors in queries.items()}
        report("flat", 0, truth, few, lambda query, _: exact.search(query, K)[1][0], [("", None)])
    del exact
    plans = {
        "ivf512": ("IVF512,Flat", "nprobe", [16, 64, 128, 256]),
        "ivf4096": ("IVF4096,Flat", "nprobe", [16, 64, 256, 512]),
        "hnsw32": ("HNSW32", "efSearch", [16, 64, 256, 1024]),
        "pq256fs": ("PQ256x4fs,RFlat", "k_factor_rf", [4, 16, 64]),
        "rabitqfs": ("RaBitQfs,RFlat", "k_factor_rf", [16, 64, 256]),
    }
    for engine in engines:
        name = engine.removeprefix("build:")
        if name in plans:
            factory, knob, values = plans[name]
            index, build = faiss_index(factory, base, folder / f"{name}-{rows}.faiss")
            if engine == name:
                measure_faiss(name, index, build, truth, queries, knob, values)
            del index
    if "hnswlib" in engines:
        import hnswlib

        begin = time.perf_counter()
        graph = hnswlib.Index("ip", DIM)
        graph.init_index(len(base), M=16, ef_construction=200)
        graph.set_num_threads(2)
        graph.add_items(base)
        build = time.perf_counter() - begin
        graph.set_num_threads(1)
        for ef in (16, 64, 256, 1024):
            graph.set_ef(ef)
            report("hnswlib", build, truth, queries, lambda query, _: graph.knn_query(query, K)[0][0], [(f"ef {ef}", ef)])
    if "usearch" in engines:
        from usearch.index import Index

        begin = time.perf_counter()
        graph = Index(ndim=DIM, metric="ip", dtype="f16", connectivity=16, expansion_add=128)
        graph.add(np.arange(len(base)), base, threads=2)
        build = time.perf_counter() - begin
        for ef in (16, 64, 256, 1024):
            graph.expansion_search = ef
            report("usearch", build, truth, queries, lambda query, _: graph.search(query[0], K, threads=1).keys, [(f"ef {ef}", ef)])


if __name__ == "__main__":
    main()
