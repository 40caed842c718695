/* Taking a dossier apart; see dossier.h. */
#include "pipeline/evidence/dossier.h"

#include "base/json_reader.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>

enum { FILE_NAME_BYTES = 128, DIGEST_DIGITS = 64, LARGEST_PIXEL = 1 << 24 };

static const char *const moment_names[MOMENT_COUNT] = {"confirmed", "worse", "recovered"};

static const char *const change_names[] = {[CHANGE_KEPT] = "kept",
                                           [CHANGE_MOVED] = "moved",
                                           [CHANGE_NEW] = "new",
                                           [CHANGE_GONE] = "gone",
                                           [CHANGE_VOLATILE] = "volatile"};

const char *dossier_moment_name(enum dossier_moment moment)
{
    return moment_names[moment];
}

bool dossier_is_file_name(struct span name)
{
    return name.size > 0 && name.size < FILE_NAME_BYTES && name.at[0] != '.' &&
           json_reader_is_plain(name, "-_.");
}

struct dossier_reader {
    struct json_reader json;
    struct dossier *dossier;
    bool failed; /* without memory */
};

/* ---- small things ---- */

/* Room for what a list names; NULL for an empty list and without memory. `*ret_count` is 0 then. */
static void *room_for(struct dossier_reader *reader, const json_t *list, size_t size, size_t *ret_count)
{
    size_t count = json_array_size(list);
    void *room = count ? arena_alloc(&reader->dossier->arena, count, size) : NULL;
    reader->failed |= count && !room;
    *ret_count = room ? count : 0;
    return room;
}

static void get_tag(struct dossier_reader *reader, const json_t *object, char ret_tag[12])
{
    struct span tag = json_reader_text(&reader->json, object, "language");
    if (tag.size >= 12 || !json_reader_is_plain(tag, "-"))
        json_reader_refuse(&reader->json, "a language is not a tag of letters, digits and -");
    else if (tag.size)
        memcpy(ret_tag, tag.at, tag.size);
}

/* What may be missing, but else is of these characters only. */
static struct span get_plain(struct dossier_reader *reader, const json_t *object, const char *key,
                             const char *further)
{
    struct span text = json_reader_text(&reader->json, object, key);
    if (!json_reader_is_plain(text, further))
        json_reader_refuse(&reader->json, "a name or digest has characters that none may have");
    return text;
}

static struct span get_digest(struct dossier_reader *reader, const json_t *object, const char *key)
{
    struct span digest = get_plain(reader, object, key, "");
    if (digest.size && digest.size != DIGEST_DIGITS)
        json_reader_refuse(&reader->json, "a SHA-256 is not 64 digits");
    for (size_t i = 0; i < digest.size; i++)
        if (!strchr("0123456789abcdef", digest.at[i]))
            json_reader_refuse(&reader->json, "a SHA-256 is not 64 digits");
    return digest;
}

static struct span get_file(struct dossier_reader *reader, const json_t *object)
{
    struct span file = json_reader_text(&reader->json, object, "file");
    if (file.size && !dossier_is_file_name(file))
        json_reader_refuse(&reader->json, "a file is not called by a bare name");
    return file;
}

static double get_real(struct dossier_reader *reader, const json_t *value, double least, double most)
{
    double number = json_number_value(value);
    if (json_is_number(value) && number >= least && number <= most)
        return number;
    json_reader_refuse(&reader->json, "a number is none, or out of its range");
    return 0;
}

/* ---- the result ---- */

static void read_languages(struct dossier_reader *reader, const json_t *list)
{
    struct dossier *dossier = reader->dossier;
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && dossier->language_count < DOSSIER_LANGUAGES; i++) {
        const json_t *one = json_array_get(list, i);
        struct language_share *language = &dossier->languages[dossier->language_count++];
        get_tag(reader, one, language->language);
        if (!language->language[0])
            json_reader_refuse(&reader->json, "a language has no tag");
        language->share = json_reader_share(&reader->json, one, "share", 0);
        language->confidence = json_reader_share(&reader->json, one, "confidence", 0);
    }
}

