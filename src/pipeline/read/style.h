/*
 * The few style declarations that decide whether and how text is shown. Not a style engine: enough of the
 * cascade to know what a page hides, since hidden text must not count as said and shown text must not count
 * as hidden.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

/** Declarations that take part in the cascade. */
enum style_property {
    STYLE_DISPLAY,
    STYLE_VISIBILITY,
    STYLE_FLOAT,
    STYLE_POSITION,
    STYLE_WHITE_SPACE,
    STYLE_LAYER, /**< no property: what size or edges make of a box that is taken out of the flow */
    STYLE_PROPERTY_COUNT
};

enum { STYLE_UNSET = 0 };

/** Values of STYLE_DISPLAY, in classes of what they do to text. */
enum style_display {
    DISPLAY_NONE = 1,
    DISPLAY_INLINE,      /**< inline, inline-block, inline-table, ruby … */
    DISPLAY_BLOCK,       /**< block, list-item, table, table-row, flow-root … */
    DISPLAY_FLEX,        /**< flex, grid: a block whose children are blocks */
    DISPLAY_INLINE_FLEX, /**< inline outside, its children are blocks */
    DISPLAY_CELL,
    DISPLAY_CONTENTS,
    DISPLAY_OTHER, /**< shown in a way that is not known here: var(), revert, "block ruby" … */
    DISPLAY_DOUBT, /**< hidden from us, but perhaps not from every visitor; no value of a declaration */
};

enum style_visibility { VISIBILITY_VISIBLE = 1, VISIBILITY_HIDDEN, VISIBILITY_PARENTS };
enum style_float { FLOAT_NONE = 1, FLOAT_SIDE };
enum style_position { /* static, relative, sticky; absolute; fixed */
                      POSITION_FLOW = 1,
                      POSITION_OUT,
                      POSITION_FIXED
};
enum style_layer { LAYER_COVERING = 1 }; /* as wide and high as the screen */
enum style_white_space { WHITE_SPACE_NORMAL = 1, WHITE_SPACE_PRE };

/** Further ways to make text invisible, told for style attributes only: rules use them for animations and
 * icons. */
enum style_trick {
    TRICK_NONE,
    TRICK_TRANSPARENT, /**< opacity 0, without animation or transition to bring it back */
    TRICK_TINY,        /**< font-size 0 */
    TRICK_AWAY,        /**< moved more than 500 px off the screen */
    TRICK_BOXED,       /**< a box of no size with hidden overflow */
    TRICK_CLIPPED,     /**< clip, clip-path, text-indent */
    TRICK_SAME_COLOUR  /**< colour and background are the same */
};

enum style_doubt { DOUBT_PLAIN = 1, DOUBT_IMPORTANT = 2 };

struct style {
    uint8_t values[STYLE_PROPERTY_COUNT]; /**< STYLE_UNSET where not declared */
    uint8_t important;                    /**< bit by property: declared !important */
    uint8_t trick;                        /**< enum style_trick */
    uint8_t doubt; /**< bits of enum style_doubt: a rule that was not understood may show it all the same */
    uint32_t width, height; /**< px; 0 when not said in px */
    struct span background; /**< address in the first background url(), escapes as written; borrowed */
};

/** Reads declarations ("name: value; …"). */
struct style style_read(struct span declarations);

/** True when reading them as a rule could change how text is shown. */
bool style_matters(const struct style *style);

/** Over the whole screen: place and size may come from different rules. */
static inline bool style_covers(const struct style *style)
{
    return style->values[STYLE_POSITION] >= POSITION_OUT && style->values[STYLE_LAYER] == LAYER_COVERING;
}

/** The character of the escape at `*at`, which stands on a '\\'; 0 for none. Moves `*at` behind it. */
uint32_t style_escape(struct span css, size_t *at);

/** Cuts the next url(…) at or after `*at` out of style text and moves `*at` behind it; false when there is
 * none. */
bool style_next_url(struct span css, size_t *at, struct span *ret_url);
