/*
 * Reasons in Ukrainian and Polish. The judge writes English sentences; a reason's code says which one it is,
 * and what is particular to the case (a number, a quotation, names) is taken over from the sentence. A code
 * that is not in the table, or a sentence without what its row asks for, stays English: better a foreign
 * sentence than a wrong one.
 */
#include "pipeline/evidence/report_words.h"

struct row {
    const char *code, *uk, *pl; /* {n}: the first number; {q}: the quotation with its marks */
};

static const struct row rows[] = {
    {"content-gone", "лишилося {n} % сталого тексту", "zostało {n} % trwałego tekstu"},
    {"content-kept", "лишилося {n} % сталого тексту", "zostało {n} % trwałego tekstu"},
    {"words-gone", "лишилося {n} % власних слів сторінки", "zostało {n} % własnych słów strony"},
    {"words-kept", "лишилося {n} % власних слів сторінки", "zostało {n} % własnych słów strony"},
    {"structure-gone", "{n} % розмітки такі, як були", "{n} % znaczników jest jak przedtem"},
    {"structure-kept", "{n} % розмітки такі, як були", "{n} % znaczników jest jak przedtem"},
    {"ties-cut", "зникли телефони, адреси й посилання, які завжди там були",
     "zniknęły telefony, adresy i odnośniki, które zawsze tam były"},
    {"ties-kept", "її телефони, адреси й посилання на місці", "telefony, adresy i odnośniki są na miejscu"},
    {"first-screen", "{n} % того, що відвідувач бачить першим, — нове",
     "{n} % tego, co odwiedzający widzi najpierw, jest nowe"},
    {"several-languages", "текст говорить кількома мовами відразу", "tekst mówi kilkoma językami naraz"},
    {"cue-claim", "сторінка заявляє, що її зламано{q}", "strona twierdzi, że została zhakowana{q}"},
    {"cue-team", "підписано так, як підписуються зловмисники{q}",
     "podpisana tak, jak podpisują się atakujący{q}"},
    {"cue-threat", "вона погрожує{q}", "strona grozi{q}"},
    {"cue-leak", "сказано, що дані викрадено, оприлюднено чи знищено{q}",
     "mowa o skradzionych, ujawnionych lub zniszczonych danych{q}"},
    {"cue-ransom", "вимагають грошей{q}", "żąda pieniędzy{q}"},
    {"cue-mockery", "вона глузує{q}", "strona szydzi{q}"},
    {"cue-slogan", "вона несе гасло{q}", "strona niesie hasło{q}"},
    {"cue-forged", "вона оголошує те, що скидається на підробку{q}",
     "ogłasza coś, co wygląda na fałszerstwo{q}"},
    {"cue-tone", "слова про страх, війну, ганьбу чи крадіжку{q}",
     "słowa o strachu, wojnie, hańbie lub kradzieży{q}"},
    {"cue-report", "написано так, як пишуть новини{q}", "napisana tak jak wiadomości prasowe{q}"},
    {"cue-maintenance", "читається як сторінка обслуговування{q}", "wygląda na stronę prac technicznych{q}"},
    {"cue-error", "читається як сторінка помилки{q}", "wygląda na stronę błędu{q}"},
    {"cue-challenge", "читається як перевірка, чи ви людина{q}",
     "wygląda na sprawdzanie, czy jesteś człowiekiem{q}"},
    {"cue-login", "читається як сторінка входу{q}", "wygląda na stronę logowania{q}"},
    {"cue-parked", "читається як запаркований домен{q}", "wygląda na zaparkowaną domenę{q}"},
    {"cue-suspended", "читається як заблокований обліковий запис{q}", "wygląda na zawieszone konto{q}"},
    {"cue-first", "новий текст починається із заяви, погрози чи глузування",
     "nowy tekst zaczyna się od oświadczenia, groźby lub szyderstwa"},
    {"cue-address", "звертається до читача, знову й знову: ми, ви",
     "zwraca się do czytelnika, raz po raz: my, wy"},
    {"cue-share", "{n} % нового тексту — уривки із заявами, погрозами чи глузуванням",
     "{n} % nowego tekstu to fragmenty z oświadczeniami, groźbami lub szyderstwem"},
    {"few-words", "на сторінці лише літер: {n}", "liter na stronie zaledwie: {n}"},
    {"few-links", "посилань лише: {n}", "odnośników zaledwie: {n}"},
    {"few-links", "жодне посилання не веде далі", "żaden odnośnik nie prowadzi dalej"},
    {"new-language", "новий текст мовами, яких сторінка ніколи не вживала",
     "nowy tekst w językach, których strona nigdy nie używała"},
    {"hosts", "тепер відсилає туди, куди часто відсилають зловмисники",
     "odsyła teraz tam, dokąd często odsyłają atakujący"},
    {"loud", "має те, що люблять зловмисники: звук, рухомий текст чи заблоковану мишу",
     "ma to, co lubią atakujący: dźwięk, ruchomy tekst lub zablokowaną mysz"},
    {"buried", "довкола сторінка з багатьма іншими речами", "wokół jest strona z wieloma innymi rzeczami"},
    {"picture-message", "повідомлення — на зображенні", "wiadomość jest na obrazie"},
    {"picture-unread", "на сторінці майже лише нове зображення, прочитати його не вдалося",
     "na stronie jest niemal tylko nowy obraz, którego nie udało się odczytać"},
    {"picture-only", "на сторінці майже лише нове зображення", "na stronie jest niemal tylko nowy obraz"},
    {"dark", "уся сторінка темна", "cała strona jest ciemna"},
    {"http-status", "сервер відповів статусом {n}", "serwer odpowiedział statusem {n}"},
    {"empty", "сторінка не показує ані тексту, ані зображень", "strona nie pokazuje tekstu ani obrazów"},
    {"sent-elsewhere", "сторінка порожня й відсилає відвідувачів деінде",
     "strona jest pusta i odsyła odwiedzających gdzie indziej"},
    {"drawn-by-script", "усе на сторінці малюють скрипти чи фрейми, яких тут не виконують",
     "wszystko rysują skrypty lub ramki, których się tu nie uruchamia"},
    {"slow-change", "потроху змінено все, що востаннє було визнано",
     "krok po kroku wymieniono wszystko, co ostatnio uznano"},
    {"same-bytes", "байт у байт те, що було прочитано востаннє", "bajt w bajt to, co odczytano ostatnio"},
};

