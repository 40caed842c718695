/* varta export: one incident in the form that somebody else needs it in. */
#include "base/json_writer.h"
#include "cli/case_matter.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "config/config.h"
#include "watch/incident_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Gives one incident in the form that somebody else needs it in.\n"
    "\n"
    "Usage: varta export [OPTION…] --as FORM ID\n"
    "\n"
    "      --as FORM       html: the report, one file; text: the same for a terminal;\n"
    "                      json: dossiers and record; warc: what was recorded;\n"
    "                      misp, intelmq, stix, cef, ecs: for CERTs and SIEMs\n"
    "  -o, --output FILE   write it there, instead of standard output\n"
    "      --lang LANG     of the report: en (default), uk or pl\n"
    "      --tlp WORD      clear, green, amber (default), amber+strict or red\n"
    "  -c, --config FILE   the daemon's configuration: where it listens and keeps\n"
    "      --control PATH  the daemon's socket (default $VARTA_CONTROL or\n"
    "                      /run/varta/control)\n"
    "      --evidence DIR  the evidence folder (default the daemon's, or\n"
    "                      /var/lib/varta/evidence)\n"
    "  -q, --quiet         print nothing but errors\n"
    "  -v, --verbose       tell where it was written\n"
    "      --no-color      no colours in text; NO_COLOR does the same\n"
    "  -h, --help\n"
    "\n"
    "The daemon need not run when the evidence is there, nor the evidence be kept\n"
    "when the daemon runs. Exit code: 0 done, 2 usage, 3 nothing is known, or it\n"
    "cannot be written.\n";

enum option_code { O_AS = 256, O_LANG, O_TLP, O_CONTROL, O_EVIDENCE, O_NO_COLOR };

static const struct option options[] = {
    {"as", required_argument, NULL, O_AS},
    {"output", required_argument, NULL, 'o'},
    {"lang", required_argument, NULL, O_LANG},
    {"tlp", required_argument, NULL, O_TLP},
    {"config", required_argument, NULL, 'c'},
    {"control", required_argument, NULL, O_CONTROL},
    {"evidence", required_argument, NULL, O_EVIDENCE},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"no-color", no_argument, NULL, O_NO_COLOR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct wish {
    const char *as, *output, *lang, *tlp, *config_path, *control, *evidence;
    bool verbose, no_colour;
    enum tongue tongue;
    struct config config;
};

/* Returns -1 to go on, or an exit code. */
static int parse(struct wish *wish, int argc, char **argv)
{
    int code;
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":o:c:qvh", options, NULL)) != -1) {
        switch (code) {
        case O_AS: wish->as = optarg; break;
        case 'o': wish->output = optarg; break;
        case O_LANG: wish->lang = optarg; break;
        case O_TLP: wish->tlp = optarg; break;
        case 'c': wish->config_path = optarg; break;
        case O_CONTROL: wish->control = optarg; break;
        case O_EVIDENCE: wish->evidence = optarg; break;
        case O_NO_COLOR: wish->no_colour = true; break;
        case 'q': cli_quiet(); break;
        case 'v': wish->verbose = true; break;
        case 'h': fputs(help, stdout); return EXIT_NOTHING;
        default: return cli_option_error("export", code, argv);
        }
    }
    return -1;
}

static bool is_form(const char *as)
{
    static const char *const own[] = {"html", "text", "json", "warc"};
    enum export_form form;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (strcmp(as, own[i]) == 0)
            return true;
    return export_form(span_of(as), &form);
}

static int check(struct wish *wish, int count)
{
    if (!wish->as || !is_form(wish->as))
        return cli_usage_error("export",
                               "--as is one of html, text, json, warc, misp, intelmq, stix, cef, ecs");
    if (wish->lang && !report_tongue(span_of(wish->lang), &wish->tongue))
        return cli_usage_error("export", "--lang is one of en, uk, pl");
    if (wish->tlp && !report_is_tlp(span_of(wish->tlp)))
        return cli_usage_error("export", "--tlp is one of clear, green, amber, amber+strict, red");
    if (count != 1)
        return cli_usage_error("export", "give the number of one incident, as 'varta incidents' lists it");
    return -1;
}

/* ---- where things are ---- */

