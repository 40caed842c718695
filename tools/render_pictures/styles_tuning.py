"""The pictures for tests and tuning."""
import parts
import wording
from parts import POLAND, UKRAINE, fill, flag, message, picture, text

FACES = ["DejaVu Sans", "Liberation Sans", "Liberation Serif", "Noto Sans", "Roboto", "PT Sans", "Open Sans",
         "Nimbus Sans", "DejaVu Serif", "Noto Serif"]
NARROW = ["Liberation Sans Narrow", "PT Sans Narrow", "Roboto Condensed", "DejaVu Sans Condensed"]
MONO = ["DejaVu Sans Mono", "Liberation Mono", "PT Mono", "Noto Sans Mono"]


def plain(ink, paper, size=(17, 26), faces=FACES, extra="", languages=parts.LANGUAGES, **rest):
    def make(dice):
        lines = message(dice, languages)
        pixels = dice.randrange(*size)
        body = fill(f"background:{paper}") + text(
            lines, f"position:absolute;left:{dice.randrange(20, 60)}px;top:{dice.randrange(20, 40)}px;color:{ink};"
                   f"font:{pixels}px/1.4 '{dice.choice(faces)}';{extra}")
        return picture(lines, body, max(500, int(pixels * 42)), int(pixels * 1.4 * len(lines)) + 80, **rest)
    return make


def on_photograph(effect, size=(22, 30), dark=0.25, frequency=0.012, scene="turbulence", weight="bold", **rest):
    def make(dice):
        lines = message(dice)
        pixels = dice.randrange(*size)
        width, height = pixels * 42, int(pixels * 1.45 * len(lines)) + 90
        ground = (parts.town(dice, width, height) if scene == "town"
                  else parts.turbulence(dice, width, height, frequency, dark))
        body = ground + text(lines, f"position:absolute;left:35px;top:40px;font:{weight} {pixels}px/1.45 "
                                    f"'{dice.choice(FACES)}';{effect}")
        return picture(lines, body, width, height, **rest)
    return make


def slanted(degrees, ink="#fff", paper="#000", photograph=False, **rest):
    def make(dice):
        lines = message(dice)
        pixels = dice.randrange(19, 27)
        width, height = pixels * 44, int(pixels * 1.45 * len(lines)) + 220
        ground = parts.turbulence(dice, width, height, dark=0.4) if photograph else fill(f"background:{paper}")
        body = ground + text(lines, f"position:absolute;left:50px;top:100px;color:{ink};font:bold {pixels}px/1.45 "
                                    f"'{dice.choice(FACES)}';transform:rotate({degrees}deg);transform-origin:40% 50%;"
                                    "text-shadow:0 0 3px #000")
        return picture(lines, body, width, height, **rest)
    return make


def huge(dice):
    words = [dice.choice(wording.MESSAGES[2][language]).split()[0] for language in ("uk", "ru", "pl")]
    pixels = dice.randrange(90, 190)
    body = fill("background:#000") + text(words, f"color:#f11;font:bold {pixels}px/1.2 '{dice.choice(FACES)}';padding:20px")
    return picture(words, body, 1366, 768)


def flags(side):
    def make(dice):
        lines = message(dice)
        left = 260 if side else 80
        top = 40 if side else 230
        body = (fill("background:#000") + flag(UKRAINE, 60, 40, 150, 100) +
                flag(POLAND, 60 if side else 260, 180 if side else 40, 150, 100) +
                text(lines, f"position:absolute;left:{left}px;top:{top}px;color:#fff;font:20px/1.45 '{dice.choice(FACES)}';"
                            "text-align:center"))
        return picture(lines, body, 1100, top + 29 * len(lines) + 40)
    return make


