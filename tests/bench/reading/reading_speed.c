/*
 * How fast pages are read, against gumbo alone on the same bytes in the same run: bare (its own malloc and
 * free) and the whole reading. Arguments: rounds, then files. Files that are not UTF-8 are left out, since
 * gumbo alone cannot take them.
 */
#include "base/utf8.h"
#include "pipeline/read/read.h"

#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct pages {
    struct span *at;
    size_t count;
    size_t bytes;
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void load(struct pages *pages, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(6 << 20);
    if (!file || !bytes)
        exit(1);
    size_t size = fread(bytes, 1, 6 << 20, file);
    fclose(file);
    struct span text = {bytes, size};
    if (utf8_valid(text)) {
        pages->at[pages->count++] = text;
        pages->bytes += size;
    } else {
        free(bytes);
    }
}

static double run_gumbo(const struct pages *pages)
{
    double start = seconds();
    for (size_t i = 0; i < pages->count; i++) {
        GumboOutput *output =
            gumbo_parse_with_options(&kGumboDefaultOptions, pages->at[i].at, pages->at[i].size);
        gumbo_destroy_output(&kGumboDefaultOptions, output);
    }
    return seconds() - start;
}

static double run_reading(const struct pages *pages)
{
    const struct read_request request = {.content_type = SPAN("text/html; charset=utf-8")};
    double start = seconds();
    for (size_t i = 0; i < pages->count; i++) {
        struct reading reading;
        read_page(pages->at[i], &request, &reading);
        reading_free(&reading);
    }
    return seconds() - start;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > 100) {
        fprintf(stderr, "usage: reading_speed ROUNDS FILE…\n");
        return 2;
    }
    struct pages pages = {.at = calloc((size_t)argc, sizeof(*pages.at))};
    if (!pages.at)
        return 1;
    for (int i = 2; i < argc; i++)
        load(&pages, argv[i]);
    double bare[100], reading[100];
    for (int i = 0; i < rounds; i++) {
        bare[i] = run_gumbo(&pages);
        reading[i] = run_reading(&pages);
    }
    qsort(bare, (size_t)rounds, sizeof(*bare), compare);
    qsort(reading, (size_t)rounds, sizeof(*reading), compare);
    double megabytes = (double)pages.bytes / 1e6;
    printf("%zu pages, %.1f MB, median of %d rounds: gumbo alone %.1f MB/s, reading %.1f MB/s, reading takes "
           "%.2f of "
           "gumbo's time\n",
           pages.count, megabytes, rounds, megabytes / bare[rounds / 2], megabytes / reading[rounds / 2],
           reading[rounds / 2] / bare[rounds / 2]);
    return 0;
}
