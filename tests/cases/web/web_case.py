"""What the status page's cases share: a daemon that serves it, requests by hand, the sample night."""
import http.client
import os
import pathlib
import re
import socket
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import npm_package  # noqa: E402
from scene import ROOT, free_port, wait_until  # noqa: E402
from watcher import WatchCase  # noqa: E402

TOKEN = "correct-horse-battery-staple"


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()


class WebCase(WatchCase):
    token = TOKEN
    listen = None  # another place to listen at

    def setUp(self):
        super().setUp()
        self.port = free_port()

    def page_config(self, more=""):
        (self.folder / "token").write_text(self.token + "\n")
        return f'incidents: {{gather: 0s}}\nweb:\n  listen: "{self.listen or f"127.0.0.1:{self.port}"}"\n  token_file: {self.folder}/token\n{more}'

    def serve(self, urls, more="", groups=""):
        self.configure(urls, self.page_config(more) + groups)
        self.watch()
        wait_until(lambda: self.is_served(), 15, lambda: "the status page\n" + self.words())

    def is_served(self):
        try:
            return self.get("/healthz").status in (200, 503)
        except OSError:
            return False

    def is_logged_out(self, cookie):
        """Whether an answer came, and to nobody in particular: a server that begins anew breaks off what it was asked before."""
        try:
            return "Log out" not in self.get("/", cookie).text
        except OSError:
            return False

    def request(self, method, path, body=None, headers=None, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True)
            sent = {"Host": host or f"127.0.0.1:{self.port}", **(headers or {})}
            data = urllib.parse.urlencode(body).encode() if isinstance(body, dict) else body
            if data is not None:
                sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
                sent.setdefault("Content-Length", str(len(data)))
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(data)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, cookie=None, **more):
        headers = {**({"Cookie": cookie} if cookie else {}), **more}
        return self.request("GET", path, headers=headers)

    def log_in(self, name="Олена"):
        answer = self.request("POST", "/login", {"token": self.token, "name": name})
        self.assertEqual(answer.status, 303, answer.text)
        return answer.headers["Set-Cookie"].split(";")[0]

    def seal(self, path, cookie):
        return re.search(r'name="seal" value="([0-9a-f]{64})"', self.get(path, cookie).text)[1]

    # ---- the sample night ----

    night = None

    def tearDown(self):
        if self.night:
            self.show("stop")  # while its folder is there
        super().tearDown()

    def night_of(self):
        first, second = free_port(), free_port()
        text = (ROOT / "samples/night/pages.txt").read_text(encoding="utf-8")
        lines = [line for line in text.replace(":8914", f":{first}").replace(":8915", f":{second}").splitlines()
                 if line and not line.startswith("#")]
        self.night = self.folder / "night"
        self.show("start", first, second, "evening")
        half = len(lines) // 2
        (self.folder / "ministries.txt").write_text("\n".join(lines[:half]) + "\n", encoding="utf-8")
        (self.folder / "agencies.txt").write_text("\n".join(lines[half:]) + "\n", encoding="utf-8")
        (self.folder / "varta.yaml").write_text(
            f"store: {self.store}\ncontrol: {self.control}\ntimezone: Europe/Kyiv\n"
            "poll: {interval: 2s, per_domain: 16}\nconfirm: {after: 0s}\n" + self.page_config().replace("gather: 0s", "gather: 4s") +
            "groups:\n  ministries: {pages: [ministries.txt], contact: duty@uriad.example}\n"
            "  agencies: {pages: [agencies.txt], contact: noc@uriad.example}\n"
            f"sinks: {{lines: {{type: file, path: {self.notices}}}}}\n", encoding="utf-8")
        self.watch()
        self.count = len(lines)
        wait_until(lambda: len([one for one in self.pages().values() if "baseline" in one]) == self.count
                   and self.ask("status")[0]["looks"] >= 3 * self.count, 60, lambda: "learning the evening\n" + self.words())

    def show(self, *words):
        verb, *rest = words
        subprocess.run([ROOT / "samples/night/serve.sh", verb, self.night, *map(str, rest)], check=True, capture_output=True)

    def attack(self):
        self.show("show", "night")
        wait_until(lambda: self.told("campaign-opened"), 60, lambda: "the campaign\n" + self.words())
        for name in ("dovkillia", "reiestr", "podatky"):
            wait_until(lambda: any(name in one["page"]["url"] for one in self.told("incident-confirmed")), 60, name)


def axe():
    """The source of axe-core, or why there is none: VARTA_AXE names its file, else npm fetches it."""
    if os.environ.get("VARTA_AXE"):
        return pathlib.Path(os.environ["VARTA_AXE"]).read_text(encoding="utf-8"), None
    try:
        return (npm_package.folder_of("axe-core") / "axe.min.js").read_text(encoding="utf-8"), None
    except npm_package.Missing as reason:
        return None, str(reason)


def idle_connections(port, count):
    """As many connections as can be had; each sends the beginning of a request and no more."""
    kept = []
    for _ in range(count):
        one = socket.socket()
        one.settimeout(2)
        try:
            one.connect(("127.0.0.1", port))
            one.send(b"GET / HTTP/1.1\r\nHost: 127.")
        except OSError:
            one.close()
            continue
        kept.append(one)
    return kept
