/*
 * The cues stand in one tree over their folded characters. The text is walked once; at each word's beginning
 * the tree is followed as far as the text goes with it, which for nearly every word is two or three steps.
 */
#include "pipeline/judge/cue.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/judge/judge_limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOT = 1, EDGES = CUE_NODES_MAX * 2, HOSTS_MAX = 512, PAIRS = 1 << 16, THIRDS = 1 << 18, SIXTH = 6 };

struct edge {
    uint32_t from; /* node; 0 marks an empty place */
    uint32_t to;
    uint16_t c;
};

/* A node with its first child, which most have alone: the nodes of one cue lie side by side in memory, so
 * that following it costs a look or two there. */
struct node {
    uint32_t to;  /* the first child; 0 for none */
    uint32_t end; /* the cue that ends here plus 1, or 0 */
    uint16_t c;   /* that leads to it */
    bool starred; /* any ending may follow */
    bool more;    /* there are other children, among the edges */
};

struct host_cue {
    struct span name;
    enum cue_class class; /* CUE_HOST for attackers', else what a page that leans on the host is */
    float weight;
};

struct cue_set {
    struct arena arena;
    struct cue *cues;
    size_t count;
    size_t room;
    struct host_cue *hosts;
    size_t host_count;
    struct node *nodes;
    struct edge *edges;           /* to all children but the first */
    uint64_t thirds[THIRDS / 64]; /* bit by third_of(): some short cue begins with these three */
    uint64_t sixths[THIRDS / 64]; /* bit by sixth_of(): some longer cue begins with these six */
    uint64_t pairs[PAIRS / 64];   /* bit by pair_of(): some cue may go on in any way after these two */
    bool loose;                   /* one may after its first character */
    uint32_t node_count;
};

static const char *const class_names[CUE_CLASS_COUNT] = {
    [CUE_CLAIM] = "claim",         [CUE_THREAT] = "threat",
    [CUE_LEAK] = "leak",           [CUE_MOCKERY] = "mockery",
    [CUE_SLOGAN] = "slogan",       [CUE_RANSOM] = "ransom",
    [CUE_TEAM] = "team",           [CUE_FORGED] = "forged",
    [CUE_ADDRESS] = "address",     [CUE_TONE] = "tone",
    [CUE_REPORT] = "report",       [CUE_TELLING] = "telling",
    [CUE_COURTESY] = "courtesy",   [CUE_MAINTENANCE] = "maintenance",
    [CUE_ERROR] = "error",         [CUE_CHALLENGE] = "challenge",
    [CUE_LOGIN] = "login",         [CUE_PARKED] = "parked",
    [CUE_SUSPENDED] = "suspended", [CUE_DEFAULT_PAGE] = "default-page",
    [CUE_HOST] = "host",
};

const char *cue_class_name(enum cue_class class)
{
    return (unsigned)class < CUE_CLASS_COUNT ? class_names[class] : "unknown";
}

/* ---- the tree
 * ---------------------------------------------------------------------------------------------- */

static struct edge *edge_at(const struct cue_set *set, uint32_t from, uint16_t c)
{
    size_t at = ((uint64_t)from * 0x9E3779B97F4A7C15ull + c * 0xC2B2AE3D27D4EB4Full) >> 40;
    for (at &= EDGES - 1;; at = (at + 1) & (EDGES - 1)) {
        struct edge *edge = &set->edges[at];
        if (!edge->from || (edge->from == from && edge->c == c))
            return edge;
    }
}

static uint32_t step(const struct cue_set *set, uint32_t node, uint16_t c)
{
    const struct node *at = &set->nodes[node];
    if (at->c == c)
        return at->to;
    return at->more ? edge_at(set, node, c)->to : 0;
}

/* Most words begin as no cue does: that is told from a few lines of memory instead of a walk through the
 * tree. */
static uint32_t pair_of(const uint16_t *at)
{
    return (at[0] * 0x9E37u + at[1]) & (PAIRS - 1);
}

static uint32_t third_of(const uint16_t *at)
{
    return ((at[0] * 0x9E3779B1u) ^ (at[1] * 0x85EBCA6Bu) ^ (at[2] * 0xC2B2AE35u)) >> 14;
}

static uint32_t sixth_of(const uint16_t *at)
{
    uint64_t first = at[0] | (uint64_t)at[1] << 16 | (uint64_t)at[2] << 32;
    uint64_t second = at[3] | (uint64_t)at[4] << 16 | (uint64_t)at[5] << 32;
    return (uint32_t)((first * 0x9E3779B97F4A7C15u ^ second * 0xC2B2AE3D27D4EB4Fu) >> 46);
}

