/*
 * Reading JSON as strictly as if a stranger had sent it, whoever wrote it: it has lain in a file or come over
 * a wire, and the words in it are an attacker's. The first wrong member marks the reader, and everything read
 * after that is empty, so that a caller reads on without looking and asks once at the end. A member that is
 * missing or null is empty; one of another type is refused.
 */
#pragma once

#include "base/span.h"

#include <jansson.h>
#include <stdint.h>

struct json_reader {
    const char *why; /**< the first fault, a constant; NULL while all is well */
};

enum { JSON_READER_LARGEST = 1000000000 };

/** Marks the reader, unless something was wrong before. */
void json_reader_refuse(struct json_reader *reader, const char *why);

/**
 * An object from text, at most `depth` objects and lists inside one another; marks the reader and returns
 * NULL for anything else, also for a key that stands twice. The caller owns the reference.
 */
json_t *json_reader_load(struct json_reader *reader, struct span json, size_t depth);

/** All borrow from the value. `object` may be NULL, which has no members. */
struct span json_reader_value(const json_t *string);
struct span json_reader_text(struct json_reader *reader, const json_t *object, const char *key);
const json_t *json_reader_object(struct json_reader *reader, const json_t *object, const char *key);
const json_t *json_reader_list(struct json_reader *reader, const json_t *object, const char *key);

/** Text that must be there and not be empty. */
struct span json_reader_need(struct json_reader *reader, const json_t *object, const char *key);

/** A whole number from 0 to JSON_READER_LARGEST. */
int64_t json_reader_number(struct json_reader *reader, const json_t *object, const char *key);

/** A number from 0 to 1, `missing` when it is not said. */
double json_reader_share(struct json_reader *reader, const json_t *object, const char *key, double missing);

/** False when it is not said. */
bool json_reader_truth(struct json_reader *reader, const json_t *object, const char *key);

/** "2022-01-14T02:13:05Z", with or without up to six digits of a second. */
struct span json_reader_time(struct json_reader *reader, const json_t *object, const char *key);

/** Such a time as seconds since 1970; false when it is none. */
bool json_reader_moment(struct span text, int64_t *ret_s);

/** The index of a name among `count`; `count` for an empty one, and for a wrong one, which is refused. */
size_t json_reader_name(struct json_reader *reader, struct span name, const char *const *names, size_t count);

/** True for ASCII letters, digits and the characters in `further` only. */
bool json_reader_is_plain(struct span text, const char *further);
