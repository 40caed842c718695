/*
 * The door of the status page. Requests come in as plain records and go out as plain answers: HTTP is known
 * to web_server.c alone. It only reads: what changes something is asked of the supervisor, and the answer
 * comes back as another round of the same request.
 */
#pragma once

#include "pipeline/store/store.h"
#include "web/web_session.h"
#include "web/web_snapshot.h"
#include "web/web_words.h"
#include "wire/web_order.h"

#include <jansson.h>

enum {
    WEB_ARGUMENTS = 16,       /* of an address or a form; a filter has five */
    WEB_BODY_BYTES = 4096,    /* bytes of a form: the longest is an address and a token */
    WEB_PAGE_BYTES = 8 << 20, /* bytes of an answer: a report with its pictures */
    WEB_STATUS_OLD_S = 15, /* seconds without the supervisor's status: then the watch is said to be silent */
    WEB_ROWS = 50,         /* pages of one table */
    WEB_GROUP_ROWS = 12,   /* groups at a glance; the worst first */
    WEB_INCIDENT_ROWS = 100, /* incidents of one table */
    WEB_OPEN_ROWS = 20,      /* open incidents on the first page */
    WEB_STALE_S = 600,       /* seconds: a watch whose looks are so late is not healthy */
};

struct web_pair {
    struct span name, value;
};

/** A request; all borrowed for the call, all from anybody. Text is well-formed UTF-8. */
struct web_request {
    bool post;
    struct span path;
    struct web_pair arguments[WEB_ARGUMENTS]; /**< argument_count, of the address */
    size_t argument_count;
    struct web_pair form[WEB_ARGUMENTS]; /**< form_count */
    size_t form_count;
    struct span host, origin, fetch_site, cookie, accept_language, scheme;
    struct span address; /**< of who asks, for counting; empty when that is not known */
    const struct span
        *told; /**< what the supervisor said to the ask; empty when it did not answer. NULL before */
    int64_t now_s;
};

/** What is sent; `body` is owned by the caller. */
struct web_reply {
    unsigned status;
    const char *type; /**< of the content; a constant */
    struct buf body;
    struct buf ask;      /**< not empty: this is to be asked of the supervisor first */
    struct buf location; /**< not empty: go there */
    struct buf cookies[3];
    size_t cookie_count;
    bool lasting; /**< may be kept by the browser for a while */
    bool forms;   /**< it has forms: browsers leave out where they come from under "no-referrer" */
    bool report;  /**< the page of evidence, which has its style inside */
};

struct web {
    struct arena arena; /* of the order */
    struct web_order order;
    struct session_keys keys;
    struct session_guesses guesses;
    struct session_ends ends;
    struct web_snapshot *snapshot;
    json_t *status;   /* the supervisor's last; NULL for none yet */
    int64_t status_s; /* when it came */
};

/** Takes the order, reads the token. Nothing of the store is opened yet. Returns 0 or a negative errno. */
int web_open(struct span order, struct web *ret_web, struct buf *complaint);
void web_close(struct web *web);

/** Answers. An `ask` in the reply means: come again with `told`. */
void web_answer(struct web *web, const struct web_request *request, struct web_reply *reply);

/** The supervisor's answer to {"command": "status"}. */
void web_take_status(struct web *web, struct span lines, int64_t now_s);

void web_reply_free(struct web_reply *reply);

/** The value of that name, or the empty span. */
struct span web_argument(const struct web_request *request, const char *name);
struct span web_field(const struct web_request *request, const char *name);
