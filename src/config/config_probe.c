/*
 * What no reading of the text can tell: whether the folder for evidence can be made, whether its ceiling is
 * one, whether the token can be read. The daemon does not ask this at its start, since it watches all the
 * same; who checks a configuration wants to know before.
 */
#include "config/config_probe.h"

#include "config/config_limits.h"
#include "config/config_values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const struct tree_node *child_of(const struct tree_node *map, const char *name)
{
    for (const struct tree_node *node = map ? map->first : NULL; node; node = node->next)
        if (span_equal(node->key, span_of(name)))
            return node;
    return NULL;
}

/* What the user who checks may not reach the daemon may; as a service, both are the same. */
static bool is_ours_to_say(int error)
{
    return error != EACCES || secure_getenv("STATE_DIRECTORY");
}

/* ---- evidence ---- */

static void folder_of(struct span path, char ret_folder[CONFIG_PATH_BYTES])
{
    size_t end = path.size;
    ret_folder[0] = '\0';
    if (end == 0)
        return;
    while (end > 1 && path.at[end - 1] == '/')
        end--;
    while (end > 1 && path.at[end - 1] != '/')
        end--;
    snprintf(ret_folder, CONFIG_PATH_BYTES, "%.*s", (int)(end > 1 ? end - 1 : 1), path.at);
}

/* 0 for a folder that one may write in, else a positive errno. */
static int why_not_in(const char *folder)
{
    struct stat about;
    if (stat(folder, &about) < 0)
        return errno;
    if (!S_ISDIR(about.st_mode))
        return ENOTDIR;
    return access(folder, W_OK | X_OK) < 0 ? errno : 0;
}

/* Without the store's folder nothing starts, and a service manager makes it. */
static bool is_the_stores(const struct config_reader *reader, const char *folder)
{
    char stores[CONFIG_PATH_BYTES];
    folder_of(reader->config->store, stores);
    return strcmp(folder, stores) == 0;
}

static void probe_folder(struct config_reader *reader, const struct tree_node *node)
{
    char parent[CONFIG_PATH_BYTES];
    struct span path = reader->config->evidence_folder;
    if (!node || path.size == 0)
        return;
    int why = why_not_in(path.at);
    folder_of(path, parent);
    if (why == ENOENT)
        why = is_the_stores(reader, parent) ? 0 : why_not_in(parent);
    if (why && is_ours_to_say(why))
        config_fault(reader, node, "evidence.folder: nothing can be kept in %.*s: %s",
                     config_values_shown(path), path.at, strerror(why));
}

/* Bytes of the disk that the folder is or will be on; 0 where that is not known. */
static uint64_t disk_of(struct span path)
{
    char parent[CONFIG_PATH_BYTES];
    struct statvfs disk;
    if (path.size == 0)
        return 0;
    folder_of(path, parent);
    if (statvfs(path.at, &disk) < 0 && statvfs(parent, &disk) < 0)
        return 0;
    return (uint64_t)disk.f_blocks * disk.f_frsize;
}

static void probe_bytes(struct config_reader *reader, const struct tree_node *node)
{
    uint64_t bytes = reader->config->evidence_bytes, disk = disk_of(reader->config->evidence_folder);
    if (!node || bytes == 0)
        return;
    if (bytes < CONFIG_EVIDENCE_LEAST)
        config_fault(
            reader, node,
            "evidence.bytes: one moment of an incident can take %dM: with less, evidence goes as soon as "
            "it is there; 0 is no limit",
            CONFIG_EVIDENCE_LEAST >> 20);
    else if (disk && bytes > disk)
        config_fault(
            reader, node,
            "evidence.bytes: the disk has %lluG in all, so that it is full before this is reached; 0 is "
            "no limit",
            (unsigned long long)(disk >> 30));
}

/* ---- the token ---- */

/* A name without a slash is one of systemd's credentials, which only the service sees. */
static bool token_path(struct span file, char ret_path[CONFIG_PATH_BYTES])
{
    const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");
    bool named = memchr(file.at, '/', file.size) == NULL;
    if (named && !folder)
        return false;
    int size = named ? snprintf(ret_path, CONFIG_PATH_BYTES, "%s/%s", folder, file.at)
                     : snprintf(ret_path, CONFIG_PATH_BYTES, "%s", file.at);
    return size < CONFIG_PATH_BYTES;
}

/* Returns the token's length without the white space around it, or a negative errno. */
static ssize_t token_length(const char *path)
{
    char text[CONFIG_TOKEN_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    ssize_t size = read(fd, text, sizeof(text));
    int error = errno;
    close(fd);
    ssize_t length = size < 0 ? -error : (ssize_t)span_trim((struct span){text, (size_t)size}).size;
    explicit_bzero(text, sizeof(text));
    return size == (ssize_t)sizeof(text) ? size : length;
}

static void probe_token(struct config_reader *reader, const struct tree_node *node)
{
    char path[CONFIG_PATH_BYTES];
    struct span file = reader->config->web.token_file;
    if (!node || file.size == 0 || !token_path(file, path))
        return;
    ssize_t length = token_length(path);
    if (length < 0 && !is_ours_to_say((int)-length))
        return;
    if (length < 0)
        config_fault(reader, node, "web.token_file: %.200s cannot be read: %s", path, strerror((int)-length));
    else if (length < CONFIG_TOKEN_LEAST || length >= CONFIG_TOKEN_BYTES)
        config_fault(reader, node, "web.token_file: %.200s holds %s: nobody could log in", path,
                     length < CONFIG_TOKEN_LEAST ? "fewer than 16 characters"
                                                 : "more than a thousand characters");
}

void config_probe(struct config_reader *reader, const struct config_sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct tree_node *evidence = child_of(sources->at[i].root, "evidence");
        if (reader->config->evidence_keep) {
            probe_folder(reader, child_of(evidence, "folder"));
            probe_bytes(reader, child_of(evidence, "bytes"));
        }
        probe_token(reader, child_of(child_of(sources->at[i].root, "web"), "token_file"));
    }
}
