#!/usr/bin/env python3
"""Pictures through the real helper in its cage: every format against exact text, the drawing of what was read, and pictures made to
hurt, each of which ends in a named outcome while the picture beside it is read."""
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import time
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, ROOT, SANITIZED, Case, main, wait_until  # noqa: E402

PICTURES = ROOT / "tests" / "pictures"
TEXT = (PICTURES / "text.txt").read_text(encoding="utf-8").rstrip("\n")
TESSDATA = [pathlib.Path("/usr/share/tesseract-ocr/5/tessdata"), pathlib.Path("/usr/share/tessdata")]
PAINTS = {"uk": (0, 140, 255), "ru": (255, 60, 60), "pl": (230, 0, 230)}  # src/pipeline/ocr/overlay.c


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def zeros(megabytes):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def pixels(data):
    """(width, height, rows of (red, green, blue)) of an 8-bit RGB or RGBA PNG without interlacing."""
    at, idat = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        idat += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    assert depth == 8 and colour in (2, 6)
    step = 3 if colour == 2 else 4
    raw, before, rows = zlib.decompress(idat), bytearray(width * step), []
    for y in range(height):
        kind, row = raw[y * (width * step + 1)], bytearray(raw[y * (width * step + 1) + 1:(y + 1) * (width * step + 1)])
        for x in range(len(row)):
            left, up, corner = row[x - step] if x >= step else 0, before[x], before[x - step] if x >= step else 0
            guess = left + up - corner
            paeth = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            row[x] = (row[x] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        rows.append([tuple(row[x:x + 3]) for x in range(0, len(row), step)])
        before = row
    return width, height, rows


def is_alive(pid):
    """Of a helper: a process that has ended and was not yet collected by its new parent is gone."""
    try:
        name, state = re.search(r"\((.*)\) (.)", pathlib.Path(f"/proc/{pid}/stat").read_text()).groups()
    except OSError:
        return False
    return name == "varta-ocr" and state != "Z"


class Pictures(Case):
    def ocr(self, *arguments, code=0):
        out, err = self.varta("ocr", "--json", *arguments, code=code)
        return [json.loads(line) for line in out.splitlines()], err

    def put(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def test_every_format_in_the_order_of_the_arguments(self):
        names = sorted(path.name for path in PICTURES.iterdir() if path.suffix not in (".py", ".txt") and path.name not in ("no_text.jpg", "tiles.tiff", "tails.png"))
        self.assertGreaterEqual({pathlib.Path(name).suffix for name in names}, {".png", ".jpg", ".gif", ".webp", ".tiff", ".bmp"})
        names = names[::-1] + ["no_text.jpg"]
        results, err = self.ocr(*(PICTURES / name for name in names))
        self.assertEqual([pathlib.Path(result["file"]).name for result in results], names)
        for result in results[:-1]:
            self.assertEqual(result["text"], TEXT, result["file"])
            self.assertEqual([line["language"] for line in result["lines"]], ["uk", "ru", "pl"])
        self.assertEqual((results[-1]["text"], err), ("", ""))

    def test_the_sample_message_in_its_three_languages(self):
        results, _ = self.ocr(ROOT / "samples/night/night/osvita.uriad.localhost/1.png")
        lines = [line for line in results[0]["lines"] if not line.get("doubtful")]
        languages = [line["language"] for line in lines if len(line["text"]) > 20]
        self.assertEqual(sorted(set(languages), key=languages.index), ["uk", "ru", "pl"])
        self.assertEqual(languages, sorted(languages, key=["uk", "ru", "pl"].index))

    def test_the_drawing_frames_each_line_in_its_language_s_colour(self):
        source, target = PICTURES / "truecolour.png", self.folder / "seen.png"
        results, _ = self.ocr("--overlay", target, source)
        width, height, drawn = pixels(target.read_bytes())
        self.assertEqual([width, height], results[0]["size"])
        for line in results[0]["lines"]:
            x, y, wide, _ = line["box"]
            row = drawn[y - 2][x:x + wide]
            self.assertEqual(set(row), {PAINTS[line["language"]]}, line["text"])
        painted = sum(pixel in PAINTS.values() for row in drawn for pixel in row)
        self.assertLess(painted, width * height * 0.2)
        out, _ = self.varta("ocr", "--overlay", target, source)
        self.assertEqual([line.split()[0] for line in out.splitlines()], ["1", "2", "3"])

    def test_drawings_that_cannot_be(self):
        one = PICTURES / "truecolour.png"
        self.assertIn("one picture", self.varta("ocr", "--overlay", self.folder / "x.png", one, one, code=2)[1])
        self.assertIn("cannot write", self.varta("ocr", "--overlay", self.folder / "no/x.png", one, code=3)[1])
        mine = self.folder / "mine.png"
        mine.write_bytes(one.read_bytes())
        self.assertIn("over the picture itself", self.varta("ocr", "--overlay", mine, mine, code=2)[1])
        self.assertEqual(mine.read_bytes(), one.read_bytes())

    def test_words_that_make_no_sense_are_usage(self):
        one = PICTURES / "grey.png"
        for words, said in (["--models", "ukr/../x"], "--models takes"), (["--models", "ukr++rus"], "--models takes"), (["--models", ""], "--models takes"), \
                (["--models", "+".join(["eng"] * 9)], "up to 8 names"), (["--tessdata", self.folder / "none"], "is none"), (["--tessdata", one], "is none"), \
                (["--overlay", "-"], "needs the name of a file"), (["--overlay", ""], "needs the name of a file"), \
                (["--overlay=/x.png", "-q.png"], "no option -. (in -q.png; a file of that name is ./-q.png)"):
            self.assertIn(said, self.varta("ocr", *words, one, code=2)[1], words)

    def test_a_fifo_without_a_writer_is_no_picture(self):
        os.mkfifo(self.folder / "fifo")
        results, _ = self.ocr(self.folder / "fifo", code=3)
        self.assertEqual(results[0]["outcome"], "not-picture")

    def test_sizes_are_told_as_they_are_in_the_file(self):
        results, _ = self.ocr(self.put("large.png", png(0xFFFFFFFF, 3000000000)), code=3)
        self.assertEqual(results[0]["size"], [0xFFFFFFFF, 3000000000])

    def test_models_that_are_missing_are_named_with_their_package(self):
        out, err = self.varta("ocr", "--models", "ukr+rus+pol+xyz", PICTURES / "grey.png")
        self.assertIn("install tesseract-ocr-xyz,", err)
        self.assertEqual(out.rstrip("\n"), TEXT)
        out, err = self.varta("ocr", "--tessdata", self.folder, PICTURES / "grey.png", code=3)
        self.assertIn("install tesseract-ocr-ukr tesseract-ocr-rus tesseract-ocr-pol tesseract-ocr-eng,", err)
        self.assertIn("no recognition model is installed", err)
        (self.folder / "ukr.traineddata").write_bytes(b"no model" * 100)
        err = self.varta("ocr", "--tessdata", self.folder, PICTURES / "grey.png", code=3)[1]
        self.assertIn("no picture is read: missing, damaged,", err)
        self.assertNotIn("install tesseract", err)

    def test_models_that_are_damaged_are_left_out_and_the_others_read(self):
        good = next((path for path in TESSDATA if (path / "ukr.traineddata").exists()), None)
        if good is None:
            self.skipTest("no models are installed")
        for name in ("ukr", "rus"):
            (self.folder / f"{name}.traineddata").symlink_to(good / f"{name}.traineddata")
        whole = (good / "pol.traineddata").read_bytes()
        network = struct.unpack_from("<Q", whole, 4 + 17 * 8)[0]
        polish, english = self.folder / "pol.traineddata", self.folder / "eng.traineddata"
        polish.write_bytes(whole[:network] + b"\xff" * 24 + whole[network + 24:])
        os.mkfifo(english)
        for _ in range(3):
            out, err = self.varta("ocr", "--tessdata", self.folder, PICTURES / "grey.png")
            self.assertIn("too large or not to be read: pol.traineddata eng.traineddata", err)
            self.assertNotIn("install", err)
            self.assertEqual(out.splitlines()[:2], TEXT.splitlines()[:2])
            english.unlink()
            if polish.stat().st_size == len(whole):
                polish.write_bytes(whole[:len(whole) // 2])
                english.symlink_to("/dev/zero")
            else:
                english.touch()
                os.truncate(english, (128 << 20) + 1)

    def test_a_line_too_wide_to_be_read_whole_is_told(self):
        width, height, rows = pixels((PICTURES / "truecolour.png").read_bytes())
        line = self.ocr(PICTURES / "truecolour.png")[0][0]["lines"][0]
        x, y, wide, high = line["box"]
        for times, code in ((1, 0), (30, 3)):
            data = b"".join(b"\0" + b"".join(map(bytes, row[x - 6:x + wide + 2])) * times for row in rows[max(y - 8, 0):y + high + 8])
            size = (len(data) // len(rows[max(y - 8, 0):y + high + 8]) - 1) // 3
            path = self.put(f"wide{times}.png", png(size, len(rows[max(y - 8, 0):y + high + 8]), chunk(b"IDAT", zlib.compress(data))))
            _, err = self.ocr(path, code=code)
            self.assertEqual("not all of its lines were read" in err, code == 3, (size, err))

    def test_pictures_made_to_hurt_end_in_a_named_outcome(self):
        good, rows = (PICTURES / "truecolour.png").read_bytes(), zlib.compress(bytes(1000))
        cases = [
            ("billion_pixels.png", png(32767, 32767), "picture-too-large"),
            ("huge_canvas.gif", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\1\0\0;", "picture-too-large"),
            ("zlib_bomb.png", png(4000, 4000, chunk(b"IDAT", zeros(600))), None),
            ("text_bomb.png", png(100, 100, chunk(b"zTXt", b"a\0\0" + zeros(600)), chunk(b"IDAT", zlib.compress(bytes(30100)))), None),
            ("too_few_rows.png", png(2000, 2000, chunk(b"IDAT", rows)), "picture-damaged"),
            ("lying_width.png", good[:16] + struct.pack(">I", 4000) + good[20:], None),
            ("cut.png", good[:100], "picture-damaged"),
            ("tiles.tiff", (PICTURES / "tiles.tiff").read_bytes(), "picture-format"),
            ("polyglot.gif", b"GIF89a<svg><script>" + good, "picture-damaged"),
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-format"),
            ("new.avif", b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf" + bytes(100), "picture-format"),
            ("page.png", b"<!doctype html><p>no picture", "not-picture"),
            ("empty.png", b"", "not-picture"),
        ]
        paths = [self.put(name, data) for name, data, _ in cases]
        start = time.monotonic()
        results, _ = self.ocr(*paths, PICTURES / "grey.png", code=3)
        self.assertLess(time.monotonic() - start, 120)
        self.assertEqual(results[-1]["text"], TEXT)
        for (name, _, outcome), result in zip(cases, results):
            said = result.get("outcome")
            self.assertTrue(said == outcome or (outcome is None and said in (None, "picture-damaged", "helper-limit")), (name, said))
            self.assertEqual(result["text"], "", name)

    def test_a_file_that_breaks_off_is_read_as_far_as_it_came_and_told(self):
        for name in "truecolour.png", "baseline.jpg", "still.gif", "still.webp":
            data = (PICTURES / name).read_bytes()
            results, err = self.ocr(self.put(name, data[:len(data) * 7 // 10]), PICTURES / "grey.png", code=3)
            self.assertTrue(results[0]["damaged"], name)
            self.assertIn(TEXT.split("\n")[0], results[0]["text"], name)
            self.assertNotIn("damaged", results[1])
            self.assertIn(name + ": the file is damaged or breaks off", err)

    @unittest.skipIf(SANITIZED, "AddressSanitizer's search for leaks forks a child of its own in each helper")
    def test_one_child_a_picture_and_all_gone_afterwards(self):
        files = [PICTURES / "baseline.jpg"] * 12
        at_work = os.cpu_count() + 1  # while one's answer is taken another one is read
        process = subprocess.Popen([BUILD / "varta", "ocr", *files], env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        templates, children = set(), set()

        def of(pid):
            try:
                return set(map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
            except OSError:
                return set()

        while process.poll() is None:
            templates |= of(process.pid)
            now = set().union(*(of(pid) for pid in templates), set())
            self.assertLessEqual(len(now), 2 * at_work)  # and those that have answered and end
            children |= now
            time.sleep(0.002)
        self.assertEqual((process.returncode, len(templates), len(children)), (0, 1, len(files)))
        wait_until(lambda: not any(map(is_alive, templates | children)), what="the end of all helpers")


if __name__ == "__main__":
    main()
