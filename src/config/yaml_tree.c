/* The only file that knows libyaml; see yaml_tree.h. It walks the parser's events, never its documents: what
 * is refused is refused before it costs anything. */
#include "config/yaml_tree.h"

#include "base/utf8.h"
#include "config/config_limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

struct tree {
    struct arena *arena;
    const struct tree_file *file;
    struct span text;
    tree_fault_fn *tell;
    void *context;
    yaml_parser_t parser;
    unsigned faults;
    uint32_t nodes;
};

static int fault(struct tree *tree, yaml_mark_t mark, const char *what)
{
    tree->faults++;
    tree->tell(tree->context, tree->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1, what);
    return -EINVAL;
}

/* ---- what cannot be read at all ---- */

/* The place of a byte, counted in characters where there are some. */
static yaml_mark_t mark_of(struct span text, size_t offset)
{
    yaml_mark_t mark = {.index = offset};
    size_t start = 0;
    for (size_t i = 0; i < offset && i < text.size; i++)
        if (text.at[i] == '\n') {
            mark.line++;
            start = i + 1;
        }
    mark.column = utf8_length(span_cut(text, start, offset));
    return mark;
}

static bool is_text_byte(char byte)
{
    return (unsigned char)byte >= 0x20 ? byte != 0x7F : byte == '\t' || byte == '\n' || byte == '\r';
}

static int check_bytes(struct tree *tree)
{
    struct span text = tree->text;
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        char what[120];
        if (!is_text_byte(text.at[at])) {
            snprintf(what, sizeof(what), "byte 0x%02X is no text: is this a YAML file?",
                     (unsigned char)text.at[at]);
            return fault(tree, mark_of(text, at), what);
        }
        if (utf8_next(text, &at) == UTF8_REPLACEMENT && at == start + 1) {
            snprintf(what, sizeof(what), "byte 0x%02X is not UTF-8: save the file in that encoding",
                     (unsigned char)text.at[start]);
            return fault(tree, mark_of(text, start), what);
        }
    }
    return 0;
}

/* ---- what libyaml refuses, in words that say what to do ---- */

static const struct {
    const char *problem, *what;
    bool where_it_began; /* the place that helps is the one where the broken thing began */
} sayings[] = {
    {"mapping values are not allowed",
     "a ':' that does not fit: align the key with its neighbours, or put a value with ': ' in it in quotes",
     false},
    {"did not find expected key", "the indentation does not fit the lines above", false},
    {"did not find expected '-'",
     "the indentation does not fit the list above: each entry begins with '- ' in the same column", false},
    {"block sequence entries are not allowed", "a list cannot begin here: put '- ' on a line of its own",
     false},
    {"could not find expected ':'", "a key needs ': ' and a value behind it", true},
    {"found unexpected end of stream", "a quote that is never closed", true},
    {"did not find expected ',' or ']'", "a '[' that is never closed, or a comma is missing", true},
    {"did not find expected ',' or '}'", "a '{' that is never closed, or a comma is missing", true},
    {"did not find expected node content",
     "a value is missing here, or a '[' or '{' before it is never closed", false},
    {"found unknown escape", "no known escape behind '\\': use single quotes for text with backslashes",
     false},
    {"did not find expected <document start>", "the indentation does not fit the lines above", false},
};

static const char *stray_character(char byte)
{
    if (byte == '\t')
        return "a tab: YAML is indented with spaces";
    return "a value cannot begin with this character: put it in quotes";
}

static int syntax_fault(struct tree *tree)
{
    const yaml_parser_t *parser = &tree->parser;
    const char *problem = parser->problem ? parser->problem : "it cannot be read";
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_MEMORY_ERROR)
        return -ENOMEM;
    if (parser->error == YAML_READER_ERROR)
        return fault(tree, mark_of(tree->text, parser->problem_offset),
                     "a character that YAML does not allow");
    if (strcmp(problem, "found character that cannot start any token") == 0) {
        struct span from = tree->text;
        for (size_t line = 0; line < mark.line; line++)
            from = span_cut(from, span_find(from, SPAN("\n"), 0) + 1, from.size);
        size_t at = 0;
        for (size_t column = 0; column < mark.column && at < from.size; column++)
            utf8_next(from, &at);
        return fault(tree, mark, stray_character(at < from.size ? from.at[at] : ' '));
    }
    for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++)
        if (strstr(problem, sayings[i].problem))
            return fault(tree, sayings[i].where_it_began && parser->context ? parser->context_mark : mark,
                         sayings[i].what);
    return fault(tree, mark, problem);
}

