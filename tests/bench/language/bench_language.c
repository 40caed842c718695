/* bench-language: accuracy, robustness, spans, calibration and speed of varta's identifier beside its peers,
 * on the same texts in the same run.
 *
 *   bench-language DATA MODEL [accuracy|noise|spans|junk|trust|speed]…
 *
 * DATA holds dev/{single-words,word-pairs,sentences}/TAG.txt. Without a section's name all are run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "disturb.h"
#include "peer.h"
#include "texts.h"

static const struct peer *const peers[] = {&peer_varta, &peer_cld2, &peer_exttextcat};
enum { PEERS = sizeof peers / sizeof peers[0] };

struct bench {
    struct texts texts[TEXTS_LANGUAGES_MAX];
    size_t count;
};

static int is_right(const char *tag, const char *wanted)
{
    return strcmp(tag, wanted) == 0 || (strcmp(wanted, "sr") == 0 && strcmp(tag, "sr-Latn") == 0);
}

/* ---- accuracy: recall, and precision over all languages
 * --------------------------------------------------------- */

struct score {
    unsigned right, all, answered; /* answered: texts of any language that were given this one */
};

static void score_kind(const struct bench *bench, const struct peer *peer, int kind, struct score *scores)
{
    char tag[12];
    float confidence;

    for (size_t l = 0; l < bench->count; l++)
        for (size_t i = 0; i < bench->texts[l].count[kind]; i++) {
            const struct texts_line *line = &bench->texts[l].lines[kind][i];
            const struct texts *answer;

            peer->guess(line->at, line->size, tag, &confidence);
            scores[l].all++;
            scores[l].right += (unsigned)is_right(tag, bench->texts[l].tag);
            answer = texts_find(bench->texts, bench->count, strcmp(tag, "sr-Latn") == 0 ? "sr" : tag);
            if (answer)
                scores[answer - bench->texts].answered++;
        }
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

static void print_accuracy(const struct bench *bench, const struct peer *peer)
{
    struct score scores[TEXTS_KINDS][TEXTS_LANGUAGES_MAX];
    double sums[TEXTS_KINDS] = {0};

    memset(scores, 0, sizeof scores);
    for (int kind = 0; kind < TEXTS_KINDS; kind++)
        score_kind(bench, peer, kind, scores[kind]);
    printf("\n%s\n%-5s %23s   %23s\n", peer->name, "", "right: word pair sent.",
           "precision: word pair sent.");
    for (size_t l = 0; l < bench->count; l++) {
        printf("%-5s  ", bench->texts[l].tag);
        for (int kind = 0; kind < TEXTS_KINDS; kind++) {
            printf(" %6.1f", percent(scores[kind][l].right, scores[kind][l].all));
            sums[kind] += percent(scores[kind][l].right, scores[kind][l].all);
        }
        printf("     ");
        for (int kind = 0; kind < TEXTS_KINDS; kind++)
            printf(" %6.1f", percent(scores[kind][l].right, scores[kind][l].answered));
        printf("\n");
    }
    printf("mean    %6.2f %6.2f %6.2f   of %zu languages\n", sums[0] / (double)bench->count,
           sums[1] / (double)bench->count, sums[2] / (double)bench->count, bench->count);
}

static void bench_accuracy(const struct bench *bench)
{
    printf("== accuracy on the development texts, %% ==\n");
    for (int p = 0; p < PEERS; p++)
        print_accuracy(bench, peers[p]);
}

/* ---- robustness
 * --------------------------------------------------------------------------------------------------- */

static const char *const main_tags[] = {"uk", "ru", "pl"};
static const char *const alphabets[] = {"абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
                                        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
                                        "aąbcćdeęfghijklłmnńoóprsśtuwyzźż"};
static const char *const script_alphabets[] = {"абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
                                               "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
                                               "abcdefghijklmnopqrstuvwxyz"};

enum change { CHANGE_OWN, CHANGE_SCRIPT, CHANGE_TWINS, CHANGE_PLAIN, CHANGE_UPPER };

static size_t change(enum change how, unsigned percent_wrong, int language, const struct texts_line *line,
                     struct disturb_dice *dice, char *ret_text)
{
    switch (how) {
    case CHANGE_OWN:
        return disturb_letters(line->at, line->size, alphabets[language], percent_wrong, dice, ret_text);
    case CHANGE_SCRIPT:
        return disturb_letters(line->at, line->size, script_alphabets[language], percent_wrong, dice,
                               ret_text);
    case CHANGE_TWINS: return disturb_twins(line->at, line->size, ret_text);
    case CHANGE_PLAIN: return disturb_plain(line->at, line->size, ret_text);
    case CHANGE_UPPER: return disturb_upper(line->at, line->size, ret_text);
    }
    return 0;
}

static double changed_right(const struct bench *bench, const struct peer *peer, enum texts_kind kind,
                            enum change how, unsigned percent_wrong, int language)
{
    static char text[DISTURB_BYTES_MAX];
    const struct texts *texts = texts_find(bench->texts, bench->count, main_tags[language]);
    struct disturb_dice dice = {4711};
    unsigned right = 0;
    char tag[12];
    float confidence;

    for (size_t i = 0; i < texts->count[kind]; i++) {
        size_t size = change(how, percent_wrong, language, &texts->lines[kind][i], &dice, text);

        peer->guess(text, size, tag, &confidence);
        right += (unsigned)is_right(tag, main_tags[language]);
    }
    return percent(right, (double)texts->count[kind]);
}

static void bench_noise(const struct bench *bench)
{
    static const struct {
        const char *name;
        enum texts_kind kind;
        enum change how;
        unsigned percent_wrong;
    } rows[] = {
        {"sentences, 10 % own letters wrong", TEXTS_SENTENCES, CHANGE_OWN, 10},
        {"sentences, 10 % script letters wrong", TEXTS_SENTENCES, CHANGE_SCRIPT, 10},
        {"sentences, 30 % own letters wrong", TEXTS_SENTENCES, CHANGE_OWN, 30},
        {"sentences, 30 % script letters wrong", TEXTS_SENTENCES, CHANGE_SCRIPT, 30},
        {"word pairs, 10 % own letters wrong", TEXTS_PAIRS, CHANGE_OWN, 10},
        {"word pairs, 10 % script letters wrong", TEXTS_PAIRS, CHANGE_SCRIPT, 10},
        {"sentences, all twins swapped", TEXTS_SENTENCES, CHANGE_TWINS, 0},
        {"sentences in capitals", TEXTS_SENTENCES, CHANGE_UPPER, 0},
        {"words in capitals", TEXTS_WORDS, CHANGE_UPPER, 0},
        {"sentences, no diacritics", TEXTS_SENTENCES, CHANGE_PLAIN, 0},
        {"word pairs, no diacritics", TEXTS_PAIRS, CHANGE_PLAIN, 0},
    };

    printf("\n== right on disturbed texts, %%: uk ru pl, seed 4711 ==\n");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        printf("%-40s", rows[r].name);
        for (int p = 0; p < PEERS; p++) {
            printf("  %s", peers[p]->name);
            for (int l = 0; l < 3; l++)
                printf(" %5.1f",
                       changed_right(bench, peers[p], rows[r].kind, rows[r].how, rows[r].percent_wrong, l));
        }
        printf("\n");
    }
}

