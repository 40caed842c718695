#!/usr/bin/env python3
"""docs/TUTORIAL.md as a stranger would follow it: every command, in order, on a machine with a real systemd, and every answer compared
with the one that is printed there. Exit code 77, and why, where none can be booted."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "service"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import console  # noqa: E402
from machine import Machine, Unbootable  # noqa: E402
from scene import BUILD, ROOT, SANITIZED  # noqa: E402


def installed():
    """A machine as the package leaves it: the service runs with an empty list."""
    machine = Machine(BUILD)
    machine.run("ip", "link", "set", "lo", "up", check=False)
    for name in ("varta.yaml", "pages.txt"):
        machine.write(f"/etc/varta/{name}", (ROOT / "debian/conf" / name).read_text(encoding="utf-8"))
    machine.run("systemd-sysusers")
    machine.run("systemd-tmpfiles", "--create", "--prefix=/etc/varta")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "varta")
    return machine


@unittest.skipIf(SANITIZED, "a sanitizer's build traces itself, which the unit forbids")
class Tutorial(unittest.TestCase):
    def test_every_command_does_what_is_printed(self):
        try:
            machine = installed()
        except Unbootable as why:
            self.skipTest(f"no real systemd here: {why}")
        self.addCleanup(machine.close)
        self.assertGreater(console.play(machine, ROOT / "docs/TUTORIAL.md"), 20)

    def test_what_is_printed_is_compared(self):
        self.assertTrue(console.is_as_shown("a 1 b\nc", "a … b\nc"))
        self.assertFalse(console.is_as_shown("a 1 b\nd", "a … b\nc"))
        self.assertFalse(console.is_as_shown("", "no incident is open"))
        self.assertEqual(list(console.commands("```console\n# cat <<'END'\nx\n# no command\nEND\n# y\nz\n```\n")),
                         [("cat <<'END'\nx\n# no command\nEND", ""), ("y", "z")])


if __name__ == "__main__":
    code = unittest.main(verbosity=2, exit=False).result
    sys.exit(0 if code.wasSuccessful() and not code.skipped else 77 if code.wasSuccessful() else 1)
