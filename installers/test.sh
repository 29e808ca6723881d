#!/bin/sh
# Everything that is checked of Meerkat, on a fresh machine too.
#   sh installers/test.sh [--quick] [--windows]
# --quick    only the tests under the address sanitizer, the layering and the format
# --windows  makes the Windows sysroot from sources if it is not there (half an hour; broken off, it goes on where it was); without this, the
#            Windows part is left out where neither build/windows-sysroot nor ../shared/windows-sysroot.tar.xz is there
# One line a step, the output of each in build/logs. The last line counts; the exit status decides: 0 all is well, 1 something failed, 2 it was
# called wrongly and did nothing.
set -u

usage() {
  cat <<'END'
sh installers/test.sh [--quick] [--windows]

Installs what the tests need and this machine lacks, builds, and runs every check; its last line counts them.

  --quick    only the tests under the address sanitizer, the layering and the format
  --windows  the Windows part too, with a sysroot made from sources if there is none (half an hour)
END
}

quick=no windows=no
for argument in "$@"; do
  case $argument in
  -h | --help)
    usage
    exit 0
    ;;
  --quick) quick=yes ;;
  --windows) windows=yes ;;
  *)
    echo "test.sh knows --quick, --windows and --help, not $argument." >&2
    exit 2
    ;;
  esac
done

cd "$(dirname -- "$0")/.." || exit 1
logs=$PWD/build/logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0

# attempt NAME COMMAND…: runs the command with its output in the log and tells how it went. Its status is the command's.
attempt() {
  name=$1
  shift
  before=$(date +%s)
  if "$@" >"$logs/$name.log" 2>&1 </dev/null; then outcome=0 word=ok; else outcome=$? word=FAILED; fi
  printf '%-6s %4d s  %s\n' "$word" $(($(date +%s) - before)) "$name"
  return $outcome
}

# check NAME COMMAND…: a step that counts as one test.
check() {
  if attempt "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    tail -n 40 "$logs/$name.log"
    return 1
  fi
}

# suite NAME COMMAND…: a run of ctest, whose tests are counted one by one.
suite() {
  attempt "$@" || grep -E '\*\*\*|^(FAIL|QFATAL)|   Loc: |ERROR: |runtime error:|WARNING: ThreadSanitizer|The following tests' "$logs/$name.log" | head -n 60
  # shellcheck disable=SC2046
  set -- $(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of \([0-9]*\).*/\1 \2/p' "$logs/$name.log")
  if [ $# = 2 ] && [ "$2" -gt 0 ]; then
    passed=$((passed + $2 - $1)) failed=$((failed + $1))
  else
    failed=$((failed + 1))
    echo "$name ran no test:"
    tail -n 20 "$logs/$name.log"
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
run_ctest() {
  folder=$1
  shift
  ctest --test-dir "build/$folder" -j "$jobs" --output-on-failure "$@"
}
build() {
  preset=$1
  shift
  cmake --preset "$preset" && cmake --build "build/$preset" -j "$jobs" "$@"
}

# ---- what is needed ----

archive=$PWD/../shared/windows-sysroot.tar.xz
if [ $quick = yes ] || { [ $windows = no ] && [ ! -f "$archive" ] && [ ! -f build/windows-sysroot/complete ]; }; then
  try_windows=no
else
  try_windows=yes
fi
needs=--tests
[ $try_windows = no ] || needs="$needs --windows"
[ $windows = no ] || needs="$needs --sysroot"
# shellcheck disable=SC2086
check setup sh installers/setup.sh $needs || finish

# ---- the sources ----

check format sh tests/format/check.sh

# ---- tests, under the address and undefined behaviour sanitizers ----

if check build_asan build asan; then
  suite tests run_ctest asan
  # The poller for systems that have neither epoll nor kqueue.
  [ $quick = yes ] || MEERKAT_POLLER=poll suite tests_with_poll run_ctest asan -R '^(engine|system)/'
fi
[ $quick = no ] || finish

# ---- what crosses threads, under the thread sanitizer ----

if check build_tsan build tsan --target threaded_tests; then
  suite tests_of_threads run_ctest tsan -L threads
fi

# ---- what a person and an embedder get ----

if check build_release build release; then
  check install sh tests/install/check.sh build/release
fi
check fuzz sh tests/fuzz/run.sh 60

# ---- Windows ----

if [ $try_windows = no ]; then
  echo "The Windows part is left out: there is no sysroot. --windows makes one from sources."
elif check windows_sysroot sh installers/windows/sysroot.sh "$archive"; then
  if check windows_build sh installers/windows/build.sh; then
    check windows_programs sh installers/windows/try_under_wine.sh
  fi
fi
finish
