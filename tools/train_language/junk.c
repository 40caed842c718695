/* Made-up junk for the class "no language". Built from rules, not from files, so that no one's code or data
 * is in the model; the rules are kept many and loose, lest the model learns the generator. */
#include "junk.h"

#include <string.h>

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add(struct points *to, const char *text)
{
    for (; *text; text++)
        points_add(to, (uint8_t)*text);
}

static void add_from(struct points *to, struct dice *dice, const char *alphabet, unsigned letters)
{
    uint32_t size = (uint32_t)strlen(alphabet);

    while (letters--)
        points_add(to, (uint8_t)alphabet[dice_below(dice, size)]);
}

static void hashes(struct points *to, struct dice *dice)
{
    static const uint8_t sizes[] = {6, 7, 8, 10, 12, 16, 20, 32, 40, 64, 128};
    unsigned count = 1 + dice_below(dice, 3);
    const char *digits = dice_percent(dice, 70) ? "0123456789abcdef" : "0123456789ABCDEF";

    while (count--) {
        add_from(to, dice, digits, sizes[dice_below(dice, sizeof sizes)]);
        points_add(to, dice_percent(dice, 70) ? ' ' : dice_percent(dice, 50) ? '-' : ':');
    }
}

static void uuid(struct points *to, struct dice *dice)
{
    static const uint8_t parts[] = {8, 4, 4, 4, 12};

    for (unsigned i = 0; i < sizeof parts; i++) {
        if (i)
            points_add(to, '-');
        add_from(to, dice, "0123456789abcdef", parts[i]);
    }
}

static void encoded(struct points *to, struct dice *dice)
{
    unsigned letters = 8 + dice_below(dice, dice_percent(dice, 30) ? 200 : 60);

    add_from(to, dice, base64, letters);
    if (dice_percent(dice, 60))
        add(to, dice_percent(dice, 50) ? "=" : "==");
}

static void random_words(struct points *to, struct dice *dice, const char *alphabet)
{
    unsigned words = 2 + dice_below(dice, 12);

    while (words--) {
        add_from(to, dice, alphabet, 1 + dice_below(dice, 4 + dice_below(dice, 12)));
        if (words)
            points_add(to, ' ');
    }
}

static void mash(struct points *to, struct dice *dice)
{
    static const char rows[] = "qwertyuiop qwertyuiop asdfghjkl asdfghjkl zxcvbnm zxcvbnm";
    unsigned pieces = 1 + dice_below(dice, 5);

    while (pieces--) {
        unsigned at = dice_below(dice, sizeof rows - 8), letters = 2 + dice_below(dice, 5);

        for (unsigned i = 0; i < letters; i++)
            if (rows[at + i] != ' ')
                points_add(to, (uint8_t)rows[at + i]);
        if (dice_percent(dice, 20))
            points_add(to, ' ');
    }
}

static const char *const code_words[] = {
    "function",
    "return",
    "var",
    "let",
    "const",
    "if",
    "else",
    "for",
    "while",
    "new",
    "this",
    "null",
    "true",
    "false",
    "document",
    "window",
    "getElementById",
    "length",
    "push",
    "typeof",
    "undefined",
    "void",
    "int",
    "char",
    "static",
    "struct",
    "include",
    "import",
    "export",
    "default",
    "class",
    "public",
    "private",
    "try",
    "catch",
    "switch",
    "case",
    "break",
    "div",
    "span",
    "width",
    "height",
    "px",
    "margin",
    "padding",
    "color",
    "display",
    "none",
    "block",
    "href",
    "src",
    "http",
    "https",
    "www",
    "com",
    "script",
    "style",
    "html",
    "body",
    "head",
    "addEventListener",
    "prototype",
    "Object",
    "Array",
    "String",
    "JSON",
    "parse",
    "concat",
    "slice",
    "indexOf",
    "call",
    "apply",
    "exports",
    "module",
    "require",
    "self",
    "def",
    "print",
    "echo",
    "select",
    "from",
    "where",
    "insert",
    "into",
    "values",
    "data",
    "id",
    "name",
    "type",
    "value",
    "index",
    "key",
    "error",
    "result",
    "callback",
    "jQuery",
    "font",
    "size",
    "background",
    "position",
    "absolute",
    "relative",
    "top",
    "left",
    "border",
    "solid",
    "rgba",
    "url",
    "async",
    "await",
    "Promise",
    "then",
    "map",
    "filter",
    "set",
    "get",
    "has",
    "max",
    "min",
    "Math",
    "floor",
    "random",
    "use",
    "strict",
    "fn",
    "arg",
    "ctx",
    "req",
    "res",
    "err",
    "cb",
    "obj",
    "arr",
    "str",
    "num",
    "ptr",
    "buf",
    "len",
    "idx",
    "tmp",
    "node",
    "el",
};

