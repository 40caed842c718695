/* What can be told of an address before anybody looks up its name. */
#pragma once

#include <stdbool.h>

/** True for an address whose host is a number of no public network (see address.h), in any form of numbers,
 * and for one that cannot be read; false for names. */
bool url_names_inside(const char *url);
