/* See line_language.h. */
#include "workers/line_language.h"

#include <stdio.h>
#include <varta/language.h>

double line_language(void *context, struct span text, char ret_language[12])
{
    static const char *const expected[] = {"uk", "ru", "pl", "en"};
    static const struct varta_language_options options = {
        .expected = expected, .expected_count = sizeof(expected) / sizeof(expected[0])};
    float confidence = 0;
    const char *tag = varta_language_guess(context, text.at ? text.at : "", text.size, &options, &confidence);
    snprintf(ret_language, 12, "%s", tag);
    return (double)confidence;
}
