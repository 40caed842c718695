/* The text a verdict's languages are told from. */
#include "base/utf8.h"
#include "pipeline/judge/judge.h"

#include <errno.h>

static bool shown(const struct change_block *block)
{
    return (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
}

static bool wanted(const struct change_block *block, bool only_new)
{
    if (!shown(block) || block->kind == CHANGE_GONE)
        return false;
    return !only_new || block->kind == CHANGE_NEW;
}

/* False when the limit is reached. A block that alone is longer than the limit is clipped. */
static bool add(struct buf *out, struct span text, size_t start, size_t limit)
{
    size_t used = out->size - start, mark = used ? 1 : 0;
    if (used + mark >= limit || (used && used + mark + text.size > limit))
        return false;
    if (used)
        buf_add_byte(out, '\n');
    buf_add_span(out, utf8_prefix(text, limit - used - mark));
    return true;
}

static size_t add_change(const struct change *change, size_t limit, bool only_new, struct buf *out)
{
    size_t start = out->size;
    for (size_t i = 0; i < change->block_count; i++)
        if (wanted(&change->blocks[i], only_new) && !add(out, change->blocks[i].text, start, limit))
            break;
    return out->size - start;
}

static bool add_title(const struct change *change, size_t limit, struct buf *out)
{
    return change->title_changed && change->new_title.size && add(out, change->new_title, out->size, limit);
}

int judge_message(const struct change *change, const struct reading *reading, size_t limit, struct buf *out)
{
    if (change) {
        if (!add_change(change, limit, true, out) && !add_title(change, limit, out))
            add_change(change, limit, false, out);
        return out->failed ? -ENOMEM : 0;
    }
    size_t start = out->size;
    for (size_t i = 0; reading && i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        bool visible = (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
        if (visible && !add(out, block->text, start, limit))
            break;
    }
    return out->failed ? -ENOMEM : 0;
}
