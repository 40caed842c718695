/*
 * A notice as journal fields. MESSAGE_IDs let an operator ask the journal for one kind of notice and let its
 * catalogue explain it; they are part of the contract and never change. A line end inside a value would begin
 * a field of the attacker's.
 */
#include "base/safe_text.h"
#include "base/utf8.h"
#include "pipeline/alert/alert.h"

enum { FACILITY = 3 /* daemon */ };

static const char *const message_ids[NOTICE_KIND_COUNT] = {
    [NOTICE_CONFIRMED] = "7b0eb36f53764c51a78cbf9aebaa87cb",
    [NOTICE_WORSE] = "66207d07697e4c60a76eb41b4215d4ac",
    [NOTICE_RECOVERED] = "fe3a65e1fdb14178b98e367323c6d8e3",
    [NOTICE_ESCALATED] = "b34c38808b43416aa3d96a46c297c929",
    [NOTICE_FLAPPING] = "e3ec6e17a0234721807599100e04028d",
    [NOTICE_ACCEPTED] = "3ff5659c809d4a099aa1fa53760ea222",
    [NOTICE_CAMPAIGN] = "de78a2e376fb4f2da411bfc17715835e",
    [NOTICE_CAMPAIGN_GREW] = "09b341c4a1a34ad986db7ce9a0f2a67d",
    [NOTICE_CAMPAIGN_EASED] = "7abf94073ce0452face07f5524c08943",
    [NOTICE_CAMPAIGN_OVER] = "e5c14f02552f4e4fa430cadfdb5c741a",
    [NOTICE_SELF] = "39c29f0ab13a4c7b9efa96f31f8d3ddc",
    [NOTICE_TEST] = "b879e9030ead4bc69d7cee3a5fcfda94",
    [NOTICE_RESULT] = "b0cd6792e30c4734b01af70d495622be",
};

const char *journal_message_id(enum notice_kind kind)
{
    return message_ids[kind];
}

static void add(struct buf *out, const char *key, struct span value)
{
    if (value.size == 0)
        return;
    buf_add_format(out, "%s=", key);
    safe_text_add_cut(out, value, JOURNAL_VALUE_BYTES);
    buf_add_byte(out, '\n');
}

static void add_number(struct buf *out, const char *key, int64_t number)
{
    buf_add_format(out, "%s=%lld\n", key, (long long)number);
}

static void add_look(struct buf *out, const struct notice *notice)
{
    if (notice->verdict < VERDICT_KIND_COUNT)
        add(out, "VARTA_VERDICT", span_of(verdict_name(notice->verdict)));
    add(out, "VARTA_URL", notice->url);
    add(out, "VARTA_NAME", notice->name);
    add(out, "VARTA_GROUP", notice->group);
    add(out, "VARTA_CONTACT", notice->contact);
    add(out, "VARTA_CAUSE", notice->cause);
    if (notice->score >= 0)
        buf_add_format(out, "VARTA_SCORE=%.3f\n", notice->score);
    buf_auto languages = buf_new(1024);
    syslog_languages(notice, &languages);
    add(out, "VARTA_LANGUAGES", buf_span(&languages));
    add(out, "VARTA_TEXT", notice->message);
    add(out, "VARTA_ORIGIN", notice->message.size ? notice->origin : (struct span){NULL, 0});
    if (notice->status)
        add_number(out, "VARTA_STATUS", notice->status);
    add(out, "VARTA_ADDRESS", notice->address);
}

void journal_fields(const struct notice *notice, struct buf *out)
{
    add(out, "MESSAGE", notice->summary);
    buf_add_format(out, "MESSAGE_ID=%s\n", journal_message_id(notice->kind));
    add_number(out, "PRIORITY", syslog_severity(notice->urgency));
    buf_add_format(out, "SYSLOG_IDENTIFIER=varta\nSYSLOG_FACILITY=%d\n", FACILITY);
    add(out, "VARTA_NOTICE_ID", notice->id);
    add(out, "VARTA_KIND", span_of(notice_kind_name(notice->kind)));
    add(out, "VARTA_AT", notice->at);
    add_look(out, notice);
    if (notice->has_incident) {
        add_number(out, "VARTA_INCIDENT", notice->incident);
        add(out, "VARTA_STATE", notice->state);
    }
    if (notice->campaign)
        add_number(out, "VARTA_CAMPAIGN", notice->campaign);
    if (notice->has_campaign) {
        add_number(out, "VARTA_PAGES", notice->pages);
        if (notice->domains)
            add_number(out, "VARTA_DOMAINS", notice->domains);
    }
}
