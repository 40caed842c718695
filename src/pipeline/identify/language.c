/* The public interface: a text goes through in windows of words, each divided into languages; stretches of
 * one language are joined across windows into spans, their letters counted into shares.
 *
 * A text comes from an attacker: every step takes time in proportion to its bytes and memory of fixed size,
 * and the list of spans has a ceiling. */
#include "varta/language.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/langlimits.h"
#include "pipeline/identify/langtext.h"
#include "pipeline/identify/langtrust.h"

/* What is known of each language of the text so far. */
struct tally {
    size_t letters[LANGMODEL_LANGUAGES_MAX];
    float trust[LANGMODEL_LANGUAGES_MAX]; /* confidence times letters */
    size_t all;
};

struct span_list {
    struct varta_language_span *at;
    size_t length, room;
};

struct reading {
    const struct varta_language_model *model;
    const struct langtext_prior *prior;
    struct langtext_window window;
    struct tally tally;
    struct span_list *spans; /* null: not wanted */
    int failed;
    /* the stretch being read */
    unsigned language;
    size_t start, end, letters;
    struct langtrust_sums sums;
};

static unsigned number_of(const struct varta_language_model *model, const char *tag)
{
    for (unsigned i = 0; i < model->header.language_count; i++)
        if (strcmp(model->header.languages[i].tag, tag) == 0)
            return i;
    return LANGMODEL_LANGUAGES_MAX;
}

static void read_options(const struct varta_language_model *model,
                         const struct varta_language_options *options, struct langtext_prior *ret_prior)
{
    memset(ret_prior, 0, sizeof *ret_prior);
    for (size_t i = 0; i < options->expected_count; i++) {
        unsigned number = number_of(model, options->expected[i]);

        if (number < LANGMODEL_LANGUAGES_MAX)
            ret_prior->bonus[number] = LANGLIMITS_EXPECTED;
    }
    memset(ret_prior->closed, options->only_count > 0, sizeof ret_prior->closed);
    ret_prior->closed[0] = 0;
    for (size_t i = 0; i < options->only_count; i++) {
        unsigned number = number_of(model, options->only[i]);

        if (number < LANGMODEL_LANGUAGES_MAX)
            ret_prior->closed[number] = 0;
    }
    langtext_prepare(model, ret_prior);
}

static int make_room(struct span_list *spans)
{
    size_t room = spans->room ? 2 * spans->room : 4;
    struct varta_language_span *at;

    if (spans->length < spans->room)
        return 0;
    at = realloc(spans->at, room * sizeof *at);
    if (!at)
        return -ENOMEM;
    spans->at = at;
    spans->room = room;
    return 0;
}

static int add_span(struct reading *reading, float confidence)
{
    struct span_list *spans = reading->spans;

    if (spans->length == VARTA_LANGUAGE_SPANS_MAX) {
        spans->at[spans->length - 1].end = reading->end;
        return 0;
    }
    if (make_room(spans) < 0)
        return -ENOMEM;
    spans->at[spans->length++] = (struct varta_language_span){
        reading->start, reading->end, reading->model->header.languages[reading->language].tag, confidence};
    return 0;
}

static void end_stretch(struct reading *reading)
{
    float confidence;

    if (reading->language == LANGMODEL_LANGUAGES_MAX)
        return;
    confidence = langtrust_confidence(reading->model, &reading->sums, reading->prior, reading->language);
    reading->tally.letters[reading->language] += reading->letters;
    reading->tally.trust[reading->language] += confidence * (float)reading->letters;
    reading->tally.all += reading->letters;
    if (reading->spans && add_span(reading, confidence) < 0)
        reading->failed = 1;
    reading->language = LANGMODEL_LANGUAGES_MAX;
}

static void begin_stretch(struct reading *reading, const struct langtext_word *word)
{
    if (word->language == reading->language)
        return;
    end_stretch(reading);
    reading->language = word->language;
    reading->start = word->start;
    reading->letters = 0;
    memset(&reading->sums, 0, sizeof reading->sums);
    reading->sums.group = reading->model->header.languages[word->language].group;
}

static void add_word(struct reading *reading, const struct langtext_word *word)
{
    begin_stretch(reading, word);
    reading->end = word->end;
    reading->letters += word->letters;
    langtrust_add(reading->model, word, &reading->sums);
}

