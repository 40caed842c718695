/* varta replay: try the detector on a past one knows. */
#include "cli/cli.h"
#include "cli/common.h"
#include "os/clock.h"
#include "watch/replay.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] = "Judges every version of a page's history against the ones before it.\n"
                           "\n"
                           "Usage: varta replay [OPTION…] DIR…\n"
                           "       varta replay [OPTION…] --pairs FILE\n"
                           "\n"
                           "Each DIR holds the versions of one page, in the order of their file names.\n"
                           "\n"
                           "      --pairs FILE     lines of BEFORE<TAB>AFTER[<TAB>LABEL], each on its own;\n"
                           "                       - is standard input\n"
                           "      --json           one JSON object a version\n"
                           "      --no-pictures    do not look at pictures\n"
                           "      --sandbox LEVEL  strict (default), tolerant or off\n"
                           "  -q, --quiet          print nothing but errors and the sum\n"
                           "  -v, --verbose        also reasons of versions with nothing found\n"
                           "      --no-color       no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "Exit code: 0 nothing found, 1 a version is replaced or defaced, 2 usage,\n"
                           "3 one could not be read, or there was none.\n";

/* Bytes of one line of pairs: two paths and a label. */
enum { LINE_BYTES_MAX = 3 * PATH_MAX };

enum option_code { O_PAIRS = 256, O_JSON, O_NO_PICTURES, O_SANDBOX, O_NO_COLOR };

