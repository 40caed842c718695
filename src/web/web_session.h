/*
 * Who may change something: whoever has the token of web.token_file, in this very page. A session is a cookie
 * that says which, who and until when, sealed with a key made of the token, so that a restart forgets nobody;
 * another token ends all sessions. Only those that somebody ended are remembered, until they would be over by
 * themselves: a copy of their cookie is worth nothing. Each form carries a seal of the cookie: a foreign page
 * can send a form, but cannot know that. A name that is not ours (somebody's own domain pointed at this
 * address) is served nothing at all.
 */
#pragma once

#include "base/buf.h"

#include <stdint.h>

enum {
    SESSION_HOURS = 12,       /* a night and its morning */
    SESSION_TOKEN_LEAST = 16, /* characters: fewer can be guessed */
    SESSION_TOKEN_BYTES = 1024,
    SESSION_NAME_BYTES = 40, /* bytes of the name somebody gives */
    SESSION_SEAL_BYTES = 65, /* hexadecimal, NUL included */
    SESSION_COOKIE_BYTES = 256,
    SESSION_WRONG = 20,       /* tokens from one address that were wrong, within */
    SESSION_WRONG_S = 60,     /* seconds: then none from there is looked at until these are over */
    SESSION_WRONG_ALL = 1000, /* the same from everywhere: a token of 16 characters stays out of reach */
    SESSION_ADDRESSES = 256,  /* that guess and are counted apart; the one that began first makes room */
    SESSION_ADDRESS_BYTES = 46,
    SESSION_ENDED = 1024, /* ended sessions that are remembered */
};

struct session_keys {
    bool any; /**< there is a token: one can log in */
    unsigned char key[32];
};

/** Reads the token. An empty path gives none. Returns 0, or a negative errno with why in `complaint`. */
int session_read_token(struct span path, struct session_keys *ret_keys, struct buf *complaint);

/** True for the very token; takes the same time for every wrong one of the same length. */
bool session_is_token(const struct session_keys *keys, struct span token);

/** Wrong tokens since a moment; sessions that are open go on. */
struct session_count {
    int64_t since_s; /**< when the first of them was made, steady */
    unsigned wrong;
    char address[SESSION_ADDRESS_BYTES];
};

/** Whoever guesses stops himself and nobody else, unless he comes from everywhere. Begin with all zero. */
struct session_guesses {
    struct session_count all, from[SESSION_ADDRESSES]; /**< address_count */
    size_t address_count;
};

/** True while another token from that address may be looked at. An empty one (a socket that says nothing of
 * who is behind) is counted with all others only. */
bool session_may_guess(const struct session_guesses *guesses, struct span address, int64_t now_s);
void session_guessed_wrong(struct session_guesses *guesses, struct span address, int64_t now_s);

/** The last address of an X-Forwarded-For header: the one that the nearest proxy saw itself. */
struct span session_last_hop(struct span forwarded);

/** Sessions that were ended before their time. Begin with all zero. */
struct session_ends {
    struct {
        uint64_t id;
        int64_t until_s;
    } at[SESSION_ENDED]; /**< count */
    size_t count;
    int64_t floor_s; /**< all that end until then are ended: more were ended than can be remembered */
};

struct session {
    bool is;
    uint64_t id;
    int64_t until_s;
    char name[SESSION_NAME_BYTES + 1];
    char form_seal[SESSION_SEAL_BYTES]; /**< for the forms of this session */
};

/** The session of a Cookie header; `is` false for none, one that is over or was ended, or a forged one. */
struct session session_of(const struct session_keys *keys, const struct session_ends *ends,
                          struct span cookies, int64_t now_s);

/** Appends a Set-Cookie value for `name`, which is cleaned. `secure`: only over TLS. */
void session_begin(const struct session_keys *keys, struct span name, int64_t now_s, bool secure,
                   struct buf *cookie);

/** Ends a session here, and appends a Set-Cookie value that takes it from the browser. */
void session_end(struct session_ends *ends, const struct session *session, int64_t now_s, struct buf *cookie);

/** True when the form's field is the session's seal. */
bool session_is_form(const struct session *session, struct span field);

/** The value of one cookie in a Cookie header, or the empty span. */
struct span session_cookie(struct span cookies, struct span name);

/** True when a Host header is one of this machine's own names with our port, or one of `hosts` with any. A
 * Unix socket (`port` 0) has a proxy before it, which may leave its own name. */
bool session_is_host(struct span host, uint32_t port, const struct span *hosts, size_t host_count);

/** True when Origin and Sec-Fetch-Site, where a browser sent them, say that the request came from our own
 * page. */
bool session_is_own(struct span origin, struct span fetch_site, struct span host);
