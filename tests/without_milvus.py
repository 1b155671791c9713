"""-DELANUS_MILVUS=OFF: a build that knows nothing of gRPC. Building all of it again would double CI's time, so this shows what
makes it hold: the option is read by a few sources only, those compile without it, and the program links nothing of gRPC."""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1]).resolve()
# Where the room may be included, and under #ifdef.
READ_THE_OPTION = {"src/cli/milvus.cc", "examples/codelab/codelab.cc"}


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")


including = {str(source.relative_to(root)) for folder in ("src", "apps", "examples") for source in (root / folder).rglob("*.*")
             if source.parent.name != "store_milvus" and re.search(r'#\s*include "store_milvus/', source.read_text(errors="replace"))}
if including != READ_THE_OPTION:
    sys.exit(f"expected store_milvus to be included by {sorted(READ_THE_OPTION)}, it is by {sorted(including)}")
with tempfile.TemporaryDirectory() as build:
    # No pkg-config module of that name, no protoc: as on a machine without them.
    run("cmake", "-S", root, "-B", build, "-G", "Ninja", "-DELANUS_MILVUS=OFF", "-DELANUS_TESTS=OFF", "-DELANUS_EXAMPLES=ON",
        "-DELANUS_PROTOC=ELANUS_PROTOC-NOTFOUND", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", f"-DCMAKE_CXX_COMPILER={sys.argv[2]}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
    rules = (pathlib.Path(build) / "build.ninja").read_text()
    for word in ("grpc", "protobuf", "store_milvus"):
        if word in rules:
            sys.exit(f"the build without Milvus has {word} in it")
    commands = {entry["file"]: entry for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text())}
    for source in sorted(READ_THE_OPTION):
        entry = commands[str(root / source)]
        run(*shlex.split(entry["command"]), "-fsyntax-only", cwd=entry["directory"])
print("without Milvus: nothing of gRPC is left, and", ", ".join(sorted(READ_THE_OPTION)), "compile")
