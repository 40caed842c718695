/* Jaccard likeness of the sets of words of at least four letters; pages that share 30 % are joined. */
#include "families.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { PAGES_MAX = 1024, WORDS_MAX = 400, WORD_LETTERS_MIN = 4, SHARED_PERCENT = 30 };

struct family_page {
    uint32_t words[WORDS_MAX];
    size_t count;
    uint32_t family;
};

struct families {
    struct family_page pages[PAGES_MAX];
    size_t count;
};

struct families *families_new(void)
{
    struct families *families = calloc(1, sizeof(*families));
    if (!families)
        abort();
    return families;
}

void families_free(struct families *families)
{
    free(families);
}

static void put(struct family_page *page, uint32_t word)
{
    for (size_t i = 0; i < page->count; i++)
        if (page->words[i] == word)
            return;
    if (page->count < WORDS_MAX)
        page->words[page->count++] = word;
}

static void put_words(struct family_page *page, struct span text)
{
    uint32_t word = 0, letters = 0;
    for (size_t at = 0; at <= text.size;) {
        uint32_t c = at < text.size ? utf8_next(text, &at) : (at++, ' ');
        if (utf8_is_letter(c)) {
            word = (word ^ utf8_lower(c)) * 0x01000193u;
            letters++;
            continue;
        }
        if (letters >= WORD_LETTERS_MIN)
            put(page, word);
        word = letters = 0;
    }
}

void families_add(struct families *families, const struct reading *reading)
{
    if (families->count == PAGES_MAX)
        return;
    struct family_page *page = &families->pages[families->count];
    page->family = (uint32_t)++families->count;
    for (size_t i = 0; i < reading->block_count; i++)
        put_words(page, reading->blocks[i].text);
}

static bool alike(const struct family_page *a, const struct family_page *b)
{
    size_t shared = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            shared += a->words[i] == b->words[j];
    return shared && shared * 100 >= SHARED_PERCENT * (a->count + b->count - shared);
}

static void join(struct families *families, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < families->count; i++)
        if (families->pages[i].family == from)
            families->pages[i].family = to;
}

void families_join(struct families *families)
{
    for (size_t i = 0; i < families->count; i++)
        for (size_t j = 0; j < i; j++)
            if (alike(&families->pages[i], &families->pages[j]))
                join(families, families->pages[i].family, families->pages[j].family);
}

uint32_t families_of(const struct families *families, size_t index)
{
    uint32_t family = index < families->count ? families->pages[index].family : 0;
    return (uint32_t)hash_bytes(&family, sizeof(family));
}
