/* Pages: their last check, what the next one can go by, baselines, texts of pictures. */
#include "pipeline/store/store_inside.h"

#include <errno.h>

/* Asks something of the page with this URL, ?1; what query_step() gives. */
static int ask_of_page(struct store *store, const char *text, struct span url, struct query **ret_query)
{
    int result = query_begin(store->sql, text, ret_query);
    if (result < 0)
        return result;
    query_text(*ret_query, 1, url);
    return query_step(*ret_query);
}

static struct span digest_span(const struct digest *digest)
{
    return (struct span){(const char *)digest->at, sizeof(digest->at)};
}

static bool take_digest(struct span bytes, struct digest *ret_digest)
{
    if (bytes.size != sizeof(ret_digest->at))
        return false;
    memcpy(ret_digest->at, bytes.at, bytes.size);
    return true;
}

/* ---- baselines ---- */

static int copy_baseline(struct query *query, struct arena *arena, struct store_baseline *ret_baseline)
{
    struct store_baseline baseline = {
        .packed = arena_copy(arena, column_span(query, 0)),
        .languages = arena_copy(arena, column_span(query, 1)),
        .at_s = column_int(query, 2),
        .versions = (uint32_t)column_int(query, 3),
    };
    if (arena->failed)
        return -ENOMEM;
    *ret_baseline = baseline;
    return 1;
}

int store_get_baseline(struct store *store, struct span url, struct arena *arena,
                       struct store_baseline *ret_baseline)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "SELECT packed, languages, b.at, versions FROM baseline b JOIN page ON page.id = b.page"
                    " WHERE url = ?1",
                    &query);
    if (result < 0)
        return result;
    query_text(query, 1, url);
    result = query_step(query);
    return result == 1 ? copy_baseline(query, arena, ret_baseline) : result;
}

static int put_version(struct store *store, const char *text, int64_t page,
                       const struct store_baseline *version)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, text, &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    query_blob(query, 2, version->packed);
    query_text(query, 3, version->languages);
    query_int(query, 4, version->at_s);
    query_int(query, 5, version->versions);
    return query_step(query);
}

/* ---- what the next check can go by ---- */

int store_get_known(struct store *store, struct span url, struct arena *arena, struct store_known *ret_known)
{
    query_auto *query = NULL;
    int result = ask_of_page(
        store,
        "SELECT body, place, etag, modified, since_whole, address, certificate, issuer, languages,"
        " baseline, versions FROM known JOIN page ON page.id = known.page WHERE url = ?1",
        url, &query);
    if (result != 1)
        return result;
    struct store_known known = {
        .place = (uint64_t)column_int(query, 1),
        .etag = arena_copy(arena, column_span(query, 2)),
        .modified = arena_copy(arena, column_span(query, 3)),
        .since_whole = (uint32_t)column_int(query, 4),
        .address = arena_copy(arena, column_span(query, 5)),
        .issuer = arena_copy(arena, column_span(query, 7)),
        .languages = arena_copy(arena, column_span(query, 8)),
        .baseline_s = column_int(query, 9),
        .versions = (uint32_t)column_int(query, 10),
    };
    known.is = take_digest(column_span(query, 0), &known.body);
    known.has_certificate = take_digest(column_span(query, 6), &known.certificate);
    if (arena->failed)
        return -ENOMEM;
    *ret_known = known;
    return 1;
}

static int put_known(struct store *store, int64_t page, const struct store_known *known)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "INSERT OR REPLACE INTO known(page, body, place, etag, modified, since_whole, address,"
                    " certificate, issuer, languages, baseline, versions)"
                    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
                    &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    query_blob(query, 2, known->is ? digest_span(&known->body) : (struct span){NULL, 0});
    query_int(query, 3, (int64_t)known->place);
    query_text(query, 4, known->etag);
    query_text(query, 5, known->modified);
    query_int(query, 6, known->since_whole);
    query_text(query, 7, known->address);
    query_blob(query, 8, known->has_certificate ? digest_span(&known->certificate) : (struct span){NULL, 0});
    query_text(query, 9, known->issuer);
    query_text(query, 10, known->languages);
    query_int(query, 11, known->baseline_s);
    query_int(query, 12, known->versions);
    return query_step(query);
}

