#!/bin/sh
# Builds the fuzz targets, runs what lies in the corpus, and then looks for new trouble for some seconds with each, as many at once as there are processors.
#   sh tests/fuzz/run.sh SECONDS
# Those that read what a stranger's connection brings first get that long, the others a third of it.
# What each did is the last lines of build/fuzz/found/TARGET.log: executions, coverage, and what it found.
set -eu
seconds=$1
cd "$(dirname -- "$0")/../.."
cmake --preset fuzz
cmake --build --preset fuzz
ctest --test-dir build/fuzz --output-on-failure --no-tests=error

# search TARGET: new inputs are kept in build/fuzz/found, so that a next run begins where this one ended.
cat >build/fuzz/search.sh <<'END'
name=$1 seconds=$2
case $name in
fuzz_request_head | fuzz_chunked_body | fuzz_multipart | fuzz_multipart_reader | fuzz_header_parameters | fuzz_digest_header | fuzz_frames | fuzz_inflate) ;;
*) seconds=$(((seconds + 2) / 3)) ;;
esac
found=build/fuzz/found/$name
mkdir -p "$found"
if "build/fuzz/bin/$name" -max_total_time="$seconds" -print_final_stats=1 -rss_limit_mb=4096 -dict=tests/fuzz/http.dict \
  -artifact_prefix="$found-" "$found" "tests/fuzz/corpus/$name" >"$found.log" 2>&1; then
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found.log") executions, $(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$found.log" | tail -n 1) edges"
else
  echo "$name FOUND TROUBLE"
  tail -n 60 "$found.log"
  exit 1
fi
END
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
for target in tests/fuzz/fuzz_*.cpp; do basename "$target" .cpp; done | xargs -P "$jobs" -I NAME sh build/fuzz/search.sh NAME "$seconds"
