#!/bin/sh
# Makes from Debian 12's source packages what Debian does not have for mingw: Qt's base module and the small libraries, below FOLDER/qt and
# FOLDER/usr. Needs what `setup.sh --sysroot` installs, no root, about half an hour on two cores and 6 GB of disk.
#   sh installers/windows/make_sysroot.sh FOLDER [PACKAGE…]
# Without packages named it makes all that it knows. What is made already is left alone (FOLDER/made names it; delete a name to have it made anew),
# and a run that was broken off is continued where it was.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
known="qrencode libdeflate brotli expat md4c openssl qt6-base"
[ $# -gt 0 ] || { echo "Where to? sh installers/windows/make_sysroot.sh FOLDER [PACKAGE…]" >&2; exit 1; }
mkdir -p "$1"
sysroot=$(CDPATH='' cd -- "$1" && pwd)
shift
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $known
for package in "$@"; do
  case " $known " in
  *" $package "*) ;;
  *) echo "This script makes $known, not $package." >&2; exit 1 ;;
  esac
done

work=$sysroot/work
jobs=$(getconf _NPROCESSORS_ONLN)
mingw=x86_64-w64-mingw32
export MEERKAT_SYSROOT="$sysroot"

for command in $mingw-g++-posix cmake ninja make perl apt-get dpkg-source; do
  command -v "$command" >/dev/null || { echo "There is no $command here: sh installers/setup.sh --sysroot installs what this needs." >&2; exit 1; }
done

# A package source of our own, so that the machine's stays as it is. apt checks Debian's signature on it.
prepare_apt() {
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f $keyring ] || { echo "Debian's keys are missing: install debian-archive-keyring." >&2; exit 1; }
  cat >"$work/apt/sources.list" <<END
deb-src [signed-by=$keyring] http://deb.debian.org/debian bookworm main
deb-src [signed-by=$keyring] http://deb.debian.org/debian-security bookworm-security main
END
  from_debian update
  asked=yes
}
from_debian() {
  apt-get -q -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$work/apt/lists" \
    -o Dir::Cache="$work/apt/cache" -o Debug::NoLocking=true -o APT::Sandbox::User= "$@"
}

# source_of PACKAGE: fetches and unpacks it to $work/PACKAGE/source. The newest with the security updates, where the mirror carries those; at the
# least the authors' own archive.
source_of() {
  [ ! -d "$work/$1/source" ] || return 0
  [ "${asked:-}" = yes ] || prepare_apt
  mkdir -p "$work/$1"
  cd "$work/$1"
  from_debian source --download-only "$1" || from_debian source --download-only "$1/bookworm" || true
  # It gets its name when it is whole.
  rm -rf unpacking
  description=$(find . -name '*.dsc' | sort -V | tail -n 1)
  if [ -z "$description" ] || ! dpkg-source -x "$description" unpacking; then
    archive=$(find . -name '*.orig.tar.*' ! -name '*.asc' | sort -V | tail -n 1)
    [ -n "$archive" ] || { echo "$1: its source could not be had (see above)." >&2; exit 1; }
    echo "$1: building the authors' archive without Debian's changes to it."
    rm -rf unpacking
    mkdir unpacking
    tar -xf "$archive" -C unpacking --strip-components=1
  fi
  mv unpacking source
  cd "$here"
}

# with_cmake PACKAGE PREFIX FOLDER_OF_CMAKELISTS OPTION…
with_cmake() {
  package=$1 prefix=$2 folder=$3
  shift 3
  cmake -G Ninja -S "$work/$package/source/$folder" -B "$work/$package/build" -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_SHARED_LIBS=OFF "$@"
  cmake --build "$work/$package/build" -j "$jobs"
  cmake --install "$work/$package/build"
}