/* ---- checks ---- */

static int put_page(struct store *store, const struct store_check *check, int64_t *ret_page)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "INSERT INTO page(url, name, first_at, at, verdict, score, cause)"
                    " VALUES(?1,?2,?3,?3,?4,?5,?6) ON CONFLICT(url) DO UPDATE SET name = ?2, at = ?3,"
                    " verdict = ?4, score = ?5, cause = ?6 RETURNING id",
                    &query);
    if (result < 0)
        return result;
    query_text(query, 1, check->url);
    query_text(query, 2, check->name);
    query_int(query, 3, check->at_s);
    query_text(query, 4, check->verdict);
    query_real(query, 5, check->score);
    query_text(query, 6, check->cause);
    result = query_step(query);
    if (result < 0)
        return result;
    *ret_page = column_int(query, 0);
    return query_step(query);
}

static int put_outcome(struct store *store, int64_t page, struct span json)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql, "INSERT OR REPLACE INTO outcome(page, result) VALUES(?1,?2)", &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    query_text(query, 2, json);
    return query_step(query);
}

static int forget_seen(struct store *store, int64_t page)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, "DELETE FROM seen WHERE page = ?1", &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    return query_step(query);
}

/* A row only where something else was seen than before: ten thousand unchanged pages write none. What moves
 * by less than a twentieth is volatile. Returns 1 when there is a new row. */
static int put_look(struct store *store, int64_t page, const struct store_check *check)
{
    query_auto *query = NULL;
    int result = query_begin(
        store->sql,
        "INSERT OR REPLACE INTO look(page, at, verdict, kept, fresh) SELECT ?1,?2,?3,?4,?5 WHERE NOT EXISTS"
        "(SELECT 1 FROM (SELECT verdict, kept, fresh FROM look WHERE page = ?1 ORDER BY at DESC LIMIT 1)"
        " WHERE verdict = ?3 AND abs(kept - ?4) < 0.05 AND abs(fresh - ?5) < 0.05)",
        &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    query_int(query, 2, check->at_s);
    query_text(query, 3, check->verdict);
    query_real(query, 4, check->kept);
    query_real(query, 5, check->fresh);
    result = query_step(query);
    return result == 0 ? sql_changes(store->sql) > 0 : result;
}

static int trim_looks(struct store *store, int64_t page)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql,
                             "DELETE FROM look WHERE page = ?1 AND at <= (SELECT at FROM look WHERE page = ?1"
                             " ORDER BY at DESC LIMIT 1 OFFSET ?2)",
                             &query);
    if (result < 0)
        return result;
    query_int(query, 1, page);
    query_int(query, 2, STORE_LOOKS);
    return query_step(query);
}

static int note_look(struct store *store, int64_t page, const struct store_check *check)
{
    int result = put_look(store, page, check);
    return result == 1 ? trim_looks(store, page) : result;
}

static int put_check(struct store *store, const void *context)
{
    const struct store_check *check = context;
    int64_t page;
    int result = put_page(store, check, &page);
    if (result == 0)
        result = note_look(store, page, check);
    if (result == 0 && check->result.size)
        result = put_outcome(store, page, check->result);
    if (result == 0 && check->known)
        result = put_known(store, page, check->known);
    if (result == 0 && check->baseline)
        result = put_version(store,
                             "INSERT OR REPLACE INTO baseline(page, packed, languages, at, versions)"
                             " VALUES(?1,?2,?3,?4,?5)",
                             page, check->baseline);
    if (result == 0 && check->seen)
        return put_version(
            store,
            check->seen_yields
                ? "INSERT OR IGNORE INTO seen(page, packed, languages, at, versions) VALUES(?1,?2,?3,?4,?5)"
                : "INSERT OR REPLACE INTO seen(page, packed, languages, at, versions) VALUES(?1,?2,?3,?4,?5)",
            page, check->seen);
    return result == 0 && check->baseline ? forget_seen(store, page) : result;
}

int store_put_check(struct store *store, const struct store_check *check)
{
    return store_whole(store, put_check, check);
}

/* ---- looking after pages ---- */

