/* See export_facts.h. */
#include "pipeline/evidence/export_facts.h"

#include "base/address.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "pipeline/evidence/markup.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TITLE_BYTES = 1000, TEXT_BYTES = 1 << 16 };

/* ---- names ---- */

/* Made once at random; whoever changes it makes every thing that was ever sent a new one. */
static const unsigned char own_space[16] = {0x6b, 0x1e, 0xd5, 0x0c, 0x3a, 0x77, 0x4f, 0x2e,
                                            0x9c, 0x41, 0x52, 0xd0, 0x8e, 0x1b, 0x7a, 0x93};

void export_uuid_in(const unsigned char space[16], struct span name, char ret_uuid[EXPORT_UUID])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    EVP_MD_CTX *sha1 = EVP_MD_CTX_new();
    if (sha1 && EVP_DigestInit_ex(sha1, EVP_sha1(), NULL) && EVP_DigestUpdate(sha1, space, 16) &&
        EVP_DigestUpdate(sha1, name.at, name.size))
        EVP_DigestFinal_ex(sha1, digest, NULL);
    EVP_MD_CTX_free(sha1);
    digest[6] = (unsigned char)((digest[6] & 0x0F) | 0x50);
    digest[8] = (unsigned char)((digest[8] & 0x3F) | 0x80);
    char *at = ret_uuid;
    for (size_t i = 0; i < 16; i++)
        at += sprintf(at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
}

void export_uuid(const struct export_facts *facts, struct span what, char ret_uuid[EXPORT_UUID])
{
    buf_auto name = buf_new(2 * TEXT_BYTES);
    const struct dossier *dossier = facts->dossier;
    buf_add_span(&name, dossier->instance);
    buf_add_format(&name, "/%lld/", (long long)dossier->incident);
    if (dossier->incident == 0 && facts->matter->campaign) /* one event, however often it is told */
        buf_add_format(&name, "c%lld", (long long)facts->matter->campaign);
    else if (dossier->incident == 0)
        buf_add_span(&name, facts->matter->id);
    buf_add_byte(&name, '/');
    buf_add_span(&name, what);
    export_uuid_in(own_space, buf_span(&name), ret_uuid);
}

/* ---- addresses ---- */

static void take_host(struct export_facts *facts, struct span authority)
{
    size_t at = span_find(authority, SPAN("@"), 0);
    if (at < authority.size)
        authority = span_cut(authority, at + 1, authority.size);
    bool v6 = span_starts(authority, SPAN("["));
    size_t end = span_find(authority, v6 ? SPAN("]") : SPAN(":"), 0);
    facts->host = span_cut(authority, v6 ? 1 : 0, end);
    struct span rest = span_cut(authority, v6 ? end + 1 : end, authority.size);
    for (size_t i = 1; i < rest.size && i < 6 && rest.at[i] >= '0' && rest.at[i] <= '9'; i++)
        facts->port = facts->port * 10 + (rest.at[i] - '0');
}

static void take_apart(struct export_facts *facts, struct span url)
{
    size_t mark = span_find(url, SPAN("://"), 0);
    if (mark >= url.size)
        return;
    struct span rest = span_cut(url, mark + 3, url.size);
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    facts->scheme = span_cut(url, 0, mark);
    facts->path = span_cut(rest, end, rest.size);
    take_host(facts, span_cut(rest, 0, end));
}

bool export_is_numeric(struct span host)
{
    char text[EXPORT_HOST_BYTES];
    if (host.size == 0 || host.size >= sizeof(text))
        return false;
    snprintf(text, sizeof(text), "%.*s", (int)host.size, host.at);
    return address_is_numeric(text);
}

static void find_host(struct export_facts *facts)
{
    take_apart(facts, facts->dossier->url);
    if (!export_ascii_host(facts->host, &facts->host_text)) { /* what was asked for in the end */
        facts->port = 0;
        buf_clear(&facts->host_text);
        take_apart(facts, facts->dossier->final_url);
        if (!export_ascii_host(facts->host, &facts->host_text))
            buf_clear(&facts->host_text);
    }
    facts->host = buf_span(&facts->host_text);
    facts->numeric = export_is_numeric(facts->host);
}

bool export_is_v6(struct span address)
{
    return span_find(address, SPAN(":"), 0) < address.size;
}

/* ---- words ---- */

void export_languages(const struct dossier *dossier, struct buf *out)
{
    for (size_t i = 0; i < dossier->language_count; i++)
        buf_add_format(out, "%s%s:%.2f", i ? "," : "", dossier->languages[i].language,
                       dossier->languages[i].share);
}

static void make_title(struct export_facts *facts)
{
    const struct dossier *dossier = facts->dossier;
    struct span name = dossier->name.size ? dossier->name : dossier->url;
    if (facts->matter->title.size) {
        buf_add_span(&facts->text, utf8_prefix(facts->matter->title, TITLE_BYTES));
    } else {
        buf_add_span(&facts->text, utf8_prefix(name, TITLE_BYTES / 2));
        buf_add_format(&facts->text, ": %s",
                       dossier->verdict < VERDICT_KIND_COUNT ? verdict_name(dossier->verdict) : "notice");
        if (dossier->language_count && dossier->verdict != VERDICT_UNAVAILABLE)
            buf_add_text(&facts->text, ", in ");
        for (size_t i = 0; i < dossier->language_count && dossier->verdict != VERDICT_UNAVAILABLE; i++)
            buf_add_format(&facts->text, "%s%s", i ? ", " : "",
                           language_name(dossier->languages[i].language, TONGUE_EN));
        export_add_end(facts, &facts->text);
    }
    facts->title = buf_span(&facts->text);
}

struct export_facts export_facts(const struct report_matter *matter)
{
    struct export_facts facts = {.matter = matter,
                                 .dossier = report_moment(matter),
                                 .text = buf_new(TEXT_BYTES),
                                 .host_text = buf_new(EXPORT_HOST_BYTES)};
    facts.message = utf8_prefix(facts.dossier->message, EXPORT_MESSAGE_BYTES);
    facts.address =
        export_is_numeric(facts.dossier->address) ? facts.dossier->address : (struct span){NULL, 0};
    find_host(&facts);
    export_take_course(&facts);
    make_title(&facts);
    return facts;
}

void export_facts_free(struct export_facts *facts)
{
    buf_free(&facts->text);
    buf_free(&facts->host_text);
}

void export_time(int64_t at_s, const char *end, char ret_text[40])
{
    time_t seconds = (time_t)at_s;
    struct tm parts = {0};
    char text[24];
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(ret_text, 40, "%s%s", text, end);
}

void export_set(json_t *object, const char *key, struct span text)
{
    if (text.size)
        json_object_set_new(object, key, json_writer_text(text));
}

bool export_picture(const struct export_facts *facts, const struct dossier_picture *picture, struct buf *out)
{
    const struct report_matter *matter = facts->matter;
    buf_auto png = buf_new(REPORT_PICTURE_BYTES);
    if (!matter->bytes || picture->file.size == 0 || !matter->bytes(matter->context, picture->file, &png) ||
        png.failed || png.size == 0)
        return false;
    markup_base64(out, buf_span(&png));
    return !out->failed;
}
