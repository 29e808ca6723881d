#!/bin/sh
# Puts the Windows programs of a build into one folder with every DLL that they need, stripped.
#   sh installers/windows/collect.sh BUILD_FOLDER DESTINATION
set -eu
build=$1
destination=$2
sysroot=$(sed -n 's/^MEERKAT_SYSROOT:PATH=//p' "$build/CMakeCache.txt")
mingw=x86_64-w64-mingw32
runtime=$(dirname "$($mingw-g++-posix -print-file-name=libstdc++-6.dll)")
threads=$(dirname "$($mingw-g++-posix -print-file-name=libwinpthread-1.dll)")

rm -rf "$destination"
mkdir -p "$destination/platforms" "$destination/styles"
cp "$build/bin/meerkatd.exe" "$build/bin/meerkat.exe" "$destination"
cp "$sysroot/qt/plugins/platforms/qwindows.dll" "$destination/platforms"
cp "$sysroot/qt/plugins/styles/"*.dll "$destination/styles"

# A DLL needs others in turn: look again until a round finds nothing new. What is found nowhere is Windows' own.
found=yes
while [ $found = yes ]; do
  found=no
  for name in $(find "$destination" \( -name '*.exe' -o -name '*.dll' \) -exec $mingw-objdump -p {} + | sed -n 's/.*DLL Name: //p' | sort -u); do
    [ ! -f "$destination/$name" ] || continue
    for folder in "$sysroot/qt/bin" "$runtime" "$threads" /usr/$mingw/lib /usr/$mingw/bin; do
      [ -f "$folder/$name" ] || continue
      cp "$folder/$name" "$destination"
      found=yes
      break
    done
  done
done
find "$destination" \( -name '*.exe' -o -name '*.dll' \) -exec $mingw-strip {} +
du -sh "$destination"
