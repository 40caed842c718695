/*
 * The English sentence is taken apart by the English pattern, and what stood in its places goes into the
 * pattern of the other language. What is taken over may be an attacker's (a quotation, a host), so it is
 * never a pattern itself, and whoever shows the sentence treats all of it as foreign text.
 */
#include "base/saying.h"

#include "base/outcome.h"
#include "base/saying_words.h"

enum { PLACES = 4 };

struct place {
    struct span name, value;
};

struct places {
    struct place at[PLACES];
    size_t count;
};

/* The next literal piece and the place behind it; both may be empty, at the end both are. */
static void next_piece(struct span *pattern, struct span *ret_literal, struct span *ret_name)
{
    size_t open = span_find(*pattern, SPAN("{"), 0);
    size_t close = span_find(*pattern, SPAN("}"), open);
    *ret_literal = span_cut(*pattern, 0, open);
    *ret_name = span_cut(*pattern, open + 1, close);
    *pattern = span_cut(*pattern, close + 1, pattern->size);
}

static bool is_number(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.size > 0;
}

/* Whether a place may hold that. */
static bool fits(struct span name, struct span value)
{
    if (span_equal(name, SPAN("n")))
        return is_number(value);
    if (span_equal(name, SPAN("quote")))
        return value.size == 0 || span_starts(value, SPAN(": «"));
    return value.size > 0;
}

/* A place goes to the first occurrence of what follows it, or to the end. */
static bool take_apart(struct span pattern, struct span text, struct places *ret_places)
{
    struct span literal, name, following, after;
    ret_places->count = 0;
    next_piece(&pattern, &literal, &name);
    if (!span_starts(text, literal))
        return false;
    text = span_cut(text, literal.size, text.size);
    while (name.size) {
        next_piece(&pattern, &following, &after);
        size_t end = following.size ? span_find(text, following, 0) : text.size;
        struct place place = {name, span_cut(text, 0, end)};
        if (ret_places->count == PLACES || !fits(name, place.value) || end + following.size > text.size)
            return false;
        ret_places->at[ret_places->count++] = place;
        text = span_cut(text, end + following.size, text.size);
        name = after;
    }
    return text.size == 0;
}

static const char *cause_in(const struct saying *cause, enum tongue tongue)
{
    size_t outcome = (size_t)(cause - saying_causes);
    return cause->in[tongue] ? cause->in[tongue] : outcome_text((enum outcome)outcome);
}

/* The parts of a list, "A, B and C", each by its own table; a part that is in none stays as it is. */
static void add_list(struct buf *out, struct span list, struct span kind, enum tongue tongue)
{
    bool languages = span_equal(kind, SPAN("languages"));
    bool first = true;
    while (list.size) {
        size_t comma = span_find(list, SPAN(", "), 0),
               both = languages ? span_find(list, SPAN(" and "), 0) : list.size;
        size_t end = comma < both ? comma : both;
        struct span one = span_cut(list, 0, end);
        const char *known = languages ? language_name_from_english(one, tongue) : NULL;
        for (size_t i = 0; !languages && i < saying_way_count; i++)
            if (span_equal(one, span_of(saying_ways[i].in[TONGUE_EN])))
                known = saying_ways[i].in[tongue];
        buf_add_text(out, first ? "" : ", ");
        buf_add_span(out, known ? span_of(known) : one);
        list = span_cut(list, end + (comma < both ? 2 : 5), list.size);
        first = false;
    }
}

static void add_cause(struct buf *out, struct span english, enum tongue tongue)
{
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        if (span_equal(english, span_of(outcome_text((enum outcome)i)))) {
            buf_add_text(out, cause_in(&saying_causes[i], tongue));
            return;
        }
    out->failed = true;
}

static void add_value(struct buf *out, const struct places *places, struct span name, enum tongue tongue)
{
    for (size_t i = 0; i < places->count; i++) {
        if (!span_equal(places->at[i].name, name))
            continue;
        if (span_equal(name, SPAN("languages")) || span_equal(name, SPAN("ways")))
            add_list(out, places->at[i].value, name, tongue);
        else if (span_equal(name, SPAN("cause")))
            add_cause(out, places->at[i].value, tongue);
        else
            buf_add_span(out, places->at[i].value);
    }
}

/* All of it or nothing. */
static bool put_together(const char *pattern, const struct places *places, enum tongue tongue,
                         struct buf *out)
{
    struct span rest = span_of(pattern), literal, name;
    buf_auto made = buf_new(8192);
    while (rest.size) {
        next_piece(&rest, &literal, &name);
        buf_add_span(&made, literal);
        add_value(&made, places, name, tongue);
    }
    return !made.failed && buf_add_span(out, buf_span(&made));
}

bool saying_translate(struct span code, struct span english, enum tongue tongue, struct buf *out)
{
    for (size_t i = 0; tongue != TONGUE_EN && i < saying_row_count; i++) {
        struct places places;
        if (span_equal(code, span_of(saying_rows[i].code)) &&
            take_apart(span_of(saying_rows[i].in[TONGUE_EN]), english, &places))
            return put_together(saying_rows[i].in[tongue], &places, tongue, out);
    }
    return false;
}

static bool add_status(struct span number, enum tongue tongue, struct buf *out)
{
    static const struct place none;
    struct places places = {{{SPAN("n"), number}, none}, 1};
    for (size_t i = 0; i < saying_row_count; i++)
        if (span_equal(span_of(saying_rows[i].code), SPAN("http-status")))
            return is_number(number) && put_together(saying_rows[i].in[tongue], &places, tongue, out);
    return false;
}

bool saying_cause(struct span cause, enum tongue tongue, struct buf *out)
{
    if (span_starts(cause, SPAN("http-")))
        return add_status(span_cut(cause, sizeof("http-") - 1, cause.size), tongue, out);
    for (size_t i = 0; i < saying_cause_count; i++)
        if (span_equal(cause, span_of(saying_causes[i].code)))
            return buf_add_text(out, cause_in(&saying_causes[i], tongue));
    return false;
}

bool saying_detail(struct span what, struct span detail, const char *verdict, enum tongue tongue,
                   struct buf *out)
{
    size_t open = span_find(detail, SPAN(" ("), 0);
    if (!verdict || open + 3 > detail.size || detail.at[detail.size - 1] != ')')
        return saying_translate(what, detail, tongue, out);
    size_t before = out->size;
    buf_add_format(out, "%s: ", verdict);
    if (saying_cause(span_cut(detail, open + 2, detail.size - 1), tongue, out))
        return true;
    out->size = before;
    return false;
}
