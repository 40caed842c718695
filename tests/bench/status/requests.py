#!/usr/bin/env python3
"""What a request to the status page costs: milliseconds of varta-web's CPU and of the asker's waiting, with many pages watched.
Usage: requests.py [PAGES]  (default 10000); VARTA_BUILD names the build folder."""
import os
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cases"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "cases/web"))
from web_case import WebCase  # noqa: E402
from texts import ministry  # noqa: E402

REQUESTS = 200


class Bench(WebCase):
    def runTest(self):
        pass

    def cpu_ms(self):
        fields = pathlib.Path(f"/proc/{self.web}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def measure(self, name, path):
        waits, before = [], self.cpu_ms()
        for _ in range(REQUESTS):
            start = time.perf_counter()
            answer = self.get(path)
            waits.append((time.perf_counter() - start) * 1000)
            assert answer.status == 200, answer.status
        cpu = (self.cpu_ms() - before) / REQUESTS
        print(f"{name:32} {cpu:7.2f} {statistics.median(waits):7.2f} {max(waits):7.2f}  {len(answer.text) // 1024:4} KiB")

    def write_on(self, stop):
        """What the daemon does while it watches: the pages' rows change several times a second."""
        store = sqlite3.connect(self.store, isolation_level=None, timeout=5)
        while not stop.is_set():
            store.execute("UPDATE page SET at = at + 1 WHERE id = 1")
            time.sleep(0.25)
        store.close()

    def go(self, pages):
        self.page("index.html", ministry())
        port = self.nginx("charset utf-8;")
        groups = "".join(f"  group-{g}: {{pages: [list-{g}.txt]}}\n" for g in range(50))
        for g in range(50):
            (self.folder / f"list-{g}.txt").write_text("".join(
                f"http://127.0.0.1:{port}/?{i} name=Сторінка_міністерства_{i}\n" for i in range(g, pages, 50)), encoding="utf-8")
        self.configure([], "poll: {interval: 1h, per_domain: 64}\n" + self.page_config() + "groups:\n" + groups)
        text = (self.folder / "varta.yaml").read_text(encoding="utf-8")
        (self.folder / "varta.yaml").write_text(text.replace("poll: {interval: 1s, jitter: 10%, per_domain: 64}\n", "").replace("pages: [pages.txt]\n", ""),
                                                encoding="utf-8")
        self.watch()
        while self.ask("status")[0]["looks"] < 2 * pages:
            time.sleep(1)
        self.web = subprocess.run(["pgrep", "-P", str(self.daemon.pid), "varta-web"], capture_output=True, text=True, check=True).stdout.strip()
        self.get("/")
        print(f"{pages} pages, {REQUESTS} requests each: ms CPU, median and longest ms of waiting")
        self.rounds("")
        stop = threading.Event()
        writer = threading.Thread(target=self.write_on, args=(stop,))
        writer.start()
        self.rounds(", store written to")
        stop.set()
        writer.join()
        status = pathlib.Path(f"/proc/{self.web}/status").read_text()
        peak = {name: int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1]) >> 10 for name in ("VmPeak", "VmHWM")}
        print(f"varta-web at most: {peak['VmPeak']} MiB of address space, {peak['VmHWM']} MiB resident")

    def rounds(self, how):
        self.measure("overview" + how, "/")
        self.measure("search" + how, "/?q=9999")
        self.measure("group, last leaf" + how, "/?group=group-7&from=150")
        self.measure("page" + how, "/page?url=" + next(iter(self.pages())).replace("/", "%2F").replace("?", "%3F"))


if __name__ == "__main__":
    bench = Bench()
    bench.setUp()
    try:
        bench.go(int(sys.argv[1]) if len(sys.argv) > 1 else 10000)
    finally:
        bench.tearDown()
        bench.doCleanups()
