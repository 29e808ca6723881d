#!/bin/sh
# Leaves the sysroot of the Windows build in build/windows-sysroot: unpacked from an archive where there is one, else made from sources.
#   sh installers/windows/sysroot.sh [ARCHIVE]
set -eu
cd "$(dirname -- "$0")/../.."
sysroot=build/windows-sysroot
archive=${1:-}

if [ -f "$sysroot/complete" ] && { [ ! -f "$archive" ] || [ -n "$(find "$sysroot/complete" -newer "$archive")" ]; }; then
  echo "The sysroot is there."
  exit 0
fi
if [ -f "$archive" ]; then
  rm -rf "$sysroot"
  mkdir -p "$sysroot"
  tar -xJf "$archive" -C "$sysroot"
else
  # What is there already of an earlier run is not made again.
  sh installers/windows/make_sysroot.sh "$sysroot"
  sh installers/windows/try_sysroot.sh "$sysroot"
fi
touch "$sysroot/complete"
