/*
 * Put in the place of varta-read, or with PLANTED_OCR of varta-ocr: a parser that has been taken over. It
 * locks itself in as the real one does and reads as the real one, except that a page (or picture) with the
 * bytes "planted:NAME;" makes it do what NAME says first: a forbidden act, or a lie on its answering socket.
 * What it could do is told in the answer, so that nothing it succeeds in stays unseen.
 *
 * A file beside the program with ".lie" at its end makes the template itself lie, once: the file is removed.
 */
#include "forbidden_acts.h"

#include "os/memfile.h"
#include "os/spawn.h"
#include "wire/records.h"
#include "workers/roles.h"
#include "workers/template.h"
#ifndef PLANTED_OCR
#include "pipeline/read/read.h"
#endif

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAME_BYTES = 64, LINE_BYTES = 256, HEAD_BYTES = 24 };

#ifdef PLANTED_OCR
static const enum message_type takes = MESSAGE_PICTURE, gives = MESSAGE_PICTURE_TEXT;
#else
static const enum message_type takes = MESSAGE_READ, gives = MESSAGE_READING;
#endif

/* ---- lies ---- */

static int answering_socket(void)
{
    struct stat about;
    for (int fd = 3; fd < 16; fd++)
        if (fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode))
            return fd;
    return -1;
}

/* A message's head as wire/message.c writes it. The job's own number is not known here: `job` is a guess. */
static void send_raw(unsigned type, unsigned flags, uint64_t job, uint32_t size, const char *bytes,
                     size_t count)
{
    static char packet[128 << 10];
    buf_auto head = buf_new(HEAD_BYTES);
    put_u32(&head, 0x76617274);
    put_u16(&head, (uint16_t)type);
    put_u16(&head, (uint16_t)flags);
    put_u64(&head, job);
    put_u32(&head, size);
    put_u32(&head, 0);
    memcpy(packet, head.at, HEAD_BYTES);
    memcpy(packet + HEAD_BYTES, bytes, count);
    struct iovec part = {packet, HEAD_BYTES + count};
    struct msghdr datagram = {.msg_iov = &part, .msg_iovlen = 1};
    sendmsg(answering_socket(), &datagram, MSG_NOSIGNAL);
}

static _Noreturn void spin(void)
{
    for (volatile unsigned long i = 0;; i++)
        continue;
}

static void lie(const char *name)
{
    static const char zeros[100 << 10];
    if (strcmp(name, "lie_garbage") == 0)
        send_raw(0xFFFF, 0xFFFF, ~0ull, ~0u, zeros, 100);
    else if (strcmp(name, "lie_too_long") == 0)
        send_raw(gives, 0, 1, sizeof(zeros), zeros, sizeof(zeros));
    else if (strcmp(name, "lie_wrong_length") == 0)
        send_raw(gives, 0, 1, 1 << 30, zeros, 100);
    else if (strcmp(name, "lie_other_job") == 0)
        send_raw(gives, 0, 999999, 100, zeros, 100);
    else if (strcmp(name, "lie_no_memory_file") == 0)
        send_raw(gives, 1, 1, 100, zeros, 0);
    else if (strcmp(name, "lie_endless") == 0)
        for (;;)
            send_raw(gives, 0, 999999, 100, zeros, 100);
    else if (strcmp(name, "lie_and_spin") == 0)
        send_raw(gives, 0, 999999, 100, zeros, 100), spin();
    else if (strcmp(name, "spin") == 0)
        spin();
    else if (strcmp(name, "hang") == 0)
        syscall(SYS_futex, &(int){0}, 0 /* FUTEX_WAIT */, 0, NULL, NULL, 0);
    else if (strcmp(name, "silent") == 0)
        _exit(0);
    else if (strcmp(name, "crash") == 0)
        __builtin_trap(); /* abort() would signal, which is forbidden */
    else
        return;
    _exit(0);
}

static bool find_order(struct span input, char ret_name[NAME_BYTES])
{
    static const struct span mark = {"planted:", 8};
    const char *at = input.size ? memmem(input.at, input.size, mark.at, mark.size) : NULL;
    size_t length = 0;
    if (!at)
        return false;
    at += mark.size;
    while (length < NAME_BYTES - 1 && at + length < input.at + input.size && at[length] != ';')
        length++;
    memcpy(ret_name, at, length);
    ret_name[length] = '\0';
    return true;
}

/* After a while in which others are at work: their sockets would let it answer for them. */
static unsigned count_sockets(void)
{
    struct stat about;
    unsigned count = 0;
    for (volatile unsigned long i = 0; i < 30000000; i++)
        continue;
    for (int fd = 0; fd < 64; fd++)
        count += fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
    return count;
}

