/* Which request goes where. See web.h. */
#include "web/web.h"

#include "os/clock.h"
#include "web/web_files.h"
#include "web/web_layout.h"

#include <errno.h>
#include <stdio.h>

enum { ORDER_BYTES = 1 << 20, ASK_BYTES = 64 << 10 };

/* ---- opening ---- */

int web_open(struct span order, struct web *ret_web, struct buf *complaint)
{
    struct web web = {.arena = arena_new(ORDER_BYTES)};
    int result = web_order_get(order, &web.arena, &web.order) ? 0 : -EBADMSG;
    if (result == 0)
        session_read_token(web.order.token_file, &web.keys, complaint);
    if (result == 0)
        result = web_snapshot_new(web.order.store, &web.snapshot);
    if (result < 0)
        web_close(&web);
    else
        *ret_web = web;
    return result;
}

void web_close(struct web *web)
{
    web_snapshot_free(web->snapshot);
    json_decref(web->status);
    arena_free(&web->arena);
}

void web_take_status(struct web *web, struct span lines, int64_t now_s)
{
    json_error_t fault;
    struct span line;
    if (!span_next(&lines, '\n', &line))
        return;
    json_t *status = json_loadb(line.size ? line.at : "", line.size, 0, &fault);
    if (!json_is_object(status)) {
        json_decref(status);
        return;
    }
    json_decref(web->status);
    web->status = status;
    web->status_s = now_s;
}

void web_reply_free(struct web_reply *reply)
{
    buf_free(&reply->body);
    buf_free(&reply->ask);
    buf_free(&reply->location);
    for (size_t i = 0; i < sizeof(reply->cookies) / sizeof(reply->cookies[0]); i++)
        buf_free(&reply->cookies[i]);
}

/* ---- what a request carries ---- */

static struct span find_value(const struct web_pair *pairs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(pairs[i].name, span_of(name)))
            return pairs[i].value;
    return (struct span){NULL, 0};
}

struct span web_argument(const struct web_request *request, const char *name)
{
    return find_value(request->arguments, request->argument_count, name);
}

struct span web_field(const struct web_request *request, const char *name)
{
    return find_value(request->form, request->form_count, name);
}

/* ---- asking the supervisor ---- */

/* Takes the object. */
static void ask(struct web_reply *reply, json_t *object)
{
    char *line = object ? json_dumps(object, JSON_COMPACT) : NULL;
    if (line)
        buf_add_text(&reply->ask, line);
    free(line);
    json_decref(object);
}

static json_t *first_object(const struct span *told)
{
    json_error_t fault;
    struct span rest = *told, line;
    json_t *object =
        span_next(&rest, '\n', &line) && line.size ? json_loadb(line.at, line.size, 0, &fault) : NULL;
    if (json_is_object(object))
        return object;
    json_decref(object);
    return NULL;
}

static void go(struct web_reply *reply, const char *path)
{
    reply->status = 303;
    buf_add_text(&reply->location, path);
}

static json_t *text_of(struct span text)
{
    return json_stringn(text.size ? text.at : "", text.size);
}

/* ---- what changes something ---- */

/* Back to where the button was: an incident's or a campaign's own place. */
static void back_to(struct web_reply *reply, struct span id, const char *done)
{
    bool campaign = id.size > 1 && id.at[0] == 'c';
    struct span number = campaign ? span_cut(id, 1, id.size) : id;
    reply->status = 303;
    buf_add_format(&reply->location, "/%s/", campaign ? "campaign" : "incident");
    html_query(&reply->location, number);
    buf_add_format(&reply->location, "?done=%s", done);
}

static void acknowledge(struct layout *layout)
{
    struct span id = web_field(layout->request, "id");
    if (!layout->request->told) {
        ask(layout->reply,
            json_pack("{s:s, s:o, s:s}", "command", "ack", "id", text_of(id), "user", layout->session.name));
        return;
    }
    json_t *said = first_object(layout->request->told);
    if (!said)
        layout_plain(layout, 503, WORD_BUSY, WORD_BUSY_HELP);
    else
        back_to(layout->reply, id,
                json_integer_value(json_object_get(said, "acknowledged")) > 0 ? "ack" : "nothing");
    json_decref(said);
}

