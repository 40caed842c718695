/*
 * The whole picture step on real rendered pictures, one text in every format, against the exact text; and on
 * files that lie, break off or ask for the world's memory, each of which must end in a named outcome.
 */
#include "cmocka_all.h"

#include "base/utf8.h"
#include "os/sandbox.h"
#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/ocr.h"
#include "pipeline/ocr/ocr_limits.h"
#include "pipeline/ocr/picture_frames.h"
#include "simple_identify.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static struct buf load(const char *name)
{
    char path[4096];
    struct buf bytes = buf_new((size_t)1 << 24);
    snprintf(path, sizeof(path), "%s/%s", PICTURE_DIR, name);
    FILE *stream = fopen(path, "rbe");
    assert_non_null(stream);
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), stream)) > 0)
        assert_true(buf_add(&bytes, chunk, got));
    fclose(stream);
    return bytes;
}

static int open_models(void **state)
{
    struct ocr *ocr;
    const char *missing;
    if (ocr_open(NULL, simple_identify, NULL, &ocr, &missing) < 0 || missing[0])
        return -1;
    *state = ocr;
    return 0;
}

static int close_models(void **state)
{
    ocr_close(*state);
    return 0;
}

static void join_facts(const struct picture_text *text, struct buf *out)
{
    for (size_t i = 0; i < text->line_count; i++)
        if (!text->lines[i].doubtful) {
            buf_add_span(out, text->lines[i].text);
            buf_add_byte(out, '\n');
        }
}

static void assert_reads(struct ocr *ocr, const char *name, const char *format, const char *expected)
{
    buf_auto file = load(name), read = buf_new(1 << 20);
    struct picture_text text;
    assert_int_equal(ocr_read(ocr, buf_span(&file), &text), OUTCOME_OK);
    join_facts(&text, &read);
    assert_string_equal(buf_text(&read) ? buf_text(&read) : "", expected);
    assert_string_equal(text.format, format);
    assert_false(text.damaged);
    picture_text_free(&text);
}

static void test_picture__every_format_gives_the_same_text(void **state)
{
    static const struct {
        const char *name, *format;
    } pictures[] = {{"truecolour.png", "png"},
                    {"sixteen_bit.png", "png"},
                    {"palette.png", "png"},
                    {"grey.png", "png"},
                    {"interlaced.png", "png"},
                    {"baseline.jpg", "jpeg"},
                    {"progressive.jpg", "jpeg"},
                    {"cmyk.jpg", "jpeg"},
                    {"turned.jpg", "jpeg"},
                    {"still.gif", "gif"},
                    {"text_comes_last.gif", "gif"},
                    {"still.webp", "webp"},
                    {"text_comes_last.webp", "webp"},
                    {"lzw.tiff", "tiff"},
                    {"palette.bmp", "bmp"},
                    {"white_on_nothing.png", "png"},
                    {"black_on_nothing.png", "png"},
                    {"turned.png", "png"},
                    {"turned.tiff", "tiff"},
                    {"os2.bmp", "bmp"},
                    {"runs.bmp", "bmp"}};
    buf_auto expected = load("text.txt");
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
        assert_reads(*state, pictures[i].name, pictures[i].format, buf_text(&expected));
}

/* "друже" has more tails than letters that stand on the line. */
static void test_picture__a_word_of_tails_stays_in_its_line(void **state)
{
    assert_reads(*state, "tails.png", "png", "Оновлюй програми вчасно, друже :)\n");
}

static void test_picture__nothing_shows_the_colour_of_the_page(void **state)
{
    (void)state;
    buf_auto file = load("white_on_nothing.png");
    struct picture_header header;
    struct raster first, last;
    assert_int_equal(picture_header_read(buf_span(&file), &header), OUTCOME_OK);
    assert_int_equal(picture_frames_decode(buf_span(&file), &header,
                                           (struct pixels_background){0x00, 0x57, 0xB7}, &first, &last),
                     OUTCOME_OK);
    assert_memory_equal(first.rgb, "\x00\x57\xB7", 3);
    raster_free(&first);
    raster_free(&last);
    buf_auto expected = load("text.txt"), read = buf_new(1 << 20);
    struct ocr_options options = {.background = 0x0057B7};
    struct picture_text text;
    assert_int_equal(ocr_read_with(*state, buf_span(&file), &options, &text), OUTCOME_OK);
    join_facts(&text, &read);
    assert_string_equal(buf_text(&read), buf_text(&expected));
    picture_text_free(&text);
}