static bool is_set(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

static void set_bit(uint64_t *bits, uint32_t bit)
{
    bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* How many characters of it a text must hold for the cue to be found in it. */
static size_t certain(const struct skeleton *cue)
{
    size_t count = 0;
    while (1 + count < cue->size && cue->at[1 + count] != '*')
        count++;
    return count;
}

static void note_beginning(struct cue_set *set, const struct skeleton *cue)
{
    const uint16_t *at = cue->at + 1;
    size_t count = certain(cue);
    set->loose |= count < 2;
    if (count >= SIXTH)
        set_bit(set->sixths, sixth_of(at));
    else if (count >= 3)
        set_bit(set->thirds, third_of(at));
    else
        set_bit(set->pairs, pair_of(at));
}

static bool may_begin(const struct cue_set *set, const struct skeleton *text, size_t start)
{
    const uint16_t *at = text->at + start;
    if (set->loose || start + 2 >= text->size || is_set(set->thirds, third_of(at)) ||
        is_set(set->pairs, pair_of(at)))
        return true;
    return start + SIXTH <= text->size && is_set(set->sixths, sixth_of(at));
}

static uint32_t grow(struct cue_set *set, uint32_t node, uint16_t c)
{
    struct node *at = &set->nodes[node];
    uint32_t known = step(set, node, c);
    if (known || set->node_count + 1 >= CUE_NODES_MAX)
        return known;
    uint32_t made = ++set->node_count;
    at->starred |= c == '*';
    if (at->to) {
        *edge_at(set, node, c) = (struct edge){node, made, c};
        at->more = true;
    } else {
        at->to = made;
        at->c = c;
    }
    return made;
}

struct cue_set *cue_new(void)
{
    struct cue_set *set = calloc(1, sizeof(*set));
    if (!set)
        return NULL;
    set->arena = arena_new(64 << 20);
    set->edges = arena_alloc(&set->arena, EDGES, sizeof(*set->edges));
    set->nodes = arena_alloc(&set->arena, CUE_NODES_MAX, sizeof(*set->nodes));
    set->cues = arena_alloc(&set->arena, CUES_MAX, sizeof(*set->cues));
    set->hosts = arena_alloc(&set->arena, HOSTS_MAX, sizeof(*set->hosts));
    set->node_count = ROOT;
    if (set->arena.failed) {
        cue_free(set);
        return NULL;
    }
    return set;
}

void cue_free(struct cue_set *set)
{
    if (!set)
        return;
    arena_free(&set->arena);
    free(set);
}

size_t cue_count(const struct cue_set *set)
{
    return set->count;
}

const struct cue *cue_at(const struct cue_set *set, size_t index)
{
    return &set->cues[index];
}

/* ---- reading a list
 * ---------------------------------------------------------------------------------------- */

/* A list on its way in. */
struct listing {
    struct cue_set *set;
    const char *name;
    unsigned line;
    int class;  /* -1 before the first section */
    bool hosts; /* the section lists hosts, not phrases */
    char *error;
};

static int refuse(const struct listing *listing, const char *what)
{
    snprintf(listing->error, 256, "%s:%u: %s", listing->name, listing->line, what);
    return -EINVAL;
}

/* `[parked]` heads phrases, `[parked host]` hosts, `[host]` those of attackers. */
static int read_section(struct listing *listing, struct span line)
{
    struct span name = span_cut(line, 1, line.size - 1);
    bool hosts = span_ends(name, SPAN(" host"));
    if (hosts)
        name = span_cut(name, 0, name.size - strlen(" host"));
    for (int class = 0; class < CUE_CLASS_COUNT; class ++)
        if (span_equal(name, span_of(class_names[class])) && line.at[line.size - 1] == ']' &&
            (!hosts || cue_is_service(class))) {
            listing->class = class;
            listing->hosts = hosts || class == CUE_HOST;
            return 0;
        }
    return refuse(listing, "unknown class of cues");
}

/* A weight is 0.1 to 3.0 with at most one digit behind the point. */
static bool read_weight(struct span text, float *ret_weight)
{
    if (!text.size || text.size > 3 || text.at[0] < '0' || text.at[0] > '3')
        return false;
    float weight = (float)(text.at[0] - '0');
    if (text.size > 1) {
        if (text.size != 3 || text.at[1] != '.' || text.at[2] < '0' || text.at[2] > '9')
            return false;
        weight += (float)(text.at[2] - '0') / 10;
    }
    *ret_weight = weight;
    return weight > 0 && weight <= 3;
}

static int add_host(struct listing *listing, struct span name, float weight)
{
    struct cue_set *set = listing->set;
    if (set->host_count == HOSTS_MAX)
        return refuse(listing, "too many hosts");
    struct span copy = arena_copy(&set->arena, name);
    if (!copy.at)
        return -ENOMEM;
    set->hosts[set->host_count++] = (struct host_cue){copy, listing->class, weight};
    return 0;
}

static int add_cue(struct listing *listing, struct span phrase, float weight)
{
    struct cue_set *set = listing->set;
    arena_auto scratch = arena_new(1 << 20);
    struct skeleton folded;
    if (skeleton_make(&scratch, phrase.size, &folded))
        return -ENOMEM;
    skeleton_add(&folded, phrase, 0, true);
    if (folded.size < 4 || folded.size > CUE_LETTERS_MAX)
        return refuse(listing, "a cue must have 2 to 94 characters");
    note_beginning(set, &folded);
    uint32_t node = ROOT;
    for (size_t i = 1; i < folded.size && node; i++)
        node = grow(set, node, folded.at[i]);
    if (!node || set->count == CUES_MAX)
        return refuse(listing, "too many cues");
    if (set->nodes[node].end)
        return 0;
    set->cues[set->count++] = (struct cue){listing->class, weight};
    set->nodes[node].end = (uint32_t)set->count;
    return 0;
}

static int read_line(struct listing *listing, struct span line)
{
    if (!line.size || line.at[0] == '#')
        return 0;
    if (line.at[0] == '[')
        return read_section(listing, line);
    if (listing->class < 0)
        return refuse(listing, "a cue before the first [class]");
    size_t blank = span_find(line, SPAN(" "), 0);
    struct span phrase = span_trim(span_cut(line, blank, line.size));
    float weight;
    if (!read_weight(span_cut(line, 0, blank), &weight) || !phrase.size)
        return refuse(listing, "expected a weight from 0.1 to 3 and a phrase");
    if (listing->hosts)
        return add_host(listing, phrase, weight);
    return add_cue(listing, phrase, weight);
}

int cue_read(struct cue_set *set, const char *name, struct span list, char ret_error[256])
{
    struct listing listing = {.set = set, .name = name, .class = -1, .error = ret_error};
    if (!utf8_valid(list))
        return refuse(&listing, "not UTF-8");
    struct span line;
    while (span_next(&list, '\n', &line)) {
        listing.line++;
        int error = read_line(&listing, span_trim(line));
        if (error == -ENOMEM)
            snprintf(ret_error, 256, "%s: out of memory", name);
        if (error)
            return error;
    }
    return 0;
}

/* ---- finding
 * ------------------------------------------------------------------------------------------------- */

struct finding {
    const struct cue_set *set;
    const struct skeleton *text;
    struct cue_hit *hits;
    size_t count;
    size_t room;
};

static void report(struct finding *finding, uint32_t node, size_t start, size_t end)
{
    uint32_t cue = finding->set->nodes[node].end;
    if (!cue)
        return;
    size_t first = 0;
    while (first < finding->count && finding->hits[first].cue != cue - 1)
        first++;
    bool echo = first < finding->count;
    if (echo && finding->hits[first].times++ >= CUE_PLACES_MAX)
        return;
    if (finding->count < finding->room)
        finding->hits[finding->count++] =
            (struct cue_hit){cue - 1, (uint32_t)start, (uint32_t)end, echo ? 0 : 1, (uint32_t)first};
}

/* From one word's beginning. At a node where any ending may follow, both ways are tried. */
static void walk(struct finding *finding, size_t start)
{
    struct {
        uint32_t node;
        size_t at;
    } branches[CUE_BRANCHES_MAX];
    size_t count = 0;
    const struct skeleton *text = finding->text;
    branches[count].node = ROOT;
    branches[count++].at = start;
    while (count) {
        uint32_t node = branches[--count].node;
        size_t at = branches[count].at;
        while (node && at < text->size) {
            uint32_t star = finding->set->nodes[node].starred ? step(finding->set, node, '*') : 0;
            if (star && count < CUE_BRANCHES_MAX) {
                size_t end = at;
                while (end < text->size && text->at[end] != ' ')
                    end++;
                branches[count].node = star;
                branches[count++].at = end;
            }
            node = step(finding->set, node, text->at[at++]);
            if (node && text->at[at - 1] == ' ')
                report(finding, node, start, at - 1);
        }
    }
}

size_t cue_find(const struct cue_set *set, const struct skeleton *text, struct cue_hit *ret_hits, size_t room)
{
    struct finding finding = {.set = set, .text = text, .hits = ret_hits, .room = room};
    for (size_t i = 0; i + 1 < text->size; i++)
        if (text->at[i] == ' ' && may_begin(set, text, i + 1))
            walk(&finding, i + 1);
    return finding.count;
}

double cue_host(const struct cue_set *set, enum cue_class class, struct span host)
{
    double best = 0;
    for (size_t i = 0; i < set->host_count; i++) {
        struct span name = set->hosts[i].name;
        bool whole =
            host.size == name.size || (host.size > name.size && host.at[host.size - name.size - 1] == '.');
        bool wanted = set->hosts[i].class == class && (double)set->hosts[i].weight > best;
        if (whole && wanted && span_ends(host, name))
            best = (double)set->hosts[i].weight;
    }
    return best;
}
