#!/usr/bin/env python3
"""Ways to hide a defacement from the detector that a visitor's browser would show all the same. Each must be found."""
import pathlib
import sys
import time

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

    def learn(self, url):
        self.check("--store", self.store, "--learn", "--timeout", "5", url, code=None)

    def look(self, url):
        results, _ = self.check("--store", self.store, "--timeout", "5", url, code=None)
        return results[url]

    def scene(self, pages):
        """A server of `pages`, name to (head lines, body), which may be changed; tells its address."""
        def answer(connection, request):
            path = request.split()[1].decode()
            head, body = pages[path](request) if callable(pages[path]) else pages[path]
            body = body if isinstance(body, bytes) else body.encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + head +
                               b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        return f"http://127.0.0.1:{self.odd_server(answer)}/"

    def test_a_header_that_leads_on(self):
        etag = b'ETag: "1"\r\n'
        pages = {"/": (etag, ministry()), "/deface.html": (b"", defaced())}
        url = self.scene(pages)
        self.learn(url)
        self.assertEqual(self.look(url)["reasons"][0]["code"], "same-bytes")
        for refresh in (b"Refresh: 0; url=/deface.html\r\n", b"refresh: 3,/deface.html\r\n"):
            pages["/"] = (etag + refresh, ministry())
            self.assertEqual(self.look(url)["verdict"], "defaced", refresh)
        pages["/"] = (refresh, "")
        self.assertEqual(self.look(url)["verdict"], "defaced")

    def test_a_header_that_comes_with_nothing_changed(self):
        pages = {"/deface.html": (b"", defaced())}
        answers = {"refresh": b""}

        def answer(connection, request):
            if request.startswith(b"GET / ") and b"If-None-Match" in request:
                connection.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n' + answers["refresh"] + b"Connection: close\r\n\r\n")
                return
            body = (defaced() if b"deface" in request else ministry()).encode()
            connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: text/html; charset=utf-8\r\n' + answers["refresh"] +
                               b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        self.learn(url)
        self.assertEqual(self.look(url)["verdict"], "unchanged")
        answers["refresh"] = b"Refresh: 0; url=/deface.html\r\n"
        self.assertEqual(self.look(url)["verdict"], "defaced")

    PLAIN = ("<html><head>%s<title>x</title></head><body><h1>Каталог</h1><p>" + "Альтанки, лавки та гойдалки з дуба. " * 8 +
             "</p></body></html>")  # another page, which says nothing hostile

    def test_a_page_that_is_left_for_its_copy(self):
        pages = {"/": (b"", ministry()), "/copy.html": (b"", ministry())}
        url = self.scene(pages)
        self.learn(url)
        for content in ("z;url=/copy.html", "5;url=/copy.html", "29;url=/copy.html", "31;url=/copy.html"):
            pages["/"] = (b"", self.PLAIN % f"<meta http-equiv=refresh content='{content}'>")
            result = self.look(url)
            self.assertEqual(result["verdict"], "replaced", content)
            self.assertIn("Альтанки", result["message"])

    def test_a_page_that_led_on_before_is_no_news(self):
        splash = "<html><head><meta http-equiv=refresh content='5;url=/copy.html'></head><body><h1>Вітаємо на сторінці громади</h1>" \
                 "<p>Оберіть мову або зачекайте кілька секунд, і сторінка відкриється сама.</p></body></html>"
        pages = {"/": (b"", splash), "/copy.html": (b"", ministry())}
        url = self.scene(pages)
        self.learn(url)
        for _ in range(3):
            self.assertIn(self.look(url)["verdict"], ("unchanged", "edited"))
        pages["/"] = (b"", splash.replace("Вітаємо", "Вас вітаємо"))
        self.assertIn(self.look(url)["verdict"], ("unchanged", "edited"))
        pages["/"] = (b"", self.PLAIN % "<meta http-equiv=refresh content='5;url=/copy.html'>")
        self.assertEqual(self.look(url)["verdict"], "replaced")

    def test_a_page_that_renews_itself_is_no_news(self):
        for content in ("300;url=/", "5;url=/", "5", "60"):
            pages = {"/": (b"", ministry().replace("<head>", f"<head><meta http-equiv=refresh content='{content}'>"))}
            url = self.scene(pages)
            self.learn(url)
            for _ in range(2):
                self.assertEqual(self.look(url)["verdict"], "unchanged", content)

    def test_a_page_that_leads_on_late(self):
        pages = {"/": (b"", ministry()), "/deface.html": (b"", defaced()), "/calm.html": (b"", self.PLAIN % "")}
        url = self.scene(pages)
        self.learn(url)
        late = ministry().replace("<head>", "<head><meta http-equiv=refresh content='31;url=/%s.html'>")
        pages["/"] = (b"", late % "deface")
        self.assertEqual(self.look(url)["verdict"], "defaced")
        pages["/"] = (b"", late % "calm")
        self.assertIn(self.look(url)["verdict"], ("unchanged", "edited"))

    def test_a_page_that_leads_on_and_on(self):
        def copy(to):
            return (b"", ministry().replace("<head>", f"<head><meta http-equiv=refresh content='0;url=/{to}'>"))
        pages = {"/": (b"", ministry()), "/4": (b"", defaced()), "/1": copy(2), "/2": copy(3), "/3": copy(4)}
        pages |= {f"/{i}": copy(i + 1) for i in range(10, 40)}
        url = self.scene(pages)
        self.learn(url)
        pages["/"] = copy(1)
        self.assertEqual(self.look(url)["verdict"], "defaced")
        pages["/"] = copy(10)
        result = self.look(url)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "redirects"))

    def test_a_page_that_knows_who_asked_before(self):
        attack = [False]

        def cookie(head, body):
            def answer(request):
                if attack[0] and b"seen=1" in request:
                    return b"", defaced()
                return head, body
            return answer
        again = ministry().replace("<head>", "<head><meta http-equiv=refresh content='%s'>")
        for head, body in ((b"Set-Cookie: seen=1; Path=/\r\n", again % "0;url=./"), (b"Set-Cookie: seen=1\r\n", again % "0"),
                           (b"Set-Cookie: seen=1; HttpOnly; Max-Age=99\r\nRefresh: 3\r\n", ministry())):
            attack[0] = False
            url = self.scene({"/": cookie(head, body)})
            self.learn(url)
            self.assertEqual(self.look(url)["verdict"], "unchanged")
            attack[0] = True
            self.assertEqual(self.look(url)["verdict"], "defaced", head)

    def test_a_page_that_gives_a_new_cookie_each_time(self):
        asked = []

        def answer(_):
            asked.append(1)
            return (b"Set-Cookie: session=%d\r\n" % len(asked),
                    ministry().replace("<head>", "<head><meta http-equiv=refresh content=20>"))
        url = self.scene({"/": answer})
        self.learn(url)
        del asked[:]
        self.assertEqual(self.look(url)["verdict"], "unchanged")
        self.assertLessEqual(len(asked), 3)

    def test_a_picture_for_who_has_the_cookie(self):
        def picture(request):
            return b"", (MESSAGE if b"seen=1" in request else PIXEL)
        pages = {"/": (b"", ministry()), "/m.png": picture}
        url = self.scene(pages)
        self.learn(url)
        pages["/"] = (b"Set-Cookie: seen=1; Path=/\r\n", "<body style='background:#000'><img src='/m.png'>")
        self.assertEqual(self.look(url)["verdict"], "defaced")

    def test_cookies_stay_with_their_look_and_host(self):
        asked = []

        def other(request):
            asked.append(request)
            return b"", ministry()
        elsewhere = self.scene({"/": other})
        pages = {"/": (b"Set-Cookie: mine=1; Path=/\r\n", f"<meta http-equiv=refresh content='0;url={elsewhere.replace('127.0.0.1', 'localhost')}'>")}
        url = self.scene(pages)
        self.check("--timeout", "5", url, code=None)
        pages["/"] = other
        self.check("--timeout", "5", url, code=None)
        self.assertEqual(len(asked), 2)
        for request in asked:
            self.assertNotIn(b"mine=1", request)

    def test_addresses_that_only_browsers_read(self):
        nothing = "<body style='background:#000'>"
        for picture in ("<img src='/m.p\tng'>", "<img src='/m.\npng'>", "<img src='\\m.png'>",
                        "<img srcset='/m.png 1x, /pixel1.gif 3x'>", "<img srcset='/m.png 1280w, /pixel1.gif 3000w'>",
                        "<base href='\\x\\'><img src='..\\m.png'>"):
            self.expect_defaced(nothing + picture)

    def test_pictures_that_drip_do_not_hold_up_the_alarm(self):
        def drip(connection, request):
            if not request.startswith(b"GET / "):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 99999\r\n\r\n")
                while True:
                    connection.sendall(b"\x89")
                    time.sleep(.5)
            body = (texts[0] + "".join(f"<img src='/n{i}.png'>" for i in range(40))).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
                               b"Connection: close\r\n\r\n" % len(body) + body)
        texts = [defaced()]
        url = f"http://127.0.0.1:{self.odd_server(drip)}/"
        for text, limit_s in ((defaced(), 20), (ministry(), 60)):  # of 4 and 20 s, where one fetch may take 30
            texts[0] = text
            begun = time.monotonic()
            results, _ = self.check("--timeout", "30", url, code=None)
            self.assertEqual(results[url]["verdict"] == "defaced", limit_s == 20)
            self.assertLess(time.monotonic() - begun, limit_s)
            self.assertIn("further pictures were not looked at", str(results[url]["notes"]))

    def test_control_bytes_strewn_into_the_text(self):
        self.expect_defaced(defaced().replace("а", "\x01а").replace("о", "\x02о"))


if __name__ == "__main__":
    main()
