/* See json_writer.h. */
#include "base/json_writer.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Line feeds and spaces that jansson lays out with are not the attacker's: inside strings it escapes them. */
static bool is_layout(uint32_t character)
{
    return character == '\n';
}

void json_writer_add(const json_t *value, size_t flags, struct buf *out)
{
    bool exact = flags & JSON_REAL_PRECISION(31);
    char *dump = json_dumps(value, exact ? flags : flags | JSON_REAL_PRECISION(6));
    struct span text = span_of(dump);
    if (!dump)
        out->failed = true;
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        uint32_t character = utf8_next(text, &at);
        if (!utf8_is_steering(character) || is_layout(character))
            buf_add_span(out, span_cut(text, start, at));
        else if (character < 0x10000)
            buf_add_format(out, "\\u%04X", (unsigned)character);
        else
            buf_add_format(out, "\\u%04X\\u%04X", (unsigned)(0xD7C0 + (character >> 10)),
                           (unsigned)(0xDC00 + (character & 0x3FF)));
    }
    free(dump);
}

json_t *json_writer_text(struct span text)
{
    json_t *string = json_stringn(text.size ? text.at : "", text.size);
    if (string)
        return string;
    buf_auto clean = buf_new(text.size * 3 + 1);
    utf8_add_clean(&clean, text);
    return clean.failed ? NULL : json_stringn(clean.at ? clean.at : "", clean.size);
}
