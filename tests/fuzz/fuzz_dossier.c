/*
 * A dossier in; every report and export out. What begins with a brace is taken as JSON; anything else stands
 * in every member that holds text, as a page's words would. What is taken must come out with nothing that
 * steers, no markup of the attacker's and no address as a link; what is refused must say why.
 */
#include "base/utf8.h"
#include "pipeline/evidence/exports.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition, const char *rule)
{
    if (condition)
        return;
    fprintf(stderr, "%s\n", rule);
    abort();
}

static bool is_steady(struct span text)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t character = utf8_next(text, &at);
        if (character != '\n' && utf8_is_steering(character))
            return false;
    }
    return utf8_valid(text);
}

/* Every '<' begins one of our elements: none of them is a script, a link or a frame. */
static bool is_tame(struct span html)
{
    static const char *const wild[] = {"<script", "<a ", "<iframe", "<base", "<link", "<object", "<form"};
    for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++)
        if (span_find_nocase(html, span_of(wild[i]), 0) < html.size)
            return false;
    return true;
}

static void check_reports(const struct report_matter *matter)
{
    for (unsigned tongue = 0; tongue < TONGUE_COUNT; tongue++) {
        struct buf html = buf_new(REPORT_BYTES), text = buf_new(REPORT_BYTES);
        report_html(matter, (enum tongue)tongue, &html);
        report_text(matter, (enum tongue)tongue, 80, false, &text);
        demand(html.failed || is_steady(buf_span(&html)), "html: steering");
        demand(is_tame(buf_span(&html)), "html: an element of somebody's");
        demand(text.failed || is_steady(buf_span(&text)), "text: steering");
        buf_free(&html);
        buf_free(&text);
    }
}

static void check_exports(const struct report_matter *matter)
{
    for (unsigned form = 0; form < EXPORT_COUNT; form++) {
        struct buf out = buf_new(EXPORT_BYTES);
        export_put((enum export_form)form, matter, &out);
        demand(!out.failed && is_steady(buf_span(&out)), "export: failed or steering");
        if (form == EXPORT_CEF) {
            demand(span_find(buf_span(&out), SPAN("\n"), 0) == out.size - 1, "cef: lines");
        } else {
            json_t *again = json_loadb(out.at, out.size, JSON_REJECT_DUPLICATES, NULL);
            demand(again != NULL, "export: no JSON");
            json_decref(again);
        }
        buf_free(&out);
    }
}

/* Returns true when the dossier was taken. */
static bool look_at(struct span json)
{
    struct dossier dossier;
    const char *why = NULL;
    int result = dossier_parse(json, &dossier, &why);
    demand(result != -EBADMSG || why, "refused without a word");
    if (result < 0)
        return false;
    struct report_matter matter = {.moments = &dossier, .moment_count = 1, .made_s = 1642126385};
    check_reports(&matter);
    check_exports(&matter);
    dossier_free(&dossier);
    return true;
}

static json_t *text_of(struct span text)
{
    return json_stringn(text.at, text.size);
}

static json_t *dossier_of(struct span text)
{
    json_t *result = json_pack("{s:s, s:o, s:o, s:[{s:o, s:o, s:f}], s:{s:o, s:o, s:i}}", "verdict",
                               "defaced", "message", text_of(text), "cause", text_of(text), "reasons", "code",
                               text_of(text), "text", text_of(text), "weight", 1.0, "http", "final_url",
                               text_of(text), "address", text_of(text), "status", 200);
    json_t *picture =
        json_pack("{s:o, s:b, s:[{s:o, s:[i,i,i,i]}], s:{s:o}}", "url", text_of(text), "new", 1, "lines",
                  "text", text_of(text), "box", 1, 2, 3, 4, "metadata", "comment", text_of(text));
    return json_pack("{s:i, s:i, s:s, s:s, s:{s:o, s:o}, s:o, s:[{s:s, s:o}, {s:s, s:o}], s:{s:[o]}, s:[o], "
                     "s:{s:o}}",
                     "format", 1, "incident", 17, "moment", "confirmed", "at", "2022-01-14T02:13:05Z", "page",
                     "url", text_of(text), "name", text_of(text), "result", result, "blocks", "kind", "new",
                     "text", text_of(text), "kind", "gone", "text", text_of(text), "hosts", "links",
                     text_of(text), "pictures", picture, "server", "server", text_of(text));
}

static void fuzz_text(struct span bytes)
{
    struct buf text = buf_new(1 << 16);
    utf8_add_clean(&text, span_cut(bytes, 0, 3000));
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == '\0')
            text.at[i] = ' ';
    json_t *dossier = text.size && !text.failed ? dossier_of(buf_span(&text)) : NULL;
    char *json = dossier ? json_dumps(dossier, 0) : NULL;
    demand(!json || look_at(span_of(json)),
           "no text may make a dossier of the right form one of a wrong form");
    free(json);
    json_decref(dossier);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    if (size && data[0] != '{')
        fuzz_text(bytes);
    else
        look_at(bytes);
    return 0;
}
