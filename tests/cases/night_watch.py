#!/usr/bin/env python3
"""The sample night under `varta watch`, for tools/demo: waits for each phase's end and checks what was told.
Usage: night_watch.py evening|night|morning RUN VARTA"""
import json
import pathlib
import subprocess
import sys
import time

WAIT_S = 90


def wait(condition, what):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    sys.exit(f"demo: {what} did not happen within {WAIT_S} s")


def expected(run, name):
    rows = [line.split("\t") for line in (run / f"{name}.tsv").read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[1] for row in rows}


def told(run):
    path = run / "notices.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def pages(run, varta):
    if not (run / "watch.db").exists():
        return {}
    done = subprocess.run([varta, "pages", "--json", "--store", run / "watch.db"], capture_output=True, check=False)
    return {one["url"]: one for one in map(json.loads, done.stdout.decode().splitlines())}


def looks(run, varta):
    done = subprocess.run([varta, "status", "--json", "--control", run / "control"], capture_output=True, check=False)
    return json.loads(done.stdout or b'{"looks": 0}')["looks"]


def campaign(run, kind):
    """The newest notice of the campaign of this kind."""
    found = [one for one in told(run) if one.get("campaign", {}).get("kind") == kind]
    return found[-1] if found else None


def evening(run, varta):
    urls = set(expected(run, "expected"))
    wait(lambda: {url for url, one in pages(run, varta).items() if "baseline" in one} >= urls, "learning")
    wait(lambda: looks(run, varta) >= 3 * len(urls), "looking at each page again")
    if told(run):
        sys.exit(f"demo: the evening was not quiet: {told(run)}")


def night(run, varta):
    verdicts = expected(run, "expected")
    by = {kind: {url for url, verdict in verdicts.items() if verdict == kind} for kind in set(verdicts.values())}
    wait(lambda: (campaign(run, "defacement") or {"campaign": {"pages": 0}})["campaign"]["pages"] == len(by["defaced"]),
         f"a campaign of {len(by['defaced'])} pages")
    singles = by["replaced"] | by["unavailable"]
    wait(lambda: {one["page"]["url"] for one in told(run) if one["kind"] == "incident-confirmed"} >= singles, "the other pages' notices")
    list_ = {one["url"] for one in campaign(run, "defacement")["campaign"]["list"]}
    if list_ != by["defaced"]:
        sys.exit(f"demo: the campaign is of {sorted(list_)} instead of {sorted(by['defaced'])}")
    opened = [one for one in told(run) if one["kind"] == "campaign-opened"]
    if len(opened) != 1:
        sys.exit(f"demo: {len(opened)} campaigns instead of one")
    early = {one["page"]["url"] for one in told(run) if one["kind"] == "incident-confirmed"} - singles
    if len(early) > 1:
        sys.exit(f"demo: told one by one: {sorted(early)}")


def morning(run, varta):
    verdicts = expected(run, "expected-morning")
    back = {url for url, verdict in expected(run, "expected").items()
            if verdict == "unavailable" and verdicts[url] in ("unchanged", "edited")}
    wait(lambda: {one["page"]["url"] for one in told(run) if one["kind"] == "incident-recovered"} >= back, "recovery")
    wait(lambda: any(one["kind"] == "campaign-eased" for one in told(run)), "the campaign to ease")


if __name__ == "__main__":
    {"evening": evening, "night": night, "morning": morning}[sys.argv[1]](pathlib.Path(sys.argv[2]), sys.argv[3])
