/* The outbox: what is to be told, kept until a sink took it. */
#include "pipeline/store/store_inside.h"

#include <errno.h>

int store_put_delivery(struct store *store, struct store_delivery *delivery)
{
    query_auto *query = NULL;
    int result =
        query_begin(store->sql,
                    "INSERT INTO delivery(notice, sink, about, json, created, next, attempts, done, error)"
                    " VALUES(?1,?2,?3,?4,?5,?6,?7,0,'') ON CONFLICT(notice, sink) DO NOTHING",
                    &query);
    if (result < 0)
        return result;
    query_text(query, 1, delivery->notice);
    query_text(query, 2, delivery->sink);
    query_text(query, 3, delivery->about);
    query_text(query, 4, delivery->json);
    query_int(query, 5, delivery->created_s);
    query_int(query, 6, delivery->next_s);
    query_int(query, 7, delivery->attempts);
    result = query_step(query);
    if (result < 0 || sql_changes(store->sql) == 0)
        return result;
    delivery->id = sql_last_id(store->sql);
    return 1;
}

int store_retry_delivery(struct store *store, int64_t id, int64_t next_s, uint32_t attempts,
                         struct span error)
{
    query_auto *query = NULL;
    int result = query_begin(
        store->sql, "UPDATE delivery SET next = ?2, attempts = ?3, error = ?4 WHERE id = ?1", &query);
    if (result < 0)
        return result;
    query_int(query, 1, id);
    query_int(query, 2, next_s);
    query_int(query, 3, attempts);
    query_text(query, 4, error);
    return query_step(query);
}

int store_end_delivery(struct store *store, int64_t id, int64_t at_s, struct span error)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql, "UPDATE delivery SET done = ?2, error = ?3 WHERE id = ?1", &query);
    if (result < 0)
        return result;
    query_int(query, 1, id);
    query_int(query, 2, at_s);
    query_text(query, 3, error);
    return query_step(query);
}

int store_end_unnamed(struct store *store, const struct span *names, size_t count, struct span error)
{
    query_auto *query = NULL;
    buf_auto lines = buf_new(1 << 16);
    buf_add_byte(&lines, '\n');
    for (size_t i = 0; i < count; i++) {
        buf_add_span(&lines, names[i]);
        buf_add_byte(&lines, '\n');
    }
    if (lines.failed)
        return -ENOMEM;
    int result = query_begin(store->sql,
                             "UPDATE delivery SET done = max(created, 1), error = ?2"
                             " WHERE done = 0 AND instr(?1, char(10) || sink || char(10)) = 0",
                             &query);
    if (result < 0)
        return result;
    query_text(query, 1, buf_span(&lines));
    query_text(query, 2, error);
    return query_step(query);
}

int store_deliveries(struct store *store, struct span sink, int64_t after, size_t limit,
                     store_delivery_fn *each, void *context)
{
    query_auto *query = NULL;
    int result = query_begin(store->sql,
                             "SELECT id, notice, sink, about, json, created, next, attempts FROM delivery"
                             " WHERE done = 0 AND sink = ?3 AND id > ?1 ORDER BY id LIMIT ?2",
                             &query);
    if (result < 0)
        return result;
    int count = 0;
    query_int(query, 1, after);
    query_int(query, 2, (int64_t)limit);
    query_text(query, 3, sink);
    while ((result = query_step(query)) == 1) {
        struct store_delivery delivery = {
            .id = column_int(query, 0),
            .notice = column_span(query, 1),
            .sink = column_span(query, 2),
            .about = column_span(query, 3),
            .json = column_span(query, 4),
            .created_s = column_int(query, 5),
            .next_s = column_int(query, 6),
            .attempts = (uint32_t)column_int(query, 7),
        };
        each(context, &delivery);
        count++;
    }
    return result < 0 ? result : count;
}
