#!/usr/bin/env python3
"""Where the secrets of sinks and of the status page are not: in what is said, shown, kept or listed, in the memory of a process that has no
business with them, and in a core dump of any process."""
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sinks"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
import scene  # noqa: E402
from peers import Receiver  # noqa: E402
from scene import main, wait_until  # noqa: E402
from texts import defaced, ministry  # noqa: E402
from web_case import WebCase  # noqa: E402

SECRET = "a-secret-of-the-hook-" + "7f3a9c"  # in two pieces: no process that runs this file has it from here


class Secrets(WebCase):
    token = "a-token-of-the-page-" + "51d20b"

    def setUp(self):
        super().setUp()
        if scene.SANITIZED:
            self.skipTest("a sanitizer's build keeps what it freed, and runs uncaged")
        self.around = ["env", "-C", str(self.folder), "prlimit", "--core=unlimited"]
        self.receiver = Receiver(key=SECRET.encode())
        self.addCleanup(self.receiver.close)
        (self.folder / "key").write_text(SECRET + "\n")

    def start_all(self):
        """The daemon with all its helpers at work: an incident with a picture, told by the hook and shown on the page."""
        self.page("index.html", ministry())
        self.page("p.png", (scene.ROOT / "samples/night/night/osvita.uriad.localhost/1.png").read_bytes())
        url = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.configure([url], self.page_config(), f"  hook: {{type: webhook, url: 'http://127.0.0.1:{self.receiver.port}/x', secret_file: {self.folder}/key}}\n")
        self.watch()
        self.learnt([url])
        self.page("index.html", defaced().replace("</body>", "<img src=p.png></body>"))
        self.wait_told("incident-confirmed")
        wait_until(lambda: self.receiver.requests, 20, lambda: "the hook\n" + self.words())
        wait_until(lambda: (self.folder / "evidence/00000001/confirmed.json").exists(), 40, lambda: "evidence\n" + self.words())
        cookie = self.log_in()
        self.assertIn("Log out", self.get("/", cookie).text)

    def family(self):
        """The daemon's processes by number: itself, its helpers, and their children."""
        found, more = {self.daemon.pid: "varta"}, True
        while more:
            more = False
            for path in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                    name = (path / "comm").read_text().strip()
                except OSError:
                    continue
                if parent in found and int(path.name) not in found:
                    found[int(path.name)], more = name, True
        return found

    def memory(self, pid):
        whole = b""
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
                begin, end = (int(one, 16) for one in line.split()[0].split("-"))
                if "rw" not in line.split()[1]:
                    continue
                try:
                    memory.seek(begin)
                    whole += memory.read(end - begin)
                except OSError:
                    continue
        return whole

    def test_they_are_nowhere_but_where_they_are_used(self):
        self.start_all()
        shown, _ = self.varta("config", "show", self.folder / "varta.yaml")
        status = "".join(self.varta(*words, "--control", self.control, code=None)[0] for words in (("status",), ("status", "--metrics"), ("incidents",)))
        public = {"config show": shown, "status": status, "the log": self.words(), "the page": self.get("/").text + self.get("/metrics").text}
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("key", "token") and "www" not in path.parts:
                public[str(path)] = path.read_bytes().decode("latin-1")
        family = self.family()
        self.assertGreaterEqual(set(family.values()), {"varta", "varta-fetch", "varta-read", "varta-ocr", "varta-keep", "varta-web", "varta-deliver"})
        for pid, name in family.items():
            for file in ("cmdline", "environ"):
                public[f"{name}'s {file}"] = pathlib.Path(f"/proc/{pid}/{file}").read_bytes().decode("latin-1")
        for where, text in public.items():
            self.assertNotIn(SECRET, text, where)
            self.assertNotIn(self.token, text, where)

    def test_helpers_hold_no_file_that_is_not_theirs(self):
        self.start_all()
        theirs = {"varta-keep": "evidence", "varta-web": "store.db|evidence", "varta-deliver": "notices.jsonl"}
        for pid, name in self.family().items():
            links = [os.readlink(path) for path in pathlib.Path(f"/proc/{pid}/fd").iterdir()] if name != "varta" else []
            for link in links:
                if link.startswith(str(self.folder)) and not link.endswith("/said"):  # standard error
                    self.assertRegex(link, f"^{self.folder}/({theirs.get(name, 'none')})", name)

    @unittest.skipUnless(os.getuid() == 0, "only root reads another process's memory")
    def test_no_other_process_has_them_in_memory(self):
        self.start_all()
        having = {"hook": [], "token": []}
        for pid, name in self.family().items():
            memory = self.memory(pid)
            self.assertGreater(len(memory), 50000, name)
            having["hook"] += [name] * (SECRET.encode() in memory)
            having["token"] += [name] * (self.token.encode() in memory)
        self.assertEqual(having["hook"], ["varta-deliver"], "the deliverer of that sink, and it alone")
        self.assertLessEqual(set(having["token"]), {"varta-web"})

    def test_no_process_leaves_a_core(self):
        control = subprocess.Popen(["prlimit", "--core=unlimited", "sleep", "60"], cwd=self.folder)
        time.sleep(0.3)
        control.send_signal(signal.SIGABRT)
        _, status = os.waitpid(control.pid, 0)
        control.returncode = -signal.SIGABRT
        if not os.WCOREDUMP(status):
            self.skipTest("this machine dumps no cores at all")
        for path in self.folder.glob("core*"):
            path.unlink()
        self.start_all()
        for pid, name in self.family().items():
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size +0 +0 ", name)
            if name != "varta":
                os.kill(pid, signal.SIGABRT)
        wait_until(lambda: self.words().count("signal 6") >= 4, 20, lambda: "their deaths\n" + self.words())
        self.daemon.send_signal(signal.SIGABRT)
        _, status = os.waitpid(self.daemon.pid, 0)
        self.daemon.returncode = -signal.SIGABRT
        self.processes.remove(self.daemon)
        self.assertTrue(os.WIFSIGNALED(status))
        self.assertFalse(os.WCOREDUMP(status))
        self.assertEqual(list(self.folder.glob("core*")), [])


if __name__ == "__main__":
    main()
