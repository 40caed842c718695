/* See look.h. */
#include "watch/look.h"

#include "pipeline/fetch/fetch_limits.h"
#include "watch/local_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct glance {
    struct looking *looking;
    size_t index;
    struct page page;
    struct local_file file;
};

struct looking {
    struct desk *desk;
    look_fn *each;
    void *context;
    size_t open;
};

static void on_arrival(void *context, struct journey *journey)
{
    struct glance *glance = context;
    glance->looking->each(glance->looking->context, glance->index, journey);
    glance->looking->open--;
}

static bool is_url(const char *argument)
{
    return strncasecmp(argument, "http://", 7) == 0 || strncasecmp(argument, "https://", 8) == 0;
}

/* A file is opened before any look begins, so that a wrong name costs nothing. */
static int open_glance(struct glance *glance, const char *argument)
{
    glance->page.url = span_of(argument);
    glance->page.allow_private = true; /* a person asked for just this address */
    if (is_url(argument))
        return 0;
    glance->file.body = local_file_copy(argument, FETCH_PAGE_BYTES);
    if (glance->file.body < 0)
        return glance->file.body;
    glance->file.folder = local_file_folder(argument);
    return 0;
}

static int start_glance(struct glance *glance)
{
    struct journey start = {
        .tools = &glance->looking->desk->tools,
        .page = &glance->page,
        .file = glance->file.body >= 0 ? &glance->file : NULL,
        .done = on_arrival,
        .context = glance,
    };
    glance->looking->open++;
    int result = journey_start(&start);
    if (result < 0)
        glance->looking->open--;
    return result;
}

static void close_files(struct glance *glances, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (glances[i].file.body >= 0)
            close(glances[i].file.body);
        if (glances[i].file.folder >= 0)
            close(glances[i].file.folder);
    }
}

int look_at(struct desk *desk, char *const *arguments, size_t count, look_fn *each, void *context)
{
    struct looking looking = {desk, each, context, 0};
    struct glance *glances = calloc(count, sizeof(*glances));
    if (!glances)
        return -ENOMEM;
    int result = 0;
    for (size_t i = 0; i < count; i++)
        glances[i] = (struct glance){.looking = &looking, .index = i, .file = {-1, -1}};
    for (size_t i = 0; i < count && result >= 0; i++) {
        result = open_glance(&glances[i], arguments[i]);
        if (result < 0)
            desk_say(desk, "cannot open %s: %s", arguments[i], strerror(-result));
    }
    for (size_t i = 0; i < count && result >= 0; i++)
        result = start_glance(&glances[i]);
    int run = desk_run(desk, &looking.open);
    result = result < 0 ? result : run;
    close_files(glances, count);
    free(glances);
    return result;
}
