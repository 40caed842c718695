/*
 * The elements and attributes that mean something to the reading, apart from any parser's numbering: if the
 * parser is replaced, these names stay.
 */
#pragma once

#include "base/span.h"

#include <stdint.h>

/* name, how a browser lays it out by itself */
#define ELEMENT_LIST(X)                                                                                      \
    X(A, "a", INLINE)                                                                                        \
    X(ADDRESS, "address", BLOCK)                                                                             \
    X(AREA, "area", NONE)                                                                                    \
    X(ARTICLE, "article", BLOCK) X(ASIDE, "aside", BLOCK) X(AUDIO, "audio", FALLBACK) X(                     \
        BASE, "base", NONE) X(BASEFONT, "basefont", NONE) X(BLOCKQUOTE, "blockquote", BLOCK)                 \
        X(BODY, "body", BLOCK) X(BR, "br", INLINE) X(BUTTON, "button", INLINE) X(                            \
            CANVAS, "canvas", FALLBACK) X(CAPTION, "caption", BLOCK) X(CENTER, "center",                     \
                                                                       BLOCK) X(COL, "col", NONE)            \
            X(COLGROUP, "colgroup", NONE) X(DATALIST, "datalist", NONE) X(DD, "dd", BLOCK) X(                \
                DETAILS, "details",                                                                          \
                BLOCK) X(DIALOG, "dialog", BLOCK)                                                            \
                X(DIR, "dir", BLOCK) X(DIV, "div", BLOCK) X(DL, "dl", BLOCK) X(DT, "dt", BLOCK) X(           \
                    EMBED,                                                                                   \
                    "embed", FALLBACK) X(FIELDSET, "fieldset",                                               \
                                         BLOCK) X(FIGCAPTION, "figcaption", BLOCK)                           \
                    X(FIGURE, "figure", BLOCK) X(FOOTER, "footer", BLOCK) X(FORM, "form", BLOCK) X(          \
                        FRAME, "frame",                                                                      \
                        BLOCK) X(FRAMESET, "frameset",                                                       \
                                 BLOCK) X(H1, "h1", BLOCK)                                                   \
                        X(H2, "h2", BLOCK) X(H3, "h3", BLOCK) X(H4, "h4", BLOCK) X(H5, "h5", BLOCK) X(       \
                            H6,                                                                              \
                            "h6",                                                                            \
                            BLOCK) X(HEAD, "head",                                                           \
                                     NONE) X(HEADER, "header",                                               \
                                             BLOCK) X(HGROUP, "hgroup", BLOCK)                               \
                            X(HR, "hr", BLOCK) X(HTML, "html", BLOCK) X(IFRAME, "iframe", FALLBACK) X(       \
                                IMG, "img",                                                                  \
                                INLINE) X(INPUT, "input", INLINE)                                            \
                                X(LEGEND, "legend", BLOCK) X(LI, "li", BLOCK) X(LINK, "link", NONE) X(       \
                                    LISTING, "listing",                                                      \
                                    BLOCK) X(MAIN, "main",                                                   \
                                             BLOCK) X(MARQUEE, "marquee", INLINE)                            \
                                    X(MATH, "math",                                                          \
                                      INLINE) X(MENU, "menu", BLOCK)                                         \
                                        X(META, "meta", NONE) X(METER, "meter", FALLBACK) X(                 \
                                            NAV, "nav",                                                      \
                                            BLOCK) X(NOEMBED, "noembed",                                     \
                                                     NONE) X(NOFRAMES, "noframes",                           \
                                                             NONE) X(NOSCRIPT, "noscript",                   \
                                                                     INLINE) X(OBJECT, "object",             \
                                                                               INLINE) X(OL, "ol", BLOCK)    \
                                            X(OPTGROUP, "optgroup", BLOCK) X(OPTION, "option", BLOCK) X(     \
                                                P, "p",                                                      \
                                                BLOCK) X(PARAM, "param",                                     \
                                                         NONE) X(PICTURE, "picture", INLINE)                 \
                                                X(PLAINTEXT, "plaintext", BLOCK) X(PRE, "pre", BLOCK) X(     \
                                                    PROGRESS,                                                \
                                                    "progress",                                              \
                                                    FALLBACK) X(RP, "rp", NONE)                              \
                                                    X(SCRIPT, "script", NONE) X(SEARCH, "search", BLOCK) X(  \
                                                        SECTION, "section",                                  \
                                                        BLOCK) X(SELECT, "select", INLINE)                   \
                                                        X(SOURCE, "source", NONE) X(SPAN, "span", INLINE) X( \
                                                            STYLE, "style",                                  \
                                                            NONE) X(SUMMARY, "summary", BLOCK)               \
                                                            X(SVG, "svg", INLINE) X(TABLE, "table", BLOCK)   \
                                                                X(TBODY, "tbody", BLOCK) X(TD, "td", CELL)   \
                                                                    X(TEMPLATE, "template",                  \
                                                                      NONE) X(TEXT, "text", INLINE)          \
                                                                        X(TEXTAREA, "textarea",              \
                                                                          INLINE) X(TFOOT, "tfoot",          \
                                                                                    BLOCK) X(TH, "th", CELL) \
                                                                            X(THEAD, "thead",                \
                                                                              BLOCK) X(TITLE, "title", NONE) \
                                                                                X(TR, "tr", BLOCK) X(        \
                                                                                    TRACK, "track",          \
                                                                                    NONE) X(UL, "ul", BLOCK) \
                                                                                    X(VIDEO, "video",        \
                                                                                      FALLBACK)              \
                                                                                        X(XMP, "xmp", BLOCK)

