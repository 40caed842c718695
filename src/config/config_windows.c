/* Windows of time. They are kept as the operator thinks of them, in days and local clock times, and asked
 * about moment by moment: so a change of the clocks in spring needs no rule of its own here. */
#include "config/config_reader.h"

#include "config/units.h"

#include <time.h>

enum { DAY_MINUTES = 24 * 60 };

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* ---- reading ---- */

static int day_of(struct span name)
{
    for (int i = 0; i < 7; i++)
        if (span_equal_nocase(name, span_of(day_names[i])))
            return i;
    return -1;
}

/* "mon-fri,sun"; 0 when it is none. */
static uint8_t read_days(struct span text)
{
    struct span piece;
    unsigned days = 0;
    while (span_next(&text, ',', &piece)) {
        size_t dash = span_find(piece, SPAN("-"), 0);
        int from = day_of(span_cut(piece, 0, dash));
        int to = dash < piece.size ? day_of(span_cut(piece, dash + 1, piece.size)) : from;
        if (from < 0 || to < 0)
            return 0;
        for (int day = from;; day = (day + 1) % 7) {
            days |= 1u << day;
            if (day == to)
                break;
        }
    }
    return (uint8_t)days;
}

/* Exactly `digits` digits at `at`, or -1. */
static int read_digits(struct span text, size_t at, size_t digits)
{
    uint64_t number;
    if (at + digits > text.size || units_read_number(span_cut(text, at, at + digits), &number) < 0)
        return -1;
    return (int)number;
}

/* "22:00", minutes after midnight; -1 when it is none. */
static int read_clock(struct span text)
{
    int hour = read_digits(text, 0, 2), minute = read_digits(text, 3, 2);
    if (text.size != 5 || text.at[2] != ':' || hour < 0 || minute < 0 || minute > 59 ||
        hour * 60 + minute > DAY_MINUTES)
        return -1;
    return hour * 60 + minute;
}

/* "2026-11-24T01:00" of the process's time zone. */
static bool read_moment(struct span text, int64_t *ret_s)
{
    struct tm fields = {.tm_isdst = -1};
    int year = read_digits(text, 0, 4), month = read_digits(text, 5, 2), day = read_digits(text, 8, 2);
    int clock = text.size == 16 ? read_clock(span_cut(text, 11, 16)) : -1;
    if (year < 1970 || month < 1 || day < 1 || clock < 0 || clock >= DAY_MINUTES || text.at[4] != '-' ||
        text.at[7] != '-' || text.at[10] != 'T')
        return false;
    fields.tm_year = year - 1900;
    fields.tm_mon = month - 1;
    fields.tm_mday = day;
    struct tm noon = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12};
    timegm(&noon);
    if (noon.tm_mon != month - 1 || noon.tm_mday != day)
        return false;
    fields.tm_hour = clock / 60;
    fields.tm_min = clock % 60;
    *ret_s = (int64_t)mktime(&fields);
    return true;
}

static const char *read_once(struct span from, struct span to, struct config_window *window)
{
    if (!read_moment(from, &window->from_s) || !read_moment(to, &window->to_s))
        return "is no span of time: like 2026-11-24T01:00/2026-11-24T05:00";
    return window->from_s < window->to_s ? NULL : "ends before it begins";
}

static const char *read_weekly(struct span days, struct span clock, struct config_window *window)
{
    size_t dash = span_find(clock, SPAN("-"), 0);
    window->days = days.size ? read_days(days) : 0x7F;
    window->from_min = read_clock(span_cut(clock, 0, dash));
    window->to_min = read_clock(span_cut(clock, dash + 1, clock.size));
    if (!window->days)
        return "names no days: like mon, mon-fri or sat,sun";
    if (window->from_min < 0 || window->to_min < 0 || window->from_min >= DAY_MINUTES)
        return "is no window: like mon-fri 22:00-06:00, 22:00-06:00 or 2026-11-24T01:00/2026-11-24T05:00";
    window->to_min %= DAY_MINUTES;
    return NULL;
}

const char *config_windows_parse(struct span text, struct config_window *ret_window)
{
    struct config_window window = {.text = text};
    struct span trimmed = span_trim(text);
    size_t slash = span_find(trimmed, SPAN("/"), 0), space = span_find(trimmed, SPAN(" "), 0);
    struct span days = span_cut(trimmed, 0, space < trimmed.size ? space : 0);
    const char *wrong;
    if (slash < trimmed.size)
        wrong = read_once(span_trim(span_cut(trimmed, 0, slash)),
                          span_trim(span_cut(trimmed, slash + 1, trimmed.size)), &window);
    else
        wrong = read_weekly(days, span_trim(span_cut(trimmed, days.size, trimmed.size)), &window);
    if (!wrong)
        *ret_window = window;
    return wrong;
}

/* ---- asking ---- */

static bool holds(const struct config_window *window, int64_t at_s, const struct tm *local)
{
    if (!window->days)
        return at_s >= window->from_s && at_s < window->to_s;
    int today = (local->tm_wday + 6) % 7, now = local->tm_hour * 60 + local->tm_min;
    bool on_today = window->days >> today & 1, on_yesterday = window->days >> ((today + 6) % 7) & 1;
    if (window->from_min < window->to_min)
        return on_today && now >= window->from_min && now < window->to_min;
    return (on_today && now >= window->from_min) || (on_yesterday && now < window->to_min);
}

bool config_windows_hold(const struct config_windows *windows, int64_t at_s)
{
    struct tm local;
    time_t at = (time_t)at_s;
    if (windows->count == 0 || !localtime_r(&at, &local))
        return false;
    for (size_t i = 0; i < windows->count; i++)
        if (holds(&windows->at[i], at_s, &local))
            return true;
    return false;
}
