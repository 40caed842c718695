#!/usr/bin/env python3
"""`varta identify`: spans as JSON, a text a line in constant memory, what the caller expects, and hostile text on a terminal."""
import json
import os
import pathlib
import pty
import resource
import subprocess
import sys
import unittest

VARTA = pathlib.Path(os.environ["VARTA_BUILD"]) / "varta"
SANITIZED = os.environ.get("VARTA_SANITIZE", "none") != "none"
PIECES = [
    ("uk", "Українець! Всі ваші особисті дані завантажені в загальну мережу."),
    ("ru", "Вся информация о вас стала публичной, бойтесь и ждите худшего."),
    ("pl", "Wszystkie dane na komputerze są niszczone, nie można ich odzyskać."),
]


def identify(*arguments, text=""):
    return subprocess.run([VARTA, "identify", *arguments], input=text.encode(), capture_output=True, check=False)


class Identify(unittest.TestCase):
    def test_three_languages_in_a_line(self):
        text = " ".join(piece for _, piece in PIECES)
        run = identify("--json", text=text)
        self.assertEqual(run.returncode, 0)
        found = json.loads(run.stdout)
        self.assertEqual([span["language"] for span in found["spans"]], [tag for tag, _ in PIECES])
        for span, (_, piece) in zip(found["spans"], PIECES):
            said = text.encode()[span["start"]:span["end"]].decode()
            self.assertEqual(said.rstrip("."), piece.rstrip("."))
        self.assertAlmostEqual(sum(language["share"] for language in found["languages"]), 1, places=2)

    def test_lines_one_answer_each(self):
        text = "\n".join([PIECES[0][1], "", PIECES[2][1], "d41d8cd98f00b204e9800998ecf8427e"]) + "\n"
        answers = [line.split("\t") for line in identify("--lines", text=text).stdout.decode().splitlines()]
        self.assertEqual([tag for tag, _ in answers], ["uk", "und", "pl", "und"])
        for _, confidence in answers:
            self.assertTrue(0 <= float(confidence) <= 1)

    @unittest.skipIf(SANITIZED, "a sanitizer's own memory is beyond the limit")
    def test_many_lines_need_no_more_memory(self):
        """Two hundred times the lines, the same memory, under a limit; the last line is longer than any buffer."""
        peaks = []
        for lines in (1000, 200000):
            text = (PIECES[1][1] + "\n") * lines + "слово " * 400000
            child = "import resource,subprocess,sys;" \
                    "run=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE,check=True," \
                    "preexec_fn=lambda:resource.setrlimit(resource.RLIMIT_DATA,(16<<20,16<<20)));" \
                    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, run.stdout.count(b'\\n'))"
            run = subprocess.run([sys.executable, "-c", child, VARTA, "identify", "--lines"], input=text.encode(),
                                 capture_output=True, check=True)
            peak, answers = map(int, run.stdout.split())
            self.assertEqual(answers, lines + 1)
            peaks.append(peak)
        self.assertLess(peaks[1] - peaks[0], 2048)

    def test_expected_and_only(self):
        self.assertEqual(identify("--lines", "--only", "bg,pl", text=PIECES[0][1]).stdout.split(b"\t")[0], b"bg")
        plain = float(identify("--lines", text="порядок").stdout.split(b"\t")[1])
        self.assertTrue(identify("--lines", "--expect", "uk", text="порядок").stdout.startswith(b"uk"), plain)
        self.assertEqual(identify("--expect", "klingon").returncode, 2)

    def test_no_model(self):
        run = identify("--model", "/dev/null", text="a")
        self.assertEqual(run.returncode, 3)
        self.assertIn(b"not a language model", run.stderr)

    def test_colours_only_on_a_terminal_and_nothing_hostile_there(self):
        hostile = PIECES[0][1] + " \x1b]0;owned\x07\x1b[2J " + PIECES[2][1]
        self.assertNotIn(b"\x1b", identify(text=hostile).stdout)
        for extra, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
            ours, theirs = pty.openpty()
            environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
            subprocess.run([VARTA, "identify"], input=hostile.encode(), stdout=theirs, check=True,
                           env={**environment, "TERM": "xterm", **extra})
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 65536):
                    shown += piece
            except OSError:
                pass
            os.close(ours)
            self.assertEqual(b"\x1b[36m" in shown, coloured)
            self.assertNotIn(b"\x1b]", shown)
            self.assertNotIn(b"\x1b[2J", shown)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
