/* The system's clocks, and the one way in which the program writes a time. */
#include "os/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_steady_ms(void)
{
    return clock_steady_us() / 1000;
}

int64_t clock_steady_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_s(void)
{
    return clock_wall_us() / 1000000;
}

int64_t clock_wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_text(int64_t wall_s, char ret_text[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)wall_s;
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(ret_text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(ret_text, CLOCK_TEXT_SIZE, "1970-01-01T00:00:00Z");
}

void clock_text_us(int64_t wall_us, char ret_text[CLOCK_TEXT_SIZE])
{
    char whole[CLOCK_TEXT_SIZE];
    clock_text(wall_us / 1000000, whole);
    whole[19] = '\0';
    snprintf(ret_text, CLOCK_TEXT_SIZE, "%.19s.%06dZ", whole, (int)(wall_us % 1000000));
}
