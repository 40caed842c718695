#!/usr/bin/env python3
"""Hostile servers, all at once, with honest ones beside them: each hostile page is reported by name, the daemon lives, no process
grows, and the honest pages keep their turn. The single ways to hide a defacement stand in cases/evasion, single faults in bad_input."""
import gzip
import itertools
import json
import os
import pathlib
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from certificates import certificate  # noqa: E402
from scene import BUILD, ENVIRONMENT, SANITIZED, Case, main, wait_until  # noqa: E402
from texts import defaced, ministry  # noqa: E402

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
INTERVAL = 1  # seconds between two looks at a page
HONEST = [f"honest-{i}" for i in range(6)]
count = itertools.count()


def send(connection, body, more=b""):
    connection.sendall(HEAD + more + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def slow_headers(connection, _):
    for byte in HEAD + b"X: " + b"x" * 100000:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def slow_body(connection, _):
    connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    for byte in ministry().encode():
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def endless_body(connection, _):
    connection.sendall(HEAD + b"\r\n" + ministry().encode())
    while True:
        connection.sendall(b"<p>" + b"x " * 8192)


def pack_bomb():
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b"<p>" + b" " * ((1 << 20) - 3)
    return pack.compress(ministry().encode()) + b"".join(pack.compress(piece) for _ in range(200)) + pack.flush()


BOMB = pack_bomb()  # 200 MB in 200 kB
BOMBS = pathlib.Path(__file__).resolve().parent / "bombs"


def gzip_bomb(connection, _):
    send(connection, BOMB, b"Content-Encoding: gzip\r\n")


def brotli_bomb(connection, _):
    send(connection, (BOMBS / "spaces.html.br").read_bytes(), b"Content-Encoding: br\r\n")


def zstd_bomb(connection, _):
    send(connection, (BOMBS / "spaces.html.zst").read_bytes(), b"Content-Encoding: zstd\r\n")


def brotli_without_end(connection, _):
    # empty blocks of metadata: nothing comes out, and no limit of what is kept is met
    connection.sendall(HEAD + b"Content-Encoding: br\r\n\r\n" + b"\x0c")
    while True:
        connection.sendall(b"\x06" * 8192)


def nested_gzip(connection, _):
    body = ministry().encode()
    for _ in range(12):
        body = gzip.compress(body)
    send(connection, body, b"Content-Encoding: " + b", ".join([b"gzip"] * 12) + b"\r\n")


def many_headers(connection, _):
    send(connection, ministry().encode(), b"".join(b"X-%d: %s\r\n" % (i, b"y" * 40) for i in range(10000)))


def redirect_loop(connection, _):
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /redirect-loop\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def wrong_length(connection, _):
    connection.sendall(HEAD + b"Content-Length: 99999\r\n\r\n" + ministry().encode()[:300])


def reset_in_the_middle(connection, _):
    connection.sendall(HEAD + b"Content-Length: 99999\r\n\r\n" + ministry().encode()[:300])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def nested_tags(connection, _):
    send(connection, b"<div>" * 100000 + ministry().encode())


def megabyte_attributes(connection, _):
    send(connection, b"".join(b"<p title='%s' alt=\"%s\">" % (b"a" * 1000000, b"<b>" * 300000) for _ in range(2)) + ministry().encode())


def nul_and_invalid(connection, _):
    send(connection, ministry().encode().replace(b"<p>", b"<p>\x00\xff\xfe\xc0\x80\xed\xa0\x80\xf5") + b"\x00" * 10000)


def charset_lie(connection, _):
    body = ministry().encode("utf-16-le")
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-2022-jp\r\nConnection: close\r\n"
                       b"Content-Length: %d\r\n\r\n" % len(body) + body)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURES = {
    "billion.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(b"\0" * 100000)) + chunk(b"IEND", b""),
    "cut.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0)) + b"\0\0\xff\xffIDAT\x78\x9c",
    "canvas.gif": b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x80\0\0\0\0\0\xff\xff\xff," + struct.pack("<HHHH", 0, 0, 65535, 65535)
                  + b"\0\x02\x02D\x01\0;",
    "polyglot.gif": b"GIF89a" + struct.pack("<HH", 640, 480) + b"\x80\0\0*/=1;/*<script>\0%PDF-1.4 \xff\xd8\xff\xe0JFIF\x89PNG\r\n",
}


