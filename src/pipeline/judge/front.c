/*
 * A front is judged with the weights of a page that was replaced: over it, a visitor sees nothing else.
 */
#include "pipeline/judge/front.h"

#include "base/utf8.h"

#include <errno.h>

/* The first words count as a front from one unmistakable phrase, or two clear ones, on. */
#define HEAD_MIN 3.0

/* A covering layer counts from a clear phrase in it on: many pages open with one that says nothing of the
 * kind. */
#define LAYER_MIN 0.2

/* Of a long first block, what is looked at. Bytes: letters of Cyrillic take two. */
enum { FRONT_LETTERS = 150, FRONT_BLOCK_LETTERS = 400 };

static bool is_shown(const struct change_block *block)
{
    bool shown = (block->origin == ORIGIN_HTML && !block->hidden) || block->origin == ORIGIN_IMAGE;
    return shown && block->kind != CHANGE_GONE;
}

static bool belongs(const struct change_block *block, enum front_kind kind)
{
    if (kind == FRONT_MAYBE)
        return block->maybe && block->kind == CHANGE_NEW;
    if (!is_shown(block))
        return false;
    if (kind == FRONT_LAYER)
        return block->layer;
    return block->heading == 1 || block->place < FRONT_LETTERS;
}

static bool is_covered(const struct change *change)
{
    for (size_t i = 0; i < change->block_count; i++) {
        const struct change_block *block = &change->blocks[i];
        if (belongs(block, FRONT_LAYER) && (block->kind == CHANGE_NEW || block->kind == CHANGE_VOLATILE))
            return true;
    }
    return false;
}

static bool has_doubtful(const struct change *change)
{
    for (size_t i = 0; i < change->block_count; i++)
        if (belongs(&change->blocks[i], FRONT_MAYBE) && change->blocks[i].letters)
            return true;
    return false;
}

static enum front_kind kind_of(const struct change *change, const struct features *whole)
{
    if (change->has_baseline && is_covered(change))
        return FRONT_LAYER;
    if (whole->wiped && whole->findings.head >= HEAD_MIN)
        return FRONT_HEAD;
    return change->has_baseline && has_doubtful(change) ? FRONT_MAYBE : FRONT_NONE;
}

static void add_block(struct change *front, const struct change_block *block)
{
    struct change_block *copy = &front->blocks[front->block_count++];
    *copy = *block;
    if (copy->maybe) {
        copy->hidden = false;
        copy->origin = ORIGIN_HTML;
    }
    if (copy->letters > FRONT_BLOCK_LETTERS) {
        copy->text = utf8_prefix(copy->text, copy->text.size * FRONT_BLOCK_LETTERS / copy->letters);
        copy->letters = FRONT_BLOCK_LETTERS;
    }
    copy->place = front->page_letters;
    front->page_letters += copy->letters;
    if (copy->kind != CHANGE_NEW)
        return;
    front->new_letters += copy->letters;
    front->new_picture_letters += copy->origin == ORIGIN_IMAGE ? copy->letters : 0;
}

/* The change as if nothing but the front were there now. */
static int cut_front(const struct change *change, enum front_kind kind, struct arena *arena,
                     struct change *ret_front)
{
    struct change front = *change;
    front.blocks = arena_alloc(arena, change->block_count + 1, sizeof(*front.blocks));
    if (!front.blocks)
        return -ENOMEM;
    front.block_count = 0;
    front.page_letters = front.new_letters = front.new_picture_letters = 0;
    for (size_t i = 0; i < change->block_count; i++)
        if (belongs(&change->blocks[i], kind))
            add_block(&front, &change->blocks[i]);
    if (kind != FRONT_HEAD) {
        front.kept = front.words = front.structure = front.anchor = 0;
        front.contacts = front.hosts = -1;
        front.prominence = 1;
    }
    *ret_front = front;
    return 0;
}

struct scene {
    struct judge_evidence evidence;
    struct reading reading;
    struct change change;
};

static int set_scene(const struct judge_evidence *evidence, enum front_kind kind, struct arena *arena,
                     struct scene **ret_scene)
{
    struct scene *scene = arena_alloc(arena, 1, sizeof(*scene));
    if (!scene || cut_front(evidence->change, kind, arena, &scene->change))
        return -ENOMEM;
    scene->reading = *evidence->reading;
    scene->reading.link_count = 0;
    scene->evidence = *evidence;
    scene->evidence.change = &scene->change;
    scene->evidence.reading = &scene->reading;
    *ret_scene = scene;
    return 0;
}

static bool says_attack(const struct features *features)
{
    const double *at = features->at;
    return at[FEATURE_CLAIM] + at[FEATURE_MENACE] + at[FEATURE_TAUNT] + at[FEATURE_LEAD] >= LAYER_MIN;
}

int front_look(const struct cue_set *cues, const struct judge_evidence *evidence,
               const struct features *whole, struct arena *arena, struct front *ret_front)
{
    struct front front = {.kind = kind_of(evidence->change, whole)};
    if (front.kind != FRONT_NONE) {
        struct scene *scene;
        int error = set_scene(evidence, front.kind, arena, &scene);
        error = error ? error : feature_compute(cues, &scene->evidence, arena, &front.features);
        if (error)
            return error;
        if (front.kind != FRONT_HEAD && !says_attack(&front.features))
            front.kind = FRONT_NONE;
        front.evidence = &scene->evidence;
        front.section = feature_section(&scene->change, &front.features);
    }
    *ret_front = front;
    return 0;
}
