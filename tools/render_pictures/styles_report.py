"""The pictures for the reported figure: other faces, other styles, nothing that was tuned on."""
import parts
import wording
from parts import POLAND, UKRAINE, fill, flag, message, picture, text

FACES = ["Lato", "Inter", "Carlito", "Cantarell", "Charis SIL", "PT Serif", "Andika", "EB Garamond", "URW Bookman",
         "Linux Libertine O", "P052", "C059", "Noto Sans Display", "Linux Biolinum O"]
MONO = ["Fira Code", "Hack", "JetBrains Mono", "Anonymous Pro", "Nimbus Mono PS"]
ROUND = ["Comfortaa", "URW Gothic"]
NARROW = ["Open Sans Condensed", "Nimbus Sans Narrow", "Noto Sans Display"]


def card(css, ink, size=(16, 28), faces=FACES, ground="#000", scene=None, weight="normal", languages=parts.LANGUAGES, **rest):
    """Text in a box of its own on some ground."""
    def make(dice):
        lines = message(dice, languages)
        pixels = dice.randrange(*size)
        width, height = max(520, pixels * 46), int(pixels * 1.5 * len(lines)) + 140
        under = scene(dice, width, height) if scene else fill(f"background:{ground}")
        body = under + text(lines, f"position:absolute;left:40px;top:45px;padding:14px 20px;color:{ink};"
                                   f"font:{weight} {pixels}px/1.5 '{dice.choice(faces)}';{css}")
        return picture(lines, body, width, height, **rest)
    return make


def stripes(dice, width, height):
    return fill(f"background:repeating-linear-gradient({dice.randrange(20, 70)}deg,#222 0 14px,#2e2e2e 14px 28px)")


def checks(dice, width, height):
    return fill("background:repeating-conic-gradient(#1b2a1b 0 25%,#101810 0 50%) 0 0/40px 40px")


def grain(dice, width, height):
    return parts.turbulence(dice, width, height, 0.8, 0.55, "fractalNoise")


def clouds(dice, width, height):
    return parts.turbulence(dice, width, height, 0.006, 0.2, "fractalNoise")


def bokeh(dice, width, height):
    out = [fill("background:#181020")]
    for _ in range(40):
        size = dice.randrange(30, 160)
        out.append(f'<div style="position:absolute;left:{dice.randrange(-50, width)}px;top:{dice.randrange(-50, height)}px;'
                   f'width:{size}px;height:{size}px;border-radius:50%;filter:blur({dice.randrange(1, 9)}px);background:'
                   f'hsla({dice.randrange(360)},70%,55%,.45)"></div>')
    return "".join(out)


def scanlines(dice, width, height):
    return fill("background:repeating-linear-gradient(#021002 0 2px,#041a04 2px 4px)")


def meme(dice):
    chosen = dice.choice(wording.MESSAGES)
    upper, lower = chosen["ru"][0], chosen["pl"][0]
    style = ("position:absolute;left:0;width:100%;text-align:center;color:#fff;font:bold 34px/1.2 'Open Sans Condensed';"
             "text-shadow:2px 2px 0 #000,-2px 2px 0 #000,2px -2px 0 #000,-2px -2px 0 #000,0 3px 2px #000;")
    body = parts.town(dice, 900, 620) + text([upper], style + "top:20px") + text([lower], style + "bottom:20px")
    return picture([upper, lower], body, 900, 620, format="jpg", convert=["-quality", "75"])


def ransom(dice):
    """A locked screen: a red side bar with a large word, a note on the right."""
    lines = message(dice, ("en", "ru"))
    face = dice.choice(FACES)
    body = (fill("background:#f4f4f4") + '<div style="position:absolute;left:0;top:0;width:280px;height:100%;background:#a00"></div>' +
            text(["STOP"], f"position:absolute;left:40px;top:60px;color:#fff;font:bold 66px '{face}'") +
            text(lines, f"position:absolute;left:320px;top:50px;color:#111;font:19px/1.5 '{face}'"))
    return picture(["STOP"] + lines, body, 1060, 29 * len(lines) + 120)


def newspaper(width):
    def make(dice):
        face = dice.choice(["PT Serif", "Charis SIL", "C059", "Linux Libertine O"])
        first, second = wording.MESSAGES[6], wording.MESSAGES[4]
        body = (fill("background:#fbf8f0") + text([first["uk"][0]], f"position:absolute;left:50px;top:40px;font:bold 38px '{face}';color:#111") +
                text(first["uk"][1:], f"position:absolute;left:50px;top:130px;font:17px/1.55 '{face}';color:#222") +
                text(second["uk"], f"position:absolute;left:{width // 2 + 30}px;top:130px;font:17px/1.55 '{face}';color:#222") +
                text(["Передрук дозволено з посиланням на джерело"], f"position:absolute;left:50px;top:330px;font:italic 14px '{face}';color:#666"))
        return picture([first["uk"][0]] + first["uk"][1:] + second["uk"] + ["Передрук дозволено з посиланням на джерело"], body, width, 420)
    return make


