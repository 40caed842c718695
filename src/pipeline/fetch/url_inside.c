/* The address is one that libcurl wrote after reading it, so its host is in plain sight. Octal, hexadecimal
 * and short numbers are read all the same, as inet_aton() does. */
#include "pipeline/fetch/url_inside.h"

#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum { HOST_BYTES = 256 };

/* The host of `url` without user, port, brackets and zone. Returns false when there is none, or a long one.
 */
static bool find_host(const char *url, char ret_host[HOST_BYTES], bool *ret_bracketed)
{
    const char *start = strstr(url, "://");
    start = start ? start + 3 : url;
    size_t size = strcspn(start, "/?#\\");
    const char *at = memrchr(start, '@', size);
    if (at) {
        size -= (size_t)(at + 1 - start);
        start = at + 1;
    }
    *ret_bracketed = size > 0 && start[0] == '[';
    start += *ret_bracketed;
    size_t end = strcspn(start, *ret_bracketed ? "]%" : ":");
    size -= *ret_bracketed;
    if (end < size)
        size = end;
    if (size == 0 || size >= HOST_BYTES)
        return false;
    snprintf(ret_host, HOST_BYTES, "%.*s", (int)size, start);
    return true;
}

bool url_names_inside(const char *url)
{
    char host[HOST_BYTES];
    bool bracketed;
    struct in_addr number;
    if (!find_host(url, host, &bracketed))
        return true;
    if (bracketed)
        return !address_text_is_public(host);
    if (inet_aton(host, &number) == 0)
        return false;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = number};
    return !address_is_public((const struct sockaddr *)&address);
}
