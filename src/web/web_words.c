/* See web_words.h. */
#include "web/web_words.h"

#include <stdlib.h>

const struct web_words *web_words_of(enum web_language language)
{
    static const struct web_words *const all[] = {
        [WEB_ENGLISH] = &web_words_english,
        [WEB_UKRAINIAN] = &web_words_ukrainian,
        [WEB_POLISH] = &web_words_polish,
    };
    return all[language];
}

enum web_language web_words_find(struct span tag)
{
    for (unsigned i = 0; i < WEB_LANGUAGE_COUNT; i++)
        if (span_equal_nocase(tag, span_of(web_words_of((enum web_language)i)->tag)))
            return (enum web_language)i;
    return WEB_LANGUAGE_COUNT;
}

/* "uk-UA;q=0.8" in thousandths. */
static unsigned quality(struct span piece, size_t semicolon)
{
    struct span rest = span_trim(span_cut(piece, semicolon + 1, piece.size));
    unsigned value = 0, unit = 1000;
    if (!span_starts(rest, SPAN("q=")))
        return 1000;
    for (size_t i = 2; i < rest.size && unit > 0; i++) {
        if (rest.at[i] == '.')
            continue;
        if (rest.at[i] < '0' || rest.at[i] > '9')
            break;
        value += (unsigned)(rest.at[i] - '0') * unit;
        unit /= 10;
    }
    return value > 1000 ? 1000 : value;
}

enum web_language web_words_choose(struct span accepted)
{
    enum web_language best = WEB_ENGLISH;
    unsigned best_quality = 0;
    for (struct span piece; span_next(&accepted, ',', &piece);) {
        size_t semicolon = span_find(piece, SPAN(";"), 0);
        struct span tag = span_trim(span_cut(piece, 0, semicolon));
        enum web_language one = web_words_find(span_cut(tag, 0, span_find(tag, SPAN("-"), 0)));
        unsigned wish = semicolon < piece.size ? quality(piece, semicolon) : 1000;
        if (one == WEB_LANGUAGE_COUNT || wish <= best_quality)
            continue;
        best = one;
        best_quality = wish;
    }
    return best;
}

const char *web_words_plural(enum web_language language, enum web_plural what, uint64_t number)
{
    const struct web_forms *forms = &web_words_of(language)->plurals[what];
    uint64_t ten = number % 10, hundred = number % 100;
    bool few = ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14);
    switch (language) {
    case WEB_UKRAINIAN: return ten == 1 && hundred != 11 ? forms->one : few ? forms->few : forms->many;
    case WEB_POLISH: return number == 1 ? forms->one : few ? forms->few : forms->many;
    case WEB_ENGLISH:
    case WEB_LANGUAGE_COUNT: break;
    }
    return number == 1 ? forms->one : forms->many;
}

enum tongue web_words_tongue(enum web_language language)
{
    static const enum tongue tongues[] = {
        [WEB_ENGLISH] = TONGUE_EN, [WEB_UKRAINIAN] = TONGUE_UK, [WEB_POLISH] = TONGUE_PL};
    return tongues[language];
}

const char *web_words_language(enum web_language language, const char *tag)
{
    if (strcmp(tag, "und") == 0)
        return web_words_of(language)->texts[WORD_UNKNOWN_LANGUAGE];
    return language_name(tag, web_words_tongue(language));
}

const char *web_words_event(enum web_language language, struct span what)
{
    static const struct {
        struct span what;
        enum web_word word;
    } known[] = {
        {SPAN_CONSTANT("suspected"), WORD_SUSPECTED},       {SPAN_CONSTANT("confirmed"), WORD_CONFIRMED},
        {SPAN_CONSTANT("acknowledged"), WORD_ACKNOWLEDGED}, {SPAN_CONSTANT("recovered"), WORD_RECOVERED},
        {SPAN_CONSTANT("accepted"), WORD_ACCEPTED},         {SPAN_CONSTANT("dismissed"), WORD_DISMISSED},
        {SPAN_CONSTANT("told"), WORD_EVENT_TOLD},           {SPAN_CONSTANT("campaign"), WORD_EVENT_CAMPAIGN},
        {SPAN_CONSTANT("sign"), WORD_EVENT_SIGN},           {SPAN_CONSTANT("untold"), WORD_EVENT_UNTOLD},
        {SPAN_CONSTANT("unwatched"), WORD_EVENT_UNWATCHED}, {SPAN_CONSTANT("evidence"), WORD_EVENT_EVIDENCE},
        {SPAN_CONSTANT("escalated"), WORD_EVENT_ESCALATED}, {SPAN_CONSTANT("seen"), WORD_EVENT_SEEN},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_equal(what, known[i].what))
            return web_words_of(language)->texts[known[i].word];
    return NULL;
}
