/* See markup.h. */
#include "pipeline/evidence/markup.h"

#include "base/defang.h"
#include "base/utf8.h"

#include <openssl/evp.h>

enum { DEFANG_BYTES = 1 << 20 };

void markup_add(struct buf *out, const char *markup)
{
    buf_add_text(out, markup);
}

static const char *entity(uint32_t character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '`': return "&#96;";
    default: return NULL;
    }
}

static void add_character(struct buf *out, uint32_t character)
{
    char bytes[4];
    const char *name = entity(character);
    if (name)
        buf_add_text(out, name);
    else
        buf_add(out, bytes, utf8_put(character, bytes));
}

void markup_text(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t character = utf8_next(text, &at);
        if (character == '\n' || !utf8_is_steering(character))
            add_character(out, character);
        else
            buf_add_format(out, "<b class=\"x\">U+%04X</b>", (unsigned)character);
    }
}

void markup_attribute(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t character = utf8_next(text, &at);
        add_character(out, utf8_is_steering(character) ? UTF8_REPLACEMENT : character);
    }
}

void markup_defanged(struct buf *out, struct span url)
{
    buf_auto safe = buf_new(DEFANG_BYTES);
    defang_add(&safe, url);
    out->failed |= safe.failed;
    markup_text(out, buf_span(&safe));
}

void markup_base64(struct buf *out, struct span bytes)
{
    size_t size = (bytes.size + 2) / 3 * 4;
    if (bytes.size > INT32_MAX || !buf_reserve(out, size + 1)) /* it writes a NUL behind */
        return;
    EVP_EncodeBlock((unsigned char *)out->at + out->size, (const unsigned char *)bytes.at, (int)bytes.size);
    out->size += size;
}
