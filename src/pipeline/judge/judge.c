/*
 * The verdict. The model gives the probability that the page is somebody's message; the rules below say what
 * the page is when it is not. Each rule is one function, in the order in which they are asked.
 */
#include "pipeline/judge/judge.h"

#include "pipeline/judge/findings.h"
#include "pipeline/judge/judge_file.h"
#include "pipeline/judge/judge_limits.h"
#include "pipeline/judge/judge_model.h"
#include "pipeline/judge/reason.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* From this strength of its words a page is a service page: one clear phrase. */
#define SERVICE_MIN 1.5

/* What counts as a sign of an attacker. Of claim, menace and taunt together: a clear phrase; less is said by
 * chance, and counts where words of fear and war stand beside it. Half of the new text in a language whose
 * phrases are not known. A text that speaks to somebody and dwells on fear and war. A host of weight 2. */
#define ATTACK_SIGN       0.3
#define HINT_SIGN         0.2
#define HINT_TONE         0.4
#define NEW_LANGUAGE_SIGN 0.5
#define ADDRESS_SIGN      0.2
#define TONE_SIGN         0.6
#define HOSTS_SIGN        0.5

/* Of claim, menace and taunt: an unmistakable phrase or two clear ones. "We will be back" alone is both a
 * threat and what a site under construction says. */
#define PLAIN_WORDS 0.6

/* Beside this much of what an office says one phrase of an attack is chance. */
#define OFFICE_MIN 0.2

/* From this much of a report on, and this much of an office's politeness, a page is no message. */
#define NARRATED_MIN 0.5
#define COURTESY_MIN 0.5

/* A site's own word on an attack: an unmistakable phrase of restoring, a clear word of those who report, and
 * no more than a hint of a threat or of mockery. */
#define AFTERMATH_SERVICE 3
#define AFTERMATH_REPORT  0.3
#define AFTERMATH_ATTACK  0.1

/* Letters of the shortest cry. */
enum { MESSAGE_LETTERS_MIN = 2 };

/* Slow change: so little is left of what a person last accepted that somebody should look. */
#define ANCHOR_MIN 0.02

/* One judgement on its way. */
struct judging {
    const struct judge *judge;
    const struct judge_evidence *evidence;
    struct verdict *verdict;
    struct reason_list reasons;
    struct features features;
    enum weights_section section;
    struct front front;
    bool threatened; /* a new layer over the page claims, threatens or mocks, whatever it weighs */
    struct arena scratch;
};

/* ---- opening
 * ------------------------------------------------------------------------------------------------- */

static int open_weights(const char *folder, struct weights *ret_weights, char ret_error[256])
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/verdict.txt", folder) >= sizeof(path)) {
        snprintf(ret_error, 256, "the name of the model folder is too long");
        return -ENAMETOOLONG;
    }
    buf_auto text = buf_new(MODEL_BYTES_MAX);
    int error = judge_file_read(path, &text, ret_error);
    return error ? error : weights_read(path, buf_span(&text), ret_weights, ret_error);
}

static int open_cues(const char *folder, struct cue_set **ret_set, char ret_error[256])
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/cues", folder) >= sizeof(path)) {
        snprintf(ret_error, 256, "the name of the model folder is too long");
        return -ENAMETOOLONG;
    }
    return cue_open(path, ret_set, ret_error);
}

int judge_open(const char *model_folder, struct judge **ret_judge, char ret_error[256])
{
    struct judge *judge = calloc(1, sizeof(*judge));
    if (!judge) {
        snprintf(ret_error, 256, "out of memory");
        return -ENOMEM;
    }
    int error = open_weights(model_folder, &judge->weights, ret_error);
    error = error ? error : open_cues(model_folder, &judge->cues, ret_error);
    if (error) {
        judge_close(judge);
        return error;
    }
    *ret_judge = judge;
    return 0;
}

void judge_close(struct judge *judge)
{
    if (!judge)
        return;
    cue_free(judge->cues);
    free(judge);
}

/* ---- unavailable
 * ----------------------------------------------------------------------------------------------- */

static void unavailable(struct judging *judging, const char *cause)
{
    judging->verdict->kind = VERDICT_UNAVAILABLE;
    snprintf(judging->verdict->cause, sizeof(judging->verdict->cause), "%s", cause);
}

static void unavailable_status(struct judging *judging)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "http-%u", judging->evidence->capture->status);
    unavailable(judging, cause);
}

