/*
 * Which addresses a page may lead to. A page (or its redirect, or its picture, or its DNS record a second
 * later) must not be able to make the monitor talk to the machines behind the firewall, so the address really
 * connected to is judged, not the name.
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/** True for addresses of the public Internet; false for private, loopback, link-local, carrier-grade NAT,
 * documentation, multicast and reserved ranges (IANA special-purpose registries, RFC 6890), also inside
 * IPv4-mapped, NAT64 and 6to4 forms. */
bool address_is_public(const struct sockaddr *address);

/** The same for a numeric address as text; false when it is none. */
bool address_text_is_public(const char *text);

/** True for an IPv4 or IPv6 address in numbers. */
bool address_is_numeric(const char *text);