static const struct option options[] = {
    {"pairs", required_argument, NULL, O_PAIRS},
    {"json", no_argument, NULL, O_JSON},
    {"no-pictures", no_argument, NULL, O_NO_PICTURES},
    {"sandbox", required_argument, NULL, O_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct replaying {
    struct desk_settings settings;
    char **folders; /* those still to come; ends in NULL */
    char **first_folder;
    size_t folder_count;
    int64_t started_ms;
    FILE *pairs;
    const char *pairs_path;
    char line[LINE_BYTES_MAX];
    unsigned line_number;
    size_t done, verdicts[VERDICT_KIND_COUNT];
    bool json, quiet, verbose, no_colour, colours, bad_line, progress_shown;
};

/* ---- what to replay ---- */

static int is_version(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static int next_folder(struct replaying *replaying, char ***ret_files, size_t *ret_count)
{
    const char *folder = *replaying->folders;
    struct dirent **entries;
    int found = scandir(folder, &entries, is_version, versionsort);
    if (found < 0) {
        cli_error("cannot read the folder %s: %s", folder, strerror(errno));
        return -errno;
    }
    char **files = calloc((size_t)found + 1, sizeof(*files));
    size_t count = 0;
    for (int i = 0; i < found; i++) {
        char *path = NULL;
        if (files && asprintf(&path, "%s/%s", folder, entries[i]->d_name) > 0 && is_file(path))
            files[count++] = path;
        else
            free(path);
        free(entries[i]);
    }
    free(entries);
    if (!files)
        return -ENOMEM;
    replaying->folders++;
    *ret_files = files;
    *ret_count = count;
    return 1;
}

static char *copy_of(struct span text)
{
    return strndup(text.size ? text.at : "", text.size);
}

static int refuse_line(struct replaying *replaying, const char *what)
{
    cli_error("%s:%u: %s", replaying->pairs_path, replaying->line_number, what);
    replaying->bad_line = true;
    return -EINVAL;
}

static int take_pair(struct replaying *replaying, struct span line, char ***ret_files, size_t *ret_count,
                     char **ret_label)
{
    struct span before, after = {NULL, 0}, label = {NULL, 0};
    span_next(&line, '\t', &before);
    span_next(&line, '\t', &after);
    span_next(&line, '\t', &label);
    if (before.size == 0 || after.size == 0) {
        refuse_line(replaying, "a line is BEFORE<TAB>AFTER[<TAB>LABEL]");
        return 0;
    }
    char **files = calloc(2, sizeof(*files));
    if (!files)
        return -ENOMEM;
    files[0] = copy_of(before);
    files[1] = copy_of(after);
    *ret_label = copy_of(label);
    *ret_files = files;
    *ret_count = 2;
    if (files[0] && files[1] && *ret_label)
        return 1;
    free(files[0]);
    free(files[1]);
    free(files);
    free(*ret_label);
    return -ENOMEM;
}

/* 1 with a line, without its end; 0 at the end of the file. A file without lines is no list of pairs: it is
 * not searched to its end, which it may not have. */
static int next_line(struct replaying *replaying, struct span *ret_line)
{
    replaying->line_number++;
    if (!fgets(replaying->line, sizeof(replaying->line), replaying->pairs))
        return ferror(replaying->pairs) ? refuse_line(replaying, strerror(errno)) : 0;
    size_t size = strlen(replaying->line);
    bool ended = size && replaying->line[size - 1] == '\n';
    if (!ended && !feof(replaying->pairs))
        return refuse_line(replaying, "the line is too long, or no text");
    size -= ended;
    size -= size && replaying->line[size - 1] == '\r';
    *ret_line = (struct span){replaying->line, size};
    return 1;
}

static int next_pair(struct replaying *replaying, char ***ret_files, size_t *ret_count, char **ret_label)
{
    struct span line;
    int result;
    while ((result = next_line(replaying, &line)) > 0) {
        if (line.size == 0 || line.at[0] == '#')
            continue;
        result = take_pair(replaying, line, ret_files, ret_count, ret_label);
        if (result != 0)
            return result;
    }
    return result;
}

static int on_next(void *context, char ***ret_files, size_t *ret_count, char **ret_label, bool *ret_pair)
{
    struct replaying *replaying = context;
    *ret_pair = replaying->pairs != NULL;
    if (replaying->pairs)
        return next_pair(replaying, ret_files, ret_count, ret_label);
    return *replaying->folders ? next_folder(replaying, ret_files, ret_count) : 0;
}

/* ---- what was found ---- */

/* How much of the work has been handed out: by folders, or by bytes of the list. 0 when it cannot be told. */
static double share_started(const struct replaying *replaying)
{
    struct stat about;
    if (!replaying->pairs)
        return replaying->folder_count
                   ? (double)(replaying->folders - replaying->first_folder) / (double)replaying->folder_count
                   : 0;
    if (fstat(fileno(replaying->pairs), &about) || !S_ISREG(about.st_mode) || about.st_size <= 0)
        return 0;
    return (double)ftello(replaying->pairs) / (double)about.st_size;
}

static void show_progress(struct replaying *replaying)
{
    if (replaying->quiet || isatty(STDOUT_FILENO) || !isatty(STDERR_FILENO) || replaying->done % 50)
        return;
    double elapsed_s = (double)(clock_steady_ms() - replaying->started_ms) / 1e3;
    double share = share_started(replaying);
    fprintf(stderr, "\r%zu versions, %.0f a second", replaying->done,
            elapsed_s > 0 ? (double)replaying->done / elapsed_s : 0);
    if (share > 0 && share <= 1)
        fprintf(stderr, ", %.0f s left   ", elapsed_s * (1 - share) / share);
    replaying->progress_shown = true;
}

static void print_version(const struct replaying *replaying, const struct result *result)
{
    const struct verdict *verdict = result->verdict;
    bool found = verdict->kind == VERDICT_DEFACED || verdict->kind == VERDICT_REPLACED ||
                 verdict->kind == VERDICT_UNAVAILABLE;
    cli_put_verdict(stdout, verdict->kind, replaying->colours);
    printf(" %.3f ", verdict->score);
    cli_put_safe(stdout, result->url);
    if (result->label.size) {
        fputs("  ", stdout);
        cli_put_safe(stdout, result->label);
    }
    putchar('\n');
    for (size_t i = 0, told = 0;
         (found || replaying->verbose) && i < verdict->reason_count && (told < 3 || replaying->verbose);
         i++) {
        if (!replaying->verbose && !verdict_rests_on(verdict, &verdict->reasons[i]))
            continue;
        told++;
        cli_put_wrapped(stdout, "           ", verdict->reasons[i].text, cli_columns(stdout));
    }
}

static void on_version(void *context, const struct result *result)
{
    struct replaying *replaying = context;
    replaying->done++;
    replaying->verdicts[result->verdict->kind]++;
    if (replaying->json) {
        char *line = result_line(result);
        if (line)
            puts(line);
        free(line);
    } else if (!replaying->quiet) {
        print_version(replaying, result);
    }
    show_progress(replaying);
}

static int exit_code(const struct replaying *replaying, int result)
{
    if (replaying->verdicts[VERDICT_DEFACED] || replaying->verdicts[VERDICT_REPLACED])
        return EXIT_FOUND;
    if (replaying->bad_line)
        return EXIT_USAGE;
    return result < 0 || !replaying->done ? EXIT_FAILED : EXIT_NOTHING;
}

static int run(struct replaying *replaying)
{
    struct desk desk;
    int result = desk_open(&replaying->settings, &desk);
    if (result >= 0)
        result = replay_run(&desk, on_next, on_version, replaying);
    desk_close(&desk);
    if (replaying->progress_shown)
        fputs("\r\033[K", stderr);
    if (!replaying->json)
        cli_put_sum(stdout, replaying->verdicts);
    return exit_code(replaying, result);
}

static int open_pairs(struct replaying *replaying)
{
    bool standard = strcmp(replaying->pairs_path, "-") == 0;
    replaying->pairs = standard ? stdin : fopen(replaying->pairs_path, "re");
    if (replaying->pairs)
        return -1;
    cli_error("cannot open %s: %s", replaying->pairs_path, strerror(errno));
    return EXIT_USAGE;
}

/* Returns -1 to go on, or an exit code. */
static int parse(struct replaying *replaying, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
        switch (code) {
        case O_PAIRS: replaying->pairs_path = optarg; break;
        case O_JSON: replaying->json = true; break;
        case O_NO_PICTURES: replaying->settings.read_pictures = false; break;
        case O_NO_COLOR: replaying->no_colour = true; break;
        case 'q': replaying->quiet = true; break;
        case 'v': replaying->verbose = true; break;
        case O_SANDBOX:
            if (sandbox_level_parse(optarg, &replaying->settings.sandbox) < 0)
                return cli_usage_error("replay", "--sandbox takes strict, tolerant or off, not '%s'", optarg);
            break;
        case 'h': fputs(help, stdout); return 0;
        default: return cli_option_error("replay", code, argv);
        }
    }
    if ((replaying->pairs_path != NULL) == (optind < argc))
        return cli_usage_error("replay", "give folders, or --pairs FILE");
    return -1;
}

int cli_replay(int argc, char **argv)
{
    struct replaying replaying = {0};
    char models[4096];
    if (!cli_desk_settings(&replaying.settings, models))
        return EXIT_FAILED;
    int code = parse(&replaying, argc, argv);
    if (code < 0 && replaying.pairs_path)
        code = open_pairs(&replaying);
    if (code >= 0)
        return code;
    replaying.folders = replaying.first_folder = argv + optind;
    replaying.folder_count = (size_t)(argc - optind);
    replaying.started_ms = clock_steady_ms();
    replaying.colours = cli_colours(stdout, replaying.no_colour);
    code = run(&replaying);
    if (replaying.pairs && replaying.pairs != stdin)
        fclose(replaying.pairs);
    return code;
}
