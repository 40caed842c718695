/*
 * The header of a mail. A line end from a page would begin a header of the attacker's, so text enters only as
 * encoded words or as addresses of a strict form. Mails of one incident, and of one campaign, refer to one
 * identifier that no mail has, and so stand together in every mail program.
 */
#include "base/safe_text.h"
#include "base/utf8.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/mail_body.h"

#include <time.h>

enum {
    ADDRESS_BYTES = 254, /* RFC 5321, 4.5.3.1.3, less the brackets */
    WORD_BYTES =
        42, /* of text in an encoded word: 56 in base64, 68 with what is around, below the 75 allowed */
};

/* ---- addresses ---- */

bool mail_address(struct span text, struct span *ret_address)
{
    struct span address = span_trim(text);
    size_t open = span_find(address, SPAN("<"), 0);
    if (open < address.size && address.at[address.size - 1] == '>')
        address = span_cut(address, open + 1, address.size - 1);
    size_t marks = 0;
    for (size_t i = 0; i < address.size; i++) {
        char c = address.at[i];
        if (c <= ' ' || c >= 0x7F || strchr("()<>[],;:\\\"", c))
            return false;
        marks += c == '@';
    }
    size_t at = span_find(address, SPAN("@"), 0);
    if (marks != 1 || at == 0 || at + 1 == address.size || address.size > ADDRESS_BYTES)
        return false;
    *ret_address = address;
    return true;
}

static size_t add_recipient(struct span text, struct span *to, size_t count)
{
    struct span address;
    if (count == MAIL_RECIPIENTS || !mail_address(text, &address))
        return count;
    for (size_t i = 0; i < count; i++)
        if (span_equal_nocase(to[i], address))
            return count;
    to[count] = address;
    return count + 1;
}

/* A contact may be several addresses, or a telephone number among them. */
static size_t add_contacts(struct span contacts, struct span *to, size_t count)
{
    struct span one;
    while (span_next(&contacts, ',', &one))
        count = add_recipient(one, to, count);
    return count;
}

size_t mail_recipients(const struct sink_order *order, const struct notice *notice,
                       struct span ret_to[MAIL_RECIPIENTS])
{
    size_t count = 0;
    for (size_t i = 0; i < order->to_count; i++)
        count = add_recipient(order->to[i], ret_to, count);
    if (order->to_count == 0)
        count = add_contacts(notice->contact, ret_to, count);
    for (size_t i = 0; order->to_count == 0 && i < notice->list_count; i++)
        count = add_contacts(notice->list[i].contact, ret_to, count);
    return count ? count : add_recipient(order->from, ret_to, 0);
}

/* ---- subject ---- */

static const char *const heads[NOTICE_KIND_COUNT] = {
    [NOTICE_WORSE] = "worse, now ",
    [NOTICE_RECOVERED] = "recovered",
    [NOTICE_ESCALATED] = "not acknowledged, ",
    [NOTICE_FLAPPING] = "comes and goes",
    [NOTICE_ACCEPTED] = "accepted",
    [NOTICE_CAMPAIGN] = "campaign",
    [NOTICE_CAMPAIGN_GREW] = "campaign grew",
    [NOTICE_CAMPAIGN_EASED] = "campaign eases",
    [NOTICE_CAMPAIGN_OVER] = "campaign over",
    [NOTICE_SELF] = "varta itself",
    [NOTICE_TEST] = "test",
};

static bool names_verdict(enum notice_kind kind)
{
    return kind == NOTICE_CONFIRMED || kind == NOTICE_WORSE || kind == NOTICE_ESCALATED ||
           kind == NOTICE_RESULT;
}

static void add_topic(const struct notice *notice, struct buf *out)
{
    buf_add_text(out, "[varta] ");
    if (heads[notice->kind])
        buf_add_text(out, heads[notice->kind]);
    if (names_verdict(notice->kind) && notice->verdict < VERDICT_KIND_COUNT)
        buf_add_text(out, verdict_name(notice->verdict));
    buf_add_text(out, ": ");
    bool many = notice->kind >= NOTICE_CAMPAIGN && notice->kind <= NOTICE_CAMPAIGN_OVER;
    if (many || !notice->has_page)
        safe_text_add_cut(out, notice->summary, MAIL_SUBJECT_BYTES);
    else
        safe_text_add_cut(out, notice->name.size ? notice->name : notice->url, MAIL_SUBJECT_BYTES);
}

