/* Reading the list of pages; see pagelist.h. */
#include "config/pagelist.h"

#include "base/address.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "config/units.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

enum { LIST_BYTES = 256 << 20, INTERVAL_MOST_S = 7 * 86400, WEIGHT_MOST = 10 };

struct place {
    const char *name;   /* of the list, NULL where errors carry no place */
    struct span source; /* in the list's arena */
    unsigned line;
    page_list_error_fn *tell;
    void *context;
};

static void tell(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(const struct place *place, const char *format, ...)
{
    char what[600];
    char text[900];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (place->name)
        snprintf(text, sizeof(text), "%.250s:%u: %s", place->name, place->line, what);
    else
        snprintf(text, sizeof(text), "%s", what);
    place->tell(place->context, text);
}

struct page_list page_list_new(void)
{
    return (struct page_list){.arena = arena_new(LIST_BYTES)};
}

void page_list_free(struct page_list *list)
{
    arena_free(&list->arena);
    *list = page_list_new();
}

/* ---- one URL ---- */

/* The host of an absolute URL, without user, port and brackets. */
static struct span host_of(struct span url)
{
    size_t start = span_find(url, SPAN("://"), 0) + 3;
    struct span rest = span_cut(url, start, url.size);
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    struct span host = span_cut(rest, 0, end);
    size_t at = span_find(host, SPAN("@"), 0);
    if (at < host.size)
        host = span_cut(host, at + 1, host.size);
    if (host.size && host.at[0] == '[')
        return span_cut(host, 1, span_find(host, SPAN("]"), 0));
    return span_cut(host, 0, span_find(host, SPAN(":"), 0));
}

/* The operator wrote a local name or a numeric address: that is where this page is, and nobody else decided
 * it. */
static bool is_local(struct span host)
{
    char text[64];
    if (span_equal_nocase(host, SPAN("localhost")) ||
        (host.size > 10 && span_equal_nocase(span_cut(host, host.size - 10, host.size), SPAN(".localhost"))))
        return true;
    if (host.size >= sizeof(text))
        return false;
    snprintf(text, sizeof(text), "%.*s", (int)host.size, host.at);
    return address_is_numeric(text) && !address_text_is_public(text);
}

static bool has_password(struct span url)
{
    struct span rest = span_cut(url, span_find(url, SPAN("://"), 0) + 3, url.size);
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    return span_find(span_cut(rest, 0, end), SPAN("@"), 0) < end;
}

/* An option that lost its URL, or a scheme of another kind, is no host. */
static bool is_host(struct span host)
{
    for (size_t i = 0; i < host.size; i++)
        if (strchr("=()'\"<>;,!*|", host.at[i]))
            return false;
    return host.size > 0;
}

/* Behind the host stands no colon, or one with digits: javascript:void(0) has a host by its looks. */
static bool has_port_or_none(struct span url)
{
    struct span host = host_of(url);
    size_t at = (size_t)(host.at + host.size - url.at);
    at += at < url.size && url.at[at] == ']';
    if (at + 1 >= url.size || url.at[at] != ':')
        return true;
    return (url.at[at + 1] >= '0' && url.at[at + 1] <= '9') || url.at[at + 1] == '/';
}

static const char *what_is_wrong(struct span url)
{
    if (!utf8_valid(url))
        return "it is not UTF-8";
    for (size_t at = 0; at < url.size;) {
        uint32_t character = utf8_next(url, &at);
        if (character == ' ' || utf8_is_steering(character))
            return "it has a space or an invisible character in it";
    }
    size_t scheme = span_find(url, SPAN("://"), 0);
    struct span name = span_cut(url, 0, scheme);
    if (!span_equal_nocase(name, SPAN("http")) && !span_equal_nocase(name, SPAN("https")))
        return "only http:// and https:// pages can be watched";
    if (has_password(url))
        return "a password in a URL would stand in every log; pages behind one are not watched";
    return is_host(host_of(url)) && has_port_or_none(url) ? NULL : "it names no host";
}

static struct span with_scheme(struct arena *arena, struct span url)
{
    if (span_find(url, SPAN("://"), 0) < url.size)
        return arena_copy(arena, url);
    char *at = arena_alloc(arena, url.size + 9, 1);
    if (!at)
        return (struct span){NULL, 0};
    memcpy(at, "https://", 8);
    memcpy(at + 8, url.at, url.size);
    return (struct span){at, url.size + 8};
}

/* The slot where this URL is or would be. */
static uint32_t *slot_of(const struct page_list *list, struct span url)
{
    size_t at = hash_span(url) & (list->slot_count - 1);
    while (list->slots[at] && !span_equal(list->pages[list->slots[at] - 1].url, url))
        at = (at + 1) & (list->slot_count - 1);
    return &list->slots[at];
}

size_t page_list_find(const struct page_list *list, struct span url)
{
    uint32_t slot = list->slot_count ? *slot_of(list, url) : 0;
    return slot ? slot - 1 : list->count;
}

/* Keeps the table at most half full. */
static int grow_slots(struct page_list *list)
{
    if (list->slot_count > list->count * 2)
        return 0;
    size_t count = list->slot_count ? list->slot_count * 2 : 64;
    uint32_t *slots = arena_alloc(&list->arena, count, sizeof(*slots));
    if (!slots)
        return -ENOMEM;
    list->slots = slots;
    list->slot_count = count;
    for (size_t i = 0; i < list->count; i++)
        *slot_of(list, list->pages[i].url) = (uint32_t)i + 1;
    return 0;
}

static int tell_double(const struct page *first, const struct place *place)
{
    tell(place, "%.300s stands in another group already, in %.200s line %u: a page belongs to one group",
         first->url.at, first->source.size ? first->source.at : "the list", first->line);
    return -EINVAL;
}

/* Adds a page whose URL is not in the list yet; one that is there already stays as it was. */
static int add_page(struct page_list *list, const struct page *page, const struct place *place)
{
    if (grow_slots(list) < 0 || list->count >= PAGELIST_PAGES)
        return -ENOMEM;
    uint32_t *slot = slot_of(list, page->url);
    if (*slot)
        return list->pages[*slot - 1].group == page->group ? 0 : tell_double(&list->pages[*slot - 1], place);
    struct page *pages = arena_grow(&list->arena, list->pages, list->count, &list->room, sizeof(*pages));
    if (!pages)
        return -ENOMEM;
    list->pages = pages;
    list->pages[list->count++] = *page;
    *slot = (uint32_t)list->count;
    return 0;
}

/* ---- options ---- */

static int set_interval(struct page *page, struct span value, const struct place *place)
{
    uint64_t seconds = 0;
    int result = units_read_duration(value, &seconds);
    if (result == 0 && seconds >= 1 && seconds <= INTERVAL_MOST_S) {
        page->interval_s = (uint32_t)seconds;
        return 0;
    }
    tell(place, "interval=%.*s is no interval: from 1s to 7d, like interval=90s or interval=5m",
         (int)utf8_prefix(value, 100).size, value.at);
    return -EINVAL;
}

static int set_weight(struct page *page, struct span value, const struct place *place)
{
    uint64_t weight = 0;
    if (units_read_number(value, &weight) == 0 && weight >= 1 && weight <= WEIGHT_MOST) {
        page->weight = (uint32_t)weight;
        return 0;
    }
    tell(place, "weight=%.*s is no weight: from 1 to %d", (int)utf8_prefix(value, 100).size, value.at,
         WEIGHT_MOST);
    return -EINVAL;
}

/* A name may stand in quotes, for its spaces. */
static int set_name(struct page *page, struct arena *arena, struct span value, const struct place *place)
{
    if (value.at[0] == '"') {
        if (value.size < 3 || value.at[value.size - 1] != '"') {
            tell(place, "name=%.*s begins with a quote and does not end with one",
                 (int)utf8_prefix(value, 100).size, value.at);
            return -EINVAL;
        }
        value = span_cut(value, 1, value.size - 1);
    }
    page->name = arena_copy(arena, value);
    return 0;
}

static int set_option(struct page *page, struct arena *arena, struct span word, const struct place *place)
{
    size_t equals = span_find(word, SPAN("="), 0);
    struct span key = span_cut(word, 0, equals);
    struct span value = span_cut(word, equals + 1, word.size);
    if (span_equal(key, SPAN("name")) && value.size)
        return set_name(page, arena, value, place);
    if (span_equal(key, SPAN("allow"))) {
        page->allow_private = span_equal(value, SPAN("private"));
        if (page->allow_private)
            return 0;
        tell(place, "allow=%.*s is not known: the only value is allow=private", (int)value.size, value.at);
        return -EINVAL;
    }
    if (span_equal(key, SPAN("interval")))
        return set_interval(page, value, place);
    if (span_equal(key, SPAN("weight")))
        return set_weight(page, value, place);
    tell(place,
         "'%.*s' is no option: a URL may be followed by name=TEXT, allow=private, interval=TIME and "
         "weight=N; one "
         "URL a line",
         (int)word.size, word.at);
    return -EINVAL;
}

/* The next word: up to a space, for an option up to one that stands in no quotes. An address has none: it
 * would take the options behind it along. */
static bool next_word(struct span *rest, bool option, struct span *ret_word)
{
    bool quoted = false;
    size_t start = 0, end;
    while (start < rest->size && rest->at[start] == ' ')
        start++;
    for (end = start; end < rest->size && (quoted || rest->at[end] != ' '); end++)
        quoted ^= option && rest->at[end] == '"';
    *ret_word = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end, rest->size);
    return ret_word->size > 0;
}

