/* Verdicts on pages made by hand, with the models that are shipped. */
#include "failing_malloc.h"
#include "hand_ministry.h"
#include "pipeline/compare/compare.h"
#include "pipeline/judge/judge.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { EVENING_S = 1642100000 };

/* Our own wording of what the press reported of 14 January 2022. */
static const char in_ukrainian[] =
    "Українець! Всі твої особисті дані були завантажені в загальну мережу. Всі дані на комп'ютері "
    "знищуються, "
    "відновити їх неможливо. Вся інформація про тебе стала публічною, бійся і чекай найгіршого.";
static const char in_russian[] =
    "Украинец! Все твои личные данные были загружены в общую сеть. Все данные на компьютере уничтожаются, "
    "восстановить их невозможно. Вся информация о тебе стала публичной, бойся и жди худшего.";
static const char in_polish[] = "Ukrainiec! Wszystkie twoje dane osobowe zostały przesłane do wspólnej "
                                "sieci. Wszystkie dane na komputerze są "
                                "niszczone, nie można ich odzyskać. Bój się i czekaj na najgorsze.";

static const struct language_share only_ukrainian[] = {{"uk", 1, 0.99}};
static const struct language_share trilingual[] = {{"uk", 0.36, 0.99}, {"ru", 0.33, 0.99}, {"pl", 0.31, 1}};
static const struct language_share mostly_ukrainian[] = {
    {"uk", 0.6, 0.99}, {"ru", 0.2, 0.99}, {"pl", 0.2, 1}};

static struct judge *judge;
static struct baseline *baseline;
static struct hand_page evening, now;

static int open_all(void **state)
{
    (void)state;
    char error[256];
    if (judge_open(MODEL_DIR, &judge, error)) {
        print_error("%s\n", error);
        return -1;
    }
    baseline = baseline_new();
    ministry_evening(&evening);
    return baseline_learn(baseline, &evening.reading, EVENING_S);
}

static int close_all(void **state)
{
    (void)state;
    judge_close(judge);
    baseline_free(baseline);
    return 0;
}

/* Judges `now`, answered with the status, in the languages, against the baseline or without one. */
static struct verdict judged(uint16_t status, const struct language_share *languages, size_t count,
                             bool alone)
{
    struct capture capture = {.outcome = OUTCOME_OK, .status = status};
    struct change change;
    assert_int_equal(compare_reading(alone ? NULL : baseline, &now.reading, &change), 0);
    struct judge_evidence evidence = {.capture = &capture,
                                      .reading = &now.reading,
                                      .change = &change,
                                      .new_languages = languages,
                                      .new_language_count = count,
                                      .baseline_languages = alone ? NULL : only_ukrainian,
                                      .baseline_language_count = alone ? 0 : 1};
    struct verdict verdict;
    assert_int_equal(judge_page(judge, &evidence, &verdict), 0);
    change_free(&change);
    return verdict;
}

static const struct reason *find_reason(const struct verdict *verdict, const char *code)
{
    for (size_t i = 0; i < verdict->reason_count; i++)
        if (strcmp(verdict->reasons[i].code, code) == 0)
            return &verdict->reasons[i];
    return NULL;
}

static bool says(const struct verdict *verdict, const char *code, const char *words)
{
    const struct reason *reason = find_reason(verdict, code);
    return reason && span_find(reason->text, span_of(words), 0) < reason->text.size;
}

static void check(struct verdict *verdict, enum verdict_kind kind)
{
    if (verdict->kind != kind)
        for (size_t i = 0; i < verdict->reason_count; i++)
            print_error("%+.2f %s\n", verdict->reasons[i].weight, verdict->reasons[i].text.at);
    assert_string_equal(verdict_name(verdict->kind), verdict_name(kind));
    for (size_t i = 2; /* what decided stands first, whatever it weighs */ i < verdict->reason_count; i++)
        assert_true(verdict->reasons[i - 1].weight * verdict->reasons[i - 1].weight >=
                    verdict->reasons[i].weight * verdict->reasons[i].weight);
}

