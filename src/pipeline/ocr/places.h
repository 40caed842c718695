/* Where text stands in a picture: lines of every size and both polarities, each place once. */
#pragma once

#include "pipeline/ocr/raster.h"
#include "pipeline/ocr/textlines.h"

enum { PLACES_LEVELS = 3, PLACES_SIDES = 2 * RASTER_CHANNELS, PLACES_NONE = -1 };

/** The picture at one size, and what was found in it. */
struct places_level {
    struct raster raster;               /**< level 0 borrows the picture's pixels */
    uint32_t step;                      /**< picture pixels per pixel of this level */
    struct shapes shapes[PLACES_SIDES]; /**< per channel: bright, dark */
};

/** One line, and what else could be read at its place. */
struct place {
    struct textline line; /**< in pixels of its level */
    uint8_t level;
    uint8_t side;                    /**< index into the level's shapes */
    double left, top, right, bottom; /**< picture pixels, accents and tails included */
    int rival; /**< index of the next best line at the same place, or PLACES_NONE; rivals follow the winners
                */
};

struct places {
    struct places_level levels[PLACES_LEVELS];
    struct place *at; /**< owned; the winners, best first, then their rivals */
    size_t count;     /**< all of them */
    size_t winners;   /**< those that nothing better overlaps */
    bool cut;         /**< there is more that may be text than may be looked at, see shapes.h */
};

/** Looks for lines in `picture`, which is borrowed until places_free(). False without memory. */
bool places_find(const struct raster *picture, struct places *ret_places);

/** Safe on zeroed places. */
void places_free(struct places *places);
