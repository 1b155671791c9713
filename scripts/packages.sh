#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing. Usage: scripts/packages.sh build|test|cross
#   build  what the program needs
#   test   what the tests and sanitizers need on top
#   cross  what tests/neon.sh needs on top of these
set -euo pipefail

build=(g++ cmake ninja-build pkg-config nlohmann-json3-dev libcli11-dev libsqlite3-dev libxxhash-dev libutf8proc-dev libcurl4-openssl-dev nettle-dev zlib1g-dev
  libgrpc++-dev libprotobuf-dev protobuf-compiler libmicrohttpd-dev prometheus-cpp-dev
  libjpeg62-turbo-dev libpng-dev libwebp-dev libgif-dev libtiff-dev liblcms2-dev)
test=(libgtest-dev libgmock-dev clang lld libclang-rt-14-dev openssl python3 python3-venv python3-cairo python3-numpy
  chromium chromium-driver curl python3-selenium nginx-light caddy)

cross=(g++-aarch64-linux-gnu qemu-user)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  cross) wanted=("${build[@]}" "${test[@]}" "${cross[@]}") ;;
  *) echo "usage: $0 build|test|cross" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "== packages: all here"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "these packages are missing; install them as root: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "== packages: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