/* ---- spans
 * ----------------------------------------------------------------------------------------------------------
 */

static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

struct mixture {
    char text[4096];
    size_t size, bounds[4]; /* pieces[i] is bounds[i] … bounds[i + 1] */
    const int *order;
};

static void build_mixture(const struct bench *bench, enum texts_kind kind, size_t number,
                          struct mixture *mixture)
{
    mixture->order = orders[number % 6];
    mixture->size = 0;
    for (int i = 0; i < 3; i++) {
        const struct texts *texts = texts_find(bench->texts, bench->count, main_tags[mixture->order[i]]);
        const struct texts_line *line =
            &texts->lines[kind][(number * 7 + (size_t)mixture->order[i] * 3) % texts->count[kind]];
        size_t size = line->size < 1300 ? line->size : 1300;

        mixture->bounds[i] = mixture->size;
        memcpy(mixture->text + mixture->size, line->at, size);
        mixture->size += size;
        if (i < 2)
            mixture->text[mixture->size++] = ' ';
    }
    mixture->bounds[3] = mixture->size;
}

static size_t characters(const char *text, size_t from, size_t to)
{
    size_t count = 0;

    for (size_t i = from; i < to; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static int is_letter_byte(unsigned char byte)
{
    return byte >= 0xC3 || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static const char *language_at(const struct peer_span *spans, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (at >= spans[i].start && at < spans[i].end)
            return spans[i].language;
    return "";
}

/* Joins neighbours of one language, drops what covers no letter of the three. */
static size_t join(struct peer_span *spans, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (kept && strcmp(spans[kept - 1].language, spans[i].language) == 0)
            spans[kept - 1].end = spans[i].end;
        else
            spans[kept++] = spans[i];
    }
    return kept;
}

static int bounds_right(const struct mixture *mixture, struct peer_span *spans, size_t count)
{
    count = join(spans, count);
    if (count != 3)
        return 0;
    for (int i = 0; i < 3; i++) {
        size_t a = spans[i].start, b = mixture->bounds[i];

        if (strcmp(spans[i].language, main_tags[mixture->order[i]]) != 0)
            return 0;
        if (i > 0 && characters(mixture->text, a < b ? a : b, a < b ? b : a) > 3)
            return 0;
    }
    return 1;
}

static void bench_mixtures(const struct bench *bench, const struct peer *peer, enum texts_kind kind,
                           const char *name)
{
    static struct mixture mixture;
    struct peer_span spans[PEER_SPANS_MAX];
    size_t letters = 0, right = 0, whole = 0, count, mixtures = 3000;

    for (size_t n = 0; n < mixtures; n++) {
        int piece = 0;

        build_mixture(bench, kind, n, &mixture);
        count = peer->spans(mixture.text, mixture.size, spans);
        for (size_t i = 0; i < mixture.size; i++) {
            while (piece < 2 && i >= mixture.bounds[piece + 1])
                piece++;
            if (!is_letter_byte((unsigned char)mixture.text[i]))
                continue;
            letters++;
            right += strcmp(language_at(spans, count, i), main_tags[mixture.order[piece]]) == 0;
        }
        whole += (size_t)bounds_right(&mixture, spans, count);
    }
    printf("%-12s %-10s letters right %6.2f   order and boundaries right %5.1f\n", name, peer->name,
           percent((double)right, (double)letters), percent((double)whole, (double)mixtures));
}

static void bench_spans(const struct bench *bench)
{
    printf("\n== uk, ru and pl run together in every order, 3000 texts, %% ==\n");
    for (int p = 0; p < PEERS; p++) {
        if (!peers[p]->spans)
            continue;
        bench_mixtures(bench, peers[p], TEXTS_SENTENCES, "sentences");
        bench_mixtures(bench, peers[p], TEXTS_PAIRS, "word pairs");
    }
}

/* ---- junk
 * -----------------------------------------------------------------------------------------------------------
 */

static size_t put_random(char *to, const char *alphabet, size_t letters, struct disturb_dice *dice)
{
    for (size_t i = 0; i < letters; i++)
        to[i] = alphabet[disturb_below(dice, (uint32_t)strlen(alphabet))];
    return letters;
}

static size_t junk_digits(char *to, struct disturb_dice *dice)
{
    return put_random(to, "0123456789 .,:-/", 4 + disturb_below(dice, 40), dice);
}

static size_t junk_hash(char *to, struct disturb_dice *dice)
{
    static const uint8_t sizes[] = {32, 40, 64};

    return put_random(to, "0123456789abcdef", sizes[disturb_below(dice, 3)], dice);
}

static size_t junk_base64(char *to, struct disturb_dice *dice)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return put_random(to, digits, 4 * (5 + disturb_below(dice, 40)), dice);
}

/* Lines in the manner of minified scripts: not the trainer's generator. */
static size_t junk_code(char *to, struct disturb_dice *dice)
{
    static const char *const shapes[] = {
        "!function(%,%){\"use strict\";var %=%.%||{};%.%=function(%){return %(%,%)}}(this,%);",
        "for(var %=0;%<%.length;%++)if(%[%].%===%)return!1;",
        ".%-%{margin:0 %px;padding:%px;color:#%}.%:hover{opacity:.8}",
        "%=%?%:%,%&&(%.%=%),%.push({%:%,%:%}),",
        "<div class=\"%-%\" id=\"%\"><span style=\"%:%\"></span></div>",
        "try{%.%(%)}catch(%){console.log(%)}if(%>=0x%)%=~%&%;",
        "a.%=b.%;c.%(d,e,{%:!0,%:!1,get:function(){return %}});",
        "{\"%\":%,\"%\":[%,%],\"%\":null,\"%\":true}",
    };
    static const char *const names[] = {"e",    "t",   "n",  "r",    "i",     "o",   "a",    "s",    "x",
                                        "el",   "cb",  "fn", "opts", "idx",   "val", "attr", "node", "evt",
                                        "data", "ctx", "$",  "_",    "_0x3f", "a1",  "b2"};
    size_t at = 0;

    for (int lines = 2; lines--;)
        for (const char *c = shapes[disturb_below(dice, 8)]; *c; c++) {
            const char *name = names[disturb_below(dice, 25)];

            if (*c != '%') {
                to[at++] = *c;
                continue;
            }
            memcpy(to + at, name, strlen(name));
            at += strlen(name);
        }
    return at;
}

static size_t junk_letters(char *to, struct disturb_dice *dice)
{
    return put_random(to, "abcdefghijklmnopqrstuvwxyz     ", 20 + disturb_below(dice, 80), dice);
}

static size_t junk_cyrillic(char *to, struct disturb_dice *dice)
{
    size_t at = 0;

    for (unsigned letters = 20 + disturb_below(dice, 60); letters--;) {
        unsigned letter = 0x430 + disturb_below(dice, 38);

        if (letter >= 0x450)
            to[at++] = ' ';
        else {
            to[at++] = (char)(0xC0 | letter >> 6);
            to[at++] = (char)(0x80 | (letter & 63));
        }
    }
    return at;
}

static void bench_junk(const struct bench *bench)
{
    static const struct {
        const char *name;
        size_t (*make)(char *, struct disturb_dice *);
    } kinds[] = {{"digits", junk_digits},          {"hashes", junk_hash},
                 {"base64", junk_base64},          {"code", junk_code},
                 {"random letters", junk_letters}, {"random Cyrillic", junk_cyrillic}};

    (void)bench;
    printf("\n== junk answered with und, %%, 2000 texts of each kind ==\n");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        printf("%-16s", kinds[k].name);
        for (int p = 0; p < PEERS; p++) {
            struct disturb_dice dice = {99};
            unsigned right = 0;

            for (int i = 0; i < 2000; i++) {
                static char text[DISTURB_BYTES_MAX];
                char tag[12];
                float confidence;

                peers[p]->guess(text, kinds[k].make(text, &dice), tag, &confidence);
                right += strcmp(tag, "und") == 0;
            }
            printf("  %s %5.1f", peers[p]->name, percent(right, 2000));
        }
        printf("\n");
    }
}

