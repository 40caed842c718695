/* The table of words; see report_words.h. A row is a word, its columns are the languages. */
#include "pipeline/evidence/report_words.h"

#include "base/saying.h"

#include <time.h>

static const char *const words[WORD_COUNT][TONGUE_COUNT] = {
    [WORD_REPORT] = {"Incident report", "Звіт про інцидент", "Raport o incydencie"},
    [WORD_INCIDENT] = {"Incident", "Інцидент", "Incydent"},
    [WORD_HEAD_DEFACED] = {"“{page}” has been defaced: since {from} it shows somebody else’s message.",
                           "Сторінку «{page}» спотворено: з {from} на ній чуже повідомлення.",
                           "Strona „{page}” została podmieniona: od {from} widnieje na niej "
                           "cudza treść."},
    [WORD_HEAD_REPLACED] = {"The content of “{page}” has been replaced since {from}; whether by its owner is "
                            "not known.",
                            "Вміст сторінки «{page}» замінено з {from}; чи зробив це власник, невідомо.",
                            "Treść strony „{page}” została zastąpiona, od {from}; nie wiadomo, czy przez "
                            "właściciela."},
    [WORD_HEAD_UNAVAILABLE] = {"“{page}” cannot be reached or read since {from}.",
                               "Сторінка «{page}» недоступна або нечитна з {from}.",
                               "Strona „{page}” jest niedostępna lub nieczytelna od {from}."},
    [WORD_HEAD_OTHER] = {"An incident is open on “{page}” since {from}.",
                         "На сторінці «{page}» з {from} триває інцидент.",
                         "Na stronie „{page}” trwa incydent od {from}."},
    [WORD_OVER_DEFACED] = {"“{page}” was defaced on {from}; since {until} it again says what it said.",
                           "Сторінку «{page}» було спотворено {from}; з {until} вона знову така, як була.",
                           "Strona „{page}” została podmieniona {from}; od {until} znów jest "
                           "taka jak przedtem."},
    [WORD_OVER_REPLACED] = {"The content of “{page}” was replaced on {from}; this ended on {until}.",
                            "Вміст сторінки «{page}» було замінено {from}; це закінчилося {until}.",
                            "Treść strony „{page}” została zastąpiona {from}; skończyło się to {until}."},
    [WORD_OVER_UNAVAILABLE] = {"“{page}” could not be reached or read from {from} to {until}.",
                               "Сторінка «{page}» була недоступна або нечитна з {from} до {until}.",
                               "Strona „{page}” była niedostępna lub nieczytelna od {from} do {until}."},
    [WORD_OVER_OTHER] = {"An incident on “{page}” began on {from} and ended on {until}.",
                         "Інцидент на сторінці «{page}» почався {from} і закінчився {until}.",
                         "Incydent na stronie „{page}” zaczął się {from} i skończył {until}."},
    [WORD_OVER_ACCEPTED] = {"“{page}” changed on {from}; on {until} a person accepted what it says.",
                            "Сторінка «{page}» змінилася {from}; {until} людина прийняла її новий вміст.",
                            "Strona „{page}” zmieniła się {from}; {until} człowiek zaakceptował jej nową "
                            "treść."},
    [WORD_IN_LANGUAGES] = {"The message is in {languages}.", "Мови повідомлення: {languages}.",
                           "Języki wiadomości: {languages}."},
    [WORD_CERTAINTY] = {"rated {score} likely to be a defacement",
                        "імовірність спотворення за оцінкою: {score}",
                        "ocenione prawdopodobieństwo podmiany: {score}"},
    [WORD_LASTED] = {"lasted {time}", "тривало {time}", "trwało {time}"},
    [WORD_LASTS] = {"still going on", "досі триває", "nadal trwa"},
    [WORD_PAGE] = {"Page", "Сторінка", "Strona"},
    [WORD_GROUP] = {"Group", "Група", "Grupa"},
    [WORD_CONTACT] = {"Contact", "Контакт", "Kontakt"},
    [WORD_STATE] = {"State", "Стан", "Stan"},
    [WORD_CAUSE] = {"Cause", "Причина", "Przyczyna"},

    [WORD_DEFACED] = {"defaced", "спотворено", "podmieniona"},
    [WORD_REPLACED] = {"replaced", "замінено", "zastąpiona"},
    [WORD_UNAVAILABLE] = {"unavailable", "недоступна", "niedostępna"},
    [WORD_EDITED] = {"edited", "відредаговано", "zredagowana"},
    [WORD_UNCHANGED] = {"unchanged", "без змін", "bez zmian"},
    [WORD_NEW] = {"new", "нова", "nowa"},
    [WORD_SUSPECTED] = {"suspected", "підозра", "podejrzenie"},
    [WORD_CONFIRMED] = {"confirmed", "підтверджено", "potwierdzono"},
    [WORD_ACKNOWLEDGED] = {"acknowledged", "прийнято до роботи", "przyjęto do pracy"},
    [WORD_RECOVERED] = {"recovered", "відновлено", "przywrócono"},
    [WORD_ACCEPTED] = {"accepted as the page’s own", "визнано власним вмістом", "uznano za właściwą treść"},
    [WORD_DISMISSED] = {"dismissed", "відхилено", "odrzucono"},

    [WORD_MESSAGE] = {"The message", "Повідомлення", "Wiadomość"},
    [WORD_NEW_TEXT] = {"The new text", "Новий текст", "Nowy tekst"},
    [WORD_MESSAGE_IMAGE] = {"The text stands in a picture; varta read it there.",
                            "Текст міститься на зображенні; varta прочитала його звідти.",
                            "Tekst znajduje się na obrazie; varta odczytała go stamtąd."},
    [WORD_MESSAGE_TEXT] = {"The words are the page’s, unchanged and untranslated.",
                           "Слова сторінки подано без змін і без перекладу.",
                           "Słowa strony podano bez zmian i bez tłumaczenia."},
    [WORD_MESSAGE_NONE] = {"No text was read.", "Тексту не прочитано.", "Nie odczytano żadnego tekstu."},
    [WORD_LANGUAGES] = {"Languages of the message", "Мови повідомлення", "Języki wiadomości"},
    [WORD_SHARE] = {"share of the letters", "частка літер", "udział liter"},

    [WORD_PICTURES] = {"Pictures", "Зображення", "Obrazy"},
    [WORD_PICTURES_LEAD] =
        {"New to the page, drawn anew by varta: the original bytes are only in the evidence. "
         "Boxes mark the lines that were read; a dashed box is a doubtful reading.",
         "Нові для сторінки, перемальовані програмою varta: оригінальні байти є лише в "
         "доказах. Рамки позначають прочитані рядки; пунктир — сумнівне прочитання.",
         "Nowe na stronie, narysowane na nowo przez program varta: oryginalne bajty są "
         "tylko w dowodach. Ramki wskazują odczytane wiersze; linia przerywana — odczyt "
         "niepewny."},
    [WORD_PICTURE] = {"Picture {number}", "Зображення {number}", "Obraz {number}"},
    [WORD_PICTURE_READ] = {"Read in picture {number}", "Прочитано на зображенні {number}",
                           "Odczytano na obrazie {number}"},
    [WORD_PICTURE_LOST] = {"The picture is not in the evidence folder or cannot be read.",
                           "Зображення немає в теці доказів, або його не вдалося прочитати.",
                           "Obrazu nie ma w katalogu dowodów albo nie da się go odczytać."},
    [WORD_PICTURE_SILENT] = {"No text was read in it.", "Тексту на ньому не прочитано.",
                             "Nie odczytano na nim tekstu."},
    [WORD_MORE_PICTURES] =
        {"New pictures not shown here: {count}. All of them are in the evidence; those with "
         "most text in them are shown.",
         "Нових зображень, яких тут немає: {count}. Усі вони є в доказах; показано ті, на "
         "яких найбільше тексту.",
         "Nowych obrazów, których tu nie ma: {count}. Wszystkie są w dowodach; pokazano te, "
         "na których jest najwięcej tekstu."},
    [WORD_LINE] = {"Line", "Рядок", "Wiersz"},
    [WORD_LINE_SURE] = {"Confidence", "Певність", "Pewność"},
    [WORD_DOUBTFUL] = {"doubtful", "сумнівно", "niepewne"},

    [WORD_CHANGE] = {"Before and after", "До і після", "Przedtem i potem"},
    [WORD_CHANGE_LEAD] = {"{kept} of the lasting text still stands; {new} of the page’s text is new.",
                          "Залишилося {kept} сталого тексту; {new} тексту сторінки — нове.",
                          "Zostało {kept} trwałego tekstu; {new} tekstu strony jest nowe."},
    [WORD_BEFORE] = {"Before", "До", "Przedtem"},
    [WORD_AFTER] = {"After", "Після", "Potem"},
    [WORD_SIGN_KEPT] = {"still there", "залишилося", "zostało"},
    [WORD_SIGN_GONE] = {"gone", "зникло", "zniknęło"},
    [WORD_SIGN_NEW] = {"new", "нове", "nowe"},
    [WORD_SIGN_VOLATILE] = {"changes by itself", "змінюється саме", "zmienia się samo"},
    [WORD_LEGEND] = {"Signs", "Позначки", "Znaki"},
    [WORD_MORE_BLOCKS] = {"{count} further passages are in the dossier.", "Ще уривків у досьє: {count}.",
                          "Dalszych fragmentów w aktach: {count}."},
    [WORD_NO_BLOCKS] = {"Nothing.", "Нічого.", "Nic."},
    [WORD_TITLE] = {"title", "заголовок", "tytuł"},
    [WORD_FROM_PICTURE] = {"in a picture", "на зображенні", "na obrazie"},
    [WORD_HIDDEN] = {"not visible to visitors", "невидиме відвідувачам", "niewidoczne dla odwiedzających"},

    [WORD_REASONS] = {"Why it was judged so", "Чому так оцінено", "Dlaczego tak oceniono"},
    [WORD_REASONS_LEAD] = {"In order of weight; a bar to the right speaks for a defacement.",
                           "За вагою; смужка праворуч свідчить на користь спотворення.",
                           "Według wagi; pasek w prawo przemawia za podmianą."},
    [WORD_REASON] = {"Reason", "Ознака", "Przesłanka"},
    [WORD_WEIGHT] = {"Weight", "Вага", "Waga"},
    [WORD_AGAINST] = {"speaks against", "свідчить проти", "przemawia przeciw"},

    [WORD_TIMELINE] = {"Course of events", "Перебіг подій", "Przebieg zdarzeń"},
    [WORD_TIME] = {"Time", "Час", "Czas"},
    [WORD_EVENT] = {"Event", "Подія", "Zdarzenie"},
    [WORD_DETAIL] = {"Detail", "Подробиці", "Szczegóły"},
    [WORD_OPENED] = {"first seen", "уперше помічено", "zauważono po raz pierwszy"},
    [WORD_TOLD] = {"alert sent", "сповіщення надіслано", "wysłano alarm"},
    [WORD_ESCALATED] = {"escalated", "ескалація", "eskalacja"},
    [WORD_WORSE] = {"became worse", "стало гірше", "pogorszyło się"},
    [WORD_CLOSED] = {"over", "завершено", "zakończono"},
    [WORD_KNOWN_GOOD] = {"last known to be in order", "востаннє була в порядку",
                         "ostatni raz była w porządku"},

    [WORD_SIGN] = {"sign", "ознака", "oznaka"},
    [WORD_SEEN] = {"seen", "побачено", "zobaczono"},
    [WORD_JOINED] = {"joined a campaign", "долучено до кампанії", "dołączono do kampanii"},
    [WORD_UNTOLD] = {"not told", "не сповіщено", "nie zgłoszono"},
    [WORD_UNWATCHED] = {"no longer watched", "більше не спостерігається", "nie jest już obserwowana"},
    [WORD_KEPT] = {"evidence kept", "докази збережено", "zachowano dowody"},
    [WORD_BY_HAND] = {"by {who}", "хто: {who}", "kto: {who}"},

    [WORD_CAMPAIGN] = {"Other pages of the same campaign", "Інші сторінки тієї ж кампанії",
                       "Inne strony tej samej kampanii"},
    [WORD_CAMPAIGN_LEAD] = {"{count} further incidents belong to campaign c{campaign}.",
                            "До кампанії c{campaign} належать ще інциденти: {count}.",
                            "Dalszych incydentów w kampanii c{campaign}: {count}."},
    [WORD_VERDICT] = {"Verdict", "Висновок", "Ocena"},
    [WORD_SINCE] = {"Since", "З", "Od"},
    [WORD_MORE_SIBLINGS] = {"{count} more are not listed here.", "Ще не названо: {count}.",
                            "Nie wymieniono jeszcze: {count}."},

    [WORD_TECHNICAL] = {"Technical details", "Технічні подробиці", "Szczegóły techniczne"},
    [WORD_DEFANGED] = {"Addresses are written so that nothing turns them into links: hxxp, [.].",
                       "Адреси записано так, щоб ніщо не зробило з них посилань: hxxp, [.].",
                       "Adresy zapisano tak, by nic nie zrobiło z nich odnośników: hxxp, [.]."},
    [WORD_ADDRESS] = {"Page address", "Адреса сторінки", "Adres strony"},
    [WORD_FINAL_ADDRESS] = {"Address it led to", "Куди вона вела", "Dokąd prowadziła"},
    [WORD_REDIRECTS] = {"Redirects", "Перенаправлення", "Przekierowania"},
    [WORD_IP] = {"IP address", "IP-адреса", "Adres IP"},
    [WORD_HTTP_STATUS] = {"HTTP status", "Статус HTTP", "Status HTTP"},
    [WORD_SERVER] = {"Server", "Сервер", "Serwer"},
    [WORD_CONTENT_TYPE] = {"Content type", "Тип вмісту", "Typ treści"},
    [WORD_CERTIFICATE] = {"Certificate", "Сертифікат", "Certyfikat"},
    [WORD_ISSUER] = {"issued by", "видав", "wydany przez"},
    [WORD_VALID] = {"valid", "чинний", "ważny"},
    [WORD_NEW_LINKS] = {"New hosts linked to", "Нові вузли в посиланнях", "Nowe hosty w odnośnikach"},
    [WORD_NEW_SCRIPTS] = {"New hosts of scripts", "Нові вузли скриптів", "Nowe hosty skryptów"},
    [WORD_NEW_FRAMES] = {"New hosts of frames", "Нові вузли фреймів", "Nowe hosty ramek"},
    [WORD_NEW_FORMS] = {"New hosts of forms", "Нові вузли форм", "Nowe hosty formularzy"},
    [WORD_PICTURE_FACTS] = {"What the picture files say of themselves", "Що файли зображень кажуть про себе",
                            "Co pliki obrazów mówią o sobie"},
    [WORD_PICTURE_WARNING] = {"Whoever made the file could write anything here. In January 2022 the picture "
                              "carried a planted location in Poland: never conclude from it who did it.",
                              "Той, хто зробив файл, міг написати тут що завгодно. У січні 2022 року "
                              "зображення мало підкинуті координати в Польщі: не робіть із них висновків про "
                              "винних.",
                              "Twórca pliku mógł tu wpisać cokolwiek. W styczniu 2022 r. obraz zawierał "
                              "podrzucone współrzędne w Polsce: nie należy z nich wnioskować o sprawcy."},
    [WORD_FORMAT] = {"Format", "Формат", "Format"},
    [WORD_SIZE] = {"Size", "Розмір", "Rozmiar"},
    [WORD_SOFTWARE] = {"Software", "Програма", "Oprogramowanie"},
    [WORD_TAKEN] = {"Taken", "Знято", "Wykonano"},
    [WORD_CAMERA] = {"Camera", "Камера", "Aparat"},
    [WORD_COMMENT] = {"Comment", "Коментар", "Komentarz"},
    [WORD_PLACE] = {"Location (GPS)", "Місце (GPS)", "Miejsce (GPS)"},
    [WORD_HASH] = {"SHA-256", "SHA-256", "SHA-256"},

    [WORD_PROOF] = {"Evidence, and how to verify it", "Докази та як їх перевірити",
                    "Dowody i jak je sprawdzić"},
    [WORD_PROOF_LEAD] = {"These files lie in the folder {folder} of the evidence.",
                         "Ці файли лежать у теці доказів {folder}.",
                         "Te pliki leżą w katalogu dowodów {folder}."},
    [WORD_FILE] = {"File", "Файл", "Plik"},
    [WORD_BYTES] = {"Bytes", "Байти", "Bajty"},
    [WORD_VERIFY_ONE] = {"Compare each file’s SHA-256 with the table:",
                         "Звірте SHA-256 кожного файлу з таблицею:",
                         "Porównaj SHA-256 każdego pliku z tabelą:"},
    [WORD_VERIFY_TWO] = {"Check the chain of the manifest, which shows later tampering:",
                         "Перевірте ланцюжок маніфесту, який виявляє пізніші зміни:",
                         "Sprawdź łańcuch manifestu, który ujawnia późniejsze zmiany:"},
    [WORD_VERIFY_THREE] = {"Replay what was recorded (WARC) in ReplayWeb.page or pywb.",
                           "Перегляньте записане (WARC) у ReplayWeb.page або pywb.",
                           "Odtwórz zapis (WARC) w ReplayWeb.page lub pywb."},
    [WORD_EVIDENCE_REMOVED] =
        {"The evidence that was kept of this incident has been removed since: it was too old or too much for "
         "what is to be kept. The manifest says when. What stands here is from the record alone.",
         "Докази, збережені щодо цього інциденту, відтоді видалено: вони були задавні або завеликі для "
         "встановленого зберігання. Коли саме — сказано в маніфесті. Тут подано лише те, що є в записі.",
         "Dowody zachowane w sprawie tego incydentu zostały od tego czasu usunięte: były za stare albo za "
         "duże na to, co ma być przechowywane. Manifest podaje, kiedy. Tu podano tylko to, co jest w "
         "zapisie."},
    [WORD_EVIDENCE_ABSENT] =
        {"Evidence was kept of this incident, but it is not where it was looked for or cannot be read. What "
         "stands here is from the record alone.",
         "Докази щодо цього інциденту було збережено, але там, де їх шукали, їх немає або їх не вдалося "
         "прочитати. Тут подано лише те, що є в записі.",
         "Dowody w sprawie tego incydentu zostały zachowane, ale nie ma ich tam, gdzie ich szukano, albo nie "
         "da się ich odczytać. Tu podano tylko to, co jest w zapisie."},
    [WORD_MADE] = {"Made by varta {version} on {when} from the evidence of incident {number}.",
                   "Створено varta {version} {when} з доказів інциденту {number}.",
                   "Sporządzono programem varta {version} {when} z dowodów incydentu {number}."},
};

