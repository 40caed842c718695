/*
 * Numbers with a unit, as people write them: "90s", "500M", "10%". A bare number is refused where a unit is
 * possible: "interval: 5" once meant seconds to one and minutes to the other.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

enum { UNITS_TEXT_BYTES = 32 };

/** Digits only. Returns 0, -EINVAL, or -ERANGE for what no 64 bits hold. */
int units_read_number(struct span text, uint64_t *ret_number);

/** A whole number and one of s, m, h, d, w (weeks); "0" needs none. Seconds. Returns 0, -EINVAL or -ERANGE.
 */
int units_read_duration(struct span text, uint64_t *ret_s);

/** A whole number, alone or with one of k, M, G, T (powers of 1024, a B may follow). Bytes. Same errors. */
int units_read_bytes(struct span text, uint64_t *ret_bytes);

/** A whole number and "%", white space between them or not. Same errors. */
int units_read_percent(struct span text, uint64_t *ret_percent);

/** The shortest of those forms that means the same; weeks are not used. */
void units_write_duration(uint64_t seconds, char ret_text[UNITS_TEXT_BYTES]);
void units_write_bytes(uint64_t bytes, char ret_text[UNITS_TEXT_BYTES]);