static int add_line(struct page_list *list, struct span line, const struct place *place)
{
    struct span rest = line;
    struct span word = {NULL, 0};
    struct page page = {.line = place->line, .source = place->source, .group = list->group};
    int result = 0;
    while (result == 0 && next_word(&rest, page.url.size > 0, &word)) {
        if (page.url.size == 0)
            page.url = with_scheme(&list->arena, word);
        else
            result = set_option(&page, &list->arena, word, place);
    }
    if (result < 0)
        return result;
    const char *wrong = what_is_wrong(page.url);
    if (wrong) {
        struct span shown = has_password(page.url) ? host_of(page.url) : span_cut(page.url, 0, 200);
        tell(place, "'%.*s' cannot be watched: %s", (int)shown.size, shown.at, wrong);
        return -EINVAL;
    }
    if (is_local(host_of(page.url)))
        page.allow_private = true;
    return add_page(list, &page, place);
}

int page_list_add(struct page_list *list, struct span url, page_list_error_fn *tell_fn, void *context)
{
    struct place place = {.tell = tell_fn, .context = context};
    if (span_find(url, SPAN(" "), 0) < url.size) {
        tell(&place, "'%.*s' cannot be watched: it has a space in it", (int)url.size, url.at);
        return -EINVAL;
    }
    return add_line(list, url, &place);
}