def page(width, language):
    def make(dice):
        menu, body_lines = wording.NAVIGATION[language], wording.MESSAGES[4][language] + wording.MESSAGES[6][language]
        face = dice.choice(FACES)
        body = (fill("background:#fff") +
                f'<div style="position:absolute;left:0;top:0;width:100%;height:56px;background:#fff;border-bottom:1px solid '
                f'#ccc;font:15px/56px \'{face}\';color:#222">' +
                "".join(f'<span style="margin-left:36px">{item}</span>' for item in menu) + "</div>" +
                '<div style="position:absolute;left:0;top:57px;width:100%;height:180px;background:#e7f1fb"></div>' +
                text(body_lines[:1], f"position:absolute;left:36px;top:90px;font:bold 26px/1.3 '{face}';color:#123") +
                text(body_lines[1:], f"position:absolute;left:36px;top:280px;font:15px/1.6 '{face}';color:#333"))
        return picture([" ".join(menu)] + body_lines, body, width, 768 if width == 1366 else 1080)
    return make


def mixed(dice):
    lines = dice.choice(wording.MIXED)
    body = fill("background:#000") + text(lines, f"color:#0f0;font:22px/1.5 '{dice.choice(MONO)}';padding:30px")
    return picture(lines, body, 900, 170)


def columns(dice):
    left, right = message(dice, ("uk",)), message(dice, ("ru",))
    style = "position:absolute;top:30px;font:16px/1.5 '%s';color:#ddd;left:%dpx"
    face = dice.choice(FACES)
    body = fill("background:#111") + text(left, style % (face, 30)) + text(right, style % (face, 560))
    return picture(left + right, body, 1100, 200)


def two_colours(dice):
    lines = message(dice)
    face = dice.choice(FACES)
    rows = []
    for line in lines:
        first, _, rest = line.partition(" ")
        rows.append(f'<div><span style="color:#f33">{first}</span> {rest or "&nbsp;"}</div>')
    body = fill("background:#000") + f'<div class=t style="position:relative;padding:30px;color:#fff;font:21px/1.45 \'{face}\'">' + "".join(rows) + "</div>"
    return picture(lines, body, 960, 30 * len(lines) + 80)


def without_text(kind):
    def make(dice):
        if kind == "town":
            return picture([], parts.town(dice, 1366, 768), 1366, 768)
        if kind == "flags":
            return picture([], fill("background:#fff") + flag(UKRAINE, 80, 80, 300, 200) + flag(POLAND, 480, 80, 300, 200), 900, 400)
        return picture([], parts.turbulence(dice, 1200, 700, 0.02), 1200, 700,
                       **({"format": "jpg", "convert": ["-quality", "60"]} if kind == "jpeg" else {}))
    return make


JPEG = lambda quality: {"format": "jpg", "convert": ["-background", "white", "-flatten", "-quality", str(quality)]}


