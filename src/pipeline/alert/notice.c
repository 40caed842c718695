/* Taking a notice apart; see notice.h. The first wrong member marks the reader, and what follows is empty. */
#include "pipeline/alert/notice.h"

#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

enum { LARGEST_NUMBER = 1000000000 };

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

/* ---- members ---- */

struct reader {
    const char *why; /* the first fault; NULL while all is well */
};

static void refuse(struct reader *reader, const char *why)
{
    if (!reader->why)
        reader->why = why;
}

static struct span text_of(const json_t *value)
{
    return (struct span){json_string_value(value), json_string_length(value)};
}

/* A member that may be missing or null; of another type than text it is refused. */
static struct span get_text_member(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return (struct span){NULL, 0};
    if (!json_is_string(value))
        refuse(reader, "a member that must be text is not");
    return json_is_string(value) ? text_of(value) : (struct span){NULL, 0};
}

static struct span need_text(struct reader *reader, const json_t *object, const char *key)
{
    struct span text = get_text_member(reader, object, key);
    if (text.size == 0)
        refuse(reader, "a member that must be there is missing or empty");
    return text;
}

static int64_t get_number_member(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return 0;
    int64_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= 0 && number <= LARGEST_NUMBER)
        return number;
    refuse(reader, "a member that must be a whole number from 0 is not");
    return 0;
}

static const json_t *get_object(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return NULL;
    if (json_is_object(value))
        return value;
    refuse(reader, "a member that must be an object is not");
    return NULL;
}

static const json_t *get_list(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return NULL;
    if (json_is_array(value))
        return value;
    refuse(reader, "a member that must be a list is not");
    return NULL;
}

/* The index of a name among `count`; `count` for an empty one, and for a wrong one, which is refused. */
static size_t get_name(struct reader *reader, struct span name, const char *const *names, size_t count)
{
    if (name.size == 0)
        return count;
    for (size_t i = 0; i < count; i++)
        if (span_equal(name, span_of(names[i])))
            return i;
    refuse(reader, "a name stands where varta knows none of that kind");
    return count;
}

static enum verdict_kind get_verdict(struct reader *reader, const json_t *object)
{
    const char *names[VERDICT_KIND_COUNT];
    for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
        names[i] = verdict_name((enum verdict_kind)i);
    struct span name = get_text_member(reader, object, "verdict");
    return (enum verdict_kind)get_name(reader, name, names, VERDICT_KIND_COUNT);
}

static bool is_plain(struct span text, const char *further)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!plain && !(c && strchr(further, c)))
            return false;
    }
    return true;
}

