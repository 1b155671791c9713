#!/usr/bin/env bash
# The older Milvus Lite, called as the newer one is: server --data-dir DIR --host HOST --port PORT. Beside its package.
set -euo pipefail
lib=$(dirname "$0")/milvus_lite/lib
mkdir -p "$3"
LD_LIBRARY_PATH=$lib exec "$lib/milvus" "$3/core.db" "$5:$7" ERROR
