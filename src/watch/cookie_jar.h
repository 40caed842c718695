/*
 * The cookies of one look at a page: a page may tell who has asked before from who asks first, so they live
 * through the addresses that a look leads to and its pictures, as in a browser, and no longer. The rules of
 * hosts are libcurl's, in varta-fetch; here they are lines that nobody looks into.
 */
#pragma once

#include "base/buf.h"

/** After an answer to the page itself: `lines` are all there are. Returns true when some were not there
 * before. */
bool cookie_jar_set(struct buf *jar, struct span lines);

/** After an answer to one of several pictures at a time: what is new is added. The same. */
bool cookie_jar_add(struct buf *jar, struct span lines);
