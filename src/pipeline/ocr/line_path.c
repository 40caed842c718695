/*
 * The network says for each step how likely each letter is, and the blank between letters; a letter may last
 * several steps. Of all ways through the steps a few are kept: those that spell words of the model's lists
 * apart from those that do not, which are worth less by a factor that the models were weighed with. Within
 * both, a way that has taken a letter together with the blank beside it is kept apart as well, since it may
 * go on with the same letter only, or only with another one.
 */
#include "pipeline/ocr/line_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ANY_NEXT, SAME_NEXT, OTHER_NEXT, NEXTS };
enum { BEAMS = 2 * NEXTS, WIDTH = 5 /* ways kept in each */, NONE = -1, SPACE = 0 };
enum { LIKELY, POSSIBLE, UNLIKELY, RANKS };

static const float unlisted = 2.25f, gift = -0.085f, least_listed = -25.0f / 7, least = -20.0f;

struct node {
    float score, certainty;
    uint64_t spelling; /* hash of the codes so far */
    int32_t before;    /* the node a step earlier */
    int32_t positions; /* in the lists, NONE when no word goes on from here */
    int16_t code, letter;
    uint8_t kind;
    bool start, begins, whole, again; /* a word may begin behind it; begins with it; may end; same letter */
};

struct beam {
    struct node at[WIDTH];
    uint32_t count;
};

struct step {
    struct beam beams[BEAMS]; /* NEXTS of any spelling, NEXTS of listed words */
    struct node starts[NEXTS];
};

struct search {
    const struct line_path_codes *codes;
    struct step *steps;
    struct word_positions *positions;
    uint32_t position_count, position_room;
    uint32_t now; /* step */
    const float *shares;
    int16_t ranked[RANKS][WORD_GRAPH_LETTERS];
    uint32_t ranked_count[RANKS];
    int16_t top[2];
    uint8_t rank[WORD_GRAPH_LETTERS];
    bool failed;
};

static const struct node *node_of(const struct search *search, int32_t index)
{
    uint32_t beam = (uint32_t)index / WIDTH;
    return &search->steps[beam / BEAMS].beams[beam % BEAMS].at[(uint32_t)index % WIDTH];
}

static const struct node *node_at(const struct search *search, int32_t index)
{
    return index == NONE ? NULL : node_of(search, index);
}

static struct beam *beam_now(struct search *search, bool listed, int next)
{
    return &search->steps[search->now].beams[(listed ? NEXTS : 0) + next];
}

static float certainty_of(float share)
{
    return (share > 2.0611537e-9f ? logf(share) : least) + gift;
}

/* ---- ranks ----------------------------------------------------------------------------------------------
 */

/* The five likeliest codes of a step, best first. */
static uint32_t find_best(const float *shares, uint32_t count, int16_t best[WIDTH])
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = found < WIDTH ? found++ : WIDTH;
        if (at == WIDTH && shares[i] <= shares[best[WIDTH - 1]])
            continue;
        at = at == WIDTH ? WIDTH - 1 : at;
        for (; at > 0 && shares[best[at - 1]] < shares[i]; at--)
            best[at] = best[at - 1];
        best[at] = (int16_t)i;
    }
    return found;
}

static void rank_codes(struct search *search)
{
    int16_t best[WIDTH];
    uint32_t count = search->codes->count, found = find_best(search->shares, count, best);
    memset(search->rank, UNLIKELY, count);
    for (uint32_t i = 0; i < found; i++)
        search->rank[best[i]] = i < 2 ? LIKELY : POSSIBLE;
    search->rank[search->codes->blank] = LIKELY;
    search->top[0] = best[0];
    search->top[1] = found > 1 ? best[1] : NONE;
    memset(search->ranked_count, 0, sizeof(search->ranked_count));
    for (uint32_t i = 0; i < count; i++)
        search->ranked[search->rank[i]][search->ranked_count[search->rank[i]]++] = (int16_t)i;
}

/* ---- beams ----------------------------------------------------------------------------------------------
 */

static uint32_t worst_of(const struct beam *beam)
{
    uint32_t worst = 0;
    for (uint32_t i = 1; i < beam->count; i++)
        worst = beam->at[i].score < beam->at[worst].score ? i : worst;
    return worst;
}

static bool has_room(const struct beam *beam, float score)
{
    return beam->count < WIDTH || score > beam->at[worst_of(beam)].score;
}

