/*
 * Every word that the status page says, once for each language. A text is a template: {} stands for what is
 * put in, escaped by whoever puts it in.
 */
#pragma once

#include "base/language_name.h"
#include "base/span.h"
#include "pipeline/page.h"

#include <stdint.h>

enum web_language { WEB_ENGLISH, WEB_UKRAINIAN, WEB_POLISH, WEB_LANGUAGE_COUNT };

enum web_word {
    WORD_SKIP,
    WORD_NAV,
    WORD_OVERVIEW,
    WORD_INCIDENTS,
    WORD_ABOUT,
    WORD_LANGUAGE,
    WORD_LOG_IN,
    WORD_LOG_OUT,
    WORD_LOGGED_IN_AS,
    WORD_NEW, /* the verdicts, in their order */
    WORD_UNCHANGED,
    WORD_EDITED,
    WORD_REPLACED,
    WORD_DEFACED,
    WORD_UNAVAILABLE,
    WORD_NOT_YET,
    WORD_SUSPECTED, /* the states of an incident, in their order */
    WORD_CONFIRMED,
    WORD_ACKNOWLEDGED,
    WORD_RECOVERED,
    WORD_ACCEPTED,
    WORD_DISMISSED,
    WORD_ALL_QUIET,
    WORD_QUIET_SO_FAR,
    WORD_UNSEEN,
    WORD_LAST_LOOK,
    WORD_NO_LOOK,
    WORD_WATCH_SILENT,
    WORD_BLIND,
    WORD_UNSAVED,
    WORD_STORE_GONE,
    WORD_OPEN_INCIDENTS,
    WORD_ALL_INCIDENTS,
    WORD_NO_INCIDENTS,
    WORD_NEWEST,
    WORD_CAMPAIGN,
    WORD_CAMPAIGN_OUTAGE,
    WORD_PART_OF,
    WORD_SECONDS,
    WORD_HOURS,
    WORD_MINUTES,
    WORD_MEBIBYTES,
    WORD_GROUPS,
    WORD_GROUP,
    WORD_PAGES,
    WORD_PAGE,
    WORD_STATE,
    WORD_VERDICT,
    WORD_SINCE,
    WORD_LOOKED,
    WORD_SEARCH,
    WORD_ALL_GROUPS,
    WORD_ALL_VERDICTS,
    WORD_SHOW,
    WORD_CLEAR,
    WORD_NOTHING_FOUND,
    WORD_RANGE,
    WORD_PREVIOUS,
    WORD_NEXT,
    WORD_MORE_GROUPS,
    WORD_INCIDENT,
    WORD_SEVERITY,
    WORD_SEVERITY_OF,
    WORD_OVER,
    WORD_ADDRESS,
    WORD_CONTACT,
    WORD_INTERVAL,
    WORD_BASELINE,
    WORD_NO_BASELINE,
    WORD_NOT_WATCHED,
    WORD_HISTORY,
    WORD_CHART_TITLE,
    WORD_CHART_ALL,
    WORD_CHART_KEPT,
    WORD_CHART_FRESH,
    WORD_CHART_NOTHING,
    WORD_HISTORY_TABLE,
    WORD_KEPT,
    WORD_FRESH,
    WORD_LAST_RESULT,
    WORD_WHY,
    WORD_MESSAGE,
    WORD_MESSAGE_PICTURE,
    WORD_LANGUAGES,
    WORD_SERVER,
    WORD_STATUS,
    WORD_SERVED_FROM,
    WORD_LEADS_TO,
    WORD_CAUSE,
    WORD_SCORE,
    WORD_CLOAKED,
    WORD_CAME_BACK,
    WORD_ACKED_BY,
    WORD_TIMELINE,
    WORD_WHEN,
    WORD_WHAT,
    WORD_DETAIL,
    WORD_REPORT,
    WORD_NO_REPORT,
    WORD_REPORT_GONE,
    WORD_ACT,
    WORD_ACK,
    WORD_ACK_ALL,
    WORD_ACK_HELP,
    WORD_ACCEPT,
    WORD_ACCEPT_HELP,
    WORD_ACCEPT_SURE,
    WORD_READING_ONLY,
    WORD_LOG_IN_TO_ACT,
    WORD_DONE_ACK,
    WORD_DONE_ACCEPT,
    WORD_DONE_NOTHING,
    WORD_DONE_LOGIN,
    WORD_TOKEN,
    WORD_YOUR_NAME,
    WORD_NAME_HELP,
    WORD_WRONG_TOKEN,
    WORD_NO_TOKEN_FILE,
    WORD_TOO_MANY,
    WORD_TOO_MANY_HELP,
    WORD_NOT_FOUND,
    WORD_NOT_FOUND_HELP,
    WORD_FORBIDDEN,
    WORD_FORBIDDEN_HELP,
    WORD_BUSY,
    WORD_BUSY_HELP,
    WORD_VERSION,
    WORD_HEALTH,
    WORD_HEALTHY,
    WORD_LOOKS,
    WORD_LATE,
    WORD_TO_BE_TOLD,
    WORD_STORE_SIZE,
    WORD_MACHINES,
    WORD_KEYBOARD,
    WORD_KEYBOARD_HELP,
    WORD_UPDATED,
    WORD_LIVE,
    WORD_NOT_LIVE,
    WORD_AGO_S,
    WORD_AGO_MIN,
    WORD_AGO_H,
    WORD_AGO_D,
    WORD_UNKNOWN_LANGUAGE,
    WORD_EVENT_TOLD, /* what an incident's history says beside its states, see web_words_event() */
    WORD_EVENT_CAMPAIGN,
    WORD_EVENT_SIGN,
    WORD_EVENT_SEEN,
    WORD_EVENT_UNTOLD,
    WORD_EVENT_UNWATCHED,
    WORD_EVENT_EVIDENCE,
    WORD_EVENT_ESCALATED,
    WORD_COUNT
};

/** What comes in numbers. */
enum web_plural {
    PLURAL_DEFACED,
    PLURAL_REPLACED,
    PLURAL_UNAVAILABLE,
    PLURAL_WATCHED,
    PLURAL_PAGES,
    PLURAL_VERSIONS,
    PLURAL_OF_VERDICTS, /**< the first of the verdicts' words, in their order and without the number */
    PLURAL_NOT_YET = PLURAL_OF_VERDICTS + VERDICT_KIND_COUNT,
    PLURAL_COUNT
};

/** One, a few (2 to 4 where a language knows that), many; {} is the number. */
struct web_forms {
    const char *one, *few, *many;
};

struct web_words {
    const char *tag;  /**< BCP 47 */
    const char *name; /**< in itself */
    const char *texts[WORD_COUNT];
    struct web_forms plurals[PLURAL_COUNT];
};

extern const struct web_words web_words_english, web_words_ukrainian, web_words_polish;

const struct web_words *web_words_of(enum web_language language);

/** The language of that tag, or WEB_LANGUAGE_COUNT. */
enum web_language web_words_find(struct span tag);

/** The best for an Accept-Language header (RFC 9110, 12.5.4); English when it names none of ours. */
enum web_language web_words_choose(struct span accepted);

/** The form for that number, by the language's rules (Unicode CLDR, plural rules). */
const char *web_words_plural(enum web_language language, enum web_plural what, uint64_t number);

/** The same language for what others write: reports, names of languages. */
enum tongue web_words_tongue(enum web_language language);

/** The name of a language by its tag; the tag itself where it has none. */
const char *web_words_language(enum web_language language, const char *tag);

/** The word for a line of an incident's history, or NULL. */
const char *web_words_event(enum web_language language, struct span what);