/* No page came, or none that can be read. */
static bool nothing_to_judge(struct judging *judging)
{
    const struct judge_evidence *evidence = judging->evidence;
    enum outcome outcome = evidence->capture->outcome;
    if (outcome == OUTCOME_OK && evidence->reading)
        outcome = evidence->reading->outcome;
    if (outcome == OUTCOME_OK && evidence->reading && evidence->change)
        return false;
    if (evidence->capture->status >= 400)
        unavailable_status(judging);
    else
        unavailable(judging, outcome == OUTCOME_OK ? "empty" : outcome_name(outcome));
    if (outcome != OUTCOME_OK)
        reason_add(&judging->reasons, "no-page", 0, "%s", outcome_text(outcome));
    if (evidence->capture->status >= 400)
        reason_add(&judging->reasons, "http-status", 0, "the server answered with status %u",
                   evidence->capture->status);
    return true;
}

static bool speaks_up(const struct features *features)
{
    return features->at[FEATURE_CLAIM] > 0 || features->at[FEATURE_MENACE] > 0 ||
           features->at[FEATURE_TAUNT] > 0;
}

/* A title over a film or music that starts by itself: the message is what is played. */
static bool plays(const struct judge_evidence *evidence)
{
    const struct change *change = evidence->change;
    return (evidence->reading->staging & STAGING_SOUND) && change->new_title.size &&
           (change->title_changed || !change->has_baseline);
}

/* A message must be somewhere: in letters, in a picture, in the title. */
static bool says_nothing(const struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    return change->page_letters < MESSAGE_LETTERS_MIN && !change->pictures_new &&
           !speaks_up(&judging->features) && !plays(judging->evidence);
}

static double attack_of(const struct features *features)
{
    return features->at[FEATURE_CLAIM] + features->at[FEATURE_MENACE] + features->at[FEATURE_TAUNT];
}

/* His words, or few of them in a text of fear and war. Speaking to the reader is none by itself: whoever
 * thanks, asks or invites does so, and there is more of that than of messages whose words nobody listed. */
static bool has_hostile_words(const struct features *features)
{
    const double *at = features->at;
    double attack = attack_of(features);
    if (attack >= PLAIN_WORDS)
        return true;
    if (features->office >= OFFICE_MIN)
        return false;
    return attack >= ATTACK_SIGN || (attack >= HINT_SIGN && at[FEATURE_TONE] >= HINT_TONE) ||
           (at[FEATURE_ADDRESS] >= ADDRESS_SIGN && at[FEATURE_TONE] >= TONE_SIGN);
}

/* A language that this page never spoke and no list knows, or several in which it speaks to the reader;
 * servers and their guards speak English everywhere. */
static bool has_hostile_languages(const struct judging *judging)
{
    const struct features *features = &judging->features;
    if (!judging->evidence->change->has_baseline || features->service >= SERVICE_MIN)
        return false;
    return features->unlisted >= NEW_LANGUAGE_SIGN ||
           (features->at[FEATURE_SEVERAL_LANGUAGES] > 0 && features->at[FEATURE_ADDRESS] >= ADDRESS_SIGN &&
            features->office <= 0);
}

/* Something of an attacker's: his words, his hosts, his noise, his languages. A bare page with nothing of the
 * kind, however bare, is somebody's page: `replaced` or `new`, and nobody is woken. */
static bool has_sign(const struct judging *judging)
{
    const double *at = judging->features.at;
    return has_hostile_words(&judging->features) || has_hostile_languages(judging) ||
           at[FEATURE_HOSTS] >= HOSTS_SIGN || at[FEATURE_LOUD] > 0;
}

static double log_odds(double probability)
{
    double certain = 1e-9;
    double p = fmin(fmax(probability, certain), 1 - certain);
    return log(p / (1 - p));
}

/* Somebody tells of an attack and quotes it. An attacker who writes like that is found replaced at least. */
static bool is_report(const struct features *features)
{
    return features->findings.narrated >= NARRATED_MIN;
}

/* Thanks, a choice of languages, a word on cookies: an office that speaks to its visitors, and nothing that
 * an attacker would say beside it. */
static bool is_courtesy(const struct features *features)
{
    const double *at = features->at;
    return features->courtesy >= COURTESY_MIN && at[FEATURE_LEAD] < ATTACK_SIGN &&
           at[FEATURE_HOSTS] < HOSTS_SIGN && at[FEATURE_LOUD] <= 0 && at[FEATURE_TONE] < TONE_SIGN;
}

/* The site's own word on what happened: it was attacked and is being restored, says an office in the words of
 * those who report, and nothing threatens or mocks. */