static void message_in_a_picture_is_defaced(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_picture(&now, "1.png", 1280, 720);
    hand_picture_text(&now, in_ukrainian);
    hand_picture_text(&now, in_russian);
    hand_picture_text(&now, in_polish);
    struct verdict verdict = judged(200, trilingual, 3, false);
    check(&verdict, VERDICT_DEFACED);
    assert_true(verdict.score > 0.95);
    assert_int_equal(verdict.message_origin, ORIGIN_IMAGE);
    assert_int_equal(verdict.language_count, 3);
    assert_true(span_starts(verdict.message, SPAN("Українець!")));
    assert_true(says(&verdict, "content-gone", "0 % of the lasting text is left"));
    assert_true(says(&verdict, "new-language", "Russian and Polish"));
    assert_true(says(&verdict, "picture-message", "in a picture"));
    assert_non_null(find_reason(&verdict, "cue-threat"));
    verdict_free(&verdict);
}

static void message_as_text_is_defaced_whatever_the_status(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_block(&now, "p", in_ukrainian);
    hand_block(&now, "p", in_russian);
    hand_block(&now, "p", in_polish);
    for (size_t i = 0; i < 4; i++) {
        static const uint16_t statuses[] = {200, 403, 500, 503};
        struct verdict verdict = judged(statuses[i], trilingual, 3, false);
        check(&verdict, VERDICT_DEFACED);
        assert_int_equal(verdict.message_origin, ORIGIN_HTML);
        verdict_free(&verdict);
    }
    struct verdict alone = judged(200, trilingual, 3, true);
    check(&alone, VERDICT_DEFACED);
    verdict_free(&alone);
}

static void claim_of_a_hack_is_defaced_without_a_baseline(void **state)
{
    (void)state;
    hand_start(&now, "H4ck3d By D4rkW1nd");
    hand_block(&now, "h1", "H A C K E D");
    hand_block(&now, "p", "Your security is low, dear admin. Greetz to all my friends");
    struct verdict verdict = judged(200, NULL, 0, true);
    check(&verdict, VERDICT_DEFACED);
    assert_true(says(&verdict, "cue-claim", "H4ck3d By"));
    verdict_free(&verdict);
}

static void news_that_quotes_the_message_is_an_edit(void **state)
{
    (void)state;
    ministry_frame(&now);
    hand_block(&now, "main h2", "Кібератака на державні сайти: що відомо");
    hand_block(
        &now, "main p",
        "Уночі невідомі зловмисники здійснили хакерську атаку на сайти. За даними фахівців, на сторінках "
        "розмістили повідомлення трьома мовами. Ось його повний текст.");
    hand_block(&now, "main p", in_ukrainian);
    hand_block(&now, "main p", in_russian);
    hand_block(&now, "main p", in_polish);
    hand_block(&now, "main p", "Кіберполіція розпочала розслідування, роботу сайтів відновлено.");
    ministry_news(&now);
    ministry_foot(&now);
    struct verdict verdict = judged(200, mostly_ukrainian, 3, false);
    check(&verdict, VERDICT_EDITED);
    assert_non_null(find_reason(&verdict, "content-kept"));
    assert_non_null(find_reason(&verdict, "cue-report"));
    verdict_free(&verdict);
}

static void write_article(void)
{
    hand_start(&now, "Хакери атакували урядові сайти: що відомо");
    hand_block(&now, "h1", "Хакери атакували урядові сайти: що відомо");
    hand_block(
        &now, "p",
        "У ніч на 14 січня невідомі зламали кілька десятків урядових сайтів. На головних сторінках з'явилося "
        "повідомлення:");
    hand_block(&now, "p", in_ukrainian);
    hand_block(&now, "p", in_russian);
    hand_block(&now, "p", in_polish);
    hand_block(
        &now, "p",
        "Держспецзв'язку повідомляє, що витоку персональних даних не сталося. Роботу більшості ресурсів уже "
        "відновлено.");
}

static void article_in_place_of_the_page_is_replaced(void **state)
{
    (void)state;
    write_article();
    struct verdict verdict = judged(200, mostly_ukrainian, 3, false);
    check(&verdict, VERDICT_REPLACED);
    assert_string_equal(verdict.reasons[0].code, "narrated");
    verdict_free(&verdict);
    verdict = judged(200, mostly_ukrainian, 3, true);
    check(&verdict, VERDICT_NEW);
    verdict_free(&verdict);
}

