/* A baseline survives packing, and no packed bytes whatsoever do harm. */
#include "failing_malloc.h"
#include "hand_ministry.h"
#include "pipeline/compare/compare.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { EVENING_S = 1642100000, PACKED_MAX = 1 << 20 };

static struct hand_page page;

static struct baseline *learnt(void)
{
    struct baseline *baseline = baseline_new();
    ministry_evening(&page);
    hand_picture(&page, "logo.png", 400, 300);
    assert_int_equal(baseline_learn(baseline, &page.reading, EVENING_S), 0);
    hand_block(&page, "main p", "Ще одна новина з'явилася наступного дня на головній сторінці порталу.");
    assert_int_equal(baseline_learn(baseline, &page.reading, EVENING_S + 90000), 0);
    return baseline;
}

static void packed_and_back_is_the_same(void **state)
{
    (void)state;
    struct baseline *baseline = learnt(), *again = NULL;
    buf_auto packed = buf_new(PACKED_MAX), twice = buf_new(PACKED_MAX);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    assert_true(packed.size < 8192);
    assert_int_equal(baseline_unpack(buf_span(&packed), &again), 0);
    assert_int_equal(baseline_versions(again), 2);
    assert_int_equal(baseline_at(again), EVENING_S + 90000);
    assert_int_equal(baseline_pack(again, &twice), 0);
    assert_true(span_equal(buf_span(&packed), buf_span(&twice)));
    struct change change;
    assert_int_equal(compare_reading(again, &page.reading, &change), 0);
    assert_true(change.kept == 1 && change.structure == 1 && change.contacts == 1);
    assert_int_equal(change.pictures_kept, 1);
    change_free(&change);
    baseline_free(baseline);
    baseline_free(again);
}

static void every_damaged_byte_is_noticed(void **state)
{
    (void)state;
    struct baseline *baseline = learnt(), *again = NULL;
    buf_auto packed = buf_new(PACKED_MAX);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    for (size_t i = 0; i < packed.size; i++) {
        packed.at[i] ^= 0x20;
        assert_int_equal(baseline_unpack(buf_span(&packed), &again), -EBADMSG);
        packed.at[i] ^= 0x20;
    }
    for (size_t size = 0; size < packed.size; size++)
        assert_int_equal(baseline_unpack(span_cut(buf_span(&packed), 0, size), &again), -EBADMSG);
    assert_null(again);
    baseline_free(baseline);
}

static void put_checksum(struct buf *packed)
{
    uint64_t hash = hash_bytes(packed->at, packed->size - 8);
    for (unsigned i = 0; i < 8; i++)
        packed->at[packed->size - 8 + i] = (char)(hash >> (8 * i));
}

/* Whoever can compute the checksum can write nonsense: it is refused or harmless, never read past the end. */
static void nonsense_with_a_right_checksum_does_no_harm(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    buf_auto packed = buf_new(PACKED_MAX), twice = buf_new(PACKED_MAX);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    for (size_t i = 5; i + 8 < packed.size; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct baseline *again = NULL;
            packed.at[i] ^= (char)(1u << bit);
            put_checksum(&packed);
            int error = baseline_unpack(buf_span(&packed), &again);
            assert_true(error == 0 || error == -EBADMSG);
            packed.at[i] ^= (char)(1u << bit);
            if (error)
                continue;
            struct change change;
            assert_int_equal(compare_reading(again, &page.reading, &change), 0);
            change_free(&change);
            buf_clear(&twice);
            assert_int_equal(baseline_pack(again, &twice), 0);
            baseline_free(again);
        }
    baseline_free(baseline);
}

static void a_newer_format_is_told_from_damage(void **state)
{
    (void)state;
    struct baseline *baseline = learnt(), *again = NULL;
    buf_auto packed = buf_new(PACKED_MAX);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    packed.at[4] = 99;
    put_checksum(&packed);
    assert_int_equal(baseline_unpack(buf_span(&packed), &again), -ENOTSUP);
    baseline_free(baseline);
}

static void an_endless_page_meets_a_ceiling(void **state)
{
    (void)state;
    enum { BLOCKS = 20000 };
    struct reading reading = {0};
    struct block *blocks = calloc(BLOCKS, sizeof(*blocks));
    struct path_count *paths = calloc(BLOCKS, sizeof(*paths));
    char(*texts)[80] = calloc(BLOCKS, sizeof(*texts));
    for (unsigned i = 0; i < BLOCKS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "речення %c%c%c%c про щось геть інше ніж те", 'a' + i % 26,
                 'a' + i / 26 % 26, 'a' + i / 676 % 26, 'a' + i / 17576 % 26);
        blocks[i] = (struct block){.text = span_of(texts[i]), .path = i * 0x123456789ull, .confidence = 1000};
        paths[i] = (struct path_count){i * 0x123456789ull, 1};
    }
    reading.blocks = blocks;
    reading.block_count = BLOCKS;
    reading.paths = paths;
    reading.path_count = BLOCKS;
    struct baseline *baseline = baseline_new();
    for (int version = 0; version < 5; version++)
        assert_int_equal(baseline_learn(baseline, &reading, version * 90000), 0);
    buf_auto packed = buf_new(PACKED_MAX);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    assert_true(packed.size < 80 * 1024);
    struct change change;
    assert_int_equal(compare_reading(baseline, &reading, &change), 0);
    assert_true(change.kept == 1);
    change_free(&change);
    baseline_free(baseline);
    free(texts);
    free(paths);
    free(blocks);
}

static int whole_way(void)
{
    struct baseline *baseline = baseline_new(), *again = NULL;
    struct change change = {0};
    struct buf packed = buf_new(PACKED_MAX);
    int error = baseline ? baseline_learn(baseline, &page.reading, EVENING_S) : -ENOMEM;
    error = error ? error : baseline_learn(baseline, &page.reading, EVENING_S + 60);
    error = error ? error : baseline_pack(baseline, &packed);
    error = error ? error : baseline_unpack(buf_span(&packed), &again);
    error = error ? error : compare_reading(again, &page.reading, &change);
    change_free(&change);
    buf_free(&packed);
    baseline_free(again);
    baseline_free(baseline);
    return error;
}

static void each_failing_allocation_is_survived(void **state)
{
    (void)state;
    ministry_evening(&page);
    failing_count = 0;
    assert_int_equal(whole_way(), 0);
    size_t all = failing_count;
    assert_true(all > 10);
    for (size_t at = 1; at <= all; at++) {
        failing_count = 0;
        failing_at = at;
        int error = whole_way();
        failing_at = 0;
        assert_int_equal(error, -ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_and_back_is_the_same),
        cmocka_unit_test(every_damaged_byte_is_noticed),
        cmocka_unit_test(nonsense_with_a_right_checksum_does_no_harm),
        cmocka_unit_test(a_newer_format_is_told_from_damage),
        cmocka_unit_test(an_endless_page_meets_a_ceiling),
        cmocka_unit_test(each_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
