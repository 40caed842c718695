/* See text_stash.h. The stand-ins are U+F0000 and on: private use, plane 15, four bytes that begin with 0xF3.
 */
#include "pipeline/read/text_stash.h"

#include "base/utf8.h"

#include <string.h>

enum { FIRST_STANDIN = 0xF0000, STANDIN_BYTES = 4, LEAD = 0xF3 };

/* U+00C0 to U+07FF: letters of Latin, Greek, Cyrillic and their marks, two bytes each. */
static bool is_two_byte(struct span text, size_t at)
{
    unsigned char lead = (unsigned char)text.at[at];
    return lead >= 0xC3 && lead <= 0xDF && at + 1 < text.size &&
           ((unsigned char)text.at[at + 1] & 0xC0) == 0x80;
}

static bool may_stand_within(char byte)
{
    return byte == ' ' || (byte >= '0' && byte <= ';') || byte == ',' || byte == '.' || byte == '(' ||
           byte == ')';
}

/* Where the run that begins at `at` ends: behind its last letter. */
static size_t run_end(struct span text, size_t at)
{
    size_t end = at;
    while (at < text.size) {
        if (text.size - at >= 8 && utf8_are_pairs(text.at + at, 0xF0, 0xD0))
            end = at += 8;
        else if (is_two_byte(text, at))
            end = at += 2;
        else if (may_stand_within(text.at[at]))
            at++;
        else
            break;
    }
    return end;
}

static bool put_aside(struct text_stash *stash, struct span run)
{
    char standin[STANDIN_BYTES];
    size_t number = stash->runs.size / sizeof(run);
    utf8_put(FIRST_STANDIN + (uint32_t)number, standin);
    return buf_add(&stash->runs, &run, sizeof(run)) && buf_add(&stash->copy, standin, STANDIN_BYTES);
}

static bool fill(struct span text, struct text_stash *stash)
{
    size_t taken = 0, runs = 0;
    bool outside = true; /* of tags, or at least of values that a blank would end */
    for (size_t at = 0; at < text.size && runs < STASH_RUNS;) {
        char byte = text.at[at];
        if ((unsigned char)byte < 0x80 || !outside || !is_two_byte(text, at)) {
            outside = byte == '>' || (outside && byte != '<' && byte != '=');
            at++;
            continue;
        }
        size_t end = run_end(text, at);
        struct span run = span_cut(text, at, end);
        at = end;
        if (run.size < STASH_RUN_BYTES)
            continue;
        if (!buf_add_span(&stash->copy, span_cut(text, taken, end - run.size)) || !put_aside(stash, run))
            return false;
        taken = end;
        runs++;
    }
    return runs > 0 && buf_add_span(&stash->copy, span_cut(text, taken, text.size));
}

struct span text_stash_make(struct span text, struct text_stash *ret_stash)
{
    *ret_stash = (struct text_stash){.copy = buf_new(text.size + 1),
                                     .runs = buf_new(STASH_RUNS * sizeof(struct span))};
    if (text.size < STASH_TEXT_BYTES || memchr(text.at, LEAD, text.size) || !fill(text, ret_stash)) {
        text_stash_free(ret_stash);
        return text;
    }
    return buf_span(&ret_stash->copy);
}

void text_stash_free(struct text_stash *stash)
{
    buf_free(&stash->copy);
    buf_free(&stash->runs);
}

/* The run that the stand-in at `at` stands for; the stand-in itself when gumbo should have made one up. */
static struct span run_at(const struct text_stash *stash, struct span text, size_t at)
{
    size_t behind = at;
    uint32_t number = utf8_next(text, &behind) - FIRST_STANDIN;
    struct span run = span_cut(text, at, behind);
    if (behind - at == STANDIN_BYTES && number < stash->runs.size / sizeof(run))
        memcpy(&run, stash->runs.at + number * sizeof(run), sizeof(run));
    return run;
}

static size_t next_standin(struct span text, size_t at)
{
    const char *found = at < text.size ? memchr(text.at + at, LEAD, text.size - at) : NULL;
    return found ? (size_t)(found - text.at) : text.size;
}

static size_t behind_standin(struct span text, size_t at)
{
    utf8_next(text, &at);
    return at;
}

size_t text_stash_size(const struct text_stash *stash, struct span text)
{
    size_t size = 0, at = 0, found = 0;
    for (size_t next; (next = next_standin(text, at)) < text.size; found++) {
        size += next - at + run_at(stash, text, next).size;
        at = behind_standin(text, next);
    }
    return found ? size + text.size - at : 0;
}

void text_stash_restore(const struct text_stash *stash, struct span text, char *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t next = next_standin(text, at);
        memcpy(out, text.at + at, next - at);
        out += next - at;
        if (next == text.size)
            break;
        struct span run = run_at(stash, text, next);
        memcpy(out, run.at, run.size);
        out += run.size;
        at = behind_standin(text, next);
    }
}
