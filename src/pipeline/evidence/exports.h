/*
 * One incident in the forms that CERTs and SIEMs take in: MISP, IntelMQ, STIX 2.1, CEF and ECS. What each of
 * them is given is the same matter that the report is made of; a notice without a dossier gives what it
 * knows.
 *
 * The page is the victim's, so nothing here calls its address an indicator of compromise: whoever blocked it
 * would do the attacker's work. Names are stable (UUIDv5 of what they are about): sent twice, a thing is
 * still one thing.
 */
#pragma once

#include "pipeline/evidence/report.h"

enum {
    EXPORT_BYTES = 48 << 20,      /* bytes of an export: pictures in base64 are the most of it */
    EXPORT_MESSAGE_BYTES = 32000, /* bytes of the message in it */
};

enum export_form {
    EXPORT_MISP,    /**< a MISP core-format event, one JSON object */
    EXPORT_INTELMQ, /**< an IntelMQ event, one JSON object on one line */
    EXPORT_STIX,    /**< a STIX 2.1 bundle */
    EXPORT_CEF,     /**< one line of the Common Event Format, version 0 */
    EXPORT_ECS,     /**< a document of the Elastic Common Schema, one JSON object on one line */
    EXPORT_COUNT
};

/** "misp", "intelmq", "stix", "cef", "ecs". */
const char *export_name(enum export_form form);

/** False for a name that is none of them. */
bool export_form(struct span name, enum export_form *ret_form);

/** Appends the export on one line, whatever the form, without a line feed. */
void export_line(enum export_form form, const struct report_matter *matter, struct buf *out);

/** Appends the export, ending in a line feed. Marks `out` failed when it does not fit or memory ran out. */
void export_put(enum export_form form, const struct report_matter *matter, struct buf *out);
