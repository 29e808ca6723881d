#!/bin/sh
# The pages of the engine in a real browser.
#   sh tests/browser/run.sh BUILD_FOLDER [FILE…]
# BUILD_FOLDER  has bin/meerkatd; playwright-core comes into BUILD_FOLDER/browser/node_modules, pictures into BUILD_FOLDER/browser/pictures
# FILE             of this folder; all of them where none is named
# MEERKAT_BROWSER  the Chromium to use, where it is not found by its usual names
set -eu

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$(CDPATH='' cd -- "$1" && pwd)
place=$build/browser
MEERKAT_PROGRAM=$build/bin/meerkatd
[ -x "$MEERKAT_PROGRAM" ] || fail "There is no $MEERKAT_PROGRAM: build meerkatd first."

command -v node >/dev/null || fail "node is missing: sh installers/setup.sh --tests"
version=$(node --version)
major=${version#v}
major=${major%%.*}
[ "$major" -ge 18 ] || fail "node $version is too old for the browser tests: they need 18 or newer."

if [ -z "${MEERKAT_BROWSER:-}" ]; then
  for name in chromium chromium-browser google-chrome-stable google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if MEERKAT_BROWSER=$(command -v "$name"); then break; fi
  done
fi
[ -n "$MEERKAT_BROWSER" ] || fail "There is no Chromium: sh installers/setup.sh --tests"

# Node brings a list of certificates of its own; a network whose owner had the system trust another one would be refused.
for list in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -f "$list" ]; then export NODE_EXTRA_CA_CERTS="$list"; fi
done

# Once a build folder, and again when the lock changes. The browser is the system's: none is downloaded.
mkdir -p "$place/pictures"
if [ ! -f "$place/installed" ] || ! cmp -s "$here/package-lock.json" "$place/installed"; then
  command -v npm >/dev/null || fail "npm is missing: sh installers/setup.sh --tests"
  cp "$here/package.json" "$here/package-lock.json" "$place"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix "$place" ci --no-audit --no-fund --ignore-scripts ||
    fail "playwright-core could not be installed (see above). Is the npm registry within reach?"
  cp "$here/package-lock.json" "$place/installed"
fi

export MEERKAT_PROGRAM MEERKAT_BROWSER MEERKAT_PICTURES="$place/pictures" NODE_PATH="$place/node_modules"
shift
cd "$here"
[ $# -gt 0 ] || set -- tst_*.js
status=0
for file; do node "$file" || status=1; done
exit $status
