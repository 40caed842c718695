/*
 * One decision from what is declared and what the bytes are. The order is the standard's (byte order mark,
 * header, meta, detection) with two corrections that real sites need: declared UTF-8 that is not, and
 * declared single-byte text that is well-formed UTF-8. A page in another set than yesterday would otherwise
 * read as a page replaced.
 */
#include "pipeline/read/charset.h"
#include "pipeline/read/read_limits.h"

enum {
    PROBE_BYTES = 4096,
    /* Up to one faulty byte per so many good characters is damage (a cut comment, a pasted byte), not another
       set. */
    GOOD_PER_BAD = 20,
};

/* First bytes of what is certainly no page. Text formats and what text could begin with are not among them.
 */
static bool is_archive_or_picture(struct span body)
{
    static const struct span marks[] = {
        {"\x89PNG\r\n", 6},
        {"\xFF\xD8\xFF", 3},
        {"GIF87a", 6},
        {"GIF89a", 6},
        {"%PDF-", 5},
        {"PK\x03\x04", 4},
        {"\x1F\x8B\x08", 3},
        {"\x7F"
         "ELF",
         4},
        {"wOFF", 4},
        {"wOF2", 4},
        {"Rar!\x1A", 5},
        {"7z\xBC\xAF\x27\x1C", 6},
        {"\x28\xB5\x2F\xFD", 4},
        {"ID3", 3},
        {"OggS", 4},
        {"\x1A\x45\xDF\xA3", 4},
    };
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (span_starts(body, marks[i]))
            return true;
    return (span_starts(body, SPAN("RIFF")) && span_equal(span_cut(body, 8, 12), SPAN("WEBP"))) ||
           span_equal(span_cut(body, 4, 8), SPAN("ftyp"));
}

/* UTF-16 without a mark: in one of the two positions nearly all bytes are 0 (Latin) or 4 (Cyrillic). */
static bool is_utf16(struct span body, enum charset *ret_charset)
{
    struct span probe = span_cut(body, 0, PROBE_BYTES);
    size_t high[2] = {0, 0};
    for (size_t i = 0; i < probe.size; i++)
        high[i & 1] += probe.at[i] == 0 || probe.at[i] == 4;
    size_t half = probe.size / 2;
    if (half < 8)
        return false;
    *ret_charset = high[1] > high[0] ? CHARSET_UTF_16LE : CHARSET_UTF_16BE;
    size_t most = high[1] > high[0] ? high[1] : high[0];
    size_t least = high[1] > high[0] ? high[0] : high[1];
    return most * 10 >= half * 9 && least * 4 <= half;
}

static bool by_mark(struct span body, struct charset_choice *choice)
{
    if (span_starts(body, SPAN("\xEF\xBB\xBF")))
        *choice = (struct charset_choice){CHARSET_UTF_8, "bom", 3, false};
    else if (span_starts(body, SPAN("\xFE\xFF")))
        *choice = (struct charset_choice){CHARSET_UTF_16BE, "bom", 2, false};
    else if (span_starts(body, SPAN("\xFF\xFE")))
        *choice = (struct charset_choice){CHARSET_UTF_16LE, "bom", 2, false};
    else
        return false;
    return true;
}

/* What header or page declare, when the standard knows the label. */
static bool by_label(struct span body, struct span content_type, struct charset_choice *choice)
{
    struct span label;
    choice->by = "header";
    if (charset_of_content_type(content_type, &label) && charset_by_label(label, &choice->charset))
        return true;
    choice->by = "meta";
    if (!charset_declared(body, &label) || !charset_by_label(label, &choice->charset))
        return false;
    if (choice->charset == CHARSET_UTF_16LE || choice->charset == CHARSET_UTF_16BE)
        choice->charset = CHARSET_UTF_8; /* the label was readable as ASCII, so it cannot be true */
    return true;
}

static bool reads_as_utf8(const struct utf8_census *census)
{
    return census->bad == 0 || census->sequences / GOOD_PER_BAD >= census->bad;
}

/* The declared set, unless the bytes say that it cannot be. */
static enum charset corrected(struct span body, const struct utf8_census *census, enum charset declared)
{
    if (declared == CHARSET_UTF_8)
        return reads_as_utf8(census) ? CHARSET_UTF_8 : charset_guess(body, CHARSET_COUNT);
    if (declared == CHARSET_UTF_16LE || declared == CHARSET_UTF_16BE)
        return declared; /* browsers obey a header that says so, whatever the bytes look like */
    if (census->bad == 0 && census->sequences > 0)
        return CHARSET_UTF_8;
    return declared < SINGLE_BYTE_COUNT ? charset_guess(body, declared) : declared;
}

static void by_bytes(struct span body, const struct utf8_census *census, struct charset_choice *choice)
{
    *choice = (struct charset_choice){.charset = CHARSET_UTF_8, .by = "detected"};
    if (census->zeros > 0 && is_utf16(body, &choice->charset))
        return;
    if (census->bad == 0 && census->sequences == 0)
        choice->by = "default";
    else
        choice->charset = reads_as_utf8(census) ? CHARSET_UTF_8 : charset_guess(body, CHARSET_COUNT);
}

/* What a browser would show as a page whatever else is in it: control bytes strewn into the text must not
 * hide it from us. */
static bool is_page(struct span body, struct span content_type)
{
    struct span start = span_trim(span_cut(body, span_starts(body, SPAN("\xEF\xBB\xBF")) ? 3 : 0, body.size));
    bool tag = start.size > 1 && start.at[0] == '<' &&
               (strchr("!?/", start.at[1]) || ((start.at[1] | 32) >= 'a' && (start.at[1] | 32) <= 'z'));
    return tag || span_find_nocase(content_type, SPAN("html"), 0) < content_type.size;
}

static bool is_binary(const struct utf8_census *census, size_t size, enum charset charset)
{
    if (charset == CHARSET_UTF_16LE || charset == CHARSET_UTF_16BE)
        return false;
    return (census->zeros + census->controls) * 20 >
           size; /* text has next to none, compressed bytes about a tenth */
}

bool charset_decide(struct span body, struct span content_type, struct charset_choice *ret_choice)
{
    struct utf8_census census = utf8_census_take(body);
    struct charset_choice choice = {0};
    if (by_mark(body, &choice)) {
        if (choice.charset == CHARSET_UTF_8 && !reads_as_utf8(&census))
            choice = (struct charset_choice){charset_guess(body, CHARSET_COUNT), "detected", 3, false};
    } else if (is_archive_or_picture(body)) {
        return false;
    } else if (by_label(body, content_type, &choice)) {
        enum charset declared = choice.charset;
        choice.charset = corrected(body, &census, declared);
        if (choice.charset != declared)
            choice.by = "detected";
    } else {
        by_bytes(body, &census, &choice);
    }
    choice.clean =
        choice.charset == CHARSET_UTF_8 && census.bad + census.zeros + census.controls + census.unseen == 0;
    if (!is_page(body, content_type) && is_binary(&census, body.size, choice.charset))
        return false;
    *ret_choice = choice;
    return true;
}
