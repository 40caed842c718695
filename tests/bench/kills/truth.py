"""What really befell each page of the simulated night, and what the store and the sinks made of it. The danger is a test that
believes varta: so the truth is kept by who changes the pages, and everything else is held against it."""
import collections
import json
import re
import sqlite3

SLACK_S = 2  # the store keeps whole seconds


class Truth:
    """Runs of a page being bad: [url, begin, end, seconds the daemon was up meanwhile]."""

    def __init__(self, urls):
        self.runs, self.open = [], dict.fromkeys(urls)

    def set(self, url, bad, now, uptime):
        run = self.open[url]
        if bad and run is None:
            self.open[url] = [url, now, None, uptime]
        elif not bad and run is not None:
            self.runs.append((url, run[1], now, uptime - run[3]))
            self.open[url] = None

    def close(self, now, uptime):
        for url in self.open:
            self.set(url, False, now, uptime)


def read_file_sink(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def read_syslog(path):
    """Ids of notices in order of receipt, of those about incidents and campaigns."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    lines = [line for line in text.splitlines() if " msgid=self " not in line]
    return [found.group(1) for found in (re.search(r' notice="([^"]+)"', line) for line in lines) if found]


def repeats(ids):
    return sum(count > 1 for count in collections.Counter(ids).values())


def told_incidents(notices):
    """Numbers of incidents that the notices tell of; a campaign's list that was cut tells of all its campaign."""
    told, cut = set(), set()
    for one in notices:
        if one["kind"].startswith("incident-"):
            told.add(one["incident"]["id"])
        elif "campaign" in one:
            told |= {entry["incident"] for entry in one["campaign"]["list"]}
            if one["campaign"].get("left_out"):
                cut.add(one["campaign"]["id"])
    return told, cut


def meanings(notices):
    """What is told, by what it is about, and the ids it was told under: more than one id is a doubled notice, and so is one
    id with two meanings."""
    by_meaning, by_id = collections.defaultdict(set), collections.defaultdict(set)
    for one in notices:
        if "incident" in one:
            incident = one["incident"]
            meaning = (one["kind"], one["page"]["url"], incident["opened"], one["summary"])
        elif "campaign" in one:
            campaign = one["campaign"]
            meaning = (one["kind"], campaign["first"], campaign["pages"],
                       tuple((entry["url"], entry["at"], entry["state"]) for entry in campaign["list"]))
        else:
            continue
        by_meaning[meaning].add(one["id"])
        by_id[one["id"]].add(meaning)
    return (sum(len(ids) > 1 for ids in by_meaning.values()), sum(len(found) > 1 for found in by_id.values()))


class Account:
    """The reckoning at the end of the night."""

    def __init__(self, truth, store, notices, syslog_ids, held_s):
        self.faults = []
        db = sqlite3.connect(store)
        self.integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
        self.dangling = len(db.execute("PRAGMA foreign_key_check").fetchall())
        self.rows = db.execute("SELECT id, url, opened, closed, campaign FROM incident WHERE confirmed > 0").fetchall()
        deliveries = db.execute("SELECT notice, sink, done, error FROM delivery").fetchall()
        self.undelivered = sum(done == 0 for _, _, done, _ in deliveries)
        self.every = truth.runs
        self.runs = [run for run in truth.runs if run[3] >= held_s]
        self.short = len(truth.runs) - len(self.runs)
        self.match(notices)
        self.match_sinks(deliveries, {"lines": [one["id"] for one in notices], "siem": syslog_ids})
        self.repeated = {"lines": repeats(one["id"] for one in notices if one["kind"] != "self"), "siem": repeats(syslog_ids)}
        self.received = {"lines": sum(one["kind"] != "self" for one in notices), "siem": len(syslog_ids)}
        same, ambiguous = meanings(notices)
        self.doubled += same + ambiguous
        if same or ambiguous:
            self.faults.append(f"{same} things told under two ids, {ambiguous} ids with two meanings")

    def match(self, notices):
        told, cut = told_incidents(notices)
        by_url = collections.defaultdict(list)
        for row in self.rows:
            by_url[row[1]].append(row)
        self.found = self.lost = self.doubled = 0
        for url, begin, end, _ in self.runs:
            during = [row for row in by_url[url] if row[2] <= end + SLACK_S and (row[3] or end) >= begin - SLACK_S]
            begun = [row for row in during if begin - 1 <= row[2] <= end]
            heard = [row for row in during if row[0] in told or row[4] in cut]
            self.found += bool(heard)
            self.lost += not heard
            self.doubled += len(begun) > 1
            if not heard:
                self.faults.append(f"lost: {url} bad from {begin:.1f} to {end:.1f}, incidents {during or by_url[url]}")
            if len(begun) > 1:
                self.faults.append(f"doubled: {url} bad from {begin:.1f} to {end:.1f}, incidents {begun}")
        self.unfounded = sum(not any(run[0] == row[1] and run[1] - SLACK_S <= row[2] <= run[2] + SLACK_S for run in self.every)
                             for row in self.rows)

    def match_sinks(self, deliveries, received):
        for sink, ids in received.items():
            lacking = {notice for notice, name, done, error in deliveries if name == sink and done and not error
                       and "-self" not in notice} - set(ids)
            self.lost += len(lacking)
            if lacking:
                self.faults.append(f"sink {sink} never received {sorted(lacking)[:5]}")
