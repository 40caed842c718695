/* What the files of the caseload share: caseload.c follows each incident, grouping.c those that belong
 * together. */
#pragma once

#include "watch/caseload.h"

enum { CASELOAD_DETAIL_BYTES = 400 };

/* An incident and what of it is not in the store yet. */
struct casefile {
    struct incident incident;
    size_t page;      /* in the list; SIZE_MAX when it is no longer watched */
    int64_t left;     /* the campaign that it was counted in before it came back; 0 for none */
    int64_t missed_s; /* since when it is in no list; 0 when it is in one */
    char *result;     /* owned; what incident.result points to once it was seen by this process */
    bool dirty;
};

/* A line of history that waits to be written. */
struct caseline {
    int64_t incident, at_s;
    char what[24];
    char detail[CASELOAD_DETAIL_BYTES];
};

struct caseload {
    struct caseload_settings settings;
    struct casefile **files; /* count, by id */
    size_t count, room;
    struct casefile **by_page; /* the newest of each page of the list, or NULL */
    uint32_t *met;             /* of each page of the list: the question it was last met in */
    uint32_t question;
    struct campaign *campaigns;
    bool *campaign_dirty;
    size_t campaign_count, campaign_room;
    struct caseline *lines;
    size_t line_count, line_room;
    int64_t last_incident, last_campaign;
    int64_t save_at_s; /* not before, after a failure */
    bool unsaved, changed, failing;
    bool blind; /* as of the last turn */
};

const struct config_group *caseload_group_of(const struct caseload *caseload, const struct casefile *file);

/* A line of the incident's history, which is to be kept. */
void caseload_write(struct caseload *caseload, struct casefile *file, int64_t at_s, const char *what,
                    struct span detail);

/* Puts a notice in for these sinks; it is freed. */
void caseload_put(struct caseload *caseload, struct teller_notice *notice, uint64_t sinks, int64_t now_s);
void caseload_tell(struct caseload *caseload, struct casefile *file, enum notice_kind kind, int64_t now_s);

/* Neither quiet hours nor maintenance nor our own blindness keep it from being told. */
bool caseload_may_tell(const struct caseload *caseload, const struct casefile *file, int64_t now_s);

struct campaign *caseload_campaign(struct caseload *caseload, int64_t id);
struct campaign *caseload_add_campaign(struct caseload *caseload, const struct campaign *campaign);
void caseload_mark(struct caseload *caseload, struct campaign *campaign, int64_t now_s);

/* Tells each incident that waited long enough: by itself, or by its campaign, which may be founded for it. */
void grouping_tell_due(struct caseload *caseload, int64_t now_s);

/* Tells of the campaigns what there is to tell. */
void grouping_tell_campaigns(struct caseload *caseload, int64_t now_s);