def screen(width, height, language):
    """A full page: bar, boxes with headings, foot."""
    def make(dice):
        face = dice.choice(["Inter", "Lato", "Carlito", "Cantarell"])
        boxes = [dice.choice(wording.MESSAGES)[language] for _ in range(3)]
        parts_ = [fill("background:#eef1f4"), f'<div style="position:absolute;left:0;top:0;width:100%;height:64px;background:#003a70;color:#fff;font:16px/64px \'{face}\'">' +
                  "".join(f'<span style="margin-left:44px">{item}</span>' for item in wording.NAVIGATION[language]) + "</div>"]
        lines = [" ".join(wording.NAVIGATION[language])]
        for number, box in enumerate(boxes):
            top = 100 + number * 200
            parts_.append(f'<div style="position:absolute;left:60px;top:{top}px;width:{width - 160}px;height:170px;background:#fff;border:1px solid #d5dbe1;border-radius:6px"></div>')
            parts_.append(text(box[:1], f"position:absolute;left:84px;top:{top + 16}px;font:bold 21px '{face}';color:#003a70"))
            parts_.append(text(box[1:], f"position:absolute;left:84px;top:{top + 56}px;font:15px/1.6 '{face}';color:#3a3f45"))
            lines += box
        return picture(lines, "".join(parts_), width, height)
    return make