static void back_to_page(struct web_reply *reply, struct span url, const char *done)
{
    reply->status = 303;
    buf_add_text(&reply->location, "/page?url=");
    html_query(&reply->location, url);
    buf_add_format(&reply->location, "&done=%s", done);
}

static bool may_accept(const struct layout *layout, struct span url)
{
    return web_snapshot_find(layout->web->snapshot, url) &&
           span_equal(web_field(layout->request, "sure"), SPAN("yes"));
}

/* Only what was on the screen is accepted, and only the supervisor knows what the page says by now: between
 * a look here and its answer there may be another one. */
static void accept_page(struct layout *layout)
{
    struct span url = web_field(layout->request, "url");
    if (!layout->request->told) {
        if (!may_accept(layout, url))
            back_to_page(layout->reply, url, "nothing");
        else
            ask(layout->reply,
                json_pack("{s:s, s:o, s:o, s:s}", "command", "accept", "url", text_of(url), "digest",
                          text_of(web_field(layout->request, "seen")), "user", layout->session.name));
        return;
    }
    json_t *said = first_object(layout->request->told);
    if (!said)
        layout_plain(layout, 503, WORD_BUSY, WORD_BUSY_HELP);
    else
        back_to_page(layout->reply, url,
                     json_is_true(json_object_get(said, "accepted")) ? "accept" : "nothing");
    json_decref(said);
}

static void log_in(struct layout *layout)
{
    struct web_reply *reply = layout->reply;
    bool secure = span_equal(layout->request->scheme, SPAN("https"));
    int64_t now_s = clock_steady_ms() / 1000;
    if (!session_may_guess(&layout->web->guesses, layout->request->address, now_s)) {
        layout_plain(layout, 429, WORD_TOO_MANY, WORD_TOO_MANY_HELP);
        return;
    }
    if (!session_is_token(&layout->web->keys, web_field(layout->request, "token"))) {
        session_guessed_wrong(&layout->web->guesses, layout->request->address, now_s);
        login_write(layout, true);
        return;
    }
    session_begin(&layout->web->keys, web_field(layout->request, "name"), layout->html.now_s, secure,
                  &reply->cookies[reply->cookie_count++]);
    go(reply, "/");
}

static void post(struct layout *layout)
{
    static const struct {
        const char *path;
        void (*act)(struct layout *layout);
    } acts[] = {{"/ack", acknowledge}, {"/accept", accept_page}};
    const struct web_request *request = layout->request;
    if (!session_is_own(request->origin, request->fetch_site, request->host)) {
        layout_plain(layout, 403, WORD_FORBIDDEN, WORD_FORBIDDEN_HELP);
        return;
    }
    if (span_equal(request->path, SPAN("/login"))) {
        log_in(layout);
        return;
    }
    if (!session_is_form(&layout->session, web_field(request, "seal"))) {
        layout_plain(layout, 403, WORD_FORBIDDEN, WORD_FORBIDDEN_HELP);
        return;
    }
    if (span_equal(request->path, SPAN("/logout"))) {
        session_end(&layout->web->ends, &layout->session, request->now_s,
                    &layout->reply->cookies[layout->reply->cookie_count++]);
        go(layout->reply, "/");
        return;
    }
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
        if (span_equal(request->path, span_of(acts[i].path))) {
            acts[i].act(layout);
            return;
        }
    layout_plain(layout, 404, WORD_NOT_FOUND, WORD_NOT_FOUND_HELP);
}

/* ---- what only reads ---- */

static void metrics(struct layout *layout)
{
    struct web_reply *reply = layout->reply;
    if (!layout->request->told) {
        ask(reply, json_pack("{s:s}", "command", "metrics"));
        return;
    }
    json_t *said = first_object(layout->request->told);
    const json_t *text = json_object_get(said, "metrics");
    reply->status = json_is_string(text) ? 200 : 503;
    reply->type = "text/plain; version=0.0.4; charset=utf-8";
    buf_add(&reply->body, json_is_string(text) ? json_string_value(text) : "", json_string_length(text));
    json_decref(said);
}

