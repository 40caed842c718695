/* See names.h. glibc itself does "files" and "dns"; any other word is libnss_WORD.so.2. */
#include "os/names.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE_BYTES = 1024, MODULE_BYTES = 64 };

static bool load(const char *service)
{
    char name[MODULE_BYTES + 16];
    if (strcmp(service, "files") == 0 || strcmp(service, "dns") == 0 || strlen(service) > MODULE_BYTES)
        return false;
    for (const char *at = service; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_')
            return false; /* what to do on an outcome, like [NOTFOUND=return] */
    snprintf(name, sizeof(name), "libnss_%s.so.2", service);
    return dlopen(name, RTLD_NOW) != NULL; /* never closed: glibc is to find it loaded */
}

bool names_load_modules(void)
{
    char line[LINE_BYTES];
    bool local = false;
    FILE *file = fopen("/etc/nsswitch.conf", "re");
    while (file && fgets(line, sizeof(line), file)) {
        char *rest = line;
        const char *word = strtok_r(rest, " \t\r\n", &rest);
        if (!word || strcmp(word, "hosts:") != 0)
            continue;
        while ((word = strtok_r(NULL, " \t\r\n", &rest)) && *word != '#')
            local |= load(word);
    }
    if (file)
        fclose(file);
    return local;
}

uint64_t names_state(void)
{
    static const char *const files[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"};
    uint64_t state = 0;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct stat about = {0};
        stat(files[i], &about);
        state = state * 1000003 + (uint64_t)about.st_ino * 31 + (uint64_t)about.st_dev;
    }
    return state;
}