static bool is_aftermath(const struct features *features)
{
    const double *at = features->at;
    return features->service >= AFTERMATH_SERVICE && features->cause == CUE_MAINTENANCE &&
           at[FEATURE_REPORT] >= AFTERMATH_REPORT &&
           at[FEATURE_MENACE] + at[FEATURE_TAUNT] < AFTERMATH_ATTACK && at[FEATURE_HOSTS] < HOSTS_SIGN &&
           at[FEATURE_LOUD] <= 0;
}

bool judge_spares(const struct features *features)
{
    return is_report(features) || is_courtesy(features) || is_aftermath(features);
}

/* A threat or a claim beside the words of a service page: whoever put it there chose those words too. */
static bool speaks_plainly(const struct features *features)
{
    return attack_of(features) >= PLAIN_WORDS;
}

/* Nobody reports or is polite in a layer over his whole page while he threatens: quotation marks are the
 * attacker's to set too. */
static bool spares(const struct features *features, enum front_kind front)
{
    if (front != FRONT_LAYER)
        return judge_spares(features);
    return is_aftermath(features) || (is_courtesy(features) && !speaks_plainly(features));
}

/* Its weight is what takes the page below the bar. */
static void tell_spared(struct judging *judging)
{
    double bar = judging->judge->weights.section[judging->section].threshold;
    double weight = log_odds(bar) - log_odds(judging->verdict->score);
    if (!has_sign(judging) && !spares(&judging->features, judging->front.kind))
        reason_decide(&judging->reasons, "no-sign", weight, "nothing in it claims, threatens or mocks");
    else if (is_aftermath(&judging->features))
        reason_decide(&judging->reasons, "aftermath", weight,
                      "it says that the site was attacked and is being restored");
    else if (is_report(&judging->features))
        reason_decide(&judging->reasons, "narrated", weight,
                      "it tells of an attack and quotes it, as reports do");
    else
        reason_decide(&judging->reasons, "courtesy", weight, "it speaks to visitors the way an office does");
}

static bool is_above_bar(const struct judging *judging)
{
    return judging->verdict->score >= judging->judge->weights.section[judging->section].threshold;
}

static bool is_defaced(struct judging *judging)
{
    if (says_nothing(judging) || !is_above_bar(judging))
        return false;
    if (!has_sign(judging) || spares(&judging->features, judging->front.kind)) {
        tell_spared(judging);
        return false;
    }
    judging->verdict->kind = VERDICT_DEFACED;
    if (!judging->reasons.decisive)
        judging->reasons.decisive = reason_of_attack(&judging->reasons);
    return true;
}

/* A page that says itself that it is not the page. A page that always was a login page stays one. */
static bool is_service(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    uint16_t status = judging->evidence->capture->status;
    if ((change->has_baseline && judging->features.intact) || speaks_plainly(&judging->features))
        return false;
    if (status >= 400)
        reason_add(&judging->reasons, "http-status", 0, "the server answered with status %u", status);
    if (judging->features.service >= SERVICE_MIN) {
        unavailable(judging, cue_class_name(judging->features.cause));
        judging->reasons.decisive = reason_of_class(judging->features.cause);
    } else if (status >= 400) {
        unavailable_status(judging);
        judging->reasons.decisive = "http-status";
    } else {
        return false;
    }
    return true;
}

/* Digits, signs, pictograms: they show, though they are no text. */
static bool shows_signs(const struct reading *reading)
{
    for (size_t i = 0; i < reading->block_count; i++) {
        const struct block *block = &reading->blocks[i];
        if (block->origin == ORIGIN_HTML && !block->hidden && block->text.size)
            return true;
    }
    return false;
}

/* Neither text nor a picture that could carry one, nor a title that says it. Scripts may draw what we cannot
 * see. */
static bool is_empty(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    const struct reading *reading = judging->evidence->reading;
    if (change->page_letters || change->pictures_new || change->pictures_kept || shows_signs(reading) ||
        judging->features.service >= SERVICE_MIN || speaks_up(&judging->features) || plays(judging->evidence))
        return false;
    if (change->has_baseline &&
        (judging->features.intact || (change->title_changed && change->new_title.size)))
        return false;
    if (!change->has_baseline && change->new_title.size)
        return false;
    bool unread = reading->staging & STAGING_UNREAD;
    if (!reading->script_count && !reading->frames.count && !reading->refresh.size && !unread) {
        unavailable(judging, "empty");
        reason_decide(&judging->reasons, "empty", 0, "the page shows neither text nor pictures");
        return true;
    }
    judging->verdict->kind = change->has_baseline ? VERDICT_REPLACED : VERDICT_NEW;
    if (reading->refresh.size)
        reason_decide(&judging->reasons, "sent-elsewhere", 0,
                      "the page is empty and sends visitors elsewhere");
    else if (unread)
        reason_decide(
            &judging->reasons, "shown-unread", 0,
            "whatever the page shows is a frame, a film, a plug-in or a drawing, which is not read");
    else
        reason_decide(&judging->reasons, "drawn-by-script", 0,
                      "whatever the page shows is drawn by scripts or frames, which are not run here");
    return true;
}

