/* What the store's own files share. */
#pragma once

#include "pipeline/store/sql.h"
#include "pipeline/store/store.h"

struct store {
    struct sql *sql;
    bool gathering; /* inside store_begin() and store_commit() */
    char instance[16];
    int patience_ms; /* for another process that writes */
};

typedef int store_work_fn(struct store *store, const void *context);

/** Runs `work` all or nothing: as a transaction of its own, or as a part of the one that is open. Returns
 * what `work` does, or a negative errno. */
int store_whole(struct store *store, store_work_fn *work, const void *context);

/** The newest layout: creates it in an empty file, brings an older one up to it. */
int store_schema(struct store *store);
