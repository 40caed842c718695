/* See service.h. */
#include "os/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>

void service_ready(void)
{
    sd_notify(0, "READY=1");
}

void service_reloading(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC,
                  &now); /* to the microsecond: a time before the request counts for nothing */
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void service_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

/* The variable is inherited by programs whose output goes elsewhere: only device and inode tell. */
bool service_is_journal(int fd)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device = 0, inode = 0;
    struct stat about;
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(fd, &about) == 0 &&
           about.st_dev == device && about.st_ino == inode;
}

void service_status(const char *text)
{
    sd_notifyf(0, "STATUS=%s", text);
}

void service_watchdog(void)
{
    sd_notify(0, "WATCHDOG=1");
}

uint64_t service_watchdog_us(void)
{
    uint64_t within_us = 0;
    return sd_watchdog_enabled(0, &within_us) > 0 ? within_us : 0;
}
