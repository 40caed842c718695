/* What a configuration may cost, with the reason for each number. */
#pragma once

enum {
    CONFIG_FILE_BYTES =
        4 << 20,         /* bytes of one YAML file: 1,000 groups take 300 KB, pages belong into lists */
    CONFIG_FILES = 1000, /* files of conf.d: one a group, for as many groups as there may be */
    CONFIG_TOTAL_BYTES = 16 << 20, /* bytes of all YAML files together */
    CONFIG_NODES = 250000,         /* values of one file: above the 200,000 pages of the largest fleet */
    CONFIG_TREE_BYTES =
        256 << 20, /* bytes of memory while reading, freed at the end: 250,000 values take 50 MB */
    CONFIG_TEXT_BYTES = 64 << 20,     /* bytes of memory of what was read, page lists aside */
    CONFIG_DEPTH = 16,                /* mappings and lists inside each other: 4 are used */
    CONFIG_KEY_COUNT = 4096,          /* keys of one mapping: above the 1,000 groups */
    CONFIG_VALUE_BYTES = 16384,       /* bytes of one value: as a line of a page list */
    CONFIG_NAME_BYTES = 100,          /* bytes of a group's or sink's name: it stands in every alert */
    CONFIG_FAULTS = 100,              /* faults told of one reading: who has more begins at the top */
    CONFIG_LISTS = 1000,              /* entries of one list of files, recipients or words of a command */
    CONFIG_PATH_BYTES = 4096,         /* bytes of a path, as PATH_MAX */
    CONFIG_EVIDENCE_LEAST = 64 << 20, /* bytes: a moment has 48 MB at most before it is packed */
    CONFIG_TOKEN_LEAST = 16,          /* characters, as web_session.h wants them */
    CONFIG_TOKEN_BYTES = 1024,        /* as there */
};
