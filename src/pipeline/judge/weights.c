/*
 * The model is text that a person can read and argue with: `[section]`, then `name number` a line. A feature
 * left out or named twice is refused, so that a half-written file never judges.
 */
#include "pipeline/judge/weights.h"

#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BIAS = FEATURE_COUNT, THRESHOLD, ROW_COUNT };

#define WEIGHT_MAX 100.0

static const char *const sections[WEIGHTS_SECTION_COUNT] = {
    [WEIGHTS_CHANGED] = "changed", [WEIGHTS_INSIDE] = "inside", [WEIGHTS_ALONE] = "alone"};

struct weights_reader {
    const char *name;
    unsigned line;
    int section;
    bool seen[WEIGHTS_SECTION_COUNT][ROW_COUNT];
    struct weights weights;
    char *error;
};

const char *weights_section_name(enum weights_section section)
{
    return (unsigned)section < WEIGHTS_SECTION_COUNT ? sections[section] : "unknown";
}

static int refuse(const struct weights_reader *reader, const char *what)
{
    snprintf(reader->error, 256, "%.150s:%u: %s", reader->name, reader->line, what);
    return -EINVAL;
}

static const char *row_name(int row)
{
    return row == BIAS ? "bias" : row == THRESHOLD ? "threshold" : feature_name(row);
}

static double *row_place(struct weights_reader *reader, int row)
{
    struct weights *weights = &reader->weights;
    if (row == BIAS)
        return &weights->section[reader->section].bias;
    return row == THRESHOLD ? &weights->section[reader->section].threshold
                            : &weights->section[reader->section].at[row];
}

/* Digits, a sign and a point only, whatever the locale thinks a number is. */
static bool read_number(struct span text, double *ret_number)
{
    size_t at = text.size && (text.at[0] == '-' || text.at[0] == '+');
    double value = 0, scale = 0;
    if (at == text.size || text.size > 16)
        return false;
    for (; at < text.size; at++) {
        char c = text.at[at];
        if (c == '.' && scale == 0) {
            scale = 1;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
        scale *= 10;
    }
    value /= scale > 0 ? scale : 1;
    *ret_number = text.at[0] == '-' ? -value : value;
    return value <= WEIGHT_MAX;
}

static int read_section(struct weights_reader *reader, struct span line)
{
    for (int section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        if (line.at[line.size - 1] == ']' &&
            span_equal(span_cut(line, 1, line.size - 1), span_of(sections[section]))) {
            reader->section = section;
            return 0;
        }
    return refuse(reader, "unknown section");
}

static int read_row(struct weights_reader *reader, struct span line)
{
    size_t blank = span_find(line, SPAN(" "), 0);
    struct span name = span_cut(line, 0, blank);
    double number;
    if (reader->section < 0)
        return refuse(reader, "a weight before the first [section]");
    if (!read_number(span_trim(span_cut(line, blank, line.size)), &number))
        return refuse(reader, "expected a name and a number between -100 and 100");
    for (int row = 0; row < ROW_COUNT; row++) {
        if (!span_equal(name, span_of(row_name(row))))
            continue;
        if (reader->seen[reader->section][row])
            return refuse(reader, "named twice");
        if (row == THRESHOLD && (number <= 0 || number >= 1))
            return refuse(reader, "the threshold is a probability between 0 and 1");
        reader->seen[reader->section][row] = true;
        *row_place(reader, row) = number;
        return 0;
    }
    return refuse(reader, "unknown feature");
}

static int check_complete(struct weights_reader *reader)
{
    for (int section = 0; section < WEIGHTS_SECTION_COUNT; section++)
        for (int row = 0; row < ROW_COUNT; row++)
            if (!reader->seen[section][row]) {
                snprintf(reader->error, 256, "%.120s: section [%s] lacks \"%s\"", reader->name,
                         sections[section], row_name(row));
                return -EINVAL;
            }
    return 0;
}

int weights_read(const char *name, struct span text, struct weights *ret_weights, char ret_error[256])
{
    struct weights_reader reader = {.name = name, .section = -1, .error = ret_error};
    struct span line;
    while (span_next(&text, '\n', &line)) {
        reader.line++;
        line = span_trim(line);
        if (!line.size || line.at[0] == '#')
            continue;
        int error = line.at[0] == '[' ? read_section(&reader, line) : read_row(&reader, line);
        if (error)
            return error;
    }
    int error = check_complete(&reader);
    if (!error)
        *ret_weights = reader.weights;
    return error;
}

double weights_sum(const struct weights *weights, enum weights_section section, const double *features)
{
    double sum = weights->section[section].bias;
    for (int i = 0; i < FEATURE_COUNT; i++)
        sum += weights->section[section].at[i] * features[i];
    return sum;
}