static void obey(const char *name, char ret_line[LINE_BYTES])
{
    lie(name);
    if (strncmp(name, "sockets", 7) == 0) {
        snprintf(ret_line, LINE_BYTES, "planted %s has %u sockets", name, count_sockets());
        return;
    }
    snprintf(ret_line, LINE_BYTES, "planted %s is not known", name);
    for (unsigned i = 0; i < forbidden_act_count; i++) {
        if (strcmp(forbidden_acts[i].name, name) != 0)
            continue;
        errno = 0;
        long result = forbidden_acts[i].act();
        snprintf(ret_line, LINE_BYTES, "planted %s %s %ld %s", name, result < 0 ? "refused" : "SUCCEEDED",
                 result, strerrorname_np(errno));
    }
}

/* ---- jobs ---- */

#ifdef PLANTED_OCR
static int job(void *context, struct span order, struct span input, struct buf *reply, int *ret_fd)
{
    (void)context, (void)order, (void)ret_fd;
    char name[NAME_BYTES], line[LINE_BYTES] = "";
    if (find_order(input, name))
        obey(name, line);
    struct picture_line one = {
        .text = span_of(line), .width = 100, .height = 20, .confidence = 990, .language = "und"};
    struct picture_text text = {
        .outcome = OUTCOME_OK, .width = 640, .height = 480, .lines = &one, .line_count = *line != 0};
    memcpy(text.format, "PNG", 4);
    picture_text_put(reply, &text);
    return 0;
}
#else
static void read_and_put(struct span input, const struct read_request *request, bool lie, struct buf *reply)
{
    struct reading reading;
    read_page(input, request, &reading);
    reading_put(reply, &reading);
    if (lie && reply->size)
        reply->size -= 1;
}

static int job(void *context, struct span order, struct span input, struct buf *reply, int *ret_fd)
{
    (void)context, (void)ret_fd;
    struct read_request request;
    arena_auto arena = arena_new(1 << 20);
    char name[NAME_BYTES], line[LINE_BYTES] = "";
    if (!read_request_get(order, &arena, &request))
        return -EBADMSG;
    bool ordered = find_order(input, name);
    bool cut = ordered && strcmp(name, "lie_cut_record") == 0;
    if (ordered && !cut)
        obey(name, line);
    read_and_put(*line ? span_of(line) : input, &request, cut, reply);
    return 0;
}
#endif

/* ---- a template that lies ---- */

static bool told_to_lie(char ret_what[NAME_BYTES])
{
    char path[PATH_MAX + 8];
    ssize_t size = readlink("/proc/self/exe", path, PATH_MAX);
    if (size < 0)
        return false;
    memcpy(path + size, ".lie", 5);
    FILE *file = fopen(path, "r");
    bool told = file && fgets(ret_what, NAME_BYTES, file);
    if (file)
        fclose(file);
    unlink(path);
    return told;
}

static int lie_as_template(const char *what)
{
    struct message order;
    buf_auto payload = buf_new(64);
    if (message_receive(SPAWN_CHANNEL, &order) <= 0)
        return EXIT_FAILURE;
    put_u32(&payload, strcmp(what, "ended_oddly") == 0 ? 0xFFFF : 0);
    if (strcmp(what, "ended_oddly") == 0)
        message_send(SPAWN_CHANNEL, MESSAGE_ENDED, order.job, buf_span(&payload), NULL, 0);
    else if (strcmp(what, "answers_itself") == 0)
        message_send(SPAWN_CHANNEL, gives, order.job, buf_span(&payload), NULL, 0);
    else if (strcmp(what, "foreign_type") == 0)
        message_send(SPAWN_CHANNEL, MESSAGE_FETCHED, order.job, buf_span(&payload), NULL, 0);
    else if (strcmp(what, "ready_with_rubbish") == 0)
        message_send(SPAWN_CHANNEL, MESSAGE_READY, 0, buf_span(&payload), NULL, 0);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    char what[NAME_BYTES];
    setlocale(LC_CTYPE, "C.UTF-8");
    if (told_to_lie(what))
        return lie_as_template(what);
    forbidden_acts_victim = getpid(); /* every job's order went through the template */
    struct template template = {
        .takes = takes,
        .gives = gives,
        .job = job,
        .limits = {.memory_bytes = ROLE_READ_MEMORY, .cpu_s = ROLE_READ_CPU_S, .file_bytes = ROLE_READ_REPLY},
        .input_bytes = ROLE_OCR_INPUT,
        .reply_bytes = ROLE_READ_REPLY,
        .deadline_ms = ROLE_READ_DEADLINE_MS,
        .level = template_level(argc, argv),
    };
#ifdef PLANTED_OCR
    return template_serve(&template, NULL);
#else
    struct read_prepared *prepared = read_prepare();
    int code = template_serve(&template, NULL);
    read_prepared_free(prepared);
    return code;
#endif
}
