/*
 * The file says how the network is built, layer by layer. What is read here is the one way in which all
 * models of tessdata_fast are built: edges of 3×3 pixels, the largest of 3×3 of them, cells that go down each
 * column, cells that go along the line, back, and along again, and the codes. Anything else is refused.
 */
#include "pipeline/ocr/line_net.h"

#include "pipeline/ocr/bytes.h"

#include <math.h>
#include <stdlib.h>

enum { OWN_RATES = 64 /* flag: each layer has its own learning rate */, EIGHT_BITS = 1, DOUBLES = 128 };

struct cursor {
    struct span file;
    size_t at;
    bool failed;
    bool damaged; /* what failed first is no other way to build a network */
};

struct layer {
    uint32_t flags, inputs, outputs;
};

static void check(struct cursor *cursor, bool sound)
{
    cursor->damaged |= !sound && !cursor->failed;
    cursor->failed |= !sound;
}

static uint32_t next_8(struct cursor *cursor)
{
    check(cursor, cursor->at < cursor->file.size);
    return bytes_8(cursor->file, cursor->at++);
}

static uint32_t next_32(struct cursor *cursor)
{
    uint32_t value = bytes_le32(cursor->file, cursor->at);
    cursor->at += 4;
    check(cursor, cursor->at <= cursor->file.size);
    return value;
}

