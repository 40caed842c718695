/*
 * varta-ocr: pictures, one child per picture. The only program that links Leptonica and Tesseract. It also
 * holds the language model, for the step picks the recognition model of a line by the language it seems to be
 * in.
 */
#include "os/spawn.h"
#include "pipeline/ocr/ocr.h"
#include "wire/records.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <varta/language.h>

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static double identify(void *context, struct span text, char ret_language[12])
{
    float confidence = 0;
    const char *tag = varta_language_guess(context, text.at ? text.at : "", text.size, NULL, &confidence);
    snprintf(ret_language, 12, "%s", tag);
    return (double)confidence;
}

static struct varta_language_model *open_language_model(void)
{
    char path[PATH_MAX];
    struct varta_language_model *model = NULL;
    if (spawn_data_path("language.varta", path, sizeof(path)) < 0 ||
        varta_language_model_open(path, &model, NULL) < 0)
        return NULL;
    return model;
}

static int picture_job(void *context, struct span order_bytes, struct span input, struct buf *reply,
                       int *ret_fd)
{
    struct ocr *ocr = context;
    struct picture_order order;
    (void)ret_fd;
    if (!picture_order_get(order_bytes, &order))
        return -EBADMSG;
    struct picture_text text;
    ocr_read(ocr, input, &text);
    picture_text_put(reply, &text);
    return 0;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct ocr *ocr = NULL;
    const char *missing = NULL;
    struct ocr_settings settings = {0};
    struct varta_language_model *model = open_language_model();
    if (!model || ocr_open(&settings, identify, model, &ocr, &missing) < 0)
        return EXIT_FAILURE;
    struct template template = {
        .takes = MESSAGE_PICTURE,
        .gives = MESSAGE_PICTURE_TEXT,
        .job = picture_job,
        .context = ocr,
        .limits = {.memory_bytes = ROLE_OCR_MEMORY, .cpu_s = ROLE_OCR_CPU_S, .file_bytes = ROLE_OCR_REPLY},
        .input_bytes = ROLE_OCR_INPUT,
        .reply_bytes = ROLE_OCR_REPLY,
        .deadline_ms = ROLE_OCR_DEADLINE_MS,
        .level = template_level(argc, argv),
    };
    int code = template_serve(&template, missing);
    ocr_close(ocr);
    varta_language_model_close(model);
    return code;
}
