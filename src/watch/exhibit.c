/* See exhibit.h. */
#include "watch/exhibit.h"

#include "base/utf8.h"
#include "os/clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the dossier, part by part ---- */

/* Confidences and shares with three digits: more would only look exact. */
static json_t *share(double value)
{
    return json_real(round(value * 1000) / 1000);
}

static void set_text(json_t *object, const char *key, struct span text)
{
    if (text.size)
        json_object_set_new(object, key, result_string(text));
}

/* Text that a page may make as long as it likes. */
static void set_prefix(json_t *object, const char *key, struct span text)
{
    set_text(object, key, utf8_prefix(text, EXHIBIT_TEXT));
}

static void hex_of(const struct digest *digest, char ret_text[65])
{
    for (size_t i = 0; i < sizeof(digest->at); i++)
        snprintf(ret_text + 2 * i, 3, "%02x", digest->at[i]);
}

static json_t *page_of(const struct visit_end *end, const struct exhibit_page *about)
{
    json_t *object = json_pack("{s:o}", "url", result_string(end->page->url));
    set_text(object, "name", end->page->name);
    set_text(object, "group", about->group);
    set_text(object, "contact", about->contact);
    return object;
}

static json_t *spans_of(const struct languages *languages, struct span message, struct arena *arena)
{
    struct language_stretch *stretches;
    size_t count = 0;
    json_t *list = json_array();
    if (message.size == 0 || languages_stretches(languages, message, arena, &stretches, &count) < 0)
        return list;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:s, s:o}", "start", (json_int_t)stretches[i].start,
                                        "end", (json_int_t)stretches[i].end, "language",
                                        stretches[i].language, "confidence", share(stretches[i].confidence)));
    return list;
}

static const char *kind_name(enum change_kind kind)
{
    static const char *const names[] = {[CHANGE_KEPT] = "kept",
                                        [CHANGE_MOVED] = "moved",
                                        [CHANGE_NEW] = "new",
                                        [CHANGE_GONE] = "gone",
                                        [CHANGE_VOLATILE] = "volatile"};
    return names[kind];
}

/* A picture's place in the dossier's list, or 0. */
struct numbers {
    uint32_t *of; /* by index into reading.pictures; 0 for one that is not in the list */
};

/* What a block of a picture's text was read in: a comparison keeps the text, not where it stood. */
static uint32_t picture_of(const struct reading *reading, const struct numbers *numbers, struct span text)
{
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        if (block->origin == ORIGIN_IMAGE && block->picture < reading->picture_count &&
            (span_equal(block->text, text) || span_find(block->text, text, 0) < block->text.size))
            return numbers->of[block->picture];
    }
    return 0;
}

static json_t *block_of(const struct change_block *block, const struct reading *reading,
                        const struct numbers *numbers)
{
    json_t *object = json_pack("{s:s, s:o, s:s}", "kind", kind_name(block->kind), "text",
                               result_string(utf8_prefix(block->text, EXHIBIT_BLOCK)), "origin",
                               origin_name(block->origin));
    uint32_t picture = block->origin == ORIGIN_IMAGE && block->kind != CHANGE_GONE
                           ? picture_of(reading, numbers, block->text)
                           : 0;
    if (block->heading)
        json_object_set_new(object, "heading", json_integer(block->heading));
    if (block->fresh > 0)
        json_object_set_new(object, "fresh", share(block->fresh));
    if (picture)
        json_object_set_new(object, "picture", json_integer(picture));
    if (block->hidden)
        json_object_set_new(object, "hidden", json_true());
    return object;
}

static void add_blocks(json_t *dossier, const struct journey *journey, const struct numbers *numbers)
{
    json_t *list = json_array();
    size_t bytes = 0;
    bool cut = false;
    for (size_t i = 0; i < journey->change.block_count && bytes < EXHIBIT_BLOCK_BYTES; i++) {
        size_t size = journey->change.blocks[i].text.size;
        cut = cut || size > EXHIBIT_BLOCK;
        bytes += (size < EXHIBIT_BLOCK ? size : EXHIBIT_BLOCK) + 64;
        json_array_append_new(list, block_of(&journey->change.blocks[i], &journey->reading, numbers));
    }
    cut = cut || json_array_size(list) < journey->change.block_count;
    json_object_set_new(dossier, "blocks", list);
    if (cut)
        json_object_set_new(dossier, "blocks_cut", json_true());
}

