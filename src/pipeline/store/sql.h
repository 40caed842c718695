/*
 * SQLite, narrowed to what the store needs: statements prepared once and kept, values bound by number, every
 * failure an errno with SQLite's words kept. The one file that knows the library is sql.c.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

struct sql;
struct query;

enum { SQL_ERROR_BYTES = 512 };

/** Opens a database file; makes it when `create`. `*ret_sql` is set even on failure (for sql_error()), unless
 * memory ran out. sql_close() takes NULL. */
int sql_open(const char *path, bool create, struct sql **ret_sql);
void sql_close(struct sql *sql);

/** Opens one that is there for reading only: neither it nor what belongs to it is ever written. */
int sql_open_reading(const char *path, struct sql **ret_sql);

/** The last failure in SQLite's words; borrowed until the next call. */
const char *sql_error(const struct sql *sql);
void sql_set_error(struct sql *sql, const char *text);

/** Milliseconds to wait for another process that writes. */
void sql_set_patience(struct sql *sql, int wait_ms);

/** Runs statements without results. Returns 0 or a negative errno: -EBUSY when another process holds the
 * file, -EBADMSG when it is damaged, -EROFS, -ENOSPC, -ENOMEM, -EIO. */
int sql_run(struct sql *sql, const char *text);

/** Copies the whole database to a new file while others go on using it. Returns as sql_run(). */
int sql_copy(struct sql *sql, const char *path);

/** The number in the first column of the first row, 0 when there is none. */
int sql_ask(struct sql *sql, const char *text, int64_t *ret_number);

/** Rows the last statement changed; id the last INSERT gave. */
int64_t sql_changes(const struct sql *sql);
int64_t sql_last_id(const struct sql *sql);

/**
 * A statement, ready to be bound and stepped. `text` must be a constant: the statement is kept by its
 * address. End each with query_end() (takes NULL) before the same one is begun again.
 */
int query_begin(struct sql *sql, const char *text, struct query **ret_query);
void query_end(struct query *query);
void query_end_at(struct query **query);
#define query_auto __attribute__((cleanup(query_end_at))) struct query

/** Bind parameter `index` (from 1). Text and bytes are borrowed until query_end(). */
void query_text(struct query *query, int index, struct span text);
void query_blob(struct query *query, int index, struct span bytes);
void query_int(struct query *query, int index, int64_t value);
void query_real(struct query *query, int index, double value);
/** NULL when `value` is 0: for references that may be absent. */
void query_reference(struct query *query, int index, int64_t value);

/** Returns 1 for a row, 0 at the end, a negative errno on failure. */
int query_step(struct query *query);

/** Column `index` (from 0) of the row; spans are borrowed until the next step. */
struct span column_span(struct query *query, int index);
int64_t column_int(struct query *query, int index);
double column_real(struct query *query, int index);
