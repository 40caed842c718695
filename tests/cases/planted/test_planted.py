#!/usr/bin/env python3
"""A parser that has been taken over, planted in the place of varta-read and of varta-ocr: whatever it tries is refused and reported by
name, and the pages beside and after it are judged rightly. And helpers that lie instead of answering."""
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import scene  # noqa: E402
from texts import defaced, ministry  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ACTS = re.findall(r"(?:ACT|LIMIT)\((\w+)\)", (HERE / "forbidden_acts.c").read_text(encoding="utf-8").split("forbidden_acts[] =")[1])
BY_LIMITS = {"much_memory": "ENOMEM", "many_files": "EMFILE", "other_descriptors": "EPERM"}  # what fails instead of killing
LIES = {"lie_garbage": "helper-lied", "lie_too_long": "helper-lied", "lie_wrong_length": "helper-lied", "lie_other_job": "helper-lied",
        "lie_no_memory_file": "helper-lied", "lie_endless": "helper-lied", "lie_and_spin": "helper-lied", "lie_cut_record": "helper-lied",
        "silent": "helper-crashed", "crash": "helper-crashed"}
PNG = (scene.ROOT / "samples/night/night/osvita.uriad.localhost/1.png").read_bytes()


class Planted(scene.Case):
    def setUp(self):
        super().setUp()
        if scene.SANITIZED:
            self.skipTest("a sanitizer's build runs uncaged")
        self.copy = self.folder / "copy"
        self.copy.mkdir()
        for name in ("varta", "varta-fetch", "varta-read", "varta-ocr", "varta-deliver"):
            shutil.copy2(scene.BUILD / name, self.copy / name)
        (self.copy / "models").symlink_to(scene.BUILD / "models")
        self.real = scene.BUILD
        scene.BUILD = self.copy
        self.addCleanup(setattr, scene, "BUILD", self.real)
        self.page("honest.html", ministry())
        self.page("attacked.html", ministry())
        self.base = f"http://127.0.0.1:{self.nginx('charset utf-8;')}/"
        self.check("--store", self.store, "--learn", self.base + "honest.html", self.base + "attacked.html")
        self.page("attacked.html", defaced())

    def plant(self, name):
        shutil.copy2(self.real / "tests" / ("planted_" + name[6:]), self.copy / name)

    def beside(self, names, level, code=1):
        """Checks a page for each name with an honest and a defaced page between them; gives the results by name."""
        urls = []
        for name in names:
            self.page(f"{name}.html", ministry(extra=f"<p>planted:{name};</p>"))
            urls += [f"{self.base}{name}.html"]
        middle = len(urls) // 2
        urls[middle:middle] = [self.base + "honest.html"]
        urls += [self.base + "attacked.html"]
        results, err = self.check("--store", self.store, "--sandbox", level, "--parallel", "4", *urls, code=code)
        self.assertEqual(results[self.base + "honest.html"]["verdict"], "unchanged")
        self.assertEqual(results[self.base + "attacked.html"]["verdict"], "defaced")
        return {name: results[f"{self.base}{name}.html"] for name in names}, err

    def test_strict_kills_and_names_it(self):
        self.plant("varta-read")
        results, _ = self.beside(ACTS, "strict")
        for name, result in results.items():
            with self.subTest(name):
                if name in BY_LIMITS:
                    self.assertIn(f"planted {name} refused", result.get("message", ""))
                    self.assertIn(BY_LIMITS[name], result["message"])
                else:
                    wanted = "helper-limit" if name == "large_file" else "helper-sandbox"
                    self.assertEqual((result["verdict"], result.get("cause")), ("unavailable", wanted), result)

    def test_tolerant_refuses_each(self):
        self.plant("varta-read")
        results, _ = self.beside(ACTS, "tolerant")
        for name, result in results.items():
            with self.subTest(name):
                if name == "large_file":
                    self.assertEqual(result.get("cause"), "helper-limit", result)
                else:
                    self.assertIn(f"planted {name} refused -1 {BY_LIMITS.get(name, 'EPERM')}", result.get("message", ""))

    def test_acts_are_real_where_nothing_is_caged(self):
        """The same acts succeed without the cage: else this test would prove nothing."""
        self.plant("varta-read")
        names = ["open", "openat", "socket", "local_socket", "socketpair", "fork", "clone", "mmap_exec", "mprotect_exec", "unlink",
                 "memory_of_another", "signal_by_descriptor"]
        (pathlib.Path("/tmp/varta-planted")).touch()
        results, _ = self.beside(names, "off")
        for name, result in results.items():
            self.assertIn(f"planted {name} SUCCEEDED", result.get("message", ""), name)

    def test_a_child_has_no_socket_but_its_own(self):
        self.plant("varta-read")
        names = [f"sockets{i}" for i in range(12)]
        results, _ = self.beside(names, "strict")
        for name, result in results.items():
            self.assertIn(f"planted {name} has 1 sockets", result.get("message", ""))

    def test_lies_fail_the_page_and_end_the_liar(self):
        self.plant("varta-read")
        results, err = self.beside(LIES, "strict")
        self.assertEqual({name: result.get("cause") for name, result in results.items()}, LIES)
        self.assertEqual(err.count("a child of varta-read sent a malformed answer and is ended"),
                         sum(cause == "helper-lied" for cause in LIES.values()), err)

    def test_one_that_does_not_end_is_ended(self):
        """By its limit on processor time, or its deadline: and the others need not wait for it."""
        self.plant("varta-read")
        results, _ = self.beside(["spin", "hang"], "strict")
        self.assertEqual(results["hang"].get("cause"), "helper-timeout")
        self.assertIn(results["spin"].get("cause"), ("helper-limit", "helper-timeout"))  # on a busy machine the deadline comes first

    def test_without_landlock_the_rest_stands(self):
        """A kernel that has none: it is said once, and each act is refused all the same."""
        self.plant("varta-read")
        names = ["open", "socket", "memory_of_another", "execve", "fork", "mmap_exec"]
        self.through = [self.real / "tests/without_layer", "landlock"]
        results, err = self.beside(names, "strict")
        self.assertEqual({result.get("cause") for result in results.values()}, {"helper-sandbox"})
        for name in ("varta-read", "varta-fetch"):
            self.assertEqual(err.count(f"{name} runs without Landlock: this kernel has none"), 1, err)

    def test_without_seccomp_the_rest_stands(self):
        """Where nobody may put on a filter: files stay out of reach, nothing is started, and pages are read."""
        self.plant("varta-read")
        self.through = [self.real / "tests/without_layer", "seccomp"]
        results, err = self.beside(["open", "create", "memory_of_another", "fork", "much_memory"], "strict")
        for name, how in {"open": "EACCES", "create": "EACCES", "memory_of_another": "EACCES", "fork": "EAGAIN", "much_memory": "ENOMEM"}.items():
            self.assertIn(f"planted {name} refused -1 {how}", results[name].get("message", ""), results[name])
        for name in ("varta-read", "varta-fetch"):
            self.assertEqual(err.count(f"{name} runs without seccomp"), 1, err)

    def test_template_that_lies_is_ended_and_started_anew(self):
        self.plant("varta-read")
        for what in ("ended_oddly", "answers_itself", "foreign_type", "ready_with_rubbish"):
            (self.copy / "varta-read.lie").write_text(what, encoding="utf-8")
            url, later = self.base + "honest.html?" + what, self.base + "honest.html?later" + what
            results, err = self.check("--parallel", "1", url, code=3)
            self.assertEqual(results[url].get("cause"), "helper-lied", what)
            self.assertIn("varta-read sent a malformed message and is ended", err)
            (self.copy / "varta-read.lie").write_text(what, encoding="utf-8")
            results, _ = self.check("--parallel", "1", url, later, self.base + "honest.html", self.base + "attacked.html", code=None)
            self.assertEqual(results[self.base + "attacked.html"]["verdict"], "defaced", what)

    def test_picture_reader(self):
        self.plant("varta-ocr")
        names = ["openat", "socket", "connect", "execve", "fork", "ptrace", "mmap_exec", "memory_of_another", "memfd_of_another_job",
                 "io_uring", "large_file", *LIES]
        names.remove("lie_cut_record")
        for name in names:
            path = self.folder / f"{name}.png"
            path.write_bytes(PNG + f"planted:{name};".encode())
            _, err = self.varta("ocr", path, code=3)
            words = {"helper-lied": "its reader sent a malformed answer", "helper-crashed": "a helper crashed over it"}.get(
                LIES.get(name), "more memory or time than the limit" if name == "large_file" else "tried something forbidden and was killed")
            self.assertIn(words, err, name)
            out, _ = self.varta("ocr", "--sandbox", "tolerant", path, code=None)
            if name not in LIES and name != "large_file":
                self.assertIn(f"planted {name} refused -1 EPERM", out)
        self.page("m.png", PNG + b"planted:socket;")
        self.page("shown.html", ministry(extra="<img src=m.png width=640>"))
        results, _ = self.check("--store", self.store, self.base + "shown.html", self.base + "honest.html", self.base + "attacked.html", code=1)
        self.assertIn("1 pictures could not be read", results[self.base + "shown.html"]["notes"])
        self.assertEqual(results[self.base + "honest.html"]["verdict"], "unchanged")
        self.assertEqual(results[self.base + "attacked.html"]["verdict"], "defaced")


if __name__ == "__main__":
    scene.main()