/* ---- calibration
 * ------------------------------------------------------------------------------------------------------ */

static void bench_trust(const struct bench *bench)
{
    double count[20] = {0}, right[20] = {0}, trust[20] = {0}, all = 0, error = 0;
    char tag[12];
    float confidence;

    for (size_t l = 0; l < bench->count; l++)
        for (int kind = 0; kind < TEXTS_KINDS; kind++)
            for (size_t i = 0; i < bench->texts[l].count[kind]; i++) {
                const struct texts_line *line = &bench->texts[l].lines[kind][i];
                int bin;

                peer_varta.guess(line->at, line->size, tag, &confidence);
                bin = confidence >= 1 ? 19 : (int)(20 * confidence);
                count[bin]++;
                trust[bin] += (double)confidence;
                right[bin] += is_right(tag, bench->texts[l].tag);
                all++;
            }
    printf("\n== calibration over all development texts ==\nconfidence  right    texts\n");
    for (int bin = 0; bin < 20; bin++) {
        if (count[bin] == 0)
            continue;
        printf("%9.3f  %.3f  %7.0f\n", trust[bin] / count[bin], right[bin] / count[bin], count[bin]);
        error += fabs(trust[bin] - right[bin]) / all;
    }
    printf("expected calibration error %.4f\n", error);
}