def bad_pictures(connection, request):
    name = request.split()[1].decode().rpartition("/")[2]
    body = PICTURES.get(name)
    if body is None:
        send(connection, ministry(extra="".join(f"<img src='{picture}' width=640>" for picture in PICTURES)).encode())
    else:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def another_each_time(connection, _):
    number = next(count)
    send(connection, f"<html><body><h1>{number}</h1><p>{' '.join(hex(number * i) for i in range(1, 300))}</p></body></html>".encode())


def another_by_user_agent(connection, request):
    send(connection, (defaced() if b"varta/" not in request else ministry()).encode())


# What `varta check` must say of each: the cause of an unavailable page, or the verdict of one that can be read.
HOSTILE = {
    slow_headers: "timeout", slow_body: "timeout", endless_body: "new", gzip_bomb: "new", brotli_bomb: "new", zstd_bomb: "new", brotli_without_end: None, nested_gzip: None,
    many_headers: "too-large", redirect_loop: "redirects", wrong_length: None, reset_in_the_middle: None, nested_tags: "new",
    megabyte_attributes: "new", nul_and_invalid: "new", charset_lie: None, bad_pictures: "new", another_each_time: "new",
    another_by_user_agent: "new",
}
CUT = {endless_body: "cut after", gzip_bomb: "cut after", brotli_bomb: "cut after", zstd_bomb: "cut after", nested_tags: "left out tags nested deeper than 512"}


def title(page):
    return page.__name__.replace("_", "-")


