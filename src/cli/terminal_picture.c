/* See terminal_picture.h. */
#include "cli/terminal_picture.h"

#include "cli/picture_cage.h"
#include "cli/sixel.h"
#include "os/clock.h"
#include "pipeline/evidence/markup.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum {
    ANSWER_MS = 1000,   /* for the terminal to say what it can, over ssh too; nearly all answer at once */
    ANSWER_BYTES = 512, /* of its answer */
    CHUNK = 4096,       /* letters of base64 at once, as kitty asks */
    MOST_ROWS = 24,     /* lines a picture takes: a screen */
    MARGIN = 4,         /* columns left free */
    CELL_WIDTH = 8,
    CELL_HEIGHT = 16,
};

static const char *const names[] = {"auto", "none", "kitty", "iterm2", "sixel"};

bool terminal_pictures_parse(const char *word, enum terminal_pictures *ret_way)
{
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(word, names[i]) == 0) {
            *ret_way = (enum terminal_pictures)i;
            return true;
        }
    return false;
}

/* ---- what it can ---- */

/* Until the answer to the second question is whole: every terminal knows that one. */
static size_t read_answer(int fd, char *answer)
{
    int64_t end_ms = clock_steady_ms() + ANSWER_MS;
    size_t size = 0;
    while (size < ANSWER_BYTES - 1) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left_ms = end_ms - clock_steady_ms();
        if (left_ms <= 0 || poll(&ready, 1, (int)left_ms) <= 0)
            break;
        ssize_t got = read(fd, answer + size, ANSWER_BYTES - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        answer[size] = '\0';
        const char *about = strstr(answer, "\033[?");
        if (about && strchr(about, 'c'))
            break;
    }
    answer[size] = '\0';
    return size;
}

/* "\033[?62;4;22c": 4 is sixel. */
static bool says_sixel(const char *answer)
{
    const char *about = strstr(answer, "\033[?");
    for (about = about ? about + 3 : NULL; about && *about && *about != 'c'; about++)
        if ((about[-1] == ';' || about[-1] == '?') && *about == '4' && (about[1] == ';' || about[1] == 'c'))
            return true;
    return false;
}

static enum terminal_pictures ask(int fd)
{
    static const char questions[] = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[c";
    char answer[ANSWER_BYTES] = "";
    struct termios before, raw;
    const char *program = getenv("TERM_PROGRAM"), *emulator = getenv("LC_TERMINAL");
    if (tcgetpgrp(fd) != getpgrp() || tcgetattr(fd, &before) < 0)
        return PICTURES_NONE;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(fd, TCSANOW, &raw);
    if (write(fd, questions, sizeof(questions) - 1) == (ssize_t)sizeof(questions) - 1)
        read_answer(fd, answer);
    tcsetattr(fd, TCSAFLUSH, &before);
    if (strstr(answer, "\033_Gi=31;OK"))
        return PICTURES_KITTY;
    if ((program && strcmp(program, "iTerm.app") == 0) || (emulator && strcmp(emulator, "iTerm2") == 0))
        return PICTURES_ITERM2;
    return says_sixel(answer) ? PICTURES_SIXEL : PICTURES_NONE;
}

enum terminal_pictures terminal_pictures_ask(void)
{
    const char *term = getenv("TERM");
    if (!isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0 || strcmp(term, "linux") == 0)
        return PICTURES_NONE;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return PICTURES_NONE;
    enum terminal_pictures way = ask(fd);
    close(fd);
    return way;
}

struct terminal_room terminal_picture_room(int columns)
{
    struct winsize size = {0};
    struct terminal_room room = {columns, CELL_WIDTH, CELL_HEIGHT};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row && size.ws_xpixel &&
        size.ws_ypixel)
        room = (struct terminal_room){columns, size.ws_xpixel / size.ws_col, size.ws_ypixel / size.ws_row};
    if (room.cell_width == 0 || room.cell_height == 0)
        room = (struct terminal_room){columns, CELL_WIDTH, CELL_HEIGHT};
    return room;
}

/* ---- drawing ---- */

/* Pixels wide, so that it fits and is never made larger. */
static uint32_t fitting(struct terminal_room room, uint32_t width, uint32_t height)
{
    uint64_t most = (uint64_t)(room.columns > 2 * MARGIN ? room.columns - MARGIN : MARGIN) * room.cell_width;
    uint64_t by_height = (uint64_t)MOST_ROWS * room.cell_height * width / height;
    uint64_t wide = width < most ? width : most;
    wide = wide < by_height ? wide : by_height;
    return wide ? (uint32_t)wide : 1;
}

static void add_kitty(struct span letters, unsigned columns, struct buf *out)
{
    for (size_t at = 0; at < letters.size; at += CHUNK) {
        struct span chunk = span_cut(letters, at, at + CHUNK);
        bool more = at + CHUNK < letters.size;
        if (at == 0)
            buf_add_format(out, "\033_Ga=T,f=100,q=2,c=%u,m=%d;", columns, more);
        else
            buf_add_format(out, "\033_Gm=%d;", more);
        buf_add_span(out, chunk);
        buf_add_text(out, "\033\\");
    }
}

static void add_iterm2(struct span letters, size_t bytes, unsigned columns, struct buf *out)
{
    buf_add_format(out, "\033]1337;File=inline=1;preserveAspectRatio=1;size=%zu;width=%u:", bytes, columns);
    buf_add_span(out, letters);
    buf_add_byte(out, '\a');
}

static bool add_sixel(struct span png, uint32_t width, uint32_t height, uint32_t wide, struct buf *out)
{
    uint32_t high = (uint32_t)((uint64_t)wide * height / width);
    uint8_t *pixels = picture_cage_decode(png, width, height);
    if (!pixels)
        return false;
    sixel_add(pixels, width, height, wide, high ? high : 1, out);
    picture_cage_free(pixels, width, height);
    return true;
}

void terminal_picture_add(enum terminal_pictures way, struct terminal_room room, struct span png,
                          struct buf *out)
{
    uint32_t width, height;
    buf_auto letters = buf_new(png.size * 2 + 16);
    if (way == PICTURES_AUTO || way == PICTURES_NONE || !picture_cage_size(png, &width, &height))
        return;
    uint32_t wide = fitting(room, width, height);
    unsigned columns = (wide + room.cell_width - 1) / room.cell_width;
    if (way == PICTURES_SIXEL) {
        if (!add_sixel(png, width, height, wide, out))
            return;
    } else {
        markup_base64(&letters, png);
        if (way == PICTURES_KITTY)
            add_kitty(buf_span(&letters), columns, out);
        else
            add_iterm2(buf_span(&letters), png.size, columns, out);
    }
    buf_add_byte(out, '\n');
}
