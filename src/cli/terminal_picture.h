/*
 * Pictures in the terminal, where it can: the protocols of kitty and iTerm2 take the PNG, DEC's sixel takes
 * pixels. Only what varta itself drew is ever shown (see picture_cage.h), and nothing of it reaches the
 * terminal but letters and digits between an introducer and a terminator of ours.
 */
#pragma once

#include "base/buf.h"

enum terminal_pictures { PICTURES_AUTO, PICTURES_NONE, PICTURES_KITTY, PICTURES_ITERM2, PICTURES_SIXEL };

/** "auto", "none", "kitty", "iterm2", "sixel". */
bool terminal_pictures_parse(const char *word, enum terminal_pictures *ret_way);

/** What the terminal on standard output can: it is asked, and given a second to answer. NONE when
 * it is no terminal, or this process is not in its foreground. */
enum terminal_pictures terminal_pictures_ask(void);

/** How large a picture may get. */
struct terminal_room {
    int columns;
    unsigned cell_width, cell_height; /**< pixels */
};

/** The room on standard output; common sizes where it does not say. */
struct terminal_room terminal_picture_room(int columns);

/** Appends a picture and a line feed; nothing when it is no PNG or cannot be decoded. */
void terminal_picture_add(enum terminal_pictures way, struct terminal_room room, struct span png,
                          struct buf *out);
