"""What the daemon's cases share: its configuration, its life, what it said and told."""
import json
import signal
import subprocess

from scene import BUILD, ENVIRONMENT, SANDBOX, Case, wait_until
from texts import ministry


class WatchCase(Case):
    around = ()  # commands that the daemon is started through

    def setUp(self):
        super().setUp()
        self.notices = self.folder / "notices.jsonl"
        self.control = self.folder / "control"
        self.said = self.folder / "said"
        self.daemon = None

    # ---- the daemon ----

    def configure(self, urls, more="", sinks=""):
        (self.folder / "pages.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
        (self.folder / "varta.yaml").write_text(
            f"store: {self.store}\ncontrol: {self.control}\n"
            "poll: {interval: 1s, jitter: 10%, per_domain: 64}\nconfirm: {after: 0s}\n"
            f"pages: [pages.txt]\n{more or 'incidents: {gather: 2s}'}\n"
            f"sinks:\n  lines: {{type: file, path: {self.notices}}}\n{sinks}" + (f"sandbox: {SANDBOX}\n" if SANDBOX and "sandbox:" not in more else ""),
            encoding="utf-8")

    def watch(self):
        log = open(self.said, "ab")
        self.daemon = subprocess.Popen([*self.around, BUILD / "varta", "watch", "-c", self.folder / "varta.yaml"], env=ENVIRONMENT,
                                       stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        self.processes.append(self.daemon)
        wait_until(lambda: self.control.exists() or self.daemon.poll() is not None, what="the daemon")
        self.assertIsNone(self.daemon.poll(), self.said.read_text())

    def stop(self, how=signal.SIGTERM):
        self.daemon.send_signal(how)
        code = self.daemon.wait(20)
        self.processes.remove(self.daemon)
        return code

    def words(self):
        return self.said.read_text(encoding="utf-8") if self.said.exists() else ""

    def pages(self):
        if not self.store.exists():
            return {}
        out, _ = self.varta("pages", "--json", "--store", self.store)
        return {one["url"]: one for one in map(json.loads, out.splitlines())}

    def learnt(self, urls):
        """Every page was looked at twice: what follows is judged against a baseline."""
        wait_until(lambda: all("baseline" in self.pages().get(url, {}) for url in urls)
                   and self.ask("status")[0]["looks"] >= len(self.pages()) + len(urls), 30, "learning every page, and looking at it twice")

    def told(self, kind=None):
        if not self.notices.exists():
            return []
        lines = self.notices.read_text(encoding="utf-8").split("\n")[:-1]  # the last one may still be written
        every = [json.loads(line) for line in lines]
        return [one for one in every if kind is None or one["kind"] == kind]

    def wait_told(self, kind, count=1, seconds=30):
        wait_until(lambda: len(self.told(kind)) >= count, seconds, lambda: f"{count} × {kind}; told: "
                   + str([one["kind"] for one in self.told()]) + self.words())
        return self.told(kind)

    def course(self, notice):
        """What `show` tells of a notice's incident: every look that changed something, for a failure's message."""
        return self.varta("show", "--control", self.control, str(notice["incident"]["id"]))[0]

    def ask(self, *arguments, code=0):
        out, _ = self.varta(arguments[0], "--control", self.control, "--json", *arguments[1:], code=code)
        return [json.loads(line) for line in out.splitlines()]

    def one_page(self, more="", sinks=""):
        self.page("index.html", ministry())
        port = self.nginx("charset utf-8;")
        url = f"http://127.0.0.1:{port}/"
        self.configure([url], more, sinks)
        self.watch()
        self.learnt([url])
        return url
