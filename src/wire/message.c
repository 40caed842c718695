/* Sending and receiving; see message.h. */
#include "wire/message.h"

#include "os/memfile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAGIC = 0x76617274, INLINE_LIMIT = 32768, IN_MEMFILE = 1, MAX_TYPE = MESSAGE_TOLD };

struct head {
    uint32_t magic;
    uint16_t type;
    uint16_t flags;
    uint64_t job;
    uint32_t size; /* of the payload, wherever it is */
    uint32_t spare;
};

struct packet {
    struct head head;
    char payload[INLINE_LIMIT];
};

union control {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int) * (MESSAGE_MAX_FDS + 1))];
};

static int send_parts(int channel, const struct head *head, struct span payload, const int *fds,
                      size_t fd_count)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)head, sizeof(*head)},
                             {(void *)(uintptr_t)payload.at, payload.size}};
    union control control = {0};
    struct msghdr datagram = {.msg_iov = parts, .msg_iovlen = payload.size ? 2 : 1};
    if (fd_count) {
        datagram.msg_control = control.room;
        datagram.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        struct cmsghdr *passed = &control.align;
        passed->cmsg_level = SOL_SOCKET;
        passed->cmsg_type = SCM_RIGHTS;
        passed->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(passed), fds, sizeof(int) * fd_count);
    }
    while (sendmsg(channel, &datagram, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

int message_send(int channel, enum message_type type, uint64_t job, struct span payload, const int *fds,
                 size_t fd_count)
{
    if (payload.size > MESSAGE_MAX_PAYLOAD || fd_count > MESSAGE_MAX_FDS)
        return -EMSGSIZE;
    struct head head = {.magic = MAGIC, .type = (uint16_t)type, .job = job, .size = (uint32_t)payload.size};
    if (payload.size <= INLINE_LIMIT)
        return send_parts(channel, &head, payload, fds, fd_count);
    int all[MESSAGE_MAX_FDS + 1];
    all[0] = memfile_new("message", payload);
    if (all[0] < 0)
        return all[0];
    if (fd_count)
        memcpy(all + 1, fds, sizeof(int) * fd_count);
    head.flags = IN_MEMFILE;
    int result = send_parts(channel, &head, (struct span){NULL, 0}, all, fd_count + 1);
    close(all[0]);
    return result;
}

/* Collects the descriptors that came, so that none is ever lost, however odd the message. */
static size_t collect_fds(struct msghdr *datagram, int *ret_fds)
{
    size_t count = 0;
    for (struct cmsghdr *passed = CMSG_FIRSTHDR(datagram); passed; passed = CMSG_NXTHDR(datagram, passed)) {
        if (passed->cmsg_level != SOL_SOCKET || passed->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (passed->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(passed) + i * sizeof(int), sizeof(int));
            if (count <= MESSAGE_MAX_FDS)
                ret_fds[count++] = fd;
            else
                close(fd);
        }
    }
    return count;
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* An inline payload stays where it came; the packet goes with it. */
static int take_payload(struct packet *packet, size_t size, int *fds, size_t *fd_count,
                        struct message *message)
{
    if (packet->head.flags & IN_MEMFILE) {
        if (*fd_count == 0 || size != 0)
            return -EBADMSG;
        int result = memfile_map(fds[0], MESSAGE_MAX_PAYLOAD, false, &message->payload);
        close(fds[0]);
        memmove(fds, fds + 1, sizeof(int) * --*fd_count);
        message->storage = (void *)(uintptr_t)message->payload.at;
        message->mapped = true;
        return result < 0 || message->payload.size != packet->head.size ? -EBADMSG : 0;
    }
    if (size != packet->head.size)
        return -EBADMSG;
    message->storage = packet;
    message->payload = (struct span){packet->payload, size};
    return 0;
}

static bool plausible(const struct packet *packet, size_t got, int flags)
{
    return got >= sizeof(struct head) && !(flags & (MSG_TRUNC | MSG_CTRUNC)) && packet->head.magic == MAGIC &&
           packet->head.type >= 1 && packet->head.type <= MAX_TYPE && packet->head.flags <= IN_MEMFILE;
}

/* Reads one datagram into the packet; returns its size, 0 at the end, or a negative errno. */
static ssize_t read_packet(int channel, struct packet *packet, int *ret_fds, size_t *ret_fd_count,
                           int *ret_flags)
{
    struct iovec part = {packet, sizeof(*packet)};
    union control control;
    struct msghdr datagram = {.msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.room,
                              .msg_controllen = sizeof(control.room)};
    ssize_t got;
    do
        got = recvmsg(channel, &datagram, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    *ret_fd_count = collect_fds(&datagram, ret_fds);
    *ret_flags = datagram.msg_flags;
    return got;
}

/* The packet is not on the stack: a template that forks would have each of its pages copied with each job. */
int message_receive(int channel, struct message *ret_message)
{
    int fds[MESSAGE_MAX_FDS + 1], flags = 0;
    size_t fd_count = 0;
    struct packet *packet = malloc(sizeof(*packet));
    if (!packet)
        return -ENOMEM;
    struct message message = {0};
    ssize_t got = read_packet(channel, packet, fds, &fd_count, &flags);
    int result = got <= 0 ? (int)got : -EBADMSG;
    if (got > 0 && plausible(packet, (size_t)got, flags))
        result = take_payload(packet, (size_t)got - sizeof(struct head), fds, &fd_count, &message);
    if (got > 0 && result == 0 && fd_count > MESSAGE_MAX_FDS)
        result = -EBADMSG;
    if (got <= 0 || result < 0) {
        close_all(fds, fd_count);
        if (message.mapped)
            memfile_unmap(message.payload);
        free(packet);
        return result;
    }
    message.type = (enum message_type)packet->head.type;
    message.job = packet->head.job;
    message.fd_count = fd_count;
    memcpy(message.fds, fds, sizeof(int) * fd_count);
    if (message.mapped)
        free(packet);
    *ret_message = message;
    return 1;
}

void message_free(struct message *message)
{
    if (message->mapped)
        memfile_unmap((struct span){message->storage, message->payload.size});
    else
        free(message->storage);
    close_all(message->fds, message->fd_count);
    *message = (struct message){0};
}

int message_take_fd(struct message *message, size_t index)
{
    if (index >= message->fd_count)
        return -1;
    int fd = message->fds[index];
    message->fds[index] = -1;
    return fd;
}
