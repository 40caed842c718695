/*
 * Cutting text into pieces and folding it, in one pass over the bytes: this runs over every page that was
 * fetched, so the scripts that are met every day are folded by arithmetic and only the others by table.
 */
#include "pipeline/compare/piece.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/compare/compare_limits.h"

#include <errno.h>

enum { STEM_LETTERS = 6, PHONE_DIGITS = 9, MAIL_LETTERS_MIN = 5 };

/* FNV-1a with 32 bits. */
#define FNV_SEED  0x811C9DC5u
#define FNV_PRIME 0x01000193u

/* What a character folds to, beside letters, which fold to their lower case. */
enum { FOLD_SPACE = ' ', FOLD_DIGIT = '0', FOLD_NOTHING = 0, FOLD_END = '.', FOLD_AT = '@' };

/* One piece while it is being cut. */
struct cutter {
    struct arena *arena;
    struct piece_list *list;
    struct piece now;
    char folded[PIECE_BYTES_MAX + 8];
    size_t size;
    size_t start; /* where the piece begins in the text */
    struct piece_word word;
    char digits[24]; /* of the number being read */
    size_t digit_count;
    bool phone; /* the number began like a telephone number */
    bool mail;  /* the word holds an @ */
    bool failed;
};

static uint32_t fold_ascii(uint32_t c)
{
    if (c >= 'a' && c <= 'z')
        return c;
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= '0' && c <= '9')
        return FOLD_DIGIT;
    if (c == '.' || c == '!' || c == '?')
        return FOLD_END;
    if (c == '\'' || c == '`')
        return FOLD_NOTHING;
    return c == '@' ? FOLD_AT : FOLD_SPACE;
}

static uint32_t fold_other(uint32_t c)
{
    if (c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0x2019 || c == 0x2BC)
        return FOLD_NOTHING;
    if (c >= 0x300 && c <= 0x36F)
        return FOLD_NOTHING;
    if (c >= 0x2010 && c <= 0x206F)
        return c == 0x2026 ? FOLD_END : FOLD_SPACE;
    return utf8_is_letter(c) ? utf8_lower(c) : FOLD_SPACE;
}

static uint32_t fold(uint32_t c)
{
    if (c < 0x80)
        return fold_ascii(c);
    if (c >= 0x430 && c <= 0x45F)
        return c;
    if (c >= 0x410 && c <= 0x42F)
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    return fold_other(c);
}

static void put(struct cutter *cutter, uint32_t c)
{
    if (cutter->size > PIECE_BYTES_MAX)
        return;
    if (c < 0x80) {
        cutter->folded[cutter->size++] = (char)c;
    } else if (c < 0x800) {
        cutter->folded[cutter->size++] = (char)(0xC0 | c >> 6);
        cutter->folded[cutter->size++] = (char)(0x80 | (c & 0x3F));
    } else {
        cutter->size += utf8_put(c, cutter->folded + cutter->size);
    }
}

static void add_contact(struct cutter *cutter, uint32_t hash)
{
    struct piece_list *list = cutter->list;
    if (!cutter->now.counts || list->contact_count >= MEMORY_CONTACTS_MAX * 4)
        return;
    uint32_t *grown =
        arena_grow(cutter->arena, list->contacts, list->contact_count, &list->contact_room, sizeof(*grown));
    if (!grown) {
        cutter->failed = true;
        return;
    }
    list->contacts = grown;
    list->contacts[list->contact_count++] = hash;
}

static void add_word(struct cutter *cutter, struct piece_word word)
{
    struct piece_list *list = cutter->list;
    if (list->word_count >= (cutter->now.counts ? WORDS_MAX : WORDS_UNSEEN_MAX))
        return;
    if (list->word_count == list->word_room)
        list->words =
            arena_grow(cutter->arena, list->words, list->word_count, &list->word_room, sizeof(*list->words));
    if (!list->words) {
        cutter->failed = true;
        return;
    }
    list->words[list->word_count++] = word;
    cutter->now.word_count++;
}

static void end_word(struct cutter *cutter)
{
    if (cutter->mail && cutter->word.letters >= MAIL_LETTERS_MIN)
        add_contact(cutter, cutter->word.full);
    if (cutter->word.letters)
        add_word(cutter, cutter->word);
    cutter->mail = false;
    cutter->word = (struct piece_word){FNV_SEED, FNV_SEED, 0};
}

