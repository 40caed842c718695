/* See page_pictures.h. */
#include "watch/page_pictures.h"

#include "os/clock.h"
#include "os/memfile.h"
#include "pipeline/fetch/fetch_limits.h"
#include "watch/digest.h"
#include "watch/journey.h"
#include "watch/local_file.h"
#include "watch/watch_limits.h"
#include "wire/records.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* One picture of one page on its way. Pages that show the same picture while it is being read wait for the
 * first one's answer. */
struct errand {
    struct journey *journey;
    size_t picture;
    bool plain;          /* not asked for as a browser does, which takes formats that are not read */
    struct errand *next; /* waiting for the same picture */
};

void page_pictures_free(struct page_pictures *pictures)
{
    for (size_t i = 0; i < pictures->answer_count; i++) {
        capture_free(&pictures->answers[i].capture);
        hoard_release(pictures->answers[i].bytes);
    }
    free(pictures->answers);
    free(pictures->texts);
    free(pictures->order);
    *pictures = (struct page_pictures){0};
}

/* ---- which, and in which order ---- */

static bool is_shown(const struct picture_ref *picture)
{
    if (picture->hidden || picture->kind == PICTURE_ICON || picture->kind == PICTURE_SOCIAL)
        return false;
    return picture->kind == PICTURE_INLINE ? picture->bytes.size > 0 : picture->url.size > 0;
}

/* By attribute or inline style. Only a hint for the order: a style sheet may make a picture of one pixel fill
 * the screen. */
static bool is_said_small(const struct picture_ref *picture)
{
    return (picture->width && picture->width < PICTURES_SIDE_MIN) ||
           (picture->height && picture->height < PICTURES_HEIGHT_MIN);
}

static int rank_of(const struct picture_ref *picture)
{
    if (picture->layer)
        return 0;
    return is_said_small(picture) ? 2 : 1;
}

static bool is_chosen(const struct page_pictures *pictures, const struct reading *reading, size_t index)
{
    const struct picture_ref *picture = &reading->pictures[index];
    if (picture->kind == PICTURE_INLINE)
        return false;
    for (size_t i = 0; i < pictures->count; i++) {
        const struct picture_ref *other = &reading->pictures[pictures->order[i]];
        if (other->kind != PICTURE_INLINE && span_equal(other->url, picture->url))
            return true;
    }
    return false;
}

/* Those over the whole page first, then those not said to be small, then the others; each address once. */
static void choose(struct page_pictures *pictures, const struct reading *reading)
{
    for (int rank = 0; rank <= 2; rank++)
        for (size_t i = 0; i < reading->picture_count; i++)
            if (is_shown(&reading->pictures[i]) && rank_of(&reading->pictures[i]) == rank &&
                !is_chosen(pictures, reading, i))
                pictures->order[pictures->count++] = (uint32_t)i;
}

/* ---- their text into the reading ---- */

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
        buf_auto joined = buf_new(PICTURES_PACKED_BYTES);
        from = join_lines(text, from, &joined, &confidence);
        struct block block = {
            .text = arena_copy(&reading->arena, buf_span(&joined)),
            .origin = ORIGIN_IMAGE,
            .confidence = (uint16_t)confidence,
            .hidden = picture->hidden,
            .layer = picture->layer,
            .place = picture->place,
            .picture = (uint32_t)index,
        };
        if (block.text.size)
            add_block(reading, room, &block);
    }
}

static void add_text(struct journey *journey, size_t index, size_t *room)
{
    struct picture_text text;
    if (!journey->pictures.texts[index].at)
        return;
    if (picture_text_get(journey->pictures.texts[index], &text)) {
        add_picture_blocks(&journey->reading, room, index, &text);
        journey->pictures.broken += text.damaged;
        journey->pictures.cut += text.cut;
    }
    picture_text_free(&text);
}

/* Our own helper failed, whoever made it: what the picture says is not known, and the person must be told. */
static bool is_lost(enum outcome outcome)
{
    return (outcome >= OUTCOME_HELPER_TIMEOUT && outcome <= OUTCOME_NO_MEMORY) || outcome == OUTCOME_NO_MODEL;
}

