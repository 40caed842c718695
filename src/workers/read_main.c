/* varta-read: charsets and HTML, one child per page. No network, no files, nothing but its answer. */
#include "pipeline/read/read.h"
#include "wire/records.h"
#include "workers/roles.h"
#include "workers/template.h"

#include <errno.h>
#include <locale.h>

static int read_job(void *context, struct span order_bytes, struct span input, struct buf *reply, int *ret_fd)
{
    (void)context;
    (void)ret_fd;
    struct read_request request;
    arena_auto arena = arena_new(1 << 20);
    if (!read_request_get(order_bytes, &arena, &request))
        return -EBADMSG;
    struct reading reading;
    read_page(input, &request, &reading);
    reading_put(reply, &reading);
    return 0;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct read_prepared *prepared = read_prepare();
    struct template template = {
        .takes = MESSAGE_READ,
        .gives = MESSAGE_READING,
        .job = read_job,
        .limits = {.memory_bytes = ROLE_READ_MEMORY, .cpu_s = ROLE_READ_CPU_S, .file_bytes = ROLE_READ_REPLY},
        .input_bytes = ROLE_READ_INPUT,
        .reply_bytes = ROLE_READ_REPLY,
        .heap_bytes = ROLE_READ_HEAP,
        .deadline_ms = ROLE_READ_DEADLINE_MS,
        .level = template_level(argc, argv),
    };
    int code = template_serve(
        &template, prepared ? NULL : "iconv's modules are missing: East Asian pages may be misread");
    read_prepared_free(prepared);
    return code;
}
