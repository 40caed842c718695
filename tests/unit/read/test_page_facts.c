/* What a page points to: hosts, pictures, forms, its own names; and what its blocks carry beside text. */
#include "pipeline/read/picture_list.h"
#include "read_helper.h"

#include <stdio.h>

static void test_only_other_hosts_count(void **state)
{
    (void)state;
    struct reading r = read_html(
        "<a href='https://ministry.example/x'>own</a><a href=/rel>own</a><a href=mailto:a@b.example>m</a>"
        "<a href='HTTPS:\\\\u@Evil.Example\\x'>1</a><a href=' //evil.example.:8443/y'>2</a><a name=n>n</a>"
        "<script src=//cdn.example/a.js></script><script>abc</script><iframe src=http://f.example>"
        "</iframe><form action=https://forms.example/><input type=password><input type=PASSWORD></form>");
    assert_int_equal(r.link_count, 5);
    assert_int_equal(r.links.count, 1);
    assert_span(r.links.at[0].host, "evil.example");
    assert_int_equal(r.links.at[0].count, 2);
    assert_int_equal(r.scripts.count, 1);
    assert_span(r.scripts.at[0].host, "cdn.example");
    assert_span(r.frames.at[0].host, "f.example");
    assert_span(r.forms.at[0].host, "forms.example");
    assert_int_equal(r.script_count, 2);
    assert_int_equal(r.script_bytes, 3);
    assert_int_equal(r.form_count, 1);
    assert_int_equal(r.password_count, 2);
    reading_free(&r);
}

static void test_base_moves_relative_links(void **state)
{
    (void)state;
    struct reading r = read_html("<base href=https://moved.example/><a href=x>1</a>");
    assert_span(r.base, "https://moved.example/");
    assert_int_equal(r.links.count, 1);
    assert_span(r.links.at[0].host, "moved.example");
    reading_free(&r);
}

static void check_picture(const struct reading *r, size_t at, const char *url, enum picture_kind kind)
{
    assert_true(at < r->picture_count);
    assert_span(r->pictures[at].url, url);
    assert_int_equal(r->pictures[at].kind, kind);
}

static void test_pictures_in_order(void **state)
{
    (void)state;
    struct reading r = read_html("<link rel='shortcut icon' href=i.ico><meta property=og:image "
                                 "content=o.png><style>b{background:url( 's\\28 1.png' )}"
                                 "@font-face{src:url(f.woff2)}</style><body background=bg.gif><img src=a.png "
                                 "alt=Alt width=640 height=480 "
                                 "srcset='b.png 1x, c.png 2x'><img src=a.png><picture><source "
                                 "srcset=w.webp><source srcset=n.webp><img data-src=lazy.jpg>"
                                 "</picture><div hidden><img src=h.png></div><p "
                                 "style='background-image:url(\"q.png\");width:300px'>x<video poster=v.jpg>");
    check_picture(&r, 0, "i.ico", PICTURE_ICON);
    check_picture(&r, 1, "o.png", PICTURE_SOCIAL);
    check_picture(&r, 2, "bg.gif", PICTURE_BACKGROUND);
    check_picture(&r, 3, "a.png", PICTURE_IMG);
    check_picture(&r, 4, "c.png", PICTURE_SOURCE);
    check_picture(&r, 5, "b.png", PICTURE_SOURCE);
    check_picture(&r, 6, "w.webp", PICTURE_SOURCE);
    check_picture(&r, 7, "lazy.jpg", PICTURE_IMG);
    check_picture(&r, 8, "h.png", PICTURE_IMG);
    check_picture(&r, 9, "q.png", PICTURE_BACKGROUND);
    check_picture(&r, 10, "v.jpg", PICTURE_IMG);
    check_picture(&r, 11, "s(1.png", PICTURE_BACKGROUND);
    assert_int_equal(r.picture_count, 12);
    assert_int_equal(r.pictures[3].width, 640);
    assert_int_equal(r.pictures[9].width, 300);
    assert_true(r.pictures[8].hidden);
    assert_false(r.pictures[3].hidden);
    const struct block alt = block_of(&r, "Alt");
    assert_int_equal(alt.origin, ORIGIN_ATTRIBUTE);
    assert_int_equal(alt.picture, 3);
    reading_free(&r);
}

