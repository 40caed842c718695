/* A form is worth its byte if it is met and if the letters leave its language open: its value is the chance
 * to meet it, times the chance that the bonus turns a wrong answer into a right one. Nine in ten forms are
 * not worth it. */
#include "formchoice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "formlist.h"
#include "formtable.h"
#include "pipeline/identify/langtext.h"
#include "pipeline/identify/wordforms.h"
#include "pipeline/identify/wordscore.h"
#include "varta/language.h"

enum { GROUP = LETTERS_CYRILLIC - LETTERS_LATIN, LANES = 16 };

/* Chosen on the development texts, like the leans. */
enum {
    KINDS_MOST = 200 /* sets of grades; the more, the more strange words have one by chance */
};
/* Score units for each language, by what is known of the word there. */
static const int8_t bonus_of[FORMLIST_GRADES] = {
    [FORMLIST_WRITTEN] = 8, [FORMLIST_SPELLED] = 18, [FORMLIST_SPELLED | FORMLIST_WRITTEN] = 26};
static const double spread = 7; /* score units: how far what stands beside a word moves the answer */

/* The grades of a word in all languages, two bits a lane. */
typedef uint32_t grades;

struct candidate {
    uint64_t key;
    float value;
    grades grades;
};

struct kind {
    grades grades;
    double value;
};

struct choice {
    const struct corpus *corpus;
    const struct varta_language_model *model;
    struct formlist list;
    struct dictionary met; /* words of the training sentences … */
    uint16_t *met_in;      /* … and the lanes they were met in, by number */
    struct candidate *candidates;
    size_t count;
    struct kind kinds[WORDFORMS_ROWS]; /* by number; 0 is not used */
};

/* ---- what the sentences know
 * --------------------------------------------------------------------------------------- */

static void meet_line(struct choice *choice, const struct corpus_text *line, unsigned lane, int counted)
{
    struct wordscan scan;
    struct wordscan_word word;
    uint16_t ending;

    wordscan_start(&scan, line->at, line->size);
    while (wordscan_next(&scan, &word)) {
        uint64_t key = formlist_key(line->at + word.start, word.end - word.start, LETTERS_CYRILLIC, &ending);

        if (key && counted)
            choice->met_in[dictionary_find(&choice->met, key, 0)] |= (uint16_t)(1u << lane);
        else if (key)
            dictionary_count(&choice->met, key);
    }
}

static void meet_lines(struct choice *choice, int counted)
{
    for (unsigned l = 0; l < choice->corpus->count; l++) {
        const struct corpus_language *language = &choice->corpus->languages[l];

        if (language->group == LETTERS_CYRILLIC)
            for (size_t i = 0; i < language->lines.length; i++)
                meet_line(choice, &language->lines.at[i], language->lane, counted);
    }
}

/* A word belongs to every language whose sentences have it, too: dictionaries have gaps, and not every
 * language has one. */
static void learn_met(struct choice *choice)
{
    dictionary_create(&choice->met);
    meet_lines(choice, 0);
    dictionary_number(&choice->met, 1);
    choice->met_in = calloc(choice->met.numbers, sizeof *choice->met_in);
    if (!choice->met_in)
        abort();
    meet_lines(choice, 1);
}

/* ---- what a form is worth
 * ------------------------------------------------------------------------------------------ */

static unsigned grade_in(grades of, unsigned lane)
{
    return of >> (2 * lane) & 3;
}

/* Of the word that list.at[from..to-1] are, in several languages. Being met on pages alone counts for nothing
 * if another language's dictionary has it: pages have foreign words. */
static grades grades_of(const struct choice *choice, size_t from, size_t to)
{
    unsigned met = choice->met_in[dictionary_find(&choice->met, choice->list.at[from].key, 0)];
    grades found = 0;
    unsigned spelled = 0;

    for (unsigned lane = 0; lane < LANES; lane++)
        found |= (grades)(met >> lane & 1 ? FORMLIST_SPELLED : 0) << (2 * lane);
    for (size_t i = from; i < to; i++)
        spelled |= choice->list.at[i].grade & FORMLIST_SPELLED;
    for (size_t i = from; i < to; i++)
        if (!spelled || choice->list.at[i].grade & FORMLIST_SPELLED)
            found |= (grades)choice->list.at[i].grade << (2 * choice->list.at[i].lane);
    return found;
}

