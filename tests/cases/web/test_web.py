#!/usr/bin/env python3
"""The status page without a browser: what it serves, whom it refuses, and that nothing it meets holds up the watch."""
import html.parser
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from web_case import WebCase, idle_connections  # noqa: E402
import scene  # noqa: E402
import watcher  # noqa: E402
from scene import BUILD, ENVIRONMENT, SANDBOX, SANITIZED, free_port, main, wait_until  # noqa: E402
from texts import MESSAGE, defaced, ministry, redesigned  # noqa: E402

OURS = {"html", "head", "meta", "title", "link", "script", "noscript", "body", "a", "header", "svg", "path", "circle", "rect", "nav", "ul",
        "li", "div", "main", "p", "strong", "h1", "h2", "h3", "small", "span", "b", "bdi", "section", "form", "label", "input", "select",
        "option", "button", "table", "caption", "thead", "tbody", "tr", "th", "td", "time", "footer", "dl", "dt", "dd", "figure",
        "figcaption", "desc", "text", "details", "summary", "blockquote"}


class Elements(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.attributes, self.links = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.links += [value for name, value in attributes if name in ("href", "src", "action")]


def metrics_of(text):
    return {match[1]: float(match[2]) for match in re.finditer(r"^(\w+(?:\{[^}]*\})?) (\S+)$", text, re.M)}


PLANTED = """#!/usr/bin/env python3
import os, socket, struct, sys, time
channel = socket.socket(fileno=3)
channel.settimeout(60)
channel.recv(65536)
def ask(kind, payload):
    channel.send(struct.pack("<IHHQII", 0x76617274, kind, 0, 1, len(payload), 0) + payload)
KIND = %d
mode = open(%r).read()
if mode == "reload": ask(KIND, b'{"command":"reload"}')
if mode == "garbage": channel.send(b"x" * 100)
if mode == "other": ask(1, b"")
if mode == "knock":
    knock = socket.socket(socket.AF_UNIX)
    while True:
        try:
            knock.connect(%r)
            break
        except OSError: time.sleep(0.1)
    knock.send(b'{"command":"reload"}\\n')
    open(%r, "wb").write(knock.recv(4096))
if mode == "flood":
    while True:
        try: ask(KIND, b'{"command":"metrics"}')
        except OSError: time.sleep(0.01)
time.sleep(600)
"""


class Planted(WebCase):
    """A varta-web that was taken over."""

    def setUp(self):
        super().setUp()
        self.real = scene.BUILD
        copy = self.folder / "copy"
        copy.mkdir()
        for path in self.real.glob("varta*"):
            if path.is_file() and path.name != "varta-web":
                shutil.copy2(path, copy / path.name)
        (copy / "models").symlink_to(self.real / "models")
        kinds = re.findall(r"^    MESSAGE_(\w+)", (scene.ROOT / "src/wire/message.h").read_text(), re.M)
        (copy / "varta-web").write_text(PLANTED % (kinds.index("ASK") + 1, *map(str, (
            self.folder / "mode", self.control, self.folder / "heard"))))
        (copy / "varta-web").chmod(0o755)
        watcher.BUILD = scene.BUILD = copy
        self.addCleanup(setattr, scene, "BUILD", self.real)
        self.addCleanup(setattr, watcher, "BUILD", self.real)

    def start_planted(self, mode):
        (self.folder / "mode").write_text(mode)
        self.page("index.html", ministry())
        self.url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.configure([self.url], self.page_config())
        self.watch()
        self.learnt([self.url])

    def test_it_may_not_ask_for_everything(self):
        self.start_planted("reload")
        wait_until(lambda: "varta-web asked for what it may not ask" in self.words(), 10, lambda: "its end\n" + self.words())
        self.assertNotIn("read again", self.words())

    def test_garbage_ends_it(self):
        self.start_planted("garbage")
        wait_until(lambda: "varta-web sent a malformed message" in self.words(), 10, lambda: "its end\n" + self.words())

    def test_a_message_of_another_kind_ends_it(self):
        self.start_planted("other")
        wait_until(lambda: "varta-web asked for what it may not ask" in self.words(), 10, lambda: "its end\n" + self.words())

    def test_the_control_socket_is_not_for_it(self):
        self.start_planted("knock")
        wait_until(lambda: "a helper, asked at the control socket and was turned away" in self.words(), 10, lambda: "the refusal\n" + self.words())
        self.assertNotIn("read again", self.words())
        heard = self.folder / "heard"
        self.assertEqual(heard.read_bytes() if heard.exists() else b"", b"")

    def test_a_flood_of_questions_holds_up_nobody(self):
        self.start_planted("flood")
        before = self.ask("status")[0]["looks"]
        wait_until(lambda: self.ask("status")[0]["looks"] >= before + 3, 20, "three more looks")
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")


class Web(WebCase):
    def one(self, more="", sinks=""):
        self.page("index.html", ministry())
        self.url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.serve([self.url + " name=Міністерство"], more, sinks)
        self.learnt([self.url])

    def deface(self, content=None):
        self.page("index.html", content or defaced())
        return self.wait_told("incident-confirmed")[0]["incident"]["id"]

    def seen_looks(self):
        """The page's look has reached the store, and varta-web has read it there."""
        wait_until(lambda: "Nothing is wrong" in self.get("/?lang=en", **{"Accept-Language": "en"}).text, 15, "the first look")

    # ---- what is served ----

    def test_overview_page_and_incident_say_what_is_wrong(self):
        self.one()
        self.seen_looks()
        quiet = self.get("/")
        self.assertEqual(quiet.status, 200)
        self.assertIn("Nothing is wrong", quiet.text)
        self.assertIn("Міністерство", quiet.text)
        incident = self.deface()
        wait_until(lambda: "1 page is defaced" in self.get("/").text, 10, "the overview")
        self.assertIn(f'href="/incident/{incident}"', self.get("/").text)
        shown = self.get(f"/incident/{incident}").text
        self.assertIn(MESSAGE["uk"][:20], shown)
        self.assertRegex(shown, "Ukrainian <b>|Ukrainian</bdi> <b>")
        page = self.get("/page?url=" + self.url.replace("/", "%2F")).text
        self.assertIn("<svg viewBox", page)
        self.assertIn("<title id=\"chart-title\">", page)
        self.assertIn("0&#8239;%", page)
        wait_until(lambda: self.get(f"/incident/{incident}/report").status == 200, 15, "the report")
        report = self.get(f"/incident/{incident}/report")
        self.assertIn(MESSAGE["uk"][:20], report.text)
        self.assertRegex(report.headers["Content-Security-Policy"], "^default-src 'none'; .*style-src 'sha256-.*frame-ancestors 'none'$")
        self.assertNotIn("<script", report.text)
        self.assertIn('<span class="tongue uk" lang="uk"', self.get(f"/incident/{incident}").text)
        self.assertIn('<span class="tongue uk" lang="uk"', self.get("/page?url=" + self.url.replace("/", "%2F")).text)
        wait_until(lambda: "evidence kept" in self.get(f"/incident/{incident}").text, 15, "the line in the history")
        for tongue, words in (("en", "evidence kept"), ("uk", "докази збережено"), ("pl", "zachowano dowody")):
            self.assertIn(f"<bdi>{words}</bdi>", self.get(f"/incident/{incident}?lang={tongue}").text)
        self.assertIn("1&#160;с<", self.get("/page?lang=uk&url=" + self.url.replace("/", "%2F")).text)
        self.assertNotIn("varta-web was ended", self.words())
        shutil.rmtree(f"{self.ask('show', str(incident))[0]['evidence']}/{incident:08}")
        for tongue, words in (("en", "no longer there"), ("uk", "їх уже немає"), ("pl", "już ich nie ma")):
            gone = self.get(f"/incident/{incident}/report?lang={tongue}")
            self.assertEqual((gone.status, words in gone.text), (404, True), "evidence that was kept and is gone")
        self.assertEqual(self.get("/incident/999999").status, 404)
        self.assertEqual(self.get("/campaign/999999").status, 404)
        self.assertEqual(self.get("/page?url=http%3A%2F%2Fother.example%2F").status, 404)
        self.assertEqual(self.get("/nowhere").status, 404)

    def test_what_nobody_looked_at_is_not_said_to_be_in_order(self):
        self.page("index.html", ministry())
        slow = self.odd_server(lambda connection, request: time.sleep(30))
        self.url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.serve([self.url, f"http://127.0.0.1:{slow}/"])
        wait_until(lambda: 'class="tile none"' in self.get("/").text and ">1</b> <span>new" in self.get("/").text, 15, lambda: self.get("/").text)
        text = self.get("/").text
        self.assertIn('class="summary none"', text)
        self.assertNotIn("Nothing is wrong", text)
        self.assertIn("<title>Nothing wrong so far; pages not looked at yet: 1 of 2", text)
        for tongue, words in (("uk", "ще не переглянуто сторінок: 1 з 2"), ("pl", "jeszcze nie sprawdzono stron: 1 z 2")):
            self.assertIn(words, self.get(f"/?lang={tongue}").text)

    def test_a_campaign_of_thousands_is_counted_and_leafed_through(self):
        self.one()
        self.deface()
        store = sqlite3.connect(self.store, timeout=10)
        columns = [one[1] for one in store.execute("PRAGMA table_info(incident)") if one[1] not in ("id", "campaign", "state")]
        store.execute("INSERT INTO campaign(id, outage, opened, changed, told, closed, pages, told_pages, tells, told_back) VALUES (7, 1, 1000, 1000, 0, 0, 1250, 0, 0, 0)")
        store.execute(f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1250) INSERT INTO incident(id, campaign, state, {', '.join(columns)}) "
                      f"SELECT 1000 + i, 7, iif(i <= 1100, 'confirmed', 'recovered'), {', '.join(columns)} FROM n, (SELECT * FROM incident LIMIT 1)")
        store.commit()
        store.close()
        wait_until(lambda: "/campaign/7" in self.get("/").text, 10, "the campaign")
        self.assertIn("confirmed 1100</span>", self.get("/").text)
        self.assertIn("recovered 150</span>", self.get("/campaign/7").text)
        path, seen = "/campaign/7", []
        while path:
            text = self.get(path).text
            self.assertLess(len(text), 100_000)
            seen += re.findall(r'<th scope="row"><a href="/incident/(\d+)"', text)
            turn = re.search(r'href="(/campaign/7\?before=\d+)"', text)
            path = turn and turn[1]
        self.assertEqual(sorted(map(int, seen)), list(range(1001, 2251)))
        self.assertIn("Only the newest 100 are listed here.", self.get("/page?url=" + self.url.replace("/", "%2F")).text)
        polish = self.get("/campaign/7?lang=pl").text
        self.assertIn("potwierdzono 1100", polish)
        self.assertIn("przywrócono 150", polish)

    def test_filters_and_leaves(self):
        self.page("index.html", ministry())
        port = self.nginx("charset utf-8;")
        urls = [f"http://127.0.0.1:{port}/?{i} name=Сторінка-{i:03}" for i in range(120)]
        self.serve(urls, groups="groups: {other: {urls: ['http://127.0.0.1:%d/?other name=Інша']}}\n" % port)
        wait_until(lambda: self.get("/").text.count("<tr class=") >= 50, 30, "the rows")
        rows = lambda path: re.findall(r'<th scope="row"><a href="/page[^>]*><bdi>([^<]*)</bdi>', self.get(path).text)  # noqa: E731
        wait_until(lambda: "1–50 of 121" in self.get("/").text, 10, "the count")
        self.assertEqual(len(rows("/")), 50)
        self.assertEqual(len(rows("/?from=100")), 21)
        self.assertEqual(rows("/?q=%D1%81%D1%82%D0%BE%D1%80%D1%96%D0%BD%D0%BA%D0%B0-007"), ["Сторінка-007"])
        self.assertEqual(rows("/?group=other"), ["Інша"])
        self.assertEqual(rows("/?verdict=defaced"), [])
        self.assertEqual(rows("/?from=999999999999"), [])

    def test_three_languages(self):
        self.one()
        self.seen_looks()
        for header, wanted in (("uk-UA,uk;q=0.9,en;q=0.8", "Усе гаразд"), ("pl", "Wszystko w porządku"), ("de", "Nothing is wrong"),
                               ("de,pl;q=0.2,uk;q=0.3", "Усе гаразд")):
            self.assertIn(wanted, self.get("/", **{"Accept-Language": header}).text)
        answer = self.get("/?lang=pl", **{"Accept-Language": "uk"})
        self.assertIn("Wszystko w porządku", answer.text)
        self.assertIn("lang=pl;", answer.headers["Set-Cookie"])
        self.assertIn("Wszystko w porządku", self.get("/", "lang=pl", **{"Accept-Language": "uk"}).text)
        self.assertIn("Під вартою 1 сторінка", self.get("/?lang=uk").text)

    def test_strict_headers_on_everything(self):
        self.one()
        for path in ("/", "/nowhere", "/healthz", "/metrics", "/status.css", "/status.js", "/live.json", "/login"):
            headers = self.get(path).headers
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertIn("script-src 'self'", headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "same-origin" if path == "/login" else "no-referrer")
            self.assertTrue(headers["Cache-Control"])
        for path in ("/", "/page?url=" + self.url, "/about", "/login", "/incidents"):
            self.assertNotRegex(self.get(path).text, r"(?i)<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/status\.js\")")

    def test_a_page_that_tries_to_break_out_is_text(self):
        self.one()
        evil = ("<html><head><title>&lt;script&gt;document.title='canary'&lt;/script&gt;</title></head><body><p>"
                "&lt;script&gt;alert('canary')&lt;/script&gt; \"&gt;&lt;img src=x onerror=alert(1)&gt; ' onmouseover='alert(1) "
                "]]&gt; &lt;/blockquote&gt;&lt;style&gt;*{display:none}&lt;/style&gt; \u202egnol\u202c \x1b[31m =cmd|' /C calc'!A0 "
                "javascript:alert(1) {{7*7}} ${7*7}</p><p>" + "</p><p>".join(MESSAGE.values()) + "</p></body></html>")
        incident = self.deface(evil)
        for path in (f"/incident/{incident}", "/page?url=" + self.url, "/", "/incidents"):
            text = self.get(path).text
            seen = Elements(text)
            self.assertLessEqual(seen.found, OURS, path)
            self.assertFalse({name for name in seen.attributes if name.startswith("on") or name == "style"}, path)
            for link in seen.links:
                self.assertTrue(link.startswith("/") or link.startswith("#") or link == self.url, link)
            self.assertNotIn("\u202e", text)
            self.assertNotIn("\x1b", text)
        unmarked = re.sub(r'<span class="tongue[^>]*>|</span>', "", self.get(f"/incident/{incident}").text)
        self.assertIn("&lt;script&gt;alert(&#39;canary&#39;)", unmarked)

    def test_what_the_asker_sends_is_text_too(self):
        self.one()
        for value in ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%00", "%FF%FE", "%E2%80%AE", "'" * 300, "%0d%0aX-Evil:%201"):
            for path in (f"/?q={value}", f"/?group={value}&verdict={value}&from={value}", f"/page?url={value}", f"/?lang={value}", f"/?{value}={value}"):
                answer = self.get(path)
                self.assertIn(answer.status, (200, 404))
                self.assertNotIn("X-Evil", answer.headers)
                self.assertLessEqual(Elements(answer.text).found, OURS)
        self.assertIn('value="a⟨U+202E⟩b"', self.get("/?q=a%E2%80%AEb").text)

    # ---- who may change something ----

    def test_log_in_acknowledge_and_accept(self):
        self.one()
        incident = self.deface(redesigned())
        cookie = self.log_in()
        page = self.get(f"/incident/{incident}", cookie)
        self.assertIn("I am on it", page.text)
        answer = self.request("POST", "/ack", {"id": incident, "seal": self.seal(f"/incident/{incident}", cookie)}, {"Cookie": cookie})
        self.assertEqual((answer.status, answer.headers["Location"]), (303, f"/incident/{incident}?done=ack"), answer.text)
        self.assertEqual(self.ask("show", str(incident))[0]["acknowledged_by"], "Олена (web)")
        path = "/page?url=" + self.url
        wait_until(lambda: "I have looked at the page" in self.get(path, cookie).text, 10, "the button")
        shown = self.get(path, cookie).text
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown[shown.index('action="/accept"'):]))
        self.assertEqual(form["seen"], self.ask("show", str(incident))[0]["digest"], "what the command accept takes")
        unsure = self.request("POST", "/accept", form, {"Cookie": cookie})
        self.assertIn("done=nothing", unsure.headers["Location"])
        other = self.request("POST", "/accept", {**form, "sure": "yes", "seen": "0123456789abcdef"}, {"Cookie": cookie})
        self.assertIn("done=nothing", other.headers["Location"])
        answer = self.request("POST", "/accept", {**form, "sure": "yes"}, {"Cookie": cookie})
        self.assertIn("done=accept", answer.headers["Location"])
        wait_until(lambda: self.ask("show", str(incident))[0]["state"] == "accepted", 10, "the end")
        out = self.request("POST", "/logout", {"seal": self.seal("/", cookie)}, {"Cookie": cookie})
        self.assertIn("Max-Age=0", out.headers["Set-Cookie"])

    def test_only_what_was_on_the_screen_is_accepted(self):
        self.one()
        incident = self.deface(redesigned())
        cookie, path = self.log_in(), "/page?url=" + self.url
        wait_until(lambda: 'name="seen"' in self.get(path, cookie).text, 10, "the button")
        shown = self.get(path, cookie).text
        form = {**dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown[shown.index('action="/accept"'):])), "sure": "yes"}
        self.page("index.html", defaced())
        wait_until(lambda: self.ask("show", str(incident))[0]["verdict"] == "defaced", 20, lambda: "a worse page\n" + self.words())
        for seen in (form["seen"], "", None):
            one = {name: value for name, value in {**form, "seen": seen}.items() if value is not None}
            self.assertIn("done=nothing", self.request("POST", "/accept", one, {"Cookie": cookie}).headers["Location"], seen)
        self.assertEqual(self.ask("show", str(incident))[0]["state"], "confirmed")

    def test_the_cookie_is_careful_and_cannot_be_made(self):
        self.one()
        answer = self.request("POST", "/login", {"token": self.token, "name": "x"}, {"X-Forwarded-Proto": "https"})
        given = answer.headers["Set-Cookie"]
        for word in ("HttpOnly", "SameSite=Strict", "Path=/", "Secure"):
            self.assertIn(word, given)
        cookie = given.split(";")[0]
        self.assertIn("Log out", self.get("/", cookie).text)
        for wrong in (cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), cookie.replace(".", ".41", 1), "varta=9999999999.." + "0" * 64,
                      "varta=", "varta=1.2.3", "varta=" + "a" * 5000):
            self.assertNotIn("Log out", self.get("/", wrong).text, wrong)
        for token in ("", "wrong", self.token[:-1], self.token + "x", "0" * 1100):
            self.assertEqual(self.request("POST", "/login", {"token": token, "name": "x"}).status, 403)

    def test_who_guesses_is_stopped(self):
        self.one()
        cookie = self.log_in()
        codes = [self.request("POST", "/login", {"token": f"{i:016}", "name": "x"}).status for i in range(25)]
        self.assertEqual(codes, [403] * 20 + [429] * 5)
        self.assertEqual(self.request("POST", "/login", {"token": self.token, "name": "x"}).status, 429, "nor is a right one looked at")
        self.assertIn("Log out", self.get("/", cookie).text)
        behind = {"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}
        self.assertEqual(self.request("POST", "/login", {"token": self.token, "name": "x"}, behind).status, 303, "who guesses locks out nobody else")
        codes = [self.request("POST", "/login", {"token": f"{i:016}", "name": "x"}, {"X-Forwarded-For": f"203.0.113.{i}, 192.0.2.1"}).status for i in range(22)]
        self.assertEqual(codes, [403] * 20 + [429] * 2, "only what the nearest proxy says counts")

    def test_who_logs_out_is_out(self):
        self.one()
        cookie, other = self.log_in(), self.log_in()
        self.assertEqual(self.request("POST", "/logout", {"seal": "0" * 64}, {"Cookie": cookie}).status, 403)
        seal = re.search(r'name="seal" value="([0-9a-f]{64})"', self.get("/", cookie).text)[1]
        self.assertEqual(self.request("POST", "/logout", {"seal": seal}, {"Cookie": cookie}).status, 303)
        self.assertTrue(self.is_logged_out(cookie), "a copy of the cookie is worth nothing")
        self.assertEqual(self.request("POST", "/ack", {"id": "all", "seal": seal}, {"Cookie": cookie}).status, 403)
        self.assertIn("Log out", self.get("/", other).text, "of the same name, begun in the same second")

    def test_another_token_ends_all_sessions(self):
        self.one()
        cookie = self.log_in()
        self.assertIn("Log out", self.get("/", cookie).text)
        (self.folder / "token").write_text("another-horse-altogether\n")
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: self.is_logged_out(cookie), 15, lambda: "the end of the session\n" + self.words())
        self.assertEqual(self.request("POST", "/login", {"token": self.token, "name": "x"}).status, 403)
        (self.folder / "token").write_text("short\n")
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: f"nobody can log in: web.token_file {self.folder}/token: fewer than 16" in self.words(), 10, lambda: "the news\n" + self.words())

    def test_requests_of_others_are_refused(self):
        self.one()
        incident = self.deface()
        cookie = self.log_in()
        seal = self.seal(f"/incident/{incident}", cookie)
        own = f"http://127.0.0.1:{self.port}"
        cases = {
            "no cookie": ({"id": incident, "seal": seal}, {}),
            "no seal": ({"id": incident}, {"Cookie": cookie}),
            "wrong seal": ({"id": incident, "seal": "0" * 64}, {"Cookie": cookie}),
            "foreign origin": ({"id": incident, "seal": seal}, {"Cookie": cookie, "Origin": "https://evil.example"}),
            "null origin": ({"id": incident, "seal": seal}, {"Cookie": cookie, "Origin": "null"}),
            "other site": ({"id": incident, "seal": seal}, {"Cookie": cookie, "Origin": own, "Sec-Fetch-Site": "cross-site"}),
        }
        for name, (form, headers) in cases.items():
            self.assertEqual(self.request("POST", "/ack", form, headers).status, 403, name)
        self.assertEqual(self.ask("show", str(incident))[0]["state"], "confirmed")
        good = self.request("POST", "/ack", {"id": incident, "seal": seal}, {"Cookie": cookie, "Origin": own, "Sec-Fetch-Site": "same-origin"})
        self.assertEqual(good.status, 303)

    def test_other_names_are_refused(self):
        self.one('  hosts: [status.cert.example]\n')
        for host, status in ((f"127.0.0.1:{self.port}", 200), (f"localhost:{self.port}", 200), (f"[::1]:{self.port}", 200),
                             ("status.cert.example", 200), ("status.cert.example:443", 200), ("evil.example", 421),
                             (f"evil.example:{self.port}", 421), ("127.0.0.1:1", 421), ("127.0.0.1", 421), ("", 421),
                             ("status.cert.example.evil.example", 421)):
            self.assertEqual(self.request("GET", "/", host=host or " ").status, status, host)
        self.assertNotIn("Міністерство", self.request("GET", "/", host="evil.example").text)

    def test_without_a_token_it_is_for_reading_only(self):
        self.token = "too-short"
        self.one()
        self.assertIn("nobody can log in", self.words())
        self.assertNotIn('href="/login"', self.get("/").text)
        self.assertIn("Nobody can log in", self.get("/login").text)
        self.assertEqual(self.request("POST", "/login", {"token": "too-short", "name": "x"}).status, 403)

    # ---- it holds up nobody ----

    def test_odd_requests(self):
        self.one()
        self.assertEqual(self.request("PUT", "/").status, 405)
        self.assertEqual(self.request("POST", "/login", b"a" * 100000).status, 413)
        self.assertEqual(self.request("HEAD", "/").status, 200)
        for raw in (b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"A" * 100000, b"GET /" + b"%00" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"):
            with socket.create_connection(("127.0.0.1", self.port), 5) as one:
                try:
                    one.sendall(raw)
                    one.shutdown(socket.SHUT_WR)
                    one.recv(100)
                except OSError:
                    pass
        self.assertEqual(self.get("/healthz").text, "ok\n")
        self.assertNotIn("varta-web was ended", self.words())

    def test_a_thousand_slow_connections_do_not_hurt_the_watch(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
        self.one()
        kept = idle_connections(self.port, 1000)
        try:
            self.assertGreater(len(kept), 100)
            before = self.ask("status")[0]["looks"]
            incident = self.deface()
            self.assertTrue(incident)
            self.assertGreater(self.ask("status")[0]["looks"], before)
            wait_until(lambda: self.is_served(), 40, "an answer for somebody who asks properly")
        finally:
            for one in kept:
                one.close()

    def test_a_store_that_is_locked(self):
        self.one()
        holder = sqlite3.connect(self.store, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            self.assertEqual(self.get("/").status, 200)
            self.assertEqual(self.get("/page?url=" + self.url).status, 200)
            incident = self.deface()
            wait_until(lambda: "the store takes nothing" in self.get("/healthz").text, 20, "the health")
            self.assertEqual(self.get("/healthz").status, 503)
            self.assertIn("The store takes nothing", self.get("/").text)
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        wait_until(lambda: self.get("/healthz").text == "ok\n", 20, "the health again")
        wait_until(lambda: self.get(f"/incident/{incident}").status == 200, 20, "the incident")

    def test_it_comes_back_when_it_dies_and_is_counted(self):
        self.one()
        pid = int(subprocess.run(["pgrep", "-P", str(self.daemon.pid), "varta-web"], capture_output=True, text=True, check=True).stdout)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: "varta-web was ended by signal 9" in self.words(), 10, "the news")
        wait_until(lambda: self.is_served(), 15, "the status page again")
        out, _ = self.varta("status", "--metrics", "--control", self.control)
        self.assertEqual(metrics_of(out)['varta_helper_deaths_total{role="web",cause="any"}'], 1)

    def test_a_watch_that_hangs_is_said(self):
        self.one()
        os.kill(self.daemon.pid, signal.SIGSTOP)
        try:
            wait_until(lambda: self.get("/healthz").status == 503, 30, "the health")
            self.assertIn("the watch does not answer", self.get("/healthz").text)
            self.assertIn("The watch does not answer", self.get("/").text)
            self.assertEqual(self.get("/metrics").status, 503)
        finally:
            os.kill(self.daemon.pid, signal.SIGCONT)
        wait_until(lambda: self.get("/healthz").status == 200, 20, "the health again")

    # ---- where it is served ----

    def test_reload_brings_other_pages_and_another_place(self):
        self.one()
        more = self.url + "?more"
        self.configure([self.url, more], self.page_config())
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "2 pages are watched" in self.get("/").text, 15, "the second page")
        old, self.port = self.port, free_port()
        self.configure([self.url, more], self.page_config())
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(self.is_served, 15, lambda: "the other place\n" + self.words())
        self.port = old
        self.assertFalse(self.is_served())

    def test_a_unix_socket_for_a_proxy(self):
        self.listen = str(self.folder / "web")
        self.page("index.html", ministry())
        url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.configure([url], self.page_config("  hosts: [status.cert.example]\n"))
        self.watch()
        wait_until(lambda: (self.folder / "web").is_socket(), 10, "the socket")
        self.assertEqual((self.folder / "web").stat().st_mode & 0o777, 0o660)

        def ask():
            with socket.socket(socket.AF_UNIX) as one:
                one.settimeout(10)
                one.connect(self.listen)
                one.sendall(b"GET / HTTP/1.1\r\nHost: status.cert.example\r\n\r\n")
                return one.makefile("rb").read()
        wait_until(lambda: b"watched" in ask(), 10, "the page")
        self.stop()
        self.assertFalse((self.folder / "web").exists())

    def test_a_place_that_is_taken_does_not_stop_the_watch(self):
        taken = socket.create_server(("127.0.0.1", self.port))
        self.page("index.html", ministry())
        url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.configure([url], self.page_config())
        self.watch()
        self.learnt([url])
        self.assertIn("the status page cannot be served at", self.words())
        taken.close()
        wait_until(lambda: self.is_served(), 30, "the page, once the place is free")

    @unittest.skipIf(SANITIZED or SANDBOX == "off", "it is not caged")
    def test_it_is_caged(self):
        self.one()
        pid = subprocess.run(["pgrep", "-P", str(self.daemon.pid), "varta-web"], capture_output=True, text=True, check=True).stdout.strip()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        self.assertRegex(status, r"Seccomp:\s+2")
        self.assertRegex(status, r"NoNewPrivs:\s+1")
        before = self.store.read_bytes()[:100]
        self.assertEqual(self.get("/").status, 200)
        self.assertEqual(before, self.store.read_bytes()[:100])

    # ---- for machines ----

    def test_metrics_are_in_order(self):
        self.one()
        self.deface()
        wait_until(lambda: metrics_of(self.get("/metrics").text)['varta_deliveries_total{sink="lines",outcome="taken"}'] >= 1, 20, "the alert")
        answer = self.get("/metrics")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        numbers = metrics_of(answer.text)
        names = set(re.findall(r"^# TYPE (\w+)", answer.text, re.M))
        self.assertEqual(names, set(re.findall(r"^# HELP (\w+)", answer.text, re.M)))
        for line in answer.text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) varta_\w+ .+|varta_\w+(\{(\w+="[^"]*",?)+\})? [0-9.e+-]+)$')
        self.assertEqual(numbers["varta_pages"], 1)
        self.assertGreaterEqual(numbers['varta_checks_total{verdict="defaced"}'], 2)
        self.assertEqual(numbers['varta_incidents{state="confirmed"}'], 1)
        self.assertGreater(numbers['varta_helper_jobs_total{role="read",outcome="answered"}'], 0)
        self.assertGreater(numbers["varta_store_bytes"], 4096)
        checks = sum(value for name, value in numbers.items() if name.startswith("varta_checks_total"))
        self.assertEqual(numbers['varta_step_duration_seconds_count{step="all"}'], checks)
        self.assertEqual(numbers['varta_step_duration_seconds_bucket{step="all",le="+Inf"}'], checks)
        self.assertNotIn("127.0.0.1", answer.text)

    def test_promtool_finds_nothing(self):
        tool = os.environ.get("VARTA_PROMTOOL") or shutil.which("promtool")
        if not tool:
            self.skipTest("promtool is not installed (package prometheus)")
        self.one()
        done = subprocess.run([tool, "check", "metrics"], input=self.get("/metrics").text, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_live_numbers(self):
        self.one()
        numbers = lambda: json.loads(self.get("/live.json").text)  # noqa: E731
        wait_until(lambda: numbers()["counts"]["unchanged"] == 1, 10, "the page")
        before = numbers()["mark"]
        self.deface()
        wait_until(lambda: numbers()["counts"]["defaced"] == 1 and numbers()["confirmed"] == 1, 15, "the news")
        self.assertNotEqual(numbers()["mark"], before)


if __name__ == "__main__":
    main()