static void test_inline_pictures_are_decoded(void **state)
{
    (void)state;
    struct reading r =
        read_html("<img src='data:image/gif;base64,R0lG ODlh'><img src=\"data:image/svg+xml,%3Csvg/%3E\">"
                  "<img src='data:image/png;base64,QUI='><img src='data:nothing'>");
    assert_int_equal(r.picture_count, 3);
    assert_int_equal(r.pictures[0].kind, PICTURE_INLINE);
    assert_span(r.pictures[0].bytes, "GIF89a");
    assert_span(r.pictures[1].bytes, "<svg/>");
    assert_span(r.pictures[2].bytes, "AB");
    reading_free(&r);
}

static void test_srcset_as_a_browser_takes_it(void **state)
{
    static const struct {
        const char *srcset, *usual, *best;
    } cases[] = {
        {"/big.png 1x, /none.png 3x", "/big.png", "/none.png"},
        {"/none.png 3x,/big.png", "/big.png", "/none.png"},
        {"/s.png 320w, /m.png 1280w, /l.png 2560w", "/m.png", "/l.png"},
        {"/l.png 2560w, /m.png 1400w, /s.png 320w", "/m.png", "/l.png"},
        {"/s.png 320w, /m.png 800w", "/m.png", "/m.png"},
        {"/a.png 2x", "/a.png", "/a.png"},
        {" , ", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_span(picture_usual_of(span_of(cases[i].srcset)), cases[i].usual);
        assert_span(picture_best_of(span_of(cases[i].srcset)), cases[i].best);
    }
    struct reading r = read_html("<img src='/b\tig\n.png'><img src='/big.png'>");
    check_picture(&r, 0, "/big.png", PICTURE_IMG);
    assert_int_equal(r.picture_count, 1);
    reading_free(&r);
}

static void test_names_and_refresh(void **state)
{
    (void)state;
    struct reading r = read_html(
        "<html lang=uk><head><title> Головна\n сторінка</title><meta name=description content=Опис>"
        "<meta http-equiv=Refresh content=\"5; URL='https://x.example/'\"></head><svg><title>no</title>");
    assert_span(r.title, "Головна сторінка");
    assert_span(r.language, "uk");
    assert_span(r.refresh, "https://x.example/");
    assert_int_equal(block_of(&r, "Опис").origin, ORIGIN_META);
    assert_int_equal(r.blocks[0].origin, ORIGIN_TITLE);
    reading_free(&r);
    r = read_html("<meta http-equiv=refresh content='600'><meta http-equiv=refresh content='300;url=/x'>");
    assert_int_equal(r.refresh.size, 0);
    reading_free(&r);
}

static void test_refresh_as_a_browser_takes_it(void **state)
{
    static const struct {
        const char *content, *soon, *late;
        bool is, self;
    } cases[] = {
        {"0;url=/a", "/a", "", true, false},
        {" 5 ,URL = /a ", "/a", "", true, false},
        {"3 /a", "/a", "", true, false},
        {"2.9;'/a'x", "/a", "", true, false},
        {".;url=/a", "/a", "", true, false},
        {"1;url='/a;b'", "/a;b", "", true, false},
        {"1;url/a", "url/a", "", true, false},
        {"1;up=/a", "up=/a", "", true, false},
        {"31;url=/a", "", "/a", true, false},
        {"300;url=/a", "", "/a", true, false},
        {"301;url=/a", "", "", true, false},
        {"99999999999;url=/a", "", "", true, false},
        {"7", "", "", true, true},
        {"7;", "", "", true, true},
        {"7;url=", "", "", true, true},
        {"z;url=/a", "", "", false, false},
        {";url=/a", "", "", false, false},
        {"url=/a", "", "", false, false},
        {"-1;url=/a", "", "", false, false},
        {"+1;url=/a", "", "", false, false},
        {"0x5;url=/a", "", "", false, false},
        {"", "", "", false, false},
        {"\"5;url=/a", "", "", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct read_request request = {.content_type = SPAN("text/html"),
                                             .refresh = span_of(cases[i].content)};
        struct reading r;
        assert_int_equal(read_page(SPAN("<p>x"), &request, &r), OUTCOME_OK);
        assert_span(r.refresh, cases[i].soon);
        assert_span(r.refresh_late, cases[i].late);
        assert_int_equal(r.refreshes, cases[i].is);
        assert_int_equal(r.refresh_self, cases[i].self);
        reading_free(&r);
    }
}

static void test_the_header_comes_before_the_document(void **state)
{
    const struct read_request request = {.content_type = SPAN("text/html"), .refresh = SPAN("0;url=/a")};
    struct reading r;
    (void)state;
    read_page(SPAN("<meta http-equiv=refresh content='0;url=/b'>"), &request, &r);
    assert_span(r.refresh, "/a");
    reading_free(&r);
    r = read_html("<meta http-equiv=refresh content='z;url=/a'><meta http-equiv=refresh content='0;url=/b'>");
    assert_span(r.refresh, "/b");
    reading_free(&r);
}

static void test_blocks_know_their_place(void **state)
{
    (void)state;
    struct reading r = read_html(
        "<h2>Назва</h2><p>abc <a href=/x>def</a></p><p hidden>secret</p><div class='a b'><p>one</p></div>"
        "<div class='b a'><p>two</p></div><div><p>six</p></div>");
    const struct block abc = block_of(&r, "abc def");
    assert_int_equal(block_of(&r, "Назва").heading, 2);
    assert_int_equal(abc.heading, 0);
    assert_int_equal(abc.place, 5);
    assert_int_equal(abc.link_letters, 3);
    assert_true(block_of(&r, "secret").hidden);
    assert_int_equal(block_of(&r, "one").place, 11);
    assert_true(block_of(&r, "one").path == block_of(&r, "two").path);
    assert_true(block_of(&r, "one").path != block_of(&r, "six").path);
    assert_int_equal(r.letters, 20);
    reading_free(&r);
}

static void test_numbers_in_classes_do_not_change_paths(void **state)
{
    (void)state;
    struct reading a = read_html("<body class='page post-123'><p>x");
    struct reading b = read_html("<body class='page post-98765'><p>y");
    struct reading c = read_html("<body class='page home'><p>y");
    assert_int_equal(a.path_count, 3);
    assert_memory_equal(a.paths, b.paths, a.path_count * sizeof(*a.paths));
    assert_true(a.paths[1].path != c.paths[1].path);
    reading_free(&a);
    reading_free(&b);
    reading_free(&c);
}

static void test_srcdoc_is_read_where_it_stands(void **state)
{
    (void)state;
    struct reading r =
        read_html("<p>before<iframe srcdoc='&lt;title&gt;t&lt;/title&gt;&lt;p&gt;inside'></iframe><p>after");
    assert_int_equal(r.block_count, 3);
    assert_span(r.blocks[1].text, "inside");
    assert_false(r.blocks[1].hidden);
    assert_int_equal(r.title.size, 0);
    reading_free(&r);
}

static void test_plain_text_and_feeds(void **state)
{
    (void)state;
    struct reading r = read_as(SPAN("one\ntwo <b>\r\n\r\nthree"), "text/plain");
    assert_int_equal(r.block_count, 2);
    assert_span(r.blocks[0].text, "one two <b>");
    assert_span(r.blocks[1].text, "three");
    reading_free(&r);
    r = read_as(SPAN("<?xml version='1.0'?><rss><title>A &amp; "
                     "B</title><description><![CDATA[<p>c</p>d]]></description></rss>"),
                "application/rss+xml");
    assert_int_equal(r.block_count, 3);
    assert_span(r.blocks[0].text, "A & B");
    assert_span(r.blocks[1].text, "c");
    assert_span(r.blocks[2].text, "d");
    reading_free(&r);
}

static void check_staging(const char *html, unsigned staging)
{
    struct reading r = read_html(html);
    if (r.staging != staging)
        print_error("%s\n", html);
    assert_int_equal(r.staging, staging);
    reading_free(&r);
}

static void check_background(const char *html, uint32_t background)
{
    struct reading r = read_html(html);
    if (r.background != background)
        print_error("%s\n", html);
    assert_int_equal(r.background, background);
    reading_free(&r);
}

static void test_the_colour_behind_the_page(void **state)
{
    (void)state;
    check_background("<body>x", 0);
    check_background("<body bgcolor=black>x", READING_BACKGROUND);
    check_background("<body bgcolor=FF8000>x", READING_BACKGROUND | 0xFF8000);
    check_background("<body style='color: #fff; background-color: #1a2'>x", READING_BACKGROUND | 0x11AA22);
    check_background("<body style='background: url(#abc.png) no-repeat rgb(1, 2, 300)'>x",
                     READING_BACKGROUND | 0x0102FF);
    check_background("<body style='background: rgba(9 8 7 / .5)'>x", READING_BACKGROUND | 0x090807);
    check_background("<body style='background: rgba(9, 8, 7, 0)'>x", 0);
    check_background("<body style='background: transparent'>x", 0);
    check_background("<body style='background: #12345'>x", 0);
    check_background("<body style='background: #'>x", 0);
    check_background("<html style='background: red'><body style='background: Navy'>x",
                     READING_BACKGROUND | 0x000080);
    check_background("<html style='background: red'><body bgcolor=''>x", READING_BACKGROUND | 0xFF0000);
}

static void test_how_the_page_is_staged(void **state)
{
    (void)state;
    check_staging("<body bgcolor=black>x", STAGING_DARK);
    check_staging("<body style='background: url(a.png) #0a0a0a'>x", STAGING_DARK);
    check_staging(
        "<style>p{color:red} html, body.x {margin:0;background:linear-gradient(90deg, #000, red)}</style>x",
        STAGING_DARK);
    check_staging(
        "<style>@media print{body{background:#000}} .box body{background:black} body{background:#222255}"
        "</style>x",
        0);
    check_staging(
        "<style>@media (prefers-color-scheme: dark){body{background:#000}} body{color:#000}</style>x", 0);
    check_staging("<style>body{background:rgb(12, 0, 48)}</style>x", STAGING_DARK);
    check_staging("<video autoplay muted loop src=a.mp4></video>", STAGING_UNREAD);
    check_staging("<canvas></canvas>", STAGING_UNREAD);
    check_staging("<iframe src=news.html></iframe>", STAGING_UNREAD);
    check_staging("<frameset><frame src=a.html><frame src=b.html></frameset>", STAGING_UNREAD);
    check_staging("<iframe></iframe><div hidden><iframe src=a.html></iframe></div>", 0);
    check_staging("<p>x</p><noscript><iframe src=a.html></iframe></noscript>", 0);
    check_staging("<style>body:before{content: \"Hacked\"}</style>", STAGING_UNREAD);
    check_staging("<style>i:before{content:'\\f101'} p:after{content:\"\"} q{content:'>>'}</style>x", 0);
    check_staging("<object data=a.swf></object>", STAGING_UNREAD);
    check_staging("<embed src=a.swf>", STAGING_UNREAD);
    check_staging("<svg><path d='M0 0'/></svg>", STAGING_UNREAD);
    check_staging("<audio autoplay src=a.mp3></audio>", STAGING_SOUND);
    check_staging("<iframe src='https://v.example/x?autoplay=1'></iframe>", STAGING_SOUND | STAGING_UNREAD);
    check_staging("<marquee>x</marquee><blink>y</blink>", STAGING_SCROLLING);
    check_staging("<body oncontextmenu='return false'>x", STAGING_LOCKED);
    check_staging("<script>document.oncontextmenu = no;</script>", STAGING_LOCKED);
    check_staging("<style>body{", 0);
    check_staging("<style>@media screen{body{background:#000}}</style>x", STAGING_DARK);
}

static bool in_layer(const char *style)
{
    char html[512];
    snprintf(html, sizeof(html), "<p>page</p><div style='%s'><h1>message</h1></div>", style);
    struct reading r = read_html(html);
    assert_false(block_of(&r, "page").layer);
    bool layer = block_of(&r, "message").layer;
    reading_free(&r);
    return layer;
}

static void test_covering_layers_are_told(void **state)
{
    (void)state;
    assert_true(in_layer("position:fixed;top:0;left:0;width:100%;height:100%"));
    assert_true(in_layer("position: absolute; inset: 0"));
    assert_true(in_layer("position:fixed;top:0;bottom:0;left:0;right:0"));
    assert_true(in_layer("position:fixed;width:100vw;height:100vh"));
    assert_false(in_layer("position:fixed;bottom:0;width:100%;height:80px"));
    assert_false(in_layer("position:fixed;top:0;left:0;right:0"));
    assert_false(in_layer("width:100%;height:100%"));
    struct reading r = read_html("<style>.o{position:fixed;inset:0}</style><div class=o><p>message</p>"
                                 "<img src=a.png></div><p>page</p>");
    assert_true(block_of(&r, "message").layer);
    assert_false(block_of(&r, "page").layer);
    assert_true(r.pictures[0].layer);
    reading_free(&r);
    r = read_html("<style>.o{position:fixed}</style><style>#big{inset:0}</style>"
                  "<div class=o id=big><p>message</p></div><div class=o><p>page</p></div>");
    assert_true(block_of(&r, "message").layer);
    assert_false(block_of(&r, "page").layer);
    reading_free(&r);
}

/* Bits by enum page_sign of what the page tells. */
static uint32_t signs_of(const char *html)
{
    struct reading r = read_html(html);
    uint32_t signs = 0;
    for (size_t i = 0; i < r.path_count && r.paths[i].path < PAGE_SIGNS; i++)
        signs |= 1u << (r.paths[i].path >> 16);
    reading_free(&r);
    return signs & ~(1u << SIGN_READER);
}

#define OVER "style='position:fixed;top:0;left:0;width:100%;height:100%'"

static void test_what_may_show_more_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        uint32_t signs;
    } pages[] = {
        {"<p>x", 0},
        {"<iframe src=a " OVER "></iframe>", 1 << SIGN_VEIL | 1 << SIGN_FRAME},
        {"<object data=a " OVER "></object>", 1 << SIGN_VEIL | 1 << SIGN_FRAME},
        {"<embed src=a " OVER ">", 1 << SIGN_VEIL | 1 << SIGN_FRAME},
        {"<video " OVER "></video>", 1 << SIGN_VEIL},
        {"<video style='position:fixed;inset:0;z-index:-1'></video>", 0},
        {"<div hidden><iframe src=a " OVER "></iframe></div>", 0},
        {"<div style='position:relative'><iframe src=a "
         "style='position:absolute;top:0;left:0;width:100%;height:100%'></iframe></div>",
         1 << SIGN_FRAME},
        {"<link rel=stylesheet href=a.css>", 1 << SIGN_SHEET},
        {"<style>@import 'a.css';</style>", 1 << SIGN_SHEET},
        {"<script>location.replace('/b')</script>", 1 << SIGN_SCRIPT},
        {"<script>count(1)</script>", 0},
        {"<body><template shadowrootmode=open>x</template>", 1 << SIGN_VEIL},
        {"<div><template shadowrootmode=open>x</template></div>", 1 << SIGN_SHADOW},
        {"<template>x</template>", 0},
        {"<style>p::after{content:attr(data-x)}</style>", 1 << SIGN_DRAWN},
        {"<style>p{background:\\75rl(a.png)}</style>", 1 << SIGN_DRAWN},
        {"<style>p{background:url(a.png)}</style>", 0},
    };
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        if (signs_of(pages[i].html) != pages[i].signs)
            fail_msg("%s: %#x", pages[i].html, signs_of(pages[i].html));
}

