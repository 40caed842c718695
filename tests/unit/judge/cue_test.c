/* Cues are found however they are written, and the lists and the model are refused when they are wrong. */
#include "pipeline/judge/cue.h"
#include "pipeline/judge/weights.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char list[] = "# ours\n"
                           "[claim]\n"
                           "3 hacked by\n"
                           "2 зламан* хакер*\n"
                           "2 увага\n"
                           "[threat]\n"
                           "1.5 bój się\n"
                           "[error]\n"
                           "3 error 404\n"
                           "[host]\n"
                           "2 t.me\n"
                           "[parked host]\n"
                           "3 parking.example\n"
                           "1 t.me\n";

static struct cue_set *set_of(const char *text)
{
    char error[256];
    struct cue_set *set = cue_new();
    assert_int_equal(cue_read(set, "list", span_of(text), error), 0);
    return set;
}

static size_t found(const char *text)
{
    struct cue_set *set = set_of(list);
    arena_auto arena = arena_new(1 << 20);
    struct skeleton skeleton;
    struct cue_hit hits[8];
    assert_int_equal(skeleton_make(&arena, strlen(text), &skeleton), 0);
    skeleton_add(&skeleton, span_of(text), 0, false);
    size_t count = cue_find(set, &skeleton, hits, 8);
    cue_free(set);
    return count;
}

static void cues_are_found_however_they_are_written(void **state)
{
    (void)state;
    static const char *const same[] = {
        "Hacked by X",
        "HACKED BY",
        "h4ck3d  by",
        "H@ck3d By",
        "Нaсkеd bу", /* with Cyrillic letters */
        "haaaacked byyy",
        "ha\u200Bck\u00ADed by",
        "h\u0336a\u0336c\u0336k\u0336e\u0336d b\u0336y\u0336",
        "𝕳𝖆𝖈𝖐𝖊𝖉 𝕭𝖞",
        "ｈａｃｋｅｄ ｂｙ",
        "ʜᴀᴄᴋᴇᴅ ʙʏ",
        "Ⓗⓐⓒⓚⓔⓓ ⓑⓨ",
        "-=[ Hacked, By ]=-",
        "hâčkêd bÿ",
        "сайт зламано хакерами",
        "ЗЛАМАНИЙ ХАКЕРОМ",
        "3ламано хакерами",
        "зл@мано x@кepaми",
        "YBAГA!",
        "У В А Г А",
        "Boj sie",
        "BÓJ SIĘ!",
        "Error 404",
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        if (found(same[i]) != 1)
            print_error("not found once: %s\n", same[i]);
        assert_int_equal(found(same[i]), 1);
    }
}

static void other_words_are_not_cues(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",        "unhacked by", "hacked",          "bypass hacked", "зламані двері",
        "увагаю",  "error 4004",  "error 40",        "hackedby",      "@ ! * $",
        "зламати", "boj siema",   "hacked bystander"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (found(others[i]))
            print_error("found: %s\n", others[i]);
        assert_int_equal(found(others[i]), 0);
    }
}

static void hosts_match_whole_labels(void **state)
{
    (void)state;
    struct cue_set *set = set_of(list);
    assert_true(cue_host(set, CUE_HOST, SPAN("t.me")) > 1.9);
    assert_true(cue_host(set, CUE_HOST, SPAN("www.t.me")) > 1.9);
    assert_true(cue_host(set, CUE_HOST, SPAN("port.me")) < 0.1);
    assert_true(cue_host(set, CUE_HOST, SPAN("t.me.example")) < 0.1);
    assert_true(cue_host(set, CUE_HOST, SPAN("")) < 0.1);
    assert_true(cue_host(set, CUE_HOST, SPAN("parking.example")) < 0.1);
    assert_true(cue_host(set, CUE_PARKED, SPAN("www.parking.example")) > 2.9);
    assert_true(cue_host(set, CUE_PARKED, SPAN("t.me")) < 1.1);
    assert_true(cue_host(set, CUE_LOGIN, SPAN("parking.example")) < 0.1);
    cue_free(set);
}

/* Words that offices write every day, each once taken for an attacker's: a stem of the lists was too short,
 * or letters of two scripts look alike. */
