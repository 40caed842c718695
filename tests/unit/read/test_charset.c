/* Character sets: what is declared, what is wrong about it, and what the letters say. */
#include "read_helper.h"

#include "pipeline/read/charset.h"

#include <stdio.h>

#define UK "Міністерство освіти і науки України повідомляє про зміни у розкладі, що діють із вівторка."
#define RU "Министерство образования сообщает об изменениях в расписании, которые действуют со вторника."
#define PL "Ministerstwo ogłasza zmiany w rozkładzie, które będą obowiązywać już od środy; źródło: urząd."

static size_t encode(const char *text, enum charset charset, char *out)
{
    struct span utf8 = span_of(text);
    size_t size = 0;
    static const uint16_t none[128];
    const uint16_t *high = charset < SINGLE_BYTE_COUNT ? single_byte_high[charset] : none;
    for (size_t i = 0; i < utf8.size;) {
        unsigned char lead = (unsigned char)utf8.at[i];
        if (lead < 0x80) {
            out[size++] = utf8.at[i++];
            continue;
        }
        uint32_t c =
            (uint32_t)(lead & 0x1F) << 6 | ((unsigned char)utf8.at[i + 1] & 0x3F); /* two bytes each here */
        i += 2;
        for (int byte = 0; byte < 128; byte++)
            if (high[byte] == c)
                out[size++] = (char)(byte + 128);
    }
    return size;
}

static void check_told(const char *text, enum charset charset, const char *name)
{
    char bytes[512];
    struct span body = {bytes, encode(text, charset, bytes)};
    struct reading reading = read_as(body, "text/html");
    assert_int_equal(reading.outcome, OUTCOME_OK);
    assert_span(reading.charset, name);
    assert_span(reading.charset_by, "detected");
    assert_int_equal(reading.block_count, 1);
    assert_span(reading.blocks[0].text, text);
    reading_free(&reading);
}

static void test_letters_tell_the_set(void **state)
{
    (void)state;
    check_told(UK, CHARSET_WINDOWS_1251, "windows-1251");
    check_told(UK, CHARSET_KOI8_U, "KOI8-U");
    check_told(UK, CHARSET_ISO_8859_5, "ISO-8859-5");
    check_told(RU, CHARSET_WINDOWS_1251, "windows-1251");
    check_told(RU, CHARSET_KOI8_R, "KOI8-U");
    check_told(RU, CHARSET_IBM866, "IBM866");
    check_told("Größe für Müller: schöne Grüße", CHARSET_WINDOWS_1252, "windows-1252");
    check_told("El niño comió jamón en el café", CHARSET_WINDOWS_1252, "windows-1252");
    check_told("Wir öffnen morgen", CHARSET_WINDOWS_1252, "windows-1252");
    check_told("Będzie wolne", CHARSET_WINDOWS_1250, "windows-1250");
    check_told("Całą noc", CHARSET_ISO_8859_2, "ISO-8859-2");
    check_told("déjà vu à l'hôtel, ça gêne", CHARSET_WINDOWS_1252, "windows-1252");
    check_told("gęślą jaźń zażółć w mieście", CHARSET_ISO_8859_2, "ISO-8859-2");
    check_told(PL, CHARSET_WINDOWS_1250, "windows-1250");
    check_told(PL, CHARSET_ISO_8859_2, "ISO-8859-2");
}

static void check_declared(struct span body, const char *type, const char *name, const char *by,
                           const char *text)
{
    struct reading reading = read_as(body, type);
    assert_int_equal(reading.outcome, OUTCOME_OK);
    assert_span(reading.charset, name);
    assert_span(reading.charset_by, by);
    assert_true(reading.block_count > 0);
    assert_span(reading.blocks[reading.block_count - 1].text, text);
    reading_free(&reading);
}

static void test_header_comes_before_meta(void **state)
{
    (void)state;
    char body[512] = "<meta charset=koi8-u><p>";
    size_t size = strlen(body);
    size += encode(UK, CHARSET_WINDOWS_1251, body + size);
    check_declared((struct span){body, size}, "text/html; charset=\"Windows-1251\"", "windows-1251", "header",
                   UK);
}

static void test_meta_is_found(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "<meta charset=windows-1251><p>",
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=windows-1251'><p>",
        "<!-- <meta charset=koi8-u> --><meta name=x content='a>b'><meta charset = \"cp1251\" /><p>",
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?><html><p>",
    };
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        char body[512];
        size_t size = (size_t)snprintf(body, sizeof(body), "%s", heads[i]);
        size += encode(UK, CHARSET_WINDOWS_1251, body + size);
        check_declared((struct span){body, size}, "text/html", "windows-1251", "meta", UK);
    }
}

