#!/usr/bin/env python3
"""Draws docs/pictures/terminal-*.png: what varta really prints on a terminal of 80 columns, with its colours and pictures, as a browser
shows it. Usage: draw.py FOLDER (VARTA_BUILD names the build). Needs chromium, nginx and convert of ImageMagick."""
import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import devtools  # noqa: E402
from scene import BUILD, ROOT, free_port  # noqa: E402
from terminal import Terminal  # noqa: E402
from test_terminal import LIKE_XTERM  # noqa: E402

COLOURS = {"30": "#15191e", "31": "#ff6b68", "32": "#7ec16e", "33": "#f0c05a", "34": "#6fb1ff", "35": "#c9a2f2", "36": "#5cc9c9", "37": "#e6e9ed"}
PAGE = """<!doctype html><meta charset=utf-8><style>body {{ margin: 0; background: #15191e; }} pre {{ margin: 0; padding: 18px 22px; width: 80ch; color: #d5dae0;
font: 15px/1.35 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }} img {{ display: block; width: {wide}ch; margin: 4px 0; }}
b {{ font-weight: 700; }}</style><pre>{text}</pre>"""
HOSTS = ("osvita", "energo", "visnyk", "podatky", "arkhiv")


def to_html(text):
    """Colours and pictures of a terminal's output; anything else that steers must not be in it."""
    out, open_tags, wide = [], 0, 40
    text = re.sub(r"\r\[[#.]+\][^\r\n]*|\r\x1b\[K|\r(?=\n)", "", text)
    for plain, codes, size, picture in re.findall(r"([^\x1b]+)|\x1b\[([0-9;]*)m|\x1b\]1337;File=[^:]*width=(\d+):([A-Za-z0-9+/=]+)\x07|\x1b\[K", text):
        if plain:
            out.append(html.escape(plain))
        elif picture:
            wide = int(size)
            out.append(f'<img src="data:image/png;base64,{picture}">')
        elif codes in ("0", ""):
            out.append("</span>" * open_tags)
            open_tags = 0
        else:
            parts = codes.split(";")
            style = "".join(f"color:{COLOURS[one]};" for one in parts if one in COLOURS)
            style += "font-weight:700;" * ("1" in parts) + "opacity:.65;" * ("2" in parts) + "text-decoration:underline;" * ("4" in parts)
            out.append(f'<span style="{style}">')
            open_tags += 1
    return PAGE.format(text="".join(out), wide=wide)


def draw(name, command, text, folder):
    prompt = f"\x1b[2m$\x1b[0m \x1b[1m{command}\x1b[0m\n"
    browser = devtools.Browser()
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
            file.write(to_html(prompt + text))
            file.flush()
            tab = devtools.Tab(browser, width=780, height=600)
            tab.go(pathlib.Path(file.name).as_uri())
            size = tab.eval("[Math.ceil(document.querySelector('pre').getBoundingClientRect().width), Math.ceil(document.querySelector('pre').getBoundingClientRect().height)]")
            tab.size(*size)
            tab.picture(folder / f"{name}.png")
    finally:
        browser.close()
    subprocess.run(["convert", folder / f"{name}.png", "-colors", "200", "-strip", folder / f"{name}.png"], check=True)


def check(run):
    """The sample night, as a table."""
    serve, store, first, second = ROOT / "samples/night/serve.sh", run / "pages.db", free_port(), free_port()
    urls = [f"http://{host}.uriad.localhost:{first}/" for host in HOSTS]
    subprocess.run([serve, "start", run / "web", str(first), str(second), "evening"], check=True, capture_output=True)
    try:
        subprocess.run([BUILD / "varta", "check", "-q", "--store", store, "--learn", *urls], check=True)
        subprocess.run([serve, "show", run / "web", "night"], check=True, capture_output=True)
        _, seen = Terminal().run([BUILD / "varta", "check", "--store", store, *urls], LIKE_XTERM)
    finally:
        subprocess.run([serve, "stop", run / "web"], check=True, capture_output=True)
    return seen.decode().replace(f":{first}", "")


def show():
    """The head of one incident, with its picture."""
    _, seen = Terminal().run([BUILD / "varta", "show", "--pictures", "iterm2", "--evidence", ROOT / "tests/evidence", "--control", "/nonexistent", "17"], LIKE_XTERM)
    text = seen.decode().replace("\r\n", "\n")
    return text[:text.index("\x07", text.index("\x1b]1337;")) + 1]


def main(folder):
    with tempfile.TemporaryDirectory() as run:
        os.chmod(run, 0o755)
        draw("terminal-check", "varta check --store pages.db -f pages.txt", check(pathlib.Path(run)), folder)
    draw("terminal-show", "varta show 17", show(), folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
