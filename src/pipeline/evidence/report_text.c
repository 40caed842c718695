/* The report as text: the same matter in the same order, for a terminal, a ticket or a mail. */
#include "base/defang.h"
#include "base/saying.h"
#include "pipeline/evidence/report_page.h"
#include "pipeline/evidence/wrapped.h"

#include <stdio.h>

enum {
    PLAIN_SIDE_BYTES = 3000, /* bytes of what is gone or new: a screen of each */
    MOST_COLUMNS = 100,      /* longer lines are hard to read */
    LEAST_COLUMNS = 40,
    FACT_COLUMNS = 20,
    LINE_BYTES = 1 << 16,
};

struct plain {
    struct wrapped wrapped;
    const struct report_matter *matter;
    const struct dossier *dossier;
    enum tongue tongue;
};

/* ---- small forms ---- */

static const char *word(const struct plain *plain, enum word word)
{
    return report_word(word, plain->tongue);
}

static void heading(const struct plain *plain, enum word name)
{
    buf_add_byte(plain->wrapped.out, '\n');
    wrapped_put(&plain->wrapped, "", span_of(word(plain, name)), WRAPPED_HEAD);
}

static size_t letters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void fact(const struct plain *plain, enum word name, struct span text)
{
    char lead[256];
    const char *label = word(plain, name);
    size_t wide = letters(label);
    if (text.size == 0)
        return;
    snprintf(lead, sizeof(lead), "  %s%*s ", label, (int)(wide < FACT_COLUMNS ? FACT_COLUMNS - wide : 0), "");
    wrapped_put(&plain->wrapped, lead, text, WRAPPED_PLAIN);
}

/* On a line of its own and never broken: whoever selects it has all of it. */
static void fact_hash(const struct plain *plain, struct span hash)
{
    if (hash.size == 0)
        return;
    buf_add_format(plain->wrapped.out, "  %s\n    ", word(plain, WORD_HASH));
    wrapped_inline(&plain->wrapped, hash);
    buf_add_byte(plain->wrapped.out, '\n');
}

static void fact_address(const struct plain *plain, enum word name, struct span url)
{
    buf_auto safe = buf_new(LINE_BYTES);
    defang_add(&safe, url);
    fact(plain, name, buf_span(&safe));
}

struct filling {
    struct buf *out;
    const struct report_place *places;
    size_t count;
};

static void put(void *context, struct span text)
{
    const struct filling *filling = context;
    buf_add_span(filling->out, text);
}

static void fill(void *context, struct span name)
{
    const struct filling *filling = context;
    for (size_t i = 0; i < filling->count; i++)
        if (span_equal(name, span_of(filling->places[i].name)))
            buf_add_span(filling->out, filling->places[i].text);
}

static void sentence(const struct plain *plain, const char *lead, enum word name,
                     const struct report_place *places, size_t count, enum wrapped_colour colour)
{
    buf_auto text = buf_new(LINE_BYTES);
    struct filling filling = {&text, places, count};
    report_word_fill(word(plain, name), put, fill, &filling);
    wrapped_put(&plain->wrapped, lead, buf_span(&text), colour);
}

/* ---- the head ---- */

static void headline(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    buf_auto name = buf_new(LINE_BYTES), from = buf_new(128), until = buf_new(128);
    int64_t until_s = report_until_s(plain->matter);
    report_page_name(dossier, &name);
    report_word_minute(report_from_s(plain->matter), plain->tongue, &from);
    report_word_minute(until_s, plain->tongue, &until);
    struct report_place places[] = {{"page", buf_span(&name), true},
                                    {"from", buf_span(&from), false},
                                    {"until", buf_span(&until), false}};
    sentence(plain, "", report_headline(plain->matter, dossier->verdict), places, 3, WRAPPED_BOLD);
}

static void speaks(const struct plain *plain)
{
    if (plain->dossier->language_count == 0 || plain->dossier->verdict == VERDICT_UNAVAILABLE)
        return;
    buf_auto languages = buf_new(4096);
    report_languages(plain->dossier, plain->tongue, &languages);
    struct report_place place = {"languages", buf_span(&languages), false};
    sentence(plain, "", WORD_IN_LANGUAGES, &place, 1, WRAPPED_PLAIN);
}

static enum wrapped_colour colour_of(enum verdict_kind verdict)
{
    return verdict == VERDICT_DEFACED                                      ? WRAPPED_BAD
           : verdict == VERDICT_REPLACED || verdict == VERDICT_UNAVAILABLE ? WRAPPED_WARN
                                                                           : WRAPPED_GOOD;
}

