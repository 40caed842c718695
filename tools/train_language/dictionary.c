/* Open addressing with linear probing, grown at two thirds full. */
#include "dictionary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pipeline/identify/ngram.h"

static struct dictionary_entry *room(uint64_t size)
{
    const size_t page = 2 << 20, bytes = (size * sizeof(struct dictionary_entry) + page - 1) / page * page;
    struct dictionary_entry *entries = aligned_alloc(page, bytes);

    if (!entries)
        abort();
    madvise(entries, bytes, MADV_HUGEPAGE);
    memset(entries, 0, bytes);
    return entries;
}

void dictionary_create(struct dictionary *dictionary)
{
    dictionary->mask = (1u << 20) - 1;
    dictionary->used = 0;
    dictionary->numbers = DICTIONARY_FIRST;
    dictionary->entries = room(dictionary->mask + 1);
}

void dictionary_free(struct dictionary *dictionary)
{
    free(dictionary->entries);
    dictionary->entries = NULL;
}

static struct dictionary_entry *place(const struct dictionary *dictionary, uint64_t key)
{
    uint64_t at = (ngram_hash(key) >> 24) & dictionary->mask;

    while (dictionary->entries[at].key != 0 && dictionary->entries[at].key != key)
        at = (at + 1) & dictionary->mask;
    return &dictionary->entries[at];
}

/* Moves the entries with a count into a table of `size`. */
static void rebuild(struct dictionary *dictionary, uint64_t size)
{
    struct dictionary_entry *old = dictionary->entries;
    uint64_t old_size = dictionary->mask + 1;

    dictionary->entries = room(size);
    dictionary->mask = size - 1;
    dictionary->used = 0;
    for (uint64_t i = 0; i < old_size; i++) {
        if (old[i].key == 0 || old[i].count == 0)
            continue;
        *place(dictionary, old[i].key) = old[i];
        dictionary->used++;
    }
    free(old);
}

void dictionary_count(struct dictionary *dictionary, uint64_t key)
{
    struct dictionary_entry *entry = place(dictionary, key);

    if (entry->key == 0) {
        entry->key = key;
        if (++dictionary->used * 3 > dictionary->mask * 2) {
            entry->count = 1;
            rebuild(dictionary, (dictionary->mask + 1) * 2);
            return;
        }
    }
    entry->count++;
}

uint32_t dictionary_counted(const struct dictionary *dictionary, uint64_t key)
{
    return place(dictionary, key)->count;
}

static uint64_t size_for(uint64_t entries)
{
    uint64_t size = 1u << 16;

    while (size * 2 < entries * 5)
        size *= 2;
    return size;
}

void dictionary_number(struct dictionary *dictionary, uint32_t least)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i <= dictionary->mask; i++) {
        struct dictionary_entry *entry = &dictionary->entries[i];

        if (entry->count < least)
            entry->count = 0;
        else
            entry->number = DICTIONARY_FIRST + (uint32_t)kept++;
    }
    dictionary->numbers = DICTIONARY_FIRST + (uint32_t)kept;
    rebuild(dictionary, size_for(kept));
}

void dictionary_keep(struct dictionary *dictionary, const uint8_t *keep, uint32_t *ret_old)
{
    uint32_t *renumbered = malloc(dictionary->numbers * sizeof *renumbered), next = 0;

    if (!renumbered)
        abort();
    for (uint32_t number = 0; number < dictionary->numbers; number++) {
        if (number >= DICTIONARY_FIRST && !keep[number])
            continue;
        ret_old[next] = number;
        renumbered[number] = next++;
    }
    for (uint64_t i = 0; i <= dictionary->mask; i++) {
        struct dictionary_entry *entry = &dictionary->entries[i];

        if (entry->key && keep[entry->number])
            entry->number = renumbered[entry->number];
        else
            entry->count = 0;
    }
    free(renumbered);
    dictionary->numbers = next;
    rebuild(dictionary, size_for(next));
}

uint32_t dictionary_find(const struct dictionary *dictionary, uint64_t key, uint32_t miss)
{
    const struct dictionary_entry *entry = place(dictionary, key);

    return entry->key ? entry->number : miss;
}
