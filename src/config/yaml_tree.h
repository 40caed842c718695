/*
 * A YAML file as a tree that remembers where everything stood, so that each fault can be told with its place.
 * What makes YAML dangerous or surprising is refused: aliases (a billion laughs), tags, several documents, a
 * key twice in one mapping. Only yaml_tree.c knows libyaml.
 */
#pragma once

#include "base/arena.h"

#include <stdint.h>

enum tree_kind { TREE_TEXT, TREE_LIST, TREE_MAP };

/** A file that was read; outlives its nodes. */
struct tree_file {
    struct span name;   /**< what faults call it; ends in NUL */
    struct span folder; /**< absolute, without '/' at its end: where its relative paths start; ends in NUL */
    unsigned number;    /**< order of reading */
};

struct tree_node {
    enum tree_kind kind;
    bool quoted;           /**< TREE_TEXT: stood in quotes */
    uint32_t line, column; /**< from 1, of the value; columns in characters */
    struct span text;      /**< TREE_TEXT: UTF-8 without NUL; ends in NUL */
    struct span key;       /**< of a mapping's entry; ends in NUL */
    uint32_t key_line, key_column;
    const struct tree_file *file;
    struct tree_node *first, *next; /**< entries in their order */
    size_t count;                   /**< of entries */
};

/** Told of each fault; `what` ends in NUL. */
typedef void tree_fault_fn(void *context, const struct tree_file *file, uint32_t line, uint32_t column,
                           const char *what);

/**
 * Reads one file's text into the arena. An empty file is an empty mapping. Returns 0, -EINVAL after telling
 * each fault (of syntax there is one: behind it nothing can be trusted), or -ENOMEM.
 */
int yaml_tree_read(struct arena *arena, const struct tree_file *file, struct span text, tree_fault_fn *tell,
                   void *context, struct tree_node **ret_root);

/** True for a value that was left out: nothing, "~" or "null", not in quotes. */
bool yaml_tree_is_null(const struct tree_node *node);
