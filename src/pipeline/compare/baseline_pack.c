/*
 * A baseline as bytes, and back. The bytes come from a file that may be damaged or of another program
 * version, so the reader checks a checksum first, then every count against its ceiling, and never reads past
 * the end. Each write_x() has its read_x() beside it.
 */
#include "base/hash.h"
#include "base/utf8.h"
#include "pipeline/compare/memory.h"

#include <errno.h>
#include <stdlib.h>

enum { FORMAT_VERSION = 1, HEADER_SIZE = 5, CHECKSUM_SIZE = 8, DIGEST_SIZE = 32, HASH_SIZE = 8 };

static const char magic[4] = {'V', 'B', 'L', 'N'};

/* ---- numbers ---------------------------------------------------------------------------------------------
 */

struct unpacker {
    struct span rest;
    struct arena *arena;
    bool bad;
    bool no_memory;
};

static void write_number(struct buf *out, uint64_t number)
{
    char bytes[10];
    size_t size = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[size++] = (char)(number | 0x80);
    bytes[size++] = (char)number;
    buf_add(out, bytes, size);
}

static uint64_t read_number(struct unpacker *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && in->rest.size; shift += 7) {
        unsigned char byte = (unsigned char)in->rest.at[0];
        in->rest = span_cut(in->rest, 1, in->rest.size);
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return number;
    }
    in->bad = true;
    return 0;
}

static uint32_t read_u32(struct unpacker *in)
{
    uint64_t number = read_number(in);
    in->bad |= number > UINT32_MAX;
    return (uint32_t)number;
}

static uint32_t read_count(struct unpacker *in, uint32_t ceiling)
{
    uint32_t count = read_u32(in);
    in->bad |= count > ceiling;
    return in->bad ? 0 : count;
}

static void write_hash(struct buf *out, uint64_t hash)
{
    char bytes[HASH_SIZE];
    for (unsigned i = 0; i < HASH_SIZE; i++)
        bytes[i] = (char)(hash >> (8 * i));
    buf_add(out, bytes, sizeof(bytes));
}

static void read_bytes(struct unpacker *in, void *ret_bytes, size_t size)
{
    if (in->rest.size < size) {
        in->bad = true;
        memset(ret_bytes, 0, size);
        return;
    }
    memcpy(ret_bytes, in->rest.at, size);
    in->rest = span_cut(in->rest, size, in->rest.size);
}

static uint64_t read_hash(struct unpacker *in)
{
    unsigned char bytes[HASH_SIZE];
    uint64_t hash = 0;
    read_bytes(in, bytes, sizeof(bytes));
    for (unsigned i = 0; i < HASH_SIZE; i++)
        hash |= (uint64_t)bytes[i] << (8 * i);
    return hash;
}

static void write_text(struct buf *out, struct span text)
{
    write_number(out, text.size);
    buf_add_span(out, text);
}

static struct span read_text(struct unpacker *in, uint32_t ceiling)
{
    uint32_t size = read_count(in, ceiling);
    struct span text = span_cut(in->rest, 0, size);
    if (in->bad || text.size < size || !utf8_valid(text)) {
        in->bad = true;
        return (struct span){NULL, 0};
    }
    in->rest = span_cut(in->rest, size, in->rest.size);
    struct span copy = size ? arena_copy(in->arena, text) : (struct span){NULL, 0};
    in->no_memory |= size && !copy.at;
    return copy;
}

static void *read_room(struct unpacker *in, uint32_t count, size_t size)
{
    void *room = arena_alloc(in->arena, count + 1u, size);
    in->no_memory |= !room;
    return room;
}

static bool readable(const struct unpacker *in)
{
    return !in->bad && !in->no_memory;
}

/* ---- pieces ----------------------------------------------------------------------------------------------
 */

/* Two flags, origin, heading, and behind them the flag that came later. */
static uint32_t pack_marks(const struct memory_piece *piece)
{
    uint32_t shown = (piece->flags & MEMORY_SHOWN) != 0;
    return (piece->flags & (MEMORY_COUNTS | MEMORY_ANCHOR)) | (uint32_t)piece->origin << 2 |
           (uint32_t)piece->heading << 5 | shown << 8;
}

static void unpack_marks(uint32_t packed, struct memory_piece *piece)
{
    piece->flags = (packed & (MEMORY_COUNTS | MEMORY_ANCHOR)) | (packed >> 8 & 1 ? MEMORY_SHOWN : 0);
    piece->origin = packed >> 2 & 7;
    piece->heading = packed >> 5 & 7;
}

