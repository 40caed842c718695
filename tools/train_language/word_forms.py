#!/usr/bin/env python3
"""Every form that a Hunspell dictionary accepts: one entry a line, its forms separated by spaces, the headword first.

    word_forms.py NAME.aff NAME.dic > TAG.txt

Suffixes are taken twice (a suffix may itself carry suffixes), prefixes once, together with suffixes where both allow it. Compounds are not
built. Forms are in small letters, because the identifier makes no difference; forms with a space or an abbreviation's full stop are left out.
"""
import re
import sys

SKIPPED = {"FORBIDDENWORD", "ONLYINCOMPOUND"}
AFFIXES = {"SFX", "PFX"}


class Rule:
    def __init__(self, kind, crosses, fields, read_flags):
        add, _, more = fields[3].partition("/")
        condition = fields[4] if len(fields) > 4 else "."
        self.crosses = crosses
        self.suffix = kind == "SFX"
        self.strip = "" if fields[2] == "0" else fields[2]
        self.add = "" if add == "0" else add
        self.flags = read_flags(more)
        self.fits = None
        if condition != ".":
            self.fits = re.compile(condition + "$" if self.suffix else condition)

    def apply(self, word):
        if self.suffix:
            if not word.endswith(self.strip) or (self.fits and not self.fits.search(word)):
                return None
            return word[: len(word) - len(self.strip)] + self.add
        if not word.startswith(self.strip) or (self.fits and not self.fits.match(word)):
            return None
        return self.add + word[len(self.strip) :]


class Affixes:
    def __init__(self, path):
        self.kind = ""
        self.aliases = None
        self.rules = {}
        self.skipped = set()
        self.bound = set()  # flags of stems that are no words alone
        heads = {}
        for line in open(path, encoding="utf-8-sig", errors="replace"):
            fields = line.split()
            if len(fields) < 2:
                continue
            if fields[0] == "FLAG":
                self.kind = fields[1]
            elif fields[0] == "AF":
                self.add_alias(fields[1])
            elif fields[0] in SKIPPED:
                self.skipped.add(fields[1])
            elif fields[0] == "NEEDAFFIX":
                self.bound.add(fields[1])
            elif fields[0] in AFFIXES and len(fields) > 3:
                self.add_rule(fields, heads)

    def add_alias(self, text):
        if self.aliases is None:
            self.aliases = []  # the first line is their number
        else:
            self.aliases.append(self.split(text))

    def add_rule(self, fields, heads):
        name = fields[0], fields[1]
        if name not in heads:  # the first line of an affix: may it cross with those of the other end
            heads[name] = fields[2] == "Y"
            return
        self.rules.setdefault(fields[1], []).append(Rule(fields[0], heads[name], fields, self.flags))

    def split(self, text):
        if self.kind == "num":
            return tuple(text.split(","))
        if self.kind == "long":
            return tuple(text[i : i + 2] for i in range(0, len(text), 2))
        return tuple(text)

    def flags(self, text):
        if not text:
            return ()
        if self.aliases is not None and text.isdigit():
            return self.aliases[int(text) - 1]
        return self.split(text)

    def of(self, flags, suffix):
        return [rule for flag in flags for rule in self.rules.get(flag, ()) if rule.suffix == suffix]

    def suffixed(self, word, flags):
        """Forms with one or two suffixes, each with whether it may take a prefix too."""
        for rule in self.of(flags, True):
            form = rule.apply(word)
            if not form:
                continue
            yield form, rule.crosses
            for more in self.of(rule.flags, True):
                longer = more.apply(form)
                if longer:
                    yield longer, rule.crosses and more.crosses

    def forms(self, word, flags):
        found = {} if self.bound.intersection(flags) else {word: True}
        prefixes = self.of(flags, False)
        suffixed = list(self.suffixed(word, flags))
        for form, _ in suffixed:
            found[form] = True
        for prefix in prefixes:
            for form in [word] + [form for form, crosses in suffixed if crosses and prefix.crosses]:
                found[prefix.apply(form)] = True
        return [form for form in found if form]


def entries(affixes, path):
    for number, line in enumerate(open(path, encoding="utf-8-sig", errors="replace")):
        entry = line.split("\t")[0].strip()
        if not entry or entry.startswith("#") or (number == 0 and entry.isdigit()):
            continue
        word, _, rest = entry.partition("/")
        flags = affixes.flags(rest.split()[0] if rest.split() else "")
        if " " not in word and not affixes.skipped.intersection(flags):
            yield affixes.forms(word, flags)


def main():
    affixes = Affixes(sys.argv[1])
    for forms in entries(affixes, sys.argv[2]):
        small = list(dict.fromkeys(form.lower() for form in forms if "." not in form and " " not in form))
        if small:
            print(" ".join(small))


if __name__ == "__main__":
    main()
