#!/usr/bin/env python3
"""Writes files as a C table. Usage: bundle.py OUT.c FILE…"""
import pathlib
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def main(out, *names):
    lines = ['#include "web/web_files.h"', ""]
    table = []
    for i, name in enumerate(names):
        path = pathlib.Path(name)
        data = path.read_bytes()
        lines.append(f"static const unsigned char file_{i}[] = {{{','.join(map(str, data))}}};")
        table.append(f'    {{"/{path.name}", "{TYPES[path.suffix]}", file_{i}, sizeof(file_{i})}},')
    lines += ["", "const struct web_file web_files[] = {", *table, "};",
              "const size_t web_files_count = sizeof(web_files) / sizeof(web_files[0]);"]
    pathlib.Path(out).write_text("\n".join(lines) + "\n", encoding="ascii")


main(*sys.argv[1:])
