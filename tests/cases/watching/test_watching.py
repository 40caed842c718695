#!/usr/bin/env python3
"""The daemon against real servers: what it confirms, groups, tells once, survives."""
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, accepts, free_port, main, wait_until  # noqa: E402
from texts import MESSAGE, NEWS, defaced, ministry, redesigned  # noqa: E402
from watcher import WatchCase  # noqa: E402


def http(status, body, more=""):
    body = body.encode()
    return (f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n{more}"
            "Connection: close\r\n\r\n").encode() + body


def short():
    """One sentence in the place of everything."""
    return f"<html><body style='background:black;color:red'><p>{MESSAGE['uk']}</p></body></html>"


class Watching(WatchCase):
    # ---- one page ----

    def test_defaced_is_confirmed_told_acknowledged_and_over(self):
        port, _, lines = self.rsyslog()
        url = self.one_page(sinks=f"  siem: {{type: syslog, target: 'tcp:127.0.0.1:{port}'}}\n")
        self.assertEqual(self.ask("incidents"), [])
        self.page("index.html", defaced())
        notice = self.wait_told("incident-confirmed")[0]
        self.assertEqual(notice["severity"], "critical")
        self.assertEqual(notice["page"]["url"], url)
        self.assertEqual({one["language"] for one in notice["result"]["languages"]}, {"uk", "ru", "pl"})
        self.assertIn("is defaced: ", notice["summary"])
        incident = self.ask("incidents", code=1)[0]
        self.assertEqual((incident["url"], incident["state"], incident["verdict"]), (url, "confirmed", "defaced"))
        listed, _ = self.varta("incidents", "--control", self.control, code=1)
        self.assertIn(f" {incident['opened'][:16]}Z\n", listed)  # the hour is nobody's own: it says whose it is
        out, _ = self.varta("show", "--control", self.control, str(incident["id"]))
        for word in ("Why it was judged so", "The message", "Українець!", "Course of events", "suspected", "confirmed", "alert sent"):
            self.assertIn(word, out)
        self.assertTrue(all(len(line) <= 80 for line in out.splitlines()), out)
        out, _ = self.varta("ack", "--control", self.control, "998", str(incident["id"]), code=3)
        self.assertEqual(out, "acknowledged: 1 incident\n", "one that is unknown keeps nobody from the next")
        self.assertEqual(self.ask("incidents", code=1)[0]["state"], "acknowledged")
        self.varta("ack", "--control", self.control, "999", code=3)
        self.page("index.html", ministry())
        self.wait_told("incident-recovered")
        self.assertEqual(self.ask("incidents"), [])
        wait_until(lambda: lines.read_text().count("incident-recovered") >= 1, what="rsyslog")
        received = lines.read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(received), 2, received)
        self.assertIn("pri=daemon.crit app=varta msgid=incident-confirmed", received[0])
        self.assertIn(f'url="{url}"', received[0])
        self.assertEqual(self.stop(), 0)
        self.assertFalse(self.control.exists())
        self.assertEqual([one["kind"] for one in self.told()], ["incident-confirmed", "incident-recovered"])

    def test_edits_and_a_glitch_are_not_told(self):
        answers = {"defaced": 0, "count": 0, "news": 0}

        def answer(connection, request):
            answers["count"] += 1
            if answers["defaced"]:
                answers["defaced"] -= 1
                connection.sendall(http("200 OK", defaced()))
                return
            extra = f"<p>Повідомлення номер {answers['news']} про роботу приймальні громадян.</p>"
            connection.sendall(http("200 OK", ministry(extra=extra)))

        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        self.configure([url])
        self.watch()
        self.learnt([url])
        answers["news"] = 1
        before = answers["count"]
        wait_until(lambda: answers["count"] > before + 2, what="further looks")
        answers["defaced"] = 1
        wait_until(lambda: answers["defaced"] == 0, what="the glitch")
        before = answers["count"]
        wait_until(lambda: answers["count"] > before + 4, what="further looks")
        incidents = self.ask("incidents", "--all", code=0)
        self.assertEqual([one["state"] for one in incidents], ["dismissed"])
        self.assertEqual(self.told(), [])

    def test_shown_to_varta_only(self):
        state = {"bad": False}

        def answer(connection, request):
            bad = state["bad"] and b"Mozilla" not in request
            connection.sendall(http("200 OK", defaced() if bad else ministry()))

        self.cloaked(answer, state)

    def cloaked(self, answer, state):
        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        self.configure([url])
        self.watch()
        self.learnt([url])
        state["bad"] = True
        notice = self.wait_told("incident-confirmed")[0]
        self.assertTrue(notice["incident"].get("cloaked"), f"{self.words()}\n{self.course(notice)}")
        self.assertIn("not for every visitor", notice["summary"])

    def test_shown_to_varta_only_when_the_look_as_a_browser_failed(self):
        """A confirmation knows what a browser sees: it is asked once more."""
        state = {"bad": False, "refused": 0}

        def answer(connection, request):
            browser = b"Mozilla" in request
            if state["bad"] and browser and state["refused"] == 0:
                state["refused"] += 1
                return
            connection.sendall(http("200 OK", defaced() if state["bad"] and not browser else ministry()))

        self.cloaked(answer, state)
        self.assertEqual(state["refused"], 1)

    def vantage(self, port):
        """A proxy whose connections come from another address."""
        own = self.folder / "vantage"
        own.mkdir()
        listen = free_port()
        temporary = " ".join(f"{one}_temp_path {own}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (own / "nginx.conf").write_text(
            f"daemon off; pid {own}/pid; error_log {own}/error; events {{}} http {{ access_log {own}/access; {temporary}\n"
            f"server {{ listen 127.0.0.1:{listen}; location / {{ proxy_bind 127.0.0.77; proxy_pass http://127.0.0.1:{port}; }} }} }}")
        self.start("nginx", "-c", str(own / "nginx.conf"), "-e", str(own / "error"))
        wait_until(lambda: accepts(listen), what="the vantage")
        return f"http://127.0.0.1:{listen}"

    def test_a_page_that_shows_itself_to_some_addresses_only(self):
        """Ours is served the page as it was; the second vantage sees what the others see."""
        attacked = []

        def answer(connection, _):
            stranger = connection.getpeername()[0] != "127.0.0.1"
            connection.sendall(http("200 OK", defaced() if attacked and stranger else ministry()))
        port = self.odd_server(answer)
        url = f"http://127.0.0.1:{port}/"
        self.configure([url], f"incidents: {{gather: 0s}}\ngroups:\n  some: {{urls: ['{url}'], full_every: 1, proxy: '{self.vantage(port)}'}}")
        (self.folder / "pages.txt").write_text("# none\n")
        self.watch()
        self.learnt([url])
        attacked.append(True)
        notice = self.wait_told("incident-confirmed")[0]
        self.assertEqual(notice["result"]["verdict"], "defaced")

    def test_shown_to_browsers_only(self):
        state = {"bad": False}

        def answer(connection, request):
            bad = state["bad"] and b"Mozilla" in request
            connection.sendall(http("200 OK", defaced() if bad else ministry()))

        url = f"http://127.0.0.1:{self.odd_server(answer)}/"
        self.configure([url], more="incidents: {gather: 1s}\ngroups:\n  some: {urls: ['%s'], full_every: 2}" % url)
        (self.folder / "pages.txt").write_text("# none\n")
        self.watch()
        self.learnt([url])
        state["bad"] = True
        self.wait_told("incident-confirmed")

    def test_unchanged_pages_are_asked_conditionally_and_read_in_full_now_and_then(self):
        url = self.one_page(more="incidents: {gather: 2s}")
        log = self.folder / "access.log"
        wait_until(lambda: log.read_text().count('" 304 ') >= 12, 40, "answers that nothing changed")
        self.assertGreaterEqual(log.read_text().count('" 200 '), 3)
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.assertEqual(self.pages()[url]["verdict"], "defaced")

    def test_replaced_until_accepted(self):
        url = self.one_page()
        self.page("index.html", redesigned())
        self.assertEqual(self.wait_told("incident-confirmed")[0]["severity"], "warning")
        self.varta("accept", "--control", self.control, url)
        self.wait_told("incident-accepted")
        self.varta("accept", "--control", self.control, "http://127.0.0.1/nowhere", code=3)
        wait_until(lambda: self.pages()[url]["verdict"] == "unchanged", what="the new baseline")
        self.assertEqual(self.ask("incidents"), [])

    def test_picture_changed_under_the_same_page(self):
        """The page's bytes stay; only the picture it shows is another one."""
        samples = pathlib.Path(__file__).resolve().parents[3] / "samples/night/night"
        message = next(path for path in sorted(samples.rglob("*.png")) if path.stat().st_size > 20000)
        plain = next(path for path in sorted((samples.parent / "evening").rglob("*.png")))
        self.page("index.html", ministry(extra="<p><img src='banner.png' width=900 height=500></p>"))
        self.page("banner.png", plain.read_bytes())
        port = self.nginx("charset utf-8;")
        url = f"http://127.0.0.1:{port}/"
        (self.folder / "none.txt").write_text("")
        self.configure([])
        text = (self.folder / "varta.yaml").read_text().replace("pages: [pages.txt]",
                                                                "groups:\n  some: {urls: ['%s'], full_every: 2}" % url)
        (self.folder / "varta.yaml").write_text(text)
        self.watch()
        self.learnt([url])
        self.page("banner.png", message.read_bytes())
        wait_until(lambda: self.pages()[url]["score"] > 0.02 or self.told(), 60, "the picture's text")

    # ---- many pages ----

    def many(self, count, **more):
        for i in range(count):
            self.page(f"p{i}.html", ministry(news=NEWS[i % 3:] + NEWS[:i % 3], extra=f"<p>Відділ номер {i} працює щодня.</p>"))
        port = self.nginx("charset utf-8;")
        urls = [f"http://127.0.0.1:{port}/p{i}.html" for i in range(count)]
        self.configure(urls, **more)
        return urls

    def test_one_campaign_and_an_outage_told_apart(self):
        urls = self.many(8)
        down = [f"http://127.0.0.{i}:{free_port()}/" for i in range(2, 6)]
        servers = [subprocess.Popen([sys.executable, "-m", "http.server", "--bind", url[7:].split(":")[0],
                                     url[:-1].split(":")[2], "--directory", str(self.folder / "www")],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for url in down]
        self.processes += servers
        self.page("index.html", ministry())
        self.configure(urls + down)
        for url in down:  # a server that is slow to start is an outage of its own
            host, port = url[7:-1].split(":")
            wait_until(lambda: answers(host, int(port)), 20, f"the server at {host}")
        self.watch()
        self.learnt(urls + down)
        for i in range(7):
            self.page(f"p{i}.html", defaced())
        for server in servers:
            server.kill()
            server.wait()
            self.processes.remove(server)
        wait_until(lambda: len(self.told("campaign-opened")) >= 2, 40, "two campaigns")
        by_kind = {one["campaign"]["kind"]: one for one in self.told("campaign-opened")}
        self.assertEqual(by_kind["defacement"]["campaign"]["pages"], 7)
        self.assertEqual({one["url"] for one in by_kind["defacement"]["campaign"]["list"]}, set(urls[:7]))
        self.assertEqual(by_kind["defacement"]["severity"], "critical")
        self.assertEqual(by_kind["outage"]["severity"], "notice")
        self.assertEqual({one["url"] for one in by_kind["outage"]["campaign"]["list"]}, set(down))
        self.assertEqual(self.told("incident-confirmed"), [])
        self.varta("ack", "--control", self.control, f"c{by_kind['defacement']['campaign']['id']}")
        for i in range(7):
            self.page(f"p{i}.html", ministry(news=NEWS[i % 3:] + NEWS[:i % 3], extra=f"<p>Відділ номер {i} працює щодня.</p>"))
        over = self.wait_told("campaign-over")[0]
        self.assertEqual(over["campaign"]["id"], by_kind["defacement"]["campaign"]["id"])

    def test_everything_defaced_at_once_is_one_short_notice(self):
        urls = self.many(150)
        self.watch()
        self.learnt(urls)
        for i in range(150):
            self.page(f"p{i}.html", short())
        wait_until(lambda: sum(one["campaign"]["pages"] == 150 for one in self.told() if "campaign" in one) >= 1, 60,
                   "a campaign of all pages")
        self.assertLessEqual(len(self.told()), 6)
        self.assertTrue(all(len(line) <= 65536 for line in self.notices.read_bytes().splitlines()))

    # ---- reload, restart, kill ----

    def test_reload_takes_over_what_is_right_and_keeps_what_was(self):
        url = self.one_page()
        self.page("other.html", ministry())
        good = (self.folder / "varta.yaml").read_text()
        (self.folder / "varta.yaml").write_text(good.replace("interval: 1s", "intervall: 1s"))
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "the one from before stays" in self.words(), what="the refusal")
        self.assertIn("varta.yaml:3:8", self.words())
        self.assertIn("did you mean 'interval'", self.words())
        (self.folder / "varta.yaml").write_text(good)
        (self.folder / "pages.txt").write_text(f"{url}\n{url}other.html\n")
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "read again: 2 pages" in self.words(), what="the reload")
        self.learnt([url + "other.html"])
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: self.words().count("read again") == 2, what="the second reload")
        self.page("index.html", ministry())
        self.wait_told("incident-recovered")
        self.assertEqual(self.ask("status")[0]["pages"], 2)

    def test_killed_again_and_again_nothing_is_lost_or_doubled(self):
        urls = self.many(6)
        self.watch()
        self.learnt(urls)
        rounds = int(os.environ.get("VARTA_KILLS", "20"))
        for i in range(rounds):
            bad = i % 4 < 2
            for j in range(6):
                self.page(f"p{j}.html", defaced() if bad and j < 4 else ministry(news=NEWS[j % 3:] + NEWS[:j % 3], extra=f"<p>Відділ номер {j} працює щодня.</p>"))
            time.sleep(0.15 + (i * 37 % 100) / 60)
            self.stop(signal.SIGKILL)
            self.assertTrue(self.control.exists())
            self.watch()
        for j in range(6):
            self.page(f"p{j}.html", short())
        wait_until(lambda: {one["url"] for one in self.told_now()} >= set(urls), 40, "an incident for each page")
        ids = [one["id"] for one in self.told()]
        self.assertEqual(self.stop(), 0)
        self.assertEqual(sqlite3.connect(self.store).execute("PRAGMA integrity_check").fetchone(), ("ok",))
        waiting = sqlite3.connect(self.store).execute("SELECT count(*) FROM delivery WHERE done = 0").fetchone()[0]
        kept = {row[0] for row in sqlite3.connect(self.store).execute("SELECT notice FROM delivery WHERE done > 0")}
        self.assertLessEqual(kept, set(ids))
        self.assertEqual(waiting, 0)

    def told_now(self):
        done = subprocess.run([BUILD / "varta", "incidents", "--json", "--control", self.control], env=ENVIRONMENT,
                              capture_output=True, timeout=60)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def test_a_second_daemon_is_refused(self):
        self.one_page()
        done = subprocess.run([BUILD / "varta", "watch", "-c", self.folder / "varta.yaml"], env=ENVIRONMENT,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"another varta watch listens", done.stderr)
        other = self.folder / "other.yaml"
        other.write_text(f"store: {self.store}\ncontrol: {self.folder / 'elsewhere'}\n", encoding="utf-8")
        done = subprocess.run([BUILD / "varta", "watch", "-c", other], env=ENVIRONMENT, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"another varta watch keeps its store", done.stderr)
        self.assertEqual(self.ask("status")[0]["pages"], 1)

    # ---- what is around it fails ----

    def test_a_sink_that_comes_late_is_told_everything_in_order(self):
        port = free_port()
        url = self.one_page(sinks=f"  siem: {{type: syslog, target: 'tcp:127.0.0.1:{port}'}}\n")
        self.page("index.html", defaced())
        self.wait_told("incident-confirmed")
        self.page("index.html", ministry())
        self.wait_told("incident-recovered")
        wait_until(lambda: "sink siem takes nothing" in self.words(), what="the complaint")
        self.assertEqual(self.ask("status")[0]["to_be_told"], 2)
        self.stop()
        self.watch()
        received = self.collector(port)
        wait_until(lambda: received.exists() and received.read_text().count("\n") >= 2, 60, "the late messages")
        kinds = [line.split(" ")[5] for line in received.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(kinds, ["incident-confirmed", "incident-recovered"])
        self.assertIn(url, received.read_text(encoding="utf-8"))

    def collector(self, port):
        lines = self.folder / "late"
        (self.folder / "late.conf").write_text(
            f'global(workDirectory="{self.folder}") module(load="imtcp") input(type="imtcp" address="127.0.0.1" port="{port}")\n'
            f'template(name="raw" type="string" string="%rawmsg%\\n") action(type="omfile" file="{lines}" template="raw")')
        self.start("rsyslogd", "-n", "-f", str(self.folder / "late.conf"), "-i", str(self.folder / "late.pid"))
        wait_until(lambda: accepts_now(port), what="rsyslog")
        return lines

    def test_a_locked_store_holds_up_no_alert(self):
        self.one_page()
        lock = sqlite3.connect(self.store, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        self.page("index.html", defaced())
        notice = self.wait_told("incident-confirmed", seconds=60)[0]
        self.wait_told("self", seconds=60)
        self.assertIn("the store takes nothing", self.words())
        lock.execute("ROLLBACK")
        lock.close()
        wait_until(lambda: "the store takes what happens again" in self.words(), 60, "catching up")
        self.assertEqual([one["id"] for one in self.ask("incidents", code=1)], [notice["incident"]["id"]])
        self.stop()
        self.watch()
        self.assertEqual([one["id"] for one in self.ask("incidents", code=1)], [notice["incident"]["id"]])

    def test_requests_that_are_none(self):
        self.one_page()
        for request, word in ((b"hello\n", "one JSON object"), (b'{"command":"dance"}\n', "the commands are"), (b'{"command":"show"}\n', "no such incident"),
                              (b'{"command":"ack"}\n', "needs the id"), (b"\xff\x00\n", "one JSON object"), (b"[]\n", "one JSON object")):
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(str(self.control))
                peer.sendall(request)
                self.assertIn(word, peer.recv(4096).decode())
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(str(self.control))
            try:
                peer.sendall(b"x" * 300000)
                peer.settimeout(10)
                self.assertEqual(peer.recv(10), b"")
            except (BrokenPipeError, ConnectionResetError):
                pass
        self.assertEqual(self.ask("status")[0]["pages"], 1)

    def test_gc_and_backup_while_it_runs(self):
        self.one_page()
        out, _ = self.varta("gc", "--verify", "--dry-run", "-c", self.folder / "varta.yaml")
        self.assertTrue(out.startswith("would go: 0 incidents"), out)
        self.varta("gc", "-c", self.folder / "varta.yaml")
        copy = self.folder / "copy.db"
        self.varta("backup", "-c", self.folder / "varta.yaml", copy)
        self.varta("backup", "--store", self.store, copy, code=2)
        self.assertIn("unchanged", self.varta("pages", "--store", copy)[0])


def answers(host, port):
    with socket.socket() as one:
        return one.connect_ex((host, port)) == 0


def accepts_now(port):
    return answers("127.0.0.1", port)


if __name__ == "__main__":
    main()
