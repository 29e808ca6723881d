#!/bin/sh
# Links a small program against every static library of a Windows sysroot, and runs it under wine: does each do what it is there for?
#   sh installers/windows/try_sysroot.sh FOLDER
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sysroot=$(CDPATH='' cd -- "$1" && pwd)
place=$(mktemp -d)
export WINEPREFIX="$place/wine" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" WINEARCH=win64
mkdir "$WINEPREFIX"
finish() {
  # Wine's server outlives the program, and writes into the prefix when it ends.
  wineserver -k 2>/dev/null || true
  wineserver -w 2>/dev/null || true
  rm -rf "$place"
}
trap finish EXIT

x86_64-w64-mingw32-gcc-posix -static -Wall -Wextra -I"$sysroot/usr/include" "$here/try_sysroot.c" -o "$place/try.exe" -L"$sysroot/usr/lib" \
  -lbrotlienc -lbrotlidec -lbrotlicommon -ldeflate -lexpat -lmd4c-html -lmd4c -lqrencode -lssl -lcrypto -lz -lws2_32 -lcrypt32
wine "$place/try.exe"
