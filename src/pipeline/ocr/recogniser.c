/*
 * The only file that knows Tesseract. Its models are run by line_reader.c where they are built as those of
 * tessdata_fast are, and by Tesseract itself where not. One instance holds one language: four languages in
 * one instance cost four times as much for every line. Pictures reach it by SetImage alone; ProcessPages
 * would take an address and fetch it.
 */
#include "pipeline/ocr/recogniser.h"

#include "base/utf8.h"
#include "pipeline/ocr/line_reader.h"
#include "pipeline/ocr/traineddata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tesseract/capi.h>
#include <unistd.h>

/* Of the OpenMP runtime that libtesseract brings along. Its four threads would cost seven times the time, and
 * a sandbox without clone would be killed by the first. */
void omp_set_num_threads(int threads);
void omp_set_max_active_levels(int levels);

struct recogniser {
    struct line_reader *reader; /* NULL for a model that it cannot run */
    TessBaseAPI *api;           /* NULL for one that it can */
};

static bool init(TessBaseAPI *api, const char *language, struct span model)
{
    omp_set_num_threads(1);
    omp_set_max_active_levels(0);
    if (TessBaseAPIInit5(api, model.at, (int)model.size, language, OEM_LSTM_ONLY, NULL, 0, NULL, NULL, 0,
                         false) != 0)
        return false;
    /* Strips are dark on white already, and whether the face is fixed pitch matters only to the old engine:
     * finding that out takes a fourteenth of the time. */
    return TessBaseAPISetVariable(api, "tessedit_do_invert", "0") &&
           TessBaseAPISetVariable(api, "textord_all_prop", "1");
}

static TessBaseAPI *open_tesseract(const char *language, struct span model)
{
    TessBaseAPI *api = TessBaseAPICreate();
    if (api && !init(api, language, model)) {
        TessBaseAPIDelete(api);
        api = NULL;
    }
    return api;
}

/* What Tesseract makes of a model that may be damaged, which it ends many a time with abort(). */
static _Noreturn void probe(const char *language, struct span model)
{
    enum { CPU_S = 20, SIDE = 36 };
    static uint8_t white[SIDE * SIDE];
    setrlimit(RLIMIT_CPU, &(struct rlimit){CPU_S, CPU_S});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    for (size_t i = 0; i < sizeof(white); i++)
        white[i] = i % SIDE > 15 && i % SIDE < 20 ? 0 : 255;
    TessBaseAPI *api = open_tesseract(language, model);
    if (!api)
        _exit(EXIT_FAILURE);
    TessBaseAPISetPageSegMode(api, PSM_RAW_LINE);
    TessBaseAPISetImage(api, white, SIDE, SIDE, 1, SIDE);
    _exit(TessBaseAPIRecognize(api, NULL) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool survives_tesseract(const char *language, struct span model)
{
    int status = 0;
    pid_t pid = fork(), ended;
    if (pid == 0)
        probe(language, model);
    do
        ended = pid < 0 ? -1 : waitpid(pid, &status, 0);
    while (ended < 0 && pid > 0 && errno == EINTR);
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

struct recogniser *recogniser_open(const char *language, struct span model)
{
    struct traineddata parts; /* Tesseract would complain about a file that is none in words of its own */
    struct recogniser *recogniser = calloc(1, sizeof(*recogniser));
    if (!recogniser || model.size > OCR_MAX_MODEL_BYTES || !traineddata_read(model, &parts))
        return free(recogniser), NULL;
    bool damaged;
    recogniser->reader = line_reader_open(model, &damaged);
    if (!recogniser->reader && !damaged && survives_tesseract(language, model))
        recogniser->api = open_tesseract(language, model);
    if (!recogniser->reader && !recogniser->api)
        return free(recogniser), NULL;
    return recogniser;
}

void recogniser_close(struct recogniser *recogniser)
{
    if (!recogniser)
        return;
    line_reader_close(recogniser->reader);
    if (recogniser->api) {
        TessBaseAPIEnd(recogniser->api);
        TessBaseAPIDelete(recogniser->api);
    }
    free(recogniser);
}

static uint16_t permille(float percent)
{
    return (uint16_t)(percent <= 0 ? 0 : percent >= 100 ? 1000 : percent * 10);
}

static bool add_text(struct recognised *line, struct span text)
{
    size_t space = line->size > 0;
    if (text.size == 0 || !utf8_valid(text) || line->size + space + text.size > sizeof(line->text))
        return false;
    if (space)
        line->text[line->size++] = ' ';
    memcpy(line->text + line->size, text.at, text.size);
    line->size += text.size;
    return true;
}

static void add_word(TessResultIterator *words, struct recognised *line, uint64_t *letters, uint64_t *sum)
{
    char *text = TessResultIteratorGetUTF8Text(words, RIL_WORD);
    struct span word = span_trim(span_of(text));
    uint16_t confidence = permille(TessResultIteratorConfidence(words, RIL_WORD));
    if (add_text(line, word)) {
        size_t length = utf8_length(word);
        *letters += length;
        *sum += (uint64_t)length * confidence;
        int left = 0, top, right = 0, bottom;
        TessPageIteratorBoundingBox(TessResultIteratorGetPageIteratorConst(words), RIL_WORD, &left, &top,
                                    &right, &bottom);
        if (line->word_count < RECOGNISED_WORDS)
            line->words[line->word_count++] =
                (struct recognised_word){.from = (uint16_t)(line->size - word.size),
                                         .to = (uint16_t)line->size,
                                         .left = (uint32_t)left,
                                         .right = (uint32_t)right,
                                         .confidence = confidence,
                                         .known = TessResultIteratorWordIsFromDictionary(words)};
    }
    TessDeleteText(text);
}

static void collect(TessResultIterator *words, struct recognised *line)
{
    uint64_t letters = 0, sum = 0;
    do
        add_word(words, line, &letters, &sum);
    while (TessResultIteratorNext(words, RIL_WORD));
    line->confidence = letters ? (uint16_t)(sum / letters) : 0;
}

static bool read_with_tesseract(TessBaseAPI *api, const struct strip *strip, struct recognised *line)
{
    /* A search for the line costs as much as a tenth of reading it, and a scale of its own. */
    TessBaseAPISetPageSegMode(api, strip->clean ? PSM_RAW_LINE : PSM_SINGLE_LINE);
    TessBaseAPISetImage(api, strip->grey, (int)strip->width, (int)strip->height, 1, (int)strip->stride);
    TessBaseAPISetSourceResolution(api, 300);
    bool done = TessBaseAPIRecognize(api, NULL) == 0;
    if (done) {
        TessResultIterator *words = TessBaseAPIGetIterator(api);
        if (words) {
            collect(words, line);
            TessResultIteratorDelete(words);
        }
    }
    TessBaseAPIClear(api);
    return done;
}

bool recogniser_read(struct recogniser *recogniser, const struct strip *strip, struct recognised *ret_line)
{
    ret_line->size = ret_line->word_count = 0;
    ret_line->confidence = 0;
    if (recogniser->reader)
        return line_reader_read(recogniser->reader, strip, ret_line);
    return read_with_tesseract(recogniser->api, strip, ret_line);
}
