/* The danger here is the disguise: an attacker who swaps letters for their twins must not change the language
 * we report, and a foreign word in a line must not be bent into the line's script. So letters are folded only
 * where the telling letters (those without a twin) of the word, or of both neighbours, agree.
 *
 * Ordinary words take the short way: one script, at least one telling letter, no second look. */
#include "pipeline/identify/wordscan.h"

#include <string.h>

struct run {
    const uint8_t *from, *to;
    letters_entry entries[WORDSCAN_LETTERS_MAX];
    const uint8_t *places[WORDSCAN_LETTERS_MAX + 1];
    unsigned length;
};

void wordscan_start(struct wordscan *scan, const void *bytes, size_t size)
{
    scan->bytes = bytes;
    scan->at = scan->bytes;
    scan->end = scan->bytes + size;
    scan->left = 0;
    scan->gap = WORDSCAN_GAP_LINE;
    scan->script = 0;
    scan->mixed = 0;
    scan->signs = 0;
}

/* Codes of WORDSCAN_LEFT_SHIFT for classes below the letters. */
static const uint8_t around_code[LETTERS_CLASSES] = {
    [LETTERS_SYMBOL] = 1, [LETTERS_CODE] = 2, [LETTERS_DIGIT] = 3};

static int is_alphabetic(unsigned class)
{
    return class >= LETTERS_LATIN && class <= LETTERS_ARABIC;
}

static int ends_sentence(uint8_t byte)
{
    return byte == '.' || byte == '!' || byte == '?' || byte == ';';
}

static unsigned is_code_sign(const struct wordscan *scan, const uint8_t *at, unsigned class)
{
    return class == LETTERS_CODE && at > scan->bytes && at[-1] > ' ' && at + 1 < scan->end && at[1] > ' ';
}

static void note_gap(struct wordscan *scan, unsigned class)
{
    uint8_t gap = WORDSCAN_GAP_SYMBOL;

    scan->signs += is_code_sign(scan, scan->at, class);
    if (scan->at[0] == '\n') {
        gap = WORDSCAN_GAP_LINE;
        scan->script = 0;
    } else if (ends_sentence(scan->at[0]) || scan->at[0] == 0xE2) {
        gap = WORDSCAN_GAP_STOP;
    } else if (class == LETTERS_SPACE) {
        gap = WORDSCAN_GAP_SPACE;
    }
    if (gap > scan->gap)
        scan->gap = gap;
}

/* Moves to the next letter; zero at the end. */
static int skip_to_letter(struct wordscan *scan, letters_entry *ret_entry, unsigned *ret_length)
{
    while (scan->at < scan->end) {
        letters_entry entry = letters_at(scan->at, scan->end, ret_length);
        unsigned class = letters_class(entry);

        if (class >= LETTERS_LATIN) {
            *ret_entry = entry;
            return 1;
        }
        if (class != LETTERS_MARK) {
            note_gap(scan, class);
            scan->left = around_code[class];
        }
        scan->at += *ret_length;
    }
    return 0;
}

static unsigned right_code(const uint8_t *at, const uint8_t *end)
{
    unsigned length;

    return at < end ? around_code[letters_class(letters_at(at, end, &length))] : 0;
}

static void compose_last(struct wordscan_word *word, const uint8_t *at)
{
    unsigned mark = ((at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu)) - 0x300;

    if ((at[0] & 0xE0) == 0xC0 && mark < 0x70 && word->length > 0)
        word->ids[word->length - 1] = letters_compose(word->group, word->ids[word->length - 1], mark);
}

static int letter_follows(const uint8_t *at, const uint8_t *end, unsigned group)
{
    unsigned length;

    return at < end && letters_class(letters_at(at, end, &length)) == group;
}

static void trim_digits(struct wordscan_word *word)
{
    while (word->length > 0 && word->ids[word->length - 1] == LETTERS_DIGIT_ID) {
        word->length--;
        word->end--;
    }
}

/* A character inside a word that is no letter of its script. Zero if the word ends before it. */
static int read_joiner(const struct wordscan *scan, struct wordscan_word *word, const uint8_t *at,
                       unsigned class, unsigned length)
{
    if (class == LETTERS_APOSTROPHE && letter_follows(at + length, scan->end, word->group))
        word->ids[word->length++] = LETTERS_APOSTROPHE_ID;
    else if (class == LETTERS_DIGIT)
        word->ids[word->length++] = LETTERS_DIGIT_ID;
    else if (class == LETTERS_MARK)
        compose_last(word, at);
    else
        return 0;
    return 1;
}

