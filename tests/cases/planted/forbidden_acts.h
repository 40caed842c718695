/* What a parser that was taken over would try; see forbidden_acts.c. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct forbidden_act {
    const char *name;
    long (*act)(void); /* below 0 with errno when it was refused */
    bool limited;      /* only a job has a limit on this; these stand last */
};

extern const struct forbidden_act forbidden_acts[];
/* Whose memory and files are tried; 0 for the process before this one, which a template makes the child of
 * another job. */
extern pid_t forbidden_acts_victim;

extern const unsigned forbidden_act_count;
