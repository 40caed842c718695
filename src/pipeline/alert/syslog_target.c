/* Where syslog messages may go, as people write it; see alert.h. */
#include "pipeline/alert/alert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int parse_host(const char *text, struct syslog_target *target)
{
    const char *end;
    const char *start = text;
    if (*text == '[') {
        start = text + 1;
        end = strchr(start, ']');
        if (!end || (end[1] != '\0' && end[1] != ':'))
            return -EINVAL;
        text = end + 1;
    } else {
        end = start + strcspn(start, ":");
        text = end;
    }
    size_t size = (size_t)(end - start);
    if (size == 0 || size >= sizeof(target->host))
        return -EINVAL;
    memcpy(target->host, start, size);
    target->host[size] = '\0';
    if (*text == '\0')
        return 0;
    int length = snprintf(target->port, sizeof(target->port), "%s", text + 1);
    char *rest;
    long port = strtol(target->port, &rest, 10);
    return length < (int)sizeof(target->port) && *rest == '\0' && port > 0 && port < 65536 ? 0 : -EINVAL;
}

static int parse_path(const char *path, struct syslog_target *target)
{
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof(target->path))
        return -EINVAL;
    memcpy(target->path, path, size + 1);
    return 0;
}

int syslog_target_parse(const char *text, struct syslog_target *ret_target)
{
    struct syslog_target target = {.transport = SYSLOG_UNIX};
    int result = -EINVAL;
    if (strcmp(text, "local") == 0) {
        result = parse_path("/dev/log", &target);
    } else if (strncmp(text, "unix:", 5) == 0) {
        result = parse_path(text + 5, &target);
    } else if (strncmp(text, "udp:", 4) == 0) {
        target.transport = SYSLOG_UDP;
        memcpy(target.port, "514", 4);
        result = parse_host(text + 4, &target);
    } else if (strncmp(text, "tcp:", 4) == 0) {
        target.transport = SYSLOG_TCP;
        memcpy(target.port, "601", 4);
        result = parse_host(text + 4, &target);
    } else if (strncmp(text, "tls:", 4) == 0) {
        target.transport = SYSLOG_TLS;
        memcpy(target.port, "6514", 5);
        result = parse_host(text + 4, &target);
    }
    if (result == 0)
        *ret_target = target;
    return result;
}
