#!/usr/bin/env python3
"""The status page in a browser, with the sample night under it: found, opened, acknowledged and accepted by mouse, by keyboard alone, on a
telephone's width, without JavaScript; by somebody who sees it and by somebody who does not (axe-core).

VARTA_PICTURES names a folder to put pictures of it into."""
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import devtools  # noqa: E402
from web_case import TOKEN, WebCase, axe  # noqa: E402
from scene import main, wait_until  # noqa: E402
from texts import MESSAGE, ministry  # noqa: E402

PICTURES = os.environ.get("VARTA_PICTURES")


@unittest.skipUnless(devtools.program(), "chromium is not installed")
class Browsing(WebCase):
    def setUp(self):
        super().setUp()
        self.browser = devtools.Browser()
        self.addCleanup(self.browser.close)
        self.base = f"http://127.0.0.1:{self.port}"

    def tab(self, path="/", **more):
        tab = devtools.Tab(self.browser, **more)
        tab.go(self.base + path)
        return tab

    def log_in_by_hand(self, tab):
        tab.loads(lambda: tab.click("a.door"))
        for selector, text in (("[name=token]", TOKEN), ("[name=name]", "Тарас")):
            tab.click(selector)
            tab.type(text)
        tab.loads(lambda: tab.click("form.login button"))
        self.assertIn("Log out", tab.text(".aside"))

    def first(self, tab, selector):
        return tab.eval(f"document.querySelector({selector!r})?.getAttribute('href')")

    # ---- the night ----

    def test_the_night(self):
        self.night_of()
        watching = self.tab()
        wait_until(lambda: "Nothing is wrong" in watching.text("h1"), 30, "the first looks")
        watching.eval("document.querySelector('#search').focus(); scrollTo(0, 200); window.stays = true")
        watching.type("uri")
        self.attack()
        wait_until(lambda: "defaced" in watching.text("h1"), 30, "the page that keeps itself up to date")
        self.assertEqual(watching.eval("[window.stays, document.activeElement.id, document.activeElement.value]"), [True, "search", "uri"])
        self.assertIn("defaced", watching.text("#news"))
        self.assertIn("defaced", watching.eval("document.title"))
        self.assertEqual(watching.complaints(), [])
        self.by_mouse()
        self.by_keyboard()
        self.without_scripts()
        self.narrow()
        self.in_every_language()
        self.seen_by_axe()
        if PICTURES:
            self.pictures()

    def by_mouse(self):
        """Finds a page, opens its incident, acknowledges, and accepts another page."""
        tab = self.tab()
        self.log_in_by_hand(tab)
        tab.click("#search")
        tab.type("dovkillia")
        tab.loads(lambda: tab.click("form.filter button"))
        self.assertEqual(tab.eval("document.querySelectorAll('#rows tbody tr').length"), 1)
        tab.loads(lambda: tab.click("#rows tbody a"))
        self.assertIn("dovkillia", tab.text("h1"))
        tab.loads(lambda: tab.click("#incidents tbody a"))
        self.assertIn("confirmed", tab.text("#head"))
        tab.loads(lambda: tab.click(".acts button.main"))
        wait_until(lambda: "acknowledged" in tab.text("#head"), 15, "the page that keeps itself up to date")
        self.assertIn("Тарас (web)", tab.text("#head"))
        incident = int(tab.eval("location.pathname").rsplit("/", 1)[1])
        self.assertEqual(self.ask("show", str(incident))[0]["acknowledged_by"], "Тарас (web)")
        for _ in range(10):  # a look may come between, and then nothing is accepted
            tab.loads(lambda: tab.click("#head dd a"))
            tab.click(".acts input[type=checkbox]")
            tab.loads(lambda: tab.click(".acts button"))
            if "Accepted" in (tab.text(".done") or ""):
                break
            tab.go(self.base + f"/incident/{incident}")
        self.assertIn("Accepted", tab.text(".done"))
        wait_until(lambda: self.ask("show", str(incident))[0]["state"] == "accepted", 15, "the incident's end")
        self.assertEqual(tab.complaints(), [])
        tab.close()

    def by_keyboard(self):
        tab = self.tab()
        tab.press("Tab")
        self.assertEqual(tab.eval("document.activeElement.className"), "skip")
        self.assertGreaterEqual(tab.eval("document.activeElement.getBoundingClientRect().left"), 0)
        reached, wanted = [], tab.eval("document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary').length")
        for _ in range(wanted + 5):
            seen = tab.eval("(() => { const one = document.activeElement; const box = one.getBoundingClientRect(); const style = getComputedStyle(one);"
                            "return [one.outerHTML.slice(0, 80), style.outlineStyle, box.width > 0 && box.height > 0, one.tagName]; })()")
            if seen[3] == "BODY":
                break
            reached.append(seen[0])
            self.assertEqual((seen[1], seen[2]), ("solid", True), f"the focus is not to be seen on {seen[0]}")
            tab.press("Tab")
        self.assertGreaterEqual(len(reached), wanted, "the keyboard does not reach everything")
        tab.go(self.base + "/")
        tab.press("/")
        self.assertEqual(tab.eval("document.activeElement.id"), "search")
        tab.type("mzs")
        tab.loads(lambda: tab.press("Enter"))
        self.assertIn("mzs", tab.text("#rows tbody"))
        tab.close()

    def without_scripts(self):
        tab = self.tab(scripts=False)
        self.assertIn("defaced", tab.text("h1"))
        self.log_in_by_hand(tab)
        tab.go(self.base + "/?q=reiestr")
        tab.loads(lambda: tab.click("#rows tbody a"))
        self.assertTrue(tab.eval("!!document.querySelector('.chart svg')"))
        tab.loads(lambda: tab.click("#incidents tbody a"))
        tab.loads(lambda: tab.click(".acts button.main"))
        self.assertIn("Acknowledged", tab.text(".done"))
        tab.close()

    def places(self):
        tab = self.tab()
        found = ["/", "/incidents", "/about", "/login", "/nowhere", self.first(tab, "#open tbody a[href^='/campaign']"),
                 self.first(tab, "#open tbody a[href^='/incident']"), self.first(tab, "#rows tbody tr.defaced a"), "/?q=nothing-like-this"]
        tab.close()
        self.assertNotIn(None, found)
        return found

    def narrow(self):
        for languages in ("en", "uk", "pl"):
            tab = self.tab(width=390, height=844, languages=languages)
            for path in self.places():
                tab.go(self.base + path)
                self.assertLessEqual(tab.eval("document.documentElement.scrollWidth"), 390, f"{path} in {languages} is too wide for a telephone")
            tab.size(360, 800)
            for path in self.places():
                tab.go(self.base + path)
                tab.eval("document.documentElement.style.fontSize = '200%'")
                self.assertLessEqual(tab.eval("document.documentElement.scrollWidth"), 360, f"{path} in {languages} is too wide with letters of twice the size")
                broken = tab.eval("[...document.querySelectorAll('.tile span, .verdict')].map(one => { const range = document.createRange(); "
                                  "range.selectNodeContents(one.lastChild); return [one.textContent.trim(), range.getClientRects().length]; })"
                                  ".filter(([text, lines]) => lines > text.split(/\\s+/).length)")
                self.assertEqual(broken, [], f"{path} in {languages}: words in pieces")
            tab.close()

    def in_every_language(self):
        """What varta says of a page is said in the reader's language; only what the page says is not."""
        seen = [self.ask("show", str(number))[0] for number in range(1, 8)]
        english = {reason["text"].split(": «")[0] for one in seen for reason in one["result"]["reasons"]} | {one["cause"] for one in seen if one.get("cause")}
        self.assertGreater(len(english), 5)
        for languages, member, mark in (("en", "Part of", "."), ("uk", "У складі", ","), ("pl", "W ramach", ",")):
            tab = self.tab("/about", languages=languages)
            self.assertRegex(tab.text("main"), rf"\d+\{mark}\d")
            of_campaign = next(one["id"] for one in seen if one.get("campaign"))
            tab.go(self.base + f"/incident/{of_campaign}")
            self.assertEqual(tab.eval("document.querySelector('#head dd a[href^=\"/campaign\"]').parentElement.previousElementSibling.textContent"), member)
            tab.close()
        for languages in ("uk", "pl"):
            tab = self.tab(languages=languages)
            reasons = 0
            for path in ["/", "/?verdict=unavailable", *(f"/incident/{one['id']}" for one in seen), *("/page?url=" + one["url"] for one in seen)]:
                tab.go(self.base + path)
                text = tab.text("main")
                self.assertEqual([one for one in english if one in text], [], f"{path} in {languages}")
                self.assertEqual(tab.eval("document.querySelectorAll('main .reasons [lang=en], main dd [lang=en]').length"), 0, path)
                reasons += tab.eval("document.querySelectorAll('main .reasons li').length")
            self.assertGreater(reasons, 20)
            tab.go(self.base + "/?q=nothing-like-this")
            wanted = {"uk": "спотворених", "pl": "podmienionych"}[languages]
            self.assertIn(wanted, tab.text("#tiles .defaced"), "eight of them, not one")
            tab.close()

    def seen_by_axe(self):
        source, why = axe()
        if source is None:
            print(f"axe-core was not run: {why}", file=sys.stderr)
            return
        faults = []
        for dark, width in ((False, 1280), (True, 390)):
            tab = self.tab(dark=dark, width=width)
            for path in self.places():
                tab.go(self.base + path)
                tab.call("Runtime.evaluate", expression=source)
                seen = tab.eval("axe.run(document, {resultTypes: ['violations']}).then(all => all.violations.map("
                                "one => [one.id, one.impact, one.nodes.map(node => node.html.slice(0, 150) + ' ' + node.failureSummary)]))")
                faults += [(path, dark, width, *one) for one in seen]
            tab.close()
        self.assertEqual(faults, [])

    def pictures(self):
        folder = pathlib.Path(PICTURES)
        incident = next(f"/incident/{number}" for number in range(1, 11) if self.ask("show", str(number))[0]["verdict"] == "defaced")
        for name, path, more in (("overview", "/", {}), ("overview-dark", "/", {"dark": True, "languages": "uk"}),
                                 ("phone", "/", {"width": 390, "height": 844}), ("incident", incident, {}),
                                 ("page", self.places()[7], {"languages": "pl"}), ("incident-phone", incident, {"width": 390, "height": 844, "dark": True, "languages": "uk"})):
            tab = self.tab(path, **{"height": 1000, **more})
            tab.picture(folder / f"status-{name}.png", whole=False)
            tab.close()

    # ---- one page ----

    def test_a_page_that_tries_to_break_out_does_not(self):
        self.page("index.html", ministry())
        url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.serve([url])
        self.learnt([url])
        canary = "&lt;script&gt;document.title = 'canary'; alert('canary')&lt;/script&gt;&lt;img src=x onerror=\"document.title='canary'\"&gt;"
        self.page("index.html", f"<html><body><p>{canary}</p><p>&lt;/blockquote&gt;&lt;/main&gt;&lt;h1&gt;all is well&lt;/h1&gt;</p>"
                                + "".join(f"<p>{text}</p>" for text in MESSAGE.values()) + "</body></html>")
        incident = self.wait_told("incident-confirmed")[0]["incident"]["id"]
        wait_until(lambda: self.get(f"/incident/{incident}").status == 200, 10, "the incident")
        for path in (f"/incident/{incident}", "/page?url=" + url, "/", f"/?q={canary.replace('&lt;', '%3C').replace('&gt;', '%3E')}"):
            tab = self.tab(path)
            time.sleep(0.3)
            self.assertNotIn("canary", tab.eval("document.title"), path)
            self.assertEqual(tab.eval("document.querySelectorAll('h1').length"), 1, path)
            self.assertEqual(tab.eval("document.querySelectorAll('img, iframe, object, embed, style').length"), 0, path)
            self.assertFalse([one for one in self.browser.events if one["method"] == "Page.javascriptDialogOpening"], path)
            self.assertEqual(tab.complaints(), [], path)
            tab.close()
        self.assertIn("<script>document.title", self.tab(f"/incident/{incident}").text("blockquote"))


if __name__ == "__main__":
    main()
