/* The parts of a *.traineddata file that reading a line takes; none of them is looked into here. */
#pragma once

#include "base/span.h"

/** Borrowed from the file. A part that the file does not have is empty. */
struct traineddata {
    struct span network;     /**< layers and weights */
    struct span punctuation; /**< three graphs of words */
    struct span words;
    struct span numbers;
    struct span letters; /**< a text: one letter a line, with its class */
    struct span recoder; /**< which output of the network stands for which letter */
};

/** False when the file is none, has no network, or its parts do not fit into it. */
bool traineddata_read(struct span file, struct traineddata *ret_parts);
