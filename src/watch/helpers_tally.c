/* How helpers and their children ended: counted by role and cause, for whoever watches the watch. */
#include "watch/helpers_inside.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum death { DEATH_SANDBOX, DEATH_LIMIT, DEATH_SIGNAL, DEATH_TIMEOUT, DEATH_LIED, DEATH_EXIT };

const char *helpers_role(unsigned role)
{
    static const char *const names[HELPERS_ROLES] = {"fetch", "read", "ocr", "keep", "deliver"};
    return names[role];
}

const char *helpers_cause(unsigned cause)
{
    static const char *const names[HELPERS_CAUSES] = {
        [DEATH_SANDBOX] = "sandbox", [DEATH_LIMIT] = "limit", [DEATH_SIGNAL] = "signal",
        [DEATH_TIMEOUT] = "timeout", [DEATH_LIED] = "lied",   [DEATH_EXIT] = "exit",
    };
    return names[cause];
}

const struct helpers_tally *helpers_tally(const struct helpers *helpers)
{
    return &helpers->tally;
}

unsigned helpers_role_of(const struct helper *helper)
{
    unsigned role = 0;
    while (role + 1 < HELPERS_ROLES && strcmp(helper->name + strlen("varta-"), helpers_role(role)) != 0)
        role++;
    return role;
}

static void count_death(struct helper *helper, enum death cause)
{
    helper->all->tally.deaths[helpers_role_of(helper)][cause]++;
}

/* A child, as its template or its answer tells. */
void helpers_count_child(struct helper *helper, enum outcome outcome)
{
    static const enum death causes[] = {DEATH_TIMEOUT, DEATH_LIMIT, DEATH_SANDBOX, DEATH_SIGNAL, DEATH_LIED};
    if (outcome >= OUTCOME_HELPER_TIMEOUT && outcome <= OUTCOME_HELPER_LIED)
        count_death(helper, causes[outcome - OUTCOME_HELPER_TIMEOUT]);
}

void helpers_count_process(struct helper *helper, enum outcome outcome, int status)
{
    if (outcome == OUTCOME_HELPER_TIMEOUT || outcome == OUTCOME_HELPER_LIED)
        helpers_count_child(helper, outcome);
    else if (WIFSIGNALED(status))
        count_death(helper, WTERMSIG(status) == SIGSYS ? DEATH_SANDBOX : DEATH_SIGNAL);
    else
        count_death(helper, DEATH_EXIT);
}
