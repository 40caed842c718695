/* Loads the development texts. */
#include "texts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const folders[TEXTS_KINDS] = {"single-words", "word-pairs", "sentences"};

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    ssize_t got = file ? getdelim(&text, &size, '\0', file) : -1;

    if (file)
        fclose(file);
    return got < 0 ? NULL : text;
}

static void split(char *text, struct texts_line **ret_lines, size_t *ret_count)
{
    size_t room = 1024, count = 0;
    struct texts_line *lines = malloc(room * sizeof *lines);

    for (char *line = text, *end; lines && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        if (count == room)
            lines = realloc(lines, (room *= 2) * sizeof *lines);
        if (end > line && lines)
            lines[count++] = (struct texts_line){line, (size_t)(end - line)};
    }
    *ret_lines = lines;
    *ret_count = lines ? count : 0;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct texts *)a)->tag, ((const struct texts *)b)->tag);
}

static void load_language(const char *data, struct texts *texts)
{
    char path[4096];

    for (int kind = 0; kind < TEXTS_KINDS; kind++) {
        char *text;

        snprintf(path, sizeof path, "%s/dev/%s/%s.txt", data, folders[kind], texts->tag);
        text = read_file(path);
        if (text)
            split(text, &texts->lines[kind], &texts->count[kind]);
    }
}

size_t texts_load(const char *data, struct texts ret_texts[TEXTS_LANGUAGES_MAX])
{
    char path[4096];
    struct dirent *entry;
    size_t count = 0;
    DIR *folder;

    snprintf(path, sizeof path, "%s/dev/sentences", data);
    folder = opendir(path);
    while (folder && (entry = readdir(folder)) != NULL && count < TEXTS_LANGUAGES_MAX) {
        const char *dot = strrchr(entry->d_name, '.');

        if (!dot || strcmp(dot, ".txt") != 0 || dot - entry->d_name > 11)
            continue;
        memset(&ret_texts[count], 0, sizeof *ret_texts);
        memcpy(ret_texts[count].tag, entry->d_name, (size_t)(dot - entry->d_name));
        load_language(data, &ret_texts[count++]);
    }
    if (folder)
        closedir(folder);
    if (count == 0)
        fprintf(stderr, "bench: no texts in %s\n", path);
    qsort(ret_texts, count, sizeof *ret_texts, compare);
    return count;
}

const struct texts *texts_find(const struct texts *texts, size_t count, const char *tag)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i].tag, tag) == 0)
            return &texts[i];
    return NULL;
}