/* The white letters on nothing, the first line of them made dark. */
static struct buf dark_line_among_white_ones(void)
{
    enum { FIRST_LINE = 42 };
    buf_auto file = load("white_on_nothing.png");
    struct buf png = buf_new(1 << 20);
    PIX *pix = pixReadMemPng((const l_uint8 *)file.at, file.size);
    assert_non_null(pix);
    assert_int_equal(pixGetSpp(pix), 4);
    for (int y = 0; y < FIRST_LINE; y++)
        for (int x = 0; x < pixGetWidth(pix); x++)
            pixGetData(pix)[y * pixGetWpl(pix) + x] &= 0xFF; /* alpha stays */
    l_uint8 *bytes = NULL;
    size_t size = 0;
    assert_int_equal(pixWriteMemPng(&bytes, &size, pix, 0), 0);
    assert_true(buf_add(&png, bytes, size));
    lept_free(bytes);
    pixDestroy(&pix);
    return png;
}

static void test_picture__a_dark_line_does_not_hide_white_ones_on_nothing(void **state)
{
    static const uint32_t pages[] = {0xFFFFFF, 0x000000, 0x0057B7};
    buf_auto file = dark_line_among_white_ones(), expected = load("text.txt");
    for (size_t i = 0; i < 3; i++) {
        buf_auto read = buf_new(1 << 20);
        struct ocr_options options = {.background = pages[i]};
        struct picture_text text;
        assert_int_equal(ocr_read_with(*state, buf_span(&file), &options, &text), OUTCOME_OK);
        join_facts(&text, &read);
        assert_string_equal(buf_text(&read), buf_text(&expected));
        picture_text_free(&text);
    }
}

static void test_picture__says_where_and_in_which_language(void **state)
{
    static const char *const languages[] = {"uk", "ru", "pl"};
    buf_auto file = load("truecolour.png");
    struct picture_text text;
    assert_int_equal(ocr_read(*state, buf_span(&file), &text), OUTCOME_OK);
    assert_int_equal(text.line_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(text.lines[i].language, languages[i]);
        assert_in_range(text.lines[i].x, 10, 22);
        assert_in_range(text.lines[i].y, 10 + 32 * i, 26 + 32 * i);
        assert_in_range(text.lines[i].width, 280, 400);
        assert_in_range(text.lines[i].height, 14, 30);
        assert_int_equal(text.lines[i].block, 0);
        assert_in_range(text.lines[i].confidence, 900, 1000);
    }
    assert_int_equal(text.width, 420);
    assert_int_equal(text.height, 124);
    assert_in_range(text.confidence, 900, 1000);
    assert_string_equal(text.models.at, "ukr+rus+pol+eng");
    picture_text_free(&text);
}

static void test_picture__no_text_is_an_outcome_of_its_own(void **state)
{
    assert_reads(*state, "no_text.jpg", "jpeg", "");
}

static void test_picture__header_decodes_nothing(void **state)
{
    (void)state;
    buf_auto file = load("text_comes_last.gif");
    struct picture_text text;
    assert_int_equal(ocr_header(buf_span(&file), &text), OUTCOME_OK);
    assert_int_equal(text.frames, 2);
    assert_int_equal(text.width, 420);
    assert_int_equal(text.line_count, 0);
    picture_text_free(&text);
}

static void test_picture__overlay_is_a_picture_again(void **state)
{
    buf_auto file = load("truecolour.png"), png = buf_new(1 << 20);
    struct picture_text text, drawn;
    ocr_read(*state, buf_span(&file), &text);
    assert_int_equal(ocr_overlay(buf_span(&file), &text, &png), OUTCOME_OK);
    assert_int_equal(ocr_header(buf_span(&png), &drawn), OUTCOME_OK);
    assert_string_equal(drawn.format, "png");
    assert_int_equal(drawn.width, 420);
    assert_true(png.size != file.size);
    picture_text_free(&text);
    picture_text_free(&drawn);
}

