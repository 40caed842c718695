/*
 * Opening the store and its transactions: WAL, so that a reader never waits for the writer; every change in a
 * transaction, so a kill at any moment leaves either the old or the new.
 */
#include "pipeline/store/store_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BUSY_MS = 10000,     /* another varta may write for a moment */
    READING_MS = 250,    /* a page that shows something comes soon, or says that it cannot */
    STILL_BUSY_MS = 100, /* one that was busy for so long is not waited for at each page */
};

const char *store_error(const struct store *store)
{
    return sql_error(store->sql);
}

const char *store_instance(const struct store *store)
{
    return store->instance;
}

void store_set_patience(struct store *store, int wait_ms)
{
    store->patience_ms = wait_ms;
    sql_set_patience(store->sql, wait_ms);
}

/* ---- transactions ---- */

int store_begin(struct store *store)
{
    if (store->gathering)
        return 0;
    int result = sql_run(store->sql, "BEGIN IMMEDIATE");
    sql_set_patience(store->sql, result == -EBUSY ? STILL_BUSY_MS : store->patience_ms);
    store->gathering = result == 0;
    return result;
}

bool store_is_gathering(const struct store *store)
{
    return store->gathering;
}

void store_rollback(struct store *store)
{
    if (store->gathering)
        sql_run(store->sql, "ROLLBACK");
    store->gathering = false;
}

int store_commit(struct store *store)
{
    if (!store->gathering)
        return 0;
    int result = sql_run(store->sql, "COMMIT");
    if (result < 0)
        store_rollback(store);
    store->gathering = false;
    return result;
}

/* As sql_run(), with a statement that is kept: this comes with every check. */
static int run_kept(struct store *store, const char *text)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, text, &query);
    return result < 0 ? result : query_step(query);
}

static int part(struct store *store, store_work_fn *work, const void *context)
{
    static const char begin[] = "SAVEPOINT part", undo[] = "ROLLBACK TO part", end[] = "RELEASE part";
    int result = run_kept(store, begin);
    if (result < 0)
        return result;
    int worked = work(store, context);
    if (worked < 0)
        run_kept(store, undo);
    result = run_kept(store, end);
    return worked < 0 ? worked : result < 0 ? result : worked;
}

int store_whole(struct store *store, store_work_fn *work, const void *context)
{
    if (store->gathering)
        return part(store, work, context);
    int result = store_begin(store);
    if (result < 0)
        return result;
    int worked = work(store, context);
    if (worked < 0) {
        char said[SQL_ERROR_BYTES];
        snprintf(said, sizeof(said), "%s", sql_error(store->sql));
        store_rollback(store);
        sql_set_error(store->sql, said);
        return worked;
    }
    result = store_commit(store);
    return result < 0 ? result : worked;
}

/* ---- opening ---- */

static int first_fault(struct store *store, const char *question)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, question, &query);
    if (result == 0)
        result = query_step(query);
    if (result < 0)
        return result;
    struct span said = column_span(query, 0);
    if (result == 0 || span_equal(said, SPAN("ok")))
        return 0;
    char text[SQL_ERROR_BYTES];
    snprintf(text, sizeof(text), "%.*s", (int)(said.size < 400 ? said.size : 400),
             said.at ? said.at : "a broken reference");
    sql_set_error(store->sql, text);
    return -EBADMSG;
}

int store_verify(struct store *store)
{
    int result = first_fault(store, "PRAGMA integrity_check(1)");
    return result == 0 ? first_fault(store, "PRAGMA foreign_key_check") : result;
}

static int read_instance(struct store *store)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, "SELECT value FROM self WHERE key = 'instance'", &query);
    if (result == 0)
        result = query_step(query);
    if (result < 0)
        return result;
    struct span value = column_span(query, 0);
    if (result == 0 || value.size >= sizeof(store->instance))
        return -EBADMSG;
    memcpy(store->instance, value.at, value.size);
    return 0;
}

static int set_up(struct store *store)
{
    store_set_patience(store, BUSY_MS);
    int result = sql_run(store->sql, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;");
    if (result == 0)
        result = store_schema(store);
    if (result == 0)
        result =
            sql_run(store->sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
                                " PRAGMA wal_autocheckpoint=4000;");
    if (result == 0) /* damage that no query has met yet */
        result = first_fault(store, "PRAGMA quick_check(1)");
    return result == 0 ? read_instance(store) : result;
}

/* For a process that shall never change anything: the daemon has the layout in order and the file whole. */
static int set_up_reading(struct store *store)
{
    store_set_patience(store, READING_MS);
    int result =
        sql_run(store->sql, "PRAGMA trusted_schema=OFF; PRAGMA query_only=ON; PRAGMA cache_size=-8000;");
    if (result == 0)
        result = store_is_current(store);
    return result == 0 ? read_instance(store) : result;
}

static void explain(const struct store *store, const char *path, int error, char *ret_error)
{
    const char *said =
        store && store->sql && sql_error(store->sql)[0] ? sql_error(store->sql) : strerror(-error);
    switch (error) {
    case -ENOTSUP:
        snprintf(ret_error, STORE_ERROR_BYTES,
                 "%.250s was written by a newer varta: use that version, or another --store file", path);
        break;
    case -EBADMSG:
        snprintf(ret_error, STORE_ERROR_BYTES,
                 "%.200s is damaged or no store of varta (%.150s): restore a copy, or move it aside and "
                 "learn anew "
                 "with --learn",
                 path, said);
        break;
    case -EBUSY:
        snprintf(ret_error, STORE_ERROR_BYTES, "%.250s is held by another process: try again when it is done",
                 path);
        break;
    case -EROFS:
        snprintf(ret_error, STORE_ERROR_BYTES,
                 "the store %.250s cannot be written: run varta as its owner, or work on a copy", path);
        break;
    case -ENOENT:
        snprintf(ret_error, STORE_ERROR_BYTES,
                 "cannot open the store %.250s: is the path right, and may you read and write there? varta "
                 "check --store FILE --learn makes one",
                 path);
        break;
    default:
        snprintf(ret_error, STORE_ERROR_BYTES, "cannot open the store %.250s: %.200s", path, said);
        break;
    }
}

int store_open(const char *path, enum store_mode mode, struct store **ret_store,
               char ret_error[STORE_ERROR_BYTES])
{
    struct store *store = calloc(1, sizeof(*store));
    if (!store) {
        explain(NULL, path, -ENOMEM, ret_error);
        return -ENOMEM;
    }
    bool reading = mode == STORE_READING;
    int result =
        reading ? sql_open_reading(path, &store->sql) : sql_open(path, mode == STORE_CREATE, &store->sql);
    if (result == 0)
        result = reading ? set_up_reading(store) : set_up(store);
    if (result < 0) {
        explain(store, path, result, ret_error);
        store_close(store);
        return result;
    }
    *ret_store = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    store_commit(store);
    sql_close(store->sql);
    free(store);
}

int store_backup(struct store *store, const char *path)
{
    return sql_copy(store->sql, path);
}
