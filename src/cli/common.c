/* See common.h. */
#include "cli/common.h"

#include "cli/cli.h"
#include "os/spawn.h"

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
