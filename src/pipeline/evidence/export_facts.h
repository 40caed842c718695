/* What every export asks of a dossier, and how things are named. */
#pragma once

#include "pipeline/evidence/exports.h"

#include <jansson.h>

enum { EXPORT_UUID = 37, EXPORT_HOST_BYTES = 256 };

struct export_facts {
    const struct report_matter *matter;
    const struct dossier *dossier;
    struct span host; /**< of the page in ASCII (punycode), without brackets; borrowed from `host_text` */
    int64_t port;     /**< 0 when the address names none */
    struct span scheme, path;
    struct span address;       /**< IP address of the server; empty when it is none */
    bool numeric;              /**< the host is an IP address */
    struct span title;         /**< borrowed from `text` */
    struct span message;       /**< at most EXPORT_MESSAGE_BYTES */
    enum incident_state state; /**< INCIDENT_STATE_COUNT when there is no incident */
    bool over, false_alarm;    /**< the latter: a person accepted it, or a second look did not find it */
    int64_t opened_s;          /**< never changes */
    int64_t from_s, until_s;   /**< of what is wrong; 0 for not over, or for not known */
    int64_t version_s;         /**< later than that of whatever was sent of it before */
    struct buf text, host_text;
};

/** Fills them; export_facts_free() is due. */
struct export_facts export_facts(const struct report_matter *matter);
void export_facts_free(struct export_facts *facts);

/** The name of one thing of this incident: UUIDv5 (RFC 4122) of store, incident and `what` in varta's own
 * namespace. Ends in NUL. */
void export_uuid(const struct export_facts *facts, struct span what, char ret_uuid[EXPORT_UUID]);

/** UUIDv5 of `name` in a namespace of 16 bytes. */
void export_uuid_in(const unsigned char space[16], struct span name, char ret_uuid[EXPORT_UUID]);

/** "uk:0.36,ru:0.33". */
void export_languages(const struct dossier *dossier, struct buf *out);

/** Time as RFC 3339: "2022-01-14T02:13:05" and then `end`. Ends in NUL. */
void export_time(int64_t at_s, const char *end, char ret_text[40]);

/** True for an IP address in digits. */
bool export_is_numeric(struct span host);

/** True for an IPv6 address. */
bool export_is_v6(struct span address);

/** The address as a URI (RFC 3986), at `out`'s end: what may not stand in one in percent signs, the rest as
 * it is. */
void export_uri(struct span url, struct buf *out);

/** A host's name in ASCII, at `out`'s end: in punycode (IDNA 2008, UTS 46) where it has other letters. False
 * for what is no name. */
bool export_ascii_host(struct span host, struct buf *out);

/** Sets a member unless the text is empty. */
void export_set(json_t *object, const char *key, struct span text);

/** The bytes of a picture's PNG in base64, at `out`'s end; false when there are none. */
bool export_picture(const struct export_facts *facts, const struct dossier_picture *picture, struct buf *out);

/** Fills the members from `state` to `version_s`. */
void export_take_course(struct export_facts *facts);

/** "confirmed", "recovered", "accepted", …; empty without an incident. */
const char *export_state(const struct export_facts *facts);

/** "; over since 2022-01-14T07:40:31Z"; nothing while it goes on. */
void export_add_end(const struct export_facts *facts, struct buf *out);

/** 10 for defaced to 0: how severe it is. */
int export_severity(const struct export_facts *facts);

/** The Reference Security Incident Taxonomy's class and type of it. */
const char *export_class(const struct export_facts *facts);
const char *export_type(const struct export_facts *facts);

json_t *export_misp(const struct export_facts *facts);
json_t *export_intelmq(const struct export_facts *facts);
json_t *export_stix(const struct export_facts *facts);
json_t *export_ecs(const struct export_facts *facts);
void export_cef(const struct export_facts *facts, struct buf *out);
