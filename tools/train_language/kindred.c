/* Serbian has little text of its own here, and is most often mistaken for Macedonian and Bulgarian. Croatian
 * and Bosnian are written in Latin letters but have nearly all their words and endings in common with it, and
 * what they say otherwise is Serbian as it is spoken in Bosnia and Montenegro, where it is written in
 * Cyrillic too.
 *
 * Only whole sentences: interface strings hurt single words, and of those there are enough. */
#include "kindred.h"

#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "formlist.h"
#include "points.h"

enum { WORDS_LEAST = 5 };

static const char letters[][2][6] = {
    {"lj", "љ"}, {"nj", "њ"}, {"dž", "џ"}, {"a", "а"}, {"b", "б"}, {"c", "ц"}, {"č", "ч"}, {"ć", "ћ"},
    {"d", "д"},  {"đ", "ђ"},  {"e", "е"},  {"f", "ф"}, {"g", "г"}, {"h", "х"}, {"i", "и"}, {"j", "ј"},
    {"k", "к"},  {"l", "л"},  {"m", "м"},  {"n", "н"}, {"o", "о"}, {"p", "п"}, {"r", "р"}, {"s", "с"},
    {"š", "ш"},  {"t", "т"},  {"u", "у"},  {"v", "в"}, {"z", "з"}, {"ž", "ж"}};

/* How many points of `text` at `at` are the letter `latin`, 0 if they are not. */
static unsigned match(const struct points *text, unsigned at, const char *latin)
{
    struct points wanted;

    points_read(&wanted, latin, strlen(latin));
    for (unsigned i = 0; i < wanted.length; i++)
        if (at + i >= text->length || points_lower(text->at[at + i]) != wanted.at[i])
            return 0;
    return wanted.length;
}

/* Adds the letter at `at` in Cyrillic, a capital if it is one; returns the points passed, 0 for a letter that
 * Serbian does not have. */
static unsigned add_letter(const struct points *text, unsigned at, struct points *to)
{
    for (unsigned i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        unsigned length = match(text, at, letters[i][0]);
        struct points letter;

        if (length == 0)
            continue;
        points_read(&letter, letters[i][1], strlen(letters[i][1]));
        points_add(to,
                   points_lower(text->at[at]) == text->at[at] ? letter.at[0] : points_upper(letter.at[0]));
        return length;
    }
    return 0;
}

/* Zero if the text has foreign letters. */
static int to_cyrillic(const struct corpus_text *text, struct points *ret_points)
{
    struct points latin;
    unsigned passed;

    ret_points->length = 0;
    points_read(&latin, text->at, text->size);
    for (unsigned at = 0; at < latin.length; at += passed) {
        passed = 1;
        if (!points_is_letter(latin.at[at]))
            points_add(ret_points, latin.at[at]);
        else if ((passed = add_letter(&latin, at, ret_points)) == 0)
            return 0;
    }
    return 1;
}

/* It ends like one, and has nothing of a template. */
static int is_sentence(const struct corpus_text *line)
{
    unsigned spaces = 0;

    for (uint32_t i = 0; i < line->size; i++) {
        if (strchr("{}<>$|%[]=_\\/", line->at[i]))
            return 0;
        spaces += line->at[i] == ' ';
    }
    return spaces + 1 >= WORDS_LEAST && line->size > 0 && strchr(".!?", line->at[line->size - 1]) != NULL;
}

static void add_text(struct corpus_texts *texts, const struct points *points, uint32_t count)
{
    char *bytes = malloc(4 * POINTS_MAX);

    if (texts->length == texts->room) {
        texts->room = 2 * texts->room + 64;
        texts->at = realloc(texts->at, texts->room * sizeof *texts->at);
    }
    if (!bytes || !texts->at)
        abort();
    texts->at[texts->length++] = (struct corpus_text){bytes, (uint32_t)points_write(points, bytes), count};
}

static void add_lines(const struct corpus_language *from, struct corpus_language *to)
{
    struct points points;

    for (size_t i = 0; i < from->lines.length; i++)
        if (is_sentence(&from->lines.at[i]) && to_cyrillic(&from->lines.at[i], &points))
            add_text(&to->lines, &points, 0);
}

static uint64_t key_of(const struct corpus_text *word)
{
    uint16_t ending;

    return formlist_key(word->at, word->size, LETTERS_CYRILLIC, &ending);
}

/* Words that the language's own list does not have, not held out either. */
static void add_words(const struct corpus_language *from, struct corpus_language *to,
                      struct dictionary *known)
{
    struct points points;

    for (size_t i = 0; i < from->words.length; i++) {
        const struct corpus_text *word = &from->words.at[i];
        uint64_t key;

        if (word->count == 0 || !to_cyrillic(word, &points))
            continue;
        add_text(&to->words, &points, word->count);
        key = key_of(&to->words.at[to->words.length - 1]);
        if (key == 0 || dictionary_counted(known, key) > 0)
            to->words.length--;
        else
            dictionary_count(known, key);
    }
}

static void know_words(const struct corpus_texts *words, struct dictionary *known)
{
    for (size_t i = 0; i < words->length; i++)
        if (key_of(&words->at[i]))
            dictionary_count(known, key_of(&words->at[i]));
}

static struct corpus_language *find(struct corpus *corpus, const char *tag)
{
    for (unsigned l = 0; l < corpus->count; l++)
        if (strcmp(corpus->languages[l].tag, tag) == 0)
            return &corpus->languages[l];
    abort();
}

void kindred_add(struct corpus *corpus)
{
    static const char *const kin[] = {"hr", "bs"};
    struct corpus_language *to = find(corpus, "sr");
    struct dictionary known;

    dictionary_create(&known);
    know_words(&to->words, &known);
    know_words(&to->held_words, &known);
    for (unsigned i = 0; i < sizeof kin / sizeof kin[0]; i++) {
        add_lines(find(corpus, kin[i]), to);
        if (corpus_has_counts(to))
            add_words(find(corpus, kin[i]), to, &known);
    }
    dictionary_free(&known);
}
