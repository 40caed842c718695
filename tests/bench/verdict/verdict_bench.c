/*
 * How the verdict does on pages it was not trained on. Sites and families are dealt into five folds each; for
 * every pair of folds a model is trained without either, and judges what belongs to both. What is printed is
 * what the shipped thresholds give, nothing is chosen on what is measured.
 */
#include "curriculum.h"
#include "regression.h"
#include "relabelled.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FOLDS = 5, GROUPS_MAX = 4096 };

struct dealt {
    uint32_t groups[GROUPS_MAX];
    size_t count;
};

struct measuring {
    struct lesson_list list;
    struct dealt sites, families;
    struct weights models[FOLDS][FOLDS];
    bool verbose;
    bool relabel;       /* count service pages by labels put right */
    size_t jobs;        /* processes that train; none leaves the models empty */
    const char *scores; /* where to write every case; NULL does not */
};

/* ---- folds
 * ------------------------------------------------------------------------------------------------------- */

static size_t fold_of(struct dealt *dealt, uint32_t group)
{
    size_t i = 0;
    while (i < dealt->count && dealt->groups[i] != group)
        i++;
    if (i == dealt->count && dealt->count < GROUPS_MAX)
        dealt->groups[dealt->count++] = group;
    return i % FOLDS;
}

static size_t site_fold(struct measuring *measuring, const struct lesson *lesson)
{
    return lesson->site ? fold_of(&measuring->sites, lesson->site) : FOLDS;
}

/* A page of another site carries its site as family: it must be left out like a site. */
static size_t family_fold(struct measuring *measuring, const struct lesson *lesson)
{
    if (!lesson->family)
        return FOLDS;
    bool is_site = lesson->kind == LESSON_OTHER_PAGE || lesson->kind == LESSON_OTHER_LANGUAGE;
    return fold_of(is_site ? &measuring->sites : &measuring->families, lesson->family);
}

/* What is left out while one model is fitted. */
struct fold_pair {
    struct measuring *measuring;
    size_t site, family;
};

static bool trained_on(const void *context, const struct lesson *lesson)
{
    const struct fold_pair *pair = context;
    return site_fold(pair->measuring, lesson) != pair->site &&
           family_fold(pair->measuring, lesson) != pair->family;
}

static void fit_pair(struct measuring *measuring, size_t number)
{
    struct fold_pair pair = {measuring, number / FOLDS, number % FOLDS};
    regression_fit(&measuring->list, trained_on, &pair, &measuring->models[pair.site][pair.family]);
    fputc('.', stderr);
}

/* The models lie in memory that the processes share, each has its part of them. */
static void fit_all(struct measuring *measuring)
{
    for (size_t i = 0; i < measuring->list.count; i++) {
        site_fold(measuring, &measuring->list.at[i]);
        family_fold(measuring, &measuring->list.at[i]);
    }
    for (size_t job = 0; job < measuring->jobs; job++) {
        if (fork() > 0)
            continue;
        for (size_t pair = job; pair < FOLDS * FOLDS; pair += measuring->jobs)
            fit_pair(measuring, pair);
        _exit(0);
    }
    while (wait(NULL) > 0)
        continue;
    fprintf(stderr, "\n");
}

/* ---- verdicts
 * ------------------------------------------------------------------------------------------------------ */

static const struct weights *model_for(struct measuring *measuring, const struct lesson *lesson)
{
    size_t site = site_fold(measuring, lesson), family = family_fold(measuring, lesson);
    if (site == FOLDS)
        site = family == FOLDS ? 0 : family;
    return &measuring->models[site][family == FOLDS ? site : family];
}

static enum verdict_kind verdict_of(struct measuring *measuring, const struct lesson *lesson,
                                    double *ret_score)
{
    const struct weights *weights = model_for(measuring, lesson);
    *ret_score = regression_score(weights, lesson);
    if (!lesson->never && !lesson->spared && *ret_score >= weights->section[lesson->section].threshold)
        return VERDICT_DEFACED;
    double front = regression_front(weights, lesson);
    if (!lesson->never && !lesson->front_spared && lesson->has_front &&
        front >= weights->section[lesson->front_section].threshold) {
        *ret_score = front;
        return VERDICT_DEFACED;
    }
    return lesson->otherwise;
}

