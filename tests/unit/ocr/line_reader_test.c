/*
 * Reading strips with the models that are installed: what a drawn strip says, and that no damaged model file
 * is believed or does harm.
 */
#include "cmocka_all.h"

#include "base/buf.h"
#include "pipeline/ocr/line_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const models[] = {"ukr", "rus", "pol", "eng"};

static bool load(const char *name, struct buf *out)
{
    static const char *const folders[] = {"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata"};
    char path[200], chunk[65536];
    FILE *stream = NULL;
    for (size_t i = 0; i < 2 && !stream; i++) {
        snprintf(path, sizeof(path), "%s/%s.traineddata", folders[i], name);
        stream = fopen(path, "rbe");
    }
    for (size_t got = 0; stream && (got = fread(chunk, 1, sizeof(chunk), stream)) > 0;)
        assert_true(buf_add(out, chunk, got));
    if (stream)
        fclose(stream);
    return stream;
}

/* "HI" in strokes three pixels thick, 20 high. */
static struct strip draw_strip(uint32_t height)
{
    enum { WIDTH = 60 };
    struct strip strip = {
        .width = WIDTH, .height = height, .stride = WIDTH, .grey = malloc(WIDTH * height), .clean = true};
    assert_non_null(strip.grey);
    memset(strip.grey, 255, WIDTH * height);
    for (uint32_t y = 8; y < 28; y++)
        for (uint32_t x = 10; x < 40; x++)
            if (x < 13 || (x >= 22 && x < 25) || (x >= 31 && x < 34) || (x < 25 && y >= 17 && y < 20))
                strip.grey[y * WIDTH + x] = 10;
    return strip;
}

static void test_line_reader__a_drawn_word_is_read(void **state)
{
    (void)state;
    struct buf file = buf_new((size_t)1 << 28);
    struct recognised line;
    if (!load("eng", &file))
        skip();
    bool damaged;
    struct line_reader *reader = line_reader_open(buf_span(&file), &damaged);
    assert_non_null(reader);
    struct strip strip = draw_strip(36);
    assert_true(line_reader_read(reader, &strip, &line));
    assert_int_equal(line.size, 2);
    assert_memory_equal(line.text, "HI", 2);
    assert_int_equal(line.word_count, 1);
    assert_in_range(line.words[0].right, 30, 60);
    assert_int_equal(line.words[0].confidence, line.confidence);
    assert_in_range(line.confidence, 300, 1000);
    strip.width = 2;
    assert_true(line_reader_read(reader, &strip, &line));
    assert_int_equal(line.size, 0);
    free(strip.grey);
    strip = draw_strip(35);
    assert_false(line_reader_read(reader, &strip, &line));
    free(strip.grey);
    line_reader_close(reader);
    buf_free(&file);
}

static void test_line_reader__every_model_of_the_package_is_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        struct buf file = buf_new((size_t)1 << 28);
        if (!load(models[i], &file))
            skip();
        bool damaged;
        struct line_reader *reader = line_reader_open(buf_span(&file), &damaged);
        assert_non_null(reader);
        line_reader_close(reader);
        buf_free(&file);
    }
}

/* A copy of its own size, so that a step beyond the end is seen. */
static void try_model(struct span whole, size_t size, size_t changed, char by)
{
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, whole.at, size);
    copy = realloc(copy, size ? size : 1);
    assert_non_null(copy);
    if (changed < size)
        copy[changed] ^= by;
    bool damaged;
    struct line_reader *reader = line_reader_open((struct span){copy, size}, &damaged);
    free(copy);
    if (reader) {
        struct strip strip = draw_strip(36);
        struct recognised line;
        line_reader_read(reader, &strip, &line);
        free(strip.grey);
    }
    line_reader_close(reader);
}

static void test_line_reader__damaged_models_do_no_harm(void **state)
{
    (void)state;
    struct buf file = buf_new((size_t)1 << 28);
    if (!load("rus", &file))
        skip();
    struct span whole = buf_span(&file);
    for (size_t size = 0; size < 700; size += 7)
        try_model(whole, size, size, 0);
    for (size_t i = 1; i < 40; i++)
        try_model(whole, whole.size / 40 * i, whole.size, 0);
    for (size_t at = 0; at < 900; at += 3)
        try_model(whole, whole.size, at, (char)0xFF);
    for (size_t i = 0; i < 400; i++)
        try_model(whole, whole.size, i * 7919 * 13 % whole.size, (char)(1 << i % 8));
    for (size_t at = whole.size - 9000; at < whole.size; at += 23)
        try_model(whole, whole.size, at, 0x41);
    buf_free(&file);
}

/* Another function in the second layer: no model says so, but Tesseract would run one that did. */
static void test_recogniser__a_model_built_otherwise_is_left_to_tesseract(void **state)
{
    (void)state;
    struct buf file = buf_new((size_t)1 << 28);
    if (!load("eng", &file))
        skip();
    size_t at = span_find(buf_span(&file), SPAN("Tanh"), 0);
    assert_true(at < file.size);
    struct recogniser *usual = recogniser_open("eng", buf_span(&file));
    memcpy(file.at + at, "Relu", 4);
    bool damaged = true;
    assert_null(line_reader_open(buf_span(&file), &damaged));
    assert_false(damaged);
    struct recogniser *other = recogniser_open("eng", buf_span(&file));
    assert_non_null(usual);
    assert_non_null(other);
    struct strip strip = draw_strip(36);
    struct recognised line, otherwise;
    recogniser_read(usual, &strip, &line);
    recogniser_read(other, &strip, &otherwise);
    assert_int_equal(line.size, 2);
    assert_true(otherwise.size != 2 || memcmp(line.text, otherwise.text, 2) != 0 ||
                otherwise.confidence != line.confidence);
    free(strip.grey);
    recogniser_close(usual);
    recogniser_close(other);
    buf_free(&file);
}

static void test_recogniser__a_damaged_model_is_left_out(void **state)
{
    (void)state;
    enum { NETWORK = 4 + 17 * 8 }; /* where the table says where the network begins */
    struct buf file = buf_new((size_t)1 << 28);
    if (!load("eng", &file))
        skip();
    struct span whole = buf_span(&file), half = span_cut(whole, 0, whole.size / 2);
    bool damaged = false;
    assert_null(recogniser_open("eng", half));
    uint32_t at;
    memcpy(&at, whole.at + NETWORK, sizeof(at));
    char kept = file.at[at + 100000];
    file.at[at + 100000] = (char)0x80; /* a weight that no model has */
    assert_null(line_reader_open(whole, &damaged));
    assert_true(damaged);
    assert_null(recogniser_open("eng", whole));
    file.at[at + 100000] = kept;
    memset(file.at + at, 0xFF, 24); /* no kind of layer: Tesseract is asked, in a child */
    assert_null(recogniser_open("eng", whole));
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_reader__a_drawn_word_is_read),
        cmocka_unit_test(test_line_reader__every_model_of_the_package_is_run),
        cmocka_unit_test(test_line_reader__damaged_models_do_no_harm),
        cmocka_unit_test(test_recogniser__a_damaged_model_is_left_out),
        cmocka_unit_test(test_recogniser__a_model_built_otherwise_is_left_to_tesseract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
