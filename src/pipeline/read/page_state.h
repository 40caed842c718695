/* What a walk over a page carries along: private to page_walk.c (text) and page_facts.c (what the page points
 * to). */
#pragma once

#include "pipeline/read/host_name.h"
#include "pipeline/read/html_tree.h"
#include "pipeline/read/page_walk.h"
#include "pipeline/read/path_table.h"
#include "pipeline/read/picture_list.h"
#include "pipeline/read/read_limits.h"
#include "pipeline/read/style_sheet.h"
#include "pipeline/read/text_flow.h"

enum { PAGE_FRAMES = 2 * READ_DEPTH }; /* elements that close themselves come on top of READ_DEPTH */

/** One open element and what it hands down to its content. */
struct page_frame {
    struct style_node node;
    uint64_t path;
    uint64_t block_path; /**< path of the nearest block around */
    enum element element;
    uint8_t heading;
    bool gone;      /**< not shown, with all its content */
    bool boxed;     /**< moved away or cut off by a box of no size: content that leaves the flow shows */
    bool doubted;   /**< hidden from us, but perhaps not from every visitor */
    bool faint;     /**< its text is too small, or has the colour of its background: content may undo it */
    bool hidden;    /**< any of gone, boxed and doubted */
    bool invisible; /**< visibility: hidden, which content may undo */
    bool layer;     /**< in a layer that covers the page */
    bool veil;      /**< in one that covers it for certain */
    bool contained; /**< in a box that may be small */
    bool off;       /**< it is not shown itself */
    bool told;      /**< a style says how it is shown */
    bool silent;    /**< its text is no text of the page: script, style, svg apart from its text elements */
    bool link;
    bool lines;
    bool noscript;
    bool blockifies; /**< a flex or grid box: its children are blocks */
    bool breaks;     /**< text before and after stands on lines of its own */
    bool closed;     /**< a details element that shows its summary only */
    bool seen;       /**< details: its summary came; picture: its first source came */
};

struct host_room {
    size_t links, scripts, frames, forms;
};

struct page {
    struct reading *reading;
    struct arena scratch; /**< rules; goes with the page */
    struct text_flow shown;
    struct text_flow aside; /**< hidden text, attributes, noscript */
    size_t text_bytes;
    size_t block_room;
    struct style_sheet *sheet; /**< NULL when the page has no rules */
    struct picture_list pictures;
    struct path_table paths;
    struct host_room rooms;
    char own_room[HOST_BYTES + 1];
    char base_room[HOST_BYTES + 1];
    struct span own_host;  /**< the page's own; empty when not known */
    struct span base_host; /**< of base href; empty when it names none */
    struct page_cuts cuts;
    uint32_t signs;  /**< told so far */
    uint32_t drawn;  /**< words of style sheets kept so far */
    uint32_t inside; /**< srcdoc pages read so far */
    uint32_t level;  /**< 1 inside one of them */
    bool failed;
    size_t depth;                          /**< frames in use; the first stands for the document */
    size_t beyond;                         /**< open elements that have no frame */
    struct page_frame frames[PAGE_FRAMES]; /**< the last member: not cleared but for the first */
};

static inline struct page_frame *page_top(struct page *page)
{
    return &page->frames[page->depth - 1];
}

/** Notes what one element says beside its text. `frame` is its own. */
void page_facts(struct page *page, const struct html_element *element, struct page_frame *frame);

/** Tells of something that may show more than is read; `of` is what it points to, or empty. */
void page_sign(struct page *page, enum page_sign sign, struct span of);

/** Finds the words that style text draws. */
void drawn_words(struct page *page, struct span css);

/** Words that a visitor sees beside the text, in a field or drawn by a style sheet. */
void page_add_drawn(struct page *page, struct span text);

/** One block of its own, apart from the running text. */
void page_add_aside(struct page *page, struct span text, enum origin origin, uint32_t picture);
