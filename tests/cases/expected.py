#!/usr/bin/env python3
"""expected.py EXPECTED.tsv RESULTS.jsonl: compares verdicts and languages with what they must be; says each difference, exits 1 on any.

Languages named in the table must all be there, and when there are several each with a share between 15 % and 55 %.
"""
import json
import sys


def differences(expected_path, results_path):
    with open(results_path, encoding="utf-8") as stream:
        results = {result["url"]: result for result in map(json.loads, stream)}
    with open(expected_path, encoding="utf-8") as stream:
        rows = [line.rstrip("\n").split("\t") for line in stream if line.strip() and not line.startswith("#")]
    for url, verdict, languages, *_ in rows:
        result = results.pop(url, None)
        if result is None:
            yield f"{url}: no result"
            continue
        if result["verdict"] != verdict:
            reasons = "; ".join(reason["text"] for reason in result["reasons"])
            yield f"{url}: {result['verdict']} ({result['score']}) instead of {verdict}: {reasons}"
        if languages == "-":
            continue
        shares = {entry["language"]: entry["share"] for entry in result["languages"]}
        wanted = languages.split(",")
        for language in wanted:
            share = shares.get(language, 0)
            if not (0.15 <= share <= 0.55 if len(wanted) > 1 else share > 0.5):
                yield f"{url}: {language} has a share of {share} in {shares}"
    for url in results:
        yield f"{url}: not expected"


if __name__ == "__main__":
    found = list(differences(sys.argv[1], sys.argv[2]))
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)
