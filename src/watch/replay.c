/* See replay.h. */
#include "watch/replay.h"

#include "pipeline/fetch/fetch_limits.h"
#include "watch/local_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    LANES_PER_PROCESSOR = 3,    /* pages under way: enough to keep every reading child busy */
    VERSION_INTERVAL_S = 86400, /* histories carry no times; a day apart nothing is taken for a clock */
    LANGUAGE_ARENA = 1 << 16,
};

/* A page being replayed. */
struct lane {
    struct replay *replay;
    char **files;
    size_t count, at;
    char *label;
    bool pair;
    struct page page;
    struct local_file file;
    struct baseline *baseline;
    struct arena arena; /* the baseline's languages */
    struct language_share *shares;
    size_t share_count;
};

struct replay {
    struct desk *desk;
    replay_next_fn *next;
    replay_fn *each;
    void *context;
    size_t open;
    int error;
};

static void lane_next(struct lane *lane);

static void close_file(struct local_file *file)
{
    if (file->body >= 0)
        close(file->body);
    if (file->folder >= 0)
        close(file->folder);
    *file = (struct local_file){-1, -1};
}

static void lane_free(struct lane *lane)
{
    for (size_t i = 0; i < lane->count; i++)
        free(lane->files[i]);
    free(lane->files);
    free(lane->label);
    close_file(&lane->file);
    baseline_free(lane->baseline);
    arena_free(&lane->arena);
    lane->replay->open--;
    free(lane);
}

/* ---- learning ---- */

static int learn_languages(struct lane *lane)
{
    buf_auto text = buf_new(JOURNEY_MESSAGE_BYTES + 4096);
    int result = baseline_text(lane->baseline, JOURNEY_MESSAGE_BYTES, &text);
    arena_free(&lane->arena);
    lane->shares = NULL;
    lane->share_count = 0;
    if (result < 0)
        return result;
    return languages_of(lane->replay->desk->languages, buf_span(&text), &lane->arena, &lane->shares,
                        &lane->share_count);
}

static int learn(struct lane *lane, const struct journey *journey)
{
    if (!journey->has_reading || journey->verdict.kind == VERDICT_UNAVAILABLE)
        return 0;
    if (!lane->baseline)
        lane->baseline = baseline_new();
    if (!lane->baseline)
        return -ENOMEM;
    bool other = journey->verdict.kind == VERDICT_REPLACED || journey->verdict.kind == VERDICT_DEFACED;
    int64_t at_s = (int64_t)(lane->at + 1) * VERSION_INTERVAL_S;
    int result = other ? baseline_accept(lane->baseline, &journey->reading, at_s)
                       : baseline_learn(lane->baseline, &journey->reading, at_s);
    return result < 0 ? result : learn_languages(lane);
}

/* ---- one version ---- */

static void on_arrival(void *context, struct journey *journey)
{
    struct lane *lane = context;
    struct result result = {
        .url = span_of(lane->files[lane->at]),
        .is_file = true,
        .label = span_of(lane->label),
        .at_s = journey->started_us / 1000000,
        .change = journey->has_change ? &journey->change : NULL,
        .reading = journey->has_reading ? &journey->reading : NULL,
        .verdict = &journey->verdict,
        .baseline_at_s = lane->baseline ? baseline_at(lane->baseline) : 0,
        .baseline_versions = lane->baseline ? baseline_versions(lane->baseline) : 0,
    };
    if (!lane->pair || lane->at > 0)
        lane->replay->each(lane->replay->context, &result);
    int learnt = learn(lane, journey);
    if (learnt < 0)
        lane->replay->error = learnt;
    lane->at++;
    lane_next(lane);
}

static int start_version(struct lane *lane)
{
    const char *path = lane->files[lane->at];
    close_file(&lane->file);
    lane->file.body = local_file_copy(path, FETCH_PAGE_BYTES);
    if (lane->file.body < 0)
        return lane->file.body;
    lane->file.folder = local_file_folder(path);
    lane->page.url = span_of(path);
    struct journey start = {
        .tools = &lane->replay->desk->tools,
        .page = &lane->page,
        .file = &lane->file,
        .baseline = lane->baseline,
        .baseline_languages = lane->shares,
        .baseline_language_count = lane->share_count,
        .done = on_arrival,
        .context = lane,
    };
    return journey_start(&start);
}

/* Starts the lane's next version; a file that cannot be opened is told and passed over. */
static void lane_next(struct lane *lane)
{
    struct replay *replay = lane->replay;
    for (; lane->at < lane->count; lane->at++) {
        int result = start_version(lane);
        if (result >= 0)
            return;
        desk_say(replay->desk, "cannot open %s: %s", lane->files[lane->at], strerror(-result));
        replay->error = result;
        if (lane->pair)
            break;
    }
    lane_free(lane);
}

/* ---- the whole ---- */

static size_t lanes_wanted(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return (processors > 0 ? (size_t)processors : 1) * LANES_PER_PROCESSOR;
}

static int open_lane(struct replay *replay)
{
    struct lane *lane = calloc(1, sizeof(*lane));
    if (!lane)
        return -ENOMEM;
    *lane = (struct lane){.replay = replay, .file = {-1, -1}, .arena = arena_new(LANGUAGE_ARENA)};
    replay->open++;
    int result = replay->next(replay->context, &lane->files, &lane->count, &lane->label, &lane->pair);
    if (result == 1)
        lane_next(lane);
    else
        lane_free(lane);
    return result;
}

static void fill_lanes(struct replay *replay)
{
    while (replay->next && replay->open < lanes_wanted()) {
        int result = open_lane(replay);
        if (result < 0)
            replay->error = result;
        if (result != 1)
            replay->next = NULL;
    }
}

int replay_run(struct desk *desk, replay_next_fn *next, replay_fn *each, void *context)
{
    struct replay replay = {.desk = desk, .next = next, .each = each, .context = context};
    int result = 0;
    for (;;) {
        fill_lanes(&replay);
        if (result < 0 || (replay.open == 0 && helpers_busy(desk->helpers) == 0))
            break;
        result = sd_event_run(desk->event, UINT64_MAX);
    }
    return result < 0 ? result : replay.error;
}
