#!/usr/bin/env python3
"""Reports and exports of one incident: whole and true for the sample night, and nothing but text for a page that tries to break out."""
import base64
import gzip
import hashlib
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, ROOT, wait_until  # noqa: E402
from texts import defaced, ministry  # noqa: E402
from watcher import WatchCase  # noqa: E402

SAMPLE = ROOT / "tests/evidence"
SCHEMAS = ROOT / "tests/schemas"
OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1, section 2.9
JSON_FORMS = ("misp", "intelmq", "stix", "ecs")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")

# One of each way out: of an element, an attribute, a style, a script, a comment, CDATA, a line, a header, a formula, a field; and what steers.
HOSTILE = ("<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">' onmouseover='document.title=1' \"><svg onload=alert(1)>"
           "</style><style>*{display:none}</style>--><!-- ]]> <![CDATA[ </title><base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>"
           "=cmd|'/c calc'!A0 +1 @SUM(1)|\\=|CEF:0|x|y \r\nSet-Cookie: a=b\n\nSecond \u202ereversed\u202c \u200bzero \x1b]0;taken\x07\x1b[2J {{7*7}} ${7*7} `id` %0a &lt; &#60;")


def varta(*words, code=0):
    done = subprocess.run([BUILD / "varta", *map(str, words)], env=ENVIRONMENT, capture_output=True, check=False)
    if done.returncode != code:
        raise AssertionError(f"{words}: {done.returncode} instead of {code}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


class Document(html.parser.HTMLParser):
    """The report as an independent parser sees it."""
    EMPTY = {"meta", "img", "br", "rect", "path"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.text, self.open, self.faults = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "title"):
            self.text.append(data)

    def handle_comment(self, data):
        self.faults.append("a comment")


OURS = set("html head meta title style body div header main footer h1 h2 h3 p strong b bdi br ul ol li dl dt dd code pre span small i ins del figure figcaption img svg "
           "rect path blockquote section table thead tbody tr th td".split())
LINKS = {"href", "action", "formaction", "srcset", "data", "xlink:href", "style", "background", "poster"}


class Exporting(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="varta-export."))
        self.evidence = self.folder / "evidence"
        shutil.copytree(SAMPLE / "00000017", self.evidence / "00000017")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def export(self, form, *more, code=0):
        return varta("export", "--as", form, "--evidence", self.evidence, "--control", self.folder / "none", *more, "17", code=code)[0]

    def dossier(self):
        return json.loads((self.evidence / "00000017/confirmed.json").read_text(encoding="utf-8"))

    def keep(self, dossier):
        (self.evidence / "00000017/confirmed.json").write_text(json.dumps(dossier), encoding="utf-8")

    def make_hostile(self):
        """Every text of the dossier that a page, a server or a list may have written."""
        dossier = self.dossier()
        result = dossier["result"]
        dossier["page"] = {"url": "https://mzs.uriad.localhost/?q=" + HOSTILE, "name": HOSTILE, "group": HOSTILE, "contact": HOSTILE}
        result.update(message=HOSTILE * 2, cause=HOSTILE, origin=HOSTILE)
        result["reasons"] = [{"code": "cue-threat", "text": "it threatens: «" + HOSTILE + "»", "weight": 1.5}, {"code": HOSTILE, "text": HOSTILE, "weight": -2}]
        result["http"] = {"status": 200, "final_url": "https://evil.example/" + HOSTILE, "address": HOSTILE, "redirects": [{"status": 302, "from": HOSTILE}]}
        half = len(HOSTILE.encode())
        dossier["spans"] = [{"start": 0, "end": half, "language": "uk", "confidence": 1}, {"start": half, "end": 2 * half, "language": "ru", "confidence": 1}]
        dossier["titles"] = {"before": HOSTILE, "after": HOSTILE}
        dossier["blocks"] = [{"kind": kind, "text": HOSTILE, "origin": "html", "heading": 2} for kind in ("kept", "moved", "new", "gone", "volatile")]
        dossier["hosts"] = {key: ["evil.example", HOSTILE] for key in ("links", "scripts", "frames", "forms")}
        picture = dossier["pictures"][0]
        picture["url"] = "https://evil.example/" + HOSTILE
        picture["lines"] = [{"text": HOSTILE, "box": [0, 0, 10, 10], "confidence": 0.9, "language": "uk"}]
        picture["metadata"] = {key: HOSTILE for key in ("software", "taken", "camera", "comment")}
        dossier["server"] = {"content_type": HOSTILE, "server": HOSTILE, "etag": HOSTILE,
                             "certificate": {"sha256": "0" * 64, "subject": HOSTILE, "issuer": HOSTILE, "from": HOSTILE, "until": HOSTILE, "chain": [HOSTILE]}}
        self.keep(dossier)
        (self.evidence / "00000017/recovered.json").unlink()
        return dossier

    def make_odd(self):
        """A server without a name, addresses that are no URIs, hosts in letters of their own, in digits and of one word."""
        dossier = self.dossier()
        dossier["page"]["url"] = "http://192.0.2.17:8080/новини?a b=«1»%zz#x#[y]"
        dossier["result"]["http"]["final_url"] = "http://[2001:db8::17]:8080/\\^{|}"
        dossier["hosts"] = {key: ["сайт.укр", "xn--80aswg.xn--j1amh", "localhost", "127.0.0.1", "2001:db8::1"] for key in ("links", "scripts", "frames", "forms")}
        self.keep(dossier)

    # ---- the report ----

    def check_document(self, text):
        document = Document(text)
        self.assertEqual(document.faults, [])
        self.assertEqual(document.open, [])
        self.assertEqual(set(document.elements) - OURS, set())
        for tag, name, value in document.attributes:
            self.assertFalse(name.startswith("on") or name in LINKS, (tag, name, value))
            if name == "src":
                self.assertEqual(tag, "img")
                self.assertRegex(value, r"^data:image/png;base64,[A-Za-z0-9+/]+={0,2}$")
        self.assertEqual(document.elements.count("style"), 1)
        policy = [value for tag, name, value in document.attributes if tag == "meta" and name == "content" and "default-src" in value]
        self.assertEqual(len(policy), 1)
        self.assertTrue(policy[0].startswith("default-src 'none'; img-src data:; style-src 'sha256-"), policy)
        return document

    def test_report_of_the_night(self):
        words = {"en": ("was defaced", "Ukrainian (32", "Russian (32", "Polish (36", "Before", "After"),
                 "uk": ("спотворено", "українська (32", "російська (32", "польська (36", "До", "Після"),
                 "pl": ("podmieniona", "ukraiński (32", "rosyjski (32", "polski (36", "Przedtem", "Potem")}
        lines, reasons = self.dossier()["pictures"][0]["lines"], self.dossier()["result"]["reasons"]
        self.assertGreater(min(len(lines), len(reasons)), 10)
        for tongue, wanted in words.items():
            document = self.check_document(self.export("html", "--lang", tongue))
            text = "".join(document.text)
            self.assertIn(("html", "lang", tongue), document.attributes)
            for word in (*wanted, "Українець!", "Украинец!", "Ukrainiec!", "Єдиний голос держави у світі", "192[.]0[.]2[.]7", "52.20863"):
                self.assertIn(word, text)
            spans = {value for tag, name, value in document.attributes if tag == "span" and name == "lang"}
            self.assertEqual(spans, {"uk", "ru", "pl"})
            picture = next(value for tag, name, value in document.attributes if tag == "img" and name == "src")
            self.assertEqual(base64.b64decode(picture.split(",")[1]), (self.evidence / "00000017/confirmed-1.png").read_bytes())
            self.assertEqual(document.elements.count("rect"), 3 + 2 * len(lines) + sum(one["weight"] != 0 for one in reasons), "languages, boxes, weights")
            self.assertNotIn("https://", text)

    def test_every_word_in_every_language(self):
        """No label of one language stands in another's report, and no place in a pattern is left unfilled."""
        texts = {tongue: "".join(self.check_document(self.export("html", "--lang", tongue)).text) for tongue in ("en", "uk", "pl")}
        for tongue, text in texts.items():
            self.assertNotRegex(text, r"\{[a-z]+\}", tongue)
        for other in ("uk", "pl"):
            for word in ("Before and after", "Course of events", "Technical details", "Why it was judged so", "Certificate", "still there", "the new text begins"):
                self.assertIn(word, texts["en"])
                self.assertNotIn(word, texts[other])

    def test_reasons_and_causes_in_every_language(self):
        """Each sentence of ours in the reader's language; what is quoted of the page stays."""
        dossier = self.dossier()
        more = [("new-language", "new text in Russian, Polish and English, which the page never used"), ("loud", "it has what attackers like: a locked mouse"),
                ("hosts", "it newly refers to t.me, where attackers often send visitors"), ("no-page", "the server did not answer in time")]
        dossier["result"]["reasons"] += [{"code": code, "text": text, "weight": 0.1} for code, text in more]
        dossier["result"]["cause"] = "http-503"
        self.keep(dossier)
        said = [one["text"].split(": «")[0] for one in dossier["result"]["reasons"]]
        self.assertGreater(len(said), 10)
        for form in ("html", "text"):
            english = " ".join(self.export(form).split())
            self.assertIn("the server answered with status 503", english)
            for tongue in ("uk", "pl"):
                text = " ".join(self.export(form, "--lang", tongue).split())
                self.assertEqual([one for one in said if one in text], [], (form, tongue))
                self.assertNotIn('<td lang="en">', text)
                self.assertIn({"uk": "сервер відповів статусом 503", "pl": "serwer odpowiedział statusem 503"}[tongue], text)
                self.assertIn({"uk": "російська, польська, англійська", "pl": "rosyjski, polski, angielski"}[tongue], text)
        dossier["result"]["reasons"] = [{"code": "of-tomorrow", "text": "said by a later varta", "weight": 1}]
        self.keep(dossier)
        self.assertIn('<td lang="en"><bdi>said by a later varta', self.export("html", "--lang", "uk"), "what cannot be translated is marked")

    def test_a_picture_without_words_or_bytes(self):
        dossier = self.dossier()
        for one in dossier["pictures"]:
            for key in ("lines", "file", "width", "height", "format"):
                one.pop(key, None)
        self.keep(dossier)
        self.assertRegex(self.export("html"), r"<figcaption><code><bdi>[^<]*</bdi></code></figcaption>")
        for form in ("html", "text"):
            self.assertIn("No text was read in it", " ".join(self.export(form).split()))

    def test_spacers_do_not_hide_the_message(self):
        dossier = self.dossier()
        picture = dossier["pictures"][0]
        spacer = {"url": "https://mzs.uriad.localhost/spacer.gif", "format": "gif", "width": 1, "height": 1, "new": True, "lines": []}
        placed = {**spacer, "url": "https://mzs.uriad.localhost/placed.jpg", "metadata": {"latitude": 52.2297, "longitude": 21.0122, "software": "Planter 1"}}
        dossier["pictures"] = [spacer] * 10 + [placed, picture]
        self.keep(dossier)
        line = picture["lines"][0]["text"]
        for tongue, left in (("en", "not shown here: 4."), ("uk", "яких тут немає: 4."), ("pl", "których tu nie ma: 4.")):
            for form in ("html", "text"):
                text = " ".join(html.unescape(re.sub("<[^>]*>", " ", self.export(form, "--lang", tongue))).split())
                self.assertIn(left, text)
                self.assertIn(" ".join(line.split()), text)
                self.assertIn("52.22970, 21.01220", text)
                self.assertIn("Planter 1", text)
        text = self.export("text")
        self.assertLess(text.index("Read in picture 12"), text.index("Read in picture 11"), "what was read comes first")
        self.assertLess(text.index("Read in picture 11"), text.index("Read in picture 1\n"), "then whose file says something, then the order of the page")
        dossier["pictures"] = [spacer] * 7 + [picture]
        self.keep(dossier)
        self.assertNotIn("not shown here", self.export("text"))

    def test_a_language_has_one_colour_in_every_report(self):
        dossier = self.dossier()
        colours = {}
        for order in (("uk", "ru", "pl"), ("pl", "uk", "ru"), ("en", "de", "uk")):
            dossier["result"]["languages"] = [{"language": one, "share": 0.33, "confidence": 1} for one in order]
            self.keep(dossier)
            for style, tag in re.findall(r'<li><span class="l l(\d)"><span class="tag">(\w+)</span>', self.export("html")):
                colours.setdefault(tag, set()).add(style)
        self.assertEqual({len(one) for one in colours.values()}, {1}, colours)
        self.assertEqual(len({*map(tuple, colours.values())}), 5, colours)

    def test_a_language_of_next_to_nothing_is_left_out(self):
        dossier = self.dossier()
        dossier["result"]["languages"] = [{"language": "uk", "share": 0.997, "confidence": 1}, {"language": "en", "share": 0.003, "confidence": 1}]
        self.keep(dossier)
        for form in ("html", "text"):
            self.assertNotRegex(self.export(form), "English(</span>)? [(0-9]")
        self.assertIn("Ukrainian (100\u00a0%).", self.export("text"))

    def test_reasons_that_weigh_nothing_are_left_out(self):
        dossier = self.dossier()
        dossier["result"]["reasons"] = [{"code": "few-links", "text": "only one link leads on", "weight": 2.2}, {"code": "cue-threat", "text": "it threatens", "weight": 0.04},
                                        {"code": "cue-mockery", "text": "it mocks", "weight": -0.03}, {"code": "dark", "text": "the whole page is dark", "weight": -0.05}]
        self.keep(dossier)
        for form in ("html", "text"):
            text = self.export(form)
            self.assertNotIn("it threatens", text)
            self.assertNotIn("it mocks", text)
            self.assertIn("the whole page is dark", text)
        self.assertIn("dalej prowadzi tylko jeden odnośnik", self.export("text", "--lang", "pl"))
        dossier["result"].update(verdict="unavailable", cause="http-503")
        self.keep(dossier)
        for form in ("html", "text"):
            text = self.export(form)
            self.assertIn("only one link leads on", text)
            self.assertIsNone(re.search(r"[+-]\d\.\d|speaks? (for|against)", text[text.index("Why it was judged so"):text.index("Course of events")]), form)
        self.check_document(self.export("html"))

    def test_signs_stay_with_their_word(self):
        dossier = self.dossier()
        message = "Увага! <script> і (всі) дані"
        at = lambda text: len(message[:message.index(text)].encode())  # noqa: E731
        dossier["result"]["message"] = message
        dossier["spans"] = [{"start": 0, "end": at("!"), "language": "uk", "confidence": 1}, {"start": at("script"), "end": at("> і"), "language": "en", "confidence": 1},
                            {"start": at("всі"), "end": len(message.encode()), "language": "uk", "confidence": 1}]
        self.keep(dossier)
        self.assertIn("</span>&lt;script</span>&gt; і ", self.export("html"))
        self.assertIn("</span>(всі) дані</span>", self.export("html"))
        text = self.export("text")
        for line in ("  uk  Увага!\n", "  en  <script> і\n", "  uk  (всі) дані\n"):
            self.assertIn(line, text)

    def test_hashes_are_never_broken(self):
        dossier = self.dossier()
        digest = dossier["server"]["certificate"]["sha256"]
        shown = varta("show", "--evidence", self.evidence, "--control", self.folder / "none", "17")[0]
        for one in (digest, *(file["sha256"] for file in dossier["files"])):
            self.assertEqual([line.strip() for line in shown.splitlines() if one in line], [one])

    def test_what_a_picture_claims_is_in_the_text_too(self):
        for tongue, words in (("en", "could write anything here"), ("uk", "міг написати тут що завгодно"), ("pl", "mógł tu wpisać cokolwiek")):
            text = " ".join(self.export("text", "--lang", tongue).split())
            self.assertIn(words, text)
            for said in self.dossier()["pictures"][0]["metadata"].values():
                if isinstance(said, str):
                    self.assertIn(" ".join(said.split()), text)

    def test_decimals_have_the_readers_mark(self):
        for form in ("html", "text"):
            for tongue, mark in (("en", "."), ("uk", ","), ("pl", ",")):
                weights = re.findall(r"[+-]\d+([.,])\d", "".join(Document(self.export(form, "--lang", tongue)).text) if form == "html" else self.export(form, "--lang", tongue))
                self.assertGreater(len(weights), 10)
                self.assertEqual(set(weights), {mark}, (form, tongue))

    def test_a_language_that_is_not_known_stands_in_a_sentence(self):
        dossier = self.dossier()
        dossier["result"]["languages"] = [{"language": "und", "share": 0.6, "confidence": 1}, {"language": "pl", "share": 0.4, "confidence": 1}]
        self.keep(dossier)
        self.assertIn("The message is in an undetermined language (60\u00a0%), Polish (40\u00a0%).", self.export("text"))

    def test_how_to_verify_runs_as_written(self):
        """From the folder that sha256sum is to be run in."""
        keeps = self.folder / "keeps"
        shutil.copytree(self.evidence, keeps)
        data = (keeps / "00000017/confirmed.json").read_bytes()
        entry = {"n": 1, "at": "2022-01-14T02:13:05Z", "file": "00000017/confirmed.json", "sha256": hashlib.sha256(data).hexdigest(),
                 "bytes": len(data), "previous": "0" * 64}
        (keeps / "manifest.jsonl").write_text(json.dumps(entry, separators=(",", ":")) + "\n", encoding="utf-8")
        for path in (keeps / "00000017").iterdir():
            if path.name != "confirmed.json":
                path.unlink()
        commands = re.findall(r"<li>[^<]*<pre>(.*?)</pre>", self.export("html"))
        self.assertEqual([words.split()[0] for words in commands], ["sha256sum", "varta"])
        for words in commands:
            self.assertIn(f"    {words}\n", self.export("text"))
            done = subprocess.run(words, shell=True, cwd=keeps, env={**ENVIRONMENT, "PATH": f"{BUILD}:{ENVIRONMENT['PATH']}"}, capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, (words, done.stdout, done.stderr))

    def test_contrast(self):
        """Every pair of colours that text stands in, in both themes: 4.5:1 at least (WCAG 2.1 AA)."""
        def brightness(colour):
            colour = "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour[1:]
            parts = [int(colour[at:at + 2], 16) / 255 for at in (0, 2, 4)]
            parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

        pairs = [(ink, paper) for ink in ("text", "dim", "head", "bad") for paper in ("bg", "panel")]
        pairs += [(name, name + "bg") for name in ("bad", "warn", "good")] + [pair for i in range(6) for pair in ((f"l{i}", f"l{i}b"), ("text", f"l{i}b"))]
        themes = [dict(re.findall(r"--(\w+): (#\w+);", block)) for block in re.findall(r":root \{(.*?)\}", self.export("html"), re.S)]
        self.assertEqual(len(themes), 2)
        for theme in themes:
            for ink, paper in pairs:
                dark, light = sorted((brightness(theme[ink]), brightness(theme[paper])))
                self.assertGreaterEqual((light + 0.05) / (dark + 0.05), 4.5, (ink, paper))

    def test_report_of_a_page_that_breaks_out(self):
        self.make_hostile()
        for tongue in ("en", "uk", "pl"):
            raw = self.export("html", "--lang", tongue)
            text = "".join(self.check_document(raw).text)
            self.assertFalse(STEERING.search(raw), "nothing that steers is in the file")
            self.assertGreaterEqual(text.count("<script>document.title='taken'</script>"), 15, "it is shown as text")
            self.assertIn("U+202E", text)
            self.assertIn("hxxps://evil[.]example/", text)
            self.assertNotIn("https://evil", text)

    def test_in_a_browser(self):
        """The canary would rename the page; nothing may be asked for on the way."""
        chromium = shutil.which("chromium")
        if not chromium:
            self.skipTest("chromium is not installed")
        self.make_hostile()
        report = self.folder / "report.html"
        report.write_text(self.export("html"), encoding="utf-8")
        log = self.folder / "net.json"
        seen = subprocess.run([chromium, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.folder}/profile", f"--log-net-log={log}",
                               "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=2000", "--dump-dom", report.as_uri()],
                              capture_output=True, text=True, timeout=120, check=True).stdout
        self.assertIn("<title>Incident report 17</title>", seen)
        self.assertEqual(re.findall(r"<(script|base|iframe|svg onload|img src=\"x)", seen), [])
        self.assertNotIn("evil.example", log.read_text(encoding="utf-8", errors="replace"))

    def test_text(self):
        for tongue in ("en", "uk", "pl"):
            for line in self.export("text", "--lang", tongue).splitlines():
                self.assertLessEqual(len(line), 80 if "/" not in line else 200, line)
        self.make_hostile()
        text = self.export("text")
        self.assertFalse(STEERING.search(text))
        self.assertIn("<U+202E>", text)
        self.assertIn("<U+001B>", text)

    # ---- exports ----

    def validate(self, form, document):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        jsonschema.Draft7Validator(json.loads((SCHEMAS / f"{form}.json").read_text())).validate(document)

    def test_schemas_of_the_night(self):
        for form in JSON_FORMS:
            self.validate(form, json.loads(self.export(form)))

    def test_schemas_of_a_page_that_breaks_out(self):
        self.make_hostile()
        for form in JSON_FORMS:
            raw = self.export(form)
            self.assertFalse(STEERING.search(raw), form)
            self.validate(form, json.loads(raw))
        event = json.loads(self.export("misp"))["Event"]
        self.assertIn(HOSTILE * 2, [one["value"] for one in event["Attribute"]])
        self.assertEqual(json.loads(self.export("intelmq"))["extra.message"], HOSTILE * 2)
        self.assertEqual(json.loads(self.export("ecs"))["varta"]["message"], HOSTILE * 2)
        self.assertIn(HOSTILE * 2, [one.get("content") for one in json.loads(self.export("stix"))["objects"]])

    def test_schemas_can_fail(self):
        """A schema that takes everything would prove nothing."""
        for form, member in (("misp", "Event"), ("intelmq", "time.source"), ("stix", "objects"), ("ecs", "event")):
            document = json.loads(self.export(form))
            document["unknown"] = 1
            with self.assertRaises(Exception, msg=form):
                self.validate(form, document)
            del document["unknown"], document[member]
            with self.assertRaises(Exception, msg=form):
                self.validate(form, document)

    def test_misp(self):
        event = json.loads(self.export("misp", "--tlp", "red"))["Event"]
        self.assertEqual({tag["name"] for tag in event["Tag"]},
                         {"tlp:red", 'rsit:information-content-security="unauthorised-information-modification"'})
        self.assertEqual(event["date"], "2022-01-14")
        objects = {one["name"]: {part["object_relation"]: part for part in one["Attribute"]} for one in event["Object"]}
        picture = (self.evidence / "00000017/confirmed-1.png").read_bytes()
        self.assertEqual(base64.b64decode(objects["file"]["attachment"]["data"]), picture)
        self.assertEqual(objects["url"]["url"]["value"], "https://mzs.uriad.localhost/")
        self.assertEqual(objects["url"]["domain"]["value"], "mzs.uriad.localhost")
        self.assertEqual([one["value"] for one in event["Attribute"] if one["type"] == "ip-dst"], ["192.0.2.7"])
        names = [one["uuid"] for one in [event, *event["Attribute"], *event["Object"], *(part for one in event["Object"] for part in one["Attribute"])]]
        self.assertEqual(len(names), len(set(names)), "each thing has a name of its own")
        self.assertEqual(names, [one["uuid"] for again in [json.loads(self.export("misp"))["Event"]]
                                 for one in [again, *again["Attribute"], *again["Object"], *(part for one in again["Object"] for part in one["Attribute"])]], "always the same")

    def check_stix(self):
        bundle = json.loads(self.export("stix"))
        objects = {one["id"]: one for one in bundle["objects"]}
        self.assertEqual(len(objects), len(bundle["objects"]))
        for one in bundle["objects"]:
            for key, value in one.items():
                for reference in value if key.endswith("_refs") else [value] if key.endswith("_ref") else []:
                    self.assertIn(reference, objects)
        self.assertNotIn("indicator", {one["type"] for one in bundle["objects"]})
        contributing = {"url": ("value",), "domain-name": ("value",), "ipv4-addr": ("value",), "file": ("hashes",), "artifact": ("payload_bin",)}
        checked = set()
        for one in bundle["objects"]:
            if one["type"] in contributing:
                canonical = json.dumps({key: one[key] for key in contributing[one["type"]]}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                self.assertEqual(one["id"], f"{one['type']}--{uuid.uuid5(OBSERVABLES, canonical)}")
                checked.add(one["type"])
        return checked

    def test_stix(self):
        self.assertEqual(self.check_stix(), {"url", "domain-name", "ipv4-addr", "file", "artifact"})
        self.make_hostile()
        self.assertEqual(self.check_stix(), {"url", "domain-name", "file", "artifact"})

    def test_addresses_that_are_odd(self):
        """An ally's tool drops an address that is no URI, and a name that is digits."""
        self.make_odd()
        seen = {(one["type"], one["value"]) for one in json.loads(self.export("stix"))["objects"] if "value" in one}
        self.assertEqual(seen, {
            ("url", "http://192.0.2.17:8080/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8?a%20b=%C2%AB1%C2%BB%25zz#x%23%5By%5D"),
            ("url", "http://[2001:db8::17]:8080/%5C%5E%7B%7C%7D"), ("ipv4-addr", "192.0.2.7"), ("ipv4-addr", "127.0.0.1"), ("ipv6-addr", "2001:db8::1"),
            ("domain-name", "сайт.укр"), ("domain-name", "xn--80aswg.xn--j1amh"), ("domain-name", "localhost")})
        event = json.loads(self.export("misp"))["Event"]
        hosts = {(one["type"], one["value"]) for one in event["Attribute"] if one["comment"] == "newly linked to"}
        self.assertEqual(hosts, {("hostname", "сайт.укр"), ("hostname", "xn--80aswg.xn--j1amh"), ("text", "localhost"), ("ip-dst", "127.0.0.1"), ("ip-dst", "2001:db8::1")})
        self.assertIn(("ip", "ip-dst", "192.0.2.17"), [(one["object_relation"], one["type"], one["value"]) for one in event["Object"][0]["Attribute"]])

    def test_a_name_in_letters_of_its_own(self):
        """As all tools ask for it: in punycode."""
        dossier = self.dossier()
        dossier["page"]["url"] = "https://user@Міністерство.Укр:8443/esc?a=1&b=2#top"
        dossier["result"]["http"]["final_url"] = "https://xn--other.example/"
        self.keep(dossier)
        name = "xn--b1afuehkfcgd7sb.xn--j1amh"
        self.assertEqual("міністерство.укр".encode("idna").decode(), name)
        self.assertEqual((json.loads(self.export("intelmq"))["source.fqdn"], json.loads(self.export("intelmq"))["source.port"]), (name, 8443))
        event = json.loads(self.export("ecs"))
        self.assertEqual((event["url"]["domain"], event["related"]["hosts"]), (name, [name]))
        self.assertEqual((event["url"]["path"], event["url"]["query"], event["url"]["fragment"]), ("/esc", "a=1&b=2", "top"))
        self.assertEqual(self.cef(self.export("cef"))[1]["dhost"], name)
        self.assertTrue({("domain-name", name), ("url", f"https://user@{name}:8443/esc?a=1&b=2#top")}
                        <= {(one["type"], one.get("value")) for one in json.loads(self.export("stix"))["objects"]})
        self.assertIn(("domain", name), [(one["object_relation"], one["value"]) for one in json.loads(self.export("misp"))["Event"]["Object"][0]["Attribute"]])
        dossier["page"]["url"] = "https://з" + "я" * 300 + ".укр/"
        self.keep(dossier)
        self.assertEqual(json.loads(self.export("intelmq"))["source.fqdn"], "xn--other.example", "no name at all: what answered in the end")

    def test_how_far_it_may_go_is_said_in_each_form(self):
        for word in ("clear", "green", "amber", "amber+strict", "red"):
            bundle = json.loads(self.export("stix", "--tlp", word))
            self.validate("stix", bundle)
            marking, = [one for one in bundle["objects"] if one["type"] == "marking-definition"]
            self.assertEqual(marking["name"], f"TLP:{word.upper()}")
            for one in bundle["objects"]:
                if one["type"] not in ("marking-definition", "identity"):
                    self.assertEqual(one["object_marking_refs"], [marking["id"]], one["type"])
            self.assertIn(f" flexString1Label=tlp flexString1={word} ", self.export("cef", "--tlp", word))
            self.assertIn(f"tlp:{word}", json.loads(self.export("ecs", "--tlp", word))["tags"])
            self.assertEqual(json.loads(self.export("intelmq", "--tlp", word))["extra.tlp"], word)
            self.assertIn(f"tlp:{word}", [one["name"] for one in json.loads(self.export("misp", "--tlp", word))["Event"]["Tag"]])

    def test_words_that_many_events_have_tie_none_together(self):
        for one in json.loads(self.export("misp"))["Event"]["Attribute"]:
            self.assertEqual(one["disable_correlation"], one["value"] in ("defaced", "recovered") or one["comment"] == "when it ended", one["value"])

    def test_intelmq(self):
        event = json.loads(self.export("intelmq"))
        self.assertEqual((event["classification.taxonomy"], event["classification.type"]), ("information-content-security", "unauthorised-information-modification"))
        self.assertEqual((event["source.fqdn"], event["source.ip"], event["time.source"]), ("mzs.uriad.localhost", "192.0.2.7", "2022-01-14T02:13:05+00:00"))

    def cef(self, line):
        """Reads a line back by the rules of the format."""
        self.assertEqual(line.count("\n"), 1)
        parts = re.split(r"(?<!\\)(?:\\\\)*\|", line.rstrip("\n"), maxsplit=7)
        self.assertEqual((len(parts), parts[0]), (8, "CEF:0"))
        starts = list(re.finditer(r"(?:^|(?<= ))([A-Za-z0-9_.]+)=", parts[7]))
        starts = [one for one in starts if not re.search(r"(?<!\\)(?:\\\\)*\\$", parts[7][:one.end() - 1])]
        fields = {}
        for one, following in zip(starts, [*starts[1:], None]):
            value = parts[7][one.end():following.start() - 1 if following else None]
            self.assertNotIn(one[1], fields)
            fields[one[1]] = re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), value)
        return [re.sub(r"\\(.)", r"\1", part) for part in parts[:7]], fields

    def test_cef(self):
        head, fields = self.cef(self.export("cef"))
        self.assertEqual((head[1], head[2], head[4], head[6]), ("varta", "varta", "defaced", "10"))
        self.assertEqual((fields["rt"], fields["request"], fields["dst"], fields["cs1"]), ("1642126385000", "https://mzs.uriad.localhost/", "192.0.2.7", "defaced"))
        self.assertTrue(fields["msg"].startswith("Українець!"))
        self.assertLess(len(fields["msg"].encode()), 1024)
        self.make_hostile()
        line = self.export("cef")
        self.assertFalse(STEERING.search(line))
        head, fields = self.cef(line)
        self.assertEqual(set(fields) - set("rt externalId request dhost dpt dst c6a3 c6a3Label cat msg cs1 cs1Label cs2 cs2Label cs3 cs3Label cs4 cs4Label cs5 cs5Label cs6 cs6Label flexString1 flexString1Label start end cfp1 "
                                           "cfp1Label cn1 cn1Label fileHash".split()), set())
        shown = STEERING.sub(" ", HOSTILE)
        self.assertEqual(fields["cs3"], shown[:len(fields["cs3"])])
        self.assertGreater(len(fields["cs3"]), 400)

    def test_output_that_is_no_plain_file(self):
        """A pipe, a device or a link is written into: as root, -o /dev/stdout must not replace /dev/stdout."""
        whole = self.export("cef")
        link, target, pipe, full = (self.folder / name for name in ("link", "target", "pipe", "full"))
        target.write_text("something longer before" * 1000, encoding="utf-8")
        link.symlink_to(target)
        self.export("cef", "-o", link)
        self.assertTrue(link.is_symlink())
        self.assertEqual(target.read_text(encoding="utf-8"), whole)
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.export("cef", "-o", pipe)
        self.assertTrue(pipe.is_fifo())
        self.assertEqual(os.read(reader, 65536).decode("utf-8"), whole)
        full.symlink_to("/dev/full")
        self.export("cef", "-o", full, code=3)
        self.assertTrue(full.is_symlink())

    def test_json(self):
        whole = json.loads(self.export("json"))
        self.assertEqual([one["moment"] for one in whole["moments"]], ["confirmed", "recovered"])
        self.assertEqual(whole["moments"][0], self.dossier())

    def test_warc(self):
        """An archive of a later moment refers to the page in an earlier one: what is given needs nothing else."""
        self.export("warc", code=3)
        folder, moments = self.evidence / "00000017", ("confirmed", "recovered", "confirmed-2", "recovered-2", "confirmed-10")
        for day, name in enumerate(moments, 1):
            (folder / f"{name}.warc.gz").write_bytes(gzip.compress(f"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Date: 2022-01-{day:02}T02:13:05Z\r\n\r\n{name}.".encode()))
        (folder / "recovered-10.warc.gz").write_bytes(gzip.compress(b"WARC/1.1\r\nWARC-Date: 2022-02-01T02:13:05Z\r\n\r\n"))
        (folder / "worse.warc.gz").symlink_to("/etc/passwd")
        (folder / "other.warc.gz").write_bytes(b"no moment's")
        whole = self.folder / "whole.warc.gz"
        self.export("warc", "-o", whole)
        self.assertEqual(whole.read_bytes(), b"".join((folder / f"{name}.warc.gz").read_bytes() for name in moments))
        for name in ("confirmed", "confirmed-2", "confirmed-10"):
            (folder / f"{name}.warc.gz").unlink()
        self.export("warc", "-o", whole)
        self.assertEqual(gzip.decompress(whole.read_bytes()).count(b"WARC/1.1"), 3, "what is left")

    # ---- where it comes from and goes ----

    def test_output(self):
        path = self.folder / "report.html"
        self.assertEqual(self.export("html", "-o", path), "")
        self.assertTrue(path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>"))
        self.assertEqual([one.name for one in self.folder.iterdir() if "part" in one.name], [])
        self.export("html", "-o", self.folder / "no/such/folder", code=3)

    def test_refused(self):
        for words in ((), ("--as", "pdf"), ("--as", "html", "--lang", "de"), ("--as", "html", "--tlp", "pink")):
            varta("export", *words, "17", code=2)
        varta("export", "--as", "html", code=2)
        for number in ("x17", "0", "17x", "9999999999999999999", "10000000017"):
            self.assertIn("is no number of an incident", varta("export", "--as", "html", "--evidence", self.evidence, number, code=2)[1])
        folder = self.evidence / "00000017"
        for fault in ("{", "[]", '{"format": 2}', self.dossier() | {"incident": 18}, self.dossier() | {"spans": [{"start": 1, "end": 2}]},
                      self.dossier() | {"files": [{"file": "../../etc/passwd"}]}, self.dossier() | {"pictures": [{"file": "/etc/passwd"}]}):
            (folder / "confirmed.json").write_text(fault if isinstance(fault, str) else json.dumps(fault), encoding="utf-8")
            self.assertIn("confirmed.json", varta("export", "--as", "html", "--evidence", self.evidence, "--control", self.folder / "none", "17", code=3)[1])

    def test_an_archive_is_given_though_a_dossier_is_damaged(self):
        folder, archived = self.evidence / "00000017", gzip.compress(b"WARC/1.1\r\n")
        (folder / "confirmed.warc.gz").write_bytes(archived)
        for dossier in folder.glob("*.json"):
            dossier.write_text("{", encoding="utf-8")
        err = varta("export", "--as", "warc", "-o", self.folder / "rest", "--evidence", self.evidence, "--control", self.folder / "none", "17")[1]
        self.assertRegex(err, r"\w+\.json cannot be used")
        self.assertEqual((self.folder / "rest").read_bytes(), archived)
        self.assertIn("cannot be used", varta("export", "--as", "html", "--evidence", self.evidence, "--control", self.folder / "none", "17", code=3)[1])

    def test_no_link_is_followed(self):
        folder = self.evidence / "00000017"
        secret = self.folder / "secret"
        secret.write_bytes(b"\x89PNG\r\n\x1a\nsecret")
        (folder / "confirmed-1.png").unlink()
        (folder / "confirmed-1.png").symlink_to(secret)
        self.assertIn("is not in the evidence folder", self.export("html"))
        (folder / "confirmed-1.png").unlink()
        (folder / "confirmed-1.png").write_bytes(b"GIF89a<script>")
        self.assertIn("is not in the evidence folder", self.export("html"))


class Night(WatchCase):
    """From the page that breaks out, through the daemon, to what people get."""

    def export(self, form, *more, code=0):
        return self.varta("export", "--as", form, "--control", self.control, *more, "1", code=code)[0]

    def test_from_the_page_to_the_report(self):
        self.page("index.html", ministry())
        self.page("other.html", ministry())
        base = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.configure([base, base + "other.html"])
        self.watch()
        self.learnt([base, base + "other.html"])
        taken = defaced().replace("</body>", f"<p>{html.escape(HOSTILE)}</p></body>")
        self.page("index.html", taken)
        self.page("other.html", taken)
        self.wait_told("campaign-opened")
        wait_until(lambda: any(one["what"] == "evidence" for one in self.ask("show", "1")[0]["history"]), what="the evidence")
        record = self.ask("show", "1")[0]
        self.assertTrue(pathlib.Path(record["evidence"], "00000001/confirmed.json").exists())
        report = self.export("html")
        self.assertFalse(STEERING.search(report))
        document = Document(report)
        self.assertEqual((document.faults, document.open, set(document.elements) - OURS), ([], [], set()))
        text = "".join(document.text)
        for word in ("Українець!", "<script>document.title='taken'</script>", "Other pages of the same campaign", "alert sent", "confirmed.warc.gz", "has been defaced"):
            self.assertIn(word, text)
        self.assertIn(f"127[.]0[.]0[.]1:{base.split(':')[2]}", text)
        shown, _ = self.varta("show", "--control", self.control, "1")
        self.assertFalse(STEERING.search(shown))
        for word in ("Українець!", "<script>document.title='taken'</script>", "Other pages of the same campaign"):
            self.assertIn(word, shown)
        self.assertTrue(all(len(line) <= 80 for line in shown.splitlines() if "00000001/" not in line), shown)
        warc = self.folder / "1.warc.gz"
        self.export("warc", "-o", warc)
        with gzip.open(warc) as file:
            self.assertTrue(file.read().startswith(b"WARC/1.1\r\n"))
        event = json.loads(self.export("misp"))["Event"]
        sibling = ({base, base + "other.html"} - {record["url"]}).pop()
        self.assertEqual(sum(one["value"] == sibling for one in event["Attribute"]), 1, "its sibling")
        self.assertEqual(json.loads(self.export("json"))["record"]["id"], 1)
        for number, words in (("99", "has no record at the daemon"), ("1", "")):
            _, err = self.varta("export", "--as", "cef", "--control", self.control, "--evidence", self.folder / "none", number, code=3 if words else 0)
            self.assertIn(words, err)
            self.assertNotIn("no varta watch listens", err)
        self.stop()
        self.assertIn("Українець!", self.varta("export", "--as", "text", "-c", self.folder / "varta.yaml", "1")[0], "the evidence outlives the daemon")
        self.varta("show", "--control", self.control, "--evidence", self.folder / "none", "1", code=3)

    def test_what_a_person_accepted_is_not_said_to_be_back(self):
        url = self.one_page(more="incidents: {gather: 1s}")
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.varta("accept", "--control", self.control, url)
        for form in ("html", "text"):
            text = self.export(form)
            self.assertNotIn("again says what it said", " ".join(text.split()))
            self.assertIn("a person accepted what it says", " ".join(text.split()))

    def versions(self, form, text):
        """Of one export or notice: the name of the event, and for each thing in it when it is said to be made and changed."""
        document = json.loads(text)
        if form == "misp":
            event = document["Event"]
            return event["uuid"], {event["uuid"]: (event["date"], int(event["timestamp"]))}
        return document["id"], {one["id"]: (one["created"], one["modified"]) for one in document["objects"] if one.get("created_by_ref")}

    def test_each_version_is_later_and_says_what_became_of_it(self):
        """Who keeps the latest version (MISP, STIX) is not left with an attack that is over, or was none."""
        path = {form: self.folder / form for form in (*JSON_FORMS, "cef")}
        url = self.one_page(more="incidents: {gather: 1s}", sinks="".join(f"  {form}: {{type: file, path: {path[form]}, format: {form}}}\n" for form in path))
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        wait_until(lambda: any(one["what"] == "evidence" for one in self.ask("show", "1")[0]["history"]), what="the evidence")
        wait_until(lambda: all(one.exists() and one.read_text() for one in path.values()), what="the notices")
        exports = {form: [self.export(form), self.export(form, "--evidence", self.folder / "nope")] for form in path}
        self.varta("accept", "--control", self.control, url)
        wait_until(lambda: all(len(one.read_text().splitlines()) == 2 for one in path.values()), what="the notices")
        for form in path:
            exports[form] += [self.export(form), self.export(form, "--evidence", self.folder / "nope")]
        for form in ("misp", "stix"):
            confirmed, accepted = path[form].read_text(encoding="utf-8").splitlines()
            seen = [self.versions(form, text) for text in (confirmed, exports[form][0], accepted, exports[form][2], exports[form][3])]
            self.assertEqual({name for name, _ in seen} | {self.versions(form, exports[form][1])[0]}, {seen[0][0]}, "one name, with and without the evidence")
            for (_, before), (_, after) in zip(seen, seen[1:]):
                for key in set(before) & set(after):
                    self.assertEqual(before[key][0], after[key][0], "it was made once")
            told, given = (int(self.versions(form, text)[1][seen[0][0]][1]) if form == "misp" else self.versions(form, text)[1] for text in (confirmed, exports[form][0]))
            if form == "misp":
                self.assertGreater(given, told)
                self.assertGreater(seen[3][1][seen[0][0]][1], seen[2][1][seen[0][0]][1])
                self.assertGreater(seen[2][1][seen[0][0]][1], seen[0][1][seen[0][0]][1])
            else:
                self.assertTrue(all(given[key][1] > told[key][1] for key in told))
        for text in (path["misp"].read_text(encoding="utf-8").splitlines()[1], exports["misp"][2], exports["misp"][3]):
            event = json.loads(text)["Event"]
            self.assertEqual({one["name"] for one in event["Tag"]}, {"tlp:amber", 'false-positive:risk="high"'})
            self.assertIn("accepted as", event["info"])
            self.assertEqual((event["analysis"], event["threat_level_id"]), ("2", "4"))
            self.assertIn("accepted", [one["value"] for one in event["Attribute"] if one["comment"] == "state of the incident"])
        for text in (path["intelmq"].read_text(encoding="utf-8").splitlines()[1], *exports["intelmq"][2:]):
            event = json.loads(text)
            self.assertEqual((event["classification.type"], event["extra.state"], event["status"]), ("undetermined", "accepted", "offline"))
            self.assertNotIn("classification.identifier", event)
            self.assertIn("extra.end", event)
        for text in (path["ecs"].read_text(encoding="utf-8").splitlines()[1], *exports["ecs"][2:]):
            event = json.loads(text)["event"]
            self.assertEqual((event["kind"], event["category"], event["severity"]), ("event", ["web"], 2))
            self.assertLess(event["start"], event["end"])
            self.assertIn("accepted", event["action"])
        for text in (path["stix"].read_text(encoding="utf-8").splitlines()[1], *exports["stix"][2:]):
            incident = next(one for one in json.loads(text)["objects"] if one["type"] == "incident")
            self.assertEqual(incident["labels"][:2], ["false-positive", "accepted"])
        for text in (path["cef"].read_text(encoding="utf-8").splitlines()[1], *exports["cef"][2:]):
            self.assertRegex(text, r"^CEF:0\|varta\|varta\|[^|]*\|[a-z-]*accepted\|.*\|2\|.* end=\d+ .*cat=false-alarm.*cs6=accepted")
        before = json.loads(exports["intelmq"][0])
        self.assertEqual((before["classification.type"], before["extra.state"], before["status"]), ("unauthorised-information-modification", "confirmed", "online"))

    def test_evidence_that_was_removed_is_told(self):
        self.one_page(more="incidents: {gather: 1s}")
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.page("index.html", ministry())
        self.wait_told("incident-recovered")
        wait_until(lambda: any(one["what"] == "evidence" for one in self.ask("show", "1")[0]["history"]), what="the evidence")
        folder = pathlib.Path(self.ask("show", "1")[0]["evidence"])
        self.assertNotIn("has been removed", " ".join(self.export("text").split()))
        folder.rename(folder.with_name("elsewhere"))
        for form in ("html", "text"):
            self.assertIn("is not where it was looked for", " ".join(self.export(form).split()))
        folder.with_name("elsewhere").rename(folder)
        config = self.folder / "small.yaml"
        config.write_text((self.folder / "varta.yaml").read_text() + "evidence: {bytes: 1k}\n")
        self.assertIn("evidence of 1 incidents", self.varta("gc", "-c", config)[0])
        for tongue, words in (("en", "has been removed since"), ("uk", "відтоді видалено"), ("pl", "od tego czasu usunięte")):
            for form in ("html", "text"):
                self.assertIn(words, " ".join(self.export(form, "--lang", tongue).split()))
        self.assertIn("has been removed since", " ".join(self.varta("show", "--control", self.control, "1")[0].split()))

    def test_without_evidence_the_record_is_enough(self):
        url = self.one_page(more="incidents: {gather: 1s}\nevidence: {keep: false}")
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        for form in ("html", "text", *JSON_FORMS, "cef"):
            self.assertIn("Українець!", self.export(form))
        self.assertEqual(json.loads(self.export("intelmq"))["source.url"], url)
        self.export("warc", "-o", self.folder / "x", code=3)


if __name__ == "__main__":
    unittest.main()
