/* What the parts of the HTML report share: who writes where, and the few forms that keep coming back. */
#pragma once

#include "pipeline/evidence/markup.h"
#include "pipeline/evidence/report.h"
#include "pipeline/evidence/report_words.h"

struct report_page {
    const struct report_matter *matter;
    const struct dossier *dossier; /**< report_moment() */
    enum tongue tongue;
    struct buf *out;
};

/** The parts, in the order in which they stand. Each writes nothing where there is nothing to say. */
void report_message(const struct report_page *page);
void report_pictures(const struct report_page *page);
void report_change(const struct report_page *page);
void report_reasons(const struct report_page *page);
void report_timeline(const struct report_page *page);
void report_campaign(const struct report_page *page);
void report_technical(const struct report_page *page);
void report_proof(const struct report_page *page);

/** A word, escaped. */
void report_page_word(const struct report_page *page, enum word word);

/** An element with a word in it: report_page_element(page, "<h2>", WORD_X, "</h2>\n"). */
void report_page_element(const struct report_page *page, const char *open, enum word word, const char *close);

/** A place in a word's pattern and what stands there. */
struct report_place {
    const char *name;
    struct span text;
    bool foreign; /**< a stranger's words: isolated, so that their direction stays their own */
};

/** The word with its places filled, escaped. */
void report_page_fill(const struct report_page *page, enum word word, const struct report_place *places,
                      size_t count);

/** Text that may not be in the report's language: isolated from what stands around it. */
void report_page_foreign(const struct report_page *page, struct span text);

/** <dt> and <dd> of plain text; nothing when it is empty. */
void report_page_fact(const struct report_page *page, enum word word, struct span text);

/** The same, defanged. */
void report_page_fact_address(const struct report_page *page, enum word word, struct span url);

/** Behind a number in a format: " %", with a space that does not break. */
#define REPORT_PERCENT "\xC2\xA0%%"

/** "36 %". */
void report_page_percent(double share, struct buf *out);

enum { REPORT_WEIGHT = 16 };

/** "+2.9", with the tongue's decimal mark; nothing for what weighs nothing. */
void report_weight(double weight, enum tongue tongue, char ret_text[REPORT_WEIGHT]);

/** "99.8 %", with the tongue's decimal mark. */
void report_score(double score, enum tongue tongue, struct buf *out);

/** What the page is called: its name in the list, else its title before, else its address (defanged). */
void report_page_name(const struct dossier *dossier, struct buf *out);

/** The incident's beginning and end; 0 for not over. */
int64_t report_from_s(const struct report_matter *matter);
int64_t report_until_s(const struct report_matter *matter);

/** The head of the report, as report_word_head() names it. */
enum word report_headline(const struct report_matter *matter, enum verdict_kind verdict);

/** "Ukrainian (36 %), Russian (33 %)": the dossier's languages, in words of the tongue. */
void report_languages(const struct dossier *dossier, enum tongue tongue, struct buf *out);

/** A number in a word's pattern: `text` is where it stands. */
struct report_place report_number(const char *name, size_t number, char text[24]);

enum { REPORT_PLACE = 64 };

/** "52.22968, 21.01223": where the picture's file says that it was taken. */
struct span report_where(const struct dossier_picture *picture, char text[REPORT_PLACE]);

/** True when the reasons' weights are shown: not of a page that is unavailable, whose reasons say nothing for
 * or against a defacement; nor where none was kept. */
bool report_weighs(const struct dossier *dossier);

/** False for a reason that weighs nothing where others weigh something. */
bool report_tells(const struct dossier *dossier, const struct dossier_reason *reason);

/** What to say of evidence that is not there. */
enum word report_word_evidence(enum report_evidence evidence);

/** One line of the course of events. */
struct report_step {
    int64_t at_s;
    struct span what, detail;
    enum word word; /**< of `what`; WORD_COUNT to show it as it is */
};

typedef void report_step_fn(void *context, const struct report_step *step);

/** Calls `each` for the course of events, in order of time: the store's history where there is one, else
 * what the record and the evidence tell. */
void report_steps(const struct report_matter *matter, report_step_fn *each, void *context);
