/* One value from the tree into its field. Every type has a reader; what it refuses it says with what would be
 * right. Texts that steer terminals or end headers are refused here, so that no later step meets one. */
#include "config/config_reader.h"

#include "base/utf8.h"
#include "config/config_limits.h"
#include "config/suggest.h"
#include "config/units.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A value on its way: what it is for, where it stood, where it goes. */
struct value {
    struct config_reader *reader;
    const struct tree_node *node;
    const struct config_key *key;
    void *field;
    size_t *count; /* of list types */
};

typedef void read_value_fn(const struct value *value);

#define value_fault(value, format, ...)                                                                      \
    config_fault((value)->reader, (value)->node, "%s%s%s: " format, (value)->key->section,                   \
                 *(value)->key->section ? "." : "", (value)->key->name, ##__VA_ARGS__)

/* For a message: not the whole of a long value. */
static int shown(struct span text)
{
    return (int)utf8_prefix(text, 100).size;
}

/* ---- texts ---- */

static bool steers(struct span text)
{
    for (size_t at = 0; at < text.size;)
        if (utf8_is_steering(utf8_next(text, &at)))
            return true;
    return false;
}

/* A text that is one, and not empty where it must not be. */
static bool is_text(const struct value *value)
{
    const struct tree_node *node = value->node;
    if (node->kind != TREE_TEXT)
        value_fault(value, "one value is wanted, not a %s", node->kind == TREE_LIST ? "list" : "mapping");
    else if (yaml_tree_is_null(node))
        value_fault(value, "no value: leave the line out for the default%s",
                    value->key->flags & KEY_EMPTY ? ", or write \"\" for none" : "");
    else if (steers(node->text))
        value_fault(value, "the value has a line break, a control or an invisible character in it");
    else if (node->text.size == 0 && !(value->key->flags & KEY_EMPTY))
        value_fault(value, "the value is empty");
    else
        return true;
    return false;
}

static void keep_text(const struct value *value, struct span text)
{
    struct span kept = config_keep(value->reader, text);
    if (kept.at)
        *(struct span *)value->field = kept;
}

static void read_text(const struct value *value)
{
    if (is_text(value))
        keep_text(value, value->node->text);
}

static void read_address(const struct value *value)
{
    struct span text = value->node->text;
    if (!is_text(value))
        return;
    size_t at = span_find(text, SPAN("@"), 0);
    bool odd =
        at == 0 || at + 1 >= text.size || text.size > 254 || span_find(text, SPAN("@"), at + 1) < text.size;
    for (size_t i = 0; i < text.size; i++)
        odd = odd || strchr(" <>(),;:\\\"", text.at[i]);
    if (odd)
        value_fault(value, "'%.*s' is no mail address: like noc@cert.example, nothing else", shown(text),
                    text.at);
    else
        keep_text(value, text);
}

/* ---- files ---- */

static struct span join(const struct value *value, struct span folder, struct span name)
{
    char path[CONFIG_PATH_BYTES];
    int size =
        snprintf(path, sizeof(path), "%.*s/%.*s", (int)folder.size, folder.at, (int)name.size, name.at);
    if (size < 0 || size >= (int)sizeof(path)) {
        value_fault(value, "the path is too long");
        return (struct span){NULL, 0};
    }
    return config_keep(value->reader, (struct span){path, (size_t)size});
}

/* Absolute, kept; the empty span after telling why not. */
static struct span absolute(const struct value *value)
{
    struct span text = value->node->text;
    if (text.size >= CONFIG_PATH_BYTES) {
        value_fault(value, "the path is too long");
        return (struct span){NULL, 0};
    }
    while (span_starts(text, SPAN("./")))
        text = span_cut(text, 2, text.size);
    if (text.size == 0 || text.at[0] == '/')
        return config_keep(value->reader, text);
    return join(value, value->node->file->folder, text);
}

static bool exists(const struct value *value, struct span path)
{
    if (!(value->key->flags & KEY_EXISTS) || !value->reader->with_files || path.size == 0 ||
        access(path.at, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
        return true;
    value_fault(value, "there is no file %.*s", shown(path), path.at);
    return false;
}

static void read_path(const struct value *value)
{
    struct span path = is_text(value) ? absolute(value) : (struct span){NULL, 0};
    if (path.at && exists(value, path))
        *(struct span *)value->field = path;
}

/* Without a '/' it is the name of a credential, which systemd hands over. */
static void read_secret(const struct value *value)
{
    if (span_find(value->node->text, SPAN("/"), 0) < value->node->text.size)
        read_path(value);
    else
        read_text(value);
}

/* ---- places in the network ---- */

static struct span authority_of(struct span url, size_t scheme_end)
{
    struct span rest = span_cut(url, scheme_end + 3, url.size);
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    return span_cut(rest, 0, end);
}

const char *config_values_check_url(struct span url, const char *const *schemes, size_t *ret_scheme)
{
    size_t end = span_find(url, SPAN("://"), 0), scheme = 0;
    struct span authority = authority_of(url, end);
    while (schemes[scheme] && !span_equal_nocase(span_cut(url, 0, end), span_of(schemes[scheme])))
        scheme++;
    *ret_scheme = scheme;
    if (end >= url.size)
        return "begins with no scheme";
    if (!schemes[scheme])
        return "has another scheme";
    if (span_find(authority, SPAN("@"), 0) < authority.size)
        return "carries a name or password, which would stand in every log";
    if (authority.size == 0 || authority.at[0] == ':')
        return "names no host";
    return span_find(url, SPAN(" "), 0) < url.size || url.size > 8192 ? "has a space in it or is too long"
                                                                      : NULL;
}

static void list_words(const char *const *words, const char *behind, char *text, size_t room)
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

static void read_url(const struct value *value)
{
    struct span url = value->node->text;
    char schemes[200];
    size_t scheme;
    if (!is_text(value))
        return;
    const char *wrong = url.size ? config_values_check_url(url, value->key->words, &scheme) : NULL;
    list_words(value->key->words, "://", schemes, sizeof(schemes));
    if (wrong)
        value_fault(value, "the URL %s: it begins with %s and a host", wrong, schemes);
    else
        keep_text(value, url);
}

/* HOST or HOST:PORT, an IPv6 address in brackets. */
static bool is_host_and_port(struct span text)
{
    size_t end =
        text.size && text.at[0] == '[' ? span_find(text, SPAN("]"), 0) + 1 : span_find(text, SPAN(":"), 0);
    struct span host = span_cut(text, 0, end), port = span_cut(text, end, text.size);
    uint64_t number = 1;
    if (host.size < 1 || host.size > 255 || end > text.size || (host.at[0] == '[' && host.size < 4))
        return false;
    for (size_t i = 0; i < host.size; i++)
        if (strchr(" /@,\"'", host.at[i]))
            return false;
    if (port.size && (port.at[0] != ':' || units_read_number(span_cut(port, 1, port.size), &number) < 0))
        return false;
    return number >= 1 && number <= 65535;
}

static void read_target(const struct value *value)
{
    struct span text = value->node->text;
    if (!is_text(value))
        return;
    size_t colon = span_find(text, SPAN(":"), 0);
    struct span scheme = span_cut(text, 0, colon), rest = span_cut(text, colon + 1, text.size);
    bool network =
        span_equal(scheme, SPAN("udp")) || span_equal(scheme, SPAN("tcp")) || span_equal(scheme, SPAN("tls"));
    if (span_equal(text, SPAN("local")) || (network && is_host_and_port(rest)) ||
        (span_equal(scheme, SPAN("unix")) && rest.size > 1 && rest.size < 108 && rest.at[0] == '/'))
        keep_text(value, text);
    else
        value_fault(
            value,
            "'%.*s' is no target: local, unix:/PATH, udp:HOST[:PORT], tcp:HOST[:PORT] or tls:HOST[:PORT]",
            shown(text), text.at);
}

/* An unknown zone would silently be UTC, and every quiet hour wrong. */
static void read_zone(const struct value *value)
{
    struct span text = value->node->text;
    char path[300];
    struct stat facts;
    const char *folder = getenv("TZDIR");
    if (!is_text(value))
        return;
    snprintf(path, sizeof(path), "%.150s/%.*s", folder ? folder : "/usr/share/zoneinfo", shown(text),
             text.at);
    bool known = text.size <= 100 && span_find(text, SPAN(".."), 0) == text.size && stat(path, &facts) == 0 &&
                 S_ISREG(facts.st_mode);
    if (text.size == 0 || span_equal(text, SPAN("UTC")) || (known && text.at[0] != '/'))
        keep_text(value, text);
    else
        value_fault(value,
                    "this machine knows no time zone '%.*s': like Europe/Kyiv, from the package tzdata",
                    shown(text), text.at);
}

/* ---- one of several words ---- */

static bool find_word(const struct value *value, size_t *ret_at)
{
    struct span text = value->node->text;
    struct suggest suggest = suggest_for(text);
    char words[300];
    if (!is_text(value))
        return false;
    for (size_t i = 0; value->key->words[i]; i++) {
        *ret_at = i;
        if (span_equal(text, span_of(value->key->words[i])))
            return true;
        suggest_offer(&suggest, span_of(value->key->words[i]));
    }
    struct span best = suggest_best(&suggest);
    list_words(value->key->words, "", words, sizeof(words));
    if (best.size)
        value_fault(value, "'%.*s' is not known; did you mean '%.*s'? It is %s", shown(text), text.at,
                    (int)best.size, best.at, words);
    else
        value_fault(value, "'%.*s' is not known; it is %s", shown(text), text.at, words);
    return false;
}

static void read_word(const struct value *value)
{
    size_t at;
    if (find_word(value, &at))
        keep_text(value, span_of(value->key->words[at]));
}

static void read_choice(const struct value *value)
{
    size_t at;
    if (find_word(value, &at))
        *(int *)value->field = (int)at;
}

static void read_boolean(const struct value *value)
{
    static const struct {
        struct span word;
        bool truth;
    } words[] = {{SPAN_CONSTANT("true"), true}, {SPAN_CONSTANT("yes"), true},
                 {SPAN_CONSTANT("on"), true},   {SPAN_CONSTANT("false"), false},
                 {SPAN_CONSTANT("no"), false},  {SPAN_CONSTANT("off"), false}};
    struct span text = value->node->text;
    if (!is_text(value))
        return;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (span_equal_nocase(text, words[i].word)) {
            *(bool *)value->field = words[i].truth;
            return;
        }
    value_fault(value, "'%.*s' is neither true nor false", shown(text), text.at);
}

/* ---- numbers ---- */

typedef int read_number_fn(struct span text, uint64_t *ret_number);

static bool read_bounded(const struct value *value, read_number_fn *read, const char *form,
                         uint64_t *ret_number)
{
    const struct config_key *key = value->key;
    struct span text = value->node->text;
    char least[CONFIG_KEY_PATH_BYTES], most[CONFIG_KEY_PATH_BYTES];
    uint64_t number = UINT64_MAX, bare;
    if (!is_text(value))
        return false;
    int result = read(text, &number);
    if (result == -EINVAL && units_read_number(text, &bare) == 0)
        value_fault(value, "'%.*s' has no unit: %s", shown(text), text.at, form);
    else if (result == -EINVAL)
        value_fault(value, "'%.*s' is none of its kind: %s", shown(text), text.at, form);
    else if (result == -ERANGE || number < key->least || number > key->most) {
        config_keys_bound(key, key->least, least);
        config_keys_bound(key, key->most, most);
        value_fault(value, "'%.*s' is out of bounds: from %s to %s", shown(text), text.at, least, most);
    } else {
        *ret_number = number;
        return true;
    }
    return false;
}

#define DURATION_FORM "a whole number and s, m, h, d or w, like 90s, 5m, 2h or 1d"

static void read_number(const struct value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_number, "a whole number", &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_percent(const struct value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_percent, "a whole number and %, like 10%", &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_duration(const struct value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_duration, DURATION_FORM, &number))
        *(uint32_t *)value->field = (uint32_t)number;
}

static void read_days(const struct value *value)
{
    uint64_t number;
    if (!read_bounded(value, units_read_duration, DURATION_FORM, &number))
        return;
    if (number % 86400)
        value_fault(value, "'%.*s' are no whole days", shown(value->node->text), value->node->text.at);
    else
        *(uint32_t *)value->field = (uint32_t)(number / 86400);
}

static void read_bytes(const struct value *value)
{
    uint64_t number;
    if (read_bounded(value, units_read_bytes, "a whole number and k, M, G or T, like 500M or 2G", &number))
        *(uint64_t *)value->field = number;
}

/* ---- lists ---- */

/* Calls `read` for each entry with a field of its own, and adds what came of it to the list. One value stands
 * for a list of one. */
static void read_each(const struct value *value, read_value_fn *read)
{
    const struct tree_node *list = value->node;
    const struct tree_node *node = list->kind == TREE_LIST ? list->first : list;
    const struct span **field = value->field;
    size_t room = *value->count + (list->kind == TREE_LIST ? list->count : 1), count = *value->count;
    struct span *kept = arena_alloc(&value->reader->config->arena, room + 1, sizeof(*kept));
    if (!kept) {
        value->reader->error = -ENOMEM;
        return;
    }
    if (count)
        memcpy(kept, *field, count * sizeof(*kept));
    for (; node; node = list->kind == TREE_LIST ? node->next : NULL) {
        struct span text = {NULL, 0};
        read(&(struct value){value->reader, node, value->key, &text, NULL});
        if (text.at)
            kept[count++] = text;
    }
    *field = kept;
    *value->count = count;
}

static bool is_list(const struct value *value)
{
    const struct tree_node *node = value->node;
    if (node->kind == TREE_MAP)
        value_fault(value, "a list is wanted: lines that begin with '- '");
    else if (node->count > CONFIG_LISTS && value->key->type != KEY_URLS)
        value_fault(value, "more than %d entries", CONFIG_LISTS);
    else
        return true;
    return false;
}

static void read_addresses(const struct value *value)
{
    if (is_list(value))
        read_each(value, read_address);
}

static void read_command(const struct value *value)
{
    const struct span *const *words = value->field;
    if (value->node->kind != TREE_LIST || value->node->count == 0) {
        value_fault(value, "a list of words is wanted, like [/usr/local/bin/page-someone, --urgent]: no "
                           "shell takes a line apart");
        return;
    }
    if (!is_list(value))
        return;
    read_each(value, read_text);
    if (*value->count == 0)
        return;
    struct span program = **words;
    if (program.size == 0 || program.at[0] != '/')
        value_fault(value, "the program is an absolute path, not '%.*s'", shown(program), program.at);
    else if (value->reader->with_files && access(program.at, X_OK) < 0)
        value_fault(value, "%.*s cannot be run: %s", shown(program), program.at, strerror(errno));
}

static void read_windows(const struct value *value)
{
    const struct tree_node *list = value->node;
    const struct tree_node *node = list->kind == TREE_LIST ? list->first : list;
    struct config_windows *field = value->field;
    struct config_window *kept = arena_alloc(&value->reader->config->arena, CONFIG_WINDOWS, sizeof(*kept));
    size_t count = 0;
    if (!kept)
        value->reader->error = -ENOMEM;
    if (!kept || !is_list(value))
        return;
    for (; node && count < CONFIG_WINDOWS; node = list->kind == TREE_LIST ? node->next : NULL) {
        struct value one = {value->reader, node, value->key, NULL, NULL};
        const char *wrong = is_text(&one) ? config_windows_parse(node->text, &kept[count]) : "";
        if (wrong && *wrong)
            value_fault(&one, "'%.*s' %s", shown(node->text), node->text.at, wrong);
        else if (!wrong) {
            kept[count].text = config_keep(value->reader, node->text);
            count++;
        }
    }
    if (node)
        value_fault(value, "more than %d windows", CONFIG_WINDOWS);
    *field = (struct config_windows){kept, count};
}

/* ---- names of sinks ---- */

static void add_sink(const struct value *value)
{
    const struct config *config = value->reader->config;
    struct span text = value->node->text;
    struct suggest suggest = suggest_for(text);
    if (!is_text(value))
        return;
    for (size_t i = 0; i < config->sink_count; i++) {
        suggest_offer(&suggest, config->sinks[i].name);
        if (span_equal(text, config->sinks[i].name)) {
            *(uint64_t *)value->field |= 1ull << i;
            return;
        }
    }
    struct span best = suggest_best(&suggest);
    if (value->reader->broken)
        return;
    if (best.size)
        value_fault(value, "there is no sink '%.*s'; did you mean '%.*s'?", shown(text), text.at, shown(best),
                    best.at);
    else
        value_fault(value, "there is no sink '%.*s' under sinks", shown(text), text.at);
}

static void read_sinks(const struct value *value)
{
    const struct tree_node *list = value->node;
    uint64_t sinks = 0;
    if (!is_list(value))
        return;
    if (list->kind == TREE_TEXT && span_equal(list->text, SPAN("all")) && value->reader->config->sink_count)
        sinks = UINT64_MAX >> (64 - value->reader->config->sink_count);
    else if (list->kind == TREE_TEXT && !span_equal(list->text, SPAN("all")))
        add_sink(&(struct value){value->reader, list, value->key, &sinks, NULL});
    for (const struct tree_node *node = list->first; node; node = node->next)
        add_sink(&(struct value){value->reader, node, value->key, &sinks, NULL});
    *(uint64_t *)value->field = sinks;
}

/* ---- pages ---- */

static void tell_line(void *context, const char *text)
{
    const struct value *value = context;
    config_fault_told(value->reader, value->node, text);
}

static void tell_url(void *context, const char *text)
{
    const struct value *value = context;
    value_fault(value, "%s", text);
}

static void check_count(const struct value *value, int result)
{
    const struct page_list *list = &value->reader->config->list;
    if (result == -ENOMEM && list->count >= PAGELIST_PAGES)
        value_fault(value, "more than %d pages", PAGELIST_PAGES);
    else if (result == -ENOMEM)
        value->reader->error = -ENOMEM;
    else if (result < 0 && result != -EINVAL)
        value_fault(value, "the list cannot be read: %s", strerror(-result));
}

static FILE *open_list(const struct value *value, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat facts;
    if (descriptor >= 0 && fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode))
        return fdopen(descriptor, "re");
    int error = errno;
    value_fault(value, "the list %s cannot be read: %s", path,
                descriptor < 0 ? strerror(error) : "it is no ordinary file");
    if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

static void read_list(const struct value *value)
{
    struct page_list *list = &value->reader->config->list;
    struct span path = is_text(value) ? absolute(value) : (struct span){NULL, 0};
    FILE *stream = path.at && value->reader->with_files ? open_list(value, path.at) : NULL;
    if (path.at)
        *(struct span *)value->field = path;
    if (!stream)
        return;
    list->group = value->reader->group;
    check_count(value, page_list_read(list, stream, path.at, tell_line,
                                      &(struct value){value->reader, value->node, value->key, NULL, NULL}));
    fclose(stream);
}

static void read_inline(const struct value *value)
{
    struct page_list *list = &value->reader->config->list;
    struct value told = *value;
    if (!is_text(value))
        return;
    keep_text(value, value->node->text);
    list->group = value->reader->group;
    check_count(value, page_list_add_line(list, value->node->text, value->node->file->name, value->node->line,
                                          tell_url, &told));
}

static void read_lists(const struct value *value)
{
    if (is_list(value))
        read_each(value, read_list);
}

static void read_urls(const struct value *value)
{
    if (is_list(value))
        read_each(value, read_inline);
}

/* ---- all types ---- */

static read_value_fn *const readers[KEY_TYPE_COUNT] = {
    [KEY_TEXT] = read_text,         [KEY_PATH] = read_path,
    [KEY_SECRET] = read_secret,     [KEY_URL] = read_url,
    [KEY_TARGET] = read_target,     [KEY_ADDRESS] = read_address,
    [KEY_ZONE] = read_zone,         [KEY_WORD] = read_word,
    [KEY_CHOICE] = read_choice,     [KEY_BOOLEAN] = read_boolean,
    [KEY_NUMBER] = read_number,     [KEY_PERCENT] = read_percent,
    [KEY_DURATION] = read_duration, [KEY_DAYS] = read_days,
    [KEY_BYTES] = read_bytes,       [KEY_ADDRESSES] = read_addresses,
    [KEY_COMMAND] = read_command,   [KEY_LISTS] = read_lists,
    [KEY_URLS] = read_urls,         [KEY_WINDOWS] = read_windows,
    [KEY_SINKS] = read_sinks,
};

void config_values_read(struct config_reader *reader, const struct tree_node *node,
                        const struct config_key *key, void *base)
{
    struct value value = {reader, node, key, (char *)base + key->offset, NULL};
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
