/* See acceptance.h. */
#include "watch/acceptance.h"

#include "base/hash.h"
#include "os/clock.h"
#include "pipeline/alert/alert.h"

#include <jansson.h>
#include <stdio.h>

/* Of their runs of words, from which on two looks said the same. */
#define ACCEPTANCE_LIKENESS 0.5

static const char worse[] =
    "the page is worse by now than when it was shown: look at it again with 'varta show', "
    "and accept it with --force if that is what it should say";
static const char differs[] =
    "the page says something else by now than when it was shown: look at it again with "
    "'varta show', and accept it with --force if that is what it should say";

/* One look's result, as far as it matters here. */
struct seen {
    json_t *result; /* owned; NULL for none */
    enum verdict_kind verdict;
    struct span message;
    struct span text; /* a digest of all that it says; empty in one of an older store */
    struct span at;   /* as clock_text() writes it */
};

static enum verdict_kind verdict_of(const char *name)
{
    for (unsigned i = 0; name && i < VERDICT_KIND_COUNT; i++)
        if (strcmp(name, verdict_name((enum verdict_kind)i)) == 0)
            return (enum verdict_kind)i;
    return VERDICT_KIND_COUNT;
}

static struct seen seen_of(struct span result)
{
    struct seen seen = {.result = json_loadb(result.size ? result.at : "", result.size, 0, NULL)};
    seen.verdict = verdict_of(json_string_value(json_object_get(seen.result, "verdict")));
    seen.message = span_of(json_string_value(json_object_get(seen.result, "message")));
    seen.text = span_of(json_string_value(json_object_get(seen.result, "text")));
    seen.at = span_of(json_string_value(json_object_get(seen.result, "at")));
    return seen;
}

static bool is_of(const struct seen *seen, int64_t at_s)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at_s, text);
    return span_equal(seen->at, span_of(text));
}

bool acceptance_digest(struct span result, char ret_digest[ACCEPTANCE_DIGEST_BYTES])
{
    struct seen seen = seen_of(result);
    bool is = seen.verdict != VERDICT_KIND_COUNT;
    uint64_t hash = hash_mix(hash_mix(is ? seen.verdict : 0, hash_span(seen.message)), hash_span(seen.text));
    snprintf(ret_digest, ACCEPTANCE_DIGEST_BYTES, "%016llx", (unsigned long long)hash);
    json_decref(seen.result);
    return is;
}

/* Nearly the same words: a clock or a counter in them is no other message. */
static bool is_like(struct span a, struct span b)
{
    struct sketch one = sketch_of(a), other = sketch_of(b);
    return span_equal(a, b) || sketch_likeness(&one, &other) >= ACCEPTANCE_LIKENESS;
}

static const char *weigh(const struct incident *incident, const struct seen *shown, const struct seen *waits)
{
    if (!waits)
        return differs; /* it was seen in between, and nothing tells what it said */
    if (incident_is_worse(waits->verdict, incident->verdict))
        return worse; /* and not told yet, whatever is shown */
    return waits == shown || is_like(waits->message, shown->message) ? NULL : differs;
}

const char *acceptance_of_incident(const struct incident *incident, const struct store_waiting *waiting)
{
    struct seen shown = seen_of(incident->result), last = seen_of(waiting->result);
    const struct seen *waits = is_of(&shown, waiting->seen_s)  ? &shown
                               : is_of(&last, waiting->seen_s) ? &last
                                                               : NULL;
    const char *why_not = weigh(incident, &shown, waits);
    json_decref(shown.result);
    json_decref(last.result);
    return why_not;
}

const char *acceptance_of_digest(const struct incident *incident, const struct store_waiting *waiting,
                                 const char *digest)
{
    const struct span results[] = {waiting->result, incident ? incident->result : (struct span){NULL, 0}};
    const char *why_not = differs;
    for (size_t i = 0; i < 2; i++) {
        char one[ACCEPTANCE_DIGEST_BYTES];
        struct seen seen = seen_of(results[i]);
        if (is_of(&seen, waiting->seen_s) && acceptance_digest(results[i], one) && strcmp(one, digest) == 0)
            why_not = NULL;
        json_decref(seen.result);
    }
    return why_not;
}
