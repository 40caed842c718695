"""The other ends of the sinks: a certificate authority, an HTTP receiver that checks signatures and misbehaves on request, and a
mail server that takes what RFC 5321 demands and no more."""
import base64
import hashlib
import hmac
import http.server
import socket
import socketserver
import ssl
import subprocess
import threading
import time


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:
    """Makes certificates in a folder with the openssl command."""

    def __init__(self, folder, name="ca"):
        self.folder, self.key, self.cert = folder, folder / f"{name}.key", folder / f"{name}.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-days", "30", "-keyout", self.key, "-out", self.cert)

    def issue(self, name, alternatives, days=30):
        """(certificate, key) for subjectAltName `alternatives`; negative days make one that has expired."""
        key, cert, request, extra = (self.folder / f"{name}.{end}" for end in ("key", "pem", "csr", "ext"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", key, "-out", request)
        extra.write_text(f"subjectAltName={alternatives}\nbasicConstraints=CA:FALSE\n")
        openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key, "-CAcreateserial", "-days", days,
                "-extfile", extra, "-out", cert)
        key.chmod(0o644)
        return cert, key


def server_context(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


class Receiver:
    """An HTTP server. `acts` are how it answers the next requests, then it answers 204: a status, "hang", "reset", "redirect"."""

    def __init__(self, key=None, context=None):
        self.key, self.requests, self.acts, self.bad_signatures = key, [], [], 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.take(self, body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, handler, body):
        self.requests.append((handler.headers, body))
        if self.key is not None:
            signed = handler.headers["X-Varta-Timestamp"].encode() + b"." + body
            expected = "sha256=" + hmac.new(self.key, signed, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(expected, handler.headers.get("X-Varta-Signature", "")):
                self.bad_signatures += 1
        act = self.acts.pop(0) if self.acts else 204
        if act == "hang":
            time.sleep(6)
        if act in ("hang", "reset"):
            handler.close_connection = True
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        text = b"" if act == 204 else b"no \x1b[2J\xe2\x80\xae\nway"
        handler.send_response(302 if act == "redirect" else act)
        if act == "redirect":
            handler.send_header("Location", f"http://127.0.0.1:{self.port}/elsewhere")
        if act != 204:
            handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class MailServer:
    """A mail server. `refuse` is a command it answers with a permanent error; with `login` it demands AUTH, with a `context` it offers
    STARTTLS, or speaks TLS from the start when `direct`."""

    def __init__(self, login=None, context=None, direct=False):
        self.login, self.context, self.refuse, self.mails, self.logins = login, context, None, [], []
        self.secured = []
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                try:
                    outer.talk(outer.secure(self.request) if direct else self.request, direct)
                except OSError:
                    pass
                finally:
                    for connection in outer.secured:
                        connection.close()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def secure(self, connection):
        self.secured.append(self.context.wrap_socket(connection, server_side=True))
        return self.secured[-1]

    def talk(self, connection, secure):
        stream = connection.makefile("rb")

        def say(text):
            connection.sendall(text.encode() + b"\r\n")

        say("220 mail.example ESMTP")
        sender, recipients, known = None, [], self.login is None
        while True:
            line = stream.readline().rstrip(b"\r\n").decode()
            verb = line.upper().split(" ")[0]
            if not line or verb == "QUIT":
                say("221 bye")
                return
            if self.refuse and line.upper().startswith(self.refuse):
                say("550 \x1b[31mnot here\x1b[0m")
            elif verb == "EHLO":
                offers = ["mail.example", "8BITMIME"]
                offers += ["STARTTLS"] if self.context and not secure else []
                offers += ["AUTH PLAIN"] if self.login and (secure or not self.context) else []
                say("\r\n".join(f"250{'-' if i + 1 < len(offers) else ' '}{offer}" for i, offer in enumerate(offers)))
            elif verb == "STARTTLS":
                say("220 go ahead")
                connection = self.secure(connection)
                stream, secure = connection.makefile("rb"), True
            elif verb == "AUTH":
                words = line.split(" ")
                if len(words) < 3:
                    say("334 ")
                    words.append(stream.readline().strip().decode())
                given = base64.b64decode(words[2]).decode().split("\0")[1:]
                self.logins.append((secure, *given))
                known = tuple(given) == self.login
                say("235 welcome" if known else "535 no")
            elif not known:
                say("530 log in first")
            elif verb == "MAIL":
                sender = line
                say("250 ok")
            elif verb == "RCPT":
                recipients.append(line)
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (text := stream.readline()) not in (b".\r\n", b""):
                    lines.append(text[1:] if text.startswith(b".") else text)
                self.mails.append((sender, recipients, b"".join(lines), secure))
                recipients = []
                say("250 taken")
            else:
                say("250 ok")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
