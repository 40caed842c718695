/* A page's way; journey.h tells it state by state. */
#include "watch/journey.h"

#include "base/utf8.h"
#include "os/clock.h"
#include "os/memfile.h"
#include "pipeline/fetch/fetch_limits.h"
#include "watch/digest.h"
#include "watch/local_file.h"
#include "wire/records.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PICTURE_PACKED_BYTES = 4 << 20, PICTURE_BUDGET_MS = 20000 };

/* One picture of one page on its way. Pages that show the same picture while it is being read wait for the
 * first one's answer. */
struct errand {
    struct journey *journey;
    size_t picture;
    struct errand *next; /* waiting for the same picture */
};

static void judge_it(struct journey *journey);

/* ---- the end ---- */

static void journey_free(struct journey *journey)
{
    verdict_free(&journey->verdict);
    change_free(&journey->change);
    reading_free(&journey->reading);
    capture_free(&journey->capture);
    free(journey->picture_texts);
    free(journey);
}

static void arrive(struct journey *journey)
{
    journey->state = JOURNEY_DONE;
    journey->done(journey->context, journey);
    journey_free(journey);
}

/* Nothing could be read: the capture's outcome says why, and the judge says it to people. */
static void give_up(struct journey *journey, enum outcome outcome)
{
    journey->capture.outcome = outcome;
    journey->has_reading = false;
    judge_it(journey);
}

/* ---- JUDGING ---- */

static int tell_languages(struct journey *journey, struct judge_evidence *evidence, struct arena *arena)
{
    struct language_share *shares;
    buf_auto text = buf_new(JOURNEY_MESSAGE_BYTES);
    int result = judge_message(&journey->change, &journey->reading, JOURNEY_MESSAGE_BYTES, &text);
    if (result == 0)
        result = languages_of(journey->tools->languages, buf_span(&text), arena, &shares,
                              &evidence->new_language_count);
    if (result < 0)
        return result;
    evidence->new_languages = shares;
    buf_clear(&text);
    for (size_t i = 0; i < journey->reading.block_count && text.size + 1 < JOURNEY_MESSAGE_BYTES; i++) {
        if (journey->reading.blocks[i].hidden)
            continue;
        buf_add_span(&text,
                     utf8_prefix(journey->reading.blocks[i].text, JOURNEY_MESSAGE_BYTES - 1 - text.size));
        buf_add_byte(&text, '\n');
    }
    result = languages_of(journey->tools->languages, buf_span(&text), arena, &shares,
                          &evidence->page_language_count);
    evidence->page_languages = shares;
    return result;
}

static int compare_and_tell(struct journey *journey, struct judge_evidence *evidence, struct arena *arena)
{
    int result = compare_reading(journey->baseline, &journey->reading, &journey->change);
    if (result < 0)
        return result;
    journey->has_change = true;
    evidence->reading = &journey->reading;
    evidence->change = &journey->change;
    evidence->baseline_languages = journey->baseline_languages;
    evidence->baseline_language_count = journey->baseline_language_count;
    return tell_languages(journey, evidence, arena);
}

static void judge_it(struct journey *journey)
{
    struct judge_evidence evidence = {.capture = &journey->capture};
    arena_auto arena = arena_new(1 << 20);
    journey->state = JOURNEY_JUDGING;
    int result = journey->has_reading ? compare_and_tell(journey, &evidence, &arena) : 0;
    if (result < 0) {
        journey->capture.outcome = OUTCOME_NO_MEMORY;
        evidence = (struct judge_evidence){.capture = &journey->capture};
    }
    if (judge_page(journey->tools->judge, &evidence, &journey->verdict) < 0)
        journey->verdict = (struct verdict){.kind = VERDICT_UNAVAILABLE, .cause = "no-memory"};
    arrive(journey);
}

/* ---- PICTURES ---- */

