/* Divides a window of scored words into stretches of one language: the likeliest sequence of languages in
 * which each change costs (Viterbi). A change costs less where people change: at line ends, at ends of
 * sentences, before a capital. The danger is on both sides: too cheap, and every foreign name becomes a
 * stretch of its own; too dear, and a sentence in the attacker's language is swallowed by its neighbours. */
#include "pipeline/identify/langtext.h"

#include <string.h>

#include "pipeline/identify/lanes.h"
#include "pipeline/identify/langlimits.h"
#include "pipeline/identify/wordscore.h"

/* One candidate language and its costs on the way through the window. */
struct track {
    uint8_t language, group, lane;
    int32_t score;    /* of the best sequence that ends in this language */
    int32_t entry;    /* added when a stretch in this language begins */
    uint32_t letters; /* that the division before gave to it */
};

struct division {
    const struct varta_language_model *model;
    const struct langtext_prior *prior;
    struct langtext_window *window;
    struct track tracks[LANGTEXT_CANDIDATES_MAX];
    unsigned count;
    int32_t doublings;
    uint8_t from[LANGTEXT_WORDS_MAX][LANGTEXT_CANDIDATES_MAX]; /* the track before, by word and track */
};

/* What the model itself leans to. "No language" is met in Latin letters: keys, hashes, code. */
static int lean(const struct varta_language_model *model, unsigned group, unsigned lane)
{
    if (lane == 0 && group > 0)
        return 0;
    return model->header.languages[model->header.groups[group].languages[lane]].lean;
}

/* In a stretch whose script is not known beforehand: the same by language. */
static int bonus_of(const struct division *division, const struct track *track)
{
    if (track->group >= LETTERS_LATIN && track->group < LETTERS_DIRECT)
        return division->prior->lane_bonus[track->group - LETTERS_LATIN][track->lane];
    return division->prior->bonus[track->language];
}

void langtext_prepare(const struct varta_language_model *model, struct langtext_prior *prior)
{
    for (unsigned g = 0; g < LANGMODEL_GROUPS; g++)
        for (unsigned lane = 0; lane < LANGMODEL_LANES_MAX; lane++) {
            unsigned language = model->header.groups[g].languages[lane];
            int open = (lane == 0 || language != 0) && !prior->closed[language];

            /* a shut lane has none, so that its sum stays within 16 bits */
            prior->lane_bonus[g][lane] = (int16_t)(open ? prior->bonus[language] + lean(model, g, lane) : 0);
            prior->lane_shut[g][lane] = open ? 0 : LANGTEXT_SHUT;
        }
}

enum { AROUND_CODE = 2 }; /* of the two bits for each side, see wordscan.h */

static void keep_word(const struct wordscan_word *word, struct langtext_word *kept)
{
    kept->start = word->start;
    kept->end = word->end;
    kept->group = word->group;
    kept->letters = word->letters;
    kept->gap = word->gap;
    kept->capital = word->capital;
    kept->direct = word->direct;
    kept->signs =
        word->around % 4 == AROUND_CODE || (word->around >> WORDSCAN_RIGHT_SHIFT) % 4 == AROUND_CODE;
}

/* Turns scores into fits, and adds them to the sums. */
static inline void fit_lanes(const int16_t *scores, const int16_t *shut, unsigned vectors, int16_t *ret_fit,
                             int16_t *sums)
{
    lanes8 value[LANES_VECTORS_MAX], highest = lanes_all(INT16_MIN),
                                     floor = lanes_all(-LANGLIMITS_WORD_FLOOR);
    lanes8 top;

    for (unsigned v = 0; v < vectors; v++) {
        value[v] = lanes_load(scores + 8 * v);
        highest = lanes_max(highest, value[v] + lanes_load(shut + 8 * v));
    }
    top = lanes_all(lanes_highest(highest));
    for (unsigned v = 0; v < vectors; v++) {
        lanes8 fit = lanes_max(value[v] - top, floor);

        lanes_store(ret_fit + 8 * v, fit);
        lanes_store(sums + 8 * v, lanes_load(sums + 8 * v) + fit);
    }
}

static const struct langmodel_group *group_of(const struct varta_language_model *model, unsigned group)
{
    return &model->header.groups[group - LETTERS_LATIN];
}

/* Half of the words of a text are words that stood there before. Those that differ only in what the score
 * does not see (where they stand, the gap before) are the same. */
