/* Messages and records between processes: what goes in comes out, and nonsense is refused, never believed,
 * never fatal. */
#include "os/memfile.h"
#include "wire/message.h"
#include "wire/records.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static struct capture sample_capture(void)
{
    static struct hop hops[] = {{301, {"http://a.example/", 17}}, {302, {"https://a.example/", 18}}};
    struct capture capture = {
        .outcome = OUTCOME_OK,
        .url = SPAN("http://a.example/"),
        .final_url = SPAN("https://b.example/головна"),
        .address = SPAN("192.0.2.7"),
        .content_type = SPAN("text/html; charset=windows-1251"),
        .status = 403,
        .http_version = 20,
        .retry_after_s = 120,
        .body_size = 12345,
        .body_cut = true,
        .duration_ms = 42,
        .hops = hops,
        .hop_count = 2,
    };
    memset(capture.body_digest.at, 0xAB, sizeof(capture.body_digest.at));
    return capture;
}

static void test_capture__comes_back_as_it_went(void **state)
{
    (void)state;
    struct capture capture = sample_capture(), back;
    struct buf out = buf_new(10000);
    capture_put(&out, &capture);
    assert_true(capture_get(buf_span(&out), &back));
    assert_int_equal(back.status, 403);
    assert_true(back.body_cut);
    assert_int_equal(back.hop_count, 2);
    assert_true(span_equal(back.hops[1].from, SPAN("https://a.example/")));
    assert_true(span_equal(back.final_url, capture.final_url));
    assert_memory_equal(back.body_digest.at, capture.body_digest.at, 32);
    capture_free(&back);
    buf_free(&out);
}

static void test_capture__brings_what_went_over_the_wire(void **state)
{
    (void)state;
    static struct exchange exchanges[] = {{.url = {"http://a.example/", 17},
                                           .address = {"192.0.2.7", 9},
                                           .at_us = 1642126385000001,
                                           .status = 301,
                                           .request = {"GET / HTTP/1.1\r\n\r\n", 18},
                                           .response = {"HTTP/1.1 301\r\nX: \xFF\0\r\n\r\n", 23}}};
    static struct span chain[] = {{"-----BEGIN", 10}};
    struct capture capture = sample_capture(), back;
    struct buf out = buf_new(10000);
    capture.exchanges = exchanges;
    capture.exchange_count = 1;
    capture.chain = chain;
    capture.chain_count = 1;
    capture.valid_until = SPAN("Jan 14 02:13:05 2023 GMT");
    capture_put(&out, &capture);
    assert_true(capture_get(buf_span(&out), &back));
    assert_int_equal(back.exchange_count, 1);
    assert_true(span_equal(back.exchanges[0].response, exchanges[0].response));
    assert_true(span_equal(back.exchanges[0].address, exchanges[0].address));
    assert_int_equal(back.exchanges[0].at_us, exchanges[0].at_us);
    assert_true(span_equal(back.chain[0], chain[0]));
    assert_true(span_equal(back.valid_until, capture.valid_until));
    capture_free(&back);
    for (size_t size = 0; size < out.size; size++) { /* cut anywhere it is refused */
        assert_false(capture_get((struct span){out.at, size}, &back));
        capture_free(&back);
    }
    buf_free(&out);
}

static void test_keep_order__comes_back_as_it_went(void **state)
{
    (void)state;
    static struct keep_answer answers[] = {
        {.url = {"http://a.example/", 17}, .body = {"b\0dy", 4}, .cut = true},
        {.url = {"urn:x", 5}, .type = {"image/png", 9}}};
    static struct keep_file files[] = {{{"confirmed-1.png", 15}, {"png", 3}}};
    struct keep_order order = {.incident = 17,
                               .at_s = 100,
                               .name = SPAN("worse-2"),
                               .watcher = SPAN("noc"),
                               .dossier = SPAN("{}"),
                               .verdict = SPAN("{}"),
                               .answers = answers,
                               .answer_count = 2,
                               .files = files,
                               .file_count = 1},
                      back;
    struct buf out = buf_new(10000), again = buf_new(10000);
    arena_auto arena = arena_new(1 << 20);
    keep_order_put(&out, &order);
    assert_true(keep_order_get(buf_span(&out), &arena, &back));
    keep_order_put(&again, &back);
    assert_true(span_equal(buf_span(&out), buf_span(&again)));
    assert_int_equal(back.incident, 17);
    assert_true(back.answers[0].cut && span_equal(back.answers[0].body, answers[0].body));
    for (size_t size = 0; size < out.size; size++)
        assert_false(keep_order_get((struct span){out.at, size}, &arena, &back));
    struct picture_copy copy = {.width = 10, .latitude = 91}, read;
    buf_clear(&out);
    picture_copy_put(&out, &copy);
    assert_false(picture_copy_get(buf_span(&out), &read)); /* no such place */
    picture_copy_free(&read);
    buf_free(&out);
    buf_free(&again);
}

