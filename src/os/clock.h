/* Time as a parameter: everything that decides takes one of these numbers, only the top asks the system. */
#pragma once

#include <stdint.h>

/** Milliseconds that only go forward, from an arbitrary start. */
int64_t clock_steady_ms(void);

/** The same in microseconds. */
int64_t clock_steady_us(void);

/** Seconds since 1970-01-01 UTC. */
int64_t clock_wall_s(void);

/** Microseconds since 1970-01-01 UTC. */
int64_t clock_wall_us(void);

enum { CLOCK_TEXT_SIZE = 32 };

/** RFC 3339 in UTC with seconds: "2022-01-14T02:13:05Z". */
void clock_text(int64_t wall_s, char ret_text[CLOCK_TEXT_SIZE]);

/** RFC 3339 in UTC with microseconds, as RFC 5424 wants it: "2022-01-14T02:13:05.000123Z". */
void clock_text_us(int64_t wall_us, char ret_text[CLOCK_TEXT_SIZE]);
