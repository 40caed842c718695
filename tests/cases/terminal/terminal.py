"""A terminal that a test plays: a pty of its own session, which answers what it is asked as the test says."""
import fcntl
import os
import pty
import select
import struct
import termios
import time


class Terminal:
    """Runs a command with standard output and error on it. `answers` maps what is asked to what comes back."""

    def __init__(self, columns=80, rows=24, pixels=(640, 384), answers=None):
        self.size = struct.pack("HHHH", rows, columns, *pixels)
        self.answers = answers or {}

    def run(self, command, environment, seconds=60):
        """(exit code, all that was written to it)."""
        pid, ours = pty.fork()
        if pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, self.size)
            os.execvpe(str(command[0]), list(map(str, command)), environment)
        seen, waiting, end = b"", dict(self.answers), time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
            for question in [one for one in waiting if one in seen]:
                os.write(ours, waiting.pop(question))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(ours)
        return code, seen
