"""What the end-to-end cases share: a private nginx, a private rsyslog, an odd server for what no honest one would send, and varta
itself. Everything runs on loopback, in a folder of its own, and is ended by process id."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VARTA_BUILD", ROOT / "build")).resolve()
SANITIZED = os.environ.get("VARTA_SANITIZE", "none") != "none"  # then decoders may speak on standard error
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "NO_COLOR": "1", "TERM": "dumb"}


SANDBOX = os.environ.get("VARTA_SANDBOX")  # a level for every run that does not name one itself
SANDBOXED = ("check", "read", "ocr", "diff", "replay")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(condition, seconds=10, what="it"):
    """`what`: what was waited for, or a function that says it in the end, with what is known by then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what() if callable(what) else what} did not happen within {seconds} s")


def accepts(port):
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


class Case(unittest.TestCase):
    """A test with a folder of its own and processes that end with it."""
    through = ()  # commands that varta() starts it through

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="varta-case."))
        self.folder.chmod(0o755)
        self.processes = []
        self.store = self.folder / "store.db"

    def tearDown(self):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)

    def start(self, *command):
        log = open(self.folder / (pathlib.Path(command[0]).name + ".log"), "ab")
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        self.processes.append(process)
        return process

    def varta(self, *arguments, code=0, text=None):
        """Runs varta, checks its exit code (None: any), and gives (standard output, standard error)."""
        if SANDBOX and arguments and arguments[0] in SANDBOXED and "--sandbox" not in arguments:
            arguments = (arguments[0], "--sandbox", SANDBOX, *arguments[1:])
        done = subprocess.run([*self.through, BUILD / "varta", *map(str, arguments)], env=ENVIRONMENT, capture_output=True, timeout=300,
                              input=text.encode() if text is not None else b"")
        out, err = done.stdout.decode(), done.stderr.decode()
        if code is not None:
            self.assertEqual(done.returncode, code, f"varta {' '.join(map(str, arguments))}\n{out}\n{err}")
        return out, err

    def check(self, *arguments, code=0, text=None):
        """`varta check --json`: a dictionary of results by URL, and standard error."""
        out, err = self.varta("check", "--json", *arguments, code=code, text=text)
        return {result["url"]: result for result in map(json.loads, out.splitlines())}, err

    def nginx(self, server, port=None):
        """Starts nginx with the body of a server block; gives its port. Files come from folder/www."""
        port = port or free_port()
        www = self.folder / "www"
        www.mkdir(exist_ok=True)
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"""daemon off; {user} worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;
            events {{ worker_connections 512; }}
            http {{ log_format times '$msec $uri'; access_log {self.folder}/access.log; access_log {self.folder}/times.log times; client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2;
            fastcgi_temp_path {self.folder}/t3; uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
            types {{ text/html html; image/png png; image/jpeg jpg; text/plain txt; }} default_type application/octet-stream;
            server {{ listen 127.0.0.1:{port}; root {www}; {server} }} }}""", encoding="utf-8")
        self.start("nginx", "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log"))
        wait_until(lambda: accepts(port), what="nginx")
        return port

    def page(self, name, content):
        path = self.folder / "www" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f".{path.name}")
        whole.write_bytes(content if isinstance(content, bytes) else content.encode())
        whole.replace(path)  # at once: a look in between would find an empty page

    def rsyslog(self):
        """Starts rsyslog with UDP, TCP and a local socket; gives (port, path of the socket, path of the received lines)."""
        port = free_port()
        lines, local = self.folder / "received", self.folder / "log.sock"
        (self.folder / "rsyslog.conf").write_text(
            f"""global(workDirectory="{self.folder}")
            module(load="imudp") module(load="imtcp") module(load="imuxsock" SysSock.Use="off")
            input(type="imudp" address="127.0.0.1" port="{port}")
            input(type="imtcp" address="127.0.0.1" port="{port}")
            input(type="imuxsock" Socket="{local}" useSpecialParser="off")
            template(name="parts" type="list") {{
              constant(value="pri=") property(name="pri-text") constant(value=" app=") property(name="app-name")
              constant(value=" msgid=") property(name="msgid") constant(value=" via=") property(name="inputname")
              constant(value=" sd=") property(name="structured-data") constant(value=" msg=") property(name="msg")
              constant(value="\\n") }}
            action(type="omfile" file="{lines}" template="parts")""", encoding="utf-8")
        self.start("rsyslogd", "-n", "-f", str(self.folder / "rsyslog.conf"), "-i", str(self.folder / "rsyslog.pid"))
        wait_until(lambda: accepts(port) and local.exists(), what="rsyslog")
        return port, local, lines

    def odd_server(self, answer, apart=False):
        """A server that calls answer(connection, request bytes) for each connection; gives its port. `apart`: in a process of its own,
        which gives way to others, as one on another machine would."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection):
            with connection:
                connection.settimeout(20)
                try:
                    request = b""
                    while b"\r\n\r\n" not in request:
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        request += piece
                    answer(connection, request)
                except OSError:
                    pass

        if apart:
            pid = os.fork()
            if pid == 0:
                os.nice(5)
                serve()
                os._exit(0)
            self.addCleanup(os.waitpid, pid, 0)
            self.addCleanup(os.kill, pid, signal.SIGKILL)
        else:
            threading.Thread(target=serve, daemon=True).start()
        self.addCleanup(listener.close)
        return listener.getsockname()[1]


def main():
    """Exit code 77, which counts as skipped, when nothing was left of the tests but reasons."""
    outcome = unittest.main(verbosity=2, exit=False).result
    if outcome.wasSuccessful() and outcome.skipped and len(outcome.skipped) >= outcome.testsRun:
        sys.exit(77)
    sys.exit(0 if outcome.wasSuccessful() else 1)
