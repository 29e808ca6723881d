#!/bin/sh
# Builds libmongoose.a, meerkatd.exe and meerkat.exe, and collects what runs on a Windows without a compiler in build/windows/Meerkat.
set -eu
cd "$(dirname -- "$0")/../.."
cmake --preset windows
cmake --build build/windows
sh installers/windows/collect.sh build/windows build/windows/Meerkat
