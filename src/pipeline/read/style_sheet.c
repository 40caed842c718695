/*
 * Rules lie in buckets by the hash of the last compound's id, class or name, so an element meets only those
 * that may match it. Style text is untrusted: every list is bounded, and so is the work of matching.
 */
#include "pipeline/read/style_sheet.h"

#include "pipeline/read/read_limits.h"
#include "pipeline/read/style_media.h"

enum { PARTS = 6, PART_CLASSES = 4, BUCKETS = 1024, ANYTHING = 1 };

struct compound {
    uint32_t name; /* 0: any */
    uint32_t id;
    uint32_t classes[PART_CLASSES];
    uint8_t class_count;
    bool child; /* the part to its left is the parent, not any ancestor */
};

struct rule {
    struct rule *next; /* in the bucket */
    struct compound parts[PARTS];
    uint8_t part_count;
    uint8_t important;
    uint8_t doubt; /* enum style_doubt: what it matches may be shown, and nothing else is known of it */
    uint8_t values[STYLE_PROPERTY_COUNT];
    uint32_t key;
    uint32_t weight; /* specificity, then order */
};

struct style_sheet {
    struct arena *arena;
    struct rule *buckets[BUCKETS];
    struct rule *anywhere; /* rules for any element */
    uint8_t doubt;         /* enum style_doubt for any element */
    uint32_t count;
    uint32_t tries;
    size_t bytes;
    bool cut;
};

uint32_t style_hash(struct span word)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.size; i++)
        hash = (hash ^ (unsigned char)word.at[i]) * 16777619u;
    return hash > ANYTHING ? hash : hash + 2;
}

static uint32_t hash_small(struct span word)
{
    char small[64];
    if (word.size > sizeof(small))
        return style_hash(word);
    for (size_t i = 0; i < word.size; i++)
        small[i] = (char)(word.at[i] >= 'A' && word.at[i] <= 'Z' ? word.at[i] + 32 : word.at[i]);
    return style_hash((struct span){small, word.size});
}

struct style_sheet *style_sheet_new(struct arena *arena)
{
    struct style_sheet *sheet = arena_alloc(arena, 1, sizeof(*sheet));
    if (sheet)
        sheet->arena = arena;
    return sheet;
}

bool style_sheet_cut(const struct style_sheet *sheet)
{
    return sheet->cut;
}

