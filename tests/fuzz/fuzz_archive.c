/*
 * Keeps a moment made of anything, as varta-keep would: its order goes through the codec and into a folder.
 * The fields are parted by the byte 31: name, who watches, dossier, verdict, then for each answer its
 * address, its media type, both heads, the place that answered and the body. What is kept must verify, its
 * archive must be records of the declared length with fields of ours only, its index lines of the right form.
 */
#include "pipeline/evidence/evidence.h"
#include "wire/records.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { ANSWERS = 8, FIELD = 31, NOW_S = 1642126385, PATH_BYTES = 400, WHOLE_BYTES = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition, const char *rule)
{
    if (condition)
        return;
    fprintf(stderr, "%s\n", rule);
    abort();
}

/* ---- the folder, which is emptied for each input ---- */

static char folder[64];

static void empty(const char *path)
{
    DIR *entries = opendir(path);
    for (const struct dirent *entry; entries && (entry = readdir(entries));) {
        char below[PATH_BYTES];
        if (entry->d_name[0] == '.' && (!entry->d_name[1] || entry->d_name[1] == '.'))
            continue;
        snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
        if (unlink(below) < 0) {
            empty(below);
            rmdir(below);
        }
    }
    if (entries)
        closedir(entries);
}

static void clear_away(void)
{
    empty(folder);
    rmdir(folder);
}

