/* Prints the languages of a text with libvarta, one span a line:
 *
 *   which_language models/language.varta "Слава Україні. Czekajcie na najgorsze."
 */
#include <varta/language.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct varta_language_model *model;
    struct varta_language_result result;
    const char *reason = "cannot be read";

    if (argc != 3) {
        fprintf(stderr, "usage: which_language MODEL TEXT\n");
        return 2;
    }
    if (varta_language_model_open(argv[1], &model, &reason) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], reason);
        return 1;
    }
    if (varta_language_identify(model, argv[2], strlen(argv[2]), NULL, &result) == 0) {
        for (size_t i = 0; i < result.span_count; i++) {
            const struct varta_language_span *span = &result.spans[i];

            printf("%s %.2f %.*s\n", span->language, (double)span->confidence, (int)(span->end - span->start),
                   argv[2] + span->start);
        }
        varta_language_result_free(&result);
    }
    varta_language_model_close(model);
    return 0;
}