/* A telephone number is part of what the page says; any other number is as good as the next. */
static void end_number(struct cutter *cutter)
{
    if (cutter->phone && cutter->digit_count >= PHONE_DIGITS) {
        size_t from = cutter->digit_count > PHONE_DIGITS ? cutter->digit_count - PHONE_DIGITS : 0;
        struct span tail = {cutter->digits + from, cutter->digit_count - from};
        uint32_t hash = (uint32_t)hash_span(tail);
        add_contact(cutter, hash);
        add_word(cutter, (struct piece_word){hash, hash, PHONE_DIGITS});
        for (size_t i = 0; i < tail.size; i++)
            put(cutter, (unsigned char)tail.at[i]);
    }
    cutter->digit_count = 0;
    cutter->phone = false;
}

static void start_piece(struct cutter *cutter, size_t at)
{
    cutter->start = at;
    cutter->size = 0;
    cutter->now.letters = 0;
    cutter->now.word_count = 0;
    cutter->now.first_word = (uint32_t)cutter->list->word_count;
    cutter->word = (struct piece_word){FNV_SEED, FNV_SEED, 0};
    cutter->digit_count = 0;
    cutter->phone = cutter->mail = false;
}

/* What nobody sees has a smaller room of its own, so that it cannot push out what shows. */
static bool is_full(const struct cutter *cutter)
{
    const struct piece_list *list = cutter->list;
    if (!cutter->now.counts)
        return list->unseen >= PIECES_UNSEEN_MAX;
    return list->count - list->unseen >= PIECES_MAX;
}

static void end_piece(struct cutter *cutter, struct span text, size_t at)
{
    struct piece_list *list = cutter->list;
    end_word(cutter);
    end_number(cutter);
    while (cutter->size && cutter->folded[cutter->size - 1] == ' ')
        cutter->size--;
    if (cutter->size && is_full(cutter)) {
        list->cut = true;
        cutter->size = 0;
    }
    if (!cutter->size) {
        start_piece(cutter, at);
        return;
    }
    struct piece *grown = arena_grow(cutter->arena, list->at, list->count, &list->room, sizeof(*grown));
    if (!grown) {
        cutter->failed = true;
        return;
    }
    list->at = grown;
    cutter->now.hash = hash_bytes(cutter->folded, cutter->size);
    cutter->now.text = span_trim(span_cut(text, cutter->start, at));
    list->at[list->count++] = cutter->now;
    list->unseen += !cutter->now.counts;
    cutter->now.place += cutter->now.counts ? cutter->now.letters : 0;
    start_piece(cutter, at);
}

static void take_letter(struct cutter *cutter, uint32_t c)
{
    if (cutter->digit_count)
        end_number(cutter);
    struct piece_word *word = &cutter->word;
    word->full = (word->full ^ c) * FNV_PRIME;
    if (word->letters < STEM_LETTERS)
        word->stem = (word->stem ^ c) * FNV_PRIME;
    word->letters++;
    cutter->now.letters++;
    put(cutter, c);
}

/* A letter of every day at `at`, folded; 0 for anything else. */
static inline uint32_t letter_at(struct span text, size_t at)
{
    unsigned char lead = (unsigned char)text.at[at];
    if ((lead & 0xFE) == 0xD0) {
        unsigned char next = at + 1 < text.size ? (unsigned char)text.at[at + 1] : 0;
        uint32_t c = (uint32_t)(lead & 1) << 6 | (next & 0x3F); /* from U+0400 */
        if ((next & 0xC0) != 0x80)
            return 0;
        if (c >= 0x30)
            return c <= 0x5F ? 0x400 + c : 0;
        return 0x400 + c + (c < 0x10 ? 80 : 32);
    }
    lead |= 32;
    return lead >= 'a' && lead <= 'z' ? lead : 0;
}