static void test_what_is_drawn_is_read(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "<body><template shadowrootmode=open>a long message</template>",
        "<style>p::after{content:'a long message'}</style>",
        "<style>p::after{content:\"a long \\6d essage\"}</style>",
        "<style>:root{--m:'a long message'}p::after{content:var(--m)}</style>",
        "<ol style=\"list-style-type:'a long message'\"><li></ol>",
        "<input value='a long message'>",
        "<input type=submit value='a long message'>",
        "<select><optgroup label='a long message'></optgroup></select>",
        "<iframe srcdoc=\"<iframe srcdoc='a long message'></iframe>\"></iframe>",
        "<body><script type=x style='display:block'>a long message</script>",
        "<datalist style='display:block'><option>a long message</datalist>"};
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct reading r = read_html(pages[i]);
        struct block block = block_of(&r, "a long message");
        if (block.hidden || (block.origin != ORIGIN_HTML && !block.maybe))
            fail_msg("not seen: %s", pages[i]);
        reading_free(&r);
    }
}

/* 's' shown, 'h' hidden, '?' hidden from us but perhaps not from every visitor. */
static char seen(const char *head, const char *inside)
{
    char html[2048];
    snprintf(html, sizeof(html), "<head>%s</head><body><p>page</p>%s", head, inside);
    struct reading r = read_html(html);
    struct block block = block_of(&r, "message");
    reading_free(&r);
    return block.maybe ? '?' : block.hidden ? 'h' : 's';
}

