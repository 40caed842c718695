/*
 * Shares of a whole as whole percents that add up to a hundred when the shares do. Each is what its sum with
 * all before it, rounded, adds to theirs; so it is off by less than one. People add up what they are shown.
 */
#pragma once

/** Begin with all zero. */
struct percents {
    double sum; /* of the shares so far */
    int told;   /* percents so far */
};

/** The next share (0 to 1) in percent. */
static inline int percents_next(struct percents *percents, double share)
{
    int before = percents->told;
    percents->sum += share;
    percents->told = (int)(percents->sum * 100 + 0.5);
    return percents->told - before;
}
