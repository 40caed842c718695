/* Which form is asked for; see exports.h. */
#include "pipeline/evidence/exports.h"

#include "base/json_writer.h"
#include "pipeline/evidence/export_facts.h"

static const char *const names[EXPORT_COUNT] = {"misp", "intelmq", "stix", "cef", "ecs"};

const char *export_name(enum export_form form)
{
    return names[form];
}

bool export_form(struct span name, enum export_form *ret_form)
{
    for (size_t i = 0; i < EXPORT_COUNT; i++)
        if (span_equal(name, span_of(names[i]))) {
            *ret_form = (enum export_form)i;
            return true;
        }
    return false;
}

static void put_json(json_t *document, size_t flags, struct buf *out)
{
    if (document)
        json_writer_add(document, flags, out);
    else
        out->failed = true;
    json_decref(document);
}

static void put(enum export_form form, const struct report_matter *matter, size_t flags, struct buf *out)
{
    struct export_facts facts = export_facts(matter);
    switch (form) {
    case EXPORT_MISP: put_json(export_misp(&facts), flags, out); break;
    case EXPORT_STIX: put_json(export_stix(&facts), flags, out); break;
    case EXPORT_INTELMQ: put_json(export_intelmq(&facts), flags, out); break;
    case EXPORT_ECS: put_json(export_ecs(&facts), flags, out); break;
    case EXPORT_CEF: export_cef(&facts, out); break;
    case EXPORT_COUNT: out->failed = true; break;
    }
    out->failed |= facts.text.failed;
    export_facts_free(&facts);
}

void export_line(enum export_form form, const struct report_matter *matter, struct buf *out)
{
    put(form, matter, JSON_COMPACT, out);
}

void export_put(enum export_form form, const struct report_matter *matter, struct buf *out)
{
    bool laid_out = form == EXPORT_MISP || form == EXPORT_STIX;
    put(form, matter, laid_out ? JSON_INDENT(1) : JSON_COMPACT, out);
    buf_add_byte(out, '\n');
}
