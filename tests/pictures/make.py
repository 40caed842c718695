#!/usr/bin/env python3
"""Makes the pictures of the unit tests again: one text in every format that is read.

    tests/pictures/make.py [FOLDER]

Needs chromium and ImageMagick. The pictures are kept in the tree, so nobody needs to run this to run the tests.
"""
import pathlib
import struct
import subprocess
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "render_pictures"))
import parts
import render

LINES = ["Їжак знайшов ставок біля лісу", "Мы ищем объявление об этом сыре", "Zażółć gęślą jaźń w środę rano"]
STYLE = "position:absolute;left:16px;top:12px;font:20px/1.6 'DejaVu Sans';"


def page(folder, name, ink, ground, lines=LINES, face="'DejaVu Sans'"):
    style = STYLE.replace("'DejaVu Sans'", face)
    body = (parts.fill(f"background:{ground}") if ground else "") + parts.text(lines, style + f"color:{ink}")
    target = folder / name
    render.screenshot(body, 420, 124, target)
    return target


def convert(*arguments):
    subprocess.run(["convert", *map(str, arguments)], check=True)


def turn_by_exif(source, target, orientation):
    """A JPEG whose EXIF block says how to turn it; the pixels stay as they are."""
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    data = source.read_bytes()
    target.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])


def png_turned_by_exif(source, folder, target, orientation):
    """A PNG with the same block in front of its pixels."""
    convert(source, "PNG24:" + str(folder / "stored.tmp.png"))
    body = b"eXIf" + b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    data = (folder / "stored.tmp.png").read_bytes()
    target.write_bytes(data[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:])


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    folder.mkdir(parents=True, exist_ok=True)
    plain = page(folder, "plain.tmp.png", "#fff", "#102030")
    convert(plain, "-type", "TrueColor", "-depth", "8", "PNG24:" + str(folder / "truecolour.png"))
    convert(plain, "-depth", "16", "-define", "png:color-type=2", "-define", "png:bit-depth=16", folder / "sixteen_bit.png")
    convert(plain, "-colors", "16", "-type", "Palette", "PNG8:" + str(folder / "palette.png"))
    convert(plain, "-colorspace", "Gray", folder / "grey.png")
    convert(plain, "-interlace", "PNG", folder / "interlaced.png")
    convert(plain, "-quality", "80", folder / "baseline.jpg")
    convert(plain, "-quality", "80", "-interlace", "JPEG", folder / "progressive.jpg")
    convert(plain, "-quality", "85", "-colorspace", "CMYK", folder / "cmyk.jpg")
    convert(plain, "-quality", "75", folder / "still.webp")
    convert(plain, "-compress", "LZW", folder / "lzw.tiff")
    convert(plain, "-colors", "16", "-type", "Palette", "BMP3:" + str(folder / "palette.bmp"))
    convert(plain, "-colors", "32", folder / "still.gif")
    convert(plain, "-rotate", "270", "-quality", "85", folder / "turned.tmp.jpg")
    turn_by_exif(folder / "turned.tmp.jpg", folder / "turned.jpg", 6)
    png_turned_by_exif(folder / "turned.tmp.jpg", folder, folder / "turned.png", 6)
    convert(plain, "-rotate", "90", "-compress", "LZW", "-orient", "LeftBottom", folder / "turned.tiff")
    convert(plain, "-compress", "Zip", "-define", "tiff:tile-geometry=128x128", folder / "tiles.tiff")
    convert(plain, "-colors", "16", "-type", "Palette", "BMP2:" + str(folder / "os2.bmp"))
    convert(plain, "-colors", "32", "-type", "Palette", "-compress", "RLE", folder / "runs.bmp")
    tails = page(folder, "tails.tmp.png", "#cfcfcf", "#f4f4f4", ["Оновлюй програми вчасно, друже :)"], "'Open Sans'")
    convert(tails, "-strip", folder / "tails.png")
    white = page(folder, "white.tmp.png", "#fff", None)
    convert(white, folder / "white_on_nothing.png")
    black = page(folder, "black.tmp.png", "#000", None)
    convert(black, folder / "black_on_nothing.png")
    empty = page(folder, "empty.tmp.png", "#fff", "#102030", [])
    convert("-delay", "50", empty, plain, "-colors", "32", folder / "text_comes_last.gif")
    convert("-delay", "50", empty, plain, "-quality", "75", folder / "text_comes_last.webp")
    convert(empty, "-quality", "80", folder / "no_text.jpg")
    for leftover in folder.glob("*.tmp.*"):
        leftover.unlink()
    (folder / "text.txt").write_text("".join(line + "\n" for line in LINES), encoding="utf-8")


main()
