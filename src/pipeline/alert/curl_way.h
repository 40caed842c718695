/*
 * What the webhook and the mail sink have of libcurl: one request with a deadline, certificates checked, no
 * redirect followed, no proxy but none, nothing of the answer kept but its beginning for a person. The one
 * file of this folder that knows libcurl.
 */
#pragma once

#include "base/buf.h"
#include "pipeline/page.h"

struct curl_way;

/** Reads ca_file. Returns 0, or a negative errno and why in `detail`. */
int curl_way_new(const struct sink_order *order, struct curl_way **ret_way, struct buf *detail);
void curl_way_free(struct curl_way *way);

/** POSTs the body with these header lines (each ends in NUL). Returns 0 when the answer's status is 2xx,
 * -EREMOTEIO for another status, or a negative errno; why in `detail`. */
int curl_way_post(struct curl_way *way, const char *const *headers, size_t header_count, struct span body,
                  struct buf *detail);

struct curl_mail {
    const char *from;      /**< bare address */
    const struct span *to; /**< to_count bare addresses */
    size_t to_count;
    const char *user, *password; /**< NULL for no AUTH; with it TLS is a must */
    struct span text;            /**< header and body, lines ending in CRLF */
};

/** Hands a mail to the server. Returns as curl_way_post(). */
int curl_way_mail(struct curl_way *way, const struct curl_mail *mail, struct buf *detail);
