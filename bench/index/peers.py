#!/usr/bin/env python3
"""Other engines over the pictures that bench_index generated: recall beside time, one query at a time.

    peers.py FOLDER ROWS ENGINE...      engines: flat ivf512 ivf4096 hnsw32 pq256fs rabitqfs hnswlib usearch sqlite_vec lancedb
                                        pgvector (the PostgreSQL that pgserver brings), milvus_lite (with MILVUS_URI)

With ENGINE build:NAME the index is only built and kept in FOLDER, to be measured by a later run: building takes minutes and
needs no quiet machine. Each engine is given the vectors bench_index searches (half floats, widened), one thread for a query and two to build.
Building is reported as processor time, which other work on the machine hardly changes; of a server, by the clock. The truth is
FAISS' exact search, with which each engine's answers are compared. Needs numpy, faiss-cpu, and of hnswlib, usearch, sqlite-vec
(with apsw), lancedb, pgserver with psycopg, and pymilvus those that are named, from PyPI.
"""

import os
import sys
import time
from pathlib import Path

# Threads that spin at barriers make training many times as long where others want the processors.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

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
    begin = time.process_time()
    index = faiss.index_factory(DIM, factory, faiss.METRIC_INNER_PRODUCT)
    if hasattr(index, "cp"):
        index.cp.max_points_per_centroid = 64
    index.train(base)
    index.add(base)
    build = time.process_time() - begin
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
        "hnsw32": ("HNSW32", "efSearch", [16, 64, 256, 512, 1024, 1536]),
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
    for engine in engines:
        name = engine.removeprefix("build:")
        if name in OTHERS:
            build, settings, search = OTHERS[name](folder / f"{name}-{rows}", base)
            few = {kind: vectors[:SLOW.get(name, len(vectors))] for kind, vectors in queries.items()}
            if engine == name:
                report(name, build, truth, few, search, settings)


def kept(place, make, clock=time.process_time):
    """Makes what is to be at `place` unless it is there; the seconds that took, then or now."""
    note = place.with_suffix(".seconds")
    if not note.exists():
        begin = clock()
        make()
        note.write_text(str(clock() - begin))
    return float(note.read_text())


def measure_hnswlib(place, base):
    import hnswlib

    def make():
        graph = hnswlib.Index("ip", DIM)
        graph.init_index(len(base), M=16, ef_construction=200)
        graph.set_num_threads(2)
        graph.add_items(base)
        graph.save_index(str(place))

    build = kept(place, make)
    graph = hnswlib.Index("ip", DIM)
    graph.load_index(str(place))
    graph.set_num_threads(1)

    def search(query, ef):
        graph.set_ef(ef)
        return graph.knn_query(query, K)[0][0]

    return build, [(f"ef {ef}", ef) for ef in (16, 64, 256, 1024, 2048)], search


def measure_usearch(place, base):
    from usearch.index import Index

    def make():
        graph = Index(ndim=DIM, metric="ip", dtype="f16", connectivity=16, expansion_add=128)
        graph.add(np.arange(len(base)), base, threads=2)
        graph.save(str(place))

    build = kept(place, make)
    graph = Index.restore(str(place))

    def search(query, ef):
        graph.expansion_search = ef
        return graph.search(query[0], K, threads=1).keys

    return build, [(f"ef {ef}", ef) for ef in (16, 64, 256, 1024)], search


def measure_sqlite_vec(place, base):
    """Compares every vector; its only index of bits has no bound, and is re-ranked by hand."""
    import apsw
    import sqlite_vec

    def connect():
        connection = apsw.Connection(str(place))
        connection.enable_load_extension(True)
        connection.load_extension(sqlite_vec.loadable_path())
        return connection

    def make():
        with connect() as connection:
            connection.execute(f"CREATE VIRTUAL TABLE v USING vec0(id INTEGER PRIMARY KEY, e float[{DIM}] distance_metric=cosine, "
                               f"b bit[{DIM}])")
            connection.executemany("INSERT INTO v VALUES(?, ?, vec_quantize_binary(?))",
                                   ((i, row.tobytes(), row.tobytes()) for i, row in enumerate(base)))

    build = kept(place, make)
    connection = connect()

    def search(query, rescored):
        blob = query[0].tobytes()
        if rescored is None:
            sql, values = "SELECT id FROM v WHERE e MATCH ? AND k = ? ORDER BY distance", (blob, K)
        else:
            sql = ("WITH near AS (SELECT id, e FROM v WHERE b MATCH vec_quantize_binary(?) AND k = ?) "
                   "SELECT id FROM near ORDER BY vec_distance_cosine(e, ?) LIMIT ?")
            values = (blob, rescored, blob, K)
        return [row[0] for row in connection.execute(sql, values)]

    return build, [("every vector", None), ("bits, 1000 rescored", 1000)], search