static json_t *hosts_of(const struct host_list *hosts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < hosts->count && i < EXHIBIT_HOSTS; i++)
        json_array_append_new(list, result_string(hosts->at[i].host));
    return list;
}

static json_t *titles_of(const struct journey *journey)
{
    json_t *object = json_object();
    struct span now = journey->has_reading ? journey->reading.title : (struct span){NULL, 0};
    bool changed = journey->has_change && journey->change.title_changed;
    set_prefix(object, "before",
               changed                        ? journey->change.old_title
               : journey->change.has_baseline ? now
                                              : (struct span){NULL, 0});
    set_prefix(object, "after", changed ? journey->change.new_title : now);
    return object;
}

/* ---- pictures ---- */

static json_t *line_of(const struct picture_line *line)
{
    return json_pack("{s:o, s:[I,I,I,I], s:o, s:b, s:s}", "text", result_string(line->text), "box",
                     (json_int_t)line->x, (json_int_t)line->y, (json_int_t)line->width,
                     (json_int_t)line->height, "confidence", share(line->confidence / 1000.0), "doubtful",
                     line->doubtful, "language", line->language);
}

static void add_text(json_t *object, struct span packed, size_t *line_bytes)
{
    struct picture_text text;
    char hash[17];
    if (!packed.at)
        return;
    if (picture_text_get(packed, &text) && text.outcome == OUTCOME_OK) {
        json_t *lines = json_array();
        for (size_t i = 0; i < text.line_count && i < EXHIBIT_LINES && *line_bytes < EXHIBIT_LINE_BYTES;
             i++) {
            *line_bytes += text.lines[i].text.size + 64;
            json_array_append_new(lines, line_of(&text.lines[i]));
        }
        snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)text.perceptual_hash);
        json_object_set_new(object, "format", json_string(text.format));
        json_object_set_new(object, "width", json_integer(text.width));
        json_object_set_new(object, "height", json_integer(text.height));
        if (text.perceptual_hash)
            json_object_set_new(object, "perceptual_hash", json_string(hash));
        json_object_set_new(object, "lines", lines);
    }
    picture_text_free(&text);
}

static const struct page_picture_answer *answer_of(const struct journey *journey, size_t index)
{
    return index < journey->pictures.answer_count ? &journey->pictures.answers[index] : NULL;
}

static struct span url_of(const struct journey *journey, size_t index)
{
    const struct page_picture_answer *answer = answer_of(journey, index);
    return answer && answer->capture.final_url.size ? answer->capture.final_url
                                                    : journey->reading.pictures[index].url;
}

/* The body of an error page is no picture: its digest, told to allies, would join everybody who has that
 * server. */
static bool is_error_page(const struct page_picture_answer *answer)
{
    return answer && answer->capture.status != 0 && answer->capture.status / 100 != 2;
}

static json_t *picture_object(const struct journey *journey, size_t index, bool fresh, size_t *line_bytes)
{
    char digest[65];
    hex_of(&journey->reading.pictures[index].digest, digest);
    json_t *object = json_pack(
        "{s:o, s:b}", "url", result_string(utf8_prefix(url_of(journey, index), EXHIBIT_TEXT)), "new", fresh);
    if (!is_error_page(answer_of(journey, index)))
        json_object_set_new(object, "sha256", json_string(digest));
    add_text(object, journey->pictures.texts ? journey->pictures.texts[index] : (struct span){NULL, 0},
             line_bytes);
    return object;
}

/* One that cannot carry a message (a dot, a line) need not be shown. */
static bool is_worth_showing(const json_t *object)
{
    enum { SIDE = 48 };
    return json_integer_value(json_object_get(object, "width")) >= SIDE &&
           json_integer_value(json_object_get(object, "height")) >= SIDE / 2;
}

