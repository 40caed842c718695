/* See manifest.h. */
#include "pipeline/evidence/manifest.h"

#include "pipeline/evidence/hashes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool manifest_is_file(const char *file)
{
    size_t digits = strspn(file, "0123456789");
    if (digits < 8 || digits > 19 || file[digits] != '/')
        return false;
    const char *name = file + digits + 1;
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    return size > 0 && name[size] == '\0' && name[0] != '.' && name[0] != '-';
}

void manifest_put(struct buf *out, const struct manifest_line *line)
{
    char digest[65], previous[65];
    evidence_hex(&line->digest, digest);
    evidence_hex(&line->previous, previous);
    buf_add_format(
        out,
        "{\"n\":%llu,\"at\":\"%s\",\"file\":\"%s\",\"sha256\":\"%s\",\"bytes\":%llu,%s\"previous\":\"%s\"}",
        (unsigned long long)line->n, line->at, line->file, digest, (unsigned long long)line->bytes,
        line->removed ? "\"removed\":true," : "", previous);
}

/* Takes `mark` off the front. */
static bool skip(struct span *rest, struct span mark)
{
    if (!span_starts(*rest, mark))
        return false;
    *rest = span_cut(*rest, mark.size, rest->size);
    return true;
}

static bool take_number(struct span *rest, uint64_t *ret_number)
{
    size_t digits = 0;
    uint64_t number = 0;
    while (digits < rest->size && digits < 19 && rest->at[digits] >= '0' && rest->at[digits] <= '9')
        number = number * 10 + (uint64_t)(rest->at[digits++] - '0');
    *rest = span_cut(*rest, digits, rest->size);
    *ret_number = number;
    return digits > 0;
}

static bool take_text(struct span *rest, char *ret_text, size_t room)
{
    size_t end = span_find(*rest, SPAN("\""), 0);
    if (end >= rest->size || end >= room)
        return false;
    memcpy(ret_text, rest->at, end);
    ret_text[end] = '\0';
    *rest = span_cut(*rest, end, rest->size);
    return true;
}

static bool take_digest(struct span *rest, struct digest *ret_digest)
{
    bool good = evidence_unhex(span_cut(*rest, 0, 64), ret_digest);
    *rest = span_cut(*rest, 64, rest->size);
    return good;
}

bool manifest_get(struct span text, struct manifest_line *ret_line)
{
    struct manifest_line line = {0};
    struct span rest = text;
    bool good = skip(&rest, SPAN("{\"n\":")) && take_number(&rest, &line.n) &&
                skip(&rest, SPAN(",\"at\":\"")) && take_text(&rest, line.at, sizeof(line.at)) &&
                skip(&rest, SPAN("\",\"file\":\"")) && take_text(&rest, line.file, sizeof(line.file)) &&
                manifest_is_file(line.file) && skip(&rest, SPAN("\",\"sha256\":\"")) &&
                take_digest(&rest, &line.digest) && skip(&rest, SPAN("\",\"bytes\":")) &&
                take_number(&rest, &line.bytes) && skip(&rest, SPAN(","));
    if (!good)
        return false;
    line.removed = skip(&rest, SPAN("\"removed\":true,"));
    if (!skip(&rest, SPAN("\"previous\":\"")) || !take_digest(&rest, &line.previous))
        return false;
    buf_auto again = buf_new(EVIDENCE_LINE_BYTES);
    manifest_put(&again, &line);
    if (again.failed || !span_equal(buf_span(&again), text))
        return false;
    *ret_line = line;
    return true;
}

/* ---- a whole chain ---- */

struct reading_chain {
    manifest_fn *each;
    void *context;
    struct manifest_end end;
};

static void take_line(struct reading_chain *chain, struct span text)
{
    struct manifest_line line;
    bool good = manifest_get(text, &line);
    chain->end.lines++;
    if (chain->each)
        chain->each(chain->context, text, good ? &line : NULL);
    hashes_sha256(text, (struct span){NULL, 0}, &chain->end.head);
    chain->end.size += text.size + 1;
}

/* A piece that has no end yet stays in the buffer; one that is longer than any line of ours is told as it is.
 */
static void take_lines(struct reading_chain *chain, struct buf *held)
{
    struct span rest = buf_span(held);
    for (;;) {
        size_t end = span_find(rest, SPAN("\n"), 0);
        if (end >= rest.size)
            break;
        take_line(chain, span_cut(rest, 0, end));
        rest = span_cut(rest, end + 1, rest.size);
    }
    memmove(held->at, rest.at, rest.size);
    held->size = rest.size;
}

int manifest_read(int fd, manifest_fn *each, void *context, struct manifest_end *ret_end)
{
    enum { PIECE = 64 << 10 };
    struct reading_chain chain = {.each = each, .context = context};
    buf_auto held = buf_new(4 * PIECE);
    if (lseek(fd, 0, SEEK_SET) < 0)
        return -errno;
    for (;;) {
        if (held.size >= 2 * PIECE)
            return -EBADMSG; /* a line without end */
        if (!buf_reserve(&held, PIECE))
            return -ENOMEM;
        ssize_t got = read(fd, held.at + held.size, PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        held.size += (size_t)got;
        take_lines(&chain, &held);
    }
    chain.end.torn = held.size > 0;
    *ret_end = chain.end;
    return 0;
}
