/*
 * Writing HTML. Everything that is not ours goes through html_text() (or html_fill() and html_attribute(),
 * which use it): one place where what an attacker wrote becomes text and nothing else. Characters that steer
 * (direction overrides, controls, invisible ones) are shown by their numbers.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"
#include "web/web_words.h"

/** One document on its way: where it goes, and in which language. */
struct html {
    struct buf *out; /**< borrowed */
    enum web_language language;
    int64_t now_s;
};

enum {
    HTML_MESSAGE_BYTES = 20000, /* bytes of a page's message that are shown */
    HTML_LINE_BYTES = 600,      /* bytes of one line: address, name, detail */
};

/** The text, escaped for content and for attributes in double quotes. */
void html_text(struct buf *out, struct span text);

/** At most `size` bytes of it, with "…" behind what was cut. */
void html_text_cut(struct buf *out, struct span text, size_t size);

/** Text of somebody else's inside <bdi>, cut as a line. */
void html_foreign(struct html *html, struct span text);

/** An address that is not to be followed, so that no tool makes a link of it: hxxps://evil[.]example/x. */
void html_defanged(struct html *html, struct span url);

/** One of our words. */
const char *html_word(const struct html *html, enum web_word word);
void html_say(struct html *html, enum web_word word);

/** The word with {} replaced by texts, `count` of them, escaped. */
void html_fill(struct html *html, const char *template, const struct span *texts, size_t count);
void html_fill_number(struct html *html, const char *template, uint64_t number);

/** A number with one digit behind the language's decimal mark, and its unit. */
void html_decimal(struct html *html, double number, enum web_word unit);

/** The form of a plural for the number, with the number in it. */
void html_plural(struct html *html, enum web_plural what, uint64_t number);

/** ` name="value"`. */
void html_attribute(struct buf *out, const char *name, struct span value);

/** A part of an address after '?': percent-encoded. */
void html_query(struct buf *out, struct span text);

/** <time> as the clock on the wall says it; "–" for 0. With `ago`, how long ago behind it on a second line.
 */
void html_time(struct html *html, int64_t at_s);
void html_ago(struct html *html, int64_t at_s);

/** A verdict as shape and word. `kind` VERDICT_KIND_COUNT: not looked at yet. */
void html_verdict(struct html *html, enum verdict_kind kind);
void html_verdict_mark(struct html *html, enum verdict_kind kind);
const char *html_verdict_name(enum verdict_kind kind);
enum web_word html_verdict_word(enum verdict_kind kind);

/** The word for the verdict of that many pages, without the number. */
void html_verdict_of_many(struct html *html, enum verdict_kind kind, uint64_t number);

/** What a cause means, in the reader's language; the cause itself when that is not known. */
void html_cause(struct html *html, struct span cause);

/** The kind of that name; VERDICT_KIND_COUNT for none. */
enum verdict_kind html_verdict_of(struct span name);

/** A row of a list of facts: <dt> and the opening of its <dd>; html_fact_end() closes. */
void html_fact(struct html *html, enum web_word word);
void html_fact_end(struct html *html);
