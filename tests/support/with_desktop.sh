#!/bin/sh
# Runs a command on a small desktop of its own: an X server without a screen, a window manager, a panel with a tray and a session bus.
#   sh tests/support/with_desktop.sh COMMAND…
# DESKTOP_SIZE  width x height (1280x800)
# DESKTOP_TRAY  no: a desktop without a tray, as GNOME's
# The command's exit status is this script's. All that was started ends with it. HOME and the XDG folders are fresh, so that no setting of
# the person who runs a test takes part in it.
set -eu

if [ "${MEERKAT_ON_DESKTOP:-}" != yes ]; then
  export MEERKAT_ON_DESKTOP=yes
  if command -v dbus-run-session >/dev/null; then exec dbus-run-session -- sh "$0" "$@"; fi
fi

place=$(mktemp -d)
started=
finish() {
  for pid in $started; do kill "$pid" 2>/dev/null || true; done
  for pid in $started; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$place"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

mkdir -m 700 "$place/run" "$place/home"
mkdir -p "$place/home/.config" "$place/home/.cache" "$place/home/.local/share"
export HOME="$place/home" XDG_RUNTIME_DIR="$place/run" XDG_CONFIG_HOME="$place/home/.config" XDG_CACHE_HOME="$place/home/.cache" \
  XDG_DATA_HOME="$place/home/.local/share" QT_QPA_PLATFORM=xcb
unset WAYLAND_DISPLAY XDG_CURRENT_DESKTOP QT_QPA_PLATFORMTHEME || true

# The server picks a free number itself and writes it to the file once it takes clients.
mkfifo "$place/number"
Xvfb -displayfd 3 -screen 0 "${DESKTOP_SIZE:-1280x800}x24" -nolisten tcp -noreset 3>"$place/number" >"$place/xvfb.log" 2>&1 &
started="$!"
read -r number <"$place/number" || { cat "$place/xvfb.log" >&2; echo "The X server did not start." >&2; exit 1; }
export DISPLAY=":$number"

openbox --sm-disable >"$place/openbox.log" 2>&1 &
started="$! $started"
if [ "${DESKTOP_TRAY:-yes}" = yes ]; then
  trayer --edge bottom --align right --widthtype request --height 32 --SetPartialStrut true >"$place/trayer.log" 2>&1 &
  started="$! $started"
  # Programs ask for the tray once, when they start: it has to be there before them.
  tries=0
  until xprop -root _NET_SYSTEM_TRAY_ORIENTATION >/dev/null 2>&1 && xdotool search --class trayer >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { cat "$place/trayer.log" >&2; echo "The tray did not start." >&2; exit 1; }
    sleep 0.05
  done
fi

status=0
"$@" || status=$?
exit "$status"
