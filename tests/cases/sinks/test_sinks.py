#!/usr/bin/env python3
"""Notices as the sinks' other ends receive them: rsyslog over UDP, TCP and TLS, journald, a webhook, a mail server, a command pipe, a
file, a program; and what happens when they refuse, hang, lie, rotate or die."""
import email
import email.policy
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "exporting"))
import published  # noqa: E402
import scene  # noqa: E402
from scene import Case, accepts, free_port, main, wait_until  # noqa: E402
from peers import Authority, MailServer, Receiver, server_context  # noqa: E402

EVIL = 'a"]\\;|`$(x)\r\nBcc: x@y.example\n<26>1 - \x1b[2J\u202e\u2028\x85=?UTF-8?B?'


def incident(number=17, kind="incident-confirmed", **more):
    return {"id": f"v1-{number}-{kind}", "kind": kind, "at": "2022-01-14T02:13:05Z", "severity": "critical",
            "summary": "https://mfa.example/ is defaced: «Українець!»",
            "incident": {"id": number, "state": "confirmed", "verdict": "defaced", "opened": "2022-01-14T02:13:00Z"},
            "page": {"url": "https://mfa.example/", "name": "МЗС", "group": "ministries", "contact": "duty@mfa.example"},
            "result": {"verdict": "defaced", "score": 0.998, "languages": [{"language": "uk", "share": 0.36}],
                       "message": "Українець! Всі ваші дані знищено", "origin": "image"}, **more}


class Probe:
    """A courier with a configuration of its own."""

    def __init__(self, case, sinks, environment=None):
        self.case = case
        self.folder = case.folder / f"probe{len(case.processes)}"
        self.folder.mkdir()
        for name in (scene.BUILD / "varta-deliver", scene.BUILD / "tests/courier_probe"):
            shutil.copy2(name, self.folder)
        config = self.folder / "varta.yaml"
        config.write_text(json.dumps({"store": str(self.folder / "store.db"), "sinks": sinks}))
        self.errors = open(self.folder / "errors", "wb")
        self.process = subprocess.Popen([self.folder / "courier_probe", config], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, env={**scene.ENVIRONMENT, **(environment or {})})
        case.processes.append(self.process)
        case.addCleanup(self.close)
        self.case.assertEqual(self.process.stdout.readline(), b"ready\n", (self.folder / "errors").read_text())

    def close(self):
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            stream.close()

    def put(self, sink, notice):
        self.process.stdin.write(f"{sink} {json.dumps(notice)}\n".encode())
        self.process.stdin.flush()

    def answer(self):
        """(sink, name of the error or "0", detail) of the next delivery that ends."""
        sink, error, detail = self.process.stdout.readline().decode().rstrip("\n").split(" ", 2)
        return sink, error, detail

    def send(self, sink, notice, error="0"):
        self.put(sink, notice)
        answer = self.answer()
        self.case.assertEqual(answer[:2], (sink, error), answer)
        return answer[2]

    def helpers(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]