static void words_of_an_office_are_no_cues(void **state)
{
    (void)state;
    static const char *const words[] = {
        "находится",    "находка",      "восстановить",      "к сожалению", "насколько",    "кровля",
        "кровать",      "режим работы", "требования",        "материалы",   "страхование",  "скотоводство",
        "кілька",       "спалах",       "листування",        "вимоги",      "здатність",    "опора",
        "холодильник",  "смертність",   "голодомор",         "спалювання",  "криптографія", "kilka",
        "kilku",        "kilometrów",   "podanie",           "podatników",  "zadania",      "temperatura",
        "przedszkole",  "urzędników",   "дырэктар",          "магілёў",     "спалучэнне",   "лічыць",
        "патрабаванні", "temporary",    "template",          "temperature", "demonstrate",  "gravel",
        "kilometre",    "нанава",       "your administrator"};
    char error[256];
    struct cue_set *set;
    assert_int_equal(cue_open(MODEL_DIR "/cues", &set, error), 0);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        arena_auto arena = arena_new(1 << 20);
        struct skeleton skeleton;
        struct cue_hit hits[8];
        assert_int_equal(skeleton_make(&arena, strlen(words[i]), &skeleton), 0);
        skeleton_add(&skeleton, span_of(words[i]), 0, false);
        size_t count = cue_find(set, &skeleton, hits, 8);
        for (size_t j = 0; j < count; j++) {
            const struct cue *cue = cue_at(set, hits[j].cue);
            if (cue->class <= CUE_TONE && cue->class != CUE_ADDRESS && cue->weight > 0.5F)
                fail_msg("%s: %s %.1f", words[i], cue_class_name(cue->class), (double)cue->weight);
        }
    }
    cue_free(set);
}

static void wrong_lists_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *sentence;
    } wrong[] = {
        {"3 hacked by\n", "list:1: a cue before"},
        {"[claim]\n\n[clam]\n", "list:3: unknown class"},
        {"[claim host]\n3 t.me\n", "list:1: unknown class"},
        {"[parked host\n3 t.me\n", "list:1: unknown class"},
        {"[claim]\nhacked by\n", "list:2: expected a weight"},
        {"[claim]\n4 hacked by\n", "list:2: expected a weight"},
        {"[claim]\n0 hacked by\n", "list:2: expected a weight"},
        {"[claim]\n3\n", "list:2: expected a weight"},
        {"[claim]\n3 x\n", "list:2: a cue must have"},
        {"[claim]\n3 \xff\xfe\n", "list:0: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char error[256] = "";
        struct cue_set *set = cue_new();
        assert_int_equal(cue_read(set, "list", span_of(wrong[i].list), error), -EINVAL);
        if (strncmp(error, wrong[i].sentence, strlen(wrong[i].sentence)) != 0)
            fail_msg("%s", error);
        cue_free(set);
    }
}

static size_t whole_model(char *text, size_t room, const char *without)
{
    size_t size = 0;
    for (int section = 0; section < WEIGHTS_SECTION_COUNT; section++) {
        size += (size_t)snprintf(text + size, room - size, "[%s]\nbias -1.5\nthreshold 0.5\n",
                                 weights_section_name(section));
        for (int feature = 0; feature < FEATURE_COUNT; feature++)
            if (strcmp(feature_name(feature), without) != 0)
                size +=
                    (size_t)snprintf(text + size, room - size, "%s %d.25\n", feature_name(feature), feature);
    }
    return size;
}

static void whole_model_is_read_as_written(void **state)
{
    (void)state;
    char text[8192], error[256];
    struct weights weights;
    size_t size = whole_model(text, sizeof(text), "");
    assert_int_equal(weights_read("model", (struct span){text, size}, &weights, error), 0);
    double features[FEATURE_COUNT] = {0};
    features[2] = 1;
    assert_true(weights_sum(&weights, WEIGHTS_INSIDE, features) == -1.5 + 2.25);
}

static void broken_models_are_refused(void **state)
{
    (void)state;
    char text[8192], error[256];
    struct weights weights;
    size_t size = whole_model(text, sizeof(text), "words-gone");
    assert_int_equal(weights_read("model", (struct span){text, size}, &weights, error), -EINVAL);
    assert_non_null(strstr(error, "words-gone"));
    size = whole_model(text, sizeof(text), "");
    static const char *const additions[] = {"gone 1\n",      "nonsense 1\n", "[inside\n",
                                            "claim\n",       "claim 1e9\n",  "claim nan\n",
                                            "claim 1.2.3\n", "claim 1000\n", "threshold 1\n"};
    for (size_t i = 0; i < sizeof(additions) / sizeof(additions[0]); i++) {
        snprintf(text + size, sizeof(text) - size, "%s", additions[i]);
        assert_int_equal(weights_read("model", span_of(text), &weights, error), -EINVAL);
    }
    assert_int_equal(weights_read("model", (struct span){NULL, 0}, &weights, error), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cues_are_found_however_they_are_written),
        cmocka_unit_test(other_words_are_not_cues),
        cmocka_unit_test(hosts_match_whole_labels),
        cmocka_unit_test(words_of_an_office_are_no_cues),
        cmocka_unit_test(wrong_lists_are_refused_with_their_line),
        cmocka_unit_test(whole_model_is_read_as_written),
        cmocka_unit_test(broken_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