static struct span first_number(struct span text)
{
    size_t from = 0;
    while (from < text.size && (text.at[from] < '0' || text.at[from] > '9'))
        from++;
    size_t to = from;
    while (to < text.size && text.at[to] >= '0' && text.at[to] <= '9')
        to++;
    return span_cut(text, from, to);
}

struct filling {
    struct buf *out;
    struct span english;
    bool failed;
};

static void put(void *context, struct span text)
{
    const struct filling *filling = context;
    buf_add_span(filling->out, text);
}

static void fill(void *context, struct span name)
{
    struct filling *filling = context;
    struct span found = first_number(filling->english);
    if (span_equal(name, SPAN("q"))) {
        size_t quote = span_find(filling->english, SPAN(": «"), 0);
        found = span_cut(filling->english, quote, filling->english.size);
    } else if (found.size == 0) {
        filling->failed = true;
    }
    buf_add_span(filling->out, found);
}

bool report_word_reason(struct span code, struct span english, enum tongue tongue, struct buf *out)
{
    for (size_t i = 0; tongue != TONGUE_EN && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!span_equal(code, span_of(rows[i].code)))
            continue;
        struct filling filling = {out, english, false};
        size_t before = out->size;
        report_word_fill(tongue == TONGUE_UK ? rows[i].uk : rows[i].pl, put, fill, &filling);
        if (!filling.failed)
            return true;
        out->size = before;
    }
    return false;
}
