#!/usr/bin/env python3
"""The contract of `varta check`: verdicts, exit codes, JSON, Nagios, store, learning and accepting, against a real nginx."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import Case, free_port, main  # noqa: E402
from texts import NEWS, defaced, ministry, redesigned  # noqa: E402


class Contract(Case):
    def setUp(self):
        super().setUp()
        self.page("a/index.html", ministry())
        self.page("b/index.html", ministry())
        self.port = self.nginx("charset utf-8;")
        self.a, self.b = f"http://127.0.0.1:{self.port}/a/", f"http://127.0.0.1:{self.port}/b/"
        self.dead = f"http://127.0.0.1:{free_port()}/"

    def learn(self):
        results, _ = self.check("--store", self.store, "--learn", self.a, self.b)
        self.assertEqual({result["verdict"] for result in results.values()}, {"new"})

    def test_new_then_unchanged(self):
        self.learn()
        results, _ = self.check("--store", self.store, self.a, self.b)
        for result in results.values():
            self.assertEqual(result["verdict"], "unchanged")
            self.assertGreaterEqual(result["baseline"]["versions"], 1)
            self.assertRegex(result["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertEqual(result["http"]["status"], 200)
            self.assertEqual(result["http"]["address"], "127.0.0.1")
            self.assertEqual(result["change"]["kept"], 1)
            self.assertEqual(result["languages"][0]["language"], "uk")

    def test_a_page_that_says_since_when_it_is_the_same_is_asked_once(self):
        """Any other is looked at once more when it is learnt, which tells its clock from its news."""
        heads = {"file": "Last-Modified: Sun, 22 Nov 2026 08:49:37 GMT\r\nDate: Mon, 23 Nov 2026 08:49:37 GMT\r\n",
                 "made": "Last-Modified: Mon, 23 Nov 2026 08:49:37 GMT\r\nDate: Mon, 23 Nov 2026 08:49:37 GMT\r\n",
                 "undated": "Last-Modified: Sun, 22 Nov 2026 08:49:37 GMT\r\n",
                 "odd": "Last-Modified: yesterday\r\nDate: Mon, 23 Nov 2026 08:49:37 GMT\r\n", "silent": ""}
        asked = []

        def answer(connection, request):
            name = request.split()[1][1:].decode()
            asked.append(name)
            body = ministry().encode()
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
                               f"Connection: close\r\n{heads[name]}\r\n".encode() + body)

        port = self.odd_server(answer)
        urls = [f"http://127.0.0.1:{port}/{name}" for name in heads]
        results, _ = self.check("--store", self.store, "--learn", *urls)
        self.assertEqual({result["verdict"] for result in results.values()}, {"new"})
        self.assertEqual({name: asked.count(name) for name in heads}, {"file": 1, "made": 2, "undated": 2, "odd": 2, "silent": 2})

    def test_edited_is_quiet_and_learnt(self):
        self.learn()
        self.page("a/index.html", ministry(NEWS[1:] + [("Оголошено дні відкритих дверей", "Гостей чекають у суботу об одинадцятій.")]))
        results, _ = self.check("--store", self.store, self.a)
        self.assertEqual(results[self.a]["verdict"], "edited")
        results, _ = self.check("--store", self.store, self.a)
        self.assertEqual(results[self.a]["verdict"], "unchanged")

    def test_defaced_is_found_and_never_learnt(self):
        self.learn()
        self.page("a/index.html", defaced())
        for _ in range(3):
            results, _ = self.check("--store", self.store, "--learn", self.a, self.b, code=1)
            result = results[self.a]
            self.assertEqual(result["verdict"], "defaced")
            self.assertGreater(result["score"], 0.5)
            self.assertEqual({entry["language"] for entry in result["languages"]}, {"uk", "ru", "pl"})
            for entry in result["languages"]:
                self.assertTrue(0.15 <= entry["share"] <= 0.55, result["languages"])
            self.assertIn("бійся", result["message"])
            self.assertEqual(result["origin"], "html")
            self.assertTrue(result["reasons"])
            self.assertEqual(results[self.b]["verdict"], "unchanged")
        self.page("a/index.html", ministry())
        results, _ = self.check("--store", self.store, self.a)
        self.assertEqual(results[self.a]["verdict"], "unchanged")

    def test_defaced_without_any_baseline(self):
        self.page("a/index.html", defaced())
        results, _ = self.check(self.a, code=1)
        self.assertEqual(results[self.a]["verdict"], "defaced")
        self.assertNotIn("baseline", results[self.a])
        results, _ = self.check("--store", self.store, "--learn", self.a, code=1)
        out, _ = self.varta("pages", "--store", self.store)
        self.assertRegex(out, r"\b\d{4}-\d\d-\d\dT\d\d:\d\dZ ")
        self.assertIn("no baseline", out)

    def test_replaced_until_accepted(self):
        self.learn()
        self.page("a/index.html", redesigned())
        results, _ = self.check("--store", self.store, self.a, code=1)
        self.assertEqual(results[self.a]["verdict"], "replaced")
        out, _ = self.varta("pages", "--store", self.store)
        self.assertIn("waits to be accepted", out)
        out, _ = self.varta("accept", "--store", self.store, self.a)
        self.assertIn("accepted", out)
        results, _ = self.check("--store", self.store, self.a)
        self.assertEqual(results[self.a]["verdict"], "unchanged")
        _, err = self.varta("accept", "--store", self.store, self.a, code=3)
        self.assertIn("nothing waits", err)

    def test_unavailable_may_be_accepted_but_pushes_out_nothing(self):
        works = ("<!DOCTYPE html><meta charset=utf-8><title>Технічні роботи</title><h1>Технічні роботи</h1>"
                 "<p>На сайті проводяться планові технічні роботи. Просимо вибачення за незручності.</p>")
        self.learn()
        self.page("a/index.html", works)
        results, _ = self.check("--store", self.store, self.a, code=3)
        self.assertEqual((results[self.a]["verdict"], results[self.a]["cause"]), ("unavailable", "maintenance"))
        out, _ = self.varta("accept", "--store", self.store, self.a)
        self.assertIn("accepted", out)
        results, _ = self.check("--store", self.store, self.a)
        self.assertEqual(results[self.a]["verdict"], "unchanged")
        self.page("b/index.html", redesigned())
        self.check("--store", self.store, self.b, code=1)
        self.page("b/index.html", works)
        self.check("--store", self.store, self.b, code=3)
        self.varta("accept", "--store", self.store, self.b)
        self.page("b/index.html", redesigned())
        results, _ = self.check("--store", self.store, self.b)
        self.assertEqual(results[self.b]["verdict"], "unchanged")

    def test_exit_codes(self):
        self.learn()
        self.varta("check", "--store", self.store, self.a, code=0)
        self.varta("check", self.dead, code=3)
        self.varta("check", self.a, self.dead, code=3)
        self.page("a/index.html", defaced())
        self.varta("check", "--store", self.store, self.a, self.dead, code=1)
        self.varta("check", code=2)
        self.varta("check", "--no-such-option", self.a, code=2)

    def test_nagios(self):
        self.learn()
        form = r"^VARTA (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+ \|( [a-z]+=\d+(;\d*)*)+\n$"
        cases = [(ministry(), [self.a], "OK", 0), (redesigned(), [self.a], "WARNING", 1), (defaced(), [self.a], "CRITICAL", 2),
                 (defaced(), [self.a, self.dead], "CRITICAL", 2), (ministry(), [self.a, self.dead], "UNKNOWN", 3)]
        for content, urls, word, code in cases:
            self.page("a/index.html", content)
            out, _ = self.varta("check", "--nagios", "--store", self.store, *urls, code=code)
            self.assertTrue(out.startswith(f"VARTA {word} - "), out)
            self.assertRegex(out, form)

    def test_list_from_file_and_standard_input(self):
        path = self.folder / "pages.txt"
        path.write_text(f"# two pages\n{self.a}\n\n{self.b}  name=Друга # the second\n", encoding="utf-8")
        results, _ = self.check("-f", path)
        self.assertEqual(set(results), {self.a, self.b})
        self.assertEqual(results[self.b]["name"], "Друга")
        results, _ = self.check("-f", "-", text=path.read_text(encoding="utf-8"))
        self.assertEqual(set(results), {self.a, self.b})

    def test_table_fits_eighty_columns(self):
        self.learn()
        self.page("a/index.html", defaced())
        out, _ = self.varta("check", "--store", self.store, self.a, self.b, self.dead, code=1)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertIn("1 defaced, 1 unavailable, 1 unchanged", out)
        self.assertNotIn("\x1b", out)
        out, err = self.varta("check", "-q", "--store", self.store, self.a, code=1)
        self.assertEqual((out, err), ("", ""))

    def test_other_statuses_are_read(self):
        (self.folder / "nginx.pid").exists()
        self.page("forbidden.html", defaced())
        self.page("broken.html", "<html><body><h1>500 Internal Server Error</h1></body></html>")
        port = self.nginx("charset utf-8; location /f { error_page 403 /forbidden.html; return 403; } location = /forbidden.html { internal; }"
                          " location /e { error_page 500 /broken.html; return 500; } location = /broken.html { internal; }", free_port())
        forbidden, broken = f"http://127.0.0.1:{port}/f", f"http://127.0.0.1:{port}/e"
        results, _ = self.check(forbidden, broken, code=1)
        self.assertEqual(results[forbidden]["verdict"], "defaced")
        self.assertEqual(results[forbidden]["http"]["status"], 403)
        self.assertEqual(results[broken]["verdict"], "unavailable")
        self.assertTrue(re.fullmatch(r"http-500|error", results[broken]["cause"]), results[broken])


if __name__ == "__main__":
    main()
