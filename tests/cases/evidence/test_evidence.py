#!/usr/bin/env python3
"""What is kept of an incident, read back by a reader that shares no code with varta: archives, dossiers, the chain; and what happens to
them when somebody meddles, the disk is full, a helper is killed, or everything falls at once."""
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import archive  # noqa: E402
from scene import ENVIRONMENT, ROOT, SANITIZED, free_port, main, wait_until  # noqa: E402
from texts import MESSAGE, defaced, ministry  # noqa: E402
from watcher import WatchCase  # noqa: E402

PICTURE = (ROOT / "tests/pictures/baseline.jpg").read_bytes()


def can_mount():
    done = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    return done.returncode == 0


def exif():
    """An APP1 segment: software, time, camera, and a place, as the picture of 2022 carried one."""
    def ascii_(text):
        return 2, len(text) + 1, text.encode() + b"\0"

    def angle(degrees, minutes, seconds):
        return 5, 3, struct.pack("<6I", degrees, 1, minutes, 1, seconds, 100)

    def directory(entries, at):
        """Entries are tag, (type, count, bytes); longer values stand behind the directory."""
        head, tail = struct.pack("<H", len(entries)), b""
        behind = at + 2 + 12 * len(entries) + 4
        for tag, (kind, count, value) in sorted(entries):
            if len(value) > 4:
                place, tail = behind + len(tail), tail + value
                value = struct.pack("<I", place)
            head += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
        return head + b"\0\0\0\0" + tail

    first = [(0x010F, ascii_("Nokia")), (0x0110, ascii_("N95")), (0x0131, ascii_("Adobe Photoshop 21.0")), (0x0132, ascii_("2022:01:13 22:10:00"))]
    size = len(directory(first + [(0x8825, (4, 1, b"\0\0\0\0"))], 8))
    gps = [(1, ascii_("N")), (2, angle(52, 12, 3141)), (3, ascii_("E")), (4, angle(21, 0, 1200))]
    tiff = b"II*\0" + struct.pack("<I", 8) + directory(first + [(0x8825, (4, 1, struct.pack("<I", 8 + size)))], 8) + directory(gps, 8 + size)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


def message(extra=""):
    return f"<html><head><meta charset=utf-8><title>Hacked</title></head><body style='background:black;color:red'>{''.join(f'<p>{text}</p>' for text in MESSAGE.values())}{extra}</body></html>"


class Evidence(WatchCase):
    def evidence(self, name=""):
        return self.folder / "evidence" / name

    def wait_kept(self, name, seconds=40):
        wait_until(lambda: self.manifest_has(name), seconds, f"keeping {name}; {self.words()}")

    def manifest_has(self, name):
        path = self.evidence("manifest.jsonl")
        return path.exists() and f'"{name}"' in path.read_text()

    def dossier(self, name):
        return json.loads(self.evidence(name).read_text(encoding="utf-8"))

    def verify(self, *arguments, code=0):
        out, err = self.varta("evidence", "verify", *arguments, code=code)
        return out + err

    def confirmed(self, page=None, **more):
        url = self.one_page(**more)
        self.page("index.html", page or message())
        self.wait_told("incident-confirmed")
        self.wait_kept("00000001/confirmed.json")
        return url


