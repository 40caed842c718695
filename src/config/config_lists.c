/* Values that are lists, and page lists with what they name. */
#include "config/config_values.h"

#include "base/utf8.h"
#include "config/config_limits.h"
#include "config/suggest.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- lists ---- */

/* Calls `read` for each entry with a field of its own, and adds what came of it to the list. One value stands
 * for a list of one. */
static void read_each(const struct config_value *value, config_value_fn *read)
{
    const struct tree_node *list = value->node;
    const struct tree_node *node = list->kind == TREE_LIST ? list->first : list;
    const struct span **field = value->field;
    size_t room = *value->count + (list->kind == TREE_LIST ? list->count : 1), count = *value->count;
    struct span *kept = arena_alloc(&value->reader->config->arena, room + 1, sizeof(*kept));
    if (!kept) {
        value->reader->error = -ENOMEM;
        return;
    }
    if (count)
        memcpy(kept, *field, count * sizeof(*kept));
    for (; node; node = list->kind == TREE_LIST ? node->next : NULL) {
        struct span text = {NULL, 0};
        read(&(struct config_value){value->reader, node, value->key, &text, NULL});
        if (text.at)
            kept[count++] = text;
    }
    *field = kept;
    *value->count = count;
}

static bool is_list(const struct config_value *value)
{
    const struct tree_node *node = value->node;
    if (node->kind == TREE_MAP)
        config_values_fault(value, "a list is wanted: lines that begin with '- '");
    else if (node->count > CONFIG_LISTS && value->key->type != KEY_URLS)
        config_values_fault(value, "more than %d entries", CONFIG_LISTS);
    else
        return true;
    return false;
}

void config_lists_addresses(const struct config_value *value)
{
    if (is_list(value))
        read_each(value, config_network_address);
}

void config_lists_hosts(const struct config_value *value)
{
    if (is_list(value))
        read_each(value, config_network_host);
}

void config_lists_command(const struct config_value *value)
{
    const struct span *const *words = value->field;
    if (value->node->kind != TREE_LIST || value->node->count == 0) {
        config_values_fault(value,
                            "a list of words is wanted, like [/usr/local/bin/page-someone, --urgent]: no "
                            "shell takes a line apart");
        return;
    }
    if (!is_list(value))
        return;
    read_each(value, config_values_text);
    if (*value->count == 0)
        return;
    struct span program = **words;
    if (program.size == 0 || program.at[0] != '/')
        config_values_fault(value, "the program is an absolute path, not '%.*s'",
                            config_values_shown(program), program.at);
    else if (value->reader->with_files && access(program.at, X_OK) < 0)
        config_values_fault(value, "%.*s cannot be run: %s", config_values_shown(program), program.at,
                            strerror(errno));
}

void config_lists_windows(const struct config_value *value)
{
    const struct tree_node *list = value->node;
    const struct tree_node *node = list->kind == TREE_LIST ? list->first : list;
    struct config_windows *field = value->field;
    struct config_window *kept = arena_alloc(&value->reader->config->arena, CONFIG_WINDOWS, sizeof(*kept));
    size_t count = 0;
    if (!kept)
        value->reader->error = -ENOMEM;
    if (!kept || !is_list(value))
        return;
    for (; node && count < CONFIG_WINDOWS; node = list->kind == TREE_LIST ? node->next : NULL) {
        struct config_value one = {value->reader, node, value->key, NULL, NULL};
        const char *wrong = config_values_is_text(&one) ? config_windows_parse(node->text, &kept[count]) : "";
        if (wrong && *wrong)
            config_values_fault(&one, "'%.*s' %s", config_values_shown(node->text), node->text.at, wrong);
        else if (!wrong) {
            kept[count].text = config_keep(value->reader, node->text);
            count++;
        }
    }
    if (node)
        config_values_fault(value, "more than %d windows", CONFIG_WINDOWS);
    *field = (struct config_windows){kept, count};
}

/* ---- names of sinks ---- */

