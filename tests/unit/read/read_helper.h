/* What the tests of the reading step share: reading a string as a page, and finding blocks in the result. */
#pragma once

#include "base/buf.h"
#include "pipeline/read/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Reads `body` as served under https://www.ministry.example/news/ with the given Content-Type. */
static inline struct reading read_as(struct span body, const char *content_type)
{
    const struct read_request request = {.content_type = span_of(content_type),
                                         .url = SPAN("https://www.ministry.example/news/")};
    struct reading reading;
    enum outcome outcome = read_page(body, &request, &reading);
    assert_int_equal(outcome, reading.outcome);
    return reading;
}

static inline struct reading read_html(const char *html)
{
    struct reading reading = read_as(span_of(html), "text/html; charset=utf-8");
    assert_int_equal(reading.outcome, OUTCOME_OK);
    return reading;
}

static inline void assert_span(struct span text, const char *expected)
{
    char room[512];
    size_t size = text.size < sizeof(room) - 1 ? text.size : sizeof(room) - 1;
    if (size)
        memcpy(room, text.at, size);
    room[size] = '\0';
    assert_string_equal(room, expected);
}

/* The block with exactly this text; the test fails when there is none. */
static inline struct block block_of(const struct reading *reading, const char *text)
{
    for (size_t i = 0; i < reading->block_count; i++)
        if (span_equal(reading->blocks[i].text, span_of(text)))
            return reading->blocks[i];
    fail_msg("no block says \"%s\"", text);
    return (struct block){.confidence = 0};
}