static void add_pictures(struct exhibit *exhibit, json_t *dossier, const struct journey *journey,
                         struct numbers *numbers)
{
    json_t *list = json_array();
    size_t line_bytes = 0;
    for (size_t i = 0; journey->has_reading && i < journey->reading.picture_count; i++) {
        const struct picture_ref *picture = &journey->reading.pictures[i];
        const struct page_picture_answer *answer = answer_of(journey, i);
        if (!picture->fetched || json_array_size(list) >= EXHIBIT_PICTURES)
            continue;
        bool fresh = !journey->baseline || !baseline_knows_picture(journey->baseline, &picture->digest);
        json_t *object = picture_object(journey, i, fresh, &line_bytes);
        if (fresh && answer && answer->bytes && is_worth_showing(object) &&
            exhibit->picture_count < EXHIBIT_COPIES)
            exhibit->pictures[exhibit->picture_count++] =
                (struct exhibit_picture){hoard_share(answer->bytes), json_array_size(list)};
        json_array_append_new(list, object);
        numbers->of[i] = (uint32_t)json_array_size(list);
    }
    json_object_set_new(dossier, "pictures", list);
}

/* ---- the server ---- */

static json_t *certificate_of(const struct capture *capture)
{
    char digest[65];
    hex_of(&capture->certificate, digest);
    json_t *object = json_pack("{s:s}", "sha256", digest), *chain = json_array();
    set_text(object, "subject", capture->subject);
    set_text(object, "issuer", capture->issuer);
    set_text(object, "from", capture->valid_from);
    set_text(object, "until", capture->valid_until);
    for (size_t i = 0; i < capture->chain_count; i++)
        json_array_append_new(chain, result_string(capture->chain[i]));
    json_object_set_new(object, "chain", chain);
    return object;
}

static json_t *server_of(const struct journey *journey)
{
    const struct capture *capture = &journey->capture;
    json_t *object = json_object();
    char digest[65];
    set_text(object, "content_type", capture->content_type);
    set_text(object, "server", capture->server);
    set_text(object, "etag", capture->etag);
    if (journey->body) {
        hex_of(hoard_digest(journey->body), digest);
        json_object_set_new(object, "body_sha256", json_string(digest));
        json_object_set_new(object, "body_bytes", json_integer((json_int_t)hoard_size(journey->body)));
    }
    if (capture->has_certificate)
        json_object_set_new(object, "certificate", certificate_of(capture));
    return object;
}

/* ---- together ---- */

static json_t *dossier_of(struct exhibit *exhibit, const struct visit_end *end,
                          const struct exhibit_page *about, const struct languages *languages)
{
    const struct journey *journey = end->journey;
    struct numbers numbers = {
        arena_alloc(&exhibit->arena, journey->reading.picture_count + 1, sizeof(*numbers.of))};
    char at[CLOCK_TEXT_SIZE];
    if (!numbers.of)
        return NULL;
    clock_text(exhibit->at_s, at);
    json_t *dossier = json_pack("{s:i, s:s, s:o, s:o, s:o, s:o}", "format", 1, "at", at, "page",
                                page_of(end, about), "result", result_json(&end->result), "spans",
                                spans_of(languages, journey->verdict.message, &exhibit->arena), "titles",
                                titles_of(journey));
    add_pictures(exhibit, dossier, journey, &numbers);
    add_blocks(dossier, journey, &numbers);
    json_object_set_new(dossier, "hosts",
                        json_pack("{s:o, s:o, s:o, s:o}", "links", hosts_of(&journey->change.new_links),
                                  "scripts", hosts_of(&journey->change.new_scripts), "frames",
                                  hosts_of(&journey->change.new_frames), "forms",
                                  hosts_of(&journey->change.new_forms)));
    json_object_set_new(dossier, "server", server_of(journey));
    return dossier;
}

/* ---- what came over the wire ---- */

static void copy_exchanges(struct exhibit *exhibit, const struct capture *capture, struct keep_answer *answer)
{
    struct arena *arena = &exhibit->arena;
    struct exchange *copies = arena_alloc(arena, capture->exchange_count, sizeof(*copies));
    for (size_t i = 0; copies && i < capture->exchange_count; i++) {
        copies[i] = capture->exchanges[i];
        copies[i].url = arena_copy(arena, copies[i].url);
        copies[i].address = arena_copy(arena, copies[i].address);
        copies[i].request = arena_copy(arena, copies[i].request);
        copies[i].response = arena_copy(arena, copies[i].response);
    }
    answer->exchanges = copies;
    answer->exchange_count = copies ? capture->exchange_count : 0;
}

