/*
 * What the parts of one reading share. Faults are collected and told at the end, sorted by place, so that a
 * person goes through a file once from the top.
 */
#pragma once

#include "config/config_keys.h"
#include "config/yaml_tree.h"

struct config_reader {
    struct config *config;
    struct arena scratch; /**< trees, faults: gone after the reading */
    bool with_files;      /**< page lists are read, and files that must exist are looked for */
    bool broken;          /**< a file could not be read: what it may have named is not missed elsewhere */
    int error;            /**< 0 or -ENOMEM: the reading is lost */
    uint32_t group;       /**< index of the group that is read now */
    const struct tree_node *sink_nodes[CONFIG_SINKS]; /**< where each sink stands */
    struct reader_fault *faults;                      /**< fault_count kept, of fault_total */
    size_t fault_count, fault_room, fault_total;
};

struct reader_fault {
    unsigned file;
    uint32_t line, column;
    size_t order;     /**< of telling */
    const char *text; /**< with the place before it */
};

/** Keeps a fault of a place: "FILE:LINE:COLUMN: …"; of a whole file, "FILE: …", when `line` is 0. */
void config_fault_at(struct config_reader *reader, const struct tree_file *file, uint32_t line,
                     uint32_t column, const char *format, ...) __attribute__((format(printf, 5, 6)));

/** Likewise without a place put before it: the text has its own, and stands sorted at the node. */
void config_fault_told(struct config_reader *reader, const struct tree_node *node, const char *text);

/** Tells all and forgets them; returns how many there were. */
size_t config_fault_tell(struct config_reader *reader, config_error_fn *tell, void *context);

/** config_fault_at() a node's value, and at its key. */
#define config_fault(reader, node, ...)                                                                      \
    config_fault_at(reader, (node)->file, (node)->line, (node)->column, __VA_ARGS__)
#define config_key_fault(reader, node, ...)                                                                  \
    config_fault_at(reader, (node)->file, (node)->key_line, (node)->key_column, __VA_ARGS__)

/** A copy that lives as long as the configuration; on failure `error` is set. */
struct span config_keep(struct config_reader *reader, struct span text);

/**
 * Reads "mon-fri 22:00-06:00" or "2026-11-24T01:00/2026-11-24T05:00" (in the process's time zone); the text
 * is not copied. Returns NULL, or what is wrong.
 */
const char *config_windows_parse(struct span text, struct config_window *ret_window);

/** Reads one sink's mapping; `sink` has its name already. */
void config_sinks_read(struct config_reader *reader, const struct tree_node *map, struct config_sink *sink);

/** Reads the keys of a mapping; unknown ones are told with the likely right one. `seen` has a place for each
 * row of the table, or is NULL where a key cannot come from two files. */
void config_mapping_read(struct config_reader *reader, const struct tree_node *map, enum key_scope scope,
                         const char *section, unsigned kinds, void *base, const struct tree_node **seen);
