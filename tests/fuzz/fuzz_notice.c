/*
 * A notice in, every form of it out. What is taken must come out with no line, header, field or record of the
 * attacker's; what is refused must say why.
 */
#include "renderings.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct notice notice;
    const char *why = NULL;
    int result = notice_parse((struct span){(const char *)data, size}, &notice, &why);
    if (result == -EBADMSG && !why)
        abort();
    if (result < 0)
        return 0;
    const char *fault = renderings_fault(&notice);
    if (fault) {
        fprintf(stderr, "%s\n", fault);
        abort();
    }
    notice_free(&notice);
    return 0;
}