/* Whoever puts a reporter's sentence behind, or a word of one before his threat, has written no report. */
static void threat_with_a_word_of_a_reporter_is_defaced(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_block(&now, "p", in_ukrainian);
    hand_block(&now, "p", "За повідомленням Держспецзв'язку, невідомі зламали сайти. Розслідування триває.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
    hand_start(&now, "");
    hand_block(&now, "p", "Повідомляємо:");
    hand_block(&now, "p", in_ukrainian);
    verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
}

/* Nothing in it tells by a reporter's word; prose stands around what is quoted. */
static void diary_that_quotes_is_replaced(void **state)
{
    (void)state;
    hand_start(&now, "Дощовий ранок");
    hand_block(&now, "h1", "Дощовий ранок");
    hand_block(&now, "p",
               "Ранок почався з дощу, а довідка для дитячого садка сама себе не замовить. На екрані стояло:");
    hand_block(&now, "p", in_ukrainian);
    hand_block(&now, "p",
               "Довелося йти пішки через усе місто до самісінького вокзалу. Дорогою зустрівся сусід, який "
               "теж шукав розклад автобусів.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_REPLACED);
    assert_string_equal(verdict.reasons[0].code, "narrated");
    verdict_free(&verdict);
}

static void headline_that_quotes_the_threat_is_replaced(void **state)
{
    (void)state;
    hand_start(&now, "«Бійтеся і чекайте гіршого»: хто напав на сайти");
    hand_block(&now, "h1", "«Бійтеся і чекайте гіршого»: хто напав на сайти");
    hand_block(&now, "p", in_ukrainian);
    hand_block(&now, "p",
               "Такий текст побачили відвідувачі урядових сайтів. Кіберполіція розпочала розслідування, а "
               "фахівці за добу повернули більшість сторінок до роботи.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_REPLACED);
    assert_string_equal(verdict.reasons[0].code, "narrated");
    verdict_free(&verdict);
}

/* A page that speaks to the reader, in another language and bare, is no message without an attacker's words.
 */
static void friendly_page_of_strangers_is_replaced(void **state)
{
    (void)state;
    static const struct language_share english[] = {{"en", 1, 0.99}};
    hand_start(&now, "");
    hand_block(&now, "h1", "Hi, we are the potters");
    hand_block(&now, "p", "You can see our mugs and how we paint them every Sunday in our small garden.");
    struct verdict verdict = judged(200, english, 1, false);
    check(&verdict, VERDICT_REPLACED);
    assert_null(find_reason(&verdict, "cue-threat"));
    verdict_free(&verdict);
}

static void what_the_attacker_says_is_told_first(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_block(&now, "p", in_ukrainian);
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    assert_true(span_starts(span_of(verdict.reasons[0].code), SPAN("cue-")));
    verdict_free(&verdict);
}

static void hosts_new_to_the_page_are_named(void **state)
{
    (void)state;
    ministry_evening(&now);
    hand_block(&now, "p", "Оновлено розклад прийому громадян.");
    struct host_count links[] = {{SPAN("rivers.example.org"), 1}, {SPAN("mirror.example.net"), 2}};
    struct host_list had = now.reading.links;
    now.reading.links = (struct host_list){links, 2};
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    now.reading.links = had;
    assert_true(says(&verdict, "new-hosts", "mirror.example.net"));
    verdict_free(&verdict);
}

static void office_that_speaks_to_visitors_is_replaced(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "Дякуємо! Вашу заявку прийнято. Номер звернення 4711.",
        "Ми використовуємо файли cookie. Натискаючи «Прийняти», ви погоджуєтеся.",
        "Оберіть мову сайту. Українська English Polski",
    };
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        hand_start(&now, "");
        hand_block(&now, "p", pages[i]);
        struct verdict verdict = judged(200, only_ukrainian, 1, false);
        check(&verdict, VERDICT_REPLACED);
        verdict_free(&verdict);
    }
    hand_start(&now, "");
    hand_block(&now, "p", "Дякуємо! Ми зламали цей сайт і забрали ваші дані. Бійтеся.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
}

static void sites_own_word_on_an_attack_is_replaced(void **state)
{
    (void)state;
    hand_start(&now, "Міністерство річок");
    hand_block(
        &now, "p",
        "Сайт було зламано зловмисниками. Ми відновлюємо роботу. Просимо не довіряти інформації, розміщеній "
        "учора вночі.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_REPLACED);
    assert_string_equal(verdict.reasons[0].code, "aftermath");
    verdict_free(&verdict);
}

static void claim_above_long_text_is_defaced(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_block(&now, "h1", "Громадяни! Ми зламали цей сайт і забрали всі ваші дані. Бійтеся.");
    for (size_t i = 0; i < 300; i++)
        hand_block(&now, "p", "У районі завершують збирання врожаю зернових, повідомила місцева рада.");
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    assert_string_equal(verdict.reasons[0].code, "foremost");
    verdict_free(&verdict);
}

static void layer_over_the_intact_page_is_judged_by_itself(void **state)
{
    (void)state;
    ministry_evening(&now);
    hand_block(&now, "div h2", "Цей сайт зламала команда Чорний Крук. Адмін, ти спиш?")->layer = true;
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    assert_string_equal(verdict.reasons[0].code, "covered");
    assert_null(find_reason(&verdict, "content-gone"));
    verdict_free(&verdict);
    ministry_evening(&now);
    hand_block(&now, "div h2", "Запрошуємо на відкриття нової набережної в суботу")->layer = true;
    verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_EDITED);
    verdict_free(&verdict);
}

/* Quotation marks and a reporter's words are the attacker's to set. */
static void layer_that_quotes_is_no_report(void **state)
{
    (void)state;
    char text[2048];
    ministry_evening(&now);
    snprintf(text, sizeof(text), "Хакери, повідомляє кіберполіція, залишили на сайті таке звернення: «%s»",
             in_ukrainian);
    hand_block(&now, "div p", text)->layer = true;
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
}

/* Sent hidden and learnt, then shown: it was never what a visitor read. */
static void message_that_was_learnt_hidden_is_found_once_it_shows(void **state)
{
    (void)state;
    struct baseline *kept = baseline;
    baseline = baseline_new();
    ministry_evening(&now);
    assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S), 0);
    for (int i = 1; i < 4; i++) {
        ministry_evening(&now);
        hand_block(&now, "div p", in_ukrainian)->hidden = true;
        assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S + i * 7200), 0);
    }
    ministry_evening(&now);
    hand_block(&now, "div p", in_ukrainian)->layer = true;
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
    baseline_free(baseline);
    baseline = kept;
}

