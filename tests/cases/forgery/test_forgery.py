#!/usr/bin/env python3
"""Pages that lead inside: two network namespaces, joined by a cable. In one is the attacker with public addresses and a server of names
of his own, in the other varta beside servers that are nobody's outside: private, loopback, link-local, metadata, and the forms of
version 6 that hide them. By each way a page can lead on, none of them may be asked for anything."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, SANDBOX, Case, main, wait_until  # noqa: E402

OUTSIDE = pathlib.Path(__file__).resolve().parent / "outside.py"
INSIDE = ["10.20.30.40", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a14:1e28", "fd00::40"]
PUBLIC = ["193.29.204.1", "193.29.204.2", "193.29.204.3", "2a0e:97c0::1"]
# every name and every way to write an address that ends inside
TARGETS = [f"http://{host}/secret" for host in (
    "private.test", "loop.test", "metadata.test", "zero.test", "loop6.test", "mapped.test", "nat64.test", "unique-local.test", "alias.test",
    "alias-of-alias.test", "10.20.30.40", "127.0.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[::ffff:10.20.30.40]", "[::ffff:a14:1e28]",
    "[64:ff9b::10.20.30.40]", "[fd00::40]", "0x0a141e28", "169090600", "012.024.036.050", "0x7f.1", "127.1", "10.1318440")]


class Forgery(Case):
    def setUp(self):
        super().setUp()
        self.ours, self.theirs = f"varta{os.getpid()}a", f"varta{os.getpid()}b"
        if os.geteuid() != 0 or not shutil.which("ip"):
            self.skipTest("needs root and network namespaces")
        for space in (self.ours, self.theirs):
            self.ip("netns", "add", space)
            self.addCleanup(subprocess.run, ["ip", "netns", "delete", space], check=False)
        self.lay_the_cable()
        (self.folder / "resolv.conf").write_text("nameserver 193.29.204.53\noptions timeout:2 attempts:3\n", encoding="utf-8")
        (self.folder / "nsswitch.conf").write_text("hosts: dns\n", encoding="utf-8")
        self.serve(self.theirs, "questions", "names", "193.29.204.53", str(self.folder / "questions"))
        self.serve(self.theirs, "outside", "web", str(self.folder / "outside"), *PUBLIC)
        self.serve(self.ours, "inside", "web", str(self.folder / "inside"), *INSIDE)

    def ip(self, *words):
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            self.skipTest(f"needs network namespaces that can be entered: {done.stderr.strip()}")

    def lay_the_cable(self):
        self.ip("link", "add", "cable", "netns", self.ours, "type", "veth", "peer", "name", "cable", "netns", self.theirs)
        for space, addresses in ((self.ours, ["193.29.204.100/24", "2a0e:97c0::100/64"]),
                                 (self.theirs, [f"{one}/{64 if ':' in one else 24}" for one in [*PUBLIC, "193.29.204.53"]])):
            for address in addresses:
                self.ip("-n", space, "addr", "add", address, "dev", "cable", *(["nodad"] if ":" in address else []))
            self.ip("-n", space, "link", "set", "cable", "up")
            self.ip("-n", space, "link", "set", "lo", "up")
        for address in INSIDE:
            if address not in ("127.0.0.1", "::1"):
                self.ip("-n", self.ours, "addr", "add", f"{address}/{128 if ':' in address else 32}", "dev", "lo",
                        *(["nodad"] if ":" in address else []))

    def serve(self, space, log, *words):
        server = self.start("ip", "netns", "exec", space, sys.executable, str(OUTSIDE), *words)
        path = self.folder / log
        wait_until(lambda: (path.exists() and "ready" in path.read_text()) or server.poll() is not None, what=" ".join(words[:2]))
        self.assertIsNone(server.poll(), (self.folder / "ip.log").read_text())

    def look(self, *words, pages=()):
        """`varta check --json` from our namespace, with the attacker's server of names; results by URL."""
        (self.folder / "pages").write_text("\n".join(pages) + "\n", encoding="utf-8")
        mount = "".join(f"mount --bind {self.folder}/{name} /etc/{name} && " for name in ("resolv.conf", "nsswitch.conf"))
        done = subprocess.run(["ip", "netns", "exec", self.ours, "sh", "-c", mount + 'exec "$@"', "sh", BUILD / "varta", "check", "--json",
                               *(["--sandbox", SANDBOX] if SANDBOX else []), "--timeout", "15", *words, "-f", self.folder / "pages"],
                              env=ENVIRONMENT, capture_output=True, timeout=240, check=False)
        self.assertNotEqual(done.returncode, 2, done.stderr.decode())
        return {one["url"]: one for one in map(json.loads, done.stdout.decode().splitlines())}

    def asked(self, log):
        return [one for one in map(json.loads, (self.folder / log).read_text(encoding="utf-8").splitlines()) if one["path"] != "ready"]

    def refused(self, result):
        self.assertEqual((result["verdict"], result.get("cause")), ("unavailable", "forbidden-address"), result)

    # ---- cases

    def test_the_inside_can_be_reached_where_it_is_allowed(self):
        """Else the other cases would prove nothing."""
        pages = [f"http://{name}.test/secret allow=private" for name in
                 ("private", "loop", "metadata", "loop6", "mapped", "nat64", "unique-local", "alias-of-alias")]
        for url, result in self.look(pages=pages).items():
            self.assertEqual(result["verdict"], "new", (url, result))
        self.assertEqual({one["at"].replace("::ffff:", "") for one in self.asked("inside")}, set(INSIDE))

    def test_a_name_that_is_inside(self):
        results = self.look(pages=[url for url in TARGETS if ".test" in url])
        for url, result in results.items():
            with self.subTest(url):
                self.refused(result)
        self.assertEqual(self.asked("inside"), [])

    def test_each_hop(self):
        """Over one, two and three public servers, by redirect and by meta refresh."""
        ways = {f"http://hop1.test/to?{target}" for target in TARGETS}
        ways |= {f"http://hop1.test/to?http://hop2.test/to?http://hop3.test/to?{target}" for target in TARGETS}
        ways |= {f"http://hop1.test/refresh?{target}" for target in TARGETS}
        ways |= {f"http://six.test/to?{target}" for target in TARGETS[:4]}
        results = self.look(pages=[*ways, "http://hop1.test/to?http://hop2.test/to?http://honest.test/"])
        self.assertEqual(results.pop("http://hop1.test/to?http://hop2.test/to?http://honest.test/")["verdict"], "new")
        self.assertEqual(set(results), ways)
        for url, result in results.items():
            with self.subTest(url):
                self.refused(result)
        self.assertEqual(self.asked("inside"), [])
        self.assertGreater(len({one["at"] for one in self.asked("outside")}), 3)

    def test_a_zone_in_the_address(self):
        """Its name is asked of the system: that must end no fetcher, and no page beside."""
        zones = [f"http://hop1.test/to?{scheme}//{host}/secret" for scheme in ("http:", "https:", "")
                 for host in ("[fe80::1%25lo]", "[fe80::1%25eth9]", "[fe80::1%lo]", "u@[fe80::1%25lo]", "[::1%25lo]", "[fe80::1%251]")]
        results = self.look(pages=[*zones, "http://honest.test/"])
        self.assertEqual(results.pop("http://honest.test/")["verdict"], "new")
        for url, result in results.items():
            with self.subTest(url):
                self.assertEqual(result["verdict"], "unavailable", result)
                self.assertNotIn("helper", result["cause"])
        self.assertEqual(self.asked("inside"), [])

    def test_each_picture(self):
        pages = [f"http://honest.test/pictures?{target}" for target in TARGETS]
        pages += [f"http://honest.test/pictures?http://hop1.test/to?http://hop2.test/to?{target}" for target in TARGETS]
        pages += [f"http://honest.test/base?{target}/" for target in TARGETS]
        for url, result in self.look(pages=pages).items():
            with self.subTest(url):
                self.assertEqual(result["verdict"], "new", result)
        self.assertEqual(self.asked("inside"), [])
        self.assertGreater(sum(one["path"] == "/to" for one in self.asked("outside")), len(TARGETS))

    def test_a_name_that_changes_its_answer(self):
        """Public when it is learnt, inside at the next look: the address connected to decides, not the one that was looked up before."""
        bound = [f"http://rebound-{where}.test/" for where in ("loop", "private", "mapped", "nat64", "metadata")]
        pages = [*bound, "http://honest-again.test/"]
        for url, result in self.look("--store", self.store, "--learn", pages=pages).items():
            self.assertEqual(result["verdict"], "new", (url, result))
        results = self.look("--store", self.store, pages=pages)
        self.assertEqual(results.pop("http://honest-again.test/")["verdict"], "unchanged")
        for url, result in results.items():
            with self.subTest(url):
                self.refused(result)
        self.assertEqual(self.asked("inside"), [])

    def test_a_name_for_both(self):
        result = self.look(pages=["http://both.test/"])["http://both.test/"]
        self.assertIn(result["verdict"], ("new", "unavailable"))
        self.assertEqual(self.asked("inside"), [])

    def test_a_connection_that_is_kept(self):
        """One page may go inside; its connection is open when another that may not leads there."""
        pages = ["http://private.test/allowed allow=private", "http://hop1.test/to?http://private.test/secret",
                 "http://honest.test/pictures?http://private.test/secret"]
        results = self.look("--parallel", "1", pages=pages)
        self.assertEqual(results["http://private.test/allowed"]["verdict"], "new")
        self.refused(results["http://hop1.test/to?http://private.test/secret"])
        self.assertEqual([one["path"] for one in self.asked("inside")], ["/allowed"])

    def test_secrets_stay_with_their_host(self):
        """Neither the name and password of an address nor a cookie goes to another host; a page's own address may have none."""
        self.look(pages=["http://hop1.test/to?http://user:word@hop2.test/to?http://hop3.test/"])
        told = {one["host"]: one["secrets"] for one in self.asked("outside")}
        self.assertEqual(told, {"hop1.test": [], "hop2.test": [], "hop3.test": []})


if __name__ == "__main__":
    main()