static void test_picture__time_that_is_up_cuts(void **state)
{
    struct ocr_options hurry = {.background = 0xFFFFFF, .time_ms = 1};
    buf_auto file = load("truecolour.png");
    struct picture_text text;
    assert_int_equal(ocr_read_with(*state, buf_span(&file), &hurry, &text), OUTCOME_OK);
    assert_true(text.cut);
    assert_in_range(text.line_count, 0, 2);
    picture_text_free(&text);
}

/* ---- memory ---- */

/* A picture of the largest size that is let in, full of small text: the truecolour test picture, over and
 * over. */
static struct raster full_of_text(uint32_t width, uint32_t height)
{
    buf_auto tile_file = load("truecolour.png");
    struct picture_header header;
    struct raster tile, none, large;
    assert_int_equal(picture_header_read(buf_span(&tile_file), &header), OUTCOME_OK);
    assert_int_equal(picture_frames_decode(buf_span(&tile_file), &header,
                                           (struct pixels_background){255, 255, 255}, &tile, &none),
                     OUTCOME_OK);
    assert_true(raster_new(width, height, &large));
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            memcpy(large.rgb + ((size_t)y * width + x) * 3,
                   tile.rgb + ((size_t)(y % tile.height) * tile.width + x % tile.width) * 3, 3);
    raster_free(&tile);
    raster_free(&none);
    return large;
}

static struct buf largest_picture(void)
{
    enum { WIDTH = 5000, HEIGHT = OCR_MAX_PIXELS / WIDTH };
    struct raster large = full_of_text(WIDTH, HEIGHT);
    struct buf png = buf_new(OCR_MAX_FILE_BYTES);
    assert_true(pixels_write_png(&large, &png));
    raster_free(&large);
    return png;
}

/* Progressive, with colours at full resolution: the decoder keeps all coefficients of the picture. */
static struct buf largest_progressive(void)
{
    enum { SIDE = 4000 };
    assert_int_equal(SIDE * SIDE, OCR_MAX_PROGRESSIVE_PIXELS);
    struct raster large = full_of_text(SIDE, SIDE);
    PIX *pix = pixCreate(SIDE, SIDE, 32);
    assert_non_null(pix);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const uint8_t *rgb = large.rgb + ((size_t)y * SIDE + (size_t)x) * 3;
            pixSetRGBPixel(pix, x, y, rgb[0], rgb[1], rgb[2]);
        }
    raster_free(&large);
    uint8_t *data = NULL;
    size_t size = 0;
    pixSetChromaSampling(pix, 0);
    assert_int_equal(pixWriteMemJpeg(&data, &size, pix, 60, 1), 0);
    pixDestroy(&pix);
    struct buf jpeg = buf_new(OCR_MAX_FILE_BYTES);
    assert_true(buf_add(&jpeg, data, size));
    lept_free(data);
    return jpeg;
}

