/* Turns the folders of data into lessons: who stands in whose place. */
#pragma once

#include "gallery.h"
#include "lesson.h"
#include "texts.h"

struct curriculum_folders {
    const char *histories;   /**< SITE/PAGE/0001.html … and manifest.tsv; NULL leaves them out */
    const char *defacements; /**< ID/index.html, images/, manifest.tsv; NULL leaves them out */
    const char *ordinary;    /**< KIND/FILE and manifest.tsv; NULL leaves them out */
    const char *texts;       /**< messages.txt and news.txt of our own */
    const char *other_texts; /**< the same, never trained on; NULL leaves them out */
    const char *cache;       /**< what was read in pictures; NULL reads none */
    bool quick;              /**< one in ten histories only */
};

/** Makes all lessons. False after saying why on standard error. */
bool curriculum_make(struct lesson_tools *tools, const struct curriculum_folders *folders,
                     struct lesson_list *ret_list);
