/* Setting up and clearing away; see desk.h. */
#include "watch/desk.h"

#include "os/heap.h"
#include "pipeline/fetch/fetch_limits.h"
#include "pipeline/store/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum {
    MODEL_PATH_BYTES = 4096,
    HEAP_BYTES = 1 << 20, /* freed and kept: what a few ordinary pages need */
    FETCHES = 64,         /* hides 200 ms of latency, and two cores can read as fast */
};

struct desk_settings desk_defaults(void)
{
    return (struct desk_settings){
        .sandbox = SANDBOX_STRICT,
        .fetches = FETCHES,
        .user_agent = SPAN("varta/" VARTA_VERSION " (website integrity monitor)"),
        .connect_ms = FETCH_CONNECT_MS,
        .total_ms = FETCH_TOTAL_MS,
        .read_pictures = true,
    };
}

void desk_say(const struct desk *desk, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (desk->settings.note)
        desk->settings.note(desk->settings.note_context, text);
}

static int open_models(struct desk *desk)
{
    char path[MODEL_PATH_BYTES];
    char error[256];
    snprintf(path, sizeof(path), "%s/language.varta", desk->settings.models);
    int result = languages_open(path, &desk->languages, error);
    if (result == 0)
        result = judge_open(desk->settings.models, &desk->judge, error);
    if (result < 0)
        desk_say(desk, "%s", error);
    return result;
}

static int open_store(struct desk *desk)
{
    char error[STORE_ERROR_BYTES];
    if (!desk->settings.store_path ||
        store_open(desk->settings.store_path, STORE_CREATE, &desk->settings.store, error) == 0)
        return 0;
    desk->settings.store = NULL;
    desk_say(desk, "%s", error);
    return -ENOTRECOVERABLE;
}

static int open_helpers(struct desk *desk)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct helpers_settings settings = {
        .event = desk->event,
        .level = desk->settings.sandbox,
        .fetches = desk->settings.fetches,
        .jobs = processors > 0 ? (unsigned)processors : 1,
        .note = desk->settings.note,
        .note_context = desk->settings.note_context,
    };
    return helpers_new(&settings, &desk->helpers);
}

int desk_open(const struct desk_settings *settings, struct desk *ret_desk)
{
    struct desk *desk = ret_desk;
    *desk = (struct desk){.settings = *settings};
    heap_keep(HEAP_BYTES);
    int result = sd_event_new(&desk->event);
    if (result >= 0)
        result = open_helpers(desk);
    if (result >= 0 && settings->many) /* while the store and the models are opened */
        helpers_get_ready(desk->helpers);
    if (result >= 0)
        result = open_store(desk);
    if (result >= 0)
        result = open_models(desk);
    if (result >= 0)
        result = picture_cache_new(desk->settings.store, &desk->pictures);
    desk->tools = (struct journey_tools){
        .helpers = desk->helpers,
        .pictures = desk->pictures,
        .judge = desk->judge,
        .languages = desk->languages,
        .user_agent = settings->user_agent,
        .connect_ms = settings->connect_ms,
        .total_ms = settings->total_ms,
        .read_pictures = settings->read_pictures,
    };
    return result;
}

void desk_close(struct desk *desk)
{
    helpers_free(desk->helpers);
    sd_event_unref(desk->event);
    picture_cache_free(desk->pictures);
    judge_close(desk->judge);
    languages_close(desk->languages);
    if (desk->settings.store_path) {
        store_close(desk->settings.store);
        desk->settings.store = NULL;
    }
    *desk = (struct desk){.settings = desk->settings};
}

int desk_run(struct desk *desk, const size_t *open)
{
    int result = 0;
    while (result >= 0 && (*open > 0 || helpers_busy(desk->helpers) > 0))
        result = sd_event_run(desk->event, UINT64_MAX);
    return result < 0 ? result : 0;
}
