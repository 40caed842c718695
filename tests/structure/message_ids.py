#!/usr/bin/env python3
"""Checks that varta-notice(5) and the code name the same kinds with the same MESSAGE_IDs, the same journal fields, syslog parameters and
variables, and that the signature check in the manual is right. Usage: message_ids.py SOURCE_ROOT"""
import hashlib
import hmac
import pathlib
import re
import sys
import time


def names(text, pattern):
    return set(re.findall(pattern, text))


def main(root):
    root = pathlib.Path(root)
    source = {name: (root / "src" / name).read_text(encoding="utf-8") for name in (
        "pipeline/alert/notice.c", "pipeline/alert/journal_fields.c", "pipeline/alert/syslog_line.c", "watch/hook.c")}
    page = (root / "man/varta-notice.5.scd").read_text(encoding="utf-8")
    alert = (root / "man/varta-alert.1.scd").read_text(encoding="utf-8")
    kinds = dict(re.findall(r'\[(NOTICE_\w+)\] = "([a-z-]+)"', source["pipeline/alert/notice.c"]))
    ids = dict(re.findall(r'\[(NOTICE_\w+)\] = "([0-9a-f]{32})"', source["pipeline/alert/journal_fields.c"]))
    documented = dict(re.findall(r"^\|  ([a-z-]+)\n:  ([0-9a-f]{32})$", page, re.M))
    faults = []
    if len(kinds) < 12 or {kinds[key]: ids.get(key) for key in kinds} != documented:
        faults.append(f"kinds and MESSAGE_IDs differ: {kinds}, {ids}, manual {documented}")
    fields = names(source["pipeline/alert/journal_fields.c"], r"\b(VARTA_[A-Z_]+)\b")
    if fields != names(page, r"\b(VARTA_[A-Z_]+)\b"):
        faults.append(f"journal fields differ: {fields ^ names(page, r'VARTA_[A-Z_]+')}")
    syslog = page[page.index("# SYSLOG"):page.index("# JOURNAL")]
    parameters = names(source["pipeline/alert/syslog_line.c"], r'add_(?:parameter|number)\(out, "([a-z]+)"') | {"score", "languages"}
    if not parameters <= names(syslog, r"\*([a-z]+)\*"):
        faults.append(f"syslog parameters not documented: {parameters - names(syslog, r'[*]([a-z]+)[*]')}")
    variables = names(source["watch/hook.c"], r'"(VARTA_[A-Z_]+)"')
    if variables != names(alert, r"\b(VARTA_[A-Z_]+)\b"):
        faults.append(f"variables of hooks differ: {variables ^ names(alert, r'VARTA_[A-Z_]+')}")
    example = {}
    exec(page.split("```")[1], example)
    now = str(int(time.time()))
    good = {"X-Varta-Timestamp": now,
            "X-Varta-Signature": "sha256=" + hmac.new(b"key", f"{now}.{{}}".encode(), hashlib.sha256).hexdigest()}
    if not example["is_genuine"](b"key", good, b"{}") or example["is_genuine"](b"key", good, b"[]"):
        faults.append("the signature check in the manual does not work")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(kinds)} kinds, {len(fields)} fields, {len(parameters)} parameters, {len(variables)} variables, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