static char seen_styled(const char *style)
{
    char html[1024];
    snprintf(html, sizeof(html), "<div style='%s'>message</div>", style);
    return seen("", html);
}

static char seen_under(const char *css)
{
    char head[1024];
    snprintf(head, sizeof(head), "<style>%s</style>", css);
    return seen(head, "<div class=m>message</div>");
}

static void test_the_last_declaration_counts(void **state)
{
    (void)state;
    static const char *const shown[] = {"display:none;display:var(--d)",
                                        "display:none;display:revert",
                                        "display:none;display:block ruby",
                                        "display:none;displa\\79:block",
                                        "/*;display:none;*/",
                                        "clip-path:inset(100%);clip-path:none",
                                        "position:absolute;left:-9999px;left:0",
                                        "text-indent:-9999px;text-indent:0",
                                        "overflow:hidden;width:0;width:100%",
                                        "position:absolute;left:-600px;margin-left:600px",
                                        "opacity:.01",
                                        "font-size:0;font-size:30px",
                                        "clip:rect(0,0,0,0)"};
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        if (seen_styled(shown[i]) != 's')
            fail_msg("hidden: %s", shown[i]);
    static const char *const hidden[] = {
        "display:none", "/* a */display:none/* b */", "displa\\79:none",     "position:absolute;left:-9999px",
        "opacity:0",    "overflow:hidden;width:0",    "text-indent:-9999px", "font-size:0"};
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (seen_styled(hidden[i]) != 'h')
            fail_msg("shown: %s", hidden[i]);
}

