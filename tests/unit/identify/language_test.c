/* The library's promises: the model is refused when damaged, spans cover every letter in order, a caller's
 * knowledge counts, and nothing depends on chance. The first argument is the shipped model. */
#include "cmocka_all.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/langmodel.h"
#include "pipeline/identify/wordforms.h"
#include "varta/language.h"

static const char *model_path;
static struct varta_language_model *model;

static const char uk[] = "Вся інформація про вас стала публічною, бійтеся і чекайте найгіршого.";
static const char ru[] = "Вся информация о вас стала публичной, бойтесь и ждите худшего.";
static const char pl[] = "Wszystkie informacje o tobie stały się publiczne, bój się i czekaj na najgorsze.";

static struct varta_language_result identify(const char *text, const struct varta_language_options *options)
{
    struct varta_language_result result;

    assert_int_equal(varta_language_identify(model, text, strlen(text), options, &result), 0);
    return result;
}

static void assert_language(const char *text, const char *language)
{
    struct varta_language_result result = identify(text, NULL);
    const char *guess = varta_language_guess(model, text, strlen(text), NULL, NULL);

    assert_string_equal(result.language, language);
    assert_string_equal(guess, language);
    varta_language_result_free(&result);
}

static void test_sentences(void **state)
{
    (void)state;
    assert_language(uk, "uk");
    assert_language(ru, "ru");
    assert_language(pl, "pl");
    assert_language("Уся інфармацыя пра вас стала публічнай, чакайце найгоршага.", "be");
    assert_language("Цялата информация за вас стана публична, страхувайте се и очаквайте най-лошото.", "bg");
    assert_language("Све информације о вама постале су јавне, плашите се и чекајте најгоре.", "sr");
    assert_language("All information about you has become public, be afraid and expect the worst.", "en");
}

static void test_typed_in_latin_letters(void **state)
{
    (void)state;
    assert_language("Vsya informatsiya o vas stala publichnoy, boytes i zhdite khudshego.", "ru-Latn");
    assert_language("Vsia informatsiia pro vas stala publichnoiu, chekaite naihirshoho.", "uk-Latn");
    assert_language("Wszystkie dane na komputerze sa niszczone, nie mozna ich odzyskac.", "pl");
    assert_language("Deca uvek veruju rečima svoje učiteljice, koja ih posle časa vodi ulicama belog grada.",
                    "sr-Latn");
}

static void test_disguise(void **state)
{
    (void)state;
    assert_language("Bcя iнфopмaцiя пpo вac cтaлa пyблiчнoю, бiйтecя i чeкaйтe нaйгipшoгo.", "uk");
    assert_language("Wszуstkіе іnfоrmасjе о tоbіе stаłу sіę рublісznе, bój sіę і сzеkај nа nајgоrszе.", "pl");
    assert_language("ВСЯ ІНФОРМАЦІЯ ПРО ВАС СТАЛА ПУБЛІЧНОЮ", "uk");
}

static void assert_guess(const char *text, const char *language)
{
    assert_string_equal(varta_language_guess(model, text, strlen(text), NULL, NULL), language);
}

static void test_roman_numbers_are_of_no_language(void **state)
{
    (void)state;
    assert_language("Краљ Петар II, краљ Милан I и папа Павле III.", "sr");
    assert_language("Екатерина II, Николай II, Павел XII, Иван III, Пётр III, Карл IX.", "ru");
    assert_language("II. Rozbiór Polski", "pl");
}

static void test_addresses_are_of_no_language(void **state)
{
    (void)state;
    assert_guess("https://example.org/the/news/about/all/of/you.html", "und");
    assert_guess("www.example.org/the/news/about/all/of/you.html?what=is&that=this", "und");
    assert_guess("Новини: https://example.org/the/news/about/all/of/you.html?what=is&that=this", "uk");
    assert_guess("www and the rest of the world", "en");
}

static void test_junk_is_no_language(void **state)
{
    static const char *const junk[] = {
        "1234567890 22:15 2022-01-14",
        "d41d8cd98f00b204e9800998ecf8427e",
        "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24=",
        "for(var e=0;e<t.length;e++)if(t[e].n===r)return!1;i.push({a:e,b:t})",
        "xqzv kjwp zzgh vbnq rtxk wqpl",
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++)
        assert_language(junk[i], "und");
}

