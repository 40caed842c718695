#!/usr/bin/env python3
"""varta as a service of a real systemd: installed, started, watched over, reloaded, killed, stopped. One machine is booted for
all of it, and the tests are one story, told in the order of their numbers. Exit code 77, and why, where none can be booted."""
import hashlib
import hmac
import json
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from machine import Machine, Unbootable  # noqa: E402
from scene import BUILD, ROOT, SANITIZED, wait_until  # noqa: E402
from texts import defaced, ministry  # noqa: E402

UNIT = "varta.service"
CONFIRMED = "7b0eb36f53764c51a78cbf9aebaa87cb"  # MESSAGE_IDs are part of the contract
SITE, HOOK = 8080, 8081  # a network of its own: every port is free
PAGES = ["calm", "first", "poster", "stopped", "killed"]
POSTER = ROOT / "samples/night/night/osvita.uriad.localhost/1.png"
SECRET = "correct horse battery staple"
GIB = 1 << 30

CONFIG = """
poll: {interval: 1s, jitter: 0%, full_every: 1}
confirm: {after: 0}
incidents: {gather: 0, recover_looks: 1, campaign_window: 0}
sinks:
  log: {type: journal}
  hook: {type: webhook, url: "http://127.0.0.1:8081/", secret_file: webhook-key}
  file: {type: file, path: /var/log/varta/notices.json}
  program: {type: exec, command: [/usr/bin/tee, /var/lib/varta/hook]}
pages: [pages.txt]
"""

DROP_IN = """
[Service]
WatchdogSec=6s
RestartSec=100ms
LoadCredential=webhook-key:/etc/varta/credentials/webhook-key
"""

NGINX = """
daemon off; user root; worker_processes 1; pid /run/nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{ access_log off; types {{ text/html html; image/png png; }} server {{ listen 127.0.0.1:{port}; root /srv/www; charset utf-8; }} }}
"""


SLOW = 40  # seconds for what takes one or two on a machine that does nothing else


