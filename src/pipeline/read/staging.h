/*
 * How a page is staged: dark, with sound, with text that runs, with the mouse locked. Four in five
 * defacements do one of these and hardly any page of an office does, whatever language it is in.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

/** STAGING_DARK when a rule for the whole page gives it a dark background, else 0. Rules for printing or for
 * visitors who asked for dark pages do not count. `css` is borrowed for the call. */
uint8_t staging_of_css(struct span css);

/** The same for the declarations of one style attribute. */
uint8_t staging_of_style(struct span declarations);

/** The same for the value of a colour attribute. */
uint8_t staging_of_colour(struct span colour);

/** STAGING_LOCKED when the script takes the context menu away. Only its beginning is looked at. */
uint8_t staging_of_script(struct span script);

/** STAGING_SOUND when the address asks a player to start by itself, or is that of a sound. */
uint8_t staging_of_player(struct span url);