class Kept(Evidence):
    def test_a_moment_is_whole(self):
        """Redirect, meta refresh, a compressed body, a picture with a planted place, TLS: all of it can be read back."""
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-utf8", "-subj", "/O=Міністерство, \u202eвідділ/CN=gov.localhost", "-addext",
                        "subjectAltName=DNS:gov.localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        ENVIRONMENT["SSL_CERT_FILE"] = str(certificate)
        self.addCleanup(ENVIRONMENT.pop, "SSL_CERT_FILE")
        self.page("index.html", ministry())
        self.page("p.jpg", PICTURE[:2] + exif() + PICTURE[2:])
        port = free_port()
        self.nginx(f"""charset utf-8; gzip on; gzip_min_length 1; listen 127.0.0.1:{port} ssl http2; ssl_certificate {certificate};
                   ssl_certificate_key {key}; location = / {{ return 301 /index.html; }}""")
        url = f"https://gov.localhost:{port}/"
        self.configure([f"{url} name=Ministry"], "incidents: {gather: 1s}\nevidence: {folder: kept}\ncontact: noc@cert.example")
        self.watch()
        self.learnt([url])
        self.page("there.html", message("<img src=p.jpg width=400 height=200><a href='https://elsewhere.example/'>x</a>"))
        self.page("index.html", ministry(extra="<meta http-equiv=refresh content='0; url=/there.html'>"))
        self.wait_told("incident-confirmed")
        kept = self.folder / "kept"
        wait_until(lambda: (kept / "00000001/confirmed.json").exists(), 30, lambda: "keeping: " + self.words())
        wait_until(lambda: "evidence is kept" in self.words(), 10, "telling")
        counts = archive.check(kept)
        self.assertEqual(counts["archives"], 1)

        records = archive.read_archive(kept / "00000001/confirmed.warc.gz")
        self.assertIn(b"operator: noc@cert.example", records[0][3])
        told = [(fields["WARC-Type"], fields["WARC-Target-URI"].replace(url, "/"), archive.http(block)[0].split()[1].decode())
                for _, _, fields, block in records if fields["WARC-Type"] in ("response", "revisit")]
        self.assertEqual(told[:3], [("response", "/", "301"), ("response", "/index.html", "200"), ("response", "/", "301")]
                         if told[2][1] == "/" else [("response", "/", "301"), ("response", "/index.html", "200"), ("response", "/there.html", "200")])
        self.assertIn(("response", "/there.html", "200"), told)
        self.assertIn(("response", "/p.jpg", "200"), told)
        bodies = {fields["WARC-Target-URI"].replace(url, "/"): archive.http(block)[2] for _, _, fields, block in records if fields["WARC-Type"] == "response"}
        self.assertEqual(bodies["/there.html"], (self.folder / "www/there.html").read_bytes())
        self.assertEqual(bodies["/p.jpg"], (self.folder / "www/p.jpg").read_bytes())
        heads = [block for _, _, fields, block in records if fields["Content-Type"] == "message/http"]
        self.assertTrue(any(b"content-encoding: gzip" in head.lower() and head.startswith(b"HTTP/2 200") for head in heads), heads)
        requests = [(fields, block) for _, _, fields, block in records if fields["WARC-Type"] == "request"]
        self.assertEqual(len(requests), len(told))
        for fields, block in requests:
            self.assertIn(b"Mozilla/5.0", block)
            self.assertEqual(fields["WARC-IP-Address"], "127.0.0.1")
            self.assertEqual(fields["WARC-Protocol"], "h2")

        dossier = json.loads((kept / "00000001/confirmed.json").read_text(encoding="utf-8"))
        self.assertEqual(dossier["page"], {"url": url, "name": "Ministry", "group": "default"})
        self.assertEqual(dossier["result"]["verdict"], "defaced")
        self.assertEqual({one["language"] for one in dossier["spans"]} & {"uk", "ru", "pl"}, {"uk", "ru", "pl"})
        self.assertEqual(dossier["titles"], {"before": "Міністерство сталого розвитку", "after": "Hacked"})
        self.assertIn("gone", {block["kind"] for block in dossier["blocks"]})
        self.assertIn("new", {block["kind"] for block in dossier["blocks"]})
        self.assertEqual(dossier["hosts"]["links"], ["elsewhere.example"])
        self.assertRegex(dossier["server"]["content_type"], "text/html")
        shown = dossier["server"]["certificate"]
        self.assertEqual(shown["subject"], 'O = "Міністерство, ?відділ", CN = gov.localhost', "as people read it, without what steers")
        self.assertEqual(shown["issuer"], shown["subject"])
        self.assertEqual(shown["chain"][0].strip(), certificate.read_text().strip())
        self.assertTrue(shown["from"] and shown["until"] and shown["issuer"])
        (picture,) = dossier["pictures"]
        self.assertEqual((picture["file"], picture["new"], picture["url"]), ("confirmed-1.png", True, f"{url}p.jpg"))
        self.assertEqual({key: picture["metadata"][key] for key in ("software", "taken", "camera")},
                         {"software": "Adobe Photoshop 21.0", "taken": "2022:01:13 22:10:00", "camera": "Nokia N95"})
        self.assertAlmostEqual(picture["metadata"]["latitude"], 52.2087, 3)
        self.assertAlmostEqual(picture["metadata"]["longitude"], 21.0033, 3)
        self.assertIn("as it was written", self.verify("-c", self.folder / "varta.yaml"))

    def test_an_error_page_is_no_picture(self):
        """An ally who looks for its digest would find everybody with that server."""
        self.page("p.jpg", PICTURE)
        self.confirmed(message("<img src=p.jpg width=400 height=200><img src=gone.png width=400 height=200>"))
        pictures = {one["url"].rsplit("/", 1)[1]: one for one in self.dossier("00000001/confirmed.json")["pictures"]}
        self.assertEqual(pictures["p.jpg"]["sha256"], hashlib.sha256(PICTURE).hexdigest())
        self.assertNotIn("sha256", pictures["gone.png"])
        event = json.loads(self.varta("export", "--as", "misp", "--control", self.control, "1")[0])["Event"]
        files = [part["value"] for one in event["Object"] if one["name"] == "file" for part in one["Attribute"] if part["type"] == "sha256"]
        self.assertEqual(files, [hashlib.sha256(PICTURE).hexdigest()])
        self.assertIn("gone.png", " ".join(one["value"] for one in event["Attribute"]))

    def test_a_certificate_that_is_refused_is_kept(self):
        """It is the cause; libcurl itself tells only of those it trusts."""
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/O=Nobody/CN=gov.localhost", "-addext",
                        "subjectAltName=DNS:gov.localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.page("index.html", ministry())
        port = free_port()
        self.nginx(f"charset utf-8; listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};")
        self.configure([f"https://gov.localhost:{port}/"], "incidents: {gather: 1s}")
        self.watch()
        self.wait_kept("00000001/confirmed.json")
        dossier = self.dossier("00000001/confirmed.json")
        shown = dossier["server"]["certificate"]
        self.assertEqual((dossier["result"]["cause"], shown["subject"], shown["issuer"]), ("certificate", "O = Nobody, CN = gov.localhost", "O = Nobody, CN = gov.localhost"))
        self.assertEqual([one.strip() for one in shown["chain"]], [certificate.read_text().strip()])
        self.assertRegex(shown["until"], r"^\w{3} .* GMT$")

    def test_what_an_incident_became_stands_beside_it(self):
        self.page("p.png", (ROOT / "tests/pictures/truecolour.png").read_bytes())
        self.page("index.html", ministry(extra="<img src=p.png width=500 height=200>"))
        port = self.nginx("charset utf-8;")
        url = f"http://127.0.0.1:{port}/"
        self.configure([url], "incidents: {gather: 0s}")
        self.watch()
        self.learnt([url])
        self.page("index.html", message("<img src=p.png width=500 height=200>"))
        self.wait_kept("00000001/confirmed.json")
        self.page("index.html", ministry(extra="<img src=p.png width=500 height=200>"))
        self.wait_kept("00000001/recovered.json")
        self.page("index.html", message("<img src=p.png width=500 height=200>"))
        self.wait_kept("00000001/confirmed-2.json")
        counts = archive.check(self.evidence())
        self.assertEqual(counts["archives"], 3)
        self.assertGreaterEqual(counts["revisits"], 2, "the same picture and the same page are stored once")
        self.assertFalse(any("file" in one for one in self.dossier("00000001/confirmed.json")["pictures"]), "a picture the page knew is not new")
        whole = self.folder / "whole.warc.gz"
        self.varta("export", "--as", "warc", "-o", whole, "--control", self.control, "1")
        self.assertIn(b"WARC-Type: revisit", gzip.decompress((self.evidence() / "00000001/confirmed-2.warc.gz").read_bytes()))
        self.assertIn(MESSAGE["uk"].encode(), gzip.decompress(whole.read_bytes()), "what is handed over needs no other archive")
        (row,) = [one for one in self.ask("show", "1") if one["id"] == 1]
        noted = [one["detail"] for one in row["history"] if one["what"] == "evidence"]
        self.assertEqual([one.split(",")[0] for one in noted], [f"00000001/{name}.json" for name in ("confirmed", "recovered", "confirmed-2")])
        # The daemon knows a line a moment before its store does.
        wait_until(lambda: "compared with 3 lines" in self.verify("-c", self.folder / "varta.yaml"), 10, "noting")

    def test_a_page_that_is_gone_at_the_second_look_was_seen_at_the_first(self):
        """The message stood there once; then the server answers nothing. What was seen is what is kept."""
        hits = {"count": 0, "bad": False}

        def answer(connection, request):
            body = ministry().encode()
            if hits["bad"]:
                hits["count"] += 1
                if hits["count"] > 1:
                    return
                body = message().encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        self.configure([url], "incidents: {gather: 0s}")
        self.watch()
        self.learnt([url])
        hits["bad"] = True
        self.wait_kept("00000001/confirmed.json", 60)
        self.assertEqual(self.dossier("00000001/confirmed.json")["result"]["verdict"], "defaced")
        records = archive.read_archive(self.evidence("00000001/confirmed.warc.gz"))
        bodies = [archive.http(block)[2] for _, _, fields, block in records if fields["WARC-Type"] == "response"]
        self.assertEqual(bodies, [message().encode()])

    def test_nothing_is_kept_when_it_is_not_wished(self):
        self.one_page("incidents: {gather: 0s}\nevidence: {keep: false}")
        self.page("index.html", message())
        self.wait_told("incident-confirmed")
        self.assertEqual(self.stop(), 0)
        self.assertFalse(self.evidence().exists())


