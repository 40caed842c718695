/* Opening a model: mapped, so that every process and thread of a machine shares one copy and opening costs no
 * more than the checksum. */
#include "varta/language.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/identify/langmodel.h"
#include "pipeline/identify/langtext.h"

static int refuse(const char *reason, const char **ret_reason)
{
    if (ret_reason)
        *ret_reason = reason;
    return -EBADMSG;
}

int varta_language_model_from_memory(const void *bytes, size_t size, struct varta_language_model **ret_model,
                                     const char **ret_reason)
{
    struct varta_language_model *model;
    const char *wrong;

    if ((uintptr_t)bytes % 64 != 0)
        return -EINVAL;
    wrong = langmodel_verify(bytes, size);
    if (wrong)
        return refuse(wrong, ret_reason);
    model = calloc(1, sizeof *model);
    if (model)
        model->no_prior = calloc(1, sizeof *model->no_prior);
    if (!model || !model->no_prior) {
        free(model);
        return -ENOMEM;
    }
    model->bytes = bytes;
    model->size = size;
    memcpy(&model->header, bytes, sizeof model->header);
    langtext_prepare(model, model->no_prior);
    *ret_model = model;
    return 0;
}

static int map_file(int fd, const void **ret_bytes, size_t *ret_size, const char **ret_reason)
{
    struct stat status;
    void *bytes;

    if (fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > LANGMODEL_SIZE_MAX)
        return refuse("not a language model: wrong size", ret_reason);
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (bytes == MAP_FAILED)
        return -errno;
    *ret_bytes = bytes;
    *ret_size = (size_t)status.st_size;
    return 0;
}

static void unmap(const void *bytes, size_t size)
{
    munmap((void *)(uintptr_t)bytes, size);
}

int varta_language_model_open(const char *path, struct varta_language_model **ret_model,
                              const char **ret_reason)
{
    const void *bytes = NULL;
    size_t size = 0;
    int result, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return -errno;
    result = map_file(fd, &bytes, &size, ret_reason);
    close(fd);
    if (result < 0)
        return result;
    result = varta_language_model_from_memory(bytes, size, ret_model, ret_reason);
    if (result < 0)
        unmap(bytes, size);
    else
        (*ret_model)->mapped = 1;
    return result;
}

void varta_language_model_close(struct varta_language_model *model)
{
    if (!model)
        return;
    if (model->mapped)
        unmap(model->bytes, model->size);
    free(model->no_prior);
    free(model);
}

size_t varta_language_count(const struct varta_language_model *model)
{
    return model->header.language_count;
}

const char *varta_language_tag(const struct varta_language_model *model, size_t number)
{
    return number < model->header.language_count ? model->header.languages[number].tag : NULL;
}
