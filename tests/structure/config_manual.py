#!/usr/bin/env python3
"""Checks that varta.yaml(5) and the table of keys tell the same: every key of one stands in the other, with the same type, default, bounds and
words, and with an example that varta takes; and that the sample configuration has every key. Usage: config_manual.py VARTA SOURCE_ROOT"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ENTRY = re.compile(r"^\*([a-zA-Z_.]+)\* \(_([^_]+)_(?:, (?:\*(?P<default>[^*]+)\*|as \*(?P<inherits>[^*]+)\*|(?P<required>required)))?\)\n((?:\t.*\n)+)", re.M)
NEEDED = {"type": "", "url": "url: https://hook.example/", "path": "path: /x", "command": "command: [/bin/sh]", "from": "from: a@b.example"}
BESIDE = {"user": ["secret_file: x"], "cert_file": ["key_file: client.key", "target: tls:a.example"], "key_file": ["cert_file: client.pem", "target: tls:a.example"]}


def documented(text):
    entries = {}
    for match in ENTRY.finditer(text):
        body = match[6]
        bounds = re.search(r"From \*(\S+)\* to\s+\*(\S+)\*\.", body)
        words = re.search(r"One of ((?:\*[a-z0-9]+\*,?\s*)+)", body)
        default = re.search(r"Default: \*(.+)\*", body)
        example = re.search(r"Example: \*(.+)\*$", body, re.M)
        entries[match[1]] = {
            "type": match[2], "inherits": match["inherits"], "required": bool(match["required"]),
            "default": default[1] if default else match["default"] or "",
            "bounds": bounds.groups() if bounds else None,
            "words": re.findall(r"\*([a-z0-9]+)\*", words[1]) if words else None,
            "sinks": re.findall(r"\*([a-z]+)\*", kinds[1]) if (kinds := re.search(r"\sFor ((?:\*[a-z]+\*,?\s*)+)\.", body)) else None,
            "example": example[1] if example else None,
        }
    return entries


def compare(key, told):
    name = key["key"]
    if not told:
        yield f"varta.yaml(5) does not document {name}"
        return
    inherits, required = key.get("inherits"), key["default"] is None and not key.get("inherits")
    wanted = {"type": key["type"], "inherits": inherits, "required": required, "default": key["default"] or "",
              "bounds": (key["least"], key["most"]) if "least" in key else None,
              "words": key["words"] if key["type"] == "word" else None,
              "sinks": key["sinks"] if len(key.get("sinks", [])) not in (0, 7) else None}
    for fact, value in wanted.items():
        if told[fact] != value:
            yield f"varta.yaml(5) says of {name} that {fact} is {told[fact]!r}; it is {value!r}"
    if not told["example"]:
        yield f"varta.yaml(5) gives no example of {name}"


def lines_of(key, example, kind):
    """A configuration around the example of one key."""
    parts = key["key"].split(".")
    if parts[0] == "groups":
        return ["groups:", "  g:", "    " + example, "sinks: {soc: {type: journal}}"]
    if parts[0] != "sinks":
        return [example] if len(parts) == 1 else [parts[0] + ":", "  " + example]
    if parts[2] == "type":
        kind, example = "syslog", ""
    lines = {"webhook": ["url"], "mail": ["url", "from"], "exec": ["command"], "nagios": ["path"], "file": ["path"]}.get(kind, [])
    lines = [NEEDED[line] for line in lines if line != parts[2]] + BESIDE.get(parts[2], [])
    lines = [line.replace("https://", "smtp://") if kind == "mail" else line for line in lines]
    return ["sinks:", "  s:", f"    type: {kind}"] + ["    " + line for line in lines + [example] if line]


def try_example(varta, folder, key, example):
    kind = next((kind for kind in key.get("sinks", [""]) if kind != "mail" or key["key"].split(".")[2] in ("to", "from", "user")), "")
    path = folder / "varta.yaml"
    path.write_text("\n".join(lines_of(key, example, kind)) + "\n", encoding="utf-8")
    done = subprocess.run([varta, "config", "check", path], capture_output=True, text=True)
    if done.returncode:
        yield f"varta.yaml(5): the example of {key['key']} is refused: {done.stderr.strip()}"


def check_sample(varta, root, keys):
    path = root / "samples/varta.yaml"
    done = subprocess.run([varta, "config", "check", path], capture_output=True, text=True)
    if done.returncode or done.stderr:
        yield f"samples/varta.yaml: {done.stderr.strip()}"
    section, written = "", set()
    for line in path.read_text(encoding="utf-8").splitlines():
        top, below = re.match(r"(?:# )?([a-z_]+):", line), re.match(r" {2,4}(?:# )?([a-z_]+):", line)
        section = top[1] if top else section
        written |= {top[1]} if top else {f"{section}.{below[1]}"} if below else set()
    for key in keys:
        if key["key"].replace("NAME.", "") not in written:
            yield f"samples/varta.yaml does not have {key['key']}"


def main(varta, root):
    root = pathlib.Path(root)
    table = subprocess.run([varta, "config", "keys", "--json"], capture_output=True, text=True, check=True).stdout
    keys = [json.loads(line) for line in table.splitlines()]
    entries = documented((root / "man/varta.yaml.5.scd").read_text(encoding="utf-8"))
    faults = [fault for key in keys for fault in compare(key, entries.get(key["key"]))]
    faults += [f"varta.yaml(5) documents {name}, which is no key" for name in entries if name not in {key["key"] for key in keys}]
    with tempfile.TemporaryDirectory(prefix="varta-manual.") as name:
        folder = pathlib.Path(name)
        for file in ("pages.txt", "ministries.txt", "embassies.txt", "ca.pem", "client.pem", "client.key"):
            (folder / file).touch()
        for key in keys:
            if entries.get(key["key"], {}).get("example"):
                faults += try_example(varta, folder, key, entries[key["key"]]["example"])
    faults += check_sample(varta, root, keys)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(keys)} keys, {len(entries)} documented, {len(faults)} faults")
    return 1 if faults or len(keys) < 20 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
