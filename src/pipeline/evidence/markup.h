/*
 * Writing HTML around a stranger's words. This is the one place that escapes: no other file of the report
 * writes a byte of a page into it, and no place here lets one be anything but text. What steers instead of
 * showing (controls, direction marks, invisible joiners) is shown as its number in a frame, so that a person
 * sees that it was there.
 */
#pragma once

#include "base/buf.h"

/** Appends constant markup of ours. Never call it with text that came from elsewhere. */
void markup_add(struct buf *out, const char *markup);

/** Appends text between elements: escaped, steering characters as <b class="x">U+202E</b>; line feeds stay.
 */
void markup_text(struct buf *out, struct span text);

/** The same for the inside of a quoted attribute: steering characters become U+FFFD. */
void markup_attribute(struct buf *out, struct span text);

/** Appends an address or host as text that nothing takes for a link: http as hxxp, dots of the host in
 * brackets. */
void markup_defanged(struct buf *out, struct span url);

/** Appends the bytes in base64 (RFC 4648). */
void markup_base64(struct buf *out, struct span bytes);
