#!/bin/sh
# Installs a build into an empty folder and uses it as an embedder would: C99 and C++17 programs, by pkg-config and by CMake.
#   sh tests/install/check.sh BUILD_FOLDER
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname -- "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
prefix=$place/prefix

cmake --install "$build" --prefix "$prefix"
for file in bin/meerkatd include/mongoose.h lib/libmongoose.a lib/pkgconfig/mongoose.pc lib/cmake/mongoose/mongooseConfig.cmake; do
  [ -f "$prefix/$file" ] || { echo "$file was not installed." >&2; exit 1; }
done
if [ -f "$build/bin/meerkat" ]; then
  for file in bin/meerkat share/applications/meerkat.desktop share/metainfo/meerkat.metainfo.xml share/icons/hicolor/scalable/apps/meerkat.svg; do
    [ -f "$prefix/$file" ] || { echo "$file was not installed." >&2; exit 1; }
  done
  desktop-file-validate "$prefix/share/applications/meerkat.desktop"
  appstreamcli validate --no-net "$prefix/share/metainfo/meerkat.metainfo.xml"
fi
"$prefix/bin/meerkatd" --version

# The folder may be moved after it was installed.
mv "$prefix" "$place/moved"
prefix=$place/moved

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
flags=$(pkg-config --cflags --static --libs mongoose)
# shellcheck disable=SC2086
cc -std=c99 -Wall -Wextra -Wpedantic -Werror "$here/embedder.c" $flags -o "$place/c99"
# shellcheck disable=SC2086
c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -x c++ "$here/embedder.c" -x none $flags -o "$place/cpp17"
"$place/c99"
"$place/cpp17"

for languages in C CXX; do
  cmake -S "$here" -B "$place/$languages" -DLANGUAGE=$languages -DCMAKE_PREFIX_PATH="$prefix"
  cmake --build "$place/$languages"
  "$place/$languages/embedder"
done

# Debian's own Python: the WebSocket client belongs to that one.
/usr/bin/python3 "$here/../examples/check.py" "$prefix"