/* What the page tells of itself when this sign stands on it. */
static enum verdict_kind judged_with_sign(enum page_sign sign)
{
    struct baseline *kept = baseline;
    baseline = baseline_new();
    ministry_evening(&now);
    hand_path(&now, SIGN_READER << 16 | 1);
    assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S), 0);
    ministry_evening(&now);
    hand_path(&now, SIGN_READER << 16 | 1);
    if (sign == SIGN_CUT)
        now.reading.cut = true;
    else if (sign != SIGN_READER)
        hand_path(&now, (uint64_t)sign << 16 | 7);
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    enum verdict_kind kind = verdict.kind;
    if (kind == VERDICT_EDITED)
        assert_non_null(find_reason(&verdict, "new-unread"));
    verdict_free(&verdict);
    baseline_free(baseline);
    baseline = kept;
    return kind;
}

static void what_may_show_more_than_is_read_is_never_unchanged(void **state)
{
    (void)state;
    assert_int_equal(judged_with_sign(SIGN_READER), VERDICT_UNCHANGED);
    for (enum page_sign sign = SIGN_FRAME; sign < SIGN_COUNT; sign++)
        assert_int_equal(judged_with_sign(sign), VERDICT_EDITED);
    assert_int_equal(judged_with_sign(SIGN_VEIL), VERDICT_REPLACED);
}

static void what_only_some_see_is_judged_by_itself(void **state)
{
    (void)state;
    ministry_evening(&now);
    struct block *block = hand_block(&now, "div p", in_ukrainian);
    block->hidden = block->maybe = true;
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_DEFACED);
    assert_string_equal(verdict.reasons[0].code, "seen-by-some");
    verdict_free(&verdict);
    ministry_evening(&now);
    block = hand_block(&now, "div p", "Запрошуємо на відкриття нової набережної в суботу");
    block->hidden = block->maybe = true;
    verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_EDITED);
    verdict_free(&verdict);
}

static void works_in_one_headline_make_no_service_page(void **state)
{
    (void)state;
    ministry_frame(&now);
    hand_block(&now, "main h2", "Ведуться технічні роботи на водогоні")->heading = 2;
    hand_block(&now, "main p", "Документи приймаються до 25 числа, довідки за телефоном гарячої лінії.");
    hand_block(&now, "main h2", "Розпочато очищення русла Стугни")->heading = 2;
    hand_block(&now, "main h2", "Відкрито нову лабораторію якості води")->heading = 2;
    ministry_foot(&now);
    struct verdict verdict = judged(200, only_ukrainian, 1, true);
    check(&verdict, VERDICT_NEW);
    verdict_free(&verdict);
    hand_start(&now, "");
    hand_block(&now, "h1", "Black Raven was here");
    hand_block(&now, "p", "Site under maintenance by Black Raven. lol");
    verdict = judged(200, NULL, 0, false);
    check(&verdict, VERDICT_DEFACED);
    verdict_free(&verdict);
}

