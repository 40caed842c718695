/* Everything in effect, once as a JSON value, by the table of keys; printed as JSON or as YAML. Texts are
 * quoted as JSON does, which YAML reads the same way. */
#include "config/config_reader.h"

#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>

/* What systemd or the file system said may be no UTF-8; all else is. */
static json_t *text_of(struct span text)
{
    json_t *value = json_stringn(text.size ? text.at : "", text.size);
    if (value)
        return value;
    buf_auto clean = buf_new(3 * text.size + 1);
    utf8_add_clean(&clean, text);
    return json_stringn(clean.at ? clean.at : "", clean.size);
}

/* A list that could not take a value is gone: NULL, so that the whole fails instead of showing less. */
static void append(json_t **list, json_t *value)
{
    if (json_array_append_new(*list, value) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static json_t *texts_of(const struct span *at, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        append(&list, text_of(at[i]));
    return list;
}

static json_t *windows_of(const struct config_windows *windows)
{
    json_t *list = json_array();
    for (size_t i = 0; i < windows->count; i++)
        append(&list, text_of(windows->at[i].text));
    return list;
}

static json_t *sinks_of(const struct config *config, uint64_t sinks)
{
    json_t *list = json_array();
    for (size_t i = 0; i < config->sink_count; i++)
        if (sinks >> i & 1)
            append(&list, text_of(config->sinks[i].name));
    return list;
}

static json_t *with_unit(const struct config_key *key, uint64_t value)
{
    char text[CONFIG_KEY_PATH_BYTES];
    config_keys_bound(key, value, text);
    return json_string(text);
}

static json_t *value_of(const struct config *config, const struct config_key *key, const void *base)
{
    const void *field = (const char *)base + key->offset;
    size_t count =
        key->count_offset ? *(const size_t *)(const void *)((const char *)base + key->count_offset) : 0;
    switch (key->type) {
    case KEY_CHOICE: return json_string(key->words[*(const int *)field]);
    case KEY_BOOLEAN: return json_boolean(*(const bool *)field);
    case KEY_NUMBER: return json_integer(*(const uint32_t *)field);
    case KEY_PERCENT:
    case KEY_DURATION: return with_unit(key, *(const uint32_t *)field);
    case KEY_DAYS: return with_unit(key, 86400ull * *(const uint32_t *)field);
    case KEY_BYTES: return with_unit(key, *(const uint64_t *)field);
    case KEY_ADDRESSES:
    case KEY_HOSTS:
    case KEY_COMMAND:
    case KEY_LISTS:
    case KEY_URLS: return texts_of(*(const struct span *const *)field, count);
    case KEY_WINDOWS: return windows_of(field);
    case KEY_SINKS: return sinks_of(config, *(const uint64_t *)field);
    case KEY_TEXT:
    case KEY_PATH:
    case KEY_SECRET:
    case KEY_URL:
    case KEY_TARGET:
    case KEY_ADDRESS:
    case KEY_ZONE:
    case KEY_LISTEN:
    case KEY_WORD:
    case KEY_TYPE_COUNT: break;
    }
    return text_of(*(const struct span *)field);
}

/* The keys of one scope; those with a section go into a mapping of its name. What only adds to the group
 * "default" is shown there. */
static bool put_keys(const struct config *config, enum key_scope scope, unsigned kinds, const void *base,
                     json_t *into)
{
    bool good = into != NULL;
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        json_t *map = into;
        if (key->scope != scope || (key->flags & KEY_ADDS) || (scope == KEY_SINK && !(key->kinds & kinds)))
            continue;
        if (*key->section && !json_object_get(into, key->section))
            good = json_object_set_new(into, key->section, json_object()) == 0 && good;
        if (*key->section)
            map = json_object_get(into, key->section);
        good = json_object_set_new(map, key->name, value_of(config, key, base)) == 0 && good;
    }
    return good;
}

static bool put_groups(const struct config *config, json_t *into)
{
    bool good = into != NULL;
    for (size_t i = 0; i < config->group_count; i++) {
        json_t *group = json_object();
        good = put_keys(config, KEY_GROUP, 0, &config->groups[i], group) && good;
        good = json_object_set_new(into, config->groups[i].name.at, group) == 0 && good;
    }
    return good;
}

static bool put_sinks(const struct config *config, json_t *into)
{
    bool good = into != NULL;
    for (size_t i = 0; i < config->sink_count; i++) {
        json_t *sink = json_object();
        good = put_keys(config, KEY_SINK, 1u << config->sinks[i].kind, &config->sinks[i], sink) && good;
        good = json_object_set_new(into, config->sinks[i].name.at, sink) == 0 && good;
    }
    return good;
}

/* NULL without memory. */
static json_t *whole(const struct config *config)
{
    json_t *all = json_object(), *groups = json_object(), *sinks = json_object();
    bool good =
        put_keys(config, KEY_TOP, 0, config, all) && put_groups(config, groups) && put_sinks(config, sinks);
    good = json_object_set_new(all, "groups", groups) == 0 && good;
    good = json_object_set_new(all, "sinks", sinks) == 0 && good;
    if (good)
        return all;
    json_decref(all);
    return NULL;
}

/* ---- YAML ---- */

/* A count with a unit behind it, which no reader of YAML takes for a number. */
static bool is_amount(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits && strlen(text) == digits + 1 && strchr("smhdkMGT%", text[digits]);
}

/* Plain words and paths need no quotes, unless YAML means something by them. */
static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/";
    static const char behind[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/.-@:0123456789";
    static const char *const meant[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", NULL};
    for (size_t i = 0; meant[i]; i++)
        if (span_equal_nocase(span_of(text), span_of(meant[i])))
            return false;
    size_t size = strlen(text);
    return is_amount(text) ||
           (size && strspn(text, letters) && strspn(text, behind) == size && text[size - 1] != ':');
}

static void put_scalar(const json_t *value, FILE *out)
{
    const char *text = json_string_value(value);
    if (text && is_plain(text))
        fputs(text, out);
    else
        json_dumpf(value, out, JSON_ENCODE_ANY);
}

static void put_key(const char *key, FILE *out)
{
    json_t *text = json_string(key);
    put_scalar(text, out);
    json_decref(text);
}

static void put_list(const json_t *list, int depth, FILE *out)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        fprintf(out, "\n%*s- ", depth * 2, "");
        put_scalar(json_array_get(list, i), out);
    }
    fputs(json_array_size(list) ? "\n" : " []\n", out);
}

static void put_map(json_t *map, int depth, FILE *out)
{
    const char *key;
    json_t *value;
    json_object_foreach(map, key, value)
    {
        fprintf(out, "%*s", depth * 2, "");
        put_key(key, out);
        fputc(':', out);
        if (json_is_object(value)) {
            fputs(json_object_size(value) ? "\n" : " {}\n", out);
            put_map(value, depth + 1, out);
        } else if (json_is_array(value)) {
            put_list(value, depth + 1, out);
        } else {
            fputc(' ', out);
            put_scalar(value, out);
            fputc('\n', out);
        }
    }
}

int config_show(const struct config *config, FILE *out)
{
    json_t *all = whole(config);
    if (!all)
        return -ENOMEM;
    put_map(all, 0, out);
    json_decref(all);
    return 0;
}

int config_show_json(const struct config *config, FILE *out)
{
    json_t *all = whole(config);
    if (!all)
        return -ENOMEM;
    int result = json_dumpf(all, out, JSON_COMPACT) == 0 || ferror(out) ? 0 : -ENOMEM;
    fputc('\n', out);
    json_decref(all);
    return result;
}