class Syslog(Case):
    def rsyslog_tls(self, authority, cert, key, mode="anon"):
        port, lines = free_port(), self.folder / "received"
        conf = self.folder / f"rsyslog{port}.conf"
        conf.write_text(
            f"""global(workDirectory="{self.folder}" DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="{authority.cert}"
                       DefaultNetstreamDriverCertFile="{cert}" DefaultNetstreamDriverKeyFile="{key}")
            module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="{mode}")
            input(type="imtcp" address="127.0.0.1" port="{port}")
            template(name="parts" type="string" string="%msgid% %structured-data% %msg%\\n")
            action(type="omfile" file="{lines}" template="parts")""")
        process = self.start("rsyslogd", "-n", "-f", str(conf), "-i", str(self.folder / f"rsyslog{port}.pid"))
        wait_until(lambda: accepts(port) or process.poll() is not None, what="rsyslog")
        if process.poll() is not None:
            self.skipTest("rsyslog cannot speak TLS here: is rsyslog-gnutls installed?")
        return port, lines, process

    def received(self, lines, count):
        wait_until(lambda: lines.exists() and lines.read_bytes().count(b"\n") >= count, what=f"{count} lines in {lines}")
        return lines.read_text(encoding="utf-8").splitlines()

    def test_plain_transports_carry_whole_notices(self):
        port, local, lines = self.rsyslog()
        probe = Probe(self, {"u": {"type": "syslog", "target": f"udp:127.0.0.1:{port}"}, "l": {"type": "syslog", "target": f"unix:{local}"},
                             "t": {"type": "syslog", "target": f"tcp:127.0.0.1:{port}", "facility": "local0"}})
        hostile = incident(summary=EVIL, page={"url": EVIL, "name": EVIL}, campaign={"id": 3, "pages": 23})
        for sink in "ult":
            probe.send(sink, hostile)
        found = self.received(lines, 3)
        self.assertEqual(len(found), 3)
        for line in found:
            self.assertIn("app=varta msgid=incident-confirmed", line)
            self.assertIn('notice="v1-17-incident-confirmed" kind="incident-confirmed" incident="17" campaign="3" pages="23"] ', line)
            self.assertNotRegex(line, "[\x1b\u202e\u2028\x85]|#0")
        self.assertEqual({line.split()[0] for line in found}, {"pri=daemon.crit", "pri=local0.crit"})

    def test_tls_delivers_to_the_right_host_only(self):
        authority, stranger = Authority(self.folder), Authority(self.folder, "stranger")
        good = authority.issue("good", "IP:127.0.0.1")
        port, lines, _ = self.rsyslog_tls(authority, *good)
        target = {"type": "syslog", "target": f"tls:127.0.0.1:{port}"}
        probe = Probe(self, {"good": {**target, "ca_file": str(authority.cert)}, "stranger": {**target, "ca_file": str(stranger.cert)},
                             "system": target, "name": {**target, "target": f"tls:localhost:{port}", "ca_file": str(authority.cert)}})
        for number in range(1, 6):
            probe.send("good", incident(number))
        self.assertEqual([line.split()[0] for line in self.received(lines, 5)], ["incident-confirmed"] * 5)
        for sink in ("stranger", "system", "name"):
            self.assertIn("the certificate is refused", probe.send(sink, incident(), "EKEYREJECTED"))
        self.assertIn("the certificate is refused: hostname mismatch", Probe(self, {"name": {
            **target, "target": f"tls:localhost:{port}", "ca_file": str(authority.cert)}}).send("name", incident(), "EKEYREJECTED"))
        self.assertEqual(len(self.received(lines, 5)), 5)

    def test_tls_refuses_an_expired_certificate(self):
        authority = Authority(self.folder)
        port, lines, _ = self.rsyslog_tls(authority, *authority.issue("old", "IP:127.0.0.1", days=-1))
        probe = Probe(self, {"s": {"type": "syslog", "target": f"tls:127.0.0.1:{port}", "ca_file": str(authority.cert)}})
        self.assertIn("certificate has expired", probe.send("s", incident(), "EKEYREJECTED"))
        self.assertFalse(lines.exists())

    def test_tls_with_a_certificate_of_our_own(self):
        authority = Authority(self.folder)
        port, lines, _ = self.rsyslog_tls(authority, *authority.issue("good", "IP:127.0.0.1"), mode="x509/certvalid")
        cert, key = authority.issue("client", "DNS:varta.example")
        target = {"type": "syslog", "target": f"tls:127.0.0.1:{port}", "ca_file": str(authority.cert)}
        probe = Probe(self, {"known": {**target, "cert_file": str(cert), "key_file": str(key)}, "unknown": target})
        probe.send("known", incident())
        self.assertEqual(len(self.received(lines, 1)), 1)
        probe.put("unknown", incident())
        self.assertNotEqual(probe.answer()[1], "0")

    def test_check_speaks_tls_too(self):
        authority = Authority(self.folder)
        port, lines, _ = self.rsyslog_tls(authority, *authority.issue("good", "IP:127.0.0.1"))
        target, dead = f"tls:127.0.0.1:{port}", f"http://127.0.0.1:{free_port()}/"
        _, err = self.varta("check", "--syslog", target, dead, code=3)
        self.assertIn("the certificate is refused", err)
        scene.ENVIRONMENT["SSL_CERT_FILE"] = str(authority.cert)
        self.addCleanup(scene.ENVIRONMENT.pop, "SSL_CERT_FILE")
        _, err = self.varta("check", "--syslog", target, dead, code=3)
        self.assertNotIn("delivered", err)
        line, = self.received(lines, 1)
        self.assertTrue(line.startswith(f'unavailable [varta@32473 verdict="unavailable" url="{dead}"'), line)

    def test_a_collector_that_came_back_is_found_again(self):
        authority = Authority(self.folder)
        cert, key = authority.issue("good", "IP:127.0.0.1")
        port, lines, process = self.rsyslog_tls(authority, cert, key)
        probe = Probe(self, {"s": {"type": "syslog", "target": f"tls:127.0.0.1:{port}", "ca_file": str(authority.cert)}})
        probe.send("s", incident(1))
        self.received(lines, 1)
        process.terminate()
        process.wait()
        probe.send("s", incident(2), "ECONNREFUSED")
        self.start("rsyslogd", "-n", "-f", str(self.folder / f"rsyslog{port}.conf"), "-i", str(self.folder / "again.pid"))
        wait_until(lambda: accepts(port), what="rsyslog")
        time.sleep(1.1)
        probe.send("s", incident(3))
        self.assertEqual(len(self.received(lines, 2)), 2)


