/* Reads the training texts. What may go in is decided by the licence of each line, which SOURCES.tsv names by
 * line range. */
#include "corpus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus_languages.h"
#include "kindred.h"
#include "wordlists.h"

enum { LINES_MAX = 1 << 17 }; /* of one language */

/* Between 0 (every word alike) and 1 (as often as in speech): rare words are what single words in the wild
 * are. */
static const double word_power = 0.4;

char *corpus_read_file(const char *path, size_t *ret_size)
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

int corpus_is_unwanted(const char *licence, const char *without)
{
    char list[256], *rest, *word;

    snprintf(list, sizeof list, "%s", without);
    for (word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
        if (strstr(licence, word))
            return 1;
    return 0;
}

/* One character for each line of train/SOURCE.txt: 1 if its licence is unwanted. */
static char *unwanted_lines(const char *sources, const char *source, const char *without)
{
    char *unwanted = calloc(LINES_MAX, 1);
    char iso[16], licence[128];
    unsigned first, last;

    for (const char *line = sources; unwanted && line && *line;
         line = strchr(line, '\n'), line += line != NULL)
        if (sscanf(line, "%15[^\t]\t%*[^\t]\t%127[^\t]\t%*[^\t]\t%*u\t%*u\t%u\t%u", iso, licence, &first,
                   &last) == 4 &&
            strcmp(iso, source) == 0 && corpus_is_unwanted(licence, without))
            for (unsigned i = first; i <= last && i < LINES_MAX; i++)
                unwanted[i] = 1;
    return unwanted;
}

int corpus_has_counts(const struct corpus_language *language)
{
    return language->words.length > 0 && language->words.at[0].count > 100;
}

static void add_lines(struct corpus_language *language, const char *text, const char *unwanted)
{
    unsigned number = 1;

    for (const char *line = text, *end; (end = strchr(line, '\n')) && number < LINES_MAX;
         line = end + 1, number++) {
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
    text = corpus_read_file(path, &size);
    if (!text || !unwanted) {
        fprintf(stderr, "train-language: cannot read %s\n", path);
        free(unwanted);
        return -1;
    }
    add_lines(language, text, unwanted);
    free(unwanted);
    snprintf(path, sizeof path, "%s/words/%s.txt", folder, language->source);
    text = corpus_read_file(path, &size);
    if (text)
        add_words(language, text);
    return 0;
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
    sources = corpus_read_file(path, &size);
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
        wordlists_clean(corpus, group);
    wordlists_copy(corpus);
    if (result == 0)
        kindred_add(corpus);
    for (unsigned i = 0; i < corpus->count; i++)
        build_ladder(&corpus->languages[i]);
    return result;
}
