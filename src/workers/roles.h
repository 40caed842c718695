/*
 * Who may reach what. One row a process, so that the question "what could it do if it were taken over?" has
 * one place.
 *
 *     process        network              files            store  parses hostile bytes     limits
 *     varta          none, hooks aside    store, lists     yes    never (only our codec)   -
 *     varta-fetch    public addresses     names, CAs           no     HTTP, TLS (libcurl)      fetch_limits.h
 *     varta-read     none                 none             no     charsets, HTML           ROLE_READ_*
 *     varta-ocr      none                 none             no     pictures                 ROLE_OCR_*
 *     varta-deliver  any address          names, CAs           no     its sink's answers       ROLE_DELIVER_*
 *     (one a sink)   file sinks: none     one folder       no     nothing
 *     varta-web      accepts on one socket  store and evidence   reads  requests of browsers     web_server.h
 *                    opens none             folder: to read                               ROLE_WEB_*
 *     varta-keep     none                 evidence folder  no     heads of HTTP, by lines  evidence_limits.h
 *                                                                                          ROLE_KEEP_*
 */
#pragma once

enum {
    ROLE_READ_INPUT = 8 << 20,     /* bytes: the fetch limit of a page, and some for files given by hand */
    ROLE_READ_REPLY = 48 << 20,    /* bytes: a page of the largest size as text, tables and inline pictures */
    ROLE_READ_MEMORY = 512 << 20,  /* bytes of address space: gumbo needs about 40 times the page */
    ROLE_READ_HEAP = 16 << 20,     /* bytes freed that stay: a child is gone before they could add up */
    ROLE_READ_CPU_S = 10,          /* seconds: the largest page takes about half a second */
    ROLE_READ_DEADLINE_MS = 20000, /* milliseconds of waiting for it, on a busy machine */
    ROLE_OCR_INPUT = 20 << 20,     /* bytes: the fetch limit of a picture, and some */
    ROLE_OCR_REPLY = 20 << 20,     /* bytes: text */
    ROLE_OCR_OVERLAY =
        64 << 20, /* bytes: the drawing of what was read where; a photograph of the largest size */
    ROLE_OCR_MEMORY =
        700 << 20,       /* bytes of address space: 80 MB models, libraries, 200 MiB for the picture */
    ROLE_OCR_CPU_S = 40, /* seconds: a full page of text takes about 3 */
    ROLE_OCR_DEADLINE_MS = 60000, /* milliseconds */
    ROLE_KEEP_INPUT = 48 << 20,   /* bytes of one moment: what does not fit is left out, pictures first */
    ROLE_KEEP_MEMORY =
        512 << 20,               /* bytes of address space: libraries, a moment, its records and its report */
    ROLE_WEB_MEMORY = 512 << 20, /* bytes of address space: with 10,000 pages it takes 28 MiB */
    ROLE_DELIVER_DETAIL = 1000,  /* bytes of a sink's words that are passed on */
};
