#!/usr/bin/env bash
# Sets everything up and finds pictures by words: packages, build, the demo pictures, three queries. Safe to run twice.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/packages.sh build
echo "== building build/release/elanus (a minute or two the first time)"
cmake --preset release >/dev/null
cmake --build --preset release | tail -n 1

elanus=build/release/elanus
store=file:build/demo-library
echo "== indexing the pictures in demo/pictures"
"$elanus" index demo/pictures --model elanus-demo --store "$store"

for query in "a red car on a beach" "a boat at night" "a rocket in space"; do
  echo
  echo "== elanus search \"$query\" -k 3 --store $store"
  if [ -t 1 ]; then
    "$elanus" search "$query" -k 3 --store "$store" --preview
  else
    "$elanus" search "$query" -k 3 --store "$store"
  fi
done

cat <<END

Try your own words:   $elanus search "an orange ship at sunset" --store $store --preview
In the browser:       $elanus serve --store $store   and open http://127.0.0.1:7700/
Your own pictures:    $elanus index ~/Pictures && $elanus search "..."
These pictures are drawn, and were indexed with a model for them; photographs are indexed with another, small one.
'$elanus model list' says what each knows, and how to add a published CLIP, which finds far more.
END