make_brotli() {
  with_cmake brotli "$sysroot/usr" . -DBROTLI_DISABLE_TESTS=ON
  # This version always makes DLLs as well; the linker would prefer them.
  rm -f "$sysroot/usr/lib/"libbrotli*.dll.a
  for name in common dec enc; do
    if [ -f "$sysroot/usr/lib/libbrotli$name-static.a" ]; then mv "$sysroot/usr/lib/libbrotli$name-static.a" "$sysroot/usr/lib/libbrotli$name.a"; fi
  done
}
make_libdeflate() {
  make -C "$work/libdeflate/source" -j "$jobs" CC=$mingw-gcc-posix AR=$mingw-ar libdeflatestatic.lib
  mkdir -p "$sysroot/usr/include" "$sysroot/usr/lib"
  cp "$work/libdeflate/source/libdeflate.h" "$sysroot/usr/include"
  cp "$work/libdeflate/source/libdeflatestatic.lib" "$sysroot/usr/lib/libdeflate.a"
}
make_expat() {
  # Debian's fixes compare XML_DTD with 1, which expat's CMake files, unlike its configure script, define as empty.
  sed -i 's/^#cmakedefine XML_DTD *$/#cmakedefine XML_DTD 1/' "$work/expat/source/expat/expat_config.h.cmake"
  with_cmake expat "$sysroot/usr" expat -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_TOOLS=OFF -DEXPAT_BUILD_EXAMPLES=OFF -DEXPAT_BUILD_TESTS=OFF \
    -DEXPAT_BUILD_DOCS=OFF
}
make_md4c() { with_cmake md4c "$sysroot/usr" .; }
make_qrencode() { with_cmake qrencode "$sysroot/usr" . -DWITH_TOOLS=NO -DWITH_TESTS=NO -DWITHOUT_PNG=ON; }
# The folder of its settings is compiled in. Below C:\Program Files only an administrator writes; a path of this machine would be one that anybody
# can make on a Windows, and put certificates there.
make_openssl() {
  cd "$work/openssl/source"
  ./Configure mingw64 --cross-compile-prefix=$mingw- --prefix=/usr --libdir=lib --openssldir='C:/Program Files/Common Files/SSL' \
    no-shared no-tests no-autoload-config no-engine no-module no-legacy
  make -j "$jobs" build_libs
  make DESTDIR="$sysroot" install_dev
  # What pkg-config reads: where it stands here.
  sed -i "s|^prefix=.*|prefix=$sysroot/usr|" "$sysroot/usr/lib/pkgconfig/openssl.pc" "$sysroot/usr/lib/pkgconfig/libssl.pc" \
    "$sysroot/usr/lib/pkgconfig/libcrypto.pc"
  cd "$here"
}
# tabletevent: Debian's source has no wintab.h. brotli, md4c and OpenSSL: Qt would take ours if they were made before it, and be another Qt then.
make_qt6_base() {
  with_cmake qt6-base "$sysroot/qt" . -DBUILD_SHARED_LIBS=ON -DFEATURE_sql=OFF -DFEATURE_dbus=OFF -DINPUT_opengl=no -DFEATURE_vulkan=OFF \
    -DFEATURE_printsupport=OFF -DFEATURE_icu=OFF -DFEATURE_glib=OFF -DFEATURE_system_zlib=OFF -DFEATURE_pkg_config=OFF -DFEATURE_tabletevent=OFF \
    -DFEATURE_brotli=OFF -DFEATURE_system_textmarkdownreader=OFF -DINPUT_openssl=no \
    -DQT_BUILD_TESTS=OFF -DQT_BUILD_EXAMPLES=OFF
}

# Headers alone, the same for every system.
mkdir -p "$sysroot/usr/include"
cp -r /usr/include/readerwriterqueue "$sysroot/usr/include"

mkdir -p "$sysroot/made"
for package in "$@"; do
  [ ! -f "$sysroot/made/$package" ] || continue
  echo "== $package"
  source_of "$package"
  "make_$(echo "$package" | tr - _)"
  touch "$sysroot/made/$package"
  rm -rf "${work:?}/$package"
done
rm -rf "$work"
