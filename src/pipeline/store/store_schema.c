/*
 * The tables, and how each layout becomes the next: version N of the schema is what the first N steps make,
 * so a new store and an old one that was brought up cannot differ. A step that is out never changes again.
 * PRAGMA user_version keeps the number.
 */
#include "pipeline/store/store_inside.h"

#include <errno.h>
#include <stdio.h>

enum { APPLICATION_ID = 0x76617274 /* "vart" */ };

static const char *const steps[] = {
    /* 1: pages, baselines, what may be accepted, texts of pictures */
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
    "CREATE INDEX picture_at ON picture(at);",
    /* 2: what a check can go by, incidents, campaigns, deliveries */
    /* apart from the page's row, which every check writes */
    "CREATE TABLE outcome(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, result TEXT NOT NULL) "
    "STRICT;"
    "INSERT INTO outcome SELECT id, result FROM page;"
    "ALTER TABLE page DROP COLUMN result;"
    "CREATE TABLE known(page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, body BLOB NOT NULL,"
    " place INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, since_whole INTEGER NOT NULL,"
    " address TEXT NOT NULL, certificate BLOB NOT NULL, issuer TEXT NOT NULL, languages TEXT NOT NULL,"
    " baseline INTEGER NOT NULL, versions INTEGER NOT NULL) STRICT;"
    "CREATE TABLE campaign(id INTEGER PRIMARY KEY AUTOINCREMENT, outage INTEGER NOT NULL, opened INTEGER NOT "
    "NULL,"
    " changed INTEGER NOT NULL, told INTEGER NOT NULL, closed INTEGER NOT NULL, pages INTEGER NOT NULL,"
    " told_pages INTEGER NOT NULL, tells INTEGER NOT NULL, told_back INTEGER NOT NULL) STRICT;"
    "CREATE INDEX campaign_closed ON campaign(closed);"
    "CREATE TABLE incident(id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, name TEXT NOT NULL,"
    " grp TEXT NOT NULL, contact TEXT NOT NULL, state TEXT NOT NULL, verdict TEXT NOT NULL, pending TEXT NOT "
    "NULL,"
    " last TEXT NOT NULL, cause TEXT NOT NULL, score REAL NOT NULL, opened INTEGER NOT NULL, confirmed "
    "INTEGER NOT NULL,"
    " told INTEGER NOT NULL, acked INTEGER NOT NULL, escalated INTEGER NOT NULL, closed INTEGER NOT NULL,"
    " changed INTEGER NOT NULL, looks INTEGER NOT NULL, bad INTEGER NOT NULL, good INTEGER NOT NULL, tries "
    "INTEGER NOT NULL,"
    " flaps INTEGER NOT NULL, escalations INTEGER NOT NULL, weight INTEGER NOT NULL, severity INTEGER NOT "
    "NULL,"
    " cloaked INTEGER NOT NULL, untold INTEGER NOT NULL, moved INTEGER NOT NULL, campaign INTEGER REFERENCES "
    "campaign ON DELETE SET "
    "NULL,"
    " sketch BLOB NOT NULL, pictures BLOB NOT NULL, landing INTEGER NOT NULL, acked_by TEXT NOT NULL, result "
    "TEXT NOT NULL)"
    " STRICT;"
    "CREATE INDEX incident_closed ON incident(closed);"
    "CREATE INDEX incident_url ON incident(url);"
    "CREATE INDEX incident_campaign ON incident(campaign);"
    "CREATE TABLE event(id INTEGER PRIMARY KEY, incident INTEGER NOT NULL REFERENCES incident ON DELETE "
    "CASCADE,"
    " at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;"
    "CREATE INDEX event_incident ON event(incident);"
    "CREATE TABLE delivery(id INTEGER PRIMARY KEY AUTOINCREMENT, notice TEXT NOT NULL, sink TEXT NOT NULL,"
    " about TEXT NOT NULL, json TEXT NOT NULL, created INTEGER NOT NULL, next INTEGER NOT NULL, attempts "
    "INTEGER NOT NULL,"
    " done INTEGER NOT NULL, error TEXT NOT NULL, UNIQUE(notice, sink)) STRICT;"
    "CREATE INDEX delivery_open ON delivery(id) WHERE done = 0;"
    "CREATE INDEX delivery_done ON delivery(done);"
    "CREATE TABLE self(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO self VALUES('instance', lower(hex(randomblob(4))));",
    /* 3: how each page went: a row where a look saw something else than the one before */
    "CREATE TABLE look(page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE, at INTEGER NOT NULL,"
    " verdict TEXT NOT NULL, kept REAL NOT NULL, fresh REAL NOT NULL, PRIMARY KEY(page, at)) STRICT, "
    "WITHOUT ROWID;",
    /* 4: when a page became what its incident says it is */
    "ALTER TABLE incident ADD COLUMN began INTEGER NOT NULL DEFAULT 0; UPDATE incident SET began = opened;",
};

enum { SCHEMA = sizeof(steps) / sizeof(steps[0]) };

static int bring_up(struct store *store, const void *context)
{
    (void)context;
    char text[128];
    int64_t version = 0;
    int result =
        sql_ask(store->sql, "PRAGMA user_version", &version); /* another process may have been faster */
    for (int64_t at = version; result == 0 && at < SCHEMA; at++)
        result = sql_run(store->sql, steps[at]);
    snprintf(text, sizeof(text), "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID, SCHEMA);
    return result == 0 ? sql_run(store->sql, text) : result;
}

int store_is_current(struct store *store)
{
    int64_t id = 0, version = 0;
    int result = sql_ask(store->sql, "PRAGMA application_id", &id);
    if (result == 0)
        result = sql_ask(store->sql, "PRAGMA user_version", &version);
    if (result < 0)
        return result;
    return id != APPLICATION_ID ? -EBADMSG : version == SCHEMA ? 0 : -ENOTSUP;
}

int store_schema(struct store *store)
{
    int64_t id = 0, version = 0, tables = 0;
    int result = sql_ask(store->sql, "PRAGMA application_id", &id);
    if (result == 0)
        result = sql_ask(store->sql, "PRAGMA user_version", &version);
    if (result == 0)
        result = sql_ask(store->sql, "SELECT count(*) FROM sqlite_schema", &tables);
    if (result < 0)
        return result;
    bool empty = tables == 0 && id == 0 && version == 0;
    if (!empty && (id != APPLICATION_ID || version < 1))
        return -EBADMSG;
    if (version > SCHEMA)
        return -ENOTSUP;
    return version == SCHEMA ? 0 : store_whole(store, bring_up, NULL);
}
