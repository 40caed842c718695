/* See warc.h. */
#include "pipeline/evidence/warc.h"

#include "os/clock.h"
#include "pipeline/evidence/evidence.h"
#include "pipeline/evidence/evidence_limits.h"
#include "pipeline/evidence/hashes.h"
#include "pipeline/evidence/http_head.h"

#include <stdio.h>
#include <sys/random.h>
#include <zlib.h>

enum { TYPE_BYTES = 200, GZIP = 15 + 16 /* zlib's window bits for it */, HEAD_READ = 4096 };

/* A record that is being put together. */
struct record {
    const char *type;
    char id[WARC_ID_BYTES], date[32];
    struct span url; /* empty for none */
    const char *content_type;
    struct span head, payload; /* the block: either may be empty */
    bool has_payload;          /* it is one of its own, with a digest */
    char sha1[40];
    struct buf extra; /* further fields, each with its line end */
};

/* ---- small things ---- */

static void make_id(char ret_id[WARC_ID_BYTES])
{
    unsigned char bytes[16] = {0};
    ssize_t got = getrandom(bytes, sizeof(bytes), 0);
    (void)got; /* sixteen bytes always come at once */
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    int put = snprintf(ret_id, WARC_ID_BYTES, "urn:uuid:");
    for (size_t i = 0; i < sizeof(bytes); i++)
        put += snprintf(ret_id + put, WARC_ID_BYTES - (size_t)put,
                        i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
}

/* An address as a URI: no fragment, and only what may stand in one. */
static struct span uri_of(struct warc *warc, struct span url)
{
    buf_auto clean = buf_new(3 * url.size + 1);
    url = span_cut(url, 0, span_find(url, SPAN("#"), 0));
    for (size_t i = 0; i < url.size; i++) {
        unsigned char byte = (unsigned char)url.at[i];
        if (byte > ' ' && byte < 0x7F && !strchr("\"<>\\^`{|}", byte))
            buf_add_byte(&clean, (char)byte);
        else
            buf_add_format(&clean, "%%%02X", byte);
    }
    return arena_copy(&warc->arena, buf_span(&clean));
}

static void time_of(const char *date, char ret_time[15])
{
    size_t put = 0;
    for (const char *at = date; *at && put < 14; at++)
        if (*at >= '0' && *at <= '9')
            ret_time[put++] = *at;
    ret_time[put] = '\0';
}

/* Seconds are what an index has; finer ones would not be found again by it. */
static struct record record_new(const char *type, const char *content_type, int64_t at_s)
{
    struct record record = {.type = type, .content_type = content_type, .extra = buf_new(64 << 10)};
    make_id(record.id);
    clock_text(at_s, record.date);
    return record;
}

/* A field of one line: what would end it is left out. */
static void add_field(struct buf *out, const char *name, struct span value)
{
    if (value.size == 0)
        return;
    buf_add_format(out, "%s: ", name);
    for (size_t i = 0; i < value.size; i++)
        buf_add_byte(out, (unsigned char)value.at[i] < ' ' ? ' ' : value.at[i]);
    buf_add_text(out, "\r\n");
}

/* ---- writing ---- */

static void deflate_piece(struct warc *warc, z_stream *stream, struct span piece, int flush)
{
    unsigned char out[32 << 10];
    stream->next_in = (unsigned char *)(uintptr_t)piece.at;
    stream->avail_in = (unsigned)piece.size;
    do {
        stream->next_out = out;
        stream->avail_out = sizeof(out);
        deflate(stream, flush);
        durable_file_add(warc->file, (struct span){(const char *)out, sizeof(out) - stream->avail_out});
    } while (stream->avail_out == 0);
}

static void put_member(struct warc *warc, struct span fields, const struct record *record)
{
    enum { MEMORY = 8, LEVEL = 6 };
    z_stream stream = {0};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        warc->failed = true;
        return;
    }
    deflate_piece(warc, &stream, fields, Z_NO_FLUSH);
    deflate_piece(warc, &stream, record->head, Z_NO_FLUSH);
    deflate_piece(warc, &stream, record->payload, Z_NO_FLUSH);
    deflate_piece(warc, &stream, SPAN("\r\n\r\n"), Z_FINISH);
    deflateEnd(&stream);
}