const char *report_word(enum word word, enum tongue tongue)
{
    return words[word][tongue];
}

enum word report_word_verdict(enum verdict_kind verdict)
{
    static const enum word of[VERDICT_KIND_COUNT] = {
        [VERDICT_NEW] = WORD_NEW,         [VERDICT_UNCHANGED] = WORD_UNCHANGED,
        [VERDICT_EDITED] = WORD_EDITED,   [VERDICT_REPLACED] = WORD_REPLACED,
        [VERDICT_DEFACED] = WORD_DEFACED, [VERDICT_UNAVAILABLE] = WORD_UNAVAILABLE,
    };
    return (unsigned)verdict < VERDICT_KIND_COUNT ? of[verdict] : WORD_COUNT;
}

enum word report_word_head(enum verdict_kind verdict, bool over, bool accepted)
{
    if (over && accepted)
        return WORD_OVER_ACCEPTED;
    if (verdict == VERDICT_DEFACED)
        return over ? WORD_OVER_DEFACED : WORD_HEAD_DEFACED;
    if (verdict == VERDICT_REPLACED)
        return over ? WORD_OVER_REPLACED : WORD_HEAD_REPLACED;
    if (verdict == VERDICT_UNAVAILABLE)
        return over ? WORD_OVER_UNAVAILABLE : WORD_HEAD_UNAVAILABLE;
    return over ? WORD_OVER_OTHER : WORD_HEAD_OTHER;
}

