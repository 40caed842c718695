/*
 * Trains the verdict model: lessons from the data folders, weights from the lessons, models/verdict.txt from
 * the weights. There is no random number in it, so the same data gives the same file.
 */
#include "curriculum.h"
#include "regression.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] = "usage: train-verdict --models DIR --texts DIR --histories DIR --defacements DIR "
                            "--ordinary DIR [--cache DIR] OUT\n";

static void write_section(FILE *file, const struct weights *weights, enum weights_section section)
{
    fprintf(file, "\n[%s]\nbias %.3f\nthreshold %.3f\n", weights_section_name(section),
            weights->section[section].bias, weights->section[section].threshold);
    for (enum feature feature = 0; feature < FEATURE_COUNT; feature++)
        fprintf(file, "%s %.3f\n", feature_name(feature), weights->section[section].at[feature]);
}

static void count_kinds(FILE *file, const struct lesson_list *list)
{
    size_t counts[LESSON_KIND_COUNT] = {0};
    for (size_t i = 0; i < list->count; i++)
        counts[list->at[i].kind]++;
    for (enum lesson_kind kind = 0; kind < LESSON_KIND_COUNT; kind++)
        fprintf(file, "#   %-16s %zu\n", lesson_kind_name(kind), counts[kind]);
}

static int write_model(const char *path, const struct lesson_list *list, const struct weights *weights)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        perror(path);
        return EXIT_FAILURE;
    }
    fprintf(
        file,
        "# The verdict model of varta: log-odds of `defaced`, a weight for each feature, in three "
        "situations.\n"
        "# Written by tools/train_verdict, which uses no random numbers; see models/README.md for the data,\n"
        "# the command and what it measures. Lessons:\n");
    count_kinds(file, list);
    for (enum weights_section section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        write_section(file, weights, section);
    return fclose(file) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool read_options(int argc, char **argv, const char **models, struct curriculum_folders *folders)
{
    static const struct option options[] = {
        {"models", required_argument, NULL, 'm'},
        {"texts", required_argument, NULL, 't'},
        {"histories", required_argument, NULL, 'h'},
        {"defacements", required_argument, NULL, 'd'},
        {"ordinary", required_argument, NULL, 'o'},
        {"cache", required_argument, NULL, 'c'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (option) {
        case 'm': *models = optarg; break;
        case 't': folders->texts = optarg; break;
        case 'h': folders->histories = optarg; break;
        case 'd': folders->defacements = optarg; break;
        case 'o': folders->ordinary = optarg; break;
        case 'c': folders->cache = optarg; break;
        default: return false;
        }
    return *models && folders->texts && folders->histories && folders->defacements && folders->ordinary &&
           optind + 1 == argc;
}

int main(int argc, char **argv)
{
    const char *models = NULL;
    struct curriculum_folders folders = {0};
    struct lesson_tools tools = {0};
    struct lesson_list list = {0};
    struct weights weights;
    if (!read_options(argc, argv, &models, &folders)) {
        fputs(usage, stderr);
        return 2;
    }
    if (!lesson_open(models, &tools) || !curriculum_make(&tools, &folders, &list))
        return EXIT_FAILURE;
    regression_fit(&list, NULL, NULL, &weights);
    int result = write_model(argv[optind], &list, &weights);
    lesson_list_free(&list);
    lesson_close(&tools);
    return result;
}