static void score_form(const struct choice *choice, const struct formlist_form *form,
                       int16_t ret_scores[LANGMODEL_LANES_MAX])
{
    struct wordscan scan;
    struct wordscan_word word;

    memset(ret_scores, 0, LANGMODEL_LANES_MAX * sizeof *ret_scores);
    wordscan_start(&scan, form->at, form->size);
    if (wordscan_next(&scan, &word))
        wordscore(choice->model, (const uint8_t *)form->at, &word, ret_scores);
}

/* By how much a lane is ahead of the best other one in a word of these grades. By the letters, without leans:
 * leans can then be changed without choosing anew. */
static int lead_of(const struct choice *choice, const int16_t *scores, grades of, unsigned lane)
{
    const struct langmodel_group *group = &choice->model->header.groups[GROUP];
    int own = 0, best = INT16_MIN;

    for (unsigned other = 0; other < LANES; other++) {
        int score = scores[other] + bonus_of[grade_in(of, other)];

        if (other == lane)
            own = score;
        else if ((other == 0 || group->languages[other]) && score > best)
            best = score;
    }
    return own - best;
}

/* How much a right answer counts: most where letters tell least. */
static double worth_of(const struct choice *choice, const struct formlist_form *form)
{
    static const struct {
        const char *tag;
        double worth;
    } worths[] = {{"uk", 0.1}, {"ru", 0.1}, {"be", 0.7}, {"bg", 0.9}, {"sr", 2}, {"mk", 2}};
    const struct langmodel_group *group = &choice->model->header.groups[GROUP];
    const char *tag = choice->model->header.languages[group->languages[form->lane]].tag;

    for (unsigned i = 0; i < sizeof worths / sizeof worths[0]; i++)
        if (strcmp(worths[i].tag, tag) == 0)
            return worths[i].worth * (double)form->chance;
    return (double)form->chance;
}

static double right_with(double lead)
{
    return 1 / (1 + exp(-lead / spread));
}

/* The forms list.at[from..to-1] are one word. */
static void add_candidate(struct choice *choice, size_t from, size_t to)
{
    struct candidate *candidate = &choice->candidates[choice->count++];
    int16_t scores[LANGMODEL_LANES_MAX];
    double value = 0;

    candidate->key = choice->list.at[from].key;
    candidate->grades = grades_of(choice, from, to);
    score_form(choice, &choice->list.at[from], scores);
    for (size_t i = from; i < to; i++) {
        const struct formlist_form *form = &choice->list.at[i];

        value +=
            worth_of(choice, form) * (right_with(lead_of(choice, scores, candidate->grades, form->lane)) -
                                      right_with(lead_of(choice, scores, 0, form->lane)));
    }
    candidate->value = (float)value;
}

static void add_candidates(struct choice *choice)
{
    const struct formlist *list = &choice->list;
    size_t to;

    choice->candidates = calloc(list->length, sizeof *choice->candidates);
    if (!choice->candidates)
        abort();
    for (size_t from = 0; from < list->length; from = to) {
        for (to = from + 1; to < list->length && list->at[to].key == list->at[from].key;)
            to++;
        add_candidate(choice, from, to);
    }
}

static int compare_grades(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;

    if (left->grades != right->grades)
        return left->grades < right->grades ? -1 : 1;
    return (left->key > right->key) - (left->key < right->key);
}

/* Puts a kind among the best ones, in place of the last. */
static void offer_kind(struct choice *choice, const struct kind *kind)
{
    unsigned at = KINDS_MOST;

    if (kind->grades == 0 || kind->value <= choice->kinds[at].value)
        return;
    for (; at > 1 && kind->value > choice->kinds[at - 1].value; at--)
        choice->kinds[at] = choice->kinds[at - 1];
    choice->kinds[at] = *kind;
}