static void test_what_is_inside_may_undo_it(void **state)
{
    (void)state;
    assert_int_equal(seen("", "<div style='font-size:0'><div style='font-size:30px'>message</div></div>"),
                     's');
    assert_int_equal(
        seen("", "<div style='color:#000;background:#000'><b style='color:red'>message</b></div>"), 's');
    assert_int_equal(
        seen("", "<div style='overflow:hidden;height:0'><p style='position:fixed'>message</p></div>"), 's');
    assert_int_equal(seen("", "<div style='opacity:0'><p style='position:fixed'>message</p></div>"), 'h');
    assert_int_equal(seen("", "<picture><div>message</div></picture>"), 's');
    struct reading set = read_html("<style>p{background:image-set('a.png' 1x)}</style><p>x");
    assert_int_equal(set.picture_count, 1);
    assert_span(set.pictures[0].url, "a.png");
    reading_free(&set);
    struct reading r = read_html("<div style='font-size:0'><img src=a.png></div>");
    assert_false(r.pictures[0].hidden);
    reading_free(&r);
}

static void test_rules_not_understood_leave_doubt(void **state)
{
    (void)state;
    static const char *const doubted[] = {".m{display:none} :is(.m,#q){display:block}",
                                          ".m{display:none} [class=m]{display:block}",
                                          ".m{display:none} .m:last-child{display:block}",
                                          "body{.m{display:block}} .m{display:none}",
                                          "@supports (foo:bar){.m{display:none!important}}",
                                          "@media (min-width:1000px){.m{display:none}}",
                                          ".m{display:none} @media (max-width:600px){.m{display:block}}",
                                          "@media (prefers-color-scheme:light){.m{display:none}}",
                                          "@media (hover:hover){.m{display:none}}",
                                          "@media (min-width:calc(1px*999999)){.m{display:none}}"};
    for (size_t i = 0; i < sizeof(doubted) / sizeof(doubted[0]); i++)
        if (seen_under(doubted[i]) != '?')
            fail_msg("no doubt: %s", doubted[i]);
    static const char *const shown[] = {"@layer a{.m.m{display:none}} .m{display:block}",
                                        "@media tty{.m{display:none!important}}",
                                        "@media braille{.m{display:none!important}}"};
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        if (seen_under(shown[i]) != 's')
            fail_msg("not shown: %s", shown[i]);
    static const char *const hidden[] = {".m{display:none}", ".m{display:none} .m:hover{display:block}",
                                         ".m{display:none} input:checked~.m{display:block}",
                                         ".m{display:none} .m::before{display:block}"};
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (seen_under(hidden[i]) != 'h')
            fail_msg("not hidden: %s", hidden[i]);
    assert_int_equal(seen("<style>[hidden]{display:block!important}</style>", "<div hidden>message</div>"),
                     '?');
    assert_int_equal(seen("<style>dialog:not([open]){display:block}</style>", "<dialog>message</dialog>"),
                     '?');
    assert_int_equal(seen("", "<div hidden=until-found>message</div>"), '?');
}

