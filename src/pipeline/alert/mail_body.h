/* The text of a mail, as lines for a person. */
#pragma once

#include "pipeline/alert/notice.h"

/** Appends the text: UTF-8, lines ending in a line feed, nothing that steers. */
void mail_body(const struct notice *notice, struct buf *out);

/** Appends text as quoted-printable (RFC 2045): lines of at most 76 characters ending in CRLF. */
void mail_body_encode(struct span text, struct buf *out);
