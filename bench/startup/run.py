#!/usr/bin/python3
"""How long a cold process takes until it has answered, with and without packed files. README.md says how to run it."""
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(SOURCE / "tests/e2e"))
import random_checkpoint  # noqa: E402

ELANUS = os.environ.get("ELANUS", str(SOURCE / "build/release/elanus"))
RUNS = int(os.environ.get("RUNS", "20"))
PICTURES = int(os.environ.get("PICTURES", "100000"))


def merges():
    """As many as CLIP's vocabulary has, of pairs of bytes."""
    letters = [chr(b) for b in (*range(33, 127), *range(161, 173), *range(174, 256))]
    letters += [chr(256 + n) for n in range(256 - len(letters))]
    pairs = [f"{a} {b}{end}" for a in letters for b in letters for end in ("", "</w>")]
    return pairs[:48_894]


def tokenizer_json(folder):
    """The one file that published models have, instead of two."""
    vocabulary = json.loads((folder / "vocab.json").read_text())
    (folder / "vocab.json").unlink()
    (folder / "merges.txt").unlink()
    special = ["<|startoftext|>", "<|endoftext|>"]
    (folder / "tokenizer.json").write_text(json.dumps({
        "added_tokens": [{"id": vocabulary[token], "content": token} for token in special],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "behavior": "Removed", "invert": True, "pattern": {
                "Regex": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"}}, {"type": "ByteLevel"}]},
        "model": {"type": "BPE", "unk_token": special[1], "end_of_word_suffix": "</w>", "vocab": vocabulary,
                  "merges": merges()}}))


def run(environment, *arguments):
    done = subprocess.run([ELANUS, *map(str, arguments)], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def measured(name, environment, *arguments):
    """Median and least wall time of whole processes, and the median of their processor time, in ms."""
    def processor():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    run(environment, *arguments)
    times, work = [], []
    for _ in range(RUNS):
        begin, before = time.perf_counter(), processor()
        run(environment, *arguments)
        times.append(1000 * (time.perf_counter() - begin))
        work.append(1000 * (processor() - before))
    print(f"| {name} | {statistics.median(times):.1f} | {min(times):.1f} | {statistics.median(work):.1f} |", flush=True)


def main():
    home = pathlib.Path(tempfile.mkdtemp(prefix="elanus-startup-"))
    try:
        packed = home / "data/elanus/models/vit-b-32"
        random_checkpoint.write(packed, merges())
        tokenizer_json(packed)
        # The same model where no packed file can be: its place is taken, and the cache is no folder.
        plain = home / "plain/vit-b-32"
        shutil.copytree(packed, plain)
        (home / "no-cache").write_text("")
        with_files = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
        without = {**with_files, "XDG_CACHE_HOME": str(home / "no-cache")}
        run(with_files, "embed", "--text", "x", "--model", packed)
        for file in packed.glob("*.packed"):
            (plain / (file.name + ".tmp")).mkdir()

        vectors = numpy.random.default_rng(1).normal(size=(PICTURES, 512)).astype("float32")
        vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
        numpy.save(home / "v.npy", vectors)
        (home / "n.txt").write_text("".join(f"{i}.jpg\n" for i in range(PICTURES)))
        run(with_files, "import", "--vectors", home / "v.npy", "--names", home / "n.txt", "--model", packed, "--store", home / "s")

        print("| whole process | median ms | least ms | processor ms |\n| --- | ---: | ---: | ---: |")
        measured("`elanus --version`", with_files, "--version")
        for name, environment, model in (("without packed files", without, plain), ("with", with_files, packed)):
            measured(f"`elanus embed --text`, {name}", environment, "embed", "--text", "a white dog on a beach", "--model",
                     model, "-o", home / "e.npy")
            measured(f"`elanus search`, {PICTURES} pictures, {name}", environment, "search", "a white dog on a beach",
                     "--model", model, "--store", home / "s")
        report = json.loads(run(with_files, "bench", "--model", packed, "--seconds", "0.2", "--json"))
        for start in report["classes"]:
            text = next(r for r in report["results"] if r["precision"] == start["precision"])
            print(f"\n{start['precision']}: text tower ready: {start['start_text_ms']:.1f} ms; both towers: "
                  f"{start['start_ms']:.1f} ms; {text['what']}: {text['ms_each']:.1f} ms")
        size = sum(file.stat().st_size for file in packed.glob("text.*.packed"))
        print(f"text tower's packed file: {size / 1e6:.0f} MB")
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