static void test_sources_of_a_picture_are_seen(void **state)
{
    (void)state;
    struct reading r = read_html("<picture><source srcset='a.png 2x'><img></picture>"
                                 "<div hidden><picture><source srcset=b.png><img></picture></div>");
    assert_int_equal(r.picture_count, 2);
    assert_false(r.pictures[0].hidden);
    assert_true(r.pictures[1].hidden);
    reading_free(&r);
}

static void test_players_name_their_hosts(void **state)
{
    (void)state;
    struct reading r =
        read_html("<video><source src=//film.example/a.mp4></video><audio src=//music.example/b></audio>"
                  "<picture><source src=//picture.example/c></picture>");
    assert_int_equal(r.frames.count, 2);
    assert_span(r.frames.at[0].host, "film.example");
    assert_span(r.frames.at[1].host, "music.example");
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_other_hosts_count),
        cmocka_unit_test(test_base_moves_relative_links),
        cmocka_unit_test(test_pictures_in_order),
        cmocka_unit_test(test_inline_pictures_are_decoded),
        cmocka_unit_test(test_names_and_refresh),
        cmocka_unit_test(test_srcset_as_a_browser_takes_it),
        cmocka_unit_test(test_refresh_as_a_browser_takes_it),
        cmocka_unit_test(test_the_header_comes_before_the_document),
        cmocka_unit_test(test_blocks_know_their_place),
        cmocka_unit_test(test_numbers_in_classes_do_not_change_paths),
        cmocka_unit_test(test_srcdoc_is_read_where_it_stands),
        cmocka_unit_test(test_plain_text_and_feeds),
        cmocka_unit_test(test_how_the_page_is_staged),
        cmocka_unit_test(test_the_colour_behind_the_page),
        cmocka_unit_test(test_covering_layers_are_told),
        cmocka_unit_test(test_what_may_show_more_is_told),
        cmocka_unit_test(test_what_is_drawn_is_read),
        cmocka_unit_test(test_the_last_declaration_counts),
        cmocka_unit_test(test_what_is_inside_may_undo_it),
        cmocka_unit_test(test_rules_not_understood_leave_doubt),
        cmocka_unit_test(test_sources_of_a_picture_are_seen),
        cmocka_unit_test(test_players_name_their_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
