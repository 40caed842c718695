/*
 * The forms of evidence with anything a server could have sent: heads of HTTP, addresses for the index, and
 * lines that somebody put into the chain. The first byte chooses. A head must come out as one head whose
 * length is the body's; a line that is taken must be the very bytes that are written for it.
 */
#include "pipeline/evidence/cdxj.h"
#include "pipeline/evidence/http_head.h"
#include "pipeline/evidence/manifest.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void fuzz_head(struct span in)
{
    bool changed;
    struct span rest, line;
    unsigned lengths = 0;
    buf_auto out = buf_new(8 * in.size + 200);
    http_head_response(in, 12345, &out, &changed);
    demand(!out.failed && span_ends(buf_span(&out), SPAN("\r\n\r\n")));
    rest = buf_span(&out);
    for (bool first = true; span_next(&rest, '\n', &line); first = false) {
        struct span name = span_trim(span_cut(line, 0, span_find(line, SPAN(":"), 0)));
        demand(first || !span_equal_nocase(name, SPAN("content-encoding")));
        demand(first || !span_equal_nocase(name, SPAN("transfer-encoding")));
        lengths += span_equal_nocase(name, SPAN("content-length")) && !first;
    }
    demand(lengths == 1 || lengths == 0); /* none when the very first line is it: no status line came */
    demand(changed || span_equal(buf_span(&out), in));
    buf_clear(&out);
    http_head_request(in, &out);
    demand(!out.failed);
    http_head_value(in, SPAN("content-type"));
    http_head_protocol(in);
}

static void fuzz_address(struct span in)
{
    buf_auto key = buf_new(4 * in.size + 100);
    cdxj_key(in, &key);
    demand(!key.failed);
    for (size_t i = 0; i < key.size; i++)
        demand(key.at[i] < 'A' || key.at[i] > 'Z');
}

static void fuzz_line(struct span in)
{
    struct manifest_line line;
    buf_auto again = buf_new(EVIDENCE_LINE_BYTES);
    if (!manifest_get(in, &line))
        return;
    manifest_put(&again, &line);
    demand(span_equal(buf_span(&again), in) && manifest_is_file(line.file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span in = {(const char *)data + 1, size - 1};
    switch (data[0]) {
    case 'h': fuzz_head(in); break;
    case 'u': fuzz_address(in); break;
    default: fuzz_line(in); break;
    }
    return 0;
}