static void verdict(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    buf_auto score = buf_new(32), text = buf_new(1024);
    const char *state = plain->matter->incident ? incident_state_name(plain->matter->incident->state) : "";
    report_score(dossier->score, plain->tongue, &score);
    buf_add_text(&text, word(plain, report_word_verdict(dossier->verdict)));
    if (report_word_event(span_of(state)) < WORD_COUNT)
        buf_add_format(&text, ", %s", word(plain, report_word_event(span_of(state))));
    if (dossier->score >= 0 && dossier->verdict != VERDICT_UNAVAILABLE) {
        struct report_place place = {"score", buf_span(&score), false};
        struct filling filling = {&text, &place, 1};
        buf_add_text(&text, "; ");
        report_word_fill(word(plain, WORD_CERTAINTY), put, fill, &filling);
    }
    wrapped_put(&plain->wrapped, "", buf_span(&text), colour_of(dossier->verdict));
}

static void head(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    buf_auto cause = buf_new(LINE_BYTES);
    buf_add_format(plain->wrapped.out, "varta · %s %lld\n\n", word(plain, WORD_REPORT),
                   (long long)dossier->incident);
    headline(plain);
    speaks(plain);
    verdict(plain);
    buf_add_byte(plain->wrapped.out, '\n');
    fact(plain, WORD_PAGE, dossier->name);
    fact_address(plain, WORD_ADDRESS, dossier->url);
    fact(plain, WORD_GROUP, dossier->group);
    fact(plain, WORD_CONTACT, dossier->contact);
    report_word_cause(dossier->cause, plain->tongue, &cause);
    fact(plain, WORD_CAUSE, buf_span(&cause));
}

/* ---- what it says ---- */

static void stretch(const struct plain *plain, struct span text, const char *tag)
{
    char lead[24];
    text = span_trim(text);
    snprintf(lead, sizeof(lead), "  %-3s ", tag);
    if (text.size)
        wrapped_put(&plain->wrapped, lead, text, WRAPPED_PLAIN);
}

/* Signs that no stretch claims, like a full stop at the end, go with the stretch before them. */
static void message(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    if (dossier->message.size == 0)
        return;
    heading(plain, dossier->verdict == VERDICT_DEFACED ? WORD_MESSAGE : WORD_NEW_TEXT);
    size_t first = dossier->stretch_count ? dossier_stretch_start(dossier, 0) : dossier->message.size;
    stretch(plain, span_cut(dossier->message, 0, first), "");
    for (size_t i = 0; i < dossier->stretch_count; i++) {
        size_t next =
            i + 1 < dossier->stretch_count ? dossier_stretch_start(dossier, i + 1) : dossier->message.size;
        stretch(plain, span_cut(dossier->message, dossier_stretch_start(dossier, i), next),
                dossier->stretches[i].language);
    }
}

static void draw(const struct plain *plain, struct span file)
{
    const struct report_matter *matter = plain->matter;
    buf_auto png = buf_new(REPORT_PICTURE_BYTES);
    if (matter->draw && matter->bytes && file.size && matter->bytes(matter->context, file, &png) &&
        !png.failed)
        matter->draw(matter->draw_context, buf_span(&png), plain->wrapped.out);
}

static void picture(const struct plain *plain, const struct dossier_picture *one, size_t index)
{
    char number[24];
    buf_auto url = buf_new(LINE_BYTES);
    struct report_place place = report_number("number", index + 1, number);
    sentence(plain, "  ", WORD_PICTURE_READ, &place, 1, WRAPPED_BOLD);
    if (one->file.size)
        buf_add_format(&url, "%.*s: ", (int)one->file.size, one->file.at);
    defang_add(&url, one->url);
    wrapped_put(&plain->wrapped, "  ", buf_span(&url), WRAPPED_DIM);
    draw(plain, one->file);
    if (one->line_count == 0)
        sentence(plain, "   ", WORD_PICTURE_SILENT, NULL, 0, WRAPPED_DIM);
    for (size_t i = 0; i < one->line_count; i++)
        wrapped_put(&plain->wrapped, one->lines[i].doubtful ? "   ? " : "   | ", one->lines[i].text,
                    one->lines[i].doubtful ? WRAPPED_DIM : WRAPPED_PLAIN);
}

static void pictures(const struct plain *plain)
{
    struct report_shown shown = report_shown(plain->dossier);
    char count[24];
    struct report_place place = report_number("count", shown.more, count);
    if (shown.count)
        heading(plain, WORD_PICTURES);
    for (size_t i = 0; i < shown.count; i++)
        picture(plain, &plain->dossier->pictures[shown.at[i]], shown.at[i]);
    if (shown.more)
        sentence(plain, "  ", WORD_MORE_PICTURES, &place, 1, WRAPPED_WARN);
}

