/* Reading the keys of one mapping. A key that is not known is the likeliest fault of all, so most of this is
 * about saying what was likely meant. */
#include "config/config_values.h"

#include "base/utf8.h"
#include "config/suggest.h"

struct mapping {
    struct config_reader *reader;
    enum key_scope scope;
    const char *section;
    unsigned kinds; /* of KEY_SINK: one bit */
};

static bool fits(const struct mapping *mapping, const struct config_key *key)
{
    return key->scope == mapping->scope && strcmp(key->section, mapping->section) == 0 &&
           (key->scope != KEY_SINK || (key->kinds & mapping->kinds));
}

static bool is_secret(struct span name)
{
    static const char *const words[] = {"password", "passwd",   "pass",  "secret", "key",
                                        "hmac",     "hmac_key", "token", NULL};
    for (size_t i = 0; words[i]; i++)
        if (span_equal_nocase(name, span_of(words[i])))
            return true;
    return false;
}

static struct span nearest(const struct mapping *mapping, struct span name)
{
    struct suggest suggest = suggest_for(name);
    bool top = mapping->scope == KEY_TOP && !*mapping->section;
    for (size_t i = 0; i < config_keys_count; i++) {
        if (fits(mapping, &config_keys[i]))
            suggest_offer(&suggest, span_of(config_keys[i].name));
        if (top && *config_keys[i].section)
            suggest_offer(&suggest, span_of(config_keys[i].section));
    }
    if (top) {
        suggest_offer(&suggest, SPAN("groups"));
        suggest_offer(&suggest, SPAN("sinks"));
    }
    return suggest_best(&suggest);
}

/* The key of that name somewhere else, or NULL. */
static const struct config_key *elsewhere(struct span name)
{
    for (size_t i = 0; i < config_keys_count; i++)
        if (span_equal(name, span_of(config_keys[i].name)))
            return &config_keys[i];
    return NULL;
}

static void list_known(const struct mapping *mapping, char *text, size_t room)
{
    size_t used = 0;
    const char *last = "";
    text[0] = '\0';
    for (size_t i = 0; i < config_keys_count && used < room; i++) {
        const struct config_key *key = &config_keys[i];
        bool here = fits(mapping, key),
             top = mapping->scope == KEY_TOP && !*mapping->section && key->scope == KEY_TOP;
        const char *name = here ? key->name : key->section;
        if ((!here && !(top && strcmp(last, name) != 0)))
            continue;
        used += (size_t)snprintf(text + used, room - used, "%s%s", used ? ", " : "", name);
        last = here ? last : name;
    }
    if (mapping->scope == KEY_TOP && !*mapping->section && used < room)
        snprintf(text + used, room - used, ", groups, sinks");
}

static void unknown(const struct mapping *mapping, const struct tree_node *node)
{
    struct span name = utf8_prefix(node->key, 100), best = nearest(mapping, node->key);
    const struct config_key *other = elsewhere(node->key);
    char text[400], path[CONFIG_KEY_PATH_BYTES];
    list_known(mapping, text, sizeof(text));
    if (is_secret(node->key))
        config_key_fault(mapping->reader, node,
                         "'%.*s': a secret is never written here; put it in a file that only varta reads and "
                         "name that with "
                         "secret_file",
                         (int)name.size, name.at);
    else if (best.size)
        config_key_fault(mapping->reader, node, "there is no key '%.*s' here; did you mean '%.*s'?",
                         (int)name.size, name.at, (int)best.size, best.at);
    else if (other) {
        config_keys_path(other, path);
        config_key_fault(mapping->reader, node,
                         "'%.*s' does not belong here: the key is %s; here may stand: %s", (int)name.size,
                         name.at, path, text);
    } else
        config_key_fault(mapping->reader, node, "there is no key '%.*s' here; there are: %s", (int)name.size,
                         name.at, text);
}

static void read_one(const struct mapping *mapping, const struct tree_node *node, void *base,
                     const struct tree_node **seen)
{
    const struct config_key *key = config_keys_find(mapping->scope, mapping->section, node->key);
    if (!key || !fits(mapping, key)) {
        unknown(mapping, node);
        return;
    }
    const struct tree_node **first = seen ? &seen[key - config_keys] : NULL;
    if (first && *first && !(key->flags & KEY_ADDS)) {
        config_key_fault(mapping->reader, node, "'%s' is set already, in %.250s:%u:%u: keep one of the two",
                         key->name, (*first)->file->name.at, (*first)->key_line, (*first)->key_column);
        return;
    }
    if (first)
        *first = node;
    config_values_read(mapping->reader, node, key, base);
}

void config_mapping_read(struct config_reader *reader, const struct tree_node *map, enum key_scope scope,
                         const char *section, unsigned kinds, void *base, const struct tree_node **seen)
{
    const struct mapping mapping = {reader, scope, section, kinds};
    if (yaml_tree_is_null(map))
        return;
    if (map->kind != TREE_MAP) {
        config_fault(reader, map, "%s: keys and values are wanted, indented below it",
                     *section ? section : "it");
        return;
    }
    for (const struct tree_node *node = map->first; node; node = node->next) {
        bool whole = scope == KEY_TOP && !*section;
        if (whole && (config_keys_is_section(node->key) || span_equal(node->key, SPAN("groups")) ||
                      span_equal(node->key, SPAN("sinks"))))
            continue;
        read_one(&mapping, node, base, seen);
    }
}