static bool has_digits(struct span text, const char *form)
{
    size_t size = strlen(form);
    if (text.size < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (form[i] == '0' ? text.at[i] < '0' || text.at[i] > '9' : text.at[i] != form[i])
            return false;
    return true;
}

static int number_at(struct span text, size_t at, size_t size)
{
    int number = 0;
    for (size_t i = at; i < at + size; i++)
        number = number * 10 + (text.at[i] - '0');
    return number;
}

/* "2022-01-14T02:13:05Z", with or without up to six digits of a second. */
static bool read_time(struct span text, int64_t *ret_s)
{
    static const char form[] = "0000-00-00T00:00:00";
    if (!has_digits(text, form) || text.at[text.size - 1] != 'Z')
        return false;
    struct span rest = span_cut(text, sizeof(form) - 1, text.size - 1);
    if (rest.size == 1 || rest.size > 7 || (rest.size && rest.at[0] != '.'))
        return false;
    for (size_t i = 1; i < rest.size; i++)
        if (rest.at[i] < '0' || rest.at[i] > '9')
            return false;
    struct tm parts = {.tm_year = number_at(text, 0, 4) - 1900,
                       .tm_mon = number_at(text, 5, 2) - 1,
                       .tm_mday = number_at(text, 8, 2),
                       .tm_hour = number_at(text, 11, 2),
                       .tm_min = number_at(text, 14, 2),
                       .tm_sec = number_at(text, 17, 2)};
    if (parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60)
        return false;
    *ret_s = timegm(&parts);
    return true;
}

static struct span get_time(struct reader *reader, const json_t *object, const char *key)
{
    int64_t at_s;
    struct span text = get_text_member(reader, object, key);
    if (text.size && !read_time(text, &at_s))
        refuse(reader, "a time is not of the form 2022-01-14T02:13:05Z");
    return text;
}

/* ---- parts ---- */

static void read_head(struct reader *reader, const json_t *root, struct notice *notice)
{
    notice->id = need_text(reader, root, "id");
    if (notice->id.size >= NOTICE_ID_BYTES || !is_plain(notice->id, "-_.:"))
        refuse(reader, "the id is too long or not of letters, digits and -_.:");
    notice->kind =
        (enum notice_kind)get_name(reader, need_text(reader, root, "kind"), kind_names, NOTICE_KIND_COUNT);
    notice->urgency =
        (enum urgency)get_name(reader, need_text(reader, root, "severity"), urgency_names, URGENCY_COUNT);
    notice->at = need_text(reader, root, "at");
    if (!reader->why && !read_time(notice->at, &notice->at_s))
        refuse(reader, "at is not of the form 2022-01-14T02:13:05Z");
    notice->summary = need_text(reader, root, "summary");
}

static void read_incident(struct reader *reader, const json_t *incident, struct notice *notice)
{
    if (!incident)
        return;
    notice->has_incident = true;
    notice->incident = get_number_member(reader, incident, "id");
    notice->state = get_text_member(reader, incident, "state");
    notice->incident_verdict = get_verdict(reader, incident);
    notice->cause = get_text_member(reader, incident, "cause");
    notice->campaign = get_number_member(reader, incident, "campaign");
    notice->opened = get_time(reader, incident, "opened");
    notice->confirmed = get_time(reader, incident, "confirmed");
    if (notice->incident == 0)
        refuse(reader, "the incident has no number");
}

static void read_page(struct reader *reader, const json_t *page, struct notice *notice)
{
    if (!page)
        return;
    notice->has_page = true;
    notice->url = need_text(reader, page, "url");
    notice->name = get_text_member(reader, page, "name");
    notice->group = get_text_member(reader, page, "group");
    notice->contact = get_text_member(reader, page, "contact");
}

static double get_share(struct reader *reader, const json_t *object, const char *key, double missing)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return missing;
    double share = json_number_value(value);
    if (!json_is_number(value) || !(share >= 0 && share <= 1))
        refuse(reader, "a share or score is not a number from 0 to 1");
    return share >= 0 && share <= 1 ? share : missing;
}

static void read_languages(struct reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && notice->language_count < NOTICE_LANGUAGES; i++) {
        const json_t *one = json_array_get(list, i);
        struct language_share *language = &notice->languages[notice->language_count];
        struct span tag = need_text(reader, one, "language");
        if (tag.size >= sizeof(language->language) || !is_plain(tag, "-"))
            refuse(reader, "a language is not a tag of letters, digits and -");
        if (reader->why)
            return;
        memcpy(language->language, tag.at, tag.size);
        language->share = get_share(reader, one, "share", 0);
        language->confidence = get_share(reader, one, "confidence", 0);
        notice->language_count++;
    }
}

static void read_reasons(struct reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && notice->reason_count < NOTICE_REASONS; i++) {
        struct span text = get_text_member(reader, json_array_get(list, i), "text");
        if (text.size)
            notice->reasons[notice->reason_count++] = text;
    }
}

static void read_result(struct reader *reader, const json_t *result, struct notice *notice)
{
    notice->verdict = notice->has_incident ? notice->incident_verdict : VERDICT_KIND_COUNT;
    notice->score = -1;
    if (!result)
        return;
    notice->has_result = true;
    notice->verdict = get_verdict(reader, result);
    if (notice->verdict == VERDICT_KIND_COUNT)
        refuse(reader, "the result has no verdict");
    notice->score = get_share(reader, result, "score", -1);
    struct span cause = get_text_member(reader, result, "cause");
    if (cause.size)
        notice->cause = cause;
    read_languages(reader, get_list(reader, result, "languages"), notice);
    read_reasons(reader, get_list(reader, result, "reasons"), notice);
    notice->message = get_text_member(reader, result, "message");
    notice->origin = get_text_member(reader, result, "origin");
    const json_t *http = get_object(reader, result, "http");
    notice->final_url = get_text_member(reader, http, "final_url");
    notice->address = get_text_member(reader, http, "address");
    notice->status = get_number_member(reader, http, "status");
}

