/*
 * Puts a configuration together: the files into trees, the keys of all of them, then sinks, then groups,
 * which name sinks. Every part is read even when another is at fault, so that all faults are told at once;
 * then there is no configuration, and the daemon keeps the one it has.
 */
#include "config/config.h"

#include "base/utf8.h"
#include "config/config_limits.h"
#include "config/config_probe.h"
#include "config/config_sources.h"
#include "config/config_values.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static const char *const part_names[] = {"groups", "sinks"};

/* ---- trees to structs ---- */

static const struct tree_node *part_of(const struct config_source *source, const char *name)
{
    for (const struct tree_node *node = source->root ? source->root->first : NULL; node; node = node->next)
        if (span_equal(node->key, span_of(name)))
            return node;
    return NULL;
}

static void read_top(struct config_reader *reader, const struct config_sources *sources)
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

/* Walks the entries of one part in all files; `read` gets each, with a name that is one and new, and returns
 * false when there are too many. */
typedef bool read_entry_fn(struct config_reader *reader, const struct tree_node *node);

static const struct tree_node *find_first(const struct config_sources *sources, const char *part,
                                          const struct tree_node *until)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *map = part_of(&sources->at[i], part);
        if (!map)
            continue;
        if (map->file == until->file)
            return NULL;
        for (const struct tree_node *node = map->first; node; node = node->next)
            if (span_equal(node->key, until->key))
                return node;
    }
    return NULL;
}

static void read_part(struct config_reader *reader, const struct config_sources *sources, const char *part,
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
            else if (is_name(reader, node) && !read(reader, node))
                return;
        }
    }
}

static bool read_sink(struct config_reader *reader, const struct tree_node *node)
{
    struct config *config = reader->config;
    if (config->sink_count >= CONFIG_SINKS) {
        config_key_fault(reader, node, "more than %d sinks", CONFIG_SINKS);
        return false;
    }
    struct config_sink *sink = &config->sinks[config->sink_count++];
    sink->name = config_keep(reader, node->key);
    reader->sink_nodes[sink - config->sinks] = node;
    config_sinks_read(reader, node, sink);
    return true;
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

static bool read_group(struct config_reader *reader, const struct tree_node *node)
{
    struct config *config = reader->config;
    bool standard = span_equal(node->key, SPAN("default"));
    if (!standard && config->group_count >= CONFIG_GROUPS) {
        config_key_fault(reader, node, "more than %d groups", CONFIG_GROUPS);
        return false;
    }
    struct config_group *group = standard ? &config->groups[0] : new_group(reader, node->key);
    reader->group = (uint32_t)(group - config->groups);
    config_mapping_read(reader, node, KEY_GROUP, "", 0, group, NULL);
    return true;
}

/* A mail sink without recipients writes to the groups' contacts: who has none would never hear of it. */
static void check_recipients(struct config_reader *reader, size_t sink)
{
    const struct config *config = reader->config;
    if (config->sinks[sink].kind != SINK_MAIL || config->sinks[sink].to_count)
        return;
    for (size_t i = 0; i < config->group_count; i++) {
        const struct config_group *group = &config->groups[i];
        bool told = group->sinks >> sink & 1 && (group->list_count || group->url_count);
        if (told && !config_network_is_address(group->contact))
            config_key_fault(reader, reader->sink_nodes[sink],
                             "the sink '%s' names no recipient with 'to', and the group '%s' has no mail "
                             "address as its contact",
                             config->sinks[sink].name.at, group->name.at);
    }
}

/* Anybody who can connect may read which ministry has trouble: another machine only when it is meant. */
static void check_listener(struct config_reader *reader, const struct config_sources *sources)
{
    const struct config_web *web = &reader->config->web;
    union config_address address;
    socklen_t size;
    if (web->listen.size == 0 || web->allow_remote || config_web_address(web->listen, &address, &size) < 0 ||
        config_web_is_near(&address))
        return;
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *map = part_of(&sources->at[i], "web");
        for (const struct tree_node *node = map ? map->first : NULL; node; node = node->next)
            if (span_equal(node->key, SPAN("listen")))
                config_fault(
                    reader, node,
                    "web.listen: other machines reach this address: listen at 127.0.0.1 behind a proxy "
                    "with TLS, or say web.allow_remote: true");
    }
}

