/* What is sent: as a browser everything a browser sends, and what it tells trusted origins only to those. */
#include "pipeline/fetch/request_head.h"

#include "unit/cmocka_all.h"

static const struct span agent = SPAN_CONSTANT(
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0");

/* Names in order, parted by commas, and one whole line. */
static void expect(const struct fetch_order *order, const char *url, const char *names, const char *line)
{
    struct buf head = buf_new(10000), got = buf_new(10000);
    struct span rest, one, page = order->picture ? order->url : (struct span){NULL, 0};
    bool found = line == NULL;
    request_head_put(order, span_of(url), page, request_head_trusts(span_of(url)), &head);
    for (rest = buf_span(&head); span_next(&rest, '\n', &one);) {
        buf_add_text(&got, got.size && one.size ? "," : "");
        buf_add_span(&got, span_cut(one, 0, span_find(one, SPAN(":"), 0)));
        found = found || span_equal(one, span_of(line));
    }
    assert_string_equal(buf_text(&got), names);
    if (!found)
        fail_msg("%s: no line \"%s\"", url, line);
    buf_free(&head);
    buf_free(&got);
}

static void a_page_as_a_browser(void **state)
{
    const struct fetch_order order = {.url = SPAN("https://a.gov.ua/"), .user_agent = agent, .browser = true};
    static const char all[] =
        "Connection,sec-ch-ua,sec-ch-ua-mobile,sec-ch-ua-platform,Upgrade-Insecure-Requests,"
        "User-Agent,Accept,Sec-Fetch-Site,Sec-Fetch-Mode,Sec-Fetch-User,Sec-Fetch-Dest,"
        "Accept-Encoding,Accept-Language";
    (void)state;
    expect(&order, "https://a.gov.ua/", all, "Sec-Fetch-Mode: navigate");
    expect(&order, "https://a.gov.ua/", all, "sec-ch-ua-platform: \"Windows\"");
    expect(&order, "http://localhost:80/", all,
           "sec-ch-ua: \"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A Brand\";v=\"99\"");
    expect(&order, "http://a.gov.ua/",
           "Connection,Upgrade-Insecure-Requests,User-Agent,Accept,Accept-Encoding,Accept-Language",
           "Accept-Encoding: gzip, deflate");
}

static void a_picture_as_a_browser(void **state)
{
    struct fetch_order order = {
        .url = SPAN("https://www.a.gov.ua/x?y#z"), .user_agent = agent, .browser = true, .picture = true};
    static const char all[] =
        "Connection,sec-ch-ua-platform,User-Agent,sec-ch-ua,sec-ch-ua-mobile,Accept,"
        "Sec-Fetch-Site,Sec-Fetch-Mode,Sec-Fetch-Dest,Referer,Accept-Encoding,Accept-Language";
    (void)state;
    expect(&order, "https://www.a.gov.ua/p.png", all, "Sec-Fetch-Site: same-origin");
    expect(&order, "https://www.a.gov.ua/p.png", all, "Referer: https://www.a.gov.ua/x?y");
    expect(&order, "https://cdn.a.gov.ua/p.png", all, "Sec-Fetch-Site: same-site");
    expect(&order, "https://b.gov.ua/p.png", all, "Sec-Fetch-Site: cross-site");
    expect(&order, "https://b.gov.ua/p.png", all, "Referer: https://www.a.gov.ua/");
    expect(&order, "http://b.gov.ua/p.png", "Connection,User-Agent,Accept,Accept-Encoding,Accept-Language",
           NULL);
}

static void as_ourselves(void **state)
{
    struct fetch_order order = {
        .url = SPAN("http://a.gov.ua/x"), .user_agent = SPAN("varta"), .etag = SPAN("\"1\"")};
    (void)state;
    expect(&order, "http://a.gov.ua/x", "If-None-Match", "If-None-Match: \"1\"");
    order.picture = true;
    order.etag.size = 0;
    expect(&order, "http://a.gov.ua/p.png", "Referer", "Referer: http://a.gov.ua/x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_page_as_a_browser),
                                       cmocka_unit_test(a_picture_as_a_browser),
                                       cmocka_unit_test(as_ourselves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
