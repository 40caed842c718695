/* The languages of the model, in the order they get their lanes, and how much of the training each gets.
 *
 * The weights act as a mild prior: a language with little text of one kind (Rusyn: interface strings only)
 * would otherwise take single words from its neighbours. A lean, of an eighth of a nat each, does the same
 * without learning anew; both were chosen on the development texts, where they are paid for in precision.
 * What is full of runs that no language has was read wrongly, and the letters tell less: there the languages
 * of the pages we watch are favoured, and so is "no language", as random letters are to stay that. */
#include "corpus_languages.h"

#include <string.h>

struct listed {
    const char *tag, *source;
    enum letters_class group;
    enum corpus_made made;
    float weight;
    int8_t lean, strange;
};

#define L LETTERS_LATIN
#define C LETTERS_CYRILLIC

static const int8_t und_lean = 6;    /* in Latin letters: keys and other random ones are met there */
static const int8_t und_strange = 2; /* in Cyrillic letters */

static const struct listed listed[] = {
    {"uk", "uk", C, CORPUS_AS_IS, 2.1f, 4, 1},
    {"ru", "ru", C, CORPUS_AS_IS, 2.4f, 3, 3},
    {"be", "be", C, CORPUS_AS_IS, 2.2f, 4},
    {"bg", "bg", C, CORPUS_AS_IS, 1.3f, 3},
    {"sr", "sr", C, CORPUS_AS_IS, 1.5f, 4},
    {"mk", "mk", C, CORPUS_AS_IS, 1.4f, 5},
    {"rue", "rue", C, CORPUS_AS_IS, 0.13f, -15},
    {"kk", "kk", C, CORPUS_AS_IS, 0.7f},
    {"tt", "tt", C, CORPUS_AS_IS, 0.5f},
    {"ba", "ba", C, CORPUS_AS_IS, 0.5f},
    {"ky", "ky", C, CORPUS_AS_IS, 0.5f},
    {"mn", "mn", C, CORPUS_AS_IS, 0.7f},
    {"cv", "cv", C, CORPUS_AS_IS, 0.3f},
    {"pl", "pl", L, CORPUS_AS_IS, 2.1f},
    {"en", "en", L, CORPUS_AS_IS, 1.3f},
    {"de", "de", L, CORPUS_AS_IS, 1.2f},
    {"fr", "fr", L, CORPUS_AS_IS, 1},
    {"es", "es", L, CORPUS_AS_IS, 1},
    {"pt", "pt", L, CORPUS_AS_IS, 1},
    {"it", "it", L, CORPUS_AS_IS, 1},
    {"cs", "cs", L, CORPUS_AS_IS, 1.1f},
    {"sk", "sk", L, CORPUS_AS_IS, 1.1f},
    {"sl", "sl", L, CORPUS_AS_IS, 1},
    {"hr", "hr", L, CORPUS_AS_IS, 1},
    {"bs", "bs", L, CORPUS_AS_IS, 0.8f},
    {"sr-Latn", "sr", L, CORPUS_SERBIAN_LATIN, 0.8f},
    {"ru-Latn", "ru", L, CORPUS_RUSSIAN_LATIN, 0.5f},
    {"uk-Latn", "uk", L, CORPUS_UKRAINIAN_LATIN, 0.5f},
    {"lt", "lt", L, CORPUS_AS_IS, 1},
    {"lv", "lv", L, CORPUS_AS_IS, 1},
    {"et", "et", L, CORPUS_AS_IS, 1},
    {"fi", "fi", L, CORPUS_AS_IS, 1},
    {"hu", "hu", L, CORPUS_AS_IS, 1},
    {"ro", "ro", L, CORPUS_AS_IS, 1},
    {"sq", "sq", L, CORPUS_AS_IS, 1},
    {"tr", "tr", L, CORPUS_AS_IS, 1},
    {"az", "az", L, CORPUS_AS_IS, 0.8f},
    {"uz", "uz", L, CORPUS_AS_IS, 0.5f},
    {"nl", "nl", L, CORPUS_AS_IS, 1},
    {"ca", "ca", L, CORPUS_AS_IS, 1},
    {"gl", "gl", L, CORPUS_AS_IS, 0.5f},
    {"sv", "sv", L, CORPUS_AS_IS, 1},
    {"da", "da", L, CORPUS_AS_IS, 1},
    {"nb", "nb", L, CORPUS_AS_IS, 1},
    {"is", "is", L, CORPUS_AS_IS, 1},
    {"eu", "eu", L, CORPUS_AS_IS, 1},
    {"vi", "vi", L, CORPUS_AS_IS, 0.8f},
    {"id", "id", L, CORPUS_AS_IS, 1},
    {"eo", "eo", L, CORPUS_AS_IS, 0.8f},
    {"cy", "cy", L, CORPUS_AS_IS, 0.8f},
    {"ga", "ga", L, CORPUS_AS_IS, 0.7f},
    {"mt", "mt", L, CORPUS_AS_IS, 0.6f},
    {"af", "af", L, CORPUS_AS_IS, 0.7f},
    {"ar", "ar", LETTERS_ARABIC, CORPUS_AS_IS, 1},
    {"fa", "fa", LETTERS_ARABIC, CORPUS_AS_IS, 1},
    {"ur", "ur", LETTERS_ARABIC, CORPUS_AS_IS, 1},
    {"zh", "zh", LETTERS_HAN, CORPUS_AS_IS, 1},
    {"ja", "ja", LETTERS_HAN, CORPUS_AS_IS, 1},
};

/* In the order of enum letters_direct. */
static const char direct_tags[LETTERS_UNKNOWN_SCRIPT][4] = {"el", "hy", "he", "ka", "hi",
                                                            "bn", "ta", "th", "ko"};

static struct corpus_language *add(struct corpus *corpus, const char *tag)
{
    struct corpus_language *language = &corpus->languages[corpus->count++];

    memset(language, 0, sizeof *language);
    strncpy(language->tag, tag, sizeof language->tag - 1);
    return language;
}

void corpus_languages_list(struct corpus *corpus)
{
    uint8_t lanes[LETTERS_CLASSES] = {0};
    struct corpus_language *und;

    corpus->count = 0;
    und = add(corpus, "und");
    und->made = CORPUS_JUNK;
    und->lean = und_lean;
    und->strange = und_strange;
    for (unsigned i = 0; i < sizeof listed / sizeof listed[0]; i++) {
        struct corpus_language *language = add(corpus, listed[i].tag);

        language->source = listed[i].source;
        language->group = (uint8_t)listed[i].group;
        language->lane = ++lanes[listed[i].group];
        language->made = listed[i].made;
        language->weight = listed[i].weight;
        language->lean = listed[i].lean;
        language->strange = listed[i].strange;
    }
    for (unsigned i = 0; i < LETTERS_UNKNOWN_SCRIPT; i++) {
        struct corpus_language *language = add(corpus, direct_tags[i]);

        language->group = LETTERS_DIRECT;
        language->lane = (uint8_t)i;
    }
}
