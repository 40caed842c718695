/* See common.h. */
#include "cli/common.h"

#include "cli/cli.h"
#include "os/spawn.h"

static const char *const colour_of[VERDICT_KIND_COUNT] = {
    [VERDICT_NEW] = "\033[36m",        [VERDICT_UNCHANGED] = "\033[32m", [VERDICT_EDITED] = "\033[32m",
    [VERDICT_REPLACED] = "\033[1;33m", [VERDICT_DEFACED] = "\033[1;31m", [VERDICT_UNAVAILABLE] = "\033[35m",
};

void cli_note(void *context, const char *text)
{
    (void)context;
    cli_error("%s", text);
}

bool cli_desk_settings(struct desk_settings *ret_settings, char storage[4096])
{
    if (spawn_data_path("", storage, 4096) < 0) {
        cli_error("the models are found neither beside the program nor in the installed place; VARTA_MODELS "
                  "may name "
                  "their folder");
        return false;
    }
    *ret_settings = desk_defaults();
    ret_settings->models = storage;
    ret_settings->note = cli_note;
    return true;
}

void cli_put_verdict(FILE *stream, enum verdict_kind verdict, bool colours)
{
    fprintf(stream, "%s%-12s%s", colours ? colour_of[verdict] : "", verdict_name(verdict),
            colours ? "\033[0m" : "");
}

void cli_put_sum(FILE *stream, const size_t verdicts[VERDICT_KIND_COUNT])
{
    static const enum verdict_kind worst_first[] = {VERDICT_DEFACED, VERDICT_REPLACED, VERDICT_UNAVAILABLE,
                                                    VERDICT_EDITED,  VERDICT_NEW,      VERDICT_UNCHANGED};
    const char *mark = "";
    for (size_t i = 0; i < sizeof(worst_first) / sizeof(worst_first[0]); i++) {
        size_t count = verdicts[worst_first[i]];
        if (!count)
            continue;
        fprintf(stream, "%s%zu %s", mark, count, verdict_name(worst_first[i]));
        mark = ", ";
    }
    fputs(*mark ? "\n" : "nothing was judged\n", stream);
}
