#!/usr/bin/env bash
# Draws every picture of the scene again from the HTML sources beside this file.
#
# The pictures are kept in the repository because what a character recogniser reads must not depend on the
# browser or the fonts of whoever builds; run this only to change them, and look at the result.
# Needs: chromium netpbm libjpeg-turbo-progs pngquant fonts-dejavu-core fonts-liberation
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scene=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shot SOURCE[#PART] WIDTHxHEIGHT: leaves $work/shot.png. The window is taller than the picture because new
# headless browsers keep some of it for themselves; the crop gives the exact size.
shot() {
    local width=${2%x*} height=${2#*x}
    rm -rf "$work/profile" "$work/raw.png"
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" \
        --force-device-scale-factor=1 --window-size="$width,$((height + 200))" \
        --screenshot="$work/raw.png" "file://$here/$1" 2>"$work/browser.log" ||
        { cat "$work/browser.log" >&2; return 1; }
    pngtopnm "$work/raw.png" | pamcut -left 0 -top 0 -width "$width" -height "$height" >"$work/shot.pnm"
    pnmtopng -quiet -compression 9 "$work/shot.pnm" >"$work/shot.png"
}

# png COLOURS TARGET…: the last shot with a small palette. jpeg QUALITY WIDTH TARGET: the last shot, scaled.
png() {
    local colours=$1 target
    shift
    pngquant --force --strip --nofs --speed 1 --output "$work/small.png" "$colours" "$work/shot.png"
    for target; do
        mkdir -p "$(dirname "$scene/$target")"
        cp "$work/small.png" "$scene/$target"
    done
}
jpeg() {
    mkdir -p "$(dirname "$scene/$3")"
    pamscale -width "$2" "$work/shot.pnm" | cjpeg -quality "$1" -optimize >"$scene/$3"
}

host() { echo "$1/$2.uriad.localhost"; }
idn=xn--b1afuehkfcgd7sb

emblem() { # BODY FILL LINE MOTIF PATH
    shot "emblem.html#%23$2,%23$3,$4" 120x120
    png 32 "$(host evening "$1")/$5"
}
emblem mzs 123a6b e8c75a globe img/emblem.png
emblem osvita 6b1d3c f1dca0 book upload/logo.png
emblem energo 2b2b2b f2b705 bolt gerb.png
emblem sport 0f6b4f ffffff laurel wp-content/uploads/2021/03/logo.png
emblem agro 3d6b1f f5e08a wheat images/emblem.png
emblem veterany 4a1f1f d9b36c star assets/znak.png
emblem podatky 1d4e5f cfe8ef coin i/logo.png
emblem kultura 5a3472 ead7f5 column bitrix/templates/main/images/logo.png
emblem dovkillia 1f5a3a d5ecd9 leaf pic/emblem.png
emblem visnyk 222222 d8d8d8 scroll static/visnyk.png
emblem "$idn" 204a87 ffd24a house local/emblema.png
emblem statystyka 17375e a9d18e bars files/logo.png
emblem arkhiv 6e5a34 f3e9cf scroll pics/arkhiv.png
emblem riatuvannia 8f1d14 ffe2b8 cross img/znak.png
emblem reiestr 1b2a6b 8fd3ff column img/reiestr.png

view() { # KIND PATH…
    local kind=$1 target
    shift
    shot "view.html#$kind" 800x300
    for target; do jpeg 72 800 "$target"; done
}
view dusk "$(host evening mzs)/img/mist.jpg" "$(host evening visnyk)/static/server.jpg"
view noon "$(host evening sport)/wp-content/uploads/2022/01/stadion.jpg" "$(host evening "$idn")/local/hromada.jpg"
view field "$(host evening agro)/images/pole.jpg" "$(host evening visnyk)/static/zhnyva.jpg"
view forest "$(host evening dovkillia)/pic/lis.jpg"

shot poster.html#hotline 420x140
png 64 "$(host evening riatuvannia)/img/liniia.png"
shot poster.html#nature 960x300
jpeg 80 960 "$(host night dovkillia)/assets/povitria.jpg"

shot message.html 1200x640
png 32 "$(host night mzs)/1.png" "$(host night osvita)/1.png" "$(host night sport)/1.png" \
    "$(host night "$idn")/1.png" "$(host night agro)/bg.png"
jpeg 62 1200 "$(host night veterany)/m-1200.jpg"
jpeg 62 900 "$(host night veterany)/m-900.jpg"
png 8 "$(host night riatuvannia)/inline.png"

# One page carries its picture inside itself, as a data: URL.
inside="$scene/$(host night riatuvannia)"
{ sed '/@PICTURE@/,$d' "$here/inline.html.in"
  printf '<img alt="" src="data:image/png;base64,%s">\n' "$(base64 -w0 "$inside/inline.png")"
  sed '1,/@PICTURE@/d' "$here/inline.html.in"; } >"$inside/index.html"
rm "$inside/inline.png"