static bool same_way(const struct node *a, const struct node *b)
{
    return a->code == b->code && a->spelling == b->spelling && a->kind == b->kind && a->start == b->start;
}

static void keep(struct beam *beam, const struct node *node)
{
    if (!has_room(beam, node->score))
        return;
    for (uint32_t i = 0; i < beam->count; i++)
        if (same_way(&beam->at[i], node)) {
            if (node->score > beam->at[i].score)
                beam->at[i] = *node;
            return;
        }
    uint32_t at = beam->count < WIDTH ? beam->count++ : worst_of(beam);
    beam->at[at] = *node;
}

static uint64_t spell(const struct search *search, int16_t code, bool again, const struct node *before)
{
    uint64_t spelling = before ? before->spelling : 0;
    if (again || code == (int16_t)search->codes->blank)
        return spelling;
    uint64_t codes = search->codes->count, carry = ((spelling >> 32) * codes) >> 32;
    return spelling * codes + carry + (uint64_t)code;
}

/* The way that goes on from `before` with `code`. */
static struct node way(const struct search *search, int32_t before, int16_t code, float certainty)
{
    const struct node *node = node_at(search, before);
    return (struct node){.code = code,
                         .letter = code == (int16_t)search->codes->blank ? LINE_PATH_NO_LETTER
                                                                         : search->codes->letters[code],
                         .certainty = certainty,
                         .score = certainty + (node ? node->score : 0),
                         .before = before,
                         .positions = NONE,
                         .spelling = spell(search, code, false, node)};
}

static int32_t add_positions(struct search *search, const struct word_positions *positions)
{
    if (search->position_count == search->position_room) {
        uint32_t room = search->position_room ? search->position_room * 2 : 1024;
        struct word_positions *grown = realloc(search->positions, room * sizeof(*grown));
        if (!grown) {
            search->failed = true;
            return NONE;
        }
        search->positions = grown;
        search->position_room = room;
    }
    search->positions[search->position_count] = *positions;
    return (int32_t)search->position_count++;
}

/* ---- the same letter again ------------------------------------------------------------------------------
 */

static void keep_again(struct search *search, const struct node *before, int32_t index, bool listed, int next,
                       float certainty)
{
    if (listed && certainty <= least_listed)
        return;
    if (!listed)
        certainty *= unlisted;
    if (!listed && certainty < least && before->code != (int16_t)search->codes->blank)
        return;
    struct node node = way(search, index, before->code, certainty);
    node.spelling = before->spelling;
    node.kind = before->kind;
    node.again = true;
    keep(beam_now(search, listed, next), &node);
}

static void last_longer(struct search *search, int32_t index, bool listed, int next, int rank)
{
    const struct node *before = node_of(search, index);
    float share = search->shares[before->code], blank = search->shares[search->codes->blank];
    if (search->rank[before->code] != rank)
        return;
    if (next != OTHER_NEXT)
        keep_again(search, before, index, listed, ANY_NEXT, certainty_of(share));
    if (next == ANY_NEXT && rank == LIKELY && before->code != (int16_t)search->codes->blank)
        keep_again(search, before, index, listed, OTHER_NEXT, certainty_of(share + blank));
}

/* ---- another letter -------------------------------------------------------------------------------------
 */

/* The best way after which a word may begin is kept for each kind of continuation. */
static void keep_start(struct search *search, struct node node, int next)
{
    struct node *best = &search->steps[search->now].starts[next];
    if (best->code != NONE && node.score <= best->score)
        return;
    struct word_positions start = word_lists_start(search->codes->lists);
    node.start = true;
    node.positions = add_positions(search, &start);
    *best = node;
}

static void go_on_unlisted(struct search *search, const struct node *node, int next)
{
    struct node other = way(search, node->before, node->code, node->certainty * unlisted);
    other.kind = WORD_ANY;
    keep(beam_now(search, false, next), &other);
    if (node->letter == SPACE && node->certainty > least_listed) {
        struct node start = *node;
        start.kind = WORD_NO;
        keep_start(search, start, next);
    }
}

/* The last node before that is a letter's first. */
static const struct node *last_letter(const struct search *search, int32_t index)
{
    const struct node *node = node_at(search, index);
    while (node && (node->letter == LINE_PATH_NO_LETTER || node->again))
        node = node_at(search, node->before);
    return node;
}

