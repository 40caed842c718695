/* Divides a window of scored words into stretches of one language: the likeliest sequence of languages in
 * which each change costs (Viterbi). A change costs less where people change: at line ends, at ends of
 * sentences, before a capital. The danger is on both sides: too cheap, and every foreign name becomes a
 * stretch of its own; too dear, and a sentence in the attacker's language is swallowed by its neighbours. */
#include "pipeline/identify/langtext.h"

#include <string.h>

#include "pipeline/identify/langlimits.h"
#include "pipeline/identify/wordscore.h"

/* One candidate language and its costs on the way through the window. */
struct track {
    uint8_t language, group, lane;
    int32_t score; /* of the best sequence that ends in this language */
    int32_t entry; /* added when a stretch in this language begins */
};

struct division {
    const struct varta_language_model *model;
    const struct langtext_prior *prior;
    struct langtext_window *window;
    struct track tracks[LANGTEXT_CANDIDATES_MAX];
    unsigned count;
    uint8_t from[LANGTEXT_WORDS_MAX][LANGTEXT_CANDIDATES_MAX]; /* the track before, by word and track */
};

static void keep_word(struct langtext_window *window, const struct wordscan_word *word)
{
    struct langtext_word *kept = &window->words[window->length++];

    kept->start = word->start;
    kept->end = word->end;
    kept->group = word->group;
    kept->letters = word->letters;
    kept->gap = word->gap;
    kept->capital = word->capital;
    kept->direct = word->direct;
}

unsigned langtext_read(const struct varta_language_model *model, struct wordscan *scan,
                       struct langtext_window *window)
{
    struct wordscan_word word;

    window->length = 0;
    while (window->length < LANGTEXT_WORDS_MAX && wordscan_next(scan, &word)) {
        keep_word(window, &word);
        if (word.group != LETTERS_DIRECT)
            wordscore(model, scan->bytes, &word, window->words[window->length - 1].scores);
    }
    return window->length;
}

static const struct langmodel_group *group_of(const struct varta_language_model *model, unsigned group)
{
    return &model->header.groups[group - LETTERS_LATIN];
}

static int lane_open(const struct division *division, const struct langmodel_group *group, unsigned lane)
{
    return (lane == 0 || group->languages[lane] != 0) && !division->prior->closed[group->languages[lane]];
}

static void find_highest(struct division *division)
{
    for (unsigned w = 0; w < division->window->length; w++) {
        struct langtext_word *word = &division->window->words[w];
        const struct langmodel_group *group;

        if (word->group == LETTERS_DIRECT)
            continue;
        group = group_of(division->model, word->group);
        word->highest = INT16_MIN;
        for (unsigned lane = 0; lane < group->lanes; lane++)
            if (word->scores[lane] > word->highest && lane_open(division, group, lane))
                word->highest = word->scores[lane];
    }
}

static void add_track(struct division *division, unsigned language)
{
    const struct langmodel_language *known = &division->model->header.languages[language];

    if (division->count == LANGTEXT_CANDIDATES_MAX || division->prior->closed[language])
        return;
    for (unsigned i = 0; i < division->count; i++)
        if (division->tracks[i].language == language)
            return;
    division->tracks[division->count++] =
        (struct track){(uint8_t)language, known->group, known->lane, 0, division->prior->bonus[language]};
}

static unsigned language_of_direct(const struct varta_language_model *model, unsigned direct)
{
    for (unsigned i = 1; i < model->header.language_count; i++)
        if (model->header.languages[i].group == LETTERS_DIRECT && model->header.languages[i].lane == direct)
            return i;
    return 0;
}

/* The best language of the words from..to-1 that belong to `group`. */
static unsigned best_of_block(const struct division *division, unsigned group, unsigned from, unsigned to)
{
    const struct langmodel_group *lanes = group_of(division->model, group);
    int32_t sums[LANGMODEL_LANES_MAX] = {0};
    unsigned best = 0;

    for (unsigned w = from; w < to; w++) {
        const struct langtext_word *word = &division->window->words[w];

        if (word->group != group)
            continue;
        for (unsigned lane = 0; lane < lanes->lanes; lane++)
            sums[lane] += word->scores[lane] - word->highest < -LANGLIMITS_WORD_FLOOR
                              ? -LANGLIMITS_WORD_FLOOR
                              : word->scores[lane] - word->highest;
    }
    for (unsigned lane = 0; lane < lanes->lanes; lane++)
        if (lane_open(division, lanes, lane) &&
            (!lane_open(division, lanes, best) ||
             sums[lane] + division->prior->bonus[lanes->languages[lane]] >
                 sums[best] + division->prior->bonus[lanes->languages[best]]))
            best = lane;
    return lanes->languages[best];
}