static void write_pieces(struct buf *out, const struct baseline *baseline)
{
    write_number(out, baseline->piece_count);
    for (uint32_t i = 0; i < baseline->piece_count; i++) {
        const struct memory_piece *piece = &baseline->pieces[i];
        write_hash(out, piece->hash);
        write_number(out, piece->path);
        write_number(out, piece->first);
        write_number(out, piece->last - piece->first);
        write_number(out, piece->seen);
        write_number(out, piece->letters);
        write_number(out, pack_marks(piece));
        write_text(out, piece->text);
    }
}

static void read_pieces(struct unpacker *in, struct baseline *baseline)
{
    uint32_t count = read_count(in, MEMORY_PIECES_MAX);
    baseline->pieces = read_room(in, count, sizeof(*baseline->pieces));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        struct memory_piece *piece = &baseline->pieces[i];
        piece->hash = read_hash(in);
        piece->path = read_u32(in);
        piece->first = read_u32(in);
        piece->last = piece->first + read_u32(in);
        piece->seen = read_u32(in);
        piece->letters = read_u32(in);
        uint32_t packed = read_u32(in);
        unpack_marks(packed, piece);
        piece->text = read_text(in, MEMORY_CLIP);
        in->bad |= packed > 0x1FF || piece->origin >= ORIGIN_COUNT || piece->first < 1 || !piece->seen ||
                   piece->last < piece->first || piece->last > baseline->versions ||
                   piece->seen > piece->last - piece->first + 1 || piece->letters > PAGE_LETTERS_MAX;
    }
    baseline->piece_count = count;
}

/* ---- paths and slots --------------------------------------------------------------------------------------
 */

static void write_paths(struct buf *out, const struct baseline *baseline)
{
    uint32_t last = 0;
    write_number(out, baseline->path_count);
    for (uint32_t i = 0; i < baseline->path_count; i++) {
        const struct memory_path *path = &baseline->paths[i];
        write_number(out, path->path - last);
        write_number(out, path->count);
        write_number(out, path->seen);
        write_number(out, path->last);
        last = path->path;
    }
}

static void read_paths(struct unpacker *in, struct baseline *baseline)
{
    uint32_t count = read_count(in, MEMORY_PATHS_MAX);
    uint64_t last = 0;
    baseline->paths = read_room(in, count, sizeof(*baseline->paths));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        struct memory_path *path = &baseline->paths[i];
        uint32_t step = read_u32(in);
        in->bad |= (i && !step) || last + step > UINT32_MAX;
        last += step;
        path->path = (uint32_t)last;
        path->count = read_u32(in);
        path->seen = read_u32(in);
        path->last = read_u32(in);
        in->bad |= !path->last || path->last > baseline->versions;
    }
    baseline->path_count = count;
}

static void write_slots(struct buf *out, const struct baseline *baseline)
{
    uint32_t last = 0;
    write_number(out, baseline->slot_count);
    for (uint32_t i = 0; i < baseline->slot_count; i++) {
        const struct memory_slot *slot = &baseline->slots[i];
        write_number(out, slot->path - last);
        write_number(out, slot->changes);
        write_number(out, slot->quick);
        write_number(out, slot->first);
        write_number(out, slot->last);
        write_number(out, slot->letters);
        last = slot->path;
    }
}

static void read_slots(struct unpacker *in, struct baseline *baseline)
{
    uint32_t count = read_count(in, MEMORY_SLOTS_MAX);
    uint64_t last = 0;
    baseline->slots = read_room(in, count, sizeof(*baseline->slots));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        struct memory_slot *slot = &baseline->slots[i];
        uint32_t step = read_u32(in);
        in->bad |= (i && !step) || last + step > UINT32_MAX;
        last += step;
        slot->path = (uint32_t)last;
        slot->changes = read_u32(in);
        slot->quick = read_u32(in);
        slot->first = read_u32(in);
        slot->last = read_u32(in);
        slot->letters = read_u32(in);
        in->bad |= !slot->first || slot->first > slot->last || slot->last > baseline->versions ||
                   slot->changes > baseline->versions;
    }
    baseline->slot_count = count;
}

/* ---- contacts, hosts, pictures
 * ------------------------------------------------------------------------------ */

static void write_contacts(struct buf *out, const struct baseline *baseline)
{
    write_number(out, baseline->contact_count);
    for (uint32_t i = 0; i < baseline->contact_count; i++)
        write_number(out, baseline->contacts[i]);
}

static void read_contacts(struct unpacker *in, struct baseline *baseline)
{
    uint32_t count = read_count(in, MEMORY_CONTACTS_MAX);
    baseline->contacts = read_room(in, count, sizeof(*baseline->contacts));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        baseline->contacts[i] = read_u32(in);
        in->bad |= i && baseline->contacts[i] <= baseline->contacts[i - 1];
    }
    baseline->contact_count = count;
}