struct plain {
    unsigned flags; /* the AND of the letters' flags */
    int mixed;      /* a letter of the twin script stopped the word */
};

/* Reads one word of its group by the short way. */
static const uint8_t *read_plain(const struct wordscan *scan, struct wordscan_word *word,
                                 struct plain *ret_plain)
{
    const uint8_t *at = scan->at, *end = scan->end;
    const unsigned group = word->group;
    unsigned flags = LETTERS_TWIN | LETTERS_LOOSE, before = LETTERS_UPPER, camel = 0, count = 0, joiners = 0;

    while (at < end && count < WORDSCAN_LETTERS_MAX) {
        unsigned length;
        letters_entry entry = letters_at(at, end, &length);

        if (letters_class(entry) == group) {
            flags &= entry;
            camel |= entry & ~before;
            before = entry;
            word->ids[count++] = letters_id(entry);
        } else {
            word->length = (uint8_t)count;
            if (!read_joiner(scan, word, at, letters_class(entry), length)) {
                ret_plain->mixed = letters_class(entry) + group == LETTERS_LATIN + LETTERS_CYRILLIC;
                break;
            }
            joiners += word->length - count;
            count = word->length;
        }
        at += length;
    }
    word->length = (uint8_t)count;
    word->letters = (uint8_t)(count - joiners);
    word->around |= camel & LETTERS_UPPER ? WORDSCAN_CAMEL : 0;
    ret_plain->flags = flags;
    return at;
}

/* Whether a word begins with a capital and goes on with a small letter. */
static uint8_t is_capitalized(const uint8_t *at, const uint8_t *end)
{
    unsigned length;

    if (!(letters_at(at, end, &length) & LETTERS_UPPER))
        return 0;
    at += length;
    return at < end && letters_class(letters_at(at, end, &length)) >= LETTERS_LATIN &&
           !(letters_at(at, end, &length) & LETTERS_UPPER);
}

/* The script of the first telling letter after `at` in this line, 0 if none is near. */
static unsigned script_ahead(const uint8_t *at, const uint8_t *end)
{
    unsigned length;

    if (end - at > WORDSCAN_LOOKAHEAD_MAX)
        end = at + WORDSCAN_LOOKAHEAD_MAX;
    for (; at < end && *at != '\n'; at += length) {
        letters_entry entry = letters_at(at, end, &length);
        unsigned class = letters_class(entry);

        if ((class == LETTERS_LATIN || class == LETTERS_CYRILLIC) && !(entry & LETTERS_TWIN))
            return class;
    }
    return 0;
}

static uint8_t fold(uint8_t id, unsigned from, unsigned to)
{
    uint8_t twin;

    if (from == to || id < LETTERS_FIRST_ID)
        return id;
    twin = to == LETTERS_CYRILLIC ? letters_latin_to_cyrillic[id] : letters_cyrillic_to_latin[id];
    return twin ? twin : LETTERS_OTHER_ID;
}

static void fold_word(struct wordscan_word *word, unsigned to)
{
    for (unsigned i = 0; i < word->length; i++)
        word->ids[i] = fold(word->ids[i], word->group, to);
    word->group = (uint8_t)to;
}

/* The script a word without telling letters belongs to, by its neighbours. */
static unsigned script_by_neighbours(const struct wordscan *scan, unsigned own)
{
    unsigned ahead, other = LETTERS_LATIN + LETTERS_CYRILLIC - own;

    if (scan->script == own)
        return own;
    ahead = script_ahead(scan->at, scan->end);
    return ahead != own && (ahead == other || scan->script == other) ? other : own;
}

