#!/bin/sh
# From a fresh clone to a served folder: installs what is missing, builds what changed, opens Meerkat.
#   sh installers/run.sh [FOLDER]
# Without a display it serves with meerkatd instead, and then needs no Qt, but a folder. Exit status 2: it was called wrongly, and did nothing.
set -eu

usage() {
  cat <<'END'
sh installers/run.sh [FOLDER]

Installs what building Meerkat needs and this machine lacks, builds what changed, and opens Meerkat with that
folder; without one, on its welcome page. Without a display meerkatd serves the folder in the terminal.
Only this computer can open it until you say otherwise.
END
}
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
refuse() {
  printf '%s\n' "$*" >&2
  exit 2
}

case ${1:-} in
-h | --help)
  usage
  exit 0
  ;;
--) shift ;;
-*) refuse "run.sh knows --help, not $1. A folder of that name: sh installers/run.sh ./$1" ;;
esac
if [ $# -gt 1 ]; then refuse "One folder at a time: sh installers/run.sh FOLDER"; fi
if [ $# = 1 ]; then
  [ -e "$1" ] || fail "There is no folder $1."
  [ -d "$1" ] || fail "$1 is a file; Meerkat serves folders."
  # From here on the path is absolute, so that neither program mistakes a name that begins with a dash for an option. The full stop keeps a
  # line break at the end of a name.
  case $1 in
  /*) folder=$1 ;;
  *) folder=./$1 ;;
  esac
  folder=$(cd "$folder" && pwd && printf .) || fail "The folder $1 can't be opened."
  set -- "${folder%??}"
fi

# A window asks for a folder; a terminal that served whatever folder it happens to stand in would show what nobody meant to show.
needs_folder() {
  [ $# -gt 0 ] || refuse "meerkatd has to be told which folder to serve: sh installers/run.sh FOLDER
For the folder where you are: sh installers/run.sh ."
}

desktop=ON
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname -s)" != Darwin ]; then
  echo "No display here, so meerkatd serves instead of the window."
  desktop=OFF
  needs_folder "$@"
fi

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$top/build/release
log=$top/build/run.log
mkdir -p "$top/build"

prepare() {
  if [ $desktop = ON ]; then sh "$top/installers/setup.sh"; else sh "$top/installers/setup.sh" --console; fi
}
status=0
prepare || status=$?
case $status in
0) ;;
3)
  desktop=OFF
  needs_folder "$@"
  ;;
*) exit 1 ;;
esac

# Keeps each line in the log. Of the build's own lines, "[12/67] Building …", a terminal shows how far it is.
keep() {
  shown=no
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
    "["[0-9]*/[0-9]*"]"*) if [ -t 1 ]; then
      printf '\r%s ' "${line%%]*}]"
      shown=yes
    fi ;;
    esac
  done
  if [ $shown = yes ]; then printf '\r%20s\r' ''; fi
}

# Runs one step; shows the log's end if it fails.
step() {
  rm -f "$log.failed"
  { "$@" 2>&1 || : >"$log.failed"; } | keep
  [ -f "$log.failed" ] || return 0
  rm -f "$log.failed"
  tail -n 25 "$log" >&2
  fail "The build did not succeed; what went wrong stands above, and all of it in $log."
}

# A folder configured with the window can also build meerkatd alone; the other way round it has to be configured anew.
configured() { grep -qs '^MEERKAT_DESKTOP:BOOL=ON' "$build/CMakeCache.txt" || { [ $desktop = OFF ] && [ -f "$build/CMakeCache.txt" ]; }; }
: >"$log"
if ! configured || [ ! -f "$build/build.ninja" ]; then
  echo "Building Meerkat. The first time this takes a few minutes."
  cd "$top"
  step cmake --preset release "-DMEERKAT_DESKTOP=$desktop"
  cd "$OLDPWD"
fi
program=meerkat
if [ $desktop = OFF ]; then program=meerkatd; fi
step cmake --build "$build" --target "$program"

if [ $desktop = ON ]; then
  status=0
  "$build/bin/meerkat" "$@" || status=$?
  [ $status = 3 ] || exit $status
  needs_folder "$@"
  echo "So meerkatd serves instead of the window."
  step cmake --build "$build" --target meerkatd
fi

# 8080, or the next port that nobody listens on.
port=8080
is_taken() { grep -qs "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F:]* 0A" /proc/net/tcp /proc/net/tcp6; }
while is_taken $port && [ $port -lt 8179 ]; do port=$((port + 1)); done

# Nothing listens on the network before a person says so, here as in the window.
echo "Only this computer can open it. For your network: $build/bin/meerkatd FOLDER"
exec "$build/bin/meerkatd" -listening_port 127.0.0.1:$port -document_root "$1"
