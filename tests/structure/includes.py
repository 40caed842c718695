#!/usr/bin/env python3
"""Checks the plan of the house: which folder may include which, that one file alone knows each third-party library,
and that every file has a name of its own. Usage: includes.py SOURCE_ROOT"""
import collections
import pathlib
import re
import sys

# What the files of a folder may include, beside themselves. A prefix ending in "/" allows the whole folder.
MAY_INCLUDE = {
    "base/": [],
    "os/": ["base/"],
    "wire/": ["base/", "os/", "pipeline/page.h"],
    "config/": ["base/"],
    "pipeline/fetch/": ["base/", "os/", "pipeline/page.h"],
    "pipeline/read/": ["base/", "pipeline/page.h"],
    "pipeline/ocr/": ["base/", "pipeline/page.h"],
    "pipeline/compare/": ["base/", "pipeline/page.h"],
    "pipeline/identify/": ["base/", "varta/"],
    "pipeline/judge/": ["base/", "pipeline/page.h"],
    "pipeline/alert/": ["base/", "os/", "pipeline/page.h"],
    "pipeline/store/": ["base/", "pipeline/page.h"],
    "pipeline/evidence/": ["base/", "os/", "pipeline/page.h"],
    "pipeline/": ["base/"],
    "workers/": ["base/", "os/", "wire/", "pipeline/", "web/", "varta/"],
    "watch/": ["base/", "os/", "wire/", "config/", "pipeline/", "varta/"],
    "web/": ["base/", "os/", "wire/", "pipeline/", "watch/acceptance.h", "watch/dossier_folder.h"],
    "cli/": ["base/", "os/", "wire/", "config/", "pipeline/", "watch/", "varta/"],
}

# One file alone knows each of these; the second is the only folder it may be in. libcurl is known to one file in each of
# two folders: what fetches pages and what delivers to sinks share no code and no process. So is libpng: the terminal shows pictures that
# were encoded anew, the picture step reads those of the attacker.
FENCES = {
    r"curl/.*": ("pipeline/fetch/", "pipeline/alert/"),
    r"openssl/ssl\.h": ("pipeline/fetch/", "pipeline/alert/"),
    r"gumbo\.h": "pipeline/read/",
    r"uchardet.*": "pipeline/read/",
    r"iconv\.h": "pipeline/read/",
    r"(leptonica/)?allheaders\.h": "pipeline/ocr/",
    r"(tesseract/)?capi\.h": "pipeline/ocr/",
    r"gif_lib\.h": "pipeline/ocr/",
    r"libexif/.*": "pipeline/ocr/",
    r"zlib\.h": "pipeline/evidence/",
    r"idn2\.h": "pipeline/evidence/",
    r"png\.h": ("cli/", "pipeline/ocr/"),
    r"webp/.*": "pipeline/ocr/",
    r"webp/.*": "pipeline/ocr/",
    r"sqlite3\.h": "pipeline/store/",
    r"libpq-fe\.h": "pipeline/store/",
    r"microhttpd\.h": "web/",
    r"xxhash\.h": "base/",
    r"seccomp\.h": "os/",
    r"yaml\.h": "config/",
}

# Steps with more doors than the one that is called like them.
DOORS = {"evidence": ("defang.h", "dossier.h", "report.h", "exports.h", "markup.h")}

# Only a step's door may be included from outside its folder; wire, watch and workers see the doors.
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def folder_of(name):
    return next(folder for folder in sorted(MAY_INCLUDE, key=len, reverse=True) if name.startswith(folder))


def check_direction(name, included):
    folder = folder_of(name)
    if included.startswith(folder) and "/" not in included[len(folder):]:
        return
    if not any(included.startswith(one) if one.endswith("/") else included == one for one in MAY_INCLUDE[folder]):
        yield f"{name} includes {included}: {folder} may not"
        return
    target = included.split("/")
    if target[0] == "pipeline" and len(target) == 3 and target[2] not in (target[1] + ".h", target[1] + "_limits.h", *DOORS.get(target[1], ())):
        yield f"{name} includes {included}: it is no door of that step"


def main(root):
    source = pathlib.Path(root) / "src"
    faults = []
    knows = collections.defaultdict(set)
    stems = collections.defaultdict(set)
    files = sorted(path for path in source.rglob("*") if path.suffix in (".c", ".h"))
    for path in files:
        name = path.relative_to(source).as_posix()
        stems[path.stem].add(path.parent)
        for mark, included in INCLUDE.findall(path.read_text(encoding="utf-8")):
            own = mark == '"' or included.startswith("varta/")
            if own:
                faults += check_direction(name, included)
            for pattern, folder in FENCES.items():
                if not own and re.fullmatch(pattern, included):
                    folders = folder if isinstance(folder, tuple) else (folder,)
                    home = next((one for one in folders if name.startswith(one)), None)
                    knows[pattern, home].add(name)
                    if not home:
                        faults.append(f"{name} includes <{included}>: only {' and '.join(folders)} may")
    for (pattern, home), names in sorted(knows.items(), key=str):
        if len(names) > 1:
            faults.append(f"<{pattern}> is known to {len(names)} files: {', '.join(sorted(names))}")
    for stem, folders in sorted(stems.items()):
        if len(folders) > 1:
            faults.append(f"the name {stem} stands in {', '.join(sorted(str(folder.relative_to(source)) for folder in folders))}")
    if len(files) < 20:
        faults.append(f"only {len(files)} files below {source}: is this the source root?")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(files)} files, {len(knows)} fenced libraries, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
