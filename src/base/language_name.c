/* Names after ISO 639; Ukrainian and Polish as the Unicode CLDR has them. */
#include "base/language_name.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *tag;
    const char *names[TONGUE_COUNT];
} languages[] = {
    {"af", {"Afrikaans", "африкаанс", "afrikaans"}},
    {"ar", {"Arabic", "арабська", "arabski"}},
    {"az", {"Azerbaijani", "азербайджанська", "azerbejdżański"}},
    {"ba", {"Bashkir", "башкирська", "baszkirski"}},
    {"be", {"Belarusian", "білоруська", "białoruski"}},
    {"bg", {"Bulgarian", "болгарська", "bułgarski"}},
    {"bs", {"Bosnian", "боснійська", "bośniacki"}},
    {"ca", {"Catalan", "каталонська", "kataloński"}},
    {"cs", {"Czech", "чеська", "czeski"}},
    {"cv", {"Chuvash", "чуваська", "czuwaski"}},
    {"cy", {"Welsh", "валлійська", "walijski"}},
    {"da", {"Danish", "данська", "duński"}},
    {"de", {"German", "німецька", "niemiecki"}},
    {"el", {"Greek", "грецька", "grecki"}},
    {"en", {"English", "англійська", "angielski"}},
    {"eo", {"Esperanto", "есперанто", "esperanto"}},
    {"es", {"Spanish", "іспанська", "hiszpański"}},
    {"et", {"Estonian", "естонська", "estoński"}},
    {"eu", {"Basque", "баскська", "baskijski"}},
    {"fa", {"Persian", "перська", "perski"}},
    {"fi", {"Finnish", "фінська", "fiński"}},
    {"fr", {"French", "французька", "francuski"}},
    {"ga", {"Irish", "ірландська", "irlandzki"}},
    {"gl", {"Galician", "галісійська", "galicyjski"}},
    {"he", {"Hebrew", "іврит", "hebrajski"}},
    {"hi", {"Hindi", "гінді", "hindi"}},
    {"hr", {"Croatian", "хорватська", "chorwacki"}},
    {"hu", {"Hungarian", "угорська", "węgierski"}},
    {"hy", {"Armenian", "вірменська", "ormiański"}},
    {"id", {"Indonesian", "індонезійська", "indonezyjski"}},
    {"is", {"Icelandic", "ісландська", "islandzki"}},
    {"it", {"Italian", "італійська", "włoski"}},
    {"ja", {"Japanese", "японська", "japoński"}},
    {"ka", {"Georgian", "грузинська", "gruziński"}},
    {"kk", {"Kazakh", "казахська", "kazachski"}},
    {"ko", {"Korean", "корейська", "koreański"}},
    {"ky", {"Kyrgyz", "киргизька", "kirgiski"}},
    {"la", {"Latin", "латинська", "łaciński"}},
    {"lb", {"Luxembourgish", "люксембурзька", "luksemburski"}},
    {"lt", {"Lithuanian", "литовська", "litewski"}},
    {"lv", {"Latvian", "латиська", "łotewski"}},
    {"mk", {"Macedonian", "македонська", "macedoński"}},
    {"mn", {"Mongolian", "монгольська", "mongolski"}},
    {"ms", {"Malay", "малайська", "malajski"}},
    {"mt", {"Maltese", "мальтійська", "maltański"}},
    {"nb", {"Norwegian", "норвезька", "norweski"}},
    {"nl", {"Dutch", "нідерландська", "niderlandzki"}},
    {"nn", {"Norwegian", "норвезька", "norweski"}},
    {"no", {"Norwegian", "норвезька", "norweski"}},
    {"pl", {"Polish", "польська", "polski"}},
    {"pt", {"Portuguese", "португальська", "portugalski"}},
    {"ro", {"Romanian", "румунська", "rumuński"}},
    {"ru", {"Russian", "російська", "rosyjski"}},
    {"ru-Latn", {"Russian in Latin letters", "російська латиницею", "rosyjski alfabetem łacińskim"}},
    {"rue", {"Rusyn", "русинська", "rusiński"}},
    {"sk", {"Slovak", "словацька", "słowacki"}},
    {"sl", {"Slovene", "словенська", "słoweński"}},
    {"sq", {"Albanian", "албанська", "albański"}},
    {"sr", {"Serbian", "сербська", "serbski"}},
    {"sr-Latn", {"Serbian in Latin letters", "сербська латиницею", "serbski alfabetem łacińskim"}},
    {"sv", {"Swedish", "шведська", "szwedzki"}},
    {"th", {"Thai", "тайська", "tajski"}},
    {"tr", {"Turkish", "турецька", "turecki"}},
    {"tt", {"Tatar", "татарська", "tatarski"}},
    {"uk", {"Ukrainian", "українська", "ukraiński"}},
    {"uk-Latn", {"Ukrainian in Latin letters", "українська латиницею", "ukraiński alfabetem łacińskim"}},
    {"ur", {"Urdu", "урду", "urdu"}},
    {"uz", {"Uzbek", "узбецька", "uzbecki"}},
    {"vi", {"Vietnamese", "в’єтнамська", "wietnamski"}},
    {"zh", {"Chinese", "китайська", "chiński"}},
    {"und", {"an undetermined language", "не визначено", "nieokreślony"}},
};

const char *language_name(const char *tag, enum tongue tongue)
{
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i].tag, tag) == 0)
            return languages[i].names[tongue];
    return tag;
}

const char *language_name_from_english(struct span name, enum tongue tongue)
{
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (span_equal(name, span_of(languages[i].names[TONGUE_EN])))
            return languages[i].names[tongue];
    return NULL;
}
