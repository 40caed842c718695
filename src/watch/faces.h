/*
 * A page that leads on by a refresh has several faces: what it shows until then, and where it leads. A
 * visitor reads each for as long as it stands, so an attacker may not hide one behind the other: the worst is
 * told. An honest page that leads on has its own words too, so what it showed is learnt with what it leads
 * to.
 */
#pragma once

#include "pipeline/page.h"
#include "watch/hoard.h"
#include "watch/page_pictures.h"
#include "watch/watch_limits.h"

struct journey;

/** What a page showed, and what was thought of it. */
struct face {
    struct capture capture;
    struct hoarded *body;
    struct reading reading;
    bool has_reading;
    struct change change;
    bool has_change;
    struct verdict verdict;
    struct page_pictures pictures;
    unsigned leg; /**< place among the pages that led on */
};

/** The faces of one journey beside the one it holds itself; zeroed at first. */
struct faces {
    struct face left; /**< one that is told if nothing worse comes */
    bool has_left;
    bool late;           /**< `left` is the page, and where it leads is a look aside */
    bool fed;            /**< the page in hand, or a picture of it, gave cookies that were not there before */
    bool returned;       /**< it came to where it has been */
    bool looped;         /**< and nothing speaks for another answer there */
    struct reading said; /**< what was shown on the way here, to be learnt with the rest */
    bool has_said;
    uint64_t places[JOURNEY_REFRESHES + 1]; /**< where it has been, hashed */
};

void faces_free(struct faces *faces);

/** Notes where the journey has arrived; it may have been there. */
void faces_arrive(struct journey *journey);

/** Where the page in the journey's hands leads on to; empty for nowhere. */
struct span faces_way(const struct journey *journey);

/** The page leads on further than is followed. */
bool faces_beyond(const struct journey *journey);

/** The page is left for where it leads: takes what must outlive that out of the journey. */
void faces_leave(struct journey *journey);

/** Before the last page is judged: what was shown on the way stands behind its own words. */
void faces_join(struct journey *journey);

/** At the end: puts what is to be told into the journey's hands. */
void faces_settle(struct journey *journey);
