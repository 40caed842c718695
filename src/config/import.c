/* See import.h. */
#include "config/import.h"

#include "base/utf8.h"
#include "config/yaml_tree.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* One taking over. */
struct import {
    const char *name;
    page_list_error_fn *tell;
    void *context;
    struct buf *out;
    struct page_list seen;
    struct import_sum sum;
    unsigned line;   /* of what is being taken over */
    unsigned offset; /* lines before the document that lines are counted in */
};

static void tell(const struct import *import, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(const struct import *import, unsigned line, const char *format, ...)
{
    char what[600], text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    snprintf(text, sizeof(text), "%.250s:%u: %s", import->name, import->offset + line, what);
    import->tell(import->context, text);
}

static void on_bad_page(void *context, const char *text)
{
    const struct import *import = context;
    tell(import, import->line, "%s; left out", text);
}

/* In quotes, without what a name in quotes cannot hold. */
static void put_name(struct buf *out, struct span name)
{
    name = utf8_prefix(span_trim(name), IMPORT_NAME_BYTES);
    if (name.size == 0)
        return;
    buf_add_text(out, " name=\"");
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.at[i];
        bool comment = byte == '#' && i > 0 && (unsigned char)name.at[i - 1] <= ' '; /* made a space */
        buf_add_byte(out, byte == '"' || comment ? '\'' : (unsigned char)byte < ' ' ? ' ' : byte);
    }
    buf_add_byte(out, '"');
}

/* Returns 0 or -ENOMEM; an address that cannot be watched is told and left out. */
static int put_page(struct import *import, unsigned line, struct span url, struct span name)
{
    size_t before = import->seen.count;
    import->line = line;
    int result = page_list_add(&import->seen, url, on_bad_page, import);
    if (result == -ENOMEM)
        return result;
    if (result < 0) {
        import->sum.left_out++;
        return 0;
    }
    if (import->seen.count == before) {
        import->sum.repeated++;
        return 0;
    }
    const struct page *page = &import->seen.pages[before];
    buf_add_span(import->out, page->url);
    put_name(import->out, name);
    if (page->allow_private)
        buf_add_text(import->out, " allow=private");
    buf_add_byte(import->out, '\n');
    import->sum.pages++;
    return import->out->failed ? -ENOMEM : 0;
}

static struct import import_begin(const char *name, page_list_error_fn *tell_fn, void *context,
                                  struct buf *out)
{
    return (struct import){name, tell_fn, context, out, page_list_new(), {0}, 0, 0};
}

/* ---- urlwatch ---- */

static void on_yaml_fault(void *context, const struct tree_file *file, uint32_t line, uint32_t column,
                          const char *what)
{
    (void)file;
    tell(context, line, "column %u: %s", column, what);
}

static const struct tree_node *entry(const struct tree_node *map, const char *key)
{
    for (const struct tree_node *one = map->first; one; one = one->next)
        if (span_equal(one->key, span_of(key)))
            return one;
    return NULL;
}

/* What a key that is not taken over was for; NULL for what makes no difference here. */
static const char *loss(struct span key)
{
    static const struct {
        const char *key, *what;
    } losses[] = {
        {"filter", "varta reads the whole page, and learns by itself what always changes"},
        {"diff_filter", "varta judges what is new as a whole"},
        {"data", "varta only asks with GET"},
        {"method", "varta only asks with GET"},
        {"cookies", "varta sends none"},
        {"headers", "varta sends its own"},
        {"user_agent", "set poll.contact and confirm.browser_agent instead"},
        {"http_proxy", "set the proxy of a group instead"},
        {"https_proxy", "set the proxy of a group instead"},
        {"ssl_no_verify", "a certificate that is not valid makes a page unavailable"},
        {"timeout", "set poll.timeout instead"},
        {"max_tries", "set confirm.outage_looks instead"},
    };
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
        if (span_equal(key, span_of(losses[i].key)))
            return losses[i].what;
    return NULL;
}

static int take_job(struct import *import, const struct tree_node *job)
{
    if (job->kind == TREE_MAP && !job->first)
        return 0;
    const struct tree_node *url = job->kind == TREE_MAP ? entry(job, "url") : NULL;
    const struct tree_node *name = job->kind == TREE_MAP ? entry(job, "name") : NULL;
    if (!url && job->kind == TREE_MAP)
        url = entry(job, "navigate");
    if (!url || url->kind != TREE_TEXT) {
        bool shell = job->kind == TREE_MAP && entry(job, "command");
        tell(import, job->line, "%s; left out",
             shell ? "a job that runs a command watches no page" : "a job without a url watches no page");
        import->sum.left_out++;
        return 0;
    }
    if (span_equal(url->key, SPAN("navigate")))
        tell(import, url->key_line, "navigate: the page is fetched without running its scripts");
    for (const struct tree_node *one = job->first; one; one = one->next)
        if (loss(one->key))
            tell(import, one->key_line, "%s is not taken over: %s", one->key.at, loss(one->key));
    struct span empty = {NULL, 0};
    return put_page(import, url->line, url->text, name && name->kind == TREE_TEXT ? name->text : empty);
}

