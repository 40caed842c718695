#!/usr/bin/env python3
"""Tries the completions in the shells themselves. Usage: completions.py BASH ZSH FISH VARTA. A shell that is not installed is
named and left out; bash always is."""
import shutil
import subprocess
import sys


def bash(path, words):
    """What bash offers for a line, the last word of which may be empty."""
    script = f"source '{path}'; COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; _varta; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()


def check(faults, what, found, wanted):
    missing = set(wanted) - set(found)
    if missing:
        faults.append(f"{what} does not offer {' '.join(sorted(missing))}: {found}")


def main(bash_file, zsh_file, fish_file, varta):
    faults = []
    listing = subprocess.run([varta, "--help"], capture_output=True, text=True, check=True).stdout
    commands = [line.split()[0] for line in listing.splitlines() if line.startswith("  ") and line.split()[0].isalpha() and not line.startswith("   ")]
    check(faults, "bash: varta", bash(bash_file, ["varta", ""]), commands)
    check(faults, "bash: varta ch", bash(bash_file, ["varta", "ch"]), ["check"])
    check(faults, "bash: varta check --", bash(bash_file, ["varta", "check", "--"]), ["--json", "--store", "--learn", "--help"])
    check(faults, "bash: varta check --sandbox", bash(bash_file, ["varta", "check", "--sandbox", ""]), ["strict", "tolerant", "off"])
    check(faults, "bash: varta config", bash(bash_file, ["varta", "config", ""]), ["check", "show", "keys"])
    check(faults, "bash: varta ocr FILE", bash(bash_file, ["varta", "ocr", bash_file[:-1]]), [bash_file])
    tried = ["bash"]
    if shutil.which("zsh"):
        tried.append("zsh")
        result = subprocess.run(["zsh", "-n", zsh_file], capture_output=True, text=True, check=False)
        faults += [f"zsh: {result.stderr}"] if result.returncode else []
    if shutil.which("fish"):
        tried.append("fish")
        script = f"source {fish_file}; complete -C 'varta '; complete -C 'varta check --'; complete -C 'varta export --as '"
        result = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=False)
        offered = [line.split("\t")[0] for line in result.stdout.splitlines()]
        faults += [f"fish: {result.stderr}"] if result.returncode or result.stderr else []
        check(faults, "fish", offered, commands + ["--learn", "misp"])
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"tried {', '.join(tried)}; not installed: {', '.join({'bash', 'zsh', 'fish'} - set(tried)) or 'none'}; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
