#!/usr/bin/env python3
"""wait_lines.py FILE COUNT SECONDS: waits until FILE has at least COUNT lines; exits 1 when it does not in time."""
import sys
import time

path, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
end = time.monotonic() + seconds
lines = 0
while time.monotonic() < end:
    try:
        with open(path, "rb") as stream:
            lines = stream.read().count(b"\n")
    except FileNotFoundError:
        lines = 0
    if lines >= count:
        sys.exit(0)
    time.sleep(0.05)
print(f"{path}: {lines} lines instead of {count}", file=sys.stderr)
sys.exit(1)
