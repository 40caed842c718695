/* Writing results; see result.h. */
#include "watch/result.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "os/clock.h"
#include "pipeline/alert/alert.h"
#include "watch/digest.h"

#include <math.h>
#include <stdio.h>

json_t *result_string(struct span text)
{
    bool plain = text.size == 0 || !memchr(text.at, '\0', text.size); /* no reader of ours takes \u0000 */
    json_t *string = plain ? json_stringn(text.size ? text.at : "", text.size) : NULL;
    if (string)
        return string;
    buf_auto clean = buf_new(text.size * 3 + 1);
    utf8_add_clean(&clean, text);
    return clean.failed ? NULL : json_stringn(clean.at, clean.size);
}

/* Three digits are what a share means; more would only look exact. */
static json_t *share(double value)
{
    return json_real(round(value * 1000) / 1000);
}

static json_t *languages(const struct verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->language_count; i++) {
        const struct language_share *one = &verdict->languages[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "language", one->language, "share",
                                              share(one->share), "confidence", share(one->confidence)));
    }
    return list;
}

static json_t *reasons(const struct verdict *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < verdict->reason_count; i++) {
        const struct reason *one = &verdict->reasons[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "code", one->code, "text",
                                              result_string(one->text), "weight", share(one->weight)));
    }
    return list;
}

static json_t *change(const struct change *change)
{
    return json_pack("{s:o, s:o, s:o}", "kept", share(change->kept), "new", share(change->fresh), "structure",
                     share(change->structure));
}

static json_t *redirects(const struct capture *capture)
{
    json_t *list = json_array();
    for (size_t i = 0; i < capture->hop_count; i++)
        json_array_append_new(list, json_pack("{s:i, s:o}", "status", (int)capture->hops[i].status, "from",
                                              result_string(capture->hops[i].from)));
    return list;
}

static json_t *http(const struct capture *capture)
{
    json_t *object = json_pack("{s:i, s:o, s:o}", "status", (int)capture->status, "final_url",
                               result_string(capture->final_url), "address", result_string(capture->address));
    if (capture->hop_count)
        json_object_set_new(object, "redirects", redirects(capture));
    if (capture->outcome != OUTCOME_OK)
        json_object_set_new(object, "outcome", json_string(outcome_name(capture->outcome)));
    if (capture->detail.size)
        json_object_set_new(object, "detail", result_string(capture->detail));
    return object;
}

static json_t *baseline(const struct result *result)
{
    char at[CLOCK_TEXT_SIZE];
    clock_text(result->baseline_at_s, at);
    return json_pack("{s:s, s:i}", "at", at, "versions", (int)result->baseline_versions);
}

static json_t *notes(const struct result *result)
{
    json_t *list = json_array();
    if (result->capture && result->capture->body_cut)
        json_array_append_new(list, json_sprintf("the body was cut after %llu bytes",
                                                 (unsigned long long)result->capture->body_size));
    if (result->reading && result->reading->cut_what.size)
        json_array_append_new(list, result_string(result->reading->cut_what));
    if (result->pictures_lost)
        json_array_append_new(list, json_sprintf("%u pictures could not be read", result->pictures_lost));
    if (result->pictures_unseen)
        json_array_append_new(
            list, json_sprintf("%u further pictures were not looked at", result->pictures_unseen));
    if (result->pictures_broken)
        json_array_append_new(
            list, json_sprintf("%u pictures break off or are damaged: what could be decoded of them was read",
                               result->pictures_broken));
    if (result->pictures_cut)
        json_array_append_new(list,
                              json_sprintf("%u pictures were not read to their end", result->pictures_cut));
    return list;
}

json_t *result_json(const struct result *result)
{
    char at[CLOCK_TEXT_SIZE];
    const struct verdict *verdict = result->verdict;
    clock_text(result->at_s, at);
    json_t *object =
        json_pack("{s:o, s:s, s:s, s:o}", result->is_file ? "file" : "url", result_string(result->url), "at",
                  at, "verdict", verdict_name(verdict->kind), "score", share(verdict->score));
    if (!object)
        return NULL;
    if (result->label.size)
        json_object_set_new(object, "label", result_string(result->label));
    if (result->name.size)
        json_object_set_new(object, "name", result_string(result->name));
    if (verdict->cause[0])
        json_object_set_new(object, "cause", json_string(verdict->cause));
    json_object_set_new(object, "languages", languages(verdict));
    json_object_set_new(object, "reasons", reasons(verdict));
    if (verdict->message.size) {
        struct span message =
            result->brief ? utf8_prefix(verdict->message, RESULT_BRIEF_BYTES) : verdict->message;
        json_object_set_new(object, "message", result_string(message));
        json_object_set_new(object, "origin", json_string(origin_name(verdict->message_origin)));
    }
    if (result->change && result->change->has_baseline)
        json_object_set_new(object, "change", change(result->change));
    if (result->capture)
        json_object_set_new(object, "http", http(result->capture));
    if (result->baseline_versions)
        json_object_set_new(object, "baseline", baseline(result));
    json_t *noted = notes(result);
    if (json_array_size(noted))
        json_object_set(object, "notes", noted);
    json_decref(noted);
    return object;
}

char *result_line(const struct result *result)
{
    json_t *object = result_json(result);
    char *line = object ? json_dumps(object, RESULT_JSON_FORMAT) : NULL;
    json_decref(object);
    return line;
}

/* ---- all that a page says ---- */

static void add_hosts(struct buf *text, const struct host_list *hosts)
{
    for (size_t i = 0; i < hosts->count; i++) {
        buf_add_span(text, hosts->at[i].host);
        buf_add_byte(text, '\n');
    }
    buf_add_byte(text, '\0');
}

static bool digest_text(const struct reading *reading, char ret_hex[RESULT_TEXT_BYTES])
{
    struct digest digest;
    buf_auto text = buf_new(RESULT_TEXT_CEILING);
    for (size_t i = 0; i < reading->block_count; i++) {
        buf_add_span(&text, reading->blocks[i].text);
        buf_add_byte(&text, '\0');
    }
    add_hosts(&text, &reading->scripts);
    add_hosts(&text, &reading->frames);
    add_hosts(&text, &reading->forms);
    digest_of(buf_span(&text), &digest);
    for (size_t i = 0; i < (RESULT_TEXT_BYTES - 1) / 2; i++)
        snprintf(ret_hex + 2 * i, 3, "%02x", digest.at[i]);
    return !text.failed;
}

char *result_line_kept(const struct result *result)
{
    struct result kept = *result;
    char text[RESULT_TEXT_BYTES];
    kept.brief = !incident_is_bad(result->verdict->kind);
    json_t *object = result_json(&kept);
    if (object && result->reading && digest_text(result->reading, text))
        json_object_set_new(object, "text", json_string(text));
    char *line = object ? json_dumps(object, RESULT_JSON_FORMAT) : NULL;
    json_decref(object);
    return line;
}
