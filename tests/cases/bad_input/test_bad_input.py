#!/usr/bin/env python3
"""Bad input: each gets a clear message that says what and what to do; the other pages are still checked; nothing dies."""
import contextlib
import pathlib
import socket
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, SANITIZED, Case, free_port, main  # noqa: E402
from texts import ministry  # noqa: E402


class BadInput(Case):
    def setUp(self):
        super().setUp()
        self.page("index.html", ministry())
        self.port = self.nginx("charset utf-8;")
        self.good = f"http://127.0.0.1:{self.port}/"

    def odd(self, answer):
        return f"http://127.0.0.1:{self.odd_server(answer)}/"

    def check_beside(self, url, code):
        """Checks `url` with a good page beside it, which must be judged all the same."""
        results, err = self.check(url, self.good, "--timeout", "5", code=code)
        self.assertEqual(results[self.good]["verdict"], "new")
        return results[url], err

    # ---- the command line and its files

    def test_missing_list(self):
        _, err = self.varta("check", "-f", self.folder / "no-such.txt", code=2)
        self.assertIn("no-such.txt: No such file or directory", err)
        _, err = self.varta("check", "-f", self.folder, code=2)
        self.assertIn("Is a directory", err)

    def test_unreadable_line_has_its_number(self):
        path = self.folder / "pages.txt"
        path.write_text(f"{self.good}\nftp://a.example/\nhttps://b.example/ colour=red\n", encoding="utf-8")
        results, err = self.check("-f", path, code=2)
        self.assertEqual(list(results), [self.good])
        self.assertIn("pages.txt:2: 'ftp://a.example/' cannot be watched: only http:// and https://", err)
        self.assertIn("pages.txt:3: 'colour=red' is no option", err)

    def test_several_lists(self):
        for name in ("a", "b"):
            (self.folder / name).write_text(f"{self.good}?{name}\n", encoding="utf-8")
        results, _ = self.check("-f", self.folder / "a", "-f", self.folder / "b")
        self.assertEqual(set(results), {self.good + "?a", self.good + "?b"})

    def test_empty_list(self):
        path = self.folder / "empty.txt"
        path.write_text("# nothing yet\n", encoding="utf-8")
        _, err = self.varta("check", "-f", path, code=2)
        self.assertIn("there is no page to check", err)

    def test_unknown_options_and_values(self):
        for arguments, words in [
            (("--colour",), "there is no option --colour"), (("-x",), "there is no option -x"), (("--store",), "--store needs a value"),
            (("--timeout", "soon"), "--timeout takes a whole number"), (("--parallel", "0"), "--parallel takes a whole number"),
            (("--sandbox", "none"), "--sandbox takes strict"), (("--learn",), "--learn needs --store"), (("--json=1",), "takes no value"),
        ]:
            _, err = self.varta("check", *arguments, *([self.good] if arguments != ("--store",) else []), code=2)
            self.assertIn(words, err)
            self.assertIn("varta check --help", err)
        _, err = self.varta("chekc", code=2)
        self.assertIn("there is no command 'chekc'", err)
        self.varta(code=2)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BUILD / "varta", "check", "--json", self.good], env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"standard output could not be written", done.stderr)

    # ---- the store

    def test_store_of_a_newer_version(self):
        self.check("--store", self.store, "--learn", self.good)
        with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as db:
            db.execute("PRAGMA user_version=1000")
        before = self.store.read_bytes()
        _, err = self.varta("check", "--store", self.store, self.good, code=2)
        self.assertIn("newer varta", err)
        self.assertEqual(self.store.read_bytes(), before)

    def test_corrupt_store(self):
        self.store.write_bytes(b"\x00damage" * 5000)
        before = self.store.read_bytes()
        for command in (("check", "--store", self.store, self.good), ("pages", "--store", self.store), ("accept", "--store", self.store, self.good)):
            _, err = self.varta(*command, code=2)
            self.assertIn("damaged or no store of varta", err)
            self.assertIn("move it aside", err)
        self.assertEqual(self.store.read_bytes(), before)

    def test_damaged_baseline_costs_one_page_its_baseline(self):
        self.check("--store", self.store, "--learn", self.good)
        with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as db:
            db.execute("VACUUM")
        for size, words in ((100, "is damaged"), (17000000, "is too large")):
            with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as db:
                db.execute("UPDATE baseline SET packed = zeroblob(?)", (size,))
                db.execute("DELETE FROM known")  # the same bytes as before would not be read again
            results, err = self.check("--store", self.store, "--learn", self.good, code=3)
            self.assertEqual(results[self.good]["verdict"], "new")
            self.assertIn(words + ": it is judged without one", err)
            out, _ = self.varta("check", "--nagios", "--store", self.store, self.good, code=3)
            self.assertTrue(out.startswith("VARTA UNKNOWN"), out)

    def test_store_that_cannot_be_made(self):
        _, err = self.varta("check", "--store", self.folder / "no" / "store.db", self.good, code=2)
        self.assertIn("cannot open the store", err)
        _, err = self.varta("pages", "--store", self.folder / "none.db", code=2)
        self.assertIn("none.db", err)
        self.assertFalse((self.folder / "none.db").exists())

    def test_locked_store(self):
        self.check("--store", self.store, "--learn", self.good, self.good + "?2", self.good + "?3")
        with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            results, err = self.check("--store", self.store, self.good, self.good + "?2", self.good + "?3", code=3)
        self.assertEqual({result["verdict"] for result in results.values()}, {"unchanged"})
        self.assertIn("a result could not be kept: database is locked", err)

    # ---- servers

    def test_dead_server_and_unknown_host(self):
        dead = f"http://127.0.0.1:{free_port()}/"
        result, _ = self.check_beside(dead, 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "refused"))
        result, _ = self.check_beside("http://no-such-host.invalid/", 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "not-resolved"))

    def test_silent_server(self):
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.recv(1)), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "timeout"))

    def test_hangs_up_and_speaks_no_http(self):
        result, _ = self.check_beside(self.odd(lambda connection, _: None), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "reset"))
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n" * 20)), 3)
        self.assertEqual(result["verdict"], "unavailable")

    def test_empty_body(self):
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n")), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "empty"))

    def test_body_of_200_megabytes(self):
        def answer(connection, _):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 209715200\r\n\r\n")
            connection.sendall(ministry().encode())
            for _ in range(200):
                connection.sendall(b"<p>" + b"x " * (1 << 19) + b"</p>")
        result, _ = self.check_beside(self.odd(answer), 0)
        self.assertEqual(result["verdict"], "new")
        self.assertTrue(any("cut after 5242880 bytes" in note for note in result["notes"]), result)

    def test_length_that_lies(self):
        body = ministry().encode()
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 99999\r\n\r\n" + body)), 0)
        self.assertEqual(result["verdict"], "new")
        self.assertTrue(any("cut after" in note for note in result["notes"]), result)

    def test_endless_redirect(self):
        def answer(connection, request):
            number = int(request.split()[1].strip(b"/") or b"0")
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (number + 1))
        result, _ = self.check_beside(self.odd(answer), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "redirects"))
        self.assertGreaterEqual(len(result["http"]["redirects"]), 10)

    def test_redirect_out_of_the_web(self):
        for target in ("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/"):
            result, _ = self.check_beside(self.odd(lambda connection, _, target=target: connection.sendall(
                f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())), 3)
            self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "bad-scheme"))

    def test_gzip_that_is_none(self):
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!")), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "bad-encoding"))

    # ---- pages

    def test_image_that_is_no_image(self):
        self.page("broken.png", b"this is no picture")
        self.page("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x04\x00\x00\x00\x04\x00\x08\x02\x00\x00\x00")
        self.page("bomb.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\x00\x00\x00\x00\x00\x00\x00")
        self.page("pictures.html", ministry(extra="<img src=broken.png><img src=cut.png><img src=bomb.png><img src=missing.png>"))
        url = self.good + "pictures.html"
        result, err = self.check_beside(url, 0)
        self.assertEqual(result["verdict"], "new")
        if not SANITIZED:
            self.assertEqual(err, "")
        for name in ("broken.png", "cut.png", "bomb.png"):
            _, err = self.varta("ocr", self.folder / "www" / name, code=3)
            self.assertRegex(err, f"{name}: (it is not a picture|the picture could not be decoded|the picture has more pixels)")
        _, err = self.varta("ocr", self.folder / "none.png", code=3)
        self.assertIn("No such file", err)

    def test_unknown_charset(self):
        body = ministry().replace('charset="utf-8"', 'charset="klingon-8"').encode("windows-1251")
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=klingon-8\r\nConnection: close\r\n\r\n" + body)), 0)
        self.assertEqual(result["verdict"], "new")
        self.assertEqual(result["languages"][0]["language"], "uk")

    def test_page_that_is_a_program(self):
        body = bytes(range(256)) * 400
        result, _ = self.check_beside(self.odd(lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n" + body)), 3)
        self.assertEqual((result["verdict"], result["cause"]), ("unavailable", "not-text"))

    def test_deep_nesting_and_long_attributes(self):
        self.page("deep.html", "<div>" * 100000 + "Хліб" + f"<p title='{'x' * 1000000}'>Сіль</p>")
        result, _ = self.check_beside(self.good + "deep.html", 0)
        self.assertEqual(result["verdict"], "new")

    def test_an_answer_that_ends_in_the_middle_is_told(self):
        """The daemon was killed while it spoke: nobody may take silence for an acknowledgement."""
        path = str(self.folder / "half")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen()

            def speak():
                for _ in range(3):
                    client, _ = listening.accept()
                    with client:
                        client.recv(4096)
                        client.sendall(b'{"id":1,"url":"http://a.ex')

            speaker = threading.Thread(target=speak)
            speaker.start()
            for words in (["incidents"], ["status"], ["ack", "1"]):
                out, err = self.varta(*words, "--control", path, code=3)
                self.assertEqual((out, err), ("", "varta: the daemon broke off its answer\n"), words)
            speaker.join()

    def test_an_answer_without_end_is_no_daemons(self):
        path = str(self.folder / "endless")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen()

            def speak():
                client, _ = listening.accept()
                with client, contextlib.suppress(ConnectionError):
                    client.recv(4096)
                    for _ in range(80):
                        client.sendall(b"x" * (1 << 20))

            speaker = threading.Thread(target=speak)
            speaker.start()
            _, err = self.varta("status", "--control", path, code=3)
            self.assertEqual(err, f"varta: what listens at {path} sends more than a daemon would: is it one?\n")
            speaker.join()


if __name__ == "__main__":
    main()