/* A run of them, as take_letter() would take each: most of a page is such runs. Returns where it ends. */
static size_t take_run(struct cutter *cutter, struct span text, size_t at)
{
    uint32_t c = letter_at(text, at);
    if (!c)
        return at;
    if (cutter->digit_count)
        end_number(cutter);
    struct piece_word word = cutter->word;
    size_t size = cutter->size;
    uint32_t before = word.letters;
    for (; c; c = at < text.size ? letter_at(text, at) : 0) {
        word.full = (word.full ^ c) * FNV_PRIME;
        word.stem = word.letters < STEM_LETTERS ? (word.stem ^ c) * FNV_PRIME : word.stem;
        word.letters++;
        bool fits = size <= PIECE_BYTES_MAX;
        if (c >= 0x80 && fits) {
            cutter->folded[size] = (char)(0xC0 | c >> 6);
            cutter->folded[size + 1] = (char)(0x80 | (c & 0x3F));
        } else if (fits) {
            cutter->folded[size] = (char)c;
        }
        at += c >= 0x80 ? 2 : 1;
        size += fits ? c >= 0x80 ? 2 : 1 : 0;
    }
    cutter->now.letters += word.letters - before;
    cutter->word = word;
    cutter->size = size;
    return at;
}

static void take_digit(struct cutter *cutter, uint32_t c)
{
    if (!cutter->digit_count) {
        cutter->phone |= c == '0';
        put(cutter, FOLD_DIGIT);
    }
    if (cutter->digit_count < sizeof(cutter->digits))
        cutter->digits[cutter->digit_count++] = (char)c;
}

static void take_space(struct cutter *cutter, uint32_t c, uint32_t folded)
{
    if (folded == FOLD_AT && cutter->word.letters) {
        cutter->mail = true;
        cutter->word.full = (cutter->word.full ^ c) * FNV_PRIME;
        return;
    }
    if (cutter->mail && c == '.')
        return;
    bool in_number = cutter->digit_count && (c == ' ' || c == '-' || c == '(' || c == ')' || c == 0xA0);
    if (cutter->word.letters)
        end_word(cutter);
    if (!in_number && cutter->digit_count)
        end_number(cutter);
    if (!cutter->digit_count)
        cutter->phone = c == '+' || c == '(';
    if (!in_number && cutter->size && cutter->folded[cutter->size - 1] != ' ')
        put(cutter, ' ');
}

/* A piece ends behind a sentence that is long enough, or at a space when it would never end. */
static bool piece_ends(const struct cutter *cutter, uint32_t c, bool ended)
{
    if (c != ' ' && c != 0xA0)
        return false;
    return (ended && cutter->now.letters >= PIECE_LETTERS_MIN) || cutter->now.letters >= PIECE_LETTERS_MAX ||
           cutter->size >= PIECE_BYTES_MAX - 64;
}

static int cut(struct cutter *cutter, struct span text)
{
    bool ended = false;
    start_piece(cutter, 0);
    for (size_t at = 0; at < text.size && !cutter->failed;) {
        size_t behind = take_run(cutter, text, at);
        if (behind > at) {
            at = behind;
            ended = false;
            continue;
        }
        uint32_t c = utf8_next(text, &at);
        uint32_t folded = fold(c);
        if (folded == FOLD_NOTHING)
            continue;
        if (folded == FOLD_DIGIT) {
            take_digit(cutter, c);
        } else if (folded != FOLD_SPACE && folded != FOLD_END && folded != FOLD_AT) {
            take_letter(cutter, folded);
        } else {
            take_space(cutter, c, folded);
            if (piece_ends(cutter, c, ended))
                end_piece(cutter, text, at);
        }
        ended = folded == FOLD_END || (ended && folded == FOLD_SPACE && c != ' ');
    }
    end_piece(cutter, text, text.size);
    return cutter->failed ? -ENOMEM : 0;
}

static bool visible(const struct block *block)
{
    return (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
}

int piece_read(const struct reading *reading, struct arena *arena, struct piece_list *ret_list)
{
    struct piece_list list = {0};
    uint64_t letters = 0;
    struct cutter cutter = {.arena = arena, .list = &list};
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        cutter.now = (struct piece){.block = (uint32_t)i,
                                    .place = block->place,
                                    .path = piece_path(block->path),
                                    .origin = block->origin,
                                    .heading = block->heading,
                                    .counts = visible(block)};
        if (cut(&cutter, block->text))
            return -ENOMEM;
        letters += cutter.now.counts ? block->text.size : 0;
        list.cut |= letters > PAGE_LETTERS_MAX;
        if (letters > PAGE_LETTERS_MAX)
            break;
    }
    *ret_list = list;
    return 0;
}

int piece_add(struct span text, struct arena *arena, struct piece_list *list)
{
    struct cutter cutter = {.arena = arena, .list = list};
    return cut(&cutter, text);
}
