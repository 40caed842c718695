/*
 * The store in SQLite: WAL, so that a reader never waits for the writer; STRICT tables; every change in a
 * transaction, so a kill at any moment leaves either the old or the new. The schema's number is PRAGMA
 * user_version.
 */
#include "pipeline/store/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    APPLICATION_ID = 0x76617274, /* "vart" */
    SCHEMA = 1,
    BUSY_MS = 10000,     /* another varta may write for a moment */
    STILL_BUSY_MS = 100, /* one that was busy for so long is not waited for at each page */
};

struct store {
    sqlite3 *db;
    char error[STORE_ERROR_BYTES];
};

static const char schema[] =
    "CREATE TABLE page(id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, name TEXT NOT NULL, first_at "
    "INTEGER NOT NULL,"
    " at INTEGER NOT NULL, verdict TEXT NOT NULL, score REAL NOT NULL, cause TEXT NOT NULL, result TEXT NOT "
    "NULL) STRICT;"
    "CREATE TABLE baseline(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, packed BLOB NOT NULL,"
    " languages TEXT NOT NULL, at INTEGER NOT NULL, versions INTEGER NOT NULL) STRICT;"
    "CREATE TABLE seen(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, packed BLOB NOT NULL,"
    " languages TEXT NOT NULL, at INTEGER NOT NULL, versions INTEGER NOT NULL) STRICT;"
    "CREATE TABLE picture(digest BLOB PRIMARY KEY, packed BLOB NOT NULL, at INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE INDEX picture_at ON picture(at);";

/* ---- failures ---- */

static int errno_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return 0;
    case SQLITE_NOMEM: return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return -EBUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return -EBADMSG;
    case SQLITE_READONLY:
    case SQLITE_PERM: return -EROFS;
    case SQLITE_CANTOPEN: return -ENOENT;
    case SQLITE_FULL: return -ENOSPC;
    default: return -EIO;
    }
}

static int failed(struct store *store, int code)
{
    snprintf(store->error, sizeof(store->error), "%s", sqlite3_errmsg(store->db));
    int error = errno_of(code);
    return error ? error : -EIO;
}

const char *store_error(const struct store *store)
{
    return store->error;
}

/* ---- statements ---- */