struct tally {
    size_t all, changed, verdict[VERDICT_KIND_COUNT], right_cause;
};

static const char *label_of(const struct measuring *measuring, const struct lesson *lesson)
{
    return measuring->relabel ? relabelled(lesson->name, lesson->expected) : lesson->expected;
}

static bool cause_fits(const struct lesson *lesson, const char *label)
{
    static const struct {
        const char *kind;
        const char *causes;
    } fits[] = {{"maintenance", "maintenance"},
                {"http_error", "error"},
                {"default_server", "default-page"},
                {"login_wall", "login"},
                {"login", "login"},
                {"parked", "parked"},
                {"suspended", "suspended"},
                {"waf_block", "challenge error"},
                {"challenge", "challenge"}};
    for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++)
        if (strcmp(fits[i].kind, label) == 0)
            return lesson->cause[0] && strstr(fits[i].causes, lesson->cause);
    return false;
}

static bool is_service_kind(const char *expected)
{
    return *expected && strncmp(expected, "news", 4) != 0 && strncmp(expected, "live", 4) != 0 &&
           strcmp(expected, "image_page") != 0;
}

static bool worth_telling(const struct lesson *lesson, enum verdict_kind verdict)
{
    if (lesson_hostile(lesson->kind))
        return verdict != VERDICT_DEFACED && lesson->kind < LESSON_PADDED;
    if (lesson->kind == LESSON_VERSION || lesson->kind == LESSON_PAIR)
        return verdict == VERDICT_DEFACED || verdict == VERDICT_REPLACED || verdict == VERDICT_UNAVAILABLE;
    if (is_service_kind(lesson->expected))
        return verdict != VERDICT_UNAVAILABLE || !cause_fits(lesson, lesson->expected);
    return verdict == VERDICT_DEFACED;
}

static void tell(const struct lesson *lesson, enum verdict_kind verdict, double score)
{
    printf("%s\t%s\t%s\t%s\t%.3f\tkept %.2f words %.2f\t%s\t", lesson_kind_name(lesson->kind), lesson->name,
           verdict_name(verdict), verdict == VERDICT_UNAVAILABLE ? lesson->cause : "", score,
           (double)lesson->kept, (double)lesson->words, weights_section_name(lesson->section));
    for (int i = 0; i < FEATURE_COUNT; i++)
        if (lesson->at[i] > 0.005F)
            printf(" %s=%.2f", feature_name(i), (double)lesson->at[i]);
    printf("\n");
}

static struct tally count(struct measuring *measuring, enum lesson_kind kind, bool held_out,
                          const char *expected)
{
    struct tally tally = {0};
    for (size_t i = 0; i < measuring->list.count; i++) {
        const struct lesson *lesson = &measuring->list.at[i];
        const char *label = label_of(measuring, lesson);
        bool wanted = !expected || strcmp(expected, label) == 0 ||
                      (strcmp(expected, "service") == 0 && is_service_kind(label));
        if (lesson->kind != kind || lesson->held_out != held_out || !wanted)
            continue;
        double score;
        enum verdict_kind verdict = verdict_of(measuring, lesson, &score);
        tally.all++;
        tally.changed += lesson->changed || verdict == VERDICT_DEFACED;
        tally.verdict[verdict]++;
        tally.right_cause += verdict == VERDICT_UNAVAILABLE && cause_fits(lesson, label);
        if (measuring->verbose && worth_telling(lesson, verdict))
            tell(lesson, verdict, score);
    }
    return tally;
}

/* ---- tables
 * ----------------------------------------------------------------------------------------------------------
 */

