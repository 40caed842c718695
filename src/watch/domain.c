/* See domain.h. */
#include "watch/domain.h"

#include <ctype.h>
#include <libpsl.h>
#include <stdio.h>

/* Host and port as they stand in the URL, in lower case. */
static void authority(struct span url, char ret_text[DOMAIN_BYTES])
{
    size_t start = span_find(url, SPAN("://"), 0);
    struct span rest = start < url.size ? span_cut(url, start + 3, url.size) : url;
    size_t size = 0;
    while (size < rest.size && size + 1 < DOMAIN_BYTES && !strchr("/?#", rest.at[size])) {
        ret_text[size] = (char)tolower((unsigned char)rest.at[size]);
        size++;
    }
    ret_text[size] = '\0';
}

void domain_of(struct span url, char ret_domain[DOMAIN_BYTES])
{
    char host[DOMAIN_BYTES];
    authority(url, ret_domain);
    snprintf(host, sizeof(host), "%s", ret_domain);
    char *colon = strrchr(host, ':');
    if (colon && host[0] != '[')
        *colon = '\0';
    const psl_ctx_t *list = psl_builtin();
    bool numeric = host[0] == '[' || strspn(host, "0123456789.") == strlen(host);
    const char *domain = list && !numeric && strchr(host, '.') ? psl_registrable_domain(list, host) : NULL;
    if (domain)
        snprintf(ret_domain, DOMAIN_BYTES, "%s", domain);
}
