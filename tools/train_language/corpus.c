/* Reads the training texts. What may go in is decided here: the licence of each line (SOURCES.tsv names it by
 * line range), and list words that another language uses far more often, which subtitle lists are full of. */
#include "corpus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus_languages.h"

/* Between 0 (every word alike) and 1 (as often as in speech): rare words are what single words in the wild
 * are. */
static const double word_power = 0.4;

/* A list word is left out when a language of the same group uses it this many times as often. */
static const double foreign_factor = 4.0;

static char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long size;

    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        bytes = malloc((size_t)size + 1);
        if (bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
            bytes[size] = '\0';
            *ret_size = (size_t)size;
        }
    }
    fclose(file);
    return bytes;
}

static void add_text(struct corpus_texts *texts, const char *at, size_t size, uint32_t count)
{
    if (texts->length == texts->room) {
        texts->room = texts->room ? 2 * texts->room : 4096;
        texts->at = realloc(texts->at, texts->room * sizeof *texts->at);
        if (!texts->at)
            abort();
    }
    texts->at[texts->length++] = (struct corpus_text){at, (uint32_t)size, count};
}

/* One character for each line of train/SOURCE.txt: 1 if its licence is unwanted. */
static char *unwanted_lines(const char *sources, const char *source, const char *without)
{
    char *unwanted = calloc(1 << 17, 1);
    char iso[16], licence[128], list[256], *word, *rest;
    unsigned first, last;

    for (const char *line = sources; unwanted && line && *line;
         line = strchr(line, '\n'), line += line != NULL) {
        if (sscanf(line, "%15[^\t]\t%*[^\t]\t%127[^\t]\t%*[^\t]\t%*u\t%*u\t%u\t%u", iso, licence, &first,
                   &last) != 4 ||
            strcmp(iso, source) != 0)
            continue;
        snprintf(list, sizeof list, "%s", without);
        for (word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
            if (strstr(licence, word))
                for (unsigned i = first; i <= last && i < 1 << 17; i++)
                    unwanted[i] = 1;
    }
    return unwanted;
}

static void add_lines(struct corpus_language *language, const char *text, const char *unwanted)
{
    unsigned number = 1;

    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1, number++) {
        if (end == line || unwanted[number])
            continue;
        add_text(number % CORPUS_HELD_EVERY == 0 ? &language->held_lines : &language->lines, line,
                 (size_t)(end - line), 0);
    }
}

static void add_words(struct corpus_language *language, const char *text)
{
    unsigned number = 1;

    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1, number++) {
        const char *tab = memchr(line, '\t', (size_t)(end - line));

        if (!tab || tab == line)
            continue;
        add_text(number % CORPUS_HELD_EVERY == 0 ? &language->held_words : &language->words, line,
                 (size_t)(tab - line), (uint32_t)strtoul(tab + 1, NULL, 10));
    }
}

static int load_language(struct corpus_language *language, const char *folder, const char *sources,
                         const char *without)
{
    char path[4096];
    char *text, *unwanted = unwanted_lines(sources, language->source, without);
    size_t size;

    snprintf(path, sizeof path, "%s/train/%s.txt", folder, language->source);
    text = read_file(path, &size);
    if (!text || !unwanted) {
        fprintf(stderr, "train-language: cannot read %s\n", path);
        free(unwanted);
        return -1;
    }
    add_lines(language, text, unwanted);
    free(unwanted);
    snprintf(path, sizeof path, "%s/words/%s.txt", folder, language->source);
    text = read_file(path, &size);
    if (text)
        add_words(language, text);
    return 0;
}

struct known_word {
    const struct corpus_text *text;
    double share, best; /* of its language's list; the greatest share in any language of the group */
    unsigned language;
};

static int compare_known(const void *a, const void *b)
{
    const struct known_word *left = a, *right = b;
    uint32_t size = left->text->size < right->text->size ? left->text->size : right->text->size;
    int order = memcmp(left->text->at, right->text->at, size);

    if (order == 0)
        order = (left->text->size > right->text->size) - (left->text->size < right->text->size);
    return order ? order : (left->language > right->language) - (left->language < right->language);
}

static int same_text(const struct corpus_text *a, const struct corpus_text *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

static size_t gather_words(const struct corpus *corpus, unsigned group, struct known_word *known)
{
    size_t length = 0;

    for (unsigned l = 0; l < corpus->count; l++) {
        const struct corpus_language *language = &corpus->languages[l];
        double sum = 0;

        if (language->group != group || language->made != CORPUS_AS_IS)
            continue;
        for (size_t i = 0; i < language->words.length; i++)
            sum += language->words.at[i].count;
        for (size_t i = 0; i < language->words.length; i++, length++)
            known[length] =
                (struct known_word){&language->words.at[i], language->words.at[i].count / sum, 0, l};
    }
    return length;
}

static int list_has_counts(const struct corpus_language *language)
{
    return language->words.length > 0 && language->words.at[0].count > 100;
}

/* Sets the count of words that are another language's to zero, so that they are never drawn. */
static void drop_foreign_words(struct corpus *corpus, unsigned group)
{
    struct known_word *known = calloc(64 * 50000, sizeof *known);
    size_t length, end;

    if (!known)
        abort();
    length = gather_words(corpus, group, known);
    qsort(known, length, sizeof *known, compare_known);
    for (size_t i = 0; i < length; i = end) {
        double best = 0;

        for (end = i; end < length && same_text(known[i].text, known[end].text); end++)
            best = known[end].share > best ? known[end].share : best;
        for (size_t k = i; k < end; k++)
            if (known[k].share * foreign_factor < best &&
                list_has_counts(&corpus->languages[known[k].language]))
                ((struct corpus_text *)known[k].text)->count = 0;
    }
    free(known);
}

static void build_ladder(struct corpus_language *language)
{
    double sum = 0;

    if (language->words.length == 0)
        return;
    language->word_ladder = malloc(language->words.length * sizeof(double));
    if (!language->word_ladder)
        abort();
    for (size_t i = 0; i < language->words.length; i++) {
        sum += pow(language->words.at[i].count, word_power);
        language->word_ladder[i] = sum;
    }
}

const struct corpus_text *corpus_draw_word(const struct corpus_language *language, struct dice *dice)
{
    size_t low = 0, high = language->words.length;
    double height;

    if (high == 0)
        return NULL;
    height = dice_unit(dice) * language->word_ladder[--high];
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (language->word_ladder[middle] <= height)
            low = middle + 1;
        else
            high = middle;
    }
    return &language->words.at[low];
}

int corpus_load(struct corpus *corpus, const char *folder, const char *without)
{
    char path[4096];
    size_t size;
    char *sources;
    int result = 0;

    snprintf(path, sizeof path, "%s/train/SOURCES.tsv", folder);
    sources = read_file(path, &size);
    if (!sources) {
        fprintf(stderr, "train-language: cannot read %s\n", path);
        return -1;
    }
    corpus_languages_list(corpus);
    for (unsigned i = 0; i < corpus->count && result == 0; i++)
        if (corpus->languages[i].source)
            result = load_language(&corpus->languages[i], folder, sources, without);
    free(sources);
    for (unsigned group = LETTERS_LATIN; group <= LETTERS_ARABIC && result == 0; group++)
        drop_foreign_words(corpus, group);
    for (unsigned i = 0; i < corpus->count; i++)
        build_ladder(&corpus->languages[i]);
    return result;
}
