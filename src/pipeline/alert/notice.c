/* Taking a notice apart; see notice.h. The first wrong member marks the reader, and what follows is empty. */
#include "pipeline/alert/notice.h"

#include "base/json_reader.h"
#include "base/json_writer.h"

#include <errno.h>

static const char *const kind_names[NOTICE_KIND_COUNT] = {
    [NOTICE_CONFIRMED] = "incident-confirmed",
    [NOTICE_WORSE] = "incident-worse",
    [NOTICE_RECOVERED] = "incident-recovered",
    [NOTICE_ESCALATED] = "incident-escalated",
    [NOTICE_FLAPPING] = "incident-flapping",
    [NOTICE_ACCEPTED] = "incident-accepted",
    [NOTICE_CAMPAIGN] = "campaign-opened",
    [NOTICE_CAMPAIGN_GREW] = "campaign-grew",
    [NOTICE_CAMPAIGN_EASED] = "campaign-eased",
    [NOTICE_CAMPAIGN_OVER] = "campaign-over",
    [NOTICE_SELF] = "self",
    [NOTICE_TEST] = "test",
    [NOTICE_RESULT] = "result",
};

static const char *const urgency_names[URGENCY_COUNT] = {"info", "notice", "warning", "critical"};

const char *notice_kind_name(enum notice_kind kind)
{
    return kind_names[kind];
}

const char *urgency_name(enum urgency urgency)
{
    return urgency_names[urgency];
}

/* ---- parts ---- */

static enum verdict_kind get_verdict(struct json_reader *reader, const json_t *object)
{
    const char *names[VERDICT_KIND_COUNT];
    for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
        names[i] = verdict_name((enum verdict_kind)i);
    struct span name = json_reader_text(reader, object, "verdict");
    return (enum verdict_kind)json_reader_name(reader, name, names, VERDICT_KIND_COUNT);
}

static void read_head(struct json_reader *reader, const json_t *root, struct notice *notice)
{
    notice->id = json_reader_need(reader, root, "id");
    if (notice->id.size >= NOTICE_ID_BYTES || !json_reader_is_plain(notice->id, "-_.:"))
        json_reader_refuse(reader, "the id is too long or not of letters, digits and -_.:");
    notice->kind = (enum notice_kind)json_reader_name(reader, json_reader_need(reader, root, "kind"),
                                                      kind_names, NOTICE_KIND_COUNT);
    notice->urgency = (enum urgency)json_reader_name(reader, json_reader_need(reader, root, "severity"),
                                                     urgency_names, URGENCY_COUNT);
    notice->at = json_reader_need(reader, root, "at");
    if (!reader->why && !json_reader_moment(notice->at, &notice->at_s))
        json_reader_refuse(reader, "at is not of the form 2022-01-14T02:13:05Z");
    notice->summary = json_reader_need(reader, root, "summary");
}

static void read_incident(struct json_reader *reader, const json_t *incident, struct notice *notice)
{
    if (!incident)
        return;
    notice->has_incident = true;
    notice->incident = json_reader_number(reader, incident, "id");
    notice->state = json_reader_text(reader, incident, "state");
    notice->incident_verdict = get_verdict(reader, incident);
    notice->cause = json_reader_text(reader, incident, "cause");
    notice->campaign = json_reader_number(reader, incident, "campaign");
    notice->opened = json_reader_time(reader, incident, "opened");
    notice->began = json_reader_time(reader, incident, "began");
    notice->confirmed = json_reader_time(reader, incident, "confirmed");
    notice->closed = json_reader_time(reader, incident, "closed");
    if (notice->incident == 0)
        json_reader_refuse(reader, "the incident has no number");
}

static void read_page(struct json_reader *reader, const json_t *page, struct notice *notice)
{
    if (!page)
        return;
    notice->has_page = true;
    notice->url = json_reader_need(reader, page, "url");
    notice->name = json_reader_text(reader, page, "name");
    notice->group = json_reader_text(reader, page, "group");
    notice->contact = json_reader_text(reader, page, "contact");
}

static void read_languages(struct json_reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && notice->language_count < NOTICE_LANGUAGES; i++) {
        const json_t *one = json_array_get(list, i);
        struct language_share *language = &notice->languages[notice->language_count];
        struct span tag = json_reader_need(reader, one, "language");
        if (tag.size >= sizeof(language->language) || !json_reader_is_plain(tag, "-"))
            json_reader_refuse(reader, "a language is not a tag of letters, digits and -");
        if (reader->why)
            return;
        memcpy(language->language, tag.at, tag.size);
        language->share = json_reader_share(reader, one, "share", 0);
        language->confidence = json_reader_share(reader, one, "confidence", 0);
        notice->language_count++;
    }
}

static void read_reasons(struct json_reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && notice->reason_count < NOTICE_REASONS; i++) {
        struct span text = json_reader_text(reader, json_array_get(list, i), "text");
        if (text.size)
            notice->reasons[notice->reason_count++] = text;
    }
}

