/*
 * How much the daemon takes from its peers, and how much of its time one page may have. The page's author and
 * whoever may open the socket decide what is asked for, so each number that could grow with it has a ceiling
 * here, with its unit and its reason. What a page is not given is counted and said in its result.
 */
#pragma once

enum {
    /* the control socket */
    CONTROL_PEERS = 32,               /* connections at once; further ones wait */
    CONTROL_REQUEST_BYTES = 64 << 10, /* bytes of a request: an address of 8 KB, and room to grow */
    CONTROL_REPLY_BYTES = 64 << 20,   /* bytes: every incident of a very bad night */
    CONTROL_IDLE_S = 30,              /* seconds: a peer that says nothing and reads nothing is let go */
    CONTROL_MUTE_MS = 1000, /* milliseconds: the same while others wait for its place; a command is quicker */
    CONTROL_PAUSE_MS = 1000, /* milliseconds that connections wait while there are no descriptors for them */

    /* a page's pictures */
    PICTURES_PACKED_BYTES = 4 << 20, /* bytes of one picture's text: its record has 2 MB at most */
    PICTURES_BUDGET_MS = 20000,      /* milliseconds for reading one: as OCR_TIME_MS */
    PICTURES_CARRYING =
        12, /* pictures a page that are large enough to carry a message: galleries go on for ever */
    PICTURES_FETCHED =
        40, /* pictures fetched a page to find those: tiny ones in front must not use up the first number */
    PICTURES_FETCHING_MS =
        20000, /* for fetching all of them: a page of pictures that drip is judged by the rest */
    PICTURES_HURRIED_MS =
        4000, /* the same where the words alone are an alarm: pictures may add to it, not hold it up */
    PICTURES_TIME_MIN_MS = 1000, /* a fetch with less time ahead is not begun */
    PICTURES_AT_ONCE = 2,        /* pictures under way a page: each waits with a descriptor and its bytes */
    PICTURES_SIDE_MIN = 48,      /* pixels: a narrower picture carries no message */
    PICTURES_HEIGHT_MIN = 24,    /* pixels: a lower one neither */

    /* a page that keeps others waiting, see journey_was_slow() */
    JOURNEY_SLOW_FETCH_MS = 2000, /* milliseconds: all but the slowest honest servers are quicker */
    JOURNEY_SLOW_READ_MS = 1500,  /* milliseconds: an ordinary page takes 5, the largest 500 */
    JOURNEY_SLOW_PICTURES_MS =
        18000,                    /* milliseconds: as many as are looked at, each read for the first time */
    JOURNEY_SLOW_BYTES = 2 << 20, /* bytes of body: 99.9 % of pages have fewer */

    JOURNEY_REFRESHES = 5,         /* refreshes followed: who leads on further is not seen through */
    JOURNEY_SHOWN_S = 2,           /* seconds: what leads on later has been read by a visitor */
    JOURNEY_SELF_S = 30,           /* seconds: a page that renews itself later is a news page */
    JOURNEY_MESSAGE_BYTES = 20000, /* bytes of text the languages are told from */
};
