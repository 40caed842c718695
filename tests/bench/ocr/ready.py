#!/usr/bin/env python3
"""Prints how long a job child of varta-ocr takes: from the order to the answer, for a file that is refused at its first byte.

    tests/bench/ocr/ready.py VARTA [JOBS]

That is fork, cage and answer without any picture: what each picture pays before it is looked at. The time of one call with one
file (start of the programs, loading of the models) is taken off; everything runs on one processor, one job after another.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time


def seconds(varta, path, count):
    start = time.monotonic()
    subprocess.run([varta, "ocr", "-q", *[path] * count], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - start


def main():
    varta, jobs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "nothing"
        path.write_bytes(b"no picture")
        rounds = sorted((seconds(varta, path, jobs) - seconds(varta, path, 1)) / (jobs - 1) for _ in range(5))
    print(f"a job child answers after {rounds[2] * 1000:.2f} ms (median of 5 rounds of {jobs} jobs, best {rounds[0] * 1000:.2f} ms)")


main()