static void redesign_is_replaced(void **state)
{
    (void)state;
    hand_start(&now, "Мінрічок | Вода для кожного");
    hand_block(&now, "h1 new", "Вітаємо на новому порталі");
    static const char *const texts[] = {
        "Ми повністю перебудували сайт: прибрали зайве, додали мапи та зробили пошук зрозумілим.",
        "Мапа чистоти водойм відкрита для всіх, виберіть місто і побачите показники за останню добу.",
        "Електронна черга на дозвіл для рибалок: заявники отримують документ без зайвих візитів.",
        "Шукаємо доглядачів малих річок: закріпіть за своєю школою кілометр берега.",
        "Стратегія до 2030 року: скиди мають зменшитися на дві третини, забруднювач платитиме повну ціну."};
    for (size_t i = 0; i < 5; i++)
        hand_block(&now, "section div.card", texts[i]);
    hand_block(&now, "footer div", "Київ, вулиця Берегова, 7 · zvernennia@richky.example");
    now.reading.link_count = 20;
    struct verdict verdict = judged(200, only_ukrainian, 1, false);
    check(&verdict, VERDICT_REPLACED);
    assert_true(verdict.score < 0.3);
    verdict_free(&verdict);
}

static void maintenance_is_unavailable(void **state)
{
    (void)state;
    hand_start(&now, "Технічні роботи");
    hand_block(&now, "h1", "Сайт тимчасово недоступний");
    hand_block(&now, "p", "Тривають планові технічні роботи. Перепрошуємо за незручності.");
    struct verdict verdict = judged(503, only_ukrainian, 1, false);
    check(&verdict, VERDICT_UNAVAILABLE);
    assert_string_equal(verdict.cause, "maintenance");
    verdict_free(&verdict);
    verdict = judged(200, only_ukrainian, 1, true);
    check(&verdict, VERDICT_UNAVAILABLE);
    assert_string_equal(verdict.cause, "maintenance");
    verdict_free(&verdict);
}

static void error_page_is_unavailable(void **state)
{
    (void)state;
    hand_start(&now, "404 Not Found");
    hand_block(&now, "h1", "404 Not Found");
    hand_block(&now, "p", "nginx");
    struct verdict verdict = judged(404, NULL, 0, false);
    check(&verdict, VERDICT_UNAVAILABLE);
    assert_string_equal(verdict.cause, "error");
    verdict_free(&verdict);
    hand_start(&now, "");
    hand_block(&now, "p", "Упс");
    verdict = judged(502, NULL, 0, true);
    check(&verdict, VERDICT_UNAVAILABLE);
    verdict_free(&verdict);
}

static void refused_connection_is_unavailable(void **state)
{
    (void)state;
    struct capture capture = {.outcome = OUTCOME_REFUSED};
    struct judge_evidence evidence = {.capture = &capture};
    struct verdict verdict;
    assert_int_equal(judge_page(judge, &evidence, &verdict), 0);
    check(&verdict, VERDICT_UNAVAILABLE);
    assert_string_equal(verdict.cause, "refused");
    assert_true(says(&verdict, "no-page", "refused"));
    verdict_free(&verdict);
}

static void counters_leave_it_unchanged(void **state)
{
    (void)state;
    ministry_frame(&now);
    ministry_news(&now);
    hand_block(&now, "div.counter", "Відвідувачів сьогодні: 77");
    ministry_foot(&now);
    struct verdict verdict = judged(200, NULL, 0, false);
    check(&verdict, VERDICT_UNCHANGED);
    verdict_free(&verdict);
}

static void ordinary_page_is_new(void **state)
{
    (void)state;
    ministry_evening(&now);
    struct verdict verdict = judged(200, only_ukrainian, 1, true);
    check(&verdict, VERDICT_NEW);
    assert_true(verdict.score < 0.2);
    verdict_free(&verdict);
}

