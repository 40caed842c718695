/*
 * Upside down every line looks like one and reads as nonsense, and letters that stand on their side make
 * columns that look like lines: models find words in both now and then. So nonsense is the sign: when hardly
 * anything was read with confidence, the two longest lines of each turned picture are tried, and one of them
 * that makes sense is the picture's right way up.
 */
#include "pipeline/ocr/turned_lines.h"

#include "base/utf8.h"
#include "pipeline/ocr/order.h"

/* EXIF orientations that turn a picture, and what takes it back. */
enum turn { TURN_NONE = 1, TURN_OVER = 3, TURN_RIGHT = 6, TURN_LEFT = 8 };

static bool is_nonsense(const struct picture_text *text, size_t from)
{
    enum { LINES = 3, LETTERS = 5, SHARE = 3, LONG = 5 }; /* a short word is easily found in anything */
    size_t all = 0, read = 0;
    for (size_t i = from; i < text->line_count; i++) {
        size_t letters = utf8_letters(text->lines[i].text);
        all += letters;
        read += text->lines[i].doubtful || letters < LONG ? 0 : letters;
    }
    return text->line_count >= from + LINES && all >= LETTERS && read * SHARE < all;
}

/* From the place in the turned picture to that in a picture of `width` × `height`. */
static void turn_back(struct picture_line *line, enum turn turn, uint32_t width, uint32_t height)
{
    struct picture_line turned = *line;
    if (turn != TURN_OVER) {
        line->width = turned.height;
        line->height = turned.width;
    }
    line->x = turn == TURN_RIGHT  ? turned.y
              : turn == TURN_LEFT ? width - turned.y - line->width
                                  : width - turned.x - line->width;
    line->y = turn == TURN_RIGHT  ? height - turned.x - line->height
              : turn == TURN_LEFT ? turned.x
                                  : height - turned.y - line->height;
}

/* The raster stands turned by `turn`. */
static enum outcome read_turned(struct picture_lines *reading, const struct raster *raster, enum turn turn,
                                size_t from)
{
    struct picture_text *text = reading->text;
    uint32_t width = turn == TURN_OVER ? raster->width : raster->height;
    uint32_t height = turn == TURN_OVER ? raster->height : raster->width;
    text->line_count = from;
    enum outcome outcome = picture_lines_read(reading, raster);
    if (outcome == OUTCOME_OK && !order_lines(text->lines + from, text->line_count - from))
        outcome = OUTCOME_NO_MEMORY;
    for (size_t i = from; i < text->line_count; i++)
        turn_back(&text->lines[i], turn, width, height);
    reading->turned = true;
    return outcome;
}

/* Lines stand where they stood when the picture is turned over: where nothing looks like text one way,
 * nothing does over head, and finding places costs more than trying to read in them. */
static enum outcome try_turns(struct picture_lines *reading, struct raster *raster, size_t from)
{
    enum { SENSE = 8 }; /* letters */
    static const enum turn stands[] = {TURN_OVER, TURN_LEFT, TURN_RIGHT},
                           back[] = {TURN_OVER, TURN_RIGHT, TURN_LEFT};
    bool over = reading->strong > 0;
    enum turn step = over ? TURN_OVER : TURN_LEFT;
    for (size_t i = over ? 0 : 1;; i++) {
        uint32_t letters = 0;
        if (!raster_orient(raster, (uint8_t)step) || !picture_lines_try(reading, raster, &letters))
            return OUTCOME_NO_MEMORY;
        bool last = i == 2 || (i == 1 && reading->strong == 0);
        if (letters >= SENSE || last) {
            enum outcome outcome =
                letters < SENSE ? OUTCOME_OK : read_turned(reading, raster, stands[i], from);
            return raster_orient(raster, (uint8_t)back[i]) ? outcome : OUTCOME_NO_MEMORY;
        }
        step = i == 0 ? TURN_RIGHT : TURN_OVER;
    }
}

enum outcome turned_lines_read(struct picture_lines *reading, struct raster *raster)
{
    size_t from = reading->text->line_count;
    enum outcome outcome = picture_lines_read(reading, raster);
    if (outcome != OUTCOME_OK || !is_nonsense(reading->text, from) ||
        picture_lines_now_ms() > reading->deadline_ms)
        return outcome;
    return try_turns(reading, raster, from);
}
