#!/bin/sh
# What run.sh and test.sh say and do before they install or build anything, and which folder run.sh gives to whom. Around them a clone whose other
# scripts and programs only tell that they were called.
#   sh tests/install/usage.sh SOURCE_FOLDER
set -u
sources=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
clone=$place/clone
mkdir -p "$clone/installers" "$clone/build/release/bin" "$place/commands" "$place/a folder" "$place/-h" "$place/line
break
"
cp "$sources/installers/run.sh" "$sources/installers/test.sh" "$clone/installers"
touch "$clone/build/release/build.ninja"
echo 'MEERKAT_DESKTOP:BOOL=ON' >"$clone/build/release/CMakeCache.txt"
unset DISPLAY WAYLAND_DISPLAY
failed=0

# puts FILE LINES…: a script that notes its call in `called` first.
puts() {
  file=$1
  shift
  { printf '#!/bin/sh\necho "%s $*" >>"%s/called"\n' "${file##*/}" "$place"; printf '%s\n' "$@"; } >"$file"
  chmod +x "$file"
}
puts "$clone/installers/setup.sh" 'exit "${SETUP_STATUS:-0}"'
puts "$clone/build/release/bin/meerkat" 'echo the window' 'exit "${WINDOW_STATUS:-0}"'
puts "$clone/build/release/bin/meerkatd" "printf '<%s>' \"\$@\""
for command in cmake ctest apt-get; do puts "$place/commands/$command"; done
PATH=$place/commands:$PATH

# ends STATUS WORDS CALLED NAME COMMAND…: CALLED is a word of the calls, or - for none at all.
ends() {
  expected=$1 words=$2 called=$3 name=$4
  shift 4
  : >"$place/called"
  (cd "$place" && "$@") >"$place/said" 2>&1
  status=$?
  problem=
  [ $status = "$expected" ] || problem="exit status $status, not $expected"
  grep -qF -e "$words" "$place/said" || problem="$problem; it does not say \"$words\""
  if [ "$called" = - ]; then [ ! -s "$place/called" ]; else grep -q "$called" "$place/called"; fi || problem="$problem; what it called is not $called"
  if [ -z "$problem" ]; then
    echo "ok      $name"
  else
    echo "FAILED  $name: $problem"
    cat "$place/said" "$place/called"
    failed=1
  fi
}
run=$clone/installers/run.sh
test=$clone/installers/test.sh

for option in -h --help; do
  ends 0 "sh installers/run.sh [FOLDER]" - "run.sh $option" sh "$run" $option
  ends 0 "sh installers/test.sh [--quick] [--windows]" - "test.sh $option" sh "$test" $option
done
ends 0 "sh installers/test.sh" - "test.sh --help behind another option" sh "$test" --quick --help
ends 2 "run.sh knows --help, not --fast." - "run.sh with an unknown option" sh "$run" --fast
ends 2 "not --fast." - "test.sh with an unknown option" sh "$test" --quick --fast
ends 2 "not folder." - "test.sh with a folder" sh "$test" folder
ends 2 "One folder at a time" - "run.sh with two folders" sh "$run" . .
ends 1 "There is no folder nowhere." - "run.sh with a folder that is not there" sh "$run" nowhere
ends 1 "There is no folder ." - "run.sh with an empty name" sh "$run" ""
[ ! -e "$clone/build/run.log" ] && [ ! -e "$clone/build/logs" ] || { echo "FAILED  something was begun"; failed=1; }

ends 2 "sh installers/run.sh FOLDER" - "no display and no folder" sh "$run"
ends 2 "sh installers/run.sh FOLDER" "^setup.sh" "a Qt too old for the window, and no folder" env DISPLAY=:0 SETUP_STATUS=3 sh "$run"
ends 2 "sh installers/run.sh FOLDER" "^meerkat " "a window that can't open, and no folder" env DISPLAY=:0 WINDOW_STATUS=3 sh "$run"
ends 0 "the window" "^meerkat \$" "a window and no folder" env DISPLAY=:0 sh "$run"
ends 0 "the window" "^meerkat $place/a folder\$" "a window and a folder" env DISPLAY=:0 sh "$run" "a folder"

# serves PATH NAME COMMAND…: by meerkatd, for this computer alone.
serves() {
  path=$1
  shift
  ends 0 "<-document_root><$path" "^meerkatd -listening_port 127.0.0.1:8[01]" "$@"
}
serves "$place/a folder>" "no display and a folder" sh "$run" "a folder"
serves "$place>" "no display and the current folder" sh "$run" .
serves "$place/-h>" "a folder that looks like an option" sh "$run" ./-h
serves "$place/-h>" "a folder behind --" sh "$run" -- -h
serves "$place/line" "a folder with line breaks" sh "$run" "line
break
"
grep -qx '>' "$place/said" || { echo "FAILED  the line break at the end of a name is gone"; failed=1; }
exit $failed
