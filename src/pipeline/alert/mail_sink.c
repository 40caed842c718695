/* The way to a mail server: SMTP, SMTPS, or SMTP with STARTTLS. */
#include "pipeline/alert/alert.h"
#include "pipeline/alert/curl_way.h"
#include "pipeline/alert/secret.h"
#include "pipeline/alert/way_kinds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ADDRESS_BYTES = 256 };

struct mail_sink {
    const struct sink_order *order;
    struct curl_way *curl;
    struct secret password;
    char from[ADDRESS_BYTES];
};

static void close_sink(void *state)
{
    struct mail_sink *sink = state;
    curl_way_free(sink->curl);
    secret_wipe(&sink->password);
    free(sink);
}

static int take_sender(struct mail_sink *sink, struct buf *detail)
{
    struct span address;
    if (!mail_address(sink->order->from, &address) || address.size >= ADDRESS_BYTES) {
        buf_add_text(detail, "the sender (from) is no mail address");
        return -EINVAL;
    }
    memcpy(sink->from, address.at, address.size);
    return 0;
}

static int take_password(struct mail_sink *sink, struct buf *detail)
{
    if (sink->order->user.size == 0)
        return 0;
    if (sink->order->secret_file.size)
        return secret_read(sink->order->secret_file.at, &sink->password, detail);
    buf_add_text(detail, "there is a user but no secret_file with the password");
    return -EINVAL;
}

static int open_sink(const struct sink_order *order, void **ret_state, struct buf *detail)
{
    struct mail_sink *sink = calloc(1, sizeof(*sink));
    if (!sink)
        return -ENOMEM;
    sink->order = order;
    int result = take_sender(sink, detail);
    if (result == 0)
        result = take_password(sink, detail);
    if (result == 0)
        result = curl_way_new(order, &sink->curl, detail);
    if (result < 0) {
        close_sink(sink);
        return result;
    }
    *ret_state = sink;
    return 0;
}

static int send_notice(void *state, const struct notice *notice, struct span body, struct buf *detail)
{
    (void)body; /* has one form */
    struct mail_sink *sink = state;
    struct span to[MAIL_RECIPIENTS];
    struct mail_people people = {span_of(sink->from), to, mail_recipients(sink->order, notice, to)};
    buf_auto text = buf_new(MAIL_BYTES);
    mail_text(notice, &people, &text);
    if (text.failed)
        return -EMSGSIZE;
    bool has_user = sink->order->user.size > 0;
    struct curl_mail mail = {
        .from = sink->from,
        .to = to,
        .to_count = people.to_count,
        .user = has_user ? sink->order->user.at : NULL,
        .password = has_user ? sink->password.at : NULL,
        .text = buf_span(&text),
    };
    return curl_way_mail(sink->curl, &mail, detail);
}

const struct way_kind way_mail = {open_sink, send_notice, close_sink, NULL};
