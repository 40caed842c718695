/*
 * Puts a configuration together: the files into trees, the keys of all of them, then sinks, then groups,
 * which name sinks. Every part is read even when another is at fault, so that all faults are told at once;
 * then there is no configuration, and the daemon keeps the one it has.
 */
#include "config/config.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "config/config_limits.h"
#include "config/config_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct source {
    struct tree_file file;
    struct tree_node *root; /* NULL when it could not be read */
};

struct sources {
    struct source *at;
    size_t count;
    size_t bytes;
};

static const char *const part_names[] = {"groups", "sinks"};

/* ---- files to trees ---- */

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

static void parse(struct config_reader *reader, struct source *source, struct span text)
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

static void add_text(struct config_reader *reader, struct sources *sources, const char *path,
                     struct span text)
{
    struct source *source = &sources->at[sources->count];
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    *source = (struct source){.file = {.name = scratch_text(reader, name, strlen(name)),
                                       .folder = folder_of(reader, path),
                                       .number = (unsigned)sources->count}};
    sources->count++;
    sources->bytes += text.size;
    if (reader->error < 0)
        return;
    if (sources->bytes > CONFIG_TOTAL_BYTES)
        config_fault_at(reader, &source->file, 1, 1, "all files together are larger than 16 MB");
    else
        parse(reader, source, text);
}

