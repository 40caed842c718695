#!/usr/bin/env python3
"""A simulated night in which the daemon is killed again and again: nothing may be lost, nothing told twice under another id.
Usage: kills.py [KILLS]   (default 500, about ten minutes; VARTA_BUILD is the folder of the programs)

A private nginx serves 24 pages on six addresses that turn defaced (one of five messages), replaced or down and back at random;
a private rsyslog over TCP and a file receive. Every second or so the daemon gets SIGKILL, one time in six only one of its
helpers does. At the end every page is bad, and one last run is left alone until everything is told. Exit 1 when something was
lost or doubled, or the store is damaged; SEED in the environment repeats a night's changes."""
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/cases"))
from scene import BUILD, ENVIRONMENT, Case, free_port  # noqa: E402
from texts import MESSAGE, NEWS, ministry, redesigned  # noqa: E402
from truth import Account, Truth, read_file_sink, read_syslog, told_incidents  # noqa: E402

PAGES, ADDRESSES = 24, 6
HELD_S = 8      # of the daemon's life: what was bad for less need not have been confirmed
HOLD_S = (6, 40)  # a page keeps a state so long
TELL_S = 300    # a campaign that grows is told again after that long at most
BADS = [*MESSAGE.values(), " ".join(MESSAGE.values()),
        "HACKED BY NIGHT CREW. Your government has failed you. All your files are ours, your data is for sale. Expect us."]