#define PAGE_COLUMNS                                                                                         \
    "SELECT url, name, verdict, cause, score, page.at, ifnull(b.at, 0), ifnull(b.versions, 0),"              \
    " s.page IS NOT NULL FROM page LEFT JOIN baseline b ON b.page = page.id"                                 \
    " LEFT JOIN seen s ON s.page = page.id "

static struct store_page page_of(struct query *query)
{
    return (struct store_page){
        .url = column_span(query, 0),
        .name = column_span(query, 1),
        .verdict = column_span(query, 2),
        .cause = column_span(query, 3),
        .score = column_real(query, 4),
        .at_s = column_int(query, 5),
        .baseline_s = column_int(query, 6),
        .versions = (uint32_t)column_int(query, 7),
        .acceptable = column_int(query, 8) != 0,
    };
}

int store_pages(struct store *store, store_page_fn *each, void *context)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, PAGE_COLUMNS "ORDER BY url", &query);
    int count = 0;
    while (result >= 0 && (result = query_step(query)) == 1) {
        struct store_page page = page_of(query);
        each(context, &page);
        count++;
    }
    return result < 0 ? result : count;
}

int store_get_page(struct store *store, struct span url, struct arena *arena, struct store_page *ret_page)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, PAGE_COLUMNS "WHERE url = ?1", &query);
    if (result < 0)
        return result;
    query_text(query, 1, url);
    result = query_step(query);
    if (result != 1)
        return result;
    struct store_page page = page_of(query);
    page.url = arena_copy(arena, page.url);
    page.name = arena_copy(arena, page.name);
    page.verdict = arena_copy(arena, page.verdict);
    page.cause = arena_copy(arena, page.cause);
    if (arena->failed)
        return -ENOMEM;
    *ret_page = page;
    return 1;
}

static int run_on(struct store *store, const char *text, struct span url)
{
    query_auto *query = NULL;
    return ask_of_page(store, text, url, &query);
}

static int accept_seen(struct store *store, const void *context)
{
    const struct span *url = context;
    int result =
        run_on(store,
               "INSERT OR REPLACE INTO baseline SELECT s.page, s.packed, s.languages, s.at, s.versions"
               " FROM seen s JOIN page ON page.id = s.page WHERE url = ?1",
               *url);
    if (result < 0 || sql_changes(store->sql) == 0)
        return result;
    result = run_on(store, "DELETE FROM seen WHERE page = (SELECT id FROM page WHERE url = ?1)", *url);
    if (result == 0)
        result = run_on(store, "DELETE FROM known WHERE page = (SELECT id FROM page WHERE url = ?1)", *url);
    return result < 0 ? result : 1;
}

int store_get_waiting(struct store *store, struct span url, struct arena *arena,
                      struct store_waiting *ret_waiting)
{
    query_auto *query = NULL;
    int result = ask_of_page(store,
                             "SELECT ifnull(s.at, 0), o.result FROM page LEFT JOIN seen s ON s.page = page.id"
                             " LEFT JOIN outcome o ON o.page = page.id WHERE url = ?1",
                             url, &query);
    if (result != 1)
        return result;
    *ret_waiting = (struct store_waiting){column_int(query, 0), arena_copy(arena, column_span(query, 1))};
    return arena->failed ? -ENOMEM : 1;
}

int store_accept(struct store *store, struct span url)
{
    return store_whole(store, accept_seen, &url);
}

/* ---- pictures ---- */

int store_get_picture(struct store *store, const struct digest *digest, struct arena *arena,
                      struct span *ret_packed)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, "SELECT packed FROM picture WHERE digest = ?1", &query);
    if (result < 0)
        return result;
    query_blob(query, 1, digest_span(digest));
    result = query_step(query);
    if (result != 1)
        return result;
    struct span packed = arena_copy(arena, column_span(query, 0));
    if (!packed.at)
        return -ENOMEM;
    *ret_packed = packed;
    return 1;
}

int store_put_picture(struct store *store, const struct digest *digest, struct span packed, int64_t at_s)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql,
                             "INSERT OR REPLACE INTO picture(digest, packed, at) VALUES(?1,?2,?3)", &query);
    if (result < 0)
        return result;
    query_blob(query, 1, digest_span(digest));
    query_blob(query, 2, packed);
    query_int(query, 3, at_s);
    return query_step(query);
}
