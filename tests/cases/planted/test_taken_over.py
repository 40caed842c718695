#!/usr/bin/env python3
"""varta-keep and varta-web that were taken over in the step that handles a stranger's bytes: whatever they try is refused, the daemon says
so, goes on, and judges the next page rightly."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0]))
sys.path.insert(0, str(HERE.parents[0] / "web"))
import scene  # noqa: E402
import watcher  # noqa: E402
from scene import main, wait_until  # noqa: E402
from texts import defaced, ministry, redesigned  # noqa: E402
from web_case import WebCase  # noqa: E402

ACTS = re.findall(r"^    ACT\((\w+)\)", (HERE / "forbidden_acts.c").read_text(encoding="utf-8"), re.M)
# What the cage of files answers, instead of the list of calls that kills; what fails by itself, for the descriptor is none of that kind.
KEPT_OUT = {"open": "EACCES", "openat": "EACCES", "create": "EACCES", "memory_of_another": "EACCES", "memfd_of_another_job": "EACCES",
            "list": "ENOTDIR", "receive": "ENOTSOCK|ENOTCONN|EBADF"}
BY_KEEP = {**KEPT_OUT, "unlink": "EACCES"}
SIGSYS = 31


class TakenOver(WebCase):
    def setUp(self):
        super().setUp()
        if scene.SANITIZED:
            self.skipTest("a sanitizer's build runs uncaged")
        self.copy = self.folder / "copy"
        self.copy.mkdir()
        self.real = scene.BUILD
        for path in self.real.glob("varta*"):
            if path.is_file():
                shutil.copy2(path, self.copy / path.name)
        (self.copy / "models").symlink_to(self.real / "models")
        watcher.BUILD = scene.BUILD = self.copy
        self.addCleanup(setattr, scene, "BUILD", self.real)
        self.addCleanup(setattr, watcher, "BUILD", self.real)
        pathlib.Path("/tmp/varta-planted").touch()

    def plant(self, name, rehearse=False):
        shutil.copy2(self.real / "tests" / ("planted_" + name[6:]), self.copy / name)
        if rehearse:
            (self.copy / (name + ".rehearse")).touch()

    def rehearsed(self, level, kept_out):
        wait_until(lambda: "planted: all rehearsed" in self.words(), 30, lambda: "the rehearsal\n" + self.words())
        said = {one[1]: one[2] for one in re.finditer(r"says: planted (\w+) (.*)$", self.words(), re.M)}
        self.assertEqual(set(said), set(ACTS))
        for name, how in said.items():
            with self.subTest(name):
                if name in kept_out:
                    self.assertRegex(how, f"^refused -1 ({kept_out[name]})$")
                else:
                    self.assertEqual(how, f"killed {SIGSYS}" if level == "strict" else "refused -1 EPERM")

    def start_with(self, level="strict"):
        for name in ("index.html", "other.html"):
            self.page(name, ministry(extra=f"<p>{name}</p>"))
        base = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        urls = [base + "index.html", base + "other.html"]
        self.configure(urls, self.page_config() + f"sandbox: {level}\n")
        self.watch()
        self.learnt(urls)

    def is_alive(self):
        """The daemon looks at pages as before and wakes people for the next one."""
        self.assertIsNone(self.daemon.poll())
        self.page("other.html", redesigned())
        wait_until(lambda: any(one["page"]["url"].endswith("other.html") for one in self.told("incident-confirmed")), 30,
                   lambda: "the next page\n" + self.words())

    # ---- varta-keep ----

    def keeper_is_refused_each(self, level):
        self.plant("varta-keep", rehearse=True)
        self.start_with(level)
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.rehearsed(level, BY_KEEP)
        self.is_alive()
        self.assertEqual(self.stop(), 0)

    def test_keeper_is_killed_for_each(self):
        self.keeper_is_refused_each("strict")

    def test_keeper_is_refused_each(self):
        self.keeper_is_refused_each("tolerant")

    def test_acts_are_real_where_nothing_is_caged(self):
        """The same acts succeed without the cage: else this test would prove nothing."""
        self.plant("varta-keep", rehearse=True)
        self.plant("varta-web", rehearse=True)
        self.start_with("off")
        wait_until(lambda: "planted: all rehearsed" in self.words(), 30, lambda: "the rehearsal\n" + self.words())
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        wait_until(lambda: self.words().count("planted: all rehearsed") == 2, 30, lambda: "the second\n" + self.words())
        for name in ("open", "openat", "socket", "local_socket", "socketpair", "fork", "clone", "mmap_exec", "mprotect_exec",
                     "signal_by_descriptor"):
            self.assertEqual(len(re.findall(rf"planted {name} SUCCEEDED", self.words())), 2, name)

    def test_keeper_that_is_killed_is_said_and_not_asked_for_ever(self):
        self.plant("varta-keep")
        self.start_with()
        self.page("index.html", defaced().replace("</body>", "<p>planted:socket;</p></body>"))
        told = self.wait_told("incident-confirmed")
        self.assertEqual(told[0]["result"]["verdict"], "defaced")
        wait_until(lambda: f"varta-keep was ended by signal {SIGSYS}" in self.words(), 20, lambda: "the death\n" + self.words())
        self.assertIn("evidence of incident 1 cannot be written", self.wait_told("self")[0]["summary"])
        self.assertEqual(self.deaths("keep", "sandbox"), 1)
        self.is_alive()
        wait_until(lambda: "evidence of incident 1 is lost: varta-keep died of it each time" in self.words(), 90, lambda: "its end\n" + self.words())
        wait_until(lambda: list((self.folder / "evidence").glob("00000002/confirmed.json")), 40, lambda: "what stood behind it\n" + self.words())
        self.assertEqual(self.words().count(f"varta-keep was ended by signal {SIGSYS}"), 3)
        self.assertNotIn("SUCCEEDED", self.words())

    def test_keeper_that_is_kept_out_goes_on(self):
        self.plant("varta-keep")
        self.start_with()
        self.page("index.html", defaced().replace("</body>", "<p>planted:openat;</p></body>"))
        self.wait_told("incident-confirmed")
        wait_until(lambda: list((self.folder / "evidence").glob("*/confirmed.json")), 40, lambda: "evidence\n" + self.words())
        wait_until(lambda: "planted openat refused -1 EACCES" in self.words(), 10, lambda: "what it says\n" + self.words())
        self.is_alive()

    def test_keeper_cannot_take_all_memory(self):
        self.plant("varta-keep")
        self.start_with()
        self.page("index.html", defaced().replace("</body>", "<p>planted:much_memory;</p></body>"))
        wait_until(lambda: list((self.folder / "evidence").glob("*/confirmed.json")), 40, lambda: "evidence\n" + self.words())
        wait_until(lambda: "planted much_memory refused -1 ENOMEM" in self.words(), 10, lambda: "what it says\n" + self.words())
        self.is_alive()

    # ---- varta-read ----

    def test_reader_that_is_killed_is_a_named_outcome_and_counted(self):
        self.plant("varta-read")
        self.start_with()
        url = self.pages_named("index.html")
        self.page("index.html", ministry(extra="<p>planted:socket;</p>"))
        wait_until(lambda: self.pages()[url].get("cause") == "helper-sandbox", 30, lambda: "the outcome\n" + self.words())
        self.assertEqual(self.pages()[url]["verdict"], "unavailable")
        looks = self.looks_of("/index.html")
        time.sleep(5)
        count = self.deaths("read", "sandbox")
        self.assertGreaterEqual(count, 1)
        self.assertLessEqual(count, 2 * self.looks_of("/index.html"), "it is read once a look, perhaps once more")
        self.assertGreater(self.looks_of("/index.html"), looks, "it is looked at as before")
        self.is_alive()

    # ---- varta-fetch ----

    def fetchers(self):
        found = subprocess.run(["pgrep", "-P", str(self.daemon.pid), "varta-fetch"], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def test_a_page_that_the_fetcher_dies_of_is_told(self):
        """Each request for it ends the fetcher: that must not hide what became of the page, nor the pages beside it."""
        deadly = []

        def answer(connection, request):
            if deadly:
                for pid in self.fetchers():
                    os.kill(pid, signal.SIGKILL)
            else:
                body = ministry().encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        self.page("other.html", ministry(extra="<p>other</p>"))
        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        urls = [url, f"http://127.0.0.1:{self.nginx('charset utf-8;')}/other.html"]
        self.configure(urls, self.page_config())
        self.watch()
        self.learnt(urls)
        deadly.append(True)
        wait_until(lambda: any(one["page"]["url"] == url for one in self.told("incident-confirmed")), 120, lambda: "the alert\n" + self.words())
        told = next(one for one in self.told("incident-confirmed") if one["page"]["url"] == url)
        self.assertEqual((told["incident"]["verdict"], told["incident"]["cause"]), ("unavailable", "helper-crashed"))
        self.is_alive()
        deadly.clear()
        wait_until(lambda: any(one["page"]["url"] == url for one in self.told("incident-recovered")), 60, lambda: "its end\n" + self.words())
        self.assertFalse([one for one in self.told("incident-confirmed") if one["page"]["url"] not in urls[:1] and one["incident"]["verdict"] != "replaced"])

    def pages_named(self, name):
        return next(url for url in self.pages() if url.endswith(name))

    def looks_of(self, path):
        return (self.folder / "access.log").read_text().count(f'"GET {path} ')

    def deaths(self, role, cause):
        metrics, _ = self.varta("status", "--metrics", "--control", self.control)
        found = re.search(rf'^varta_helper_deaths_total{{role="{role}",cause="{cause}"}} (\d+)$', metrics, re.M)
        return int(found[1]) if found else 0

    # ---- varta-web ----

    def web_is_refused_each(self, level):
        self.plant("varta-web", rehearse=True)
        self.start_with(level)
        self.rehearsed(level, KEPT_OUT)
        wait_until(self.is_served, 15, lambda: "the status page\n" + self.words())
        self.is_alive()
        self.assertEqual(self.stop(), 0)

    def test_web_is_killed_for_each(self):
        self.web_is_refused_each("strict")

    def test_web_is_refused_each(self):
        self.web_is_refused_each("tolerant")

    def test_web_forges_no_line_of_the_log_and_does_not_fill_it(self):
        self.plant("varta-web")
        self.start_with()
        wait_until(self.is_served, 15, lambda: "the status page\n" + self.words())
        self.assertEqual(self.get("/planted:shout;").status, 404)
        wait_until(lambda: "varta-web says more than is told" in self.words(), 10, lambda: "its end\n" + self.words())
        self.assertTrue(self.is_served(), "it does not wait for whoever listens")
        words = self.words()
        self.assertEqual(words.count("nothing to see here"), 200)
        self.assertFalse(re.search(r"[\x00-\x09\x0b-\x1f\u202e]", words), "nothing that steers")
        for line in words.splitlines():
            if "nothing to see here" in line:
                self.assertRegex(line, r"^varta: varta-web says: +\[2J \[1;1H +varta: +nothing to see here$")
        self.is_alive()

    def test_web_that_is_killed_is_said_and_comes_back(self):
        self.plant("varta-web")
        self.start_with()
        wait_until(self.is_served, 15, lambda: "the status page\n" + self.words())
        for count, name in enumerate(("socket", "execve", "mmap_exec"), 1):
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.get(f"/planted:{name};")
            wait_until(lambda: self.words().count(f"varta-web was ended by signal {SIGSYS}") == count, 10, name + "\n" + self.words())
            wait_until(self.is_served, 20, lambda: "the status page again\n" + self.words())
        self.assertEqual(self.deaths("web", "any"), 3)
        for name, how in (("openat", "EACCES"), ("much_memory", "ENOMEM")):
            self.assertEqual(self.get(f"/planted:{name};").status, 404)
            wait_until(lambda said=f"planted {name} refused -1 {how}": said in self.words(), 10, lambda: "what it says\n" + self.words())
        self.assertNotIn("SUCCEEDED", self.words())
        self.is_alive()


if __name__ == "__main__":
    main()
