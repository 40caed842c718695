/* One look at a page, said in one sentence; see alert.h. */
#include "base/safe_text.h"
#include "pipeline/alert/alert.h"
#include "pipeline/alert/alert_limits.h"

enum urgency alert_urgency(enum verdict_kind verdict)
{
    switch (verdict) {
    case VERDICT_DEFACED: return URGENCY_CRITICAL;
    case VERDICT_REPLACED: return URGENCY_WARNING;
    case VERDICT_UNAVAILABLE: return URGENCY_NOTICE;
    case VERDICT_NEW:
    case VERDICT_UNCHANGED:
    case VERDICT_EDITED:
    case VERDICT_KIND_COUNT: break;
    }
    return URGENCY_INFO;
}

void alert_clean(struct buf *out, struct span text)
{
    safe_text_add(out, text);
}

static void add_quote(struct buf *out, const struct verdict *verdict)
{
    if (verdict->message.size == 0)
        return;
    buf_add_text(out, " «");
    safe_text_add_cut(out, verdict->message, ALERT_QUOTE_BYTES);
    buf_add_text(out, "»");
}

void alert_sentence(const struct alert *alert, struct buf *out)
{
    const struct verdict *verdict = alert->verdict;
    safe_text_add(out, alert->url);
    buf_add_format(out, " is %s", verdict_name(verdict->kind));
    if (verdict->cause[0])
        buf_add_format(out, " (%s)", verdict->cause);
    size_t told = 0, most = verdict->kind == VERDICT_UNAVAILABLE ? 1 : 3;
    for (size_t i = 0; i < verdict->reason_count && told < most; i++) {
        if (!verdict_rests_on(verdict, &verdict->reasons[i]))
            continue;
        buf_add_text(out, told++ ? "; " : ": ");
        safe_text_add(out, verdict->reasons[i].text);
    }
    if (verdict->kind == VERDICT_DEFACED || verdict->kind == VERDICT_REPLACED)
        add_quote(out, verdict);
}