static void on_fault(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

static bool configure(struct wish *wish)
{
    if (!wish->config_path)
        return true;
    if (config_read(wish->config_path, on_fault, NULL, &wish->config) < 0)
        return false;
    if (!wish->control && wish->config.control.size)
        wish->control = wish->config.control.at;
    if (!wish->evidence && wish->config.evidence_folder.size)
        wish->evidence = wish->config.evidence_folder.at;
    return true;
}

/* ---- writing ---- */

static bool write_all(int fd, struct span bytes)
{
    while (bytes.size) {
        ssize_t done = write(fd, bytes.at, bytes.size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes = span_cut(bytes, (size_t)done, bytes.size);
    }
    return true;
}

/* A device, a pipe or a link: it must not lose its name to a file (`-o /dev/stdout`, as root). */
static bool is_no_plain_file(const char *path)
{
    struct stat facts;
    return lstat(path, &facts) == 0 && !S_ISREG(facts.st_mode);
}

static bool write_into(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    bool done = write_all(fd, bytes);
    return close(fd) == 0 && done;
}

/* A whole file or none: it gets its name when it is complete. */
static bool write_file(const char *path, struct span bytes)
{
    char other[4096];
    if (is_no_plain_file(path))
        return write_into(path, bytes);
    if (snprintf(other, sizeof(other), "%s.part-%d", path, (int)getpid()) >= (int)sizeof(other)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    bool done = write_all(fd, bytes);
    done = close(fd) == 0 && done && rename(other, path) == 0;
    if (!done) {
        int error = errno;
        unlink(other);
        errno = error;
    }
    return done;
}

static int deliver(const struct wish *wish, struct span bytes)
{
    bool file = wish->output && strcmp(wish->output, "-") != 0;
    fflush(stdout);
    if (!(file ? write_file(wish->output, bytes) : write_all(STDOUT_FILENO, bytes))) {
        cli_error("cannot write %s: %s", file ? wish->output : "to standard output", strerror(errno));
        return EXIT_FAILED;
    }
    if (file && wish->verbose)
        cli_inform("written: %s, %zu bytes", wish->output, bytes.size);
    return EXIT_NOTHING;
}

/* ---- forms ---- */

static void put_json(const struct case_matter *one, struct buf *out)
{
    json_t *moments = json_array();
    for (size_t i = 0; i < one->matter.moment_count; i++)
        json_array_append(moments, one->matter.moments[i].root);
    json_t *all = json_pack("{s:O?, s:o}", "record", one->record, "moments", moments);
    json_writer_add(all, JSON_INDENT(1) | JSON_REAL_PRECISION(15), out);
    buf_add_byte(out, '\n');
    json_decref(all);
}

static bool put(const struct wish *wish, const struct case_matter *one, struct buf *out)
{
    enum export_form form;
    bool colours = !wish->output && cli_colours(stdout, wish->no_colour);
    if (strcmp(wish->as, "html") == 0)
        report_html(&one->matter, wish->tongue, out);
    else if (strcmp(wish->as, "text") == 0)
        report_text(&one->matter, wish->tongue, wish->output ? 80 : cli_columns(stdout), colours, out);
    else if (strcmp(wish->as, "json") == 0)
        put_json(one, out);
    else if (export_form(span_of(wish->as), &form))
        export_put(form, &one->matter, out);
    return !out->failed;
}

/* Given even where all else is damaged, and that was told. */
static int export_archive(const struct wish *wish, const char *evidence, int64_t incident)
{
    buf_auto out = buf_new(INCIDENT_ARCHIVE_BYTES);
    int result = incident_archive(evidence, incident, &out);
    if (result == 0)
        return deliver(wish, buf_span(&out));
    if (result == -EFBIG)
        cli_error("what was recorded of incident %lld is more than %d MB", (long long)incident,
                  INCIDENT_ARCHIVE_BYTES >> 20);
    else
        cli_error("no WARC was kept of incident %lld", (long long)incident);
    return EXIT_FAILED;
}

static int export_form_of(const struct wish *wish, const struct case_matter *one)
{
    buf_auto out = buf_new(EXPORT_BYTES);
    if (put(wish, one, &out))
        return deliver(wish, buf_span(&out));
    cli_error("the export of incident %lld would be too large", (long long)one->matter.moments[0].incident);
    return EXIT_FAILED;
}

static int export(struct wish *wish, int64_t incident)
{
    struct case_source source = {control_path(wish->control), wish->evidence, incident};
    struct case_matter one;
    bool warc = strcmp(wish->as, "warc") == 0;
    if (warc && !wish->output && isatty(STDOUT_FILENO))
        return cli_usage_error("export", "a WARC is no text: name a file with -o");
    int code = case_matter_open(&source, &one);
    if (code != EXIT_NOTHING)
        return warc ? export_archive(wish, wish->evidence ? wish->evidence : CASE_EVIDENCE_FOLDER, incident)
                    : code;
    one.matter.tlp = span_of(wish->tlp);
    code = warc ? export_archive(wish, one.evidence, incident) : export_form_of(wish, &one);
    case_matter_free(&one);
    return code;
}

int cli_export(int argc, char **argv)
{
    struct wish wish = {.tongue = TONGUE_EN};
    int code = parse(&wish, argc, argv);
    if (code < 0)
        code = check(&wish, argc - optind);
    if (code >= 0)
        return code;
    int64_t incident = cli_incident_number(argv[optind]);
    if (incident == 0)
        return cli_usage_error("export", "'%s' is no number of an incident", argv[optind]);
    if (!configure(&wish))
        return EXIT_USAGE;
    code = export(&wish, incident);
    config_free(&wish.config);
    return code;
}
