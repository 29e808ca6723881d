#!/bin/sh
# Compares the sources with what .clang-format makes of them.
set -eu
cd "$(dirname -- "$0")/../.."
# Later versions of clang-format read the same style differently here and there.
version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" != 14 ]; then
  echo "The style is kept with clang-format 14 (Debian 12); version $version is not asked."
  exit 0
fi
find engine app ui tests \( -name '*.h' -o -name '*.cpp' -o -name '*.mm' -o -name '*.c' \) -print0 | xargs -0 clang-format --dry-run -Werror
