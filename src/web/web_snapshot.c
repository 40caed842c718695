/* See web_snapshot.h. */
#include "web/web_snapshot.h"

#include "os/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROLL_BYTES = 256 << 20, /* the largest list there may be, with its names */
};

struct web_snapshot {
    struct span store_path;
    struct store *store;
    struct arena arena; /* of the roll */
    struct web_roll roll;
    struct web_row *rows; /* of the roll's pages, sorted for people */
    struct web_row **by_url;
    size_t row_count;
    size_t counts[VERDICT_KIND_COUNT + 1];
    int64_t read_ms; /* 0: not yet */
    int64_t store_mark;
    uint64_t mark;
    int result; /* of the last reading */
};

int web_snapshot_new(struct span store_path, struct web_snapshot **ret_snapshot)
{
    struct web_snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return -ENOMEM;
    snapshot->store_path = store_path;
    snapshot->arena = arena_new(ROLL_BYTES);
    *ret_snapshot = snapshot;
    return 0;
}

void web_snapshot_free(struct web_snapshot *snapshot)
{
    if (!snapshot)
        return;
    store_close(snapshot->store);
    arena_free(&snapshot->arena);
    free(snapshot);
}

/* ---- order ---- */

unsigned web_snapshot_rank(enum verdict_kind verdict)
{
    static const unsigned ranks[VERDICT_KIND_COUNT + 1] = {
        [VERDICT_DEFACED] = 0, [VERDICT_REPLACED] = 1,  [VERDICT_UNAVAILABLE] = 2, [VERDICT_EDITED] = 3,
        [VERDICT_NEW] = 4,     [VERDICT_UNCHANGED] = 6, [VERDICT_KIND_COUNT] = 5,
    };
    return ranks[verdict];
}

static struct span shown_name(const struct web_row *row)
{
    return row->name.size ? row->name : row->url;
}

static int for_people(const void *a, const void *b)
{
    const struct web_row *one = a, *other = b;
    int rank = (int)web_snapshot_rank(one->verdict) - (int)web_snapshot_rank(other->verdict);
    if (rank)
        return rank;
    if (one->group != other->group)
        return one->group < other->group ? -1 : 1;
    int names = span_compare(shown_name(one), shown_name(other));
    return names ? names : span_compare(one->url, other->url);
}

static int by_url(const void *a, const void *b)
{
    const struct web_row *const *one = a, *const *other = b;
    return span_compare((*one)->url, (*other)->url);
}

static int url_against(const void *url, const void *row)
{
    const struct web_row *const *one = row;
    return span_compare(*(const struct span *)url, (*one)->url);
}

static struct web_row *find(const struct web_snapshot *snapshot, struct span url)
{
    struct web_row **found = snapshot->row_count ? bsearch(&url, snapshot->by_url, snapshot->row_count,
                                                           sizeof(*snapshot->by_url), url_against)
                                                 : NULL;
    return found ? *found : NULL;
}

static void index_rows(struct web_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->row_count; i++)
        snapshot->by_url[i] = &snapshot->rows[i];
    qsort(snapshot->by_url, snapshot->row_count, sizeof(*snapshot->by_url), by_url);
}

/* ---- which pages ---- */

bool web_snapshot_roll(struct web_snapshot *snapshot, struct span payload)
{
    struct arena arena = arena_new(ROLL_BYTES);
    struct web_roll roll;
    bool good = web_roll_get(payload, &arena, &roll);
    struct web_row *rows = good ? arena_alloc(&arena, roll.page_count + 1, sizeof(*rows)) : NULL;
    struct web_row **index = rows ? arena_alloc(&arena, roll.page_count + 1, sizeof(*index)) : NULL;
    if (!index) {
        arena_free(&arena);
        return false;
    }
    arena_free(&snapshot->arena);
    for (size_t i = 0; i < roll.page_count; i++)
        rows[i] = (struct web_row){.url = roll.pages[i].url,
                                   .name = roll.pages[i].name,
                                   .group = roll.pages[i].group,
                                   .interval_s = roll.pages[i].interval_s,
                                   .verdict = VERDICT_KIND_COUNT};
    snapshot->arena = arena;
    snapshot->roll = roll;
    snapshot->rows = rows;
    snapshot->by_url = index;
    snapshot->row_count = roll.page_count;
    snapshot->read_ms = 0;
    snapshot->store_mark = -1;
    snapshot->mark++;
    index_rows(snapshot);
    return true;
}

