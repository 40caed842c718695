/*
 * Which of the new pictures are shown where not all can be: those in which most was read, so that no row of
 * spacers in front hides the one with the message; then those whose files say something of themselves; then
 * as they stand in the page.
 */
#include "pipeline/evidence/report.h"

#include "base/utf8.h"

enum { DOUBT = 4 /* so many letters of a doubtful line count as one */ };

static size_t letters(const struct dossier_picture *picture)
{
    size_t sure = 0, doubtful = 0;
    for (size_t i = 0; i < picture->line_count; i++)
        *(picture->lines[i].doubtful ? &doubtful : &sure) += utf8_letters(picture->lines[i].text);
    return sure + doubtful / DOUBT;
}

bool report_has_claims(const struct dossier_picture *picture)
{
    return picture->has_place ||
           picture->software.size + picture->taken.size + picture->camera.size + picture->comment.size > 0;
}

struct rank {
    size_t letters;
    bool claims;
};

static bool is_before(const struct rank *one, const struct rank *other)
{
    if (one->letters != other->letters)
        return one->letters > other->letters;
    return one->claims && !other->claims;
}

static void take(struct report_shown *shown, struct rank ranks[REPORT_PICTURES], size_t index,
                 struct rank rank)
{
    size_t at = shown->count;
    while (at > 0 && is_before(&rank, &ranks[at - 1]))
        at--;
    if (shown->count == REPORT_PICTURES)
        shown->more++;
    else
        shown->count++;
    if (at == REPORT_PICTURES)
        return;
    for (size_t i = shown->count - 1; i > at; i--) {
        shown->at[i] = shown->at[i - 1];
        ranks[i] = ranks[i - 1];
    }
    shown->at[at] = index;
    ranks[at] = rank;
}

struct report_shown report_shown(const struct dossier *dossier)
{
    struct report_shown shown = {.count = 0};
    struct rank ranks[REPORT_PICTURES];
    for (size_t i = 0; i < dossier->picture_count; i++) {
        const struct dossier_picture *one = &dossier->pictures[i];
        if (one->fresh)
            take(&shown, ranks, i, (struct rank){letters(one), report_has_claims(one)});
    }
    return shown;
}
