/* What a parser that was taken over would try; see forbidden_acts.c. */
#pragma once

struct forbidden_act {
    const char *name;
    long (*act)(void); /* below 0 with errno when it was refused */
};

extern const struct forbidden_act forbidden_acts[];
extern const unsigned forbidden_act_count;
