/*
 * Which characters the bytes of a page mean. The WHATWG Encoding Standard gives the names and the labels;
 * what a page declares is checked against its bytes, since a wrong declaration would turn every word into
 * noise and every comparison into an alarm.
 *
 * Single-byte sets and UTF-16 are converted by tables of our own. Only the East Asian sets go through iconv,
 * whose modules are files: read_prepare() loads them before the sandbox closes.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

enum charset {
    CHARSET_IBM866,
    CHARSET_ISO_8859_2,
    CHARSET_ISO_8859_3,
    CHARSET_ISO_8859_4,
    CHARSET_ISO_8859_5,
    CHARSET_ISO_8859_6,
    CHARSET_ISO_8859_7,
    CHARSET_ISO_8859_8,
    CHARSET_ISO_8859_10,
    CHARSET_ISO_8859_13,
    CHARSET_ISO_8859_14,
    CHARSET_ISO_8859_15,
    CHARSET_ISO_8859_16,
    CHARSET_KOI8_R,
    CHARSET_KOI8_U,
    CHARSET_MACINTOSH,
    CHARSET_WINDOWS_874,
    CHARSET_WINDOWS_1250,
    CHARSET_WINDOWS_1251,
    CHARSET_WINDOWS_1252,
    CHARSET_WINDOWS_1253,
    CHARSET_WINDOWS_1254,
    CHARSET_WINDOWS_1255,
    CHARSET_WINDOWS_1256,
    CHARSET_WINDOWS_1257,
    CHARSET_WINDOWS_1258,
    CHARSET_X_MAC_CYRILLIC,
    SINGLE_BYTE_COUNT,
    CHARSET_UTF_8 = SINGLE_BYTE_COUNT,
    CHARSET_UTF_16LE,
    CHARSET_UTF_16BE,
    CHARSET_GBK,
    CHARSET_GB18030,
    CHARSET_BIG5,
    CHARSET_EUC_JP,
    CHARSET_ISO_2022_JP,
    CHARSET_SHIFT_JIS,
    CHARSET_EUC_KR,
    CHARSET_COUNT
};

/** Code points of bytes 0x80 to 0xFF, by enum charset; U+FFFD where a byte means nothing. */
extern const uint16_t single_byte_high[SINGLE_BYTE_COUNT][128];

/** The standard's name, like "windows-1251". */
struct span charset_name(enum charset charset);

/** iconv's name for the sets that need it, NULL for those converted here. */
const char *charset_iconv_name(enum charset charset);

/** Looks a label up ("cp1251", " UTF8 "), white space and case aside. False when the standard does not know
 * it. */
bool charset_by_label(struct span label, enum charset *ret_charset);

/* ---- what the bytes look like (utf8_census.c) ------------------------------------------------------------
 */

/** How the bytes would do as UTF-8. */
struct utf8_census {
    size_t sequences; /**< well-formed characters of two and more bytes */
    size_t bad;       /**< bytes that belong to none; a character cut off at the very end is not counted */
    size_t zeros;     /**< NUL bytes */
    size_t controls;  /**< other ASCII control characters that no text has */
    size_t unseen;    /**< characters U+0080 to U+009F */
};

struct utf8_census utf8_census_take(struct span bytes);

/* ---- deciding --------------------------------------------------------------------------------------------
 */

struct charset_choice {
    enum charset charset;
    const char *by; /**< "bom", "header", "meta", "detected", "default" */
    size_t skip;    /**< bytes of byte order mark to leave out */
    bool clean;     /**< the bytes are UTF-8 without fault or control: no conversion is needed */
};

/**
 * Decides from byte order mark, Content-Type header, declaration in the page and the bytes themselves. Never
 * fails; returns false when the bytes are no text in any set (a picture, an archive).
 */
bool charset_decide(struct span body, struct span content_type, struct charset_choice *ret_choice);

/** The charset parameter of a Content-Type value; false when there is none. */
bool charset_of_content_type(struct span value, struct span *ret_label);

/** The label declared by meta elements or an XML declaration in the first READ_CHARSET_BYTES. */
bool charset_declared(struct span body, struct span *ret_label);

/** Guesses from the letters; `hint` is a set that somebody declared and the bytes may contradict, or
 * CHARSET_COUNT. */
enum charset charset_guess(struct span body, enum charset hint);

/**
 * Appends the bytes as UTF-8 without control characters; what means nothing becomes U+FFFD. Returns false
 * when `out` failed.
 */
bool charset_convert(struct span bytes, enum charset charset, struct buf *out);