static void read_run(const struct wordscan *scan, struct run *run)
{
    const uint8_t *at = scan->at;
    unsigned length;

    for (run->length = 0; at < scan->end && run->length < WORDSCAN_LETTERS_MAX; at += length) {
        letters_entry entry = letters_at(at, scan->end, &length);
        unsigned class = letters_class(entry);

        if (class == LETTERS_MARK && run->length > 0)
            continue;
        if (class != LETTERS_LATIN && class != LETTERS_CYRILLIC && class != LETTERS_DIGIT &&
            class != LETTERS_APOSTROPHE)
            break;
        run->places[run->length] = at;
        run->entries[run->length++] = entry;
    }
    while (run->length > 0 && letters_class(run->entries[run->length - 1]) < LETTERS_LATIN)
        at = run->places[--run->length];
    run->places[run->length] = at;
}

static unsigned count_telling(const struct run *run, unsigned script)
{
    unsigned count = 0;

    for (unsigned i = 0; i < run->length; i++)
        count += letters_class(run->entries[i]) == script && !(run->entries[i] & LETTERS_TWIN);
    return count;
}

/* Where a run of two scripts falls apart: before the first telling letter of the second one, and before the
 * twins of that script that lead to it. */
static unsigned split_point(const struct run *run)
{
    unsigned script = 0, at;

    for (at = 0; at < run->length; at++) {
        unsigned class = letters_class(run->entries[at]);

        if (class < LETTERS_LATIN || (run->entries[at] & LETTERS_TWIN))
            continue;
        if (script && class != script)
            break;
        script = class;
    }
    while (at > 1 && letters_class(run->entries[at - 1]) != script)
        at--;
    return at;
}

static uint8_t digit_as_cyrillic(uint8_t byte)
{
    static const char *const twins[10] = {"о", 0, 0, "з", "ч", 0, "б", 0, 0, 0};
    unsigned length;

    if (byte < '0' || byte > '9' || !twins[byte - '0'])
        return LETTERS_DIGIT_ID;
    return letters_id(
        letters_at((const uint8_t *)twins[byte - '0'], (const uint8_t *)twins[byte - '0'] + 2, &length));
}

static void emit_run(const struct run *run, unsigned length, unsigned script, struct wordscan_word *word)
{
    word->group = (uint8_t)script;
    word->length = (uint8_t)length;
    word->letters = 0;
    for (unsigned i = 0; i < length; i++) {
        unsigned class = letters_class(run->entries[i]);

        word->letters = (uint8_t)(word->letters + (class >= LETTERS_LATIN));
        word->ids[i] = fold(letters_id(run->entries[i]), class, script);
        if (class == LETTERS_DIGIT && script == LETTERS_CYRILLIC)
            word->ids[i] = digit_as_cyrillic(run->places[i][0]);
    }
}

/* The long way, for words that mix Latin and Cyrillic. */
static const uint8_t *read_mixed(struct wordscan *scan, struct wordscan_word *word)
{
    struct run run;
    unsigned latin, cyrillic, script, length;

    read_run(scan, &run);
    latin = count_telling(&run, LETTERS_LATIN);
    cyrillic = count_telling(&run, LETTERS_CYRILLIC);
    length = run.length;
    if (latin == 0 && cyrillic == 0)
        script = script_by_neighbours(scan, word->group);
    else if (latin >= 3 * cyrillic)
        script = LETTERS_LATIN;
    else if (cyrillic >= 3 * latin)
        script = LETTERS_CYRILLIC;
    else {
        length = split_point(&run);
        run.length = length;
        script = count_telling(&run, LETTERS_LATIN) ? LETTERS_LATIN : LETTERS_CYRILLIC;
    }
    emit_run(&run, length, script, word);
    scan->mixed = 1;
    scan->script = (uint8_t)script;
    return run.places[length];
}

static void fold_twins(struct wordscan *scan, struct wordscan_word *word, unsigned flags)
{
    unsigned script = word->group;

    if (flags & LETTERS_TWIN || (scan->mixed && flags & LETTERS_LOOSE && word->length <= 5))
        script = script_by_neighbours(scan, word->group);
    if (script != word->group)
        fold_word(word, script);
    if (!(flags & LETTERS_TWIN))
        scan->script = (uint8_t)script;
}