/* ---- changed or not
 * ----------------------------------------------------------------------------------------- */

static bool has_sign_of(const struct change *change, enum page_sign sign)
{
    return change->signs >> sign & 1;
}

/* What is new to the page and may show more than is read of it. */
static void tell_signs(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    struct reason_list *reasons = &judging->reasons;
    if (has_sign_of(change, SIGN_CUT))
        reason_add(reasons, "new-unread", 0, "the page is now longer than what is read of it");
    if (has_sign_of(change, SIGN_SHADOW))
        reason_add(reasons, "new-unread", 0, "a shadow root is new to the page");
    if (has_sign_of(change, SIGN_DRAWN))
        reason_add(reasons, "new-unread", 0,
                   "new to the page: words that a style sheet draws and that are not read");
    if (has_sign_of(change, SIGN_FRAME))
        reason_add(reasons, "new-unread", 0,
                   "a frame or a plug-in is new to the page; what it shows is not read");
    if (has_sign_of(change, SIGN_SCRIPT))
        reason_add(reasons, "new-unread", 0,
                   "a script that writes the page or leads away from it is new to the page");
    if (has_sign_of(change, SIGN_SHEET))
        reason_add(reasons, "new-unread", 0,
                   "a style sheet is new to the page; what it hides or draws is not known");
}

/* A visitor sees something that covers the page, and it is not known what. */
static bool is_veiled(struct judging *judging)
{
    if (!has_sign_of(judging->evidence->change, SIGN_VEIL))
        return false;
    reason_decide(&judging->reasons, "veiled", 0,
                  "something that is not read covers the whole page: a frame, a film, a plug-in, a picture");
    judging->verdict->kind = VERDICT_REPLACED;
    return true;
}

static bool is_replaced(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    if (!change->has_baseline)
        return false;
    bool slow = change->anchor < ANCHOR_MIN;
    if (!judging->features.wiped && !slow && !judging->threatened)
        return false;
    judging->verdict->kind = VERDICT_REPLACED;
    if (!judging->features.wiped && !slow) {
        reason_decide(&judging->reasons, "covered", 0,
                      "a new layer over the whole page claims, threatens or mocks");
        return true;
    }
    if (!judging->reasons.decisive)
        judging->reasons.decisive = judging->features.wiped ? "content-gone" : "slow-change";
    if (!judging->features.wiped)
        reason_add(&judging->reasons, "slow-change", 0,
                   "bit by bit, all of what was last accepted has been exchanged");
    return true;
}

