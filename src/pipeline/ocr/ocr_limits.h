/*
 * Every ceiling of the picture step, with its unit and its reason. The sizes are checked against the header
 * before a single pixel is decoded: a picture of 1.4 kB can ask for 2.7 GB.
 */
#pragma once

enum {
    /** Bytes of a file. The largest hero pictures of real pages stay below 8 MB. */
    OCR_MAX_FILE_BYTES = 16 << 20,

    /** Pixels of one frame. Decoders hold two copies of four bytes a pixel at their peak: 160 MB, within the
     * 200 MiB a picture may take. A page of 1920 pixels may be 10,000 pixels long. */
    OCR_MAX_PIXELS = 20000000,

    /** Pixels of a progressive JPEG, whose decoder keeps up to three coefficients of two bytes a pixel. */
    OCR_MAX_PROGRESSIVE_PIXELS = 16000000,

    /** Pixels along a side: longer ones are made to fill memory, not to be read. Formats end at 65535. */
    OCR_MAX_SIDE = 30000,

    /** Pixels along a side below which no word fits. */
    OCR_MIN_SIDE = 8,

    /** Frames of an animation that are walked to reach the last one. */
    OCR_MAX_FRAMES = 2000,

    /** Pixels over all frames of an animation: two seconds of decoding. */
    OCR_MAX_FRAME_PIXELS = 200000000,

    /** Connected shapes of one mask that are looked at; a page full of 10-pixel text has 30,000. A photograph
     * with more than this has no readable text at this scale. */
    OCR_MAX_SHAPES = 200000,

    /** Lines that are recognised in one picture; a full page of small print has 150. */
    OCR_MAX_LINES = 400,

    /** Bytes of text kept from one line. */
    OCR_MAX_LINE_BYTES = 4096,

    /** Bytes a picture's record may take: OCR_MAX_LINES lines of ordinary length and their places. */
    OCR_MAX_RECORD_BYTES = 2 << 20,

    /** Milliseconds for one picture, by the monotonic clock; looked at between lines. The slowest ordinary
     * picture, a 1920×1080 page of small print, takes 3 s. */
    OCR_TIME_MS = 20000,

    /** Confidence (0 to 1000) below which a line is kept but not taken as fact. Right lines have a median of
     * 950, lines read with the wrong script 240 to 540, drawings taken for letters below 600. */
    OCR_BAR = 650,

    /** The bar in a picture where no word is in any list and no line has ten letters. Two hundred small
     * circles and squares gave lines of up to 923; real words of that kind are names and numbers. */
    OCR_SENSELESS_BAR = 930,

    /** Letters a line must have to be taken as fact: two shapes in a drawing are easily two letters. */
    OCR_LEAST_LETTERS = 3,

    /** Bytes of one *.traineddata file; the largest fast model has 4.8 MB, the largest best model 16 MB. */
    OCR_MAX_MODEL_BYTES = 128 << 20,

    /** Pixels of a picture that is encoded anew for people: what a report shows, and a PNG below 4 MB. */
    OCR_COPY_WIDTH = 1280,
    OCR_COPY_HEIGHT = 5120,

    /** Bytes of what a file says of itself, and of one such text. */
    OCR_COPY_FACTS = 32 << 10,
    OCR_COPY_FACT = 500,

    /** Models that can be loaded at once: 20 MB each. */
    OCR_MAX_MODELS = 8
};
