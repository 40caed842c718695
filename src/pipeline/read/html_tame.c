/*
 * A parser with a stack of open elements searches it for most end tags, and compares every attribute of a tag
 * with those before it: 100,000 nested tags or a million attributes cost minutes. Browsers stop nesting at
 * 512; here the start tags beyond are overwritten with spaces in a copy. The count is a bound, not a parse:
 * tags that close themselves by the rules (p, li, td …) are not counted, every other one is until its own end
 * tag comes.
 */
#include "pipeline/read/html_tame.h"

#include "pipeline/read/read_limits.h"

enum { NAME_SLOTS = 256, NAME_BYTES = 24 };

struct taming {
    struct span text;
    struct html_tame *out;
    uint32_t open[NAME_SLOTS]; /* open elements by hash of their name */
    uint32_t depth;
    uint32_t in_svg;
};

static bool is_name_byte(char byte)
{
    return byte != '>' && byte != '/' && byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r' &&
           byte != '\f';
}

/* The name of a tag in small letters; longer ones are cut, which only makes them share a count. */
static size_t take_name(struct span text, size_t at, char name[NAME_BYTES])
{
    size_t size = 0;
    while (at + size < text.size && size < NAME_BYTES - 1 && is_name_byte(text.at[at + size])) {
        char byte = text.at[at + size];
        name[size++] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    }
    name[size] = '\0';
    return size;
}

static bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (list[0][0] == name[0] && strcmp(*list, name) == 0)
            return true;
    return false;
}

/* No content, or closed by the next of their kind. */
static bool closes_itself(const char *name)
{
    static const char *const names[] = {
        "a",     "area",   "base",  "br", "col",   "dd",    "dt",    "embed", "h1",    "h2",     "h3",
        "h4",    "h5",     "h6",    "hr", "img",   "input", "li",    "link",  "meta",  "option", "p",
        "param", "source", "tbody", "td", "tfoot", "th",    "thead", "tr",    "track", "wbr",    NULL};
    return one_of(name, names);
}

static bool is_raw(const char *name)
{
    static const char *const names[] = {"iframe",   "noembed", "noframes", "script", "style",
                                        "textarea", "title",   "xmp",      NULL};
    return one_of(name, names);
}

/* Ordinary elements end svg and math when they turn up inside. */
static bool breaks_out(const char *name)
{
    static const char *const names[] = {
        "b",  "blockquote", "body",  "br",   "center", "dd",  "div", "dl",    "dt", "em",   "h1",   "h2",
        "h3", "h4",         "h5",    "h6",   "head",   "hr",  "i",   "img",   "li", "menu", "meta", "ol",
        "p",  "pre",        "small", "span", "strong", "sub", "sup", "table", "u",  "ul",   NULL};
    return one_of(name, names);
}

static uint8_t slot_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return (uint8_t)(hash ^ hash >> 8 ^ hash >> 16);
}

static bool copy_once(struct taming *taming)
{
    struct buf *copy = &taming->out->copy;
    return copy->at ? !copy->failed : buf_add_span(copy, taming->text);
}

static void blank(struct taming *taming, size_t from, size_t to)
{
    if (copy_once(taming) && to > from)
        memset(taming->out->copy.at + from, ' ', to - from);
}

/* The offset of the '>' that ends the tag. `*ret_cut` is where attribute READ_TAG_ATTRIBUTES + 1 begins, or
 * the end. */
static size_t scan_tag(struct span text, size_t at, size_t *ret_cut)
{
    size_t count = 0;
    *ret_cut = 0;
    for (bool between = true, value = false; at < text.size && text.at[at] != '>'; at++) {
        char byte = text.at[at];
        if (!is_name_byte(byte)) {
            between = true;
        } else if (value && (byte == '"' || byte == '\'')) {
            const char *end = memchr(text.at + at + 1, byte, text.size - at - 1);
            at = end ? (size_t)(end - text.at) : text.size - 1;
            between = true;
            value = false;
        } else if (byte == '=') {
            value = true;
            between = false;
        } else {
            if (between && !value && ++count == READ_TAG_ATTRIBUTES + 1)
                *ret_cut = at;
            between = value = false;
        }
    }
    if (*ret_cut == 0)
        *ret_cut = at;
    return at;
}

