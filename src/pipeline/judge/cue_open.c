/* Reading the folder of cue lists: the only files the judge reads beside its model. */
#include "base/buf.h"
#include "pipeline/judge/cue.h"
#include "pipeline/judge/judge_file.h"
#include "pipeline/judge/judge_limits.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static int is_list(const struct dirent *entry)
{
    return span_ends(span_of(entry->d_name), SPAN(".txt"));
}

/* In byte order whatever the locale: the first of two equal cues counts. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_list(struct cue_set *set, const char *folder, const char *name, char ret_error[256])
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path)) {
        snprintf(ret_error, 256, "the name of the folder of cue lists is too long");
        return -ENAMETOOLONG;
    }
    buf_auto text = buf_new(CUE_FILE_BYTES_MAX);
    int error = judge_file_read(path, &text, ret_error);
    return error ? error : cue_read(set, path, buf_span(&text), ret_error);
}

static int read_folder(struct cue_set *set, const char *folder, char ret_error[256])
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_list, by_name);
    if (count < 0) {
        int error = errno;
        snprintf(ret_error, 256, "%.180s: %s", folder, strerror(error));
        return -error;
    }
    int error = count > CUE_FILES_MAX ? -E2BIG : 0;
    if (!count)
        error = -ENOENT;
    if (error)
        snprintf(ret_error, 256, "%.180s: %s", folder, count ? "too many cue lists" : "no cue list in it");
    for (int i = 0; i < count; i++) {
        if (!error)
            error = read_list(set, folder, entries[i]->d_name, ret_error);
        free(entries[i]);
    }
    free(entries);
    return error;
}

int cue_open(const char *folder, struct cue_set **ret_set, char ret_error[256])
{
    struct cue_set *set = cue_new();
    if (!set) {
        snprintf(ret_error, 256, "out of memory for the cue lists");
        return -ENOMEM;
    }
    int error = read_folder(set, folder, ret_error);
    if (error) {
        cue_free(set);
        return error;
    }
    *ret_set = set;
    return 0;
}