def replaced(width, height):
    """A full page that shows nothing but a message in its middle."""
    def make(dice):
        lines = message(dice)
        body = (fill("background:#000") + flag(UKRAINE, width // 2 - 190, 90, 160, 106) + flag(POLAND, width // 2 + 30, 90, 160, 106) +
                text(lines, f"position:absolute;left:0;width:100%;top:260px;text-align:center;color:#fff;font:21px/1.5 '{dice.choice(FACES)}'"))
        return picture(lines, body, width, height)
    return make


def poster(degrees, **rest):
    def make(dice):
        lines = message(dice, ("uk", "pl"))
        pixels = dice.randrange(24, 32)
        width, height = pixels * 44, int(pixels * 1.5 * len(lines)) + 280
        body = clouds(dice, width, height) + text(
            lines, f"position:absolute;left:60px;top:130px;background:#b00;color:#fff;padding:16px 24px;font:bold {pixels}px/1.5 "
                   f"'{dice.choice(FACES)}';transform:rotate({degrees}deg)")
        return picture(lines, body, width, height, **rest)
    return make


def huge(pixels, ink):
    def make(dice):
        words = [dice.choice(wording.MESSAGES[5][language]).split()[0] for language in ("uk", "ru", "pl")]
        body = bokeh(dice, 1280, int(pixels * 4.2)) + text(words, f"position:relative;color:{ink};font:bold {pixels}px/1.3 '{dice.choice(FACES)}';padding:20px")
        return picture(words, body, 1280, int(pixels * 4.2))
    return make


def mixed(dice):
    lines = [line for part in dice.sample(wording.MIXED, 2) for line in part]
    body = stripes(dice, 900, 300) + text(lines, f"position:relative;color:#fff;font:23px/1.6 '{dice.choice(FACES)}';padding:24px")
    return picture(lines, body, 900, 290)


def without_text(scene, width=1366, height=768, **rest):
    return lambda dice: picture([], scene(dice, width, height), width, height, **rest)


JPEG = lambda quality: {"format": "jpg", "convert": ["-background", "white", "-flatten", "-quality", str(quality)]}


def pictures():
    fill_text = "background:linear-gradient(90deg,#ff4,#f44);-webkit-background-clip:text;color:transparent;"
    neon = "text-shadow:0 0 2px #fff,0 0 10px #f0f,0 0 22px #f0f"
    deep = "text-shadow:1px 1px 0 #900,2px 2px 0 #800,3px 3px 0 #700,4px 4px 5px #000"
    return [
        ("stripes", card("", "#fff", scene=stripes)), ("checks", card("", "#9f9", scene=checks, faces=MONO)),
        ("grain", card("", "#fff", scene=grain, weight="bold")), ("grain_jpeg", card("", "#fff", scene=grain, weight="bold", **JPEG(45))),
        ("clouds", card("text-shadow:1px 1px 2px #000", "#fff", (22, 30), scene=clouds, weight="bold")), ("bokeh", card("", "#fff", (20, 30), scene=bokeh)),
        ("bokeh_red", card("text-shadow:0 0 3px #000", "#f33", (22, 30), scene=bokeh, weight="bold", **JPEG(60))), ("scanlines", card("", "#3f3", scene=scanlines, faces=MONO)),
        ("neon", card(neon, "#fcf", (22, 32), ground="#0a0010")), ("deep", card(deep, "#f55", (24, 34), ground="#101010", weight="bold")),
        ("filled", card(fill_text, "", (22, 32), ground="#111", weight="bold")), ("engraved", card("text-shadow:0 1px 0 #fff", "#333", ground="#aaa")),
        ("dialog", card("background:#ececec;border:2px solid #888;border-radius:8px", "#111", ground="#3a6ea5")), ("terminal", card("background:#1e1e2e;border-radius:10px", "#cdd6f4", (14, 19), faces=MONO, ground="#89b4fa")),
        ("paper", card("background:#fffbe6", "#3b2f1e", faces=["EB Garamond", "Linux Libertine O", "P052"], ground="#7a5c3a")), ("round", card("", "#fff", faces=ROUND, ground="#204060")),
        ("narrow", card("", "#fff", (18, 26), faces=NARROW, ground="#300")), ("narrow_bold", card("", "#ff0", (20, 28), faces=NARROW, ground="#000", weight="bold")),
        ("medium_caps", card("font-weight:600;letter-spacing:1px", "#f22", ground="#000")), ("light", card("", "#ddd", (18, 26), faces=["Lato", "Inter"], ground="#1c1c1c", weight="300")),
        ("black", card("", "#111", (18, 28), faces=["Lato", "Inter"], ground="#fc0", weight="900")), ("italic", card("font-style:italic", "#fff", faces=["Charis SIL", "PT Serif", "Lato"], ground="#012")),
        ("italic_bold", card("font-style:italic;font-weight:bold", "#a00", faces=["C059", "P052", "Carlito"], ground="#fff")), ("underlined", card("text-decoration:underline", "#00c", ground="#fff")),
        ("spaced", card("letter-spacing:2px;word-spacing:6px", "#fff", (16, 20), ground="#000")), ("justified", card("word-spacing:14px", "#eee", (16, 20), ground="#222")),
        ("tiny11", card("", "#000", (11, 12), ground="#fff", faces=["Inter", "Carlito", "Lato"])), ("tiny12", card("", "#fff", (12, 13), ground="#000", faces=["Inter", "Andika"])),
        ("tiny12_jpeg", card("", "#eee", (12, 13), ground="#111", faces=["Lato", "Inter"], **JPEG(55))), ("tiny13_red", card("", "#f33", (13, 14), ground="#000", **JPEG(60))),
        ("faint", card("", "#3a3a3a", (18, 26), ground="#1a1a1a")), ("faint_light", card("", "#cfcfcf", (18, 26), ground="#f4f4f4")),
        ("red_on_blue", card("", "#e02020", (20, 28), ground="#102080", weight="bold")), ("green_on_red", card("", "#20c020", (20, 28), ground="#900", weight="bold")),
        ("half", card("", "#fff", (20, 28), ground="linear-gradient(#0057b7 50%,#8a6d00 50%)", weight="bold")), ("vignette", card("", "#e8e8e8", (18, 26), ground="radial-gradient(#555,#000)")),
        ("rainbow", card("", "#fff", (22, 30), ground="linear-gradient(45deg,#c00,#c60,#080,#00c,#606)", weight="bold")), ("meme_a", meme), ("meme_b", meme), ("ransom", ransom),
        ("newspaper", newspaper(1200)), ("screen_uk_1366", screen(1366, 768, "uk")), ("screen_ru_1920", screen(1920, 1080, "ru")), ("screen_pl_1366", screen(1366, 768, "pl")),
        ("screen_en_1366", screen(1366, 768, "en")), ("replaced_1366", replaced(1366, 768)), ("replaced_1920", replaced(1920, 1080)), ("poster3", poster(3)), ("poster_5", poster(-5, **JPEG(50))), ("poster7", poster(7)),
        ("huge110", huge(110, "#fff")), ("huge230", huge(230, "#f22")), ("mixed_a", mixed), ("mixed_b", mixed),
        ("four_languages", card("", "#fff", (16, 22), ground="#000", languages=("en", "uk", "ru", "pl"))), ("english", card("", "#0f0", ground="#000", faces=MONO, languages=("en",))),
        ("ukrainian", card("", "#fff", (20, 30), ground="#022", languages=("uk",))), ("russian", card("", "#fff", (20, 30), ground="#200", languages=("ru",))), ("polish", card("", "#fff", (20, 30), ground="#202", languages=("pl",))),
        ("jpeg12", card("", "#fff", (20, 28), ground="#000", **JPEG(12))), ("jpeg25_serif", card("", "#111", (18, 24), faces=["PT Serif", "Charis SIL"], ground="#eed", **JPEG(25))),
        ("webp20", card("", "#fff", scene=clouds, weight="bold", size=(22, 28), format="webp", convert=["-quality", "20"])), ("gif8", card("", "#ff8", ground="linear-gradient(90deg,#200,#600)", format="gif", convert=["-colors", "8"])),
        ("palette", card("", "#fff", ground="#036", convert=["-colors", "16", "-type", "Palette"])), ("halved", card("", "#fff", (26, 32), ground="#000", format="jpg", convert=["-resize", "50%", "-quality", "80"])),
        ("doubled", card("", "#fff", (13, 15), ground="#300", convert=["-resize", "220%"])),
        ("notext_town", without_text(parts.town)), ("notext_bokeh", without_text(bokeh)), ("notext_clouds", without_text(clouds, 1920, 1080)), ("notext_grain", without_text(grain, 1200, 700)),
        ("notext_checks", without_text(checks, 1000, 600)), ("notext_stripes", without_text(stripes, 1000, 600, **JPEG(40))),
    ]