static struct reading sample_reading(void)
{
    static struct block blocks[] = {
        {.text = {"Новини", 12},
         .origin = ORIGIN_HTML,
         .heading = 2,
         .confidence = 1000,
         .path = 77,
         .picture = UINT32_MAX},
        {.text = {"logo", 4}, .origin = ORIGIN_ATTRIBUTE, .hidden = true, .picture = 0},
    };
    static struct picture_ref pictures[] = {
        {.url = {"data:", 5}, .bytes = {"\0\xFFx", 3}, .kind = PICTURE_INLINE, .width = 9}};
    static struct host_count hosts[] = {{{"cdn.example", 11}, 3}};
    static struct path_count paths[] = {{5, 1}, {9, 2}};
    return (struct reading){
        .title = SPAN("Міністерство"),
        .charset = SPAN("UTF-8"),
        .blocks = blocks,
        .block_count = 2,
        .pictures = pictures,
        .picture_count = 1,
        .scripts = {hosts, 1},
        .paths = paths,
        .path_count = 2,
        .letters = 6,
        .background = READING_BACKGROUND | 0x0057B7,
        .cut = true,
    };
}

static void test_picture_order__comes_back_as_it_went(void **state)
{
    (void)state;
    struct picture_order order = {
        .budget_ms = 7, .overlay = true, .background = READING_BACKGROUND | 0xFFD700};
    struct picture_order back;
    struct buf out = buf_new(100);
    picture_order_put(&out, &order);
    assert_true(picture_order_get(buf_span(&out), &back));
    assert_int_equal(back.budget_ms, 7);
    assert_true(back.overlay);
    assert_int_equal(back.background, order.background);
    assert_false(picture_order_get(span_cut(buf_span(&out), 0, 5), &back));
    buf_free(&out);
}

static void test_reading__comes_back_as_it_went(void **state)
{
    (void)state;
    struct reading reading = sample_reading(), back;
    struct buf out = buf_new(10000);
    reading_put(&out, &reading);
    assert_true(reading_get(buf_span(&out), &back));
    assert_int_equal(back.block_count, 2);
    assert_true(span_equal(back.blocks[0].text, SPAN("Новини")));
    assert_int_equal(back.blocks[0].heading, 2);
    assert_true(back.blocks[1].hidden);
    assert_int_equal(back.pictures[0].bytes.size, 3);
    assert_true(span_equal(back.scripts.at[0].host, SPAN("cdn.example")));
    assert_int_equal(back.paths[1].path, 9);
    assert_int_equal(back.background, READING_BACKGROUND | 0x0057B7);
    assert_true(back.cut);
    reading_free(&back);
    buf_free(&out);
}

/* A page of nothing but the shortest of everything is believed as any other: it is no lie. */
static void test_reading__of_many_short_things(void **state)
{
    (void)state;
    enum { MANY = 60000 };
    struct block *blocks = calloc(MANY, sizeof(*blocks));
    struct picture_ref *pictures = calloc(MANY, sizeof(*pictures));
    assert_non_null(blocks);
    assert_non_null(pictures);
    struct reading reading = {.blocks = blocks,
                              .block_count = MANY,
                              .pictures = pictures,
                              .picture_count = MANY},
                   back;
    for (size_t length = 0; length < 2; length++) {
        struct buf out = buf_new(16 << 20);
        for (size_t i = 0; i < MANY; i++)
            blocks[i].text = (struct span){"1", length};
        reading_put(&out, &reading);
        assert_true(reading_get(buf_span(&out), &back));
        assert_int_equal(back.block_count, MANY);
        assert_int_equal(back.picture_count, MANY);
        reading_free(&back);
        buf_free(&out);
    }
    free(blocks);
    free(pictures);
}

