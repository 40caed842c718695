#!/usr/bin/env python3
"""varta on a terminal of its own: tables within 80 columns, progress with a rate and the time left, colours only where they are wanted,
and pictures by the protocol that the terminal says it has."""
import base64
import os
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from scene import BUILD, ENVIRONMENT, ROOT, SANITIZED, Case, main  # noqa: E402
from terminal import Terminal  # noqa: E402
from texts import defaced, ministry  # noqa: E402

KITTY_ASKS = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c"
KITTY = {KITTY_ASKS: b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c"}
SIXEL = {KITTY_ASKS: b"\x1b[?62;4;22c"}
PLAIN = {KITTY_ASKS: b"\x1b[?62;22c"}
PNG = (ROOT / "tests/evidence/00000017/confirmed-1.png").read_bytes()
LIKE_XTERM = {key: value for key, value in ENVIRONMENT.items() if key not in ("NO_COLOR", "TERM_PROGRAM", "LC_TERMINAL")} | {"TERM": "xterm-256color"}


def without_sequences(text):
    text = re.sub(r"\x1b[_P].*?\x1b\\|\x1b\][^\x07]*\x07", "", text, flags=re.S)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def pixels_of(data):
    """Reads sixel back, by its own rules: {(x, y): (red, green, blue)} in percent, and the size it announces."""
    body = re.fullmatch(rb"\x1bP0;1q(.*)\x1b\\", data, re.S)[1].decode("ascii")
    wide, high = map(int, re.match(r'"1;1;(\d+);(\d+)', body).groups())
    palette, picture, colour, x, y = {}, {}, None, 0, 0
    for number, red, green, blue, select, repeat, sign, mark in re.findall(
            r'#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|(?:!(\d+))?([?-~])|([$-])', body[body.index("#"):]):
        if number:
            palette[int(number)] = (int(red), int(green), int(blue))
        elif select:
            colour = int(select)
        elif mark:
            x, y = 0, y + (6 if mark == "-" else 0)
        elif sign:
            for _ in range(int(repeat or 1)):
                for bit in range(6):
                    if (ord(sign) - 63) >> bit & 1:
                        picture[x, y + bit] = palette[colour]
                x += 1
    return picture, (wide, high)


class InATerminal(Case):
    def show(self, *options, answers=None, environment=None, **more):
        code, seen = Terminal(answers=answers, **more).run(
            [BUILD / "varta", "show", "--evidence", ROOT / "tests/evidence", "--control", self.folder / "none", *options, "17"], environment or LIKE_XTERM)
        self.assertEqual(code, 0, seen)
        return seen

    # ---- pictures ----

    def test_kitty_gets_the_png_itself(self):
        seen = self.show(answers=KITTY)
        chunks = re.findall(rb"\x1b_G([^;]*);([A-Za-z0-9+/=]+)\x1b\\", seen)[1:]
        self.assertTrue(chunks[0][0].startswith(b"a=T,f=100,q=2,c="), chunks[0][0])
        self.assertLessEqual(int(re.search(rb"c=(\d+)", chunks[0][0])[1]), 76)
        self.assertTrue(all(keys.endswith(b"m=1") for keys, _ in chunks[:-1]) and chunks[-1][0].endswith(b"m=0"))
        self.assertTrue(all(len(letters) <= 4096 for _, letters in chunks))
        self.assertEqual(base64.b64decode(b"".join(letters for _, letters in chunks)), PNG)

    def test_iterm2_gets_the_png_itself(self):
        seen = self.show(answers=PLAIN, environment=LIKE_XTERM | {"LC_TERMINAL": "iTerm2"})
        found = re.search(rb"\x1b\]1337;File=inline=1;preserveAspectRatio=1;size=(\d+);width=\d+:([A-Za-z0-9+/=]+)\x07", seen)
        self.assertEqual((int(found[1]), base64.b64decode(found[2])), (len(PNG), PNG))

    @unittest.skipIf(SANITIZED, "a sanitizer does not live in a cage")
    def test_sixel_gets_pixels(self):
        seen = self.show(answers=SIXEL)
        picture, (wide, high) = pixels_of(re.search(rb"\x1bP0;1q.*?\x1b\\", seen, re.S)[0])
        self.assertLessEqual((wide, high), (76 * 8, 24 * 16))
        self.assertEqual(len(picture), wide * high, "each pixel has one colour")
        dark = sum(max(colour) <= 40 for colour in picture.values()) / len(picture)
        self.assertGreater(dark, 0.5, "the night's picture is dark")
        self.assertGreater(sum(max(colour) >= 80 for colour in picture.values()), 100, "with light letters on it")

    def test_nothing_is_drawn_where_nothing_can_be(self):
        started = time.monotonic()
        for answers, environment in ((PLAIN, None), ({}, None), (KITTY, LIKE_XTERM | {"TERM": "dumb"}), (KITTY, LIKE_XTERM | {"TERM": "linux"})):
            seen = self.show(answers=answers, environment=environment)
            self.assertEqual(re.findall(rb"\x1bP|\x1b\]|\x1b_Ga=T", seen), [])
        self.assertLess(time.monotonic() - started, 20, "a terminal that does not answer is not waited for")
        self.assertNotIn(b"\x1b_G", self.show("--pictures", "none", answers=KITTY))
        self.assertNotIn("\x1b", self.varta("show", "--evidence", ROOT / "tests/evidence", "--control", self.folder / "none", "17")[0])
        self.varta("show", "--pictures", "blink", "17", code=2)

    def test_a_picture_that_is_none_is_not_drawn(self):
        folder = self.folder / "evidence/00000017"
        folder.mkdir(parents=True)
        for path in (ROOT / "tests/evidence/00000017").iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        head = PNG[:16]
        for broken in (b"", b"GIF89a", PNG[:20], head + b"\xff" * 8 + PNG[24:], head + b"\0\0\0\0" * 2 + PNG[24:], PNG[:200] + b"\x1b[2J" * 100):
            (folder / "confirmed-1.png").write_bytes(broken)
            out, _ = self.varta("show", "--pictures", "sixel", "--evidence", self.folder / "evidence", "--control", self.folder / "none", "17")
            self.assertNotIn("\x1b", out, broken[:30])

    # ---- colours and width ----

    def test_colours_and_no_color(self):
        self.assertIn(b"\x1b[1", self.show("--pictures", "none"))
        for environment in (LIKE_XTERM | {"NO_COLOR": "1"}, LIKE_XTERM | {"TERM": "dumb"}):
            self.assertNotIn(b"\x1b", self.show("--pictures", "none", environment=environment))

    # ---- progress ----

    def slow(self, count):
        def answer(connection, request):
            time.sleep(0.15)
            body = (defaced() if b"/0 " in request else ministry()).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        port = self.odd_server(answer)
        return [f"http://127.0.0.1:{port}/{number}" for number in range(count)]

    def check(self, *options, environment=None):
        return Terminal().run([BUILD / "varta", "check", "--parallel", "2", *options], environment or LIKE_XTERM)

    def test_check_says_how_long_it_will_take(self):
        code, seen = self.check(*self.slow(12))
        text = seen.decode()
        self.assertEqual(code, 1)
        steps = re.findall(r"\r(\[[#.]{16}\] (\d+) of 12 pages(?:, ([\d.]+) a second, (?:(\d+) min )?(\d+) s left)?)", text)
        self.assertGreater(len(steps), 3, text)
        self.assertTrue(any(rate for _, _, rate, _, _ in steps), text)
        self.assertTrue(all(len(line) < 80 for line, *_ in steps))
        self.assertEqual([int(done) for _, done, *_ in steps], sorted(int(done) for _, done, *_ in steps))
        self.assertNotIn("#", text[text.rindex("\x1b[K") + 3:], "the bar is gone when the table comes")
        table = without_sequences(text[text.rindex("\x1b[K") + 3:]).replace("\r\n", "\n")
        self.assertTrue(all(len(line) <= 80 for line in table.splitlines()), table)
        self.assertIn("defaced", table)

    def test_no_progress_where_it_would_be_in_the_way(self):
        urls = self.slow(6)
        for options, environment in ((["-q"], None), ([], LIKE_XTERM | {"TERM": "dumb"})):
            _, seen = self.check(*options, *urls, environment=environment)
            self.assertNotIn(b"[#", seen)
            self.assertNotIn(b"a second", seen)
        _, err = self.varta("check", *urls, code=1)
        self.assertEqual(err, "")


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    main()
