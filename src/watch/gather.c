/* See gather.h. */
#include "watch/gather.h"

static int on_time(sd_event_source *source, uint64_t at_us, void *context)
{
    (void)source;
    (void)at_us;
    gather_end(context);
    return 0;
}

static int arm(struct gather *gather)
{
    if (!gather->timer)
        return sd_event_add_time_relative(gather->event, &gather->timer, CLOCK_MONOTONIC, GATHER_MS * 1000, 0,
                                          on_time, gather);
    int result = sd_event_source_set_time_relative(gather->timer, GATHER_MS * 1000);
    return result < 0 ? result : sd_event_source_set_enabled(gather->timer, SD_EVENT_ONESHOT);
}

int gather_begin(struct gather *gather)
{
    if (store_is_gathering(gather->store))
        return 0;
    int result = store_begin(gather->store);
    if (result == 0 && arm(gather) < 0)
        result = store_commit(gather->store); /* without a clock, each write by itself */
    return result;
}

int gather_end(struct gather *gather)
{
    if (!gather->store)
        return 0;
    if (gather->timer)
        sd_event_source_set_enabled(gather->timer, SD_EVENT_OFF);
    int result = store_commit(gather->store);
    if (result < 0 && gather->failed)
        gather->failed(gather->context, result);
    return result;
}

void gather_close(struct gather *gather)
{
    gather_end(gather);
    gather->timer = sd_event_source_disable_unref(gather->timer);
}
