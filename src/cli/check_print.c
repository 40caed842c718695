/* How `varta check` shows what it found: a table that fits the terminal, JSON Lines, one Nagios line, a
 * progress bar. */
#include "base/percents.h"
#include "base/utf8.h"
#include "cli/check.h"
#include "cli/common.h"

#include <stdlib.h>
#include <unistd.h>

enum { MIN_COLUMNS = 40, MAX_COLUMNS = 160, WHY_BYTES = 2000, MESSAGE_BYTES = 400 };

/* Under the page's address, behind the verdict. */
#define INDENT_TEXT "            "

static bool is_found(enum verdict_kind verdict)
{
    return verdict == VERDICT_DEFACED || verdict == VERDICT_REPLACED || verdict == VERDICT_UNAVAILABLE;
}

/* ---- rows ---- */

static struct span languages_text(struct arena *arena, const struct verdict *verdict)
{
    buf_auto text = buf_new(256);
    struct percents percents = {0};
    for (size_t i = 0; i < verdict->language_count && i < 4; i++) {
        int percent = percents_next(&percents, verdict->languages[i].share);
        if (percent)
            buf_add_format(&text, "%s%s %d %%", text.size ? ", " : "", verdict->languages[i].language,
                           percent);
    }
    return arena_copy(arena, buf_span(&text));
}

static struct span why_text(struct arena *arena, const struct verdict *verdict, size_t most)
{
    buf_auto text = buf_new(WHY_BYTES);
    size_t told = 0;
    for (size_t i = 0; i < verdict->reason_count && told < most; i++) {
        if (!verdict_rests_on(verdict, &verdict->reasons[i]))
            continue;
        buf_add_text(&text, told++ ? "; " : "");
        buf_add_span(&text, verdict->reasons[i].text);
    }
    return arena_copy(arena, buf_span(&text));
}

static void keep_row(struct check *check, const struct page *page, const struct verdict *verdict)
{
    struct check_row *rows =
        arena_grow(&check->rows, check->row, check->row_count, &check->row_room, sizeof(*rows));
    if (!rows)
        return;
    check->row = rows;
    struct span message = verdict->kind == VERDICT_UNAVAILABLE ? (struct span){NULL, 0}
                                                               : utf8_words(verdict->message, MESSAGE_BYTES);
    rows[check->row_count++] = (struct check_row){
        .page = page,
        .verdict = verdict->kind,
        .languages = languages_text(&check->rows, verdict),
        .why = why_text(&check->rows, verdict,
                        check->verbose                         ? 20
                        : verdict->kind == VERDICT_UNAVAILABLE ? 1
                                                               : 3),
        .message = arena_copy(&check->rows, message),
        .message_cut = message.size < verdict->message.size,
    };
}

/* ---- progress ---- */

void check_progress_clear(struct check *check)
{
    cli_progress_clear(&check->progress);
}

void check_progress_begin(struct check *check)
{
    if (!check->quiet)
        cli_progress(&check->progress, 0, check->list.count, "pages");
}

static void show_progress(struct check *check)
{
    size_t done = 0;
    for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
        done += check->tally.verdicts[i];
    check_progress_clear(check);
    if (!check->quiet)
        cli_progress(&check->progress, done, check->list.count, "pages");
}

void check_print_result(void *context, const struct page *page, const struct result *result)
{
    struct check *check = context;
    if (check->style == CHECK_JSON && !check->quiet) {
        char *line = result_line(result);
        check_progress_clear(check);
        if (line)
            puts(line);
        fflush(stdout);
        free(line);
    } else {
        keep_row(check, page, result->verdict);
    }
    show_progress(check);
}

/* ---- the table ---- */

