/*
 * A notice in, every form of it out. What begins with a brace is taken as JSON; of anything else the first
 * byte is the kind and the rest stands in every member that holds text, as a page's words would. What is
 * taken must come out with no line, header, field or record of the attacker's; what is refused must say why.
 */
#include "base/utf8.h"
#include "renderings.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns true when the notice was taken. */
static bool look_at(struct span json)
{
    struct notice notice;
    const char *why = NULL;
    int result = notice_parse(json, &notice, &why);
    if (result == -EBADMSG && !why)
        abort();
    if (result < 0)
        return false;
    const char *fault = renderings_fault(&notice);
    if (fault) {
        fprintf(stderr, "%s\n", fault);
        abort();
    }
    notice_free(&notice);
    return true;
}

static json_t *page_of(struct span text)
{
    return json_pack("{s:s%, s:s%, s:s%, s:s%}", "url", text.at, text.size, "name", text.at, text.size,
                     "group", text.at, text.size, "contact", text.at, text.size);
}

static json_t *notice_of(enum notice_kind kind, struct span text)
{
    json_t *incident = json_pack("{s:i, s:s, s:s%, s:s%}", "id", 17, "verdict", "defaced", "state", text.at,
                                 text.size, "cause", text.at, text.size);
    json_t *result =
        json_pack("{s:s, s:s%, s:s%, s:[{s:s%}], s:{s:s%, s:s%}}", "verdict", "replaced", "message", text.at,
                  text.size, "origin", text.at, text.size, "reasons", "text", text.at, text.size, "http",
                  "address", text.at, text.size, "final_url", text.at, text.size);
    json_t *campaign = json_pack("{s:i, s:i, s:s%, s:[o, o]}", "id", 3, "pages", 2, "kind", text.at,
                                 text.size, "list", page_of(text), page_of(text));
    return json_pack("{s:s, s:s, s:s, s:s, s:s%, s:o, s:o, s:o, s:o}", "id", "v1-1", "kind",
                     notice_kind_name(kind), "at", "2022-01-14T02:13:05Z", "severity", "critical", "summary",
                     text.at, text.size, "incident", incident, "page", page_of(text), "result", result,
                     "campaign", campaign);
}

static void fuzz_text(enum notice_kind kind, struct span bytes)
{
    struct buf text = buf_new(1 << 16);
    utf8_add_clean(&text, span_cut(bytes, 0, 3000));
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == '\0')
            text.at[i] = ' ';
    json_t *notice = text.size && !text.failed ? notice_of(kind, buf_span(&text)) : NULL;
    char *json = notice ? json_dumps(notice, 0) : NULL;
    if (json && !look_at(span_of(json)) && strlen(json) <= NOTICE_BYTES)
        abort(); /* no text may make a notice of the right form one of a wrong form */
    free(json);
    json_decref(notice);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    if (size > 1 && data[0] != '{')
        fuzz_text((enum notice_kind)(data[0] % NOTICE_KIND_COUNT), span_cut(bytes, 1, size));
    else
        look_at(bytes);
    return 0;
}
