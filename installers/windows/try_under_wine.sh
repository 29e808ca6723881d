#!/bin/sh
# Starts both Windows programs under wine on a desktop of their own, fetches a file from each, and takes a picture of the window and the tray:
# build/windows/window.png.
set -eu
cd "$(dirname -- "$0")/../.."
top=$PWD
if [ "${MEERKAT_ON_DESKTOP:-}" != yes ]; then exec sh tests/support/with_desktop.sh sh installers/windows/try_under_wine.sh; fi

programs=$top/build/windows/Meerkat
picture=$top/build/windows/window.png
place=$(mktemp -d)
# The prefix is kept between runs: making it takes half a minute. Mono and Gecko are not needed.
export WINEPREFIX="$top/build/wine" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" WINEARCH=win64
server=""
window=""

finish() {
  for pid in $server $window; do kill "$pid" 2>/dev/null || true; done
  # Ends what still runs in this prefix, and nothing else.
  wineserver -k 2>/dev/null || true
  wineserver -w 2>/dev/null || true
  rm -rf "$place"
}
trap finish EXIT
fail() {
  echo "$*" >&2
  exit 1
}

# until_true SECONDS COMMAND…: asks again until the command succeeds or the time is over.
until_true() {
  end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt $end ] || return 1
    sleep 0.2
  done
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
fetches() { curl -sf -m 5 "http://127.0.0.1:$1/greeting.txt" | cmp -s - "$folder/greeting.txt"; }

mkdir -p "$WINEPREFIX"
wineboot -i >"$place/wineboot.log" 2>&1 || fail "wine could not make its prefix: $(cat "$place/wineboot.log")"

folder=$place/Fotos
mkdir "$folder"
date +%s%N >"$folder/greeting.txt"

port=$(free_port)
wine "$programs/meerkatd.exe" -listening_port "127.0.0.1:$port" -document_root "$folder" >"$place/meerkatd.log" 2>&1 &
server=$!
until_true 60 fetches "$port" || fail "meerkatd.exe did not serve the file: $(cat "$place/meerkatd.log")"
echo "meerkatd.exe served a file."
kill $server
wait $server 2>/dev/null || true
server=""

# The window takes port 8080 or the next free one.
window_serves() {
  for port in 8080 8081 8082 8083 8084 8085 8086 8087 8088 8089; do
    if fetches $port; then return 0; fi
  done
  return 1
}
tray_width() { xdotool search --class trayer 2>/dev/null | while read -r id; do xdotool getwindowgeometry --shell "$id" 2>/dev/null | sed -n 's/^WIDTH=//p'; done | sort -n | tail -n 1; }
tray_has_icon() { [ "$(tray_width)" -ge 16 ]; }

wine "$programs/meerkat.exe" "$folder" >"$place/meerkat.log" 2>&1 &
window=$!
until_true 90 window_serves || { import -window root "$picture"; fail "meerkat.exe did not serve the file: $(cat "$place/meerkat.log")"; }
echo "meerkat.exe served a file on port $port."
until_true 30 xdotool search --onlyvisible --name Meerkat >/dev/null || { import -window root "$picture"; fail "meerkat.exe showed no window."; }
until_true 30 tray_has_icon || { import -window root "$picture"; fail "meerkat.exe showed no tray icon."; }
sleep 1
import -window root "$picture"
colours=$(identify -format %k "$picture")
[ "$colours" -ge 64 ] || fail "The picture of the window is almost blank: $colours colours."
echo "meerkat.exe showed its window and its tray icon: $picture"
