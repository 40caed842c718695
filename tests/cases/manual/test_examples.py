#!/usr/bin/env python3
"""The examples of the manual pages, every one, and the commands of docs/OPERATING.md, as they are printed: on a machine with a real
systemd, with varta installed and watching a page that was attacked. A command's manual page without examples fails. Exit code 77, and
why, where none can be booted."""
import hashlib
import hmac
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "service"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import console  # noqa: E402
from machine import Unbootable  # noqa: E402
from scene import BUILD, ROOT, SANITIZED, wait_until  # noqa: E402
from test_tutorial import installed  # noqa: E402
from texts import defaced, ministry  # noqa: E402

MANUAL = ROOT / "man"
FOUND = 1  # the exit code of what finds something
ANSWERS = {"varta check": (0, FOUND), "varta incidents": (FOUND,), "varta replay": (0, FOUND), "varta diff": (0, FOUND), "timeout": (0, 124)}
PAGE = "http://ministry.example/"
PUBLIC = "93.184.215.14"  # of this machine's own loopback: what names of pages lead to may not be private, and nothing leaves here
YAML = """
poll: {interval: 1s, jitter: 0%}
confirm: {after: 0}
incidents: {gather: 0}
web: {listen: 127.0.0.1:8080}
sinks:
  pager: {type: file, path: /var/log/varta/pager.json}
"""
OWN = """
store: own.db
control: own.control
pages: [pages.txt]
sinks: {lines: {type: file, path: own.json}}
"""
URLS = "name: Ministry\nurl: http://ministry.example/\n---\nurl: http://agency.example/\n"
NGINX = """
daemon off; user root; worker_processes 1; pid /run/nginx.pid; error_log stderr;
events { worker_connections 64; }
http { access_log off; types { text/html html; } server { listen 80; root /srv/www; charset utf-8; } }
"""
RSYSLOG = """
module(load="imtcp") input(type="imtcp" address="127.0.0.1" port="601") action(type="omfile" file="/run/received")
"""


def section(text):
    found = re.search(r"^# EXAMPLES?\n(.*?)(?=^# |\Z)", text, re.S | re.M)
    return found[1] if found else ""


def examples(text):
    """The commands of a page: lines behind a tab, "++" between them, or fenced."""
    body = section(text)
    for block in re.findall(r"^```\n(.*?)^```", body, re.S | re.M):
        if "varta " in block:
            yield from block.strip().splitlines()
    body = re.sub(r"^```.*?^```\n", "", body, flags=re.S | re.M)
    for lines in re.findall(r"^\t((?:.*\+\+\n)*.*)", body, re.M):
        yield from lines.split("++\n")