class Journal(Case):
    def test_journald_shows_native_fields(self):
        probe = Probe(self, {"j": {"type": "journal"}})
        probe.process.stdin.close()
        probe.process.wait()
        (self.folder / "notice").write_text("j " + json.dumps(incident(summary=EVIL)) + "\n")
        script = f"""set -eu
            mount -t tmpfs none /run/systemd; mkdir -p /run/systemd/journal /run/log/journal; mount -t tmpfs none /run/log
            mkdir -p /run/log/journal/$(cat /etc/machine-id)
            [ ! -d /var/log/journal ] || mount -t tmpfs none /var/log/journal
            /lib/systemd/systemd-journald & journald=$!
            trap 'kill $journald; wait $journald || true' EXIT
            for i in $(seq 100); do [ -S /run/systemd/journal/socket ] && break; sleep 0.05; done
            cat {self.folder}/notice | {probe.folder}/courier_probe {probe.folder}/varta.yaml
            for i in $(seq 100); do journalctl -D /run/log/journal -o json SYSLOG_IDENTIFIER=varta >{self.folder}/entries || true
              [ ! -s {self.folder}/entries ] || break; sleep 0.05; done"""
        if not pathlib.Path("/lib/systemd/systemd-journald").exists() or not shutil.which("journalctl"):
            self.skipTest("journald is not installed")
        if os.getuid() != 0 or subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/run/log"], capture_output=True).returncode:
            self.skipTest("no private mounts here: journald cannot run alone")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60)
        self.assertIn("j 0", done.stdout, done.stderr)
        entries = [json.loads(line) for line in (self.folder / "entries").read_text().splitlines()]
        self.assertEqual(len(entries), 1, done.stderr)
        wanted = {"MESSAGE_ID": "7b0eb36f53764c51a78cbf9aebaa87cb", "PRIORITY": "2", "VARTA_URL": "https://mfa.example/", "VARTA_VERDICT": "defaced",
                  "VARTA_INCIDENT": "17", "VARTA_LANGUAGES": "uk:0.36", "VARTA_SCORE": "0.998", "VARTA_NAME": "МЗС", "VARTA_KIND": "incident-confirmed"}
        self.assertEqual({key: entries[0].get(key) for key in wanted}, wanted)
        self.assertTrue(entries[0]["MESSAGE"].startswith('a"]\\;|`$(x)  Bcc: x@y.example <26>1 -  [2J'), entries[0]["MESSAGE"])


