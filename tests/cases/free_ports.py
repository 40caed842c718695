#!/usr/bin/env python3
"""Prints a free TCP port on loopback for each wish: the wished one when it is free, another when it is not."""
import socket
import sys

held = []
for wish in sys.argv[1:]:
    for port in (int(wish), 0):
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        held.append(one)
        break
print(*(one.getsockname()[1] for one in held))
