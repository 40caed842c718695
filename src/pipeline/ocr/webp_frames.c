/*
 * An animated WebP is a list of ANMF chunks (WebP Container Specification, "Animation"), each holding an ordinary
 * still picture's chunks behind 16 bytes of its own: they only need to be wrapped again. The sizes in them are the
 * frame's, which the header of the still file made here repeats, so the limits are looked at again for it.
 */
#include "pipeline/ocr/webp_frames.h"

#include "pipeline/ocr/bytes.h"

enum { FILE_HEADER = 12, CHUNK_HEADER = 8, FRAME_HEADER = 16 };

static size_t chunk_end(struct span file, size_t at)
{
    return at + CHUNK_HEADER + (((size_t)bytes_le32(file, at + 4) + 1) & ~(size_t)1);
}

static struct span find_frame(struct span file, bool last)
{
    struct span frame = {NULL, 0};
    for (size_t at = FILE_HEADER; at + CHUNK_HEADER + FRAME_HEADER <= file.size; at = chunk_end(file, at)) {
        if (!bytes_are(file, at, SPAN("ANMF")))
            continue;
        struct span chunk = span_cut(file, at + CHUNK_HEADER, chunk_end(file, at));
        if (chunk.size > FRAME_HEADER)
            frame = chunk;
        if (!last && frame.size)
            break;
    }
    return frame;
}

static bool add_le32(struct buf *out, uint32_t value)
{
    const char bytes[] = {(char)(value & 0xFF), (char)(value >> 8 & 0xFF), (char)(value >> 16 & 0xFF), (char)(value >> 24)};
    return buf_add(out, bytes, sizeof(bytes));
}

/* The extended header that a frame with an alpha chunk needs: flags, then width and height less one, 24 bits each. */
static bool add_extended(struct buf *out, struct span frame)
{
    return buf_add(out, "VP8X", 4) && add_le32(out, 10) && add_le32(out, 0x10) && buf_add(out, frame.at + 6, 6);
}

bool webp_frames_still(struct span file, bool last, struct buf *still)
{
    struct span frame = find_frame(file, last);
    if (frame.size <= FRAME_HEADER)
        return false;
    struct span chunks = span_cut(frame, FRAME_HEADER, frame.size);
    bool alpha = bytes_are(chunks, 0, SPAN("ALPH"));
    uint32_t size = (uint32_t)(chunks.size + 4 + (alpha ? 18 : 0));
    return buf_add(still, "RIFF", 4) && add_le32(still, size) && buf_add(still, "WEBP", 4) &&
           (!alpha || add_extended(still, frame)) && buf_add_span(still, chunks);
}