static int add_file(struct config_reader *reader, struct sources *sources, const char *path)
{
    buf_auto text = buf_new(CONFIG_FILE_BYTES + 131072);
    int result = read_file(path, &text);
    if (result == 0) {
        add_text(reader, sources, path, buf_span(&text));
        return 0;
    }
    if (result == -ENOMEM)
        return reader->error = result;
    reader->broken = true;
    struct tree_file file = {.name = span_of(path), .number = (unsigned)sources->count};
    config_fault_at(reader, &file, 1, 1, "%s",
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

static void add_fragments(struct config_reader *reader, struct sources *sources, const char *main_path)
{
    const char *slash = strrchr(main_path, '/');
    char folder[CONFIG_PATH_BYTES], path[CONFIG_PATH_BYTES + 300];
    struct dirent **entries;
    snprintf(folder, sizeof(folder), "%.*sconf.d", slash ? (int)(slash - main_path + 1) : 0, main_path);
    int count = scandir(folder, &entries, is_fragment, by_bytes);
    struct tree_file file = {.name = scratch_text(reader, folder, strlen(folder)), .number = 1};
    if (count < 0 && errno != ENOENT && errno != ENOTDIR)
        config_fault_at(reader, &file, 1, 1, "%s", strerror(errno));
    if (count > CONFIG_FILES)
        config_fault_at(reader, &file, 1, 1, "more than %d files", CONFIG_FILES);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (i < CONFIG_FILES && reader->error == 0)
            add_file(reader, sources, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* ---- trees to structs ---- */

static const struct tree_node *part_of(const struct source *source, const char *name)
{
    for (const struct tree_node *node = source->root ? source->root->first : NULL; node; node = node->next)
        if (span_equal(node->key, span_of(name)))
            return node;
    return NULL;
}

static void read_top(struct config_reader *reader, const struct sources *sources)
{
    const struct tree_node **seen = arena_alloc(&reader->scratch, config_keys_count, sizeof(*seen));
    if (!seen)
        reader->error = -ENOMEM;
    for (size_t i = 0; i < sources->count && reader->error == 0; i++) {
        const struct tree_node *root = sources->at[i].root;
        if (!root)
            continue;
        config_mapping_read(reader, root, KEY_TOP, "", 0, reader->config, seen);
        for (const struct tree_node *node = root->first; node; node = node->next)
            if (config_keys_is_section(node->key))
                config_mapping_read(reader, node, KEY_TOP, node->key.at, 0, reader->config, seen);
    }
}

/* A group's or sink's name: it stands in alerts and on command lines. */
static bool is_name(struct config_reader *reader, const struct tree_node *node)
{
    struct span name = node->key;
    bool odd = name.size == 0 || name.size > CONFIG_NAME_BYTES;
    for (size_t at = 0; at < name.size && !odd;)
        odd = utf8_is_steering(utf8_next(name, &at));
    if (odd)
        config_key_fault(reader, node, "a name has 1 to %d bytes and no control or invisible character",
                         CONFIG_NAME_BYTES);
    return !odd;
}

/* Walks the entries of one part in all files; `read` gets each, with a name that is one and new. */
typedef void read_entry_fn(struct config_reader *reader, const struct tree_node *node);

static const struct tree_node *find_first(const struct sources *sources, const char *part,
                                          const struct tree_node *until)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *map = part_of(&sources->at[i], part);
        if (!map || map->file == until->file)
            return NULL;
        for (const struct tree_node *node = map->first; node; node = node->next)
            if (span_equal(node->key, until->key))
                return node;
    }
    return NULL;
}

static void read_part(struct config_reader *reader, const struct sources *sources, const char *part,
                      read_entry_fn *read)
{
    for (size_t i = 0; i < sources->count && reader->error == 0; i++) {
        const struct tree_node *map = part_of(&sources->at[i], part);
        if (!map || yaml_tree_is_null(map))
            continue;
        if (map->kind != TREE_MAP) {
            config_fault(reader, map, "%s: names are wanted, each with its keys indented below it", part);
            continue;
        }
        for (const struct tree_node *node = map->first; node && reader->error == 0; node = node->next) {
            const struct tree_node *first = find_first(sources, part, node);
            if (first)
                config_key_fault(
                    reader, node, "'%s' stands in %s already, in %.250s:%u:%u: keep one of the two",
                    node->key.at, part, first->file->name.at, first->key_line, first->key_column);
            else if (is_name(reader, node))
                read(reader, node);
        }
    }
}

static void read_sink(struct config_reader *reader, const struct tree_node *node)
{
    struct config *config = reader->config;
    if (config->sink_count >= CONFIG_SINKS) {
        config_key_fault(reader, node, "more than %d sinks", CONFIG_SINKS);
        return;
    }
    struct config_sink *sink = &config->sinks[config->sink_count++];
    sink->name = config_keep(reader, node->key);
    config_sinks_read(reader, node, sink);
}

static struct config_group *new_group(struct config_reader *reader, struct span name)
{
    struct config *config = reader->config;
    struct config_group *group = &config->groups[config->group_count];
    *group = config->common;
    if (config->group_count > 0) {
        group->lists = NULL;
        group->list_count = 0;
    }
    config_values_default(reader, KEY_GROUP, 0, group);
    group->name = config_keep(reader, name);
    config->group_count++;
    return group;
}

static void read_group(struct config_reader *reader, const struct tree_node *node)
{
    struct config *config = reader->config;
    bool standard = span_equal(node->key, SPAN("default"));
    if (!standard && config->group_count >= CONFIG_GROUPS) {
        config_key_fault(reader, node, "more than %d groups", CONFIG_GROUPS);
        return;
    }
    struct config_group *group = standard ? &config->groups[0] : new_group(reader, node->key);
    reader->group = (uint32_t)(group - config->groups);
    config_mapping_read(reader, node, KEY_GROUP, "", 0, group, NULL);
}

static void read_trees(struct config_reader *reader, const struct sources *sources)
{
    struct config *config = reader->config;
    config->groups = arena_alloc(&config->arena, CONFIG_GROUPS, sizeof(*config->groups));
    config->sinks = arena_alloc(&config->arena, CONFIG_SINKS, sizeof(*config->sinks));
    if (!config->groups || !config->sinks)
        reader->error = -ENOMEM;
    if (reader->error < 0)
        return;
    config_values_default(reader, KEY_TOP, 0, config);
    read_top(reader, sources);
    read_part(reader, sources, part_names[1], read_sink);
    new_group(reader, SPAN("default"));
    read_part(reader, sources, part_names[0], read_group);
    for (size_t i = 0; i < config->list.count; i++)
        config->groups[config->list.pages[i].group].page_count++;
}

/* ---- the time zone that dates are meant in ---- */

static void set_zone(const char *zone)
{
    if (zone)
        setenv("TZ", zone, 1);
    else
        unsetenv("TZ");
    tzset();
}

/* The zone that any of the files names, as written; read_zone() says whether it is one. */
static const char *zone_of(const struct sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *node = part_of(&sources->at[i], "timezone");
        if (node && node->kind == TREE_TEXT && node->text.size)
            return node->text.at;
    }
    return NULL;
}

static void read_in_zone(struct config_reader *reader, const struct sources *sources)
{
    const char *zone = zone_of(sources), *before = getenv("TZ");
    char *kept = before ? strdup(before) : NULL;
    if (zone)
        set_zone(zone);
    read_trees(reader, sources);
    if (zone)
        set_zone(kept);
    free(kept);
}

/* ---- the whole ---- */

static int begin(struct config_reader *reader, struct sources *sources, struct config *config)
{
    *config = (struct config){.arena = arena_new(CONFIG_TEXT_BYTES), .list = page_list_new()};
    reader->config = config;
    reader->scratch = arena_new(CONFIG_TREE_BYTES);
    sources->at = arena_alloc(&reader->scratch, CONFIG_FILES + 1, sizeof(*sources->at));
    return sources->at ? 0 : -ENOMEM;
}

static int finish(struct config_reader *reader, int result, config_error_fn *tell, void *context,
                  struct config *ret_config)
{
    size_t faults = config_fault_tell(reader, tell, context);
    if (result == 0 && reader->error < 0)
        result = reader->error;
    if (result == 0 && faults)
        result = -EINVAL;
    arena_free(&reader->scratch);
    if (result == 0)
        *ret_config = *reader->config;
    else
        config_free(reader->config);
    return result;
}

static void keep_path(struct config_reader *reader, const struct sources *sources, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct span folder = sources->at[0].file.folder;
    char text[2 * CONFIG_PATH_BYTES + 2];
    snprintf(text, sizeof(text), "%.*s/%s", (int)folder.size, folder.at, name);
    reader->config->path = config_keep(reader, span_of(text));
}

int config_read(const char *path, config_error_fn *tell, void *context, struct config *ret_config)
{
    struct config config;
    struct config_reader reader = {.with_files = true};
    struct sources sources = {0};
    int result = begin(&reader, &sources, &config);
    if (result == 0 && (strlen(path) >= CONFIG_PATH_BYTES || add_file(&reader, &sources, path) == -ENOENT))
        result = -ENOENT;
    if (result == 0 && strcmp(path, "-") != 0)
        add_fragments(&reader, &sources, path);
    if (result == 0 && reader.error == 0) {
        read_in_zone(&reader, &sources);
        keep_path(&reader, &sources, path);
    }
    return finish(&reader, result, tell, context, ret_config);
}

int config_read_text(const char *path, struct span text, config_error_fn *tell, void *context,
                     struct config *ret_config)
{
    struct config config;
    struct config_reader reader = {.with_files = false};
    struct sources sources = {0};
    int result = begin(&reader, &sources, &config);
    if (result == 0)
        add_text(&reader, &sources, path, text);
    if (result == 0 && reader.error == 0) {
        read_in_zone(&reader, &sources);
        keep_path(&reader, &sources, path);
    }
    return finish(&reader, result, tell, context, ret_config);
}

void config_free(struct config *config)
{
    page_list_free(&config->list);
    arena_free(&config->arena);
    *config = (struct config){.list = page_list_new()};
}