static void test_three_languages_in_a_line(void **state)
{
    const char *const pieces[] = {uk, ru, pl}, *const tags[] = {"uk", "ru", "pl"};
    char text[1024];
    size_t at[4] = {0};
    struct varta_language_result result;

    (void)state;
    for (int i = 0; i < 3; i++)
        at[i + 1] = at[i] + (size_t)snprintf(text + at[i], sizeof text - at[i], "%s ", pieces[i]);
    result = identify(text, NULL);
    assert_int_equal(result.span_count, 3);
    assert_int_equal(result.share_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(result.spans[i].language, tags[i]);
        assert_int_equal(result.spans[i].start, at[i]);
        assert_true(result.spans[i].end >= at[i + 1] - 2 && result.spans[i].end < at[i + 1]);
        assert_true(result.spans[i].confidence > 0.8f && result.spans[i].confidence <= 1);
        assert_true(result.shares[i].share > 0.25f && result.shares[i].share < 0.45f);
    }
    varta_language_result_free(&result);
    assert_null(result.spans);
}

/* Longer than a window, so that windows have to be joined. */
static void test_long_texts(void **state)
{
    const size_t times = 400, size = times * (2 * sizeof uk);
    char *text = malloc(size);
    size_t at = 0;
    struct varta_language_result result;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        at += (size_t)snprintf(text + at, size - at, "%s ", i < times / 2 ? uk : pl);
    assert_int_equal(varta_language_identify(model, text, at, NULL, &result), 0);
    assert_int_equal(result.span_count, 2);
    assert_string_equal(result.spans[0].language, "uk");
    assert_string_equal(result.spans[1].language, "pl");
    assert_int_equal(result.spans[1].start, times / 2 * sizeof uk);
    varta_language_result_free(&result);
    free(text);
}

static void test_only_and_expected(void **state)
{
    static const char *const two[] = {"bg", "pl"}, *const one[] = {"uk"}, *const none[] = {"xx"};
    const struct varta_language_options only = {NULL, 0, two, 2}, expected = {one, 1, NULL, 0},
                                        nothing = {NULL, 0, none, 1};
    struct varta_language_result result = identify(uk, &only);
    float plain, known;

    (void)state;
    assert_string_equal(result.language, "bg");
    varta_language_result_free(&result);
    varta_language_guess(model, "порядок", strlen("порядок"), NULL, NULL);
    assert_string_equal(varta_language_guess(model, "порядок", strlen("порядок"), &expected, &known), "uk");
    assert_string_equal(varta_language_guess(model, uk, strlen(uk), &expected, &known), "uk");
    assert_string_equal(varta_language_guess(model, uk, strlen(uk), NULL, &plain), "uk");
    assert_true(known >= plain - 0.001f);
    assert_string_equal(varta_language_guess(model, uk, strlen(uk), &nothing, NULL), "und");
}

static void test_the_same_answer_every_time(void **state)
{
    struct varta_language_result first = identify(uk, NULL), second = identify(uk, NULL);

    (void)state;
    assert_int_equal(first.span_count, second.span_count);
    for (size_t i = 0; i < first.span_count; i++) {
        assert_int_equal(first.spans[i].start, second.spans[i].start);
        assert_int_equal(first.spans[i].end, second.spans[i].end);
        assert_ptr_equal(first.spans[i].language, second.spans[i].language);
        assert_true(first.spans[i].confidence == second.spans[i].confidence);
    }
    varta_language_result_free(&first);
    varta_language_result_free(&second);
}

static void test_fifty_languages(void **state)
{
    static const char *const wanted[] = {
        "uk", "ru", "pl", "be", "bg", "sr", "mk", "rue", "kk", "tt", "ba",      "ky",      "mn",      "cs",
        "sk", "sl", "hr", "bs", "lt", "lv", "et", "fi",  "hu", "ro", "sq",      "tr",      "az",      "de",
        "nl", "en", "fr", "es", "pt", "it", "ca", "sv",  "da", "nb", "is",      "el",      "hy",      "ka",
        "ar", "fa", "he", "ur", "hi", "zh", "ja", "ko",  "vi", "id", "sr-Latn", "ru-Latn", "uk-Latn", "und"};

    (void)state;
    assert_string_equal(varta_language_tag(model, 0), "und");
    assert_null(varta_language_tag(model, varta_language_count(model)));
    for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
        int known = 0;

        for (size_t i = 0; i < varta_language_count(model); i++)
            known |= strcmp(varta_language_tag(model, i), wanted[w]) == 0;
        assert_true(known);
    }
}

