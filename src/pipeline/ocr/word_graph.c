/*
 * What stands in a list counts for more than what does not, and a text in a list may have punctuation before
 * and behind it: the graph of punctuation has a place for the word in each of its patterns. The graphs come
 * with the models; every edge is checked before it is followed.
 */
#include "pipeline/ocr/word_graph.h"

#include "pipeline/ocr/bytes.h"

#include <endian.h>
#include <stdlib.h>

enum { PUNCTUATION, WORDS, NUMBERS, GRAPHS };
enum {
    MAGIC = 42,
    LAST = 1,
    ENDS = 4,
    FLAGS = 3 /* bits */,
    PLACE = 0 /* the letter that stands for a word */
};

/* ---- one graph ------------------------------------------------------------------------------------------
 */

static uint64_t flags_of(const struct word_graph *graph, int64_t edge)
{
    return graph->edges[edge] >> graph->letter_bits;
}

static uint32_t letter_of(const struct word_graph *graph, int64_t edge)
{
    return (uint32_t)(graph->edges[edge] & ((1u << graph->letter_bits) - 1));
}

static bool ends_word(const struct word_graph *graph, int32_t edge)
{
    return edge != WORD_GRAPH_NONE && flags_of(graph, edge) & ENDS;
}

/* The first edge behind `edge`; WORD_GRAPH_NONE when nothing follows. */
static int32_t node_behind(const struct word_graph *graph, int32_t edge)
{
    if (edge == WORD_GRAPH_NONE)
        return 0;
    uint64_t next = graph->edges[edge] >> (graph->letter_bits + FLAGS);
    return next == 0 || next >= graph->count ? WORD_GRAPH_NONE : (int32_t)next;
}

/* Nodes have few edges, the first has one for nearly every letter. */
static int32_t find_first(const struct word_graph *graph, uint32_t letter)
{
    int32_t from = 0, to = (int32_t)graph->first_count - 1;
    while (from <= to) {
        int32_t middle = (from + to) / 2;
        uint32_t here = letter_of(graph, middle);
        if (here == letter)
            return middle;
        if (letter > here)
            from = middle + 1;
        else
            to = middle - 1;
    }
    return WORD_GRAPH_NONE;
}

static int32_t find_edge(const struct word_graph *graph, int32_t node, uint32_t letter)
{
    if (node == WORD_GRAPH_NONE || graph->count == 0)
        return WORD_GRAPH_NONE;
    if (node == 0)
        return find_first(graph, letter);
    for (uint32_t edge = (uint32_t)node; edge < graph->count; edge++) {
        if (letter_of(graph, edge) == letter)
            return (int32_t)edge;
        if (flags_of(graph, edge) & LAST)
            break;
    }
    return WORD_GRAPH_NONE;
}

static bool read_edges(struct span part, struct word_graph *graph)
{
    graph->edges = malloc((size_t)graph->count * sizeof(*graph->edges));
    if (graph->edges)
        memcpy(graph->edges, part.at + 10, (size_t)graph->count * sizeof(*graph->edges));
    for (size_t i = 0; graph->edges && i < graph->count; i++)
        graph->edges[i] = le64toh(graph->edges[i]);
    while (graph->edges && graph->first_count < graph->count && !(flags_of(graph, graph->first_count) & LAST))
        graph->first_count++;
    graph->first_count++;
    return graph->edges && graph->first_count <= graph->count;
}

static bool read_graph(struct span part, struct word_graph *graph)
{
    if (part.size == 0)
        return true;
    uint32_t letters = bytes_le32(part, 2);
    graph->count = bytes_le32(part, 6);
    if (bytes_le16(part, 0) != MAGIC || letters == 0 || letters > WORD_GRAPH_LETTERS || graph->count == 0 ||
        graph->count > INT32_MAX / 8 || part.size < 10 + (size_t)graph->count * 8)
        return false;
    while (1u << graph->letter_bits < letters + 1)
        graph->letter_bits++;
    return read_edges(part, graph);
}

/* ---- all three ------------------------------------------------------------------------------------------
 */

bool word_lists_read(const struct traineddata *parts, struct word_lists *ret_lists)
{
    struct word_lists lists = {.digit = {false}};
    if (!read_graph(parts->punctuation, &lists.graphs[PUNCTUATION]) ||
        !read_graph(parts->words, &lists.graphs[WORDS]) ||
        !read_graph(parts->numbers, &lists.graphs[NUMBERS])) {
        word_lists_free(&lists);
        return false;
    }
    *ret_lists = lists;
    return true;
}

