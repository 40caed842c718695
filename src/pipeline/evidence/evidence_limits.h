/* What keeping evidence may cost, with the reason for each number. */
#pragma once

enum {
    EVIDENCE_HEAD_BYTES =
        320
        << 10, /* bytes of a record's own head and of an HTTP head after renaming: the fetch keeps 256 KiB */
    EVIDENCE_INDEX_BYTES = 4 << 20, /* bytes of an index: a hundred records take 40 KB */
    EVIDENCE_EARLIER = 2000,        /* records of earlier moments that a payload is compared with */
    EVIDENCE_LINE_BYTES = 512,      /* bytes of a line of the manifest: ours have 280 */
    EVIDENCE_FILE_BYTES =
        1 << 30,          /* bytes of a file that is checked: a moment's bodies are 192 MiB at most */
    EVIDENCE_FILES = 200, /* files of one moment: a page has 12 pictures, and three files beside */
};
