#!/usr/bin/python3
"""What a text search takes and touches: ELANUS=build/release/elanus touched.py MODEL_FOLDER [RUNS]

The time until the text tower is ready, of RUNS processes with all files in the page cache (`elanus bench`); then, with the model's files put
out of the page cache, how much of each a process reads that embeds one text. Needs fincore (util-linux)."""
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ELANUS = os.environ.get("ELANUS", str(Path(__file__).resolve().parents[2] / "build/release/elanus"))


def run(*arguments):
    return subprocess.run([*map(str, arguments)], check=True, capture_output=True, text=True).stdout


def resident(files):
    rows = json.loads(run("fincore", "--json", "--bytes", "--output", "FILE,RES,SIZE", *files))["fincore"]
    return {Path(row["file"]).name: (int(row["res"]), int(row["size"])) for row in rows}


def forget(file):
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main(folder, runs=9):
    reports = [json.loads(run(ELANUS, "bench", "--model", folder, "--seconds", "0.1", "--json")) for _ in range(runs)]
    print("| class | text tower ready, ms: median, least | both towers |\n| --- | ---: | ---: |")
    for classes in zip(*(r["classes"] for r in reports)):
        text, both = ([c[key] for c in classes] for key in ("start_text_ms", "start_ms"))
        print(f"| {classes[0]['precision']} | {statistics.median(text):.1f}, {min(text):.1f} | {statistics.median(both):.1f} |")
    files = sorted(f for f in folder.iterdir() if f.suffix in (".packed", ".safetensors"))
    for file in files:
        forget(file)
    before = resident(files)
    run(ELANUS, "embed", "--model", folder, "--text", "a white dog")
    print("\n| file | MB | in memory before | after one text |\n| --- | ---: | ---: | ---: |")
    for name, (after, size) in resident(files).items():
        print(f"| {name} | {size / 1e6:.1f} | {before[name][0] / 1e6:.1f} | {after / 1e6:.1f} |")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