/* ---- speed
 * ------------------------------------------------------------------------------------------------------------
 */

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* other work on the machine does not count */
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double speed(const struct bench *bench, const struct peer *peer, const char *only,
                    double least_seconds)
{
    double start = seconds(), bytes = 0;
    char tag[12];
    float confidence;

    do {
        for (size_t l = 0; l < bench->count; l++) {
            if (only && !strstr(only, bench->texts[l].tag))
                continue;
            for (size_t i = 0; i < bench->texts[l].count[TEXTS_SENTENCES]; i++) {
                const struct texts_line *line = &bench->texts[l].lines[TEXTS_SENTENCES][i];

                peer->guess(line->at, line->size, tag, &confidence);
                bytes += (double)line->size;
            }
        }
    } while (seconds() - start < least_seconds);
    return bytes / (seconds() - start) / 1e6;
}

static void bench_speed(const struct bench *bench)
{
    static const struct {
        const char *name, *only;
    } rows[] = {{"all languages", NULL}, {"uk, ru, pl", "uk ru pl"}, {"uk", "uk"}, {"pl", "pl"}};

    printf("\n== speed, MB per second of CPU, one thread, one sentence a text, best of 15 turns ==\n");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double best[PEERS] = {0};

        /* many short turns: other work on the machine disturbs some of them. exttextcat is slow and known to
         * be. */
        for (int turn = 0; turn < 15; turn++)
            for (int p = 0; p < (turn == 0 ? PEERS : 2); p++)
                best[p] = fmax(best[p], speed(bench, peers[p], rows[r].only, 0.15));
        printf("%-14s", rows[r].name);
        for (int p = 0; p < PEERS; p++)
            printf("  %s %6.1f", peers[p]->name, best[p]);
        printf("   varta / CLD2 %.2f\n", best[0] / best[1]);
    }
}

/* ------------------------------------------------------------------------------------------------------------------------
 */

static int wanted(int argc, char **argv, const char *section)
{
    for (int i = 3; i < argc; i++)
        if (strcmp(argv[i], section) == 0)
            return 1;
    return argc <= 3;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const struct bench *);
    } sections[] = {{"accuracy", bench_accuracy}, {"noise", bench_noise}, {"spans", bench_spans},
                    {"junk", bench_junk},         {"trust", bench_trust}, {"speed", bench_speed}};
    static struct bench bench;

    if (argc < 3) {
        fputs("usage: bench-language DATA MODEL [accuracy|noise|spans|junk|trust|speed]...\n", stderr);
        return 2;
    }
    bench.count = texts_load(argv[1], bench.texts);
    if (bench.count == 0 || !peer_varta_open(argv[2]))
        return 1;
    for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++)
        if (wanted(argc, argv, sections[s].name))
            sections[s].run(&bench);
    return 0;
}
