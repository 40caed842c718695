#!/usr/bin/env python3
"""Checks that each command's --help and its manual page name the same options. Usage: manual.py VARTA SOURCE_ROOT"""
import pathlib
import re
import subprocess
import sys


def main(varta, root):
    faults = []
    listing = subprocess.run([varta, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z]+) ", listing, re.M)
    overview = (pathlib.Path(root) / "man/varta.1.scd").read_text(encoding="utf-8")
    for command in commands:
        said = subprocess.run([varta, command, "--help"], capture_output=True, text=True, check=True).stdout
        if f"*varta {command}*" not in overview:
            faults.append(f"varta.1 does not name varta {command}")
        page = pathlib.Path(root) / f"man/varta-{command}.1.scd"
        text = page.read_text(encoding="utf-8") if page.exists() else overview
        faults += [f"varta {command} --help is wider than 80 columns: {line}" for line in said.splitlines() if len(line) > 80]
        options = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", said)) - {"--help"}
        documented = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text))
        for option in sorted(options - documented):
            faults.append(f"{page.name if page.exists() else 'varta.1.scd'} does not document {command} {option}")
        if page.exists():
            for option in sorted(documented - options - {"--help", "--store"}):
                faults.append(f"{page.name} documents {option}, which varta {command} --help does not name")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(commands)} commands, {len(faults)} faults")
    return 1 if faults or not commands else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
