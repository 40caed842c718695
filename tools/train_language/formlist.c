/* A dictionary has forty times as many forms as the model has room for, and most of them nobody ever writes.
 * How likely one is met is counted, not guessed: forms are ranked by whether web pages have them, how often
 * the training sentences have them and how many forms of the same entry they have; the held-out sentences
 * tell how often the forms of each rank occur. Within a rank, endings that the sentences have more often
 * count more. */
#include "formlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "pipeline/identify/ngram.h"

enum {
    OWN_RANKS = 4,
    OTHER_RANKS = 6,
    GRADE_RANKS = OWN_RANKS * OTHER_RANKS,
    RANKS = FORMLIST_GRADES * GRADE_RANKS,
    ENDINGS = 1 << 16,
    ENTRY_FORMS_MAX = 4096
};

static const double ending_weight = 30; /* forms that an ending is taken to have like the average one */
static const double rank_weight = 20;   /* the same of a rank */

/* What the texts know of one language. */
struct knowledge {
    struct dictionary seen, held;
    enum letters_class group;
};

uint64_t formlist_key(const char *text, size_t size, enum letters_class group, uint16_t *ret_ending)
{
    struct wordscan scan;
    struct wordscan_word word, next;
    uint64_t key = LETTERS_EDGE;

    wordscan_start(&scan, text, size);
    if (!wordscan_next(&scan, &word) || word.group != group || word.length < NGRAM_WORD_SHORTEST)
        return 0;
    if (wordscan_next(&scan, &next))
        return 0;
    for (unsigned i = 0; i < word.length; i++)
        key = ngram_word_step(key, word.ids[i]);
    *ret_ending = (uint16_t)(word.ids[word.length - 2] << 8 | word.ids[word.length - 1]);
    return ngram_word_key(ngram_word_step(key, LETTERS_EDGE));
}

static void count_words(struct dictionary *counts, enum letters_class group, const struct corpus_texts *texts)
{
    struct wordscan scan;
    struct wordscan_word word;
    uint16_t ending;

    for (size_t i = 0; i < texts->length; i++) {
        wordscan_start(&scan, texts->at[i].at, texts->at[i].size);
        while (wordscan_next(&scan, &word)) {
            uint64_t key = formlist_key(texts->at[i].at + word.start, word.end - word.start, group, &ending);

            if (key && texts->at[i].count != 0)
                dictionary_count(counts, key);
        }
    }
}

/* Sentences have no count; list words have one, zero if they are not the language's own. */
static void count_lines(struct dictionary *counts, enum letters_class group, const struct corpus_texts *lines)
{
    for (size_t i = 0; i < lines->length; i++) {
        struct corpus_text line = lines->at[i];
        const struct corpus_texts one = {&line, 1, 1};

        line.count = 1;
        count_words(counts, group, &one);
    }
}

static void learn_words(struct knowledge *knowledge, const struct corpus_language *language)
{
    dictionary_create(&knowledge->seen);
    dictionary_create(&knowledge->held);
    knowledge->group = language->group;
    count_lines(&knowledge->seen, language->group, &language->lines);
    if (corpus_has_counts(language))
        count_words(&knowledge->seen, language->group, &language->words);
    count_lines(&knowledge->held, language->group, &language->held_lines);
}

static void add_form(struct formlist *list, const struct formlist_form *form)
{
    if (list->length == list->room) {
        list->room = list->room ? 2 * list->room : 1 << 20;
        list->at = realloc(list->at, list->room * sizeof *list->at);
        if (!list->at)
            abort();
    }
    list->at[list->length++] = *form;
}

static unsigned own_rank(uint32_t count)
{
    return count == 0 ? 0 : count == 1 ? 1 : count < 5 ? 2 : 3;
}

static unsigned other_rank(unsigned others)
{
    return others < 3 ? others : others < 5 ? 3 : others < 8 ? 4 : 5;
}

/* One entry: the forms from list->at[from] on. */
static void rank_entry(struct formlist *list, size_t from, const struct knowledge *knowledge)
{
    unsigned seen = 0;

    for (size_t i = from; i < list->length; i++)
        seen += dictionary_counted(&knowledge->seen, list->at[i].key) > 0;
    for (size_t i = from; i < list->length; i++) {
        uint32_t count = dictionary_counted(&knowledge->seen, list->at[i].key);

        list->at[i].rank = (uint8_t)(own_rank(count) * OTHER_RANKS + other_rank(seen - (count > 0)));
    }
}

static void read_entry(struct formlist *list, const char *line, const char *end,
                       const struct formlist_form *like, const struct knowledge *knowledge)
{
    const size_t from = list->length;

    for (const char *word = line, *after; word < end; word = after + 1) {
        struct formlist_form form = *like;

        form.at = word;
        after = memchr(word, ' ', (size_t)(end - word));
        after = after ? after : end;
        form.size = (uint16_t)(after - word);
        form.key = formlist_key(word, form.size, knowledge->group, &form.ending);
        if (form.key && after - word < UINT16_MAX)
            add_form(list, &form);
    }
    rank_entry(list, from, knowledge);
}

static int compare_forms(const void *a, const void *b)
{
    const struct formlist_form *left = a, *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    if (left->lane != right->lane)
        return left->lane < right->lane ? -1 : 1;
    return (left->rank < right->rank) - (left->rank > right->rank);
}