static void add_sink(const struct config_value *value)
{
    const struct config *config = value->reader->config;
    struct span text = value->node->text;
    struct suggest suggest = suggest_for(text);
    if (!config_values_is_text(value))
        return;
    for (size_t i = 0; i < config->sink_count; i++) {
        suggest_offer(&suggest, config->sinks[i].name);
        if (span_equal(text, config->sinks[i].name)) {
            *(uint64_t *)value->field |= 1ull << i;
            return;
        }
    }
    struct span best = suggest_best(&suggest);
    if (value->reader->broken)
        return;
    if (best.size)
        config_values_fault(value, "there is no sink '%.*s'; did you mean '%.*s'?", config_values_shown(text),
                            text.at, config_values_shown(best), best.at);
    else
        config_values_fault(value, "there is no sink '%.*s' under sinks", config_values_shown(text), text.at);
}

void config_lists_sinks(const struct config_value *value)
{
    const struct tree_node *list = value->node;
    uint64_t sinks = 0;
    if (!is_list(value))
        return;
    if (list->kind == TREE_TEXT && span_equal(list->text, SPAN("all")) && value->reader->config->sink_count)
        sinks = UINT64_MAX >> (64 - value->reader->config->sink_count);
    else if (list->kind == TREE_TEXT && !span_equal(list->text, SPAN("all")))
        add_sink(&(struct config_value){value->reader, list, value->key, &sinks, NULL});
    for (const struct tree_node *node = list->first; node; node = node->next)
        add_sink(&(struct config_value){value->reader, node, value->key, &sinks, NULL});
    *(uint64_t *)value->field = sinks;
}

/* ---- pages ---- */

static void tell_line(void *context, const char *text)
{
    const struct config_value *value = context;
    config_fault_told(value->reader, value->node, text);
}

static void tell_url(void *context, const char *text)
{
    const struct config_value *value = context;
    config_values_fault(value, "%s", text);
}

static void check_count(const struct config_value *value, int result)
{
    const struct page_list *list = &value->reader->config->list;
    if (result == -ENOMEM && list->count >= PAGELIST_PAGES)
        config_values_fault(value, "more than %d pages", PAGELIST_PAGES);
    else if (result == -ENOMEM)
        value->reader->error = -ENOMEM;
    else if (result < 0 && result != -EINVAL)
        config_values_fault(value, "the list cannot be read: %s", strerror(-result));
}

static FILE *open_list(const struct config_value *value, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat facts;
    if (descriptor >= 0 && fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode))
        return fdopen(descriptor, "re");
    int error = errno;
    config_values_fault(value, "the list %s cannot be read: %s", path,
                        descriptor < 0 ? strerror(error) : "it is no ordinary file");
    if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

static void read_list(const struct config_value *value)
{
    struct page_list *list = &value->reader->config->list;
    struct span path = config_values_is_text(value) ? config_values_absolute(value) : (struct span){NULL, 0};
    FILE *stream = path.at && value->reader->with_files ? open_list(value, path.at) : NULL;
    if (path.at)
        *(struct span *)value->field = path;
    if (!stream)
        return;
    list->group = value->reader->group;
    check_count(value,
                page_list_read(list, stream, path.at, tell_line,
                               &(struct config_value){value->reader, value->node, value->key, NULL, NULL}));
    fclose(stream);
}

static void read_inline(const struct config_value *value)
{
    struct page_list *list = &value->reader->config->list;
    struct config_value told = *value;
    if (!config_values_is_text(value))
        return;
    config_values_keep(value, value->node->text);
    list->group = value->reader->group;
    check_count(value, page_list_add_line(list, value->node->text, value->node->file->name, value->node->line,
                                          tell_url, &told));
}

void config_lists_pages(const struct config_value *value)
{
    if (is_list(value))
        read_each(value, read_list);
}

void config_lists_urls(const struct config_value *value)
{
    if (is_list(value))
        read_each(value, read_inline);
}
