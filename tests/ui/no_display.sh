#!/bin/sh
# The desktop program where no window can be opened: one sentence that names the way out, and exit status 3, by which run.sh knows to serve with
# meerkatd.
#   sh tests/ui/no_display.sh PROGRAM
set -u
program=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unset DISPLAY WAYLAND_DISPLAY QT_QPA_PLATFORM
export XDG_RUNTIME_DIR="$place" HOME="$place"
failed=0

# ends_with STATUS WORDS WHERE COMMAND…
ends_with() {
  expected=$1 words=$2 where=$3
  shift 3
  "$@" >"$place/said" 2>&1
  status=$?
  if [ $status = "$expected" ] && grep -qF "$words" "$place/said"; then
    echo "ok      $where"
  else
    echo "FAILED  $where: exit status $status, not $expected, or it does not say \"$words\" but:"
    cat "$place/said"
    failed=1
  fi
}

ends_with 0 meerkat "--version without a display" "$program" --version
ends_with 3 "meerkatd serves a folder" "no display is named" "$program" "$place"
ends_with 3 "meerkatd serves a folder" "the display named is not there" env DISPLAY=/nonexistent/display:0 "$program" "$place"
exit $failed