/* ---- selectors -------------------------------------------------------------------------------------------
 */

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool is_word(char byte)
{
    bool letter = (byte | 32) >= 'a' && (byte | 32) <= 'z';
    return letter || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

enum { WORD_BYTES = 96 };

/* A name with its escapes resolved ("md\\:flex" is the class md:flex); longer ones and escapes by number are
 * not understood and give the empty span. */
static struct span take_word(struct span text, size_t *at, char room[WORD_BYTES])
{
    size_t size = 0;
    for (; *at < text.size && (is_word(text.at[*at]) || text.at[*at] == '\\'); ++*at) {
        if (text.at[*at] == '\\' && (++*at == text.size || is_word(text.at[*at])))
            return (struct span){NULL, 0};
        if (size == WORD_BYTES)
            return (struct span){NULL, 0};
        room[size++] = text.at[*at];
    }
    return (struct span){room, size};
}

static bool add_class(struct compound *part, struct span word)
{
    if (word.size == 0 || part->class_count == PART_CLASSES)
        return false;
    part->classes[part->class_count++] = style_hash(word);
    return true;
}

/* One compound like div#top.wide; false for anything not understood. */
static bool read_compound(struct span text, size_t *at, struct compound *ret_part)
{
    char room[WORD_BYTES];
    size_t start = *at;
    if (*at < text.size && text.at[*at] == '*')
        (*at)++;
    else if (*at < text.size && is_word(text.at[*at]))
        ret_part->name = hash_small(take_word(text, at, room));
    while (*at < text.size && (text.at[*at] == '.' || text.at[*at] == '#')) {
        char mark = text.at[(*at)++];
        struct span word = take_word(text, at, room);
        if (mark == '#')
            ret_part->id = style_hash(word);
        if (word.size == 0 || (mark == '.' && !add_class(ret_part, word)))
            return false;
    }
    return *at > start;
}

static bool read_selector(struct span text, struct rule *rule)
{
    text = span_trim(text);
    bool child = false;
    for (size_t at = 0; at < text.size;) {
        if (rule->part_count == PARTS)
            return false;
        struct compound *part = &rule->parts[rule->part_count++];
        if (!read_compound(text, &at, part))
            return false;
        part->child = child;
        child = false;
        if (at < text.size && !is_space(text.at[at]) && text.at[at] != '>')
            return false;
        while (at < text.size && (is_space(text.at[at]) || (text.at[at] == '>' && !child)))
            child |= text.at[at++] == '>';
    }
    return rule->part_count > 0 && !child;
}

static uint32_t specificity(const struct rule *rule)
{
    uint32_t ids = 0, classes = 0, names = 0;
    for (int i = 0; i < rule->part_count; i++) {
        ids += rule->parts[i].id != 0;
        classes += rule->parts[i].class_count;
        names += rule->parts[i].name != 0;
    }
    return ids << 9 | (classes > 31 ? 31 : classes) << 4 | (names > 15 ? 15 : names);
}

/* Bits: how the rules of a group are taken. */
enum group {
    GROUP_HIDES_IN_DOUBT = 1, /* what they hide may be shown to others */
    GROUP_HIDES_NOTHING = 2,
    GROUP_SHOWS_IN_DOUBT = 4, /* what they show may be hidden */
    GROUP_LAYER = 8,          /* @layer: less than any rule outside, unless important */
};

static void keep_rule(struct style_sheet *sheet, const struct rule *rule, unsigned group)
{
    struct rule *kept = arena_alloc(sheet->arena, 1, sizeof(*kept));
    if (!kept) {
        sheet->cut = true;
        return;
    }
    *kept = *rule;
    const struct compound *last = &rule->parts[rule->part_count - 1];
    kept->key = last->id ? last->id : last->class_count ? last->classes[0] : last->name;
    kept->weight = group & GROUP_LAYER ? 0 : specificity(rule) << 16 | (sheet->count & 0xFFFF);
    struct rule **bucket = kept->key ? &sheet->buckets[kept->key % BUCKETS] : &sheet->anywhere;
    kept->next = *bucket;
    *bucket = kept;
    sheet->count++;
}

/* What stands behind the last space, '>', '+' or '~' outside brackets. */
static struct span last_compound(struct span selector)
{
    size_t start = 0;
    int depth = 0;
    for (size_t at = 0; at < selector.size; at++) {
        char byte = selector.at[at];
        depth += byte == '(' || byte == '[' ? 1 : byte == ')' || byte == ']' ? -1 : 0;
        if (depth == 0 && (is_space(byte) || byte == '>' || byte == '+' || byte == '~'))
            start = at + 1;
    }
    return span_cut(selector, start, selector.size);
}

/* States that a visitor brings about, and boxes that are no elements. */
static bool is_for_another_time(struct span selector)
{
    static const char *const states[] = {":hover",   ":focus",   ":active", ":target",    ":checked",
                                         ":visited", ":before",  ":after",  "::",         ":first-l",
                                         ":open",    ":popover", ":host",   ":fullscreen"};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (span_find(selector, span_of(states[i]), 0) < selector.size)
            return true;
    return false;
}

/* Behind a pseudo-class or an attribute selector. */
static size_t behind_condition(struct span text, size_t at)
{
    int depth = 0;
    do {
        depth += text.at[at] == '(' || text.at[at] == '[' ? 1 : 0;
        depth -= text.at[at] == ')' || text.at[at] == ']' ? 1 : 0;
        at++;
    } while (at < text.size && (depth > 0 || is_word(text.at[at]) || text.at[at] == '('));
    return at;
}

/* Of a selector that is not understood, the names of what it selects: more elements than it means. */
static bool read_roughly(struct span selector, struct rule *rule)
{
    struct compound *part = &rule->parts[0];
    if (is_for_another_time(selector))
        return false;
    *part = (struct compound){0};
    rule->part_count = 1;
    struct span text = last_compound(span_trim(selector));
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        if (text.at[at] == '.' || text.at[at] == '#' || is_word(text.at[at]) || text.at[at] == '*')
            read_compound(text, &at, part);
        else
            at = behind_condition(text, at);
        if (at == start)
            return true;
    }
    return true;
}