def black(text):
    return f"<html><body style='background:black;color:red'><h1>{text}</h1></body></html>"


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def lives(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Night(Case):
    def prepare(self, seed):
        self.setUp()
        self.chance = random.Random(seed)
        self.notices, self.control = self.folder / "notices.jsonl", self.folder / "control"
        port = free_port()
        more = "".join(f"listen 127.0.0.{i}:{port};" for i in range(2, ADDRESSES + 1))
        for number in range(PAGES):
            self.show(number, None)
        self.nginx(more + "charset utf-8; if (-f $document_root$uri.down) { return 503; }", port)
        self.urls = [f"http://127.0.0.{1 + i % ADDRESSES}:{port}/p{i}.html" for i in range(PAGES)]
        syslog, _, self.lines = self.rsyslog()
        (self.folder / "pages.txt").write_text("\n".join(self.urls) + "\n", encoding="utf-8")
        (self.folder / "varta.yaml").write_text(
            f"store: {self.store}\ncontrol: {self.control}\npages: [pages.txt]\n"
            "poll: {interval: 1s, jitter: 20%, per_domain: 64}\nconfirm: {after: 0s}\n"
            "incidents: {gather: 1s, flap_window: 0s, campaign_window: 60s}\n"
            f"sinks:\n  lines: {{type: file, path: {self.notices}}}\n"
            f"  siem: {{type: syslog, target: 'tcp:127.0.0.1:{syslog}'}}\n", encoding="utf-8")
        self.truth, self.uptime, self.began = Truth(self.urls), 0.0, None
        self.state, self.until, self.outlived = [None] * PAGES, [0.0] * PAGES, 0

    # ---- the pages ----

    def put(self, name, text):
        """Whole or not at all: half a page would be a defacement nobody meant."""
        part = self.folder / "www" / (name + ".part")
        part.parent.mkdir(exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.rename(self.folder / "www" / name)

    def show(self, number, state):
        down = self.folder / "www" / f"p{number}.html.down"
        if state != "down":
            good = ministry(news=NEWS[number % 3:] + NEWS[:number % 3], extra=f"<p>Відділ номер {number} працює щодня.</p>")
            text = good if state is None else redesigned() if state == "replaced" else black(BADS[state])
            self.put(f"p{number}.html", text)
            down.unlink(missing_ok=True)
        else:
            down.touch()

    def change(self, number, state):
        bad, was = state is not None, self.state[number] is not None
        if bad and not was:  # the truth begins before the first bad byte and ends behind the last one
            self.truth.set(self.urls[number], True, time.time(), self.life())
        self.show(number, state)
        if was and not bad:
            self.truth.set(self.urls[number], False, time.time(), self.life())
        self.state[number] = state

    def pass_time(self):
        """One page's hour has come: another state."""
        now = time.monotonic()
        for number in range(PAGES):
            if now < self.until[number]:
                continue
            bad = self.chance.choice([*range(len(BADS)), "replaced", "down", "down"])
            worse = self.state[number] is not None and self.chance.random() < 0.15
            self.change(number, bad if self.state[number] is None or worse else None)
            self.until[number] = now + self.chance.uniform(*HOLD_S)

    # ---- the daemon ----

    def life(self):
        return self.uptime + (time.monotonic() - self.began if self.began else 0)

    def watch(self):
        log = open(self.folder / "said", "ab")
        self.daemon = subprocess.Popen([BUILD / "varta", "watch", "-c", self.folder / "varta.yaml"], env=ENVIRONMENT,
                                       stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        self.processes.append(self.daemon)
        while self.status() is None:
            if self.daemon.poll() is not None:
                sys.exit("the daemon did not start: " + (self.folder / "said").read_text()[-2000:])
            time.sleep(0.02)
        self.began = time.monotonic()

    def status(self):
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.settimeout(20)
                peer.connect(str(self.control))
                peer.sendall(b'{"command":"status"}\n')
                return json.loads(peer.recv(65536).decode().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def kill(self):
        helpers = children(self.daemon.pid)
        self.daemon.kill()
        self.daemon.wait()
        self.processes.remove(self.daemon)
        self.uptime, self.began = self.life(), None
        end = time.monotonic() + 5
        while any(map(lives, helpers)) and time.monotonic() < end:
            time.sleep(0.01)
        self.outlived += sum(map(lives, helpers))

    def kill_helper(self):
        found = children(self.daemon.pid)
        if found:
            os.kill(self.chance.choice(found), signal.SIGKILL)

    # ---- the night ----

    def learn(self):
        self.watch()
        end = time.monotonic() + 120
        learnt = []
        while len(learnt) < PAGES:
            if time.monotonic() > end:
                sys.exit("the pages were not learnt: " + (self.folder / "said").read_text()[-2000:])
            time.sleep(0.3)
            out, _ = self.varta("pages", "--json", "--store", self.store)
            learnt = [one for one in map(json.loads, out.splitlines()) if one.get("baseline", {}).get("versions", 0) >= 2]
        now = time.monotonic()
        self.until = [now + self.chance.uniform(0, HOLD_S[1]) for _ in range(PAGES)]

    def run_night(self, kills):
        helpers_killed = 0
        for done in range(kills):
            end = time.monotonic() + self.chance.uniform(0.02, 2)
            while time.monotonic() < end:
                self.pass_time()
                time.sleep(0.02)
            if self.chance.random() < 1 / 6:
                self.kill_helper()
                helpers_killed += 1
                end = time.monotonic() + self.chance.uniform(0.1, 1)
                while time.monotonic() < end:
                    self.pass_time()
                    time.sleep(0.02)
            self.kill()
            self.watch()
            if sys.stderr.isatty():
                print(f"\r{done + 1} kills", end="", file=sys.stderr, flush=True)
        return helpers_killed

    def morning(self):
        """Everything is bad, and nobody kills any more."""
        for number in range(PAGES):
            self.change(number, self.chance.randrange(len(BADS)))
        end, calm = time.monotonic() + TELL_S + 60, False
        while time.monotonic() < end and not calm:
            time.sleep(1)
            out = subprocess.run([BUILD / "varta", "incidents", "--json", "--control", self.control], capture_output=True,
                                 env=ENVIRONMENT, check=False).stdout
            open_ = {one["url"]: one["id"] for one in map(json.loads, out.decode().splitlines()) if one["verdict"] != "unavailable"}
            told, _ = told_incidents(read_file_sink(self.notices))
            calm = len(open_) == PAGES and set(open_.values()) <= told and (self.status() or {}).get("to_be_told") == 0
        time.sleep(HELD_S)
        self.truth.close(time.time(), self.life())
        self.daemon.terminate()
        code = self.daemon.wait(30)
        self.processes.remove(self.daemon)
        time.sleep(1)
        return code, calm


def load():
    return "/".join(f"{one:.1f}" for one in os.getloadavg())


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended all the same
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = os.environ.get("SEED", str(random.randrange(1 << 30)))
    night, before, began = Night(), load(), time.monotonic()
    night.prepare(seed)
    try:
        night.learn()
        helpers_killed = night.run_night(kills)
        code, calm = night.morning()
        account = Account(night.truth, night.store, read_file_sink(night.notices), read_syslog(night.lines), HELD_S)
        bad = account.lost or account.doubled or account.undelivered or account.integrity != "ok" or account.dangling or code or not calm
        if bad and os.environ.get("KEEP"):
            subprocess.run(["cp", "-r", night.folder, os.environ["KEEP"]], check=False)
    finally:
        night.tearDown()
    rows = [("kills of the supervisor, of a helper beside", f"{kills}, {helpers_killed}"),
            ("the night's length, of it with a daemon up", f"{time.monotonic() - began:.0f} s, {night.uptime:.0f} s"),
            ("load before and after (seed)", f"{before}, {load()} ({seed})"),
            (f"incidents the truth has (bad for {HELD_S} s of the daemon's life); shorter ones", f"{len(account.runs)}; {account.short}"),
            ("found and told", str(account.found)), ("lost", str(account.lost)), ("doubled, or told under different ids", str(account.doubled)),
            ("confirmed without cause", str(account.unfounded)),
            ("notices received: file, rsyslog", f"{account.received['lines']}, {account.received['siem']}"),
            ("ids received more than once (allowed): file, rsyslog", f"{account.repeated['lines']}, {account.repeated['siem']}"),
            ("undelivered at the end", str(account.undelivered)),
            ("integrity check, dangling references", f"{account.integrity}, {account.dangling}"),
            ("helpers that outlived their supervisor by 5 s", str(night.outlived)),
            ("the last run: all told, exit code", f"{'yes' if calm else 'no'}, {code}")]
    print("| a night of kills | |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")
    for fault in account.faults[:20]:
        print(fault, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
