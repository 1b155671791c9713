"""Loading rows into Milvus Lite: our client and pymilvus, each with a server of its own, one batch after the other in turns, so
that what the machine does meanwhile meets both alike.

    scripts/milvus_lite.sh
    cmake --preset release -DELANUS_BENCH=ON && cmake --build --preset release --target milvus_bench
    build/milvus_lite/bin/python bench/milvus/load.py build/release/milvus_bench [rows] [reverse]

Both write the same fields with `upsert`, in batches of 1,000, into collections of one schema (ours). pymilvus gets its vectors as
NumPy rows, which it is quickest with. That all rows are in is asked of the servers before a figure is printed. `reverse`: pymilvus
begins.
"""
import pathlib
import subprocess
import sys
import tempfile

from pymilvus import MilvusClient
from worker import Worker

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))
from milvus import Server  # noqa: E402

BENCH, ROWS, DIM, BATCH = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000, 512, 1000

PYMILVUS = f"""
import sys, time, numpy
from pymilvus import MilvusClient
client = MilvusClient("http://127.0.0.1:" + sys.argv[1])
values = numpy.random.default_rng(1).normal(size=({ROWS}, {DIM})).astype("float32")
for first in range(0, {ROWS}, {BATCH}):
    sys.stdin.readline()
    begin = time.perf_counter()
    unit = values[first:first + {BATCH}]
    norms = numpy.linalg.norm(unit, axis=1, keepdims=True)
    unit = (unit / norms).astype("float16").astype("float32")
    client.upsert("c", [
        dict(id=first + i + 1, vector=row, norm=1.0, path_key=first + i, path=f"/pictures/{{first + i}}.jpg", root="",
             content_hash="", label="", camera="", type="jpg", attributes_text="", size=0, mtime_ns=0, captured_s=0,
             width=0, height=0, attributes={{}})
        for i, row in enumerate(unit)])
    print((time.perf_counter() - begin) * 1e3, flush=True)
"""


def main():
    servers = {"ours": Server(), "pymilvus": Server()}
    try:
        # pymilvus writes into a collection that our program made, so that both have the same schema.
        made = Worker(BENCH, "load", servers["pymilvus"].uri("c", "index=flat"), 1, DIM, 1)
        made()
        made.close()
        script = pathlib.Path(tempfile.mkdtemp()) / "pymilvus_load.py"
        script.write_text(PYMILVUS)
        workers = {"ours": Worker(BENCH, "load", servers["ours"].uri("c", "index=flat"), ROWS, DIM, BATCH),
                   "pymilvus": Worker(sys.executable, script, servers["pymilvus"].port)}
        times = {name: [] for name in workers}
        turn = list(workers) if "reverse" not in sys.argv else list(workers)[::-1]
        for _ in range(0, ROWS, BATCH):
            for name in turn:
                times[name].append(workers[name]()[0])
        for name, worker in workers.items():
            worker.close()
            there = MilvusClient(f"http://127.0.0.1:{servers[name].port}").query("c", output_fields=["count(*)"])[0]["count(*)"]
            assert there == ROWS, (name, there)
            print(f"{name}: {ROWS} x {DIM}, {ROWS / sum(times[name]) * 1e3:.0f} rows/s")
        print(f"ratio {sum(times['pymilvus']) / sum(times['ours']):.2f}")
    finally:
        for server in servers.values():
            server.close()


main()