static void make_folder(void)
{
    /* in memory where there is such a place: each file is forced to the disk */
    snprintf(folder, sizeof(folder), "%s/varta-fuzz.XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    demand(mkdtemp(folder) != NULL, "no folder");
    atexit(clear_away);
}

/* ---- the order ---- */

static struct span field(struct span *rest)
{
    struct span one = {NULL, 0};
    span_next(rest, FIELD, &one);
    return one;
}

struct moment {
    struct exchange exchanges[ANSWERS];
    struct keep_answer answers[ANSWERS];
    struct keep_file file;
    char file_name[100];
    struct keep_order order;
};

static void fill_answer(struct moment *moment, size_t i, struct span *rest)
{
    struct keep_answer *answer = &moment->answers[i];
    struct exchange *exchange = &moment->exchanges[i];
    *answer = (struct keep_answer){.url = field(rest), .type = field(rest), .cut = i % 2};
    *exchange = (struct exchange){.url = answer->url,
                                  .at_us = NOW_S * 1000000ll,
                                  .status = 200,
                                  .request = field(rest),
                                  .response = field(rest)};
    exchange->address = field(rest);
    answer->body = field(rest);
    if (answer->type.size == 0) {
        answer->exchanges = exchange;
        answer->exchange_count = 1;
    }
}

static void fill(struct moment *moment, struct span in)
{
    struct keep_order *order = &moment->order;
    *order = (struct keep_order){.incident = 17, .at_s = NOW_S, .answers = moment->answers};
    order->name = field(&in);
    order->watcher = field(&in);
    order->dossier = field(&in);
    order->verdict = field(&in);
    while (in.size && order->answer_count < ANSWERS)
        fill_answer(moment, order->answer_count++, &in);
    snprintf(moment->file_name, sizeof(moment->file_name), "%.*s-1.png",
             (int)span_cut(order->name, 0, 80).size, order->name.size ? order->name.at : "");
    moment->file = (struct keep_file){span_of(moment->file_name), SPAN("png")};
    order->files = &moment->file;
    order->file_count = 1;
}

/* ---- what was kept ---- */

static void on_fault(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
    abort();
}

static void read_file(const char *name, struct buf *out)
{
    char path[PATH_BYTES], piece[65536];
    snprintf(path, sizeof(path), "%s/00000017/%s", folder, name);
    gzFile file = gzopen(path, "rb"); /* passes on what is not compressed */
    demand(file != NULL, "a file is missing");
    for (int got; (got = gzread(file, piece, sizeof(piece))) > 0;)
        demand(buf_add(out, piece, (size_t)got), "too long");
    demand(gzeof(file) && gzclose(file) == Z_OK, "a damaged archive");
}

/* One record: its head, the bytes it declares, an empty line. Returns the place behind it. */
static size_t check_record(struct span archive, size_t at)
{
    size_t end = span_find(archive, SPAN("\r\n\r\n"), at);
    demand(end < archive.size, "a head without an end");
    struct span head = span_cut(archive, at, end), line;
    long long length = -1;
    demand(span_next(&head, '\n', &line) && span_equal(span_trim(line), SPAN("WARC/1.1")), "no record");
    while (head.size && span_next(&head, '\n', &line)) {
        size_t colon = span_find(line, SPAN(": "), 0);
        struct span name = span_cut(line, 0, colon);
        demand(colon < line.size && (span_starts(name, SPAN("WARC-")) || span_starts(name, SPAN("Content-"))),
               "a field of somebody's");
        if (span_equal(name, SPAN("Content-Length"))) {
            demand(length < 0, "two lengths");
            length = strtoll(line.at + colon + 2, NULL, 10);
        }
    }
    size_t next = end + 4 + (size_t)length;
    demand(length >= 0 && next + 4 <= archive.size, "a wrong length");
    demand(span_equal(span_cut(archive, next, next + 4), SPAN("\r\n\r\n")), "no end of a record");
    return next + 4;
}

static void check_index(struct span index)
{
    for (struct span line; index.size && span_next(&index, '\n', &line);) {
        size_t brace = span_find(line, SPAN(" {"), 0);
        json_t *object = brace < line.size ? json_loadb(line.at + brace + 1, line.size - brace - 1,
                                                        JSON_REJECT_DUPLICATES, NULL)
                                           : NULL;
        demand(line.size == 0 || json_is_object(object), "a line of the index that is none");
        json_decref(object);
    }
}

static void check(struct span name)
{
    char file[200];
    struct evidence_report report;
    buf_auto archive = buf_new(WHOLE_BYTES), index = buf_new(WHOLE_BYTES);
    demand(evidence_verify(folder, NULL, 0, on_fault, NULL, &report) == 0 && report.faults == 0,
           "does not verify");
    demand(report.unfinished == 0 && report.files == 4, "not the files of a moment");
    snprintf(file, sizeof(file), "%.*s.warc.gz", (int)name.size, name.at);
    read_file(file, &archive);
    for (size_t at = 0; at < archive.size;)
        at = check_record(buf_span(&archive), at);
    snprintf(file, sizeof(file), "%.*s.cdxj", (int)name.size, name.at);
    read_file(file, &index);
    check_index(buf_span(&index));
}

static void check_nothing(void)
{
    struct evidence_report report;
    demand(evidence_verify(folder, NULL, 0, on_fault, NULL, &report) == 0 &&
               report.files + report.unfinished == 0,
           "something is left of what failed");
}

static void keep(const struct keep_order *order)
{
    struct evidence *evidence;
    struct kept kept;
    demand(evidence_open(folder, NOW_S, &evidence) == 0, "cannot be opened");
    int result = evidence_keep(evidence, order, NOW_S, &kept);
    demand(result == 0 || result == -EINVAL || result == -EBADMSG || result == -ENOMEM || result == -EFBIG,
           "another result");
    evidence_close(evidence);
    if (result == 0)
        check(order->name);
    else
        check_nothing();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct moment moment = {0};
    struct keep_order order;
    arena_auto arena = arena_new(32 << 20);
    buf_auto payload = buf_new(WHOLE_BYTES);
    if (!*folder)
        make_folder();
    fill(&moment, (struct span){(const char *)data, size});
    keep_order_put(&payload, &moment.order);
    if (keep_order_get(buf_span(&payload), &arena, &order))
        keep(&order);
    empty(folder);
    return 0;
}
