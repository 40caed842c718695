/* What the files of helpers share; see helpers.h. */
#pragma once

#include "watch/complaints.h"
#include "watch/helpers.h"

#include <sys/types.h>

/* Slow pages have a fetcher of their own: whatever they cost it, the others' goes on. From HELPER_DELIVER on
 * there is one for each sink. */
enum helper_kind { HELPER_FETCH, HELPER_FETCH_SLOW, HELPER_READ, HELPER_OCR, HELPER_KEEP, HELPER_DELIVER };
enum { HELPER_COUNT = HELPER_DELIVER + HELPERS_SINKS };

struct job {
    struct job *next;
    struct helper *helper;
    uint64_t id;
    enum message_type type;
    struct buf order;
    unsigned rank;        /* lower ones go first; 0 for all but pictures */
    bool slow;            /* of a page that was slow before: it has a share of the places only */
    bool small;           /* reading it takes little memory: there are more places for such */
    int64_t sent_ms;      /* when it was sent, steady */
    uint64_t patience_ms; /* for the answer, before the helper is ended */
    int input;            /* descriptor to send along, -1 for none */
    int reply;            /* our end of the child's answering socket, -1 for none */
    sd_event_source *reply_source;
    sd_event_source *timer;
    helpers_done_fn *done;
    void *context;
};

struct helper {
    struct helpers *all;
    const char *name;
    bool answers_by_child; /* each job has a socket of its own */
    unsigned limit;        /* jobs in flight */
    unsigned slow_limit;   /* of them for slow pages */
    unsigned small_more;   /* in flight beyond the limit, where they are small */
    bool nice;             /* it runs behind the others */
    pid_t pid;             /* 0 while it does not run */
    int channel;
    struct complaints *complaints;
    sd_event_source *source;
    struct job *waiting, **waiting_end; /* queued, in order */
    struct job *flying;                 /* sent */
    unsigned in_flight, slow_in_flight, small_in_flight;
    unsigned deaths;
    bool noted_layers;
    bool noted_start;
    struct buf settings; /* sent first to each process of it; empty for none */
    uint32_t timeout_ms; /* of a sink */
    struct buf folder;   /* second argument of varta-keep, ends in NUL; empty for the others */
    uint64_t place;      /* folder_state() when it first answered; 0 for not yet known */
    uint64_t names;      /* names_state() when it was started */
};

struct helpers {
    struct helpers_settings settings;
    struct helpers_tally tally;
    struct helper helper[HELPER_COUNT];
    uint64_t last_job;
    size_t busy;
    sd_event_source *pump;
    uint64_t names; /* names_state(), of names_ms */
    int64_t names_ms;
};

/* ---- counting (helpers_tally.c) ---- */

unsigned helpers_role_of(const struct helper *helper);

/** A child, as its template or its answer tells. */
void helpers_count_child(struct helper *helper, enum outcome outcome);

/** A helper itself; `status` is from waitpid(). */
void helpers_count_process(struct helper *helper, enum outcome outcome, int status);
