#!/usr/bin/env python3
"""Alerts as a real rsyslog receives them: UDP, TCP with octet counting, a local socket; hostile text; a dead collector."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import Case, free_port, main, wait_until  # noqa: E402
from texts import MESSAGE, defaced, ministry  # noqa: E402


class Syslog(Case):
    def setUp(self):
        super().setUp()
        self.page("index.html", ministry())
        self.port = self.nginx("charset utf-8;")
        self.url = f"http://127.0.0.1:{self.port}/"
        self.check("--store", self.store, "--learn", self.url)

    def received(self, path, count):
        wait_until(lambda: path.exists() and path.read_bytes().count(b"\n") >= count, what=f"{count} lines in {path}")
        return path.read_text(encoding="utf-8").splitlines()

    def test_every_transport_delivers_whole_messages(self):
        port, local, lines = self.rsyslog()
        self.page("index.html", defaced())
        self.check("--store", self.store, "--syslog", f"udp:127.0.0.1:{port}", "--syslog", f"tcp:127.0.0.1:{port}",
                   "--syslog", f"unix:{local}", self.url, code=1)
        found = self.received(lines, 3)
        self.assertEqual(len(found), 3)
        self.assertEqual({line.split(" via=")[1].split()[0] for line in found}, {"imudp", "imtcp", "imuxsock"})
        for line in found:
            self.assertIn("pri=daemon.crit app=varta msgid=defaced", line)
            self.assertIn(f'[varta@32473 verdict="defaced" url="{self.url}"', line)
            self.assertRegex(line, r'languages="(uk|ru|pl):0\.\d\d,(uk|ru|pl):0\.\d\d,(uk|ru|pl):0\.\d\d"')
            self.assertIn("is defaced: ", line)
            self.assertIn("Українець!", line)

    def test_quiet_pages_send_nothing_and_facility_counts(self):
        port, _, lines = self.rsyslog()
        target = f"tcp:127.0.0.1:{port}"
        self.check("--store", self.store, "--syslog", target, self.url)
        dead = f"http://127.0.0.1:{free_port()}/"
        self.check("--syslog", target, "--facility", "16", self.url, dead, code=3)
        found = self.received(lines, 1)
        self.assertEqual(len(found), 1)
        self.assertIn("pri=local0.notice app=varta msgid=unavailable", found[0])
        self.assertIn('cause="refused"', found[0])

    def test_hostile_text_cannot_forge_a_line(self):
        port, _, lines = self.rsyslog()
        evil = 'Hacked by "]x\\ &#10;<26>1 - - forged&#13;&#27;[2J&#x202E;' + MESSAGE["uk"]
        self.page("index.html", f"<html><title>Hacked by [evil]\"</title><body><h1>{evil}</h1></body></html>")
        self.check("--store", self.store, "--syslog", f"tcp:127.0.0.1:{port}", self.url, code=1)
        self.check("--store", self.store, "--syslog", f"udp:127.0.0.1:{port}", self.url, code=1)
        found = self.received(lines, 2)
        self.assertEqual(len(found), 2)
        for line in found:
            self.assertIn("app=varta msgid=defaced", line)
            self.assertNotIn("\x1b", line)
            self.assertNotIn("#033", line)
            self.assertNotIn("\u202e", line)

    def test_a_dead_collector_is_told_and_costs_nothing_else(self):
        self.page("index.html", defaced())
        out, err = self.varta("check", "--store", self.store, "--syslog", f"tcp:127.0.0.1:{free_port()}", self.url, code=1)
        self.assertIn("defaced", out)
        self.assertIn("Connection refused", err)
        self.assertIn("1 of 1 syslog messages were not delivered", err)
        self.page("index.html", ministry())
        self.varta("check", "--store", self.store, "--syslog", "unix:/nonexistent", self.url)
        self.page("index.html", defaced())
        _, err = self.varta("check", "--store", self.store, "--syslog", f"unix:{self.folder}/no.sock", self.url, code=1)
        self.assertIn("No such file", err)

    def test_unusable_targets_are_refused(self):
        for target in ("", "tcp", "udp:", "http://x/", "tcp:host:99999"):
            _, err = self.varta("check", "--syslog", target, self.url, code=2)
            self.assertIn("--syslog takes", err)


if __name__ == "__main__":
    main()