static void end_word(struct search *search, const struct node *node, const struct node *last, int next)
{
    struct node space = *node;
    if (!last || !last->whole)
        return;
    space.kind = last->kind;
    keep_start(search, space, next);
    keep(beam_now(search, false, next), &space);
}

static void continue_word(struct search *search, struct node node, const struct node *last, int next)
{
    struct word_positions from, to = {.count = 0};
    if (!last)
        from = word_lists_start(search->codes->lists);
    else if (last->positions != NONE)
        from = search->positions[last->positions];
    else
        return;
    node.kind =
        (uint8_t)word_lists_go_on(search->codes->lists, &from, (uint32_t)node.letter, &to, &node.whole);
    if (node.kind == WORD_NO)
        return;
    node.begins = !last || last->start;
    node.positions = add_positions(search, &to);
    keep(beam_now(search, true, next), &node);
}

static void go_on_listed(struct search *search, const struct node *node, int next)
{
    if (node->certainty <= least_listed)
        return;
    if (node->letter == LINE_PATH_NO_LETTER) {
        keep(beam_now(search, true, next), node);
        return;
    }
    if (!has_room(beam_now(search, true, next), node->score) &&
        !has_room(beam_now(search, false, next), node->score))
        return;
    const struct node *last = last_letter(search, node->before);
    if (node->letter == SPACE)
        end_word(search, node, last, next);
    else if (!(last && last->start && last->letter != SPACE))
        continue_word(search, *node, last, next);
}

static void go_on(struct search *search, int32_t index, int16_t code, bool listed, int next, float certainty)
{
    struct node node = way(search, index, code, certainty);
    if (listed)
        go_on_listed(search, &node, next);
    else
        go_on_unlisted(search, &node, next);
}

/* The share of a letter with the blank beside it, and with the letter before where they are the best two. */
static float share_with_blank(const struct search *search, const struct node *before, int next, int16_t code)
{
    float share = search->shares[code] + search->shares[search->codes->blank];
    if (before && next == ANY_NEXT && before->code != (int16_t)search->codes->blank &&
        ((before->code == search->top[0] && code == search->top[1]) ||
         (code == search->top[0] && before->code == search->top[1])))
        share += search->shares[before->code];
    return share;
}

static void extend(struct search *search, int32_t index, bool listed, int next, int rank)
{
    const struct node *before = node_at(search, index);
    if (before)
        last_longer(search, index, listed, next, rank);
    if (before && next == SAME_NEXT)
        return;
    for (uint32_t i = 0; i < search->ranked_count[rank]; i++) {
        int16_t code = search->ranked[rank][i];
        bool blank = code == (int16_t)search->codes->blank;
        float certainty = certainty_of(search->shares[code]);
        if ((before && before->code == code) || (certainty < least && !blank))
            continue;
        go_on(search, index, code, listed, ANY_NEXT, certainty);
        if (rank == LIKELY && !blank)
            go_on(search, index, code, listed, SAME_NEXT,
                  certainty_of(share_with_blank(search, before, next, code)));
    }
}

/* ---- steps ----------------------------------------------------------------------------------------------
 */

static void begin_step(struct search *search)
{
    struct step *step = &search->steps[search->now];
    for (size_t i = 0; i < BEAMS; i++)
        step->beams[i].count = 0;
    for (size_t i = 0; i < NEXTS; i++)
        step->starts[i].code = NONE;
    rank_codes(search);
}

static void extend_all(struct search *search, int rank)
{
    const struct step *last = &search->steps[search->now - 1];
    for (uint32_t beam = 0; beam < BEAMS; beam++)
        for (uint32_t i = last->beams[beam].count; i-- > 0;) {
            uint32_t index = ((search->now - 1) * BEAMS + beam) * WIDTH + i;
            extend(search, (int32_t)index, beam >= NEXTS, (int)(beam % NEXTS), rank);
        }
}

static bool is_stuck(struct search *search)
{
    return beam_now(search, false, ANY_NEXT)->count + beam_now(search, true, ANY_NEXT)->count == 0;
}

static void take_step(struct search *search)
{
    begin_step(search);
    if (search->now == 0) {
        extend(search, NONE, false, ANY_NEXT, LIKELY);
        extend(search, NONE, true, ANY_NEXT, LIKELY);
        return;
    }
    for (int rank = LIKELY; rank < RANKS && is_stuck(search); rank++)
        extend_all(search, rank);
    for (int next = 0; next < NEXTS; next++)
        if (search->steps[search->now].starts[next].code != NONE)
            keep(beam_now(search, true, next), &search->steps[search->now].starts[next]);
}

