/*
 * What a service manager is told and asks: systemd's notification protocol and its watchdog, through
 * libsystemd. Without a service manager all of it does nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void service_ready(void);
void service_reloading(void);
void service_stopping(void);

/** True when what is written to the descriptor goes to the journal, which takes a "<4>" at the beginning of a
 * line as its level (sd-daemon(3)). */
bool service_is_journal(int fd);

/** One line that `systemctl status` shows. */
void service_status(const char *text);

/** We are alive and getting on. */
void service_watchdog(void);

/** Microseconds within which service_watchdog() must be called again; 0 when nobody asks. */
uint64_t service_watchdog_us(void);