def measure_lancedb(place, base):
    import lancedb
    import pyarrow

    place = place.with_suffix(".lance")

    def make():
        vectors = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(base.ravel()), DIM)
        table = lancedb.connect(str(place)).create_table("v", pyarrow.table({"id": np.arange(len(base)), "vector": vectors}))
        table.create_index(metric="cosine", index_type="IVF_RQ", num_partitions=max(64, len(base) // 4096))

    build = kept(place, make)
    table = lancedb.connect(str(place)).open_table("v")

    def search(query, setting):
        probes, refine = setting
        found = table.search(query[0]).distance_type("cosine").nprobes(probes).refine_factor(refine).limit(K).select(["id"])
        return found.to_arrow()["id"].to_pylist()

    return build, [(f"IVF_RQ nprobes {p}, refine {r}", (p, r)) for p, r in ((8, 10), (32, 20), (128, 50))], search


def measure_pgvector(place, base):
    """IVFFlat, by a prepared statement over a local socket; one process answers."""
    import pgserver
    import psycopg

    place = place.with_suffix(".postgres")
    connection = psycopg.connect(pgserver.get_server(place, cleanup_mode="stop").get_uri(), autocommit=True)

    def make():
        connection.execute("CREATE EXTENSION vector")
        connection.execute(f"CREATE TABLE v (id int PRIMARY KEY, e vector({DIM}))")
        # The binary form of COPY: each field after its length, a vector after its dimension, all big-endian.
        rows = np.zeros(len(base), [("fields", ">i2"), ("4", ">i4"), ("id", ">i4"), ("size", ">i4"), ("dim", ">i2"), ("0", ">i2"),
                                    ("e", ">f4", DIM)])
        rows["fields"], rows["4"], rows["size"], rows["dim"] = 2, 4, 4 + 4 * DIM, DIM
        rows["id"], rows["e"] = np.arange(len(base)), base
        with connection.cursor().copy("COPY v FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("CREATE INDEX ON v USING ivfflat (e vector_ip_ops) WITH (lists = 512)")
        connection.execute("VACUUM ANALYZE v")

    build = kept(place, make, time.perf_counter)
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute(f"PREPARE nearest (vector) AS SELECT id FROM v ORDER BY e <#> $1 LIMIT {K}")
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.execute("SELECT sum(vector_dims(e)) FROM v")  # everything has been read once
    probing = None

    def search(query, probes):
        nonlocal probing
        if probes != probing:
            connection.execute(f"SET ivfflat.probes = {probes}")
            probing = probes
        return [row[0] for row in connection.execute(f"EXECUTE nearest ('{query[0].tolist()}')")]

    return build, [(f"IVFFlat probes {p}", p) for p in (16, 64, 128, 256)], search


def measure_milvus_lite(place, base):
    """FLAT and IVF_FLAT of the server that MILVUS_URI names: its engine is the one of Milvus Lite."""
    from pymilvus import MilvusClient

    client = MilvusClient(uri=os.environ["MILVUS_URI"])
    name = f"bench_{len(base)}"
    indexed = None

    def make():
        client.create_collection(name, dimension=DIM, metric_type="COSINE", auto_id=False)
        for at in range(0, len(base), 1000):
            client.insert(name, [{"id": at + i, "vector": row.tolist()} for i, row in enumerate(base[at:at + 1000])])
        index_as("IVF_FLAT")

    def index_as(kind):
        nonlocal indexed
        if client.list_indexes(name):
            client.release_collection(name)
            client.drop_index(name, "vector")
        index = client.prepare_index_params()
        index.add_index("vector", index_type=kind, metric_type="COSINE", params={"nlist": 512} if kind == "IVF_FLAT" else {})
        client.create_index(name, index)
        client.load_collection(name)
        indexed = kind

    build = kept(place, make, time.perf_counter)

    def search(query, setting):
        kind, nprobe = setting
        if kind != indexed:
            index_as(kind)
        found = client.search(name, [query[0].tolist()], limit=K, search_params={"params": {"nprobe": nprobe} if nprobe else {}})
        return [hit["id"] for hit in found[0]]

    settings = [(f"IVF_FLAT nprobe {n}", ("IVF_FLAT", n)) for n in (16, 64, 256)] + [("FLAT", ("FLAT", None))]
    return build, settings, search


OTHERS = {"hnswlib": measure_hnswlib, "usearch": measure_usearch, "sqlite_vec": measure_sqlite_vec,
          "lancedb": measure_lancedb, "pgvector": measure_pgvector, "milvus_lite": measure_milvus_lite}
# So many queries only, where one takes long.
SLOW = {"sqlite_vec": 10, "lancedb": 50, "pgvector": 50, "milvus_lite": 50}


if __name__ == "__main__":
    main()
