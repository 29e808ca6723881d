#!/bin/sh
# Links a small program against every static library of a Windows sysroot, and runs it under wine: does each do what it is there for?
#   sh installers/windows/try_sysroot.sh FOLDER
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sysroot=$(CDPATH='' cd -- "$1" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

x86_64-w64-mingw32-gcc-posix -static -Wall -Wextra -I"$sysroot/usr/include" "$here/try_sysroot.c" -o "$place/try.exe" -L"$sysroot/usr/lib" \
  -lbrotlienc -lbrotlidec -lbrotlicommon -ldeflate -lexpat -lmd4c-html -lmd4c -lqrencode -lssl -lcrypto -lz -lws2_32 -lcrypt32
export WINEPREFIX="${WINEPREFIX:-$place/wine}" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" WINEARCH=win64
mkdir -p "$WINEPREFIX"
wine "$place/try.exe"