static const char *const code_signs[] = {
    "(",  ")",  "{", "}", "[", "]",  ";", "=",  "==", "===", "!=", ".",   ",",  ":",  "?",
    "&&", "||", "+", "-", "*", "/",  "<", ">",  "=>", "+=",  "!",  "();", "){", "})", "};",
    "\"", "'",  "_", "$", "#", "->", "&", "</", "/>", "%",   ".",  "(",   ")",  "=",  ",",
};

static void identifier(struct points *to, struct dice *dice)
{
    if (dice_percent(dice, 45)) {
        add_from(to, dice, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$", 1 + dice_below(dice, 3));
    } else {
        const char *word = code_words[dice_below(dice, sizeof code_words / sizeof *code_words)];

        if (dice_percent(dice, 12))
            points_add(to, points_upper((uint8_t)*word++));
        add(to, word);
        if (dice_percent(dice, 12)) {
            word = code_words[dice_below(dice, sizeof code_words / sizeof *code_words)];
            points_add(to, points_upper((uint8_t)*word));
            add(to, word + 1);
        }
    }
    if (dice_percent(dice, 10))
        add_from(to, dice, "0123456789", 1 + dice_below(dice, 2));
}

static void code(struct points *to, struct dice *dice)
{
    unsigned pieces = 5 + dice_below(dice, 60);
    int airy = dice_percent(dice, 30);

    while (pieces--) {
        unsigned signs = 1 + dice_below(dice, 3);

        identifier(to, dice);
        while (signs--)
            add(to, code_signs[dice_below(dice, sizeof code_signs / sizeof *code_signs)]);
        if (airy && dice_percent(dice, 50))
            points_add(to, ' ');
        if (dice_percent(dice, 8))
            add_from(to, dice, "0123456789", 1 + dice_below(dice, 4));
    }
}

static void random_block(struct points *to, struct dice *dice, uint32_t first, uint32_t count)
{
    unsigned words = 2 + dice_below(dice, 10);

    while (words--) {
        unsigned letters = 1 + dice_below(dice, 4 + dice_below(dice, 12));

        while (letters--)
            points_add(to, first + dice_below(dice, count));
        if (words)
            points_add(to, ' ');
    }
}

static void capitalize(struct points *text, struct dice *dice)
{
    int all = dice_percent(dice, 50);

    for (unsigned i = 0; i < text->length; i++)
        if (all || i == 0)
            text->at[i] = points_upper(text->at[i]);
}

static void latin_junk(struct dice *dice, struct points *to)
{
    unsigned kind = dice_below(dice, 100);

    if (kind < 15)
        hashes(to, dice);
    else if (kind < 18)
        uuid(to, dice);
    else if (kind < 36)
        encoded(to, dice);
    else if (kind < 68)
        code(to, dice);
    else if (kind < 90)
        random_words(to, dice, "abcdefghijklmnopqrstuvwxyz");
    else if (kind < 93)
        random_words(to, dice, "bcdfghjklmnpqrstvwxz");
    else if (kind < 96)
        random_words(to, dice, base64);
    else
        mash(to, dice);
}

void junk(enum letters_class group, struct dice *dice, struct points *ret_text)
{
    ret_text->length = 0;
    if (group == LETTERS_LATIN)
        latin_junk(dice, ret_text);
    else if (group == LETTERS_CYRILLIC)
        random_block(ret_text, dice, 0x430, 32);
    else if (group == LETTERS_ARABIC)
        random_block(ret_text, dice, 0x627, 36);
    else
        random_block(ret_text, dice, 0x4E00, 20000);
    if (group != LETTERS_HAN && dice_percent(dice, 15))
        capitalize(ret_text, dice);
}
