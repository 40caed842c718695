/* One value from the tree into its field. Every type has a reader; what it refuses it says with what would be
 * right. Texts that steer terminals or end headers are refused here, so that no later step meets one. */
#include "config/config_values.h"

#include "base/utf8.h"
#include "config/config_limits.h"
#include "config/suggest.h"
#include "config/units.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void config_values_fault(const struct config_value *value, const char *format, ...)
{
    char what[CONFIG_ERROR_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    config_fault(value->reader, value->node, "%s%s%s: %s", value->key->section,
                 *value->key->section ? "." : "", value->key->name, what);
}

int config_values_shown(struct span text)
{
    return (int)utf8_prefix(text, 100).size;
}

/* ---- texts ---- */

bool config_values_steer(struct span text)
{
    for (size_t at = 0; at < text.size;)
        if (utf8_is_steering(utf8_next(text, &at)))
            return true;
    return false;
}

/* A text that is one, and not empty where it must not be. */
bool config_values_is_text(const struct config_value *value)
{
    const struct tree_node *node = value->node;
    if (node->kind != TREE_TEXT)
        config_values_fault(value, "one value is wanted, not a %s",
                            node->kind == TREE_LIST ? "list" : "mapping");
    else if (yaml_tree_is_null(node))
        config_values_fault(value, "no value: leave the line out for the default%s",
                            value->key->flags & KEY_EMPTY ? ", or write \"\" for none" : "");
    else if (config_values_steer(node->text))
        config_values_fault(value, "the value has a line break, a control or an invisible character in it");
    else if (node->text.size == 0 && !(value->key->flags & KEY_EMPTY))
        config_values_fault(value, "the value is empty");
    else
        return true;
    return false;
}

void config_values_keep(const struct config_value *value, struct span text)
{
    struct span kept = config_keep(value->reader, text);
    if (kept.at)
        *(struct span *)value->field = kept;
}

void config_values_text(const struct config_value *value)
{
    if (config_values_is_text(value))
        config_values_keep(value, value->node->text);
}

/* ---- files ---- */

static struct span join(const struct config_value *value, struct span folder, struct span name)
{
    char path[CONFIG_PATH_BYTES];
    int size =
        snprintf(path, sizeof(path), "%.*s/%.*s", (int)folder.size, folder.at, (int)name.size, name.at);
    if (size < 0 || size >= (int)sizeof(path)) {
        config_values_fault(value, "the path is too long");
        return (struct span){NULL, 0};
    }
    return config_keep(value->reader, (struct span){path, (size_t)size});
}

/* Absolute, kept; the empty span after telling why not. */
struct span config_values_absolute(const struct config_value *value)
{
    struct span text = value->node->text;
    if (text.size >= CONFIG_PATH_BYTES) {
        config_values_fault(value, "the path is too long");
        return (struct span){NULL, 0};
    }
    while (span_starts(text, SPAN("./")))
        text = span_cut(text, 2, text.size);
    if (text.size == 0 || text.at[0] == '/')
        return config_keep(value->reader, text);
    return join(value, value->node->file->folder, text);
}

static bool exists(const struct config_value *value, struct span path)
{
    if (!(value->key->flags & KEY_EXISTS) || !value->reader->with_files || path.size == 0 ||
        access(path.at, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
        return true;
    config_values_fault(value, "there is no file %.*s", config_values_shown(path), path.at);
    return false;
}

static void read_path(const struct config_value *value)
{
    struct span path = config_values_is_text(value) ? config_values_absolute(value) : (struct span){NULL, 0};
    if (path.at && exists(value, path))
        *(struct span *)value->field = path;
}

/* Without a '/' it is the name of a credential, which systemd hands over. */
static void read_secret(const struct config_value *value)
{
    if (span_find(value->node->text, SPAN("/"), 0) < value->node->text.size)
        read_path(value);
    else
        config_values_text(value);
}

/* An unknown zone would silently be UTC, and every quiet hour wrong. */
bool config_values_knows_zone(struct span text)
{
    char path[300];
    struct stat facts;
    const char *folder = getenv("TZDIR");
    if (span_equal(text, SPAN("UTC")))
        return true;
    if (text.size == 0 || text.size > 100 || text.at[0] == '/' || span_find(text, SPAN(".."), 0) < text.size)
        return false;
    snprintf(path, sizeof(path), "%.150s/%.*s", folder ? folder : "/usr/share/zoneinfo", (int)text.size,
             text.at);
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

static void read_zone(const struct config_value *value)
{
    struct span text = value->node->text;
    if (!config_values_is_text(value))
        return;
    if (text.size == 0 || config_values_knows_zone(text))
        config_values_keep(value, text);
    else
        config_values_fault(
            value, "this machine knows no time zone '%.*s': like Europe/Kyiv, from the package tzdata",
            config_values_shown(text), text.at);
}

/* ---- one of several words ---- */

void config_values_words(const char *const *words, const char *behind, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; words[i] && used < room; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%s%s",
                                 i == 0         ? ""
                                 : words[i + 1] ? ", "
                                                : " or ",
                                 words[i], behind);
}

static bool find_word(const struct config_value *value, size_t *ret_at)
{
    struct span text = value->node->text;
    struct suggest suggest = suggest_for(text);
    char words[300];
    if (!config_values_is_text(value))
        return false;
    for (size_t i = 0; value->key->words[i]; i++) {
        *ret_at = i;
        if (span_equal(text, span_of(value->key->words[i])))
            return true;
        suggest_offer(&suggest, span_of(value->key->words[i]));
    }
    struct span best = suggest_best(&suggest);
    config_values_words(value->key->words, "", words, sizeof(words));
    if (best.size)
        config_values_fault(value, "'%.*s' is not known; did you mean '%.*s'? It is %s",
                            config_values_shown(text), text.at, (int)best.size, best.at, words);
    else
        config_values_fault(value, "'%.*s' is not known; it is %s", config_values_shown(text), text.at,
                            words);
    return false;
}

static void read_word(const struct config_value *value)
{
    size_t at;
    if (find_word(value, &at))
        config_values_keep(value, span_of(value->key->words[at]));
}

static void read_choice(const struct config_value *value)
{
    size_t at;
    if (find_word(value, &at))
        *(int *)value->field = (int)at;
}

static void read_boolean(const struct config_value *value)
{
    static const struct {
        struct span word;
        bool truth;
    } words[] = {{SPAN_CONSTANT("true"), true}, {SPAN_CONSTANT("yes"), true},
                 {SPAN_CONSTANT("on"), true},   {SPAN_CONSTANT("false"), false},
                 {SPAN_CONSTANT("no"), false},  {SPAN_CONSTANT("off"), false}};
    struct span text = value->node->text;
    if (!config_values_is_text(value))
        return;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (span_equal_nocase(text, words[i].word)) {
            *(bool *)value->field = words[i].truth;
            return;
        }
    config_values_fault(value, "'%.*s' is neither true nor false", config_values_shown(text), text.at);
}

/* ---- numbers ---- */

typedef int read_number_fn(struct span text, uint64_t *ret_number);

static bool read_bounded(const struct config_value *value, read_number_fn *read, const char *form,
                         uint64_t *ret_number)
{
    const struct config_key *key = value->key;
    struct span text = value->node->text;
    char least[CONFIG_KEY_PATH_BYTES], most[CONFIG_KEY_PATH_BYTES];
    uint64_t number = UINT64_MAX, bare;
    if (!config_values_is_text(value))
        return false;
    int result = read(text, &number);
    if (result == -EINVAL && units_read_number(text, &bare) == 0)
        config_values_fault(value, "'%.*s' has no unit: %s", config_values_shown(text), text.at, form);
    else if (result == -EINVAL)
        config_values_fault(value, "'%.*s' is not understood: %s", config_values_shown(text), text.at, form);
    else if (result == -ERANGE || number < key->least || number > key->most) {
        config_keys_bound(key, key->least, least);
        config_keys_bound(key, key->most, most);
        config_values_fault(value, "'%.*s' is out of bounds: from %s to %s", config_values_shown(text),
                            text.at, least, most);
    } else {
        *ret_number = number;
        return true;
    }
    return false;
}

#define DURATION_FORM "a whole number and s, m, h, d or w, like 90s, 5m, 2h or 1d"

static void read_number(const struct config_value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_number, "a whole number", &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_percent(const struct config_value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_percent, "a whole number and %, like 10%", &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_duration(const struct config_value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_duration, DURATION_FORM, &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_days(const struct config_value *value)
{
    uint64_t number;
    if (!read_bounded(value, units_read_duration, DURATION_FORM, &number))
        return;
    if (number % 86400)
        config_values_fault(value, "'%.*s' are no whole days", config_values_shown(value->node->text),
                            value->node->text.at);
    else
        *(uint32_t *)value->field = (uint32_t)(number / 86400);
}

static void read_bytes(const struct config_value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_bytes, "a whole number and k, M, G or T, like 500M or 2G", &number))
        *(uint64_t *)value->field = number;
}

/* ---- all types ---- */

static config_value_fn *const readers[KEY_TYPE_COUNT] = {
    [KEY_TEXT] = config_values_text,
    [KEY_PATH] = read_path,
    [KEY_SECRET] = read_secret,
    [KEY_URL] = config_network_url,
    [KEY_TARGET] = config_network_target,
    [KEY_ADDRESS] = config_network_address,
    [KEY_ZONE] = read_zone,
    [KEY_LISTEN] = config_network_listen,
    [KEY_WORD] = read_word,
    [KEY_CHOICE] = read_choice,
    [KEY_BOOLEAN] = read_boolean,
    [KEY_NUMBER] = read_number,
    [KEY_PERCENT] = read_percent,
    [KEY_DURATION] = read_duration,
    [KEY_DAYS] = read_days,
    [KEY_BYTES] = read_bytes,
    [KEY_ADDRESSES] = config_lists_addresses,
    [KEY_HOSTS] = config_lists_hosts,
    [KEY_COMMAND] = config_lists_command,
    [KEY_LISTS] = config_lists_pages,
    [KEY_URLS] = config_lists_urls,
    [KEY_WINDOWS] = config_lists_windows,
    [KEY_SINKS] = config_lists_sinks,
};

void config_values_read(struct config_reader *reader, const struct tree_node *node,
                        const struct config_key *key, void *base)
{
    struct config_value value = {reader, node, key, (char *)base + key->offset, NULL};
    if (key->count_offset)
        value.count = (size_t *)(void *)((char *)base + key->count_offset);
    readers[key->type](&value);
}

/* ---- defaults ---- */

/* A folder that systemd names goes before the built-in one. */
static struct span standard_of(const struct config_key *key, char *text, size_t room)
{
    const char *folder = key->environment ? getenv(key->environment) : NULL;
    if (!folder || folder[0] != '/')
        return span_of(key->standard);
    size_t size = strcspn(folder, ":");
    snprintf(text, room, "%.*s%s", (int)size, folder, strrchr(key->standard, '/'));
    return span_of(text);
}

void config_values_default(struct config_reader *reader, enum key_scope scope, unsigned kinds, void *base)
{
    static const struct tree_file file = {.name = SPAN_CONSTANT("default"), .folder = SPAN_CONSTANT("")};
    char text[CONFIG_PATH_BYTES];
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->scope != scope || key->inherits || (key->flags & KEY_REQUIRED) ||
            (scope == KEY_SINK && !(key->kinds & kinds)))
            continue;
        struct span standard = standard_of(key, text, sizeof(text));
        struct tree_node node = {.kind = TREE_TEXT, .quoted = true, .text = standard, .file = &file};
        if (standard.size || key->type == KEY_TEXT)
            config_values_read(reader, &node, key, base);
        else if (!key->count_offset && key->type != KEY_WINDOWS)
            *(struct span *)(void *)((char *)base + key->offset) = SPAN("");
    }
}