enum element {
#define X(symbol, text, layout) ELEMENT_##symbol,
    ELEMENT_LIST(X)
#undef X
        ELEMENT_OTHER, /**< laid out inline, as browsers do with names they do not know */
    ELEMENT_COUNT
};

enum layout {
    LAYOUT_INLINE,
    LAYOUT_BLOCK,
    LAYOUT_CELL,     /**< a block, but not for the flow around it */
    LAYOUT_NONE,     /**< never shown */
    LAYOUT_FALLBACK, /**< its content is shown only by browsers that do not know the element */
};

enum layout element_layout(enum element element);

/** The name in small letters; "" for ELEMENT_OTHER. */
struct span element_name(enum element element);

/** By name without regard to case; ELEMENT_OTHER for any other name. */
enum element element_by_name(struct span name);

/** 1 to 6 for h1 to h6, else 0. */
int element_heading(enum element element);

#define ATTRIBUTE_LIST(X)                                                                                    \
    X(ACTION, "action")                                                                                      \
    X(ALT, "alt")                                                                                            \
    X(BACKGROUND, "background")                                                                              \
    X(AUTOPLAY, "autoplay") X(AUTOSTART, "autostart") X(BGCOLOR, "bgcolor") X(CHARSET, "charset") X(CLASS, "class") X(COLOR, "color") X(CONTENT, "content")    \
        X(DATA, "data") X(DATA_LAZY_SRC, "data-lazy-src") X(DATA_ORIGINAL, "data-original")                  \
            X(DATA_SRC, "data-src") X(DATA_SRCSET, "data-srcset") X(FORMACTION, "formaction")                \
                X(HEIGHT, "height") X(HIDDEN, "hidden") X(HREF, "href") X(HTTP_EQUIV, "http-equiv")          \
                    X(ID, "id") X(LABEL, "label") X(LANG, "lang") X(MUTED, "muted") X(NAME, "name") X(ONCONTEXTMENU, "oncontextmenu") X(ONSELECTSTART, "onselectstart") X(OPEN, "open")            \
                        X(PLACEHOLDER, "placeholder") X(POSTER, "poster") X(PROPERTY, "property")            \
                            X(REL, "rel") X(SHADOWROOTMODE, "shadowrootmode") X(SRC, "src") X(SRCDOC, "srcdoc") X(SRCSET, "srcset")              \
                                X(STYLE, "style") X(TYPE, "type") X(VALUE, "value") X(WIDTH, "width")        \
                                    X(XLINK_HREF, "xlink:href")

enum attribute {
#define X(symbol, text) ATTRIBUTE_##symbol,
    ATTRIBUTE_LIST(X)
#undef X
        ATTRIBUTE_COUNT
};

/** By name in small letters; ATTRIBUTE_COUNT for any other name. */
enum attribute attribute_by_name(struct span name);