static double next_double(struct cursor *cursor)
{
    uint64_t low = next_32(cursor), bits = (uint64_t)next_32(cursor) << 32 | low;
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static struct span next_bytes(struct cursor *cursor, size_t size)
{
    if (cursor->failed || size > cursor->file.size - cursor->at) {
        check(cursor, false);
        return (struct span){NULL, 0};
    }
    cursor->at += size;
    return span_cut(cursor->file, cursor->at - size, cursor->at);
}

static struct span next_name(struct cursor *cursor)
{
    return next_bytes(cursor, next_32(cursor));
}

/* What every layer begins with; fails when it is of another kind. */
static struct layer next_layer(struct cursor *cursor, struct span kind)
{
    struct layer layer = {0, 0, 0};
    cursor->failed |= next_8(cursor) != 0 || !span_equal(next_name(cursor), kind);
    next_8(cursor); /* whether it is being trained, and whether it passes errors on */
    next_8(cursor);
    layer.flags = next_32(cursor);
    layer.inputs = next_32(cursor);
    layer.outputs = next_32(cursor);
    next_32(cursor); /* number of weights */
    next_name(cursor);
    return layer;
}

/* A layer that holds others; their number follows. */
static struct layer next_holder(struct cursor *cursor, struct span kind, uint32_t layers)
{
    struct layer layer = next_layer(cursor, kind);
    cursor->failed |= next_32(cursor) != layers;
    return layer;
}

static void end_holder(struct cursor *cursor, const struct layer *layer)
{
    if (layer->flags & OWN_RATES)
        next_bytes(cursor, (size_t)next_32(cursor) * 4);
}

static void expect(struct cursor *cursor, const uint32_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cursor->failed |= next_32(cursor) != values[i];
}

/* Rows of weights that are added behind those of `matrix` from `row` on. */
static void next_rows(struct cursor *cursor, struct matrix *matrix, uint32_t row, uint32_t rows)
{
    uint32_t width = matrix->columns + 1, mode = next_8(cursor);
    cursor->failed |= (mode & (EIGHT_BITS | DOUBLES)) != (EIGHT_BITS | DOUBLES);
    cursor->failed |= next_32(cursor) != rows;
    cursor->failed |= next_32(cursor) != width;
    next_8(cursor);
    struct span weights = next_bytes(cursor, (size_t)rows * width);
    /* Weights are made for −127 to 127; of −128 the vector instructions make different things. */
    check(cursor, cursor->failed || !memchr(weights.at, 0x80, weights.size));
    uint32_t values = next_32(cursor);
    cursor->failed |= values < rows || values > matrix_outputs(matrix);
    for (uint32_t i = 0; i < values && !cursor->failed; i++) {
        double value = next_double(cursor);
        check(cursor, fabs(value) < 1e6);
        if (i < rows && !cursor->failed)
            matrix_set_row(matrix, row + i, (const int8_t *)weights.at + (size_t)i * width, (float)value);
    }
}

static bool is_size(uint32_t size)
{
    return size > 0 && size <= LINE_NET_MOST;
}

static void next_matrix(struct cursor *cursor, const struct layer *layer, struct matrix *matrix)
{
    cursor->failed |= !is_size(layer->inputs) || !is_size(layer->outputs);
    if (!cursor->failed && matrix_new(layer->outputs, layer->inputs, matrix))
        next_rows(cursor, matrix, 0, layer->outputs);
    else
        cursor->failed = true;
}

static void next_cells(struct cursor *cursor, struct span kind, uint32_t inputs, struct line_net_cells *cells)
{
    struct layer layer = next_layer(cursor, kind);
    cells->inputs = layer.inputs;
    cells->count = layer.outputs;
    cursor->failed |= next_32(cursor) != layer.inputs + layer.outputs;
    cursor->failed |= layer.inputs != inputs || !is_size(inputs) || !is_size(layer.outputs);
    if (cursor->failed || !matrix_new(4 * cells->count, cells->inputs + cells->count, &cells->gates)) {
        cursor->failed = true;
        return;
    }
    for (uint32_t gate = 0; gate < 4; gate++)
        next_rows(cursor, &cells->gates, gate * cells->count, cells->count);
}

static void next_edges(struct cursor *cursor, struct line_net *net)
{
    struct layer holder = next_holder(cursor, SPAN("Series"), 2);
    next_layer(cursor, SPAN("Convolve"));
    expect(cursor, (const uint32_t[]){1, 1}, 2);
    struct layer layer = next_layer(cursor, SPAN("Tanh"));
    cursor->failed |= layer.inputs != 9 || layer.outputs != LINE_NET_MAPS;
    next_matrix(cursor, &layer, &net->edges);
    end_holder(cursor, &holder);
    next_layer(cursor, SPAN("Maxpool"));
    expect(cursor, (const uint32_t[]){LINE_NET_ACROSS, LINE_NET_ACROSS}, 2);
}

static void next_network(struct cursor *cursor, struct line_net *net)
{
    struct layer line = next_holder(cursor, SPAN("Series"), 8), holder;
    next_layer(cursor, SPAN("Input"));
    expect(cursor, (const uint32_t[]){1, LINE_NET_HEIGHT, 0, 1, 0}, 5);
    next_edges(cursor, net);
    holder = next_holder(cursor, SPAN("XYTranspose"), 1);
    next_cells(cursor, SPAN("SummLSTM"), LINE_NET_MAPS, &net->down);
    end_holder(cursor, &holder);
    next_cells(cursor, SPAN("LSTM"), net->down.count, &net->first);
    holder = next_holder(cursor, SPAN("RTLReversed"), 1);
    next_cells(cursor, SPAN("LSTM"), net->first.count, &net->back);
    end_holder(cursor, &holder);
    next_cells(cursor, SPAN("LSTM"), net->back.count, &net->last);
    struct layer codes = next_layer(cursor, SPAN("Softmax"));
    cursor->failed |= codes.inputs != net->last.count;
    next_matrix(cursor, &codes, &net->codes);
    end_holder(cursor, &line);
}

bool line_net_read(struct span bytes, struct line_net *ret_net, bool *ret_damaged)
{
    struct cursor cursor = {.file = bytes};
    struct line_net net = {.blank = 0};
    next_network(&cursor, &net);
    next_name(&cursor); /* the same in words */
    next_32(&cursor);   /* flags of the training, and how often it went round */
    next_32(&cursor);
    net.seed = (uint64_t)next_32(&cursor) * 0x10000001u % INT32_MAX;
    net.seed += net.seed == 0;
    net.blank = next_32(&cursor);
    if (cursor.failed || net.blank >= net.codes.rows) {
        line_net_free(&net);
        *ret_damaged = cursor.damaged || !cursor.failed;
        return false;
    }
    squash_fill(&net.squash);
    *ret_net = net;
    return true;
}

void line_net_free(struct line_net *net)
{
    struct matrix *const all[] = {&net->edges,      &net->down.gates, &net->first.gates,
                                  &net->back.gates, &net->last.gates, &net->codes};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        matrix_free(all[i]);
}
