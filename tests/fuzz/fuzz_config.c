/*
 * Feeds the configuration's reader with anything. What it refuses it must say, with the place first; what it
 * takes it must be able to show, and what it shows must read as the same configuration.
 */
#include "config/config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
    unsigned count;
};

static void demand(bool kept)
{
    if (!kept)
        abort();
}

static void tell(void *context, const char *text)
{
    struct told *told = context;
    struct span rest = span_of(text), line, column;
    told->count++;
    demand(rest.size > 0 && rest.size < CONFIG_ERROR_BYTES);
    if (!span_starts(rest, SPAN("/etc/fuzz.yaml:"))) {
        demand(span_starts(rest, SPAN("and ")));
        return;
    }
    rest = span_cut(rest, 15, rest.size);
    demand(span_next(&rest, ':', &line) && span_next(&rest, ':', &column));
    demand(atoi(line.at) > 0 && atoi(column.at) > 0);
}

static char *show(const struct config *config, size_t *ret_size)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, ret_size);
    demand(stream != NULL);
    demand(config_show(config, stream) == 0);
    demand(fclose(stream) == 0);
    return text;
}

static void check(const struct config *config)
{
    demand(config->group_count >= 1 && span_equal(config->groups[0].name, SPAN("default")));
    for (size_t i = 0; i < config->list.count; i++)
        demand(config->list.pages[i].group < config->group_count);
    for (size_t i = 0; i < config->group_count; i++) {
        demand(config->groups[i].interval_s > 0 && config->groups[i].weight > 0);
        config_windows_hold(&config->groups[i].maintenance, 1642118400);
    }
    for (size_t i = 0; i < config->sink_count; i++)
        demand(config->sinks[i].timeout_s > 0 &&
               (config->sinks[i].target.size || config->sinks[i].argv_count ||
                config->sinks[i].kind == SINK_JOURNAL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told told = {0};
    struct config config, again;
    size_t shown_size, again_size;
    int result =
        config_read_text("/etc/fuzz.yaml", (struct span){(const char *)data, size}, tell, &told, &config);
    if (result < 0) {
        demand(told.count > 0 || result != -EINVAL);
        return 0;
    }
    demand(told.count == 0);
    check(&config);
    char *shown = show(&config, &shown_size);
    config_free(&config);
    demand(config_read_text("/etc/fuzz.yaml", (struct span){shown, shown_size}, tell, &told, &again) == 0);
    char *shown_again = show(&again, &again_size);
    config_free(&again);
    demand(shown_size == again_size && memcmp(shown, shown_again, shown_size) == 0);
    free(shown);
    free(shown_again);
    return 0;
}
