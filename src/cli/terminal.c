/* What goes to a person's terminal: errors, colours, width, and text that cannot paint it; see cli.h. */
#include "base/utf8.h"
#include "cli/cli.h"
#include "os/clock.h"
#include "os/service.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_COLUMNS = 80, READ_PIECE = 65536 };

enum level { LEVEL_WARNING = 4, LEVEL_INFO = 6 }; /* of syslog(3) */

__attribute__((format(printf, 2, 0))) static void put(enum level level, const char *format, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof(text), format, args);
    if (service_is_journal(STDERR_FILENO))
        fprintf(stderr, "<%d>", level);
    else
        fputs("varta: ", stderr);
    cli_put_safe(stderr, span_of(text));
    fputc('\n', stderr);
}

void cli_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(LEVEL_WARNING, format, args);
    va_end(args);
}

void cli_inform(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(LEVEL_INFO, format, args);
    va_end(args);
}

int cli_usage_error(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(LEVEL_WARNING, format, args);
    va_end(args);
    fprintf(stderr, "'varta %s --help' tells how it is used\n", command);
    return EXIT_USAGE;
}

int cli_option_error(const char *command, int result, char **argv)
{
    const char *word = argv[optind - 1];
    if (result == ':')
        return cli_usage_error(command, "%s needs a value", word);
    const char *letters =
        argv[optind]; /* that an unknown one stands among: getopt has not gone past it yet */
    if (optopt && optopt < 128 && letters && letters[0] == '-' && letters[1] != '-' && letters[1] &&
        strchr(letters + 2, optopt))
        return cli_usage_error(command, "there is no option -%c (in %s; a file of that name is ./%s)", optopt,
                               letters, letters);
    if (optopt && optopt < 128 && strncmp(word, "--", 2) != 0)
        return cli_usage_error(command, "there is no option -%c", optopt);
    if (optopt)
        return cli_usage_error(command, "%s takes no value", word);
    return cli_usage_error(command, "there is no option %s", word);
}

void cli_quiet(void)
{
    if (!freopen("/dev/null", "w", stdout))
        cli_error("cannot be quiet: %s", strerror(errno));
}

bool cli_colours(FILE *stream, bool no_colour_option)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_colour_option || (no_color && *no_color) || !term || strcmp(term, "dumb") == 0)
        return false;
    return isatty(fileno(stream));
}

int cli_columns(FILE *stream)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return DEFAULT_COLUMNS;
}

void cli_progress_clear(struct cli_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}

/* ", 12.5 a second, 1 min 20 s left": once there is something to reckon from. */
static void put_pace(double elapsed_s, size_t done, size_t count)
{
    enum { MINUTE = 60, HOUR = 3600 };
    if (done == 0 || elapsed_s <= 0)
        return;
    double rate = (double)done / elapsed_s;
    unsigned left = (unsigned)fmin((double)(count - done) / rate + 0.5, 99 * HOUR);
    fprintf(stderr, ", %.*f a second, ", rate < 10 ? 1 : 0, rate);
    if (left >= HOUR)
        fprintf(stderr, "%u h %02u min left", left / HOUR, left % HOUR / MINUTE);
    else if (left >= MINUTE)
        fprintf(stderr, "%u min %02u s left", left / MINUTE, left % MINUTE);
    else
        fprintf(stderr, "%u s left", left);
}

void cli_progress(struct cli_progress *progress, size_t done, size_t count, const char *noun)
{
    enum { BAR = 16, WORTH = 4 };
    const char *term = getenv("TERM");
    if (progress->began_ms == 0)
        progress->began_ms = clock_steady_ms();
    if (count < WORTH || done >= count || !isatty(STDERR_FILENO) || !term || strcmp(term, "dumb") == 0)
        return;
    fputs("\r[", stderr);
    for (size_t i = 0; i < BAR; i++)
        fputc(i < done * BAR / count ? '#' : '.', stderr);
    fprintf(stderr, "] %zu of %zu %s", done, count, noun);
    put_pace((double)(clock_steady_ms() - progress->began_ms) / 1e3, done, count);
    fputs("\033[K", stderr);
    progress->shown = true;
}

void cli_put_safe(FILE *stream, struct span text)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        size_t size = utf8_put(utf8_is_steering(character) ? UTF8_REPLACEMENT : character, bytes);
        fwrite(bytes, 1, size, stream);
    }
}

/* Where the line that begins at `start` ends: before what no longer fits, at a space where there is one. */
static size_t line_end(struct span text, size_t start, int columns)
{
    size_t at = start, space = start;
    for (int width = 0; at < text.size;) {
        size_t before = at;
        uint32_t character = utf8_next(text, &at);
        width += utf8_width(character);
        if (width > columns)
            return space > start ? space : before > start ? before : at;
        if (character == ' ')
            space = before;
    }
    return text.size;
}

void cli_put_wrapped(FILE *stream, const char *mark, struct span text, int columns)
{
    int indent = (int)strlen(mark) + 1;
    for (size_t at = 0; at < text.size;) {
        size_t end = line_end(text, at, columns - indent);
        if (at == 0)
            fprintf(stream, "%s ", mark);
        else
            fprintf(stream, "%*s", indent, "");
        cli_put_safe(stream, span_cut(text, at, end));
        fputc('\n', stream);
        for (at = end; at < text.size && text.at[at] == ' '; at++)
            continue;
    }
}

static bool read_all(int fd, size_t limit, struct buf *into, bool *ret_cut)
{
    for (;;) {
        char piece[READ_PIECE];
        ssize_t got = read(fd, piece, sizeof(piece));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        size_t room = limit - into->size;
        *ret_cut = (size_t)got > room;
        if (!buf_add(into, piece, *ret_cut ? room : (size_t)got)) {
            errno = ENOMEM;
            return false;
        }
        if (*ret_cut)
            return true;
    }
}

bool cli_read_file(const char *path, size_t limit, struct span *ret_bytes, bool *ret_cut)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        cli_error("cannot open %s: %s", path, strerror(errno));
        return false;
    }
    struct buf content = buf_new(limit);
    *ret_cut = false;
    bool done = read_all(fd, limit, &content, ret_cut);
    if (!done) {
        cli_error("cannot read %s: %s", path, strerror(errno));
        buf_free(&content);
    }
    if (!standard)
        close(fd);
    if (done)
        *ret_bytes = buf_span(&content);
    return done;
}
