/* Files to trees: the main file and those of conf.d, each up to its limit, whatever stands under its name. */
#include "config/config_sources.h"

#include "base/buf.h"
#include "config/config_limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct span scratch_text(struct config_reader *reader, const char *text, size_t size)
{
    struct span kept = arena_copy(&reader->scratch, (struct span){text, size});
    if (!kept.at)
        reader->error = -ENOMEM;
    return kept;
}

/* The absolute folder a file is in, without looking behind links: as the operator named it. */
static struct span folder_of(struct config_reader *reader, const char *path)
{
    char here[CONFIG_PATH_BYTES] = "", folder[2 * CONFIG_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t size = slash ? (size_t)(slash - path) : 0;
    if (path[0] != '/' && !getcwd(here, sizeof(here)))
        reader->error = -errno;
    snprintf(folder, sizeof(folder), "%s%s%.*s", here, path[0] != '/' && size ? "/" : "", (int)size, path);
    return scratch_text(reader, folder, strlen(folder));
}

static void tell_tree(void *context, const struct tree_file *file, uint32_t line, uint32_t column,
                      const char *what)
{
    struct config_reader *reader = context;
    config_fault_at(reader, file, line, column, "%s", what);
}

static void parse(struct config_reader *reader, struct config_source *source, struct span text)
{
    if (span_starts(text, SPAN("\xEF\xBB\xBF")))
        text = span_cut(text, 3, text.size);
    int result = yaml_tree_read(&reader->scratch, &source->file, text, tell_tree, reader, &source->root);
    if (result == -ENOMEM)
        reader->error = result;
    else if (result < 0)
        reader->broken = true;
    else if (source->root->kind != TREE_MAP) {
        config_fault(reader, source->root,
                     "keys and values are wanted, like 'store: /var/lib/varta/varta.db'");
        source->root = NULL;
    }
}

/* Up to the limit and a byte more. Returns 0 or a negative errno. */
static int read_descriptor(int descriptor, struct buf *text)
{
    ssize_t size = 1;
    while (size > 0 && buf_reserve(text, 65536)) {
        size = read(descriptor, text->at + text->size, 65536);
        if (size > 0)
            text->size += (size_t)size;
        if (text->size > CONFIG_FILE_BYTES)
            return -EFBIG;
    }
    if (text->failed)
        return -ENOMEM;
    return size < 0 ? -errno : 0;
}

static int read_file(const char *path, struct buf *text)
{
    bool standard = strcmp(path, "-") == 0;
    int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -errno;
    int result = read_descriptor(descriptor, text);
    if (!standard)
        close(descriptor);
    return result;
}

void config_sources_add_text(struct config_reader *reader, struct config_sources *sources, const char *path,
                             struct span text)
{
    struct config_source *source = &sources->at[sources->count];
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    *source = (struct config_source){.file = {.name = scratch_text(reader, name, strlen(name)),
                                              .folder = folder_of(reader, path),
                                              .number = (unsigned)sources->count}};
    sources->count++;
    sources->bytes += text.size;
    if (reader->error < 0)
        return;
    if (sources->bytes > CONFIG_TOTAL_BYTES)
        config_fault_at(reader, &source->file, 0, 0, "all files together are larger than 16 MB");
    else
        parse(reader, source, text);
}

int config_sources_add(struct config_reader *reader, struct config_sources *sources, const char *path)
{
    buf_auto text = buf_new(CONFIG_FILE_BYTES + 131072);
    int result = read_file(path, &text);
    if (result == 0) {
        config_sources_add_text(reader, sources, path, buf_span(&text));
        return 0;
    }
    if (result == -ENOMEM)
        return reader->error = result;
    reader->broken = true;
    struct tree_file file = {.name = span_of(path), .number = (unsigned)sources->count};
    config_fault_at(reader, &file, 0, 0, "%s",
                    result == -EFBIG ? "larger than 4 MB: is this a configuration?" : strerror(-result));
    return result;
}

static int is_fragment(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && span_ends(span_of(entry->d_name), SPAN(".yaml"));
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

void config_sources_add_fragments(struct config_reader *reader, struct config_sources *sources,
                                  const char *main_path)
{
    const char *slash = strrchr(main_path, '/');
    char folder[CONFIG_PATH_BYTES], path[CONFIG_PATH_BYTES + 300];
    struct dirent **entries;
    snprintf(folder, sizeof(folder), "%.*sconf.d", slash ? (int)(slash - main_path + 1) : 0, main_path);
    int count = scandir(folder, &entries, is_fragment, by_bytes);
    struct tree_file file = {.name = scratch_text(reader, folder, strlen(folder)), .number = 1};
    if (count < 0 && errno != ENOENT && errno != ENOTDIR)
        config_fault_at(reader, &file, 0, 0, "%s", strerror(errno));
    if (count > CONFIG_FILES)
        config_fault_at(reader, &file, 0, 0, "more than %d files", CONFIG_FILES);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (i < CONFIG_FILES && reader->error == 0)
            config_sources_add(reader, sources, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}
