/* See control_client.h. */
#include "cli/control_client.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char *control_path(const char *option)
{
    const char *named = getenv("VARTA_CONTROL");
    return option ? option : named && *named ? named : CONTROL_DEFAULT_PATH;
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    struct timeval patience = {.tv_sec = 30};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

bool control_listens(const char *path)
{
    int fd = dial(path);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void tell_why(const char *path, int error)
{
    if (error == -ENOENT || error == -ECONNREFUSED)
        cli_error("no varta watch listens at %s: is it running? --control names another socket", path);
    else if (error == -EACCES)
        cli_error("you may not talk to the daemon at %s: be root, its user, or of its group", path);
    else
        cli_error("cannot reach the daemon at %s: %s", path, strerror(-error));
}

/* Returns false, and has told why, for the daemon's own error and for a line that was not sent to its end. */
static bool take_line(const char *line, control_line_fn *each, void *context)
{
    json_t *object = json_loads(line, 0, NULL);
    const char *error = json_string_value(json_object_get(object, "error"));
    if (error)
        cli_error("%s", error);
    else if (object)
        each(context, object);
    else
        cli_error("the daemon broke off its answer");
    json_decref(object);
    return !error && object;
}

static int read_answer(FILE *stream, control_line_fn *each, void *context)
{
    char *line = NULL;
    size_t room = 0;
    int code = EXIT_FAILED;
    while (getline(&line, &room, stream) > 0) {
        if (line[0] == '\n') {
            code = code == EXIT_USAGE ? EXIT_FAILED : EXIT_NOTHING;
            break;
        }
        if (!take_line(line, each, context))
            code = EXIT_USAGE; /* told already */
    }
    if (code == EXIT_FAILED && (feof(stream) || ferror(stream)))
        cli_error("the daemon broke off its answer");
    free(line);
    return code == EXIT_USAGE ? EXIT_FAILED : code;
}

int control_ask(const char *path, json_t *request, control_line_fn *each, void *context)
{
    char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
    json_decref(request);
    int fd = text ? dial(path) : -ENOMEM;
    FILE *stream = fd >= 0 ? fdopen(fd, "r+e") : NULL;
    int code = EXIT_FAILED;
    if (!stream) {
        tell_why(path, fd);
    } else {
        fprintf(stream, "%s\n", text);
        fflush(stream);
        code = read_answer(stream, each, context);
        fclose(stream);
    }
    free(text);
    return code;
}
