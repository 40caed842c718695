/* What every page has around it: head, navigation, what is wrong with the watch itself, foot. */
#pragma once

#include "pipeline/evidence/dossier.h"
#include "web/web.h"
#include "web/web_html.h"

/** One page being written. */
struct layout {
    struct web *web;
    const struct web_request *request;
    struct web_reply *reply;
    struct session session;
    struct html html;
};

/** The page for this request: who asks, in which language. */
struct layout layout_begin(struct web *web, const struct web_request *request, struct web_reply *reply);

/** Writes everything up to the content. `title` and `here` (a path of the navigation) are ours. */
void layout_head(struct layout *layout, struct span title, const char *here);
void layout_foot(struct layout *layout);

/** A page that says only this, with that status. */
void layout_plain(struct layout *layout, unsigned status, enum web_word title, enum web_word text);

/** <form method="post"> with the session's seal in it, and where to go back to. */
void layout_form(struct layout *layout, const char *action);

/** What became of the button that was pressed, as the address says it. */
void layout_done(struct layout *layout);

/** A link to a page's own place here, around its name. */
void layout_page_link(struct layout *layout, struct span url, struct span name);

/** A list of incidents as a table, with its head; rows come from layout_incident(). */
void layout_incidents_head(struct layout *layout, enum web_word caption);
void layout_incident(struct layout *layout, const struct incident *incident);
void layout_incidents_foot(struct layout *layout);

/** The foot where `count` rows came, else that there are none. */
void layout_incidents_end(struct layout *layout, size_t count);

/** How many incidents of a campaign are in each state. */
void layout_tally(struct layout *layout, const struct campaign *campaign);

/** The state of an incident, in words. */
void layout_state(struct layout *layout, const struct incident *incident);

/** What was found wrong with the watch: words, up to 4, none when all is well. Of which all but the store's
 * are the supervisor's own. */
size_t layout_faults(const struct web *web, bool store_gone, int64_t now_s, enum web_word ret_words[4]);

/** A number of the supervisor's status; 0 for none. */
int64_t layout_status(const struct web *web, const char *name);

/** The pages of this site. Each writes a whole answer. */
void overview_write(struct layout *layout);
void detail_write(struct layout *layout);
void case_write(struct layout *layout, int64_t id);
void report_write(struct layout *layout, int64_t id);
void case_list(struct layout *layout);
void campaign_write(struct layout *layout, int64_t id);
void about_write(struct layout *layout);
void about_health(struct layout *layout);
void about_live(struct layout *layout);
void login_write(struct layout *layout, bool wrong);

/** Appends the chart of a page's history; false when there is nothing to draw. */
bool chart_write(struct layout *layout, struct span url, int64_t until_s);

/** Appends result_write() with the evidence of that incident, where it is kept; 0 for none. */
void case_result(struct layout *layout, struct span json, int64_t incident);

/** Appends what a result (JSON of the contract) says: reasons, languages, message, server. `evidence`, where
 * there is one of the same message, knows which part of it is in which language; may be NULL. */
void result_write(struct layout *layout, struct span json, const struct dossier *evidence);