static void read_reasons(struct dossier_reader *reader, const json_t *list)
{
    struct dossier_reason *reasons = room_for(reader, list, sizeof(*reasons), &reader->dossier->reason_count);
    for (size_t i = 0; i < reader->dossier->reason_count; i++) {
        const json_t *one = json_array_get(list, i), *weight = json_object_get(one, "weight");
        reasons[i].code = json_reader_text(&reader->json, one, "code");
        reasons[i].text = json_reader_need(&reader->json, one, "text");
        reasons[i].weight = weight ? get_real(reader, weight, -1e6, 1e6) : 0;
    }
    reader->dossier->reasons = reasons;
}

static void read_http(struct dossier_reader *reader, const json_t *http)
{
    struct dossier *dossier = reader->dossier;
    dossier->status = json_reader_number(&reader->json, http, "status");
    dossier->final_url = json_reader_text(&reader->json, http, "final_url");
    dossier->address = json_reader_text(&reader->json, http, "address");
    const json_t *list = json_reader_list(&reader->json, http, "redirects");
    struct dossier_redirect *hops = room_for(reader, list, sizeof(*hops), &dossier->redirect_count);
    for (size_t i = 0; i < dossier->redirect_count; i++) {
        hops[i].status = json_reader_number(&reader->json, json_array_get(list, i), "status");
        hops[i].from = json_reader_text(&reader->json, json_array_get(list, i), "from");
    }
    dossier->redirects = hops;
}

static enum verdict_kind get_verdict(struct dossier_reader *reader, const json_t *object)
{
    const char *names[VERDICT_KIND_COUNT];
    for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
        names[i] = verdict_name((enum verdict_kind)i);
    struct span name = json_reader_need(&reader->json, object, "verdict");
    return (enum verdict_kind)json_reader_name(&reader->json, name, names, VERDICT_KIND_COUNT);
}

static void read_result(struct dossier_reader *reader, const json_t *result)
{
    struct dossier *dossier = reader->dossier;
    dossier->verdict = get_verdict(reader, result);
    dossier->score = json_reader_share(&reader->json, result, "score", -1);
    dossier->cause = json_reader_text(&reader->json, result, "cause");
    read_languages(reader, json_reader_list(&reader->json, result, "languages"));
    read_reasons(reader, json_reader_list(&reader->json, result, "reasons"));
    dossier->message = json_reader_text(&reader->json, result, "message");
    dossier->origin = json_reader_text(&reader->json, result, "origin");
    const json_t *change = json_reader_object(&reader->json, result, "change");
    dossier->kept = json_reader_share(&reader->json, change, "kept", -1);
    dossier->fresh = json_reader_share(&reader->json, change, "new", -1);
    dossier->structure = json_reader_share(&reader->json, change, "structure", -1);
    read_http(reader, json_reader_object(&reader->json, result, "http"));
    const json_t *baseline = json_reader_object(&reader->json, result, "baseline");
    dossier->baseline_at = json_reader_time(&reader->json, baseline, "at");
    dossier->baseline_versions = json_reader_number(&reader->json, baseline, "versions");
}

static bool is_between_characters(struct span text, size_t at)
{
    return at <= text.size && (at == text.size || ((unsigned char)text.at[at] & 0xC0) != 0x80);
}

static void read_stretches(struct dossier_reader *reader, const json_t *list)
{
    struct dossier *dossier = reader->dossier;
    struct dossier_stretch *stretches = room_for(reader, list, sizeof(*stretches), &dossier->stretch_count);
    size_t before = 0;
    for (size_t i = 0; i < dossier->stretch_count; i++) {
        const json_t *one = json_array_get(list, i);
        struct dossier_stretch *stretch = &stretches[i];
        stretch->start = (size_t)json_reader_number(&reader->json, one, "start");
        stretch->end = (size_t)json_reader_number(&reader->json, one, "end");
        get_tag(reader, one, stretch->language);
        stretch->confidence = json_reader_share(&reader->json, one, "confidence", 0);
        if (stretch->start < before || stretch->end < stretch->start ||
            !is_between_characters(dossier->message, stretch->start) ||
            !is_between_characters(dossier->message, stretch->end))
            json_reader_refuse(&reader->json, "the spans do not lie in the message, one behind the other");
        before = stretch->end;
    }
    dossier->stretches = stretches;
}

