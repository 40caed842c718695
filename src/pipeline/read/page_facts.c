/*
 * What a page points to: hosts of links, forms, scripts and frames, pictures, its own names. Only other hosts
 * than the page's own are kept, since a foreign one that appears overnight is a sign and one's own never is.
 */
#include "base/utf8.h"
#include "pipeline/read/declared_refresh.h"
#include "pipeline/read/page_colour.h"
#include "pipeline/read/page_state.h"
#include "pipeline/read/staging.h"

/* An address without a scheme points into the page's own host, or base's. */
static bool is_relative(struct span url)
{
    for (size_t i = 0; i < url.size; i++) {
        if (url.at[i] == ':')
            return false;
        if (url.at[i] == '/' || url.at[i] == '?' || url.at[i] == '#')
            return true;
    }
    return url.size > 0;
}

static void count_host(struct page *page, struct host_list *list, size_t *room, struct span url)
{
    char name[HOST_BYTES + 1];
    struct span host = {NULL, 0};
    if (!host_name_of(url, name, &host) && is_relative(url))
        host = page->base_host;
    if (host.size == 0 || (page->own_host.size > 0 && host_name_same(host, page->own_host)))
        return;
    page->cuts.hosts |= !host_name_count(&page->reading->arena, list, room, host);
}

/* ---- pictures --------------------------------------------------------------------------------------------
 */

static uint32_t number_of(struct span text)
{
    uint32_t number = 0;
    text = span_trim(text);
    for (size_t i = 0; i < text.size && text.at[i] >= '0' && text.at[i] <= '9' && number < 100000; i++)
        number = number * 10 + (uint32_t)(text.at[i] - '0');
    return span_ends(text, SPAN("%")) ? 0 : number;
}

static struct picture_ref describe(const struct page *page, const struct html_element *element,
                                   const struct page_frame *frame, enum picture_kind kind)
{
    struct picture_ref ref = {.kind = kind,
                              .hidden = frame->gone || frame->boxed || frame->invisible,
                              .layer = frame->layer,
                              .veil = frame->veil,
                              .width = number_of(html_value(element, ATTRIBUTE_WIDTH)),
                              .height = number_of(html_value(element, ATTRIBUTE_HEIGHT)),
                              .place = page->reading->letters + page->shown.letters};
    if (html_has(element, ATTRIBUTE_STYLE)) {
        struct style style = style_read(html_value(element, ATTRIBUTE_STYLE));
        ref.width = style.width ? style.width : ref.width;
        ref.height = style.height ? style.height : ref.height;
    }
    return ref;
}

static uint32_t add_picture(struct page *page, const struct html_element *element,
                            const struct page_frame *frame, enum attribute attribute, enum picture_kind kind)
{
    if (!html_has(element, attribute))
        return UINT32_MAX;
    struct picture_ref ref = describe(page, element, frame, kind);
    struct span url = html_value(element, attribute);
    if (kind != PICTURE_SOURCE)
        return picture_list_add(&page->pictures, url, &ref);
    uint32_t best = picture_list_add(&page->pictures, picture_best_of(url), &ref);
    uint32_t usual = picture_list_add(&page->pictures, picture_usual_of(url), &ref);
    return best == UINT32_MAX ? usual : best;
}

static void img(struct page *page, const struct html_element *element, const struct page_frame *frame)
{
    static const struct {
        enum attribute attribute;
        enum picture_kind kind;
    } ways[] = {
        {ATTRIBUTE_DATA_SRC, PICTURE_IMG},      {ATTRIBUTE_DATA_ORIGINAL, PICTURE_IMG},
        {ATTRIBUTE_DATA_LAZY_SRC, PICTURE_IMG}, {ATTRIBUTE_SRC, PICTURE_IMG},
        {ATTRIBUTE_SRCSET, PICTURE_SOURCE},     {ATTRIBUTE_DATA_SRCSET, PICTURE_SOURCE},
    };
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        uint32_t index = add_picture(page, element, frame, ways[i].attribute, ways[i].kind);
        first = first == UINT32_MAX ? index : first;
    }
    page_add_aside(page, html_value(element, ATTRIBUTE_ALT), ORIGIN_ATTRIBUTE, first);
}

/* Browsers take the first source whose conditions hold; the first is the best guess. A source shows nothing
 * itself: the picture element around it says whether it is seen. */
static void source(struct page *page, const struct html_element *element)
{
    struct page_frame *parent = page->depth >= 2 ? &page->frames[page->depth - 2] : NULL;
    if (!parent || parent->element != ELEMENT_PICTURE || parent->seen)
        return;
    parent->seen = true;
    add_picture(page, element, parent, ATTRIBUTE_SRCSET, PICTURE_SOURCE);
    add_picture(page, element, parent, ATTRIBUTE_DATA_SRCSET, PICTURE_SOURCE);
}