static void finish(struct journey *journey)
{
    struct page_pictures *pictures = &journey->pictures;
    size_t room = journey->reading.block_count;
    for (size_t i = 0; i < journey->reading.picture_count; i++) {
        add_text(journey, i, &room);
        pictures->lost += is_lost(journey->reading.pictures[i].outcome);
    }
    pictures->unseen = (unsigned)(pictures->count - pictures->next);
    pictures->took_ms = clock_steady_ms() - pictures->begun_ms;
    pictures->done(journey);
}

/* ---- one after the other ---- */

static void go_on(struct journey *journey);

static void errand_done(struct errand *errand)
{
    struct journey *journey = errand->journey;
    const struct picture_ref *picture = &journey->reading.pictures[errand->picture];
    bool tiny = picture->pixel_width &&
                (picture->pixel_width < PICTURES_SIDE_MIN || picture->pixel_height < PICTURES_HEIGHT_MIN);
    journey->pictures.carrying += picture->fetched && !tiny;
    journey->pictures.under_way--;
    free(errand);
    if (!journey->pictures.starting)
        go_on(journey);
}

/* Gives the text, or the outcome that says why there is none, to one page that shows the picture. */
static void settle(struct errand *errand, enum outcome outcome, struct span packed)
{
    struct journey *journey = errand->journey;
    struct picture_ref *picture = &journey->reading.pictures[errand->picture];
    struct picture_text text = {.outcome = outcome};
    if (outcome == OUTCOME_OK && picture_text_get(packed, &text))
        journey->pictures.texts[errand->picture] = arena_copy(&journey->reading.arena, packed);
    picture->outcome = text.outcome;
    picture->pixel_width = text.width;
    picture->pixel_height = text.height;
    picture->perceptual_hash = text.perceptual_hash;
    picture_text_free(&text);
    errand_done(errand);
}

static enum outcome judge_answer(const struct journey_tools *tools, const struct digest *digest,
                                 struct span packed)
{
    struct picture_text text;
    bool good = picture_text_get(packed, &text);
    if (good && !is_lost(text.outcome) && !text.cut)
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
    if (answer)
        answer->refused = outcome == OUTCOME_HELPER_LIED;
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
    struct picture_order order = {.budget_ms = PICTURES_BUDGET_MS, .background = journey->reading.background};
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
    } else if (helpers_picture(journey->tools->helpers, journey->manner.slow, journey->pictures.handed_in++,
                               fd, &order, on_picture_text, errand) < 0) {
        on_picture_text(errand, OUTCOME_NO_MEMORY, NULL);
    }
}

/* Holds what came as evidence. Takes the capture's content. */
static void record(struct errand *errand, struct capture *capture, int fd)
{
    struct journey *journey = errand->journey;
    struct page_pictures *pictures = &journey->pictures;
    if (errand->picture >= pictures->answer_count)
        return;
    struct page_picture_answer *kept = &pictures->answers[errand->picture];
    kept->capture = *capture;
    *capture = (struct capture){.outcome = capture->outcome};
    kept->bytes = hoard_hold(journey->tools->hoard, fd, &journey->reading.pictures[errand->picture].digest);
}

static int fetch_picture(struct errand *errand);

static bool is_for_browsers_only(const struct capture *capture)
{
    return span_find_nocase(capture->content_type, SPAN("avif"), 0) < capture->content_type.size;
}

static void on_picture(void *context, enum outcome outcome, struct message *answer)
{
    struct errand *errand = context;
    struct picture_ref *picture = &errand->journey->reading.pictures[errand->picture];
    struct capture capture = {.outcome = outcome};
    if (outcome == OUTCOME_OK && !capture_get(answer->payload, &capture)) {
        capture_free(&capture);
        capture = (struct capture){.outcome = OUTCOME_HELPER_LIED};
        answer->refused = true;
    }
    picture->outcome = capture.outcome;
    errand->journey->faces.fed |= cookie_jar_add(&errand->journey->cookies, capture.cookies);
    if (errand->journey->manner.browser && !errand->plain && is_for_browsers_only(&capture)) {
        errand->plain = true;
        if (fetch_picture(errand) == 0) {
            capture_free(&capture);
            return;
        }
    }
    if (capture.outcome == OUTCOME_OK && answer->fd_count == 1) {
        picture->digest = capture.body_digest;
        record(errand, &capture, answer->fds[0]);
        read_picture(errand, answer->fds[0]);
    } else {
        errand_done(errand);
    }
    capture_free(&capture);
}

