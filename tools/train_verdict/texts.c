/* See texts.h. */
#include "texts.h"

#include "shelf.h"

#include <stdio.h>

static bool start_text(struct texts *texts, struct span line)
{
    char head[128];
    if (texts->count == TEXTS_MAX || line.size >= sizeof(head))
        return false;
    memcpy(head, line.at, line.size);
    head[line.size] = '\0';
    struct text *text = &texts->at[texts->count++];
    *text = (struct text){0};
    return sscanf(head, "== %23s %15s %7s", text->family, text->kind, text->language) == 3;
}

static bool take_line(struct texts *texts, struct span line)
{
    if (!line.size)
        return true;
    if (span_starts(line, SPAN("== ")))
        return start_text(texts, line);
    struct text *text = texts->count ? &texts->at[texts->count - 1] : NULL;
    if (!text || text->line_count == TEXTS_LINES_MAX)
        return false;
    text->lines[text->line_count++] = line;
    return true;
}

bool texts_read(const char *path, struct texts *ret_texts)
{
    *ret_texts = (struct texts){0};
    if (!shelf_read(path, &ret_texts->bytes)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    struct span rest = buf_span(&ret_texts->bytes), line;
    unsigned number = 0;
    while (span_next(&rest, '\n', &line)) {
        number++;
        if (take_line(ret_texts, span_trim(line)))
            continue;
        fprintf(stderr, "%s:%u: not a text\n", path, number);
        return false;
    }
    return true;
}

void texts_free(struct texts *texts)
{
    buf_free(&texts->bytes);
    *texts = (struct texts){0};
}