/* ---- the model file
 * ------------------------------------------------------------------------------------------ */

static uint8_t *read_model(size_t *ret_size)
{
    FILE *file = fopen(model_path, "rb");
    uint8_t *bytes = aligned_alloc(64, 16 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    *ret_size = fread(bytes, 1, 16 << 20, file);
    fclose(file);
    return bytes;
}

static void assert_refused(const uint8_t *bytes, size_t size, const char *reason)
{
    struct varta_language_model *refused = NULL;
    const char *said = NULL;

    assert_int_equal(varta_language_model_from_memory(bytes, size, &refused, &said), -EBADMSG);
    assert_null(refused);
    assert_non_null(said);
    assert_non_null(strstr(said, reason));
}

static void seal(uint8_t *bytes, size_t size)
{
    const size_t start = offsetof(struct langmodel_header, checksum) + sizeof(uint64_t);
    uint64_t sum = langmodel_checksum(bytes + start, size - start);

    memcpy(bytes + offsetof(struct langmodel_header, checksum), &sum, sizeof sum);
}

static void test_damaged_models_are_refused(void **state)
{
    size_t size;
    uint8_t *bytes = read_model(&size);

    (void)state;
    assert_refused(bytes, 10, "wrong size");
    assert_refused(bytes, size - 64, "cut short");
    bytes[size / 2] ^= 1;
    assert_refused(bytes, size, "checksum");
    bytes[size / 2] ^= 1;
    bytes[size - 1] ^= 0x80;
    assert_refused(bytes, size, "checksum");
    bytes[size - 1] ^= 0x80;
    bytes[8]++;
    assert_refused(bytes, size, "version");
    bytes[8]--;
    bytes[0]++;
    assert_refused(bytes, size, "first bytes");
    free(bytes);
}

/* Whoever can set a checksum still cannot make us read outside of the file. */
static void test_impossible_numbers_are_refused(void **state)
{
    size_t size;
    uint8_t *bytes = read_model(&size);
    struct langmodel_header *header = (void *)bytes;
    const struct langmodel_header good = *header;

    (void)state;
    header->groups[0].lines_at = (uint32_t)size - 64;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *header = good;
    header->groups[1].row_count = LANGMODEL_MISS_ROWS;
    seal(bytes, size);
    assert_refused(bytes, size, "points outside");
    *header = good;
    header->groups[0].lanes = 47;
    seal(bytes, size);
    assert_refused(bytes, size, "width");
    *header = good;
    header->groups[1].languages[3] = 200;
    seal(bytes, size);
    assert_refused(bytes, size, "points outside");
    *header = good;
    memset(header->languages[5].tag, 'x', sizeof header->languages[5].tag);
    seal(bytes, size);
    assert_refused(bytes, size, "tag");
    *header = good;
    header->heat[1][0] = NAN;
    seal(bytes, size);
    assert_refused(bytes, size, "calibration");
    free(bytes);
}

/* The words of dictionaries, in a table whose every byte counts. */
static void assert_forms_refused(uint8_t *bytes, size_t size, struct langmodel_group *group)
{
    const struct langmodel_group good = *group;

    assert_true(good.form_slots > 0);
    group->form_slots += 64;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *group = good;
    group->form_slots = 2 * WORDFORMS_SEGMENT;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *group = good;
    group->form_slots += WORDFORMS_SEGMENT;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *group = good;
    group->kinds_at = (uint32_t)size - 64;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *group = good;
    group->forms_at = 0;
    seal(bytes, size);
    assert_refused(bytes, size, "outside the file");
    *group = good;
}

static void test_damaged_forms_are_refused(void **state)
{
    size_t size;
    uint8_t *bytes = read_model(&size);
    struct langmodel_header *header = (void *)bytes;
    struct langmodel_group *cyrillic = &header->groups[LETTERS_CYRILLIC - LETTERS_LATIN];

    (void)state;
    assert_forms_refused(bytes, size, cyrillic);
    seal(bytes, size);
    bytes[cyrillic->forms_at + cyrillic->form_slots / 2] ^= 4;
    assert_refused(bytes, size, "checksum");
    bytes[cyrillic->forms_at + cyrillic->form_slots / 2] ^= 4;
    bytes[cyrillic->kinds_at + 1] ^= 4;
    assert_refused(bytes, size, "checksum");
    free(bytes);
}

/* A model may have no forms at all; then sentences are still told. */
static void test_a_model_without_forms(void **state)
{
    struct varta_language_model *plain = NULL;
    const char *reason = NULL;
    size_t size;
    uint8_t *bytes = read_model(&size);
    struct langmodel_header *header = (void *)bytes;

    (void)state;
    header->groups[LETTERS_CYRILLIC - LETTERS_LATIN].form_slots = 0;
    seal(bytes, size);
    assert_int_equal(varta_language_model_from_memory(bytes, size, &plain, &reason), 0);
    assert_string_equal(varta_language_guess(plain, uk, strlen(uk), NULL, NULL), "uk");
    assert_string_equal(varta_language_guess(plain, ru, strlen(ru), NULL, NULL), "ru");
    varta_language_model_close(plain);
    free(bytes);
}

/* What the model leans to tips a word that several languages have, outweighs no sentence, and opens nothing
 * that is closed. */
static void test_a_lean(void **state)
{
    static const char word[] = "порядок";
    static const char *const two[] = {"ru", "uk"};
    const struct varta_language_options only = {NULL, 0, two, 2};
    struct varta_language_model *leaning = NULL;
    const char *reason = NULL;
    size_t size;
    uint8_t *bytes = read_model(&size);
    struct langmodel_header *header = (void *)bytes;

    (void)state;
    for (unsigned i = 0; i < header->language_count; i++)
        header->languages[i].lean =
            strcmp(header->languages[i].tag, "bg") == 0 ? 80 : 0; /* more than one word can say */
    seal(bytes, size);
    assert_int_equal(varta_language_model_from_memory(bytes, size, &leaning, &reason), 0);
    assert_string_not_equal(varta_language_guess(model, word, strlen(word), NULL, NULL), "bg");
    assert_string_equal(varta_language_guess(leaning, word, strlen(word), NULL, NULL), "bg");
    assert_string_not_equal(varta_language_guess(leaning, word, strlen(word), &only, NULL), "bg");
    assert_string_equal(varta_language_guess(leaning, uk, strlen(uk), NULL, NULL), "uk");
    varta_language_model_close(leaning);
    free(bytes);
}

static void test_what_is_no_file(void **state)
{
    struct varta_language_model *none = NULL;
    const char *reason = NULL;

    (void)state;
    assert_int_equal(varta_language_model_open("/nonexistent/model", &none, &reason), -ENOENT);
    assert_int_equal(varta_language_model_open("/dev/zero", &none, &reason), -EBADMSG);
    assert_non_null(reason);
    assert_int_equal(varta_language_model_from_memory(&"misaligned"[1], 9, &none, &reason), -EINVAL);
    varta_language_model_close(NULL);
}

static void test_the_model_is_small(void **state)
{
    size_t size;

    (void)state;
    free(read_model(&size));
    assert_true(size <= 7000000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_typed_in_latin_letters),
        cmocka_unit_test(test_disguise),
        cmocka_unit_test(test_roman_numbers_are_of_no_language),
        cmocka_unit_test(test_addresses_are_of_no_language),
        cmocka_unit_test(test_junk_is_no_language),
        cmocka_unit_test(test_three_languages_in_a_line),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_only_and_expected),
        cmocka_unit_test(test_the_same_answer_every_time),
        cmocka_unit_test(test_fifty_languages),
        cmocka_unit_test(test_damaged_models_are_refused),
        cmocka_unit_test(test_impossible_numbers_are_refused),
        cmocka_unit_test(test_damaged_forms_are_refused),
        cmocka_unit_test(test_a_model_without_forms),
        cmocka_unit_test(test_a_lean),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_the_model_is_small),
    };
    const char *reason = "cannot be read";
    int failed;

    model_path = argc > 1 ? argv[1] : "models/language.varta";
    if (varta_language_model_open(model_path, &model, &reason) < 0) {
        fprintf(stderr, "%s: %s\n", model_path, reason);
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    varta_language_model_close(model);
    return failed;
}
