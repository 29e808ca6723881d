#!/bin/sh
# From nothing to a served folder: a Debian with nothing but git and a shell, a clone in it, run.sh without a display, again, and with one. Tells
# how long each took.
#   sh tests/install/fresh_machine.sh [RELEASE [PACKAGE_SOURCE]]     as root; needs debootstrap, curl, Xvfb, a network and 4 GB below TMPDIR
set -eu
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

# In a namespace of its own, so that neither a mount nor a process outlives this, however it ends.
if [ "${1:-}" != --inside ]; then
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  trap 'exit 130' INT TERM HUP
  unshare --mount --pid --fork --kill-child --mount-proc sh "$0" --inside "$place" "$@"
  exit
fi
place=$2
release=${3:-bookworm}
source=${4:-http://deb.debian.org/debian}
root=$place/root

fail() {
  echo "FAILED  $*" >&2
  exit 1
}

debootstrap --variant=minbase --include=git "$release" "$root" "$source" >"$place/debootstrap.log" 2>&1 || {
  tail -n 20 "$place/debootstrap.log"
  fail "There is no $release from $source."
}
# A machine that never asked its package source.
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

git clone -q --bare "$top" "$root/srv/meerkat.git"
# Words, meant to be split: a function's process would be another than that of the program it becomes, and that one is to be ended.
newcomer="env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb"
$newcomer chroot "$root" git clone -q /srv/meerkat.git /root/meerkat
mkdir "$root/root/Pictures"
date +%s%N >"$root/root/Pictures/greeting.txt"

fetches() { curl -sf -m 5 "http://127.0.0.1:$1/greeting.txt" | cmp -s - "$root/root/Pictures/greeting.txt"; }
serves() {
  for port in 8080 8081 8082 8083 8084 8085 8086 8087 8088 8089; do
    if fetches $port; then return 0; fi
  done
  return 1
}

# starts NAME WORDS [VARIABLE=VALUE…]: run.sh until a file came, an hour at the most. It has to say WORDS.
starts() {
  name=$1 words=$2
  shift 2
  began=$(date +%s)
  $newcomer "$@" chroot "$root" sh /root/meerkat/installers/run.sh /root/Pictures >"$place/said" 2>&1 &
  pid=$!
  until serves; do
    if ! kill -0 $pid 2>/dev/null || [ $(($(date +%s) - began)) -gt 3600 ]; then
      cat "$place/said"
      fail "$name: nothing is served."
    fi
    sleep 0.2
  done
  grep -qF "$words" "$place/said" || { cat "$place/said"; fail "$name: it did not say \"$words\"."; }
  printf 'ok  %5d s  %s\n' $(($(date +%s) - began)) "$name"
}
stop() {
  kill $pid
  wait $pid 2>/dev/null || true
  ! serves || fail "It serves on after it was ended."
}

starts "without a display, the first time" "No display here"
stop
starts "without a display, again" "No display here"
stop
starts "with a display that is not there" "So meerkatd serves instead" DISPLAY=/nonexistent/display:0
stop
Xvfb -displayfd 3 -ac -nolisten tcp 3>"$place/display" >/dev/null 2>&1 &
until [ -s "$place/display" ]; do sleep 0.1; done
starts "with a display" "" "DISPLAY=:$(cat "$place/display")"
xwininfo -display ":$(cat "$place/display")" -root -tree | grep -q '"Meerkat' || fail "The window did not open."
echo "ok           the window is there"
