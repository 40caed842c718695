/* See cookie_jar.h. */
#include "watch/cookie_jar.h"

static bool has(struct span jar, struct span line)
{
    struct span piece;
    while (span_next(&jar, '\n', &piece))
        if (span_equal(piece, line))
            return true;
    return false;
}

bool cookie_jar_add(struct buf *jar, struct span lines)
{
    bool grew = false;
    struct span line;
    while (span_next(&lines, '\n', &line)) {
        if (line.size == 0 || has(buf_span(jar), line) || line.size + 1 > jar->ceiling - jar->size)
            continue;
        buf_add_span(jar, line);
        buf_add_byte(jar, '\n');
        grew = true;
    }
    return grew;
}

bool cookie_jar_set(struct buf *jar, struct span lines)
{
    bool grew = false;
    struct span rest = lines, line;
    while (span_next(&rest, '\n', &line))
        grew |= line.size && !has(buf_span(jar), line);
    buf_clear(jar);
    cookie_jar_add(jar, lines);
    return grew;
}