/* Languages worth a track: the best of the whole, and of pieces of eight, four and two words. */
static void find_candidates(struct division *division)
{
    static const unsigned sizes[] = {LANGTEXT_WORDS_MAX, 8, 4, 2};
    unsigned length = division->window->length;

    if (division->window->previous < LANGMODEL_LANGUAGES_MAX)
        add_track(division, division->window->previous);
    add_track(division, 0);
    for (unsigned s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        unsigned size = sizes[s], step = size > 2 ? size / 2 : 1;

        for (unsigned from = 0; from < length; from += step) {
            const struct langtext_word *word = &division->window->words[from];

            if (word->group == LETTERS_DIRECT)
                add_track(division, language_of_direct(division->model, word->direct));
            else
                add_track(division, best_of_block(division, word->group, from,
                                                  from + size < length ? from + size : length));
        }
    }
}

static int32_t foreign_cost(const struct langtext_word *word)
{
    int32_t cost = LANGLIMITS_FOREIGN_WORD + LANGLIMITS_FOREIGN_LETTER * word->letters;

    return -(cost > LANGLIMITS_FOREIGN_MAX ? LANGLIMITS_FOREIGN_MAX : cost);
}

/* How well the word goes with the track's language; 0 is best. */
static int32_t fit(const struct track *track, const struct langtext_word *word)
{
    int32_t score;

    if (word->group == LETTERS_DIRECT) {
        if (track->group == LETTERS_DIRECT && track->lane == word->direct)
            return 0;
        return track->language == 0 && word->direct == LETTERS_UNKNOWN_SCRIPT ? 0 : foreign_cost(word);
    }
    if (track->language != 0 && track->group != word->group)
        return foreign_cost(word);
    score = word->scores[track->lane] - word->highest;
    return score < -LANGLIMITS_WORD_FLOOR ? -LANGLIMITS_WORD_FLOOR : score;
}

static int32_t change_cost(const struct langtext_word *word)
{
    static const int32_t costs[] = {[WORDSCAN_GAP_NONE] = LANGLIMITS_CHANGE_INSIDE,
                                    [WORDSCAN_GAP_SPACE] = LANGLIMITS_CHANGE_SPACE,
                                    [WORDSCAN_GAP_SYMBOL] = LANGLIMITS_CHANGE_SYMBOL,
                                    [WORDSCAN_GAP_STOP] = LANGLIMITS_CHANGE_STOP,
                                    [WORDSCAN_GAP_LINE] = LANGLIMITS_CHANGE_LINE};

    return costs[word->gap] -
           (word->capital && word->gap <= WORDSCAN_GAP_SYMBOL ? LANGLIMITS_CHANGE_CAPITAL : 0);
}

static void first_word(struct division *division)
{
    const struct langtext_word *word = &division->window->words[0];

    for (unsigned i = 0; i < division->count; i++) {
        struct track *track = &division->tracks[i];
        int known = division->window->previous < LANGMODEL_LANGUAGES_MAX;

        track->score = fit(track, word) + track->entry;
        if (known && track->language != division->window->previous)
            track->score -= change_cost(word);
    }
}

static unsigned best_track(const struct division *division)
{
    unsigned best = 0;

    for (unsigned i = 1; i < division->count; i++)
        if (division->tracks[i].score > division->tracks[best].score)
            best = i;
    return best;
}

static void next_word(struct division *division, unsigned w)
{
    const struct langtext_word *word = &division->window->words[w];
    unsigned best = best_track(division);
    int32_t changed = division->tracks[best].score - change_cost(word);

    for (unsigned i = 0; i < division->count; i++) {
        struct track *track = &division->tracks[i];

        division->from[w][i] = (uint8_t)i;
        if (changed + track->entry > track->score) {
            track->score = changed + track->entry;
            division->from[w][i] = (uint8_t)best;
        }
        track->score += fit(track, word);
    }
}

static void trace_back(struct division *division)
{
    unsigned track = best_track(division);

    for (unsigned w = division->window->length; w-- > 0;) {
        division->window->words[w].language = division->tracks[track].language;
        if (w > 0)
            track = division->from[w][track];
    }
}

void langtext_divide(const struct varta_language_model *model, const struct langtext_prior *prior,
                     struct langtext_window *window)
{
    struct division division;

    division.model = model;
    division.prior = prior;
    division.window = window;
    division.count = 0;
    find_highest(&division);
    find_candidates(&division);
    first_word(&division);
    for (unsigned w = 1; w < window->length; w++)
        next_word(&division, w);
    trace_back(&division);
    window->previous = window->words[window->length - 1].language;
}
