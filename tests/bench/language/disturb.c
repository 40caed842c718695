/* Disturbs texts, character by character of their UTF-8. */
#include "disturb.h"

#include <stdlib.h>
#include <string.h>

uint32_t disturb_below(struct disturb_dice *dice, uint32_t below)
{
    /* PCG-XSH-RR (O'Neill 2014) */
    uint64_t old = dice->state;
    uint32_t word = (uint32_t)(((old >> 18) ^ old) >> 27), turn = (uint32_t)(old >> 59);

    dice->state = old * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(((uint64_t)(word >> turn | word << (-turn & 31)) * below) >> 32);
}

static size_t length_of(const char *at)
{
    unsigned char lead = (unsigned char)*at;

    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static int is_letter(const char *at)
{
    unsigned char lead = (unsigned char)*at;

    return (lead >= 'A' && lead <= 'Z') || (lead >= 'a' && lead <= 'z') || (lead >= 0xC3 && lead <= 0xD4);
}

static size_t put(const char *from, size_t size, char *to, size_t at)
{
    if (at + size >= DISTURB_BYTES_MAX)
        return at;
    memcpy(to + at, from, size);
    return at + size;
}

static size_t put_any(const char *alphabet, struct disturb_dice *dice, char *to, size_t at)
{
    size_t count = 0, pick;

    for (const char *c = alphabet; *c; c += length_of(c))
        count++;
    pick = disturb_below(dice, (uint32_t)count);
    while (pick--)
        alphabet += length_of(alphabet);
    return put(alphabet, length_of(alphabet), to, at);
}

size_t disturb_letters(const char *text, size_t size, const char *alphabet, unsigned percent,
                       struct disturb_dice *dice, char ret_text[DISTURB_BYTES_MAX])
{
    size_t at = 0;

    for (size_t i = 0; i < size; i += length_of(text + i)) {
        unsigned kind = disturb_below(dice, 6);

        if (!is_letter(text + i) || disturb_below(dice, 100) >= percent) {
            at = put(text + i, length_of(text + i), ret_text, at);
            continue;
        }
        if (kind == 5)
            at = put(text + i, length_of(text + i), ret_text, at);
        if (kind != 4)
            at = put_any(alphabet, dice, ret_text, at);
    }
    return at;
}

static size_t replace(const char *text, size_t size, const char *from, const char *to,
                      char ret_text[DISTURB_BYTES_MAX])
{
    size_t at = 0, length;

    for (size_t i = 0; i < size; i += length) {
        const char *f = from, *t = to;

        length = length_of(text + i);
        while (*f && (length_of(f) != length || memcmp(f, text + i, length) != 0)) {
            f += length_of(f);
            t += length_of(t);
        }
        at = *f ? put(t, length_of(t), ret_text, at) : put(text + i, length, ret_text, at);
    }
    return at;
}

size_t disturb_twins(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX])
{
    return replace(text, size, "aceiopxyABCEHIKMOPTXYасеіорхуАВСЕНІКМОРТХУ",
                   "асеіорхуАВСЕНІКМОРТХУaceiopxyABCEHIKMOPTXY", ret_text);
}

size_t disturb_plain(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX])
{
    return replace(text, size, "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ", ret_text);
}

size_t disturb_upper(const char *text, size_t size, char ret_text[DISTURB_BYTES_MAX])
{
    return replace(text, size, "abcdefghijklmnopqrstuvwxyząćęłńóśźżабвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў",
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZĄĆĘŁŃÓŚŹŻАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁІЇЄҐЎ", ret_text);
}
