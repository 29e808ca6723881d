#!/bin/sh
# Installs what building Meerkat needs and this machine lacks; does nothing where all is there.
#   sh installers/setup.sh [--console] [--tests] [--windows] [--sysroot]
# --console  only what meerkatd needs: no Qt
# --tests    also what the tests need
# --windows  also what builds and tries the Windows programs
# --sysroot  also what makes the Windows sysroot from sources
# Exit status: 0 all is there; 3 all is there but a Qt that is new enough for the window; 1 it did not work; 2 it was called wrongly.
set -eu

say() { printf '%s\n' "$*"; }
fail() {
  say "$*" >&2
  exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
asked_for="$*"
console=no tests=no windows=no sysroot=no
for argument in "$@"; do
  case $argument in
  --console) console=yes ;;
  --tests) tests=yes ;;
  --windows) windows=yes ;;
  --sysroot) windows=yes sysroot=yes ;;
  -h | --help)
    sed -n '2,/^[^#]/s/^# *//p' "$0"
    exit 0
    ;;
  *)
    say "setup.sh knows --console, --tests, --windows, --sysroot and --help, not $argument." >&2
    exit 2
    ;;
  esac
done

# ---- which packages, a family of systems at a time ----

debian_packages() {
  say g++ cmake ninja-build libreaderwriterqueue-dev libssl-dev zlib1g-dev libmd4c-dev libexpat1-dev libbrotli-dev libdeflate-dev
  if [ "$console" = no ]; then say qt6-base-dev qt6-base-dev-tools libgl-dev qt6-wayland libqrencode-dev; fi
  if [ "$tests" = yes ]; then
    say ccache python3 curl unzip procps pkg-config clang clang-format "libclang-rt-$(debian_clang_version)-dev" libbenchmark-dev desktop-file-utils appstream
    say python3-websockets python3-websocket brotli zstd php-cgi perl
    say litmus cadaver rclone gvfs-backends libglib2.0-bin
    say xvfb openbox trayer dbus-daemon at-spi2-core python3-pyatspi x11-utils xdotool imagemagick fonts-dejavu-core
    debian_browser
    # Where Node came from elsewhere it brings its npm along, and Debian's would not go with it.
    command -v node >/dev/null || say nodejs
    command -v npm >/dev/null || say npm
  fi
  if [ "$windows" = yes ]; then
    say g++-mingw-w64-x86-64-posix libz-mingw-w64-dev wine wine64 nsis xz-utils qt6-base-dev qt6-base-dev-tools qt6-l10n-tools
  fi
  if [ "$sysroot" = yes ]; then say dpkg-dev debian-archive-keyring perl make; fi
}

# Ubuntu has another name for it.
debian_browser() {
  if apt-cache show chromium >/dev/null 2>&1; then say chromium; else say chromium-browser; fi
}

# The sanitizer run time comes in a package named for the version that `clang` stands for.
debian_clang_version() {
  apt-cache show clang 2>/dev/null | sed -n 's/^Depends:.*clang-\([0-9]*\).*/\1/p' | head -n 1
}

fedora_packages() {
  say gcc-c++ cmake ninja-build pkgconf-pkg-config readerwriterqueue-devel openssl-devel zlib-devel expat-devel md4c-devel brotli-devel libdeflate-devel
  if [ "$console" = no ]; then say qt6-qtbase-devel qt6-qtwayland qrencode-devel; fi
  if [ "$tests" = yes ]; then
    say ccache python3 curl unzip procps-ng clang clang-tools-extra compiler-rt libasan libubsan libtsan google-benchmark-devel desktop-file-utils appstream
    say python3-websockets python3-websocket-client brotli zstd php-cli perl-interpreter
    say xorg-x11-server-Xvfb openbox trayer dbus-daemon at-spi2-core python3-pyatspi xprop xdotool ImageMagick dejavu-sans-fonts
    say chromium nodejs
    command -v npm >/dev/null || say nodejs-npm
  fi
}

arch_packages() {
  say gcc cmake ninja pkgconf readerwriterqueue openssl zlib expat md4c brotli libdeflate
  if [ "$console" = no ]; then say qt6-base qt6-wayland qrencode; fi
  if [ "$tests" = yes ]; then
    say ccache python curl unzip procps-ng clang compiler-rt benchmark desktop-file-utils appstream
    say python-websockets python-websocket-client brotli zstd php-cgi perl
    say xorg-server-xvfb openbox trayer dbus at-spi2-core python-atspi xorg-xprop xdotool imagemagick ttf-dejavu
    say chromium nodejs npm
  fi
}