static void write_hosts(struct buf *out, const struct memory_hosts *hosts)
{
    write_number(out, hosts->count);
    for (uint32_t i = 0; i < hosts->count; i++) {
        write_hash(out, hosts->at[i].hash);
        write_number(out, hosts->at[i].seen);
        write_number(out, hosts->at[i].last);
    }
}

static void read_hosts(struct unpacker *in, struct memory_hosts *hosts)
{
    uint32_t count = read_count(in, MEMORY_HOSTS_MAX);
    hosts->at = read_room(in, count, sizeof(*hosts->at));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        hosts->at[i].hash = read_hash(in);
        hosts->at[i].seen = read_u32(in);
        hosts->at[i].last = read_u32(in);
    }
    hosts->count = count;
}

static void write_pictures(struct buf *out, const struct baseline *baseline)
{
    write_number(out, baseline->picture_count);
    for (uint32_t i = 0; i < baseline->picture_count; i++) {
        const struct memory_picture *picture = &baseline->pictures[i];
        buf_add(out, picture->digest.at, DIGEST_SIZE);
        write_hash(out, picture->url);
        write_hash(out, picture->perceptual_hash);
        write_number(out, picture->last);
    }
}

static void read_pictures(struct unpacker *in, struct baseline *baseline)
{
    uint32_t count = read_count(in, MEMORY_PICTURES_MAX);
    baseline->pictures = read_room(in, count, sizeof(*baseline->pictures));
    for (uint32_t i = 0; i < count && readable(in); i++) {
        struct memory_picture *picture = &baseline->pictures[i];
        read_bytes(in, picture->digest.at, DIGEST_SIZE);
        picture->url = read_hash(in);
        picture->perceptual_hash = read_hash(in);
        picture->last = read_u32(in);
    }
    baseline->picture_count = count;
}

/* ---- the whole
 * ---------------------------------------------------------------------------------------------- */

static void write_whole(struct buf *out, const struct baseline *baseline)
{
    buf_add(out, magic, sizeof(magic));
    buf_add_byte(out, FORMAT_VERSION);
    write_number(out, baseline->versions);
    write_hash(out, (uint64_t)baseline->first_at);
    write_hash(out, (uint64_t)baseline->last_at);
    write_text(out, baseline->title);
    write_pieces(out, baseline);
    write_paths(out, baseline);
    write_slots(out, baseline);
    write_contacts(out, baseline);
    for (unsigned kind = 0; kind < MEMORY_HOST_KINDS; kind++)
        write_hosts(out, &baseline->hosts[kind]);
    write_pictures(out, baseline);
}

int baseline_pack(const struct baseline *baseline, struct buf *out)
{
    size_t start = out->size;
    write_whole(out, baseline);
    if (out->failed)
        return -ENOMEM;
    write_hash(out, hash_bytes(out->at + start, out->size - start));
    return out->failed ? -ENOMEM : 0;
}

static void read_whole(struct unpacker *in, struct baseline *baseline)
{
    baseline->versions = read_u32(in);
    baseline->first_at = (int64_t)read_hash(in);
    baseline->last_at = (int64_t)read_hash(in);
    baseline->title = read_text(in, MEMORY_TITLE_MAX);
    read_pieces(in, baseline);
    read_paths(in, baseline);
    read_slots(in, baseline);
    read_contacts(in, baseline);
    for (unsigned kind = 0; kind < MEMORY_HOST_KINDS; kind++)
        read_hosts(in, &baseline->hosts[kind]);
    read_pictures(in, baseline);
    in->bad |= in->rest.size != 0;
}

static int check_frame(struct span packed)
{
    if (packed.size < HEADER_SIZE + CHECKSUM_SIZE || memcmp(packed.at, magic, sizeof(magic)) != 0)
        return -EBADMSG;
    struct unpacker in = {.rest = span_cut(packed, packed.size - CHECKSUM_SIZE, packed.size)};
    if (read_hash(&in) != hash_bytes(packed.at, packed.size - CHECKSUM_SIZE))
        return -EBADMSG;
    return (unsigned char)packed.at[4] > FORMAT_VERSION ? -ENOTSUP : 0;
}

int baseline_unpack(struct span packed, struct baseline **ret_baseline)
{
    int error = check_frame(packed);
    if (error)
        return error;
    struct baseline *baseline = baseline_new();
    if (!baseline)
        return -ENOMEM;
    struct unpacker in = {.rest = span_cut(packed, HEADER_SIZE, packed.size - CHECKSUM_SIZE),
                          .arena = &baseline->arena};
    read_whole(&in, baseline);
    if (!readable(&in)) {
        baseline_free(baseline);
        return in.no_memory ? -ENOMEM : -EBADMSG;
    }
    *ret_baseline = baseline;
    return 0;
}
