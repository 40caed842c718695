/* See gallery.h. */
#include "gallery.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/ocr/ocr.h"
#include "shelf.h"

#include <stdio.h>
#include <stdlib.h>

struct gallery {
    char folder[4096];
    struct ocr *ocr;
    bool tried;
};

struct gallery *gallery_open(const char *cache_folder)
{
    struct gallery *gallery = calloc(1, sizeof(*gallery));
    if (gallery && cache_folder)
        snprintf(gallery->folder, sizeof(gallery->folder), "%s", cache_folder);
    return gallery;
}

void gallery_close(struct gallery *gallery)
{
    if (gallery->ocr)
        ocr_close(gallery->ocr);
    free(gallery);
}

/* ---- the cache: outcome, width, height, perceptual hash; then a line of text each -------------------------
 */

static void cache_path(const struct gallery *gallery, struct span bytes, char ret_path[4200])
{
    snprintf(ret_path, 4200, "%s/%016llx.txt", gallery->folder, (unsigned long long)hash_span(bytes));
}

static double identify_nothing(void *context, struct span text, char ret_language[12])
{
    (void)context;
    (void)text;
    snprintf(ret_language, 12, "und");
    return 0;
}

static void recognise(struct gallery *gallery, struct span bytes, const char *path)
{
    const char *missing;
    if (!gallery->tried &&
        ocr_open(&(struct ocr_settings){0}, identify_nothing, NULL, &gallery->ocr, &missing))
        fprintf(stderr, "no recognition models: pictures stay unread\n");
    gallery->tried = true;
    if (!gallery->ocr)
        return;
    struct picture_text text;
    enum outcome outcome = ocr_read(gallery->ocr, bytes, &text);
    FILE *file = fopen(path, "we");
    if (file) {
        fprintf(file, "%d %u %u %llx\n", outcome, text.width, text.height,
                (unsigned long long)text.perceptual_hash);
        for (size_t i = 0; i < text.line_count; i++)
            if (!text.lines[i].doubtful)
                fprintf(file, "%.*s\n", (int)text.lines[i].text.size, text.lines[i].text.at);
        fclose(file);
    }
    picture_text_free(&text);
}

static void add_blocks(struct reading *reading, const struct span *lines, size_t count, uint32_t picture)
{
    struct block *grown = arena_alloc(&reading->arena, reading->block_count + count, sizeof(*grown));
    if (!grown)
        abort();
    if (reading->block_count)
        memcpy(grown, reading->blocks, reading->block_count * sizeof(*grown));
    for (size_t i = 0; i < count; i++)
        grown[reading->block_count + i] = (struct block){.text = arena_copy(&reading->arena, lines[i]),
                                                         .origin = ORIGIN_IMAGE,
                                                         .confidence = 950,
                                                         .place = reading->pictures[picture].place,
                                                         .picture = picture};
    reading->blocks = grown;
    reading->block_count += count;
}

static void apply(struct reading *reading, uint32_t picture, struct span cached)
{
    enum { LINES_MAX = 400 };
    struct span lines[LINES_MAX], line;
    struct picture_ref *ref = &reading->pictures[picture];
    int outcome = 0;
    unsigned long long hash = 0;
    char head[128] = "";
    size_t count = 0;
    if (span_next(&cached, '\n', &line) && line.size < sizeof(head))
        memcpy(head, line.at, line.size);
    if (sscanf(head, "%d %u %u %llx", &outcome, &ref->pixel_width, &ref->pixel_height, &hash) != 4)
        return;
    ref->outcome = (enum outcome)outcome;
    ref->perceptual_hash = hash;
    while (count < LINES_MAX && span_next(&cached, '\n', &line))
        if (line.size && utf8_valid(line))
            lines[count++] = line;
    add_blocks(reading, lines, count, picture);
}

static struct span last_part(struct span url)
{
    size_t end = url.size;
    for (size_t i = 0; i < url.size; i++)
        if (url.at[i] == '?' || url.at[i] == '#') {
            end = i;
            break;
        }
    size_t start = end;
    while (start && url.at[start - 1] != '/')
        start--;
    return span_cut(url, start, end);
}

static void hang(struct gallery *gallery, const char *path, struct reading *reading, uint32_t picture)
{
    buf_auto bytes = buf_new(0), cached = buf_new(0);
    char cache[4200];
    struct picture_ref *ref = &reading->pictures[picture];
    if (ref->fetched || !shelf_read(path, &bytes))
        return;
    uint64_t hash = hash_span(buf_span(&bytes));
    ref->fetched = true;
    ref->outcome = OUTCOME_NO_MODEL;
    memcpy(ref->digest.at, &hash, sizeof(hash));
    if (!gallery->folder[0])
        return;
    cache_path(gallery, buf_span(&bytes), cache);
    if (!shelf_read(cache, &cached)) {
        recognise(gallery, buf_span(&bytes), cache);
        buf_free(&cached);
        if (!shelf_read(cache, &cached))
            return;
    }
    apply(reading, picture, buf_span(&cached));
}

/* "01_logo.png" was saved from an address that ends in "logo.png". */
static bool belongs(struct span saved, struct span url)
{
    size_t mark = span_find(saved, SPAN("_"), 0);
    struct span name = span_cut(saved, mark < saved.size ? mark + 1 : 0, saved.size);
    return name.size && span_equal_nocase(name, last_part(url));
}

void gallery_hang(struct gallery *gallery, const char *folder, struct reading *reading)
{
    struct shelf_names names = shelf_list(folder);
    for (size_t i = 0; i < names.count; i++)
        for (uint32_t j = 0; j < reading->picture_count; j++) {
            char path[8200];
            snprintf(path, sizeof(path), "%s/%s", folder, names.at[i]);
            if (belongs(span_of(names.at[i]), reading->pictures[j].url))
                hang(gallery, path, reading, j);
        }
    shelf_free(&names);
}

void gallery_write(struct reading *reading, const struct span *lines, size_t count)
{
    if (!reading->picture_count)
        return;
    struct picture_ref *ref = &reading->pictures[0];
    uint64_t hash = count ? hash_span(lines[0]) : 1;
    ref->fetched = true;
    ref->outcome = OUTCOME_OK;
    ref->pixel_width = 1280;
    ref->pixel_height = 720;
    ref->perceptual_hash = hash;
    memcpy(ref->digest.at, &hash, sizeof(hash));
    add_blocks(reading, lines, count, 0);
}
