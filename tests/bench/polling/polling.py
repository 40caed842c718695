#!/usr/bin/env python3
"""How fast many pages are checked, beside curl --parallel and urlwatch, in the same run, against one nginx on loopback.
Usage: polling.py VARTA [PAGES [PAGES…]]   (default 1000; urlwatch is left out above 2000, and when it is not installed)

Each page is about 9 KB of Ukrainian text with a menu and a foot; four addresses of a /8 share the pages, as sites share servers.
The peers take turns, five times; figures are medians, ratios medians of those within a round; CPU seconds say more than others on a busy machine. 'token' means that every page differs by a token each time; 'latency' that nginx
answers 200 ms late. Memory is the largest resident set of the largest process.

A figure spans the whole run of a program, from its start to its end: varta's start of its helpers, models and cages, a new store and the closing of it
are in it, as python's start is in urlwatch's. Both keep what they learnt: urlwatch forces it to the disk four times a page, varta a few times a second, in
transactions of many pages, so the disk decides a first run more than either program. TMPDIR=/dev/shm leaves the disk out."""
import os
import pathlib
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = """громадян послуги міністерство наказ порядок засідання комітет область бюджет розвиток програма освіта енергетика
довкілля реєстр заявка документи служба приймальня звіт рішення договір закупівля тендер конкурс посада кадри контроль перевірка
підтримка регіон громада дорога школа лікарня мережа станція обладнання ремонт графік центр надання кабінет електронний підпис""".split()
HOSTS = 250
RUNS = 5


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def page(number):
    chance = random.Random(number)
    items = []
    while sum(map(len, items)) < 4600:
        items.append(f"<article><h2>{' '.join(chance.choices(WORDS, k=5)).capitalize()}</h2><p>"
                     + " ".join(chance.choices(WORDS, k=35)).capitalize() + ".</p></article>\n")
    menu = "".join(f"<li><a href='/{name}.html'>{text}</a></li>" for name, text in [
        ("pro", "Про нас"), ("novyny", "Новини"), ("poslugy", "Послуги"), ("zakony", "Законодавство"), ("kontakty", "Контакти")])
    return (f"<!DOCTYPE html><html lang='uk'><head><meta charset='utf-8'><title>Управління номер {number}</title></head><body><nav><ul>{menu}</ul></nav>"
            f"<h1>Управління номер {number}</h1>\n{''.join(items)}<footer>вул. Садова, 7, Київ. Телефон 0 800 500 {number % 900 + 100}."
            f" <!--#echo var='request_id'--></footer></body></html>")


