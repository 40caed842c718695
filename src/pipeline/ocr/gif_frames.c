/*
 * Leptonica reads only the first frame, and a message may well stand in the last: an animation that ends on
 * it shows it for as long as the page is open. giflib's record interface gives one row at a time, so the
 * memory is one canvas whatever the number of frames.
 */
#include "pipeline/ocr/gif_frames.h"

#include "pipeline/ocr/ocr_limits.h"

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

struct gif_source {
    struct span file;
    size_t at;
};

struct gif_canvas {
    GifFileType *gif;
    struct raster raster; /* what is shown now */
    struct raster first;  /* a copy of it after the first frame */
    struct pixels_background background;
    GifPixelType *row; /* screen width */
    GraphicsControlBlock control;
    uint32_t frames;
    uint64_t pixels; /* decoded so far */
    bool damaged;    /* it breaks off, or what follows makes no sense */
};

static int give_bytes(GifFileType *gif, GifByteType *to, int wanted)
{
    struct gif_source *source = gif->UserData;
    size_t left = source->file.size - source->at;
    size_t count = wanted < 0 ? 0 : (size_t)wanted < left ? (size_t)wanted : left;
    memcpy(to, source->file.at + source->at, count);
    source->at += count;
    return (int)count;
}

static void clear_rectangle(struct gif_canvas *canvas, uint32_t left, uint32_t top, uint32_t width,
                            uint32_t height)
{
    for (uint32_t y = top; y < top + height && y < canvas->raster.height; y++)
        for (uint32_t x = left; x < left + width && x < canvas->raster.width; x++) {
            uint8_t *to = canvas->raster.rgb + ((size_t)y * canvas->raster.width + x) * 3;
            to[0] = canvas->background.red;
            to[1] = canvas->background.green;
            to[2] = canvas->background.blue;
        }
}

static void draw_row(struct gif_canvas *canvas, const ColorMapObject *colours, uint32_t left, uint32_t y,
                     uint32_t width)
{
    for (uint32_t x = 0; x < width && left + x < canvas->raster.width && y < canvas->raster.height; x++) {
        if (canvas->row[x] == canvas->control.TransparentColor) {
            canvas->raster.clear += canvas->frames == 0;
            continue;
        }
        if (canvas->row[x] >= colours->ColorCount)
            continue;
        const GifColorType *colour = &colours->Colors[canvas->row[x]];
        uint8_t *to = canvas->raster.rgb + ((size_t)y * canvas->raster.width + left + x) * 3;
        to[0] = colour->Red;
        to[1] = colour->Green;
        to[2] = colour->Blue;
    }
}