class Webhook(Case):
    def setUp(self):
        super().setUp()
        self.key = self.folder / "key"
        self.key.write_bytes(b"s3cret of the hook\n")
        self.key.chmod(0o600)

    def hook(self, **more):
        self.receiver = Receiver(**{"key": b"s3cret of the hook", **more})
        self.addCleanup(self.receiver.close)
        return {"type": "webhook", "url": f"http://127.0.0.1:{self.receiver.port}/x", "secret_file": str(self.key), "timeout": "2s"}

    def test_body_and_signature(self):
        probe = Probe(self, {"w": self.hook()})
        notice = incident(summary=EVIL)
        probe.send("w", notice)
        headers, body = self.receiver.requests[0]
        self.assertEqual(json.loads(body), notice)
        self.assertEqual(headers["X-Varta-Id"], notice["id"])
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertLess(abs(int(headers["X-Varta-Timestamp"]) - time.time()), 60)
        self.assertNotRegex(body.decode(), "[\x00-\x1f\x7f-\x9f\u202e\u2028]")
        self.assertEqual(self.receiver.bad_signatures, 0)

    def test_only_2xx_is_success_and_the_next_one_works(self):
        probe = Probe(self, {"w": self.hook()})
        self.receiver.acts = [500, "redirect", 404, "hang", "reset", 201]
        detail = probe.send("w", incident(), "EREMOTEIO")
        self.assertIn("HTTP status 500: no", detail)
        self.assertNotRegex(detail, "[\x1b\u202e]")
        self.assertIn("HTTP status 302", probe.send("w", incident(), "EREMOTEIO"))
        self.assertIn("HTTP status 404", probe.send("w", incident(), "EREMOTEIO"))
        before = time.monotonic()
        probe.send("w", incident(), "ETIMEDOUT")
        self.assertLess(time.monotonic() - before, 5)
        probe.send("w", incident(), "ECONNRESET")
        probe.send("w", incident())
        self.assertEqual(len(self.receiver.requests), 6)
        self.assertEqual(self.receiver.bad_signatures, 0)

    def test_a_wrong_key_shows(self):
        probe = Probe(self, {"w": self.hook(key=b"another")})
        probe.send("w", incident())
        self.assertEqual(self.receiver.bad_signatures, 1)

    def test_a_hanging_sink_holds_up_no_other(self):
        sinks = {"w": self.hook(), "f": {"type": "file", "path": str(self.folder / "lines")}}
        probe = Probe(self, sinks)
        self.receiver.acts = ["hang"]
        probe.put("w", incident())
        for number in range(5):
            probe.put("f", incident(number + 1))
        self.assertEqual([probe.answer()[0] for _ in range(6)], ["f"] * 5 + ["w"])

    def test_https_checks_the_certificate(self):
        authority = Authority(self.folder)
        sink = self.hook(context=server_context(*authority.issue("good", "IP:127.0.0.1")))
        sink["url"] = sink["url"].replace("http:", "https:")
        probe = Probe(self, {"good": {**sink, "ca_file": str(authority.cert)}, "system": sink,
                             "name": {**sink, "url": sink["url"].replace("127.0.0.1", "localhost"), "ca_file": str(authority.cert)}})
        probe.send("good", incident())
        probe.send("system", incident(), "EKEYREJECTED")
        probe.send("name", incident(), "EKEYREJECTED")
        self.assertEqual(len(self.receiver.requests), 1)

    def test_secrets_come_from_credentials_and_stay_inside(self):
        credentials = self.folder / "credentials"
        credentials.mkdir(mode=0o700)
        shutil.move(self.key, credentials / "hook-key")
        sink = {**self.hook(), "secret_file": "hook-key"}
        probe = Probe(self, {"w": sink}, {"CREDENTIALS_DIRECTORY": str(credentials)})
        probe.send("w", incident())
        self.assertEqual(self.receiver.bad_signatures, 0)
        self.receiver.acts = [500]
        self.assertNotIn("s3cret", probe.send("w", incident(), "EREMOTEIO"))
        helper, = probe.helpers()
        for name in ("environ", "cmdline"):
            self.assertNotIn(b"s3cret", pathlib.Path(f"/proc/{helper}/{name}").read_bytes())
        if not scene.SANITIZED and os.getuid() == 0:
            status = pathlib.Path(f"/proc/{helper}/status").read_text()
            self.assertIn("Uid:\t65534", status)
            self.assertIn("Seccomp:\t2", status)

    def test_a_secret_that_is_gone_or_empty_is_told(self):
        for content, words in ((b"\n", "it is empty"), (b"x" * 2000, "too long"), (b"a\0b", "no text")):
            self.key.write_bytes(content)
            self.assertIn(words, Probe(self, {"w": self.hook()}).send("w", incident(), "E2BIG" if len(content) > 1000 else "EINVAL"))
        sink = self.hook()
        probe = Probe(self, {"w": sink})
        self.key.unlink()
        self.assertIn(f"the secret cannot be read from {self.key}: No such file", probe.send("w", incident(), "ENOENT"))
        self.key.write_text("s3cret of the hook")
        probe.send("w", incident())
        self.assertEqual(self.receiver.bad_signatures, 0)
        if not scene.SANITIZED:
            self.assertIn("Seccomp:\t2", pathlib.Path(f"/proc/{probe.helpers()[0]}/status").read_text())

    def test_a_killed_deliverer_is_started_again_and_knows_its_sink(self):
        probe = Probe(self, {"w": self.hook()})
        probe.send("w", incident(1))
        os.kill(probe.helpers()[0], signal.SIGKILL)
        wait_until(lambda: not probe.helpers(), what="the end of varta-deliver")
        probe.send("w", incident(2))
        self.receiver.acts = ["hang"]
        probe.put("w", incident(3))
        wait_until(lambda: len(self.receiver.requests) == 3, what="the third request")
        os.kill(probe.helpers()[0], signal.SIGKILL)
        self.assertEqual(probe.answer()[1], "EIO")
        probe.send("w", incident(4))
        self.assertEqual(self.receiver.bad_signatures, 0)

    def test_what_is_no_notice_is_sent_nowhere(self):
        probe = Probe(self, {"w": self.hook()})
        self.assertIn("the notice is refused", probe.send("w", {"id": "x"}, "EBADMSG"))
        self.assertEqual(self.receiver.requests, [])


