/* What people are shown of pages and incidents beyond what the watch itself asks for. Only reads. */
#include "pipeline/store/store_inside.h"

#include <errno.h>
#include <stdlib.h>

int store_get_outcome(struct store *store, struct span url, struct arena *arena, struct span *ret_json)
{
    query_auto *query = NULL;
    int result = query_begin(
        store->sql, "SELECT result FROM outcome JOIN page ON page.id = outcome.page WHERE url = ?1", &query);
    if (result < 0)
        return result;
    query_text(query, 1, url);
    result = query_step(query);
    if (result != 1)
        return result;
    struct span json = arena_copy(arena, column_span(query, 0));
    if (arena->failed)
        return -ENOMEM;
    *ret_json = json;
    return 1;
}

int store_looks(struct store *store, struct span url, store_look_fn *each, void *context)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "SELECT look.at, look.verdict, kept, fresh FROM look JOIN page ON page.id = look.page"
                    " WHERE url = ?1 ORDER BY look.at",
                    &query);
    if (result < 0)
        return result;
    int count = 0;
    query_text(query, 1, url);
    while ((result = query_step(query)) == 1) {
        struct store_look look = {column_int(query, 0), column_span(query, 1), column_real(query, 2),
                                  column_real(query, 3)};
        each(context, &look);
        count++;
    }
    return result < 0 ? result : count;
}

int store_latest_incidents(struct store *store, int64_t **ret_ids, size_t *ret_count)
{
    query_auto *query = NULL;
    int64_t *ids = NULL;
    size_t count = 0, room = 0;
    int result = query_begin(store->sql, "SELECT max(id) FROM incident GROUP BY url ORDER BY 1", &query);
    while (result >= 0 && (result = query_step(query)) == 1) {
        if (count == room) {
            room = room ? 2 * room : 64;
            int64_t *more = realloc(ids, room * sizeof(*more));
            if (!more) {
                result = -ENOMEM;
                break;
            }
            ids = more;
        }
        ids[count++] = column_int(query, 0);
    }
    if (result < 0) {
        free(ids);
        return result;
    }
    *ret_ids = ids;
    *ret_count = count;
    return 0;
}

/* Each wish by the index that serves it. ?1 what is asked for, ?2 the number before, ?3 how many. */
#define INCIDENTS "SELECT id, " STORE_INCIDENT_COLUMNS " FROM incident WHERE "
#define SURE_AND_SOME                                                                                        \
    " AND state NOT IN ('suspected', 'dismissed') AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3"
static const char incidents_of_page[] = INCIDENTS "url = ?1" SURE_AND_SOME;
static const char incidents_of_campaign[] = INCIDENTS "campaign = ?1" SURE_AND_SOME;
static const char incidents_open[] =
    INCIDENTS "closed = ?1 AND state NOT IN ('suspected', 'dismissed') AND ?2 = 0 AND campaign IS NULL"
              " ORDER BY severity DESC, id DESC LIMIT ?3";
static const char incidents_all[] = INCIDENTS "id > ?1" SURE_AND_SOME;

static int begin_incidents(struct store *store, const struct store_incident_query *wish,
                           struct query **ret_query)
{
    const char *text = wish->url.size   ? incidents_of_page
                       : wish->campaign ? incidents_of_campaign
                       : wish->open     ? incidents_open
                                        : incidents_all;
    int result = query_begin(store->sql, text, ret_query);
    if (result < 0)
        return result;
    if (wish->url.size)
        query_text(*ret_query, 1, wish->url);
    else
        query_int(*ret_query, 1, wish->campaign);
    query_int(*ret_query, 2, wish->before);
    query_int(*ret_query, 3, (int64_t)wish->limit);
    return 0;
}

int store_list_incidents(struct store *store, const struct store_incident_query *wish,
                         store_incident_fn *each, void *context)
{
    query_auto *query = NULL;
    int result = begin_incidents(store, wish, &query);
    return result < 0 ? result : store_each_incident(query, each, context);
}

int store_count_states(struct store *store, int64_t campaign, size_t ret_counts[INCIDENT_STATE_COUNT])
{
    query_auto *query = NULL;
    int result = query_begin(store->sql,
                             "SELECT state, count(*) FROM incident WHERE campaign = ?1"
                             " AND state NOT IN ('suspected', 'dismissed') GROUP BY state",
                             &query);
    memset(ret_counts, 0, INCIDENT_STATE_COUNT * sizeof(*ret_counts));
    if (result < 0)
        return result;
    query_int(query, 1, campaign);
    while ((result = query_step(query)) == 1)
        for (unsigned i = 0; i < INCIDENT_STATE_COUNT; i++)
            if (span_equal(column_span(query, 0), span_of(incident_state_name((enum incident_state)i))))
                ret_counts[i] = (size_t)column_int(query, 1);
    return result;
}

int store_get_campaign(struct store *store, int64_t id, struct campaign *ret_campaign)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql, "SELECT id, " STORE_CAMPAIGN_COLUMNS " FROM campaign WHERE id = ?1", &query);
    if (result < 0)
        return result;
    query_int(query, 1, id);
    result = query_step(query);
    if (result == 1)
        *ret_campaign = store_take_campaign(query);
    return result;
}

int store_mark(struct store *store, int64_t *ret_mark)
{
    return sql_ask(store->sql, "PRAGMA data_version", ret_mark);
}