static void put_fields(const struct warc *warc, const struct record *record, struct buf *out)
{
    char digest[65];
    struct digest block;
    hashes_sha256(record->head, record->payload, &block);
    evidence_hex(&block, digest);
    buf_add_format(out, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s>\r\nWARC-Date: %s\r\n",
                   record->type, record->id, record->date);
    if (record->url.size) {
        buf_add_text(out, "WARC-Target-URI: ");
        buf_add_span(out, record->url);
        buf_add_text(out, "\r\n");
    }
    if (strcmp(record->type, "warcinfo") != 0)
        buf_add_format(out, "WARC-Warcinfo-ID: <%s>\r\n", warc->info);
    buf_add_span(out, buf_span(&record->extra));
    if (record->sha1[0])
        buf_add_format(out, "WARC-Payload-Digest: %s\r\n", record->sha1);
    buf_add_format(out, "WARC-Block-Digest: sha256:%s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                   digest, record->content_type, record->head.size + record->payload.size);
}

static void index_record(struct warc *warc, const struct record *record, struct span mime, uint16_t status,
                         uint64_t offset)
{
    struct cdxj_record line = {
        .url = record->url,
        .mime = mime,
        .digest = span_of(record->sha1 + (record->sha1[0] ? strlen("sha1:") : 0)),
        .id = span_of(record->id),
        .status = status,
        .offset = offset,
        .length = warc->file->bytes - offset,
    };
    time_of(record->date, line.time);
    cdxj_add(&warc->index, &line);
}

/* Writes the record, and its line of the index when `mime` is given. Frees what it holds. */
static void put_record(struct warc *warc, struct record *record, struct span mime, uint16_t status)
{
    uint64_t offset = warc->file->bytes;
    buf_auto fields = buf_new(EVIDENCE_HEAD_BYTES);
    put_fields(warc, record, &fields);
    if (fields.failed || record->extra.failed)
        warc->failed = true;
    else
        put_member(warc, buf_span(&fields), record);
    if (mime.size)
        index_record(warc, record, mime, status, offset);
    buf_free(&record->extra);
}

static void sign_payload(struct record *record, struct span payload)
{
    char text[HASHES_SHA1_TEXT];
    hashes_sha1_text(payload, text);
    snprintf(record->sha1, sizeof(record->sha1), "sha1:%s", text);
}

/* ---- the archive itself ---- */

void warc_begin(struct warc *warc, struct durable_file *file, const char *name,
                const struct keep_order *order)
{
    *warc = (struct warc){.file = file,
                          .arena = arena_new(8 << 20),
                          .index = {.lines = buf_new(EVIDENCE_INDEX_BYTES), .file = span_of(name)}};
    struct record record = record_new("warcinfo", "application/warc-fields", order->at_s);
    snprintf(warc->info, sizeof(warc->info), "%s", record.id);
    buf_auto fields = buf_new(16 << 10);
    buf_add_text(
        &fields,
        "software: varta/" VARTA_VERSION "\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n");
    add_field(&fields, "operator", order->watcher);
    buf_add_format(&fields, "isPartOf: incident-%08lld\r\ndescription: ", (long long)order->incident);
    buf_add_span(&fields, order->name);
    buf_add_text(
        &fields,
        "; bodies are stored as read, without the encodings that their heads told of\r\nrobots: ignore\r\n");
    buf_add_format(&record.extra, "WARC-Filename: %s\r\n", name);
    record.head = buf_span(&fields);
    put_record(warc, &record, (struct span){NULL, 0}, 0);
}

bool warc_end(struct warc *warc, struct buf *index)
{
    bool good = cdxj_end(&warc->index, index) && !warc->failed && !warc->arena.failed;
    buf_free(&warc->index.lines);
    arena_free(&warc->arena);
    return good;
}

/* ---- payloads that are known ---- */

static struct warc_earlier *add_earlier(struct warc *warc)
{
    if (warc->earlier_count >= EVIDENCE_EARLIER)
        return NULL;
    struct warc_earlier *grown =
        arena_grow(&warc->arena, warc->earlier, warc->earlier_count, &warc->earlier_room, sizeof(*grown));
    if (!grown)
        return NULL;
    warc->earlier = grown;
    return &grown[warc->earlier_count++];
}

static void remember(struct warc *warc, const struct record *record)
{
    struct warc_earlier *earlier = add_earlier(warc);
    if (!earlier)
        return;
    *earlier = (struct warc_earlier){.url = record->url};
    snprintf(earlier->sha1, sizeof(earlier->sha1), "%s", record->sha1);
    snprintf(earlier->id, sizeof(earlier->id), "%s", record->id);
    snprintf(earlier->date, sizeof(earlier->date), "%s", record->date);
}

/* Of a line of ours: KEY TIME {…}. */
static void know_line(struct warc *warc, struct span line)
{
    struct span digest = cdxj_member(line, "digest"), id = cdxj_member(line, "id"), time;
    struct span rest = line;
    bool stored = !span_equal(cdxj_member(line, "mime"), SPAN("warc/revisit"));
    if (!stored || digest.size != HASHES_SHA1_TEXT - 1 || id.size >= WARC_ID_BYTES ||
        !span_next(&rest, ' ', &time) || !span_next(&rest, ' ', &time) || time.size != 14)
        return;
    struct warc_earlier *earlier = add_earlier(warc);
    if (!earlier)
        return;
    *earlier = (struct warc_earlier){.url = arena_copy(&warc->arena, cdxj_member(line, "url"))};
    snprintf(earlier->sha1, sizeof(earlier->sha1), "sha1:%.*s", (int)digest.size, digest.at);
    memcpy(earlier->id, id.at, id.size);
    snprintf(earlier->date, sizeof(earlier->date), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", time.at, time.at + 4,
             time.at + 6, time.at + 8, time.at + 10, time.at + 12);
}

void warc_know(struct warc *warc, struct span index)
{
    struct span line;
    while (span_next(&index, '\n', &line))
        know_line(warc, line);
}

static const struct warc_earlier *find_earlier(const struct warc *warc, const char *sha1)
{
    for (size_t i = 0; i < warc->earlier_count; i++)
        if (strcmp(warc->earlier[i].sha1, sha1) == 0)
            return &warc->earlier[i];
    return NULL;
}

/* ---- exchanges ---- */

/* The media type without its parameters, as indexes have it. */
static struct span mime_of(struct span head, struct arena *arena)
{
    struct span value = http_head_value(head, SPAN("content-type"));
    struct span mime = span_trim(span_cut(value, 0, span_find(value, SPAN(";"), 0)));
    bool good = mime.size > 0 && mime.size < TYPE_BYTES;
    for (size_t i = 0; i < mime.size && good; i++)
        good = mime.at[i] > ' ' && mime.at[i] < 0x7F && mime.at[i] != '"' && mime.at[i] != '\\';
    return good ? arena_copy(arena, mime) : SPAN("unk");
}

static void add_way(struct record *record, const struct exchange *exchange)
{
    const char *protocol = http_head_protocol(exchange->response);
    add_field(&record->extra, "WARC-IP-Address", exchange->address);
    if (*protocol)
        buf_add_format(&record->extra, "WARC-Protocol: %s\r\n", protocol);
}

static void refer(struct record *record, const struct warc_earlier *earlier)
{
    record->type = "revisit";
    buf_add_text(&record->extra,
                 "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n");
    buf_add_format(&record->extra, "WARC-Refers-To: <%s>\r\nWARC-Refers-To-Target-URI: ", earlier->id);
    buf_add_span(&record->extra, earlier->url);
    buf_add_format(&record->extra, "\r\nWARC-Refers-To-Date: %s\r\n", earlier->date);
}

/* The head as it came, where readers need another one. */
static void put_original(struct warc *warc, const struct record *response, const char *id, struct span head)
{
    struct record record = record_new("metadata", "message/http", 0);
    char name[WARC_ID_BYTES + 32];
    snprintf(record.date, sizeof(record.date), "%s", response->date);
    snprintf(name, sizeof(name), "urn:x-varta:head:%s", id + strlen("urn:uuid:"));
    record.url = span_of(name);
    buf_add_format(&record.extra, "WARC-Refers-To: <%s>\r\nWARC-Concurrent-To: <%s>\r\n", id, id);
    record.payload = head;
    sign_payload(&record, head);
    put_record(warc, &record, SPAN("message/http"), 0);
}

static void put_response(struct warc *warc, const struct exchange *exchange, struct span url,
                         struct span body, bool cut, char ret_id[WARC_ID_BYTES])
{
    struct record record =
        record_new("response", "application/http;msgtype=response", exchange->at_us / 1000000);
    bool changed = false;
    buf_auto head = buf_new(EVIDENCE_HEAD_BYTES);
    http_head_response(exchange->response, body.size, &head, &changed);
    record.url = url;
    sign_payload(&record, body);
    add_way(&record, exchange);
    const struct warc_earlier *earlier = body.size ? find_earlier(warc, record.sha1) : NULL;
    if (earlier)
        refer(&record, earlier);
    else
        record.payload = body;
    if (cut && !earlier)
        buf_add_text(&record.extra, "WARC-Truncated: length\r\n");
    record.head = buf_span(&head);
    memcpy(ret_id, record.id, WARC_ID_BYTES);
    if (body.size && !earlier)
        remember(warc, &record);
    struct record kept = {.type = ""};
    snprintf(kept.date, sizeof(kept.date), "%s", record.date);
    put_record(warc, &record, earlier ? SPAN("warc/revisit") : mime_of(exchange->response, &warc->arena),
               exchange->status);
    if (changed)
        put_original(warc, &kept, ret_id, exchange->response);
}

static void put_request(struct warc *warc, const struct exchange *exchange, struct span url,
                        const char *response)
{
    struct record record =
        record_new("request", "application/http;msgtype=request", exchange->at_us / 1000000);
    buf_auto head = buf_new(EVIDENCE_HEAD_BYTES);
    http_head_request(exchange->request, &head);
    record.url = url;
    add_way(&record, exchange);
    if (*response)
        buf_add_format(&record.extra, "WARC-Concurrent-To: <%s>\r\n", response);
    record.head = buf_span(&head);
    put_record(warc, &record, (struct span){NULL, 0}, 0);
}

static void put_resource(struct warc *warc, const struct keep_answer *answer, int64_t at_s)
{
    char type[TYPE_BYTES];
    snprintf(type, sizeof(type), "%.*s", (int)answer->type.size, answer->type.at);
    for (char *at = type; *at; at++)
        if ((unsigned char)*at <= ' ') /* what would end its line, and begin a field of somebody's */
            *at = '_';
    struct record record = record_new("resource", type, at_s);
    record.url = uri_of(warc, answer->url);
    record.payload = answer->body;
    sign_payload(&record, answer->body);
    put_record(warc, &record, span_of(type), 0);
}

void warc_answer(struct warc *warc, const struct keep_answer *answer, int64_t at_s)
{
    char page[WARC_ID_BYTES] = "";
    if (answer->type.size) {
        put_resource(warc, answer, at_s);
        return;
    }
    for (size_t i = 0; i < answer->exchange_count; i++) {
        const struct exchange *exchange = &answer->exchanges[i];
        bool last = i + 1 == answer->exchange_count;
        struct span url = uri_of(warc, exchange->url);
        char id[WARC_ID_BYTES] = "";
        if (exchange->response.size)
            put_response(warc, exchange, url, last ? answer->body : (struct span){NULL, 0},
                         last && answer->cut, id);
        if (exchange->request.size)
            put_request(warc, exchange, url, id);
        if (*id)
            memcpy(page, id, sizeof(page));
    }
    if (!*warc->page)
        memcpy(warc->page, page, sizeof(page));
}

void warc_verdict(struct warc *warc, const struct keep_order *order)
{
    struct record record = record_new("metadata", "application/json", order->at_s);
    char name[128];
    snprintf(name, sizeof(name), "urn:x-varta:incident:%lld:%.*s", (long long)order->incident,
             (int)order->name.size, order->name.at);
    record.url = span_of(name);
    record.payload = order->verdict;
    sign_payload(&record, order->verdict);
    if (*warc->page)
        buf_add_format(&record.extra, "WARC-Refers-To: <%s>\r\nWARC-Concurrent-To: <%s>\r\n", warc->page,
                       warc->page);
    put_record(warc, &record, SPAN("application/json"), 0);
}

/* ---- reading ---- */

/* The number of bytes that `head` was filled with. */
static size_t inflate_head(struct span packed, char head[HEAD_READ])
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)packed.at,
                       .avail_in = (unsigned)packed.size,
                       .next_out = (unsigned char *)head,
                       .avail_out = HEAD_READ};
    if (inflateInit2(&stream, GZIP) != Z_OK)
        return 0;
    inflate(&stream, Z_SYNC_FLUSH);
    inflateEnd(&stream);
    return HEAD_READ - stream.avail_out;
}

void evidence_archive_date(struct span packed, char ret_date[EVIDENCE_DATE_BYTES])
{
    char head[HEAD_READ];
    struct span text = {head, inflate_head(packed, head)}, field = SPAN("\r\nWARC-Date: ");
    size_t from = span_find(text, field, 0) + field.size;
    struct span date = span_cut(text, from, span_find(text, SPAN("\r"), from));
    snprintf(ret_date, EVIDENCE_DATE_BYTES, "%.*s", (int)date.size, date.size ? date.at : "");
}