static void add_doubt(struct style_sheet *sheet, struct span selector, const struct style *style)
{
    struct rule rule = {.doubt = DOUBT_PLAIN};
    if (style->important >> STYLE_DISPLAY & 1)
        rule.doubt |= DOUBT_IMPORTANT;
    if (!read_selector(selector, &rule) && !read_roughly(selector, &rule))
        return;
    const struct compound *last = &rule.parts[rule.part_count - 1];
    if (rule.part_count == 1 && !last->id && !last->class_count && !last->name)
        sheet->doubt |= rule.doubt;
    else
        keep_rule(sheet, &rule, 0);
}

static bool shows(const struct style *style)
{
    return style->values[STYLE_DISPLAY] != STYLE_UNSET && style->values[STYLE_DISPLAY] != DISPLAY_NONE;
}

static void add_rule(struct style_sheet *sheet, struct span selector, const struct style *style,
                     unsigned group)
{
    struct rule rule = {.important = style->important};
    memcpy(rule.values, style->values, sizeof(rule.values));
    bool hides = rule.values[STYLE_DISPLAY] == DISPLAY_NONE;
    if (hides && group & GROUP_HIDES_IN_DOUBT)
        rule.values[STYLE_DISPLAY] = DISPLAY_DOUBT;
    if ((group & (GROUP_HIDES_NOTHING | GROUP_SHOWS_IN_DOUBT)) == 0 && read_selector(selector, &rule))
        keep_rule(sheet, &rule, group);
    else if (shows(style))
        add_doubt(sheet, selector, style);
}

static void add_rules(struct style_sheet *sheet, struct span selectors, struct span declarations,
                      unsigned group)
{
    struct style style = style_read(declarations);
    struct span one;
    if (!style_matters(&style))
        return;
    while (span_next(&selectors, ',', &one)) {
        if (sheet->count >= READ_RULES) {
            sheet->cut = true;
            return;
        }
        add_rule(sheet, one, &style, group);
    }
}

/* ---- the text of a sheet ---------------------------------------------------------------------------------
 */

/* The offset of the first of both bytes outside quotes, or the end. */
static size_t scan_to(struct span css, size_t at, char stop, char other)
{
    char quote = '\0';
    for (; at < css.size; at++) {
        char byte = css.at[at];
        if (byte == '\\')
            at++;
        else if (quote)
            quote = byte == quote || byte == '\n' ? '\0' : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == stop || byte == other)
            return at;
    }
    return css.size;
}

/* The '}' that belongs to the '{' before `at`. */
static size_t block_end(struct span css, size_t at)
{
    for (size_t depth = 1; (at = scan_to(css, at, '{', '}')) < css.size; at++) {
        if (css.at[at] == '{')
            depth++;
        else if (--depth == 0)
            return at;
    }
    return css.size;
}

enum { GROUP_SKIP = 0x100, GROUPS_DEEP = 8 };

static unsigned group_of_media(enum style_media media)
{
    switch (media) {
    case MEDIA_NEVER: return GROUP_SKIP;
    case MEDIA_ELSEWHERE: return GROUP_HIDES_NOTHING | GROUP_SHOWS_IN_DOUBT;
    case MEDIA_HERE: return GROUP_HIDES_IN_DOUBT;
    case MEDIA_ALWAYS: break;
    }
    return 0;
}

