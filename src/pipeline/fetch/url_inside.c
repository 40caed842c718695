/* libcurl's own reading of the address is asked, for libcurl is who goes there: it writes octal, hexadecimal
 * and short numbers as the usual four. */
#include "pipeline/fetch/url_inside.h"

#include "base/address.h"

#include <curl/curl.h>
#include <string.h>

static bool number_is_inside(char *host)
{
    size_t size = strlen(host);
    bool bracketed = size > 1 && host[0] == '[' && host[size - 1] == ']';
    if (bracketed)
        host[size - 1] = '\0';
    const char *number = host + bracketed;
    return address_is_numeric(number) ? !address_text_is_public(number) : bracketed;
}

bool url_names_inside(const char *url)
{
    char *host = NULL;
    CURLU *parts = curl_url();
    bool readable = parts && curl_url_set(parts, CURLUPART_URL, url, CURLU_GUESS_SCHEME) == CURLUE_OK &&
                    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    bool inside = !readable || number_is_inside(host);
    curl_free(host);
    curl_url_cleanup(parts);
    return inside;
}
