/*
 * Attack cues are looked for in text that is new only: what a page has always said is its own. Text of places
 * that change by themselves is new too here, since that is where an attacker would put it.
 */
#include "pipeline/judge/findings.h"

#include "base/utf8.h"
#include "pipeline/judge/judge_limits.h"
#include "pipeline/judge/narration.h"

#include <errno.h>
#include <math.h>

/* From this share of its lasting text on a page is looked at as itself: the same as in feature.c. */
#define KEPT_OF_ITSELF FEATURE_INTACT_KEPT

/* What a cue inside reported speech weighs. */
#define QUOTED_WEIGHT 0.4

/* What the words of a service page weigh deep in a page: one clear phrase must not be enough there. */
#define DEEP_WEIGHT 0.4

/* What they weigh on a page with a menu and several headings, so that one clear phrase is not enough. */
#define SURROUNDED_WEIGHT 0.4

/* And where they head one article among others there. */
#define ARTICLE_WEIGHT 0.2

/* A bare status at the head says more than an apology below it, which errors and maintenance share. */
#define STATUS_WEIGHT 2

/* Letters from the top of a page, or from the beginning of new text, within which a phrase is met at once. */
enum {
    TOP_LETTERS = 300,
    LEAD_LETTERS = 90,
    QUOTE_BEHIND_MIN = 30,
    SERVICE_LETTERS = 700,
    SERVICE_LETTERS_MAX = 2500,
    LOGIN_LETTERS_MAX = 900,
    STATUS_HEADING_LETTERS = 60,
    PAGE_LINKS = 6,
    PAGE_HEADINGS = 4
};

static bool is_new(const struct change_block *block)
{
    return block->kind == CHANGE_NEW || block->kind == CHANGE_VOLATILE;
}

static bool on_page(const struct change_block *block)
{
    return block->kind != CHANGE_GONE;
}

static bool is_prominent(const struct change_block *block)
{
    return block->origin == ORIGIN_TITLE || block->origin == ORIGIN_IMAGE ||
           (block->origin == ORIGIN_HTML && !block->hidden && (block->heading || block->place < TOP_LETTERS));
}

static bool is_itself(const struct change *change)
{
    return change->has_baseline && change->kept >= KEPT_OF_ITSELF;
}

static bool any_new(const struct change *change)
{
    for (size_t i = 0; i < change->block_count; i++)
        if (is_new(&change->blocks[i]))
            return true;
    return false;
}

/* In a page that is still itself only what is new is looked at; where much is gone the rest may tell what
 * came. */
static bool wanted(const struct change *change, const struct change_block *block)
{
    return is_itself(change) ? is_new(block) : on_page(block);
}

static int fold_page(const struct change *change, struct arena *arena, struct findings *findings)
{
    size_t bytes = 0;
    for (size_t i = 0; i < change->block_count; i++)
        bytes += wanted(change, &change->blocks[i]) ? change->blocks[i].text.size + 2 : 0;
    if (skeleton_make(arena, bytes, &findings->text))
        return -ENOMEM;
    for (size_t i = 0; i < change->block_count; i++)
        if (wanted(change, &change->blocks[i]))
            skeleton_add(&findings->text, change->blocks[i].text, (uint32_t)i, false);
    return 0;
}

