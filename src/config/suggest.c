/* The optimal string alignment distance (Damerau 1964, Levenshtein 1966): insertions, deletions, replacements
 * and swaps of neighbours count one. Bytes, not characters: the words are ASCII. */
#include "config/suggest.h"

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(struct span a, struct span b)
{
    unsigned rows[3][SUGGEST_BYTES + 1];
    for (unsigned k = 0; k <= b.size; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.size; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t k = 1; k <= b.size; k++) {
            row[k] = least(above[k - 1] + (a.at[i - 1] != b.at[k - 1]), least(above[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1])
                row[k] = least(row[k], higher[k - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

struct suggest suggest_for(struct span word)
{
    return (struct suggest){.word = word, .distance = SUGGEST_BYTES};
}

void suggest_offer(struct suggest *suggest, struct span candidate)
{
    if (suggest->word.size > SUGGEST_BYTES || candidate.size > SUGGEST_BYTES)
        return;
    unsigned found = distance(suggest->word, candidate);
    if (found >= suggest->distance)
        return;
    suggest->distance = found;
    suggest->best = candidate;
}

struct span suggest_best(const struct suggest *suggest)
{
    return suggest->distance <= suggest->word.size / 3 ? suggest->best : (struct span){NULL, 0};
}