static void add_answer(struct exhibit *exhibit, const struct capture *capture, struct hoarded *body)
{
    for (size_t i = 0; i < capture->exchange_count; i++)
        exhibit->head_bytes += capture->exchanges[i].request.size + capture->exchanges[i].response.size;
    if (capture->exchange_count == 0 || exhibit->head_bytes > EXHIBIT_HEADS)
        return;
    struct exhibit_answer *answer = &exhibit->answers[exhibit->answer_count++];
    answer->answer =
        (struct keep_answer){.url = arena_copy(&exhibit->arena, capture->url), .cut = capture->body_cut};
    copy_exchanges(exhibit, capture, &answer->answer);
    answer->body = hoard_share(body);
}

/* One that stood in the page itself is named by its content. */
static void add_inline(struct exhibit *exhibit, const struct journey *journey, size_t index,
                       struct hoarded *bytes)
{
    char name[96], type[32], digest[65];
    struct picture_text text = {.format = ""};
    struct span packed = journey->pictures.texts[index];
    if (packed.at)
        picture_text_get(packed, &text);
    hex_of(hoard_digest(bytes), digest);
    snprintf(name, sizeof(name), "urn:x-varta:sha256:%s", digest);
    snprintf(type, sizeof(type), text.format[0] ? "image/%s" : "application/octet-stream", text.format);
    picture_text_free(&text);
    struct exhibit_answer *answer = &exhibit->answers[exhibit->answer_count++];
    answer->answer = (struct keep_answer){.url = arena_copy(&exhibit->arena, span_of(name)),
                                          .type = arena_copy(&exhibit->arena, span_of(type))};
    answer->body = hoard_share(bytes);
}

static void add_answers(struct exhibit *exhibit, const struct journey *journey)
{
    const struct page_pictures *pictures = &journey->pictures;
    for (size_t i = 0; i < journey->refreshes && i < JOURNEY_REFRESHES; i++)
        add_answer(exhibit, &journey->legs[i].capture, journey->legs[i].body);
    add_answer(exhibit, &journey->capture, journey->body);
    for (size_t i = 0; i < pictures->answer_count && i < journey->reading.picture_count; i++) {
        if (!pictures->answers[i].bytes)
            continue;
        if (pictures->answers[i].capture.exchange_count)
            add_answer(exhibit, &pictures->answers[i].capture, pictures->answers[i].bytes);
        else
            add_inline(exhibit, journey, i, pictures->answers[i].bytes);
    }
}

/* Takes the object. */
static struct span text_of(struct exhibit *exhibit, json_t *object)
{
    char *text = object ? json_dumps(object, RESULT_JSON_FORMAT) : NULL;
    struct span copy = arena_copy(&exhibit->arena, span_of(text));
    free(text);
    json_decref(object);
    return copy;
}

int exhibit_new(const struct visit_end *end, const struct exhibit_page *page,
                const struct languages *languages, struct exhibit **ret_exhibit)
{
    const struct journey *journey = end->journey;
    struct exhibit *exhibit = calloc(1, sizeof(*exhibit));
    if (!exhibit)
        return -ENOMEM;
    exhibit->arena = arena_new(EXHIBIT_BYTES);
    exhibit->at_s = end->result.at_s;
    exhibit->verdict = journey->verdict.kind;
    exhibit->pictures = arena_alloc(&exhibit->arena, EXHIBIT_COPIES, sizeof(*exhibit->pictures));
    exhibit->answers = arena_alloc(&exhibit->arena, JOURNEY_REFRESHES + 1 + journey->pictures.answer_count,
                                   sizeof(*exhibit->answers));
    if (exhibit->pictures && exhibit->answers) {
        exhibit->dossier = text_of(exhibit, dossier_of(exhibit, end, page, languages));
        exhibit->result = text_of(exhibit, result_json(&end->result));
        add_answers(exhibit, journey);
    }
    if (exhibit->arena.failed || exhibit->dossier.size == 0) {
        exhibit_free(exhibit);
        return -ENOMEM;
    }
    *ret_exhibit = exhibit;
    return 0;
}

void exhibit_free(struct exhibit *exhibit)
{
    if (!exhibit)
        return;
    for (size_t i = 0; i < exhibit->answer_count; i++)
        hoard_release(exhibit->answers[i].body);
    for (size_t i = 0; i < exhibit->picture_count; i++)
        hoard_release(exhibit->pictures[i].bytes);
    arena_free(&exhibit->arena);
    free(exhibit);
}

size_t exhibit_size(const struct exhibit *exhibit)
{
    return exhibit->arena.used + sizeof(*exhibit);
}
