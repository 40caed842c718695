/*
 * Runs a fuzz target over the files of its corpus, with any compiler: what a fuzzer once found stays tested
 * everywhere. Arguments: folders or files. Fails when there was no file, so that an empty corpus cannot pass
 * for a tested one.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_BYTES = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(FILE_BYTES);
    if (!file || !bytes) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    size_t size = fread(bytes, 1, FILE_BYTES, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that a sanitizer sees a read behind the end */
    if (!exact)
        exit(1);
    for (size_t i = 0; i < size; i++)
        exact[i] = bytes[i];
    free(bytes);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static size_t run(const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;
    if (!folder)
        return run_file(path);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char name[4096];
        struct stat facts;
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (stat(name, &facts) == 0 && S_ISREG(facts.st_mode))
            count += run_file(name);
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++)
        count += run(argv[i]);
    printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
