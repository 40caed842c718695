/* See mail_body.h. */
#include "pipeline/alert/mail_body.h"

#include "base/defang.h"
#include "base/safe_text.h"
#include "pipeline/alert/alert.h"

enum { LINE_CHARACTERS = 76 };

static void add_fact(struct buf *out, const char *name, struct span value)
{
    if (value.size == 0)
        return;
    buf_add_format(out, "%-11s ", name);
    safe_text_add_cut(out, value, MAIL_FACT_BYTES);
    buf_add_byte(out, '\n');
}

static void add_page(struct buf *out, const struct notice *notice)
{
    add_fact(out, "Page:", notice->url);
    add_fact(out, "Name:", notice->name);
    add_fact(out, "Group:", notice->group);
    add_fact(out, "Contact:", notice->contact);
}

static void add_look(struct buf *out, const struct notice *notice)
{
    if (notice->verdict < VERDICT_KIND_COUNT)
        add_fact(out, "Verdict:", span_of(verdict_name(notice->verdict)));
    add_fact(out, "Cause:", notice->cause);
    if (notice->score >= 0)
        buf_add_format(out, "%-11s %.3f\n", "Score:", notice->score);
    buf_auto languages = buf_new(1024);
    syslog_languages(notice, &languages);
    add_fact(out, "Languages:", buf_span(&languages));
    buf_auto led_to =
        buf_new(4 * MAIL_FACT_BYTES); /* the attacker's choice: no mail program makes it a link */
    if (!span_equal(notice->final_url, notice->url))
        defang_add(&led_to, span_cut(notice->final_url, 0, MAIL_FACT_BYTES));
    add_fact(out, "Led to:", buf_span(&led_to));
    add_fact(out, "Address:", notice->address);
}

static void add_incident(struct buf *out, const struct notice *notice)
{
    if (!notice->has_incident)
        return;
    buf_add_format(out, "%-11s %lld", "Incident:", (long long)notice->incident);
    if (notice->state.size)
        buf_add_text(out, ", ");
    safe_text_add_cut(out, notice->state, MAIL_FACT_BYTES);
    buf_add_byte(out, '\n');
    add_fact(out, "Opened:", notice->opened);
    add_fact(out, "Confirmed:", notice->confirmed);
}

static void add_words(struct buf *out, const struct notice *notice)
{
    if (notice->reason_count)
        buf_add_text(out, "\nWhy:\n");
    for (size_t i = 0; i < notice->reason_count; i++) {
        buf_add_text(out, "  - ");
        safe_text_add_cut(out, notice->reasons[i], MAIL_FACT_BYTES);
        buf_add_byte(out, '\n');
    }
    if (notice->message.size == 0)
        return;
    buf_add_text(out, "\nWhat stands there now:\n  ");
    safe_text_add_cut(out, notice->message, MAIL_QUOTE_BYTES);
    buf_add_byte(out, '\n');
}

static void add_campaign(struct buf *out, const struct notice *notice)
{
    if (!notice->has_campaign)
        return;
    buf_add_format(out, "%-11s %lld: %lld pages", "Campaign:", (long long)notice->campaign,
                   (long long)notice->pages);
    if (notice->domains)
        buf_add_format(out, " of %lld domains", (long long)notice->domains);
    buf_add_byte(out, '\n');
    add_fact(out, "Of kind:", notice->campaign_kind);
    add_fact(out, "First:", notice->first);
    if (notice->list_count)
        buf_add_byte(out, '\n');
    for (size_t i = 0; i < notice->list_count; i++) {
        const struct notice_page *page = &notice->list[i];
        const char *verdict = page->verdict < VERDICT_KIND_COUNT ? verdict_name(page->verdict) : "";
        buf_add_format(out, "  %-20.*s %-11s ", (int)page->at.size, page->at.size ? page->at.at : "",
                       verdict);
        safe_text_add_cut(out, page->url, MAIL_FACT_BYTES);
        if (page->name.size)
            buf_add_text(out, "  ");
        safe_text_add_cut(out, page->name, MAIL_FACT_BYTES);
        if (page->state.size)
            buf_add_text(out, ", ");
        safe_text_add_cut(out, page->state, MAIL_FACT_BYTES);
        buf_add_byte(out, '\n');
    }
    if (notice->left_out)
        buf_add_format(out, "  and %lld more\n", (long long)notice->left_out);
}

void mail_body(const struct notice *notice, struct buf *out)
{
    safe_text_add(out, notice->summary);
    buf_add_text(out, "\n\n");
    add_page(out, notice);
    add_look(out, notice);
    add_incident(out, notice);
    add_campaign(out, notice);
    add_words(out, notice);
    buf_add_text(out, "\n-- \n");
    buf_add_format(out, "%.*s %s, notice %.*s\n", (int)notice->at.size, notice->at.at,
                   notice_kind_name(notice->kind), (int)notice->id.size, notice->id.at);
    if (notice->has_incident)
        buf_add_format(out, "varta show %lld; varta ack %lld\n", (long long)notice->incident,
                       (long long)notice->incident);
}

/* ---- quoted-printable ---- */

static bool stands_for_itself(struct span text, size_t at)
{
    char c = text.at[at];
    bool last = at + 1 == text.size || text.at[at + 1] == '\n';
    return c == ' ' ? !last : c > ' ' && c < 0x7F && c != '=';
}

void mail_body_encode(struct span text, struct buf *out)
{
    size_t column = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (text.at[at] == '\n') {
            buf_add_text(out, "\r\n");
            column = 0;
            continue;
        }
        bool plain = stands_for_itself(text, at);
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_CHARACTERS - 1) {
            buf_add_text(out, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_add_byte(out, text.at[at]);
        else
            buf_add_format(out, "=%02X", (unsigned)(unsigned char)text.at[at]);
        column += width;
    }
}