static double percent(size_t part, size_t all)
{
    return all ? 100.0 * (double)part / (double)all : 0;
}

static void print_found(struct measuring *measuring, const char *what, enum lesson_kind kind, bool held_out,
                        const char *goal)
{
    struct tally tally = count(measuring, kind, held_out, NULL);
    printf(
        "| %s | %zu | %.2f %% defaced, %.2f %% replaced, %.2f %% unavailable, %.2f %% other | %s |\n", what,
        tally.all, percent(tally.verdict[VERDICT_DEFACED], tally.all),
        percent(tally.verdict[VERDICT_REPLACED], tally.all),
        percent(tally.verdict[VERDICT_UNAVAILABLE], tally.all),
        percent(tally.verdict[VERDICT_NEW] + tally.verdict[VERDICT_EDITED] + tally.verdict[VERDICT_UNCHANGED],
                tally.all),
        goal);
}

static void print_false(struct measuring *measuring, const char *what, enum lesson_kind kind)
{
    struct tally tally = count(measuring, kind, false, NULL);
    double per = tally.changed ? 10000.0 / (double)tally.changed : 0;
    printf("| %s | %zu changed of %zu | per 10,000 changed: %.1f defaced, %.1f replaced, %.1f unavailable | "
           "≤ 3, ≤ 30 |\n",
           what, tally.changed, tally.all, per * (double)tally.verdict[VERDICT_DEFACED],
           per * (double)tally.verdict[VERDICT_REPLACED], per * (double)tally.verdict[VERDICT_UNAVAILABLE]);
}

static void print_service(struct measuring *measuring, const char *what, enum lesson_kind kind, bool held_out,
                          const char *expected)
{
    struct tally tally = count(measuring, kind, held_out, expected);
    printf("| %s | %zu | %.1f %% defaced, %.1f %% unavailable, %.1f %% with the right cause | ≤ 2, ≥ 80 |\n",
           what, tally.all, percent(tally.verdict[VERDICT_DEFACED], tally.all),
           percent(tally.verdict[VERDICT_UNAVAILABLE], tally.all), percent(tally.right_cause, tally.all));
}