/* How far into its stretch of new blocks each block begins, in letters. */
static int measure_runs(const struct change *change, struct arena *arena, uint32_t **ret_runs)
{
    uint32_t *runs = arena_alloc(arena, change->block_count + 1, sizeof(*runs));
    uint32_t run = 0;
    if (!runs)
        return -ENOMEM;
    for (size_t i = 0; i < change->block_count; i++) {
        const struct change_block *block = &change->blocks[i];
        bool text = (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
        runs[i] = run;
        if (text)
            run = is_new(block) ? run + block->letters : 0;
    }
    *ret_runs = runs;
    return 0;
}

/* A message comes to the point in the title, in headings and in the first words of new text; a report begins
 * with who reports. */
static bool leads(const struct change *change, const struct skeleton *text, const struct cue_hit *hit,
                  const uint32_t *runs)
{
    uint32_t number = text->text[hit->start];
    const struct change_block *block = &change->blocks[number];
    if (block->origin == ORIGIN_TITLE || (block->heading && !block->hidden))
        return true;
    if (block->hidden || (block->origin != ORIGIN_HTML && block->origin != ORIGIN_IMAGE))
        return false;
    double before = (double)text->from[hit->start] / (double)(block->text.size + 1) * block->letters;
    return runs[number] + before < LEAD_LETTERS;
}

static void note(struct findings *findings, const struct cue *cue, const struct cue_hit *hit, double weight)
{
    findings->strength[cue->class] += weight;
    if (weight <= findings->best_weight[cue->class])
        return;
    findings->best_weight[cue->class] = weight;
    findings->best[cue->class] = *hit;
}

/* Words in quotation marks behind words that are not: somebody tells what somebody said. A message that
 * stands in quotation marks from its beginning is none the less a message. */
static bool is_quoted(const struct change *change, const struct skeleton *text, const struct cue_hit *hit)
{
    struct span block = change->blocks[text->text[hit->start]].text;
    struct span before = span_cut(block, 0, text->from[hit->start]);
    size_t unquoted = 0;
    while (unquoted < before.size && !narration_in_quotes(span_cut(before, 0, unquoted + 1), false) &&
           unquoted < QUOTE_BEHIND_MIN)
        unquoted++;
    return unquoted >= QUOTE_BEHIND_MIN && narration_in_quotes(before, false);
}

static void mark_letters(const struct change *change, uint32_t first, uint32_t last, bool *marked,
                         struct findings *findings)
{
    for (uint32_t i = first; i <= last; i++) {
        const struct change_block *block = &change->blocks[i];
        bool text = block->origin == ORIGIN_HTML || block->origin == ORIGIN_IMAGE;
        if (!marked[i] && is_new(block) && !block->hidden && text)
            findings->attack_letters += block->letters;
        marked[i] = true;
    }
}

/* Everything a hit is taken with. */
struct taking {
    const struct judge_evidence *evidence;
    const struct cue_set *cues;
    const uint32_t *runs;
    bool *marked; /* blocks with an attack cue */
    bool *led;    /* by first place: the cue was met where a message comes to the point */
    bool *told;   /* by first place: somebody told with it */
    struct narration *narration;
    struct findings *findings;
};

/* A place where an attack speaks for itself: every one counts, since the first may be a description that
 * nobody sees. A slogan at the head of news in a page that is still itself is a day of remembrance or of the
 * state, and weighs nothing there. */
static void take_place(const struct taking *taking, const struct cue_hit *hit, double weight)
{
    struct findings *findings = taking->findings;
    const struct change *change = taking->evidence->change;
    uint32_t first = findings->text.text[hit->start], last = findings->text.text[hit->end - 1];
    mark_letters(change, first, last, taking->marked, findings);
    if (taking->led[hit->first] || !leads(change, &findings->text, hit, taking->runs))
        return;
    taking->led[hit->first] = true;
    findings->lead += weight;
}

static bool is_figure(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Another number stands in the block: it counts something. */
static bool has_other_number(struct span block, const struct cue_hit *hit, const struct skeleton *text)
{
    size_t from = text->from[hit->start];
    for (size_t i = 0; i < block.size; i++)
        if (is_figure(block.at[i]) && (i < from || i >= from + (hit->end - hit->start)))
            return true;
    return false;
}

static bool is_number(const struct skeleton *text, const struct cue_hit *hit)
{
    for (size_t i = hit->start; i < hit->end; i++)
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
    return true;
}

/* A status like 404 is told by its number alone in a short title, in a heading at the top, or where it is the
 * first that the page says; elsewhere it is part of a telephone number, a price, a statistic. */
static bool is_stray_number(const struct change *change, const struct skeleton *text,
                            const struct cue_hit *hit)
{
    if (!is_number(text, hit))
        return false;
    const struct change_block *block = &change->blocks[text->text[hit->start]];
    bool heads = block->origin == ORIGIN_TITLE || (block->heading && block->place < STATUS_HEADING_LETTERS);
    bool first = block->origin == ORIGIN_HTML && !block->place && !block->letters;
    return (!heads && !first) || block->letters > STATUS_HEADING_LETTERS ||
           has_other_number(block->text, hit, text);
}

/* A page that shows nothing may be filled by its script with what it hides; beside anything shown, hidden
 * words of a service page are only there to mislead. */
static bool shows(const struct change *change)
{
    return change->page_letters > 0 || change->pictures_new > 0;
}

static bool is_attack(enum cue_class class)
{
    return class != CUE_ADDRESS && class != CUE_REPORT && class != CUE_TELLING && class != CUE_TONE &&
           class != CUE_COURTESY;
}

/* Who says it: see narration.h. */
static void take_sentence(const struct taking *taking, const struct cue_hit *hit, enum cue_class class,
                          double weight)
{
    struct sentence *sentence = narration_at(taking->narration, &taking->findings->text, hit);
    if (!sentence)
        return;
    bool tells = class == CUE_REPORT || class == CUE_TELLING;
    sentence->tells += tells ? weight : 0;
    if (tells && !taking->told[hit->first]) {
        taking->told[hit->first] = true;
        sentence->adds += weight;
    }
    sentence->speaks += class == CUE_ADDRESS ? weight : 0;
    sentence->attacks += is_attack(class) ? weight : 0;
}

static void take_hit(const struct taking *taking, const struct cue_hit *hit)
{
    struct findings *findings = taking->findings;
    const struct change *change = taking->evidence->change;
    const struct cue *cue = cue_at(taking->cues, hit->cue);
    const struct change_block *first = &change->blocks[findings->text.text[hit->start]];
    const struct change_block *last = &change->blocks[findings->text.text[hit->end - 1]];
    double weight = (double)cue->weight;
    if (cue_is_service(cue->class)) {
        if (is_stray_number(change, &findings->text, hit) || (first->hidden && last->hidden && shows(change)))
            return;
        if (is_number(&findings->text, hit))
            weight *= STATUS_WEIGHT;
        if (hit->times)
            note(findings, cue, hit,
                 is_prominent(first) || is_prominent(last) ? weight : weight * DEEP_WEIGHT);
        return;
    }
    if (!is_new(first) && !is_new(last))
        return;
    bool attack = is_attack(cue->class);
    bool quoted = (attack || cue->class == CUE_ADDRESS) && is_quoted(change, &findings->text, hit);
    if (!quoted)
        take_sentence(taking, hit, cue->class, weight);
    quoted &= attack;
    if (hit->times)
        note(findings, cue, hit, quoted ? weight * QUOTED_WEIGHT : weight);
    if (cue->class == CUE_ADDRESS)
        findings->addresses += hit->times;
    if (cue->class == CUE_TONE)
        findings->tones += hit->times ? weight : 0;
    if (attack && !quoted)
        take_place(taking, hit, cue->class == CUE_SLOGAN && is_itself(change) ? 0 : weight);
}

static void look_at_hosts(const struct cue_set *cues, const struct host_list *hosts,
                          struct findings *findings)
{
    for (size_t i = 0; i < hosts->count; i++) {
        double weight = cue_host(cues, CUE_HOST, hosts->at[i].host);
        if (weight <= findings->hosts)
            continue;
        findings->hosts = weight;
        findings->host = hosts->at[i].host;
    }
}

static struct span host_of(struct span url)
{
    size_t scheme = span_find(url, SPAN("//"), 0);
    struct span host = span_cut(url, scheme + 2, url.size);
    size_t end = 0;
    while (end < host.size && host.at[end] != '/' && host.at[end] != ':' && host.at[end] != '?')
        end++;
    return span_cut(host, 0, end);
}

/* Where a page that is not itself loads its pictures from. */
static void look_at_picture_hosts(const struct cue_set *cues, const struct judge_evidence *evidence,
                                  struct findings *findings)
{
    const struct reading *reading = evidence->reading;
    if (is_itself(evidence->change))
        return;
    for (size_t i = 0; i < reading->picture_count; i++) {
        struct span host = host_of(reading->pictures[i].url);
        double weight = reading->pictures[i].kind == PICTURE_INLINE ? 0 : cue_host(cues, CUE_HOST, host);
        if (weight <= findings->hosts)
            continue;
        findings->hosts = weight;
        findings->host = host;
    }
}

static double heaviest(const struct cue_set *cues, enum cue_class class, const struct host_list *hosts)
{
    double best = 0;
    for (size_t i = 0; i < hosts->count; i++)
        best = fmax(best, cue_host(cues, class, hosts->at[i].host));
    return best;
}

/* What a service page leans on, whatever language it is in: whose script asks whether one is human, whose
 * shop sells the domain. */
static void look_at_service_hosts(const struct cue_set *cues, const struct judge_evidence *evidence,
                                  struct findings *findings)
{
    const struct reading *reading = evidence->reading;
    if (is_itself(evidence->change) || evidence->change->page_letters >= SERVICE_LETTERS_MAX)
        return;
    for (enum cue_class class = CUE_MAINTENANCE; class <= CUE_DEFAULT_PAGE; class ++) {
        double best = fmax(heaviest(cues, class, &reading->scripts), heaviest(cues, class, &reading->links));
        best =
            fmax(best, fmax(heaviest(cues, class, &reading->frames), heaviest(cues, class, &reading->forms)));
        findings->strength[class] += fmax(best, cue_host(cues, class, host_of(reading->refresh)));
    }
}

int findings_gather(const struct cue_set *cues, const struct judge_evidence *evidence, struct arena *arena,
                    struct findings *ret_findings)
{
    const struct change *change = evidence->change;
    struct findings findings = {.new_text = any_new(change)};
    look_at_hosts(cues, &change->new_links, &findings);
    look_at_hosts(cues, &change->new_scripts, &findings);
    look_at_hosts(cues, &change->new_frames, &findings);
    look_at_hosts(cues, &change->new_forms, &findings);
    look_at_picture_hosts(cues, evidence, &findings);
    look_at_service_hosts(cues, evidence, &findings);
    if (findings.new_text) {
        struct cue_hit *hits = arena_alloc(arena, CUE_HITS_MAX, sizeof(*hits));
        bool *marked = arena_alloc(arena, change->block_count + 1, sizeof(*marked));
        bool *led = arena_alloc(arena, CUE_HITS_MAX, sizeof(*led));
        bool *told = arena_alloc(arena, CUE_HITS_MAX, sizeof(*told));
        uint32_t *runs;
        struct narration narration;
        if (!hits || !marked || !led || !told || measure_runs(change, arena, &runs) ||
            narration_cut(change, arena, &narration) || fold_page(change, arena, &findings))
            return -ENOMEM;
        struct taking taking = {evidence, cues, runs, marked, led, told, &narration, &findings};
        size_t count = cue_find(cues, &findings.text, hits, CUE_HITS_MAX);
        for (size_t i = 0; i < count; i++)
            take_hit(&taking, &hits[i]);
        findings.narrated = narration_share(&narration);
        findings.head = narration_head(&narration);
    }
    *ret_findings = findings;
    return 0;
}

/* ---- services
 * ------------------------------------------------------------------------------------------------ */

/* What the status alone says in favour of a class. */
static double status_strength(uint16_t status, enum cue_class class)
{
    bool gone = status == 404 || status == 410 || status == 400 || status == 405;
    bool broken = status == 500 || status == 502 || status == 504;
    if (class == CUE_ERROR)
        return gone || broken ? 2 : status == 403 ? 1.5 : 0;
    if (class == CUE_MAINTENANCE)
        return status == 503 ? 1 : 0;
    if (class == CUE_LOGIN)
        return status == 401 ? 2 : 0;
    if (class == CUE_CHALLENGE)
        return status == 429 ? 1.5 : status == 403 || status == 503 ? 0.5 : 0;
    return 0;
}

/* A field for a password on a page with little else is a wall, whatever language it is in. */
static double login_strength(const struct judge_evidence *evidence)
{
    if (!evidence->reading->password_count || evidence->change->page_letters > LOGIN_LETTERS_MAX)
        return 0;
    return evidence->reading->link_count < 12 ? 2 : 1;
}

/* Whether the heaviest words of the class stand where a page says what it is: in its title, its main heading,
 * or at its very top. */
static bool is_the_page_itself(const struct change *change, const struct findings *findings,
                               enum cue_class class)
{
    if (findings->best_weight[class] <= 0)
        return true;
    const struct change_block *block = &change->blocks[findings->text.text[findings->best[class].start]];
    return block->origin == ORIGIN_TITLE || block->heading == 1 || block->place < STATUS_HEADING_LETTERS;
}

/* A menu and several headings: a page with much else, where one phrase may be the subject of an article. What
 * sells a domain has menus and headings itself. */
static double surroundings(const struct judge_evidence *evidence, const struct findings *findings,
                           enum cue_class class)
{
    const struct change *change = evidence->change;
    size_t headings = 0;
    for (size_t i = 0; i < change->block_count; i++)
        headings += on_page(&change->blocks[i]) && change->blocks[i].heading && !change->blocks[i].hidden;
    bool much = evidence->reading->link_count >= PAGE_LINKS && headings >= PAGE_HEADINGS;
    if (!much || class == CUE_PARKED)
        return 1;
    return is_the_page_itself(change, findings, class) ? SURROUNDED_WEIGHT : ARTICLE_WEIGHT;
}

double findings_service(const struct judge_evidence *evidence, const struct findings *findings,
                        enum cue_class *ret_class)
{
    uint32_t letters = evidence->change->page_letters;
    double best = 0, shortness = 1;
    if (letters > SERVICE_LETTERS)
        shortness -= (double)(letters - SERVICE_LETTERS) / (SERVICE_LETTERS_MAX - SERVICE_LETTERS);
    *ret_class = CUE_ERROR;
    for (enum cue_class class = CUE_MAINTENANCE; class <= CUE_DEFAULT_PAGE; class ++) {
        double strength = findings->strength[class] + status_strength(evidence->capture->status, class);
        strength += class == CUE_LOGIN ? login_strength(evidence) : 0;
        if (strength <= best)
            continue;
        best = strength;
        *ret_class = class;
    }
    return shortness > 0 ? best * shortness * surroundings(evidence, findings, *ret_class) : 0;
}

struct span findings_quote(const struct change *change, const struct findings *findings, enum cue_class class,
                           bool *ret_cut)
{
    const struct cue_hit *hit = &findings->best[class];
    *ret_cut = false;
    if (findings->best_weight[class] <= 0)
        return (struct span){NULL, 0};
    const struct skeleton *text = &findings->text;
    struct span block = change->blocks[text->text[hit->start]].text;
    size_t from = text->from[hit->start];
    size_t to = text->text[hit->end] == text->text[hit->start] ? text->from[hit->end] : block.size;
    struct span quote = span_cut(block, from, block.size);
    if (quote.size <= QUOTE_BYTES_MAX)
        return span_trim(quote);
    size_t size = to - from > QUOTE_BYTES_MAX ? to - from : QUOTE_BYTES_MAX;
    *ret_cut = true;
    return span_trim(utf8_words(quote, size < 2 * QUOTE_BYTES_MAX ? size : 2 * QUOTE_BYTES_MAX));
}