/* Joins the lines of one block of a picture's text, doubtful ones left out. */
static size_t join_lines(const struct picture_text *text, size_t from, struct buf *out,
                         uint32_t *ret_confidence)
{
    size_t at = from;
    uint64_t sum = 0, lines = 0;
    for (; at < text->line_count && text->lines[at].block == text->lines[from].block; at++) {
        if (text->lines[at].doubtful)
            continue;
        if (out->size)
            buf_add_byte(out, ' ');
        buf_add_span(out, text->lines[at].text);
        sum += text->lines[at].confidence;
        lines++;
    }
    *ret_confidence = lines ? (uint32_t)(sum / lines) : 0;
    return at;
}

static void add_block(struct reading *reading, size_t *room, const struct block *block)
{
    struct block *blocks =
        arena_grow(&reading->arena, reading->blocks, reading->block_count, room, sizeof(*blocks));
    if (!blocks)
        return;
    reading->blocks = blocks;
    reading->blocks[reading->block_count++] = *block;
}

static void add_picture_blocks(struct reading *reading, size_t *room, size_t index,
                               const struct picture_text *text)
{
    const struct picture_ref *picture = &reading->pictures[index];
    for (size_t from = 0; from < text->line_count;) {
        uint32_t confidence;
        buf_auto joined = buf_new(PICTURE_PACKED_BYTES);
        from = join_lines(text, from, &joined, &confidence);
        struct block block = {
            .text = arena_copy(&reading->arena, buf_span(&joined)),
            .origin = ORIGIN_IMAGE,
            .confidence = (uint16_t)confidence,
            .hidden = picture->hidden,
            .place = picture->place,
            .picture = (uint32_t)index,
        };
        if (block.text.size)
            add_block(reading, room, &block);
    }
}

static void note_picture(struct journey *journey, size_t index, size_t *room)
{
    struct picture_ref *picture = &journey->reading.pictures[index];
    struct picture_text text;
    if (!journey->picture_texts[index].at)
        return;
    if (picture_text_get(journey->picture_texts[index], &text)) {
        picture->outcome = text.outcome;
        picture->pixel_width = text.width;
        picture->pixel_height = text.height;
        picture->perceptual_hash = text.perceptual_hash;
        add_picture_blocks(&journey->reading, room, index, &text);
    }
    picture_text_free(&text);
}

static void one_picture_less(struct journey *journey)
{
    if (--journey->open > 0)
        return;
    size_t room = journey->reading.block_count;
    for (size_t i = 0; i < journey->reading.picture_count; i++)
        note_picture(journey, i, &room);
    judge_it(journey);
}

static void errand_done(struct errand *errand)
{
    struct journey *journey = errand->journey;
    free(errand);
    one_picture_less(journey);
}

/* Gives the text, or the outcome that says why there is none, to one page that shows the picture. */
static void settle(struct errand *errand, enum outcome outcome, struct span packed)
{
    struct journey *journey = errand->journey;
    journey->reading.pictures[errand->picture].outcome = outcome;
    if (outcome == OUTCOME_OK)
        journey->picture_texts[errand->picture] = arena_copy(&journey->reading.arena, packed);
    errand_done(errand);
}

static enum outcome judge_answer(const struct journey_tools *tools, const struct digest *digest,
                                 struct span packed)
{
    struct picture_text text;
    bool good = picture_text_get(packed, &text);
    if (good && text.outcome != OUTCOME_NO_MEMORY && !text.cut)
        picture_cache_put(tools->pictures, digest, packed, clock_wall_s());
    picture_text_free(&text);
    return good ? OUTCOME_OK : OUTCOME_HELPER_LIED;
}

static void on_picture_text(void *context, enum outcome outcome, struct message *answer)
{
    struct errand *errand = context;
    const struct journey_tools *tools = errand->journey->tools;
    struct digest digest = errand->journey->reading.pictures[errand->picture].digest;
    struct span packed = answer ? answer->payload : (struct span){NULL, 0};
    if (outcome == OUTCOME_OK)
        outcome = judge_answer(tools, &digest, packed);
    picture_cache_end(tools->pictures, &digest);
    while (errand) {
        struct errand *next = errand->next;
        settle(errand, outcome, packed);
        errand = next;
    }
}

