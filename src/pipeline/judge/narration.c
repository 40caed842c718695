/*
 * An attacker may wrap his threat in a sentence of a reporter, and then his page is called replaced and not
 * defaced. So one sentence is not enough: the telling must have length and weight, and must stand before what
 * speaks.
 */
#include "pipeline/judge/narration.h"

#include "base/utf8.h"
#include "pipeline/judge/judge_limits.h"

#include <errno.h>

/* "What we know" stands over articles; "we" and "you", or one of them beside an unmistakable phrase, over
 * messages. */
#define HEADLINE_SPEAKS  2.0
#define HEADLINE_ATTACKS 3.0

/* Telling before anybody speaks: a word of a reporter, and as long as a sentence. */
#define OPENING_WEIGHT  1.0
#define OPENING_LETTERS 40.0

/* What leads in a quotation: a colon at the end of who tells, a quotation mark where somebody begins to
 * speak. */
#define LEADS_IN 1.5

/* All telling together: several such words, and a short paragraph. */
#define WHOLE_WEIGHT  5.0
#define WHOLE_LETTERS 160.0

/* The first words of a page: about three lines. */
#define HEAD_LETTERS 150

static bool is_told(const struct change_block *block)
{
    bool shown = (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
    return shown && (block->kind == CHANGE_NEW || block->kind == CHANGE_VOLATILE);
}

static bool ends_sentence(struct span text, size_t at)
{
    char byte = text.at[at];
    bool mark = byte == '.' || byte == '!' || byte == '?' || byte == ':';
    return mark && (at + 1 == text.size || text.at[at + 1] == ' ');
}

/* A guillemet, a low or a high double mark, or the straight one. */
static bool opens_quote(struct span text)
{
    static const char *const marks[] = {"\xC2\xAB", "\xE2\x80\x9E", "\xE2\x80\x9C", "\""};
    text = span_trim(text);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (span_starts(text, span_of(marks[i])))
            return true;
    return false;
}

static void add_sentence(struct narration *narration, const struct change_block *block, uint32_t number,
                         size_t from, size_t to)
{
    if (narration->count == NARRATION_SENTENCES_MAX || from >= to)
        return;
    double share = (double)(to - from) / (double)block->text.size;
    double share_before = (double)from / (double)block->text.size * block->letters;
    narration->at[narration->count++] =
        (struct sentence){.block = number,
                          .from = (uint32_t)from,
                          .to = (uint32_t)to,
                          .letters = (uint32_t)(share * block->letters + 0.5),
                          .colon = block->text.at[to - 1] == ':',
                          .opens = opens_quote(span_cut(block->text, from, to)),
                          .heading = block->heading > 0 && block->origin == ORIGIN_HTML,
                          .head = block->heading == 1 || block->place + share_before < HEAD_LETTERS};
}

static void cut_block(struct narration *narration, const struct change_block *block, uint32_t number)
{
    size_t from = 0;
    for (size_t at = 0; !block->heading && at < block->text.size; at++) {
        bool may_end = block->text.at[at] >= '!' && block->text.at[at] <= '?'; /* most bytes are letters */
        if (!may_end || !ends_sentence(block->text, at))
            continue;
        add_sentence(narration, block, number, from, at + 1);
        from = at + 1;
    }
    add_sentence(narration, block, number, from, block->text.size);
}

int narration_cut(const struct change *change, struct arena *arena, struct narration *ret_narration)
{
    struct narration narration = {.at = arena_room(arena, NARRATION_SENTENCES_MAX, sizeof(*narration.at))};
    if (!narration.at)
        return -ENOMEM;
    for (size_t i = 0; i < change->block_count; i++)
        if (is_told(&change->blocks[i]))
            cut_block(&narration, &change->blocks[i], (uint32_t)i);
    *ret_narration = narration;
    return 0;
}

static bool is_before(const struct sentence *sentence, uint32_t block, uint32_t at)
{
    return sentence->block < block || (sentence->block == block && sentence->to <= at);
}

struct sentence *narration_at(struct narration *narration, const struct skeleton *text,
                              const struct cue_hit *hit)
{
    uint32_t block = text->text[hit->start], at = text->from[hit->start];
    size_t low = 0, high = narration->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (is_before(&narration->at[middle], block, at))
            low = middle + 1;
        else
            high = middle;
    }
    return low < narration->count && narration->at[low].block == block ? &narration->at[low] : NULL;
}

/* Who tells says in the third person what attackers do; a headline does so in three words, and what stands
 * below it shows who speaks. */
static bool is_speech(const struct sentence *sentence)
{
    if (sentence->heading)
        return sentence->speaks >= HEADLINE_SPEAKS ||
               (sentence->speaks > 0 && sentence->attacks >= HEADLINE_ATTACKS);
    if (sentence->speaks > 0)
        return sentence->attacks + sentence->speaks > sentence->tells;
    return sentence->attacks > 0 && sentence->tells < 1;
}

static double at_most_one(double value)
{
    return value > 1 ? 1 : value;
}

double narration_share(const struct narration *narration)
{
    double weight = 0, letters = 0, opening_weight = 0, opening_letters = 0;
    bool spoken = false, led_in = false;
    for (size_t i = 0; i < narration->count; i++) {
        const struct sentence *sentence = &narration->at[i];
        bool quotes = opening_letters > 0 && (sentence->opens || sentence->colon);
        weight += quotes && !led_in ? LEADS_IN : 0;
        led_in |= quotes;
        if (is_speech(sentence)) {
            spoken = true;
            continue;
        }
        weight += sentence->adds;
        letters += sentence->letters;
        opening_weight += spoken ? 0 : sentence->adds;
        opening_letters += spoken || sentence->heading ? 0 : sentence->letters;
    }
    if (opening_weight < OPENING_WEIGHT || opening_letters < OPENING_LETTERS)
        return 0;
    return at_most_one(weight / WHOLE_WEIGHT) * at_most_one(letters / WHOLE_LETTERS);
}

double narration_head(const struct narration *narration)
{
    double attacks = 0;
    for (size_t i = 0; i < narration->count; i++) {
        const struct sentence *sentence = &narration->at[i];
        if (sentence->head && sentence->attacks + sentence->speaks > sentence->tells)
            attacks += sentence->attacks;
    }
    return attacks;
}