def npm_folder():
    """A folder with the npm package warcio, made once where npm can; None where it cannot."""
    named = os.environ.get("VARTA_NODE_MODULES")
    if named:
        return pathlib.Path(named)
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    folder = pathlib.Path(tempfile.gettempdir()) / f"varta-warcio-{os.getuid()}"
    if not (folder / "node_modules/warcio").exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline",
                        "--fetch-retries=0", "--fetch-timeout=30000", "warcio@2.4.11"], capture_output=True, check=False, timeout=120)
    return folder / "node_modules" if (folder / "node_modules/warcio").exists() else None


class ReadByOthers(Evidence):
    def test_webrecorders_reader_finds_the_same(self):
        """warcio.js, which ReplayWeb.page reads archives with, makes the same index."""
        modules = npm_folder()
        if not modules:
            self.skipTest("the npm package warcio is not here (VARTA_NODE_MODULES names a folder that has it)")
        self.page("p.jpg", PICTURE)
        self.page("there.html", message("<img src=/p.jpg width=400 height=200>"))
        self.page("index.html", ministry())
        port = self.nginx("charset utf-8; gzip on; gzip_min_length 1;")
        url = f"http://міністерство.localhost:{port}/?b=2&a=1"
        self.configure([url], "incidents: {gather: 0s}")
        self.watch()
        self.learnt([url])
        self.page("index.html", ministry(extra="<meta http-equiv=refresh content='0; url=/there.html'>"))
        self.wait_kept("00000001/confirmed.json")
        archive.check(self.evidence())
        path = self.evidence("00000001/confirmed.warc.gz")
        done = subprocess.run(["node", modules / "warcio/dist/cli.js", "cdx-index", path], capture_output=True, text=True, check=True)
        theirs = {line.split(" {")[0]: json.loads("{" + line.split(" {", 1)[1]) for line in done.stdout.splitlines()}
        ours = {line.split(" {")[0]: json.loads("{" + line.split(" {", 1)[1]) for line in path.with_name("confirmed.cdxj").read_text().splitlines()}
        self.assertGreaterEqual(len(theirs), 4)
        self.assertEqual(set(ours), set(theirs))
        for key, entry in theirs.items():
            self.assertEqual({name: ours[key].get(name) for name in entry}, entry)