static void end_statement(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

#define statement_auto __attribute__((cleanup(end_statement))) sqlite3_stmt

static int prepare(struct store *store, const char *text, sqlite3_stmt **ret_statement)
{
    int code = sqlite3_prepare_v2(store->db, text, -1, ret_statement, NULL);
    return code == SQLITE_OK ? 0 : failed(store, code);
}

static void bind_text(sqlite3_stmt *statement, int index, struct span text)
{
    sqlite3_bind_text(statement, index, text.size ? text.at : "", (int)text.size, SQLITE_STATIC);
}

static void bind_blob(sqlite3_stmt *statement, int index, struct span bytes)
{
    sqlite3_bind_blob(statement, index, bytes.size ? bytes.at : "", (int)bytes.size, SQLITE_STATIC);
}

/* Returns 1 for a row, 0 at the end, a negative errno on failure. */
static int step(struct store *store, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : failed(store, code);
}

static int run(struct store *store, const char *text)
{
    int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : failed(store, code);
}

static int ask_number(struct store *store, const char *text, int64_t *ret_number)
{
    statement_auto *statement = NULL;
    int result = prepare(store, text, &statement);
    if (result == 0)
        result = step(store, statement);
    if (result < 0)
        return result;
    *ret_number = result == 1 ? sqlite3_column_int64(statement, 0) : 0;
    return 0;
}

static struct span column(sqlite3_stmt *statement, int index)
{
    const char *at = sqlite3_column_blob(statement, index);
    return (struct span){at, at ? (size_t)sqlite3_column_bytes(statement, index) : 0};
}

/* ---- opening ---- */

static int create(struct store *store)
{
    char text[256];
    snprintf(text, sizeof(text), "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID, SCHEMA);
    int result = run(store, "BEGIN IMMEDIATE");
    int64_t version = 0;
    if (result == 0)
        result = ask_number(store, "PRAGMA user_version", &version);
    if (result == 0 && version == 0)
        result = run(store, schema);
    if (result == 0 && version == 0)
        result = run(store, text);
    if (result == 0)
        return run(store, "COMMIT");
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

static int check_identity(struct store *store)
{
    int64_t id = 0, version = 0, tables = 0;
    int result = ask_number(store, "PRAGMA application_id", &id);
    if (result == 0)
        result = ask_number(store, "PRAGMA user_version", &version);
    if (result == 0)
        result = ask_number(store, "SELECT count(*) FROM sqlite_schema", &tables);
    if (result < 0)
        return result;
    if (tables == 0 && id == 0 && version == 0)
        return create(store);
    if (id != APPLICATION_ID)
        return -EBADMSG;
    return version == SCHEMA ? 0 : -ENOTSUP;
}

/* Damage inside the file that no query has met yet. */
static int check_pages(struct store *store)
{
    statement_auto *statement = NULL;
    int result = prepare(store, "PRAGMA quick_check(1)", &statement);
    if (result == 0)
        result = step(store, statement);
    if (result < 0)
        return result;
    struct span said = column(statement, 0);
    if (span_equal(said, SPAN("ok")))
        return 0;
    snprintf(store->error, sizeof(store->error), "%.*s", (int)said.size, said.at ? said.at : "");
    return -EBADMSG;
}

static int set_up(struct store *store)
{
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_extended_result_codes(store->db, 1);
    int result = run(store, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;");
    if (result == 0)
        result = check_identity(store);
    if (result == 0)
        result = run(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    return result == 0 ? check_pages(store) : result;
}

static void explain(const struct store *store, const char *path, int error, char *ret_error)
{
    const char *said = store && store->error[0] ? store->error : strerror(-error);
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
    int flags = SQLITE_OPEN_READWRITE | (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(path, &store->db, flags, NULL);
    int result = code == SQLITE_OK ? set_up(store) : failed(store, code);
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
    sqlite3_close(store->db);
    free(store);
}

/* ---- baselines ---- */

static int copy_baseline(sqlite3_stmt *statement, struct arena *arena, struct store_baseline *ret_baseline)
{
    struct store_baseline baseline = {
        .packed = arena_copy(arena, column(statement, 0)),
        .languages = arena_copy(arena, column(statement, 1)),
        .at_s = sqlite3_column_int64(statement, 2),
        .versions = (uint32_t)sqlite3_column_int64(statement, 3),
    };
    if (arena->failed)
        return -ENOMEM;
    *ret_baseline = baseline;
    return 1;
}

int store_get_baseline(struct store *store, struct span url, struct arena *arena,
                       struct store_baseline *ret_baseline)
{
    statement_auto *statement = NULL;
    int result =
        prepare(store,
                "SELECT packed, languages, b.at, versions FROM baseline b JOIN page ON page.id = b.page"
                " WHERE url = ?1",
                &statement);
    if (result < 0)
        return result;
    bind_text(statement, 1, url);
    result = step(store, statement);
    return result == 1 ? copy_baseline(statement, arena, ret_baseline) : result;
}

/* `table` is "baseline" or "seen". */
static int put_version(struct store *store, const char *table, int64_t page,
                       const struct store_baseline *version)
{
    char text[256];
    statement_auto *statement = NULL;
    snprintf(text, sizeof(text),
             "INSERT OR REPLACE INTO %s(page, packed, languages, at, versions) VALUES(?1,?2,?3,?4,?5)",
             table);
    int result = prepare(store, text, &statement);
    if (result < 0)
        return result;
    sqlite3_bind_int64(statement, 1, page);
    bind_blob(statement, 2, version->packed);
    bind_text(statement, 3, version->languages);
    sqlite3_bind_int64(statement, 4, version->at_s);
    sqlite3_bind_int64(statement, 5, version->versions);
    return step(store, statement);
}

/* ---- checks ---- */

static int put_page(struct store *store, const struct store_check *check, int64_t *ret_page)
{
    statement_auto *statement = NULL;
    int result = prepare(
        store,
        "INSERT INTO page(url, name, first_at, at, verdict, score, cause, result)"
        " VALUES(?1,?2,?3,?3,?4,?5,?6,?7) ON CONFLICT(url) DO UPDATE SET name = ?2, at = ?3, verdict = ?4,"
        " score = ?5, cause = ?6, result = ?7 RETURNING id",
        &statement);
    if (result < 0)
        return result;
    bind_text(statement, 1, check->url);
    bind_text(statement, 2, check->name);
    sqlite3_bind_int64(statement, 3, check->at_s);
    bind_text(statement, 4, check->verdict);
    sqlite3_bind_double(statement, 5, check->score);
    bind_text(statement, 6, check->cause);
    bind_text(statement, 7, check->result);
    result = step(store, statement);
    if (result < 0)
        return result;
    *ret_page = sqlite3_column_int64(statement, 0);
    return step(store, statement);
}

static int forget_seen(struct store *store, int64_t page)
{
    statement_auto *statement = NULL;
    int result = prepare(store, "DELETE FROM seen WHERE page = ?1", &statement);
    if (result < 0)
        return result;
    sqlite3_bind_int64(statement, 1, page);
    return step(store, statement);
}

static int put_all(struct store *store, const struct store_check *check)
{
    int64_t page;
    int result = put_page(store, check, &page);
    if (result == 0 && check->baseline)
        result = put_version(store, "baseline", page, check->baseline);
    if (result == 0)
        result = check->seen       ? put_version(store, "seen", page, check->seen)
                 : check->baseline ? forget_seen(store, page)
                                   : 0;
    return result;
}

static int in_transaction(struct store *store, int (*work)(struct store *, const void *), const void *context)
{
    int result = run(store, "BEGIN IMMEDIATE");
    sqlite3_busy_timeout(store->db, result == -EBUSY ? STILL_BUSY_MS : BUSY_MS);
    if (result < 0)
        return result;
    int worked = work(store, context);
    result = worked < 0 ? worked : run(store, "COMMIT");
    if (result < 0)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return result < 0 ? result : worked;
}

static int put_check_work(struct store *store, const void *context)
{
    return put_all(store, context);
}

int store_put_check(struct store *store, const struct store_check *check)
{
    return in_transaction(store, put_check_work, check);
}

/* ---- looking after pages ---- */

int store_pages(struct store *store, store_page_fn *each, void *context)
{
    statement_auto *statement = NULL;
    int result =
        prepare(store,
                "SELECT url, name, verdict, cause, score, page.at, ifnull(b.at, 0), ifnull(b.versions, 0),"
                " s.page IS NOT NULL FROM page LEFT JOIN baseline b ON b.page = page.id"
                " LEFT JOIN seen s ON s.page = page.id ORDER BY url",
                &statement);
    int count = 0;
    while (result >= 0 && (result = step(store, statement)) == 1) {
        struct store_page page = {
            .url = column(statement, 0),
            .name = column(statement, 1),
            .verdict = column(statement, 2),
            .cause = column(statement, 3),
            .score = sqlite3_column_double(statement, 4),
            .at_s = sqlite3_column_int64(statement, 5),
            .baseline_s = sqlite3_column_int64(statement, 6),
            .versions = (uint32_t)sqlite3_column_int64(statement, 7),
            .acceptable = sqlite3_column_int(statement, 8) != 0,
        };
        each(context, &page);
        count++;
    }
    return result < 0 ? result : count;
}

static int accept_work(struct store *store, const void *context)
{
    const struct span *url = context;
    statement_auto *move = NULL;
    int result = prepare(
        store,
        "INSERT OR REPLACE INTO baseline SELECT s.page, s.packed, s.languages, s.at, s.versions FROM seen s"
        " JOIN page ON page.id = s.page WHERE url = ?1",
        &move);
    if (result < 0)
        return result;
    bind_text(move, 1, *url);
    result = step(store, move);
    if (result < 0 || sqlite3_changes(store->db) == 0)
        return result;
    statement_auto *forget = NULL;
    result = prepare(store, "DELETE FROM seen WHERE page = (SELECT id FROM page WHERE url = ?1)", &forget);
    if (result < 0)
        return result;
    bind_text(forget, 1, *url);
    result = step(store, forget);
    return result < 0 ? result : 1;
}

int store_accept(struct store *store, struct span url)
{
    return in_transaction(store, accept_work, &url);
}

/* ---- pictures ---- */

static struct span digest_span(const struct digest *digest)
{
    return (struct span){(const char *)digest->at, sizeof(digest->at)};
}

int store_get_picture(struct store *store, const struct digest *digest, struct arena *arena,
                      struct span *ret_packed)
{
    statement_auto *statement = NULL;
    int result = prepare(store, "SELECT packed FROM picture WHERE digest = ?1", &statement);
    if (result < 0)
        return result;
    bind_blob(statement, 1, digest_span(digest));
    result = step(store, statement);
    if (result != 1)
        return result;
    struct span packed = arena_copy(arena, column(statement, 0));
    if (!packed.at)
        return -ENOMEM;
    *ret_packed = packed;
    return 1;
}

int store_put_picture(struct store *store, const struct digest *digest, struct span packed, int64_t at_s)
{
    statement_auto *statement = NULL;
    int result =
        prepare(store, "INSERT OR REPLACE INTO picture(digest, packed, at) VALUES(?1,?2,?3)", &statement);
    if (result < 0)
        return result;
    bind_blob(statement, 1, digest_span(digest));
    bind_blob(statement, 2, packed);
    sqlite3_bind_int64(statement, 3, at_s);
    return step(store, statement);
}
