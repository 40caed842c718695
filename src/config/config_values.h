/*
 * Readers of values, one for each type. They share how a value travels, what every text must be, and how a
 * fault names the key.
 */
#pragma once

#include "config/config_reader.h"

/** A value on its way: what it is for, where it stood, where it goes. */
struct config_value {
    struct config_reader *reader;
    const struct tree_node *node;
    const struct config_key *key;
    void *field;
    size_t *count; /**< of types that are a pointer and a count, else NULL */
};

/** Reads a value into its field; a fault is kept, the field stays as it was then. */
typedef void config_value_fn(const struct config_value *value);

/** Reads one value into its field of `base` (struct config, config_group or config_sink, as the key's scope
 * says). */
void config_values_read(struct config_reader *reader, const struct tree_node *node,
                        const struct config_key *key, void *base);

/** Puts the defaults of a scope into `base`; inherited ones are left alone. `kinds` has the bit of the sink's
 * kind. */
void config_values_default(struct config_reader *reader, enum key_scope scope, unsigned kinds, void *base);

/** True for the name of a time zone that this machine has, and for UTC. */
bool config_values_knows_zone(struct span name);

/* ---- what the readers share ---- */

/** A fault at the value, with the name of its key before it. */
void config_values_fault(const struct config_value *value, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** How many bytes of a text a message shows, for "%.*s". */
int config_values_shown(struct span text);

/** True when characters are in it that steer terminals or end lines. */
bool config_values_steer(struct span text);

/** True for a text without such characters that is not empty where it must not be; else tells why not. */
bool config_values_is_text(const struct config_value *value);

/** Puts a copy into the field, a struct span. */
void config_values_keep(const struct config_value *value, struct span text);

/** The absolute path that the value names, kept; the empty span after telling why not. */
struct span config_values_absolute(const struct config_value *value);

/** "strict, tolerant or off", each with `behind` behind it, cut at `room` bytes. */
void config_values_words(const char *const *words, const char *behind, char *text, size_t room);

/* ---- the readers of other files ---- */

config_value_fn config_values_text;

config_value_fn config_network_url, config_network_target, config_network_address, config_network_listen,
    config_network_host;

/** True for one mail address without a name or anything else around it. */
bool config_network_is_address(struct span text);

config_value_fn config_lists_addresses, config_lists_hosts, config_lists_command, config_lists_windows,
    config_lists_sinks, config_lists_pages, config_lists_urls;