class Meddled(Evidence):
    def setUp(self):
        super().setUp()
        self.confirmed()
        self.page("index.html", ministry())
        self.wait_kept("00000001/recovered.json")
        self.assertEqual(self.stop(), 0)
        self.whole = self.folder / "whole"
        shutil.copytree(self.evidence(), self.whole)

    def again(self):
        shutil.rmtree(self.evidence())
        shutil.copytree(self.whole, self.evidence())

    def found(self, what, *more):
        said = self.verify(self.evidence(), *more, code=1) if not more else self.verify(*more, code=1)
        self.assertRegex(said, what)
        self.again()

    def lines(self, change):
        path = self.evidence("manifest.jsonl")
        lines = path.read_bytes().splitlines()
        change(lines)
        path.write_bytes(b"".join(line + b"\n" for line in lines))

    def test_whatever_is_meddled_with_is_found(self):
        config = ["-c", self.folder / "varta.yaml"]
        self.assertIn("all as it was written", self.verify(self.evidence()))
        self.assertIn("all as it was written", self.verify(*config))
        sums, _ = self.varta("evidence", "list", "--sums", self.evidence())
        done = subprocess.run(["sha256sum", "--check", "--quiet"], input=sums, text=True, cwd=self.evidence(), capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

        by_hand = re.search(r"```python\n(.*?)```", (ROOT / "docs/EVIDENCE.md").read_text(encoding="utf-8"), re.S).group(1)
        done = subprocess.run([sys.executable, "-c", by_hand], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertRegex(done.stdout, "[0-9]+ files, last line [0-9a-f]{64}", done.stderr)
        self.lines(lambda lines: lines.pop(1))
        done = subprocess.run([sys.executable, "-c", by_hand], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertIn("line 3 does not follow", done.stderr)
        self.again()

        for path in sorted(self.evidence("00000001").iterdir()):
            name = path.name
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data)
            self.found(f"00000001/{re.escape(name)} was changed")
            self.evidence("00000001").joinpath(name).unlink()
            self.found(f"00000001/{re.escape(name)} is missing")
        self.evidence("00000001/planted.json").write_text("{}")
        self.found("00000001/planted.json stands in no line")

        for stray in ("note.txt", "00000003x"):
            self.evidence(stray).write_text("")
            self.found(f"{stray} stands in no line")
        self.evidence("00000001").rename(self.folder / "moved")
        self.evidence("00000001").symlink_to(self.folder / "moved")
        self.assertIn("00000001 stands in no line", self.verify(self.evidence(), code=1))
        self.found("00000001/confirmed.json stands behind a link")
        shutil.rmtree(self.folder / "moved")
        os.truncate(self.evidence("00000001/confirmed.json"), 1 << 42)  # to be hashed, that would take hours
        self.found("00000001/confirmed.json was changed")

        count = len(self.evidence("manifest.jsonl").read_bytes().splitlines())
        for number in range(count):
            if number + 1 < count:
                self.lines(lambda lines, number=number: lines.pop(number))
                self.found("line 1 does not begin a chain" if number == 0 else f"line {number + 1} does not follow")
                self.lines(lambda lines, number=number: lines.insert(number, lines.pop(number + 1)))
                self.found("does not follow|does not begin")
            for old, new in ((b'"bytes":', b'"bytes":1'), (b"2", b"3"), (b'"n"', b'"n" ')):
                self.lines(lambda lines, number=number, old=old, new=new: lines.__setitem__(number, lines[number].replace(old, new, 1)))
                self.found("line|changed|missing", *(config if number + 1 == count else []))  # the last line has no other behind it
        self.lines(lambda lines: lines.pop())
        self.found(f"line {count} is gone", *config)

    def test_a_chain_that_was_made_anew_is_told_by_who_noted_the_old_one(self):
        """Whoever can write to the folder can compute hashes too."""
        path = self.evidence("00000001/confirmed.json")
        path.write_bytes(path.read_bytes().replace(b"defaced", b"edited!"))
        previous, made = "0" * 64, []
        for line in self.evidence("manifest.jsonl").read_text().splitlines():
            entry = json.loads(line)
            data = (self.evidence() / entry["file"]).read_bytes()
            entry.update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), previous=previous)
            line = json.dumps(entry, separators=(",", ":"))
            previous = hashlib.sha256(line.encode()).hexdigest()
            made.append(line)
        self.evidence("manifest.jsonl").write_text("".join(line + "\n" for line in made))
        self.assertIn("all as it was written", self.verify(self.evidence()))
        self.assertRegex(self.verify("-c", self.folder / "varta.yaml", code=1), "line 3 is not the one that was noted|line 4 is not the one that was noted")

    def test_where_nothing_is_kept_there_is_nothing_to_verify(self):
        empty = self.folder / "empty"
        empty.mkdir()
        (empty / "manifest.jsonl").touch()
        out, _ = self.varta("evidence", "verify", empty)
        self.assertIn("nothing is kept here", out)
        self.assertNotIn("as it was written", out)
        self.assertIn("stands in no line", self.verify_other(empty))

    def verify_other(self, folder):
        (folder / "00000001").mkdir()
        (folder / "00000001/x.json").touch()
        return self.verify(folder, code=1)

    def test_what_is_too_old_or_too_much_goes_and_the_chain_says_so(self):
        config = (self.folder / "varta.yaml").read_text()
        out, _ = self.varta("gc", "-c", self.folder / "varta.yaml")
        self.assertIn("evidence of 0 incidents", out)
        (self.folder / "varta.yaml").write_text(config + "evidence: {bytes: 1k}\n")
        out, _ = self.varta("gc", "--dry-run", "-c", self.folder / "varta.yaml")
        self.assertIn("evidence of 1 incidents", out)
        self.assertTrue(self.evidence("00000001/confirmed.json").exists())
        out, _ = self.varta("gc", "-c", self.folder / "varta.yaml")
        self.assertIn("evidence of 1 incidents", out)
        self.assertEqual([path.name for path in self.evidence().iterdir()], ["manifest.jsonl"])
        self.assertIn(" 0 files", self.verify("-c", self.folder / "varta.yaml"))
        self.assertEqual(archive.check(self.evidence())["files"], 0)
        removed = [json.loads(line) for line in self.evidence("manifest.jsonl").read_text().splitlines() if '"removed"' in line]
        self.assertEqual(len(removed), len(list(self.whole.glob("*/*"))))
        shutil.copy(self.whole / "00000001/confirmed.json", self.evidence())
        self.evidence("00000001").mkdir()
        shutil.copy(self.whole / "00000001/confirmed.json", self.evidence("00000001"))
        self.assertIn("is still there, though a line says that it was removed", self.verify(self.evidence(), code=1))