static void print_table(struct measuring *measuring)
{
    static const char *const services[] = {"maintenance", "http_error", "default_server", "login_wall",
                                           "parked",      "suspended",  "waf_block",      "challenge"};
    static const char *const others[] = {"image_page", "live_home_pl", "news_about_defacement",
                                         "news_mentions_hackers"};
    printf("| what | cases | verdicts | to reach |\n|---|---|---|---|\n");
    print_found(measuring, "real defacements in place of real pages", LESSON_DEFACED, false, "≥ 99");
    print_found(measuring, "real defacements without a baseline", LESSON_DEFACED_ALONE, false, "≥ 97");
    print_found(measuring, "real ones drawn by script, in place of real pages", LESSON_SCRIPTED, false, "");
    print_found(measuring, "the same without a baseline", LESSON_SCRIPTED_ALONE, false, "");
    print_found(measuring, "real partial ones without a baseline", LESSON_PARTIAL_ALONE, false, "");
    print_found(measuring, "own messages, cross-validated", LESSON_OWN, false, "≥ 99");
    print_found(measuring, "own messages alone, cross-validated", LESSON_OWN_ALONE, false, "≥ 97");
    print_found(measuring, "own messages never trained on", LESSON_OWN, true, "≥ 99");
    print_found(measuring, "own messages alone, never trained on", LESSON_OWN_ALONE, true, "≥ 97");
    print_found(measuring, "injections, cross-validated", LESSON_INJECTED, false, "≥ 60");
    print_found(measuring, "injections never trained on", LESSON_INJECTED, true, "≥ 60");
    print_found(measuring, "own messages above long text, cross-validated", LESSON_PADDED, false, "");
    print_found(measuring, "the same without a baseline", LESSON_PADDED_ALONE, false, "");
    print_found(measuring, "own messages above long text, never trained on", LESSON_PADDED, true, "");
    print_found(measuring, "the same without a baseline", LESSON_PADDED_ALONE, true, "");
    print_false(measuring, "next versions against all before", LESSON_VERSION);
    print_false(measuring, "next versions against the one before", LESSON_PAIR);
    print_found(measuring, "real pages alone", LESSON_VERSION_ALONE, false, "0 defaced");
    print_found(measuring, "another site's page", LESSON_OTHER_PAGE, false, "0 defaced");
    print_found(measuring, "the site's page in another language", LESSON_OTHER_LANGUAGE, false, "0 defaced");
    print_found(measuring, "news that quote, inside a page", LESSON_NEWS, false, "0 defaced");
    print_found(measuring, "the same without a baseline", LESSON_NEWS_ALONE, false, "0 defaced");
    print_found(measuring, "news never trained on, inside a page", LESSON_NEWS, true, "0 defaced");
    print_found(measuring, "the same without a baseline", LESSON_NEWS_ALONE, true, "0 defaced");
    print_found(measuring, "articles that quote, in place of real pages", LESSON_ARTICLE, false, "0 defaced");
    print_found(measuring, "the same without a baseline", LESSON_ARTICLE_ALONE, false, "0 defaced");
    print_found(measuring, "articles never trained on, in place of real pages", LESSON_ARTICLE, true,
                "0 defaced");
    print_found(measuring, "the same without a baseline", LESSON_ARTICLE_ALONE, true, "0 defaced");
    print_found(measuring, "friendly pages in place of real pages", LESSON_GREETING, false, "");
    print_found(measuring, "the same without a baseline", LESSON_GREETING_ALONE, false, "");
    print_found(measuring, "friendly pages never trained on", LESSON_GREETING, true, "");
    print_found(measuring, "the same without a baseline", LESSON_GREETING_ALONE, true, "");
    print_service(measuring, "service pages in place of real pages", LESSON_ORDINARY, false, "service");
    print_service(measuring, "service pages without a baseline", LESSON_ORDINARY_ALONE, false, "service");
    print_service(measuring, "own notices, cross-validated", LESSON_NOTICE, false, NULL);
    print_service(measuring, "the same without a baseline", LESSON_NOTICE_ALONE, false, NULL);
    print_service(measuring, "own notices never trained on", LESSON_NOTICE, true, NULL);
    print_service(measuring, "the same without a baseline", LESSON_NOTICE_ALONE, true, NULL);
    bool told = measuring->verbose;
    measuring->verbose = false;
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        print_service(measuring, services[i], LESSON_ORDINARY_ALONE, false, services[i]);
    measuring->relabel = true;
    print_service(measuring, "labels put right, in place of real pages", LESSON_ORDINARY, false, "service");
    print_service(measuring, "labels put right, without a baseline", LESSON_ORDINARY_ALONE, false, "service");
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        print_service(measuring, services[i], LESSON_ORDINARY_ALONE, false, services[i]);
    measuring->relabel = false;
    measuring->verbose = told;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        print_service(measuring, others[i], LESSON_ORDINARY, false, others[i]);
        print_service(measuring, others[i], LESSON_ORDINARY_ALONE, false, others[i]);
    }
}

/* Every case with its score, for a person who wants to see where the bars could stand. */
static void write_scores(struct measuring *measuring, const char *path)
{
    FILE *file = fopen(path, "we");
    for (size_t i = 0; file && i < measuring->list.count; i++) {
        const struct lesson *lesson = &measuring->list.at[i];
        double score;
        enum verdict_kind verdict = verdict_of(measuring, lesson, &score);
        fprintf(file, "%s\t%d\t%s\t%s\t%d\t%s\t%s\t%.5f\t%s", lesson_kind_name(lesson->kind),
                lesson->held_out, lesson->name, weights_section_name(lesson->section), lesson->never,
                verdict_name(lesson->otherwise), verdict_name(verdict), score, lesson->expected);
        for (int j = 0; j < FEATURE_COUNT; j++)
            fprintf(file, "\t%.3f", (double)lesson->at[j]);
        fprintf(file, "\t%d\t%.3f\t%.3f\n", lesson->spared, (double)lesson->kept, (double)lesson->words);
    }
    if (!file || fclose(file))
        perror(path);
}