static bool text_changed(const struct change *change)
{
    for (size_t i = 0; i < change->block_count; i++) {
        const struct change_block *block = &change->blocks[i];
        bool shown = (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
        shown |= block->maybe;
        if (shown && block->kind != CHANGE_KEPT && block->kind != CHANGE_VOLATILE)
            return true;
    }
    return false;
}

static bool is_changed(const struct change *change)
{
    return text_changed(change) || change->title_changed || change->pictures_new || change->signs ||
           change->new_scripts.count || change->new_frames.count || change->new_forms.count ||
           change->new_links.count;
}

static void decide(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    if (is_empty(judging) || is_defaced(judging) || is_service(judging) || is_replaced(judging) ||
        is_veiled(judging))
        return;
    if (!change->has_baseline)
        judging->verdict->kind = VERDICT_NEW;
    else
        judging->verdict->kind =
            is_changed(change) || speaks_up(&judging->features) ? VERDICT_EDITED : VERDICT_UNCHANGED;
}

/* ---- filling the verdict
 * ---------------------------------------------------------------------------------------- */

static int copy_languages(struct judging *judging)
{
    const struct judge_evidence *evidence = judging->evidence;
    bool of_new = evidence->new_language_count > 0;
    size_t count = of_new ? evidence->new_language_count : evidence->page_language_count;
    const struct language_share *from = of_new ? evidence->new_languages : evidence->page_languages;
    struct verdict *verdict = judging->verdict;
    if (!count)
        return 0;
    verdict->languages = arena_alloc(&verdict->arena, count, sizeof(*verdict->languages));
    if (!verdict->languages)
        return -ENOMEM;
    memcpy(verdict->languages, from, count * sizeof(*from));
    verdict->language_count = count;
    return 0;
}

static int copy_message(struct judging *judging)
{
    const struct change *change = judging->evidence->change;
    struct verdict *verdict = judging->verdict;
    buf_auto text = buf_new(MESSAGE_BYTES_MAX + 1);
    if (judge_message(change, judging->evidence->reading, MESSAGE_BYTES_MAX, &text))
        return -ENOMEM;
    verdict->message = arena_copy(&verdict->arena, buf_span(&text));
    if (!verdict->message.at)
        return -ENOMEM;
    verdict->message_origin = ORIGIN_HTML;
    if (change && change->new_letters && change->new_picture_letters * 2 >= change->new_letters)
        verdict->message_origin = ORIGIN_IMAGE;
    else if (change && !change->new_letters && change->title_changed)
        verdict->message_origin = ORIGIN_TITLE;
    return 0;
}

static double score_of(const struct judging *judging, enum weights_section section,
                       const struct features *features)
{
    return 1 / (1 + exp(-weights_sum(&judging->judge->weights, section, features->at)));
}

/* What stands foremost is taken for the page where it alone is over the bar. A report may have its quotation
 * in the headline; what covers it is none of it. */
static bool may_step_forward(const struct judging *judging, double score)
{
    const struct front *front = &judging->front;
    bool spared = judge_spares(&judging->features);
    if (front->kind == FRONT_NONE || spares(&front->features, front->kind) ||
        (spared && front->kind != FRONT_LAYER))
        return false;
    return (spared || !is_above_bar(judging)) &&
           score >= judging->judge->weights.section[front->section].threshold;
}

static void step_forward(struct judging *judging)
{
    const struct front *front = &judging->front;
    double score = front->kind == FRONT_NONE ? 0 : score_of(judging, front->section, &front->features);
    judging->threatened = front->kind == FRONT_LAYER && speaks_plainly(&front->features) &&
                          !spares(&front->features, front->kind);
    if (!may_step_forward(judging, score)) {
        judging->front.kind = FRONT_NONE;
        return;
    }
    double weight = log_odds(score) - log_odds(judging->verdict->score);
    judging->features = front->features;
    judging->section = front->section;
    judging->verdict->score = score;
    if (front->kind == FRONT_LAYER)
        reason_decide(&judging->reasons, "covered", weight,
                      "a layer over the whole page is judged by itself: a visitor sees nothing else");
    else if (front->kind == FRONT_MAYBE)
        reason_decide(&judging->reasons, "seen-by-some", weight,
                      "what only some visitors see, or see beside the text, is judged by itself");
    else
        reason_decide(&judging->reasons, "foremost", weight,
                      "its first words are judged by themselves, whatever stands below them");
}

static int weigh(struct judging *judging)
{
    const struct judge_evidence *evidence = judging->evidence;
    const struct cue_set *cues = judging->judge->cues;
    int error = feature_compute(cues, evidence, &judging->scratch, &judging->features);
    error =
        error ? error : front_look(cues, evidence, &judging->features, &judging->scratch, &judging->front);
    if (error)
        return error;
    judging->section = feature_section(evidence->change, &judging->features);
    judging->verdict->score = score_of(judging, judging->section, &judging->features);
    step_forward(judging);
    bool front = judging->front.kind != FRONT_NONE;
    reason_features(&judging->reasons, front ? judging->front.evidence : evidence, &judging->features,
                    &judging->judge->weights, judging->section, judging->front.kind);
    return 0;
}

static int judge_whole(struct judging *judging)
{
    if (!nothing_to_judge(judging)) {
        int error = weigh(judging);
        if (error)
            return error;
        decide(judging);
        if (judging->evidence->change->has_baseline)
            tell_signs(judging);
    }
    int error = copy_languages(judging);
    error = error ? error : copy_message(judging);
    reason_sort(&judging->reasons);
    return judging->reasons.failed ? -ENOMEM : error;
}

int judge_page(const struct judge *judge, const struct judge_evidence *evidence, struct verdict *ret_verdict)
{
    struct verdict verdict = {.arena = arena_new(VERDICT_BYTES_MAX)};
    struct judging judging = {.judge = judge,
                              .evidence = evidence,
                              .verdict = &verdict,
                              .reasons = {.verdict = &verdict},
                              .scratch = arena_new(SCRATCH_BYTES_MAX)};
    int error = judge_whole(&judging);
    arena_free(&judging.scratch);
    if (error) {
        arena_free(&verdict.arena);
        return error;
    }
    *ret_verdict = verdict;
    return 0;
}
