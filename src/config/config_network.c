/* Values that name places in the network. They are only looked at, never looked up: a configuration is read
 * the same with the network down. */
#include "config/config_values.h"

#include "base/utf8.h"
#include "config/units.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>

bool config_network_is_address(struct span text)
{
    size_t at = span_find(text, SPAN("@"), 0);
    bool odd = at == 0 || at + 1 >= text.size || text.size > 254 ||
               span_find(text, SPAN("@"), at + 1) < text.size || config_values_steer(text);
    for (size_t i = 0; i < text.size; i++)
        odd = odd || strchr(" <>(),;:\\\"", text.at[i]);
    return !odd;
}

void config_network_address(const struct config_value *value)
{
    struct span text = value->node->text;
    if (!config_values_is_text(value))
        return;
    if (config_network_is_address(text))
        config_values_keep(value, text);
    else
        config_values_fault(value, "'%.*s' is no mail address: like noc@cert.example, nothing else",
                            config_values_shown(text), text.at);
}

static struct span authority_of(struct span url, size_t scheme_end)
{
    struct span rest = span_cut(url, scheme_end + 3, url.size);
    size_t end = 0;
    while (end < rest.size && !strchr("/?#", rest.at[end]))
        end++;
    return span_cut(rest, 0, end);
}

static const char *check_url(struct span url, const char *const *schemes)
{
    size_t end = span_find(url, SPAN("://"), 0), scheme = 0;
    struct span authority = authority_of(url, end);
    while (schemes[scheme] && !span_equal(span_cut(url, 0, end), span_of(schemes[scheme])))
        scheme++;
    if (end >= url.size)
        return "begins with no scheme";
    if (!schemes[scheme])
        return "has another scheme";
    if (span_find(authority, SPAN("@"), 0) < authority.size)
        return "carries a name or password, which would stand in every log";
    if (authority.size == 0 || authority.at[0] == ':')
        return "names no host";
    return span_find(url, SPAN(" "), 0) < url.size || url.size > 8192 ? "has a space in it or is too long"
                                                                      : NULL;
}

void config_network_url(const struct config_value *value)
{
    struct span url = value->node->text;
    char schemes[200];
    if (!config_values_is_text(value))
        return;
    const char *wrong = url.size ? check_url(url, value->key->words) : NULL;
    config_values_words(value->key->words, "://", schemes, sizeof(schemes));
    if (wrong)
        config_values_fault(value, "the URL %s: it begins with %s and a host", wrong, schemes);
    else
        config_values_keep(value, url);
}

/* HOST or HOST:PORT, an IPv6 address in brackets. */
static bool is_host_and_port(struct span text)
{
    size_t end =
        text.size && text.at[0] == '[' ? span_find(text, SPAN("]"), 0) + 1 : span_find(text, SPAN(":"), 0);
    struct span host = span_cut(text, 0, end), port = span_cut(text, end, text.size);
    uint64_t number = 1;
    if (host.size < 1 || host.size > 255 || end > text.size || (host.at[0] == '[' && host.size < 4))
        return false;
    for (size_t i = 0; i < host.size; i++)
        if (strchr(" /@,\"'", host.at[i]))
            return false;
    if (port.size && (port.at[0] != ':' || units_read_number(span_cut(port, 1, port.size), &number) < 0))
        return false;
    return number >= 1 && number <= 65535;
}

void config_network_target(const struct config_value *value)
{
    struct span text = value->node->text;
    if (!config_values_is_text(value))
        return;
    size_t colon = span_find(text, SPAN(":"), 0);
    struct span scheme = span_cut(text, 0, colon), rest = span_cut(text, colon + 1, text.size);
    bool network =
        span_equal(scheme, SPAN("udp")) || span_equal(scheme, SPAN("tcp")) || span_equal(scheme, SPAN("tls"));
    if (span_equal(text, SPAN("local")) || (network && is_host_and_port(rest)) ||
        (span_equal(scheme, SPAN("unix")) && rest.size > 1 && rest.size < 108 && rest.at[0] == '/'))
        config_values_keep(value, text);
    else
        config_values_fault(
            value,
            "'%.*s' is no target: local, unix:/PATH, udp:HOST[:PORT], tcp:HOST[:PORT] or tls:HOST[:PORT]",
            config_values_shown(text), text.at);
}

/* ---- the status page ---- */

static int local_address(struct span path, union config_address *ret_address, socklen_t *ret_size)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    if (path.size >= sizeof(local.sun_path) || path.at[path.size - 1] == '/')
        return -EINVAL;
    memcpy(local.sun_path, path.at, path.size);
    ret_address->local = local;
    *ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.size + 1);
    return 0;
}

static int network_address(struct span host, uint16_t port, union config_address *ret_address,
                           socklen_t *ret_size)
{
    char text[INET6_ADDRSTRLEN];
    bool six = host.size > 2 && host.at[0] == '[' && host.at[host.size - 1] == ']';
    if (six)
        host = span_cut(host, 1, host.size - 1);
    if (host.size >= sizeof(text))
        return -EINVAL;
    snprintf(text, sizeof(text), "%.*s", (int)host.size, host.at);
    union config_address address = {.room = {.ss_family = six ? AF_INET6 : AF_INET}};
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)&address;
    struct sockaddr_in6 *long_one = (struct sockaddr_in6 *)(void *)&address;
    four->sin_port = htons(port); /* at the same place in both */
    if (inet_pton(six ? AF_INET6 : AF_INET, text,
                  six ? (void *)&long_one->sin6_addr : (void *)&four->sin_addr) != 1)
        return -EINVAL;
    *ret_address = address;
    *ret_size = six ? sizeof(*long_one) : sizeof(*four);
    return 0;
}

int config_web_address(struct span text, union config_address *ret_address, socklen_t *ret_size)
{
    uint64_t port = 0;
    size_t colon = text.size;
    if (text.size > 1 && text.at[0] == '/')
        return local_address(text, ret_address, ret_size);
    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    if (colon < 2 || units_read_number(span_cut(text, colon, text.size), &port) < 0 || port < 1 ||
        port > 65535)
        return -EINVAL;
    return network_address(span_cut(text, 0, colon - 1), (uint16_t)port, ret_address, ret_size);
}

bool config_web_is_near(const union config_address *address)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    if (address->any.sa_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return address->any.sa_family == AF_UNIX || IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

void config_network_listen(const struct config_value *value)
{
    struct span text = value->node->text;
    union config_address address;
    socklen_t size;
    if (!config_values_is_text(value))
        return;
    if (text.size == 0 || config_web_address(text, &address, &size) == 0)
        config_values_keep(value, text);
    else
        config_values_fault(
            value,
            "'%.*s' is no place to listen at: 127.0.0.1:8080, [::1]:8080, or the absolute path "
            "of a Unix socket",
            config_values_shown(text), text.at);
}

void config_network_host(const struct config_value *value)
{
    struct span text = value->node->text;
    bool odd = text.size > 253;
    if (!config_values_is_text(value))
        return;
    for (size_t i = 0; i < text.size; i++)
        odd = odd || !((text.at[i] >= 'a' && text.at[i] <= 'z') || (text.at[i] >= '0' && text.at[i] <= '9') ||
                       strchr("-._", text.at[i]));
    if (odd)
        config_values_fault(value,
                            "'%.*s' is no host name: like status.cert.example, in small letters, no port",
                            config_values_shown(text), text.at);
    else
        config_values_keep(value, text);
}