/* ---- the best way ---------------------------------------------------------------------------------------
 */

static bool may_end(const struct search *search, int32_t index)
{
    const struct node *last = last_letter(search, index);
    return last && (last->whole || last->letter == SPACE);
}

static int32_t best_end(const struct search *search)
{
    const struct step *step = &search->steps[search->now];
    int32_t best = NONE;
    for (uint32_t beam = 0; beam < BEAMS; beam++)
        for (uint32_t i = 0; i < step->beams[beam].count && beam % NEXTS != SAME_NEXT; i++) {
            int32_t index = (int32_t)((search->now * BEAMS + beam) * WIDTH + i);
            if ((beam < NEXTS || may_end(search, index)) &&
                (best == NONE || node_of(search, index)->score > node_of(search, best)->score))
                best = index;
        }
    return best;
}

/* What is less certain between two letters takes from the one before a space, from the one behind else. */
static void blame(struct line_path *path, float certainty)
{
    if (path->count && certainty < path->letters[path->count - 1].certainty)
        path->letters[path->count - 1].certainty = certainty;
}

/* Reads the letter that begins at step `t`; `certainty` is that of the blanks before it. Gives the step
 * behind it. */
static uint32_t read_letter(const struct search *search, const int32_t *nodes, uint32_t steps, uint32_t t,
                            float certainty, struct line_path *path)
{
    const struct node *node = node_of(search, nodes[t]);
    struct line_path_letter letter = {
        .letter = node->letter, .begins = node->begins, .kind = (enum word_kind)node->kind};
    if (node->letter == SPACE && path->count && node->kind != WORD_NO) {
        blame(path, certainty);
        certainty = 0;
    }
    do {
        node = node_of(search, nodes[t++]);
        if (node->certainty < certainty || (letter.letter == SPACE && node->kind == WORD_NO))
            certainty = node->certainty;
    } while (t < steps && node_of(search, nodes[t])->again);
    letter.certainty = certainty;
    path->letters[path->count++] = letter;
    return t;
}

/* A letter's steps reach halfway to its neighbours. */
static void read_letters(const struct search *search, const int32_t *nodes, struct line_path *path)
{
    uint32_t end = 0;
    for (uint32_t t = 0; t < path->steps;) {
        float certainty = 0;
        for (; t < path->steps && node_of(search, nodes[t])->letter == LINE_PATH_NO_LETTER; t++)
            certainty = fminf(certainty, node_of(search, nodes[t])->certainty);
        if (t == path->steps) {
            blame(path, certainty);
            break;
        }
        uint32_t left = path->count ? end + (t - end) / 2 : 0;
        end = t = read_letter(search, nodes, path->steps, t, certainty, path);
        path->letters[path->count - 1].left = left;
    }
}

static bool trace(const struct search *search, struct line_path *path)
{
    int32_t *nodes = malloc(path->steps * sizeof(*nodes)), node = best_end(search);
    path->letters = calloc(path->steps, sizeof(*path->letters));
    for (uint32_t t = path->steps; nodes && t-- > 0 && node != NONE; node = node_of(search, node)->before)
        nodes[t] = node;
    if (nodes && path->letters && best_end(search) != NONE)
        read_letters(search, nodes, path);
    free(nodes);
    return nodes && path->letters;
}

bool line_path_find(const struct line_path_codes *codes, const float *shares, uint32_t steps,
                    struct line_path *ret_path)
{
    struct line_path path = {.steps = steps};
    struct search *search = calloc(1, sizeof(*search));
    if (!search)
        return false;
    search->codes = codes;
    search->steps = malloc(steps * sizeof(*search->steps));
    for (uint32_t t = 0; search->steps && t < steps; t++) {
        search->now = t;
        search->shares = shares + (size_t)t * codes->count;
        take_step(search);
    }
    bool done = search->steps && !search->failed && trace(search, &path);
    free(search->steps);
    free(search->positions);
    free(search);
    if (!done)
        line_path_free(&path);
    else
        *ret_path = path;
    return done;
}

void line_path_free(struct line_path *path)
{
    free(path->letters);
    *path = (struct line_path){.count = 0};
}
