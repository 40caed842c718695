#!/usr/bin/env python3
"""Renders pictures with known text in headless Chromium, for tests, tuning and the reported figures.

    tools/render_pictures/render.py tuning|hard|report FOLDER [--seed WORD] [--only NAME…]

Writes NN_style.png|jpg|gif|webp|tiff|bmp and NN_style.gt.txt (one line of text a line; empty for pictures without
text). The same set always says the same: the seed is the picture's name. Another word as seed draws
other wording, faces, sizes and grounds for every picture: a set that nobody has looked at. Needs chromium and ImageMagick's convert;
faces that are not installed fall back to what there is, so the list of faces used is printed at the end.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

import styles_hard
import styles_report
import styles_tuning

SETS = {"tuning": styles_tuning.pictures, "hard": styles_hard.pictures, "report": styles_report.pictures}


WINDOW_FRAME = 200  # pixels of height that a headless window may keep for itself


def screenshot(body, width, height, target):
    page = ("<!doctype html><meta charset=utf-8><style>html,body{margin:0;overflow:hidden}"
            f"body{{width:{width}px;height:{height}px;position:relative}}.t div{{white-space:nowrap}}</style>" + body)
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        "--force-device-scale-factor=1", f"--user-data-dir={folder}/profile",
                        f"--screenshot={target}", f"--window-size={width},{height + WINDOW_FRAME}",
                        "--default-background-color=00000000", source.as_uri()],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90)
    subprocess.run(["convert", str(target), "-crop", f"{width}x{height}+0+0", "+repage", str(target)], check=True)


def render(name, picture, folder):
    plain = folder / f"{name}.screen.png"
    screenshot(picture["body"], picture["width"], picture["height"], plain)
    target = folder / f"{name}.{picture.get('format', 'png')}"
    subprocess.run(["convert", str(plain), *picture.get("convert", []), str(target)], check=True)
    plain.unlink()
    (folder / f"{name}.gt.txt").write_text("".join(line + "\n" for line in picture["lines"]), encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("set", choices=SETS)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--seed", default="", help="draw the set anew")
    arguments.add_argument("--only", nargs="*", default=[])
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number, (style, make) in enumerate(SETS[options.set](), 1):
        name = f"{number:02}_{style}"
        if options.only and not any(part in name for part in options.only):
            continue
        render(name, make(random.Random(f"{options.set} {name}{options.seed}")), options.folder)
        print(name, file=sys.stderr)


if __name__ == "__main__":
    main()
