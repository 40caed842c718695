/* What a fetch may cost, with the reason for each number. */
#pragma once

enum {
    FETCH_PAGE_BYTES =
        5 << 20, /* bytes after decompression: the 99.9th percentile of home pages is below 2 MB of HTML */
    FETCH_PICTURE_BYTES = 16 << 20, /* bytes: full-screen photographs as PNG reach 10 MB */
    FETCH_WIRE_SPARE =
        1 << 20, /* bytes that may come beyond the limit of what is kept, still compressed: compression that
                    swells is none, and a stream that unpacks to nothing must end too */
    FETCH_REDIRECTS = 10,          /* browsers give up at 20; sites that need more than 4 were not seen */
    FETCH_HEADER_BYTES = 1024,     /* of one header value kept */
    FETCH_COOKIE_BYTES = 16 << 10, /* of all cookies of a look: servers refuse more than 8 to 16 KB of them */
    FETCH_HEADER_TOTAL =
        256 << 10,            /* bytes of headers of one answer: nginx allows 32 KB, a bomb sends megabytes */
    FETCH_CONNECT_MS = 10000, /* name look-up, connection and TLS: three lost SYN packets need 7 s */
    FETCH_TOTAL_MS = 30000,   /* everything: what takes longer is down for a visitor */
    FETCH_CONNECTIONS = 256, /* open at once: below the usual limit of 1,024 descriptors with room to spare */
    FETCH_PER_HOST = 6,      /* at once to one host: what browsers use, so no server minds */
    FETCH_CHAIN = 8,         /* certificates kept of a chain: honest ones have two to five */
    FETCH_CERTIFICATE_BYTES = 16 << 10, /* of one in PEM: ordinary ones have 2 KB, many names make 10 */
    FETCH_URL_BYTES = 8192,             /* of an address: servers refuse longer ones */
};
