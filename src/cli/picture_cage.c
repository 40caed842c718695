/* See picture_cage.h: the child writes into memory that both see, and can do nothing else. */
#include "cli/picture_cage.h"

#include "os/sandbox.h"

#include <errno.h>
#include <png.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAGE_MEMORY = 256 << 20 /* bytes */, CAGE_CPU_S = 5, DECODED = 0, NOT_DECODED = 1 };

static uint32_t number_at(struct span png, size_t at)
{
    const uint8_t *bytes = (const uint8_t *)png.at + at;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

bool picture_cage_size(struct span png, uint32_t *ret_width, uint32_t *ret_height)
{
    enum { HEAD = 24, WIDTH = 16, HEIGHT = 20 };
    if (png.size < HEAD || !span_starts(png, SPAN("\x89PNG\r\n\x1a\n")))
        return false;
    uint32_t width = number_at(png, WIDTH), height = number_at(png, HEIGHT);
    if (width == 0 || height == 0 || (uint64_t)width * height > PICTURE_CAGE_PIXELS)
        return false;
    *ret_width = width;
    *ret_height = height;
    return true;
}

static size_t bytes_of(uint32_t width, uint32_t height)
{
    return (size_t)width * height * 3;
}

/* In the child: no file, no terminal, no call but those that compute. */
static int decode(struct span png, uint32_t width, uint32_t height, uint8_t *pixels)
{
    static const struct sandbox_limits limits = {CAGE_MEMORY, CAGE_CPU_S, 1};
    const png_color white = {255, 255, 255};
    struct sandbox_filter filter;
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (close_range(0, ~0U, 0) < 0 || sandbox_template(SANDBOX_STRICT, &filter) < 0 ||
        sandbox_job(SANDBOX_STRICT, &filter, &limits) < 0)
        return NOT_DECODED;
    if (!png_image_begin_read_from_memory(&image, png.at, png.size) || image.width != width ||
        image.height != height)
        return NOT_DECODED;
    image.format = PNG_FORMAT_RGB;
    return png_image_finish_read(&image, &white, pixels, 0, NULL) ? DECODED : NOT_DECODED;
}

static bool was_decoded(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == DECODED;
}

uint8_t *picture_cage_decode(struct span png, uint32_t width, uint32_t height)
{
    uint8_t *pixels =
        mmap(NULL, bytes_of(width, height), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pixels == MAP_FAILED)
        return NULL;
    pid_t child = fork();
    if (child == 0)
        _exit(decode(png, width, height, pixels));
    if (child > 0 && was_decoded(child))
        return pixels;
    picture_cage_free(pixels, width, height);
    return NULL;
}

void picture_cage_free(uint8_t *pixels, uint32_t width, uint32_t height)
{
    munmap(pixels, bytes_of(width, height));
}
