"""Runs what a document shows: the commands of its ```console blocks, one after another on a booted machine, each compared with the
lines below it. In those, "…" stands for anything; a command with nothing below it must only succeed. What asks again and again does no
harm is asked again until its answer is the one shown."""
import pathlib
import re
import time

PATIENCE_S = 60
# These only look: what they say may come a little later.
LOOKS = re.compile(r"(varta (check|incidents|show|status|pages|evidence)|tail|journalctl|curl|systemctl is-active)\b")
FOUND = {"varta incidents": 1, "varta replay": 1}  # exit codes that are answers


class Wrong(Exception):
    pass


def commands(text):
    """(command with its here-document, lines shown) of every block, in order."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
        lines, at = block.splitlines(), 0
        while at < len(lines):
            if not lines[at].startswith("# "):
                raise Wrong(f"no command: {lines[at]}")
            command, at = [lines[at][2:]], at + 1
            end = re.search(r"<<'(\w+)'", command[0])
            while end and command[-1] != end[1]:
                command.append(lines[at])
                at += 1
            shown = []
            while at < len(lines) and not lines[at].startswith("# "):
                shown.append(lines[at])
                at += 1
            yield "\n".join(command), "\n".join(shown)


def pattern(shown):
    return re.compile(".*?".join(re.escape(part) for part in shown.split("…")), re.S)


def is_as_shown(said, shown):
    return pattern(shown.strip()).fullmatch(said.strip()) is not None


def run(machine, command, shown):
    end = time.monotonic() + PATIENCE_S
    while True:
        done = machine.start("bash", "-c", f"cd /root\n{command}")
        said = done.communicate(timeout=PATIENCE_S)[0].decode(errors="replace")
        fine = done.returncode in (0, next((code for words, code in FOUND.items() if command.startswith(words)), 0))
        if fine and (not shown or is_as_shown(said, shown)):
            return said
        if time.monotonic() > end or not LOOKS.match(command):
            raise Wrong(f"$ {command}\nexit code {done.returncode}\n{said}\n-- shown is:\n{shown}")
        time.sleep(0.5)


def play(machine, path, leave_out=("apt ",)):
    """Runs a document; gives how many commands ran. What begins with one of `leave_out` was done before."""
    ran = 0
    for command, shown in commands(pathlib.Path(path).read_text(encoding="utf-8")):
        if not command.startswith(leave_out):
            run(machine, command, shown)
            ran += 1
    return ran
