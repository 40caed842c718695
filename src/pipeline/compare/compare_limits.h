/*
 * The ceilings of comparing, in one place. A page may be endless and a baseline is kept for every page that
 * is watched, so each list ends somewhere; what is beyond a ceiling is left out of both sides alike.
 */
#pragma once

enum {
    PIECE_LETTERS_MIN = 40,     /* letters: a sentence shorter than this stays with the next one */
    PIECE_LETTERS_MAX = 400,    /* letters: text without sentence ends is cut here, at a space */
    PIECE_BYTES_MAX = 2400,     /* bytes of one piece: 400 letters of four bytes and what stands between */
    PIECES_MAX = 4096,          /* pieces of a page looked at: over 99.9 % of the pages measured have fewer */
    PIECES_UNSEEN_MAX = 2048,   /* pieces of it that no visitor sees, beside those */
    WORDS_UNSEEN_MAX = 65536,   /* words in all from which on those of unseen pieces are left out */
    WORDS_MAX = 131072,         /* words of a page looked at: a book */
    PAGE_LETTERS_MAX = 1 << 22, /* letters: longer text is read as far as this */

    MEMORY_PIECES_MAX = 1536,   /* pieces a baseline remembers: 20 bytes each */
    MEMORY_TEXT_MAX = 24576,    /* bytes of their text kept, to show and to compare edited ones */
    MEMORY_CLIP = 320,          /* bytes of one piece's text kept: 160 Cyrillic letters */
    MEMORY_PATHS_MAX = 512,     /* markup paths: the median page has 60 */
    MEMORY_SLOTS_MAX = 192,     /* places of the page whose text is seen to change */
    MEMORY_CONTACTS_MAX = 64,   /* telephone numbers and mail addresses */
    MEMORY_HOSTS_MAX = 128,     /* hosts of each kind */
    MEMORY_PICTURES_MAX = 96,   /* pictures */
    MEMORY_TITLE_MAX = 240,     /* bytes of the title */
    MEMORY_BYTES_MAX = 1 << 20, /* bytes in memory, all of it together */
    MEMORY_WINDOW = 24,         /* versions after which what was not seen again is forgotten */

    CHANGE_BYTES_MAX = 64 << 20, /* bytes of one change */
    FIRST_SCREEN_LETTERS = 1500, /* letters a visitor sees before scrolling, about */
    VOLATILE_SECONDS = 3600,     /* what differs between two fetches this close changes by itself */
    PICTURE_SIDE_MIN = 100,      /* pixels: a picture with a shorter side carries no message */
    PICTURE_AREA_MIN = 40000,    /* pixels: 200 × 200 */
    PICTURE_TWIN_BITS = 6,       /* perceptual hashes that differ in at most so many bits show the same */
};
