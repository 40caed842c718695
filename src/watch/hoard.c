/* See hoard.h. */
#include "watch/hoard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct hoarded {
    struct hoarded *next;
    struct hoard *hoard;
    struct digest digest;
    uint64_t size;
    int fd;
    unsigned holders;
};

struct hoard {
    struct hoarded *first;
    size_t files;
    uint64_t bytes, refused;
};

int hoard_new(struct hoard **ret_hoard)
{
    *ret_hoard = calloc(1, sizeof(**ret_hoard));
    return *ret_hoard ? 0 : -ENOMEM;
}

void hoard_free(struct hoard *hoard)
{
    free(hoard);
}

static struct hoarded *find(const struct hoard *hoard, const struct digest *digest)
{
    struct hoarded *held = hoard->first;
    while (held && memcmp(held->digest.at, digest->at, sizeof(digest->at)) != 0)
        held = held->next;
    return held;
}

static struct hoarded *take(struct hoard *hoard, int fd, const struct digest *digest, uint64_t size)
{
    struct hoarded *held = calloc(1, sizeof(*held));
    int own = held ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (own < 0) {
        free(held);
        return NULL;
    }
    *held = (struct hoarded){hoard->first, hoard, *digest, size, own, 1};
    hoard->first = held;
    hoard->files++;
    hoard->bytes += size;
    return held;
}

struct hoarded *hoard_hold(struct hoard *hoard, int fd, const struct digest *digest)
{
    struct stat about;
    if (!hoard || fd < 0 || fstat(fd, &about) < 0 || about.st_size <= 0)
        return NULL;
    struct hoarded *held = find(hoard, digest);
    if (held && held->size == (uint64_t)about.st_size)
        return hoard_share(held);
    bool fits = !held && hoard->files < HOARD_FILES && (uint64_t)about.st_size <= HOARD_BYTES - hoard->bytes;
    held = fits ? take(hoard, fd, digest, (uint64_t)about.st_size) : NULL;
    hoard->refused += !held;
    return held;
}

struct hoarded *hoard_share(struct hoarded *held)
{
    if (held)
        held->holders++;
    return held;
}

void hoard_release(struct hoarded *held)
{
    if (!held || --held->holders > 0)
        return;
    for (struct hoarded **at = &held->hoard->first; *at; at = &(*at)->next)
        if (*at == held) {
            *at = held->next;
            break;
        }
    held->hoard->files--;
    held->hoard->bytes -= held->size;
    close(held->fd);
    free(held);
}

int hoard_fd(const struct hoarded *held)
{
    return held->fd;
}

const struct digest *hoard_digest(const struct hoarded *held)
{
    return &held->digest;
}

uint64_t hoard_size(const struct hoarded *held)
{
    return held->size;
}

uint64_t hoard_refused(const struct hoard *hoard)
{
    return hoard->refused;
}
