#!/usr/bin/env python3
"""What surrounds the daemon fails: the disk, descriptors, names, its own helpers, servers without sense. Each time it has to live,
to say so, to go on judging the honest pages beside, and to catch up."""
import json
import os
import pathlib
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import ENVIRONMENT, main, wait_until  # noqa: E402
from texts import NEWS, defaced, ministry, redesigned  # noqa: E402
from watcher import WatchCase  # noqa: E402

RESET = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # SO_LINGER: close() sends a reset


def can_unshare():
    done = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    return os.getuid() == 0 and done.returncode == 0


NAMESPACE = unittest.skipUnless(can_unshare(), "a private mount namespace needs root and a kernel that allows it")


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Enduring(WatchCase):
    def honest(self, count=2):
        """Pages of an honest server; gives their URLs."""
        for i in range(count):
            self.page(f"p{i}.html", ministry(news=NEWS[i % 3:] + NEWS[:i % 3], extra=f"<p>Відділ номер {i} працює щодня.</p>"))
        port = self.nginx("charset utf-8;")
        return [f"http://127.0.0.1:{port}/p{i}.html" for i in range(count)]

    def wait_said(self, word, seconds=40):
        wait_until(lambda: word in self.words(), seconds, f"saying '{word}'; said: {self.words()}")

    def told_urls(self):
        single = {one["page"]["url"] for one in self.told() if one["kind"].startswith("incident-")}
        return single | {entry["url"] for one in self.told() if "campaign" in one for entry in one["campaign"]["list"]}

    def wait_told_url(self, url, seconds=40):
        wait_until(lambda: url in self.told_urls(), seconds, f"telling of {url}; said: {self.words()}")

    def judged_beside(self, url, seconds=30):
        """The page is defaced now, is told, and the daemon is the same one."""
        self.page(url.rsplit("/", 1)[1], defaced())
        self.wait_told_url(url, seconds)
        self.assertIsNone(self.daemon.poll(), self.words())

    # ---- the disk ----

    @NAMESPACE
    def test_a_full_disk_holds_up_no_alert_and_is_caught_up_with(self):
        state = self.folder / "state"
        state.mkdir()
        self.store = state / "store.db"
        urls = self.honest(3)
        self.configure(urls)
        self.around = ["unshare", "-m", "--propagation", "private", "sh", "-c", f'mount -t tmpfs -o size=4m none {state} && exec "$@"', "sh"]
        self.watch()
        inside = pathlib.Path(f"/proc/{self.daemon.pid}/root") / str(state)[1:]
        wait_until(lambda: int(self.sql("SELECT coalesce(sum(versions), 0) FROM baseline") or 0) >= 2 * len(urls), 30,
                   "learning every page twice")
        try:
            with open(inside / "fill", "wb", buffering=0) as fill:
                while True:
                    fill.write(b"x" * 4096)
        except OSError:
            pass
        self.judged_beside(urls[0])
        self.wait_said("the store takes nothing")
        before = self.ask("status")[0]["looks"]
        self.judged_beside(urls[1])
        self.assertTrue(self.ask("status")[0]["unsaved"])
        self.assertGreater(self.ask("status")[0]["looks"], before)
        self.wait_told("self")
        (inside / "fill").unlink()
        self.wait_said("the store takes what happens again")
        incidents = {one["url"]: one["id"] for one in self.ask("incidents", code=1)}
        self.assertEqual(set(incidents), set(urls[:2]))
        kept = dict(row.split("|") for row in self.sql("SELECT url || '|' || id FROM incident WHERE state = 'confirmed'").split())
        kept = {url: int(number) for url, number in kept.items()}
        self.assertEqual(self.sql("PRAGMA integrity_check"), "ok")
        self.assertEqual(kept, incidents)
        wait_until(lambda: self.ask("status")[0]["to_be_told"] == 0, what="everything told")
        ids = [one["id"] for one in self.told()]
        self.assertEqual(len(ids), len(set(ids)), ids)

    def sql(self, query):
        """Asks the store where only the daemon sees it; rows of one text each."""
        program = ("import sqlite3, sys; db = sqlite3.connect(f'file:{sys.argv[1]}?mode=rw', uri=True, timeout=5);"
                   "print('\\n'.join(str(row[0]) for row in db.execute(sys.argv[2])))")
        done = subprocess.run(["nsenter", "-t", str(self.daemon.pid), "-m", sys.executable, "-c", program, str(self.store), query],
                              env=ENVIRONMENT, capture_output=True, timeout=60, check=False)
        return done.stdout.decode().strip()

    # ---- descriptors ----

    def test_without_descriptors_it_waits_says_so_and_goes_on(self):
        urls = self.honest(12)
        self.configure(urls)
        self.watch()
        self.learnt(urls)
        pid = self.daemon.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, hard))  # below all that it has open: it gets no other
        self.wait_said("looks fail for reasons of this machine's own")
        peers = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for peer in peers:  # they wait at the door, and cannot be let in
            peer.connect(str(self.control))
        before = cpu_s(pid)
        time.sleep(2)
        self.assertLess(cpu_s(pid) - before, 0.3, "it turns in circles")
        self.assertIsNone(self.daemon.poll(), self.words())
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))
        for peer in peers:
            peer.close()
        self.wait_said("looks succeed again")
        self.judged_beside(urls[0])
        self.assertEqual([one for one in self.told() if one["kind"].startswith("incident-") and one["page"]["url"] != urls[0]], [])

    def test_with_few_descriptors_every_page_is_judged_all_the_same(self):
        urls = self.honest(24)
        self.configure(urls)
        self.around = ["prlimit", "--nofile=64:64"]
        self.watch()
        self.learnt(urls)
        self.judged_beside(urls[5])
        self.assertEqual(self.told_urls(), {urls[5]})

    # ---- names ----

    @NAMESPACE
    def test_dead_names_hold_up_nobody_and_are_caught_up_with(self):
        urls = self.honest(3)
        port = urls[0].split(":")[2].split("/")[0]
        names = [f"http://{name}.uriad.example:{port}/p2.html" for name in ("osvita", "podatky", "kultura", "sport")]
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # takes every question and answers none
        try:
            silent.bind(("127.77.77.77", 53))
        except OSError as error:
            self.skipTest(f"no port 53 for a silent name server: {error}")
        self.addCleanup(silent.close)
        (self.folder / "resolv.conf").write_text("nameserver 127.77.77.77\noptions timeout:1 attempts:1\n")
        (self.folder / "nsswitch.conf").write_text("hosts: files dns\n")
        hosts = self.folder / "hosts"
        hosts.write_text("127.0.0.1 localhost\n")
        self.configure(urls + [f"{name} allow=private" for name in names])
        mounts = " && ".join(f"mount --bind {self.folder}/{name} /etc/{name}" for name in ("resolv.conf", "nsswitch.conf", "hosts"))
        self.around = ["unshare", "-m", "--propagation", "private", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
        self.watch()
        self.learnt(urls)
        self.judged_beside(urls[0], 30)
        wait_until(lambda: self.told_urls() >= set(names), 40, lambda: "telling that names are dead: " + self.words())
        causes = {one["cause"] for one in self.ask("incidents", code=1) if one["url"] in names}
        self.assertEqual(causes, {"not-resolved"})
        with open(hosts, "a", encoding="utf-8") as stream:
            stream.writelines(f"127.0.0.1 {name.split('/')[2].split(':')[0]}\n" for name in names)
        wait_until(lambda: {one["url"] for one in self.ask("incidents", code=1)} == {urls[0]}, 40,
                   f"their return: {self.words()}")
        self.assertIsNone(self.daemon.poll())

    def test_a_store_that_is_removed_is_told_of(self):
        urls = self.honest(2)
        self.configure(urls)
        self.watch()
        self.learnt(urls)
        self.assertFalse(self.ask("status")[0]["unsaved"])
        for end in ("", "-wal", "-shm"):
            pathlib.Path(f"{self.store}{end}").unlink(missing_ok=True)
        self.wait_said("the store was removed while it is in use")
        self.assertTrue(self.ask("status")[0]["unsaved"])
        self.judged_beside(urls[0])
        wait_until(lambda: any("was removed" in json.dumps(one) for one in self.told("self")), 20, "the notice\n" + str(self.told("self")))
        self.assertEqual(self.words().count("was removed while"), 1)

    def test_a_store_that_is_moved_is_told_of_until_it_is_back(self):
        urls = self.honest(2)
        self.configure(urls)
        self.watch()
        self.learnt(urls)
        away = self.folder / "away.db"
        self.store.rename(away)
        self.wait_said("the store was moved away while it is in use")
        self.assertTrue(self.ask("status")[0]["unsaved"])
        wait_until(lambda: any("moved away" in json.dumps(one) for one in self.told("self")), 20, "the notice\n" + str(self.told("self")))
        away.rename(self.store)
        self.wait_said("the store is back where it was")
        self.assertFalse(self.ask("status")[0]["unsaved"])

    # ---- its own helpers ----

    def test_helpers_that_are_killed_again_and_again(self):
        urls = self.honest(6)
        self.configure(urls)
        self.watch()
        self.learnt(urls)
        chance, killed, end = random.Random(1), 0, time.monotonic() + 30
        while killed < 15 and time.monotonic() < end:
            found = children(self.daemon.pid)
            if found:
                os.kill(chance.choice(found), signal.SIGKILL)
                killed += 1
            time.sleep(0.1)
        self.assertEqual(killed, 15, "helpers are not started again")
        self.wait_said("was ended by signal 9")
        self.judged_beside(urls[0], 45)
        self.assertEqual(self.told_urls(), {urls[0]}, "a killed helper is no page's fault")
        self.assertEqual([one["kind"] for one in self.told() if "incident" in one], ["incident-confirmed"])

    # ---- servers ----

    def test_a_server_that_answers_each_request_differently(self):
        urls = self.honest(2)
        count = [0]
        lock = threading.Lock()

        def page(text, head=b"HTTP/1.1 200 OK\r\n"):
            body = text if isinstance(text, bytes) else text.encode()
            return head + b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body

        odd = [lambda c: c.sendall(page(ministry())),
               lambda c: c.sendall(page(defaced())),
               lambda c: c.sendall(page(redesigned())),
               lambda c: c.sendall(page("busy", b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999\r\n")),
               lambda c: c.sendall(random.randbytes(3000)),
               lambda c: None,
               lambda c: c.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
               lambda c: c.sendall(page(random.randbytes(2000), b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")),
               lambda c: c.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
               lambda c: c.sendall(page(ministry())[:2000]),
               lambda c: c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET),
               lambda c: c.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 900) for i in range(400)) + b"\r\n"),
               lambda c: c.sendall(page("<p>" * 20000))]

        def answer(connection, request):
            with lock:
                turn, count[0] = count[0], count[0] + 1
            odd[turn * 5 % len(odd)](connection)  # 5 and 13 have no common factor: each one comes in turn

        port = self.odd_server(answer)
        self.configure(urls + [f"http://127.0.0.1:{port}/{i}" for i in range(4)])
        self.watch()
        self.learnt(urls)
        wait_until(lambda: count[0] > 4 * len(odd), 40, "four answers of each kind")
        self.judged_beside(urls[1])
        self.assertLess(len(self.told()), 40, "it talks too much")
        self.assertNotIn(urls[0], self.told_urls())
        self.assertEqual(self.stop(), 0)


if __name__ == "__main__":
    main()
