/* Evidence, form by form and as a folder: heads, keys of an index, lines of the chain, a moment kept, undone,
 * kept twice and removed. */
#include "pipeline/evidence/cdxj.h"
#include "pipeline/evidence/evidence.h"
#include "pipeline/evidence/file_table.h"
#include "pipeline/evidence/hashes.h"
#include "pipeline/evidence/http_head.h"
#include "pipeline/evidence/manifest.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- heads ---- */

static void expect_response(const char *head, uint64_t size, const char *wanted, bool wanted_change)
{
    bool changed = !wanted_change;
    buf_auto out = buf_new(4096);
    http_head_response(span_of(head), size, &out, &changed);
    assert_string_equal(buf_text(&out), wanted);
    assert_int_equal(changed, wanted_change);
}

static void test_head__what_is_not_so_any_more_is_renamed(void **state)
{
    (void)state;
    expect_response("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\n", 5,
                    "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\n", false);
    expect_response("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nContent-Length: 3\r\n\r\n", 5,
                    "HTTP/1.1 200 OK\r\nX-Orig-content-encoding: gzip\r\nX-Orig-Content-Length: "
                    "3\r\nContent-Length: 5\r\n\r\n",
                    true);
    expect_response("HTTP/2 404 \r\nTransfer-Encoding : chunked\r\n\r\n", 0,
                    "HTTP/1.1 404 \r\nX-Orig-Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n", true);
    expect_response("HTTP/1.0 200 OK\nContent-Length: 5\nContent-Length: 5\n\n", 5,
                    "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nX-Orig-Content-Length: 5\r\n\r\n", true);
    expect_response("", 0, "Content-Length: 0\r\n\r\n", true);
}

static void test_head__a_request_is_written_down_as_http_1(void **state)
{
    (void)state;
    buf_auto out = buf_new(4096);
    http_head_request(SPAN("GET /a HTTP/2\r\nHost: x\r\n\r\n"), &out);
    assert_string_equal(buf_text(&out), "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_string_equal(http_head_protocol(SPAN("HTTP/2 200")), "h2");
    assert_string_equal(http_head_protocol(SPAN("ICY 200")), "");
    assert_true(span_equal(
        http_head_value(SPAN("HTTP/1.1 200 OK\r\ncontent-TYPE:  a/b ; c\r\n"), SPAN("Content-Type")),
        SPAN("a/b ; c")));
}

/* ---- the index ---- */

static void test_cdxj__keys_are_those_of_the_canonicaliser(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"http://www.Example.com/", "com,example)/"},
        {"https://example.com", "com,example)/"},
        {"http://www2.gov.example.com:80/A/b/?z=1&a=2#top", "com,example,gov)/a/b?a=2&z=1"},
        {"https://example.com:8443/x", "com,example:8443)/x"},
        {"http://user:pass@example.com/x", "com,example)/x"},
        {"http://192.0.2.7:8080/p", "192.0.2.7:8080)/p"},
        {"http://[2001:db8::1]/p", "[2001:db8::1])/p"},
        {"http://www.com/", "com)/"},
        {"http://wwwexample.com/", "com,wwwexample)/"},
        {"http://example.com/?", "com,example)/"},
        {"urn:x-varta:head:1", "urn:x-varta:head:1"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        buf_auto key = buf_new(500);
        cdxj_key(span_of(table[i][0]), &key);
        assert_string_equal(buf_text(&key), table[i][1]);
    }
}

