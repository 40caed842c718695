/* The one file that knows SQLite; see sql.h. */
#include "pipeline/store/sql.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATEMENTS = 96 /* more than the store has */ };

struct query {
    struct sql *sql;
    const char *text;
    sqlite3_stmt *statement;
};

struct sql {
    sqlite3 *db;
    struct query queries[STATEMENTS];
    size_t query_count;
    char error[SQL_ERROR_BYTES];
};

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

static int failed(struct sql *sql, int code)
{
    snprintf(sql->error, sizeof(sql->error), "%s", sqlite3_errmsg(sql->db));
    int error = errno_of(code);
    return error ? error : -EIO;
}

static int open_with(const char *path, int flags, struct sql **ret_sql)
{
    struct sql *sql = calloc(1, sizeof(*sql));
    *ret_sql = sql;
    if (!sql)
        return -ENOMEM;
    int code = sqlite3_open_v2(path, &sql->db, flags, NULL);
    if (code != SQLITE_OK)
        return failed(sql, code);
    sqlite3_extended_result_codes(sql->db, 1);
    return 0;
}

int sql_open(const char *path, bool create, struct sql **ret_sql)
{
    return open_with(path, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), ret_sql);
}

int sql_open_reading(const char *path, struct sql **ret_sql)
{
    return open_with(path, SQLITE_OPEN_READONLY, ret_sql);
}

void sql_close(struct sql *sql)
{
    if (!sql)
        return;
    for (size_t i = 0; i < sql->query_count; i++)
        sqlite3_finalize(sql->queries[i].statement);
    sqlite3_close(sql->db);
    free(sql);
}

const char *sql_error(const struct sql *sql)
{
    return sql->error;
}

void sql_set_error(struct sql *sql, const char *text)
{
    snprintf(sql->error, sizeof(sql->error), "%s", text);
}

void sql_set_patience(struct sql *sql, int wait_ms)
{
    sqlite3_busy_timeout(sql->db, wait_ms);
}

int sql_run(struct sql *sql, const char *text)
{
    int code = sqlite3_exec(sql->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : failed(sql, code);
}

int sql_copy(struct sql *sql, const char *path)
{
    sqlite3 *copy;
    int code = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(copy, "main", sql->db, "main") : NULL;
    if (backup) {
        code = sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
    }
    int result = code == SQLITE_DONE ? 0 : errno_of(code);
    if (result < 0 || !backup)
        snprintf(sql->error, sizeof(sql->error), "%s", sqlite3_errmsg(copy));
    sqlite3_close(copy);
    return result < 0 || backup ? result : -EIO;
}

int64_t sql_changes(const struct sql *sql)
{
    return sqlite3_changes(sql->db);
}

int64_t sql_last_id(const struct sql *sql)
{
    return sqlite3_last_insert_rowid(sql->db);
}

/* ---- statements ---- */

int query_begin(struct sql *sql, const char *text, struct query **ret_query)
{
    size_t at = 0;
    while (at < sql->query_count && sql->queries[at].text != text)
        at++;
    if (at == STATEMENTS)
        return -ENOMEM;
    struct query *query = &sql->queries[at];
    if (at == sql->query_count) {
        *query = (struct query){.sql = sql, .text = text};
        int code = sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
        if (code != SQLITE_OK)
            return failed(sql, code);
        sql->query_count++;
    }
    *ret_query = query;
    return 0;
}

void query_end(struct query *query)
{
    if (!query)
        return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
}

void query_end_at(struct query **query)
{
    query_end(*query);
}

void query_text(struct query *query, int index, struct span text)
{
    sqlite3_bind_text(query->statement, index, text.size ? text.at : "", (int)text.size, SQLITE_STATIC);
}

void query_blob(struct query *query, int index, struct span bytes)
{
    sqlite3_bind_blob(query->statement, index, bytes.size ? bytes.at : "", (int)bytes.size, SQLITE_STATIC);
}

void query_int(struct query *query, int index, int64_t value)
{
    sqlite3_bind_int64(query->statement, index, value);
}

void query_real(struct query *query, int index, double value)
{
    sqlite3_bind_double(query->statement, index, value);
}

void query_reference(struct query *query, int index, int64_t value)
{
    if (value)
        sqlite3_bind_int64(query->statement, index, value);
    else
        sqlite3_bind_null(query->statement, index);
}

int query_step(struct query *query)
{
    int code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : failed(query->sql, code);
}

struct span column_span(struct query *query, int index)
{
    const char *at = sqlite3_column_blob(query->statement, index);
    return (struct span){at, at ? (size_t)sqlite3_column_bytes(query->statement, index) : 0};
}

int64_t column_int(struct query *query, int index)
{
    return sqlite3_column_int64(query->statement, index);
}

double column_real(struct query *query, int index)
{
    return sqlite3_column_double(query->statement, index);
}

int sql_ask(struct sql *sql, const char *text, int64_t *ret_number)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    int result = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : failed(sql, code);
    sqlite3_finalize(statement);
    if (result == 0)
        *ret_number = number;
    return result;
}