static void print_speed(const struct lesson_tools *tools)
{
    double pages = (double)tools->pages / 1e6;
    double ours = tools->comparing_s + tools->identifying_s + tools->judging_s;
    printf("\nCPU a page: comparing %.0f µs, identifying %.0f µs, judging %.0f µs; together %.2f of what "
           "reading takes\n",
           tools->comparing_s / pages, tools->identifying_s / pages, tools->judging_s / pages,
           ours / tools->reading_s);
}

static void print_weights(const struct weights *weights)
{
    for (enum weights_section section = 0; section < WEIGHTS_SECTION_COUNT; section++) {
        printf("[%s] bias %.2f threshold %.2f", weights_section_name(section), weights->section[section].bias,
               weights->section[section].threshold);
        for (int i = 0; i < FEATURE_COUNT; i++)
            printf(" %s %.2f", feature_name(i), weights->section[section].at[i]);
        printf("\n");
    }
}

static bool read_options(int argc, char **argv, const char **models, struct curriculum_folders *folders,
                         struct measuring *measuring)
{
    static const struct option options[] = {
        {"models", required_argument, NULL, 'm'},
        {"texts", required_argument, NULL, 't'},
        {"histories", required_argument, NULL, 'h'},
        {"defacements", required_argument, NULL, 'd'},
        {"ordinary", required_argument, NULL, 'o'},
        {"cache", required_argument, NULL, 'c'},
        {"other-texts", required_argument, NULL, 'e'},
        {"verbose", no_argument, NULL, 'v'},
        {"quick", no_argument, NULL, 'q'},
        {"scores", required_argument, NULL, 's'},
        {"jobs", required_argument, NULL, 'j'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (option) {
        case 'm': *models = optarg; break;
        case 't': folders->texts = optarg; break;
        case 'e': folders->other_texts = optarg; break;
        case 'h': folders->histories = optarg; break;
        case 'd': folders->defacements = optarg; break;
        case 'o': folders->ordinary = optarg; break;
        case 'c': folders->cache = optarg; break;
        case 'v': measuring->verbose = true; break;
        case 's': measuring->scores = optarg; break;
        case 'j': measuring->jobs = strtoul(optarg, NULL, 10); break;
        case 'q': folders->quick = true; break;
        default: return false;
        }
    return *models && folders->texts && folders->histories && folders->defacements && folders->ordinary &&
           optind == argc;
}

int main(int argc, char **argv)
{
    const char *models = NULL;
    struct curriculum_folders folders = {0};
    struct lesson_tools tools = {0};
    struct measuring *measuring =
        mmap(NULL, sizeof(*measuring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (measuring == MAP_FAILED)
        return EXIT_FAILURE;
    measuring->jobs = 2;
    if (!read_options(argc, argv, &models, &folders, measuring)) {
        fputs("usage: verdict_bench --models DIR --texts DIR --other-texts DIR --histories DIR --defacements "
              "DIR\n"
              "                     --ordinary DIR [--cache DIR] [--scores FILE] [--jobs N] [--quick] "
              "[--verbose]\n",
              stderr);
        return 2;
    }
    if (!lesson_open(models, &tools) || !curriculum_make(&tools, &folders, &measuring->list))
        return EXIT_FAILURE;
    fit_all(measuring);
    print_table(measuring);
    if (measuring->scores)
        write_scores(measuring, measuring->scores);
    print_speed(&tools);
    if (measuring->verbose)
        print_weights(&measuring->models[0][0]);
    lesson_list_free(&measuring->list);
    lesson_close(&tools);
    munmap(measuring, sizeof(*measuring));
    return EXIT_SUCCESS;
}
