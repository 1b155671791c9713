#!/usr/bin/env python3
"""Requests a second of `elanus serve`, of Gradio and of FastAPI, one piece at a time:

    run.py prepare ELANUS PICTURES      indexes, exports the model and the collection, compares all answers
    run.py elanus|gradio|fastapi ELANUS distinct|zipf|few SECONDS

Everything lies in build/bench-server (FOLDER by environment). Needs wrk; `prepare` and the peers need torch, transformers, onnx,
onnxruntime, gradio, fastapi, uvicorn, uvloop and httptools."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = pathlib.Path(os.environ.get("FOLDER", "build/bench-server")).resolve()
MODEL = HERE.parents[1] / "models/elanus-demo"
STORE = f"file:{FOLDER}/library"
PORTS = {"elanus": 7781, "gradio": 7782, "fastapi": 7782}
QUERIES = ["a red car on a beach", "a boat at night", "two dogs", "a castle in the rain", "many old green rockets near a lake in fog"]


def ask(who, query):
    """[(path, cosine)], ten of them."""
    link = f"http://127.0.0.1:{PORTS[who]}"
    if who == "gradio":
        request = urllib.request.Request(link + "/gradio/gradio_api/run/search", json.dumps({"data": [query]}).encode(), {"Content-Type": "application/json"})
    else:
        request = link + "/v1/search?" + urllib.parse.urlencode({"q": query, "k": 10})
    with urllib.request.urlopen(request) as answer:
        body = json.load(answer)
    return [(hit["path"], hit["cosine"]) for hit in (body["data"][0] if who == "gradio" else body["hits"])]


def start(who, elanus):
    if who == "elanus":
        process = subprocess.Popen([elanus, "serve", "--port", str(PORTS[who]), "--store", STORE, "--model", MODEL], stderr=subprocess.DEVNULL)
    else:
        process = subprocess.Popen([sys.executable, "-m", "uvicorn", "peer:app", "--port", str(PORTS[who]), "--workers", str(len(os.sched_getaffinity(0))),
                                    "--loop", "uvloop", "--http", "httptools", "--log-level", "error", "--no-access-log"], cwd=HERE,
                                   env={**os.environ, "PEER_FOLDER": str(FOLDER), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"})
    for _ in range(600):
        try:
            ask(who, QUERIES[0])
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{who} does not answer")


def family(pid):
    """A process and its children."""
    pids = {pid}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) in pids:
            pids.add(int(stat.parent.name))
    return pids


def resident_mib(pid):
    total = 0
    for one in family(pid):
        try:
            total += int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{one}/status").read_text())[1])
        except (OSError, TypeError):
            pass
    return total / 1024


def prepare(elanus, pictures):
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([elanus, "index", pictures, "--store", STORE, "--model", MODEL], check=True)
    subprocess.run([elanus, "export", "--store", STORE, "--vectors", FOLDER / "vectors.npy", "--names", FOLDER / "names.txt"], check=True)
    subprocess.run([sys.executable, HERE / "prepare_peer.py", MODEL, FOLDER], check=True)
    compare(elanus)


def compare(elanus):
    processes = [start(who, elanus) for who in ("elanus", "gradio")]
    try:
        for query in QUERIES:
            ours = ask("elanus", query)
            for who in ("gradio", "fastapi"):
                theirs = ask(who, query)
                assert [path for path, _ in ours] == [path for path, _ in theirs], (query, who, ours, theirs)
                assert max(abs(a - b) for (_, a), (_, b) in zip(ours, theirs)) < 2e-3, (query, who)
        print(f"all agree on the ten best for {len(QUERIES)} queries")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
            process.wait()


def load(who, elanus, mode, seconds):
    process = start(who, elanus)
    try:
        link = f"http://127.0.0.1:{PORTS[who]}"
        environment = {**os.environ, "MODE": mode, "SHAPE": "gradio" if who == "gradio" else "query"}
        wrk = ["wrk", "-t1", "-c64", "--timeout", "10s", "-s", str(HERE / "words.lua"), link]
        subprocess.run([*wrk, "-d2s"], env={**environment, "FIRST": "400000"}, capture_output=True, check=True)
        before = resident_mib(process.pid)
        out = subprocess.run([*wrk, f"-d{seconds}s"], env=environment, capture_output=True, text=True, check=True).stdout
        requests, microseconds, p50, p99, errors = map(float, re.search(r"RESULT (.*)", out)[1].split())
        print(f"{who:8} {mode:9} {requests / microseconds * 1e6:9.0f} requests/s  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms  {errors:.0f} errors  "
              f"{before:.0f} MiB before, {resident_mib(process.pid):.0f} after  ({microseconds / 1e6:.0f} s)")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    elif len(sys.argv) == 5 and sys.argv[1] in PORTS and sys.argv[3] in ("distinct", "zipf", "few"):
        load(sys.argv[1], *sys.argv[2:4], int(sys.argv[4]))
    else:
        raise SystemExit(__doc__)
