/* See plain_notice.h. */
#include "watch/plain_notice.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "os/clock.h"
#include "pipeline/alert/alert.h"

#include <errno.h>
#include <stdlib.h>

enum { SUMMARY_BYTES = 4000, MESSAGE_BYTES = 4000 };

static json_t *head(const char *id, enum notice_kind kind, int64_t at_us, enum urgency urgency,
                    struct span summary)
{
    char at[CLOCK_TEXT_SIZE];
    clock_text_us(at_us, at);
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", id, "kind", notice_kind_name(kind), "at", at,
                     "severity", urgency_name(urgency), "summary", result_string(summary));
}

static json_t *summarize(const struct result *result, const char *id, int64_t at_us)
{
    struct alert alert = {result->url, result->name, result->capture, result->verdict, at_us};
    buf_auto sentence = buf_new(1 << 20);
    alert_sentence(&alert, &sentence);
    return head(id, NOTICE_RESULT, at_us, alert_urgency(result->verdict->kind),
                utf8_prefix(buf_span(&sentence), SUMMARY_BYTES));
}

static json_t *look(const struct result *result)
{
    json_t *object = result_json(result);
    struct span message = result->verdict->message;
    if (message.size > MESSAGE_BYTES)
        json_object_set_new(object, "message", result_string(utf8_prefix(message, MESSAGE_BYTES)));
    return object;
}

static json_t *about(const struct result *result)
{
    json_t *page = json_pack("{s:o}", "url", result_string(result->url));
    if (result->name.size)
        json_object_set_new(page, "name", result_string(result->name));
    return page;
}

/* Appends the notice when it is short enough. */
static int try_dump(const json_t *notice, struct buf *out)
{
    char *text = json_dumps(notice, RESULT_JSON_FORMAT);
    if (!text)
        return -ENOMEM;
    int result = strlen(text) > NOTICE_BYTES ? -EMSGSIZE : buf_add_text(out, text) ? 0 : -ENOMEM;
    free(text);
    return result;
}

int plain_notice_result(const struct result *result, int64_t at_us, struct buf *out)
{
    static const char *const spared[] = {NULL, "notes", "http", "url", "message", "reasons"};
    char id[NOTICE_ID_BYTES];
    snprintf(id, sizeof(id), "check-%016llx-%lld", (unsigned long long)hash_span(result->url),
             (long long)result->at_s);
    json_t *notice = summarize(result, id, at_us);
    json_t *seen = look(result);
    json_object_set_new(notice, "page", about(result));
    json_object_set(notice, "result", seen);
    int tried = notice && seen ? -EMSGSIZE : -ENOMEM;
    for (size_t i = 0; tried == -EMSGSIZE && i < sizeof(spared) / sizeof(spared[0]); i++) {
        if (spared[i])
            json_object_del(seen, spared[i]);
        tried = try_dump(notice, out);
    }
    json_decref(seen);
    json_decref(notice);
    return tried;
}

int plain_notice_test(struct span host, int64_t at_us, struct buf *out)
{
    char id[NOTICE_ID_BYTES];
    buf_auto summary = buf_new(1024);
    snprintf(id, sizeof(id), "test-%lld", (long long)at_us);
    buf_add_text(&summary, "varta on ");
    alert_clean(&summary, utf8_prefix(host, 255));
    buf_add_text(&summary, " tries this way: no page is meant, nothing is to be done");
    json_t *notice = head(id, NOTICE_TEST, at_us, URGENCY_INFO, buf_span(&summary));
    int result = notice ? try_dump(notice, out) : -ENOMEM;
    json_decref(notice);
    return result;
}
