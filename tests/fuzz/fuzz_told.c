/*
 * From what an attacker wrote to what leaves us: the words of a page, of its address and of its server go
 * through the sentence, the result's JSON, the teller of incidents and campaigns and the terminal. Every
 * notice made of them must be taken by the deliverer and come out in each form without a line, field or
 * header of his. The first byte chooses the verdict and the kind; the pieces are set apart by bytes 0xFF.
 */
#include "base/utf8.h"
#include "cli/cli.h"
#include "pipeline/alert/alert.h"
#include "renderings.h"
#include "watch/plain_notice.h"
#include "watch/teller.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOW_S = 1642118400, OUT_BYTES = 4 << 20, MEMBERS = 3, PIECES = 6, COLUMNS = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool kept, const char *rule)
{
    if (kept)
        return;
    fprintf(stderr, "%s\n", rule);
    abort();
}

static void look_at(struct span json, const char *who)
{
    struct notice notice;
    const char *why = "too large or no memory";
    demand(json.size <= NOTICE_BYTES, "a notice that no sink takes: too long");
    if (notice_parse(json, &notice, &why) < 0) {
        fprintf(stderr, "%s: %s\n%.*s\n", who, why, (int)json.size, json.at);
        abort();
    }
    const char *fault = renderings_fault(&notice);
    demand(!fault, fault);
    notice_free(&notice);
}

/* ---- a look ---- */

struct words {
    struct span url, name, reason, message, server, contact;
};

static struct words cut(struct span bytes)
{
    struct span pieces[PIECES], rest = bytes;
    for (size_t i = 0; i < PIECES; i++)
        if (!span_next(&rest, '\xff', &pieces[i]))
            pieces[i] = bytes;
    if (pieces[0].size == 0)
        pieces[0] = SPAN("https://page.example/"); /* a page has an address */
    return (struct words){pieces[0], pieces[1], pieces[2], pieces[3], pieces[4], pieces[5]};
}

static void tell_a_look(const struct words *words, unsigned choice, struct buf *ret_result)
{
    struct reason reasons[] = {{.code = "cue", .text = words->reason, .weight = 3},
                               {.code = "languages", .text = words->message, .weight = -1}};
    struct language_share languages[] = {{"uk", 0.6, 0.9}, {"und", 0.4, 0}};
    struct hop hops[] = {{.status = 302, .from = words->url}};
    struct capture capture = {.outcome = choice % 3 ? OUTCOME_OK : OUTCOME_TIMEOUT,
                              .status = 200,
                              .final_url = words->url,
                              .address = words->server,
                              .detail = words->server,
                              .hops = hops,
                              .hop_count = 1};
    struct reading reading = {.cut = true, .cut_what = words->reason};
    struct verdict verdict = {.kind = (enum verdict_kind)(choice % VERDICT_KIND_COUNT),
                              .score = 0.9,
                              .languages = languages,
                              .language_count = 2,
                              .reasons = reasons,
                              .reason_count = 2,
                              .message = words->message,
                              .message_origin = ORIGIN_IMAGE};
    struct result result = {.url = words->url,
                            .name = words->name,
                            .at_s = NOW_S,
                            .capture = &capture,
                            .reading = &reading,
                            .verdict = &verdict,
                            .pictures_lost = 1};
    buf_auto notice = buf_new(OUT_BYTES);
    int made = plain_notice_result(&result, NOW_S * 1000000LL, &notice);
    demand(made == 0 || made == -EMSGSIZE, "a look that cannot be told");
    if (made == 0)
        look_at(buf_span(&notice), "look");
    char *line = result_line(&result);
    demand(line && !strchr(line, '\n'), "a result of more than one line");
    buf_add_text(ret_result, line);
    free(line);
}

/* ---- incidents and campaigns ---- */

static void tell(const struct teller_notice *notice)
{
    look_at((struct span){notice->json, notice->size}, notice->id);
}

static void tell_incidents(const struct words *words, unsigned choice, struct span result)
{
    struct incident one = {.id = 17,
                           .url = words->url,
                           .name = words->name,
                           .group = words->name,
                           .contact = words->contact,
                           .state = INCIDENT_CONFIRMED,
                           .verdict = (enum verdict_kind)(choice % VERDICT_KIND_COUNT),
                           .opened_s = NOW_S - 60,
                           .confirmed_s = NOW_S - 30,
                           .severity = 9,
                           .campaign = 3,
                           .result = result};
    const struct incident *members[MEMBERS] = {&one, &one, &one};
    struct campaign campaign = {.id = 3, .outage = choice & 64, .opened_s = NOW_S - 60, .pages = MEMBERS};
    struct teller_notice notice;
    for (unsigned kind = NOTICE_CONFIRMED; kind <= NOTICE_ACCEPTED; kind++) {
        demand(teller_incident("v1", &one, (enum notice_kind)kind, NOW_S, &notice) == 0, "incident");
        tell(&notice);
        teller_free(&notice);
    }
    for (unsigned kind = NOTICE_CAMPAIGN; kind <= NOTICE_CAMPAIGN_OVER; kind++) {
        demand(teller_campaign("v1", &campaign, members, MEMBERS, 0, kind % 2, (enum notice_kind)kind, NOW_S,
                               &notice) == 0,
               "campaign");
        tell(&notice);
        teller_free(&notice);
    }
}

/* ---- a person's terminal ---- */

static void show(struct span text)
{
    char *shown = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&shown, &size);
    demand(stream != NULL, "memory");
    cli_put_wrapped(stream, "  |", text, COLUMNS);
    demand(fclose(stream) == 0 && utf8_valid((struct span){shown, size}), "terminal: not UTF-8");
    for (size_t at = 0; at < size;) {
        uint32_t character = utf8_next((struct span){shown, size}, &at);
        demand(character == '\n' || !utf8_is_steering(character), "terminal: steering");
    }
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct words words = cut((struct span){(const char *)data + 1, size - 1});
    buf_auto result = buf_new(OUT_BYTES);
    tell_a_look(&words, data[0], &result);
    tell_incidents(&words, data[0], buf_span(&result));
    show(words.message);
    return 0;
}
