#!/usr/bin/env python3
"""Checks docs/THREATS.md: each test it names is there (a test of meson's, or a case in the sources of the tests), each line says what shows it,
each process of src/workers/roles.h has one, and each test of the security suite is named. Usage: threats.py SOURCE_ROOT BUILD_ROOT"""
import json
import pathlib
import re
import subprocess
import sys

LEVELS = (" tolerant", " off")  # the same cases under the other levels


def rows(text):
    """The table's lines as lists of cells, without heads."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and not line.startswith("|---") and cells[0] not in ("process", "class"):
            yield cells


def main(root, build):
    root = pathlib.Path(root)
    text = (root / "docs/THREATS.md").read_text(encoding="utf-8")
    tests = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    names = {one["name"] for one in tests}
    sources = "".join(path.read_text(encoding="utf-8") for kind in ("*.c", "*.py") for path in sorted((root / "tests").rglob(kind)))
    words, faults, named = set(re.findall(r"\w+", sources)), [], set()
    for cells in rows(text):
        shown = re.findall(r"`([^`]+)`", cells[-1])
        if not shown and cells[-1] not in ("the same", "by design", "see the cases"):
            faults.append(f"nothing shows: {cells[0] or cells[2]}")
        named |= set(shown)
        faults += [f"there is no test called {one}" for one in shown if one not in names and (" " in one or one not in words)]
    for process in re.findall(r"^ \*     (varta\S*)", (root / "src/workers/roles.h").read_text(encoding="utf-8"), re.M):
        if not re.search(rf"^\| [^|]*\b{process}\b", text, re.M):
            faults.append(f"{process} is not in the table")
    security = {one["name"] for one in tests if "security" in "".join(one["suite"])}
    for one in sorted(security - named):
        if not one.endswith(LEVELS) and f"`{one}`" not in text:
            faults.append(f"the security suite's {one} is not named")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(named)} names, {len(security)} tests of the suite, {len(faults)} faults")
    return 1 if faults or len(named) < 20 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
