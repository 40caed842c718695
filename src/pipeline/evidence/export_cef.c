/*
 * One line of the Common Event Format. The header escapes '|' and '\', the extension '=' and '\'; line ends
 * of a value are written as \n there, and what else steers becomes a space: a value can neither begin a
 * field nor a line.
 */
#include "base/utf8.h"
#include "pipeline/evidence/export_facts.h"

enum { MESSAGE_BYTES = 1000 /* msg is 1,023 at most */, VALUE_BYTES = 1000 };

static void add(struct buf *out, struct span text, const char *special, bool lines)
{
    for (size_t at = 0; at < text.size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, &at);
        if (character == '\n' && lines) {
            buf_add_text(out, "\\n");
            continue;
        }
        if (utf8_is_steering(character))
            character = ' ';
        if (character < 0x80 && strchr(special, (int)character))
            buf_add_byte(out, '\\');
        buf_add(out, bytes, utf8_put(character, bytes));
    }
}

static void field(struct buf *out, struct span text)
{
    add(out, text, "\\|", false);
    buf_add_byte(out, '|');
}

static void value(struct buf *out, const char *key, struct span text, size_t most)
{
    if (text.size == 0)
        return;
    buf_add_format(out, " %s=", key);
    add(out, utf8_prefix(text, most), "\\=", true);
}

static void labelled(struct buf *out, const char *key, const char *label, struct span text)
{
    if (text.size == 0)
        return;
    buf_add_format(out, " %sLabel=%s", key, label);
    value(out, key, text, VALUE_BYTES);
}

static void number(struct buf *out, const char *key, int64_t number)
{
    if (number)
        buf_add_format(out, " %s=%lld", key, (long long)number);
}

static void address(struct buf *out, struct span text)
{
    if (export_is_v6(text))
        labelled(out, "c6a3", "address", text);
    else
        value(out, "dst", text, VALUE_BYTES);
}

static void extension(const struct export_facts *facts, struct buf *out)
{
    const struct dossier *dossier = facts->dossier;
    buf_auto languages = buf_new(512);
    export_languages(dossier, &languages);
    buf_add_format(out, "rt=%lld", (long long)dossier->at_s * 1000);
    number(out, "start", facts->from_s * 1000);
    number(out, "end", facts->until_s * 1000);
    number(out, "externalId", dossier->incident);
    value(out, "request", dossier->url, VALUE_BYTES);
    value(out, "dhost", facts->host, VALUE_BYTES);
    number(out, "dpt", facts->port);
    address(out, facts->address);
    value(out, "cat", span_of(facts->false_alarm ? "false-alarm" : export_type(facts)), VALUE_BYTES);
    value(out, "msg", facts->message.size ? facts->message : facts->title, MESSAGE_BYTES);
    if (dossier->verdict < VERDICT_KIND_COUNT)
        labelled(out, "cs1", "verdict", span_of(verdict_name(dossier->verdict)));
    labelled(out, "cs2", "languages", buf_span(&languages));
    labelled(out, "cs3", "page", dossier->name);
    labelled(out, "cs4", "cause", dossier->cause);
    labelled(out, "cs5", "notice", facts->matter->id);
    labelled(out, "cs6", "state", span_of(export_state(facts)));
    labelled(out, "flexString1", "tlp", facts->matter->tlp.size ? facts->matter->tlp : SPAN("amber"));
    if (dossier->score >= 0)
        buf_add_format(out, " cfp1Label=score cfp1=%.3f", dossier->score);
    if (dossier->status)
        buf_add_format(out, " cn1Label=httpStatus cn1=%lld", (long long)dossier->status);
    for (size_t i = 0; i < dossier->picture_count; i++)
        if (dossier->pictures[i].fresh && dossier->pictures[i].sha256.size) {
            value(out, "fileHash", dossier->pictures[i].sha256, VALUE_BYTES);
            break;
        }
}

void export_cef(const struct export_facts *facts, struct buf *out)
{
    const struct dossier *dossier = facts->dossier;
    struct span class = facts->matter->action;
    if (class.size == 0 && facts->false_alarm)
        class = span_of(export_state(facts));
    else if (class.size == 0)
        class = span_of(dossier->verdict < VERDICT_KIND_COUNT ? verdict_name(dossier->verdict) : "notice");
    buf_add_text(out, "CEF:0|varta|varta|" VARTA_VERSION "|");
    field(out, class);
    field(out, utf8_prefix(facts->title, 512));
    buf_add_format(out, "%d|", export_severity(facts));
    extension(facts, out);
}