/* ---- what stood there and stands there now ---- */

static void read_blocks(struct dossier_reader *reader, const json_t *list)
{
    struct dossier *dossier = reader->dossier;
    struct dossier_block *blocks = room_for(reader, list, sizeof(*blocks), &dossier->block_count);
    size_t kinds = sizeof(change_names) / sizeof(change_names[0]);
    for (size_t i = 0; i < dossier->block_count; i++) {
        const json_t *one = json_array_get(list, i);
        struct span kind = json_reader_need(&reader->json, one, "kind");
        blocks[i].kind = (enum change_kind)json_reader_name(&reader->json, kind, change_names, kinds);
        blocks[i].text = json_reader_text(&reader->json, one, "text");
        blocks[i].origin = json_reader_text(&reader->json, one, "origin");
        blocks[i].heading = json_reader_number(&reader->json, one, "heading");
        blocks[i].picture = json_reader_number(&reader->json, one, "picture");
        blocks[i].fresh = json_reader_share(&reader->json, one, "fresh", -1);
        blocks[i].hidden = json_reader_truth(&reader->json, one, "hidden");
    }
    dossier->blocks = blocks;
}

static struct dossier_hosts get_hosts(struct dossier_reader *reader, const json_t *hosts, const char *key)
{
    const json_t *list = json_reader_list(&reader->json, hosts, key);
    struct dossier_hosts found = {NULL, 0};
    struct span *names = room_for(reader, list, sizeof(*names), &found.count);
    for (size_t i = 0; i < found.count; i++) {
        names[i] = json_reader_value(json_array_get(list, i));
        if (names[i].size == 0)
            json_reader_refuse(&reader->json, "a host is empty or no text");
    }
    found.at = names;
    return found;
}

/* ---- pictures ---- */

static void read_box(struct dossier_reader *reader, const json_t *box, struct dossier_line *line)
{
    double at[4];
    if (json_array_size(box) != 4) {
        json_reader_refuse(&reader->json, "a box is not of four numbers");
        return;
    }
    for (size_t i = 0; i < 4; i++)
        at[i] = get_real(reader, json_array_get(box, i), 0, LARGEST_PIXEL);
    line->x = at[0];
    line->y = at[1];
    line->width = at[2];
    line->height = at[3];
}

static void read_lines(struct dossier_reader *reader, const json_t *list, struct dossier_picture *picture)
{
    struct dossier_line *lines = room_for(reader, list, sizeof(*lines), &picture->line_count);
    for (size_t i = 0; i < picture->line_count; i++) {
        const json_t *one = json_array_get(list, i);
        lines[i].text = json_reader_text(&reader->json, one, "text");
        lines[i].confidence = json_reader_share(&reader->json, one, "confidence", -1);
        lines[i].doubtful = json_reader_truth(&reader->json, one, "doubtful");
        get_tag(reader, one, lines[i].language);
        read_box(reader, json_reader_list(&reader->json, one, "box"), &lines[i]);
    }
    picture->lines = lines;
}

static void read_metadata(struct dossier_reader *reader, const json_t *metadata,
                          struct dossier_picture *picture)
{
    picture->software = json_reader_text(&reader->json, metadata, "software");
    picture->taken = json_reader_text(&reader->json, metadata, "taken");
    picture->camera = json_reader_text(&reader->json, metadata, "camera");
    picture->comment = json_reader_text(&reader->json, metadata, "comment");
    const json_t *latitude = json_object_get(metadata, "latitude");
    const json_t *longitude = json_object_get(metadata, "longitude");
    picture->has_place = json_is_number(latitude) && json_is_number(longitude);
    if (picture->has_place) {
        picture->latitude = get_real(reader, latitude, -90, 90);
        picture->longitude = get_real(reader, longitude, -180, 180);
    }
}