void word_lists_free(struct word_lists *lists)
{
    for (size_t i = 0; i < GRAPHS; i++)
        free(lists->graphs[i].edges);
    *lists = (struct word_lists){.digit = {false}};
}

static void add(struct word_positions *positions, struct word_position position)
{
    for (uint32_t i = 0; i < positions->count; i++) {
        const struct word_position *other = &positions->at[i];
        if (other->edge == position.edge && other->punctuation == position.punctuation &&
            other->graph == position.graph && other->behind == position.behind)
            return;
    }
    if (positions->count < WORD_GRAPH_POSITIONS)
        positions->at[positions->count++] = position;
}

struct word_positions word_lists_start(const struct word_lists *lists)
{
    struct word_positions start = {.count = 0};
    if (lists->graphs[PUNCTUATION].count)
        add(&start, (struct word_position){WORD_GRAPH_NONE, WORD_GRAPH_NONE, WORD_GRAPH_NONE, false});
    return start;
}

struct step {
    const struct word_lists *lists;
    uint32_t letter;
    struct word_positions *to;
    enum word_kind kind;
    bool whole;
};

static void better(struct step *step, enum word_kind kind, bool whole)
{
    step->kind = kind > step->kind ? kind : step->kind;
    step->whole |= whole;
}

static enum word_kind kind_of(int graph)
{
    return graph == WORDS ? WORD_LISTED : WORD_NUMBER;
}

/* All digits are one letter in the graph of numbers. */
static int32_t edge_in(const struct step *step, int graph, int32_t node)
{
    bool digit = graph == NUMBERS && step->lists->digit[step->letter];
    return find_edge(&step->lists->graphs[graph], node, digit ? PLACE : step->letter);
}

/* The word has not begun: it begins now, or there is more punctuation before it. */
static void go_on_before(struct step *step, const struct word_position *from)
{
    const struct word_graph *marks = &step->lists->graphs[PUNCTUATION];
    int32_t node = node_behind(marks, from->punctuation), place = find_edge(marks, node, PLACE);
    for (int8_t graph = WORDS; graph < GRAPHS && place != WORD_GRAPH_NONE; graph++) {
        int32_t edge = edge_in(step, graph, 0);
        if (edge == WORD_GRAPH_NONE)
            continue;
        add(step->to, (struct word_position){edge, place, graph, false});
        better(step, kind_of(graph), ends_word(&step->lists->graphs[graph], edge) && ends_word(marks, place));
    }
    int32_t mark = find_edge(marks, node, step->letter);
    if (mark == WORD_GRAPH_NONE)
        return;
    add(step->to, (struct word_position){WORD_GRAPH_NONE, mark, WORD_GRAPH_NONE, false});
    better(step, WORD_PUNCTUATION, ends_word(marks, mark));
}

/* The word has begun: it goes on, or is over and punctuation follows. */
static void go_on_within(struct step *step, const struct word_position *from)
{
    const struct word_graph *marks = &step->lists->graphs[PUNCTUATION],
                            *graph = &step->lists->graphs[from->graph];
    if (ends_word(graph, from->edge)) {
        int32_t mark = find_edge(marks, node_behind(marks, from->punctuation), step->letter);
        if (mark != WORD_GRAPH_NONE) {
            add(step->to, (struct word_position){from->edge, mark, from->graph, true});
            better(step, kind_of(from->graph), ends_word(marks, mark));
        }
    }
    int32_t edge =
        from->behind ? WORD_GRAPH_NONE : edge_in(step, from->graph, node_behind(graph, from->edge));
    if (edge == WORD_GRAPH_NONE)
        return;
    add(step->to, (struct word_position){edge, from->punctuation, from->graph, false});
    better(step, kind_of(from->graph), ends_word(graph, edge) && ends_word(marks, from->punctuation));
}

enum word_kind word_lists_go_on(const struct word_lists *lists, const struct word_positions *from,
                                uint32_t letter, struct word_positions *ret_to, bool *ret_whole)
{
    struct step step = {lists, letter, ret_to, WORD_NO, false};
    ret_to->count = 0;
    *ret_whole = false;
    if (letter == PLACE || letter >= WORD_GRAPH_LETTERS)
        return WORD_NO;
    for (uint32_t i = 0; i < from->count; i++)
        if (from->at[i].graph == WORD_GRAPH_NONE)
            go_on_before(&step, &from->at[i]);
        else
            go_on_within(&step, &from->at[i]);
    *ret_whole = step.whole;
    return step.kind;
}
