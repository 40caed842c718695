#!/usr/bin/env python3
"""What a service manager hears from varta watch, word for word: the test is the manager, so it needs none."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, Case, free_port, main, wait_until  # noqa: E402


class Notify(Case):
    def setUp(self):
        super().setUp()
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(str(self.folder / "notify"))
        self.ear.settimeout(20)
        self.addCleanup(self.ear.close)
        self.write("")

    def write(self, more):
        (self.folder / "varta.yaml").write_text(
            f"store: {self.store}\ncontrol: ''\ngroups: {{one: {{urls: ['http://127.0.0.1:{free_port()}/']}}}}\n{more}")

    def watch(self, **environment):
        self.said = self.folder / "said"
        with open(self.said, "wb") as log:
            self.daemon = subprocess.Popen([BUILD / "varta", "watch", "-c", self.folder / "varta.yaml"], stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log,
                                           env={**ENVIRONMENT, "NOTIFY_SOCKET": str(self.folder / "notify"), **environment})
        self.processes.append(self.daemon)

    def heard(self, wanted):
        """Listens until a field that begins so; gives all fields heard on the way, in order."""
        fields = []
        while True:
            fields += self.ear.recv(65536).decode().split("\n")
            if any(field.startswith(wanted) for field in fields):
                return fields

    def test_a_life(self):
        self.watch()
        self.assertEqual(self.heard("READY"), ["STATUS=watching 1 page, telling 0 sinks", "READY=1"])
        asked_us = time.monotonic_ns() // 1000
        self.daemon.send_signal(signal.SIGHUP)
        fields = self.heard("READY")
        self.assertEqual(fields[0], "RELOADING=1")
        self.assertGreaterEqual(int(fields[1].removeprefix("MONOTONIC_USEC=")), asked_us)
        self.assertEqual(fields[2:], ["STATUS=the configuration was read again: 1 page, 0 sinks", "READY=1"])
        self.daemon.send_signal(signal.SIGTERM)
        self.heard("STOPPING=1")
        self.assertEqual(self.daemon.wait(20), 0)

    def test_a_broken_file_ends_the_reload_too(self):
        self.watch()
        self.heard("READY")
        self.write("nonsense: true\n")
        self.daemon.send_signal(signal.SIGHUP)
        fields = self.heard("READY")
        self.assertEqual((fields[0], fields[-1], len(fields)), ("RELOADING=1", "READY=1", 3))
        self.assertIn("the one from before stays", self.said.read_text())

    def test_the_watchdog_is_fed_when_asked_for(self):
        self.watch(WATCHDOG_USEC="600000")
        self.heard("READY")
        begun = time.monotonic()
        self.heard("WATCHDOG=1")
        self.heard("WATCHDOG=1")
        self.assertLess(time.monotonic() - begun, 5)

    def test_a_broken_file_at_the_start_is_no_readiness(self):
        self.write("nonsense: true\n")
        self.watch()
        self.assertEqual(self.daemon.wait(20), 2)
        self.ear.setblocking(False)
        self.assertRaises(BlockingIOError, self.ear.recv, 65536)

    def test_levels_are_for_the_journal_only(self):
        self.watch(JOURNAL_STREAM="1:1")
        self.heard("READY")
        self.assertIn("varta: watching 1 page", self.said.read_text())
        about = os.stat(self.said)
        first = self.processes.pop()  # one watch a store
        first.terminate()
        first.wait(20)
        self.watch(JOURNAL_STREAM=f"{about.st_dev}:{about.st_ino}")
        wait_until(lambda: self.said.read_text().startswith("<6>watching 1 page"), what="a level")


if __name__ == "__main__":
    main()
