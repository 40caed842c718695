/*
 * Messages between the processes, over SOCK_SEQPACKET: one fixed header, a payload, up to a few descriptors.
 * A payload too long for one datagram travels in a sealed memory file, without the reader noticing. The
 * sender may be taken over by an attacker: every length is checked against a ceiling before anything is
 * mapped or copied.
 */
#pragma once

#include "base/buf.h"

#include <stdint.h>

enum message_type {
    MESSAGE_FETCH = 1,    /**< supervisor → fetch: a fetch_order */
    MESSAGE_FETCHED,      /**< fetch → supervisor: a capture; the body's memory file unless there is none */
    MESSAGE_READ,         /**< supervisor → read: a read_request; body, reply socket */
    MESSAGE_READING,      /**< read child → supervisor: a reading */
    MESSAGE_PICTURE,      /**< supervisor → ocr: a picture_order; picture, reply socket */
    MESSAGE_PICTURE_TEXT, /**< ocr child → supervisor: a picture_text and the overlay's memory file if asked
                             for; of an order to copy, a picture_copy and the PNG's memory file */
    MESSAGE_ENDED,        /**< template → supervisor: how a job's child ended, an outcome */
    MESSAGE_READY,     /**< helper → supervisor: it is set up; a text that says what is missing, or empty */
    MESSAGE_SINK,      /**< supervisor → deliver, once and first: a sink_order */
    MESSAGE_DELIVER,   /**< supervisor → deliver: a notice, JSON */
    MESSAGE_DELIVERED, /**< deliver → supervisor: a delivered */
    MESSAGE_KEEP,      /**< supervisor → keep: a keep_order */
    MESSAGE_KEPT,      /**< keep → supervisor: a kept */
    MESSAGE_CLEAR,     /**< supervisor → keep: a clear_order */
    MESSAGE_CLEARED,   /**< keep → supervisor: a kept */
    MESSAGE_OVER, /**< supervisor → template: the job has ended; whatever its child still does is ended too */
    MESSAGE_WEB,  /**< supervisor → web, once and first: a web_order; the listening socket */
    MESSAGE_ROLL, /**< supervisor → web: the pages that are watched, a web_roll */
    MESSAGE_ASK,  /**< web → supervisor: one request of the control socket, JSON */
    MESSAGE_TOLD, /**< supervisor → web: the answer, JSON Lines */
};

enum { MESSAGE_MAX_FDS = 3, MESSAGE_MAX_PAYLOAD = 64 << 20 };

struct message {
    enum message_type type;
    uint64_t job;
    struct span payload;
    int fds[MESSAGE_MAX_FDS]; /**< fd_count descriptors, owned by the message; taken ones are set to -1 */
    size_t fd_count;
    void *storage;    /**< owned: what the payload lives in */
    bool mapped;      /**< storage is a mapping */
    bool refused;     /**< set by whoever could not decode the payload: its sender is ended */
    uint32_t took_ms; /**< set by whoever asked: milliseconds since it was asked for */
};

/**
 * Sends a message; the descriptors stay the caller's. Returns 0, -EAGAIN when the socket is non-blocking and
 * full, or a negative errno.
 */
int message_send(int channel, enum message_type type, uint64_t job, struct span payload, const int *fds,
                 size_t fd_count);

/**
 * Receives the next message into `*ret_message` (free it with message_free()). Returns 1, 0 when the other
 * end is gone, -EAGAIN when the socket is non-blocking and empty, -EBADMSG when what came is malformed, or a
 * negative errno.
 */
int message_receive(int channel, struct message *ret_message);

void message_free(struct message *message);

/** Takes descriptor `index` out of the message; -1 when it has none there. The caller closes it. */
int message_take_fd(struct message *message, size_t index);