@unittest.skipIf(SANITIZED, "a sanitizer's build traces itself, which the unit forbids")
class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.machine = installed()
        except Unbootable as why:
            raise unittest.SkipTest(f"no real systemd here: {why}") from why
        cls.addClassCleanup(cls.machine.close)
        cls.serve()
        cls.lay_out()
        cls.attack()

    @classmethod
    def serve(cls):
        write, run = cls.machine.write, cls.machine.run
        write("/etc/hosts", f"127.0.0.1 localhost log.example\n{PUBLIC} ministry.example agency.example\n")
        write("/srv/www/index.html", ministry())
        write("/etc/nginx-test.conf", NGINX)
        write("/etc/rsyslog-test.conf", RSYSLOG)
        run("ip", "address", "add", PUBLIC + "/32", "dev", "lo")
        run("systemd-run", "--unit=site", "nginx", "-c", "/etc/nginx-test.conf", "-e", "stderr")
        run("systemd-run", "--unit=collector", "rsyslogd", "-n", "-f", "/etc/rsyslog-test.conf", "-i", "/run/rsyslog-test.pid")

    @classmethod
    def lay_out(cls):
        """What the examples name: files that were saved, a list of another program, evidence from elsewhere."""
        write = cls.machine.write
        write("/root/lay/before.html", ministry())
        write("/root/lay/after.html", defaced())
        write("/root/lay/lines.txt", "Бійся і чекай найгіршого.\nBój się i czekaj na najgorsze.\n")
        for page in ("ministry", "agency"):
            for number in range(3):
                write(f"/root/lay/history/{page}/{number}.html", ministry(extra=f"<p>{number}</p>"))
        write("/root/lay/pairs.tsv", "before.html\tafter.html\tdefaced\n")
        write("/root/lay/pages.txt", PAGE + "\n")
        write("/root/lay/ministries.txt", "http://agency.example/\n")
        write("/root/lay/varta.yaml", OWN)
        write("/root/.config/urlwatch/urls.yaml", URLS)
        cls.machine.path("/root/lay/message.jpg").write_bytes((ROOT / "tests/pictures/baseline.jpg").read_bytes())
        for path in (ROOT / "tests/evidence/00000017").iterdir():
            place = cls.machine.path(f"/media/usb/evidence/00000017/{path.name}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())

    @classmethod
    def attack(cls):
        write, run = cls.machine.write, cls.machine.run
        write("/etc/varta/conf.d/test.yaml", YAML)
        write("/etc/varta/pages.txt", PAGE + "\n")
        run("systemctl", "restart", "varta")
        wait_until(lambda: re.search(r"looks +([3-9]|\d\d)", run("varta", "status", check=False)), 40, "two looks")
        write("/srv/www/index.html", defaced())
        wait_until(lambda: "confirmed" in run("varta", "incidents", check=False), 40, "the incident")
        wait_until(lambda: "confirmed.json" in run("varta", "evidence", "list", "-c", "/etc/varta/varta.yaml", check=False), 40, "the evidence")

    def bash(self, command, folder="/root"):
        done = self.machine.start("bash", "-c", f"export HOME=/root; cd {folder} && {command}")
        said = done.communicate(timeout=60)[0].decode(errors="replace")
        return done.returncode, said

    def play(self, name):
        commands = list(examples((MANUAL / name).read_text(encoding="utf-8")))
        self.assertTrue(commands, f"{name} has no examples")
        folder = f"/root/{name}"
        self.bash(f"cp -r lay {folder}; rm -f {folder}/pages.txt" if "import" in name else f"cp -r lay {folder}")
        if "evidence" in name:  # what was handed over
            self.bash("varta evidence list --sums /var/lib/varta/evidence >sums && cp -r /var/lib/varta/evidence/* .", folder)
        for command in commands:
            code, said = self.bash(command, folder)
            allowed = next((codes for words, codes in ANSWERS.items() if command.startswith(words)), (0,))
            self.assertIn(code, allowed if "||" not in command else (0,), f"{name}: {command}\n{said}")
        return commands

    def test_every_command_has_examples_that_run(self):
        pages = sorted(path.name for path in MANUAL.glob("varta*.[18].scd"))
        self.assertGreater(len(pages), 14)
        ran = [command for name in pages for command in self.play(name)]
        self.assertGreater(len(ran), 30)
        self.assertTrue(self.machine.path("/root/varta-export.1.scd/incident-1.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>"))
        self.assertTrue(self.machine.path("/root/varta-ocr.1.scd/seen.png").read_bytes().startswith(b"\x89PNG"))
        self.assertIn("defaced", self.machine.path("/run/received").read_text(errors="replace"), "the collector of varta-check(1)")
        self.assertTrue(self.machine.path("/var/backups/varta.db").exists())

    def test_the_operators_guide(self):
        self.assertGreater(console.play(self.machine, ROOT / "docs/OPERATING.md"), 12)

    def test_the_configuration_of_the_manual_is_one(self):
        text = (MANUAL / "varta.yaml.5.scd").read_text(encoding="utf-8")
        self.machine.write("/root/lay/manual.yaml", re.search(r"^```\n(.*?)^```", section(text), re.S | re.M)[1])
        code, said = self.bash("varta config check manual.yaml", "/root/lay")
        self.assertEqual(code, 0, said)

    def test_the_check_of_signatures_is_one(self):
        text = (MANUAL / "varta-notice.5.scd").read_text(encoding="utf-8")
        names = {}
        exec(re.search(r"^```\n(import hashlib.*?)^```", text, re.S | re.M)[1], names)
        key, body, now = b"key", b'{"kind":"test"}', str(int(time.time()))
        headers = {"X-Varta-Timestamp": now, "X-Varta-Signature": "sha256=" + hmac.new(key, now.encode() + b"." + body, hashlib.sha256).hexdigest()}
        self.assertTrue(names["is_genuine"](key, headers, body))
        self.assertFalse(names["is_genuine"](key, headers, body + b" "))
        self.assertFalse(names["is_genuine"](b"other", headers, body))


if __name__ == "__main__":
    outcome = unittest.main(verbosity=2, exit=False).result
    sys.exit(77 if outcome.skipped and outcome.wasSuccessful() else 0 if outcome.wasSuccessful() else 1)
