/* Standard error of the helpers; see complaints.h. */
#include "watch/complaints.h"

#include "base/safe_text.h"
#include "os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CHUNK = 4096, /* bytes read at once: the others of the event loop have their turn between */
    TOLD = 3 * COMPLAINTS_LINE + 64
};

struct complaints {
    struct complaints_settings settings;
    int pipe;
    sd_event_source *source;
    unsigned lines;
    size_t taken; /* bytes, of all lines */
    size_t size;  /* of the line that is not yet whole */
    char line[COMPLAINTS_LINE + 1];
};

static void tell_text(struct complaints *complaints, const char *verb, struct span text)
{
    buf_auto out = buf_new(TOLD);
    buf_add_format(&out, "%s %s", complaints->settings.name, verb);
    safe_text_add_cut(&out, text, COMPLAINTS_LINE);
    complaints->settings.tell(complaints->settings.context, buf_text(&out));
}

static void tell_line(struct complaints *complaints)
{
    struct span line = {complaints->line, complaints->size};
    complaints->size = 0;
    if (line.size && complaints->lines < COMPLAINTS_LINES) {
        complaints->lines++;
        tell_text(complaints, "says: ", line);
    }
}

static void take(struct complaints *complaints, const char *bytes, size_t size)
{
    complaints->taken += size;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            tell_line(complaints);
        else if (complaints->size < sizeof(complaints->line))
            complaints->line[complaints->size++] = bytes[i];
    }
}

/* Returns how many bytes came: 0 at the end, negative for none as yet. */
static ssize_t take_chunk(struct complaints *complaints)
{
    char bytes[CHUNK];
    ssize_t size = read(complaints->pipe, bytes, sizeof(bytes));
    if (size > 0)
        take(complaints, bytes, (size_t)size);
    return size;
}

/* Once it has said too much nobody listens any more: the pipe fills up, and what it writes is lost to it. */
static int on_words(sd_event_source *source, int fd, uint32_t events, void *context)
{
    (void)fd;
    (void)events;
    struct complaints *complaints = context;
    bool over = take_chunk(complaints) == 0;
    bool enough = complaints->lines == COMPLAINTS_LINES || complaints->taken > COMPLAINTS_BYTES;
    if (enough)
        tell_text(complaints, "says more than is told", (struct span){NULL, 0});
    if (over || enough)
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
    return 0;
}

static int open_pipe(sd_event *event, struct complaints *complaints, int *ret_end)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    complaints->pipe = ends[0];
    int result = sd_event_add_io(event, &complaints->source, ends[0], EPOLLIN, on_words, complaints);
    if (result < 0) {
        close(ends[0]);
        close(ends[1]);
        return result;
    }
    *ret_end = ends[1];
    return 0;
}

int complaints_spawn(const struct complaints_settings *settings, char *const argv[],
                     struct complaints **ret_complaints, pid_t *ret_pid, int *ret_channel)
{
    int end = -1;
    struct complaints *complaints = calloc(1, sizeof(*complaints));
    if (!complaints)
        return -ENOMEM;
    complaints->settings = *settings;
    int result = open_pipe(settings->event, complaints, &end);
    if (result < 0) {
        free(complaints);
        return result;
    }
    result = spawn_helper(settings->name, argv, end, ret_pid, ret_channel);
    close(end);
    if (result < 0)
        complaints_close(complaints);
    else
        *ret_complaints = complaints;
    return result;
}

struct complaints *complaints_close(struct complaints *complaints)
{
    if (!complaints)
        return NULL;
    while (complaints->lines < COMPLAINTS_LINES && complaints->taken <= COMPLAINTS_BYTES &&
           take_chunk(complaints) > 0)
        continue;
    tell_line(complaints);
    sd_event_source_disable_unref(complaints->source);
    close(complaints->pipe);
    free(complaints);
    return NULL;
}
