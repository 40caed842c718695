/*
 * Who may change something: whoever has the token of web.token_file, in this very page. A session is a cookie
 * that says who and until when, sealed with a key made of the token, so that nothing is kept here and a
 * restart forgets nobody; another token ends all sessions. Each form carries a seal of the cookie: a foreign
 * page can send a form, but cannot know that. A name that is not ours (somebody's own domain pointed at this
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
    SESSION_WRONG = 20,   /* tokens that were wrong, within */
    SESSION_WRONG_S = 60, /* seconds: then none is looked at until these are over */
};

struct session_keys {
    bool any; /**< there is a token: one can log in */
    unsigned char key[32];
};

/** Reads the token. An empty path gives none. Returns 0, or a negative errno with why in `complaint`. */
int session_read_token(struct span path, struct session_keys *ret_keys, struct buf *complaint);

/** True for the very token; takes the same time for every wrong one of the same length. */
bool session_is_token(const struct session_keys *keys, struct span token);

/** Who guesses comes from anywhere, so all are counted together; sessions that are open go on. */
struct session_guesses {
    int64_t since_s; /**< when the first of them was made, steady */
    unsigned wrong;
};

/** True while another token may be looked at. */
bool session_may_guess(const struct session_guesses *guesses, int64_t now_s);
void session_guessed_wrong(struct session_guesses *guesses, int64_t now_s);

struct session {
    bool is;
    char name[SESSION_NAME_BYTES + 1];
    char form_seal[SESSION_SEAL_BYTES]; /**< for the forms of this session */
};

/** The session of a Cookie header; `is` false for none, one that is over, or a forged one. */
struct session session_of(const struct session_keys *keys, struct span cookies, int64_t now_s);

/** Appends a Set-Cookie value for `name`, which is cleaned. `secure`: only over TLS. */
void session_begin(const struct session_keys *keys, struct span name, int64_t now_s, bool secure,
                   struct buf *cookie);
void session_end(struct buf *cookie);

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
