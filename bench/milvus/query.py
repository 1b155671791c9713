"""What one query costs beside the server's own work: our client and pymilvus, on the same Milvus Lite.

    scripts/milvus_lite.sh
    cmake --preset release -DELANUS_BENCH=ON && cmake --build --preset release --target milvus_bench
    build/milvus_lite/bin/python bench/milvus/query.py build/release/milvus_bench [records] [queries]

Both ask for the ten best and for every field that a record is made of; the answers are compared before the clock starts.
A relay between client and server keeps the bytes of each client's Search (and counts its calls). A client's overhead is its
time for a query less that of the same bytes sent by a program that makes nothing and reads nothing (`floor`), query by query,
one after the other, so that what the machine does meanwhile meets all alike. Two floors are printed: that of the client's own
request, and that of pymilvus' request for both, which lets us pay for the rows that we ask for beyond ten.
"""
import concurrent.futures
import pathlib
import statistics
import sys
import tempfile

import grpc
import numpy
from worker import Worker

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))
from milvus import Server, free_port  # noqa: E402

BENCH = sys.argv[1]
RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
QUERIES = int(sys.argv[3]) if len(sys.argv) > 3 else 300
DIM = 512
FIELDS = ["path", "root", "content_hash", "label", "camera", "size", "mtime_ns", "captured_s", "width", "height", "norm", "attributes",
          "attributes_text"]

PYMILVUS = f"""
import sys, time, numpy
from pymilvus import MilvusClient
client = MilvusClient("http://127.0.0.1:" + sys.argv[1])
values = numpy.fromfile(sys.argv[2], dtype="float32").reshape(-1, {DIM})
for line in sys.stdin:
    row = values[int(line)]
    begin = time.perf_counter()
    hits = client.search("c", [row], limit=10, output_fields={FIELDS})[0]
    found = [(hit["id"], hit["distance"], dict(hit["entity"])) for hit in hits]
    ms = (time.perf_counter() - begin) * 1e3
    print(ms, *[value for hit in found for value in hit[:2]], flush=True)
"""


class Relay(grpc.GenericRpcHandler):
    """Passes every call on, and keeps what was sent."""

    def __init__(self, to):
        self.channel = grpc.insecure_channel(f"127.0.0.1:{to}", options=[("grpc.max_receive_message_length", -1)])
        self.calls = []
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
        self.server.add_generic_rpc_handlers((self,))
        self.port = free_port()
        self.server.add_insecure_port(f"127.0.0.1:{self.port}")
        self.server.start()

    def service(self, details):
        def pass_on(request, context):
            self.calls.append((details.method.rsplit("/", 1)[1], request))
            return self.channel.unary_unary(details.method, None, None)(request)
        return grpc.unary_unary_rpc_method_handler(pass_on, None, None)

    def record(self, worker, queries, folder, name):
        """Ids and cosines for each query; its bytes are NAME-I in the folder."""
        worker(0)  # connects, and looks at the collection
        answers = []
        for i in range(queries):
            self.calls.clear()
            rest = worker(i)[1]
            answers.append([(int(key), float(score)) for key, score in zip(rest[::2], rest[1::2])])
            methods = [method for method, _ in self.calls]
            assert methods == ["Search"], methods
            (folder / f"{name}-{i}").write_bytes(self.calls[0][1])
        return answers


def compare(ours, theirs):
    """Stored vectors are rounded to half floats, and the server's cosines ignore the 2^-11 that it costs their lengths; ours do not."""
    for a, b in zip(ours, theirs):
        assert len(a) == len(b) == 10
        assert max(abs(x[1] - y[1]) for x, y in zip(a, b)) < 2**-11
    ids = lambda hits: [hit[0] for hit in hits]
    return f"the same ids in the same order for {sum(ids(a) == ids(b) for a, b in zip(ours, theirs))}, cosines within 2^-11 for all"


def main():
    server = Server()
    folder = pathlib.Path(tempfile.mkdtemp())
    vectors = folder / "vectors"
    numpy.random.default_rng(2).normal(size=(QUERIES, DIM)).astype("float32").tofile(vectors)
    script = folder / "pymilvus_query.py"
    script.write_text(PYMILVUS)
    try:
        load = Worker(BENCH, "load", server.uri("c", "index=flat"), RECORDS, DIM, 1000)
        for _ in range(0, RECORDS, 1000):
            load()
        load.close()
        relay = Relay(server.port)
        clients = {"ours": lambda port: Worker(BENCH, "query", server.uri("c", port=port), vectors),
                   "pymilvus": lambda port: Worker(sys.executable, script, port, vectors)}
        answers = {}
        for name, client in clients.items():
            worker = client(relay.port)
            answers[name] = relay.record(worker, QUERIES, folder, name)
            worker.close()
        print(f"{QUERIES} queries among {RECORDS} records, one call each; {compare(answers['ours'], answers['pymilvus'])}")
        workers = {name: client(server.port) for name, client in clients.items()}
        floor = Worker(BENCH, "replay", server.port, folder)
        times = {name: [] for name in ("ours", "pymilvus", "ours floor", "pymilvus floor")}
        for i in range(QUERIES):
            turn = [("ours", lambda: workers["ours"](i)), ("ours floor", lambda: floor(f"ours-{i}")),
                    ("pymilvus", lambda: workers["pymilvus"](i)), ("pymilvus floor", lambda: floor(f"pymilvus-{i}"))]
            for name, ask in turn[i % 4:] + turn[:i % 4]:
                times[name].append(ask()[0])
        for worker in (*workers.values(), floor):
            worker.close()
        for name, column in times.items():
            print(f"{name:15} median {statistics.median(column):.3f} ms")
        above = lambda a, b: statistics.median(x - y for x, y in zip(times[a], times[b]))
        us, them = above("ours", "ours floor"), above("pymilvus", "pymilvus floor")
        print(f"above the own request:    ours {us:.3f} ms, pymilvus {them:.3f} ms, ratio {us / them:.2f}")
        us = above("ours", "pymilvus floor")
        print(f"above pymilvus' request:  ours {us:.3f} ms, pymilvus {them:.3f} ms, ratio {us / them:.2f}")
        print(f"whole: ratio {statistics.median(times['ours']) / statistics.median(times['pymilvus']):.2f}")
    finally:
        server.close()


main()
