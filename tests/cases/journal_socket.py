#!/usr/bin/env python3
"""Stands in for the journal at a socket of its own: writes the fields of each entry as `journalctl -o verbose` would,
those that begin with VARTA_ or name the entry. Usage: journal_socket.py SOCKET FILE"""
import os
import socket
import struct
import sys


def fields(data):
    """The native protocol: NAME=value lines, or NAME, a 64-bit length and the value."""
    while data:
        line, _, rest = data.partition(b"\n")
        if b"=" in line:
            name, _, value = line.partition(b"=")
            data = rest
        else:
            name, (size,) = line, struct.unpack("<Q", rest[:8])
            value, data = rest[8:8 + size], rest[8 + size + 1:]
        yield name.decode(), value.decode(errors="replace")


def main(path, out):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, open(out, "w", encoding="utf-8") as written:
        listener.bind(path)
        os.chmod(path, 0o666)  # as the journal's own: who delivers is nobody
        while True:
            for name, value in fields(listener.recv(1 << 20)):
                if name.startswith("VARTA_") or name in ("MESSAGE", "MESSAGE_ID", "PRIORITY"):
                    written.write(f"    {name}={value[:300]}\n")
            written.write("\n")
            written.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
