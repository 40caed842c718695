/*
 * Feeds the codec of the messages between processes with anything a process that was taken over could send.
 * The first byte chooses the record. What is taken must be put again as bytes that are taken too, and say the
 * same.
 */
#include "wire/records.h"

#include <stdint.h>
#include <stdlib.h>

enum { RECORD_BYTES = 128 << 20, ARENA_BYTES = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void fuzz_capture(struct span in)
{
    struct capture capture, again;
    buf_auto first = buf_new(RECORD_BYTES), second = buf_new(RECORD_BYTES);
    if (capture_get(in, &capture)) {
        capture_put(&first, &capture);
        demand(capture_get(buf_span(&first), &again));
        capture_put(&second, &again);
        demand(span_equal(buf_span(&first), buf_span(&second)));
        capture_free(&again);
    }
    capture_free(&capture);
}

static void fuzz_reading(struct span in)
{
    struct reading reading, again;
    buf_auto first = buf_new(RECORD_BYTES), second = buf_new(RECORD_BYTES);
    if (reading_get(in, &reading)) {
        reading_put(&first, &reading);
        demand(reading_get(buf_span(&first), &again));
        reading_put(&second, &again);
        demand(span_equal(buf_span(&first), buf_span(&second)));
        reading_free(&again);
    }
    reading_free(&reading);
}

static void fuzz_picture_text(struct span in)
{
    struct picture_text text, again;
    buf_auto first = buf_new(RECORD_BYTES), second = buf_new(RECORD_BYTES);
    if (picture_text_get(in, &text)) {
        picture_text_put(&first, &text);
        demand(picture_text_get(buf_span(&first), &again));
        picture_text_put(&second, &again);
        demand(span_equal(buf_span(&first), buf_span(&second)));
        picture_text_free(&again);
    }
    picture_text_free(&text);
}

static void fuzz_orders(struct span in)
{
    arena_auto arena = arena_new(ARENA_BYTES);
    struct fetch_order fetch;
    struct read_request request;
    struct picture_order picture;
    struct sink_order sink;
    struct delivered delivered;
    fetch_order_get(in, &arena, &fetch);
    read_request_get(in, &arena, &request);
    picture_order_get(in, &picture);
    sink_order_get(in, &arena, &sink);
    delivered_get(in, &arena, &delivered);
}

static void fuzz_evidence(struct span in)
{
    arena_auto arena = arena_new(ARENA_BYTES);
    struct keep_order order, again;
    struct clear_order clear;
    struct kept kept;
    struct picture_copy copy;
    buf_auto first = buf_new(RECORD_BYTES), second = buf_new(RECORD_BYTES);
    if (keep_order_get(in, &arena, &order)) {
        keep_order_put(&first, &order);
        demand(keep_order_get(buf_span(&first), &arena, &again) || arena.failed);
        keep_order_put(&second, &again);
        demand(span_equal(buf_span(&first), buf_span(&second)) || arena.failed);
    }
    clear_order_get(in, &arena, &clear);
    kept_get(in, &arena, &kept);
    if (picture_copy_get(in, &copy))
        demand(copy.latitude >= -90 && copy.latitude <= 90 && copy.longitude >= -180 &&
               copy.longitude <= 180);
    picture_copy_free(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span in = {(const char *)data + 1, size - 1};
    switch (data[0]) {
    case 'c': fuzz_capture(in); break;
    case 'r': fuzz_reading(in); break;
    case 'p': fuzz_picture_text(in); break;
    case 'k': fuzz_evidence(in); break;
    default: fuzz_orders(in); break;
    }
    return 0;
}