static void style_pictures(struct page *page, const struct html_element *element,
                           const struct page_frame *frame)
{
    struct span style = html_value(element, ATTRIBUTE_STYLE);
    if (span_find_nocase(style, SPAN("url("), 0) >= style.size &&
        span_find_nocase(style, SPAN("image-set("), 0) >= style.size)
        return;
    struct picture_ref ref = describe(page, element, frame, PICTURE_BACKGROUND);
    picture_list_add_style(&page->pictures, style, &ref);
}

/* ---- elements --------------------------------------------------------------------------------------------
 */

static void input(struct page *page, const struct html_element *element, const struct page_frame *frame)
{
    struct span type = html_value(element, ATTRIBUTE_TYPE);
    struct span value = html_value(element, ATTRIBUTE_VALUE);
    count_host(page, &page->reading->forms, &page->rooms.forms, html_value(element, ATTRIBUTE_FORMACTION));
    if (span_equal_nocase(type, SPAN("hidden")))
        return;
    if (span_equal_nocase(type, SPAN("password"))) {
        page->reading->password_count++;
        value.size = 0;
    }
    if (span_equal_nocase(type, SPAN("image"))) {
        uint32_t index = add_picture(page, element, frame, ATTRIBUTE_SRC, PICTURE_IMG);
        page_add_aside(page, html_value(element, ATTRIBUTE_ALT), ORIGIN_ATTRIBUTE, index);
        return;
    }
    if (!span_equal_nocase(type, SPAN("checkbox")) && !span_equal_nocase(type, SPAN("radio")))
        page_add_drawn(page, value);
    page_add_aside(page, html_value(element, ATTRIBUTE_PLACEHOLDER), ORIGIN_ATTRIBUTE, UINT32_MAX);
}

static void meta_equiv(struct page *page, struct span name, struct span content,
                       const struct page_frame *frame)
{
    if (span_equal_nocase(name, SPAN("refresh")) && !frame->noscript)
        declared_refresh_take(page->reading, content);
    else if (span_equal_nocase(name, SPAN("content-language")) && page->reading->language.size == 0)
        page->reading->language = arena_copy(&page->reading->arena, utf8_prefix(span_trim(content), 64));
}

static void meta(struct page *page, const struct html_element *element, const struct page_frame *frame)
{
    struct span content = html_value(element, ATTRIBUTE_CONTENT);
    struct span name =
        html_value(element, html_has(element, ATTRIBUTE_PROPERTY) ? ATTRIBUTE_PROPERTY : ATTRIBUTE_NAME);
    if (html_has(element, ATTRIBUTE_HTTP_EQUIV))
        meta_equiv(page, html_value(element, ATTRIBUTE_HTTP_EQUIV), content, frame);
    if (span_equal_nocase(name, SPAN("description")) || span_equal_nocase(name, SPAN("og:description")) ||
        span_equal_nocase(name, SPAN("og:title")))
        page_add_aside(page, content, ORIGIN_META, UINT32_MAX);
    if (span_equal_nocase(name, SPAN("og:image")))
        add_picture(page, element, frame, ATTRIBUTE_CONTENT, PICTURE_SOCIAL);
}

/* Without what changes from look to look. */
static struct span without_query(struct span url)
{
    size_t end = 0;
    while (end < url.size && url.at[end] != '?' && url.at[end] != '#')
        end++;
    return span_cut(url, 0, span_starts(url, SPAN("data:")) ? url.size : end);
}

static void link_element(struct page *page, const struct html_element *element,
                         const struct page_frame *frame)
{
    struct span rel = html_value(element, ATTRIBUTE_REL);
    if (span_find_nocase(rel, SPAN("stylesheet"), 0) < rel.size && page->level == 0)
        page_sign(page, SIGN_SHEET, without_query(html_value(element, ATTRIBUTE_HREF)));
    if (span_find_nocase(rel, SPAN("icon"), 0) < rel.size)
        add_picture(page, element, frame, ATTRIBUTE_HREF, PICTURE_ICON);
}

static void base(struct page *page, struct span href)
{
    if (page->reading->base.size > 0 || href.size == 0 || page->level > 0)
        return;
    page->reading->base = arena_copy(&page->reading->arena, utf8_prefix(span_trim(href), READ_URL_BYTES));
    struct span host;
    if (host_name_of(href, page->base_room, &host))
        page->base_host = host;
}

static void embedded(struct page *page, const struct html_element *element, const struct page_frame *frame,
                     enum attribute attribute)
{
    struct span type = html_value(element, ATTRIBUTE_TYPE);
    if (span_equal_nocase(span_cut(type, 0, 6), SPAN("image/")))
        add_picture(page, element, frame, attribute, PICTURE_IMG);
    else
        count_host(page, &page->reading->frames, &page->rooms.frames, html_value(element, attribute));
}

