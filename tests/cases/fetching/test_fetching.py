#!/usr/bin/env python3
"""Fetching from real servers: redirects, TLS and HTTP/2, compression, politeness, what is asked for and what is not."""
import gzip
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import ENVIRONMENT, Case, free_port, main  # noqa: E402
from texts import ministry  # noqa: E402


def answer_with(body, headers=b""):
    return (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + headers +
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


class Fetching(Case):
    def log(self):
        return (self.folder / "access.log").read_text(encoding="utf-8")

    def test_redirects_are_followed_and_recorded(self):
        self.page("end.html", ministry())
        port = self.nginx("charset utf-8; location = /a { return 301 /b; } location = /b { return 302 http://127.0.0.1:$server_port/end.html; }")
        url = f"http://127.0.0.1:{port}/a"
        results, _ = self.check(url)
        http = results[url]["http"]
        self.assertEqual(http["final_url"], f"http://127.0.0.1:{port}/end.html")
        self.assertEqual([hop["status"] for hop in http["redirects"]], [301, 302])
        self.assertEqual(http["redirects"][0]["from"], url)

    def test_meta_refresh_is_followed_as_a_browser_would(self):
        self.page("end.html", ministry())
        self.page("index.html", "<meta http-equiv=refresh content='0; url=end.html'>")
        port = self.nginx("charset utf-8;")
        url = f"http://127.0.0.1:{port}/"
        results, _ = self.check(url)
        self.assertTrue(results[url]["http"]["final_url"].endswith("/end.html"))
        self.assertIn("Міністерство", results[url]["message"])

    def test_pictures_are_fetched_but_no_style_script_or_font(self):
        self.page("index.html", ministry(extra="<link rel=stylesheet href=s.css><script src=s.js></script><img src='p.png' width=600>"
                                               "<img src=tiny.png width=1 height=1><style>@font-face{src:url(f.woff)}"
                                               "body{background:url('b.png')}</style>"))
        port = self.nginx("charset utf-8;")
        self.check(f"http://127.0.0.1:{port}/")
        asked = {line.split('"')[1].split()[1] for line in self.log().splitlines()}
        self.assertEqual(asked, {"/", "/p.png", "/b.png", "/tiny.png"})  # a style sheet may make one pixel fill the screen

    def test_kept_connections_and_our_name(self):
        for i in range(30):
            self.page(f"{i}.html", ministry())
        port = self.nginx("charset utf-8; keepalive_requests 1000;")
        self.check("--parallel", "4", "--contact", "cert@example.org", *[f"http://127.0.0.1:{port}/{i}.html" for i in range(30)])
        self.assertEqual(self.log().count("varta/"), 30)
        self.assertEqual(self.log().count("; +cert@example.org)"), 30)

    def test_many_at_once_but_few_to_one_host(self):
        lock, now, most = threading.Lock(), [0], [0]

        def answer(connection, _):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.3)
            with lock:
                now[0] -= 1
            connection.sendall(answer_with(ministry().encode()))

        ports = [self.odd_server(answer) for _ in range(5)]
        self.check(*[f"http://127.0.0.1:{port}/{i}" for port in ports for i in range(8)])
        self.assertGreater(most[0], 10)
        self.assertLessEqual(most[0], 30)

    def test_waiting_for_our_own_limit_is_no_timeout(self):
        def answer(connection, _):
            time.sleep(1.5)
            connection.sendall(answer_with(ministry().encode()))
        port = self.odd_server(answer)
        urls = [f"http://127.0.0.1:{port}/{i}" for i in range(24)]
        results, _ = self.check("--timeout", "4", *urls)
        self.assertEqual({result["verdict"] for result in results.values()}, {"new"})

    def test_what_is_no_whole_answer_is_told_as_that(self):
        answers = {"protocol": b"\0\1\2 hello\r\n\r\n", "reset": b"HTTP/1.1 200 OK\r\nContent-Type: text/ht", "empty": answer_with(b"")}
        urls = {cause: f"http://127.0.0.1:{self.odd_server(lambda connection, _, answer=answer: connection.sendall(answer))}/"
                for cause, answer in answers.items()}
        ftp = self.odd_server(lambda connection, _: connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        urls["bad-scheme"] = f"http://127.0.0.1:{ftp}/"
        results, _ = self.check(*urls.values(), code=3)
        self.assertEqual({cause: results[url]["cause"] for cause, url in urls.items()}, {cause: cause for cause in urls})

    def test_gzip_and_international_hosts(self):
        port = self.odd_server(lambda connection, request: connection.sendall(
            answer_with(gzip.compress(ministry(extra=request.split(b"Host: ")[1].split(b":")[0].decode()).encode()), b"Content-Encoding: gzip\r\n")))
        url = f"http://президент.localhost:{port}/"
        results, _ = self.check(url)
        self.assertEqual(results[url]["verdict"], "new")
        self.assertIn("xn--d1abbgf6aiiy.localhost", self.varta("read", url)[0])

    def test_tls_is_verified_and_speaks_http_2(self):
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=gov.localhost", "-addext",
                        "subjectAltName=DNS:gov.localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.page("index.html", ministry())
        port = free_port()
        self.nginx(f"charset utf-8; listen 127.0.0.1:{port} ssl http2; ssl_certificate {certificate}; ssl_certificate_key {key};")
        url, other = f"https://gov.localhost:{port}/", f"https://other.localhost:{port}/"
        results, _ = self.check(url, code=3)
        self.assertEqual((results[url]["verdict"], results[url]["cause"]), ("unavailable", "certificate"))
        ENVIRONMENT["SSL_CERT_FILE"] = str(certificate)
        self.addCleanup(ENVIRONMENT.pop, "SSL_CERT_FILE")
        results, _ = self.check(url, other, code=3)
        self.assertEqual(results[url]["verdict"], "new")
        self.assertEqual(results[other]["cause"], "certificate")
        self.assertIn('"GET / HTTP/2.0"', self.log())

    def test_windows_1251_and_koi8_u_without_any_header(self):
        for charset in ("windows-1251", "koi8-u"):
            self.page(f"{charset}.html", ministry().replace('charset="utf-8"', f'charset="{charset}"').encode(charset, "replace"))
        port = self.nginx("charset off;")
        for charset in ("windows-1251", "koi8-u"):
            out, _ = self.varta("read", f"http://127.0.0.1:{port}/{charset}.html")
            self.assertIn("Міністерство сталого розвитку України", out)
            self.assertIn(f"{charset.lower()} (meta)", out.lower())


if __name__ == "__main__":
    main()