static void keep_letters(const struct wordscan_word *word, struct langtext_word *kept)
{
    kept->length = word->length;
    kept->around = word->around;
    kept->group = word->group;
    memset(kept->ids, 0, sizeof kept->ids);
    if (word->group != LETTERS_HAN && word->length <= LANGTEXT_SAME_LETTERS)
        memcpy(kept->ids, word->ids, word->length);
}

static unsigned place_of(const struct langtext_word *word)
{
    uint64_t halves[2];

    memcpy(halves, word->ids, sizeof halves);
    return (unsigned)((halves[0] * UINT64_C(0x9E3779B97F4A7C15) ^ halves[1] * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                       word->around * UINT64_C(0xD6E8FEB86659FD93)) >>
                      54) %
           LANGTEXT_SAME_PLACES;
}

static int are_same(const struct langtext_word *a, const struct langtext_word *b)
{
    return a->group == b->group && a->length == b->length && a->around == b->around &&
           memcmp(a->ids, b->ids, sizeof a->ids) == 0;
}

/* A word of this window that is the same, or null; the next one finds this word. */
static const struct langtext_word *find_same(struct langtext_window *window)
{
    const struct langtext_word *word = &window->words[window->length], *found;
    uint16_t *place;

    if (word->group == LETTERS_HAN || word->length > LANGTEXT_SAME_LETTERS)
        return NULL;
    place = &window->same[place_of(word)];
    found = *place ? &window->words[*place - 1] : NULL;
    *place = (uint16_t)(window->length + 1);
    return found && are_same(found, word) ? found : NULL;
}

static void copy_fit(const struct langtext_word *same, unsigned lanes, struct langtext_window *window)
{
    int16_t *fit = window->words[window->length].fit;

    for (unsigned at = 0; at < lanes; at += 8) {
        lanes8 one = lanes_load(same->fit + at);

        lanes_store(fit + at, one);
        lanes_store(window->sums + at, lanes_load(window->sums + at) + one);
    }
}

static void score_word(const struct varta_language_model *model, const struct langtext_prior *prior,
                       const uint8_t *bytes, const struct wordscan_word *word, struct langtext_window *window)
{
    const struct langtext_word *same;
    const int16_t *shut = prior->lane_shut[word->group - LETTERS_LATIN];
    int16_t scores[LANGMODEL_LANES_MAX] __attribute__((aligned(16)));
    int16_t *fit = window->words[window->length].fit;

    keep_letters(word, &window->words[window->length]);
    same = find_same(window);
    if (same) {
        copy_fit(same, group_of(model, word->group)->lanes == 48 ? 48 : 16, window);
        return;
    }
    wordscore(model, bytes, word, scores);
    if (group_of(model, word->group)->lanes == 48)
        fit_lanes(scores, shut, 6, fit, window->sums);
    else
        fit_lanes(scores, shut, 2, fit, window->sums);
}

/* The lane with the highest sum, bonus counted, and that sum. */
static unsigned best_lane(const int16_t *sums, const struct langtext_prior *prior, unsigned group,
                          int *ret_sum)
{
    const int16_t *bonus = prior->lane_bonus[group - LETTERS_LATIN],
                  *shut = prior->lane_shut[group - LETTERS_LATIN];
    int16_t known[LANGMODEL_LANES_MAX];
    lanes8 highest = lanes_all(INT16_MIN);
    unsigned lane = 0;

    for (unsigned v = 0; v < LANES_VECTORS_MAX; v++)
        lanes_store(known + 8 * v,
                    lanes_load(sums + 8 * v) + lanes_load(bonus + 8 * v) + lanes_load(shut + 8 * v));
    for (unsigned v = 0; v < LANES_VECTORS_MAX; v++)
        highest = lanes_max(highest, lanes_load(known + 8 * v));
    *ret_sum = lanes_highest(highest);
    while (known[lane] != *ret_sum)
        lane++;
    return lane;
}

/* Whether no lane is within LANGLIMITS_CLEAR_LEAD of the best. By the words alone: else an answer that was
 * expected would be given after fewer words, and be less sure. */
static inline int leads_clearly(const struct langtext_window *window, const struct langtext_prior *prior,
                                unsigned vectors)
{
    const int16_t *shut = prior->lane_shut[window->group - LETTERS_LATIN];
    lanes8 known[LANES_VECTORS_MAX], highest = lanes_all(INT16_MIN), near = lanes_all(0), limit;

    for (unsigned v = 0; v < vectors; v++) {
        known[v] = lanes_load(window->sums + 8 * v) + lanes_load(shut + 8 * v);
        highest = lanes_max(highest, known[v]);
    }
    limit = lanes_all(lanes_highest(highest) - LANGLIMITS_CLEAR_LEAD);
    for (unsigned v = 0; v < vectors; v++)
        near -= (lanes8)(known[v] >= limit);
    return lanes_sum(near) == 1;
}

