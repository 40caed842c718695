/* See cdxj.h. */
#include "pipeline/evidence/cdxj.h"

#include <stdio.h>
#include <stdlib.h>

static char lower(char letter)
{
    return (char)(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
}

static void add_lower(struct span text, struct buf *out)
{
    for (size_t i = 0; i < text.size; i++)
        buf_add_byte(out, lower(text.at[i]));
}

/* "www." and "www2." in front say nothing. */
static struct span without_www(struct span host)
{
    size_t at = 3;
    if (!span_equal_nocase(span_cut(host, 0, 3), SPAN("www")))
        return host;
    while (at < host.size && host.at[at] >= '0' && host.at[at] <= '9')
        at++;
    return at < host.size && host.at[at] == '.' ? span_cut(host, at + 1, host.size) : host;
}

static bool is_address(struct span host)
{
    bool digits = host.size > 0;
    for (size_t i = 0; i < host.size; i++)
        digits = digits && ((host.at[i] >= '0' && host.at[i] <= '9') || host.at[i] == '.');
    return digits || (host.size && host.at[0] == '[');
}

static void add_host(struct span host, struct buf *out)
{
    size_t end = host.size;
    if (is_address(host)) {
        add_lower(host, out);
        return;
    }
    for (size_t at = host.size + 1; at-- > 0;) {
        if (at > 0 && host.at[at - 1] != '.')
            continue;
        if (end < host.size)
            buf_add_byte(out, ',');
        add_lower(span_cut(host, at, end), out);
        end = at ? at - 1 : 0;
    }
}

static int compare_spans(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Parameters in order, each once as often as it stands there. */
static void add_query(struct span query, struct buf *out)
{
    enum { MOST = 64 };
    struct span parts[MOST], rest = query;
    size_t count = 0;
    while (count < MOST && span_next(&rest, '&', &parts[count]))
        count++;
    if (count == MOST) { /* too many to be told apart by anybody */
        add_lower(query, out);
        return;
    }
    buf_auto small = buf_new(query.size + 1);
    add_lower(query, &small);
    rest = buf_span(&small);
    count = 0;
    while (count < MOST && span_next(&rest, '&', &parts[count]))
        count++;
    qsort(parts, count, sizeof(parts[0]), compare_spans);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_byte(out, '&');
        buf_add_span(out, parts[i]);
    }
}

void cdxj_key(struct span url, struct buf *out)
{
    bool https = span_starts(url, SPAN("https://"));
    if (!https && !span_starts(url, SPAN("http://"))) {
        add_lower(url, out);
        return;
    }
    struct span rest = span_cut(url, https ? 8 : 7, url.size);
    size_t path = 0;
    while (path < rest.size && !strchr("/?#", rest.at[path]))
        path++;
    struct span authority = span_cut(rest, 0, path), user;
    rest = span_cut(rest, path, span_find(rest, SPAN("#"), path));
    while (span_find(authority, SPAN("@"), 0) < authority.size)
        span_next(&authority, '@', &user);
    size_t port = authority.size;
    while (port > 0 && authority.at[port - 1] >= '0' && authority.at[port - 1] <= '9')
        port--;
    bool has_port = port > 1 && authority.at[port - 1] == ':';
    struct span number = has_port ? span_cut(authority, port, authority.size) : (struct span){NULL, 0};
    add_host(without_www(has_port ? span_cut(authority, 0, port - 1) : authority), out);
    if (number.size && !span_equal(number, https ? SPAN("443") : SPAN("80"))) {
        buf_add_byte(out, ':');
        buf_add_span(out, number);
    }
    buf_add_byte(out, ')');
    size_t query = span_find(rest, SPAN("?"), 0);
    struct span folder = span_cut(rest, 0, query);
    while (folder.size > 1 && folder.at[folder.size - 1] == '/')
        folder.size--;
    if (folder.size)
        add_lower(folder, out);
    else
        buf_add_byte(out, '/');
    if (query + 1 < rest.size) {
        buf_add_byte(out, '?');
        add_query(span_cut(rest, query + 1, rest.size), out);
    }
}

/* ---- lines ---- */

/* Addresses are URIs by now, media types printable ASCII: a quote and a backslash are all there is to escape.
 */
static void add_member(struct buf *out, const char *name, struct span value)
{
    buf_add_format(out, "\"%s\": \"", name);
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"' || value.at[i] == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, value.at[i]);
    }
    buf_add_byte(out, '"');
}

void cdxj_add(struct cdxj *index, const struct cdxj_record *record)
{
    struct buf *out = &index->lines;
    cdxj_key(record->url, out);
    buf_add_format(out, " %s {", record->time);
    add_member(out, "url", record->url);
    buf_add_text(out, ", ");
    add_member(out, "mime", record->mime);
    if (record->status)
        buf_add_format(out, ", \"status\": \"%u\"", record->status);
    buf_add_text(out, ", ");
    add_member(out, "digest", record->digest);
    buf_add_format(out, ", \"length\": \"%llu\", \"offset\": \"%llu\", ", (unsigned long long)record->length,
                   (unsigned long long)record->offset);
    add_member(out, "filename", index->file);
    buf_add_text(out, ", ");
    add_member(out, "id", record->id);
    buf_add_text(out, "}\n");
}

bool cdxj_end(const struct cdxj *index, struct buf *out)
{
    struct span rest = buf_span(&index->lines), line;
    size_t count = 0;
    while (span_next(&rest, '\n', &line))
        count += line.size > 0;
    struct span *lines = calloc(count + 1, sizeof(*lines));
    if (!lines || index->lines.failed) {
        free(lines);
        return false;
    }
    rest = buf_span(&index->lines);
    for (size_t i = 0; i < count && span_next(&rest, '\n', &line);)
        if (line.size)
            lines[i++] = line;
    qsort(lines, count, sizeof(*lines), compare_spans);
    for (size_t i = 0; i < count; i++) {
        buf_add_span(out, lines[i]);
        buf_add_byte(out, '\n');
    }
    free(lines);
    return !out->failed;
}

struct span cdxj_member(struct span line, const char *name)
{
    char mark[32];
    snprintf(mark, sizeof(mark), "\"%.20s\": \"", name);
    size_t at = span_find(line, span_of(mark), 0) + strlen(mark);
    if (at > line.size)
        return (struct span){NULL, 0};
    return span_cut(line, at, span_find(line, SPAN("\""), at));
}