static void test_wrong_declarations_are_overruled(void **state)
{
    (void)state;
    char body[512];
    struct span text = {body, encode(UK, CHARSET_WINDOWS_1251, body)};
    check_declared(text, "text/html; charset=utf-8", "windows-1251", "detected", UK);
    check_declared(SPAN("<p>" UK), "text/html; charset=windows-1251", "UTF-8", "detected", UK);
    check_declared(SPAN("<p>" UK), "text/html; charset=martian", "UTF-8", "detected", UK);
}

static void test_a_little_damage_is_no_other_set(void **state)
{
    (void)state;
    check_declared(SPAN("<p>" UK "\xFF"), "text/html; charset=utf-8", "UTF-8", "header", UK "\xEF\xBF\xBD");
}

static void test_utf16_both_ways(void **state)
{
    (void)state;
    static const char little[] = "\xFF\xFE<\0p\0>\0\x1F\x04\x40\x04\x38\x04\x32\x04\x3D\xD8\x00\xDE";
    static const char big[] = "\0<\0p\0>\0H\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d";
    check_declared((struct span){little, sizeof(little) - 1}, "", "UTF-16LE", "bom", "Прив😀");
    check_declared((struct span){big, sizeof(big) - 1}, "", "UTF-16BE", "detected", "Hello world");
}

static void test_east_asian_sets_after_preparing(void **state)
{
    (void)state;
    struct read_prepared *prepared = read_prepare();
    assert_non_null(prepared);
    check_declared(SPAN("<p>\xD5\xFE\xB8\xAE\xFF"), "text/html; charset=gb2312", "GBK", "header",
                   "政府\xEF\xBF\xBD");
    check_declared(SPAN("<p>\x93\xFA\x96\x7B"), "text/html; charset=shift_jis", "Shift_JIS", "header",
                   "日本");
    read_prepared_free(prepared);
}

static void test_pictures_and_archives_are_no_text(void **state)
{
    (void)state;
    static const struct span bodies[] = {
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16}, {"GIF89a\1\0\1\0", 10}, {"PK\3\4....", 8}};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct reading reading = read_as(bodies[i], "text/html");
        assert_int_equal(reading.outcome, OUTCOME_NOT_TEXT);
        reading_free(&reading);
    }
    struct reading reading = read_as(SPAN(" \r\n"), "text/html");
    assert_int_equal(reading.outcome, OUTCOME_EMPTY);
    reading_free(&reading);
}

static void test_labels(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        enum charset charset;
    } known[] = {{"latin1", CHARSET_WINDOWS_1252}, {" UTF8\n", CHARSET_UTF_8},
                 {"KOI", CHARSET_KOI8_R},          {"koi8-ru", CHARSET_KOI8_U},
                 {"866", CHARSET_IBM866},          {"x-cp1250", CHARSET_WINDOWS_1250},
                 {"l2", CHARSET_ISO_8859_2},       {"gb2312", CHARSET_GBK},
                 {"unicode", CHARSET_UTF_16LE},    {"x-x-big5", CHARSET_BIG5},
                 {"windows-949", CHARSET_EUC_KR},  {"sun_eu_greek", CHARSET_ISO_8859_7}};
    enum charset charset;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        assert_true(charset_by_label(span_of(known[i].label), &charset));
        assert_int_equal(charset, known[i].charset);
    }
    assert_false(charset_by_label(SPAN("martian"), &charset));
    for (int i = 0; i < CHARSET_COUNT; i++) {
        assert_true(charset_by_label(charset_name((enum charset)i), &charset));
        assert_int_equal(charset, i);
    }
}

/* Bytes that are good UTF-8 too: browsers obey the header, and so must we. */
static void test_a_header_that_says_utf16_is_obeyed(void **state)
{
    (void)state;
    struct reading r = read_as(SPAN("\x27\x04\x30\x04<\0p\0>\0"), "text/html; charset=utf-16le");
    assert_span(r.charset, "UTF-16LE");
    reading_free(&r);
    r = read_as(SPAN("abcdefgh<p>"), "text/html; charset=utf-16le");
    assert_span(r.charset, "UTF-16LE");
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_header_that_says_utf16_is_obeyed),
        cmocka_unit_test(test_letters_tell_the_set),
        cmocka_unit_test(test_header_comes_before_meta),
        cmocka_unit_test(test_meta_is_found),
        cmocka_unit_test(test_wrong_declarations_are_overruled),
        cmocka_unit_test(test_a_little_damage_is_no_other_set),
        cmocka_unit_test(test_utf16_both_ways),
        cmocka_unit_test(test_east_asian_sets_after_preparing),
        cmocka_unit_test(test_pictures_and_archives_are_no_text),
        cmocka_unit_test(test_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
