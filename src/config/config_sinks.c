/* One sink: which keys it takes depends on its type, and some of them only make sense together. */
#include "config/config_values.h"

enum { CEF = 4 /* among the words of the key format */ };

static const struct tree_node *child(const struct tree_node *map, const char *name)
{
    for (const struct tree_node *node = map->first; node; node = node->next)
        if (span_equal(node->key, span_of(name)))
            return node;
    return NULL;
}

static bool read_kind(struct config_reader *reader, const struct tree_node *map, struct config_sink *sink)
{
    const struct tree_node *node = map->kind == TREE_MAP ? child(map, "type") : NULL;
    size_t faults = reader->fault_total;
    if (!node) {
        config_key_fault(reader, map,
                         "the sink '%s' has no type: syslog, journal, exec, webhook, mail, nagios or file",
                         sink->name.at);
        return false;
    }
    config_values_read(reader, node, config_keys_find(KEY_SINK, "", SPAN("type")), sink);
    return faults == reader->fault_total;
}

static void check_required(struct config_reader *reader, const struct tree_node *map,
                           const struct config_sink *sink)
{
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (key->scope == KEY_SINK && (key->kinds >> sink->kind & 1) && (key->flags & KEY_REQUIRED) &&
            !child(map, key->name))
            config_key_fault(reader, map, "the sink '%s' has no %s: %s", sink->name.at, key->name, key->help);
    }
}

static void check_scheme(struct config_reader *reader, const struct tree_node *node,
                         const struct config_sink *sink)
{
    bool mail = span_starts(sink->target, SPAN("smtp"));
    if (sink->kind == SINK_WEBHOOK && mail)
        config_fault(reader, node, "url: a webhook is at https:// or http://");
    if (sink->kind == SINK_MAIL && !mail)
        config_fault(reader, node, "url: mail goes to smtps:// or smtp://");
}

static bool given(const struct tree_node *map, const char *name)
{
    const struct tree_node *node = child(map, name);
    return node && (node->kind != TREE_TEXT || node->text.size);
}

/* `name` makes no sense without `other`. */
static void check_needs(struct config_reader *reader, const struct tree_node *map, const char *name,
                        const char *other)
{
    if (given(map, name) && !given(map, other))
        config_key_fault(reader, child(map, name), "%s needs %s beside it", name, other);
}

static void check_together(struct config_reader *reader, const struct tree_node *map,
                           const struct config_sink *sink)
{
    if (sink->target.size && child(map, "url"))
        check_scheme(reader, child(map, "url"), sink);
    if (sink->kind == SINK_SYSLOG) {
        if (sink->format != 0 && sink->format != CEF)
            config_key_fault(reader, child(map, "format"), "format: syslog carries varta or cef");
        check_needs(reader, map, "cert_file", "key_file");
        check_needs(reader, map, "key_file", "cert_file");
        if (given(map, "cert_file") && !span_starts(sink->target, SPAN("tls:")))
            config_key_fault(reader, child(map, "cert_file"), "cert_file is for tls:HOST only");
    }
    if (sink->kind == SINK_MAIL)
        check_needs(reader, map, "user", "secret_file");
}

void config_sinks_read(struct config_reader *reader, const struct tree_node *map, struct config_sink *sink)
{
    if (!read_kind(reader, map, sink))
        return;
    config_values_default(reader, KEY_SINK, 1u << sink->kind, sink);
    config_mapping_read(reader, map, KEY_SINK, "", 1u << sink->kind, sink, NULL);
    check_required(reader, map, sink);
    check_together(reader, map, sink);
}
