"""Pieces that the styles are put together from: blocks of text, backgrounds, flags."""
import html

from wording import MESSAGES

LANGUAGES = ("uk", "ru", "pl")


def message(dice, languages=LANGUAGES, most=4):
    """Lines of one message in each of the languages, an empty line between two languages."""
    chosen = dice.choice(MESSAGES)
    lines = []
    for language in languages:
        lines += chosen[language][:most] + [""]
    return lines[:-1]


def text(lines, style, line_style=None):
    """A block of lines; `line_style` gives the style of a line by its number."""
    rows = []
    for number, line in enumerate(lines):
        extra = line_style(number) if line_style else ""
        rows.append(f'<div style="{extra}">{html.escape(line) or "&nbsp;"}</div>')
    return f'<div class=t style="position:relative;{style}">' + "".join(rows) + "</div>"


def picture(lines, body, width, height, **rest):
    return dict(lines=[line for line in lines if line.strip()], body=body, width=width, height=height, **rest)


def fill(css):
    return f'<div style="position:absolute;inset:0;{css}"></div>'


def turbulence(dice, width, height, frequency=0.012, dark=0.0, kind="turbulence"):
    """A photograph of nothing: coloured turbulence with the contrast and the grain of a picture."""
    return (f'<svg style="position:absolute;left:0;top:0" width={width} height={height}><filter id=f x=0 y=0 '
            f'width="100%" height="100%"><feTurbulence type="{kind}" baseFrequency="{frequency}" numOctaves=5 '
            f'seed={dice.randrange(9999)} /><feColorMatrix values="1.6 0 0 0 -0.1  0 1.6 0 0 -0.1  0 0 1.6 0 -0.1  '
            f'0 0 0 0 1"/></filter><rect width="100%" height="100%" filter="url(#f)"/></svg>'
            + fill(f"background:rgba(0,0,0,{dark})"))


def town(dice, width, height):
    """A skyline with lit windows and a few hills: edges and corners that are no letters."""
    out = [fill("background:linear-gradient(#24304a,#8d6a58 70%,#2a2622)")]
    x = -20
    while x < width:
        wide, high = dice.randrange(40, 130), dice.randrange(60, height * 2 // 3)
        shade = dice.randrange(15, 60)
        out.append(f'<div style="position:absolute;left:{x}px;bottom:0;width:{wide}px;height:{high}px;'
                   f'background:rgb({shade},{shade},{shade + 12})"></div>')
        for _ in range(wide * high // 700):
            left, up = x + dice.randrange(4, wide - 6), dice.randrange(6, high - 8)
            out.append(f'<div style="position:absolute;left:{left}px;bottom:{up}px;width:5px;height:7px;'
                       f'background:rgb({dice.randrange(120, 255)},{dice.randrange(100, 220)},90)"></div>')
        x += wide - dice.randrange(0, 15)
    return "".join(out)


def flag(colours, left, top, width, height, struck=True):
    stripe = height // len(colours)
    rows = "".join(f'<div style="height:{stripe}px;background:{colour}"></div>' for colour in colours)
    cross = ('<div style="position:absolute;left:-10%;top:46%;width:120%;height:8%;background:#c00;'
             'transform:rotate(35deg)"></div><div style="position:absolute;left:-10%;top:46%;width:120%;height:8%;'
             'background:#c00;transform:rotate(-35deg)"></div>') if struck else ""
    return f'<div style="position:absolute;left:{left}px;top:{top}px;width:{width}px;overflow:hidden">{rows}{cross}</div>'


UKRAINE, POLAND = ("#0057b7", "#ffd700"), ("#fff", "#dc143c")
