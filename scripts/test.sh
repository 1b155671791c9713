#!/usr/bin/env bash
# Sets everything up and runs all tests: packages, build beside the program that users run, ctest. Safe to run twice.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/packages.sh test
echo "== building and testing (preset test)"
cmake --workflow --preset test