def url(page):
    return f"http://127.0.0.1:{SITE}/{page}.html"


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if SANITIZED:
            raise unittest.SkipTest("a sanitizer's build traces itself, which the unit forbids")
        try:
            cls.machine = Machine(BUILD)
        except Unbootable as why:
            raise unittest.SkipTest(f"no real systemd here: {why}") from why
        cls.addClassCleanup(cls.machine.close)
        cls.run_inside = cls.machine.run
        cls.run_inside("systemd-sysusers")
        cls.run_inside("systemd-tmpfiles", "--create", "--prefix=/etc/varta")
        cls.serve()
        cls.configure()
        cls.run_inside("systemctl", "daemon-reload")
        cls.run_inside("systemctl", "start", UNIT)

    @classmethod
    def serve(cls):
        for page in PAGES:
            cls.machine.write(f"/srv/www/{page}.html", ministry(extra=f"<p>{page}</p>"))
        cls.machine.write("/etc/varta-test/nginx.conf", NGINX.format(port=SITE))
        cls.machine.write("/etc/varta-test/hook_server.py", pathlib.Path(__file__).with_name("hook_server.py").read_text())
        cls.run_inside("systemd-run", "--unit=site", "nginx", "-c", "/etc/varta-test/nginx.conf", "-e", "stderr")
        cls.run_inside("systemd-run", "--unit=hook", "python3", "/etc/varta-test/hook_server.py", HOOK, "/run/hooks")

    @classmethod
    def configure(cls):
        cls.machine.write("/etc/varta/varta.yaml", CONFIG)
        cls.machine.write("/etc/varta/pages.txt", "".join(url(page) + "\n" for page in PAGES))
        cls.machine.write("/etc/varta/credentials/webhook-key", SECRET + "\n", mode=0o600)
        cls.machine.write(f"/etc/systemd/system/{UNIT}.d/test.conf", DROP_IN)

    # ---- what the manager, the journal and varta say

    def show(self, name):
        return self.run_inside("systemctl", "show", "-P", name, UNIT).strip()

    def journal(self, *match):
        lines = self.run_inside("journalctl", "-o", "json", "--all", *match, check=False).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def told(self, page):
        return self.journal(f"VARTA_URL={url(page)}")

    def said(self, text):
        return [entry for entry in self.journal(f"_SYSTEMD_UNIT={UNIT}") if text in str(entry["MESSAGE"])]

    def incidents(self):
        said = self.run_inside("varta", "incidents", "--json", check=False)
        return {one["url"]: one for one in map(json.loads, (line for line in said.splitlines() if line.startswith("{")))}

    def wait_learnt(self, page):
        def learnt():
            said = self.run_inside("varta", "pages", "--store", "/var/lib/varta/varta.db", "--json", check=False)
            return any(url(page) in line and '"baseline":{' in line.replace(" ", "") for line in said.splitlines())
        wait_until(learnt, SLOW, f"the baseline of {page}")

    def deface(self, page):
        self.machine.write(f"/srv/www/{page}.html", defaced() + f"<!-- {page} -->")

    def wait_active(self):
        wait_until(lambda: self.show("ActiveState") == "active", SLOW, "a running varta")

    def wait_restarted(self, pid):
        wait_until(lambda: self.show("MainPID") not in ("0", pid) and self.show("ActiveState") == "active", SLOW,
                   "another varta in its place")

    # ---- started

    def test_1_started_is_ready_as_its_own_user(self):
        self.assertEqual([self.show(name) for name in ("ActiveState", "SubState", "Type")], ["active", "running", "notify"])
        self.assertRegex(self.show("StatusText"), r"^(watching 5 pages, telling 4 sinks|5 pages, )")
        user = self.run_inside("id", "-u", "varta").strip()
        processes = self.run_inside("ps", "-o", "uid=,comm=", "--ppid", self.show("MainPID"), "-p", self.show("MainPID")).split("\n")
        self.assertEqual({line.split()[0] for line in processes if line.strip()}, {user})
        modes = self.run_inside("stat", "-c", "%a %U %n", "/var/lib/varta", "/run/varta", "/run/varta/control", "/var/log/varta")
        self.assertEqual(modes.split("\n")[:4], ["700 varta /var/lib/varta", "750 varta /run/varta", "660 varta /run/varta/control",
                                                 "750 varta /var/log/varta"])

    def test_1_levels_reach_the_journal(self):
        self.assertEqual({entry["PRIORITY"] for entry in self.said("watching 5 pages")}, {"6"})

    def test_2_no_cage_is_missing(self):
        for word in ("without", "stays the same user", "could not be started", "was ended by signal"):
            self.assertEqual(self.said(word), [])

    def test_1_limits_act(self):
        self.assertEqual(self.show("MemoryMax"), str(3 * GIB))
        self.assertEqual(self.show("TasksMax"), "512")
        group = f"/system.slice/{UNIT}"
        files = [self.machine.path(f"/sys/fs/cgroup/{name}") for name in (
            f"memory{group}/memory.limit_in_bytes", f"{group}/memory.max")]
        self.assertEqual([file.read_text().strip() for file in files if file.exists()], [str(3 * GIB)])

    def test_1_verify_and_security(self):
        units = "/usr/local/lib/systemd/system"
        said = self.run_inside("systemd-analyze", "verify", "--man=no", *(
            f"{units}/{name}" for name in (UNIT, "varta-check.service", "varta-check.timer")))
        self.assertNotIn("varta", said)
        for name in (UNIT, "varta-check.service"):
            said = self.run_inside("systemd-analyze", "security", "--offline=true", f"{units}/{name}")
            exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", said)[1])
            self.assertLessEqual(exposure, 1.5)

    # ---- told

    def test_2_defaced_page_reaches_every_sink(self):
        self.wait_learnt("first")
        self.deface("first")
        wait_until(lambda: self.told("first"), SLOW, "a line in the journal")
        entries = self.journal(f"VARTA_URL={url('first')}", f"MESSAGE_ID={CONFIRMED}")
        self.assertEqual(len(entries), 1)
        entry = entries[0]
        self.assertEqual((entry["VARTA_VERDICT"], entry["VARTA_KIND"], entry["PRIORITY"], entry["SYSLOG_IDENTIFIER"]),
                         ("defaced", "incident-confirmed", "2", "varta"))
        self.assertEqual(entry["_SYSTEMD_UNIT"], UNIT)
        self.assertIn("is defaced", entry["MESSAGE"])
        self.check_hook(entry["VARTA_NOTICE_ID"])
        for path in ("/var/log/varta/notices.json", "/var/lib/varta/hook"):
            place = self.machine.path(path)
            wait_until(lambda: place.exists() and entry["VARTA_NOTICE_ID"] in place.read_text(), what=path)

    def check_hook(self, notice):
        place = self.machine.path("/run/hooks")
        wait_until(lambda: place.exists() and notice in place.read_text(), what="the webhook")
        hook = next(one for one in map(json.loads, place.read_text().splitlines()) if notice in one["body"])
        signed = f"{hook['headers']['X-Varta-Timestamp']}.{hook['body']}".encode()
        digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        self.assertEqual(hook["headers"]["X-Varta-Signature"], f"sha256={digest}")

    def test_2_message_in_a_picture_is_read(self):
        self.wait_learnt("poster")
        self.machine.path("/srv/www/poster.png").write_bytes(POSTER.read_bytes())
        self.machine.write("/srv/www/poster.html", "<html><body><img src='poster.png'></body></html>")
        wait_until(lambda: self.told("poster"), SLOW, "a line in the journal")
        entry = self.told("poster")[0]
        self.assertEqual((entry["VARTA_VERDICT"], entry["VARTA_ORIGIN"]), ("defaced", "image"))

    def test_2_members_of_the_group_acknowledge_by_name(self):
        number = str(self.incidents()[url("first")]["id"])
        user = ["setpriv", "--reuid", "games", "--regid", "games"]
        said = self.run_inside(*user, "--clear-groups", "varta", "ack", number, check=False)
        self.assertIn("you may not talk to the daemon", said)
        self.run_inside(*user, "--groups", "varta", "varta", "ack", number)
        wait_until(lambda: self.incidents()[url("first")].get("acknowledged_by") == "games", what="games' name")

    # ---- reloaded

    def test_3_reload_takes_over_a_new_list(self):
        pid = self.show("MainPID")
        self.machine.write("/srv/www/new.html", ministry(extra="<p>new</p>"))
        self.machine.write("/etc/varta/pages.txt", "".join(url(page) + "\n" for page in [*PAGES, "new"]))
        self.run_inside("systemctl", "reload", UNIT)
        wait_until(lambda: self.said("was read again: 6 pages, 4 sinks"), what="the new configuration")
        self.wait_active()
        self.assertIn("6 pages", self.show("StatusText"))
        self.assertEqual(self.show("MainPID"), pid)

    def test_4_broken_file_keeps_the_old_configuration(self):
        pid = self.show("MainPID")
        self.machine.write("/etc/varta/varta.yaml", CONFIG.replace("interval", "intervall"))
        self.addCleanup(self.machine.write, "/etc/varta/varta.yaml", CONFIG)
        said = self.run_inside("systemctl", "reload", UNIT, check=False)
        self.assertIn("failed", said.lower())
        wait_until(lambda: self.said("varta.yaml:2:8"), what="file, line and column")
        self.assertEqual(self.said("not taken over"), [])
        self.run_inside("systemctl", "kill", "-s", "HUP", "--kill-whom=main", UNIT)  # past the check
        wait_until(lambda: self.said("was not taken over: the one from before stays"), what="the refusal")
        self.assertEqual({entry["PRIORITY"] for entry in self.said("not taken over")}, {"4"})
        self.wait_active()
        self.assertEqual(self.show("MainPID"), pid)
        self.assertRegex(self.run_inside("varta", "status"), r"pages +6\n")

    # ---- killed

    def test_5_killed_comes_back_and_loses_nothing(self):
        self.wait_learnt("killed")
        before = self.incidents()
        self.assertIn(url("first"), before)
        pid = self.show("MainPID")
        self.deface("killed")
        wait_until(lambda: url("killed") in self.incidents(), what="an incident")
        self.run_inside("systemctl", "kill", "-s", "KILL", "--kill-whom=main", UNIT)
        self.wait_restarted(pid)
        wait_until(lambda: self.journal(f"VARTA_URL={url('killed')}", f"MESSAGE_ID={CONFIRMED}"), SLOW, "the line in the journal")
        after = self.incidents()
        self.assertEqual(after[url("first")]["id"], before[url("first")]["id"])
        self.assert_told_once("first")
        self.assert_told_once("killed")

    def test_6_hung_is_killed_by_the_watchdog(self):
        pid, before, restarts = self.show("MainPID"), self.incidents(), int(self.show("NRestarts"))
        self.assertTrue(before)
        self.run_inside("kill", "-STOP", pid)
        self.wait_restarted(pid)
        self.assertEqual(int(self.show("NRestarts")), restarts + 1)
        self.assertTrue(self.journal("UNIT=" + UNIT, "-g", "Watchdog timeout"))
        self.assertFalse(self.run_inside("ps", "-o", "pid=", "--ppid", pid, check=False).strip())
        self.assertEqual(before.keys(), self.incidents().keys())
        self.assert_told_once("first")

    def assert_told_once(self, page):
        entries = self.journal(f"VARTA_URL={url(page)}", f"MESSAGE_ID={CONFIRMED}")
        self.assertEqual(len({entry["VARTA_NOTICE_ID"] for entry in entries}), 1, entries)

    # ---- stopped

    def test_7_stop_is_clean_and_nothing_is_forgotten(self):
        before = self.incidents()
        begun = time.monotonic()
        self.run_inside("systemctl", "stop", UNIT)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual([self.show(name) for name in ("ActiveState", "Result", "ExecMainStatus")], ["inactive", "success", "0"])
        self.assertTrue(self.said("stopping: "))
        self.assertEqual(self.said("was ended by signal"), [])
        self.assertFalse(self.machine.path("/run/varta/control").exists())
        self.deface("stopped")
        self.run_inside("systemctl", "start", UNIT)
        wait_until(lambda: self.told("stopped"), SLOW, "what happened meanwhile")
        self.assertEqual({address: one["id"] for address, one in self.incidents().items() if address in before},
                         {address: one["id"] for address, one in before.items()})

    def test_8_a_configuration_that_cannot_be_used_is_not_tried_again(self):
        self.run_inside("systemctl", "stop", UNIT)
        self.machine.write("/etc/varta/varta.yaml", "nonsense\n")
        self.addCleanup(self.machine.write, "/etc/varta/varta.yaml", CONFIG)
        self.run_inside("systemctl", "start", UNIT, check=False)
        self.assertEqual([self.show(name) for name in ("ActiveState", "Result", "ExecMainStatus")], ["failed", "exit-code", "2"])

    # ---- the timer

    def test_9_timer_checks_a_list(self):
        self.machine.write("/etc/varta/check.txt", url("calm") + "\n")
        self.run_inside("systemctl", "start", "varta-check.service")
        self.deface("calm")
        self.run_inside("systemctl", "start", "varta-check.service")
        self.assertEqual(self.run_inside("systemctl", "show", "-P", "Result", "varta-check.service").strip(), "success")
        self.assertEqual(len([entry for entry in self.journal() if f"{url('calm')} is defaced" in str(entry["MESSAGE"])]), 1)
        self.run_inside("systemctl", "start", "varta-check.timer")
        self.assertIn("varta-check.timer", self.run_inside("systemctl", "list-timers", "--no-pager"))


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(77 if result.skipped and result.testsRun == 0 else not result.wasSuccessful())
