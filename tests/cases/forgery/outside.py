"""What stands outside of the watched network: a server of names that gives each name what NAMES says, changing its mind where a list of
lists says so, and web servers on every address that is given. Run in a network namespace.
    outside.py names ADDRESS QUESTIONS       the server of names; writes each question
    outside.py web REQUESTS ADDRESS…         web servers; writes address, path and headers of each request as JSON
A path "/to?URL" redirects there, "/refresh?URL" leads there by meta refresh, "/base?URL" names a base, "/pictures?URL URL…" shows pictures."""
import http.server
import json
import pathlib
import socket
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from texts import ministry  # noqa: E402

PUBLIC = ["193.29.204.1", "193.29.204.2", "193.29.204.3"]
NAMES = {
    "honest.test": PUBLIC[:1], "hop1.test": PUBLIC[:1], "hop2.test": PUBLIC[1:2], "hop3.test": PUBLIC[2:],
    "six.test": ["2a0e:97c0::1"],
    # inside, by every way a name can say it
    "private.test": ["10.20.30.40"], "loop.test": ["127.0.0.1"], "metadata.test": ["169.254.169.254"], "zero.test": ["0.0.0.0"],
    "loop6.test": ["::1"], "mapped.test": ["::ffff:10.20.30.40"], "nat64.test": ["64:ff9b::a14:1e28"], "unique-local.test": ["fd00::40"],
    "alias.test": "private.test", "alias-of-alias.test": "alias.test",
    # one name for both: what is inside is passed over, what is outside is used
    "both.test": ["10.20.30.40", PUBLIC[0]],
    # public when first asked, inside from then on
    "rebound-loop.test": [PUBLIC[:1], ["127.0.0.1"]], "rebound-private.test": [PUBLIC[:1], ["10.20.30.40"]],
    "rebound-mapped.test": [PUBLIC[:1], ["::ffff:10.20.30.40"]], "rebound-nat64.test": [PUBLIC[:1], ["64:ff9b::a14:1e28"]],
    "rebound-metadata.test": [PUBLIC[:1], ["169.254.169.254"]],
    "honest-again.test": [PUBLIC[:1], PUBLIC[1:2]],
}


# ---- names: RFC 1035, as much of it as getaddrinfo() asks for

A, CNAME, AAAA = 1, 5, 28


def wire_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def record(name, kind, data):
    return wire_name(name) + struct.pack(">HHIH", kind, 1, 0, len(data)) + data  # to be kept for no time at all


def addresses(name, kind, asked):
    """The addresses of that kind that the name has now."""
    now = NAMES[name]
    if isinstance(now[0], list):
        now = now[min(asked.get(name, 0), len(now) - 1)]
    family = socket.AF_INET6 if kind == AAAA else socket.AF_INET
    return [socket.inet_pton(family, one) for one in now if (":" in one) == (kind == AAAA)]


def answer(question, asked, log):
    at, labels = 12, []
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode("ascii", "replace").lower())
        at += 1 + question[at]
    kind = struct.unpack(">H", question[at + 1:at + 3])[0]
    name, records = ".".join(labels), []
    log.write(f"{name} {kind}\n")
    if name not in NAMES:
        return question[:2] + b"\x81\x83" + question[4:6] + b"\0\0\0\0\0\0" + question[12:at + 5]
    target = name
    while isinstance(NAMES[target], str):
        records.append(record(target, CNAME, wire_name(NAMES[target])))
        target = NAMES[target]
    if kind in (A, AAAA):
        records += [record(target, kind, one) for one in addresses(target, kind, asked)]
    return question[:2] + b"\x81\x80" + question[4:6] + struct.pack(">HHH", len(records), 0, 0) + question[12:at + 5] + b"".join(records)


def names(address, log):
    """A name changes its mind once both questions about it, A and AAAA, have been answered."""
    asked, seen = {}, {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, 53))
        log.write("ready\n")
        while True:
            question, peer = one.recvfrom(4096)
            one.sendto(answer(question, asked, log), peer)
            name = log.last.split()[0]
            seen.setdefault(name, set()).add(log.last.split()[1])
            if len(seen[name]) == 2:
                asked[name] = asked.get(name, 0) + 1
                seen[name] = set()


class Log:
    def __init__(self, path):
        self.file, self.last, self.lock = open(path, "a", encoding="utf-8", buffering=1), "", threading.Lock()

    def write(self, text):
        with self.lock:
            self.last = text
            self.file.write(text)


# ---- the web

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log = None

    def do_GET(self):
        path, _, target = self.path.partition("?")
        self.log.write(json.dumps({"at": self.connection.getsockname()[0], "path": path, "host": self.headers.get("Host"),
                                   "secrets": [name for name in ("Authorization", "Cookie") if name in self.headers]}) + "\n")
        self.send_response(302 if path == "/to" else 200)
        self.send_header("Set-Cookie", "session=of-this-host-only")
        body = b""
        if path == "/to":
            self.send_header("Location", target)
        else:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            body = page(path, target).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def page(path, target):
    shown = "".join(f"<img src='{one}' width=640 height=480>" for one in target.split("+")) if path == "/pictures" else ""
    head = {"/refresh": f"<meta http-equiv=refresh content='0;url={target}'>",
            "/base": f"<base href='{target}'>"}.get(path, "")
    if path == "/base":
        shown = "<img src='picture.png' width=640 height=480>"
    return ministry(extra=shown).replace("<head>", "<head>" + head)


class Server6(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


def web(log, where):
    Handler.log = log
    for address in where:
        server = Server6 if ":" in address else http.server.ThreadingHTTPServer
        threading.Thread(target=server((address, 80), Handler).serve_forever).start()
    log.write(json.dumps({"path": "ready"}) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "names":
        names(sys.argv[2], Log(sys.argv[3]))
    else:
        web(Log(sys.argv[2]), sys.argv[3:])
