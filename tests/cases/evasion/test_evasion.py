#!/usr/bin/env python3
"""Ways to hide a defacement from the detector that a visitor's browser would show all the same. Each must be found."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import ROOT, Case, free_port, main  # noqa: E402
from texts import MESSAGE as TEXTS, defaced, ministry  # noqa: E402

MESSAGE = (ROOT / "samples/night/night/osvita.uriad.localhost/1.png").read_bytes()
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


class Evasion(Case):
    def judge(self, html, code=1):
        self.page("m.png", MESSAGE)
        for i in range(30):
            self.page(f"pixel{i}.gif", PIXEL + bytes([i]))
        self.page("index.html", html)
        if not hasattr(self, "port"):
            self.port = self.nginx("charset utf-8;")
        url = f"http://127.0.0.1:{self.port}/"
        results, _ = self.check("--timeout", "5", url, code=code)
        return results[url]

    def expect_defaced(self, html):
        self.assertEqual(self.judge(html)["verdict"], "defaced", html[:200])

    def test_picture_that_is_named_elsewhere_first(self):
        for head in ("<meta property='og:image' content='/m.png'>", "<link rel=icon href='/m.png'>",
                     "<img src='/m.png' width=1 height=1>", "<div hidden><img src='/m.png'></div>"):
            self.expect_defaced(head + "<body style='background:#000'><img src='/m.png'>")

    def test_picture_that_says_it_is_small(self):
        for attributes in ("width=10 style='width:100%'", "width=10 height=10 style='position:fixed;top:0;width:100vw;height:100vh'",
                           "width=1 height=1"):
            self.expect_defaced(f"<style>img {{ width: 100% }}</style><body><img {attributes} src='/m.png'>")

    def judge_learnt(self, attacks):
        """Learns an honest page under each name, then puts its attack there; the verdicts by name."""
        self.page("m.png", MESSAGE)
        self.page("other.html", defaced())
        if not hasattr(self, "port"):
            self.port = self.nginx("charset utf-8;")
        urls = {name: f"http://127.0.0.1:{self.port}/{name}.html" for name in attacks}
        store = self.folder / "learnt.db"
        for name in attacks:
            self.page(f"{name}.html", ministry())
        for _ in range(3):
            self.check("--timeout", "9", "--store", str(store), "--learn", *urls.values(), code=None)
        for name, html in attacks.items():
            self.page(f"{name}.html", html)
        results, _ = self.check("--timeout", "9", "--store", str(store), *urls.values(), code=None)
        return {name: results[url]["verdict"] for name, url in urls.items()}

    def test_what_covers_an_intact_page(self):
        over = "position:fixed;top:0;left:0;width:100%;height:100%;z-index:9;background:#000;color:red"
        message = "".join(f"<p>{text}</p>" for text in TEXTS.values())
        text = TEXTS["uk"]
        page, body, head = ministry(), lambda html: ministry().replace("<body>", "<body>" + html), \
            lambda html: ministry().replace("</head>", html + "</head>")
        attacks = {
            "shadow": body(f"<template shadowrootmode=open>{message}</template>"),
            "frame": body(f"<iframe src=/other.html style='{over}'></iframe>"),
            "object": body(f"<object data=/other.html style='{over}'></object>"),
            "nested": body(f"<iframe srcdoc=\"<iframe srcdoc='{text}'></iframe>\" style='{over}'></iframe>"),
            "quoted": body(f"<div style='{over}'>Хакери, повідомляє кіберполіція, залишили на сайті таке звернення: «{text}»</div>"),
            "content": head(f"<style>body::after{{content:'{text}';{over}}}</style>"),
            "phones": head("<style>@media (min-width:1000px){.m{display:none}}</style>").replace(
                "<body>", f"<body><div class=m style='{over}'>{message}</div>"),
            "not-understood": head("<style>.m{display:none} [class=m]{display:block}</style>").replace(
                "<body>", f"<body><div class=m><img src=/m.png style='{over}'></div>"),
            "clip": body(f"<div style='clip-path:inset(100%);clip-path:none;{over}'>{message}</div>"),
            "small": body(f"<div style='font-size:0'><div style='font-size:30px;{over}'>{message}</div></div>"),
            "button": body(f"<input type=submit value=\"{text}\" style='{over}'>"),
            "blocks": body("<p hidden>а</p>" * 60000 + f"<div style='{over}'>{message}</div>"),
            "pictures": body("".join(f"<img hidden src=/p{i}.png>" for i in range(520)) + f"<img src=/m.png style='{over}'>"),
            "long": page.replace("</body>", f"<!--{'x' * (5 << 20)}--><div style='{over}'>{message}</div></body>"),
            "sheet": head("<link rel=stylesheet href=/evil.css>"),
            "script": body("<script>location.replace('/other.html')</script>"),
        }
        verdicts = self.judge_learnt(attacks)
        for name in ("long", "sheet", "script"):
            self.assertEqual(verdicts.pop(name), "edited", name)
        for name, verdict in verdicts.items():
            self.assertIn(verdict, ("replaced", "defaced"), name)

    def test_tiny_pictures_in_front(self):
        self.expect_defaced("".join(f"<img src='/pixel{i}.gif'>" for i in range(30)) + "<img src='/m.png'>")

    def test_pictures_beyond_the_limit_are_counted(self):
        for i in range(20):
            self.page(f"big{i}.png", MESSAGE + bytes([i]))
        result = self.judge("".join(f"<img src='/big{i}.png'>" for i in range(20)))
        self.assertIn("8 further pictures were not looked at", result["notes"])

    def test_picture_that_breaks_off_is_read_as_far_as_it_goes_and_told(self):
        self.page("broken.png", MESSAGE[:len(MESSAGE) * 9 // 10])
        result = self.judge("<body style='background:#000'><img src='/broken.png'>")
        self.assertEqual(result["verdict"], "defaced")
        self.assertIn("1 pictures break off or are damaged: what could be decoded of them was read", result["notes"])
        self.assertNotIn("notes", self.judge("<body style='background:#000'><img src='/m.png'>"))

    def answer_then(self, after):
        def answer(connection, _):
            body = defaced().encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n" +
                               b"%x\r\n" % len(body) + body + b"\r\n")
            after(connection)
        return f"http://127.0.0.1:{self.odd_server(answer)}/"

    def test_answer_that_never_ends_or_breaks_off(self):
        import socket
        import struct
        import time

        def reset(connection):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        def reset_later(connection):
            time.sleep(.3)
            reset(connection)

        for after in (lambda connection: connection.recv(1), reset, reset_later):
            url = self.answer_then(after)
            results, _ = self.check("--timeout", "3", url, code=1)
            self.assertEqual(results[url]["verdict"], "defaced")

    def test_honest_page_that_breaks_off_is_unavailable(self):
        def answer(connection, _):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
                               b"1000\r\n" + ministry().encode()[:600])
            connection.recv(1)
        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        results, _ = self.check("--timeout", "3", url, code=3)
        self.assertEqual((results[url]["verdict"], results[url]["cause"]), ("unavailable", "timeout"))

    def test_refresh_to_a_dead_or_harmless_place(self):
        self.page("calm.html", ministry())
        for target in (f"http://127.0.0.1:{free_port()}/", "calm.html"):
            self.expect_defaced(defaced().replace("<html>", f"<html><meta http-equiv=refresh content='5;url={target}'>"))

    def test_control_bytes_strewn_into_the_text(self):
        self.expect_defaced(defaced().replace("а", "\x01а").replace("о", "\x02о"))


if __name__ == "__main__":
    main()