class Mail(Case):
    def mail(self, server, **more):
        self.server = server
        self.addCleanup(server.close)
        return {"type": "mail", "url": f"smtp://127.0.0.1:{server.port}", "from": "varta@cert.example", "to": ["duty@cert.example"], **more}

    def parsed(self, index=-1):
        return email.message_from_bytes(self.server.mails[index][2], policy=email.policy.default)

    def content(self, index=-1):
        return self.parsed(index).get_content().replace("\r\n", "\n")

    def test_mails_of_an_incident_stand_together(self):
        probe = Probe(self, {"m": self.mail(MailServer(), to=["duty@cert.example", "b@cert.example"])})
        probe.send("m", incident())
        probe.send("m", incident(kind="incident-recovered"))
        sender, recipients, _, _ = self.server.mails[0]
        self.assertTrue(sender.startswith("MAIL FROM:<varta@cert.example>"))
        self.assertEqual(recipients, ["RCPT TO:<duty@cert.example>", "RCPT TO:<b@cert.example>"])
        first, second = self.parsed(0), self.parsed(1)
        self.assertEqual(first.defects + second.defects, [])
        self.assertEqual(first["Subject"], "[varta] defaced: МЗС")
        self.assertEqual(second["Subject"], "[varta] recovered: МЗС")
        self.assertEqual(first["References"], second["References"])
        self.assertNotEqual(first["Message-ID"], second["Message-ID"])
        self.assertEqual(first["Auto-Submitted"], "auto-generated")
        self.assertEqual(first["Date"].datetime.isoformat(), "2022-01-14T02:13:05+00:00")
        self.assertIn("Українець! Всі ваші дані знищено", self.content(0))
        self.assertIn("Score:      0.998", self.content(0))

    def test_hostile_text_adds_no_header_and_no_recipient(self):
        sink = self.mail(MailServer())
        del sink["to"]
        probe = Probe(self, {"m": sink})
        page = {"url": EVIL, "name": EVIL * 20, "group": EVIL, "contact": "duty@mfa.example, x@y\r\nBcc: z@w, +380 44"}
        probe.send("m", incident(summary=EVIL + "\r\n.\r\nMAIL FROM:<x@y>", page=page))
        self.assertEqual(len(self.server.mails), 1)
        self.assertEqual(self.server.mails[0][1], ["RCPT TO:<duty@mfa.example>"])
        parsed = self.parsed()
        self.assertEqual(parsed.defects, [])
        self.assertIsNone(parsed["Bcc"])
        self.assertNotRegex(parsed["Subject"], "[\x00-\x1f\u202e]")
        self.assertNotRegex(self.content(), "[\x1b\u202e\r]")

    def test_a_campaign_carries_its_list(self):
        pages = [{"url": f"https://site{i}.example/", "name": f"Сайт {i}", "verdict": "defaced", "at": "2022-01-14T02:13:05Z"} for i in range(40)]
        probe = Probe(self, {"m": self.mail(MailServer())})
        probe.send("m", {"id": "v1-c3", "kind": "campaign-grew", "at": "2022-01-14T02:20:00Z", "severity": "critical",
                         "summary": "60 pages of 9 ministries, first 02:13",
                         "campaign": {"id": 3, "pages": 60, "domains": 9, "first": "2022-01-14T02:13:00Z", "list": pages, "left_out": 20}})
        content = self.content()
        for page in pages:
            self.assertIn(f"defaced     {page['url']}  {page['name']}\n", content)
        self.assertIn("and 20 more", content)
        self.assertEqual(self.parsed()["Subject"], "[varta] campaign grew: 60 pages of 9 ministries, first 02:13")

    def test_a_password_is_told_over_checked_tls_only(self):
        authority = Authority(self.folder)
        context = server_context(*authority.issue("good", "IP:127.0.0.1"))
        secret = self.folder / "password"
        secret.write_text("pa ss\n")
        login = {"user": "varta", "secret_file": str(secret)}
        ca = {"ca_file": str(authority.cert)}
        sink = self.mail(MailServer(login=("varta", "pa ss"), context=context), **login)
        Probe(self, {"m": {**sink, **ca}}).send("m", incident())
        self.assertEqual(self.server.logins, [(True, "varta", "pa ss")])
        self.assertTrue(self.server.mails[0][3])
        Probe(self, {"m": sink}).send("m", incident(), "EKEYREJECTED")
        self.assertEqual(len(self.server.logins), 1)
        plain = self.mail(MailServer(login=("varta", "pa ss")), **login)
        Probe(self, {"m": plain}).send("m", incident(), "EKEYREJECTED")
        self.assertEqual(self.server.logins, [])
        secret.write_text("wrong")
        wrong = self.mail(MailServer(login=("varta", "pa ss"), context=context), **login, **ca)
        detail = Probe(self, {"m": wrong}).send("m", incident(), "EACCES")
        self.assertNotIn("wrong", detail)

    def test_smtps_and_refusals(self):
        authority = Authority(self.folder)
        context = server_context(*authority.issue("good", "IP:127.0.0.1"))
        sink = self.mail(MailServer(context=context, direct=True), ca_file=str(authority.cert))
        sink["url"] = sink["url"].replace("smtp:", "smtps:")
        Probe(self, {"m": sink}).send("m", incident())
        self.assertTrue(self.server.mails[0][3])
        probe = Probe(self, {"m": self.mail(MailServer())})
        self.server.refuse = "RCPT"
        detail = probe.send("m", incident(), "EREMOTEIO")
        self.assertIn("550  [31mnot here [0m", detail)
        self.server.refuse = None
        probe.send("m", incident())


