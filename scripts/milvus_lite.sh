#!/usr/bin/env bash
# Installs Milvus Lite and pymilvus, the real Milvus that tests talk to, from PyPI into build/milvus_lite. Tests that find
# neither this nor MILVUS_URI say SKIPPED. The versions are pinned, with all that they stand on, in tests/support/milvus_lite.txt.
# Beside it, where it can be had, the older Milvus Lite whose core is Milvus' own in C++.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=build/milvus_lite
wanted=tests/support/milvus_lite.txt
core=milvus-lite==2.5.1
if cmp -s "$wanted" "$venv/installed.txt"; then
  echo "== Milvus Lite: here"
  exit 0
fi
mkdir -p build
/usr/bin/python3 -m venv --clear "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r "$wanted"
if "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --target "$venv/core" "$core"; then
  cp tests/support/milvus_core.sh "$venv/core/milvus-lite"
else
  echo "== Milvus Lite: $core, the older one, is not to be had here; its tests will say SKIPPED"
fi
cp "$wanted" "$venv/installed.txt"
echo "== Milvus Lite: installed"