static const uint8_t *read_alphabetic(struct wordscan *scan, struct wordscan_word *word)
{
    struct plain plain = {0, 0};
    const uint8_t *at = read_plain(scan, word, &plain);

    word->capital = is_capitalized(scan->at, scan->end);
    if (plain.mixed)
        return read_mixed(scan, word);
    if (word->letters != word->length) {
        word->end = (size_t)(at - scan->bytes);
        trim_digits(word);
        at = scan->bytes + word->end;
        if (memchr(word->ids, LETTERS_DIGIT_ID, word->length))
            word->around |= WORDSCAN_DIGITS;
    }
    if (plain.flags & (LETTERS_TWIN | LETTERS_LOOSE) && word->group != LETTERS_ARABIC)
        fold_twins(scan, word, plain.flags);
    else
        scan->script = word->group;
    return at;
}

/* Han, kana and the scripts with one language: as long as the number stays the same. */
static const uint8_t *read_other(const struct wordscan *scan, struct wordscan_word *word, letters_entry first)
{
    const uint8_t *at = scan->at;
    unsigned length;

    while (at < scan->end && word->length < WORDSCAN_LETTERS_MAX) {
        letters_entry entry = letters_at(at, scan->end, &length);

        if (letters_class(entry) != LETTERS_MARK) {
            if (letters_class(entry) != word->group || letters_id(entry) != letters_id(first))
                break;
            word->length++;
        }
        at += length;
    }
    word->letters = word->length;
    return at;
}

int wordscan_next(struct wordscan *scan, struct wordscan_word *ret_word)
{
    letters_entry first;
    unsigned length;

    if (!skip_to_letter(scan, &first, &length))
        return 0;
    memset(ret_word, 0, offsetof(struct wordscan_word, ids));
    ret_word->start = (size_t)(scan->at - scan->bytes);
    ret_word->group = (uint8_t)letters_class(first);
    ret_word->direct = letters_id(first);
    ret_word->gap = scan->gap;
    if (is_alphabetic(ret_word->group))
        scan->at = read_alphabetic(scan, ret_word);
    else
        scan->at = read_other(scan, ret_word, first);
    ret_word->end = (size_t)(scan->at - scan->bytes);
    ret_word->around |= (uint8_t)(scan->left << WORDSCAN_LEFT_SHIFT | right_code(scan->at, scan->end)
                                                                          << WORDSCAN_RIGHT_SHIFT);
    scan->left = 0;
    scan->gap = WORDSCAN_GAP_NONE;
    return 1;
}

size_t wordscan_skip(struct wordscan *scan, unsigned group, unsigned words)
{
    const uint8_t *at = scan->at, *end = scan->end;
    size_t letters = 0, before = 0;
    unsigned length;

    for (; at < end && words > 0; at += length) {
        letters_entry entry = letters_at(at, end, &length);
        unsigned class = letters_class(entry);

        if (class == group) {
            letters++;
            continue;
        }
        if (class >= LETTERS_LATIN)
            break;
        scan->signs += is_code_sign(scan, at, class);
        words -= class == LETTERS_SPACE && letters != before;
        before = letters;
    }
    scan->at = at;
    scan->left = 0;
    scan->gap = WORDSCAN_GAP_SPACE;
    scan->script = (uint8_t)group;
    return letters;
}

static const uint8_t *pass(const uint8_t *at, const uint8_t *end, uint8_t sign, unsigned most)
{
    while (at < end && *at == sign && most-- > 0)
        at++;
    return at;
}

int wordscan_is_number(const struct wordscan *scan, const struct wordscan_word *word)
{
    const uint8_t *at = scan->bytes + word->start, *end = scan->bytes + word->end, *tens;

    if ((*at != 'I' && *at != 'V' && *at != 'X') || end - at < 2)
        return 0;
    tens = pass(at, end, 'X', 3);
    if (end - tens == 2 && tens[0] == 'I' && (tens[1] == 'V' || tens[1] == 'X'))
        return 1;
    return pass(pass(tens, end, 'V', 1), end, 'I', 3) == end;
}

int wordscan_skip_address(struct wordscan *scan, const struct wordscan_word *word)
{
    const uint8_t *from = scan->bytes + word->start, *to = scan->bytes + word->end;
    const size_t left = (size_t)(scan->end - to);

    if (!(left > 3 && memcmp(to, "://", 3) == 0) &&
        !(left > 1 && to - from == 3 && memcmp(from, "www.", 4) == 0))
        return 0;
    while (to<scan->end && * to> ' ')
        to++;
    scan->at = to;
    return 1;
}