static void read_result(struct json_reader *reader, const json_t *result, struct notice *notice)
{
    notice->verdict = notice->has_incident ? notice->incident_verdict : VERDICT_KIND_COUNT;
    notice->score = -1;
    if (!result)
        return;
    notice->has_result = true;
    notice->verdict = get_verdict(reader, result);
    if (notice->verdict == VERDICT_KIND_COUNT)
        json_reader_refuse(reader, "the result has no verdict");
    notice->score = json_reader_share(reader, result, "score", -1);
    struct span cause = json_reader_text(reader, result, "cause");
    if (cause.size)
        notice->cause = cause;
    read_languages(reader, json_reader_list(reader, result, "languages"), notice);
    read_reasons(reader, json_reader_list(reader, result, "reasons"), notice);
    notice->message = json_reader_text(reader, result, "message");
    notice->origin = json_reader_text(reader, result, "origin");
    const json_t *http = json_reader_object(reader, result, "http");
    notice->final_url = json_reader_text(reader, http, "final_url");
    notice->address = json_reader_text(reader, http, "address");
    notice->status = json_reader_number(reader, http, "status");
}

static int read_list(struct json_reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    struct notice_page *pages = arena_alloc(&notice->arena, count ? count : 1, sizeof(*pages));
    if (!pages)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);
        pages[i] = (struct notice_page){
            .url = json_reader_need(reader, one, "url"),
            .name = json_reader_text(reader, one, "name"),
            .contact = json_reader_text(reader, one, "contact"),
            .at = json_reader_time(reader, one, "at"),
            .state = json_reader_text(reader, one, "state"),
            .verdict = get_verdict(reader, one),
            .incident = json_reader_number(reader, one, "incident"),
        };
    }
    notice->list = pages;
    notice->list_count = count;
    return 0;
}

static int read_campaign(struct json_reader *reader, const json_t *campaign, struct notice *notice)
{
    if (!campaign)
        return 0;
    notice->has_campaign = true;
    notice->campaign = json_reader_number(reader, campaign, "id");
    notice->pages = json_reader_number(reader, campaign, "pages");
    notice->domains = json_reader_number(reader, campaign, "domains");
    notice->left_out = json_reader_number(reader, campaign, "left_out");
    notice->campaign_kind = json_reader_text(reader, campaign, "kind");
    notice->first = json_reader_time(reader, campaign, "first");
    if (notice->campaign == 0)
        json_reader_refuse(reader, "the campaign has no number");
    return read_list(reader, json_reader_list(reader, campaign, "list"), notice);
}

static void check_whole(struct json_reader *reader, const struct notice *notice)
{
    switch (notice->kind) {
    case NOTICE_CONFIRMED:
    case NOTICE_WORSE:
    case NOTICE_RECOVERED:
    case NOTICE_ESCALATED:
    case NOTICE_FLAPPING:
    case NOTICE_ACCEPTED:
        if (!notice->has_incident || !notice->has_page)
            json_reader_refuse(reader, "a notice of an incident has no incident or no page");
        break;
    case NOTICE_CAMPAIGN:
    case NOTICE_CAMPAIGN_GREW:
    case NOTICE_CAMPAIGN_EASED:
    case NOTICE_CAMPAIGN_OVER:
        if (!notice->has_campaign)
            json_reader_refuse(reader, "a notice of a campaign has no campaign");
        break;
    case NOTICE_RESULT:
        if (!notice->has_page || !notice->has_result)
            json_reader_refuse(reader, "a notice of a result has no page or no result");
        break;
    case NOTICE_SELF:
    case NOTICE_TEST:
    case NOTICE_KIND_COUNT: break;
    }
}

/* ---- the whole ---- */

static int read_all(struct json_reader *reader, const json_t *root, struct notice *notice)
{
    read_head(reader, root, notice);
    read_incident(reader, json_reader_object(reader, root, "incident"), notice);
    read_page(reader, json_reader_object(reader, root, "page"), notice);
    read_result(reader, json_reader_object(reader, root, "result"), notice);
    int result = read_campaign(reader, json_reader_object(reader, root, "campaign"), notice);
    if (!reader->why)
        check_whole(reader, notice);
    return result < 0 ? result : reader->why ? -EBADMSG : 0;
}

int notice_parse(struct span json, struct notice *ret_notice, const char **ret_why)
{
    struct json_reader reader = {NULL};
    struct notice notice = {.arena = arena_new(NOTICE_ARENA_BYTES)};
    if (json.size > NOTICE_BYTES)
        return -EMSGSIZE;
    json_t *root = json_reader_load(&reader, json, NOTICE_DEPTH);
    notice.root = root;
    int result = reader.why ? -EBADMSG : read_all(&reader, root, &notice);
    if (result < 0) {
        if (result == -EBADMSG)
            *ret_why = reader.why;
        notice_free(&notice);
        return result;
    }
    *ret_notice = notice;
    return 0;
}

void notice_free(struct notice *notice)
{
    json_decref(notice->root);
    arena_free(&notice->arena);
    *notice = (struct notice){0};
}

void notice_line(const struct notice *notice, struct buf *out)
{
    json_writer_add(notice->root, JSON_COMPACT, out);
}