/* Sorts the forms from `from` on; of those in several entries the best ranked stays, with all their grades.
 */
static void sort_forms(struct formlist *list, size_t from)
{
    size_t kept = from;

    qsort(list->at + from, list->length - from, sizeof *list->at, compare_forms);
    for (size_t i = from; i < list->length; i++) {
        struct formlist_form *last = &list->at[kept - 1];

        if (kept > from && list->at[i].key == last->key && list->at[i].lane == last->lane)
            last->grade |= list->at[i].grade;
        else
            list->at[kept++] = list->at[i];
    }
    list->length = kept;
}

static void rank_grades(struct formlist *list, size_t from)
{
    for (size_t i = from; i < list->length; i++)
        list->at[i].rank = (uint8_t)(list->at[i].rank + list->at[i].grade * GRADE_RANKS);
}

static int is_known(const struct formlist_form *form)
{
    return form->rank % GRADE_RANKS >= OTHER_RANKS;
}

struct rates {
    double forms[RANKS], met[RANKS], rank[RANKS];
    double ending_forms[ENDINGS], ending_met[ENDINGS], ending[ENDINGS];
};

static void count_rates(const struct formlist *list, size_t from, const struct knowledge *knowledge,
                        struct rates *rates)
{
    for (size_t i = from; i < list->length; i++) {
        const struct formlist_form *form = &list->at[i];

        rates->forms[form->rank]++;
        rates->met[form->rank] += dictionary_counted(&knowledge->held, form->key) > 0;
        rates->ending_forms[form->ending]++;
        rates->ending_met[form->ending] += is_known(form);
    }
}

static void find_rates(struct rates *rates)
{
    double forms = 0, met = 0, known = 0;

    for (unsigned r = 0; r < RANKS; r++)
        forms += rates->forms[r], met += rates->met[r],
            known += r % GRADE_RANKS >= OTHER_RANKS ? rates->forms[r] : 0;
    for (unsigned r = 0; r < RANKS; r++)
        rates->rank[r] =
            (rates->met[r] + rank_weight * met / (forms + 1) * 0.1) / (rates->forms[r] + rank_weight);
    for (unsigned e = 0; e < ENDINGS; e++)
        rates->ending[e] = (rates->ending_met[e] + ending_weight * known / (forms + 1)) /
                           ((rates->ending_forms[e] + ending_weight) * (known + 1) / (forms + 1));
}

static void set_chances(struct formlist *list, size_t from, const struct knowledge *knowledge)
{
    struct rates *rates = calloc(1, sizeof *rates);
    double sum = 0;

    if (!rates)
        abort();
    count_rates(list, from, knowledge, rates);
    find_rates(rates);
    for (size_t i = from; i < list->length; i++) {
        struct formlist_form *form = &list->at[i];

        form->chance = (float)(rates->rank[form->rank] * (is_known(form) ? 1 : rates->ending[form->ending]));
        sum += (double)form->chance;
    }
    for (size_t i = from; i < list->length; i++)
        list->at[i].chance = (float)((double)list->at[i].chance / sum);
    free(rates);
}

static void read_lines(struct formlist *list, const struct corpus_language *language, const char *text,
                       enum formlist_grade grade, const struct knowledge *knowledge)
{
    const struct formlist_form like = {NULL, 0, 0, 0, 0, language->lane, (uint8_t)grade, 0};

    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
        read_entry(list, line, end, &like, knowledge);
}

static void load_language(struct formlist *list, const struct corpus_language *language, const char *spelled,
                          const char *written)
{
    const size_t from = list->length;
    struct knowledge knowledge;

    learn_words(&knowledge, language);
    read_lines(list, language, spelled, FORMLIST_SPELLED, &knowledge);
    if (written)
        read_lines(list, language, written, FORMLIST_WRITTEN, &knowledge);
    sort_forms(list, from);
    rank_grades(list, from);
    set_chances(list, from, &knowledge);
    dictionary_free(&knowledge.seen);
    dictionary_free(&knowledge.held);
    fprintf(stderr, "train-language: %s: %zu forms\n", language->tag, list->length - from);
}

/* The texts stay: forms point into them. */
static char *read_list(const char *folder, const char *tag, const char *ending)
{
    char path[4096];
    size_t size;

    snprintf(path, sizeof path, "%s/%s%s", folder, tag, ending);
    return corpus_read_file(path, &size);
}

int formlist_load(struct formlist *list, const struct corpus *corpus, enum letters_class group,
                  const char *folder)
{
    memset(list, 0, sizeof *list);
    for (unsigned l = 0; l < corpus->count; l++) {
        const struct corpus_language *language = &corpus->languages[l];
        const char *spelled;

        if (language->group != group || language->made != CORPUS_AS_IS)
            continue;
        spelled = read_list(folder, language->tag, ".txt");
        if (spelled)
            load_language(list, language, spelled, read_list(folder, language->tag, ".written.txt"));
    }
    sort_forms(list, 0);
    if (list->length == 0)
        fprintf(stderr, "train-language: no forms in %s\n", folder);
    return list->length ? 0 : -1;
}

void formlist_free(struct formlist *list)
{
    free(list->at); /* the texts stay, like those of the corpus */
    list->at = NULL;
}