enum word report_word_detail(struct span detail)
{
    struct span name = detail;
    if (span_starts(name, SPAN("incident-")))
        name = span_cut(name, sizeof("incident-") - 1, name.size);
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(name, span_of(verdict_name((enum verdict_kind)i))))
            return report_word_verdict((enum verdict_kind)i);
    return name.size < detail.size ? report_word_event(name) : WORD_COUNT;
}

void report_word_said(struct span what, struct span detail, enum tongue tongue, struct buf *out)
{
    enum word known = report_word_detail(detail);
    enum word verdict = report_word_detail(span_cut(detail, 0, span_find(detail, SPAN(" ("), 0)));
    if (known < WORD_COUNT)
        buf_add_text(out, words[known][tongue]);
    else if (!saying_detail(what, detail, verdict < WORD_COUNT ? words[verdict][tongue] : NULL, tongue, out))
        buf_add_span(out, detail);
}

void report_word_cause(struct span cause, enum tongue tongue, struct buf *out)
{
    if (!saying_cause(cause, tongue, out))
        buf_add_span(out, cause);
}

enum word report_word_event(struct span name)
{
    static const struct {
        const char *name;
        enum word word;
    } events[] = {
        {"opened", WORD_OPENED},       {"suspected", WORD_SUSPECTED},
        {"confirmed", WORD_CONFIRMED}, {"acknowledged", WORD_ACKNOWLEDGED},
        {"recovered", WORD_RECOVERED}, {"accepted", WORD_ACCEPTED},
        {"dismissed", WORD_DISMISSED}, {"told", WORD_TOLD},
        {"escalated", WORD_ESCALATED}, {"worse", WORD_WORSE},
        {"closed", WORD_CLOSED},       {"evidence", WORD_KEPT},
        {"sign", WORD_SIGN},           {"campaign", WORD_JOINED},
        {"seen", WORD_SEEN},           {"untold", WORD_UNTOLD},
        {"unwatched", WORD_UNWATCHED},
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        if (span_equal(name, span_of(events[i].name)))
            return events[i].word;
    return WORD_COUNT;
}

static void add_time(int64_t at_s, enum tongue tongue, bool seconds, struct buf *out)
{
    static const char *const months[TONGUE_COUNT][12] = {
        {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December"},
        {"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
         "листопада", "грудня"},
        {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
         "października", "listopada", "grudnia"},
    };
    static const char *const year[TONGUE_COUNT] = {"", " року", " r."};
    time_t time = (time_t)at_s;
    struct tm parts;
    if (!gmtime_r(&time, &parts))
        return;
    buf_add_format(out, "%d %s %d%s, %02d:%02d", parts.tm_mday, months[tongue][parts.tm_mon],
                   parts.tm_year + 1900, year[tongue], parts.tm_hour, parts.tm_min);
    if (seconds)
        buf_add_format(out, ":%02d", parts.tm_sec);
    buf_add_text(out, " UTC");
}

void report_word_time(int64_t at_s, enum tongue tongue, struct buf *out)
{
    add_time(at_s, tongue, true, out);
}

void report_word_minute(int64_t at_s, enum tongue tongue, struct buf *out)
{
    add_time(at_s, tongue, false, out);
}

void report_word_duration(int64_t duration_s, enum tongue tongue, struct buf *out)
{
    enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
    static const char *const units[TONGUE_COUNT][4] = {
        {"d", "h", "min", "s"}, {"дн.", "год", "хв", "с"}, {"d", "godz.", "min", "s"}};
    const char *const *unit = units[tongue];
    long long s = duration_s > 0 ? duration_s : 0;
    if (s >= DAY)
        buf_add_format(out, "%lld %s %lld %s", s / DAY, unit[0], s % DAY / HOUR, unit[1]);
    else if (s >= HOUR)
        buf_add_format(out, "%lld %s %lld %s", s / HOUR, unit[1], s % HOUR / MINUTE, unit[2]);
    else if (s >= MINUTE)
        buf_add_format(out, "%lld %s", s / MINUTE, unit[2]);
    else
        buf_add_format(out, "%lld %s", s, unit[3]);
}

void report_word_fill(const char *pattern, report_put_fn *put, report_fill_fn *fill, void *context)
{
    struct span rest = span_of(pattern);
    while (rest.size) {
        size_t open = span_find(rest, SPAN("{"), 0);
        size_t close = span_find(rest, SPAN("}"), open);
        put(context, span_cut(rest, 0, open));
        if (close < rest.size)
            fill(context, span_cut(rest, open + 1, close));
        rest = span_cut(rest, close + 1, rest.size);
    }
}