static uint64_t address_space_bytes(void)
{
    unsigned long pages = 0;
    FILE *stream = fopen("/proc/self/statm", "re");
    assert_non_null(stream);
    assert_int_equal(fscanf(stream, "%lu", &pages), 1);
    fclose(stream);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* In a child, as the worker does it: everything beyond what is there already must fit into the limit. */
static int read_within(struct ocr *ocr, struct span file, uint64_t limit_bytes)
{
    struct rlimit limit = {address_space_bytes() + limit_bytes, address_space_bytes() + limit_bytes};
    struct ocr_options options = {.background = 0xFFFFFF, .time_ms = 5000};
    struct picture_text text;
    if (setrlimit(RLIMIT_AS, &limit) < 0)
        return OUTCOME_COUNT;
    enum outcome outcome = ocr_read_with(ocr, file, &options, &text);
    return (int)outcome;
}

static int outcome_within(struct ocr *ocr, struct span file, uint64_t limit_bytes)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(read_within(ocr, file, limit_bytes));
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_picture__the_largest_needs_less_than_200_mib(void **state)
{
    if (!sandbox_cages())
        skip(); /* a sanitizer's shadow takes terabytes of addresses */
    buf_auto file = largest_picture();
    assert_int_equal(outcome_within(*state, buf_span(&file), 200 << 20), OUTCOME_OK);
    assert_int_not_equal(outcome_within(*state, buf_span(&file), 40 << 20), OUTCOME_OK);
}

static void test_picture__the_largest_progressive_jpeg_needs_less_than_200_mib(void **state)
{
    if (!sandbox_cages())
        skip();
    buf_auto file = largest_progressive();
    assert_int_equal(outcome_within(*state, buf_span(&file), 200 << 20), OUTCOME_OK);
    int outcome = outcome_within(*state, buf_span(&file), 40 << 20);
    assert_true(outcome == OUTCOME_NO_MEMORY || outcome == OUTCOME_PICTURE_DAMAGED);
}

/* ---- floods ---- */

static struct raster decoded(const char *name)
{
    buf_auto file = load(name);
    struct picture_header header;
    struct raster first, last;
    assert_int_equal(picture_header_read(buf_span(&file), &header), OUTCOME_OK);
    assert_int_equal(picture_frames_decode(buf_span(&file), &header,
                                           (struct pixels_background){255, 255, 255}, &first, &last),
                     OUTCOME_OK);
    raster_free(&last);
    return first;
}

/* The pixels stand on their side or on their head, and nothing in the file says so. */
static void test_picture__turned_text_is_read_and_nothing_else(void **state)
{
    static const struct {
        uint8_t turn;
        bool side;
        uint32_t x, y; /* where the box of the first line begins, about */
    } turns[] = {{3, false, 85, 86}, {6, true, 86, 18}, {8, true, 18, 85}};
    buf_auto expected = load("text.txt");
    for (size_t i = 0; i < 3; i++) {
        struct raster turned = decoded("truecolour.png");
        buf_auto png = buf_new(OCR_MAX_FILE_BYTES), read = buf_new(1 << 20);
        struct picture_text text;
        assert_true(raster_orient(&turned, turns[i].turn) && pixels_write_png(&turned, &png));
        raster_free(&turned);
        assert_int_equal(ocr_read(*state, buf_span(&png), &text), OUTCOME_OK);
        join_facts(&text, &read);
        assert_string_equal(buf_text(&read), buf_text(&expected));
        assert_in_range(text.lines[0].x, turns[i].x - 6, turns[i].x + 6);
        assert_in_range(text.lines[0].y, turns[i].y - 6, turns[i].y + 6);
        assert_in_range(turns[i].side ? text.lines[0].height : text.lines[0].width, 300, 330);
        picture_text_free(&text);
    }
}

static uint32_t throw_dice(uint32_t *dice, uint32_t sides)
{
    *dice = *dice * 1664525u + 1013904223u;
    return (*dice >> 8) % sides;
}

/* A ring or a frame, three pixels thick, as most drawings have them. */
static void draw_outline(struct raster *raster, uint32_t left, uint32_t top, uint32_t size, bool ring,
                         uint32_t colour)
{
    enum { THICK = 3 };
    double middle = size / 2.0;
    for (uint32_t y = 0; y < size; y++)
        for (uint32_t x = 0; x < size; x++) {
            double across = x + 0.5 - middle, down = y + 0.5 - middle;
            double reach = ring ? sqrt(across * across + down * down) : fmax(fabs(across), fabs(down));
            if (reach > middle - THICK && reach <= middle)
                memcpy(raster->rgb + ((size_t)(top + y) * raster->width + left + x) * 3, &colour, 3);
        }
}

static void test_picture__circles_and_squares_are_no_letters(void **state)
{
    for (uint32_t seed = 1; seed <= 6; seed++) {
        uint32_t dice = seed * 7919u;
        struct raster confetti;
        buf_auto png = buf_new(OCR_MAX_FILE_BYTES), read = buf_new(1 << 20);
        struct picture_text text;
        assert_true(pixels_blank(900, 500, (struct pixels_background){240, 240, 240}, &confetti));
        for (int i = 0; i < 200; i++) {
            uint32_t left = throw_dice(&dice, 870), top = throw_dice(&dice, 470),
                     size = 8 + throw_dice(&dice, 22);
            bool ring = throw_dice(&dice, 2);
            draw_outline(&confetti, left, top, size, ring, throw_dice(&dice, 1 << 24) & 0x7F7F7F);
        }
        assert_true(pixels_write_png(&confetti, &png));
        raster_free(&confetti);
        assert_int_equal(ocr_read(*state, buf_span(&png), &text), OUTCOME_OK);
        join_facts(&text, &read);
        assert_in_range(utf8_letters(buf_span(&read)), 0, 2);
        picture_text_free(&text);
    }
}

/* Four hundred and fifty lines of small print, and under them the picture's own first line twice as large. */
static struct raster large_line_under_small_print(void)
{
    enum { ACROSS = 5, DOWN = 30, LARGE = 2, LARGE_ROWS = 46 };
    struct raster tile = decoded("truecolour.png"), small, all;
    assert_true(raster_reduce(&tile, 2, &small));
    uint32_t under = small.height * DOWN;
    assert_true(raster_new(small.width * ACROSS, under + LARGE * LARGE_ROWS, &all));
    for (uint32_t y = 0; y < all.height; y++)
        for (uint32_t x = 0; x < all.width; x++) {
            const struct raster *from = y < under ? &small : &tile;
            uint32_t column = y < under ? x % small.width : x / LARGE < tile.width ? x / LARGE : 0;
            uint32_t row = y < under ? y % small.height : (y - under) / LARGE;
            memcpy(all.rgb + ((size_t)y * all.width + x) * 3,
                   from->rgb + ((size_t)row * from->width + column) * 3, 3);
        }
    raster_free(&tile);
    raster_free(&small);
    return all;
}

static void test_picture__a_flood_of_small_print_does_not_hide_what_is_large(void **state)
{
    struct raster all = large_line_under_small_print();
    buf_auto png = buf_new(OCR_MAX_FILE_BYTES);
    struct ocr_options options = {.background = 0xFFFFFF, .time_ms = 280000};
    struct picture_text text;
    assert_true(pixels_write_png(&all, &png));
    raster_free(&all);
    assert_int_equal(ocr_read_with(*state, buf_span(&png), &options, &text), OUTCOME_OK);
    assert_true(text.cut);
    assert_int_equal(text.line_count, OCR_MAX_LINES);
    const struct picture_line *last = &text.lines[text.line_count - 1];
    assert_true(span_equal(last->text, SPAN("Їжак знайшов ставок біля лісу")));
    assert_true(last->y > 1800);
    picture_text_free(&text);
}

/* More specks than may be looked at, faint, at every second pixel of every second row below the text. */
static void test_picture__a_flood_of_specks_hides_nothing(void **state)
{
    enum { DOWN = 1200, ACROSS = 1600, STEP = 0x30 };
    struct raster tile = decoded("truecolour.png"), all;
    buf_auto png = buf_new(OCR_MAX_FILE_BYTES), read = buf_new(1 << 20), expected = load("text.txt");
    struct picture_text text;
    const uint8_t *ground = tile.rgb;
    assert_true(pixels_blank(ACROSS, tile.height + DOWN,
                             (struct pixels_background){ground[0], ground[1], ground[2]}, &all));
    for (uint32_t y = 0; y < tile.height; y++)
        memcpy(all.rgb + (size_t)y * ACROSS * 3, tile.rgb + (size_t)y * tile.width * 3,
               (size_t)tile.width * 3);
    for (uint32_t y = tile.height; y < all.height; y += 2)
        for (uint32_t x = 0; x < ACROSS; x += 2)
            for (uint32_t i = 0; i < 3; i++)
                all.rgb[((size_t)y * ACROSS + x) * 3 + i] ^= STEP;
    assert_true(pixels_write_png(&all, &png));
    raster_free(&tile);
    raster_free(&all);
    assert_int_equal(ocr_read(*state, buf_span(&png), &text), OUTCOME_OK);
    join_facts(&text, &read);
    assert_string_equal(buf_text(&read), buf_text(&expected));
    picture_text_free(&text);
}

/* ---- hostile files --------------------------------------------------------------------------------------
 */

static void assert_outcome(struct ocr *ocr, struct span file, enum outcome outcome, const char *format)
{
    struct picture_text text;
    assert_int_equal(ocr_read(ocr, file, &text), outcome);
    assert_string_equal(text.format, format);
    assert_int_equal(text.line_count, 0);
    picture_text_free(&text);
}

static void test_picture__names_what_it_does_not_read(void **state)
{
    assert_outcome(*state, SPAN("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
                   OUTCOME_PICTURE_FORMAT, "svg");
    assert_outcome(*state,
                   SPAN("\0\0\0\x1c"
                        "ftypavif\0\0\0\0mif1"),
                   OUTCOME_PICTURE_FORMAT, "avif");
    assert_outcome(*state,
                   SPAN("\0\0\0\x18"
                        "ftypheic\0\0\0\0"),
                   OUTCOME_PICTURE_FORMAT, "heic");
    assert_outcome(*state, SPAN("\0\0\1\0\1\0\x10\x10"), OUTCOME_PICTURE_FORMAT, "ico");
    assert_outcome(*state, SPAN("<!doctype html><p>no picture"), OUTCOME_NOT_PICTURE, "");
    assert_outcome(*state, SPAN(""), OUTCOME_NOT_PICTURE, "");
}

static void test_picture__a_billion_pixels_are_refused_by_the_header(void **state)
{
    assert_outcome(*state, SPAN("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x7f\xff\0\0\x7f\xff\x08\x06\0\0\0xxxx"),
                   OUTCOME_PICTURE_TOO_LARGE, "png");
    assert_outcome(*state, SPAN("GIF89a\xff\xff\xff\xff\x00\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\1\0\0;"),
                   OUTCOME_PICTURE_TOO_LARGE, "gif");
    assert_outcome(*state,
                   SPAN("\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"),
                   OUTCOME_PICTURE_TOO_LARGE, "jpeg");
    assert_outcome(*state,
                   SPAN("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\1\0\x18\0"),
                   OUTCOME_PICTURE_TOO_LARGE, "bmp");
    assert_outcome(*state, SPAN("RIFF\x20\0\0\0WEBPVP8L\x10\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0"),
                   OUTCOME_PICTURE_TOO_LARGE, "webp");
    assert_outcome(
        *state, SPAN("II*\0\x08\0\0\0\2\0\0\1\4\0\1\0\0\0\xff\xff\0\0\1\1\4\0\1\0\0\0\xff\xff\0\0\0\0\0\0"),
        OUTCOME_PICTURE_TOO_LARGE, "tiff");
}

/* What is read of a file that is marked as damaged. */
static struct buf read_damaged(struct ocr *ocr, struct span file)
{
    struct buf read = buf_new(1 << 20);
    struct picture_text text;
    assert_int_equal(ocr_read(ocr, file, &text), OUTCOME_OK);
    assert_true(text.damaged);
    join_facts(&text, &read);
    picture_text_free(&text);
    return read;
}

static void put_be32(char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (24 - 8 * i) & 0xFF);
}

static void test_picture__a_header_that_lies_is_damaged(void **state)
{
    buf_auto file = load("truecolour.png");
    put_be32(file.at + 16, 4000); /* the check sum of IHDR no longer fits, and there are not so many pixels */
    buf_auto read = read_damaged(*state, buf_span(&file));
    assert_int_equal(read.size, 0);
}

/* A BMP begins with its last row. */
static void test_picture__what_came_before_a_file_broke_off_is_read_and_marked(void **state)
{
    static const struct {
        const char *name, *line;
    } pictures[] = {{"truecolour.png", "Їжак знайшов ставок біля лісу\n"},
                    {"interlaced.png", ""},
                    {"baseline.jpg", "Їжак знайшов ставок біля лісу\n"},
                    {"progressive.jpg", ""},
                    {"still.gif", "Їжак знайшов ставок біля лісу\n"},
                    {"text_comes_last.gif", ""},
                    {"still.webp", "Їжак знайшов ставок біля лісу\n"},
                    {"text_comes_last.webp", ""},
                    {"palette.bmp", "Zażółć gęślą jaźń w środę rano\n"},
                    {"runs.bmp", "Zażółć gęślą jaźń w środę rano\n"}};
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
        buf_auto file = load(pictures[i].name);
        buf_auto read = read_damaged(*state, span_cut(buf_span(&file), 0, file.size * 7 / 10));
        assert_non_null(strstr(buf_text(&read) ? buf_text(&read) : "", pictures[i].line));
    }
}

