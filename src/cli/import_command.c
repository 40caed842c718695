/* varta import: a page list from what another program watched. */
#include "cli/cli.h"
#include "config/import.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] = "Makes a page list from what another program watched.\n"
                           "\n"
                           "Usage: varta import urlwatch [OPTION…] FILE\n"
                           "       varta import list [OPTION…] FILE\n"
                           "\n"
                           "urlwatch takes urls.yaml of urlwatch and webchanges; list takes lines or tables\n"
                           "with an address in each line, and a name beside it where there is one. FILE may\n"
                           "be -, standard input. What is not taken over is told with its line.\n"
                           "\n"
                           "  -o, --output FILE  write it there, instead of standard output; a file that is\n"
                           "                     there is not overwritten\n"
                           "  -q, --quiet        print nothing but errors; needs --output\n"
                           "  -v, --verbose      count also what was named twice\n"
                           "      --no-color     no colours; NO_COLOR does the same\n"
                           "  -h, --help\n"
                           "\n"
                           "Exit code: 0 everything was taken over, 1 something was left out, 2 wrong usage\n"
                           "or nothing understood, 3 it could not be read or written.\n";

enum option_code { O_NO_COLOR = 256 };

static const struct option options[] = {
    {"output", required_argument, NULL, 'o'}, {"no-color", no_argument, NULL, O_NO_COLOR},
    {"quiet", no_argument, NULL, 'q'},        {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
};

struct wish {
    const char *output;
    bool quiet, verbose;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":o:qvh", options, NULL)) != -1) {
        switch (code) {
        case 'o': wish->output = optarg; break;
        case O_NO_COLOR: break; /* there are none here */
        case 'q': wish->quiet = true; break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("import", code, argv);
        }
    }
    if (argc - optind != 2)
        return cli_usage_error("import", "say what it is, urlwatch or list, and name one file");
    if (wish->quiet && !wish->output)
        return cli_usage_error("import", "--quiet needs --output: otherwise nothing would come of it");
    return -1;
}

static void on_told(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static int write_out(const char *path, struct span text)
{
    FILE *stream = path ? fopen(path, "wxe") : stdout;
    if (!stream && errno == EEXIST) {
        cli_error("%s is there already: remove it, or write elsewhere", path);
        return EXIT_FAILED;
    }
    bool written =
        stream && fwrite(text.size ? text.at : "", 1, text.size, stream) == text.size && fflush(stream) == 0;
    int error = errno;
    if (path && stream && fclose(stream) != 0 && written) {
        written = false;
        error = errno;
    }
    if (!written)
        cli_error("cannot write %s: %s", path ? path : "standard output", strerror(error));
    return written ? EXIT_NOTHING : EXIT_FAILED;
}

static int take(const struct wish *wish, const char *kind, const char *name, struct span text)
{
    struct import_sum sum = {0};
    buf_auto out = buf_new(2 * IMPORT_BYTES);
    int result = strcmp(kind, "urlwatch") == 0 ? import_urlwatch(text, name, on_told, NULL, &out, &sum)
                                               : import_table(text, name, on_told, NULL, &out, &sum);
    if (result == -ENOMEM) {
        cli_error("%s: memory ran out", name);
        return EXIT_FAILED;
    }
    if (result < 0)
        return EXIT_USAGE;
    int code = write_out(wish->output, buf_span(&out));
    if (code == EXIT_NOTHING && !wish->quiet)
        cli_inform("%zu page%s taken over, %zu left out", sum.pages, sum.pages == 1 ? "" : "s", sum.left_out);
    if (code == EXIT_NOTHING && wish->verbose && sum.repeated)
        cli_inform("%zu %s named again", sum.repeated, sum.repeated == 1 ? "was" : "were");
    return code == EXIT_NOTHING && sum.left_out ? EXIT_FOUND : code;
}

int cli_import(int argc, char **argv)
{
    struct wish wish = {0};
    struct span text;
    bool cut;
    int code = parse(&wish, argc, argv);
    if (code >= 0)
        return code;
    const char *kind = argv[optind], *path = argv[optind + 1];
    if (strcmp(kind, "urlwatch") != 0 && strcmp(kind, "list") != 0)
        return cli_usage_error("import", "'%s' is not known: urlwatch or list", kind);
    if (!cli_read_file(path, IMPORT_BYTES, &text, &cut))
        return EXIT_FAILED;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    if (cut)
        cli_error("%s is longer than %d MiB: split it", name, IMPORT_BYTES >> 20);
    code = cut ? EXIT_USAGE : take(&wish, kind, name, text);
    free((char *)(uintptr_t)text.at);
    return code;
}
