/*
 * Keeping the store small: what is too old goes, in an order that loses the least. Open incidents and
 * baselines never go; texts of pictures can be read again.
 */
#include "pipeline/store/store_inside.h"

#include <errno.h>

enum { PICTURES_AT_ONCE = 1000 };

/* Each kind of row once as a count and once as its removal. */
static const struct {
    const char *count, *remove;
} sweeps[] = {
    {"SELECT count(*) FROM incident WHERE closed > 0 AND closed < ?1",
     "DELETE FROM incident WHERE closed > 0 AND closed < ?1"},
    {"SELECT count(*) FROM picture WHERE at < ?1", "DELETE FROM picture WHERE at < ?1"},
    {"SELECT count(*) FROM delivery WHERE done > 0 AND done < ?1",
     "DELETE FROM delivery WHERE done > 0 AND done < ?1"},
    {"SELECT count(*) FROM page WHERE at < ?1", "DELETE FROM page WHERE at < ?1"},
};

static int sweep_one(struct store *store, size_t which, int64_t before_s, bool dry, int64_t *ret_count)
{
    query_auto *count = NULL;
    int result = query_begin(store->sql, sweeps[which].count, &count);
    if (result < 0)
        return result;
    query_int(count, 1, before_s);
    result = query_step(count);
    if (result < 0)
        return result;
    *ret_count = column_int(count, 0);
    if (dry || *ret_count == 0)
        return 0;
    query_auto *removal = NULL;
    result = query_begin(store->sql, sweeps[which].remove, &removal);
    if (result < 0)
        return result;
    query_int(removal, 1, before_s);
    return query_step(removal);
}

int store_bytes(struct store *store, int64_t *ret_bytes)
{
    int64_t pages = 0, size = 0, unused = 0;
    int result = sql_ask(store->sql, "PRAGMA page_count", &pages);
    if (result == 0)
        result = sql_ask(store->sql, "PRAGMA page_size", &size);
    if (result == 0)
        result = sql_ask(store->sql, "PRAGMA freelist_count", &unused);
    *ret_bytes = (pages - unused) * size;
    return result;
}

/* The texts of pictures that were read longest ago, until the file is small enough. */
static int sweep_to_size(struct store *store, uint64_t limit, int64_t *pictures)
{
    int64_t bytes = 0, gone = 1;
    int result = store_bytes(store, &bytes);
    while (result == 0 && gone > 0 && (uint64_t)bytes > limit) {
        query_auto *query = NULL;
        result = query_begin(
            store->sql,
            "DELETE FROM picture WHERE digest IN (SELECT digest FROM picture ORDER BY at LIMIT ?1)", &query);
        if (result < 0)
            return result;
        query_int(query, 1, PICTURES_AT_ONCE);
        result = query_step(query);
        gone = sql_changes(store->sql);
        *pictures += gone;
        if (result == 0)
            result = store_bytes(store, &bytes);
    }
    return result;
}

struct sweeping {
    const struct store_retention *retention;
    bool dry;
    struct store_sweep *sweep;
};

static int sweep_all(struct store *store, const void *context)
{
    const struct sweeping *sweeping = context;
    const struct store_retention *retention = sweeping->retention;
    struct store_sweep *sweep = sweeping->sweep;
    int result = sweep_one(store, 0, retention->incidents_before_s, sweeping->dry, &sweep->incidents);
    if (result == 0)
        result = sweep_one(store, 1, retention->pictures_before_s, sweeping->dry, &sweep->pictures);
    if (result == 0)
        result = sweep_one(store, 2, retention->deliveries_before_s, sweeping->dry, &sweep->deliveries);
    if (result == 0)
        result = sweep_one(store, 3, retention->incidents_before_s, sweeping->dry, &sweep->pages);
    if (result == 0 && retention->bytes && !sweeping->dry)
        result = sweep_to_size(store, retention->bytes, &sweep->pictures);
    return result;
}

int store_sweep(struct store *store, const struct store_retention *retention, bool dry,
                struct store_sweep *ret_sweep)
{
    struct store_sweep sweep = {0};
    struct sweeping sweeping = {retention, dry, &sweep};
    int result = store_bytes(store, &sweep.bytes_before);
    if (result == 0)
        result = store_whole(store, sweep_all, &sweeping);
    if (result == 0)
        result = store_bytes(store, &sweep.bytes_after);
    if (result == 0)
        *ret_sweep = sweep;
    return result;
}
