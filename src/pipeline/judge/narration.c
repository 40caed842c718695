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
#define WHOLE_WEIGHT  4.0
#define WHOLE_LETTERS 160.0

/* Prose: sentences of some length in which nobody speaks and nothing attacks. A quotation that is led in by
 * it and followed by it is one, whatever words tell of it. */
enum { PROSE_SENTENCE = 40 };
#define LED_IN_LETTERS  40.0
#define LED_OUT_LETTERS 40.0
#define PROSE_LETTERS   120.0

/* A report may begin with what it quotes, and then tells soon behind it: so far behind, so much, so long. */
#define BEHIND_REACH   400.0
#define BEHIND_WEIGHT  2.0
#define BEHIND_LETTERS 100.0

/* Letters outside the quotation marks of a headline that quotes. */
enum { CITING_MIN = 8 };

/* A word of a menu, or a button's: "our services" is no speech. */
enum { ASIDE_LETTERS = 30 };

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
    size_t first = 0;
    text = span_trim(text);
    if (!text.size)
        return false;
    utf8_next(text, &first);
    return narration_in_quotes(span_cut(text, 0, first), false);
}

/* The straight mark and the high one of six and nine do either. */
bool narration_in_quotes(struct span text, bool inside)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t c = utf8_next(text, &at);
        if (c == 0xAB || c == 0x201E || c == 0x201A)
            inside = true;
        else if (c == 0xBB || c == 0x201D)
            inside = false;
        else if (c == '"' || c == 0x201C)
            inside = !inside;
    }
    return inside;
}

/* A headline with a quotation and words of its own beside it. */
static bool is_citing(struct span text)
{
    size_t outside = 0, marks = 0;
    bool inside = false;
    for (size_t at = 0; at < text.size;) {
        size_t from = at;
        uint32_t c = utf8_next(text, &at);
        bool now = narration_in_quotes(span_cut(text, from, at), inside);
        marks += now != inside;
        outside += !now && utf8_is_letter(c);
        inside = now;
    }
    return marks >= 2 && outside >= CITING_MIN;
}

static void add_sentence(struct narration *narration, const struct change_block *block, uint32_t number,
                         size_t from, size_t to, bool quoted)
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
                          .quoted = quoted,
                          .cites = block->heading && is_citing(span_cut(block->text, from, to)),
                          .heading = block->heading > 0 && block->origin == ORIGIN_HTML,
                          .head = block->heading == 1 || block->place + share_before < HEAD_LETTERS};
}

static void cut_block(struct narration *narration, const struct change_block *block, uint32_t number)
{
    size_t from = 0;
    bool quoted = false;
    for (size_t at = 0; !block->heading && at < block->text.size; at++) {
        bool may_end = block->text.at[at] >= '!' && block->text.at[at] <= '?'; /* most bytes are letters */
        if (!may_end || !ends_sentence(block->text, at))
            continue;
        add_sentence(narration, block, number, from, at + 1, quoted);
        quoted = narration_in_quotes(span_cut(block->text, from, at + 1), quoted);
        from = at + 1;
    }
    add_sentence(narration, block, number, from, block->text.size, quoted);
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
    if (sentence->cites)
        return false;
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

static bool is_aside(const struct sentence *sentence)
{
    return !sentence->heading && sentence->attacks <= 0 && sentence->tells <= 0 &&
           sentence->letters < ASIDE_LETTERS;
}

static bool is_prose(const struct sentence *sentence)
{
    return !sentence->heading && !sentence->quoted && !sentence->opens && sentence->attacks <= 0 &&
           sentence->speaks <= 0 && sentence->letters >= PROSE_SENTENCE;
}

/* What was told so far, sentence by sentence. */
struct telling_sum {
    double weight, letters;                 /* of all that tells or stands by */
    double opening_weight, opening_letters; /* of it, before anybody speaks */
    double prose, last_prose;               /* in all, and behind the last that speaks */
    double behind_weight, behind_prose,
        behind_letters; /* behind the first that speaks, as far as it reaches */
    bool spoken, led_in;
    bool attacked, led_out_of_calm; /* an attack's words came; prose alone led in what speaks */
};

static void take_quote(struct telling_sum *sum, const struct sentence *sentence)
{
    if (!sentence->opens && !sentence->colon)
        return;
    if (sum->opening_letters > 0 && !sum->led_in) {
        sum->weight += LEADS_IN;
        sum->led_in = true;
    }
    sum->led_out_of_calm |= !sum->spoken && !sum->attacked && sum->prose >= LED_IN_LETTERS;
}

static void take_behind(struct telling_sum *sum, const struct sentence *sentence)
{
    if (!sum->spoken || sum->behind_letters > BEHIND_REACH)
        return;
    sum->behind_letters += sentence->letters;
    sum->behind_weight += sentence->adds;
    sum->behind_prose += is_prose(sentence) ? sentence->letters : 0;
}

static void take_telling(struct telling_sum *sum, const struct sentence *sentence)
{
    sum->weight += sentence->adds;
    sum->letters += sentence->letters;
    sum->prose += is_prose(sentence) ? sentence->letters : 0;
    sum->last_prose += is_prose(sentence) ? sentence->letters : 0;
    sum->attacked |= sentence->attacks > 0 && !sentence->cites;
    sum->opening_weight += sum->spoken ? 0 : sentence->adds;
    sum->opening_letters += sum->spoken || sentence->heading ? 0 : sentence->letters;
    take_behind(sum, sentence);
}

static void take_speech(struct telling_sum *sum)
{
    sum->spoken = true;
    sum->last_prose = 0;
}

static struct telling_sum sum_up(const struct narration *narration)
{
    struct telling_sum sum = {0};
    for (size_t i = 0; i < narration->count; i++) {
        const struct sentence *sentence = &narration->at[i];
        take_quote(&sum, sentence);
        if (!is_speech(sentence))
            take_telling(&sum, sentence);
        else if (!is_aside(sentence))
            take_speech(&sum);
    }
    return sum;
}

double narration_share(const struct narration *narration)
{
    struct telling_sum sum = sum_up(narration);
    double share = 0;
    if (sum.opening_weight >= OPENING_WEIGHT && sum.opening_letters >= OPENING_LETTERS)
        share = at_most_one(sum.weight / WHOLE_WEIGHT) * at_most_one(sum.letters / WHOLE_LETTERS);
    bool around = sum.led_out_of_calm && sum.last_prose >= LED_OUT_LETTERS && sum.prose >= PROSE_LETTERS;
    bool behind = sum.behind_weight >= BEHIND_WEIGHT && sum.behind_prose >= BEHIND_LETTERS;
    return around || behind ? 1 : share;
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
