"""Verdicts that must not change hands: what is quoted, what is replaced by one line, what is a service page; and pairs by the
thousand in the same memory."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scene import BUILD, ENVIRONMENT, SANITIZED, Case
from texts import MESSAGE, defaced, ministry, redesigned

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from service_pages import LEANING, PAGES

CUES = pathlib.Path(__file__).resolve().parents[3] / "models" / "cues"

MESSAGE_EN = ("Ukrainian! All your personal data has been uploaded to the public network. All information about you has become public, "
              "be afraid and expect the worst. This is for your past, present and future.")

# The whole message inside a report or an advisory, in each language on its own.
REPORTS = {
    "uk": ("Кібератака на урядові сайти: що відомо", "Зловмисники розмістили на головній сторінці повідомлення, передає пресслужба.",
           "Кіберполіція розпочала розслідування, роботу сайтів відновлено, витоку даних не сталося."),
    "ru": ("Кибератака на правительственные сайты: что известно", "Злоумышленники разместили на главной странице сообщение, "
           "передаёт пресс-служба.", "Начато расследование, работа сайтов восстановлена, утечки данных не произошло."),
    "pl": ("Cyberatak na strony rządowe: co wiadomo", "Nieznani sprawcy umieścili na stronie głównej komunikat, poinformowała "
           "rzeczniczka.", "Prokuratura wszczęła śledztwo, działanie stron przywrócono, dane nie wyciekły."),
    "en": ("Cyberattack on government sites: what is known", "Attackers posted a message on the home page, a spokesperson said.",
           "An investigation is under way, the sites have been restored and no data has leaked."),
}
ADVISORIES = {
    "uk": ("CERT-UA: рекомендації", "Наводимо повний текст, який бачили відвідувачі підмінених сторінок.",
           "Рекомендуємо оновити систему керування вмістом, змінити паролі, перевірити журнали й повідомити про індикатори компрометації."),
    "ru": ("CERT: рекомендации", "Приводим полный текст, который видели посетители подменённых страниц.",
           "Рекомендуем обновить систему управления, сменить пароли, проверить журналы и сообщить об индикаторах компрометации."),
    "pl": ("CERT: zalecenia", "Podajemy pełny tekst, który widzieli odwiedzający podmienione strony.",
           "Zalecamy aktualizację systemu, zmianę haseł, przegląd dzienników i zgłoszenie wskaźników kompromitacji."),
    "en": ("CERT: advisory", "We give the full text that visitors of the replaced pages saw.",
           "Update the content management system, change passwords, review the logs and report indicators of compromise."),
}

SERVICES = {
    "maintenance": ["Сайт тимчасово недоступний. Тривають технічні роботи.", "Сайт временно недоступен. Ведутся технические работы.",
                    "Strona chwilowo niedostępna. Trwają prace techniczne.", "Сайт часова недаступны. Вядуцца тэхнічныя работы.",
                    "The site is temporarily unavailable. Scheduled maintenance is under way."],
    "error": ["Помилка 404. Сторінку не знайдено.", "Ошибка 404. Страница не найдена.", "Błąd 404. Nie znaleziono strony.",
              "Памылка 404. Старонка не знойдзена.", "Error 404. Page not found."],
    "challenge": ["Перевірка браузера. Підтвердіть, що ви не робот.", "Проверка браузера. Подтвердите, что вы не робот.",
                  "Sprawdzanie przeglądarki. Potwierdź, że nie jesteś robotem.", "Праверка браўзера. Пацвердзіце, што вы не робат.",
                  "Checking your browser. Verify you are human."],
    "login": ["Вхід до системи. Введіть пароль.", "Вход в систему. Введите пароль.", "Logowanie do systemu. Podaj hasło.",
              "Уваход у сістэму. Увядзіце пароль.", "Please log in. Enter your password."],
    "parked": ["Цей домен продається.", "Этот домен продаётся.", "Ta domena jest na sprzedaż. Domena na sprzedaż.",
               "Гэты дамен прадаецца. Дамен прадаецца.", "This domain is for sale."],
    "suspended": ["Сайт заблоковано за несплату. Обліковий запис призупинено.", "Сайт заблокирован за неуплату. Аккаунт заблокирован.",
                  "Konto zostało zawieszone. Usługa wstrzymana.", "Сайт заблакаваны за няўплату.", "This account has been suspended."],
    "default-page": ["Тестова сторінка. Веб-сервер працює.", "Тестовая страница. Веб-сервер работает.",
                     "Strona domyślna serwera. Serwer działa.", "Тэставая старонка. Вэб-сервер працуе.",
                     "Welcome to nginx! This is the default page."],
}


def article(parts, quoted):
    title, before, after = parts
    return f"<article><h2>{title}</h2><p>{before}</p><blockquote>«{quoted}»</blockquote><p>{after}</p></article>"


def bare(text):
    return f"<html><head><meta charset=utf-8></head><body><h1>{text}</h1></body></html>"


def page(title, *paragraphs):
    heading, *rest = paragraphs or [title]
    body = "".join(f"<p>{text}</p>" for text in rest)
    return f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{heading}</h1>{body}</body></html>"


def clear_phrases():
    """Phrases of the lists that tell a cause by themselves."""
    cause = None
    for path in sorted(CUES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                cause = line[1:-1]
            elif cause in PAGES and line[:1].isdigit() and float(line.split(" ", 1)[0]) >= 2:
                yield cause, line.split(" ", 1)[1].replace("*", "")


class Replaying(Case):
    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def pairs(self, pages, code=0):
        """Verdicts of the pages, each in place of the ministry's."""
        before = self.write("before.html", ministry())
        lines = []
        for label, text in pages.items():
            lines.append(f"{before}\t{self.write(f'{len(lines)}.html', text)}\t{label}\n")
        out, _ = self.varta("replay", "--json", "--pairs", self.write("pairs.tsv", "".join(lines)), code=code)
        return {result["label"]: result for result in map(json.loads, out.splitlines())}

    def test_who_quotes_the_message_is_not_defaced(self):
        quotes = {**MESSAGE, "en": MESSAGE_EN}
        pages = {}
        for language, quoted in quotes.items():
            pages[f"news {language}"] = ministry(extra=article(REPORTS[language], quoted))
            pages[f"advisory {language}"] = ministry(extra=article(ADVISORIES[language], quoted))
            pages[f"first news {language}"] = ministry().replace("<main>", "<main>" + article(REPORTS[language], quoted))
            pages[f"advisory without marks {language}"] = ministry(
                extra=article(ADVISORIES[language], quoted).replace("«", "").replace("»", ""))
        for label, result in self.pairs(pages).items():
            self.assertEqual(result["verdict"], "edited", f"{label}: {result['reasons'][:4]}")

    def test_what_is_hidden_is_not_said(self):
        behind = ministry().replace("<body>", f"<body><h1>{MESSAGE['uk']}</h1><div style='display:none'>", 1).replace("</body>", "</div></body>")
        misleading = f"<html><body><h1>{MESSAGE['uk']}</h1><p style='display:none'>404 Page not found</p></body></html>"
        for label, result in self.pairs({"behind": behind, "misleading": misleading}, code=1).items():
            self.assertEqual(result["verdict"], "defaced", f"{label}: {result['reasons'][:4]}")

    def test_a_threat_outweighs_a_service_notice(self):
        text = f"<html><body><h1>Сайт тимчасово недоступний. Ведуться технічні роботи</h1><p>{MESSAGE['uk']}</p></body></html>"
        result = self.pairs({"both": text}, code=1)["both"]
        self.assertIn(result["verdict"], ("defaced", "replaced"), result["reasons"][:4])

    def test_days_of_remembrance_in_an_intact_page(self):
        days = ["Вічна пам'ять загиблим воїнам. Слава Україні! Героям слава!", "Cześć i chwała bohaterom! Pamiętamy.", "Ніхто не забыты, нішто не забыта",
                "Никто не забыт, ничто не забыто", "We will never forget. Eternal glory to the heroes."]
        pages = {day: ministry().replace("<main>", f"<main><h2>{day}</h2>", 1) for day in days}
        for day, result in self.pairs(pages).items():
            self.assertEqual(result["verdict"], "edited", f"{day}: {result['reasons'][:4]}")

    def test_one_line_in_place_of_a_page(self):
        results = self.pairs({text: bare(text) for text in
                              ["Слава Україні", "Hacked by X", "Вас взломали", "Zhakowani!", "Жыве Беларусь", "Здесь ничего нет"]}, code=1)
        for label, result in results.items():
            wanted = ["defaced", "replaced"] if label == "Здесь ничего нет" else ["defaced"]
            self.assertIn(result["verdict"], wanted, f"{label}: {result['reasons'][:4]}")

    def test_wholesale_change_is_never_unchanged(self):
        results = self.pairs({"picture": "<html><body><img src=nothing.png width=900 height=700></body></html>",
                              "shop": redesigned(),
                              "script": "<html><body><script>draw()</script></body></html>",
                              "film": "<html><body><video autoplay muted src=x.mp4></video></body></html>",
                              "drawing": "<html><body><svg width=900 height=600><path d='M0 0h900v600z'/></svg></body></html>",
                              "plug-in": "<html><body><object data=x.swf width=900 height=600></object></body></html>",
                              "frame": "<html><body><iframe src=https://other.example/ width=900 height=600></iframe></body></html>",
                              "elsewhere": "<html><head><meta http-equiv=refresh content='0;url=https://other.example/'></head></html>",
                              "pictograms": bare("💀💀💀"),
                              "digits": bare("1488"),
                              "message": defaced()}, code=1)
        for label in ("film", "drawing", "plug-in", "frame", "elsewhere", "pictograms", "digits"):
            self.assertEqual(results[label]["verdict"], "replaced", f"{label}: {results[label]['reasons'][:4]}")
        self.assertEqual(results["message"]["verdict"], "defaced")
        self.assertEqual(results["shop"]["verdict"], "replaced")
        self.assertIn(results["picture"]["verdict"], ["replaced", "defaced"])
        self.assertEqual(results["script"]["verdict"], "replaced")

    def test_how_a_page_is_staged_is_told(self):
        text = "<html><body bgcolor=black oncontextmenu='return false'><audio autoplay src=//a.example/x.mp3></audio><marquee>привіт</marquee>"
        result = self.pairs({"staged": text}, code=1)["staged"]
        self.assertIn("loud", [reason["code"] for reason in result["reasons"]])
        self.assertIn("dark", [reason["code"] for reason in result["reasons"]])

    def test_service_pages_in_five_languages(self):
        pages = {f"{cause} {at}": bare(text) for cause, texts in SERVICES.items() for at, text in enumerate(texts)}
        for label, result in self.pairs(pages).items():
            self.assertEqual((result["verdict"], result.get("cause")), ("unavailable", label.split()[0]),
                             f"{label}: {pages[label]} {result['reasons'][:4]}")

    def test_what_the_world_writes_tells_the_cause(self):
        pages = {f"{cause}: {' | '.join(lines)}": page(*lines) for cause, known in PAGES.items() for lines in known}
        pages |= {f"{cause}: by host": text for cause, text in LEANING.items()}
        for label, result in self.pairs(pages).items():
            with self.subTest(label):
                self.assertEqual((result["verdict"], result.get("cause")), ("unavailable", label.split(":")[0]), result["reasons"][:6])

    @unittest.skipIf(SANITIZED, "thousands of pages")
    def test_no_phrase_of_the_lists_tells_another_cause(self):
        pages = {f"{cause}: {phrase}": bare(phrase) for cause, phrase in clear_phrases()}
        self.assertGreater(len(pages), 3000)
        results = self.pairs(pages)
        wrong = [label for label, result in results.items()
                 if (result["verdict"], result.get("cause")) != ("unavailable", label.split(":")[0])]
        self.assertEqual(wrong, [])

    def test_a_telephone_number_is_no_error(self):
        shop = redesigned().replace("<p>Майстерня", "<h2>500 123</h2><h2>502</h2><p>Телефон: 0 800 500 123, 404 503. Майстерня")
        self.assertEqual(self.pairs({"shop": shop}, code=1)["shop"]["verdict"], "replaced")

    def test_what_is_no_list_of_pairs_is_told(self):
        page_file = self.write("a.html", ministry())
        pair = f"{page_file}\t{page_file}\tlabel"
        for text, code, judged, told in [
                (pair + "\r\n", 0, 1, ""),
                (pair, 0, 1, ""),
                ("# nothing\n\n", 3, 0, ""),
                (f"{pair}\n{page_file}\n{pair}\n", 2, 2, ":2: a line is BEFORE"),
                (f"{pair}\n\t{page_file}\n", 2, 1, ":2: a line is BEFORE"),
                (f"{pair}\n{page_file}\tmissing.html\n", 3, 1, "cannot open missing.html"),
                (f"{pair}\n{'x' * 20000}\n{pair}\n", 2, 1, ":2: the line is too long"),
                (f"{pair}\n\0\n", 2, 1, ":2: the line is too long, or no text")]:
            with self.subTest(text[-60:]):
                out, err = self.varta("replay", "--json", "--pairs", self.write("pairs.tsv", text), code=code)
                self.assertEqual(len(out.splitlines()), judged)
                self.assertIn(told, err)
        self.assertIn("Is a directory", self.varta("replay", "--pairs", self.folder, code=2)[1])
        self.varta("replay", "--pairs", "/dev/zero", code=2)

    def history(self, pages):
        """Results of the pages as one history."""
        folder = self.folder / "history"
        folder.mkdir()
        for number, text in enumerate(pages):
            (folder / f"{number:04}.html").write_text(text, encoding="utf-8")
        out, _ = self.varta("replay", "--json", folder, code=None)
        return [json.loads(line) for line in out.splitlines()]

    def test_a_page_exchanged_bit_by_bit_is_replaced_in_the_end(self):
        goods = "лавка гойдалка альтанка пісочниця шезлонг парасоля мангал коптильня паркан теплиця бруківка бордюр парник".split()
        pages = [ministry()]
        for number, text in enumerate(dict.fromkeys(re.findall(r">([^<>]*\w{3}[^<>]*)<", ministry()))):
            words = [goods[(number + at * 3) % 13] + goods[(number * 5 + at) % 13] for at in range(max(2, len(text) // 9))]
            pages.append(pages[-1].replace(f">{text}<", f">{' '.join(words)}<"))
        verdicts = [result["verdict"] for result in self.history(pages)]
        self.assertEqual(verdicts[0], "new")
        self.assertLessEqual(set(verdicts[1:len(verdicts) // 2]), {"edited", "unchanged"})
        self.assertIn("replaced", verdicts[-3:], verdicts)

    def test_what_changes_every_time_is_no_change(self):
        pages = [ministry(extra=f"<p>Сьогодні {day} листопада 2026, відвідувачів: {day * 7919 % 9973}</p><p>Курс: {day * 31 % 97}</p>")
                 for day in range(1, 12)]
        self.assertEqual({result["verdict"] for result in self.history(pages)[2:]}, {"unchanged"})

    def test_a_difference_is_told_in_eighty_columns(self):
        before, after = self.write("a.html", ministry()), self.write("b.html", defaced() + "<p>" + "нерозривне" * 40)
        out, _ = self.varta("diff", "--no-color", before, after, code=None)
        self.assertLessEqual(max(map(len, out.splitlines())), 80, out)
        self.assertIn("\n+ Українець!", "\n" + out)
        self.assertIn("\n- Міністерство", out)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what was freed")
    def test_many_pairs_take_no_more_memory_than_few(self):
        before, after = self.write("a.html", ministry()), self.write("b.html", ministry(extra="<p>ще один абзац новин</p>"))
        sizes = []
        for count in (200, 4000):
            pairs = self.write("many.tsv", f"{before}\t{after}\n" * count)
            done = subprocess.run([sys.executable, "-c", PEAK, BUILD / "varta", "replay", "-q", "--pairs", pairs], env=ENVIRONMENT,
                                  capture_output=True, timeout=280, check=True)
            sizes.append(int(done.stdout))
        self.assertLess(sizes[1] - sizes[0], 4096, f"{sizes} KiB at most")


# The most memory of the supervisor or one of its helpers, in KiB; a program of its own, since it counts over all children.
PEAK = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""

if __name__ == "__main__":
    unittest.main(verbosity=2)