static void read_shown(struct dossier_reader *reader, const json_t *shown, struct dossier_picture *picture)
{
    if (!shown)
        return;
    if (json_array_size(shown) != 2) {
        json_reader_refuse(&reader->json, "what is shown of a picture is not of two numbers");
        return;
    }
    picture->shown_width = (int64_t)get_real(reader, json_array_get(shown, 0), 0, LARGEST_PIXEL);
    picture->shown_height = (int64_t)get_real(reader, json_array_get(shown, 1), 0, LARGEST_PIXEL);
}

static void read_pictures(struct dossier_reader *reader, const json_t *list)
{
    struct dossier *dossier = reader->dossier;
    struct dossier_picture *pictures = room_for(reader, list, sizeof(*pictures), &dossier->picture_count);
    for (size_t i = 0; i < dossier->picture_count; i++) {
        const json_t *one = json_array_get(list, i);
        struct dossier_picture *picture = &pictures[i];
        picture->url = json_reader_text(&reader->json, one, "url");
        picture->sha256 = get_digest(reader, one, "sha256");
        picture->format = get_plain(reader, one, "format", "-");
        picture->perceptual_hash = get_plain(reader, one, "perceptual_hash", "");
        picture->width = json_reader_number(&reader->json, one, "width");
        picture->height = json_reader_number(&reader->json, one, "height");
        picture->fresh = json_reader_truth(&reader->json, one, "new");
        picture->file = get_file(reader, one);
        read_shown(reader, json_reader_list(&reader->json, one, "shown"), picture);
        read_lines(reader, json_reader_list(&reader->json, one, "lines"), picture);
        read_metadata(reader, json_reader_object(&reader->json, one, "metadata"), picture);
    }
    dossier->pictures = pictures;
}

/* ---- where it came from, and the proof ---- */

static void read_server(struct dossier_reader *reader, const json_t *server)
{
    struct dossier *dossier = reader->dossier;
    const json_t *certificate = json_reader_object(&reader->json, server, "certificate");
    const json_t *list = json_reader_list(&reader->json, certificate, "chain");
    dossier->content_type = json_reader_text(&reader->json, server, "content_type");
    dossier->server = json_reader_text(&reader->json, server, "server");
    dossier->etag = json_reader_text(&reader->json, server, "etag");
    dossier->certificate_sha256 = get_digest(reader, certificate, "sha256");
    dossier->certificate_subject = json_reader_text(&reader->json, certificate, "subject");
    dossier->certificate_issuer = json_reader_text(&reader->json, certificate, "issuer");
    dossier->certificate_from = json_reader_text(&reader->json, certificate, "from");
    dossier->certificate_until = json_reader_text(&reader->json, certificate, "until");
    struct span *chain = room_for(reader, list, sizeof(*chain), &dossier->chain_count);
    for (size_t i = 0; i < dossier->chain_count; i++) {
        chain[i] = json_reader_value(json_array_get(list, i));
        if (chain[i].size == 0)
            json_reader_refuse(&reader->json, "a certificate is empty or no text");
    }
    dossier->chain = chain;
}

static void read_files(struct dossier_reader *reader, const json_t *list)
{
    struct dossier *dossier = reader->dossier;
    struct dossier_file *files = room_for(reader, list, sizeof(*files), &dossier->file_count);
    for (size_t i = 0; i < dossier->file_count; i++) {
        const json_t *one = json_array_get(list, i);
        files[i].file = get_file(reader, one);
        files[i].sha256 = get_digest(reader, one, "sha256");
        files[i].bytes = json_reader_number(&reader->json, one, "bytes");
        if (files[i].file.size == 0)
            json_reader_refuse(&reader->json, "a file has no name");
    }
    dossier->files = files;
}