static void passages(const struct plain *plain, enum change_kind kind)
{
    const struct dossier *dossier = plain->dossier;
    size_t bytes = 0, left_out = 0;
    bool gone = kind == CHANGE_GONE;
    for (size_t i = 0; i < dossier->block_count; i++) {
        const struct dossier_block *block = &dossier->blocks[i];
        if (block->kind != kind || block->text.size == 0)
            continue;
        if (bytes > PLAIN_SIDE_BYTES)
            left_out++;
        else
            wrapped_put(&plain->wrapped, gone ? "  - " : "  + ", block->text,
                        gone ? WRAPPED_BAD : WRAPPED_GOOD);
        bytes += block->text.size;
    }
    if (left_out) {
        char text[24];
        snprintf(text, sizeof(text), "%zu", left_out);
        struct report_place place = {"count", span_of(text), false};
        sentence(plain, "    ", WORD_MORE_BLOCKS, &place, 1, WRAPPED_DIM);
    }
}

static void change(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    if (dossier->kept < 0)
        return;
    heading(plain, WORD_CHANGE);
    buf_auto kept = buf_new(16), fresh = buf_new(16);
    report_page_percent(dossier->kept, &kept);
    report_page_percent(dossier->fresh < 0 ? 0 : dossier->fresh, &fresh);
    struct report_place places[] = {{"kept", buf_span(&kept), false}, {"new", buf_span(&fresh), false}};
    sentence(plain, "  ", WORD_CHANGE_LEAD, places, 2, WRAPPED_PLAIN);
    passages(plain, CHANGE_GONE);
    passages(plain, CHANGE_NEW);
}

/* ---- why, when, where else ---- */

static void reasons(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    bool weighs = report_weighs(dossier);
    if (dossier->reason_count)
        heading(plain, WORD_REASONS);
    for (size_t i = 0; i < dossier->reason_count; i++) {
        char lead[REPORT_WEIGHT + 4] = "  - ", weight[REPORT_WEIGHT];
        buf_auto said = buf_new(4096);
        const struct dossier_reason *one = &dossier->reasons[i];
        if (!report_tells(dossier, one))
            continue;
        bool translated = saying_translate(one->code, one->text, plain->tongue, &said);
        report_weight(one->weight, plain->tongue, weight);
        if (weighs)
            snprintf(lead, sizeof(lead), "  %5s  ", weight);
        wrapped_put(&plain->wrapped, lead, translated ? buf_span(&said) : one->text,
                    weighs && one->weight < 0 ? WRAPPED_GOOD : WRAPPED_PLAIN);
    }
}

static void event(void *context, const struct report_step *step)
{
    const struct plain *plain = context;
    buf_auto time = buf_new(128), text = buf_new(LINE_BYTES);
    report_word_time(step->at_s, plain->tongue, &time);
    if (step->word < WORD_COUNT)
        buf_add_text(&text, word(plain, step->word));
    else
        buf_add_span(&text, step->what);
    if (step->detail.size) {
        buf_add_text(&text, ": ");
        report_word_said(step->what, step->detail, plain->tongue, &text);
    }
    char lead[128];
    snprintf(lead, sizeof(lead), "  %.*s  ", (int)time.size, time.size ? time.at : "");
    wrapped_put(&plain->wrapped, lead, buf_span(&text), WRAPPED_PLAIN);
}

static void sibling(const struct plain *plain, const struct report_sibling *one)
{
    char lead[32];
    buf_auto text = buf_new(LINE_BYTES);
    snprintf(lead, sizeof(lead), "  %5lld  ", (long long)one->incident);
    if (one->verdict < VERDICT_KIND_COUNT)
        buf_add_format(&text, "%s, ", word(plain, report_word_verdict(one->verdict)));
    if (report_word_event(one->state) < WORD_COUNT)
        buf_add_format(&text, "%s: ", word(plain, report_word_event(one->state)));
    defang_add(&text, one->url);
    if (one->name.size)
        buf_add_format(&text, " (%.*s)", (int)one->name.size, one->name.at);
    wrapped_put(&plain->wrapped, lead, buf_span(&text), WRAPPED_PLAIN);
}

static void campaign(const struct plain *plain)
{
    size_t count = plain->matter->sibling_count;
    if (count)
        heading(plain, WORD_CAMPAIGN);
    for (size_t i = 0; i < count && i < REPORT_SIBLINGS; i++)
        sibling(plain, &plain->matter->siblings[i]);
    size_t left = plain->matter->siblings_left + (count > REPORT_SIBLINGS ? count - REPORT_SIBLINGS : 0);
    char text[24];
    struct report_place place = report_number("count", left, text);
    if (count && left)
        sentence(plain, "  ", WORD_MORE_SIBLINGS, &place, 1, WRAPPED_DIM);
}

/* ---- where it came from ---- */

