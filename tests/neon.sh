#!/usr/bin/env bash
# The kernels of aarch64 and their tests, cross-compiled, and run by qemu:
#
#     tests/neon.sh [FOLDER]      what is compiled goes to FOLDER, build/neon when it is not said
#
# Exit status 77, and a word why, where a part is missing (Debian: g++-aarch64-linux-gnu, qemu-user, googletest).
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-build/neon} gtest=/usr/src/googletest compiler=aarch64-linux-gnu-g++
missing() { echo "SKIPPED: $1 is not here"; exit 77; }
command -v $compiler > /dev/null || missing $compiler
command -v qemu-aarch64 > /dev/null || missing qemu-aarch64
[ -d $gtest ] || missing $gtest

mkdir -p "$out"
sources=(src/ops/{buffer,burst_portable,code_scan,code_scan_neon,code_scan_portable,cpu,kernels,kernels_neon,kernels_portable,machine}.cc
  src/ops/{packed_matrix,reference,quantized{,_matrix,_neon,_neondotprod,_portable}}.cc
  src/base/thread_pool.cc src/ops/{code_scan,kernels,machine,matmul,quantized}_test.cc $gtest/google{test/src/gtest,mock/src/gmock}-all.cc
  $gtest/googlemock/src/gmock_main.cc)
compile() {
  local level=()
  [[ $1 != *_neondotprod.cc ]] || level=(-march=armv8.2-a+dotprod)
  $compiler -std=c++20 -O1 -Wall -ffp-contract=off "${level[@]}" -Isrc -I. -I$gtest/googletest{,/include} \
    -I$gtest/googlemock{,/include} -c "$1" -o "$out/$(basename "$1").o"
}
export -f compile
export compiler gtest out
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} bash -c 'compile {}'
$compiler -static "$out"/*.cc.o -o "$out/ops_test" -pthread
# Without the speed of the emulator.
qemu-aarch64 "$out/ops_test" --gtest_brief=1 --gtest_filter=-Machine.LimitsAreThoseOfAComputer