class Formats(Case):
    """The notice in the forms of others: by what they demand (tests/schemas), and under the names that varta export gives."""

    def validate(self, form, document):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        jsonschema.Draft7Validator(json.loads((scene.ROOT / f"tests/schemas/{form}.json").read_text())).validate(document)
        self.assertEqual(published.faults(form, document), [])

    def test_each_form_is_what_it_is_called(self):
        forms = ("misp", "intelmq", "stix", "ecs")
        probe = Probe(self, {form: {"type": "file", "path": str(self.folder / form), "format": form} for form in (*forms, "cef")})
        campaign = {"id": "5eed0001-c3-opened-1", "kind": "campaign-opened", "at": "2022-01-14T02:20:00Z", "severity": "critical", "summary": "2 pages",
                    "campaign": {"id": 3, "pages": 2, "first": "2022-01-14T02:13:00Z", "list": [
                        {"url": "https://a.example:8443/x?y", "verdict": "defaced", "incident": 1}, {"url": "https://b.example/", "verdict": "defaced", "incident": 2}]}}
        test = {"id": "test-1", "kind": "test", "at": "2022-01-14T02:20:00Z", "severity": "info", "summary": "varta tries this way"}
        notices = [incident(), incident(kind="incident-recovered", summary=EVIL, page={"url": "https://mfa.example/" + EVIL, "name": EVIL}), campaign, test]
        for form in (*forms, "cef"):
            for notice in notices:
                probe.send(form, notice)
            lines = (self.folder / form).read_text(encoding="utf-8").splitlines()
            self.assertEqual(len(lines), len(notices), form)
            for line, notice in zip(lines, notices):
                self.assertNotRegex(line, "[\x00-\x1f\x7f-\x9f\u202e\u2028]")
                if form == "cef":
                    self.assertTrue(line.startswith("CEF:0|varta|varta|"), line)
                else:
                    self.validate(form, json.loads(line))
        pages = {one["value"] for one in json.loads((self.folder / "stix").read_text().splitlines()[2])["objects"] if one["type"] == "url"}
        self.assertEqual(pages, {"https://a.example:8443/x?y", "https://b.example/"})
        event = json.loads((self.folder / "intelmq").read_text().splitlines()[2])
        self.assertEqual((event["source.fqdn"], event["source.port"]), ("a.example", 8443))

    def test_what_varta_tells_of_itself_is_no_event_of_others(self):
        blind = {"id": "5eed0001-self-blind-1", "kind": "self", "at": "2022-01-14T02:20:00Z", "severity": "warning", "summary": "no page can be reached"}
        probe = Probe(self, {form: {"type": "file", "path": str(self.folder / form), "format": form} for form in ("misp", "cef")})
        probe.send("misp", blind)
        probe.send("cef", blind)
        self.assertFalse((self.folder / "misp").exists() and (self.folder / "misp").read_text())
        self.assertIn("|self|no page can be reached|", (self.folder / "cef").read_text())

    def test_the_sink_and_the_export_name_one_event_alike(self):
        path = self.folder / "misp"
        probe = Probe(self, {"m": {"type": "file", "path": str(path), "format": "misp"}})
        probe.send("m", {**incident(), "id": "5eed0001-i17-incident-confirmed-0"})
        out, _ = self.varta("export", "--as", "misp", "--evidence", scene.ROOT / "tests/evidence", "--control", self.folder / "none", "17")
        self.assertEqual(json.loads(path.read_text())["Event"]["uuid"], json.loads(out)["Event"]["uuid"])

    def test_a_campaign_is_one_event_however_often_it_is_told(self):
        forms = ("misp", "stix")
        probe = Probe(self, {form: {"type": "file", "path": str(self.folder / form), "format": form} for form in forms})
        pages = [{"url": f"https://{name}.example/", "verdict": "defaced", "incident": number, "state": "confirmed"} for number, name in enumerate("abc", 1)]
        told = [{"id": f"5eed0001-c3-{kind}-{count}", "kind": f"campaign-{kind}", "at": f"2022-01-14T02:2{count}:00Z", "severity": "critical", "summary": f"{count} pages",
                 "campaign": {"id": 3, "pages": 3, "first": "2022-01-14T02:13:00Z", "list": pages}} for count, kind in enumerate(("opened", "grew", "eased", "over"), 1)]
        told.append({**told[0], "id": "5eed0001-c4-opened-1", "campaign": {**told[0]["campaign"], "id": 4}})
        for form in forms:
            for notice in told:
                probe.send(form, notice)
            documents = [json.loads(line) for line in (self.folder / form).read_text(encoding="utf-8").splitlines()]
            for document in documents:
                self.validate(form, document)
            names = [one["Event"]["uuid"] if form == "misp" else one["id"] for one in documents]
            self.assertEqual((len(set(names[:4])), len(set(names))), (1, 2))
        stamps = [int(json.loads(line)["Event"]["timestamp"]) for line in (self.folder / "misp").read_text(encoding="utf-8").splitlines()[:4]]
        self.assertEqual(stamps, sorted(set(stamps)), "each is newer")

    def test_what_was_over_before_it_was_told_is_newer_than_its_beginning(self):
        probe = Probe(self, {"misp": {"type": "file", "path": str(self.folder / "misp"), "format": "misp"}})
        over = {"id": 17, "state": "recovered", "verdict": "defaced", "opened": "2022-01-14T02:13:00Z", "closed": "2022-01-14T02:13:05Z"}
        for notice in (incident(), incident(kind="incident-recovered", incident=over)):
            probe.send("misp", {**notice, "id": notice["id"].replace("v1", "5eed0001")})
        first, last = (json.loads(line)["Event"] for line in (self.folder / "misp").read_text(encoding="utf-8").splitlines())
        self.assertEqual(first["uuid"], last["uuid"])
        self.assertGreater(int(last["timestamp"]), int(first["timestamp"]))
        self.assertEqual((first["analysis"], last["analysis"]), ("1", "2"))

    def test_cef_over_syslog(self):
        port, _, lines = self.rsyslog()
        probe = Probe(self, {"s": {"type": "syslog", "target": f"tcp:127.0.0.1:{port}", "format": "cef"}})
        probe.send("s", incident(summary=EVIL))
        wait_until(lambda: lines.exists() and b"\n" in lines.read_bytes(), what="the line")
        line, = lines.read_text(encoding="utf-8").splitlines()
        self.assertIn("CEF:0|varta|varta|", line)
        self.assertIn(" request=https://mfa.example/ ", line)

    def test_webhook(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        probe = Probe(self, {"w": {"type": "webhook", "url": f"http://127.0.0.1:{receiver.port}/x", "format": "ecs"}})
        probe.send("w", incident())
        self.validate("ecs", json.loads(receiver.requests[0][1]))

    def test_syslog_takes_no_json(self):
        path = self.folder / "varta.yaml"
        path.write_text("pages: []\nsinks:\n  s: {type: syslog, format: misp}\n")
        self.assertIn("varta.yaml:3:21: format: syslog carries varta or cef", self.varta("config", "check", path, code=2)[1])


class Files(Case):
    def test_json_lines_survive_rotation(self):
        path = self.folder / "lines"
        probe = Probe(self, {"f": {"type": "file", "path": str(path)}})
        probe.send("f", incident(1, summary=EVIL))
        path.rename(self.folder / "lines.1")
        probe.send("f", incident(2))
        old, new = (self.folder / "lines.1").read_text(), path.read_text()
        self.assertEqual(json.loads(old)["summary"], EVIL)
        self.assertNotRegex(old[:-1], "[\x00-\x1f\x7f-\x9f\u202e\u2028]")
        self.assertEqual(json.loads(new)["id"], "v1-2-incident-confirmed")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        helper, = probe.helpers()
        if not scene.SANITIZED:
            self.assertIn("Seccomp:\t2", pathlib.Path(f"/proc/{helper}/status").read_text())

    def test_a_full_disk_tears_no_later_line(self):
        small = self.folder / "small"
        small.mkdir()
        if os.getuid() != 0 or not shutil.which("mount") or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", small], capture_output=True).returncode:
            self.skipTest("no small file system can be mounted here")
        try:
            probe = Probe(self, {"f": {"type": "file", "path": str(small / "lines")}})
            (small / "filler").write_bytes(b"x" * 12288)
            probe.send("f", incident(1, summary="x" * 6000), "ENOSPC")
            (small / "filler").unlink()
            probe.send("f", incident(2))
            lines = (small / "lines").read_text().splitlines()
        finally:
            subprocess.run(["umount", "-l", small], check=True)
        self.assertEqual(len(lines), 2)
        self.assertEqual(json.loads(lines[1])["id"], "v1-2-incident-confirmed")

    def test_nagios_pipe_and_file(self):
        pipe, path = self.folder / "nagios.cmd", self.folder / "results"
        os.mkfifo(pipe)
        probe = Probe(self, {"p": {"type": "nagios", "path": str(pipe)}, "f": {"type": "nagios", "path": str(path)}})
        self.assertIn("nobody reads the pipe", probe.send("p", incident(), "ENXIO"))
        lines = []
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        probe.send("p", incident(summary=EVIL))
        probe.send("p", incident(kind="incident-recovered", result={"verdict": "unchanged"}, severity="notice"))
        lines = os.read(reader, 65536).decode().splitlines()
        os.close(reader)
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith("[1642126385] PROCESS_SERVICE_CHECK_RESULT;mfa.example;МЗС;2;a’"), lines[0])
        self.assertEqual(lines[0].count(";"), 4)
        self.assertNotRegex(lines[0], r"[|\\`$&'\"<>\x1b]")
        self.assertTrue(lines[1].startswith("[1642126385] PROCESS_SERVICE_CHECK_RESULT;mfa.example;МЗС;0;"), lines[1])
        self.assertIn("nobody reads the pipe", probe.send("p", incident(), "ENXIO"))
        probe.send("f", incident())
        self.assertEqual(path.read_text().count("\n"), 1)

    def test_a_folder_that_is_not_there_is_told(self):
        probe = Probe(self, {"f": {"type": "file", "path": str(self.folder / "no" / "lines")}})
        self.assertIn("cannot be used", probe.send("f", incident(), "ENOENT"))