static int is_clear(const struct varta_language_model *model, const struct langtext_prior *prior,
                    const struct langtext_window *window)
{
    if (window->group == 0 || window->group == LETTERS_DIRECT || window->length < LANGLIMITS_CLEAR_WORDS)
        return 0;
    return group_of(model, window->group)->lanes == 48 ? leads_clearly(window, prior, 6)
                                                       : leads_clearly(window, prior, 2);
}

/* Passes over words that are not looked at. */
static void skip_words(struct wordscan *scan, struct langtext_window *window)
{
    window->letters += (unsigned)wordscan_skip(scan, window->group, LANGLIMITS_SPARSE_EVERY);
    window->skipped += LANGLIMITS_SPARSE_EVERY;
}

static void take_word(const struct varta_language_model *model, const struct langtext_prior *prior,
                      const struct wordscan *scan, const struct wordscan_word *word,
                      struct langtext_window *window)
{
    if (window->length == 0)
        window->group = word->group;
    else if (word->group != window->group ||
             (word->group == LETTERS_DIRECT && word->direct != window->words[0].direct))
        window->group = 0;
    if (word->group != LETTERS_DIRECT)
        score_word(model, prior, scan->bytes, word, window);
    keep_word(word, &window->words[window->length++]);
    window->scored += word->letters;
}

/* A number goes with every language, and is of the script before it. */
static void take_number(struct wordscan_word *word, struct langtext_window *window)
{
    struct langtext_word *kept = &window->words[window->length++];

    word->group = kept[-1].group;
    word->direct = kept[-1].direct;
    memset(kept->fit, 0, sizeof kept->fit);
    kept->length = 0;
    keep_word(word, kept);
    window->letters += word->letters;
}

/* Programs are full of English words; the signs between them tell. */
static int is_code(size_t signs, unsigned letters)
{
    return signs >= LANGLIMITS_CODE_SIGNS && signs * LANGLIMITS_CODE_LETTERS >= letters;
}

static void favour_junk(struct langtext_window *window)
{
    for (unsigned w = 0; w < window->length; w++) {
        struct langtext_word *word = &window->words[w];

        if (!word->signs || word->group == LETTERS_DIRECT)
            continue;
        word->fit[0] = (int16_t)(word->fit[0] + LANGLIMITS_CODE_BONUS);
        window->sums[0] = (int16_t)(window->sums[0] + LANGLIMITS_CODE_BONUS);
    }
}

unsigned langtext_read(const struct varta_language_model *model, const struct langtext_prior *prior,
                       struct wordscan *scan, int sparse, struct langtext_window *window)
{
    const size_t signs = scan->signs;
    struct wordscan_word word;
    int clear = 0;

    window->length = window->letters = window->scored = window->skipped = 0;
    memset(window->sums, 0, sizeof window->sums);
    memset(window->same, 0, sizeof window->same);
    while (window->length < LANGTEXT_WORDS_MAX && window->skipped < LANGLIMITS_SPARSE_MOST) {
        if (clear)
            skip_words(scan, window);
        if (!wordscan_next(scan, &word))
            break;
        if (sparse && word.group == LETTERS_LATIN && wordscan_skip_address(scan, &word))
            continue;
        if (window->length > 0 && wordscan_is_number(scan, &word)) {
            take_number(&word, window);
            continue;
        }
        window->letters += word.letters;
        if (clear && word.group == window->group && word.letters < LANGLIMITS_SPARSE_LETTERS)
            continue;
        take_word(model, prior, scan, &word, window);
        clear = sparse && is_clear(model, prior, window);
    }
    if (is_code(scan->signs - signs, window->letters))
        favour_junk(window);
    return window->length;
}

/* ---- one language?
 * --------------------------------------------------------------------------------------------- */