static int take_document(struct import *import, struct span document)
{
    struct arena arena = arena_new(8 * IMPORT_BYTES);
    struct tree_file file = {.name = span_of(import->name), .folder = SPAN("")};
    struct tree_node *root;
    int result = yaml_tree_read(&arena, &file, document, on_yaml_fault, import, &root);
    if (result == 0 && root->kind == TREE_LIST)
        for (struct tree_node *job = root->first; job && result == 0; job = job->next)
            result = take_job(import, job);
    else if (result == 0)
        result = take_job(import, root);
    arena_free(&arena);
    if (result != -EINVAL)
        return result;
    import->sum.left_out++; /* told; the other documents stand for themselves */
    return 0;
}

static bool is_border(struct span line)
{
    return span_starts(line, SPAN("---")) &&
           (line.size == 3 || line.at[3] == ' ' || line.at[3] == '\r' || line.at[3] == '\t');
}

int import_urlwatch(struct span text, const char *name, page_list_error_fn *tell_fn, void *context,
                    struct buf *out, struct import_sum *ret_sum)
{
    struct import import = import_begin(name, tell_fn, context, out);
    struct span line, rest = text;
    const char *start = text.at;
    int result = 0;
    for (unsigned number = 1; result == 0 && span_next(&rest, '\n', &line); number++) {
        if (!is_border(line))
            continue;
        result = take_document(&import, (struct span){start, (size_t)(line.at - start)});
        start = rest.at;
        import.offset = number;
    }
    if (result == 0 && start)
        result = take_document(&import, (struct span){start, (size_t)(text.at + text.size - start)});
    page_list_free(&import.seen);
    *ret_sum = import.sum;
    return result == 0 && import.sum.left_out && import.sum.pages == 0 ? -EINVAL : result;
}

/* ---- tables ---- */

static bool is_separator(char byte)
{
    return byte == ',' || byte == ';' || byte == '\t' || byte == ' ' || byte == '\r';
}

/* The next field of a line; quotes around it are taken away. */
static bool next_field(struct span *rest, struct span *ret_field)
{
    size_t start = 0, end;
    while (start < rest->size && is_separator(rest->at[start]))
        start++;
    bool quoted = start < rest->size && rest->at[start] == '"';
    start += quoted;
    for (end = start; end < rest->size && (quoted ? rest->at[end] != '"' : !is_separator(rest->at[end]));
         end++)
        continue;
    *ret_field = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end + (quoted && end < rest->size), rest->size);
    return start < rest->size || ret_field->size > 0 || rest->size > 0;
}

static bool is_address(struct span field)
{
    return span_starts(field, SPAN("http://")) || span_starts(field, SPAN("https://"));
}

/* A bare host, when the line has no address. */
static bool is_host(struct span field)
{
    size_t dot = span_find(field, SPAN("."), 0);
    return dot > 0 && dot + 1 < field.size && span_find(field, SPAN("@"), 0) == field.size;
}

static int take_line(struct import *import, struct span line, unsigned number)
{
    struct span rest = span_trim(line), field, url = {NULL, 0}, name = {NULL, 0};
    if (rest.size == 0 || rest.at[0] == '#')
        return 0;
    for (struct span left = rest; !url.size && left.size && next_field(&left, &field);)
        url = is_address(field) ? field : url;
    for (struct span left = rest; !url.size && left.size && next_field(&left, &field);)
        url = is_host(field) ? field : url;
    for (struct span left = rest; !name.size && left.size && next_field(&left, &field);)
        name = field.size && field.at != url.at && field.at[0] != '#' && !is_address(field) ? field : name;
    if (url.size)
        return put_page(import, number, url, name);
    if (number == 1)
        return 0; /* the heads of a table */
    tell(import, number, "no address stands in this line; left out");
    import->sum.left_out++;
    return 0;
}

int import_table(struct span text, const char *name, page_list_error_fn *tell_fn, void *context,
                 struct buf *out, struct import_sum *ret_sum)
{
    struct import import = import_begin(name, tell_fn, context, out);
    size_t mark = span_starts(text, SPAN("\xEF\xBB\xBF")) ? 3 : 0; /* spreadsheets put one in front */
    struct span line, rest = span_cut(text, mark, text.size);
    int result = 0;
    for (unsigned number = 1; result == 0 && span_next(&rest, '\n', &line); number++)
        result = take_line(&import, line, number);
    page_list_free(&import.seen);
    *ret_sum = import.sum;
    return result == 0 && import.sum.left_out && import.sum.pages == 0 ? -EINVAL : result;
}