class Hostile(Case):
    def setUp(self):
        super().setUp()
        pages = {title(page): page for page in HOSTILE}

        def answer(connection, request):
            name = request.split()[1].decode().split("/")[1].split("?")[0]
            pages[name](connection, request)

        self.port = self.odd_server(answer, apart=True)
        for name in HONEST:
            self.page(name + ".html", ministry(extra=f"<p>Сторінка {name}</p>"))
        nginx = self.nginx("charset utf-8;")  # of its own process: the odd server's work is not to slow it
        self.honest = [f"http://{name}.localhost:{nginx}/{name}.html" for name in HONEST]
        self.hostile = {self.url(name): page for name, page in pages.items()}
        self.tls = self.tls_servers()

    def url(self, name):
        slash = "/" if name == "bad-pictures" else ""
        return f"http://{name}.localhost:{self.port}/{name}{slash}"

    # ---- certificates

    def tls_server(self, *files):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def talk(connection):
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65536)
                    send(secure, ministry().encode())
            except OSError:
                pass

        def serve():
            while True:
                try:
                    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
                except OSError:
                    return
        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def tls_servers(self):
        good = certificate(self.folder, "good.localhost")
        past = certificate(self.folder, "expired.localhost", ("20200101000000Z", "20210101000000Z"))
        ENVIRONMENT["SSL_CERT_FILE"] = str(self.folder / "ca.pem")
        self.addCleanup(ENVIRONMENT.pop, "SSL_CERT_FILE")
        port = self.tls_server(*good)
        self.honest.append(f"https://good.localhost:{port}/")
        return [f"https://wrong-host.localhost:{port}/", f"https://expired.localhost:{self.tls_server(*past)}/"]

    # ---- cases

    def test_each_is_named_beside_honest_pages(self):
        results, _ = self.check("--timeout", "10", *self.hostile, *self.tls, *self.honest, code=3)
        self.assertEqual(len(results), len(self.hostile) + len(self.tls) + len(self.honest))
        for url, page in self.hostile.items():
            with self.subTest(title(page)):
                result = results[url]
                said = result.get("cause", result["verdict"])
                self.assertFalse(said.startswith("helper-"), said)
                self.assertEqual(said, HOSTILE[page] or said)
                self.assertIn(CUT.get(page, ""), " ".join(result.get("notes", [])))
        for url in self.tls:
            self.assertEqual(results[url].get("cause"), "certificate", url)
        for url in self.honest:
            self.assertEqual(results[url]["verdict"], "new", url)

    def test_a_certificate_that_was_exchanged(self):
        port = self.tls_server(*certificate(self.folder, "swapped.localhost"))
        url = f"https://swapped.localhost:{port}/"
        self.check("--store", self.store, "--learn", url)
        del ENVIRONMENT["SSL_CERT_FILE"]  # as if another authority had signed it
        self.addCleanup(ENVIRONMENT.__setitem__, "SSL_CERT_FILE", "")
        results, _ = self.check("--store", self.store, url, code=3)
        self.assertEqual(results[url].get("cause"), "certificate")

    def memory(self, daemon):
        """Private memory in kB of the daemon and each of its helpers by name, the largest of a name."""
        sizes = {}
        everything = {int(path.name): path for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()}
        for pid, path in everything.items():
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                name = (path / "comm").read_text().strip()
                if pid != daemon and parent != daemon:
                    continue
                rollup = (path / "smaps_rollup").read_text()
            except (OSError, ValueError):
                continue
            size = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_"))
            sizes[name] = max(size, sizes.get(name, 0))
        return sizes

    def asked(self):
        """When each honest page was asked for, in seconds."""
        times = {f"/{name}.html": [] for name in HONEST}
        for line in (self.folder / "times.log").read_text(encoding="utf-8").splitlines():
            at, page = line.split()
            times.get(page, []).append(float(at))
        return times

    def late(self, since):
        """How late each look at an honest page came after `since`, in seconds: a second after the one before it is in time."""
        return sorted(max(0, after - before - INTERVAL) for times in self.asked().values()
                      for before, after in zip(times, times[1:]) if before >= since)

    def watch_all(self, urls, seconds):
        """The daemon over `urls`: how late honest pages were, memory early and late, the pages' records."""
        store = self.folder / f"watch{len(urls)}.db"
        (self.folder / "pages.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
        (self.folder / "varta.yaml").write_text(
            f"store: {store}\ncontrol: {self.folder}/control\npoll: {{interval: {INTERVAL}s, jitter: 0%, per_domain: 64, timeout: 4s}}\n"
            f"confirm: {{after: 0s}}\npages: [pages.txt]\nsandbox: {os.environ.get('VARTA_SANDBOX', 'strict')}\n", encoding="utf-8")
        began = time.time()
        daemon = self.start(BUILD / "varta", "watch", "-c", str(self.folder / "varta.yaml"))
        wait_until(lambda: all(sum(at >= began for at in times) >= 3 for times in self.asked().values()), 60, "looking at the honest pages thrice")
        settled = time.time()
        time.sleep(seconds / 2)
        early = self.memory(daemon.pid)
        time.sleep(seconds)
        late = self.memory(daemon.pid)
        self.assertIsNone(daemon.poll(), (self.folder / "varta.log").read_text())
        delays = self.late(settled)
        daemon.terminate()
        self.assertEqual(daemon.wait(30), 0)
        self.processes.remove(daemon)
        out, _ = self.varta("pages", "--json", "--store", store)
        return delays, early, late, {one["url"]: one for one in map(json.loads, out.splitlines())}

    def test_the_daemon_lives_and_honest_pages_keep_their_turn(self):
        alone, *_ = self.watch_all(self.honest, 6)
        beside, early, late, pages = self.watch_all([*self.hostile, *self.tls, *self.honest], 16)
        for name, delays in {"alone": alone, f"beside {len(self.hostile) + len(self.tls)} hostile pages": beside}.items():
            print(f"honest pages {name}: {len(delays)} looks, {1000 * sum(delays) / len(delays):.0f} ms late on average, "
                  f"median {1000 * delays[len(delays) // 2]:.0f}, 95 % within {1000 * delays[len(delays) * 95 // 100]:.0f}, "
                  f"at most {1000 * delays[-1]:.0f}", file=sys.stderr)
        print(f"private kB early {early}, late {late}", file=sys.stderr)
        for url in self.honest:
            self.assertEqual(pages[url]["verdict"], "unchanged", url)
        for url in [*self.hostile, *self.tls]:
            self.assertIn("verdict", pages[url])
        self.assertEqual(pages[self.url("slow-headers")].get("cause"), "timeout")
        self.assertLess(beside[len(beside) // 2], INTERVAL / 2)  # how late exactly is told, not tested: other work on the machine is in it
        if not SANITIZED:
            for name, size in late.items():
                self.assertLess(size, early.get(name, size) * 1.3 + 16384, (name, early, late))


if __name__ == "__main__":
    main()
