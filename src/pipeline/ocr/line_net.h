/* The network that reads a line: columns of pixels in, probabilities of letters out. */
#pragma once

#include "base/span.h"
#include "pipeline/ocr/matrix.h"
#include "pipeline/ocr/squash.h"

enum {
    LINE_NET_HEIGHT = 36, /* pixels of a strip */
    LINE_NET_ACROSS = 3,  /* columns of a strip for one step of the line */
    LINE_NET_MAPS = 16,   /* features of a pixel and its neighbours */
    LINE_NET_MOST = 512   /* cells, and codes */
};

/** Memory cells with the matrix of what they remember and of their three gates. */
struct line_net_cells {
    struct matrix gates;
    uint32_t inputs, count;
};

/** As the models of tessdata_fast are built: see line_net.c. */
struct line_net {
    struct matrix edges; /**< a pixel and its eight neighbours */
    struct line_net_cells down, first, back, last;
    struct matrix codes;
    struct squash squash;
    uint32_t blank; /**< the code that stands for no letter */
    uint64_t seed;  /**< of the noise around a strip */
};

/** False when the network is built otherwise or damaged, which `*ret_damaged` then tells as far as it can be
 * told, or for want of memory. */
bool line_net_read(struct span bytes, struct line_net *ret_net, bool *ret_damaged);

void line_net_free(struct line_net *net);

static inline uint32_t line_net_codes(const struct line_net *net)
{
    return net->codes.rows;
}

/**
 * Reads LINE_NET_HEIGHT rows of `width` pixels, `stride` bytes from row to row. Gives `width` /
 * LINE_NET_ACROSS times line_net_codes() probabilities, to be freed; NULL when there is not one step, or for
 * want of memory.
 */
float *line_net_run(const struct line_net *net, const uint8_t *grey, uint32_t width, uint32_t stride);