/* ---- what the store says of them ---- */

static enum verdict_kind verdict_of(struct span name)
{
    for (unsigned i = 0; i < VERDICT_KIND_COUNT; i++)
        if (span_equal(name, span_of(verdict_name((enum verdict_kind)i))))
            return (enum verdict_kind)i;
    return VERDICT_KIND_COUNT;
}

static void take_page(void *context, const struct store_page *page)
{
    struct web_row *row = find(context, page->url);
    if (!row)
        return;
    row->verdict = verdict_of(page->verdict);
    row->score = page->score;
    row->at_s = page->at_s;
    row->baseline_s = page->baseline_s;
    row->versions = page->versions;
    row->acceptable = page->acceptable;
    snprintf(row->cause, sizeof(row->cause), "%.*s", (int)page->cause.size,
             page->cause.size ? page->cause.at : "");
}

static void count_rows(struct web_snapshot *snapshot)
{
    memset(snapshot->counts, 0, sizeof(snapshot->counts));
    for (size_t i = 0; i < snapshot->row_count; i++)
        snapshot->counts[snapshot->rows[i].verdict]++;
}

static int read_store(struct web_snapshot *snapshot)
{
    char error[STORE_ERROR_BYTES];
    int64_t mark = 0;
    int result =
        snapshot->store ? 0 : store_open(snapshot->store_path.at, STORE_READING, &snapshot->store, error);
    if (result == 0)
        result = store_mark(snapshot->store, &mark);
    if (result < 0 || mark == snapshot->store_mark)
        return result;
    result = store_pages(snapshot->store, take_page, snapshot);
    if (result < 0)
        return result;
    qsort(snapshot->rows, snapshot->row_count, sizeof(*snapshot->rows), for_people);
    index_rows(snapshot);
    count_rows(snapshot);
    snapshot->store_mark = mark;
    snapshot->mark++;
    return 0;
}

int web_snapshot_fresh(struct web_snapshot *snapshot)
{
    int64_t now_ms = clock_steady_ms();
    if (snapshot->read_ms && now_ms - snapshot->read_ms < WEB_SNAPSHOT_MS)
        return snapshot->result;
    snapshot->result = read_store(snapshot);
    snapshot->read_ms = clock_steady_ms();
    if (snapshot->result < 0 && snapshot->result != -EBUSY) { /* another file may lie there by now */
        store_close(snapshot->store);
        snapshot->store = NULL;
        snapshot->store_mark = -1;
    }
    return snapshot->result;
}

struct store *web_snapshot_store(struct web_snapshot *snapshot)
{
    return snapshot->result < 0 ? NULL : snapshot->store;
}

const struct web_row *web_snapshot_rows(const struct web_snapshot *snapshot, size_t *ret_count)
{
    *ret_count = snapshot->row_count;
    return snapshot->rows;
}

const struct web_row *web_snapshot_find(const struct web_snapshot *snapshot, struct span url)
{
    return find(snapshot, url);
}

const struct web_group *web_snapshot_groups(const struct web_snapshot *snapshot, size_t *ret_count)
{
    *ret_count = snapshot->roll.group_count;
    return snapshot->roll.groups;
}

const size_t *web_snapshot_counts(const struct web_snapshot *snapshot)
{
    return snapshot->counts;
}

uint64_t web_snapshot_mark(const struct web_snapshot *snapshot)
{
    return snapshot->mark;
}
