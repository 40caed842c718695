/* The rules of simple_identify.h. */
#include "simple_identify.h"

#include "base/utf8.h"

#include <stdio.h>

static bool is_one_of(uint32_t letter, const uint32_t *letters)
{
    while (*letters && *letters != letter)
        letters++;
    return *letters != 0;
}

double simple_identify(void *context, struct span text, char ret_language[12])
{
    static const uint32_t uk[] = {U'і', U'ї', U'є', U'ґ', 0}, ru[] = {U'ы', U'э', U'ъ', U'ё', 0};
    static const uint32_t pl[] = {U'ą', U'ę', U'ł', U'ó', U'ś', U'ż', U'ź', U'ć', U'ń', 0};
    (void)context;
    uint32_t before = 0;
    int ukrainian = 0, russian = 0, polish = 0, cyrillic = 0, latin = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t letter = utf8_lower(utf8_next(text, &at));
        ukrainian += is_one_of(letter, uk);
        russian += is_one_of(letter, ru);
        polish += is_one_of(letter, pl);
        russian += before == U'ь' && letter == U'і' ? 2 : 0; /* how a Ukrainian model reads ы */
        before = letter;
        cyrillic += letter >= 0x400 && letter < 0x530;
        latin += letter < 0x250 && utf8_is_letter(letter);
    }
    const char *tag = "und";
    if (cyrillic > latin)
        tag = ukrainian > russian                                        ? "uk"
              : russian > ukrainian || (ukrainian == 0 && cyrillic > 11) ? "ru"
                                                                         : "und";
    else if (latin > 0)
        tag = polish * 25 > latin ? "pl" : latin > 12 && polish == 0 ? "en" : "und";
    snprintf(ret_language, 12, "%s", tag);
    return tag[0] == 'u' && tag[1] == 'n' ? 0 : 0.9;
}
