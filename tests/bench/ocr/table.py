#!/usr/bin/env python3
"""Prints how right and how costly varta's picture step is beside the tesseract command, in one run.

    tests/bench/ocr/table.py OCR_FILES FOLDER [--lines] [--no-peer]

OCR_FILES is the built benchmark program; FOLDER holds pictures with their truth beside them (NAME.gt.txt, empty for
pictures without text), as tools/render_pictures/render.py makes them. CPU seconds are user and system time of the
processes as a whole, models' loading counted. Both read a few pictures in turns, so that other work on the machine slows
both; what varta spends besides reading (models, start, end) is counted as for one call with all pictures.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import sys

import score

SUFFIXES = {".png", ".jpg", ".gif", ".webp", ".tiff", ".bmp"}


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(*command):
    before = used()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                          env=dict(os.environ, OMP_THREAD_LIMIT="1"))
    return done.stdout.decode("utf-8", "replace"), used() - before


def varta(program, pictures):
    """{picture: (facts, all)}, {picture: CPU seconds}, and the CPU seconds that were not spent on a picture (models,
    start, end); lines are (language, text)."""
    output, seconds = run(str(program.resolve()), *map(str, pictures))
    read, spent, facts, everything = {}, {}, None, None
    for line in output.splitlines():
        if line.startswith("## models"):
            continue
        if line.startswith("## "):
            name, _, milliseconds = line.split(" ")[1:4]
            facts, everything = read.setdefault(name, ([], []))
            spent[name] = float(milliseconds) / 1000
        elif "\t" in line:
            place, text = line.split("\t", 1)
            everything.append((place.split(" ")[5], text))
            if not place.startswith("?"):
                facts.append((place.split(" ")[5], text))
    return read, spent, seconds - sum(spent.values())


def in_turns(program, pictures, with_peer):
    """What varta read and spent as from one call, and the peer's texts and {picture: CPU seconds}."""
    few, read, spent, rests, texts, peer = 6, {}, {}, [], {}, {}
    for start in range(0, len(pictures), few):
        part = pictures[start:start + few]
        lines, own, rest = varta(program, part)
        read.update(lines)
        spent.update(own)
        rests.append(rest)
        for picture in part if with_peer else ():
            text, peer[str(picture)] = tesseract([picture])
            texts.update(text)
    rest = sorted(rests)[len(rests) // 2] / len(pictures)
    return read, {name: own + rest for name, own in spent.items()}, texts, peer


def tesseract(pictures):
    texts, seconds = {}, 0
    for picture in pictures:
        texts[str(picture)], spent = run("tesseract", str(picture), "-", "-l", "ukr+rus+pol+eng")
        seconds += spent
    return texts, seconds


def expected_language(line):
    """Of a truth line of 20 letters and more, by the letters only one of the languages has; None when none has any."""
    low = line.casefold()
    if sum(map(str.isalpha, low)) < 20:
        return None
    for language, own in (("uk", "іїєґ"), ("ru", "ыэъё"), ("pl", "ąęłńśźżćó")):
        if any(letter in low for letter in own):
            return language
    return None


def language_rates(truths, read):
    """(right, wrong) over the lines that name their language, each by the line read that is most like it."""
    right = wrong = 0
    for picture, truth in truths.items():
        for line in map(score.normal, truth.splitlines()):
            want = expected_language(line)
            if not want or not read[picture][0]:
                continue
            errors, language = min((score.line_errors(line, score.normal(text)), language)
                                   for language, text in read[picture][0])
            if errors * 5 < len(line):
                right += language == want
                wrong += language != want
    return right, wrong


def row(name, truths, texts, seconds, no_text, seconds_no_text):
    found = wanted = wrong = letters = 0
    for picture, truth in truths.items():
        a, b = score.words_found(truth, texts[picture])
        c, d = score.errors(truth, texts[picture])
        found, wanted, wrong, letters = found + a, wanted + b, wrong + c, letters + d
    invented = [score.invented(texts[picture]) for picture in no_text]
    print(f"| {name} | {100 * found / wanted:.1f} % | {100 * wrong / letters:.2f} % | {seconds / len(truths):.3f} s | "
          f"{seconds_no_text / max(1, len(no_text)):.3f} s | {max(invented, default=0)} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--lines", action="store_true", help="also print each picture's own figures")
    arguments.add_argument("--no-peer", action="store_true", help="leave the tesseract command out")
    options = arguments.parse_args()
    pictures = sorted(path for path in options.folder.iterdir()
                      if path.suffix in SUFFIXES and path.with_suffix(".gt.txt").exists())
    truth = {str(path): path.with_suffix(".gt.txt").read_text(encoding="utf-8") for path in pictures}
    with_text = {name: text for name, text in truth.items() if text.strip()}
    without = [name for name, text in truth.items() if not text.strip()]
    if not with_text:
        sys.exit("no pictures with text in " + str(options.folder))
    read, spent, texts, peer = in_turns(options.program, pictures, not options.no_peer)
    seconds, seconds_none = sum(spent[name] for name in with_text), sum(spent[name] for name in without)
    facts = {name: "\n".join(text for _, text in lines[0]) for name, lines in read.items()}
    print(f"{len(with_text)} pictures with text, {len(without)} without\n")
    print("| | words found | character errors in place | CPU a picture | CPU without text | most letters invented |")
    print("|---|---|---|---|---|---|")
    row("varta, lines above the bar", with_text, facts, seconds, without, seconds_none)
    if not options.no_peer:
        peer_text, peer_none = sum(peer[name] for name in with_text), sum(peer[name] for name in without)
        row("tesseract -l ukr+rus+pol+eng", with_text, texts, peer_text, without, peer_none)
        print(f"\nCPU ratio: {seconds / peer_text:.3f} with text, {seconds_none / max(peer_none, 1e-9):.3f} without")
    right, wrong = language_rates(with_text, read)
    print(f"language of lines of 20 letters and more that name themselves by a letter: {right} of {right + wrong} right")
    for name, text in with_text.items() if options.lines else ():
        a, b = score.words_found(text, facts[name])
        c, d = score.errors(text, facts[name])
        print(f"{pathlib.Path(name).name:32} {a}/{b} words, {100 * c / d:.2f} % errors")


if __name__ == "__main__":
    main()
