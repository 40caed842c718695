/* Collecting and telling faults; see config_reader.h. */
#include "config/config_reader.h"

#include "config/config_limits.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

static void keep_fault(struct config_reader *reader, const struct tree_file *file, uint32_t line,
                       uint32_t column, const char *text)
{
    size_t order = reader->fault_total++;
    if (reader->fault_count >= CONFIG_FAULTS)
        return;
    struct reader_fault *faults = arena_grow(&reader->scratch, reader->faults, reader->fault_count,
                                             &reader->fault_room, sizeof(*faults));
    struct span kept = arena_copy(&reader->scratch, span_of(text));
    if (!faults || !kept.at) {
        reader->error = -ENOMEM;
        return;
    }
    reader->faults = faults;
    faults[reader->fault_count++] = (struct reader_fault){file->number, line, column, order, kept.at};
}

void config_fault_at(struct config_reader *reader, const struct tree_file *file, uint32_t line,
                     uint32_t column, const char *format, ...)
{
    char what[CONFIG_ERROR_BYTES - 300], text[CONFIG_ERROR_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (line)
        snprintf(text, sizeof(text), "%.250s:%u:%u: %s", file->name.at, line, column, what);
    else
        snprintf(text, sizeof(text), "%.250s: %s", file->name.at, what);
    keep_fault(reader, file, line, column, text);
}

void config_fault_told(struct config_reader *reader, const struct tree_node *node, const char *text)
{
    keep_fault(reader, node->file, node->line, node->column, text);
}

static int compare(const void *a, const void *b)
{
    const struct reader_fault *one = a, *other = b;
    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    return one->order < other->order ? -1 : 1;
}

size_t config_fault_tell(struct config_reader *reader, config_error_fn *tell, void *context)
{
    size_t total = reader->fault_total;
    if (reader->fault_count)
        qsort(reader->faults, reader->fault_count, sizeof(*reader->faults), compare);
    for (size_t i = 0; i < reader->fault_count; i++)
        tell(context, reader->faults[i].text);
    if (total > reader->fault_count) {
        char text[80];
        snprintf(text, sizeof(text), "and %zu more faults", total - reader->fault_count);
        tell(context, text);
    }
    reader->fault_count = reader->fault_total = 0;
    return total;
}

struct span config_keep(struct config_reader *reader, struct span text)
{
    struct span kept = arena_copy(&reader->config->arena, text);
    if (!kept.at)
        reader->error = -ENOMEM;
    return kept;
}
