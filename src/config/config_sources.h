/* The files that one configuration is read from, in their order. */
#pragma once

#include "config/config_reader.h"

struct config_source {
    struct tree_file file;
    struct tree_node *root; /**< a mapping; NULL when it could not be read */
};

struct config_sources {
    struct config_source *at; /**< count of CONFIG_FILES + 1, in the reader's scratch arena */
    size_t count;
    size_t bytes; /**< of all texts */
};

/** Adds a file, "-" for standard input. Returns 0, faults of its content or not, or a negative errno when it
 * could not be read, which is told. */
int config_sources_add(struct config_reader *reader, struct config_sources *sources, const char *path);

/** Adds a text as if it were that file. */
void config_sources_add_text(struct config_reader *reader, struct config_sources *sources, const char *path,
                             struct span text);

/** Adds *.yaml of the folder conf.d beside the main file, in the order of their names' bytes. */
void config_sources_add_fragments(struct config_reader *reader, struct config_sources *sources,
                                  const char *main_path);
