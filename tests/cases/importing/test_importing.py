#!/usr/bin/env python3
"""Importing: page lists from urlwatch's jobs and from tables; what is left out is told with its line, and the list that comes out is one that
varta reads."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import Case, main  # noqa: E402

JOBS = """\
kind: url
name: Міністерство "освіти"
url: https://mon.gov.example/
filter:
  - html2text
---
name: weekly
command: /usr/bin/cal
---
navigate: https://spa.example/
---
url: https://mon.gov.example/
---
url: ftp://x.example/
---
---
- url: a.example
- url: http://127.0.0.1/
  ssl_no_verify: true
"""


class Importing(Case):
    def write(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def test_urlwatch(self):
        path = self.write("urls.yaml", JOBS)
        out, err = self.varta("import", "urlwatch", "-v", path, code=1)
        self.assertEqual(out, 'https://mon.gov.example/ name="Міністерство \'освіти\'"\nhttps://spa.example/\nhttps://a.example\n'
                              "http://127.0.0.1/ allow=private\n")
        for words in ("urls.yaml:4: filter is not taken over", "urls.yaml:7: a job that runs a command", "urls.yaml:10: navigate",
                      "urls.yaml:14: 'ftp://x.example/' cannot be watched", "urls.yaml:19: ssl_no_verify",
                      "4 pages taken over, 2 left out", "1 was named again"):
            self.assertIn(words, err)

    def test_the_list_that_comes_out_is_read(self):
        jobs, pages = self.write("urls.yaml", JOBS), self.folder / "pages.txt"
        self.varta("import", "urlwatch", "-q", "-o", pages, jobs, code=1)
        self.write("varta.yaml", f"store: {self.folder}/s.db\npages: [pages.txt]\nsinks: {{log: {{type: journal}}}}\n")
        out, _ = self.varta("config", "check", self.folder / "varta.yaml")
        self.assertIn("4 pages", out)

    def test_a_file_that_is_there_is_not_overwritten(self):
        jobs, pages = self.write("urls.yaml", "url: https://a.example/\n"), self.write("pages.txt", "mine\n")
        _, err = self.varta("import", "urlwatch", "-o", pages, jobs, code=3)
        self.assertIn("is there already", err)
        self.assertEqual(pages.read_text(), "mine\n")

    def test_a_broken_job_does_not_cost_the_others(self):
        path = self.write("urls.yaml", "url: [a\n---\nurl: https://b.example/\n---\nurl: !!python/object:os.system https://c.example/\n")
        out, err = self.varta("import", "urlwatch", path, code=1)
        self.assertEqual(out, "https://b.example/\n")
        self.assertIn("urls.yaml:1: column 6", err)
        self.assertIn("urls.yaml:5: column", err)

    def test_table(self):
        path = self.write("t.csv", 'name,url\nMFA,https://mfa.example/\n# note\nmoz.example\r\n"Long, name";"https://q.example/?a=1,2"\n\nnothing here\n')
        out, err = self.varta("import", "list", path, code=1)
        self.assertEqual(out, 'https://mfa.example/ name="MFA"\nhttps://moz.example\nhttps://q.example/?a=1,2 name="Long, name"\n')
        self.assertIn("t.csv:7: no address", err)

    def test_a_spreadsheets_mark_in_front_costs_no_page(self):
        path = self.write("t.csv", "\ufeffhttps://mfa.example/,MFA\n")
        out, _ = self.varta("import", "list", path)
        self.assertEqual(out, 'https://mfa.example/ name="MFA"\n')

    def test_wrong_use(self):
        empty = self.write("empty", "")
        self.varta("import", code=2)
        self.varta("import", "opml", empty, code=2)
        self.varta("import", "-q", "list", empty, code=2)
        self.varta("import", "list", self.folder / "none", code=3)
        self.varta("import", "urlwatch", self.write("bad", "url: [a\n"), code=2)
        out, _ = self.varta("import", "list", empty)
        self.assertEqual(out, "")


if __name__ == "__main__":
    main()
