#!/usr/bin/env python3
"""Writes a text file as a C array, so that it can stay a file that editors know. Comments between /* and */ are left out.
Usage: embed.py FILE HEADER NAME >OUTPUT, where HEADER declares `extern const char NAME[]`"""
import re
import sys


def main(path, header, name):
    text = re.sub(r"/\*.*?\*/\n?", "", open(path, encoding="utf-8").read(), flags=re.S)
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"
    values = [str(byte - 256 if byte > 127 else byte) for byte in text.encode()] + ["0"]
    print(f'#include "{header}"\n\nconst char {name}[] = {{')
    for at in range(0, len(values), 24):
        print("    " + ", ".join(values[at:at + 24]) + ",")
    print("};")


if __name__ == "__main__":
    main(*sys.argv[1:])