/* The offset of a PNG's chunk, behind the one at `from`. */
static size_t find_chunk(const struct buf *png, const char *kind, size_t from)
{
    size_t at = span_find(buf_span(png), (struct span){kind, 4}, from);
    assert_true(at >= 4 && at < png->size);
    return at - 4;
}

static void test_picture__a_png_is_read_as_browsers_show_it(void **state)
{
    buf_auto file = load("truecolour.png"), expected = load("text.txt");
    size_t first = find_chunk(&file, "IDAT", 0), end = find_chunk(&file, "IEND", 0);
    size_t sum = first + 8 + bytes_be32(buf_span(&file), first); /* all pixels stand in one chunk */
    for (int fault = 0; fault < 3; fault++) {
        buf_auto bent = load("truecolour.png");
        if (fault == 0)
            bent.at[sum] ^= 1;
        if (fault == 1) { /* the check sum over all pixels, the chunk's own being right */
            bent.at[sum - 1] ^= 1;
            put_be32(bent.at + sum,
                     (uint32_t)crc32(0, (const Bytef *)bent.at + first + 4, (uInt)(sum - first - 4)));
        }
        buf_auto read = read_damaged(*state, span_cut(buf_span(&bent), 0, fault == 2 ? end : bent.size));
        assert_string_equal(buf_text(&read), buf_text(&expected));
    }
}

