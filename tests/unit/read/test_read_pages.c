/* Every page of pages/ reads as its .txt says. The folder is the first argument. */
#include "read_helper.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static const char *folder;

static void load(const char *path, struct buf *bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char piece[4096];
    for (size_t size; (size = fread(piece, 1, sizeof(piece), file)) > 0;)
        assert_true(buf_add(bytes, piece, size));
    fclose(file);
}

static void print(const struct reading *reading, struct buf *out)
{
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        buf_add_format(out, "%s\t%s\t", origin_name(block->origin), block->hidden ? "hidden" : "shown");
        buf_add_span(out, block->text);
        buf_add_byte(out, '\n');
    }
}

static void check_page(const char *name, size_t stem)
{
    char path[4096];
    buf_auto html = buf_new(1 << 20);
    buf_auto expected = buf_new(1 << 20);
    buf_auto actual = buf_new(1 << 20);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    load(path, &html);
    snprintf(path, sizeof(path), "%s/%.*s.txt", folder, (int)stem, name);
    load(path, &expected);
    struct reading reading = read_as(buf_span(&html), "");
    print(&reading, &actual);
    if (!span_equal(buf_span(&actual), buf_span(&expected)))
        fail_msg("%s reads as\n%s", name, buf_text(&actual));
    reading_free(&reading);
}

static void test_pages_read_as_written_down(void **state)
{
    (void)state;
    size_t count = 0;
    DIR *pages = opendir(folder);
    assert_non_null(pages);
    for (const struct dirent *entry; (entry = readdir(pages));) {
        struct span name = span_of(entry->d_name);
        if (!span_ends(name, SPAN(".html")))
            continue;
        check_page(entry->d_name, name.size - 5);
        count++;
    }
    closedir(pages);
    assert_true(count >= 30);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages_read_as_written_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
