"""The hard kinds in number, for tuning: outlines over photographs, recompressed red, two scripts in a line, short words.

Each kind stands here several times with other faces, sizes and grounds, for one picture of a kind tells luck from skill badly.
"""
import parts
import styles_tuning as tuning
from parts import fill, message, picture, text
from styles_tuning import JPEG, MONO, on_photograph, plain

# Names, addresses and terms in the other script, as messages and notices have them.
TWO_SCRIPTS = [
    ["CERT-UA попереджає: не відкривайте вкладень", "Сайт minister.gov.ua не працює", "Пишіть нам у Telegram або Signal",
     "Файли зашифровано, пошта admin@vidpovid.org", "Windows Server давно не оновлювали", "Група Red Bear вітає вас"],
    ["Взломано командой Night Crew", "Ваш сервер Apache устарел", "Пишите на адрес pay@zaplati.net сегодня",
     "Пароль root знает каждый", "Данные NATO и EU теперь у нас", "Смотрите http://utechka.info завтра"],
    ["Atak grupy Чорний ранок na urząd", "Hasło admin zna już каждый школьник", "Zespół CERT Polska milczy",
     "Podpis: Сірий вовк", "Слава героям, pozdrawiamy Warszawę", "Koniec, конец, кінець, the end"],
    ["Owned by Степові вовки", "Greetings to all, вітання всім", "Security is zero, захисту нема",
     "We are Тихий гром", "All your data: паспорти, адреси, рахунки", "See you soon, до зустрічі"],
    ["Defaced by Серый дождь", "Сайт взломан, site is down", "Привет от Black Fox и White Owl", "Все файлы в архиве backup.zip",
     "Это не игра, this is war", "Мы читали ваш e-mail"],
]


def two_scripts(ink, paper, faces=tuning.FACES, size=(17, 26), **rest):
    def make(dice):
        lines = dice.choice(TWO_SCRIPTS)
        pixels = dice.randrange(*size)
        body = fill(f"background:{paper}") + text(
            lines, f"position:absolute;left:35px;top:28px;color:{ink};font:{pixels}px/1.5 '{dice.choice(faces)}'")
        return picture(lines, body, pixels * 34, int(pixels * 1.5 * len(lines)) + 60, **rest)
    return make


def bright(dice, width, height):
    """A photograph of loud small things: leaves, crowds, gravel."""
    return parts.turbulence(dice, width, height, dice.choice((0.02, 0.035, 0.05)), 0)


def over(scene, effect, size=(20, 34), **rest):
    def make(dice):
        lines = message(dice, most=3)
        pixels = dice.randrange(*size)
        width, height = pixels * 42, int(pixels * 1.45 * len(lines)) + 90
        body = scene(dice, width, height) + text(
            lines, f"position:absolute;left:35px;top:40px;font:{dice.choice(('bold', '900', '600'))} {pixels}px/1.45 "
                   f"'{dice.choice(tuning.FACES)}';{effect}")
        return picture(lines, body, width, height, **rest)
    return make


def rim(width, colour):
    """The classic outline of captions: the letters' shadow in eight directions."""
    steps = [(x, y) for x in (-width, 0, width) for y in (-width, 0, width) if x or y]
    return "text-shadow:" + ",".join(f"{x}px {y}px 0 {colour}" for x, y in steps)


def caption(dice):
    """One line above and one below, as in pictures made to be passed on."""
    upper, lower = message(dice, ("uk",))[0], message(dice, ("pl",))[0]
    style = (f"position:absolute;left:0;width:100%;text-align:center;color:#fff;font:bold 32px/1.2 '{dice.choice(tuning.NARROW)}';"
             + rim(2, "#000") + ";")
    body = parts.town(dice, 960, 600) + text([upper], style + "top:18px") + text([lower], style + "bottom:18px")
    return picture([upper, lower], body, 960, 600, format="jpg", convert=["-quality", str(dice.choice((60, 75, 85)))])


def lights(dice, width, height):
    """Lamps in the night, out of focus."""
    out = [fill("background:#100c18")]
    for _ in range(60):
        size = dice.randrange(20, 140)
        out.append(f'<div style="position:absolute;left:{dice.randrange(-60, width)}px;top:{dice.randrange(-60, height)}px;width:{size}px;'
                   f'height:{size}px;border-radius:50%;filter:blur({dice.randrange(0, 12)}px);background:hsla({dice.randrange(360)},80%,60%,.5)"></div>')
    return "".join(out)


def gaps(pixels, faces=tuning.FACES):
    return plain("#eee", "#111", (14, 22), faces=faces, extra=f"word-spacing:{pixels}px")


def pictures():
    out = []
    for width in (1, 2, 3):
        for name, scene in (("bright", bright), ("town", parts.town)):
            out += [(f"rim{width}_white_{name}", over(scene, "color:#fff;" + rim(width, "#000"))),
                    (f"rim{width}_yellow_{name}_jpeg", over(scene, "color:#fe0;" + rim(width, "#000"), **JPEG(55))),
                    (f"rim{width}_black_{name}", over(scene, "color:#111;" + rim(width, "#fff")))]
    out += [("stroke_white", over(bright, "color:#fff;-webkit-text-stroke:1px #000")), ("stroke_red", over(bright, "color:#f00;-webkit-text-stroke:1px #000")),
            ("hollow", over(parts.town, "color:transparent;-webkit-text-stroke:1.5px #fff", (28, 40)))]
    out += [(f"caption_{letter}", caption) for letter in "abcd"]
    out += [(f"red_jpeg{quality}", plain("#f22", "#000", (14, 24), **JPEG(quality))) for quality in (15, 20, 25, 30, 35, 40)]
    out += [(f"dark_red_jpeg{quality}", plain("#b00", "#000", (16, 26), **JPEG(quality))) for quality in (25, 40)]
    out += [(f"lights_red_jpeg{quality}", over(lights, "color:#f33;text-shadow:0 0 3px #000", **JPEG(quality))) for quality in (35, 50, 70)]
    out += [("lights_red", over(lights, "color:#f33")), ("lights_white", over(lights, "color:#fff;font-weight:normal"))]
    out += [(f"two_scripts_{index}", two_scripts(*colours)) for index, colours in enumerate(
        (("#fff", "#000"), ("#000", "#fff"), ("#f22", "#000"), ("#0f0", "#000", MONO), ("#333", "#eee"), ("#fff", "#036"), ("#ff0", "#111"), ("#eee", "#222", MONO)))]
    out += [("two_scripts_jpeg", two_scripts("#fff", "#000", **JPEG(40))), ("two_scripts_small", two_scripts("#111", "#fff", size=(12, 14)))]
    out += [(f"gaps{pixels}", gaps(pixels)) for pixels in (4, 8, 12, 18)] + [(f"gaps_mono{pixels}", gaps(pixels, MONO)) for pixels in (0, 6)]
    out += [("huge_a", tuning.huge), ("huge_b", tuning.huge), ("underlined", plain("#fff", "#000", extra="text-decoration:underline")),
            ("underlined_blue", plain("#00c", "#fff", extra="text-decoration:underline"))]
    return out