/* The sets of grades that are worth most get the numbers from 1 on. */
static void number_kinds(struct choice *choice)
{
    struct kind kind = {0, 0};
    double all = 0, kept = 0;

    qsort(choice->candidates, choice->count, sizeof *choice->candidates, compare_grades);
    for (size_t i = 0; i < choice->count; i++) {
        const struct candidate *candidate = &choice->candidates[i];

        if (candidate->grades != kind.grades) {
            offer_kind(choice, &kind);
            kind = (struct kind){candidate->grades, 0};
        }
        kind.value += candidate->value > 0 ? (double)candidate->value : 0;
        all += candidate->value > 0 ? (double)candidate->value : 0;
    }
    offer_kind(choice, &kind);
    for (unsigned number = 1; number <= KINDS_MOST; number++)
        kept += choice->kinds[number].value;
    fprintf(stderr, "train-language: %d kinds of forms are worth %.1f %% of all\n", KINDS_MOST,
            100 * kept / all);
}

static uint8_t number_of(const struct choice *choice, grades of)
{
    for (uint8_t number = 1; number <= KINDS_MOST; number++)
        if (choice->kinds[number].grades == of)
            return number;
    return 0;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;

    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return (left->key > right->key) - (left->key < right->key);
}

static void sort_candidates(struct choice *choice)
{
    size_t kept = 0;

    for (size_t i = 0; i < choice->count; i++)
        if (choice->candidates[i].value > 0 && number_of(choice, choice->candidates[i].grades))
            choice->candidates[kept++] = choice->candidates[i];
    choice->count = kept;
    qsort(choice->candidates, choice->count, sizeof *choice->candidates, compare_candidates);
}

static void make_choice(struct choice *choice)
{
    learn_met(choice);
    add_candidates(choice);
    number_kinds(choice);
    sort_candidates(choice);
}

/* ---- into the file
 * -------------------------------------------------------------------------------------------------- */

static void write_kinds(const struct choice *choice, int8_t *kinds)
{
    for (unsigned number = 1; number <= KINDS_MOST; number++)
        for (unsigned lane = 0; lane < LANES; lane++)
            kinds[number * LANES + lane] = bonus_of[grade_in(choice->kinds[number].grades, lane)];
}

/* As many of the best forms as the table can be solved for; returns their number. */
static size_t write_table(const struct choice *choice, uint16_t *table, uint32_t slots)
{
    struct formtable_word *words = calloc(choice->count + 1, sizeof *words);
    size_t count = slots - slots / 9 < choice->count ? slots - slots / 9 : choice->count;

    if (!words)
        abort();
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &choice->candidates[i];

        words[i] = (struct formtable_word){candidate->key, number_of(choice, candidate->grades)};
    }
    while (count > 0 && formtable_solve(words, count, table, slots) < 0)
        count -= count / 64 + 1;
    free(words);
    return count;
}

static size_t write_forms(const struct choice *choice, struct modelfile *file, size_t bytes)
{
    struct langmodel_group *group = &file->header.groups[GROUP];
    size_t left, count;
    uint32_t slots;

    write_kinds(choice, modelfile_append(file, WORDFORMS_ROWS * LANES, &group->kinds_at));
    left = bytes > file->size + 64 ? bytes - file->size - 64 : 0;
    slots = (uint32_t)(left / sizeof(uint16_t) / WORDFORMS_SEGMENT * WORDFORMS_SEGMENT);
    if (slots < WORDFORMS_SEGMENTS_LEAST * WORDFORMS_SEGMENT)
        return 0;
    count = write_table(choice, modelfile_append(file, slots * sizeof(uint16_t), &group->forms_at), slots);
    group->form_slots = slots;
    modelfile_seal(file);
    return count;
}

static void free_choice(struct choice *choice)
{
    formlist_free(&choice->list);
    dictionary_free(&choice->met);
    free(choice->met_in);
    free(choice->candidates);
    free(choice);
}

size_t formchoice_add(struct modelfile *file, const struct corpus *corpus, const char *folder, size_t bytes)
{
    struct choice *choice = calloc(1, sizeof *choice);
    struct varta_language_model *model = NULL;
    const char *reason = NULL;
    size_t count = 0;

    if (!choice)
        abort();
    if (formlist_load(&choice->list, corpus, LETTERS_CYRILLIC, folder) == 0 &&
        varta_language_model_from_memory(file->bytes, file->size, &model, &reason) == 0) {
        choice->corpus = corpus;
        choice->model = model;
        make_choice(choice);
        count = write_forms(choice, file, bytes);
        fprintf(stderr, "train-language: %zu of %zu forms remembered\n", count, choice->list.length);
    }
    varta_language_model_close(model);
    free_choice(choice);
    return count;
}