class Hindered(Evidence):
    def test_what_was_open_stays_whatever_its_size(self):
        self.confirmed(more="incidents: {gather: 0s}\nevidence: {bytes: 1k}")
        self.varta("gc", "-c", self.folder / "varta.yaml")
        self.assertTrue(self.evidence("00000001/confirmed.json").exists())

    def test_a_folder_that_cannot_be_made_holds_up_no_alert(self):
        self.one_page(f"incidents: {{gather: 0s}}\nevidence: {{folder: {self.folder}/missing/kept}}")
        self.page("index.html", message())
        self.wait_told("incident-confirmed")
        notice = self.wait_told("self")[0]
        self.assertIn("evidence of incident 1 cannot be written", notice["summary"])
        self.page("index.html", ministry())
        self.wait_told("incident-recovered")
        self.assertEqual(len(self.told("self")), 1)
        (self.folder / "missing").mkdir()
        wait_until(lambda: (self.folder / "missing/kept/00000001/recovered.json").exists(), 60, lambda: "catching up: " + self.words())
        self.assertIn("evidence can be written again", self.words())
        self.assertEqual(self.stop(), 0)
        self.assertEqual(archive.check(self.folder / "missing/kept")["archives"], 2)

    def test_a_folder_that_is_removed_under_the_watch_is_made_again(self):
        self.confirmed()
        shutil.rmtree(self.evidence())
        self.page("index.html", ministry())
        self.wait_kept("00000001/recovered.json")
        self.assertIn("was removed or replaced under the watch", self.words())
        self.assertEqual(len(self.told("self")), 0)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(archive.check(self.evidence())["archives"], 1)

    @unittest.skipUnless(can_mount(), "a private mount namespace needs root and a kernel that allows it")
    def test_a_full_disk_holds_up_no_alert_and_leaves_no_halves(self):
        kept = self.folder / "kept"
        kept.mkdir()
        self.around = ["unshare", "-m", "--propagation", "private", "sh", "-c", f'mount -t tmpfs -o size=512k none {kept} && exec "$@"', "sh"]
        self.one_page(f"incidents: {{gather: 0s}}\nevidence: {{folder: {kept}/evidence}}")
        inside = pathlib.Path(f"/proc/{self.daemon.pid}/root") / str(kept)[1:]
        (inside / "fill").write_bytes(b"x" * (496 << 10))
        self.page("p.jpg", PICTURE)
        self.page("index.html", message("<img src=p.jpg width=400 height=200>"))
        self.wait_told("incident-confirmed")
        self.assertIn("No space left on device", self.wait_told("self")[0]["summary"])
        self.assertEqual([path.name for path in (inside / "evidence").iterdir()], ["manifest.jsonl"], "no halves")
        self.assertIn("nothing is kept here", self.verify(inside / "evidence"))
        (inside / "fill").unlink()
        wait_until(lambda: (inside / "evidence/00000001/confirmed.json").exists(), 60, lambda: "catching up: " + self.words())
        wait_until(lambda: "evidence can be written again" in self.words(), 10, "telling")
        self.assertEqual(archive.check(inside / "evidence")["archives"], 1)

    def test_killed_at_any_moment_it_leaves_what_can_be_put_in_order(self):
        pages = 24
        for i in range(pages):
            self.page(f"{i}/index.html", ministry(extra=f"<p>{i}</p>"))
        self.page("p.jpg", PICTURE)
        port = self.nginx("charset utf-8;")
        urls = [f"http://127.0.0.1:{port}/{i}/" for i in range(pages)]
        self.configure(urls, "incidents: {gather: 0s}")
        self.watch()
        self.learnt(urls)
        for i in range(pages):
            self.page(f"{i}/index.html", message(f"<p>{i} {i} {i}</p><img src=/p.jpg width=400 height=200>"))
        kills = 0
        while kills < 6:
            wait_until(lambda: self.evidence("00000001").exists(), 60, "keeping")
            time.sleep(0.13 * kills)
            if kills % 2 == 0:
                self.stop(signal.SIGKILL)
                said = self.verify(self.evidence(), code=None)
                self.assertNotRegex(said, "was changed|is missing|does not follow|no line of ours")
                self.watch()
            else:
                self.kill_keeper()
            kills += 1
        wait_until(lambda: all(any(self.evidence(f"{number:08d}").glob("confirmed*.json")) for number in range(1, pages + 1)), 90,
                   "what was lost is made good by the next look: " + str(sorted(self.evidence().glob("*/*.json"))) + self.words())
        self.assertEqual(self.stop(), 0)
        # what was interrupted is put in order by the next who opens the folder
        self.varta("gc", "-c", self.folder / "varta.yaml")
        self.assertIn("all as it was written", self.verify("-c", self.folder / "varta.yaml"))
        archive.check_chain(self.evidence())

    def kill_keeper(self):
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                name, parent = re.match(r"\d+ \((.*)\) \S (\d+)", path.read_text()).groups()
            except (OSError, AttributeError):
                continue
            if name == "varta-keep" and int(parent) == self.daemon.pid:
                os.kill(int(path.parent.name), signal.SIGKILL)

    def test_a_hundred_pages_at_once_are_told_first_and_kept_all(self):
        pages = 100
        for i in range(pages):
            self.page(f"{i}/index.html", ministry(extra=f"<p>{i}</p>"))
        self.page("p.jpg", PICTURE)
        port = self.nginx("charset utf-8;")
        urls = [f"http://127.0.0.1:{port}/{i}/" for i in range(pages)]
        self.configure(urls, "incidents: {gather: 3s}")
        self.watch()
        self.learnt(urls)
        for i in range(pages):
            self.page(f"{i}/index.html", message("<img src=/p.jpg width=400 height=200>"))
        self.wait_told("campaign-opened", seconds=90)
        wait_until(lambda: len(list(self.evidence().glob("*/confirmed.json"))) == pages, 180, "keeping all: " + self.words()[-500:])
        first = json.loads(self.evidence("manifest.jsonl").read_text().splitlines()[0])["at"]
        self.assertLessEqual(min(one["at"] for one in self.told() if one["kind"] != "self"), first, "the alert goes first")
        self.assertEqual(self.stop(), 0)
        counts = archive.check(self.evidence())
        self.assertEqual((counts["incidents"], counts["pictures"]), (pages, pages))
        self.assertEqual(self.told("self"), [])
        self.assertNotRegex(self.words(), "lost|cannot|malformed|ended by")


if __name__ == "__main__":
    main()
