/* The provenance of a model: nothing here is typed by hand, so it cannot differ from what was done. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/identify/ngram.h"

struct origin {
    char licence[96];
    unsigned long lines;
};

enum { ORIGINS_MAX = 64 };

static unsigned count_origins(FILE *sources, const char *without, struct origin *origins)
{
    char line[1024], licence[96];
    unsigned long first, last;
    unsigned count = 0, at;

    while (fgets(line, sizeof line, sources)) {
        if (sscanf(line, "%*[^\t]\t%*[^\t]\t%95[^\t]\t%*[^\t]\t%*u\t%*u\t%lu\t%lu", licence, &first, &last) !=
                3 ||
            corpus_is_unwanted(licence, without))
            continue;
        for (at = 0; at < count && strcmp(origins[at].licence, licence) != 0; at++)
            ;
        if (at == ORIGINS_MAX)
            continue;
        if (at == count)
            snprintf(origins[count++].licence, sizeof origins->licence, "%s", licence), origins[at].lines = 0;
        origins[at].lines += last - first + 1;
    }
    return count;
}

static void write_origins(FILE *to, const struct report *report)
{
    struct origin origins[ORIGINS_MAX];
    char path[4096];
    FILE *sources;
    unsigned count;

    snprintf(path, sizeof path, "%s/train/SOURCES.tsv", report->data);
    sources = fopen(path, "r");
    if (!sources)
        return;
    count = count_origins(sources, report->without, origins);
    fclose(sources);
    fputs("\nTraining lines by licence\n", to);
    for (unsigned i = 0; i < count; i++)
        fprintf(to, "  %8lu  %s\n", origins[i].lines, origins[i].licence);
}

/* FOLDER/SOURCES.tsv: tag, package, version, licence, entries, forms. */
static void write_dictionaries(FILE *to, const struct report *report)
{
    char path[4096], line[512];
    FILE *sources;

    fprintf(to, "\nForms of spelling dictionaries and words of web pages: %zu remembered\n",
            report->form_count);
    if (!report->forms)
        return;
    snprintf(path, sizeof path, "%s/SOURCES.tsv", report->forms);
    sources = fopen(path, "r");
    while (sources && fgets(line, sizeof line, sources)) {
        char tag[16], package[64], version[64], licence[160];
        unsigned long entries, forms;

        if (sscanf(line, "%15[^\t]\t%63[^\t]\t%63[^\t]\t%159[^\t]\t%lu\t%lu", tag, package, version, licence,
                   &entries, &forms) == 6)
            fprintf(to, "  %-3s %s %s: %lu entries, %lu forms; %s\n", tag, package, version, entries, forms,
                    licence);
    }
    if (sources)
        fclose(sources);
}

static void write_languages(FILE *to, const struct report *report)
{
    unsigned long words = 0;

    for (unsigned l = 0; l < report->corpus->count; l++)
        words += report->corpus->languages[l].words.length;
    fprintf(to, "  %8lu  words of FrequencyWords lists (CC BY-SA 4.0; be: hunspell-be, CC BY-SA)\n", words);
    fputs(
        "\nRight answers on held-out texts, %: words, pairs, sentences; trained lines, words, weight, lean, "
        "lean in strange runs\n",
        to);
    for (unsigned l = 0; l < report->corpus->count; l++) {
        const struct corpus_language *language = &report->corpus->languages[l];

        if (report->accuracy->all[l][0] == 0)
            continue;
        fprintf(to, "  %-8s", language->tag);
        for (int kind = 0; kind < CALIBRATE_KINDS; kind++)
            fprintf(to, " %5.1f", 100.0 * report->accuracy->right[l][kind] / report->accuracy->all[l][kind]);
        fprintf(to, "  %6zu %6zu  %.1f %3d %2d\n", language->lines.length, language->words.length,
                (double)language->weight, language->lean, language->strange);
    }
    fprintf(to, "\nExpected calibration error on them: %.4f\n", report->accuracy->error);
}

static unsigned count_taken(const struct modelfile *file, const struct langmodel_group *group)
{
    const uint8_t *lines = file->bytes + group->lines_at;
    unsigned taken = 0;

    for (uint32_t line = 0; line < group->line_count; line++, lines += NGRAM_LINE_BYTES)
        for (unsigned i = 0; i < NGRAM_LINE_SLOTS * NGRAM_SLOT_BYTES; i += NGRAM_SLOT_BYTES)
            taken += (lines[i] | lines[i + 1] | lines[i + 2]) != 0;
    return taken;
}

static void write_tables(FILE *to, const struct modelfile *file)
{
    fputs("\nTables\n", to);
    for (unsigned g = 0; g < LANGMODEL_GROUPS; g++) {
        const struct langmodel_group *group = &file->header.groups[g];

        fprintf(to, "  script group %u: %u of %u slots taken, %u rows of %u, %u slots of forms\n",
                g + LETTERS_LATIN, count_taken(file, group), group->line_count * NGRAM_LINE_SLOTS,
                group->row_count, group->lanes, group->form_slots);
    }
}

int report_write(const struct report *report, const char *model)
{
    char path[4096];
    FILE *to;

    snprintf(path, sizeof path, "%s.txt", model);
    to = fopen(path, "w");
    if (!to) {
        fprintf(stderr, "train-language: cannot write %s\n", path);
        return -1;
    }
    fprintf(to, "Written by train-language with the model, %zu bytes; seed %llu, effort %u, left out: %s\n",
            report->file->size, (unsigned long long)report->seed, report->effort,
            *report->without ? report->without : "nothing");
    write_origins(to, report);
    write_languages(to, report);
    write_dictionaries(to, report);
    write_tables(to, report->file);
    return fclose(to) == 0 ? 0 : -1;
}
