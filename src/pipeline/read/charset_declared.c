/*
 * What character set a page says it has: the header's charset parameter, and meta elements as the WHATWG
 * prescan finds them, without a parser, in the first bytes.
 */
#include "pipeline/read/charset.h"
#include "pipeline/read/read_limits.h"

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static void skip_space(struct span text, size_t *at)
{
    while (*at < text.size && is_space(text.at[*at]))
        (*at)++;
}

/* The value behind "charset": = and a quoted or bare word. `at` stands behind the word "charset". */
static bool value_behind(struct span text, size_t at, struct span *ret_label)
{
    skip_space(text, &at);
    if (at >= text.size || text.at[at] != '=')
        return false;
    at++;
    skip_space(text, &at);
    if (at >= text.size)
        return false;
    char quote = text.at[at] == '"' || text.at[at] == '\'' ? text.at[at++] : '\0';
    size_t start = at;
    while (at < text.size && (quote ? text.at[at] != quote : !is_space(text.at[at]) && text.at[at] != ';'))
        at++;
    *ret_label = span_trim(span_cut(text, start, at));
    return ret_label->size > 0;
}

bool charset_of_content_type(struct span value, struct span *ret_label)
{
    for (size_t at = 0; (at = span_find_nocase(value, SPAN("charset"), at)) < value.size;) {
        at += sizeof("charset") - 1;
        if (value_behind(value, at, ret_label))
            return true;
    }
    return false;
}

/* The end of the tag that starts at `at`, quotes respected; text.size when it has none. */
static size_t tag_end(struct span text, size_t at)
{
    char quote = '\0';
    for (; at < text.size; at++) {
        char byte = text.at[at];
        if (quote)
            quote = byte == quote ? '\0' : quote;
        else if (byte == '>')
            return at;
        else if ((byte == '"' || byte == '\'') && at > 0 &&
                 (text.at[at - 1] == '=' || is_space(text.at[at - 1])))
            quote = byte;
    }
    return text.size;
}

/* A meta tag's declaration: charset="…", or content="…charset=…". Both are the word charset, = and a value;
 * in content the value ends at the outer quote too. */
static bool label_of_meta(struct span tag, struct span *ret_label)
{
    for (size_t at = 0; (at = span_find_nocase(tag, SPAN("charset"), at)) < tag.size;) {
        at += sizeof("charset") - 1;
        if (!value_behind(tag, at, ret_label))
            continue;
        size_t end = 0;
        while (end < ret_label->size && ret_label->at[end] != '"' && ret_label->at[end] != '\'')
            end++;
        *ret_label = span_cut(*ret_label, 0, end);
        if (ret_label->size > 0)
            return true;
    }
    return false;
}

static bool label_of_xml(struct span head, struct span *ret_label)
{
    if (!span_starts(head, SPAN("<?xml")))
        return false;
    struct span tag = span_cut(head, 0, span_find(head, SPAN("?>"), 0));
    size_t at = span_find(tag, SPAN("encoding"), 0);
    return at < tag.size && value_behind(tag, at + sizeof("encoding") - 1, ret_label);
}

static bool is_meta(struct span head, size_t at)
{
    struct span name = span_cut(head, at, at + 5);
    return span_equal_nocase(name, SPAN("<meta")) && at + 5 < head.size &&
           (is_space(head.at[at + 5]) || head.at[at + 5] == '/');
}

bool charset_declared(struct span body, struct span *ret_label)
{
    struct span head = span_cut(body, 0, READ_CHARSET_BYTES);
    for (size_t at = 0; at < head.size; at++) {
        at = span_find(head, SPAN("<"), at);
        if (at == head.size)
            break;
        struct span rest = span_cut(head, at, head.size);
        if (span_starts(rest, SPAN("<!--"))) {
            at = span_find(head, SPAN("-->"), at + 2);
            continue;
        }
        if (!is_meta(head, at))
            continue;
        size_t end = tag_end(head, at);
        if (label_of_meta(span_cut(head, at, end), ret_label))
            return true;
        at = end;
    }
    return label_of_xml(head, ret_label);
}