static void read_picture(struct errand *errand, int fd)
{
    struct journey *journey = errand->journey;
    struct picture_ref *picture = &journey->reading.pictures[errand->picture];
    struct picture_order order = {.budget_ms = PICTURE_BUDGET_MS};
    struct span packed;
    picture->fetched = true;
    if (picture_cache_get(journey->tools->pictures, &picture->digest, &packed)) {
        settle(errand, OUTCOME_OK, packed);
        return;
    }
    struct errand *first = picture_cache_begin(journey->tools->pictures, &picture->digest, errand);
    if (first != errand) {
        errand->next = first->next;
        first->next = errand;
    } else if (helpers_picture(journey->tools->helpers, fd, &order, on_picture_text, errand) < 0) {
        on_picture_text(errand, OUTCOME_NO_MEMORY, NULL);
    }
}

static void on_picture(void *context, enum outcome outcome, struct message *answer)
{
    struct errand *errand = context;
    struct picture_ref *picture = &errand->journey->reading.pictures[errand->picture];
    struct capture capture = {.outcome = outcome};
    if (outcome == OUTCOME_OK && !capture_get(answer->payload, &capture))
        capture.outcome = OUTCOME_HELPER_LIED;
    picture->outcome = capture.outcome;
    if (capture.outcome == OUTCOME_OK && answer->fd_count == 1) {
        picture->digest = capture.body_digest;
        read_picture(errand, answer->fds[0]);
    } else {
        errand_done(errand);
    }
    capture_free(&capture);
}

static int fetch_picture(struct errand *errand)
{
    struct journey *journey = errand->journey;
    const struct picture_ref *picture = &journey->reading.pictures[errand->picture];
    struct fetch_order order = {
        .url = journey->capture.final_url.size ? journey->capture.final_url : journey->page->url,
        .base = journey->reading.base,
        .reference = picture->url,
        .user_agent = journey->tools->user_agent,
        .body_limit = FETCH_PICTURE_BYTES,
        .connect_ms = journey->tools->connect_ms,
        .total_ms = journey->tools->total_ms,
        .picture = true,
        .allow_private = journey->page->allow_private,
    };
    return helpers_fetch(journey->tools->helpers, &order, on_picture, errand);
}

/* A picture whose bytes are here already: written into the page, or beside its file. Takes the descriptor. */
static void use_picture(struct errand *errand, int fd)
{
    struct picture_ref *picture = &errand->journey->reading.pictures[errand->picture];
    struct span bytes;
    if (fd < 0 || memfile_map(fd, FETCH_PICTURE_BYTES, false, &bytes) < 0) {
        picture->outcome = OUTCOME_FILE;
        errand_done(errand);
    } else {
        digest_of(bytes, &picture->digest);
        memfile_unmap(bytes);
        read_picture(errand, fd);
    }
    if (fd >= 0)
        close(fd);
}

static void start_errand(struct journey *journey, size_t index)
{
    struct picture_ref *picture = &journey->reading.pictures[index];
    struct errand *errand = malloc(sizeof(*errand));
    if (!errand)
        return;
    *errand = (struct errand){.journey = journey, .picture = index};
    journey->open++;
    if (picture->kind == PICTURE_INLINE)
        use_picture(errand, memfile_new("picture", picture->bytes));
    else if (journey->file)
        use_picture(errand, local_picture_copy(journey->file->folder, picture->url, FETCH_PICTURE_BYTES));
    else if (fetch_picture(errand) < 0)
        errand_done(errand);
}

static bool is_worth_reading(const struct reading *reading, size_t index)
{
    const struct picture_ref *picture = &reading->pictures[index];
    if (picture->hidden || picture->kind == PICTURE_ICON || picture->kind == PICTURE_SOCIAL)
        return false;
    if ((picture->width && picture->width < JOURNEY_PICTURE_MIN) ||
        (picture->height && picture->height < JOURNEY_PICTURE_MIN / 2))
        return false;
    if (picture->kind == PICTURE_INLINE)
        return picture->bytes.size > 0;
    for (size_t i = 0; i < index; i++)
        if (span_equal(reading->pictures[i].url, picture->url) && reading->pictures[i].kind != PICTURE_INLINE)
            return false;
    return picture->url.size > 0;
}