static void test_picture__a_wrong_sum_over_a_comment_is_no_damage_to_the_picture(void **state)
{
    buf_auto file = load("truecolour.png"), expected = load("text.txt"), read = buf_new(1 << 20);
    struct picture_text text;
    file.at[find_chunk(&file, "IEND", 0) - 1] ^= 1;
    assert_int_equal(ocr_read(*state, buf_span(&file), &text), OUTCOME_OK);
    assert_false(text.damaged);
    join_facts(&text, &read);
    assert_string_equal(buf_text(&read), buf_text(&expected));
    picture_text_free(&text);
}

static void test_picture__a_kind_of_tiff_that_is_not_read_is_named(void **state)
{
    buf_auto file = load("tiles.tiff");
    assert_outcome(*state, buf_span(&file), OUTCOME_PICTURE_FORMAT, "tiff");
}

static void test_picture__a_chunk_longer_than_the_file_is_damaged(void **state)
{
    buf_auto file = load("truecolour.png");
    put_be32(file.at + 33, 0x7FFFFFFF); /* the length of the first chunk behind IHDR */
    assert_outcome(*state, buf_span(&file), OUTCOME_PICTURE_DAMAGED, "png");
}

static void test_picture__every_cut_ends_in_a_named_outcome(void **state)
{
    static const char *const names[] = {"truecolour.png", "progressive.jpg",      "text_comes_last.gif",
                                        "still.webp",     "text_comes_last.webp", "lzw.tiff",
                                        "palette.bmp"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        buf_auto file = load(names[i]);
        for (size_t part = 0; part < 12; part++) {
            struct picture_text text;
            struct span cut = span_cut(buf_span(&file), 0, file.size * part / 12);
            enum outcome outcome = ocr_read(*state, cut, &text);
            assert_true(outcome == OUTCOME_OK || outcome == OUTCOME_PICTURE_DAMAGED ||
                        outcome == OUTCOME_NOT_PICTURE);
            picture_text_free(&text);
        }
    }
}

