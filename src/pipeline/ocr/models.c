/* Finds and loads the models of models.h. Each is read into memory first, so that nothing needs to be opened
 * once the process is locked down. */
#include "pipeline/ocr/models.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name;
    const char *tag;
    enum model_script script;
} known[] = {
    {"ukr", "uk", MODEL_CYRILLIC}, {"rus", "ru", MODEL_CYRILLIC},
    {"bel", "be", MODEL_CYRILLIC}, {"bul", "bg", MODEL_CYRILLIC},
    {"srp", "sr", MODEL_CYRILLIC}, {"mkd", "mk", MODEL_CYRILLIC},
    {"kaz", "kk", MODEL_CYRILLIC}, {"pol", "pl", MODEL_LATIN},
    {"eng", "en", MODEL_LATIN},    {"deu", "de", MODEL_LATIN},
    {"fra", "fr", MODEL_LATIN},    {"ces", "cs", MODEL_LATIN},
    {"slk", "sk", MODEL_LATIN},    {"lit", "lt", MODEL_LATIN},
    {"lav", "lv", MODEL_LATIN},    {"est", "et", MODEL_LATIN},
    {"ron", "ro", MODEL_LATIN},    {"hun", "hu", MODEL_LATIN},
    {"tur", "tr", MODEL_LATIN},    {"spa", "es", MODEL_LATIN},
    {"ita", "it", MODEL_LATIN},    {"Cyrillic", "und-Cyrl", MODEL_CYRILLIC},
};

static const char *const folders[] = {"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata",
                                      "/usr/share/tesseract-ocr/4.00/tessdata"};

/* ---- reading files --------------------------------------------------------------------------------------
 */

/* Nothing is waited for and nothing without an end is read: a pipe or a device may have a model's name. */
static int read_regular(int fd, struct buf *out)
{
    char chunk[65536];
    struct stat about;
    ssize_t got;
    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || about.st_size > OCR_MAX_MODEL_BYTES)
        return -EIO;
    while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || out->size + (size_t)got > OCR_MAX_MODEL_BYTES)
            return -EIO;
        if (!buf_add(out, chunk, (size_t)got))
            return -ENOMEM;
    }
    return 0;
}

static int read_model(const char *folder, const char *name, struct buf *out)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.traineddata", folder, name);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? -ENOENT : -EIO;
    int result = read_regular(fd, out);
    close(fd);
    return result;
}

static int find_model(const char *folder, const char *name, struct buf *out)
{
    if (folder)
        return read_model(folder, name, out);
    const char *prefix = getenv("TESSDATA_PREFIX");
    int result = prefix ? read_model(prefix, name, out) : -ENOENT;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && result == -ENOENT; i++)
        result = read_model(folders[i], name, out);
    return result;
}

/* ---- loading --------------------------------------------------------------------------------------------
 */

static void describe(struct model *model)
{
    snprintf(model->tag, sizeof(model->tag), "%.11s", model->name);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].name, model->name) == 0) {
            snprintf(model->tag, sizeof(model->tag), "%s", known[i].tag);
            model->script = known[i].script;
        }
}

static int load(const char *folder, struct model *model)
{
    buf_auto bytes = buf_new(OCR_MAX_MODEL_BYTES);
    int result = find_model(folder, model->name, &bytes);
    if (result < 0)
        return result;
    model->recogniser = recogniser_open(model->name, buf_span(&bytes));
    return model->recogniser ? 0 : -EIO;
}

static void append_name(char *names, size_t room, const char *name)
{
    size_t used = strlen(names);
    snprintf(names + used, room - used, "%s%s", used ? "+" : "", name);
}

static int load_next(const char *folder, struct span name, struct models *models)
{
    if (name.size == 0 || name.size >= sizeof(models->at[0].name) || models->count == OCR_MAX_MODELS ||
        memchr(name.at, '/', name.size))
        return -EINVAL;
    struct model model = {.script = MODEL_LATIN};
    memcpy(model.name, name.at, name.size);
    describe(&model);
    int result = load(folder, &model);
    if (result == 0) {
        append_name(models->used, sizeof(models->used), model.name);
        models->at[models->count++] = model;
    } else if (result == -EIO) {
        append_name(models->damaged, sizeof(models->damaged), model.name);
    } else {
        append_name(models->missing, sizeof(models->missing), model.name);
    }
    return result == -ENOENT || result == -EIO ? 0 : result;
}

int models_open(const char *folder, const char *languages, struct models *ret_models)
{
    struct models models = {0};
    struct span rest = span_of(languages), name;
    int result = 0;
    while (result == 0 && span_next(&rest, '+', &name))
        result = load_next(folder, name, &models);
    if (result == 0 && models.count == 0)
        result = models.damaged[0] ? -EBADMSG : -ENOENT;
    if (result < 0) {
        models_close(&models);
        return result;
    }
    *ret_models = models;
    return 0;
}

void models_close(struct models *models)
{
    for (size_t i = 0; i < models->count; i++)
        recogniser_close(models->at[i].recogniser);
    models->count = 0;
}