/* ---- the file ---- */

static struct span without_comment(struct span line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.at[i] == '#' && (i == 0 || line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
            return span_cut(line, 0, i);
    return line;
}

/* The name of a source, copied once for all its pages. */
static struct span source_of(struct page_list *list, struct span name)
{
    struct span last = list->count ? list->pages[list->count - 1].source : (struct span){NULL, 0};
    return span_equal(last, name) ? last : arena_copy(&list->arena, name);
}

int page_list_add_line(struct page_list *list, struct span text, struct span source, unsigned line,
                       page_list_error_fn *tell_fn, void *context)
{
    struct place place = {NULL, source_of(list, source), line, tell_fn, context};
    struct span rest = span_trim(without_comment(text));
    if (list->arena.failed)
        return -ENOMEM;
    if (rest.size)
        return add_line(list, rest, &place);
    tell(&place, "a page is wanted, like https://ministry.example/");
    return -EINVAL;
}

static void tabs_to_spaces(char *text)
{
    for (; *text; text++)
        if (*text == '\t')
            *text = ' ';
}

int page_list_read(struct page_list *list, FILE *stream, const char *name, page_list_error_fn *tell_fn,
                   void *context)
{
    struct place place = {name, source_of(list, span_of(name)), 0, tell_fn, context};
    char *text = NULL;
    size_t room = 0;
    int result = 0;
    ssize_t size;
    errno = 0;
    while (result == 0 && (size = getline(&text, &room, stream)) >= 0) {
        place.line++;
        struct span line = {text, (size_t)size};
        if (place.line == 1 && span_starts(line, SPAN("\xEF\xBB\xBF")))
            line = span_cut(line, 3, line.size);
        if (line.size > PAGELIST_LINE_BYTES || memchr(text, '\0', (size_t)size)) {
            tell(&place, "the line is %s: is this a list of URLs?",
                 line.size > PAGELIST_LINE_BYTES ? "too long" : "no text");
            list->bad_lines++;
            continue;
        }
        tabs_to_spaces(text);
        line = span_trim(without_comment(line));
        if (line.size)
            result = add_line(list, line, &place);
        if (result == -EINVAL) {
            list->bad_lines++;
            result = 0;
        }
    }
    if (result == 0 && ferror(stream))
        result = errno ? -errno : -EIO;
    free(text);
    return result;
}