static unsigned group_of(struct span prelude)
{
    if (span_starts(prelude, SPAN("@media")))
        return group_of_media(style_media_of(span_cut(prelude, 6, prelude.size)));
    if (span_starts(prelude, SPAN("@layer")))
        return GROUP_LAYER;
    if (span_starts(prelude, SPAN("@supports")) || span_starts(prelude, SPAN("@scope")))
        return GROUP_HIDES_IN_DOUBT;
    if (span_starts(prelude, SPAN("@container")))
        return GROUP_HIDES_NOTHING | GROUP_SHOWS_IN_DOUBT;
    return GROUP_SKIP;
}

static void read_rules(struct style_sheet *sheet, struct span css, unsigned group, int deep);

static size_t at_rule(struct style_sheet *sheet, struct span css, size_t at, unsigned group, int deep)
{
    size_t end = scan_to(css, at, '{', ';');
    if (end == css.size || css.at[end] == ';')
        return end + 1;
    size_t close = block_end(css, end + 1);
    unsigned inner = group_of(span_trim(span_cut(css, at, end)));
    if (!(inner & GROUP_SKIP))
        read_rules(sheet, span_cut(css, end + 1, close), group | inner, deep + 1);
    return close + 1;
}

/* Rules inside a rule: what they select is not worked out. */
static void nested_rules(struct style_sheet *sheet, struct span css, unsigned group, int deep)
{
    if (span_find(css, SPAN("{"), 0) < css.size)
        read_rules(sheet, css, group | GROUP_HIDES_NOTHING | GROUP_SHOWS_IN_DOUBT, deep + 1);
}

/* What stands before a rule inside a rule: declarations. */
static struct span behind_declarations(struct span prelude)
{
    for (size_t at = prelude.size; at > 0; at--)
        if (prelude.at[at - 1] == ';')
            return span_cut(prelude, at, prelude.size);
    return prelude;
}

/* Reads rules one after another. */
static void read_rules(struct style_sheet *sheet, struct span css, unsigned group, int deep)
{
    sheet->cut |= deep > GROUPS_DEEP;
    for (size_t at = 0; at < css.size && deep <= GROUPS_DEEP;) {
        if (is_space(css.at[at]) || css.at[at] == '}' || css.at[at] == ';') {
            at++;
        } else if (css.at[at] == '@') {
            at = at_rule(sheet, css, at, group, deep);
        } else {
            size_t open = scan_to(css, at, '{', '}');
            if (open == css.size || css.at[open] == '}') {
                at = open + 1;
                continue;
            }
            size_t close = block_end(css, open + 1);
            struct span inside = span_cut(css, open + 1, close);
            add_rules(sheet, behind_declarations(span_cut(css, at, open)), inside, group);
            nested_rules(sheet, inside, group, deep);
            at = close + 1;
        }
    }
}

/* A copy without comments and the arrows that hide a sheet from browsers of 1995. */
static struct span without_comments(struct arena *arena, struct span css)
{
    char *copy = arena_alloc(arena, css.size + 1, 1);
    size_t size = 0;
    if (!copy)
        return (struct span){NULL, 0};
    for (size_t at = 0; at < css.size;) {
        char byte = css.at[at];
        if (byte != '/' && byte != '<' && byte != '-') {
            copy[size++] = css.at[at++];
            continue;
        }
        struct span rest = span_cut(css, at, at + 4);
        if (span_starts(rest, SPAN("/*"))) {
            at = span_find(css, SPAN("*/"), at + 2) + 2;
            copy[size++] = ' ';
        } else if (span_starts(rest, SPAN("<!--")) || span_starts(rest, SPAN("-->"))) {
            at += rest.at[0] == '<' ? 4 : 3;
        } else {
            copy[size++] = css.at[at++];
        }
    }
    return (struct span){copy, size};
}

