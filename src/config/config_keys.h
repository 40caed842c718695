/*
 * The one table of keys: reading, `varta config show`, `varta config keys` and the test of the manual page
 * all go by it. A new key is a field in config.h, a row here, and its entry in varta.yaml(5).
 */
#pragma once

#include "config/config.h"

enum key_scope {
    KEY_TOP,   /**< SECTION.NAME or NAME, into struct config */
    KEY_GROUP, /**< groups.GROUP.NAME, into struct config_group */
    KEY_SINK,  /**< sinks.SINK.NAME, into struct config_sink */
};

/** What a value is, and the type of the field it goes into. */
enum key_type {
    KEY_TEXT,      /**< struct span */
    KEY_PATH,      /**< struct span, absolute; relative ones start at the file's folder */
    KEY_SECRET,    /**< struct span: a path, or without '/' the name of a systemd credential */
    KEY_URL,       /**< struct span; `words` are the schemes */
    KEY_TARGET,    /**< struct span: where syslog goes */
    KEY_ADDRESS,   /**< struct span: a mail address */
    KEY_ZONE,      /**< struct span: a time zone that this machine knows */
    KEY_LISTEN,    /**< struct span: what config_web_address() reads */
    KEY_WORD,      /**< struct span, one of `words` */
    KEY_CHOICE,    /**< int, the position in `words` */
    KEY_BOOLEAN,   /**< bool */
    KEY_NUMBER,    /**< uint32_t */
    KEY_PERCENT,   /**< uint32_t */
    KEY_DURATION,  /**< uint32_t, seconds */
    KEY_DAYS,      /**< uint32_t, days; written as a duration */
    KEY_BYTES,     /**< uint64_t */
    KEY_ADDRESSES, /**< const struct span *, and size_t at `count_offset`: mail addresses */
    KEY_HOSTS,     /**< likewise, names of hosts */
    KEY_COMMAND,   /**< likewise, words of a command, the first an absolute path */
    KEY_LISTS,     /**< likewise, files of pages, which are read */
    KEY_URLS,      /**< likewise, lines of a page list */
    KEY_WINDOWS,   /**< struct config_windows */
    KEY_SINKS,     /**< uint64_t, a bit a sink, from a list of names */
    KEY_TYPE_COUNT
};

enum key_flag {
    KEY_EMPTY = 1,    /**< may be empty, which means none */
    KEY_REQUIRED = 2, /**< has no default and must be given */
    KEY_ADDS = 4,   /**< may be given in several files: its entries are added; goes to the group "default" */
    KEY_EXISTS = 8, /**< KEY_PATH, KEY_SECRET: a file that has to be there, unless empty */
};

struct config_key {
    enum key_scope scope;
    const char *section; /**< KEY_TOP: the mapping it stands in; "" for none */
    const char *name;
    enum key_type type;
    unsigned flags; /**< of enum key_flag */
    size_t offset, count_offset;
    uint64_t least, most;     /**< of numbers; durations and days in seconds */
    const char *standard;     /**< the default as one would write it; "" for none or an empty list */
    const char *inherits;     /**< the path of the key whose value is the default; NULL for none */
    const char *environment;  /**< a folder named by this variable of systemd's replaces the default's */
    const char *const *words; /**< ends with NULL */
    unsigned kinds;           /**< KEY_SINK: bit per enum config_sink_kind that takes it */
    const char *help;         /**< one line */
};

enum { CONFIG_KEY_PATH_BYTES = 64 };

extern const struct config_key config_keys[];
extern const size_t config_keys_count;

/** The word for a type in messages and in the manual: "duration". */
const char *config_keys_type_name(enum key_type type);

/** "poll.interval", "groups.NAME.weight", "sinks.NAME.type". */
void config_keys_path(const struct config_key *key, char ret_path[CONFIG_KEY_PATH_BYTES]);

/** The row of that name, or NULL. `section` counts for KEY_TOP only. */
const struct config_key *config_keys_find(enum key_scope scope, const char *section, struct span name);

/** True for a name that is a section of KEY_TOP. */
bool config_keys_is_section(struct span name);

/** A least or most value as one would write it, like "1s" or "50%". */
void config_keys_bound(const struct config_key *key, uint64_t value, char ret_text[CONFIG_KEY_PATH_BYTES]);
