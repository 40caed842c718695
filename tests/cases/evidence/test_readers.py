#!/usr/bin/env python3
"""What is kept of an incident, opened by the programs that other people open archives with: ReplayWeb.page in a headless Chromium, and
warcio. Each is fetched from npm at a fixed version; where it cannot be had, the test is skipped by its name."""
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import archive  # noqa: E402
import devtools  # noqa: E402
import npm_package  # noqa: E402
import test_evidence  # noqa: E402
from scene import main, wait_until  # noqa: E402

# All text that can be seen, through shadow trees and frames, and how many pictures were drawn.
SEEN = """(() => {
    let pictures = 0, replay = "";
    const walk = node => {
        if (node.shadowRoot) walk(node.shadowRoot);
        if (node.tagName === "IFRAME" && node.contentDocument?.body) {
            if (node.contentWindow.location.pathname.includes("mp_/")) {
                replay += node.contentDocument.body.innerText;
                pictures += [...node.contentDocument.images].filter(one => one.naturalWidth > 0).length;
            }
            walk(node.contentDocument);
        }
        for (const child of node.children ?? []) walk(child);
    };
    walk(document);
    return [replay, pictures];
})()"""

READ_WARC = """
const {WARCParser} = await import(process.argv[1] + '/dist/index.all.js');
const {createReadStream} = await import('node:fs');
const records = [];
const parser = new WARCParser(createReadStream(process.argv[2]));
for await (const record of parser) {
    const body = Buffer.from(await record.readFully(false));
    records.push({type: record.warcType, uri: record.warcTargetURI, offset: parser.offset, length: parser.recordLength,
                  status: record.httpHeaders?.statusline ?? null, size: body.length, digest: record.warcPayloadDigest ?? null});
}
console.log(JSON.stringify(records));
"""


class Served:
    """A folder at a port of its own, as a colleague would put the archive beside ReplayWeb.page."""

    def __init__(self, folder):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://localhost:{self.server.server_port}/"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Readers(test_evidence.Evidence):
    def package(self, name):
        try:
            return npm_package.folder_of(name)
        except npm_package.Missing as reason:
            self.skipTest(str(reason))

    def recorded(self):
        """An incident whose page has the message, and a picture of its own."""
        self.page("p.jpg", test_evidence.PICTURE)
        url = self.confirmed(test_evidence.message("<img src=p.jpg width=400 height=200>"))
        return url, self.evidence("00000001/confirmed.warc.gz")

    def test_warcio_reads_what_the_index_names(self):
        try:
            npm_package.node()
        except npm_package.Missing as reason:
            self.skipTest(str(reason))
        package = self.package("warcio")
        _, warc = self.recorded()
        seen = json.loads(npm_package.run(READ_WARC, package, warc))
        ours = archive.read_archive(warc)
        self.assertEqual([(one["type"], one["uri"]) for one in seen], [(fields["WARC-Type"], fields.get("WARC-Target-URI")) for _, _, fields, _ in ours])
        self.assertGreaterEqual(len([one for one in seen if (one["status"] or "").startswith(("HTTP/1.1 200", "200"))]), 2, seen)
        places = {(one["offset"], one["length"]) for one in seen}
        index = warc.with_name("confirmed.cdxj").read_text(encoding="utf-8").splitlines()
        self.assertGreaterEqual(len(index), 3)
        for line in index:
            entry = json.loads(line[line.index("{"):])
            self.assertIn((int(entry["offset"]), int(entry["length"])), places, line)

    @unittest.skipUnless(devtools.program(), "chromium is not installed")
    def test_replaywebpage_shows_the_message(self):
        package = self.package("replaywebpage")
        url, warc = self.recorded()
        site = self.folder / "site"
        site.mkdir()
        for name in ("index.html", "ui.js", "sw.js"):
            shutil.copy(package / name, site / name)
        shutil.copy(warc, site / "night.warc.gz")
        self.page("index.html", "<p>anew</p>")  # what is shown comes from the archive, or not at all
        (self.folder / "www/p.jpg").unlink()
        served = Served(site)
        self.addCleanup(served.close)
        browser = devtools.Browser()
        self.addCleanup(browser.close)
        tab = devtools.Tab(browser)
        tab.go(f"{served.base}?source=/night.warc.gz#view=resource&url={url}")
        wait_until(lambda: "Українець!" in tab.eval(SEEN)[0], 60, "ReplayWeb.page: " + (tab.text() or ""))
        text, _ = tab.eval(SEEN)
        for words in test_evidence.MESSAGE.values():
            self.assertIn(re.split("[.!]", words)[0], text)
        wait_until(lambda: tab.eval(SEEN)[1] == 1, 20, "the picture in the archive")
        if folder := os.environ.get("VARTA_PICTURES"):
            tab.picture(pathlib.Path(folder) / "replaywebpage.png", whole=False)


if __name__ == "__main__":
    main()