static void test_picture__flipped_bytes_never_crash(void **state)
{
    static const char *const names[] = {"palette.png", "baseline.jpg", "still.gif",
                                        "still.webp",  "lzw.tiff",     "palette.bmp"};
    uint32_t dice = 1;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (int round = 0; round < 20; round++) {
            buf_auto file = load(names[i]);
            for (int flip = 0; flip < 6; flip++) {
                dice = dice * 1664525u + 1013904223u;
                file.at[(dice >> 8) % file.size] ^= (char)(1u << (dice & 7));
            }
            struct picture_text text;
            assert_true(ocr_read(*state, buf_span(&file), &text) < OUTCOME_COUNT);
            picture_text_free(&text);
        }
}

static void test_picture__a_polyglot_is_what_its_first_bytes_say(void **state)
{
    buf_auto file = buf_new(1 << 20), png = load("truecolour.png");
    buf_add_text(&file, "GIF89a<svg><script>");
    buf_add_span(&file, buf_span(&png));
    assert_outcome(*state, buf_span(&file), OUTCOME_PICTURE_DAMAGED, "gif");
}

static void test_picture__missing_models_are_named(void **state)
{
    (void)state;
    struct ocr *ocr = NULL;
    const char *missing = NULL;
    struct ocr_settings settings = {.languages = "eng+xyz"};
    assert_int_equal(ocr_open(&settings, NULL, NULL, &ocr, &missing), 0);
    assert_string_equal(missing, "xyz");
    ocr_close(ocr);
    settings = (struct ocr_settings){.tessdata = "/nonexistent"};
    assert_true(ocr_open(&settings, NULL, NULL, &ocr, &missing) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture__every_format_gives_the_same_text),
        cmocka_unit_test(test_picture__a_word_of_tails_stays_in_its_line),
        cmocka_unit_test(test_picture__nothing_shows_the_colour_of_the_page),
        cmocka_unit_test(test_picture__a_dark_line_does_not_hide_white_ones_on_nothing),
        cmocka_unit_test(test_picture__says_where_and_in_which_language),
        cmocka_unit_test(test_picture__no_text_is_an_outcome_of_its_own),
        cmocka_unit_test(test_picture__header_decodes_nothing),
        cmocka_unit_test(test_picture__overlay_is_a_picture_again),
        cmocka_unit_test(test_picture__time_that_is_up_cuts),
        cmocka_unit_test(test_picture__the_largest_needs_less_than_200_mib),
        cmocka_unit_test(test_picture__the_largest_progressive_jpeg_needs_less_than_200_mib),
        cmocka_unit_test(test_picture__circles_and_squares_are_no_letters),
        cmocka_unit_test(test_picture__turned_text_is_read_and_nothing_else),
        cmocka_unit_test(test_picture__a_flood_of_small_print_does_not_hide_what_is_large),
        cmocka_unit_test(test_picture__a_flood_of_specks_hides_nothing),
        cmocka_unit_test(test_picture__names_what_it_does_not_read),
        cmocka_unit_test(test_picture__a_billion_pixels_are_refused_by_the_header),
        cmocka_unit_test(test_picture__a_header_that_lies_is_damaged),
        cmocka_unit_test(test_picture__what_came_before_a_file_broke_off_is_read_and_marked),
        cmocka_unit_test(test_picture__a_png_is_read_as_browsers_show_it),
        cmocka_unit_test(test_picture__a_wrong_sum_over_a_comment_is_no_damage_to_the_picture),
        cmocka_unit_test(test_picture__a_kind_of_tiff_that_is_not_read_is_named),
        cmocka_unit_test(test_picture__a_chunk_longer_than_the_file_is_damaged),
        cmocka_unit_test(test_picture__every_cut_ends_in_a_named_outcome),
        cmocka_unit_test(test_picture__flipped_bytes_never_crash),
        cmocka_unit_test(test_picture__a_polyglot_is_what_its_first_bytes_say),
        cmocka_unit_test(test_picture__missing_models_are_named),
    };
    return cmocka_run_group_tests(tests, open_models, close_models);
}