static void print_row(const struct check *check, const struct check_row *row, int columns)
{
    cli_put_verdict(stdout, row->verdict, check->colours);
    putchar(' ');
    cli_put_safe(stdout, row->page->url);
    putchar('\n');
    if (!is_found(row->verdict) && !check->verbose)
        return;
    cli_put_wrapped(stdout, INDENT_TEXT, row->why, columns);
    if (row->languages.size && row->verdict != VERDICT_UNAVAILABLE)
        cli_put_wrapped(stdout, INDENT_TEXT, row->languages, columns);
    if (row->message.size && row->verdict == VERDICT_DEFACED) {
        buf_auto quote = buf_new(MESSAGE_BYTES + 16);
        buf_add_text(&quote, "«");
        for (size_t i = 0; i < row->message.size; i++)
            buf_add_byte(&quote, row->message.at[i] == '\n' ? ' ' : row->message.at[i]);
        buf_add_text(&quote, row->message_cut ? "…»" : "»");
        cli_put_wrapped(stdout, INDENT_TEXT, buf_span(&quote), columns);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct check_row *left = a, *right = b;
    return (left->page > right->page) - (left->page < right->page);
}

static void print_table(struct check *check)
{
    int columns = cli_columns(stdout);
    columns = columns < MIN_COLUMNS ? MIN_COLUMNS : columns > MAX_COLUMNS ? MAX_COLUMNS : columns;
    if (check->row_count)
        qsort(check->row, check->row_count, sizeof(*check->row), by_place);
    for (size_t i = 0; i < check->row_count; i++)
        print_row(check, &check->row[i], columns);
    if (check->list.count > 1)
        cli_put_sum(stdout, check->tally.verdicts);
}

/* ---- Nagios ---- */

static const struct check_row *worst_row(const struct check *check)
{
    static const int rank[VERDICT_KIND_COUNT] = {
        [VERDICT_UNAVAILABLE] = 1, [VERDICT_REPLACED] = 2, [VERDICT_DEFACED] = 3};
    const struct check_row *worst = NULL;
    for (size_t i = 0; i < check->row_count; i++)
        if (rank[check->row[i].verdict] > (worst ? rank[worst->verdict] : 0))
            worst = &check->row[i];
    return worst;
}

/* Text for a plugin's first line: what separates the performance data must not come from a page. */
static void print_plugin_text(struct span text)
{
    buf_auto plain = buf_new(text.size + 1);
    for (size_t i = 0; i < text.size; i++)
        buf_add_byte(&plain, text.at[i] == '|' ? '/' : text.at[i]);
    cli_put_safe(stdout, buf_span(&plain));
}

static void print_nagios(const struct check *check)
{
    const size_t *verdicts = check->tally.verdicts;
    const struct check_row *worst = worst_row(check);
    const char *state = verdicts[VERDICT_DEFACED]    ? "CRITICAL"
                        : verdicts[VERDICT_REPLACED] ? "WARNING"
                        : verdicts[VERDICT_UNAVAILABLE] || check->list.bad_lines || check->tally.incomplete ||
                                check->tally.store_failed || check->tally.deliveries_failed
                            ? "UNKNOWN"
                            : "OK";
    printf("VARTA %s - ", state);
    if (worst) {
        print_plugin_text(worst->page->url);
        printf(" %s: ", verdict_name(worst->verdict));
        print_plugin_text(utf8_prefix(worst->why, 300));
    } else {
        printf("%zu page%s, nothing found%s", check->list.count, check->list.count == 1 ? "" : "s",
               check->tally.incomplete ? ", but not all could be read" : "");
    }
    printf(" |");
    for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
        printf(" %s=%zu%s", verdict_name((enum verdict_kind)i), verdicts[i],
               i == VERDICT_REPLACED  ? ";0"
               : i == VERDICT_DEFACED ? ";;0"
                                      : "");
    printf(" pages=%zu\n", check->list.count);
}

void check_print_end(struct check *check)
{
    check_progress_clear(check);
    if (check->style == CHECK_NAGIOS)
        print_nagios(check);
    else if (check->style == CHECK_TABLE && !check->quiet)
        print_table(check);
    if (check->tally.incomplete && check->style != CHECK_NAGIOS)
        cli_error("%zu %s pictures or %s baseline", check->tally.incomplete,
                  check->tally.incomplete == 1 ? "page was judged without its"
                                               : "pages were judged without their",
                  check->tally.incomplete == 1 ? "its" : "their");
    if (check->tally.deliveries_failed)
        cli_error("%zu of %zu syslog messages were not delivered", check->tally.deliveries_failed,
                  check->tally.deliveries);
}
