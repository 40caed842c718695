/* A million features do not need a million different rows: k-means, weighted by how often a feature is used,
 * gives each a shared one, and the file holds row numbers of two bytes. In two levels, because one level of
 * tens of thousands of clusters would take hours. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learner.h"

enum { TOP_CLUSTERS = 192, LLOYD_ROUNDS = 7, SAMPLE_PER_CLUSTER = 256 };

typedef float floats4 __attribute__((vector_size(16)));

struct set {
    const float *weights; /* all rows */
    const uint32_t *use_count;
    unsigned lanes;
    const uint32_t *members;
    uint32_t count;
};

static void *take_room(size_t count, size_t size)
{
    void *room = calloc(count ? count : 1, size);

    if (!room)
        abort();
    return room;
}

static inline float distance_of(const float *a, const float *b, unsigned lanes)
{
    floats4 sum = {0}, left, right;

    for (unsigned l = 0; l < lanes; l += 4) {
        memcpy(&left, a + l, sizeof left);
        memcpy(&right, b + l, sizeof right);
        left -= right;
        sum += left * left;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static inline uint32_t nearest_of(const float *row, const float *centres, uint32_t count, unsigned lanes,
                                  float *ret_best)
{
    uint32_t best = 0;

    *ret_best = INFINITY;
    for (uint32_t c = 0; c < count; c++) {
        float distance = distance_of(row, centres + (size_t)c * lanes, lanes);

        if (distance < *ret_best) {
            *ret_best = distance;
            best = c;
        }
    }
    return best;
}

static uint32_t nearest(const float *row, const float *centres, uint32_t count, unsigned lanes,
                        float *ret_best)
{
    return lanes == 48 ? nearest_of(row, centres, count, 48, ret_best)
                       : nearest_of(row, centres, count, 16, ret_best);
}

static const float *row_at(const struct set *set, uint32_t member)
{
    return set->weights + (size_t)set->members[member] * set->lanes;
}

/* Not in proportion to use: single words are made of rare features. */
static float weight_of(const struct set *set, uint32_t member)
{
    return powf((float)set->use_count[set->members[member]] + 1, 0.3f);
}

static void lloyd_round(const struct set *set, uint32_t stride, uint32_t clusters, float *centres)
{
    double *sums = take_room((size_t)clusters * set->lanes, sizeof *sums);
    double *weights = take_room(clusters, sizeof *weights);
    float best;

    for (uint32_t i = 0; i < set->count; i += stride) {
        const float *row = row_at(set, i);
        uint32_t c = nearest(row, centres, clusters, set->lanes, &best);
        double weight = (double)weight_of(set, i);

        weights[c] += weight;
        for (unsigned l = 0; l < set->lanes; l++)
            sums[(size_t)c * set->lanes + l] += weight * (double)row[l];
    }
    for (uint32_t c = 0; c < clusters; c++)
        for (unsigned l = 0; l < set->lanes && weights[c] > 0; l++)
            centres[(size_t)c * set->lanes + l] = (float)(sums[(size_t)c * set->lanes + l] / weights[c]);
    free(sums);
    free(weights);
}

static void find_centres(const struct set *set, uint32_t clusters, float *ret_centres)
{
    uint32_t stride = set->count / (clusters * SAMPLE_PER_CLUSTER) + 1;

    for (uint32_t c = 0; c < clusters; c++)
        memcpy(ret_centres + (size_t)c * set->lanes,
               row_at(set, (uint32_t)((uint64_t)c * set->count / clusters)), set->lanes * sizeof(float));
    for (int round = 0; round < LLOYD_ROUNDS && clusters > 1; round++)
        lloyd_round(set, stride, clusters, ret_centres);
    if (clusters == 1)
        lloyd_round(set, 1, 1, ret_centres);
}

/* Assigns the members to centres and returns the weighted distance lost; sums it up by centre. */
static void assign(const struct set *set, const float *centres, uint32_t clusters, uint32_t *ret_cluster,
                   double *ret_lost)
{
    float best;

    for (uint32_t i = 0; i < set->count; i++) {
        ret_cluster[i] = nearest(row_at(set, i), centres, clusters, set->lanes, &best);
        if (ret_lost)
            ret_lost[ret_cluster[i]] += (double)(best * weight_of(set, i));
    }
}

struct sharing {
    struct learner *learner;
    float *rows; /* the shared ones, being filled */
    uint32_t used;
};

static void share_cluster(struct sharing *sharing, const struct set *set, uint32_t clusters)
{
    uint32_t *cluster = take_room(set->count, sizeof *cluster);
    float *centres = sharing->rows + (size_t)sharing->used * set->lanes;

    if (clusters > set->count)
        clusters = set->count;
    find_centres(set, clusters, centres);
    assign(set, centres, clusters, cluster, NULL);
    for (uint32_t i = 0; i < set->count; i++)
        sharing->learner->row_of[set->members[i]] = sharing->used + cluster[i];
    sharing->used += clusters;
    free(cluster);
}

/* Splits `set` into its top clusters; members of each become neighbours in `ret_order`. */
static void split_top(const struct set *set, uint32_t *ret_order, uint32_t *ret_starts, double *ret_lost)
{
    float *centres = take_room((size_t)TOP_CLUSTERS * set->lanes, sizeof *centres);
    uint32_t *cluster = take_room(set->count, sizeof *cluster), at = 0;

    find_centres(set, TOP_CLUSTERS, centres);
    assign(set, centres, TOP_CLUSTERS, cluster, ret_lost);
    for (uint32_t c = 0; c < TOP_CLUSTERS; c++) {
        ret_starts[c] = at;
        for (uint32_t i = 0; i < set->count; i++)
            if (cluster[i] == c)
                ret_order[at++] = set->members[i];
    }
    ret_starts[TOP_CLUSTERS] = at;
    free(cluster);
    free(centres);
}

static void share_all(struct sharing *sharing, const struct set *all, uint32_t rows)
{
    uint32_t *order = take_room(all->count, sizeof *order), starts[TOP_CLUSTERS + 1];
    double lost[TOP_CLUSTERS] = {0}, total = 0;

    split_top(all, order, starts, lost);
    for (uint32_t c = 0; c < TOP_CLUSTERS; c++)
        total += lost[c];
    for (uint32_t c = 0; c < TOP_CLUSTERS; c++) {
        struct set part = *all;

        part.members = order + starts[c];
        part.count = starts[c + 1] - starts[c];
        if (part.count)
            share_cluster(sharing, &part, 1 + (uint32_t)((rows - TOP_CLUSTERS) * lost[c] / total));
    }
    free(order);
}

void learner_share_rows(struct learner *learner)
{
    struct sharing sharing = {learner, take_room((size_t)learner->plan.rows * learner->lanes, sizeof(float)),
                              DICTIONARY_FIRST};
    uint32_t count = learner->rows - DICTIONARY_FIRST, *members = take_room(count, sizeof *members);
    struct set all = {learner->weights, learner->use_count, learner->lanes, members, count};

    memcpy(sharing.rows, learner->weights, DICTIONARY_FIRST * learner->lanes * sizeof(float));
    for (uint32_t i = 0; i < count; i++)
        members[i] = DICTIONARY_FIRST + i;
    share_all(&sharing, &all, learner->plan.rows - DICTIONARY_FIRST);
    free(members);
    free(learner->weights);
    free(learner->slack);
    learner->weights = sharing.rows;
    learner->rows = sharing.used;
    learner->slack = take_room(learner->rows, sizeof(float));
    fprintf(stderr, "train-language: group %d: %u shared rows\n", (int)learner->group, learner->rows);
}