static void link_to(struct page *page, const struct html_element *element)
{
    struct reading *reading = page->reading;
    if (!html_has(element, ATTRIBUTE_HREF))
        return;
    reading->link_count++;
    count_host(page, &reading->links, &page->rooms.links, html_value(element, ATTRIBUTE_HREF));
}

static void stage(struct page *page, uint8_t staging)
{
    page->reading->staging |= staging;
}

/* A silent film behind the title is an ornament of many a home page; sound that starts by itself is not. */
static void player(struct page *page, const struct html_element *element)
{
    struct span url = html_value(element, ATTRIBUTE_SRC);
    count_host(page, &page->reading->frames, &page->rooms.frames, url);
    if (html_has(element, ATTRIBUTE_AUTOPLAY) && !html_has(element, ATTRIBUTE_MUTED))
        stage(page, STAGING_SOUND);
}

/* The source of a player; that of a picture is no host of its own. */
static void media_source(struct page *page, const struct html_element *element)
{
    enum element parent = page->depth >= 2 ? page->frames[page->depth - 2].element : ELEMENT_OTHER;
    if (parent == ELEMENT_AUDIO || parent == ELEMENT_VIDEO)
        count_host(page, &page->reading->frames, &page->rooms.frames, html_value(element, ATTRIBUTE_SRC));
}

/* Of html and body, the last to name a colour stands in front. */
static void page_background(struct page *page, const struct html_element *element)
{
    uint32_t rgb;
    if (page_colour_parse(html_value(element, ATTRIBUTE_BGCOLOR), &rgb))
        page->reading->background = READING_BACKGROUND | rgb;
    if (page_colour_of_style(html_value(element, ATTRIBUTE_STYLE), &rgb))
        page->reading->background = READING_BACKGROUND | rgb;
}

static void whole_page_staging(struct page *page, const struct html_element *element)
{
    stage(page, staging_of_colour(html_value(element, ATTRIBUTE_BGCOLOR)));
    stage(page, staging_of_style(html_value(element, ATTRIBUTE_STYLE)));
    if (html_has(element, ATTRIBUTE_ONCONTEXTMENU) || html_has(element, ATTRIBUTE_ONSELECTSTART))
        stage(page, STAGING_LOCKED);
}

/* What another page shows inside this one is not fetched; one that is hidden or for the scriptless shows
 * nothing. The element's own content is never shown, so what is around it says whether it is seen. */
static void framed_page(struct page *page, const struct html_element *element, const struct page_frame *frame)
{
    const struct page_frame *around = frame - 1;
    struct style style = style_read(html_value(element, ATTRIBUTE_STYLE));
    bool away = style.values[STYLE_DISPLAY] == DISPLAY_NONE || style.trick != TRICK_NONE;
    bool seen = !away && !around->hidden && !frame->invisible && !frame->noscript;
    if (html_value(element, ATTRIBUTE_SRC).size && seen)
        stage(page, STAGING_UNREAD);
    stage(page, staging_of_player(html_value(element, ATTRIBUTE_SRC)));
}

/* What is shown and not read. Its own content is never shown, so what is around it says whether it is seen.
 */
static void unread(struct page *page, const struct page_frame *frame, struct span url)
{
    const struct page_frame *around = frame - 1;
    if (frame->off || around->hidden || frame->invisible || frame->noscript)
        return;
    if (frame->veil)
        page_sign(page, SIGN_VEIL, SPAN(""));
    if (url.size)
        page_sign(page, SIGN_FRAME, without_query(url));
}

static void staging_facts(struct page *page, const struct html_element *element,
                          const struct page_frame *frame)
{
    switch ((int)element->element) {
    case ELEMENT_VIDEO:
        unread(page, frame, (struct span){NULL, 0});
        stage(page, STAGING_UNREAD);
        player(page, element);
        break;
    case ELEMENT_AUDIO: player(page, element); break;
    case ELEMENT_SOURCE: media_source(page, element); break;
    case ELEMENT_EMBED:
        unread(page, frame, html_value(element, ATTRIBUTE_SRC));
        stage(page, STAGING_UNREAD);
        stage(page, staging_of_player(html_value(element, ATTRIBUTE_SRC)));
        break;
    case ELEMENT_IFRAME:
    case ELEMENT_FRAME:
        if (html_value(element, ATTRIBUTE_SRC).size)
            unread(page, frame, html_value(element, ATTRIBUTE_SRC));
        framed_page(page, element, frame);
        break;
    case ELEMENT_OBJECT:
        unread(page, frame, html_value(element, ATTRIBUTE_DATA));
        stage(page, STAGING_UNREAD);
        break;
    case ELEMENT_CANVAS: stage(page, STAGING_UNREAD); break;
    case ELEMENT_MARQUEE: stage(page, STAGING_SCROLLING); break;
    case ELEMENT_HTML:
    case ELEMENT_BODY:
        whole_page_staging(page, element);
        page_background(page, element);
        break;
    case ELEMENT_OTHER:
        if (span_equal_nocase(element->name, SPAN("bgsound")))
            stage(page, STAGING_SOUND);
        else if (span_equal_nocase(element->name, SPAN("blink")))
            stage(page, STAGING_SCROLLING);
        break;
    default: break;
    }
}