static void login_page(struct layout *layout)
{
    login_write(layout, false);
}

/* The number in /incident/17 or /incident/17/report; 0 for none. */
static int64_t number_in(struct span path, struct span before, struct span behind)
{
    int64_t number = 0;
    if (!span_starts(path, before) || !span_ends(path, behind) || path.size <= before.size + behind.size)
        return 0;
    struct span text = span_cut(path, before.size, path.size - behind.size);
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i >= 15)
            return 0;
        number = number * 10 + (text.at[i] - '0');
    }
    return number;
}

static bool serve_numbered(struct layout *layout)
{
    static const struct {
        struct span before, behind;
        void (*write)(struct layout *layout, int64_t number);
    } kinds[] = {{SPAN_CONSTANT("/incident/"), SPAN_CONSTANT("/report"), report_write},
                 {SPAN_CONSTANT("/incident/"), SPAN_CONSTANT(""), case_write},
                 {SPAN_CONSTANT("/campaign/"), SPAN_CONSTANT(""), campaign_write}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        int64_t number = number_in(layout->request->path, kinds[i].before, kinds[i].behind);
        if (number) {
            kinds[i].write(layout, number);
            return true;
        }
    }
    return false;
}

static bool serve_file(struct layout *layout)
{
    for (size_t i = 0; i < web_files_count; i++) {
        if (!span_equal(layout->request->path, span_of(web_files[i].path)))
            continue;
        layout->reply->type = web_files[i].type;
        layout->reply->lasting = true;
        buf_add(&layout->reply->body, web_files[i].at, web_files[i].size);
        return true;
    }
    return false;
}

static void get(struct layout *layout)
{
    static const struct {
        const char *path;
        void (*write)(struct layout *layout);
    } places[] = {{"/", overview_write},      {"/page", detail_write}, {"/incidents", case_list},
                  {"/about", about_write},    {"/login", login_page},  {"/healthz", about_health},
                  {"/live.json", about_live}, {"/metrics", metrics}};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (span_equal(layout->request->path, span_of(places[i].path))) {
            places[i].write(layout);
            return;
        }
    if (!serve_numbered(layout) && !serve_file(layout))
        layout_plain(layout, 404, WORD_NOT_FOUND, WORD_NOT_FOUND_HELP);
}

/* ---- all ---- */

/* The chosen language is kept by the browser; it is no secret and says nothing. */
static void keep_language(const struct layout *layout)
{
    struct web_reply *reply = layout->reply;
    if (web_words_find(web_argument(layout->request, "lang")) != WEB_LANGUAGE_COUNT)
        buf_add_format(&reply->cookies[reply->cookie_count++],
                       "lang=%s; Path=/; SameSite=Strict; Max-Age=31536000",
                       web_words_of(layout->html.language)->tag);
}

void web_answer(struct web *web, const struct web_request *request, struct web_reply *reply)
{
    *reply = (struct web_reply){.status = 200,
                                .body = buf_new(WEB_PAGE_BYTES),
                                .ask = buf_new(ASK_BYTES),
                                .location = buf_new(4 * WEB_BODY_BYTES)};
    for (size_t i = 0; i < sizeof(reply->cookies) / sizeof(reply->cookies[0]); i++)
        reply->cookies[i] = buf_new(1024);
    if (!session_is_host(request->host, web->order.port, web->order.hosts, web->order.host_count)) {
        reply->status = 421;
        reply->type = "text/plain; charset=utf-8";
        buf_add_text(&reply->body, "varta is not served under this name; the key web.hosts lists more\n");
        return;
    }
    web_snapshot_fresh(web->snapshot);
    struct layout layout = layout_begin(web, request, reply);
    keep_language(&layout);
    if (request->post)
        post(&layout);
    else
        get(&layout);
    if (reply->body.failed) {
        buf_clear(&reply->body);
        reply->status = 500;
        reply->type = "text/plain; charset=utf-8";
        buf_add_text(&reply->body, "the page is too large\n");
    }
}
