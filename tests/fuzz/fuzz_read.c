/*
 * Feeds the reading step with anything. The first byte chooses what the server claims the bytes are; the rest
 * is the body. Beside not crashing, what comes out must keep the promises of page.h.
 */
#include "base/utf8.h"
#include "pipeline/read/read.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void check_text(struct span text)
{
    demand(utf8_valid(text));
    demand(text.size == 0 || !memchr(text.at, '\0', text.size));
}

static void check_blocks(const struct reading *reading)
{
    size_t letters = 0;
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        check_text(block->text);
        demand(block->text.size > 0 && block->origin < ORIGIN_COUNT && block->heading <= 6);
        demand(block->text.at[0] != ' ' && block->text.at[block->text.size - 1] != ' ');
        demand(block->picture == UINT32_MAX || block->picture < reading->picture_count);
        demand(block->place <= reading->letters);
        if (block->origin == ORIGIN_HTML && !block->hidden)
            letters += utf8_letters(block->text);
    }
    demand(letters == reading->letters);
}

static void check_lists(const struct reading *reading)
{
    const struct host_list *lists[] = {&reading->links, &reading->scripts, &reading->frames, &reading->forms};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            check_text(lists[i]->at[j].host);
            demand(lists[i]->at[j].host.size > 0 && lists[i]->at[j].count > 0);
        }
    for (size_t i = 0; i < reading->picture_count; i++)
        check_text(reading->pictures[i].url);
    for (size_t i = 1; i < reading->path_count; i++)
        demand(reading->paths[i - 1].path < reading->paths[i].path);
    check_text(reading->title);
    check_text(reading->refresh);
    check_text(reading->base);
    check_text(reading->language);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct span types[] = {
        {"", 0},
        {"text/html; charset=windows-1251", 31},
        {"text/plain", 10},
        {"application/xml", 15},
        {"text/html", 9},
        {"text/html; charset=gb18030", 26},
    };
    if (size == 0)
        return 0;
    const struct read_request request = {.content_type = types[data[0] % (sizeof(types) / sizeof(types[0]))],
                                         .url = SPAN("https://www.ministry.example/news/")};
    struct reading reading;
    if (read_page((struct span){(const char *)data + 1, size - 1}, &request, &reading) == OUTCOME_OK) {
        check_blocks(&reading);
        check_lists(&reading);
    }
    reading_free(&reading);
    return 0;
}
