/*
 * varta-ocr: pictures, one child per picture. The only program that links Leptonica and Tesseract. It also
 * holds the language model, for the step picks the recognition model of a line by the language it seems to be
 * in. Without a single recognition model it serves all the same and says of each picture that it could not be
 * read: ending would only be taken for a crash.
 */
#include "os/memfile.h"
#include "os/spawn.h"
#include "pipeline/ocr/ocr.h"
#include "wire/records.h"
#include "workers/line_language.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <varta/language.h>

static const char all_models[] = "ukr+rus+pol+eng";

static struct varta_language_model *open_language_model(void)
{
    char path[PATH_MAX];
    struct varta_language_model *model = NULL;
    if (spawn_data_path("language.varta", path, sizeof(path)) < 0 ||
        varta_language_model_open(path, &model, NULL) < 0)
        return NULL;
    return model;
}

/* ---- jobs ---- */

static int draw(struct span picture, const struct picture_text *text, int *ret_fd)
{
    buf_auto png = buf_new(ROLE_OCR_OVERLAY);
    if (ocr_overlay(picture, text, &png) != OUTCOME_OK)
        return -ENOMEM;
    int fd = memfile_new("overlay", buf_span(&png));
    if (fd < 0)
        return fd;
    *ret_fd = fd;
    return 0;
}

/* For evidence: what a report shows is ours, pixel by pixel. */
static int copy_job(struct span picture, struct buf *reply, int *ret_fd)
{
    struct picture_copy copy;
    buf_auto png = buf_new(ROLE_OCR_OVERLAY);
    ocr_copy(picture, &copy, &png);
    picture_copy_put(reply, &copy);
    int fd = copy.outcome == OUTCOME_OK ? memfile_new("copy", buf_span(&png)) : -1;
    if (copy.outcome == OUTCOME_OK && fd < 0)
        return fd;
    *ret_fd = fd;
    return 0;
}

static int picture_job(void *context, struct span order_bytes, struct span input, struct buf *reply,
                       int *ret_fd)
{
    struct picture_order order;
    if (!picture_order_get(order_bytes, &order))
        return -EBADMSG;
    if (order.copy)
        return copy_job(input, reply, ret_fd);
    bool named = order.background & READING_BACKGROUND;
    struct ocr_options options = {.background = named ? order.background & 0xFFFFFF : 0xFFFFFF,
                                  .time_ms = order.budget_ms};
    struct picture_text text = {.outcome = OUTCOME_NO_MODEL};
    if (context)
        ocr_read_with(context, input, &options, &text);
    picture_text_put(reply, &text);
    return order.overlay && text.outcome == OUTCOME_OK ? draw(input, &text, ret_fd) : 0;
}

/* ---- models ---- */

static void add_package(struct span model, struct buf *out)
{
    buf_add_text(out, " tesseract-ocr-");
    if (span_equal(model, SPAN("Cyrillic")))
        buf_add_text(out, "script-cyrl");
    else if (span_equal(model, SPAN("Latin")))
        buf_add_text(out, "script-latn");
    for (size_t i = 0; i < model.size && (model.at[0] < 'A' || model.at[0] > 'Z'); i++)
        buf_add_byte(out, model.at[i] == '_' ? '-' : model.at[i]);
}

/* What to do about models that are not there: a sentence for the operator, empty when nothing is missing. */
static void describe_missing(const char *missing, bool none, struct buf *out)
{
    struct span rest = span_of(missing), model;
    if (!*missing)
        return;
    buf_add_text(out, none ? "no recognition model can be used, no picture is read: install"
                           : "some recognition models cannot be used: install");
    while (span_next(&rest, '+', &model))
        add_package(model, out);
    buf_add_text(out, ", or name the folder that has their .traineddata files (--tessdata, VARTA_TESSDATA)");
}

/* To install a package that is there already would help nobody. */
static void describe_damaged(const char *damaged, bool none, struct buf *out)
{
    struct span rest = span_of(damaged), model;
    if (!*damaged)
        return;
    buf_add_text(out, out->size ? "; " : "");
    buf_add_text(out,
                 none ? "no recognition model can be used, no picture is read: missing, damaged, too large"
                        " or no readable file:"
                      : "left out, for the file is damaged, too large or not to be read:");
    while (span_next(&rest, '+', &model)) {
        buf_add_byte(out, ' ');
        buf_add_span(out, model);
        buf_add_text(out, ".traineddata");
    }
}

static int open_models(struct varta_language_model *languages, struct ocr **ret_ocr, struct buf *missing)
{
    struct ocr_settings settings = {getenv("VARTA_TESSDATA"), getenv("VARTA_OCR_MODELS")};
    const char *named = NULL;
    int result = ocr_open(&settings, line_language, languages, ret_ocr, &named);
    if (result == -EINVAL)
        buf_add_text(missing, "VARTA_OCR_MODELS is no list like ukr+rus+pol+eng: no picture is read");
    else if (result == -ENOENT)
        describe_missing(settings.languages ? settings.languages : all_models, true, missing);
    else if (result == -EBADMSG)
        describe_damaged(settings.languages ? settings.languages : all_models, true, missing);
    else if (result == 0) {
        describe_missing(named, false, missing);
        describe_damaged(ocr_damaged(*ret_ocr), false, missing);
    }
    return result == -EINVAL || result == -ENOENT || result == -EBADMSG ? 0 : result;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct ocr *ocr = NULL;
    buf_auto missing = buf_new(4096);
    struct varta_language_model *languages = open_language_model();
    if (!languages || open_models(languages, &ocr, &missing) < 0 || !buf_add_byte(&missing, '\0'))
        return EXIT_FAILURE;
    struct template template = {
        .takes = MESSAGE_PICTURE,
        .gives = MESSAGE_PICTURE_TEXT,
        .job = picture_job,
        .context = ocr,
        .limits = {.memory_bytes = ROLE_OCR_MEMORY, .cpu_s = ROLE_OCR_CPU_S, .file_bytes = ROLE_OCR_OVERLAY},
        .input_bytes = ROLE_OCR_INPUT,
        .reply_bytes = ROLE_OCR_REPLY,
        .deadline_ms = ROLE_OCR_DEADLINE_MS,
        .level = template_level(argc, argv),
    };
    int code = template_serve(&template, missing.at);
    ocr_close(ocr);
    varta_language_model_close(languages);
    return code;
}
