/* English names after ISO 639. */
#include "pipeline/judge/language_name.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *tag;
    const char *name;
} languages[] = {
    {"ar", "Arabic"},
    {"az", "Azerbaijani"},
    {"ba", "Bashkir"},
    {"be", "Belarusian"},
    {"bg", "Bulgarian"},
    {"bs", "Bosnian"},
    {"ca", "Catalan"},
    {"cs", "Czech"},
    {"da", "Danish"},
    {"de", "German"},
    {"el", "Greek"},
    {"en", "English"},
    {"es", "Spanish"},
    {"et", "Estonian"},
    {"fa", "Persian"},
    {"fi", "Finnish"},
    {"fr", "French"},
    {"he", "Hebrew"},
    {"hi", "Hindi"},
    {"hr", "Croatian"},
    {"hu", "Hungarian"},
    {"hy", "Armenian"},
    {"id", "Indonesian"},
    {"is", "Icelandic"},
    {"it", "Italian"},
    {"ja", "Japanese"},
    {"ka", "Georgian"},
    {"kk", "Kazakh"},
    {"ko", "Korean"},
    {"ky", "Kyrgyz"},
    {"lt", "Lithuanian"},
    {"lv", "Latvian"},
    {"mk", "Macedonian"},
    {"mn", "Mongolian"},
    {"ms", "Malay"},
    {"nb", "Norwegian"},
    {"nl", "Dutch"},
    {"nn", "Norwegian"},
    {"no", "Norwegian"},
    {"pl", "Polish"},
    {"pt", "Portuguese"},
    {"ro", "Romanian"},
    {"ru", "Russian"},
    {"rue", "Rusyn"},
    {"sk", "Slovak"},
    {"sl", "Slovene"},
    {"sq", "Albanian"},
    {"sr", "Serbian"},
    {"sv", "Swedish"},
    {"tr", "Turkish"},
    {"tt", "Tatar"},
    {"uk", "Ukrainian"},
    {"ur", "Urdu"},
    {"vi", "Vietnamese"},
    {"zh", "Chinese"},
    {"ru-Latn", "Russian in Latin letters"},
    {"uk-Latn", "Ukrainian in Latin letters"},
    {"sr-Latn", "Serbian in Latin letters"},
};

const char *language_name(const char *tag)
{
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i].tag, tag) == 0)
            return languages[i].name;
    return tag;
}
