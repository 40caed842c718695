/* See json_reader.h. */
#include "base/json_reader.h"

#include <time.h>

void json_reader_refuse(struct json_reader *reader, const char *why)
{
    if (!reader->why)
        reader->why = why;
}

/* ---- the whole ---- */

/* jansson follows up to 2,048 levels down, each a call deeper; nothing of ours needs more than a few. */
static bool is_too_deep(struct span json, size_t most)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < json.size; i++) {
        char c = json.at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '[') && ++depth > most)
            return true;
        else if (!quoted && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return false;
}

json_t *json_reader_load(struct json_reader *reader, struct span json, size_t depth)
{
    json_t *root = is_too_deep(json, depth) || json.size == 0
                       ? NULL
                       : json_loadb(json.at, json.size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(root))
        return root;
    json_decref(root);
    json_reader_refuse(reader, "it is no JSON object, or one too deep");
    return NULL;
}

/* ---- members ---- */

struct span json_reader_value(const json_t *string)
{
    return (struct span){json_string_value(string), json_string_length(string)};
}

static const json_t *member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

struct span json_reader_text(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_string(value))
        json_reader_refuse(reader, "a member that must be text is not");
    return json_is_string(value) ? json_reader_value(value) : (struct span){NULL, 0};
}

struct span json_reader_need(struct json_reader *reader, const json_t *object, const char *key)
{
    struct span text = json_reader_text(reader, object, key);
    if (text.size == 0)
        json_reader_refuse(reader, "a member that must be there is missing or empty");
    return text;
}

const json_t *json_reader_object(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_object(value))
        json_reader_refuse(reader, "a member that must be an object is not");
    return json_is_object(value) ? value : NULL;
}

const json_t *json_reader_list(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_array(value))
        json_reader_refuse(reader, "a member that must be a list is not");
    return json_is_array(value) ? value : NULL;
}

int64_t json_reader_number(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (!value)
        return 0;
    int64_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= 0 && number <= JSON_READER_LARGEST)
        return number;
    json_reader_refuse(reader, "a member that must be a whole number from 0 is not");
    return 0;
}

double json_reader_share(struct json_reader *reader, const json_t *object, const char *key, double missing)
{
    const json_t *value = member(object, key);
    if (!value)
        return missing;
    double share = json_number_value(value);
    if (json_is_number(value) && share >= 0 && share <= 1)
        return share;
    json_reader_refuse(reader, "a share or score is not a number from 0 to 1");
    return missing;
}

bool json_reader_truth(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    if (value && !json_is_boolean(value))
        json_reader_refuse(reader, "a member that must be true or false is not");
    return json_is_true(value);
}

/* ---- forms ---- */

size_t json_reader_name(struct json_reader *reader, struct span name, const char *const *names, size_t count)
{
    if (name.size == 0)
        return count;
    for (size_t i = 0; i < count; i++)
        if (span_equal(name, span_of(names[i])))
            return i;
    json_reader_refuse(reader, "a name stands where varta knows none of that kind");
    return count;
}

bool json_reader_is_plain(struct span text, const char *further)
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

bool json_reader_moment(struct span text, int64_t *ret_s)
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

struct span json_reader_time(struct json_reader *reader, const json_t *object, const char *key)
{
    int64_t at_s;
    struct span text = json_reader_text(reader, object, key);
    if (text.size && !json_reader_moment(text, &at_s))
        json_reader_refuse(reader, "a time is not of the form 2022-01-14T02:13:05Z");
    return text;
}