static void look_at_pictures(struct journey *journey)
{
    struct reading *reading = &journey->reading;
    unsigned chosen = 0;
    journey->state = JOURNEY_PICTURES;
    journey->picture_texts = calloc(reading->picture_count + 1, sizeof(*journey->picture_texts));
    journey->open = 1; /* this loop itself, so that no early end of an errand ends the state */
    for (size_t i = 0; journey->picture_texts && journey->tools->read_pictures && i < reading->picture_count;
         i++) {
        if (chosen == JOURNEY_PICTURES_MAX || !is_worth_reading(reading, i))
            continue;
        chosen++;
        start_errand(journey, i);
    }
    one_picture_less(journey);
}

/* ---- READING ---- */

static void fetch_page(struct journey *journey, struct span reference);

static void on_reading(void *context, enum outcome outcome, struct message *answer)
{
    struct journey *journey = context;
    if (outcome == OUTCOME_OK && !reading_get(answer->payload, &journey->reading)) {
        reading_free(&journey->reading);
        outcome = OUTCOME_HELPER_LIED;
    }
    if (outcome == OUTCOME_OK)
        outcome = journey->reading.outcome;
    if (outcome != OUTCOME_OK) {
        give_up(journey, outcome);
        return;
    }
    if (journey->reading.refresh.size && !journey->file && journey->refreshes < JOURNEY_REFRESHES) {
        journey->refreshes++;
        fetch_page(journey, journey->reading.refresh);
        return;
    }
    journey->has_reading = true;
    look_at_pictures(journey);
}

static void read_it(struct journey *journey, int body)
{
    struct read_order order = {.content_type = journey->capture.content_type,
                               .url = journey->capture.final_url};
    journey->state = JOURNEY_READING;
    if (helpers_read(journey->tools->helpers, body, &order, on_reading, journey) < 0)
        give_up(journey, OUTCOME_NO_MEMORY);
}

/* ---- FETCHING ---- */

static void on_capture(void *context, enum outcome outcome, struct message *answer)
{
    struct journey *journey = context;
    capture_free(&journey->capture);
    if (outcome == OUTCOME_OK && !capture_get(answer->payload, &journey->capture)) {
        capture_free(&journey->capture);
        outcome = OUTCOME_HELPER_LIED;
    }
    if (outcome == OUTCOME_OK)
        outcome = journey->capture.outcome;
    int body = outcome == OUTCOME_OK ? message_take_fd(answer, 0) : -1;
    if (outcome == OUTCOME_OK && body < 0)
        outcome = OUTCOME_EMPTY;
    if (outcome == OUTCOME_OK)
        read_it(journey, body);
    else
        give_up(journey, outcome);
    if (body >= 0)
        close(body);
}

/* `reference` is where a meta refresh leads; empty for the page itself. */
static void fetch_page(struct journey *journey, struct span reference)
{
    struct fetch_order order = {
        .url = reference.size ? journey->capture.final_url : journey->page->url,
        .base = reference.size ? journey->reading.base : (struct span){NULL, 0},
        .reference = reference,
        .user_agent = journey->tools->user_agent,
        .body_limit = FETCH_PAGE_BYTES,
        .connect_ms = journey->tools->connect_ms,
        .total_ms = journey->tools->total_ms,
        .allow_private = journey->page->allow_private,
    };
    journey->state = JOURNEY_FETCHING;
    int result = helpers_fetch(journey->tools->helpers, &order, on_capture, journey);
    reading_free(&journey->reading);
    if (result < 0)
        give_up(journey, OUTCOME_NO_MEMORY);
}

int journey_start(const struct journey *start)
{
    struct journey *journey = calloc(1, sizeof(*journey));
    if (!journey)
        return -ENOMEM;
    journey->tools = start->tools;
    journey->page = start->page;
    journey->baseline = start->baseline;
    journey->baseline_languages = start->baseline_languages;
    journey->baseline_language_count = start->baseline_language_count;
    journey->done = start->done;
    journey->context = start->context;
    journey->started_us = clock_wall_us();
    journey->file = start->file;
    if (journey->file)
        read_it(journey, journey->file->body);
    else
        fetch_page(journey, (struct span){NULL, 0});
    return 0;
}
