#!/usr/bin/env python3
"""HTTP/2 over TLS: an nginx, a server of our own that writes honest frames, and the same one breaking the rules in every way of
frames.py. Each oddity ends by a limit, is named, and keeps nobody waiting."""
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import frames  # noqa: E402
from certificates import certificate  # noqa: E402
from scene import ENVIRONMENT, SANITIZED, Case, main  # noqa: E402
from texts import ministry  # noqa: E402

TIMEOUT = 10
# What may be said of each, as a cause or a verdict; where a page came whole, or as far as a browser shows it, it is judged. A machine that
# is busy elsewhere may be late with anything.
MAY_SAY = {"protocol", "reset", "too-large", "tls-failed", "empty", "new"}
MUST_SAY = {"endless_body": {"new"}, "reset_at_once": {"reset"}, "silence": set(), "no_frames_at_all": {"protocol", "reset"}}


def serve(connection, context, pages):
    """One connection: takes the preface and the first request, then says what its name's page says."""
    names = []
    context.sni_callback = lambda one, name, _: names.append(name)
    try:
        with context.wrap_socket(connection, server_side=True) as secure:
            if secure.selected_alpn_protocol() != "h2":
                return
            secure.settimeout(20)
            got = b""
            while stream_of(got) is None:
                piece = secure.recv(65536)
                if not piece:
                    return
                got += piece
            threading.Thread(target=drain, args=(secure,), daemon=True).start()
            secure.sendall(frames.frame(frames.SETTINGS, 0, 0))
            for piece in pages[(names[0] or "").partition(".")[0]](stream_of(got), ministry().encode()):
                secure.sendall(piece)
            threading.Event().wait(20)
    except OSError:
        pass


def drain(secure):
    try:
        while secure.recv(65536):
            pass
    except (OSError, ValueError):
        pass


def stream_of(got):
    """The number of the first request's stream in what a client sent; None before it has come."""
    at = len(frames.PREFACE)
    while at + 9 <= len(got):
        size, kind, stream = int.from_bytes(got[at:at + 3], "big"), got[at + 3], int.from_bytes(got[at + 5:at + 9], "big")
        if kind == frames.HEADERS:
            return stream
        at += 9 + size
    return None


class Http2(Case):
    def setUp(self):
        super().setUp()
        ENVIRONMENT["SSL_CERT_FILE"] = str(self.folder / "ca.pem")
        self.addCleanup(ENVIRONMENT.pop, "SSL_CERT_FILE")
        pages = {one.__name__.replace("_", "-"): one for one in (*frames.HONEST, *frames.ODD)}
        files = certificate(self.folder, "*.case.localhost")
        self.port = self.server(files, pages)
        self.page("index.html", ministry())
        certificate_lines = f"ssl_certificate {files[0]}; ssl_certificate_key {files[1]}; charset utf-8;"
        plain = self.nginx(f"listen 127.0.0.1:{self.port_for_tls()} ssl http2; {certificate_lines}")
        self.assertTrue(plain)

    def port_for_tls(self):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.tls = one.getsockname()[1]
        return self.tls

    def server(self, files, pages):
        """In processes of its own, one a connection, which give way to others, as ones on another machine would."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        context.set_alpn_protocols(["h2"])
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            os.nice(5)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            while True:
                connection, _ = listener.accept()
                if os.fork() == 0:
                    signal.alarm(60)
                    serve(connection, context, pages)
                    os._exit(0)
                connection.close()
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.killpg, pid, signal.SIGKILL)
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def url(self, page):
        return f"https://{page.__name__.replace('_', '-')}.case.localhost:{self.port}/"

    def test_oddities_beside_honest_pages(self):
        nginx = f"https://nginx.case.localhost:{self.tls}/"
        honest = [nginx, *map(self.url, frames.HONEST)]
        results, err = self.check("--timeout", str(TIMEOUT), *map(self.url, frames.ODD), *honest, code=None)
        late = [url for url in honest if results[url].get("cause") == "timeout"]  # first looks share one fetcher, and the machine may be busy
        results.update(self.check("--timeout", "30", *late)[0] if late else {})
        for url in honest:
            with self.subTest(url):
                self.assertEqual(results[url]["verdict"], "new", results[url])
        for page in frames.ODD:
            name, result = page.__name__, results[self.url(page)]
            with self.subTest(name):
                said = result.get("cause", result["verdict"])
                self.assertIn(said, MUST_SAY.get(name, MAY_SAY) | {"timeout"}, result)
                self.assertIn("cut after" if said == "new" and name == "endless_body" else "", " ".join(result.get("notes", [])))
            print(f"{name}: {said} {result.get('notes', '')}", file=sys.stderr)
        self.assertNotIn("varta-fetch", err)  # it neither died nor was ended

    def test_it_is_http_2_that_is_spoken(self):
        """Else the case above would prove nothing."""
        self.check("--timeout", str(TIMEOUT), f"https://nginx.case.localhost:{self.tls}/")
        self.assertIn("HTTP/2.0", (self.folder / "access.log").read_text())
        done = subprocess.run(["curl", "-sv", "--max-time", "10", "--cacert", self.folder / "ca.pem", self.url(frames.plain)], capture_output=True,
                              text=True, check=False)
        self.assertIn("HTTP/2 200", done.stderr)

    def test_memory_of_the_fetcher(self):
        """All of them again and again in one fetcher: what it holds does not grow."""
        if SANITIZED:
            self.skipTest("a sanitizer keeps what was freed")
        pages = [self.url(page) + f"?{i}" for i in range(6) for page in (frames.swelling_headers, frames.many_headers, frames.endless_body,
                                                                         frames.settings_flood, frames.endless_continuation)]
        results, err = self.check("--timeout", str(TIMEOUT), *pages, code=None)
        self.assertEqual(len(results), len(pages))
        self.assertNotIn("varta-fetch", err)


if __name__ == "__main__":
    main()