brew_packages() {
  say cmake ninja pkg-config readerwriterqueue openssl@3 expat md4c brotli libdeflate
  if [ "$console" = no ]; then say qt qrencode; fi
  if [ "$tests" = yes ]; then say ccache clang-format google-benchmark google-chrome node php; fi
}

# ---- which of them are missing ----

debian_missing() {
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' >"$scratch" || true
  for package in "$@"; do grep -qxF "$package" "$scratch" || say "$package"; done
}
fedora_missing() { for package in "$@"; do rpm -q --whatprovides "$package" >/dev/null 2>&1 || say "$package"; done; }
arch_missing() { pacman -T "$@" || true; }
brew_missing() { for package in "$@"; do brew list --versions "$package" >/dev/null 2>&1 || say "$package"; done; }

# ---- installing ----

# become_root WHAT_FOR: asks for the password before anything runs whose output is held back. A sudo that refuses says so itself.
become_root() {
  if [ $family = brew ] || [ "$(id -u)" = 0 ]; then return; fi
  reason="there is no sudo"
  if command -v sudo >/dev/null; then
    ! sudo true || return 0
    reason="sudo does not allow it (see above)"
  fi
  fail "$1 That needs root, and $reason.
As root, run:  sh $here/setup.sh${asked_for:+ $asked_for}
and then start again as yourself."
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
# Waits for another apt to finish, asks nothing, restarts nothing.
apt() { as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null; }
debian_install() { apt --no-install-recommends install "$@"; }
fedora_install() { as_root dnf -y install "$@" </dev/null; }
arch_install() { as_root pacman -S --noconfirm --needed "$@" </dev/null; }
brew_install() { brew install "$@" </dev/null; }

# Debian and Ubuntu have Qt 6 from versions 11 and 22.04 on, but the window needs 6.4.
debian_qt_is_too_old() {
  version=$(dpkg-query -W -f='${Version}' qt6-base-dev 2>/dev/null) || version=
  [ -n "$version" ] || version=$(apt-cache policy qt6-base-dev 2>/dev/null | sed -n 's/^  Candidate: //p')
  case $version in
  '' | '(none)') return 0 ;;
  esac
  dpkg --compare-versions "$version" lt 6.4
}

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

if command -v apt-get >/dev/null; then
  family=debian
elif command -v dnf >/dev/null; then
  family=fedora
elif command -v pacman >/dev/null; then
  family=arch
elif command -v brew >/dev/null; then
  family=brew
else
  fail "This script knows apt, dnf, pacman and Homebrew, and finds none of them. CONTRIBUTING.md lists what to install by hand."
fi

status=0
# A machine that never asked its package source knows no package yet, so neither which Qt it would get.
if [ $family = debian ] && ! dpkg-query -W libreaderwriterqueue-dev >/dev/null 2>&1 && ! apt-cache show libreaderwriterqueue-dev >/dev/null 2>&1; then
  become_root "Packages have to be installed."
  say "Asking the package source what it has."
  apt update >"$scratch" 2>&1 || { cat "$scratch"; fail "The package source could not be asked (see above). Is there a network?"; }
  updated=yes
fi
if [ $family = debian ] && [ $console = no ] && debian_qt_is_too_old; then
  say "The window needs Qt 6.4 or newer (Debian 12, Ubuntu 24.04); this system offers ${version:-none}. Only meerkatd can be built here."
  console=yes status=3
fi

# The lists are names without spaces: splitting them is meant.
# shellcheck disable=SC2046
missing=$(${family}_missing $(${family}_packages))
[ -n "$missing" ] || exit $status

# shellcheck disable=SC2086
set -- $missing
become_root "Missing: $*."
say "Installing what is missing: $*"
if [ $family = debian ] && [ "${updated:-}" != yes ]; then
  apt update >"$scratch" 2>&1 || { cat "$scratch"; say "The package source could not be asked (see above); trying with what is known of it."; }
fi
${family}_install "$@" >"$scratch" 2>&1 || { tail -n 20 "$scratch"; fail "The packages could not be installed (see above)."; }
exit $status
