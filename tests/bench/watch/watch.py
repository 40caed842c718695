#!/usr/bin/env python3
"""What the daemon costs, how late it is, what it remembers, and how soon it speaks, against one nginx and one rsyslog on loopback.
Usage: watch.py [--only cost|delay|flood|real] [--looks N] [--rate N] [--minutes N] [PAGES...]   (default: 1000 pages, the first three; VARTA_BUILD: the programs)

cost    PAGES pages of about 9 KB, every other one with a token that differs each time, on 250 addresses. After three looks a page
        (learning) N more are measured (default 8), RATE looks a second (default 250): CPU seconds per 1,000 looks and resident
        memory of each process, lateness; curl --parallel over the same pages beside it. --looks 288 is a day of five-minute rounds.
delay   a page is defaced on its server: seconds to the line at rsyslog, with the default configuration and an interval of 20 s.
flood   1,000 pages defaced at once: how many notices, how long, how soon.
real    PAGES pages every five minutes, in real time: what the daemon costs after the first round, and how late it is (default 14 minutes)."""
import argparse
import json
import os
import pathlib
import random
import resource
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/cases"), str(ROOT / "tests/bench/polling"), str(ROOT / "tests/bench/kills")]
from kills import black, children, load  # noqa: E402
from polling import Server  # noqa: E402
from scene import BUILD, ENVIRONMENT, Case  # noqa: E402
from texts import MESSAGE  # noqa: E402

FILES = 10000  # more pages than that share files under another address
TICK = os.sysconf("SC_CLK_TCK")
INTERVAL_S, GRACE_S = 20, 15
TEXTS = [*MESSAGE.values(),  # no two share words enough to be one campaign: each is told by itself
         "HACKED BY NIGHT CREW. Your government has failed you. All your files are ours now, expect us.",
         "Owned by the Dark Falcon Team! No system is safe, security is an illusion. Greetings to our brothers who fight with us.",
         "This website was seized by the Cyber Front. Pay two bitcoins until Friday, or every document of this ministry is published."]


def name_of(pid):
    return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()