def pictures():
    return [
        ("white_black", plain("#fff", "#000")), ("red_black", plain("#e11", "#000")),
        ("green_mono", plain("#0f0", "#000", faces=MONO)), ("black_white", plain("#000", "#fff")),
        ("grey_white", plain("#777", "#fff")), ("blue_white", plain("#00a", "#fff")),
        ("yellow_blue", plain("#ffd700", "#0057b7")), ("blue_yellow", plain("#0057b7", "#ffd700")),
        ("red_white", plain("#d00", "#fff")), ("dark_on_dark", plain("#333", "#111")),
        ("small11", plain("#000", "#fff", (11, 12))), ("small12", plain("#fff", "#000", (12, 13))),
        ("small13", plain("#ccc", "#222", (13, 14))), ("small12_jpeg", plain("#fff", "#000", (12, 14), **JPEG(50))),
        ("small14_jpeg", plain("#e22", "#000", (14, 16), **JPEG(35))), ("narrow", plain("#fff", "#000", faces=NARROW)),
        ("narrow_small", plain("#222", "#fff", (13, 16), faces=NARROW)), ("italic", plain("#fff", "#000", extra="font-style:italic")),
        ("italic_serif", plain("#222", "#fff", faces=["Liberation Serif", "Noto Serif"], extra="font-style:italic")),
        ("bold", plain("#fff", "#600", extra="font-weight:bold")), ("thin", plain("#fff", "#000", faces=["Roboto", "Noto Sans"], extra="font-weight:100")),
        ("spaced", plain("#fff", "#000", (15, 19), extra="letter-spacing:3px")), ("capitals", plain("#f00", "#000", (15, 20), extra="text-transform:none;font-variant:normal")),
        ("shadow", on_photograph("color:#fff;text-shadow:2px 2px 3px #000")), ("outline", on_photograph("color:#fff;-webkit-text-stroke:0.5px #000;text-shadow:1px 1px 0 #000,-1px 1px 0 #000,1px -1px 0 #000,-1px -1px 0 #000", dark=0)),
        ("outline_yellow", on_photograph("color:#fe0;text-shadow:2px 2px 0 #000,-2px 2px 0 #000,2px -2px 0 #000,-2px -2px 0 #000", dark=0, **JPEG(70))),
        ("photo_red", on_photograph("color:#f00", dark=0.55)), ("photo_plain", on_photograph("color:#fff", dark=0.5)),
        ("photo_dark_text", on_photograph("color:#000;text-shadow:0 0 4px #fff", dark=0, frequency=0.005)),
        ("town_white", on_photograph("color:#fff;text-shadow:0 0 5px #000", scene="town")), ("town_red", on_photograph("color:#f22;text-shadow:0 0 2px #000,0 0 6px #000", scene="town", **JPEG(40))),
        ("photo_jpeg20", on_photograph("color:#fff;text-shadow:2px 2px 2px #000", **JPEG(20))), ("panel", on_photograph("color:#fff;background:rgba(0,0,0,.6);padding:10px", dark=0)),
        ("glow_red", plain("#f22", "#000", (20, 26), extra="text-shadow:0 0 8px #f00,0 0 3px #f55")), ("glow_green", plain("#8f8", "#010", (20, 26), extra="text-shadow:0 0 10px #0f0")),
        ("slant2", slanted(2)), ("slant_4", slanted(-4, "#f22")), ("slant6", slanted(6)), ("slant_7", slanted(-7, "#0f0")),
        ("slant3_photo", slanted(3, photograph=True)), ("slant_5_jpeg", slanted(-5, **JPEG(30))),
        ("huge_a", huge), ("huge_b", huge), ("flags_above", flags(False)), ("flags_beside", flags(True)),
        ("page_uk_1366", page(1366, "uk")), ("page_ru_1920", page(1920, "ru")), ("page_pl_1366", page(1366, "pl")), ("page_en_1920", page(1920, "en")),
        ("mixed_a", mixed), ("mixed_b", mixed), ("mixed_c", mixed), ("columns_a", columns), ("columns_b", columns),
        ("two_colours", two_colours), ("gradient_text", plain("#fff", "linear-gradient(90deg,#000,#a00)")),
        ("gradient_wide", plain("#000", "linear-gradient(90deg,#fff,#777)")), ("gif", plain("#f44", "#000", format="gif", convert=["-colors", "32"])),
        ("webp", plain("#fff", "#111", format="webp", convert=["-quality", "30"])), ("tiff", plain("#000", "#ffe", format="tiff")),
        ("bmp", plain("#fff", "#003", format="bmp", convert=["-background", "white", "-flatten"])), ("jpeg10", plain("#fff", "#000", **JPEG(10))), ("jpeg15_red", plain("#f22", "#000", **JPEG(15))),
        ("uk_only", plain("#fff", "#000", languages=("uk",))), ("ru_only", plain("#fff", "#000", languages=("ru",))), ("pl_only", plain("#fff", "#000", languages=("pl",))), ("en_only", plain("#fff", "#000", languages=("en",))),
        ("four", plain("#eee", "#222", languages=("uk", "en", "ru", "pl"))),
        ("blurred", plain("#fff", "#000", (22, 28), **{"format": "jpg", "convert": ["-resize", "50%", "-quality", "70"]})),
        ("enlarged", plain("#fff", "#000", (14, 16), convert=["-filter", "Triangle", "-resize", "200%"])),
        ("notext_town", without_text("town")), ("notext_flags", without_text("flags")), ("notext_clouds", without_text("png")), ("notext_jpeg", without_text("jpeg")),
    ]
