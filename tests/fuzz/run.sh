#!/bin/sh
# Builds the fuzz targets, runs what lies in the corpus, and then looks for new trouble for some seconds with each.
#   sh tests/fuzz/run.sh SECONDS
set -eu
seconds=$1
cd "$(dirname -- "$0")/../.."
cmake --preset fuzz
cmake --build --preset fuzz
ctest --test-dir build/fuzz --output-on-failure --no-tests=error
for target in tests/fuzz/fuzz_*.cpp; do
  name=$(basename "$target" .cpp)
  found=build/fuzz/found/$name
  mkdir -p "$found"
  echo "== $name"
  "build/fuzz/bin/$name" -max_total_time="$seconds" -print_final_stats=1 -dict=tests/fuzz/http.dict -artifact_prefix="$found-" "$found" "tests/fuzz/corpus/$name"
done
