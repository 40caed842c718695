/*
 * Boxes and numbers only: letters would need a font with Cyrillic, and the numbers lead to the list of lines
 * that stands beside the picture.
 */
#include "pipeline/ocr/overlay.h"

struct paint {
    uint8_t red, green, blue;
};

static const struct {
    const char *language;
    struct paint paint;
} paints[] = {{"uk", {0, 140, 255}}, {"ru", {255, 60, 60}}, {"pl", {230, 0, 230}}, {"en", {0, 180, 60}}};

static struct paint paint_of(const struct picture_line *line)
{
    for (size_t i = 0; i < sizeof(paints) / sizeof(paints[0]); i++)
        if (strcmp(paints[i].language, line->language) == 0)
            return paints[i].paint;
    return (struct paint){255, 160, 0};
}

static void fill(struct raster *raster, int64_t left, int64_t top, int64_t width, int64_t height,
                 struct paint paint)
{
    for (int64_t y = top < 0 ? 0 : top; y < top + height && y < raster->height; y++)
        for (int64_t x = left < 0 ? 0 : left; x < left + width && x < raster->width; x++) {
            uint8_t *at = raster->rgb + ((size_t)y * raster->width + (size_t)x) * 3;
            at[0] = paint.red;
            at[1] = paint.green;
            at[2] = paint.blue;
        }
}

static void draw_box(struct raster *raster, const struct picture_line *line, struct paint paint)
{
    int64_t thick = line->doubtful ? 1 : 2, left = (int64_t)line->x - thick - 1,
            top = (int64_t)line->y - thick - 1;
    int64_t width = (int64_t)line->width + 2 * thick + 2, height = (int64_t)line->height + 2 * thick + 2;
    fill(raster, left, top, width, thick, paint);
    fill(raster, left, top + height - thick, width, thick, paint);
    fill(raster, left, top, thick, height, paint);
    fill(raster, left + width - thick, top, thick, height, paint);
}

/* Three by five dots a digit, rows from the top, the left dot in the highest bit. */
static const uint16_t digits[10] = {075557, 026227, 071747, 071717, 055711,
                                    074717, 074757, 071222, 075757, 075717};

static void draw_digit(struct raster *raster, int64_t left, int64_t top, unsigned digit, struct paint paint)
{
    enum { DOT = 2 };
    for (int row = 0; row < 5; row++)
        for (int column = 0; column < 3; column++)
            if (digits[digit] >> ((4 - row) * 3 + (2 - column)) & 1)
                fill(raster, left + column * DOT, top + row * DOT, DOT, DOT, paint);
}

static void draw_number(struct raster *raster, const struct picture_line *line, size_t number,
                        struct paint paint)
{
    enum { ADVANCE = 8, HIGH = 14 };
    unsigned count = number >= 100 ? 3 : number >= 10 ? 2 : 1;
    int64_t wide = (int64_t)count * ADVANCE + 2, left = (int64_t)line->x - wide - 4,
            top = (int64_t)line->y - 2;
    left = left < 0 ? 0 : left;
    fill(raster, left, top, wide, HIGH, paint);
    for (unsigned i = count; i-- > 0; number /= 10)
        draw_digit(raster, left + 2 + (int64_t)i * ADVANCE, top + 2, (unsigned)(number % 10),
                   (struct paint){255, 255, 255});
}

void overlay_draw(struct raster *raster, const struct picture_text *text)
{
    for (size_t i = 0; i < text->line_count; i++) {
        struct paint paint = paint_of(&text->lines[i]);
        draw_box(raster, &text->lines[i], paint);
        draw_number(raster, &text->lines[i], i + 1, paint);
    }
}