/* What a change before this word costs in a text of about 2^doublings words. */
static int32_t change_cost(const struct langtext_word *word, int32_t doublings)
{
    static const int32_t costs[] = {[WORDSCAN_GAP_NONE] = LANGLIMITS_CHANGE_INSIDE,
                                    [WORDSCAN_GAP_SPACE] = LANGLIMITS_CHANGE_SPACE,
                                    [WORDSCAN_GAP_SYMBOL] = LANGLIMITS_CHANGE_SYMBOL,
                                    [WORDSCAN_GAP_STOP] = LANGLIMITS_CHANGE_STOP,
                                    [WORDSCAN_GAP_LINE] = LANGLIMITS_CHANGE_LINE};
    int32_t cost = costs[word->gap] + LANGLIMITS_CHANGE_DOUBLING * doublings;

    if (word->capital && word->gap <= WORDSCAN_GAP_SYMBOL)
        cost -= LANGLIMITS_CHANGE_CAPITAL;
    return cost < LANGLIMITS_CHANGE_LEAST ? LANGLIMITS_CHANGE_LEAST : cost;
}

static int32_t doublings_of(unsigned words)
{
    int32_t doublings = 0;

    while (words >>= 1)
        doublings++;
    return doublings;
}

/* What each lane has won over the leading one since it could best have begun, and whether any change would
 * pay: the search for the likeliest sequence, for two languages at a time. */
static inline int change_pays(const struct langtext_window *window, const struct langtext_prior *prior,
                              unsigned lead, unsigned vectors)
{
    const int16_t *shut = prior->lane_shut[window->group - LETTERS_LATIN];
    const int16_t *bonus = prior->lane_bonus[window->group - LETTERS_LATIN];
    int32_t doublings = doublings_of(window->length);
    lanes8 won[LANES_VECTORS_MAX], entry[LANES_VECTORS_MAX];

    for (unsigned v = 0; v < vectors; v++) {
        won[v] = lanes_all(0);
        entry[v] = lanes_load(bonus + 8 * v) + lanes_load(shut + 8 * v) -
                   (int16_t)(bonus[lead] + LANGLIMITS_ENTRY_FIRST);
    }
    for (unsigned w = 0; w < window->length; w++) {
        const struct langtext_word *word = &window->words[w];
        int first = w == 0 && window->previous == LANGMODEL_LANGUAGES_MAX, last = w + 1 == window->length;
        int cost = first ? 0 : change_cost(word, doublings),
            back = last ? 0 : change_cost(word + 1, doublings) + LANGLIMITS_ENTRY_FIRST;
        lanes8 pays = {0};

        for (unsigned v = 0; v < vectors; v++) {
            won[v] =
                lanes_max(won[v], entry[v] - (int16_t)cost) + lanes_load(word->fit + 8 * v) - word->fit[lead];
            pays |= (lanes8)(won[v] > lanes_all(back));
        }
        if (lanes_any(pays))
            return 1;
    }
    return 0;
}

static unsigned language_of_direct(const struct varta_language_model *model, unsigned direct)
{
    for (unsigned i = 1; i < model->header.language_count; i++)
        if (model->header.languages[i].group == LETTERS_DIRECT && model->header.languages[i].lane == direct)
            return i;
    return 0;
}

/* The language of a window in a script that has only one. */
static unsigned only_direct(const struct varta_language_model *model, const struct langtext_prior *prior,
                            const struct langtext_window *window)
{
    unsigned language = language_of_direct(model, window->words[0].direct);

    if (prior->closed[language])
        language = 0;
    return window->previous == LANGMODEL_LANGUAGES_MAX || window->previous == language
               ? language
               : LANGMODEL_LANGUAGES_MAX;
}

/* The only language of the window, or LANGMODEL_LANGUAGES_MAX if there may be several; with `one`, several of
 * one script are not looked for. */
static unsigned only_language(const struct varta_language_model *model, const struct langtext_prior *prior,
                              const struct langtext_window *window, int one)
{
    const struct langmodel_group *group;
    unsigned lead;
    int sum;

    if (window->group == 0)
        return LANGMODEL_LANGUAGES_MAX;
    if (window->group == LETTERS_DIRECT)
        return only_direct(model, prior, window);
    group = group_of(model, window->group);
    lead = best_lane(window->sums, prior, window->group, &sum);
    if (one)
        return group->languages[lead];
    if (window->previous < LANGMODEL_LANGUAGES_MAX && window->previous != group->languages[lead])
        return LANGMODEL_LANGUAGES_MAX;
    if (group->lanes == 48 ? change_pays(window, prior, lead, 6) : change_pays(window, prior, lead, 2))
        return LANGMODEL_LANGUAGES_MAX;
    return group->languages[lead];
}

/* ---- several
 * ------------------------------------------------------------------------------------------------------- */