def cpu_s(pid):
    """Its own, and of its children that ended: a reader's work is done in children."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICK


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Daemon(Case):
    def prepare(self, pages):
        self.setUp()
        self.server = Server(min(pages, FILES))
        self.notices, self.control = self.folder / "notices.jsonl", self.folder / "control"

    def tearDown(self):
        super().tearDown()
        self.server.stop()

    def urls(self, count, kinds=("plain", "token")):
        ports = [self.server.ports[kind] for kind in kinds]
        return [f"http://127.0.1.{1 + i // len(ports) % 250}:{ports[i % len(ports)]}/p{i % FILES}.html" + (f"?{i}" if i >= FILES else "")
                for i in range(count)]

    def watch(self, urls, settings, sinks=""):
        (self.folder / "pages.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
        (self.folder / "varta.yaml").write_text(
            f"store: {self.store}\ncontrol: {self.control}\npages: [pages.txt]\n{settings}\n"
            f"sinks:\n  lines: {{type: file, path: {self.notices}}}\n{sinks}", encoding="utf-8")
        self.daemon = self.start(str(BUILD / "varta"), "watch", "-c", str(self.folder / "varta.yaml"))

    def ask(self):
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.settimeout(60)
                peer.connect(str(self.control))
                peer.sendall(b'{"command":"status"}\n')
                return json.loads(peer.recv(65536).decode().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def wait_looks(self, looks):
        """Returns the largest lateness told meanwhile."""
        late = 0
        while True:
            state = self.ask()
            if self.daemon.poll() is not None:
                sys.exit("the daemon ended: " + (self.folder / "varta.log").read_text()[-2000:])
            late = max(late, state["late_ms"] if state else 0)
            if state and state["looks"] >= looks:
                return state["looks"], late / 1000
            time.sleep(0.5)

    def processes_of(self):
        return {name_of(pid): pid for pid in [self.daemon.pid, *children(self.daemon.pid)]}

    def sample(self):
        return {name: (cpu_s(pid), resident_mib(pid)) for name, pid in self.processes_of().items()}

    def told(self):
        if not self.notices.exists():
            return []
        return [json.loads(line) for line in self.notices.read_text(encoding="utf-8").splitlines()]


def curl_cpu(daemon, urls):
    """CPU seconds of curl per 1,000 of the same pages."""
    urls = urls[:10000]
    config = daemon.folder / "curl.cfg"
    config.write_text("".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls))
    process = subprocess.Popen(["curl", "-s", "--parallel", "--parallel-max", "64", "-K", str(config)], stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) / len(urls) * 1000


def cost(count, looks, rate):
    daemon, before = Daemon(), load()
    daemon.prepare(count)
    try:
        urls = daemon.urls(count)
        interval_s = max(1, count // rate)
        daemon.watch(urls, f"poll: {{interval: {interval_s}s, jitter: 10%, per_domain: 16}}")
        began = time.monotonic()
        done, _ = daemon.wait_looks(3 * count)
        learnt_s, first = time.monotonic() - began, daemon.sample()
        began = time.monotonic()
        end, late_s = daemon.wait_looks(done + looks * count)
        took_s, last = time.monotonic() - began, daemon.sample()
        curl = curl_cpu(daemon, urls)
    finally:
        daemon.tearDown()
    print(f"\n| {count:,} pages, every {interval_s} s, {end - done:,} looks in {took_s:.0f} s (learnt in {learnt_s:.0f} s); load {before}, {load()} "
          "| CPU s per 1,000 looks | times curl's | MiB at the start | MiB at the end |\n|---|---|---|---|---|")
    beyond = 0.0
    for name in sorted(first, key=lambda one: (one != "varta", one)):
        if name not in last:
            continue
        spent = (last[name][0] - first[name][0]) / (end - done) * 1000
        beyond += 0 if name == "varta-fetch" else spent
        print(f"| {name} | {spent:.2f} | {spent / curl:.1f} | {first[name][1]:.1f} | {last[name][1]:.1f} |")
    print(f"| curl --parallel | {curl:.2f} | 1 | | |")
    print(f"\nBeyond the fetching: {beyond:.2f} s per 1,000 looks, {beyond * 10000 / 300 / 10:.1f} % of one core for 10,000 pages every 5 minutes. "
          f"Latest look: {late_s:.1f} s behind its turn ({late_s / interval_s:.2f} intervals).", flush=True)


def real(count, minutes):
    daemon, before, interval_s = Daemon(), load(), 300
    daemon.prepare(count)
    try:
        urls = daemon.urls(count)
        daemon.watch(urls, f"poll: {{interval: {interval_s}s, jitter: 10%}}")
        daemon.wait_looks(2 * count)  # each was learnt and seen once more
        first, began, done, latest_s = daemon.sample(), time.monotonic(), daemon.ask()["looks"], []
        while time.monotonic() - began < minutes * 60 - interval_s:
            time.sleep(0.5)
            latest_s.append(daemon.ask()["late_ms"] / 1000)
        took_s, looks, last = time.monotonic() - began, daemon.ask()["looks"] - done, daemon.sample()
        curl = curl_cpu(daemon, urls)
    finally:
        daemon.tearDown()
    print(f"\n{count:,} pages every {interval_s} s in real time, measured for {took_s:.0f} s after the first round: {looks:,} looks; load {before}, {load()}")
    print("\n| | CPU s | of one core | MiB at the start | MiB at the end |\n|---|---|---|---|---|")
    beyond_s = 0.0
    for name in sorted(first, key=lambda one: (one != "varta", one)):
        if name not in last:
            continue
        spent_s = last[name][0] - first[name][0]
        beyond_s += 0 if name == "varta-fetch" else spent_s
        print(f"| {name} | {spent_s:.1f} | {100 * spent_s / took_s:.1f} % | {first[name][1]:.1f} | {last[name][1]:.1f} |")
    print(f"| curl --parallel, as many pages | {curl * looks / 1000:.1f} | {curl * looks / 10 / took_s:.1f} % | | |")
    print(f"\nBeyond the fetching: {100 * beyond_s / took_s:.1f} % of one core. Latest look: {max(latest_s):.1f} s behind its turn "
          f"({max(latest_s) / interval_s:.3f} intervals), median of what each ten seconds' latest was {sorted(latest_s)[len(latest_s) // 2]:.2f} s.", flush=True)


def delay():
    daemon = Daemon()
    daemon.prepare(40)
    try:
        port, _, lines = daemon.rsyslog()
        urls = daemon.urls(40, ("plain",))
        daemon.watch(urls, f"poll: {{interval: {INTERVAL_S}s}}", f"  siem: {{type: syslog, target: 'tcp:127.0.0.1:{port}'}}\n")
        daemon.wait_looks(2 * len(urls))
        time.sleep(5)
        chance, delays, put = random.Random(), [], {}

        def listen(seconds, enough=lambda: False):
            end = time.monotonic() + seconds
            while time.monotonic() < end and not enough():
                delays.extend(time.monotonic() - put.pop(url) for url in heard(daemon, lines) & set(put))
                time.sleep(0.05)

        for page, text in enumerate(TEXTS):
            listen(chance.uniform(0, INTERVAL_S / 2))
            part = daemon.server.folder / "part"
            part.write_text(black(text), encoding="utf-8")
            part.chmod(0o644)
            part.rename(daemon.server.folder / "www" / f"p{page}.html")
            put[urls[page]] = time.monotonic()
        listen(4 * INTERVAL_S, lambda: not put)
        if put:
            print(f"never told: {sorted(put)}; told: {[one['summary'][:100] for one in daemon.told()]}", file=sys.stderr)
        delays += [float("inf")] * len(put)
    finally:
        daemon.tearDown()
    print(f"\nFrom the defaced page on its server to the line at rsyslog, interval {INTERVAL_S} s, everything else as by default ({len(delays)} times): "
          f"{min(delays):.1f} to {max(delays):.1f} s, median {sorted(delays)[len(delays) // 2]:.1f} s; at most {INTERVAL_S + GRACE_S} s wanted. Load {load()}.", flush=True)


def heard(daemon, lines):
    """URLs that a notice named which stands at rsyslog: the file sink knows what its id means."""
    text = lines.read_text(encoding="utf-8", errors="replace") if lines.exists() else ""
    known = [one for one in daemon.told() if f'notice="{one["id"]}"' in text]
    return ({one["page"]["url"] for one in known if "page" in one}
            | {entry["url"] for one in known if "campaign" in one for entry in one["campaign"]["list"]})


def flood(count=1000):
    daemon = Daemon()
    daemon.prepare(count)
    try:
        urls = daemon.urls(count, ("plain",))
        daemon.watch(urls, f"poll: {{interval: {INTERVAL_S}s, per_domain: 16}}")
        daemon.wait_looks(3 * count)
        bad = daemon.server.folder / "bad"
        bad.mkdir(mode=0o755)
        (bad / "p0.html").write_text(black(" ".join(MESSAGE.values())), encoding="utf-8")
        for i in range(1, count):
            os.link(bad / "p0.html", bad / f"p{i}.html")
        (daemon.server.folder / "www").rename(daemon.server.folder / "good")
        bad.rename(daemon.server.folder / "www")
        began, first_s, full_s = time.monotonic(), None, None
        while full_s is None and time.monotonic() - began < 900:
            time.sleep(0.2)
            told = daemon.told()
            first_s = first_s or (time.monotonic() - began if told else None)
            if any(one["campaign"]["pages"] == count for one in told if "campaign" in one):
                full_s = time.monotonic() - began
        largest = max(map(len, daemon.notices.read_bytes().splitlines()), default=0)
        campaigns = {one["campaign"]["id"] for one in told if "campaign" in one}
        kinds = [f"{one['kind']} ({one['campaign']['pages']})" if "campaign" in one else one["kind"] for one in told]
    finally:
        daemon.tearDown()
    print(f"\n{count:,} pages defaced at once, interval {INTERVAL_S} s: {len(campaigns)} campaign, {len(told)} notices ({', '.join(kinds)}), the largest "
          f"{largest / 1024:.1f} KiB (64 wanted at most); the first after {first_s:.1f} s, "
          + (f"all {count:,} told after {full_s:.1f} s." if full_s else "never all told.") + f" Load {load()}.", flush=True)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended all the same
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=[1000])
    parser.add_argument("--only", choices=["cost", "delay", "flood", "real"])
    parser.add_argument("--looks", type=int, default=8)
    parser.add_argument("--rate", type=int, default=250)
    parser.add_argument("--minutes", type=int, default=14)
    asked = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    if asked.only in (None, "cost"):
        for count in asked.pages:
            cost(count, asked.looks, asked.rate)
    if asked.only == "real":
        for count in asked.pages:
            real(count, asked.minutes)
    if asked.only in (None, "delay"):
        delay()
    if asked.only in (None, "flood"):
        flood()


if __name__ == "__main__":
    main()
