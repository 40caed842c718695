#!/usr/bin/env python3
"""Helpers that fail: missing, dying at once, hanging up, talking nonsense. Each page ends with a named outcome, and varta ends."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import scene  # noqa: E402
from texts import ministry  # noqa: E402


class Helpers(scene.Case):
    def setUp(self):
        super().setUp()
        self.page("index.html", ministry())
        self.port = self.nginx("charset utf-8;")
        self.urls = [f"http://127.0.0.1:{self.port}/?{i}" for i in range(8)]
        self.copy = self.folder / "copy"
        self.copy.mkdir()
        for name in ("varta", "varta-fetch", "varta-read", "varta-ocr", "varta-deliver"):
            shutil.copy2(scene.BUILD / name, self.copy / name)
        (self.copy / "models").symlink_to(scene.BUILD / "models")
        self.real, scene.BUILD = scene.BUILD, self.copy
        self.addCleanup(setattr, scene, "BUILD", self.real)

    def plant(self, name, script):
        (self.copy / name).unlink()
        if script is not None:
            (self.copy / name).write_text(f"#!/bin/sh\n{script}\n")
            (self.copy / name).chmod(0o755)

    def outcomes(self, code=3):
        results, err = self.check(*self.urls, code=code)
        self.assertEqual(len(results), len(self.urls))
        return {result.get("cause", result["verdict"]) for result in results.values()}, err

    def test_untouched_copy_works(self):
        self.assertEqual(self.outcomes(0)[0], {"new"})

    def test_missing_reader(self):
        self.plant("varta-read", None)
        causes, err = self.outcomes()
        self.assertEqual(causes, {"helper-crashed"})
        self.assertEqual(err.count("varta-read could not be started"), 1)

    def test_reader_that_dies_at_once(self):
        self.plant("varta-read", "exit 7")
        causes, err = self.outcomes()
        self.assertEqual(causes, {"helper-crashed"})
        self.assertIn("varta-read ended with exit code 7", err)

    def test_reader_that_talks_nonsense(self):
        self.plant("varta-read", "head -c 100 /dev/zero >&3; exec sleep 60")
        causes, _ = self.outcomes()
        self.assertEqual(causes, {"helper-lied"})

    def test_reader_that_kills_itself(self):
        self.plant("varta-read", "kill -9 $$")
        causes, err = self.outcomes()
        self.assertEqual(causes, {"helper-crashed"})
        self.assertIn("ended by signal 9", err)

    def test_fetcher_that_talks_nonsense(self):
        self.plant("varta-fetch", "head -c 40000 /dev/urandom >&3; exec sleep 60")
        self.assertEqual(self.outcomes()[0], {"helper-lied"})

    def test_missing_picture_reader_is_no_all_clear(self):
        self.page("p.png", (scene.ROOT / "samples/night/night/osvita.uriad.localhost/1.png").read_bytes())
        self.page("index.html", ministry(extra="<img src=p.png>"))
        self.plant("varta-ocr", "exit 1")
        results, err = self.check(*self.urls, code=3)
        for result in results.values():
            self.assertEqual(result["verdict"], "new")
            self.assertIn("1 pictures could not be read", result["notes"])
        self.assertIn("8 pages were judged without their pictures", err)
        out, _ = self.varta("check", "--nagios", self.urls[0], code=3)
        self.assertTrue(out.startswith("VARTA UNKNOWN"), out)


if __name__ == "__main__":
    scene.main()
