/* A daemon with three pages and two incidents in it, and no network: what the fuzzers of its doors stand
 * before. */
#pragma once

#include "watch/daemon_answers.h"

#include <systemd/sd-event.h>

enum { STANDING_NOW_S = 1642118400 };

struct standing_daemon {
    char folder[64]; /* goes at the end of the process, with the files that the fuzzers make there */
    char store[96];
    sd_event *event;
    struct config config;
    struct gather gather;
    struct daemon_parts parts;
};

/* The one of this process; made at the first call. */
struct standing_daemon *standing_daemon(void);
