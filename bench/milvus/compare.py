"""Our client beside pymilvus, on the same Milvus Lite: loading rows, and what one query costs besides the server's own work.

    scripts/milvus_lite.sh
    cmake --preset release -DELANUS_BENCH=ON && cmake --build --preset release --target milvus_bench
    build/milvus_lite/bin/python bench/milvus/compare.py build/release/milvus_bench [rows]

Both write the same fields with `upsert`, in batches of 1,000, into collections of one schema (ours), alternating and each with a
server of its own, fresh and empty. pymilvus gets its vectors as NumPy rows, which it is quickest with. A query's overhead is its
time less the server's (`floor`: the same request as bytes prepared beforehand, its answer not parsed).
"""
import pathlib
import statistics
import subprocess
import sys
import time

import grpc
import numpy
from pymilvus import MilvusClient
from pymilvus.client.prepare import Prepare

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))
from milvus import Server  # noqa: E402

BENCH, ROWS, DIM, BATCH, QUERIES = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000, 512, 1000, 200
FIELDS = ["path", "root", "content_hash", "label", "camera", "size", "mtime_ns", "captured_s", "width", "height", "norm", "attributes"]


def ours_load(server):
    return float(subprocess.check_output([BENCH, "load", server.uri("ours", "index=flat"), str(ROWS), str(DIM), str(BATCH)]))


def ours_query(server):
    out = subprocess.check_output([BENCH, "query", server.uri("ours"), str(DIM), str(QUERIES)], text=True)
    return [float(line) for line in out.split()]


def theirs_load(server):
    """Into a collection that our program made, so that both write the same schema."""
    subprocess.check_output([BENCH, "load", server.uri("theirs", "index=flat"), "1", str(DIM), "1"])
    client = MilvusClient(f"http://127.0.0.1:{server.port}")
    values = numpy.random.default_rng(1).normal(size=(ROWS, DIM)).astype("float32")
    begin = time.perf_counter()
    for first in range(0, ROWS, BATCH):
        unit = values[first:first + BATCH]
        norms = numpy.linalg.norm(unit, axis=1, keepdims=True)
        unit = (unit / norms).astype("float16").astype("float32")
        client.upsert("theirs", [
            dict(id=first + i + 1, vector=row, norm=1.0, path_key=first + i, path=f"/pictures/{first + i}.jpg", root="",
                 content_hash="", label="", camera="", type="jpg", attributes_text="", size=0, mtime_ns=0, captured_s=0,
                 width=0, height=0, attributes={})
            for i, row in enumerate(unit)])
    return time.perf_counter() - begin


def theirs_query(server):
    client = MilvusClient(f"http://127.0.0.1:{server.port}")
    values = numpy.random.default_rng(2).normal(size=(QUERIES, DIM)).astype("float32")
    times = []
    for row in values:
        begin = time.perf_counter()
        client.search("ours", [row], limit=10, output_fields=FIELDS)
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def floor_query(server):
    channel = grpc.insecure_channel(f"127.0.0.1:{server.port}")
    call = channel.unary_unary("/milvus.proto.milvus.MilvusService/Search", lambda b: b, lambda b: b)
    values = numpy.random.default_rng(2).normal(size=(QUERIES, DIM)).astype("float32")
    requests = [Prepare.search_requests_with_expr("ours", "vector", {"metric_type": "COSINE", "params": {}}, 10, data=[row],
                                                  output_fields=FIELDS).SerializeToString() for row in values]
    times = []
    for request in requests:
        begin = time.perf_counter()
        call(request)
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def with_fresh_server(work):
    server = Server()
    try:
        return work(server)
    finally:
        server.close()


def main():
    ours, theirs = [], []
    for _ in range(2):
        ours.append(with_fresh_server(ours_load))
        theirs.append(with_fresh_server(theirs_load))
        print(f"load {ROWS} x {DIM}: ours {ROWS / ours[-1]:.0f} rows/s, pymilvus {ROWS / theirs[-1]:.0f} rows/s", flush=True)
    print(f"load: ratio of medians {statistics.median(theirs) / statistics.median(ours):.2f}")
    server = Server()
    try:
        subprocess.check_output([BENCH, "load", server.uri("ours", "index=flat"), "100", str(DIM), "100"])
        rounds = [(statistics.median(ours_query(server)), statistics.median(theirs_query(server)),
                   statistics.median(floor_query(server))) for _ in range(5)]
        us, them, floor = (statistics.median(column) for column in zip(*rounds))
        print(f"query: ours {us:.3f} ms, pymilvus {them:.3f} ms, floor {floor:.3f} ms; overhead ratio {(us - floor) / (them - floor):.2f}, "
              f"whole ratio {us / them:.2f}")
    finally:
        server.close()


main()