static void foreign_facts(struct page *page, const struct html_element *element,
                          const struct page_frame *frame)
{
    if (element->element == ELEMENT_A)
        link_to(page, element);
    if (element->element == ELEMENT_SVG && page->level == 0)
        stage(page, STAGING_UNREAD);
    if (!span_equal_nocase(element->name, SPAN("image")))
        return;
    bool old = html_has(element, ATTRIBUTE_XLINK_HREF);
    add_picture(page, element, frame, old ? ATTRIBUTE_XLINK_HREF : ATTRIBUTE_HREF, PICTURE_IMG);
}

/* Elements that point to other pages and programs; false when it is none of them. */
static bool host_facts(struct page *page, const struct html_element *element, const struct page_frame *frame)
{
    struct reading *reading = page->reading;
    switch ((int)element->element) {
    case ELEMENT_A:
    case ELEMENT_AREA: link_to(page, element); break;
    case ELEMENT_FORM:
        reading->form_count++;
        count_host(page, &reading->forms, &page->rooms.forms, html_value(element, ATTRIBUTE_ACTION));
        break;
    case ELEMENT_BUTTON:
        count_host(page, &reading->forms, &page->rooms.forms, html_value(element, ATTRIBUTE_FORMACTION));
        break;
    case ELEMENT_SCRIPT:
        reading->script_count++;
        count_host(page, &reading->scripts, &page->rooms.scripts, html_value(element, ATTRIBUTE_SRC));
        break;
    case ELEMENT_IFRAME:
    case ELEMENT_FRAME:
        count_host(page, &reading->frames, &page->rooms.frames, html_value(element, ATTRIBUTE_SRC));
        break;
    case ELEMENT_OBJECT: embedded(page, element, frame, ATTRIBUTE_DATA); break;
    case ELEMENT_EMBED: embedded(page, element, frame, ATTRIBUTE_SRC); break;
    default: return false;
    }
    return true;
}

static void element_facts(struct page *page, const struct html_element *element, struct page_frame *frame)
{
    struct reading *reading = page->reading;
    switch ((int)element->element) {
    case ELEMENT_HTML:
        if (page->level == 0 && html_has(element, ATTRIBUTE_LANG))
            reading->language =
                arena_copy(&reading->arena, utf8_prefix(span_trim(html_value(element, ATTRIBUTE_LANG)), 64));
        break;
    case ELEMENT_IMG: img(page, element, frame); break;
    case ELEMENT_SOURCE: source(page, element); break;
    case ELEMENT_INPUT: input(page, element, frame); break;
    case ELEMENT_TEXTAREA:
        page_add_aside(page, html_value(element, ATTRIBUTE_PLACEHOLDER), ORIGIN_ATTRIBUTE, UINT32_MAX);
        break;
    case ELEMENT_OPTGROUP: page_add_drawn(page, html_value(element, ATTRIBUTE_LABEL)); break;
    case ELEMENT_META: meta(page, element, frame); break;
    case ELEMENT_LINK: link_element(page, element, frame); break;
    case ELEMENT_BASE: base(page, html_value(element, ATTRIBUTE_HREF)); break;
    case ELEMENT_VIDEO: add_picture(page, element, frame, ATTRIBUTE_POSTER, PICTURE_IMG); break;
    case ELEMENT_BODY:
    case ELEMENT_TABLE:
    case ELEMENT_TR:
    case ELEMENT_TD:
    case ELEMENT_TH: add_picture(page, element, frame, ATTRIBUTE_BACKGROUND, PICTURE_BACKGROUND); break;
    default: break;
    }
}

void page_facts(struct page *page, const struct html_element *element, struct page_frame *frame)
{
    if (element->foreign)
        foreign_facts(page, element, frame);
    else if (!host_facts(page, element, frame))
        element_facts(page, element, frame);
    if (!element->foreign && page->level == 0)
        staging_facts(page, element, frame);
    if (html_has(element, ATTRIBUTE_STYLE)) {
        drawn_words(page, html_value(element, ATTRIBUTE_STYLE));
        style_pictures(page, element, frame);
    }
}
