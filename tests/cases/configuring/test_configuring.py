#!/usr/bin/env python3
"""Configuring: `varta config check|show|keys` with good files, conf.d, page lists, and bad files of every kind. A fault is told with its place
and what to do; all of them at once; nothing is taken from a file that has one."""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import ROOT, Case, main  # noqa: E402


class Configuring(Case):
    def setUp(self):
        super().setUp()
        self.main = self.folder / "varta.yaml"
        (self.folder / "conf.d").mkdir()

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def refused(self, content, *words, path=None):
        """Checks the content as a main file: refused, and standard error says each of the words."""
        if content is not None:
            self.write("varta.yaml", content)
        out, err = self.varta("config", "check", path or self.main, code=2)
        self.assertEqual(out, "")
        for word in words:
            self.assertIn(word, err)
        for line in err.splitlines():
            self.assertTrue(line.startswith("varta: "), err)
        return err

    def accepted(self, content, words, err=None):
        self.write("varta.yaml", content)
        out, said = self.varta("config", "check", self.main)
        self.assertEqual(out, words + "\n")
        if err is not None:
            self.assertEqual(said, err)

    def shown(self, *arguments):
        out, err = self.varta("config", "show", "--json", *(arguments or [self.main]))
        self.assertEqual(err, "")
        return json.loads(out)

    # ---- what is right

    def test_sample(self):
        out, err = self.varta("config", "check", "-v", ROOT / "samples/varta.yaml")
        self.assertEqual(out, "OK: 3 groups, 9 pages, 7 sinks\n  default: 3 pages\n  ministries: 4 pages\n  schools: 2 pages\n")
        self.assertEqual(err, "")
        out, _ = self.varta("config", "check", "--json", ROOT / "samples/varta.yaml")
        self.assertEqual(json.loads(out), {"groups": 3, "pages": 9, "sinks": 7})

    def test_what_evidence_and_the_token_lean_on_is_looked_at(self):
        self.write("file", "no folder")
        self.refused(f"evidence: {{folder: {self.folder}/missing/kept}}", "varta.yaml:1:20: evidence.folder: nothing can be kept in", "No such file")
        self.refused(f"evidence: {{folder: {self.folder}/file}}", "Not a directory")
        self.refused(f"evidence: {{folder: {self.folder}/file/kept}}", "evidence.folder:")
        self.refused("evidence: {bytes: 1M}", "varta.yaml:1:19: evidence.bytes: one moment of an incident can take 64M")
        self.refused(f"store: {self.folder}/store.db\nevidence: {{bytes: 1024T}}", "evidence.bytes: the disk has")
        self.write("token", "short\n")
        self.refused("web: {token_file: ./token}", "web.token_file:", "fewer than 16 characters")
        self.write("token", "x" * 2000)
        self.refused("web: {token_file: ./token}", "more than a thousand")
        self.refused(f"web: {{token_file: {self.folder}}}", "web.token_file:", "Is a directory")
        self.write("token", "0123456789abcdef\n")
        self.accepted(f"store: {self.folder}/store.db\nweb: {{token_file: ./token}}\nevidence: {{folder: {self.folder}/kept, bytes: 64M}}",
                      "OK: 1 group, 0 pages, 0 sinks")
        self.accepted("evidence: {keep: false, folder: /nowhere/at/all}", "OK: 1 group, 0 pages, 0 sinks")

    def test_nothing_to_watch_is_said(self):
        self.accepted("", "OK: 1 group, 0 pages, 0 sinks",
                      "varta: it names no page: nothing would be watched\nvarta: it names no sink: nobody would be told\n")

    def test_fragments_are_read_in_name_order_and_lists_beside_them(self):
        self.write("pages.txt", "https://a.example/\nhttps://b.example/ name=B\n")
        self.write("conf.d/more.txt", "https://c.example/\n")
        self.write("varta.yaml", "pages: pages.txt\nsinks: {log: {type: journal}}\n")
        self.write("conf.d/20-second.yaml", "groups: {second: {urls: [https://e.example/]}}\nsinks: {other: {type: syslog}}\n")
        self.write("conf.d/10-first.yaml", "pages: more.txt\npoll: {interval: 1m}\ngroups: {first: {urls: [https://d.example/], sinks: [other]}}\n")
        self.write("conf.d/.hidden.yaml", "no: such\n")
        self.write("conf.d/30-left.yaml.bak", "no: such\n")
        out, _ = self.varta("config", "check", self.main)
        self.assertEqual(out, "OK: 3 groups, 5 pages, 2 sinks\n")
        shown = self.shown()
        self.assertEqual(list(shown["groups"]), ["default", "first", "second"])
        self.assertEqual(shown["groups"]["default"]["pages"], [str(self.folder / "pages.txt"), str(self.folder / "conf.d/more.txt")])
        self.assertEqual(shown["poll"]["interval"], "1m")
        self.assertEqual(shown["groups"]["second"]["interval"], "1m")
        self.assertEqual(shown["groups"]["first"]["sinks"], ["other"])
        self.assertEqual(shown["groups"]["second"]["sinks"], ["log", "other"])

    def test_show_reads_the_same_again(self):
        out, _ = self.varta("config", "show", ROOT / "samples/varta.yaml")
        again, _ = self.varta("config", "show", self.write("again.yaml", out))
        self.assertEqual(out, again)
        shown = self.shown(ROOT / "samples/varta.yaml")
        self.assertEqual(shown["sinks"]["duty"]["secret_file"], "mail-password")
        self.assertEqual(shown["incidents"]["quiet_hours"], ["22:00-06:00", "sat,sun 00:00-24:00"])
        self.assertEqual(shown["groups"]["schools"]["full_every"], 12)

    def test_standard_input_and_relative_names(self):
        out, _ = self.varta("config", "check", "-", text="groups: {g: {urls: [a.example]}}\nsinks: {j: {type: journal}}\n")
        self.assertEqual(out, "OK: 2 groups, 1 page, 1 sink\n")
        _, err = self.varta("config", "check", "-", text="stoer: x\n", code=2)
        self.assertIn("standard input:1:1: there is no key 'stoer' here; did you mean 'store'?", err)
        self.write("varta.yaml", "pages: [pages.txt]\nstore: ./here.db\n")
        self.write("pages.txt", "a.example\n")
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)
        shown = self.shown("varta.yaml")
        self.assertEqual(shown["store"], str(self.folder.resolve() / "here.db"))

    def test_line_ends_and_byte_order_mark(self):
        self.accepted("\ufeffpoll:\r\n  interval: 1m\r\n", "OK: 1 group, 0 pages, 0 sinks")
        self.assertEqual(self.shown()["poll"]["interval"], "1m")

    def test_two_hundred_thousand_pages(self):
        self.write("pages.txt", "".join(f"https://h{i}.example/ weight={i % 10 + 1}\n" for i in range(200000)))
        self.accepted("pages: pages.txt\nsinks: {j: {type: journal}}\n", "OK: 1 group, 200000 pages, 1 sink", "")
        self.write("more.txt", "https://one-more.example/\n")
        self.refused("pages: [pages.txt, more.txt]\n", "varta.yaml:1:20: pages: more than 200000 pages")

    def test_usage(self):
        self.accepted("", "OK: 1 group, 0 pages, 0 sinks")
        out, err = self.varta("config", "check", "-q", self.main)
        self.assertEqual(out, "")
        for arguments, words in [((), "say what to do"), (("chekc", "x"), "not 'chekc'"), (("check",), "check takes one file"),
                                 (("show", "a", "b"), "show takes one file"), (("keys", "a"), "no further words"), (("--yaml",), "there is no option --yaml")]:
            _, err = self.varta("config", *arguments, code=2)
            self.assertIn(words, err)
            self.assertIn("varta config --help", err)
        out, _ = self.varta("config", "keys")
        self.assertIn("poll.interval", out)
        self.assertTrue(all(len(line) <= 80 for line in out.splitlines()), out)

    # ---- what is wrong

    def test_files_that_are_none(self):
        self.refused(None, "no-such.yaml: No such file or directory", path=self.folder / "no-such.yaml")
        self.refused(None, "conf.d: Is a directory", path=self.folder / "conf.d")
        self.write("conf.d/a.yaml", "")
        (self.folder / "conf.d/b.yaml").symlink_to("nowhere")
        self.refused("", "conf.d/b.yaml: No such file or directory")

    def test_tab_and_indentation(self):
        self.refused("poll:\n\tinterval: 5m\n", "varta.yaml:2:1: a tab: YAML is indented with spaces")
        self.refused("poll:\n  interval: 5m\n   jitter: 5%\n", "varta.yaml:3:10: a ':' that does not fit")
        self.refused("groups:\n  a:\n    weight: 1\n   interval: 5m\n", "varta.yaml:4:4: the indentation does not fit the lines above")

    def test_unknown_keys_get_the_likely_right_one(self):
        err = self.refused("poll:\n  intervall: 5m\n  paralel: 3\ngruops: {}\nsinks:\n  a:\n    tpye: syslog\n",
                           "varta.yaml:2:3: there is no key 'intervall' here; did you mean 'interval'?", ":3:3: ", "did you mean 'parallel'?",
                           "varta.yaml:4:1: there is no key 'gruops' here; did you mean 'groups'?", "varta.yaml:6:3: the sink 'a' has no type")
        self.assertEqual(len(err.splitlines()), 4)

    def test_units_and_bounds(self):
        self.refused("poll:\n  interval: 5\n  timeout: 99h\n  jitter: 200%\nkeep:\n  size: 5 apples\n", ":2:13: poll.interval: '5' has no unit",
                     ":3:12: poll.timeout: '99h' is out of bounds: from 1s to 10m", ":4:11: poll.jitter: '200%' is out of bounds: from 0% to 50%",
                     ":6:9: keep.size: '5 apples' is not understood")

    def test_doubles_name_both_places(self):
        self.refused("store: a\npoll: {}\nstore: b\n", "varta.yaml:3:1: 'store' stands here already, in line 1")
        self.write("conf.d/a.yaml", "poll:\n  interval: 1m\ngroups:\n  g: {}\nsinks:\n  s: {type: journal}\n")
        self.write("conf.d/b.yaml", "\ngroups:\n  g: {}\nsinks: {}\n")
        self.write("conf.d/c.yaml", "poll: {interval: 2m}\nsinks: {s: {type: journal}}\n")
        self.refused("store: a\n", "c.yaml:1:8: 'interval' is set already, in ", "/conf.d/a.yaml:2:3",
                     "b.yaml:3:3: 'g' stands in groups already, in ", "/conf.d/a.yaml:4:3", "c.yaml:2:9: 's' stands in sinks already, in ",
                     "/conf.d/a.yaml:6:3: keep one of the two")

    def test_bombs(self):
        laughs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]\n" for i in range(1, 10))
        self.refused(laughs, "varta.yaml:1:5: anchors and aliases")
        self.refused("[" * 100000, "nested too deep")
        self.refused("a: {" * 100000, "nested too deep")
        self.refused("".join(f"key{i}: x\n" for i in range(100000)), "too many keys in one mapping")
        self.refused("pages:\n" + "- x\n" * 300000, "more than 250,000 values")
        self.refused("contact: " + "x" * 20000 + "\n", "longer than 16 KB")

    def test_binary_and_other_encodings(self):
        self.refused(b"\x7fELF\x02\x01\x01\x00", "varta.yaml:1:1: byte 0x7F is no text")
        self.refused(b"store: a\0b\n", "varta.yaml:1:9: byte 0x00 is no text")
        self.refused("contact: Київ\n".encode("cp1251"), "varta.yaml:1:10: byte 0xCA is not UTF-8")
        self.refused("store: x\n".encode("utf-16"), "is not UTF-8")
        self.refused(os.urandom(100000), "varta.yaml:")

    def test_too_large(self):
        with open(self.main, "wb") as file:
            file.write(b"# " + b"x" * 1000 + b"\n")
            file.truncate(100 << 20)
        self.refused(None, "varta.yaml: larger than 4 MB: is this a configuration?")
        self.refused(None, "/dev/zero: larger than 4 MB", path="/dev/zero")

    def test_lists(self):
        self.write("good.txt", "https://a.example/\n")
        self.write("bad.txt", "https://b.example/\nftp://c.example/\nhttps://d.example/ colour=red\nhttps://a.example/\n")
        os.mkfifo(self.folder / "pipe.txt")
        self.refused("groups:\n  g:\n    pages:\n      - no-such.txt\n      - conf.d\n      - pipe.txt\npages: [good.txt]\nsinks: {s: {type: journal}}\n",
                     f"varta.yaml:4:9: pages: the list {self.folder}/no-such.txt cannot be read: No such file or directory",
                     "varta.yaml:5:9: pages: the list ", "is no ordinary file", "varta.yaml:6:9: ")
        err = self.refused("pages: [good.txt]\ngroups: {g: {pages: bad.txt}}\n", "bad.txt:2: 'ftp://c.example/' cannot be watched",
                           "bad.txt:3: 'colour=red' is no option", f"bad.txt:4: https://a.example/ stands in another group already, in {self.folder}/good.txt line 1")
        self.assertEqual(len(err.splitlines()), 3)
        self.write("binary.txt", os.urandom(1000000))
        self.refused("pages: binary.txt\n", "binary.txt:1: ")

    def test_secrets_stay_outside(self):
        err = self.refused("sinks:\n  w:\n    type: webhook\n    url: https://hook.example/\n    secret: hunter2\n",
                           "varta.yaml:5:5: 'secret': a secret is never written here", "secret_file")
        self.assertNotIn("hunter2", err)
        err = self.refused("sinks: {w: {type: webhook, url: 'https://user:hunter2@hook.example/'}}\n", "carries a name or password")
        self.assertNotIn("hunter2", err)

    def test_what_must_exist(self):
        self.refused("sinks:\n  x: {type: exec, command: [/no/such/program]}\n  w: {type: webhook, url: 'https://a/', ca_file: ca.pem}\n",
                     "varta.yaml:2:28: command: /no/such/program cannot be run: No such file or directory", f"ca_file: there is no file {self.folder}/ca.pem")

    def test_a_fault_anywhere_gives_no_configuration(self):
        self.write("conf.d/broken.yaml", "groups: [\n")
        self.write("varta.yaml", "groups: {g: {sinks: [from-a-fragment], urls: [a.example]}}\n")
        out, err = self.varta("config", "show", self.main, code=2)
        self.assertEqual(out, "")
        self.assertIn("conf.d/broken.yaml:2:1: a value is missing here, or a '[' or '{' before it is never closed", err)
        self.assertEqual(len(err.splitlines()), 1, "what a broken file may have named is not missed elsewhere")


if __name__ == "__main__":
    main()