/* Behind the end tag of an element whose content is no markup; where the text ends when there is none. */
static size_t skip_raw(struct span text, size_t at, const char *name)
{
    size_t size = strlen(name);
    while ((at = span_find(text, SPAN("</"), at)) < text.size) {
        if (span_equal_nocase(span_cut(text, at + 2, at + 2 + size), (struct span){name, size}))
            return at;
        at += 2;
    }
    return text.size;
}

static void close_tag(struct taming *taming, const char *name)
{
    if (strcmp(name, "svg") == 0 || strcmp(name, "math") == 0)
        taming->in_svg -= taming->in_svg > 0;
    uint32_t *open = &taming->open[slot_of(name)];
    if (*open == 0)
        return;
    (*open)--;
    taming->depth--;
}

/* Counts a start tag; returns false when it lies too deep. */
static bool open_tag(struct taming *taming, const char *name, bool slash)
{
    bool svg = strcmp(name, "svg") == 0 || strcmp(name, "math") == 0;
    if (taming->in_svg && breaks_out(name))
        taming->in_svg = 0;
    if (taming->in_svg || svg ? slash : closes_itself(name) || is_raw(name))
        return true;
    if (taming->depth >= READ_DEPTH)
        return false;
    taming->in_svg += svg;
    taming->open[slot_of(name)]++;
    taming->depth++;
    return true;
}

static size_t start_tag(struct taming *taming, size_t at)
{
    char name[NAME_BYTES];
    size_t cut;
    size_t size = take_name(taming->text, at + 1, name);
    size_t end = scan_tag(taming->text, at + 1 + size, &cut);
    bool slash = end > 0 && taming->text.at[end - 1] == '/';
    if (!open_tag(taming, name, slash)) {
        blank(taming, at, end < taming->text.size ? end + 1 : end);
        taming->out->tags++;
    } else if (cut < end) {
        blank(taming, cut, slash ? end - 1 : end);
        taming->out->attributes++;
    }
    if (strcmp(name, "plaintext") == 0)
        return taming->text.size;
    return is_raw(name) && !taming->in_svg ? skip_raw(taming->text, end, name) : end;
}

/* Behind a comment, which "-->" ends and "--!>" too. */
static size_t skip_comment(struct span text, size_t at)
{
    for (at += 2; (at = span_find(text, SPAN("--"), at)) < text.size; at++) {
        struct span end = span_cut(text, at + 2, at + 4);
        if (span_starts(end, SPAN(">")) || span_starts(end, SPAN("!>")))
            return at + 2;
    }
    return text.size;
}

/* What stands behind a '<'; returns where to go on looking for the next. */
static size_t step(struct taming *taming, size_t at)
{
    struct span text = taming->text;
    char next = at + 1 < text.size ? text.at[at + 1] : '\0';
    if ((next | 32) >= 'a' && (next | 32) <= 'z')
        return start_tag(taming, at);
    if (next == '/') {
        char name[NAME_BYTES];
        take_name(text, at + 2, name);
        close_tag(taming, name);
        return at + 2;
    }
    if (next == '!' && span_starts(span_cut(text, at, text.size), SPAN("<!--")))
        return skip_comment(text, at);
    return at + 1;
}

struct span html_tame(struct span text, struct html_tame *ret_tame)
{
    *ret_tame = (struct html_tame){.copy = buf_new(READ_UTF8_BYTES)};
    struct taming taming = {.text = text, .out = ret_tame};
    for (size_t at = 0; at < text.size;) {
        const char *mark = memchr(text.at + at, '<', text.size - at);
        if (!mark)
            break;
        at = step(&taming, (size_t)(mark - text.at));
    }
    return ret_tame->copy.at || ret_tame->copy.failed ? buf_span(&ret_tame->copy) : text;
}
