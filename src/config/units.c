/* Numbers with a unit; see units.h. */
#include "config/units.h"

#include <errno.h>
#include <stdio.h>

struct unit {
    const char *name;
    uint64_t size;
};

static const struct unit durations[] = {{"w", 604800}, {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}};

static const struct unit sizes[] = {
    {"T", 1ull << 40}, {"G", 1ull << 30}, {"M", 1ull << 20}, {"k", 1ull << 10}, {"", 1},
};

enum { DURATIONS = sizeof(durations) / sizeof(durations[0]), SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static size_t digits(struct span text)
{
    size_t count = 0;
    while (count < text.size && text.at[count] >= '0' && text.at[count] <= '9')
        count++;
    return count;
}

int units_read_number(struct span text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (text.size == 0 || digits(text) != text.size)
        return -EINVAL;
    for (size_t i = 0; i < text.size; i++)
        if (__builtin_mul_overflow(number, 10u, &number) ||
            __builtin_add_overflow(number, (uint64_t)(text.at[i] - '0'), &number))
            return -ERANGE;
    *ret_number = number;
    return 0;
}

static int read_scaled(struct span text, const struct unit *units, size_t count, uint64_t *ret_value)
{
    size_t end = digits(text);
    struct span unit = span_trim(span_cut(text, end, text.size));
    uint64_t number, value;
    int result = units_read_number(span_cut(text, 0, end), &number);
    for (size_t i = 0; i < count && result == 0; i++) {
        if (!span_equal(unit, span_of(units[i].name)))
            continue;
        if (__builtin_mul_overflow(number, units[i].size, &value))
            return -ERANGE;
        *ret_value = value;
        return 0;
    }
    return result < 0 ? result : -EINVAL;
}

int units_read_duration(struct span text, uint64_t *ret_s)
{
    if (span_equal(text, SPAN("0"))) {
        *ret_s = 0;
        return 0;
    }
    return read_scaled(text, durations, DURATIONS, ret_s);
}

int units_read_bytes(struct span text, uint64_t *ret_bytes)
{
    if (text.size > 1 && text.at[text.size - 1] == 'B')
        text.size--;
    if (text.size > 1 && text.at[text.size - 1] == 'K')
        return read_scaled(span_cut(text, 0, text.size - 1), &(struct unit){"", 1024}, 1, ret_bytes);
    return read_scaled(text, sizes, SIZES, ret_bytes);
}

int units_read_percent(struct span text, uint64_t *ret_percent)
{
    return read_scaled(text, &(struct unit){"%", 1}, 1, ret_percent);
}

void units_write_duration(uint64_t seconds, char ret_text[UNITS_TEXT_BYTES])
{
    size_t i = 1;
    while (i < DURATIONS - 1 && seconds % durations[i].size)
        i++;
    snprintf(ret_text, UNITS_TEXT_BYTES, seconds ? "%llu%s" : "0",
             (unsigned long long)(seconds / durations[i].size), durations[i].name);
}

void units_write_bytes(uint64_t bytes, char ret_text[UNITS_TEXT_BYTES])
{
    size_t i = 0;
    while (i < SIZES - 1 && bytes % sizes[i].size)
        i++;
    snprintf(ret_text, UNITS_TEXT_BYTES, bytes ? "%llu%s" : "0", (unsigned long long)(bytes / sizes[i].size),
             sizes[i].name);
}