void style_sheet_add(struct style_sheet *sheet, struct span css, enum style_media media)
{
    unsigned group = group_of_media(media);
    if (group & GROUP_SKIP)
        return;
    if (css.size > READ_STYLE_BYTES - sheet->bytes) {
        sheet->cut = true;
        return;
    }
    sheet->bytes += css.size;
    read_rules(sheet, without_comments(sheet->arena, css), group, 0);
}

/* ---- matching --------------------------------------------------------------------------------------------
 */

static bool has_class(const struct style_node *node, uint32_t class)
{
    for (uint32_t i = 0; i < node->class_count; i++)
        if (node->classes[i] == class)
            return true;
    return false;
}

static bool part_matches(const struct compound *part, const struct style_node *node)
{
    if ((part->name && part->name != node->name) || (part->id && part->id != node->id))
        return false;
    for (int i = 0; i < part->class_count; i++)
        if (!has_class(node, part->classes[i]))
            return false;
    return true;
}

/* The rest of a selector against the ancestors: the nearest that fits is taken for each part, which misses
 * only selectors where '>' stands to the left of a descent and the nearest is not the right one. */
static bool rule_matches(const struct rule *rule, const struct style_node *node, uint32_t *tries)
{
    int i = rule->part_count - 1;
    if (!part_matches(&rule->parts[i], node))
        return false;
    for (; i > 0; i--) {
        const struct compound *left = &rule->parts[i - 1];
        node = node->parent;
        for (; node && !rule->parts[i].child && !part_matches(left, node); node = node->parent)
            ++*tries;
        if (!node || !part_matches(left, node))
            return false;
    }
    return true;
}

struct cascade {
    struct style *style;
    uint32_t weights[STYLE_PROPERTY_COUNT];
};

static void apply(struct cascade *cascade, const struct rule *rule)
{
    for (int i = 0; i < STYLE_PROPERTY_COUNT; i++) {
        bool important = rule->important >> i & 1;
        bool before = cascade->style->important >> i & 1;
        if (rule->values[i] == STYLE_UNSET || before > important ||
            (before == important && rule->weight < cascade->weights[i]))
            continue;
        cascade->style->values[i] = rule->values[i];
        cascade->weights[i] = rule->weight;
        if (important)
            cascade->style->important = (uint8_t)(cascade->style->important | 1u << i);
    }
}

static void try_bucket(struct style_sheet *sheet, struct cascade *cascade, const struct rule *rule,
                       uint32_t key, const struct style_node *node)
{
    for (; rule && sheet->tries < READ_RULE_TRIES; rule = rule->next) {
        sheet->tries++;
        if (rule->key != key || !rule_matches(rule, node, &sheet->tries))
            continue;
        if (rule->doubt)
            cascade->style->doubt |= rule->doubt;
        else
            apply(cascade, rule);
    }
}

void style_sheet_match(struct style_sheet *sheet, const struct style_node *node, struct style *ret_style)
{
    struct cascade cascade = {.style = ret_style};
    ret_style->doubt = (uint8_t)(sheet->doubt | (sheet->cut ? DOUBT_PLAIN : 0));
    if (sheet->count == 0)
        return;
    try_bucket(sheet, &cascade, sheet->anywhere, 0, node);
    try_bucket(sheet, &cascade, sheet->buckets[node->name % BUCKETS], node->name, node);
    if (node->id)
        try_bucket(sheet, &cascade, sheet->buckets[node->id % BUCKETS], node->id, node);
    for (uint32_t i = 0; i < node->class_count; i++)
        try_bucket(sheet, &cascade, sheet->buckets[node->classes[i] % BUCKETS], node->classes[i], node);
    sheet->cut |= sheet->tries >= READ_RULE_TRIES;
}
