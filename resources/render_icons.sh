#!/bin/sh
# Draws resources/icons/png, icons.qrc, meerkat.ico and meerkat.icns from the SVG files: the program does without Qt Svg, so the
# drawings are committed as pictures too. Needs rsvg-convert (librsvg2-bin) and convert (imagemagick).
set -eu
cd "$(dirname "$0")"
svg=icons
png=icons/png
rm -rf "$png"
mkdir -p "$png"

draw() { # NAME SIZE
    rsvg-convert -w "$2" -h "$2" "$svg/$1.svg" |
        convert png:- -strip -define png:exclude-chunks=date,time -define png:compression-level=9 "$png/$1-$2.png"
}

draw_all() { # "SIZES" NAME...
    sizes=$1
    shift
    for name in "$@"; do
        for size in $sizes; do draw "$name" "$size"; done
    done
}

draw_all "16 22 24 32 48 64 128 256" meerkat
draw_all "16 22 24 32 44 48 64" meerkat-serving meerkat-stopped meerkat-trouble \
    meerkat-serving-symbolic meerkat-stopped-symbolic meerkat-trouble-symbolic
draw_all "16 32 48" folder add play stop copy open qr network computer connections warning info settings close search

{
    printf '<RCC>\n    <qresource prefix="/icons">\n'
    for file in "$png"/*.png; do printf '        <file alias="png/%s">%s</file>\n' "$(basename "$file")" "$file"; done
    printf '    </qresource>\n</RCC>\n'
} >icons.qrc

# Windows: small sizes as bitmaps, 256 as PNG.
convert "$png"/meerkat-16.png "$png"/meerkat-24.png "$png"/meerkat-32.png "$png"/meerkat-48.png "$png"/meerkat-64.png \
    "$png"/meerkat-256.png "$svg/meerkat.ico"

# macOS: a sequence of (type, big-endian length with these 8 bytes, PNG) behind one such head for the whole file.
big_endian() { # NUMBER
    printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for pair in icp4:16 icp5:32 ic07:128 ic08:256 ic09:512; do
    rsvg-convert -w "${pair#*:}" -h "${pair#*:}" "$svg/meerkat.svg" >"$scratch/picture"
    printf '%s' "${pair%:*}"
    big_endian $(($(wc -c <"$scratch/picture") + 8))
    cat "$scratch/picture"
done >"$scratch/body"
{
    printf 'icns'
    big_endian $(($(wc -c <"$scratch/body") + 8))
    cat "$scratch/body"
} >"$svg/meerkat.icns"