static void test_picture_text__comes_back_as_it_went(void **state)
{
    (void)state;
    struct picture_line line = {.text = SPAN("бійтеся"),
                                .x = 1,
                                .y = 2,
                                .width = 3,
                                .height = 4,
                                .confidence = 951,
                                .language = "uk",
                                .block = 7};
    struct picture_text text = {.format = "png",
                                .width = 100,
                                .height = 50,
                                .frames = 1,
                                .lines = &line,
                                .line_count = 1,
                                .models = SPAN("ukr")};
    struct picture_text back;
    struct buf out = buf_new(10000);
    picture_text_put(&out, &text);
    assert_true(picture_text_get(buf_span(&out), &back));
    assert_string_equal(back.format, "png");
    assert_int_equal(back.line_count, 1);
    assert_true(span_equal(back.lines[0].text, line.text));
    assert_string_equal(back.lines[0].language, "uk");
    picture_text_free(&back);
    buf_free(&out);
}

/* Every cut and every single flipped byte must be refused or decode to something well-formed; sanitizers
 * watch. */
static void test_records__damaged_ones_do_no_harm(void **state)
{
    (void)state;
    struct reading reading = sample_reading();
    struct buf out = buf_new(10000);
    reading_put(&out, &reading);
    for (size_t size = 0; size < out.size; size++) {
        struct reading back;
        assert_false(reading_get(span_cut(buf_span(&out), 0, size), &back));
        reading_free(&back);
    }
    for (size_t i = 0; i < out.size; i++) {
        struct reading back;
        char kept = out.at[i];
        for (int value = 0; value < 256; value += 5) {
            out.at[i] = (char)value;
            reading_get(buf_span(&out), &back);
            reading_free(&back);
        }
        out.at[i] = kept;
    }
    buf_free(&out);
}

static void test_records__text_must_be_text(void **state)
{
    (void)state;
    struct capture capture = sample_capture(), back;
    struct buf out = buf_new(10000);
    capture.url = SPAN("http://\xFF.example/");
    capture_put(&out, &capture);
    assert_false(capture_get(buf_span(&out), &back));
    capture_free(&back);
    buf_clear(&out);
    capture.url = (struct span){"a\0b", 3};
    capture_put(&out, &capture);
    assert_false(capture_get(buf_span(&out), &back));
    capture_free(&back);
    buf_free(&out);
}