static void hosts(const struct plain *plain, enum word name, const struct dossier_hosts *list)
{
    buf_auto text = buf_new(LINE_BYTES);
    for (size_t i = 0; i < list->count; i++) {
        buf_add_text(&text, i ? ", " : "");
        defang_add(&text, list->at[i]);
    }
    fact(plain, name, buf_span(&text));
}

static void technical(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    char status[24] = "";
    if (dossier->status)
        snprintf(status, sizeof(status), "%lld", (long long)dossier->status);
    heading(plain, WORD_TECHNICAL);
    if (!span_equal(dossier->final_url, dossier->url))
        fact_address(plain, WORD_FINAL_ADDRESS, dossier->final_url);
    for (size_t i = 0; i < dossier->redirect_count; i++)
        fact_address(plain, WORD_REDIRECTS, dossier->redirects[i].from);
    fact_address(plain, WORD_IP, dossier->address);
    fact(plain, WORD_HTTP_STATUS, span_of(status));
    fact(plain, WORD_SERVER, dossier->server);
    fact(plain, WORD_CERTIFICATE, dossier->certificate_subject);
    fact_hash(plain, dossier->certificate_sha256);
    hosts(plain, WORD_NEW_LINKS, &dossier->links);
    hosts(plain, WORD_NEW_SCRIPTS, &dossier->scripts);
    hosts(plain, WORD_NEW_FRAMES, &dossier->frames);
    hosts(plain, WORD_NEW_FORMS, &dossier->forms);
}

/* ---- what the picture files say ---- */

static void claims_of(const struct plain *plain, const struct dossier_picture *one, size_t index)
{
    char number[24], where[REPORT_PLACE];
    struct report_place place = report_number("number", index + 1, number);
    sentence(plain, "  ", WORD_PICTURE, &place, 1, WRAPPED_BOLD);
    fact(plain, WORD_SOFTWARE, one->software);
    fact(plain, WORD_TAKEN, one->taken);
    fact(plain, WORD_CAMERA, one->camera);
    fact(plain, WORD_COMMENT, one->comment);
    if (one->has_place)
        fact(plain, WORD_PLACE, report_where(one, where));
}

static void claims(const struct plain *plain)
{
    struct report_shown shown = report_shown(plain->dossier);
    bool any = false;
    for (size_t i = 0; i < shown.count; i++) {
        const struct dossier_picture *one = &plain->dossier->pictures[shown.at[i]];
        if (!report_has_claims(one))
            continue;
        if (!any) {
            heading(plain, WORD_PICTURE_FACTS);
            sentence(plain, "  ! ", WORD_PICTURE_WARNING, NULL, 0, WRAPPED_WARN);
        }
        any = true;
        claims_of(plain, one, shown.at[i]);
    }
}

/* ---- the proof ---- */

static void proof(const struct plain *plain)
{
    const struct dossier *dossier = plain->dossier;
    if (dossier->file_count == 0 && plain->matter->evidence == REPORT_EVIDENCE_THERE)
        return;
    heading(plain, WORD_PROOF);
    if (plain->matter->evidence != REPORT_EVIDENCE_THERE) {
        sentence(plain, "  ", report_word_evidence(plain->matter->evidence), NULL, 0, WRAPPED_WARN);
        return;
    }
    for (size_t i = 0; i < dossier->file_count; i++) {
        const struct dossier_file *one = &dossier->files[i];
        buf_add_format(plain->wrapped.out, "  %08lld/%.*s, %lld\n    %.*s\n", (long long)dossier->incident,
                       (int)one->file.size, one->file.at, (long long)one->bytes, (int)one->sha256.size,
                       one->sha256.at);
    }
    wrapped_put(&plain->wrapped, "  ", span_of(word(plain, WORD_VERIFY_ONE)), WRAPPED_PLAIN);
    buf_add_format(plain->wrapped.out, "    sha256sum %08lld/*\n", (long long)dossier->incident);
    wrapped_put(&plain->wrapped, "  ", span_of(word(plain, WORD_VERIFY_TWO)), WRAPPED_PLAIN);
    buf_add_text(plain->wrapped.out, "    varta evidence verify .\n");
    wrapped_put(&plain->wrapped, "  ", span_of(word(plain, WORD_VERIFY_THREE)), WRAPPED_PLAIN);
}

void report_text(const struct report_matter *matter, enum tongue tongue, int columns, bool colours,
                 struct buf *out)
{
    int width = columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
    struct plain plain = {{out, width, colours}, matter, report_moment(matter), tongue};
    head(&plain);
    message(&plain);
    pictures(&plain);
    change(&plain);
    reasons(&plain);
    heading(&plain, WORD_TIMELINE);
    report_steps(matter, event, &plain);
    campaign(&plain);
    technical(&plain);
    claims(&plain);
    proof(&plain);
}
