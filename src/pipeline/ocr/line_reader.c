/*
 * Tesseract's models are good; nine tenths of what Tesseract does to run one over a strip that is cut and
 * scaled already is not needed. So the model's parts are read here: the network, the lists of words, and
 * which code stands for which letter. Confidences are those of Tesseract, which all bars are set by.
 */
#include "pipeline/ocr/line_reader.h"

#include "base/utf8.h"
#include "pipeline/ocr/bytes.h"
#include "pipeline/ocr/line_net.h"
#include "pipeline/ocr/line_path.h"

#include <math.h>
#include <stdlib.h>

enum { LETTER_BYTES = 32, DIGIT = 8 /* class */ };

struct line_reader {
    struct line_net net;
    struct word_lists lists;
    int16_t of_code[LINE_NET_MOST];
    uint32_t letters;
    struct {
        char text[LETTER_BYTES];
        uint8_t size;
    } letter[WORD_GRAPH_LETTERS];
};

/* ---- opening --------------------------------------------------------------------------------------------
 */

/* A line of the table of letters: the letter, then its class as a number to the base of 16. */
static bool read_letter(struct line_reader *reader, struct span line)
{
    size_t end = span_find(line, SPAN(" "), 0);
    struct span text = span_cut(line, 0, end);
    if (text.size == 0 || text.size > LETTER_BYTES || !utf8_valid(text) ||
        reader->letters == WORD_GRAPH_LETTERS)
        return false;
    if (reader->letters == 0)
        text = SPAN(" ");
    uint32_t class = 0;
    for (size_t i = end + 1; i < line.size && line.at[i] != ' '; i++)
        class = class * 16 + (uint32_t)(line.at[i] <= '9' ? line.at[i] - '0' : line.at[i] - 'a' + 10) % 16;
    memcpy(reader->letter[reader->letters].text, text.at, text.size);
    reader->letter[reader->letters].size = (uint8_t)text.size;
    reader->lists.digit[reader->letters++] = class & DIGIT;
    return true;
}

static bool read_letters(struct line_reader *reader, struct span table)
{
    struct span line;
    if (!span_next(&table, '\n', &line))
        return false;
    while (span_next(&table, '\n', &line))
        if (line.size && !read_letter(reader, line))
            return false;
    return reader->letters > 0;
}

/* For each letter the code that stands for it: a byte, the number of codes, and the codes. More than one code
 * a letter are for scripts of thousands of letters. */
static bool read_codes(struct line_reader *reader, struct span table)
{
    uint32_t letters = bytes_le32(table, 0);
    for (size_t i = 0; i < LINE_NET_MOST; i++)
        reader->of_code[i] = LINE_PATH_NO_LETTER;
    if (letters != reader->letters || table.size < 4 + (size_t)letters * 9)
        return false;
    for (uint32_t i = 0; i < letters; i++) {
        uint32_t codes = bytes_le32(table, 5 + (size_t)i * 9), code = bytes_le32(table, 9 + (size_t)i * 9);
        if (codes != 1 || code >= line_net_codes(&reader->net))
            return false;
        reader->of_code[code] = (int16_t)i;
    }
    reader->of_code[reader->net.blank] = LINE_PATH_NO_LETTER;
    return reader->of_code[0] == 0;
}

struct line_reader *line_reader_open(struct span model, bool *ret_damaged)
{
    *ret_damaged = false;
    struct traineddata parts;
    struct line_reader *reader = calloc(1, sizeof(*reader));
    if (!reader || !traineddata_read(model, &parts) ||
        !line_net_read(parts.network, &reader->net, ret_damaged))
        return free(reader), NULL;
    if (!word_lists_read(&parts, &reader->lists) || !read_letters(reader, parts.letters) ||
        !read_codes(reader, parts.recoder)) {
        line_reader_close(reader);
        return NULL;
    }
    return reader;
}

void line_reader_close(struct line_reader *reader)
{
    if (!reader)
        return;
    line_net_free(&reader->net);
    word_lists_free(&reader->lists);
    free(reader);
}

/* ---- words ----------------------------------------------------------------------------------------------
 */