static void add_whole_window(struct reading *reading)
{
    const struct langtext_window *window = &reading->window;

    begin_stretch(reading, &window->words[0]);
    reading->end = window->words[window->length - 1].end;
    reading->letters += window->letters;
    langtrust_add_window(window, &reading->sums);
}

/* The next window; zero at the end of the text. */
static int read_window(struct reading *reading, struct wordscan *scan)
{
    struct langtext_window *window = &reading->window;
    const struct wordscan before = *scan;
    const int one = reading->spans == NULL;
    int whole;

    if (!langtext_read(reading->model, reading->prior, scan, one, window))
        return 0;
    whole = langtext_divide(reading->model, reading->prior, one, window);
    if (whole < 0) {
        *scan = before;
        langtext_read(reading->model, reading->prior, scan, 0, window);
        whole = langtext_divide(reading->model, reading->prior, one, window);
    }
    if (whole)
        add_whole_window(reading);
    for (unsigned i = 0; !whole && i < window->length; i++)
        add_word(reading, &window->words[i]);
    return 1;
}

static void read_text(struct reading *reading, const struct varta_language_options *options, const char *text,
                      size_t size)
{
    struct langtext_prior prior;
    struct wordscan scan;

    reading->prior = reading->model->no_prior;
    if (options) {
        read_options(reading->model, options, &prior);
        reading->prior = &prior;
    }
    memset(&reading->tally, 0, sizeof reading->tally);
    reading->window.previous = reading->language = LANGMODEL_LANGUAGES_MAX;
    reading->failed = 0;
    wordscan_start(&scan, text, size);
    while (!reading->failed && read_window(reading, &scan))
        ;
    end_stretch(reading);
    reading->prior = reading->model->no_prior; /* the one above ends here */
}

static unsigned largest(const struct tally *tally, const uint8_t *taken)
{
    unsigned best = LANGMODEL_LANGUAGES_MAX;

    for (unsigned i = 0; i < LANGMODEL_LANGUAGES_MAX; i++)
        if (tally->letters[i] && !(taken && taken[i]) &&
            (best == LANGMODEL_LANGUAGES_MAX || tally->letters[i] > tally->letters[best]))
            best = i;
    return best;
}

static float trust_of(const struct tally *tally, unsigned language)
{
    return tally->trust[language] / (float)tally->letters[language];
}

static void fill_shares(const struct reading *reading, struct varta_language_result *result)
{
    const struct tally *tally = &reading->tally;
    uint8_t taken[LANGMODEL_LANGUAGES_MAX] = {0};

    while (result->share_count < VARTA_LANGUAGE_SHARES_MAX) {
        unsigned language = largest(tally, taken);

        if (language == LANGMODEL_LANGUAGES_MAX)
            break;
        taken[language] = 1;
        result->shares[result->share_count++] = (struct varta_language_share){
            reading->model->header.languages[language].tag,
            (float)tally->letters[language] / (float)tally->all, trust_of(tally, language)};
    }
}

int varta_language_identify(const struct varta_language_model *model, const char *text, size_t size,
                            const struct varta_language_options *options,
                            struct varta_language_result *ret_result)
{
    struct reading reading;
    struct span_list spans = {NULL, 0, 0};
    struct varta_language_result result = {model->header.languages[0].tag, 1, 0, {{NULL, 0, 0}}, 0, NULL, 0};

    reading.model = model;
    reading.spans = &spans;
    read_text(&reading, options, text, size);
    if (reading.failed) {
        free(spans.at);
        return -ENOMEM;
    }
    fill_shares(&reading, &result);
    result.letters = reading.tally.all;
    result.spans = spans.at;
    result.span_count = spans.length;
    if (result.share_count) {
        result.language = result.shares[0].language;
        result.confidence = result.shares[0].confidence;
    }
    *ret_result = result;
    return 0;
}

void varta_language_result_free(struct varta_language_result *result)
{
    free(result->spans);
    memset(result, 0, sizeof *result);
}

const char *varta_language_guess(const struct varta_language_model *model, const char *text, size_t size,
                                 const struct varta_language_options *options, float *ret_confidence)
{
    struct reading reading;
    unsigned language;

    reading.model = model;
    reading.spans = NULL;
    read_text(&reading, options, text, size);
    language = largest(&reading.tally, NULL);
    if (ret_confidence)
        *ret_confidence = language < LANGMODEL_LANGUAGES_MAX ? trust_of(&reading.tally, language) : 1;
    return model->header.languages[language < LANGMODEL_LANGUAGES_MAX ? language : 0].tag;
}