static void blank_pages_are_told_apart(void **state)
{
    (void)state;
    hand_start(&now, "");
    struct verdict verdict = judged(200, NULL, 0, false);
    check(&verdict, VERDICT_UNAVAILABLE);
    assert_string_equal(verdict.cause, "empty");
    verdict_free(&verdict);
    now.reading.script_count = 3;
    verdict = judged(200, NULL, 0, false);
    check(&verdict, VERDICT_REPLACED);
    assert_non_null(find_reason(&verdict, "drawn-by-script"));
    verdict_free(&verdict);
    now.reading.script_count = 0;
    now.reading.staging = STAGING_UNREAD;
    verdict = judged(200, NULL, 0, false);
    check(&verdict, VERDICT_REPLACED);
    assert_non_null(find_reason(&verdict, "shown-unread"));
    verdict_free(&verdict);
}

static void unread_picture_in_place_of_the_page_is_at_least_replaced(void **state)
{
    (void)state;
    hand_start(&now, "");
    hand_picture(&now, "x.png", 1280, 720)->outcome = OUTCOME_PICTURE_DAMAGED;
    struct verdict verdict = judged(200, NULL, 0, false);
    assert_true(verdict.kind == VERDICT_REPLACED || verdict.kind == VERDICT_DEFACED);
    assert_true(says(&verdict, "picture-unread", "could not be read"));
    verdict_free(&verdict);
}

static int judge_once(void)
{
    struct capture capture = {.outcome = OUTCOME_OK, .status = 200};
    struct change change;
    int error = compare_reading(baseline, &now.reading, &change);
    if (error)
        return error;
    struct judge_evidence evidence = {.capture = &capture,
                                      .reading = &now.reading,
                                      .change = &change,
                                      .new_languages = trilingual,
                                      .new_language_count = 3};
    struct verdict verdict = {0};
    error = judge_page(judge, &evidence, &verdict);
    verdict_free(&verdict);
    change_free(&change);
    return error;
}

static int open_once(void)
{
    struct judge *other = NULL;
    char error[256];
    int result = judge_open(MODEL_DIR, &other, error);
    judge_close(other);
    return result;
}

static void each_failing_allocation_is_survived(void **state)
{
    (void)state;
    hand_start(&now, "hacked by nobody");
    hand_block(&now, "p", in_ukrainian);
    int (*const ways[])(void) = {judge_once, open_once};
    for (size_t i = 0; i < 2; i++) {
        failing_count = 0;
        assert_int_equal(ways[i](), 0);
        size_t all = failing_count;
        for (size_t at = 1; at <= all && at < 200; at++) {
            failing_count = 0;
            failing_at = at;
            int error = ways[i]();
            failing_at = 0;
            assert_int_equal(error, -ENOMEM);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_in_a_picture_is_defaced),
        cmocka_unit_test(message_as_text_is_defaced_whatever_the_status),
        cmocka_unit_test(claim_of_a_hack_is_defaced_without_a_baseline),
        cmocka_unit_test(news_that_quotes_the_message_is_an_edit),
        cmocka_unit_test(article_in_place_of_the_page_is_replaced),
        cmocka_unit_test(diary_that_quotes_is_replaced),
        cmocka_unit_test(headline_that_quotes_the_threat_is_replaced),
        cmocka_unit_test(friendly_page_of_strangers_is_replaced),
        cmocka_unit_test(what_the_attacker_says_is_told_first),
        cmocka_unit_test(hosts_new_to_the_page_are_named),
        cmocka_unit_test(threat_with_a_word_of_a_reporter_is_defaced),
        cmocka_unit_test(office_that_speaks_to_visitors_is_replaced),
        cmocka_unit_test(sites_own_word_on_an_attack_is_replaced),
        cmocka_unit_test(claim_above_long_text_is_defaced),
        cmocka_unit_test(layer_over_the_intact_page_is_judged_by_itself),
        cmocka_unit_test(layer_that_quotes_is_no_report),
        cmocka_unit_test(message_that_was_learnt_hidden_is_found_once_it_shows),
        cmocka_unit_test(what_may_show_more_than_is_read_is_never_unchanged),
        cmocka_unit_test(what_only_some_see_is_judged_by_itself),
        cmocka_unit_test(works_in_one_headline_make_no_service_page),
        cmocka_unit_test(redesign_is_replaced),
        cmocka_unit_test(maintenance_is_unavailable),
        cmocka_unit_test(error_page_is_unavailable),
        cmocka_unit_test(refused_connection_is_unavailable),
        cmocka_unit_test(counters_leave_it_unchanged),
        cmocka_unit_test(ordinary_page_is_new),
        cmocka_unit_test(blank_pages_are_told_apart),
        cmocka_unit_test(unread_picture_in_place_of_the_page_is_at_least_replaced),
        cmocka_unit_test(each_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