static void open_pair(int ends[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
}

static void test_message__short_and_long_payloads_arrive(void **state)
{
    (void)state;
    int ends[2];
    open_pair(ends);
    for (size_t size = 0; size < 3000000; size = size * 7 + 1) {
        char *bytes = malloc(size + 1);
        struct message message;
        memset(bytes, 'p', size);
        assert_int_equal(message_send(ends[0], MESSAGE_FETCHED, size, (struct span){bytes, size}, NULL, 0),
                         0);
        assert_int_equal(message_receive(ends[1], &message), 1);
        assert_int_equal(message.payload.size, size);
        assert_int_equal(message.job, size);
        assert_memory_equal(message.payload.at, bytes, size);
        assert_int_equal(message.fd_count, 0);
        message_free(&message);
        free(bytes);
    }
    close(ends[0]);
    struct message message;
    assert_int_equal(message_receive(ends[1], &message), 0);
    close(ends[1]);
}

static void test_message__descriptors_travel_and_close(void **state)
{
    (void)state;
    int ends[2];
    struct message message;
    struct span seen;
    open_pair(ends);
    int fd = memfile_new("body", SPAN("<p>тіло"));
    assert_true(fd >= 0);
    assert_int_equal(message_send(ends[0], MESSAGE_READ, 9, SPAN("order"), &fd, 1), 0);
    close(fd);
    assert_int_equal(message_receive(ends[1], &message), 1);
    int taken = message_take_fd(&message, 0);
    assert_true(taken >= 0);
    assert_int_equal(message_take_fd(&message, 0), -1);
    assert_int_equal(message_take_fd(&message, 5), -1);
    message_free(&message);
    assert_int_equal(memfile_map(taken, 1000, false, &seen), 0);
    assert_true(span_equal(seen, SPAN("<p>тіло")));
    memfile_unmap(seen);
    close(taken);
    close(ends[0]);
    close(ends[1]);
}

static void test_message__nonsense_is_refused(void **state)
{
    (void)state;
    int ends[2];
    struct message message;
    static const char short_one[] = "abc";
    char wrong[64] = {0};
    open_pair(ends);
    assert_int_equal(send(ends[0], short_one, sizeof(short_one), 0), sizeof(short_one));
    assert_int_equal(message_receive(ends[1], &message), -EBADMSG);
    assert_int_equal(send(ends[0], wrong, sizeof(wrong), 0), sizeof(wrong));
    assert_int_equal(message_receive(ends[1], &message), -EBADMSG);
    char huge[40000];
    memset(huge, 0x74, sizeof(huge));
    assert_int_equal(send(ends[0], huge, sizeof(huge), 0), sizeof(huge));
    assert_int_equal(message_receive(ends[1], &message), -EBADMSG);
    close(ends[0]);
    close(ends[1]);
}

static void test_memfile__unsealed_and_too_long_are_refused(void **state)
{
    (void)state;
    struct span seen;
    int open_file = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_int_equal(write(open_file, "abc", 3), 3);
    assert_int_equal(memfile_map(open_file, 100, false, &seen), -EBADMSG);
    close(open_file);
    int fd = memfile_new("long", SPAN("0123456789"));
    assert_int_equal(memfile_map(fd, 9, false, &seen), -EFBIG);
    assert_true(write(fd, "x", 1) < 0);
    assert_true(ftruncate(fd, 0) < 0);
    close(fd);
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(memfile_map(pipe_ends[0], 9, false, &seen), -EBADMSG);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static void test_sink__comes_back_and_nothing_shorter(void **state)
{
    (void)state;
    struct span to[] = {SPAN("a@b"), SPAN("c@d")};
    struct sink_order order = {.way = WAY_MAIL,
                               .target = SPAN("smtp://host"),
                               .to = to,
                               .to_count = 2,
                               .from = SPAN("x@y"),
                               .secret_file = SPAN("/secret"),
                               .facility = 23,
                               .timeout_ms = 10000};
    struct sink_order got;
    struct buf bytes = buf_new(4096);
    sink_order_put(&bytes, &order);
    for (size_t size = 0; size <= bytes.size; size++) {
        struct arena arena = arena_new(4096);
        assert_int_equal(sink_order_get(span_cut(buf_span(&bytes), 0, size), &arena, &got),
                         size == bytes.size);
        if (size == bytes.size) {
            assert_int_equal(got.way, WAY_MAIL);
            assert_string_equal(got.target.at, "smtp://host");
            assert_true(got.to_count == 2 && span_equal(got.to[1], SPAN("c@d")));
            assert_string_equal(got.secret_file.at, "/secret");
            assert_int_equal(got.facility, 23);
            assert_int_equal(got.timeout_ms, 10000);
        }
        arena_free(&arena);
    }
    buf_free(&bytes);
}

static void test_delivered__is_refused_when_odd(void **state)
{
    (void)state;
    const struct delivered odd[] = {{5000, SPAN("x")}, {5, SPAN("\xFF")}, {5, {"a\0b", 3}}};
    struct delivered got;
    for (size_t i = 0; i < 3; i++) {
        struct arena arena = arena_new(4096);
        struct buf bytes = buf_new(4096);
        delivered_put(&bytes, &odd[i]);
        assert_false(delivered_get(buf_span(&bytes), &arena, &got));
        buf_free(&bytes);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capture__comes_back_as_it_went),
        cmocka_unit_test(test_capture__brings_what_went_over_the_wire),
        cmocka_unit_test(test_keep_order__comes_back_as_it_went),
        cmocka_unit_test(test_picture_order__comes_back_as_it_went),
        cmocka_unit_test(test_reading__comes_back_as_it_went),
        cmocka_unit_test(test_reading__of_many_short_things),
        cmocka_unit_test(test_picture_text__comes_back_as_it_went),
        cmocka_unit_test(test_records__damaged_ones_do_no_harm),
        cmocka_unit_test(test_records__text_must_be_text),
        cmocka_unit_test(test_message__short_and_long_payloads_arrive),
        cmocka_unit_test(test_message__descriptors_travel_and_close),
        cmocka_unit_test(test_message__nonsense_is_refused),
        cmocka_unit_test(test_memfile__unsealed_and_too_long_are_refused),
        cmocka_unit_test(test_sink__comes_back_and_nothing_shorter),
        cmocka_unit_test(test_delivered__is_refused_when_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