/* Evidence stands beside the store unless it is told where. */
static void place_evidence(struct config_reader *reader)
{
    struct config *config = reader->config;
    char text[CONFIG_PATH_BYTES + 32];
    const char *slash = config->store.size ? strrchr(config->store.at, '/') : NULL;
    if (config->evidence_folder.size || !slash)
        return;
    snprintf(text, sizeof(text), "%.*s/evidence", (int)(slash - config->store.at), config->store.at);
    config->evidence_folder = config_keep(reader, span_of(text));
}

static void read_trees(struct config_reader *reader, const struct config_sources *sources)
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
    check_listener(reader, sources);
    read_part(reader, sources, part_names[1], read_sink);
    new_group(reader, SPAN("default"));
    read_part(reader, sources, part_names[0], read_group);
    for (size_t i = 0; i < config->sink_count && reader->fault_total == 0; i++)
        check_recipients(reader, i);
    for (size_t i = 0; i < config->list.count; i++)
        config->groups[config->list.pages[i].group].page_count++;
    place_evidence(reader);
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

/* The zone that any of the files names; one that is none is told when its key is read. */
static const char *zone_of(const struct config_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *node = part_of(&sources->at[i], "timezone");
        if (node && node->kind == TREE_TEXT && config_values_knows_zone(node->text))
            return node->text.at;
    }
    return NULL;
}

static void read_in_zone(struct config_reader *reader, const struct config_sources *sources)
{
    const char *zone = zone_of(sources), *before = getenv("TZ");
    char *kept = before ? strdup(before) : NULL;
    if (before && !kept) {
        reader->error = -ENOMEM;
        return;
    }
    if (zone)
        set_zone(zone);
    read_trees(reader, sources);
    if (zone)
        set_zone(kept);
    free(kept);
}

/* ---- the whole ---- */

static int begin(struct config_reader *reader, struct config_sources *sources, struct config *config)
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

static void keep_path(struct config_reader *reader, const struct config_sources *sources, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct span folder = sources->at[0].file.folder;
    char text[2 * CONFIG_PATH_BYTES + 2];
    snprintf(text, sizeof(text), "%.*s/%s", (int)folder.size, folder.at, name);
    reader->config->path = config_keep(reader, span_of(text));
}

static int read_path(const char *path, bool probing, config_error_fn *tell, void *context,
                     struct config *ret_config)
{
    struct config config;
    struct config_reader reader = {.with_files = true};
    struct config_sources sources = {0};
    int result = begin(&reader, &sources, &config);
    if (result == 0 &&
        (strlen(path) >= CONFIG_PATH_BYTES || config_sources_add(&reader, &sources, path) == -ENOENT))
        result = -ENOENT;
    if (result == 0 && strcmp(path, "-") != 0)
        config_sources_add_fragments(&reader, &sources, path);
    if (result == 0 && reader.error == 0) {
        read_in_zone(&reader, &sources);
        keep_path(&reader, &sources, path);
    }
    if (result == 0 && reader.error == 0 && reader.fault_total == 0 && probing)
        config_probe(&reader, &sources);
    return finish(&reader, result, tell, context, ret_config);
}

int config_read(const char *path, config_error_fn *tell, void *context, struct config *ret_config)
{
    return read_path(path, false, tell, context, ret_config);
}

int config_check(const char *path, config_error_fn *tell, void *context, struct config *ret_config)
{
    return read_path(path, true, tell, context, ret_config);
}

int config_read_text(const char *path, struct span text, config_error_fn *tell, void *context,
                     struct config *ret_config)
{
    struct config config;
    struct config_reader reader = {.with_files = false};
    struct config_sources sources = {0};
    int result = begin(&reader, &sources, &config);
    if (result == 0)
        config_sources_add_text(&reader, &sources, path, text);
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