/* The bars are set by Tesseract's scale: 100 for certain, 35 less for each unit of the logarithm. */
static uint16_t confidence_of(float certainty)
{
    float percent = 100 + 35 * certainty;
    return (uint16_t)(percent <= 0 ? 0 : percent >= 100 ? 1000 : percent * 10);
}

struct word {
    uint32_t from, to; /* letters of the path */
    float spaces;      /* the least certain space beside it */
};

static size_t spell(const struct line_reader *reader, const struct line_path *path, const struct word *word,
                    char *text, size_t room)
{
    size_t size = 0;
    for (uint32_t i = word->from; i < word->to; i++) {
        uint32_t letter = (uint32_t)path->letters[i].letter;
        if (letter >= reader->letters || size + reader->letter[letter].size > room)
            break;
        memcpy(text + size, reader->letter[letter].text, reader->letter[letter].size);
        size += reader->letter[letter].size;
    }
    return size;
}

static uint32_t column_of(const struct line_path *path, uint32_t letter)
{
    return LINE_NET_ACROSS * (letter < path->count ? path->letters[letter].left : path->steps);
}

static void add_word(const struct line_reader *reader, const struct line_path *path, const struct word *word,
                     struct recognised *line, uint64_t *letters, uint64_t *sum)
{
    size_t space = line->size > 0, from = line->size + space;
    if (from >= sizeof(line->text))
        return;
    size_t size = spell(reader, path, word, line->text + from, sizeof(line->text) - from);
    struct span text = {line->text + from, size};
    if (span_trim(text).size != size || size == 0)
        return;
    if (space)
        line->text[line->size] = ' ';
    line->size = from + size;
    float certainty = word->spaces;
    for (uint32_t i = word->from; i < word->to; i++)
        certainty = fminf(certainty, path->letters[i].certainty);
    uint16_t confidence = confidence_of(certainty);
    *letters += utf8_length(text);
    *sum += utf8_length(text) * confidence;
    if (line->word_count < RECOGNISED_WORDS)
        line->words[line->word_count++] =
            (struct recognised_word){.from = (uint16_t)from,
                                     .to = (uint16_t)line->size,
                                     .left = column_of(path, word->from),
                                     .right = column_of(path, word->to),
                                     .confidence = confidence,
                                     .known = path->letters[word->to - 1].kind == WORD_LISTED};
}

static uint32_t end_of_word(const struct line_path *path, uint32_t from)
{
    uint32_t to = from + 1;
    while (to < path->count && path->letters[to].letter != 0 && !path->letters[to].begins)
        to++;
    return to;
}

static void add_words(const struct line_reader *reader, const struct line_path *path, struct recognised *line)
{
    uint64_t letters = 0, sum = 0;
    float before = 0;
    for (uint32_t from = 0, to; from < path->count; from = to) {
        to = from + 1;
        if (path->letters[from].letter == 0)
            continue;
        to = end_of_word(path, from);
        float behind = to < path->count && path->letters[to].letter == 0 ? path->letters[to].certainty : 0;
        struct word word = {from, to, fminf(before, behind)};
        add_word(reader, path, &word, line, &letters, &sum);
        before = behind;
        to += to < path->count && path->letters[to].letter == 0;
    }
    line->confidence = letters ? (uint16_t)(sum / letters) : 0;
}

bool line_reader_read(const struct line_reader *reader, const struct strip *strip,
                      struct recognised *ret_line)
{
    struct line_path path;
    struct line_path_codes codes = {.letters = reader->of_code,
                                    .count = line_net_codes(&reader->net),
                                    .blank = reader->net.blank,
                                    .lists = &reader->lists};
    ret_line->size = ret_line->word_count = 0;
    ret_line->confidence = 0;
    if (strip->height != LINE_NET_HEIGHT)
        return false;
    if (strip->width < LINE_NET_ACROSS)
        return true;
    float *shares = line_net_run(&reader->net, strip->grey, strip->width, strip->stride);
    bool done = shares && line_path_find(&codes, shares, strip->width / LINE_NET_ACROSS, &path);
    free(shares);
    if (!done)
        return false;
    add_words(reader, &path, ret_line);
    line_path_free(&path);
    return true;
}