static void add_base64(struct span bytes, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        unsigned long group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < bytes.size ? (unsigned char)bytes.at[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            buf_add_byte(out, i + k > bytes.size ? '=' : digits[group >> (18 - 6 * k) & 63]);
    }
}

/* Encoded words always: what may stand as it is, and what only looks so, need not be told apart. */
static void add_subject(const struct notice *notice, struct buf *out)
{
    buf_auto topic = buf_new(4 * MAIL_SUBJECT_BYTES);
    add_topic(notice, &topic);
    struct span rest = buf_span(&topic);
    buf_add_text(out, "Subject:");
    while (rest.size) {
        struct span word = utf8_prefix(rest, WORD_BYTES);
        buf_add_text(out, " =?UTF-8?B?");
        add_base64(word, out);
        rest = span_cut(rest, word.size, rest.size);
        buf_add_text(out, rest.size ? "?=\r\n" : "?=");
    }
    buf_add_text(out, "\r\n");
}

/* ---- identifiers ---- */

static void add_plain(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        buf_add_byte(out, plain ? c : '-');
    }
}

/* The time is in it because numbers begin anew with a new store. */
static void add_thread(struct buf *out, const char *what, int64_t number, struct span since,
                       struct span domain)
{
    buf_add_format(out, " <%s-%lld-", what, (long long)number);
    add_plain(out, since);
    buf_add_byte(out, '@');
    buf_add_span(out, domain);
    buf_add_byte(out, '>');
}

static void add_threads(const struct notice *notice, struct span domain, struct buf *out)
{
    if (notice->has_campaign)
        add_thread(out, "campaign", notice->campaign, notice->first, domain);
    if (notice->has_campaign && notice->has_incident)
        buf_add_text(out, "\r\n");
    if (notice->has_incident)
        add_thread(out, "incident", notice->incident, notice->opened, domain);
}

static void add_identifiers(const struct notice *notice, struct span domain, struct buf *out)
{
    buf_add_text(out, "Message-ID: <");
    add_plain(out, notice->id);
    buf_add_byte(out, '@');
    buf_add_span(out, domain);
    buf_add_text(out, ">\r\n");
    if (!notice->has_incident && !notice->has_campaign)
        return;
    buf_add_text(out, "References:");
    add_threads(notice, domain, out);
    buf_add_text(out, "\r\n");
}

/* ---- the whole ---- */

static void add_date(int64_t at_s, struct buf *out)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = at_s;
    struct tm parts;
    gmtime_r(&at, &parts);
    buf_add_format(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[parts.tm_wday], parts.tm_mday,
                   months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static void add_people(const struct mail_people *people, struct buf *out)
{
    buf_add_format(out, "From: varta <%.*s>\r\nTo:", (int)people->from.size, people->from.at);
    for (size_t i = 0; i < people->to_count; i++)
        buf_add_format(out, "%s <%.*s>", i ? ",\r\n" : "", (int)people->to[i].size, people->to[i].at);
    buf_add_text(out, "\r\n");
}

void mail_text(const struct notice *notice, const struct mail_people *people, struct buf *out)
{
    size_t at = span_find(people->from, SPAN("@"), 0);
    struct span domain = span_cut(people->from, at + 1, people->from.size);
    buf_auto body = buf_new(MAIL_BODY_BYTES);
    add_date(notice->at_s, out);
    add_people(people, out);
    add_subject(notice, out);
    add_identifiers(notice, domain, out);
    buf_add_text(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
    buf_add_format(out, "X-Varta-Id: %.*s\r\nX-Varta-Kind: %s\r\nX-Varta-Severity: %s\r\n",
                   (int)notice->id.size, notice->id.at, notice_kind_name(notice->kind),
                   urgency_name(notice->urgency));
    if (notice->urgency == URGENCY_CRITICAL)
        buf_add_text(out, "Importance: high\r\nX-Priority: 1\r\n");
    buf_add_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    mail_body(notice, &body);
    if (body.failed)
        out->failed = true;
    mail_body_encode(buf_span(&body), out);
}