static int next_event(struct tree *tree, yaml_event_t *ret_event)
{
    return yaml_parser_parse(&tree->parser, ret_event) ? 0 : syntax_fault(tree);
}

/* ---- events to nodes ---- */

static int read_node(struct tree *tree, const yaml_event_t *event, unsigned depth,
                     struct tree_node **ret_node);

static struct tree_node *new_node(struct tree *tree, const yaml_event_t *event, enum tree_kind kind)
{
    struct tree_node *node = arena_alloc(tree->arena, 1, sizeof(*node));
    tree->nodes++;
    if (!node)
        return NULL;
    node->kind = kind;
    node->file = tree->file;
    node->line = (uint32_t)event->start_mark.line + 1;
    node->column = (uint32_t)event->start_mark.column + 1;
    return node;
}

static int refuse_surprises(struct tree *tree, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor || event->type == YAML_ALIAS_EVENT)
        return fault(
            tree, event->start_mark,
            "anchors and aliases (& and *) are not read here: write it out, or put the value in quotes");
    if (tag)
        return fault(tree, event->start_mark,
                     "tags (!) are not read here: leave it out, or put the value in quotes");
    return 0;
}

static int read_text(struct tree *tree, const yaml_event_t *event, struct tree_node **ret_node)
{
    struct span value = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (value.size > CONFIG_VALUE_BYTES)
        return fault(tree, event->start_mark, "the value is longer than 16 KB");
    if (memchr(value.at, '\0', value.size))
        return fault(tree, event->start_mark, "a NUL in a value");
    struct tree_node *node = new_node(tree, event, TREE_TEXT);
    if (!node)
        return -ENOMEM;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_copy(tree->arena, value);
    *ret_node = node;
    return node->text.at ? 0 : -ENOMEM;
}

static int read_key(struct tree *tree, const yaml_event_t *event, struct tree_node *ret_key)
{
    struct tree_node *node;
    int result = refuse_surprises(tree, event);
    if (result < 0)
        return result;
    if (event->type != YAML_SCALAR_EVENT)
        return fault(tree, event->start_mark, "a key is a word, no list and no mapping");
    result = read_text(tree, event, &node);
    if (result == 0)
        *ret_key = *node;
    return result;
}

/* One entry of a list or mapping; `*ret_end` when there was none left. */
static int read_entry(struct tree *tree, bool is_map, unsigned depth, struct tree_node **ret_node,
                      bool *ret_end)
{
    yaml_event_t event;
    struct tree_node key = {.key = {NULL, 0}};
    int result = next_event(tree, &event);
    if (result < 0)
        return result;
    *ret_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    if (is_map && !*ret_end) {
        result = read_key(tree, &event, &key);
        yaml_event_delete(&event);
        if (result == 0)
            result = next_event(tree, &event);
        if (result < 0)
            return result;
    }
    if (!*ret_end)
        result = read_node(tree, &event, depth, ret_node);
    yaml_event_delete(&event);
    if (result == 0 && !*ret_end && is_map) {
        (*ret_node)->key = key.text;
        (*ret_node)->key_line = key.line;
        (*ret_node)->key_column = key.column;
    }
    return result;
}

static int compare_keys(const void *a, const void *b)
{
    const struct tree_node *one = *(const struct tree_node *const *)a,
                           *other = *(const struct tree_node *const *)b;
    int order = span_compare(one->key, other->key);
    if (order)
        return order;
    if (one->key_line != other->key_line)
        return one->key_line < other->key_line ? -1 : 1;
    return (one->key_column > other->key_column) - (one->key_column < other->key_column);
}

