/* See safe_text.h. */
#include "base/safe_text.h"

#include "base/utf8.h"

void safe_text_add(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        buf_add(out, bytes, utf8_put(utf8_is_steering(character) ? ' ' : character, bytes));
    }
}

void safe_text_add_cut(struct buf *out, struct span text, size_t size)
{
    struct span part = utf8_words(text, size);
    safe_text_add(out, part);
    if (part.size < text.size)
        buf_add_text(out, "…");
}