/* The row a stored row belongs to when the frame is interlaced (GIF89a, appendix E). */
static uint32_t interlaced_row(uint32_t row, uint32_t height)
{
    static const uint32_t start[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    for (int pass = 0; pass < 4; pass++) {
        uint32_t rows = height > start[pass] ? (height - start[pass] + step[pass] - 1) / step[pass] : 0;
        if (row < rows)
            return start[pass] + row * step[pass];
        row -= rows;
    }
    return 0;
}

/* False when nothing of the frame can be drawn; a part of one is shown, as browsers do. */
static bool draw_frame(struct gif_canvas *canvas)
{
    GifImageDesc frame = canvas->gif->Image;
    const ColorMapObject *colours = frame.ColorMap ? frame.ColorMap : canvas->gif->SColorMap;
    uint32_t width = (uint32_t)frame.Width, height = (uint32_t)frame.Height;
    canvas->pixels += (uint64_t)width * height;
    if (!colours || width > canvas->raster.width || canvas->pixels > OCR_MAX_FRAME_PIXELS)
        return false;
    for (uint32_t i = 0; i < height && !canvas->damaged; i++) {
        if (DGifGetLine(canvas->gif, canvas->row, frame.Width) == GIF_ERROR)
            return canvas->damaged = true, i > 0;
        uint32_t y = frame.Interlace ? interlaced_row(i, height) : i;
        draw_row(canvas, colours, (uint32_t)frame.Left, (uint32_t)frame.Top + y, width);
    }
    return true;
}

static bool keep_first(struct gif_canvas *canvas)
{
    if (!raster_new(canvas->raster.width, canvas->raster.height, &canvas->first))
        return false;
    memcpy(canvas->first.rgb, canvas->raster.rgb, (size_t)canvas->raster.width * canvas->raster.height * 3);
    canvas->first.clear = canvas->raster.clear;
    return true;
}

/* What the frame before asked to be done before this one is drawn. */
static void dispose(struct gif_canvas *canvas, const GifImageDesc *frame)
{
    if (canvas->control.DisposalMode == DISPOSE_BACKGROUND)
        clear_rectangle(canvas, (uint32_t)frame->Left, (uint32_t)frame->Top, (uint32_t)frame->Width,
                        (uint32_t)frame->Height);
}

static void read_extension(struct gif_canvas *canvas, GraphicsControlBlock *control)
{
    int code;
    GifByteType *bytes;
    if (DGifGetExtension(canvas->gif, &code, &bytes) == GIF_ERROR)
        return;
    if (code == GRAPHICS_EXT_FUNC_CODE && bytes)
        DGifExtensionToGCB(bytes[0], bytes + 1, control);
    while (bytes && DGifGetExtensionNext(canvas->gif, &bytes) != GIF_ERROR)
        continue;
}

static enum outcome draw_next(struct gif_canvas *canvas, GraphicsControlBlock *control, uint32_t frames,
                              GifImageDesc *before)
{
    if (DGifGetImageDesc(canvas->gif) == GIF_ERROR)
        return canvas->damaged = true, OUTCOME_OK;
    dispose(canvas, before);
    canvas->control = *control;
    if (!draw_frame(canvas))
        return canvas->damaged = true, OUTCOME_OK;
    if (canvas->frames++ == 0 && frames > 1 && !keep_first(canvas))
        return OUTCOME_NO_MEMORY;
    *before = canvas->gif->Image;
    *control = (GraphicsControlBlock){.TransparentColor = NO_TRANSPARENT_COLOR};
    return OUTCOME_OK;
}

static enum outcome walk(struct gif_canvas *canvas, uint32_t frames)
{
    GraphicsControlBlock next = {.TransparentColor = NO_TRANSPARENT_COLOR};
    GifImageDesc before = {0};
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    enum outcome outcome = OUTCOME_OK;
    while (outcome == OUTCOME_OK && !canvas->damaged && canvas->frames < OCR_MAX_FRAMES) {
        canvas->damaged = DGifGetRecordType(canvas->gif, &record) == GIF_ERROR;
        if (canvas->damaged || record == TERMINATE_RECORD_TYPE)
            break;
        if (record == EXTENSION_RECORD_TYPE)
            read_extension(canvas, &next);
        else if (record == IMAGE_DESC_RECORD_TYPE)
            outcome = draw_next(canvas, &next, frames, &before);
    }
    return outcome != OUTCOME_OK ? outcome : canvas->frames ? OUTCOME_OK : OUTCOME_PICTURE_DAMAGED;
}

static enum outcome decode(struct gif_canvas *canvas, uint32_t frames)
{
    canvas->row = malloc((size_t)canvas->gif->SWidth + 1);
    if (!canvas->row ||
        !raster_new((uint32_t)canvas->gif->SWidth, (uint32_t)canvas->gif->SHeight, &canvas->raster))
        return OUTCOME_NO_MEMORY;
    clear_rectangle(canvas, 0, 0, canvas->raster.width, canvas->raster.height);
    return walk(canvas, frames);
}

enum outcome gif_frames_decode(struct span file, const struct picture_header *header,
                               struct pixels_background background, struct raster *ret_first,
                               struct raster *ret_last)
{
    struct gif_source source = {.file = file};
    struct gif_canvas canvas = {.background = background, .gif = DGifOpen(&source, give_bytes, NULL)};
    if (!canvas.gif)
        return OUTCOME_PICTURE_DAMAGED;
    enum outcome outcome = OUTCOME_PICTURE_DAMAGED;
    if ((uint32_t)canvas.gif->SWidth == header->width && (uint32_t)canvas.gif->SHeight == header->height)
        outcome = decode(&canvas, header->frames);
    DGifCloseFile(canvas.gif, NULL);
    free(canvas.row);
    if (outcome != OUTCOME_OK) {
        raster_free(&canvas.raster);
        raster_free(&canvas.first);
        return outcome;
    }
    bool several = canvas.first.rgb && canvas.frames > 1;
    if (!several)
        raster_free(&canvas.first);
    canvas.raster.damaged = canvas.first.damaged = canvas.damaged;
    *ret_first = several ? canvas.first : canvas.raster;
    *ret_last = several ? canvas.raster : (struct raster){0};
    return OUTCOME_OK;
}