/* ---- the whole ---- */

static void read_head(struct dossier_reader *reader, const json_t *root)
{
    struct dossier *dossier = reader->dossier;
    if (json_reader_number(&reader->json, root, "format") != DOSSIER_FORMAT)
        json_reader_refuse(&reader->json, "it is of another format than 1: a newer varta may read it");
    dossier->incident = json_reader_number(&reader->json, root, "incident");
    if (dossier->incident == 0)
        json_reader_refuse(&reader->json, "the incident has no number");
    dossier->moment = (enum dossier_moment)json_reader_name(
        &reader->json, json_reader_need(&reader->json, root, "moment"), moment_names, MOMENT_COUNT);
    dossier->at = json_reader_need(&reader->json, root, "at");
    if (!reader->json.why && !json_reader_moment(dossier->at, &dossier->at_s))
        json_reader_refuse(&reader->json, "at is not of the form 2022-01-14T02:13:05Z");
    struct span opened = json_reader_time(&reader->json, root, "opened");
    if (opened.size)
        json_reader_moment(opened, &dossier->opened_s);
    dossier->instance = get_plain(reader, root, "instance", "-");
    const json_t *page = json_reader_object(&reader->json, root, "page");
    dossier->url = json_reader_need(&reader->json, page, "url");
    dossier->name = json_reader_text(&reader->json, page, "name");
    dossier->group = json_reader_text(&reader->json, page, "group");
    dossier->contact = json_reader_text(&reader->json, page, "contact");
}

static void read_all(struct dossier_reader *reader, const json_t *root)
{
    struct dossier *dossier = reader->dossier;
    struct json_reader *json = &reader->json;
    read_head(reader, root);
    read_result(reader, json_reader_object(json, root, "result"));
    read_stretches(reader, json_reader_list(json, root, "spans"));
    const json_t *titles = json_reader_object(json, root, "titles");
    dossier->title_before = json_reader_text(json, titles, "before");
    dossier->title_after = json_reader_text(json, titles, "after");
    read_blocks(reader, json_reader_list(json, root, "blocks"));
    dossier->blocks_cut = json_reader_truth(json, root, "blocks_cut");
    const json_t *hosts = json_reader_object(json, root, "hosts");
    dossier->links = get_hosts(reader, hosts, "links");
    dossier->scripts = get_hosts(reader, hosts, "scripts");
    dossier->frames = get_hosts(reader, hosts, "frames");
    dossier->forms = get_hosts(reader, hosts, "forms");
    read_pictures(reader, json_reader_list(json, root, "pictures"));
    read_server(reader, json_reader_object(json, root, "server"));
    read_files(reader, json_reader_list(json, root, "files"));
}

int dossier_parse(struct span json, struct dossier *ret_dossier, const char **ret_why)
{
    struct dossier dossier = {.arena = arena_new(DOSSIER_ARENA_BYTES)};
    struct dossier_reader reader = {.dossier = &dossier};
    if (json.size > DOSSIER_BYTES)
        return -EMSGSIZE;
    dossier.root = json_reader_load(&reader.json, json, DOSSIER_DEPTH);
    if (dossier.root)
        read_all(&reader, dossier.root);
    if (reader.json.why || reader.failed) {
        if (reader.json.why)
            *ret_why = reader.json.why;
        dossier_free(&dossier);
        return reader.json.why ? -EBADMSG : -ENOMEM;
    }
    *ret_dossier = dossier;
    return 0;
}

void dossier_free(struct dossier *dossier)
{
    json_decref(dossier->root);
    arena_free(&dossier->arena);
    *dossier = (struct dossier){0};
}

size_t dossier_stretch_start(const struct dossier *dossier, size_t index)
{
    size_t start = dossier->stretches[index].start;
    size_t least = index ? dossier->stretches[index - 1].end : 0;
    while (start > least && !strchr(" \t\n", dossier->message.at[start - 1]))
        start--;
    return start > least || index == 0 ? start : dossier->stretches[index].start;
}
