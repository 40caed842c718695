#!/usr/bin/env python3
"""Checks that every sentence the judge, the incidents' history and the causes can say stands in src/base/saying_words.c, to the letter,
and in each language. Usage: sayings.py SOURCE_ROOT"""
import pathlib
import re
import sys

STRING = r'"((?:[^"\\]|\\.)*)"'
PLACE = re.compile(r"\{[a-z]+\}")
PRINTF = re.compile(r"%(?:\.\*)?[duszl]+")


def source(root, name):
    return (pathlib.Path(root) / "src" / name).read_text(encoding="utf-8")


def joined(text):
    """Adjacent literals as one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def shape(sentence, places):
    return places.sub("\0", sentence.replace("%%", "%") if places is PRINTF else sentence)


def calls(text, function):
    """The arguments of each call."""
    for match in re.finditer(rf"\b{function}\(", text):
        depth, at, quoted = 1, match.end(), False
        while depth:
            if text[at] == '"' and text[at - 1] != "\\":
                quoted = not quoted
            elif not quoted:
                depth += (text[at] == "(") - (text[at] == ")")
            at += 1
        yield text[match.end():at - 1]


def tables(root):
    text = joined(source(root, "base/saying_words.c"))
    for name in ("rows", "causes", "ways"):
        body = re.search(rf"saying_{name}\[\] = \{{(.*?)\n\}};", text, re.S)[1]
        yield name, [(code, [None if one == "NULL" else one.strip('"') for one in re.findall(rf'NULL|"(?:[^"\\]|\\.)*"', cells)])
                     for code, cells in re.findall(rf"\{{{STRING},\s*\{{(.*?)\}}\}}", body, re.S)]


def said_by_the_judge(root):
    """(codes, sentence): one of the codes must have that sentence."""
    reason, judge = joined(source(root, "pipeline/judge/reason.c")), joined(source(root, "pipeline/judge/judge.c"))
    for text in (reason, judge):
        for call in [*calls(text, "reason_add"), *calls(text, "reason_decide")]:
            strings = re.findall(STRING, call)
            codes = [one for one in strings if re.fullmatch(r"[a-z]+(-[a-z]+)*", one)]
            for sentence in strings:
                if sentence not in codes and " " in sentence and "«" not in sentence:
                    yield codes, sentence
            if not codes and "list, code" not in call and "->list, code" not in call and "const char" not in call:
                yield [], call.strip()
    names = dict(re.findall(rf"\[(CUE_\w+)\] = {STRING}", source(root, "pipeline/judge/cue.c")))
    body = re.search(r"said\[CUE_CLASS_COUNT\] = \{(.*?)\};", reason, re.S)[1]
    for name, sentence in re.findall(rf"\[(CUE_\w+)\] = {STRING}", body):
        yield ["cue-" + names[name]], sentence + "%s"


def said_elsewhere(root):
    journey = joined(source(root, "watch/journey.c"))
    block = journey[journey.index('"same-bytes"'):]
    for sentence in re.findall(rf"SPAN\({STRING}\)", block[:block.index("reason_count")]):
        yield ["same-bytes"], sentence
    watch = "".join(path.read_text(encoding="utf-8") for path in sorted((pathlib.Path(root) / "src/watch").glob("*.c")))
    for code, sentence in re.findall(rf'"(untold|unwatched)", SPAN\({STRING}\)', watch):
        yield [code], sentence
    for call in calls(joined(watch), "add_sign"):
        parts = re.findall(STRING, call)
        if len(parts) == 2:
            yield ["sign"], parts[0] + "%s" + parts[1] + ("%s" if parts[1] else "")


def main(root):
    found = dict(tables(root))
    rows = [(code, shape(cells[0], PLACE)) for code, cells in found["rows"]]
    wanted = [*said_by_the_judge(root), *said_elsewhere(root)]
    heard = {code for codes, _ in wanted for code in codes}
    faults = [f"nobody is heard to say {code}" for code, _ in rows if code not in heard | {"no-page", "told", "evidence"}]
    faults += [f"nobody translates {codes}: {sentence}" for codes, sentence in wanted
              if not any((code, shape(sentence, PRINTF)) in rows for code in codes)]
    outcomes = re.findall(rf'\[OUTCOME_\w+\] = \{{"([a-z-]+)"', source(root, "base/outcome.c"))
    causes = [code for code, _ in found["causes"]]
    if causes[:len(outcomes)] != outcomes:
        faults.append("the causes do not begin with the outcomes, in their order")
    body = re.search(r"ways\[\] = \{(.*?)\};", joined(source(root, "pipeline/judge/reason.c")), re.S)[1]
    if [words for words in re.findall(STRING, body)] != [cells[0] for _, cells in found["ways"]]:
        faults.append("the ways are not those of the judge")
    for table, lines in found.items():
        for code, cells in lines:
            if len(cells) != 3 or not all(cells[1:]):
                faults.append(f"{table}: {code} does not stand in three languages")
            elif any(sorted(PLACE.findall(cell)) != sorted(PLACE.findall(cells[1])) for cell in cells if cell):
                faults.append(f"{table}: {code} has not the same places in each language")
            elif table != "rows" and cells[1] == cells[2]:
                faults.append(f"{table}: {code} is the same in Ukrainian and Polish")
            elif not re.search("[а-яіїєґ]", PLACE.sub("", cells[1]) or "я"):
                faults.append(f"{table}: {code} is not Ukrainian: {cells[1]}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(wanted)} sentences, {len(outcomes)} outcomes, {len(faults)} faults")
    return 1 if faults or len(wanted) < 40 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