static int check_doubles(struct tree *tree, const struct tree_node *map)
{
    const struct tree_node **sorted = arena_alloc(tree->arena, map->count + 1, sizeof(*sorted));
    size_t count = 0;
    if (!sorted)
        return -ENOMEM;
    for (const struct tree_node *node = map->first; node; node = node->next)
        sorted[count++] = node;
    qsort(sorted, count, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < count; i++) {
        char what[200];
        if (!span_equal(sorted[i]->key, sorted[i - 1]->key))
            continue;
        snprintf(what, sizeof(what), "'%.100s' stands here already, in line %u: keep one of the two",
                 sorted[i]->key.at, sorted[i - 1]->key_line);
        fault(tree, (yaml_mark_t){.line = sorted[i]->key_line - 1, .column = sorted[i]->key_column - 1},
              what);
    }
    return 0;
}

static int read_entries(struct tree *tree, struct tree_node *parent, unsigned depth)
{
    struct tree_node **last = &parent->first;
    bool end = false;
    for (;;) {
        int result = read_entry(tree, parent->kind == TREE_MAP, depth, last, &end);
        if (result < 0 || end) {
            *last = result < 0 ? NULL : *last;
            return result < 0 || parent->kind != TREE_MAP ? result : check_doubles(tree, parent);
        }
        last = &(*last)->next;
        if (++parent->count > CONFIG_KEY_COUNT && parent->kind == TREE_MAP)
            return fault(tree, tree->parser.mark, "too many keys in one mapping: at most 4096");
    }
}

static int read_node(struct tree *tree, const yaml_event_t *event, unsigned depth,
                     struct tree_node **ret_node)
{
    int result = refuse_surprises(tree, event);
    if (result < 0)
        return result;
    if (tree->nodes >= CONFIG_NODES)
        return fault(tree, event->start_mark,
                     "more than 250,000 values: pages belong into lists, see 'pages'");
    if (event->type == YAML_SCALAR_EVENT)
        return read_text(tree, event, ret_node);
    if (depth >= CONFIG_DEPTH)
        return fault(tree, event->start_mark, "lists and mappings are nested too deep");
    struct tree_node *node =
        new_node(tree, event, event->type == YAML_MAPPING_START_EVENT ? TREE_MAP : TREE_LIST);
    if (!node)
        return -ENOMEM;
    result = read_entries(tree, node, depth + 1);
    *ret_node = node;
    return result;
}

/* ---- the file ---- */

/* Stream start, document start, the tree, document end, stream end: `root` stays NULL for an empty file. */
static int read_stream(struct tree *tree, struct tree_node **root)
{
    for (;;) {
        yaml_event_t event;
        int result = next_event(tree, &event);
        if (result < 0)
            return result;
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && *root)
            result = fault(tree, event.start_mark, "a second document: leave out the '---'");
        else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                 type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
            result = read_node(tree, &event, 0, root);
        yaml_event_delete(&event);
        if (result < 0 || type == YAML_STREAM_END_EVENT)
            return result;
    }
}

int yaml_tree_read(struct arena *arena, const struct tree_file *file, struct span text, tree_fault_fn *tell,
                   void *context, struct tree_node **ret_root)
{
    struct tree tree = {.arena = arena, .file = file, .text = text, .tell = tell, .context = context};
    struct tree_node *root = NULL;
    int result = check_bytes(&tree);
    if (result < 0)
        return result;
    if (!yaml_parser_initialize(&tree.parser))
        return -ENOMEM;
    yaml_parser_set_encoding(&tree.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&tree.parser, (const unsigned char *)text.at, text.size);
    result = read_stream(&tree, &root);
    yaml_parser_delete(&tree.parser);
    if (result < 0)
        return result;
    if (tree.faults)
        return -EINVAL;
    if (!root || yaml_tree_is_null(root)) {
        root = arena_alloc(arena, 1, sizeof(*root));
        if (!root)
            return -ENOMEM;
        *root = (struct tree_node){.kind = TREE_MAP, .line = 1, .column = 1, .file = file};
    }
    *ret_root = root;
    return 0;
}

bool yaml_tree_is_null(const struct tree_node *node)
{
    struct span text = node->text;
    return node->kind == TREE_TEXT && !node->quoted &&
           (text.size == 0 || span_equal(text, SPAN("~")) || span_equal_nocase(text, SPAN("null")));
}