static int read_list(struct reader *reader, const json_t *list, struct notice *notice)
{
    size_t count = json_array_size(list);
    struct notice_page *pages = arena_alloc(&notice->arena, count ? count : 1, sizeof(*pages));
    if (!pages)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);
        pages[i] = (struct notice_page){
            .url = need_text(reader, one, "url"),
            .name = get_text_member(reader, one, "name"),
            .contact = get_text_member(reader, one, "contact"),
            .at = get_time(reader, one, "at"),
            .state = get_text_member(reader, one, "state"),
            .verdict = get_verdict(reader, one),
            .incident = get_number_member(reader, one, "incident"),
        };
    }
    notice->list = pages;
    notice->list_count = count;
    return 0;
}

static int read_campaign(struct reader *reader, const json_t *campaign, struct notice *notice)
{
    if (!campaign)
        return 0;
    notice->has_campaign = true;
    notice->campaign = get_number_member(reader, campaign, "id");
    notice->pages = get_number_member(reader, campaign, "pages");
    notice->domains = get_number_member(reader, campaign, "domains");
    notice->left_out = get_number_member(reader, campaign, "left_out");
    notice->campaign_kind = get_text_member(reader, campaign, "kind");
    notice->first = get_time(reader, campaign, "first");
    if (notice->campaign == 0)
        refuse(reader, "the campaign has no number");
    return read_list(reader, get_list(reader, campaign, "list"), notice);
}

static void check_whole(struct reader *reader, const struct notice *notice)
{
    switch (notice->kind) {
    case NOTICE_CONFIRMED:
    case NOTICE_WORSE:
    case NOTICE_RECOVERED:
    case NOTICE_ESCALATED:
    case NOTICE_FLAPPING:
    case NOTICE_ACCEPTED:
        if (!notice->has_incident || !notice->has_page)
            refuse(reader, "a notice of an incident has no incident or no page");
        break;
    case NOTICE_CAMPAIGN:
    case NOTICE_CAMPAIGN_GREW:
    case NOTICE_CAMPAIGN_EASED:
    case NOTICE_CAMPAIGN_OVER:
        if (!notice->has_campaign)
            refuse(reader, "a notice of a campaign has no campaign");
        break;
    case NOTICE_RESULT:
        if (!notice->has_page || !notice->has_result)
            refuse(reader, "a notice of a result has no page or no result");
        break;
    case NOTICE_SELF:
    case NOTICE_TEST:
    case NOTICE_KIND_COUNT: break;
    }
}

/* ---- the whole ---- */

/* jansson follows up to 2,048 levels down, each a call deeper; nothing here needs more than a few. */
static bool is_too_deep(struct span json)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < json.size; i++) {
        char c = json.at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '[') && ++depth > NOTICE_DEPTH)
            return true;
        else if (!quoted && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return false;
}

static int read_all(struct reader *reader, const json_t *root, struct notice *notice)
{
    read_head(reader, root, notice);
    read_incident(reader, get_object(reader, root, "incident"), notice);
    read_page(reader, get_object(reader, root, "page"), notice);
    read_result(reader, get_object(reader, root, "result"), notice);
    int result = read_campaign(reader, get_object(reader, root, "campaign"), notice);
    if (!reader->why)
        check_whole(reader, notice);
    return result < 0 ? result : reader->why ? -EBADMSG : 0;
}

int notice_parse(struct span json, struct notice *ret_notice, const char **ret_why)
{
    struct reader reader = {NULL};
    struct notice notice = {.arena = arena_new(NOTICE_ARENA_BYTES)};
    if (json.size > NOTICE_BYTES)
        return -EMSGSIZE;
    json_t *root = is_too_deep(json) || json.size == 0
                       ? NULL
                       : json_loadb(json.at, json.size, JSON_REJECT_DUPLICATES, NULL);
    notice.root = root;
    if (!json_is_object(root))
        refuse(&reader, "it is no JSON object, or one too deep");
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

/* Steering characters stand only inside strings, for jansson writes everything around them. */
void notice_line(const struct notice *notice, struct buf *out)
{
    char *dump = json_dumps(notice->root, JSON_COMPACT | JSON_REAL_PRECISION(6));
    struct span text = span_of(dump);
    if (!dump)
        out->failed = true;
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        uint32_t character = utf8_next(text, &at);
        if (!utf8_is_steering(character))
            buf_add_span(out, span_cut(text, start, at));
        else if (character < 0x10000)
            buf_add_format(out, "\\u%04X", (unsigned)character);
        else
            buf_add_format(out, "\\u%04X\\u%04X", (unsigned)(0xD7C0 + (character >> 10)),
                           (unsigned)(0xDC00 + (character & 0x3FF)));
    }
    free(dump);
}