class Server:
    def __init__(self, count):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="varta-bench."))
        self.folder.chmod(0o755)
        www = self.folder / "www"
        www.mkdir()
        for i in range(count):
            (www / f"p{i}.html").write_text(page(i), encoding="utf-8")
        self.ports = {kind: free_port() for kind in ("plain", "token", "late")}
        user = "user root;" if os.getuid() == 0 else ""
        temp = "".join(f"{name}_temp_path {self.folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"""{user} worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/errors; worker_rlimit_nofile 8192;
            events {{ worker_connections 4096; }} http {{ access_log off; {temp} types {{ text/html html; }} keepalive_requests 1000000;
            server {{ listen 0.0.0.0:{self.ports['plain']} backlog=4096; root {www}; }}
            server {{ listen 0.0.0.0:{self.ports['token']} backlog=4096; root {www}; ssi on; }} }}""")
        subprocess.run(["nginx", "-c", self.folder / "nginx.conf", "-e", self.folder / "errors"], check=True)
        self.late = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("late.py"), str(self.ports["late"]),
                                      str(self.ports["plain"]), "0.2"])
        time.sleep(0.5)

    def urls(self, kind, count):
        return [f"http://127.0.{1 + i % HOSTS // 250}.{1 + i % HOSTS}:{self.ports[kind]}/p{i}.html" for i in range(count)]

    def stop(self):
        os.kill(int((self.folder / "pid").read_text()), 15)
        self.late.kill()
        self.late.wait()
        time.sleep(0.2)
        shutil.rmtree(self.folder)


def run(*command, cwd, stdin=None):
    """Seconds, the largest resident set in MiB, and CPU seconds of it and all its children."""
    before = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{command}: {os.waitstatus_to_exitcode(status)} {err.decode()[-500:]}")
    return time.monotonic() - before, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def alternate(*peers):
    """Each peer in turn, RUNS times, so that what else the machine does meets them alike. None stays None."""
    rounds = [[peer() if peer else None for peer in peers] for _ in range(RUNS)]
    return [[one[i] for one in rounds] if peer else None for i, peer in enumerate(peers)]


def median_ratio(results, base, field):
    return statistics.median(one[field] / other[field] for one, other in zip(results, base))


class Peers:
    def __init__(self, varta, server):
        self.varta, self.server, self.folder = varta, server, server.folder

    def curl(self, urls):
        config = self.folder / "curl.cfg"
        config.write_text("".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls))
        return run("curl", "-s", "--parallel", "--parallel-max", "300", "-K", str(config), cwd=self.folder)

    def urlwatch(self, urls, fresh):
        folder = self.folder / "urlwatch"
        if fresh and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(exist_ok=True)
        (folder / "urls.yaml").write_text("---\n".join(f"url: {url}\n" for url in urls))
        (folder / "config.yaml").write_text("report: {stdout: {enabled: true}}\n")
        return run("urlwatch", "--urls", folder / "urls.yaml", "--config", folder / "config.yaml", "--cache", folder / "cache.db",
                   cwd=folder)

    def check(self, urls, fresh):
        store, listed = self.folder / "store.db", self.folder / "pages.txt"
        if fresh:
            for name in ("store.db", "store.db-wal", "store.db-shm"):
                (self.folder / name).unlink(missing_ok=True)
        listed.write_text("\n".join(urls) + "\n")
        return run(self.varta, "check", "-q", "--store", store, "--learn", "--parallel", "256", "-f", listed, cwd=self.folder)


def row(name, *cells):
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def cell(results, base=None, urlwatch=None):
    if not results:
        return "–"
    text = (f"{statistics.median(one[0] for one in results):.2f} s, CPU {statistics.median(one[2] for one in results):.2f} s, "
            f"{max(one[1] for one in results):.0f} MiB")
    if base:
        text += f" ({median_ratio(results, base, 0):.1f}×, CPU {median_ratio(results, base, 2):.1f}×)"
    if urlwatch:
        text += f"; {median_ratio(urlwatch, results, 0):.1f} times faster than urlwatch, CPU {median_ratio(urlwatch, results, 2):.1f}"
    return text


def compare(peers, count):
    plain, token, late = (peers.server.urls(kind, count) for kind in ("plain", "token", "late"))
    with_urlwatch = shutil.which("urlwatch") and count <= 2000
    print(f"\nLoad {'/'.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} cores; medians of {RUNS} rounds, ratios within each round.")
    print(f"\n| {count} pages | curl --parallel | urlwatch | varta check (times curl's) |\n|---|---|---|---|", flush=True)

    def line(name, urls, fresh, urlwatch):
        curl, other, check = alternate(lambda: peers.curl(urls), (lambda: peers.urlwatch(urls, fresh)) if urlwatch else None,
                                       lambda: peers.check(urls, fresh))
        row(name, cell(curl), cell(other), cell(check, curl, other))

    line("first run", plain, True, with_urlwatch)
    peers.check(plain, False)
    line("unchanged", plain, False, with_urlwatch)
    peers.check(token, True)
    line("a token differs", token, False, False)
    if count <= 2000:
        peers.check(late, True)
        line("200 ms latency, unchanged", late, False, False)


def main():
    varta = pathlib.Path(sys.argv[1]).resolve()
    counts = [int(word) for word in sys.argv[2:]] or [1000]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    server = Server(max(counts))
    try:
        for count in counts:
            compare(Peers(varta, server), count)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
