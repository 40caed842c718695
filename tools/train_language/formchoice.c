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

enum { GROUP = LETTERS_CYRILLIC - LETTERS_LATIN, LANES = 16, LANE_SETS = 1 << LANES };

/* Chosen on the development texts, like the leans. */
enum {
    BONUS = 18,     /* score units for each language whose dictionary has the word */
    CHOICE = 14,    /* the bonus the forms are chosen for; with a higher one, rarer words were taken */
    KINDS_MOST = 20 /* sets of languages; the more, the more strange words have a number by chance */
};
static const double spread = 10; /* score units: how far what stands beside a word moves the answer */

struct candidate {
    uint64_t key;
    float value;
    uint16_t lanes; /* bits: the languages it belongs to */
};

struct choice {
    const struct corpus *corpus;
    const struct varta_language_model *model;
    struct formlist list;
    struct dictionary met; /* words of the training sentences … */
    uint16_t *met_in;      /* … and the lanes they were met in, by number */
    struct candidate *candidates;
    size_t count;
    double value_of[LANE_SETS];
    uint8_t number_of[LANE_SETS]; /* 0: not remembered */
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

/* By how much the best of `lanes` is ahead of the best other one, by the letters: leans can then be changed
 * without choosing anew. */
static int lead_of(const struct choice *choice, const struct formlist_form *form, uint16_t lanes)
{
    const struct langmodel_group *group = &choice->model->header.groups[GROUP];
    int16_t scores[LANGMODEL_LANES_MAX];
    int best[2] = {INT16_MIN, INT16_MIN};
    struct wordscan scan;
    struct wordscan_word word;

    wordscan_start(&scan, form->at, form->size);
    if (!wordscan_next(&scan, &word))
        return 0;
    wordscore(choice->model, (const uint8_t *)form->at, &word, scores);
    for (unsigned lane = 0; lane < LANES; lane++) {
        int *of = &best[lanes >> lane & 1];

        if ((lane == 0 || group->languages[lane]) && scores[lane] > *of)
            *of = scores[lane];
    }
    return best[1] - best[0];
}

static double right_with(double lead)
{
    return 1 / (1 + exp(-lead / spread));
}

/* The forms list.at[from..to-1] are one word, in several languages. */
static void add_candidate(struct choice *choice, size_t from, size_t to)
{
    const struct formlist_form *form = &choice->list.at[from];
    struct candidate *candidate = &choice->candidates[choice->count++];
    double chance = 0;
    int lead;

    candidate->key = form->key;
    candidate->lanes = choice->met_in[dictionary_find(&choice->met, form->key, 0)];
    for (size_t i = from; i < to; i++) {
        candidate->lanes = (uint16_t)(candidate->lanes | 1u << choice->list.at[i].lane);
        chance += (double)choice->list.at[i].chance;
    }
    lead = lead_of(choice, form, candidate->lanes);
    candidate->value = (float)(chance * (right_with(lead + CHOICE) - right_with(lead)));
    choice->value_of[candidate->lanes] += (double)candidate->value;
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

/* The sets of languages that are worth most get the numbers from 1 on. */
static void number_kinds(struct choice *choice)
{
    for (uint8_t number = 1; number <= KINDS_MOST; number++) {
        unsigned best = 0;

        for (unsigned lanes = 1; lanes < LANE_SETS; lanes++)
            if (!choice->number_of[lanes] && choice->value_of[lanes] > (best ? choice->value_of[best] : 0))
                best = lanes;
        if (best)
            choice->number_of[best] = number;
    }
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
        if (choice->number_of[choice->candidates[i].lanes])
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
    for (unsigned lanes = 0; lanes < LANE_SETS; lanes++)
        for (unsigned lane = 0; choice->number_of[lanes] && lane < LANES; lane++)
            kinds[choice->number_of[lanes] * LANES + lane] = (int8_t)(lanes >> lane & 1 ? BONUS : 0);
}

/* As many of the best forms as the table can be solved for; returns their number. */
static size_t write_table(const struct choice *choice, uint8_t *table, uint32_t slots)
{
    struct formtable_word *words = calloc(choice->count + 1, sizeof *words);
    size_t count = slots - slots / 9 < choice->count ? slots - slots / 9 : choice->count;

    if (!words)
        abort();
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &choice->candidates[i];

        words[i] = (struct formtable_word){candidate->key, choice->number_of[candidate->lanes]};
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
    slots = (uint32_t)(left / WORDFORMS_SEGMENT * WORDFORMS_SEGMENT);
    if (slots < WORDFORMS_SEGMENTS_LEAST * WORDFORMS_SEGMENT)
        return 0;
    count = write_table(choice, modelfile_append(file, slots, &group->forms_at), slots);
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
