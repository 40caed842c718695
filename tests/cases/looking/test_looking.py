#!/usr/bin/env python3
"""varta read, diff, ocr and replay on files: what is shown, where pictures are looked for, exit codes."""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import ROOT, Case, main  # noqa: E402
from texts import NEWS, defaced, ministry  # noqa: E402

NIGHT = ROOT / "samples/night"
PICTURE = NIGHT / "night/osvita.uriad.localhost/1.png"


class Looking(Case):
    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    # ---- read

    def test_read_shows_origins_in_order(self):
        page = self.write("p.html", "<html lang=uk><title>Заголовок</title><h1>Перший</h1><p>Другий</p><img src=x alt='Підпис'>"
                                    "<p hidden>Схований</p><noscript>Без скриптів</noscript></html>")
        out, _ = self.varta("read", "--json", page)
        reading = json.loads(out)
        blocks = [(block["origin"], block["text"], block.get("hidden", False)) for block in reading["blocks"]]
        self.assertEqual(blocks, [("title", "Заголовок", False), ("html", "Перший", False), ("html", "Другий", False),
                                  ("attribute", "Підпис", False), ("html", "Схований", True), ("noscript", "Без скриптів", False)])
        self.assertEqual(reading["language"], "uk")
        out, _ = self.varta("read", "--text", page)
        self.assertEqual(out, "Перший\nДругий\n")
        out, _ = self.varta("read", "-", text="<p>Зі стандартного входу")
        self.assertIn("html      Зі стандартного входу", out)

    def test_read_tells_what_covers_the_page(self):
        layer = self.write("layer.html", "<style>.o{position:fixed}</style><p>under</p><div class=o style='inset:0'><p>over</p></div>")
        blocks = json.loads(self.varta("read", "--json", layer)[0])["blocks"]
        self.assertEqual({block["text"]: block.get("layer", False) for block in blocks}, {"under": False, "over": True})

    def test_read_prints_in_one_way(self):
        self.varta("read", "--json", "--text", "page.html", code=2)

    def test_read_looks_into_pictures_beside_the_file_only(self):
        picture = PICTURE.read_bytes()
        self.write("site/pictures/message.png", picture)
        self.write("secret.png", picture)
        os.symlink(self.folder / "secret.png", self.folder / "site/link.png")
        for reference, found in [("pictures/message.png", True), ("http://x.example/a/pictures/message.png?v=2", False),
                                 ("/pictures/message.png", True), ("./pictures%2Fmessage.png", True), ("../secret.png", False),
                                 ("link.png", False), (f"file://{self.folder}/secret.png", False), ("pictures/../../secret.png", False)]:
            page = self.write("site/index.html", f"<p>Сторінка</p><img src='{reference}'>")
            out, _ = self.varta("read", page)
            self.assertEqual("Українець!" in out, found, (reference, out))

    def test_read_survives_hostile_names_and_says_what_is_wrong(self):
        _, err = self.varta("read", self.folder / "none.html", code=3)
        self.assertIn("none.html: No such file or directory", err)
        _, err = self.varta("read", PICTURE, code=3)
        self.assertIn("neither a page nor text", err)
        _, err = self.varta("read", self.write("empty.html", ""), code=3)
        self.assertIn("the body is empty", err)
        self.varta("read", code=2)
        self.varta("read", "a", "b", code=2)

    def test_nothing_a_page_says_paints_the_terminal(self):
        page = self.write("p.html", "<p>red \x1b[31m bell \x07 &#x202e;turned&#x9b;2J</p><title>\x1b]0;owned\x07</title>")
        for command in (("read", page), ("read", "--text", page), ("diff", page, self.write("q.html", "<p>Інше</p>"))):
            out, _ = self.varta(*command, code=1 if command[0] == "diff" else 0)
            for bad in ("\x1b", "\x07", "\u202e", "\x9b"):
                self.assertNotIn(bad, out)

    # ---- diff

    def test_diff_tells_what_went_and_came(self):
        before = self.write("a.html", ministry())
        after = self.write("b.html", ministry(NEWS[:3] + [("Нова подія у громаді", "Жителі відкрили оновлену бібліотеку з читальною залою.")]))
        out, _ = self.varta("diff", before, after, code=1)
        self.assertIn("+ Нова подія у громаді", out)
        self.assertIn("- " + NEWS[3][0], out)
        self.assertNotIn(NEWS[0][0], out)
        self.assertTrue(all(len(line) <= 80 for line in out.splitlines()[:-1]), out)
        out, _ = self.varta("diff", before, before)
        self.assertIn("100 % of the text before still stands", out)
        out, _ = self.varta("diff", "--json", before, after, code=1)
        change = json.loads(out)
        self.assertTrue(0.5 < change["kept"] < 1)
        self.assertIn({"change": "new", "text": "Нова подія у громаді", "origin": "html"}, change["blocks"])
        out, _ = self.varta("diff", before, self.write("empty.html", ""), code=1)
        self.assertIn("- " + NEWS[3][0], out)
        self.varta("diff", before, self.folder / "none", code=3)
        self.varta("diff", before, code=2)

    # ---- ocr

    def test_ocr_reads_the_message(self):
        out, _ = self.varta("ocr", PICTURE)
        places = [out.index(word) for word in ("Українець!", "Украинец!", "Ukrainiec!")]
        self.assertEqual(places, sorted(places))
        out, _ = self.varta("ocr", "--json", PICTURE)
        result = json.loads(out)
        self.assertEqual({entry["language"] for entry in result["languages"]}, {"uk", "ru", "pl"})
        self.assertEqual(result["format"], "png")
        for line in result["lines"]:
            self.assertEqual(len(line["box"]), 4)
        self.varta("ocr", code=2)

    # ---- replay

    def test_replay_judges_each_version_against_the_earlier_ones(self):
        for number, content in enumerate([ministry(), ministry(NEWS[1:]), ministry(NEWS[1:]), defaced()], 1):
            self.write(f"history/{number:04}.html", content)
        out, _ = self.varta("replay", "--json", self.folder / "history", code=1)
        results = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([result["verdict"] for result in results], ["new", "edited", "unchanged", "defaced"])
        self.assertTrue(results[3]["file"].endswith("history/0004.html"))
        self.assertEqual(results[3]["baseline"]["versions"], 3)
        self.assertNotIn("url", results[0])
        out, _ = self.varta("replay", self.folder / "history", code=1)
        self.assertIn("1 defaced, 1 edited, 1 new, 1 unchanged", out)

    def test_replay_pairs(self):
        before, after, bad = self.write("a.html", ministry()), self.write("b.html", ministry(NEWS[1:])), self.write("c.html", defaced())
        pairs = self.write("pairs.tsv", f"# pairs\n{before}\t{after}\tan edit\n{before}\t{bad}\tan attack\n{before}\t{before}\n")
        out, _ = self.varta("replay", "--json", "--pairs", pairs, code=1)
        results = {result.get("label", ""): result["verdict"] for result in map(json.loads, out.splitlines())}
        self.assertEqual(results, {"an edit": "edited", "an attack": "defaced", "": "unchanged"})
        _, err = self.varta("replay", "--pairs", self.write("bad.tsv", f"{before}\n"), code=2)
        self.assertIn("bad.tsv:1: a line is BEFORE<TAB>AFTER", err)
        _, err = self.varta("replay", "--pairs", self.write("gone.tsv", f"{before}\t{self.folder}/gone.html\n"), code=3)
        self.assertIn("gone.html: No such file", err)
        self.varta("replay", code=2)
        self.varta("replay", "--pairs", pairs, self.folder, code=2)


if __name__ == "__main__":
    main()
