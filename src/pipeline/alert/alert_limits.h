/*
 * How much is told. What is told was written by an attacker and is read by people and machines that have
 * limits of their own, so each form has its ceiling here, with its unit and its reason. What meets one is cut
 * between characters, and a list that is cut says how much is left out.
 */
#pragma once

enum {
    /* a notice */
    NOTICE_BYTES =
        64 << 10,         /* bytes of JSON: a campaign of a thousand pages stays a message, its list is cut */
    NOTICE_ID_BYTES = 65, /* bytes, NUL included */
    NOTICE_DEPTH = 12,    /* objects and lists inside one another: a result needs 4 */
    NOTICE_LANGUAGES = 8, /* languages told */
    NOTICE_REASONS = 16,  /* reasons told */
    NOTICE_ARENA_BYTES = 1 << 20, /* bytes of the campaign's list as records: a page takes 64 bytes of JSON */
    ALERT_QUOTE_BYTES = 300,      /* bytes of the page in a sentence: two lines of a terminal */

    /* syslog */
    SYSLOG_LINE_BYTES =
        8192, /* bytes of a message over a stream: RFC 5424 asks for 2,048, rsyslog takes 8 KB */
    SYSLOG_DATAGRAM_BYTES = 2048, /* bytes in a datagram: what every receiver is to take (RFC 5424, 6.1) */
    SYSLOG_LONG_BYTES =
        240, /* bytes of an address or a name: escaped twice as long, both leave room in a datagram */
    SYSLOG_ID_BYTES = 64,    /* bytes of a notice's id */
    SYSLOG_SHORT_BYTES = 46, /* bytes of what is short when nobody meddles: an IPv6 address at most */

    /* journal */
    JOURNAL_VALUE_BYTES = 8192, /* bytes of one field: as a line of syslog */
    JOURNAL_FIELDS_BYTES =
        160 << 10, /* bytes of all: below what a datagram socket takes by default, 208 KiB */

    /* Nagios */
    NAGIOS_LINE_BYTES = 2048, /* bytes: half of what a command pipe takes in one piece */
    NAGIOS_NAME_BYTES = 255,  /* bytes of a host's or service's name: as much as it can be found by */
    NAGIOS_TEXT_BYTES = 1000, /* bytes of the output: with names and numbers below a line's */

    /* mail */
    MAIL_RECIPIENTS = 50,        /* addresses: RFC 5321 asks servers for 100 */
    MAIL_SUBJECT_BYTES = 300,    /* bytes: more is not shown in a list of mails */
    MAIL_QUOTE_BYTES = 4000,     /* bytes of the page's words: a screen or two */
    MAIL_FACT_BYTES = 2000,      /* bytes of one fact, as an address */
    MAIL_BODY_BYTES = 512 << 10, /* bytes: a notice as text, eight times over */
    MAIL_BYTES = 1 << 20,        /* bytes with headers and base64: below every server's limit */

    /* files */
    FILE_LINES_BYTES = 4 << 20, /* bytes written at once: a campaign's list, a line each */

    /* what sinks answer, and what is read for them */
    SINK_ANSWER_BYTES = 300,          /* bytes of an answer that are kept for the operator */
    SINK_AUTHORITIES_BYTES = 4 << 20, /* bytes of a PEM file: the system's has 220 KB */
    SECRET_BYTES = 1024,              /* bytes of a key or password, NUL included */

    /* what messages are recognised by */
    SKETCH_MESSAGE_BYTES = 20000, /* bytes of a message looked at: what is kept of one */
    SKETCH_WORDS = 4000,          /* words of it: as many as those bytes can hold */
};
