/*
 * How much of a page is read. The page is written by the attacker, so every number that could grow with it
 * has a ceiling here, with its unit and its reason. What meets one is left out and said in `cut_what`;
 * nothing but the reading's own memory ends a reading.
 */
#pragma once

enum read_limit {
    /* bytes */
    READ_BODY_BYTES = 5 << 20,    /* 99.9 % of pages are below 2 MB; the fetch keeps no more either */
    READ_UTF8_BYTES = 12 << 20,   /* a body of 5 MB in a single-byte set doubles; 0xFFFD would triple it */
    READ_PARSE_BYTES = 256 << 20, /* the tree: 10 to 30 times an ordinary body, 50 times for 5 MB of "<b>" */
    READ_RECORD_BYTES = 64 << 20, /* the whole reading: text, pictures, lists */
    READ_TEXT_BYTES = 8 << 20,    /* all blocks together, hidden ones included */
    READ_BLOCK_BYTES = 16 << 10,  /* one block; longer text goes on in the next, nothing is lost */
    READ_ATTRIBUTE_BYTES = 4 << 10, /* an alt, title or description; visitors see a line of it */
    READ_URL_BYTES = 4 << 10,       /* one address; browsers stop at 2 MB, servers at 8 kB */
    READ_INLINE_BYTES = 4 << 20,    /* pictures inside the page, decoded, all together */
    READ_STYLE_BYTES = 1 << 20,     /* all style elements together */
    READ_STAGING_BYTES = 64 << 10,  /* of one style or script element searched for how the page is staged */
    READ_CHARSET_BYTES =
        4 << 10, /* how far a meta charset is looked for; browsers look at 1024 and parse on */
    READ_GUESS_BYTES = 256 << 10, /* how much of a body is guessed from when nothing is declared */

    /* counts */
    READ_DEPTH = 512, /* open elements; Chromium's own limit, and some searches are quadratic in it */
    READ_TAG_ATTRIBUTES = 256, /* attributes of one tag; each is compared with all before it */
    READ_BLOCKS = 50000,       /* long pages of the web have 5,000 */
    READ_PICTURES = 512,       /* what a visitor scrolls past; each may cost a fetch and a recognition */
    READ_HOSTS = 512,          /* distinct hosts of one list */
    READ_PATHS = 8192,         /* distinct element paths; ordinary pages have 50 to 500 */
    READ_RULES = 4096,         /* style rules that could hide something */
    READ_RULE_TRIES = 4000000, /* selectors tried against elements on one page: about 50 ms */
    READ_FRAMES_INSIDE = 16,   /* iframes whose page stands in srcdoc */
    READ_FRAMES_DEEP = 3,      /* such pages one inside the other */

    /* time */
    READ_PARSE_MS = 4000,      /* CPU for building the tree; then the page is read without one */
    READ_REFRESH_S = 30,       /* a refresh after more seconds does not make where it leads the page */
    READ_REFRESH_LATE_S = 300, /* seconds: but who leaves the page open is led there */
};