static void add_track(struct division *division, unsigned language)
{
    const struct langmodel_language *known = &division->model->header.languages[language];

    if (division->count == LANGTEXT_CANDIDATES_MAX || division->prior->closed[language])
        return;
    for (unsigned i = 0; i < division->count; i++)
        if (division->tracks[i].language == language)
            return;
    division->tracks[division->count++] =
        (struct track){(uint8_t)language, known->group, known->lane, 0, 0, 0};
}

/* The best language of the words from..to-1 that belong to `group`. */
static unsigned best_of_block(const struct division *division, unsigned group, unsigned from, unsigned to)
{
    const struct langmodel_group *lanes = group_of(division->model, group);
    int16_t sums[LANGMODEL_LANES_MAX] = {0};
    int sum;

    for (unsigned w = from; w < to; w++) {
        const struct langtext_word *word = &division->window->words[w];

        for (unsigned lane = 0; word->group == group && lane < lanes->lanes; lane += LANES_PER_VECTOR)
            lanes_store(sums + lane, lanes_load(sums + lane) + lanes_load(word->fit + lane));
    }
    return lanes->languages[best_lane(sums, division->prior, group, &sum)];
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
    if (word->group == LETTERS_DIRECT) {
        if (track->group == LETTERS_DIRECT && track->lane == word->direct)
            return 0;
        return track->language == 0 && word->direct == LETTERS_UNKNOWN_SCRIPT ? 0 : foreign_cost(word);
    }
    if (track->language != 0 && track->group != word->group)
        return foreign_cost(word);
    return word->fit[track->lane];
}

static void first_word(struct division *division)
{
    const struct langtext_word *word = &division->window->words[0];

    for (unsigned i = 0; i < division->count; i++) {
        struct track *track = &division->tracks[i];
        int known = division->window->previous < LANGMODEL_LANGUAGES_MAX;

        track->score = fit(track, word) + track->entry;
        if (known && track->language != division->window->previous)
            track->score -= change_cost(word, division->doublings);
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
    int32_t changed = division->tracks[best].score - change_cost(word, division->doublings);

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

/* Returns whether a word's language is another than in the division before. */
static int trace_back(struct division *division)
{
    unsigned track = best_track(division);
    int changed = 0;

    for (unsigned w = division->window->length; w-- > 0;) {
        changed |= division->window->words[w].language != division->tracks[track].language;
        division->window->words[w].language = division->tracks[track].language;
        division->tracks[track].letters += division->window->words[w].letters;
        if (w > 0)
            track = division->from[w][track];
    }
    return changed;
}

static void give_all(struct langtext_window *window, unsigned language)
{
    for (unsigned w = 0; w < window->length; w++)
        window->words[w].language = (uint8_t)language;
}

/* The cost of a language by its share of the letters in the division before. */
static void set_entries(struct division *division, int first)
{
    for (unsigned i = 0; i < division->count; i++) {
        struct track *track = &division->tracks[i];
        int32_t cost =
            first ? LANGLIMITS_ENTRY_FIRST
                  : LANGLIMITS_ENTRY_DOUBLING *
                        doublings_of(division->window->letters / (track->letters ? track->letters : 1));

        if (!first && track->letters == 0)
            cost = LANGLIMITS_ENTRY_MOST;
        track->entry = bonus_of(division, track) - cost;
        track->letters = 0;
    }
}

static void divide(const struct varta_language_model *model, const struct langtext_prior *prior,
                   struct langtext_window *window)
{
    struct division division;
    int changed;

    division.model = model;
    division.prior = prior;
    division.window = window;
    division.count = 0;
    division.doublings = doublings_of(window->length);
    find_candidates(&division);
    for (int turn = 0; turn < LANGLIMITS_DIVISIONS; turn++) {
        set_entries(&division, turn == 0);
        first_word(&division);
        for (unsigned w = 1; w < window->length; w++)
            next_word(&division, w);
        changed = trace_back(&division);
        if (turn > 0 && !changed)
            break;
    }
}

int langtext_divide(const struct varta_language_model *model, const struct langtext_prior *prior, int one,
                    struct langtext_window *window)
{
    unsigned only = only_language(model, prior, window, one);

    if (only == LANGMODEL_LANGUAGES_MAX && window->skipped)
        return -1;
    if (only < LANGMODEL_LANGUAGES_MAX)
        give_all(window, only);
    else
        divide(model, prior, window);
    window->previous = window->words[window->length - 1].language;
    return only < LANGMODEL_LANGUAGES_MAX;
}