static int64_t time_left(const struct page_pictures *pictures)
{
    return pictures->begun_ms + pictures->patience_ms - clock_steady_ms();
}

/* All pictures of a page share their time, so that many that drip cost no more than one. */
static uint32_t time_of(const struct journey *journey)
{
    int64_t left_ms = time_left(&journey->pictures);
    left_ms = left_ms < PICTURES_TIME_MIN_MS ? PICTURES_TIME_MIN_MS : left_ms;
    return left_ms < journey->tools->total_ms ? (uint32_t)left_ms : journey->tools->total_ms;
}

static int fetch_picture(struct errand *errand)
{
    struct journey *journey = errand->journey;
    const struct picture_ref *picture = &journey->reading.pictures[errand->picture];
    struct fetch_order order = {
        .url = journey->capture.final_url.size ? journey->capture.final_url : journey->page->url,
        .base = journey->reading.base,
        .reference = picture->url,
        .user_agent =
            journey->manner.user_agent.size ? journey->manner.user_agent : journey->tools->user_agent,
        .cookies = buf_span(&journey->cookies),
        .proxy = journey->manner.proxy,
        .browser = journey->manner.browser && !errand->plain,
        .body_limit = FETCH_PICTURE_BYTES,
        .connect_ms = journey->tools->connect_ms,
        .total_ms = time_of(journey),
        .picture = true,
        .allow_private = journey->page->allow_private,
        .record = journey->manner.record_pictures,
    };
    return helpers_fetch(journey->tools->helpers, journey->manner.slow, &order, on_picture, errand);
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
        record(errand, &(struct capture){0}, fd);
        read_picture(errand, fd);
    }
    if (fd >= 0)
        close(fd);
}

static void start_errand(struct journey *journey, size_t index)
{
    struct picture_ref *picture = &journey->reading.pictures[index];
    struct errand *errand = malloc(sizeof(*errand));
    if (!errand) {
        picture->outcome = OUTCOME_NO_MEMORY;
        return;
    }
    *errand = (struct errand){.journey = journey, .picture = index};
    journey->pictures.under_way++;
    if (picture->kind == PICTURE_INLINE) {
        use_picture(errand, memfile_new("picture", picture->bytes));
    } else if (journey->file) {
        use_picture(errand, local_picture_copy(journey->file->folder, picture->url, FETCH_PICTURE_BYTES));
    } else if (fetch_picture(errand) < 0) {
        picture->outcome = OUTCOME_NO_MEMORY;
        errand_done(errand);
    }
}

static bool wants_more(const struct page_pictures *pictures)
{
    return time_left(pictures) > PICTURES_TIME_MIN_MS && pictures->next < pictures->count &&
           pictures->next < PICTURES_FETCHED && pictures->under_way < PICTURES_AT_ONCE &&
           pictures->carrying + pictures->under_way < PICTURES_CARRYING;
}

/* Starts what may be started. An errand may end while it is being started: `starting` keeps that end from
 * coming back here. */
static void go_on(struct journey *journey)
{
    struct page_pictures *pictures = &journey->pictures;
    pictures->starting = true;
    while (wants_more(pictures))
        start_errand(journey, pictures->order[pictures->next++]);
    pictures->starting = false;
    if (pictures->under_way == 0)
        finish(journey);
}

void page_pictures_look(struct journey *journey, bool hurried, page_pictures_done_fn *done)
{
    struct page_pictures *pictures = &journey->pictures;
    size_t count = journey->reading.picture_count;
    page_pictures_free(pictures);
    pictures->done = done;
    pictures->begun_ms = clock_steady_ms();
    pictures->patience_ms = hurried ? PICTURES_HURRIED_MS : PICTURES_FETCHING_MS;
    pictures->texts = calloc(count + 1, sizeof(*pictures->texts));
    pictures->order = calloc(count + 1, sizeof(*pictures->order));
    if (!pictures->texts || !pictures->order) {
        pictures->lost = (unsigned)count;
        done(journey);
        return;
    }
    if (journey->manner.record_pictures && journey->tools->hoard)
        pictures->answers = calloc(count + 1, sizeof(*pictures->answers));
    pictures->answer_count = pictures->answers ? count : 0;
    if (journey->tools->read_pictures && !journey->manner.blind)
        choose(pictures, &journey->reading);
    go_on(journey);
}