static void test_hashes__are_the_published_ones(void **state)
{
    (void)state;
    char text[65], sha1[HASHES_SHA1_TEXT];
    struct digest digest, back;
    hashes_sha256(SPAN("a"), SPAN("bc"), &digest);
    evidence_hex(&digest, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(evidence_unhex(span_of(text), &back));
    assert_memory_equal(&digest, &back, sizeof(back));
    assert_false(evidence_unhex(SPAN("BA"), &back));
    text[3] = 'G';
    assert_false(evidence_unhex(span_of(text), &back));
    hashes_sha1_text(SPAN(""), sha1);
    assert_string_equal(sha1, "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
}

/* ---- the chain ---- */

static struct manifest_line sample_line(void)
{
    struct manifest_line line = {.n = 7, .bytes = 12};
    snprintf(line.at, sizeof(line.at), "2022-01-14T02:13:05Z");
    snprintf(line.file, sizeof(line.file), "00000017/confirmed.warc.gz");
    memset(line.digest.at, 0xAB, sizeof(line.digest.at));
    return line;
}

static void test_manifest__a_line_has_one_form(void **state)
{
    (void)state;
    struct manifest_line line = sample_line(), back;
    buf_auto out = buf_new(EVIDENCE_LINE_BYTES);
    manifest_put(&out, &line);
    assert_true(manifest_get(buf_span(&out), &back));
    assert_string_equal(back.file, line.file);
    for (size_t i = 0; i < out.size; i++) { /* any byte that is changed is another line, or none */
        struct manifest_line other;
        char kept = out.at[i];
        out.at[i] = '!';
        if (manifest_get(buf_span(&out), &other))
            assert_memory_not_equal(&back, &other, sizeof(other));
        out.at[i] = kept;
    }
    for (size_t size = 0; size < out.size; size++)
        assert_false(manifest_get((struct span){out.at, size}, &back));
    static const char *const bad[] = {"../etc/passwd", "00000017/../x", "17/a",         "00000017/.x",
                                      "00000017/",     "00000017/a/b",  "00000017/A\"", "/00000017/a"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(manifest_is_file(bad[i]));
    assert_true(manifest_is_file("00000017/confirmed-12.png"));
    assert_true(manifest_is_file("1234567890123/x"));
}

static void test_table__a_file_is_written_once_and_removed_once(void **state)
{
    (void)state;
    struct file_table table = {0};
    struct manifest_line line = sample_line(), gone = sample_line();
    gone.removed = true;
    assert_false(file_table_take(&table, &gone));
    assert_true(file_table_take(&table, &line));
    assert_false(file_table_take(&table, &line));
    assert_true(file_table_take(&table, &gone));
    assert_true(file_table_take(
        &table, &line)); /* an incident's number is not given twice, but a name may come again */
    for (int i = 0; i < 1000; i++) {
        snprintf(line.file, sizeof(line.file), "%08d/confirmed.json", i + 1);
        assert_true(file_table_take(&table, &line));
    }
    assert_non_null(file_table_find(&table, "00000999/confirmed.json"));
    assert_null(file_table_find(&table, "00001001/confirmed.json"));
    struct file_group *groups;
    size_t count;
    assert_int_equal(file_table_groups(&table, &groups, &count), 0);
    assert_int_equal(count, 1000);
    free(groups);
    file_table_free(&table);
}

/* ---- a folder ---- */

static char folder[64];

static int enter(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/varta-kept.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int leave(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct keep_order sample_order(int64_t incident, const char *name)
{
    static struct exchange exchange = {
        .url = {"http://a.example/#x", 19},
        .address = {"192.0.2.7", 9},
        .at_us = 1642126385000000,
        .status = 200,
        .request = {"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", 35},
        .response = {"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"x\"\r\n\r\n", 57}};
    static struct keep_answer answers[2];
    static struct keep_file files[1] = {{{"p-1.png", 7}, {"png", 3}}};
    answers[0] = (struct keep_answer){
        .url = SPAN("http://a.example/"), .exchanges = &exchange, .exchange_count = 1, .body = SPAN("body")};
    answers[1] = answers[0];
    return (struct keep_order){.incident = incident,
                               .at_s = 1642126385,
                               .name = span_of(name),
                               .dossier = SPAN("{\"format\":1}"),
                               .verdict = SPAN("{}"),
                               .answers = answers,
                               .answer_count = 2,
                               .files = files,
                               .file_count = 1};
}

static void on_tell(void *context, const char *text)
{
    (void)text;
    ++*(int *)context;
}

static struct evidence_report verified(int *ret_told)
{
    struct evidence_report report;
    *ret_told = 0;
    assert_int_equal(evidence_verify(folder, NULL, 0, on_tell, ret_told, &report), 0);
    return report;
}

static void test_folder__keeps_what_it_is_given_once(void **state)
{
    (void)state;
    struct evidence *evidence;
    struct kept kept;
    int told;
    struct keep_order order = sample_order(17, "confirmed");
    assert_int_equal(evidence_open(folder, 100, &evidence), 0);
    assert_int_equal(evidence_keep(evidence, &order, 100, &kept), 0);
    assert_int_equal(kept.count, 4);
    assert_int_equal(kept.line, 4);
    assert_int_equal(evidence_keep(evidence, &order, 100, &kept), -EEXIST);
    order.name = SPAN("../x");
    assert_int_equal(evidence_keep(evidence, &order, 100, &kept), -EINVAL);
    order = sample_order(17, "worse"); /* its picture has the name of one that is there */
    assert_int_equal(evidence_keep(evidence, &order, 101, &kept), -EEXIST);
    assert_int_equal(verified(&told).files, 4);
    assert_int_equal(told, 0);
    order.file_count = 0;
    assert_int_equal(evidence_keep(evidence, &order, 101, &kept), 0);
    assert_int_equal(verified(&told).lines, 7);
    order.dossier = SPAN("[]");
    order.name = SPAN("recovered");
    assert_true(evidence_keep(evidence, &order, 101, &kept) < 0);
    assert_int_equal(verified(&told).files, 7);
    assert_int_equal(told, 0);
    evidence_close(evidence);
}

static void test_folder__puts_in_order_what_was_interrupted(void **state)
{
    (void)state;
    struct evidence *evidence;
    struct kept kept;
    char path[128];
    int told;
    struct keep_order order = sample_order(17, "confirmed");
    assert_int_equal(evidence_open(folder, 100, &evidence), 0);
    assert_int_equal(evidence_keep(evidence, &order, 100, &kept), 0);
    evidence_close(evidence);
    snprintf(path, sizeof(path), "%s/00000017/.worse.json.part", folder);
    assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
    snprintf(path, sizeof(path), "%s/00000017/worse.cdxj", folder);
    assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
    snprintf(path, sizeof(path), "%s/manifest.jsonl", folder);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "{\"n\":5,", 7), 7);
    close(fd);
    struct evidence_report report = verified(&told);
    assert_int_equal(report.unfinished, 3);
    assert_int_equal(report.faults, 0);
    assert_int_equal(evidence_open(folder, 101, &evidence), 0);
    report = verified(&told);
    assert_int_equal(told, 0);
    assert_int_equal(report.files, 5);
    evidence_close(evidence);
}

static void test_folder__what_goes_goes_oldest_first_and_not_while_it_is_open(void **state)
{
    (void)state;
    struct evidence *evidence;
    struct kept kept;
    int told;
    const int64_t open_one = 2;
    assert_int_equal(evidence_open(folder, 100, &evidence), 0);
    for (int64_t i = 1; i <= 4; i++) {
        struct keep_order order = sample_order(i, "confirmed");
        assert_int_equal(evidence_keep(evidence, &order, 1000 * i, &kept), 0);
    }
    uint64_t one = kept.bytes;
    struct clear_order order = {.before_s = 1500, .open = &open_one, .open_count = 1};
    assert_int_equal(evidence_clear(evidence, &order, true, 5000, &kept), 0);
    assert_int_equal(kept.count, 1);
    assert_int_equal(verified(&told).files, 16);
    assert_int_equal(evidence_clear(evidence, &order, false, 5000, &kept), 0);
    assert_int_equal(verified(&told).files, 12);
    order = (struct clear_order){.bytes = 2 * one + one / 2, .open = &open_one, .open_count = 1};
    assert_int_equal(evidence_clear(evidence, &order, false, 5000, &kept), 0);
    assert_int_equal(kept.count, 1); /* the third: the second is open */
    struct evidence_report report = verified(&told);
    assert_int_equal(report.files, 8);
    assert_int_equal(told, 0);
    evidence_close(evidence);
}

static void test_folder__the_newest_of_each_page_goes_last(void **state)
{
    (void)state;
    struct evidence *evidence;
    struct kept kept;
    int told;
    const int64_t latest[] = {1, 4};
    assert_int_equal(evidence_open(folder, 100, &evidence), 0);
    for (int64_t i = 1; i <= 4; i++) {
        struct keep_order order = sample_order(i, "confirmed");
        assert_int_equal(evidence_keep(evidence, &order, 1000 * i, &kept), 0);
    }
    uint64_t one = kept.bytes;
    struct clear_order order = {.bytes = 2 * one + one / 2, .latest = latest, .latest_count = 2};
    assert_int_equal(evidence_clear(evidence, &order, false, 5000, &kept), 0);
    assert_int_equal(kept.count, 2); /* the second and the third */
    char path[4096];
    snprintf(path, sizeof(path), "%s/00000001", folder);
    assert_int_equal(access(path, F_OK), 0);
    order.bytes = one + one / 2;
    assert_int_equal(evidence_clear(evidence, &order, false, 5000, &kept), 0);
    assert_int_equal(kept.count, 1); /* where no other is left, the limit holds all the same */
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(verified(&told).files, 4);
    evidence_close(evidence);
}

static void test_folder__a_pipe_for_a_manifest_is_not_waited_for(void **state)
{
    (void)state;
    char path[4096];
    int told = 0;
    struct evidence_report report;
    snprintf(path, sizeof(path), "%s/" MANIFEST_NAME, folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(evidence_verify(folder, NULL, 0, on_tell, &told, &report), -EINVAL);
    assert_int_equal(evidence_files(folder, NULL, NULL), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head__what_is_not_so_any_more_is_renamed),
        cmocka_unit_test(test_head__a_request_is_written_down_as_http_1),
        cmocka_unit_test(test_cdxj__keys_are_those_of_the_canonicaliser),
        cmocka_unit_test(test_hashes__are_the_published_ones),
        cmocka_unit_test(test_manifest__a_line_has_one_form),
        cmocka_unit_test(test_table__a_file_is_written_once_and_removed_once),
        cmocka_unit_test_setup_teardown(test_folder__keeps_what_it_is_given_once, enter, leave),
        cmocka_unit_test_setup_teardown(test_folder__puts_in_order_what_was_interrupted, enter, leave),
        cmocka_unit_test_setup_teardown(test_folder__what_goes_goes_oldest_first_and_not_while_it_is_open,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(test_folder__the_newest_of_each_page_goes_last, enter, leave),
        cmocka_unit_test_setup_teardown(test_folder__a_pipe_for_a_manifest_is_not_waited_for, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
