// CLD2 (Debian's libcld2-dev), plain text, no hints, best effort on short texts.
#include "peer.h"

#include <cstdio>
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <cstdio>
#include <cstring>

static const int flags = CLD2::kCLDFlagBestEffort;

static void copy_tag(CLD2::Language language, char tag[12])
{
    const char *code = CLD2::LanguageCode(language);

    // CLD2's names for what the others call und, nb, he and id
    if (std::strcmp(code, "un") == 0)
        code = "und";
    else if (std::strcmp(code, "no") == 0)
        code = "nb";
    else if (std::strcmp(code, "iw") == 0)
        code = "he";
    std::snprintf(tag, 12, "%s", code);
}

static void guess(const char *text, size_t size, char ret_tag[12], float *ret_confidence)
{
    CLD2::Language languages[3];
    CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    double scores[3];
    int percents[3], text_bytes, valid;
    bool reliable;

    CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, static_cast<int>(size), true, &hints, flags, languages, percents, scores, nullptr, &text_bytes, &reliable, &valid);
    copy_tag(language == CLD2::UNKNOWN_LANGUAGE ? languages[0] : language, ret_tag);
    *ret_confidence = reliable ? 1.0f : 0.5f;
}

static size_t spans(const char *text, size_t size, struct peer_span ret_spans[PEER_SPANS_MAX])
{
    CLD2::Language languages[3];
    CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::ResultChunkVector chunks;
    double scores[3];
    int percents[3], text_bytes, valid;
    bool reliable;
    size_t count = 0;

    CLD2::ExtDetectLanguageSummaryCheckUTF8(text, static_cast<int>(size), true, &hints, flags, languages, percents, scores,
                                            &chunks, &text_bytes, &reliable, &valid);
    for (const CLD2::ResultChunk &chunk : chunks) {
        if (count == PEER_SPANS_MAX)
            break;
        ret_spans[count].start = static_cast<size_t>(chunk.offset);
        ret_spans[count].end = static_cast<size_t>(chunk.offset + chunk.bytes);
        copy_tag(static_cast<CLD2::Language>(chunk.lang1), ret_spans[count].language);
        count++;
    }
    return count;
}

extern const struct peer peer_cld2 = {"CLD2", guess, spans};