class Command(Case):
    def config(self, sinks):
        path = self.folder / "varta.yaml"
        path.write_text(json.dumps({"store": str(self.store), "sinks": sinks}))
        return path

    def test_alert_test_tells_sink_by_sink(self):
        lines, got = self.folder / "lines", self.folder / "got"
        config = self.config({"lines": {"type": "file", "path": str(lines)}, "dead": {"type": "syslog", "target": f"tcp:127.0.0.1:{free_port()}"},
                              "hook": {"type": "exec", "command": ["/bin/sh", "-c", f"cat >{got}; env >>{got}"]},
                              "bad": {"type": "exec", "command": ["/bin/sh", "-c", "printf 'no \\033[2Jway'; exit 4"]}})
        out, _ = self.varta("alert", "test", "-c", config, code=3)
        self.assertEqual(out.splitlines(), ["lines (file): OK", "dead (syslog): Connection refused", "hook (exec): OK",
                                            "bad (exec): exit code 4: no  [2Jway"])
        self.assertEqual(json.loads(lines.read_text())["kind"], "test")
        self.assertIn("VARTA_KIND=test", got.read_text())
        out, _ = self.varta("alert", "test", "-c", config, "lines", "hook")
        self.assertEqual(out.splitlines(), ["lines (file): OK", "hook (exec): OK"])
        out, _ = self.varta("alert", "test", "--json", "-c", config, "dead", code=3)
        self.assertEqual(json.loads(out), {"sink": "dead", "type": "syslog", "ok": False, "error": "Connection refused"})
        out, _ = self.varta("alert", "test", "-q", "-c", config, "lines")
        self.assertEqual(out, "")

    def test_wrong_usage(self):
        config = self.config({})
        self.assertIn("varta alert test", self.varta("alert", code=2)[1])
        self.assertIn("varta alert test", self.varta("alert", "ring", code=2)[1])
        self.assertIn("names no sink", self.varta("alert", "test", "-c", config, code=2)[1])
        self.assertIn("nonexistent", self.varta("alert", "test", "-c", "/nonexistent.yaml", code=2)[1])
        config = self.config({"a": {"type": "journal"}})
        self.assertIn("names no sink 'b'", self.varta("alert", "test", "-c", config, "b", code=2)[1])


if __name__ == "__main__":
    main()
